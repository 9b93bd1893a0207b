"""Answers made by hand: every theme state and every item class at least once.

Values, not rows: pages are read and drawn from them without a database. Places are metres from the
corner of the town, as in `tests.town`; the parcel is 20 m by 10 m at the origin.
"""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from planning import crs
from planning.answer import texts
from planning.answer.model import (
    Answer,
    CommuneRef,
    Conflict,
    CoverageRef,
    Decision,
    DocumentRef,
    Item,
    ItemClass,
    LandUseRef,
    NotChecked,
    OfficeRef,
    OtherItem,
    PlanAnswer,
    PlanRef,
    Source,
    Subject,
    Text,
    ThemeAnswer,
    ThemeState,
    Total,
    Uses,
    ZoneRef,
)

METRIC = crs.parse("EPSG:5897")
ORIGIN = (587_000.0, 2_325_000.0)
TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


def metric(x: float, y: float, width: float, height: float) -> BaseGeometry:
    return shapely.MultiPolygon([shapely.box(x, y, x + width, y + height)])


def placed(shape: BaseGeometry) -> BaseGeometry:
    """Metres of the town as EPSG:4326."""
    moved = shapely.transform(shape, lambda pairs: pairs + ORIGIN)
    return crs.transform(moved, METRIC, crs.WGS84)


OFFICE = OfficeRef(
    id="town",
    name="Phòng Kinh tế, Hạ tầng và Đô thị",
    name_en="Office of Economy, Infrastructure and Urban Affairs",
    address="1 phố Mẫu",
    phone="024 0000 0000",
    email="office@example.org",
    url="https://example.org/",
    hours="8:00–11:30, 13:30–17:00, thứ Hai đến thứ Sáu",
    answer_days=10,
    is_demonstration=True,
)
BARE_OFFICE = replace(OFFICE, id="bare", name_en="", address="", phone="", email="", url="", hours="")

ODT = LandUseRef(
    list="vn",
    code="ODT",
    vi="Đất ở tại đô thị",
    en="Urban residential land",
    color="#FFA0FF",
    group="housing",
)
DGT = LandUseRef(
    list="vn", code="DGT", vi="Đất công trình giao thông", en="Traffic land", color="#FFAA32", group="traffic"
)
CXD = LandUseRef(list="vn", code="CXĐ", vi="Đất cây xanh sử dụng công cộng", en="", color="", group="green")
TMD = LandUseRef(
    list="vn",
    code="TMD",
    vi="Đất thương mại, dịch vụ",
    en="Commercial and service land",
    color="#FAAAA0",
    group="business",
)

SUBJECT = Subject(
    type="parcel",
    id="2004-00070-3-45",
    commune=CommuneRef(id="2004-00070", code="00070", name="Phường Hàng Mẫu"),
    commune_now=(CommuneRef(id="2025-00070", code="00070", name="Phường Mẫu"),),
    sheet="3",
    number="45",
    address="12 phố Hàng Mẫu",
    registry_area_m2=198.4,
    area_m2=200.0,
    metric_crs="EPSG:5897",
    accuracy_m=0.1,
    geometry=placed(metric(0, 0, 20, 10)),
    shape=metric(0, 0, 20, 10),
)
POINT = replace(
    SUBJECT,
    type="point",
    id=None,
    commune=None,
    sheet=None,
    number=None,
    address="",
    registry_area_m2=None,
    area_m2=None,
    accuracy_m=None,
    geometry=placed(shapely.Point(5, 5)),
    shape=shapely.Point(5, 5),
)
SITE = replace(POINT, type="site", area_m2=200.0, geometry=SUBJECT.geometry, shape=SUBJECT.shape)

DECISION = Decision(kind="decision", number="6398/QĐ-UBND", date=date(2018, 10, 15), issuer="UBND thành phố")
SOURCE = Source(upload=1, sha256="a" * 64, feature=7, publisher="Phòng Kinh tế", licence="CC-BY-4.0")
ZONING = PlanRef(
    id="zoning",
    title="Quy hoạch phân khu H1-1A",
    title_en="Zoning plan H1-1A",
    kind="zoning",
    level="surface",
    scale=2000,
    accuracy_m=0.4,
    edition="zoning/1",
    decision=DECISION,
    in_force_from=date(2018, 11, 1),
    office=OFFICE,
)
DETAILED = replace(
    ZONING,
    id="detailed",
    kind="detailed",
    title="Quy hoạch chi tiết khu phố Mẫu",
    title_en="",
    scale=None,
    decision=None,
    in_force_from=None,
    edition="detailed/2",
    office=BARE_OFFICE,
)
LAND_USE = replace(
    ZONING,
    id="land-use",
    kind="land_use",
    title="Quy hoạch sử dụng đất 2030",
    title_en="Land-use plan 2030",
    scale=5000,
)

