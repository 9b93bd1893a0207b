"""The one reviewed table: what a page says for each thing that can be said, in both languages.

A planner reads this file. Every row has a badge, a mark and a first sentence, so that "planned",
"near a boundary", "no plan here", "none was made", "we do not know" and "not public" can never be
mistaken for each other: no two rows share a badge, a mark or a sentence (a test sees to that).
The sentences are not gettext messages: both languages stand side by side to be read together.

Placeholders: {subject} this parcel, site or point · {use} {plan} {theme} {office} {name} names ·
{band} a share with its range · {as_of} a day · {map} "a map at 1:2,000" · {code} an error code ·
{decision} {day} number and date of a decision · {tolerance} accuracy of a line on the map.
"""

from dataclasses import dataclass
from enum import StrEnum

from planning.answer.model import Text
from planning.codes.indicators import IndicatorState


class Said(StrEnum):
    """What can be said of a theme, a land use or a restriction at a subject."""

    WHOLE = "whole"
    WHOLE_AS_DRAWN = "whole_as_drawn"
    PART = "part"
    SEVERAL = "several"
    CROSSED = "crossed"
    BORDERLINE = "borderline"
    TOUCH = "touch"
    NOT_CONCERNED = "not_concerned"
    NONE_EXISTS = "none_exists"
    NONE_IN_FORCE = "none_in_force"
    NOT_CONCERNED_OR_NOT_MADE = "not_concerned_or_not_made"
    PARTLY_KNOWN = "partly_known"
    UNKNOWN = "unknown"
    WITHHELD = "withheld"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Wording:
    """One row: the badge, the mark beside it (never colour alone) and the first sentence.

    `point` is the sentence about a point, where "the whole of" and "part of" make no sense.
    `meaning` explains the state on the page about this service.
    """

    badge: Text
    mark: str
    area: Text
    point: Text
    meaning: Text


