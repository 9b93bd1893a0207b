"""Sentences that travel inside every answer, in both languages; all others belong to the pages."""

from collections.abc import Sequence
from datetime import date

from planning.answer.model import Text

DISCLAIMER = Text(
    vi=(
        "Thông tin này chỉ có giá trị tham khảo, không phải là chứng chỉ quy hoạch hay văn bản pháp lý. "
        "Câu trả lời có giá trị pháp lý do cơ quan có thẩm quyền cung cấp bằng văn bản."
    ),
    en=(
        "This is information, not a certificate or a legal document. "
        "The binding answer is given in writing by the competent office."
    ),
)
DEMONSTRATION = Text(
    vi="Dữ liệu minh họa, hư cấu hoặc sao lại để trình diễn: không áp dụng cho đất thật.",
    en="Demonstration data, invented or copied for show: nothing here applies to real land.",
)
NOT_EXISTING_THEN = Text(
    vi="Dữ liệu không có thửa đất này vào ngày được hỏi; câu trả lời dùng hình thể gần ngày đó nhất.",
    en="The data hold no such parcel on the day asked about; its shape nearest to that day is used.",
)
NOT_KNOWN_THEN = Text(
    vi="Lúc đó hệ thống chưa có thửa đất này; câu trả lời dùng hình thể gần thời điểm được hỏi nhất.",
    en="This parcel was not known here at the time asked about; its shape nearest to that time is used.",
)
TOO_FAR_AHEAD = Text(
    vi="Ngày được hỏi quá xa trong tương lai: không ai biết quy hoạch nào sẽ có hiệu lực khi đó.",
    en="The day asked about is too far ahead: nobody knows which plans will be in force then.",
)
IN_THE_FUTURE = Text(
    vi="Ngày được hỏi ở tương lai: câu trả lời chỉ dựa trên những gì đã biết đến nay.",
    en="The day asked about lies ahead: the answer rests only on what is known so far.",
)


def ended(on: date, successors: Sequence[str]) -> Text:
    """A parcel that is no more, and what it became."""
    later = ", ".join(successors)
    return Text(
        vi=f"Thửa đất này không còn từ ngày {on:%d/%m/%Y}; nay là: {later}.",
        en=f"This parcel ended on {on.isoformat()}; it became: {later}.",
    )


def not_yet(on: date, predecessors: Sequence[str]) -> Text:
    """A parcel that did not exist yet, and what it came from."""
    earlier = ", ".join(predecessors)
    return Text(
        vi=f"Thửa đất này có từ ngày {on:%d/%m/%Y}; trước đó là: {earlier}.",
        en=f"This parcel came to be on {on.isoformat()}; before that it was: {earlier}.",
    )


def earlier_left_out(before: date) -> Text:
    """A history so long that its beginning is not computed."""
    return Text(
        vi=f"Lịch sử quá dài: những gì có trước ngày {before:%d/%m/%Y} không được nêu ở đây.",
        en=f"This history is too long: what was before {before.isoformat()} is left out here.",
    )