INDICATORS: dict[str, dict[str, Any]] = {
    "coverage": {"text": "40-60", "min": 40.0, "max": 60.0, "unit": "%", "state": "stated"},
    "floor_area_ratio": {"text": "", "min": None, "max": None, "unit": "", "state": "unknown"},
    "storeys": {
        "text": "không quy định",
        "min": None,
        "max": None,
        "unit": "storeys",
        "state": "not_regulated",
    },
    "height": {"text": "theo QĐ 2413", "min": None, "max": None, "unit": "m", "state": "refers_elsewhere"},
    "population": {"text": "1.200", "min": 1200.0, "max": 1200.0, "unit": "people", "state": "stated"},
}


def item(
    item_class: ItemClass,
    use: LandUseRef | None,
    shape: BaseGeometry | None,
    *,
    area: float | None = 0.0,
    low: float = 0.0,
    high: float = 0.0,
    code: str = "",
    **fields: Any,
) -> Item:
    """A zone of the zoning plan, unless told otherwise."""
    code = code or (f"{use.code}-01" if use else "")
    zone = ZoneRef(id=f"zoning.1.{code or 'x'}", code=code, name=f"Ô {code}" if code else "", land_use=use)
    share = None if area is None else area / 200.0
    values: dict[str, Any] = {
        "zone": zone,
        "edition": "zoning/1",
        "status": "in_force",
        "decision": DECISION,
        "in_force_from": date(2018, 11, 1),
        "length_m": None,
        "along_m": None,
        "beyond_m2": None,
        "remainder_width_m": None,
        "indicators": INDICATORS if use is ODT else {},
        "uses": Uses(allowed=("Nhà ở liền kề",), forbidden=("Kho hàng",)) if use is ODT else Uses(),
        "documents": (
            DocumentRef(title="Quy định quản lý", url="https://example.org/a.pdf", article="Điều 5", page=12),
        )
        if use is ODT
        else (),
        "office": OFFICE,
        "source": SOURCE,
    }
    return Item(
        item_class=item_class,
        area_m2=area,
        share=share,
        share_low=None if area is None else low,
        share_high=None if area is None else high,
        shape=placed(shape) if shape is not None else None,
        **{**values, **fields},
    )


def limit(item_class: ItemClass, kind: str, name: str, shape: BaseGeometry, **fields: Any) -> Item:
    """A restriction: a line with lengths, or an area with `area`, `low`, `high`."""
    area = fields.pop("area", None)
    zone = ZoneRef(id=f"zoning.1.r-{kind}-{item_class}", code="", name=name, land_use=None, kind=kind)
    bands = {"low": fields.pop("low", 0.0), "high": fields.pop("high", 0.0)}
    return item(item_class, None, shape, area=area, zone=zone, **bands, **fields)


def total(item_class: ItemClass, use: LandUseRef, area: float, low: float, high: float) -> Total:
    return Total(
        land_use=use, area_m2=area, share=area / 200.0, share_low=low, share_high=high, item_class=item_class
    )


def plan_answer(
    plan: PlanRef, totals: tuple[Total, ...], items: tuple[Item, ...], **books: float
) -> PlanAnswer:
    figures: dict[str, Any] = {"uncovered_m2": 0.0, "outside_m2": 0.0, "overlap_m2": 0.0, **books}
    return PlanAnswer(plan=plan, totals=totals, items=items, **figures)


def without_books(plan: PlanRef, *items: Item) -> PlanAnswer:
    return PlanAnswer(plan=plan, totals=(), items=items, uncovered_m2=None, outside_m2=None, overlap_m2=None)


def coverage(state: str, *, kind: str = "", as_of: date = date(2026, 6, 30)) -> CoverageRef:
    return CoverageRef(state=state, plan_kind=kind, as_of=as_of, source="Công văn 12/UBND", office=OFFICE)


TITLES = {
    "construction": Text("Quy hoạch đô thị và nông thôn", "Urban or rural plan"),
    "land_use": Text("Quy hoạch, kế hoạch sử dụng đất", "Land-use plan"),
    "lines": Text("Chỉ giới đường đỏ, chỉ giới xây dựng", "Red line or building line"),
    "corridors": Text("Hành lang an toàn, vùng bảo vệ", "Corridor or protected area"),
    "infrastructure": Text("Quy hoạch hạ tầng", "Infrastructure plan"),
}


def theme(code: str, state: ThemeState, **fields: Any) -> ThemeAnswer:
    values: dict[str, Any] = {
        "partly_known": False,
        "withheld": False,
        "coverage": (),
        "plans": (),
        "conflicts": (),
    }
    return ThemeAnswer(code=code, title=TITLES[code], state=state, **{**values, **fields})