WORDING: dict[Said, Wording] = {
    Said.WHOLE: Wording(
        badge=Text("Thuộc quy hoạch", "Planned"),
        mark="filled",
        area=Text(
            "Toàn bộ {subject} được quy hoạch là {use} theo {plan}.",
            "The whole of {subject} is planned as {use} in {plan}.",
        ),
        point=Text(
            "{subject} được quy hoạch là {use} theo {plan}.", "{subject} is planned as {use} in {plan}."
        ),
        meaning=Text(
            "Quy hoạch áp dụng cho toàn bộ thửa đất, kể cả khi tính đến sai số của bản đồ.",
            "The plan applies to the whole parcel, even when the accuracy of the map is allowed for.",
        ),
    ),
    Said.WHOLE_AS_DRAWN: Wording(
        badge=Text("Thuộc quy hoạch theo nét vẽ", "Planned, as drawn"),
        mark="nearly_filled",
        area=Text(
            "Theo nét vẽ, toàn bộ {subject} được quy hoạch là {use} theo {plan}; "
            "tính cả sai số của bản đồ thì ít nhất {least}.",
            "As drawn, the whole of {subject} is planned as {use} in {plan}; "
            "allowing for the accuracy of the map, at least {least}.",
        ),
        point=Text(
            "Theo nét vẽ, {subject} được quy hoạch là {use} theo {plan}.",
            "As drawn, {subject} is planned as {use} in {plan}.",
        ),
        meaning=Text(
            "Trên bản vẽ, quy hoạch phủ toàn bộ thửa đất, nhưng ranh giới nằm gần đến mức một phần của "
            "thửa đất có thể nằm ngoài.",
            "On the drawing the plan covers the whole parcel, but its boundary is so near that part "
            "of the parcel may lie outside.",
        ),
    ),
    Said.PART: Wording(
        badge=Text("Thuộc một phần", "Partly planned"),
        mark="half",
        area=Text(
            "{band} {subject} được quy hoạch là {use} theo {plan}.",
            "{band} of {subject} is planned as {use} in {plan}.",
        ),
        point=Text(
            "{subject} nằm trong phần đất {use} theo {plan}.", "{subject} lies within {use} in {plan}."
        ),
        meaning=Text(
            "Quy hoạch chắc chắn áp dụng cho một phần thửa đất. Hai con số là phần nhỏ nhất và lớn nhất "
            "mà độ chính xác của bản đồ cho phép.",
            "The plan surely applies to part of the parcel. The two figures are the smallest and the largest "
            "part that the accuracy of the map allows.",
        ),
    ),
    Said.SEVERAL: Wording(
        badge=Text("Nhiều chức năng", "Several uses"),
        mark="divided",
        area=Text(
            "{band} {subject} được quy hoạch là {use} theo {plan}; phần còn lại có chức năng khác.",
            "{band} of {subject} is planned as {use} in {plan}; the rest has another use.",
        ),
        point=Text(
            "{subject} nằm ở nơi có nhiều chức năng theo {plan}, trong đó có {use}.",
            "{subject} lies where {plan} gives several uses, {use} among them.",
        ),
        meaning=Text(
            "Quy hoạch áp dụng cho toàn bộ thửa đất nhưng chia thửa đất thành nhiều chức năng, "
            "ví dụ đất ở và đất giao thông.",
            "The plan applies to the whole parcel but divides it into several uses, for example housing "
            "and road.",
        ),
    ),
    Said.CROSSED: Wording(
        badge=Text("Có chỉ giới đi qua", "Crossed by a line"),
        mark="crossed",
        area=Text(
            "Theo {plan}, {name} đi qua {subject} trên chiều dài {length}.",
            "In {plan}, {name} runs through {subject} for {length}.",
        ),
        point=Text(
            "Theo {plan}, {name} đi qua đúng {subject}.", "In {plan}, {name} runs right through {subject}."
        ),
        meaning=Text(
            "Chỉ giới đường đỏ hoặc chỉ giới xây dựng đi qua thửa đất.",
            "A red line (planned edge of a road) or a building line runs through the parcel.",
        ),
    ),
    Said.BORDERLINE: Wording(
        badge=Text("Sát ranh giới", "On the boundary"),
        mark="dashed",
        area=Text(
            "{subject} nằm sát ranh giới của {use} theo {plan}; {map} không đủ chính xác để kết luận. "
            "Hãy hỏi {office}.",
            "{subject} lies on the boundary of {use} in {plan}; {map} is not accurate enough to tell. "
            "Ask {office}.",
        ),
        point=Text(
            "{subject} ở sát ranh giới của {use} theo {plan}; {map} không đủ chính xác để kết luận điểm nằm "
            "bên nào. Hãy hỏi {office}.",
            "{subject} is so close to the boundary of {use} in {plan} that {map} cannot tell on which side "
            "it lies. Ask {office}.",
        ),
        meaning=Text(
            "Ranh giới của quy hoạch chạy sát hoặc qua mép thửa đất. Bản đồ không đủ chính xác để nói có "
            "hay không: hãy hỏi cơ quan.",
            "The boundary of the plan runs along or just inside the edge of the parcel. The map is not "
            "accurate enough for a yes or a no: ask the office.",
        ),
    ),
    Said.TOUCH: Wording(
        badge=Text("Giáp ranh", "Right next to it"),
        mark="beside",
        area=Text(
            "{use} theo {plan} bắt đầu ngay ở mép {subject}; {map} không đủ chính xác để nói ranh giới nằm "
            "phía nào. Hãy hỏi {office}.",
            "{use} in {plan} begins right at the edge of {subject}; {map} is not accurate enough to tell on "
            "which side the boundary runs. Ask {office}.",
        ),
        point=Text(
            "{use} theo {plan} bắt đầu ngay cạnh {subject}, trong phạm vi sai số của bản đồ. "
            "Hãy hỏi {office}.",
            "{use} in {plan} begins right beside {subject}, within the accuracy of the map. Ask {office}.",
        ),
        meaning=Text(
            "Quy hoạch nằm ngay cạnh thửa đất, gần hơn sai số của bản đồ.",
            "The plan lies right beside the parcel, closer than the accuracy of the map.",
        ),
    ),
    Said.NOT_CONCERNED: Wording(
        badge=Text("Không thuộc", "Not affected"),
        mark="empty",
        area=Text(
            "Không có {theme} nào áp dụng cho {subject}. {office} xác nhận dữ liệu tại đây đầy đủ đến ngày "
            "{as_of}.",
            "No {theme} applies to {subject}. {office} states that the data here are complete as of {as_of}.",
        ),
        point=Text(
            "Không có {theme} nào áp dụng tại {subject}. {office} xác nhận dữ liệu tại đây đầy đủ đến ngày "
            "{as_of}.",
            "No {theme} applies at {subject}. {office} states that the data here are complete as of {as_of}.",
        ),
        meaning=Text(
            "Cơ quan đã xác nhận dữ liệu tại đây đầy đủ, và không có quy hoạch nào áp dụng. Chúng tôi chỉ "
            "nói “không” trong trường hợp này.",
            "The office has declared the data here complete, and nothing applies. This is the only case in "
            "which we say no.",
        ),
    ),
    Said.NONE_EXISTS: Wording(
        badge=Text("Chưa lập", "None exists"),
        mark="barred",
        area=Text(
            "Tại đây chưa có {theme} nào được lập, theo {office}, tính đến ngày {as_of}.",
            "No {theme} has been made here, says {office}, as of {as_of}.",
        ),
        point=Text(
            "Tại điểm này chưa có {theme} nào được lập, theo {office}, tính đến ngày {as_of}.",
            "No {theme} has been made at this point, says {office}, as of {as_of}.",
        ),
        meaning=Text(
            "Cơ quan cho biết loại quy hoạch này chưa được lập tại đây. Quy hoạch có thể được lập sau này.",
            "The office says that a plan of this kind has not been made here. One may be made later.",
        ),
    ),
    Said.NONE_IN_FORCE: Wording(
        badge=Text("Hiện không có", "None in force"),
        mark="ended",
        area=Text(
            "Hiện không có {theme} nào đang có hiệu lực cho {subject}, theo {office}, tính đến ngày {as_of}.",
            "No {theme} is in force for {subject} now, says {office}, as of {as_of}.",
        ),
        point=Text(
            "Hiện không có {theme} nào đang có hiệu lực tại {subject}, theo {office}, tính đến ngày {as_of}.",
            "No {theme} is in force at {subject} now, says {office}, as of {as_of}.",
        ),
        meaning=Text(
            "Trước đây từng có quy hoạch, nay đã bị thay thế hoặc bãi bỏ, và cơ quan cho biết hiện không có "
            "quy hoạch nào khác.",
            "There was a plan here, since replaced or annulled, and the office says that there is no other "
            "now.",
        ),
    ),
    Said.NOT_CONCERNED_OR_NOT_MADE: Wording(
        badge=Text("Không thuộc; một số loại chưa lập", "Not affected; some kinds not made"),
        mark="half-barred",
        area=Text(
            "Không có {theme} nào áp dụng cho {subject}. Theo {office}, tính đến ngày {as_of}, dữ liệu tại "
            "đây đầy đủ và phần còn lại chưa được lập quy hoạch.",
            "No {theme} applies to {subject}. {office} says, as of {as_of}, that the data here are complete "
            "and that for the rest no plan has been made.",
        ),
        point=Text(
            "Không có {theme} nào áp dụng tại {subject}. Theo {office}, tính đến ngày {as_of}, một số loại "
            "quy hoạch chưa được lập; dữ liệu về các loại khác đầy đủ.",
            "No {theme} applies at {subject}. {office} says, as of {as_of}, that some kinds of plan have not "
            "been made and that the data on the others are complete.",
        ),
        meaning=Text(
            "Một phần đã được xác nhận là đầy đủ dữ liệu, phần kia được xác nhận là chưa lập quy hoạch.",
            "For one part the data are declared complete, for the other it is declared that no plan was "
            "made.",
        ),
    ),
    Said.PARTLY_KNOWN: Wording(
        badge=Text("Biết một phần", "Partly known"),
        mark="quarter",
        area=Text(
            "Chúng tôi chỉ có dữ liệu về {theme} cho một phần {subject}. Phần còn lại: chưa biết.",
            "We hold data for part of {subject} only ({theme}). The rest is not known.",
        ),
        point=Text(
            "Dữ liệu của chúng tôi về {theme} tại {subject} chưa đầy đủ. Có thể có quy hoạch mà chúng tôi "
            "chưa biết.",
            "Our data at {subject} are not complete ({theme}). There may be something we do not know of.",
        ),
        meaning=Text(
            "Chúng tôi không tìm thấy gì ở phần có dữ liệu; phần còn lại thì chưa biết.",
            "We found nothing in the part for which we hold data; of the rest we know nothing.",
        ),
    ),
    Said.UNKNOWN: Wording(
        badge=Text("Chưa có dữ liệu", "No data"),
        mark="dotted",
        area=Text(
            "Chúng tôi chưa có dữ liệu về {theme} tại đây. Điều đó không có nghĩa là không có quy hoạch.",
            "We hold no data on any {theme} here. That does not mean that nothing is planned.",
        ),
        point=Text(
            "Chúng tôi chưa có dữ liệu về {theme} tại {subject}. Điều đó không có nghĩa là không có quy "
            "hoạch.",
            "We hold no data on any {theme} at {subject}. That does not mean that nothing is planned.",
        ),
        meaning=Text(
            "Chúng tôi không biết. Có thể có quy hoạch, có thể không.",
            "We do not know. There may be a plan, or there may be none.",
        ),
    ),
    Said.WITHHELD: Wording(
        badge=Text("Không công bố", "Not public"),
        mark="locked",
        area=Text(
            "Một phần thông tin về {theme} tại đây không được công bố. Hãy liên hệ {office}.",
            "Some information here is not public ({theme}). Contact {office}.",
        ),
        point=Text(
            "Thông tin về {theme} tại {subject} không được công bố hết. Hãy liên hệ {office}.",
            "Not all information at {subject} is public ({theme}). Contact {office}.",
        ),
        meaning=Text(
            "Theo quy định, một phần thông tin trong khu vực này không được công bố.",
            "By law some information in this area is not published.",
        ),
    ),
    Said.ERROR: Wording(
        badge=Text("Không tính được", "Could not be computed"),
        mark="failed",
        area=Text(
            "Hệ thống không tính được mục “{theme}” (mã {code}). Các mục khác vẫn đúng. Hãy hỏi {office}.",
            "The item “{theme}” could not be computed (code {code}). The other items stand. Ask {office}.",
        ),
        point=Text(
            "Hệ thống không tính được mục “{theme}” tại {subject} (mã {code}). Các mục khác vẫn đúng. "
            "Hãy hỏi {office}.",
            "The item “{theme}” could not be computed at {subject} (code {code}). The other items stand. "
            "Ask {office}.",
        ),
        meaning=Text(
            "Máy tính gặp lỗi ở mục này. Chúng tôi không suy đoán kết quả.",
            "The computation of this item failed. We do not guess the result.",
        ),
    ),
}

