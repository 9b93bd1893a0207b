"""What the page about this service shows: states, patterns, glossary, sources; from the same tables."""

from dataclasses import dataclass
from itertools import count
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from planning.answer.model import Text
from planning.models import AdminUnitList, LandUseList, Plan
from portal import patterns, wording


@dataclass(frozen=True, slots=True)
class State:
    """A state as the badges show it, with what it means."""

    mark: str
    badge: str
    meaning: str


GROUP_NAMES = {
    "farm": Text("Nông nghiệp", "Farm land"),
    "forest": Text("Lâm nghiệp", "Forest"),
    "water": Text("Mặt nước", "Water"),
    "housing": Text("Đất ở", "Housing"),
    "mixed": Text("Hỗn hợp", "Mixed use"),
    "business": Text("Thương mại, dịch vụ", "Business and services"),
    "public": Text("Công cộng", "Public use"),
    "industry": Text("Công nghiệp, sản xuất", "Industry and production"),
    "utility": Text("Hạ tầng kỹ thuật", "Utilities"),
    "traffic": Text("Giao thông", "Traffic"),
    "green": Text("Cây xanh", "Greenery"),
    "cemetery": Text("Nghĩa trang", "Cemetery"),
    "heritage": Text("Di tích", "Heritage"),
    "security": Text("Quốc phòng, an ninh", "Defence and security"),
    "unused": Text("Chưa sử dụng", "Unused land"),
    "overlay": Text("Lớp chồng lên loại đất khác", "Laid over other uses"),
}

# English term, Vietnamese term, explanation; terms of planning law in everyday words
GLOSSARY = (
    (
        Text("Quy hoạch chung", "General plan"),
        Text(
            "Định hướng phát triển cho cả một đô thị hoặc xã; bản đồ tỷ lệ nhỏ, không nói chi tiết "
            "từng thửa.",
            "The direction of a whole town or commune; its map is coarse and says little about single "
            "parcels.",
        ),
    ),
    (
        Text("Quy hoạch phân khu", "Zoning plan"),
        Text(
            "Chia một khu vực thành các ô đất, mỗi ô có chức năng và chỉ tiêu.",
            "Divides an area into blocks, each with a use and indicators.",
        ),
    ),
    (
        Text("Quy hoạch chi tiết", "Detailed plan"),
        Text(
            "Quy định từng lô đất: được xây gì, cao bao nhiêu, lùi bao nhiêu.",
            "Rules for single lots: what may be built, how high, how far from the road.",
        ),
    ),
    (
        Text("Quy hoạch, kế hoạch sử dụng đất", "Land-use plan"),
        Text(
            "Quy định loại đất theo Luật Đất đai; do cơ quan đất đai lập.",
            "Allots kinds of land under the Land Law; made by the land authority.",
        ),
    ),
    (
        Text("Điều chỉnh cục bộ", "Local adjustment"),
        Text(
            "Thay đổi quy hoạch chỉ trong một phạm vi; ngoài phạm vi đó quy hoạch cũ vẫn áp dụng.",
            "Changes a plan within one area only; outside it the earlier content still applies.",
        ),
    ),
    (
        Text("Ô đất, lô đất", "Block, planning lot"),
        Text(
            "Phần đất trên bản đồ quy hoạch có cùng chức năng. Một ô thường gồm nhiều thửa đất.",
            "A piece of the plan's map with one use. A block usually holds many parcels.",
        ),
    ),
    (
        Text("Mật độ xây dựng", "Building coverage"),
        Text(
            "Tỷ lệ phần trăm diện tích đất được xây công trình.",
            "How many per cent of the land may be built on.",
        ),
    ),
    (
        Text("Hệ số sử dụng đất", "Floor-area ratio"),
        Text(
            "Tổng diện tích sàn chia cho diện tích đất.",
            "All floor area divided by the land area.",
        ),
    ),
    (
        Text("Chỉ giới đường đỏ", "Red line"),
        Text(
            "Ranh giới giữa đất xây dựng và đất dành cho đường theo quy hoạch.",
            "The planned boundary between building land and the road.",
        ),
    ),
    (
        Text("Chỉ giới xây dựng, khoảng lùi", "Building line, setback"),
        Text(
            "Công trình không được vượt quá chỉ giới xây dựng; khoảng lùi là khoảng cách từ đó đến chỉ giới "
            "đường đỏ.",
            "No building may go beyond the building line; the setback is its distance from the red line.",
        ),
    ),
    (
        Text("Hành lang an toàn", "Safety corridor"),
        Text(
            "Dải đất dọc đường, sông, đường điện hạn chế xây dựng.",
            "A strip along roads, rivers or power lines where building is restricted.",
        ),
    ),
    (
        Text("Thửa đất, tờ bản đồ, số thửa", "Parcel, map sheet, parcel number"),
        Text(
            "Thửa đất được gọi bằng số tờ bản đồ và số thửa, ghi trên giấy chứng nhận (sổ đỏ). Số tờ bắt đầu "
            "lại ở mỗi xã, phường cũ.",
            "A parcel is named by map sheet and parcel number, as on the land certificate (the red book). "
            "Sheet numbers start again in every former commune.",
        ),
    ),
    (
        Text("Thu hồi đất", "Land recovery"),
        Text(
            "Việc Nhà nước lấy lại đất bằng một quyết định riêng. Nằm trong quy hoạch chưa phải là có quyết "
            "định thu hồi đất.",
            "The state takes land back by a decision of its own. Being within a plan is not a recovery "
            "decision.",
        ),
    ),
)


def shown(language: str) -> dict[str, Any]:
    """Everything the template needs, in one language."""
    ids = count(1)
    return {
        "states": [
            State(row.mark, wording.said(row.badge, language), wording.said(row.meaning, language))
            for row in wording.WORDING.values()
        ],
        "groups": [
            (_swatch(group, ids), wording.said(name, language)) for group, name in GROUP_NAMES.items()
        ],
        "no_colour": mark_safe(patterns.swatch("", "", "about-none")),  # noqa: S308 - built as a tree
        "glossary": [
            (wording.said(term, language), wording.said(meaning, language)) for term, meaning in GLOSSARY
        ],
        "plans": Plan.objects.public().select_related("office").order_by("title", "id")[:200],
        "unit_lists": AdminUnitList.objects.order_by("code"),
        "code_lists": LandUseList.objects.order_by("code"),
    }


def _swatch(group: str, ids: "count[int]") -> SafeString:
    # white ground: the colours are those of the code list, the pattern alone tells the group
    return mark_safe(patterns.swatch("#FFFFFF", group, f"group-{next(ids)}"))  # noqa: S308