def answer(*themes: ThemeAnswer, subject: Subject = SUBJECT, **fields: Any) -> Answer:
    values: dict[str, Any] = {
        "as_at": TODAY,
        "known_at": None,
        "revision": 4,
        "generated_at": NOW,
        "engine": "answer-1",
        "digest": "0" * 64,
        "notices": (texts.DEMONSTRATION,),
        "upcoming": (),
        "superseded": (),
        "not_checked": (),
        "disclaimer": texts.DISCLAIMER,
        "office": OFFICE,
    }
    return Answer(subject=subject, themes=themes, **{**values, **fields})


_RED = shapely.LineString([(-20, 8.4), (40, 8.4)])
_HOUSE = item(ItemClass.PART, ODT, metric(-20, -15, 36, 40), area=160.0, low=0.78, high=0.84)
_ROAD = item(ItemClass.PART, DGT, metric(16, -15, 14, 40), area=36.8, low=0.155, high=0.215)
_SLIVER = item(ItemClass.BORDERLINE, CXD, metric(-20, 9.98, 36, 15), area=0.04, low=0.0, high=0.013)
_NEIGHBOUR = item(ItemClass.TOUCH, TMD, metric(-40, -15, 20, 40))

CONCERNED = theme(
    "construction",
    ThemeState.CONCERNED,
    partly_known=True,
    withheld=True,
    coverage=(coverage("withheld"), coverage("partial", kind="detailed"), coverage("complete")),
    plans=(
        plan_answer(
            ZONING,
            (
                total(ItemClass.PART, ODT, 160.0, 0.78, 0.84),
                total(ItemClass.PART, DGT, 36.8, 0.155, 0.215),
                total(ItemClass.BORDERLINE, CXD, 0.04, 0.0, 0.013),
            ),
            (_HOUSE, _ROAD, _SLIVER, _NEIGHBOUR),
            uncovered_m2=4.0,
            outside_m2=1.5,
            overlap_m2=0.84,
        ),
        plan_answer(
            DETAILED,
            (total(ItemClass.WHOLE, TMD, 200.0, 1.0, 1.0),),
            (item(ItemClass.WHOLE, TMD, metric(-5, -5, 30, 20), area=200.0, low=1.0, high=1.0),),
        ),
    ),
    conflicts=(
        Conflict(
            plans=(ZONING, DETAILED),
            land_uses=(ODT, TMD),
            zones=("zoning.1.ODT-01", "detailed.2.TMD-01"),
            area_m2=160.0,
            share=0.8,
            shape=placed(metric(0, 0, 16, 10)),
        ),
    ),
)
WHOLE = theme(
    "land_use",
    ThemeState.CONCERNED,
    coverage=(coverage("complete"),),
    plans=(
        plan_answer(
            LAND_USE,
            (total(ItemClass.WHOLE, ODT, 200.0, 0.985, 1.0),),
            (item(ItemClass.WHOLE, ODT, metric(-50, -50, 120, 120), area=200.0, low=0.985, high=1.0),),
        ),
    ),
)
WHOLE_FOR_SURE = theme(
    "land_use",
    ThemeState.CONCERNED,
    coverage=(coverage("complete"),),
    plans=(
        plan_answer(
            LAND_USE,
            (total(ItemClass.WHOLE, ODT, 200.0, 1.0, 1.0),),
            (item(ItemClass.WHOLE, ODT, metric(-50, -50, 120, 120), area=200.0, low=1.0, high=1.0),),
        ),
    ),
)
LINES = theme(
    "lines",
    ThemeState.CONCERNED,
    coverage=(coverage("complete"),),
    plans=(
        without_books(
            ZONING,
            limit(
                ItemClass.PART,
                "red_line",
                "phố Hàng Mẫu",
                _RED,
                length_m=20.0,
                along_m=0.0,
                beyond_m2=32.0,
                remainder_width_m=8.4,
            ),
            limit(
                ItemClass.TOUCH,
                "building_line",
                "",
                shapely.LineString([(-20, 0), (40, 0)]),
                length_m=0.0,
                along_m=20.0,
            ),
            limit(
                ItemClass.BORDERLINE,
                "building_line",
                "phụ",
                shapely.LineString([(20.1, -20), (20.1, 40)]),
                length_m=0.0,
                along_m=0.0,
            ),
        ),
    ),
)
CORRIDORS = theme(
    "corridors",
    ThemeState.CONCERNED,
    coverage=(coverage("complete"),),
    plans=(
        without_books(
            ZONING,
            limit(
                ItemClass.WHOLE,
                "heritage",
                "khu phố cổ",
                metric(-60, -60, 160, 160),
                area=200.0,
                low=1.0,
                high=1.0,
            ),
            limit(
                ItemClass.PART,
                "corridor",
                "đê sông",
                metric(-20, -20, 30, 60),
                area=100.0,
                low=0.47,
                high=0.53,
            ),
            limit(
                ItemClass.BORDERLINE,
                "height_limit",
                "",
                metric(19.95, -20, 60, 60),
                area=0.5,
                low=0.0,
                high=0.01,
            ),
        ),
    ),
)
BORDERLINE = theme(
    "land_use",
    ThemeState.UNCERTAIN,
    coverage=(coverage("complete"),),
    plans=(
        plan_answer(
            LAND_USE,
            (total(ItemClass.BORDERLINE, DGT, 0.4, 0.0, 0.04),),
            (item(ItemClass.BORDERLINE, DGT, metric(19.98, -20, 30, 60), area=0.4, low=0.0, high=0.04),),
            uncovered_m2=199.6,
            outside_m2=0.0,
        ),
    ),
)
TOUCH = theme(
    "construction",
    ThemeState.UNCERTAIN,
    coverage=(coverage("complete"),),
    plans=(
        plan_answer(
            ZONING,
            (total(ItemClass.TOUCH, DGT, 0.0, 0.0, 0.02),),
            (item(ItemClass.TOUCH, DGT, metric(20.05, -20, 30, 60), high=0.02),),
            uncovered_m2=200.0,
        ),
    ),
)
NOT_CONCERNED = theme("corridors", ThemeState.NOT_CONCERNED, coverage=(coverage("complete"),))
NONE_EXISTS = theme("infrastructure", ThemeState.NOT_CONCERNED, coverage=(coverage("none_exists"),))
SOME_NOT_MADE = theme(
    "construction",
    ThemeState.NOT_CONCERNED,
    coverage=(coverage("none_exists", kind="detailed"), coverage("complete")),
)
PARTLY_KNOWN = theme(
    "land_use", ThemeState.PARTLY_KNOWN, coverage=(coverage("not_loaded"), coverage("complete"))
)
UNKNOWN = theme("lines", ThemeState.UNKNOWN)
WITHHELD = theme("corridors", ThemeState.WITHHELD, withheld=True, coverage=(coverage("withheld"),))
ERROR = theme("infrastructure", ThemeState.ERROR, error_code="invalid_geometry")