SUBJECTS = {
    "parcel": Text("thửa đất này", "this parcel"),
    "site": Text("khu đất này", "this site"),
    "point": Text("điểm này", "this point"),
}

# What is added to a theme that concerns the subject or lies on its boundary.
MORE_PARTS = Text(
    "Ngoài ra, {band} được quy hoạch là {use}.",
    "A further {band} is planned as {use}.",
)
# The same where a decision of its own (an adjustment) lies behind it.
MORE_PARTS_IN = Text(
    "Ngoài ra, {band} được quy hoạch là {use} theo {plan}.",
    "A further {band} is planned as {use} in {plan}.",
)
# A plan named with the decision that in fact changed the land, where it is not the plan's first one.
PLAN_ADJUSTED = Text(
    "{plan}, theo điều chỉnh tại quyết định {decision} ngày {day}",
    "{plan}, as adjusted by decision {decision} of {day}",
)
PLAN_OF_BEFORE = Text(
    "{plan}, theo quyết định trước đó {decision} ngày {day}",
    "{plan}, by the earlier decision {decision} of {day}",
)
BY_ADJUSTMENT = Text("Điều chỉnh: {decision}", "Adjusted: {decision}")
BY_EARLIER = Text("Theo quyết định trước đó: {decision}", "By the earlier decision: {decision}")
EDITION = Text("Lần lập thứ {number}", "Edition {number}")
EDITION_OF = Text("lần lập thứ {number} của {plan}", "edition {number} of {plan}")
MORE_USES = Text("Còn {count} chức năng khác, xem bảng bên dưới.", "{count} more uses: see the table below.")
ALSO_PARTLY_KNOWN = Text(
    "Dữ liệu về {theme} tại đây chưa đầy đủ: có thể còn quy hoạch khác mà chúng tôi chưa biết.",
    "Our data are not complete here ({theme}): there may be more that we do not know of.",
)
ALSO_WITHHELD = Text(
    "Ngoài ra, một phần thông tin về {theme} tại đây không được công bố. Hãy liên hệ {office}.",
    "Beyond that, some information here is not public ({theme}). Contact {office}.",
)
ONCE_PLANNED = Text(
    "Trước đây tại đây từng có {theme}, nay không còn áp dụng: đã bị thay thế, bãi bỏ, tạm ngừng hoặc hết "
    "thời hạn (xem phần “Những gì không còn áp dụng”). Muốn biết chắc hiện nay áp dụng quy định nào, hãy hỏi "
    "{office}.",
    "There was one here before ({theme}) that no longer applies: replaced, annulled, suspended or expired "
    "(see “What no longer applies”). To be sure what holds today, ask {office}.",
)
CONFLICT = Text(
    "Hai quy hoạch đang có hiệu lực ghi khác nhau trên {area} của {subject} ({share}): {first_plan} ghi "
    "{first_use}, {second_plan} ghi {second_use}. Thực hiện theo quy hoạch nào do cơ quan có thẩm quyền "
    "quyết định bằng văn bản, không phải do phần mềm. Hãy hỏi {office}.",
    "Two plans in force disagree on {area} of {subject} ({share}): {first_plan} says {first_use}, "
    "{second_plan} says {second_use}. Which of them is carried out is decided by an authority in writing, "
    "not by software. Ask {office}.",
)
CONFLICT_AT_POINT = Text(
    "Hai quy hoạch đang có hiệu lực ghi khác nhau tại {subject}: {first_plan} ghi {first_use}, {second_plan} "
    "ghi {second_use}. Thực hiện theo quy hoạch nào do cơ quan có thẩm quyền quyết định bằng văn bản, không "
    "phải do phần mềm. Hãy hỏi {office}.",
    "Two plans in force disagree at {subject}: {first_plan} says {first_use}, {second_plan} says "
    "{second_use}. Which of them is carried out is decided by an authority in writing, not by software. "
    "Ask {office}.",
)