_DRAFT = OtherItem(
    status="draft",
    theme="construction",
    plan=DETAILED,
    zone=ZoneRef(id="detailed.3.1", code="CX-1", name="", land_use=CXD),
    edition="detailed/3",
    decision=None,
    valid_from=None,
    valid_to=None,
    item_class=ItemClass.PART,
    area_m2=20.0,
    share=0.1,
    causes=(),
    source=SOURCE,
)
REPLACED = replace(
    _DRAFT,
    status="superseded",
    plan=ZONING,
    decision=DECISION,
    valid_from=date(2024, 5, 1),
    causes=("zoning/2",),
)

# name -> answer; together every state, every class, every kind of subject
SAMPLES: dict[str, Answer] = {
    "concerned": answer(
        CONCERNED,
        WHOLE,
        LINES,
        CORRIDORS,
        NONE_EXISTS,
        upcoming=(_DRAFT, replace(_DRAFT, status="approved", valid_from=date(2027, 1, 1))),
        superseded=(REPLACED, replace(REPLACED, status="annulled", causes=())),
    ),
    "nothing": answer(
        SOME_NOT_MADE,
        PARTLY_KNOWN,
        UNKNOWN,
        NOT_CONCERNED,
        ERROR,
        office=BARE_OFFICE,
        not_checked=(
            NotChecked(theme="lines", title=TITLES["lines"], reason="not_requested"),
            NotChecked(
                theme="infrastructure",
                title=TITLES["infrastructure"],
                reason="upcoming_and_superseded_failed",
            ),
        ),
    ),
    "boundary": answer(TOUCH, BORDERLINE, UNKNOWN, WITHHELD, NONE_EXISTS, office=None),
    "point": answer(
        theme(
            "construction",
            ThemeState.CONCERNED,
            coverage=(coverage("complete"),),
            plans=(
                PlanAnswer(
                    plan=ZONING,
                    totals=(
                        Total(
                            land_use=ODT,
                            area_m2=None,
                            share=None,
                            share_low=None,
                            share_high=None,
                            item_class=ItemClass.WHOLE,
                        ),
                    ),
                    items=(item(ItemClass.WHOLE, ODT, metric(-20, -15, 36, 40), area=None),),
                    uncovered_m2=None,
                    outside_m2=None,
                    overlap_m2=None,
                ),
            ),
        ),
        UNKNOWN,
        WITHHELD,
        PARTLY_KNOWN,
        ERROR,
        subject=POINT,
    ),
    "site": answer(CONCERNED, NOT_CONCERNED, subject=SITE),
}