# Restrictions: lines along or through the land, corridors and protected areas over it.
RESTRICTION_KINDS = {
    "red_line": Text("chỉ giới đường đỏ", "the red line (planned edge of a road)"),
    "building_line": Text("chỉ giới xây dựng", "the building line"),
    "corridor": Text("hành lang an toàn", "the safety corridor"),
    "height_limit": Text("khu vực khống chế chiều cao", "the height-limit area"),
    "heritage": Text("khu vực bảo vệ di tích", "the heritage protection area"),
}
# The same, short, as labels on the map.
RESTRICTION_LABELS = {
    "red_line": Text("Chỉ giới đường đỏ", "Red line"),
    "building_line": Text("Chỉ giới xây dựng", "Building line"),
    "corridor": Text("Hành lang an toàn", "Safety corridor"),
    "height_limit": Text("Khống chế chiều cao", "Height limit"),
    "heritage": Text("Bảo vệ di tích", "Heritage area"),
}
LINE_CUTS = Text(
    "Theo {plan}, {name} cắt {subject}: khoảng {beyond} nằm ngoài chỉ giới, còn lại khoảng {remainder}, "
    "chỗ hẹp nhất khoảng {width}. Đây là số đo trên bản đồ; vị trí của đường vẽ có sai số "
    "±\N{NO-BREAK SPACE}{tolerance}.",
    "In {plan}, {name} cuts {subject}: about {beyond} lie beyond it, about {remainder} remain, about {width} "
    "wide at the narrowest. These are measures on the map; the line is drawn to within "
    "±\N{NO-BREAK SPACE}{tolerance}.",
)
LINE_ALONG = Text(
    "Theo {plan}, {name} chạy dọc ranh giới của {subject} trên chiều dài {along}.",
    "In {plan}, {name} runs along the boundary of {subject} for {along}.",
)
LINE_BESIDE = Text(
    "Theo {plan}, {name} ở sát {subject}; {map} không đủ chính xác để nói chỉ giới có cắt vào hay không. "
    "Hãy hỏi {office}.",
    "In {plan}, {name} is so close to {subject} that {map} cannot tell whether it cuts into it. "
    "Ask {office}.",
)
AREA_WHOLE = Text(
    "Theo {plan}, toàn bộ {subject} nằm trong {name}.",
    "In {plan}, the whole of {subject} lies in {name}.",
)
AREA_WHOLE_AS_DRAWN = Text(
    "Theo nét vẽ của {plan}, toàn bộ {subject} nằm trong {name}; "
    "tính cả sai số của bản đồ thì ít nhất {least}.",
    "As drawn in {plan}, the whole of {subject} lies in {name}; "
    "allowing for the accuracy of the map, at least {least}.",
)
AREA_PART = Text(
    "Theo {plan}, {band} {subject} nằm trong {name}.",
    "In {plan}, {band} of {subject} lies in {name}.",
)
AREA_AT_POINT = Text("Theo {plan}, {subject} nằm trong {name}.", "In {plan}, {subject} lies in {name}.")

POINT_ON = Text("Theo {plan}, {name} nằm trên {subject}.", "In {plan}, {name} lies on {subject}.")

ABOUT = Text("khoảng {band}", "about {band}")
A_MAP_AT = Text("bản đồ tỷ lệ {scale}", "a map at {scale}")
THE_MAP = Text("bản đồ", "the map")
AN_OFFICE = Text("cơ quan quản lý quy hoạch tại địa phương", "the local planning office")

CLASS_BADGES = {
    "whole": Text("Toàn bộ", "All of it"),
    "part": Text("Một phần", "Part of it"),
    "borderline": Text("Sát ranh giới: hãy hỏi", "On the boundary: ask"),
    "touch": Text("Giáp ranh", "Right next to it"),
}

COVERAGE = {
    "complete": Text(
        "{office} xác nhận dữ liệu đầy đủ đến ngày {as_of}.",
        "{office} states that the data are complete as of {as_of}.",
    ),
    "none_exists": Text(
        "{office} cho biết tại đây không có quy hoạch loại này, tính đến ngày {as_of}.",
        "{office} says that there is no plan of this kind here, as of {as_of}.",
    ),
    "partial": Text(
        "{office} cho biết dữ liệu chỉ đầy đủ một phần (ngày {as_of}).",
        "{office} says that the data are only partly complete (as of {as_of}).",
    ),
    "not_loaded": Text(
        "{office} cho biết quy hoạch tại đây chưa được nạp vào hệ thống (ngày {as_of}).",
        "{office} says that the plans here have not been loaded yet (as of {as_of}).",
    ),
    "withheld": Text(
        "{office} cho biết một phần thông tin không được công bố (ngày {as_of}).",
        "{office} says that some information is not public (as of {as_of}).",
    ),
}
NO_COVERAGE = Text(
    "Chưa cơ quan nào xác nhận dữ liệu tại đây là đầy đủ.",
    "No office has declared the data here complete.",
)

# The books: rows that make the shares add up.
BOOKS = {
    "uncovered": Text("Không có ô đất nào của quy hoạch này", "No zone of this plan"),
    "outside": Text(
        "trong đó {area} nằm ngoài ranh giới của quy hoạch",
        "of which {area} lie beyond the extent of the plan",
    ),
    "overlap": Text(
        "Trừ phần các ô đất chồng lên nhau (đã tính nhiều lần)",
        "Less what overlapping zones count more than once",
    ),
    "total": Text("Cộng: diện tích theo bản đồ", "Sum: the area on the map"),
}

# A rule value is never blank: what the plan says, or why it says nothing, in words.
INDICATOR_STATES = {
    IndicatorState.NOT_REGULATED: Text("Quy hoạch không quy định", "Not regulated by the plan"),
    IndicatorState.REFERS_ELSEWHERE: Text("Xem văn bản khác", "See another document"),
    IndicatorState.UNKNOWN: Text("Chưa có trong dữ liệu", "Not in the data"),
}
INDICATORS = {
    "coverage": Text(
        "Mật độ xây dựng (phần đất được xây công trình)", "Building coverage (part of the land built on)"
    ),
    "floor_area_ratio": Text(
        "Hệ số sử dụng đất (tổng diện tích sàn chia cho diện tích đất)",
        "Floor-area ratio (all floor area divided by the land area)",
    ),
    "storeys": Text("Tầng cao", "Storeys"),
    "underground_storeys": Text("Số tầng hầm", "Basement storeys"),
    "height": Text("Chiều cao công trình", "Building height"),
    "setback": Text("Khoảng lùi (cách chỉ giới đường đỏ)", "Setback (from the red line)"),
    "population": Text("Dân số", "Population"),
    "green_share": Text("Tỷ lệ cây xanh", "Share of greenery"),
    "lot_area": Text("Diện tích lô đất", "Lot area"),
    "lot_width": Text("Bề rộng mặt tiền lô đất", "Lot width"),
    "floor_area": Text("Diện tích sàn", "Floor area"),
}
UNITS = {
    "storeys": Text("tầng", "storeys"),
    "people": Text("người", "people"),
    "m2": Text("m²", "m²"),
}

# Legal status on the day, where it is not "in force".
STATUSES = {
    "draft": Text("Dự thảo, chưa có hiệu lực", "Draft, not in force"),
    "approved": Text("Đã phê duyệt, chưa có hiệu lực", "Approved, not yet in force"),
    "in_force": Text("Đang có hiệu lực", "In force"),
    "suspended": Text("Tạm ngừng hiệu lực", "Suspended"),
    "superseded": Text("Đã được thay thế", "Replaced"),
    "expired": Text("Đã hết thời hạn hiệu lực", "Expired"),
    "annulled": Text("Đã bị bãi bỏ", "Annulled"),
}
NO_DECISION_YET = Text("Chưa có quyết định", "No decision yet")
NO_STATUS = Text("Chưa rõ tình trạng pháp lý", "Legal status not known")
PART_OF_EXTENT = Text("Một phần phạm vi", "Part of the extent")
NOT_IN_DATA = Text("Chưa có trong dữ liệu", "Not in the data")

# Why an answer does not speak of something.
NOT_CHECKED = {
    "not_requested": Text("bạn không hỏi về mục này", "you did not ask for it"),
    "upcoming_and_superseded_failed": Text(
        "không tính được quy hoạch sắp có và quy hoạch đã hết hiệu lực",
        "what is coming and what no longer applies could not be computed",
    ),
    "other": Text("chưa kiểm tra được", "it could not be checked"),
}

# Beside the badges of the themes: what changes, what disagrees, whom to ask.
COMING_BADGE = Text("Có thể thay đổi", "May change")
COMING_DRAFT = Text(
    "Có dự thảo có thể thay đổi quy hoạch của {subject}: {plans}. Dự thảo chưa có hiệu lực.",
    "A draft may change what is planned for {subject}: {plans}. It is not in force.",
)
COMING_APPROVED = Text(
    "Có quy hoạch đã phê duyệt nhưng chưa có hiệu lực, có thể thay đổi quy hoạch của {subject}: {plans}.",
    "What is planned for {subject} may change by a plan that is approved but not yet in force: {plans}.",
)
COMING_DATED = Text(
    "Từ một ngày đã định, quy hoạch sau sẽ áp dụng cho {subject}: {plans}.",
    "From a day that is already set, this will apply to {subject}: {plans}.",
)
COMING_READ = Text("Xem những gì có thể thay đổi", "See what may come")
COMING_DRAFT_SHORT = Text("Có dự thảo", "There is a draft")
COMING_APPROVED_SHORT = Text("Đã phê duyệt, sắp có hiệu lực", "Approved, begins later")
COMING_AGAIN = Text("Sẽ có hiệu lực trở lại", "In force again later")
COMING_DATED_SHORT = Text("Đã định ngày áp dụng", "Begins on a set day")
CONFLICT_BADGE = Text("Hai quy hoạch khác nhau", "Two plans disagree")
ASK_BADGE = Text("Cần câu trả lời chính thức", "For a binding answer")
ASK = Text("Hỏi ai?", "Whom to ask?")

# A corridor or protected area applies; only uses are planned.
RESTRICTED_BADGES = {
    Said.WHOLE: Text("Có áp dụng", "Applies"),
    Said.WHOLE_AS_DRAWN: Text("Có áp dụng theo nét vẽ", "Applies, as drawn"),
    Said.PART: Text("Áp dụng một phần", "Applies in part"),
}

# What stands in the legend of a map beside the land uses.
LEGEND = {
    "parcel": Text("Thửa đất được hỏi", "The parcel asked about"),
    "site": Text("Khu đất được hỏi", "The site asked about"),
    "point": Text("Điểm được hỏi", "The point asked about"),
    "parcels": Text("Ranh giới các thửa đất", "Outlines of parcels"),
    "conflict": Text("Hai quy hoạch khác nhau", "Two plans disagree"),
    "no_data": Text("Chưa có dữ liệu", "No data"),
    "other": Text("Quy định khác", "Another restriction"),
}
AS_PUBLISHED = Text("ghi theo văn bản", "as published")

REFERENCE_ONLY = Text("Chỉ có giá trị tham khảo", "For reference only")


def said(text: Text, language: str) -> str:
    """The text in the reader's language."""
    return text.vi if language == "vi" else text.en
