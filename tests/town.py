"""The town on a metre grid that the tests share: builders as plain functions, and a few fixtures.

`square(0, 0, 100)` is a hectare at the origin, drawn in a VN-2000 zone in metres and stored in EPSG:4326,
so that expected areas are worked out by head. Builders fill in what a test does not care about: the
office, its two members, the territory, the upload and the decision. Nothing is public before
`publish()`; with no arguments it publishes all that is staged.

    plan = town.plan("zoning", scale=2000)
    first = town.edition(plan, in_force=date(2018, 1, 1))
    town.zone(first, town.square(0, 0, 100), "ODT")
    town.publish()
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Q
from shapely.geometry.base import BaseGeometry

from planning import crs, publication
from planning.codes import search_name
from planning.models import (
    AdminUnit,
    AdminUnitKind,
    AdminUnitList,
    Coverage,
    Document,
    DocumentKind,
    Edition,
    EventKind,
    LandUse,
    LandUseList,
    LayerUpload,
    Membership,
    Office,
    Parcel,
    ParcelAlias,
    Plan,
    PlanEvent,
    PlanRelation,
    Publication,
    RelationKind,
    Restriction,
    RestrictionKind,
    Role,
    Territory,
    Theme,
    UploadResult,
    UploadState,
    User,
    Zone,
)

METRIC = crs.parse("EPSG:5897")
ORIGIN = (587_000.0, 2_325_000.0)  # metres east and north
LAND_USES = {
    "ODT": ("Đất ở tại đô thị", "Urban housing", "#FFA0AA"),
    "DGT": ("Đất giao thông", "Roads", "#FFAA32"),
    "CXDT": ("Đất cây xanh đô thị", "Urban greenery", "#32CD32"),
}
THEMES = {
    "construction": (
        "Xây dựng",
        "Construction",
        ("general", "zoning", "detailed", "shortened", "ordinance"),
        (),
    ),
    "land_use": ("Sử dụng đất", "Land use", ("land_use", "land_use_annual"), ()),
    "lines": ("Chỉ giới", "Lines", (), ("red_line", "building_line")),
    "corridors": ("Hành lang", "Corridors", ("infrastructure",), ("corridor", "height_limit", "heritage")),
}


# places: metres of the town in, EPSG:4326 out


def square(x: float, y: float, width: float, height: float | None = None) -> GEOSGeometry:
    """A rectangle with its lower left corner at (x, y); `square(0, 0, 100)` is a hectare."""
    top = y + (width if height is None else height)
    return placed(shapely.MultiPolygon([shapely.box(x, y, x + width, top)]))


def polygon(
    *corners: tuple[float, float], holes: Iterable[Sequence[tuple[float, float]]] = ()
) -> GEOSGeometry:
    """A polygon by its corners in metres of the town."""
    return placed(shapely.MultiPolygon([shapely.Polygon(corners, list(holes))]))


def line(*points: tuple[float, float]) -> GEOSGeometry:
    """A line by its points in metres of the town."""
    return placed(shapely.LineString(points))


def point(x: float, y: float) -> GEOSGeometry:
    """A point in metres of the town."""
    return placed(shapely.Point(x, y))


def placed(geometry: BaseGeometry) -> GEOSGeometry:
    """A shapely geometry of the town as it is stored: EPSG:4326."""
    moved = shapely.transform(geometry, lambda pairs: pairs + ORIGIN)
    return GEOSGeometry(memoryview(crs.transform(moved, METRIC, crs.WGS84).wkb), srid=4326)


def metres(geometry: GEOSGeometry) -> BaseGeometry:
    """A stored geometry back in metres of the town, to be measured with shapely."""
    stored = shapely.from_wkb(bytes(geometry.wkb))
    moved = crs.transform(stored, crs.WGS84, METRIC)
    return shapely.transform(moved, lambda pairs: pairs - ORIGIN)


def area(geometry: GEOSGeometry) -> float:
    """Square metres of a stored geometry."""
    return float(metres(geometry).area)


# the cast


def office(code: str = "town", **fields: Any) -> Office:
    """An office with that id, made when it is first named."""
    fields = {"name": f"Phòng Quy hoạch {code}", "name_en": f"Planning office {code}"} | fields
    return Office.objects.get_or_create(id=code, defaults=fields)[0]


def member(name: str, role: Role, of: Office | None = None, **fields: Any) -> User:
    """A user with that role in the office."""
    user, _ = User.objects.get_or_create(username=name, defaults=fields)
    Membership.objects.get_or_create(user=user, office=of or office(), role=role)
    return user


def planner(of: Office | None = None) -> User:
    """The planner of the office."""
    return member(f"planner-{(of or office()).id}", Role.PLANNER, of)


def reviewer(of: Office | None = None) -> User:
    """The reviewer of the office: the second pair of eyes."""
    return member(f"reviewer-{(of or office()).id}", Role.REVIEWER, of)


def outsider() -> User:
    """A reviewer of another office."""
    return member("outsider", Role.REVIEWER, office("elsewhere"))


# the ground


def territory(code: str = "town", **fields: Any) -> Territory:
    """A territory of 100 km² around the origin."""
    fields = {
        "name": "Thị trấn",
        "metric_crs": METRIC.code,
        "extent": square(-5_000, -5_000, 10_000),
        "office": office(),
    } | fields
    return Territory.objects.get_or_create(code=code, defaults=fields)[0]


def unit(code: str = "00001", *, of: str = "2004", name: str = "phường Mẫu", **fields: Any) -> AdminUnit:
    """A ward of the list of 2004, or of another list."""
    units, _ = AdminUnitList.objects.get_or_create(code=of, defaults={"title": f"Danh mục {of}"})
    fields = {"kind": AdminUnitKind.COMMUNE, "name": name, "search_name": "phuong mau"} | fields
    return AdminUnit.objects.get_or_create(
        id=f"{of}-{code}", defaults={"unit_list": units, "code": code} | fields
    )[0]


def parcel(
    number: str,
    geometry: GEOSGeometry,
    *,
    sheet: str = "1",
    within: AdminUnit | None = None,
    existed_from: date = date(2000, 1, 1),
    existed_to: date | None = None,
    **fields: Any,
) -> Parcel:
    """A staged parcel; its code is `<unit>-<sheet>-<number>`."""
    place = within or unit()
    fields = {
        "metric_crs": METRIC.code,
        "survey_scale": 500,
        "feature": int(fields.pop("feature", 1)),
    } | fields
    return Parcel.objects.create(
        code=fields.pop("code", f"{place.id}-{sheet}-{number}"),
        unit=place,
        sheet=sheet,
        number=number,
        geometry=geometry,
        valid=(existed_from, existed_to),
        upload=fields.pop("upload", None) or upload(name="parcels.gpkg"),
        **fields,
    )


def alias(of: Parcel, *, sheet: str, number: str, scheme: str = "1998 survey", **fields: Any) -> ParcelAlias:
    """A staged older number of a parcel."""
    fields = {"unit": of.unit, "upload": of.upload, "value": f"{sheet}/{number}"} | fields
    return ParcelAlias.objects.create(
        parcel_code=of.code, scheme=scheme, sheet=sheet, number=number, **fields
    )


# plans


def themes() -> dict[str, Theme]:
    """The four themes of the town, by code."""
    rows = {}
    for order, (code, (vi, en, plan_kinds, restriction_kinds)) in enumerate(THEMES.items(), 1):
        fields = {
            "title_vi": vi,
            "title_en": en,
            "order": order,
            "plan_kinds": list(plan_kinds),
            "restriction_kinds": list(restriction_kinds),
        }
        rows[code] = Theme.objects.get_or_create(code=code, defaults=fields)[0]
    return rows


def land_use(code: str = "ODT") -> LandUse:
    """A land use of the town's own list."""
    uses, _ = LandUseList.objects.get_or_create(code="town", defaults={"title": "Danh mục thị trấn"})
    vi, en, colour = LAND_USES.get(code, (code, code, "#CCCCCC"))
    fields = {"name_vi": vi, "name_en": en, "colour": colour}
    return LandUse.objects.get_or_create(code_list=uses, code=code, defaults=fields)[0]


def plan(code: str = "zoning", *, of: Office | None = None, **fields: Any) -> Plan:
    """A zoning plan at 1:2000, unless told otherwise."""
    themes()
    fields = {
        "kind": "zoning",
        "title": f"Quy hoạch {code}",
        "title_en": f"Plan {code}",
        "scale": 2000,
        "metric_crs": METRIC.code,
        "licence": "CC-BY-4.0",
        "source": "invented",
        "territory": territory(),
    } | fields
    fields.setdefault("search_title", search_name(f"{fields['title']} {fields['title_en']}"))
    return Plan.objects.get_or_create(id=code, defaults={"office": of or office()} | fields)[0]


def decision(of: Plan, number: str = "", on: date = date(2018, 1, 1), **fields: Any) -> Document:
    """A decision of the plan's authority."""
    fields = {
        "kind": DocumentKind.DECISION,
        "issuer": "UBND thị trấn",
        "title": "Quyết định phê duyệt",
        "url": "https://town.example/quyet-dinh",
    } | fields
    number = number or f"{on:%m%d}/QĐ-UBND"
    return Document.objects.get_or_create(plan=of, number=number, date=on, defaults=fields)[0]


def edition(
    of: Plan,
    number: int | None = None,
    *,
    approved: date | None = None,
    in_force: date | None = date(2018, 1, 1),
    consultation: date | None = None,
    is_local_adjustment: bool = False,
    extent: GEOSGeometry | None = None,
) -> Edition:
    """A staged edition with its events: in force from 2018 unless told otherwise.

    `in_force=None` with `consultation=` makes a draft; `extent` is staged as its boundary.
    """
    made = Edition.objects.create(
        plan=of,
        number=number or of.editions.count() + 1,
        is_local_adjustment=is_local_adjustment,
        extent=extent,
    )
    if consultation:
        event(made, EventKind.CONSULTATION_OPENED, consultation, document=None)
    if approved:
        event(made, EventKind.APPROVED, approved)
    if in_force:
        event(made, EventKind.IN_FORCE, in_force)
    return made


def event(of: Edition, kind: EventKind, on: date, **fields: Any) -> PlanEvent:
    """A staged event; with a decision of that day unless `document=None`."""
    fields = {"effective_from": on} | fields
    if "document" not in fields:
        fields["document"] = decision(of.plan, on=on)
    return PlanEvent.objects.create(edition=of, kind=kind, on=on, **fields)


def relation(
    of: Edition, target: Plan, *, kind: RelationKind = RelationKind.REPLACES_IN_EXTENT, **fields: Any
) -> PlanRelation:
    """A staged relation of the edition to another plan, with the edition's decision behind it."""
    fields = {"document": decision(of.plan)} | fields
    return PlanRelation.objects.create(edition=of, target=target, kind=kind, **fields)


def zone(of: Edition, geometry: GEOSGeometry, use: str = "ODT", **fields: Any) -> Zone:
    """A staged zone of the edition."""
    row = of.zones.count() + 1
    fields = {
        "public_id": f"{of.plan_id}.{of.number}.{row}",
        "code": f"{use}-{row:02}",
        "name": f"Ô {row}",
        "land_use": land_use(use),
        "land_use_text": use,
        "feature": row,
        "layer": "zones",
    } | fields
    return Zone.objects.create(
        edition=of, geometry=geometry, upload=fields.pop("upload", None) or upload(of), **fields
    )


def restriction(
    of: Edition, geometry: GEOSGeometry, kind: RestrictionKind = RestrictionKind.RED_LINE, **fields: Any
) -> Restriction:
    """A staged restriction of the edition."""
    row = of.restrictions.count() + 1
    fields = {
        "public_id": f"{of.plan_id}.{of.number}.r{row}",
        "feature": row,
        "layer": "restrictions",
    } | fields
    return Restriction.objects.create(
        edition=of, kind=kind, geometry=geometry, upload=fields.pop("upload", None) or upload(of), **fields
    )


def cover(
    geometry: GEOSGeometry,
    state: str = "complete",
    *,
    theme: str = "construction",
    plan_kind: str = "",
    as_of: date = date(2018, 1, 1),
    valid_to: date | None = None,
    **fields: Any,
) -> Coverage:
    """A staged declaration of coverage, speaking for the dates from `as_of`.

    What is withheld is declared by whole units: in this town any land may be one.
    """
    if state == "withheld":
        unit(f"w{Coverage.objects.count()}", of="land", geometry=geometry)
    fields = {"source": "invented", "office": office(), "valid": (as_of, valid_to)} | fields
    return Coverage.objects.create(
        theme=themes()[theme],
        plan_kind=plan_kind,
        state=state,
        geometry=geometry,
        as_of=as_of,
        upload=fields.pop("upload", None) or upload(name="coverage.gpkg"),
        **fields,
    )


# uploads and publication


def upload(of: Edition | None = None, *, name: str = "zones.gpkg", by: Office | None = None) -> LayerUpload:
    """The checked upload of an edition (or of parcels, coverage), not published yet."""
    owner = by or (of.plan.office if of else office())
    fields = {
        "file": f"uploads/{name}",
        "sha256": hashlib.sha256(f"{of}{name}{LayerUpload.objects.count()}".encode()).hexdigest(),
        "size": 1,
        "format": "GPKG",
        "declared_crs": METRIC.code,
        "confirmed_crs": METRIC.code,
        "licence": "CC-BY-4.0",
        "publisher": owner.name,
        "result": UploadResult.OK,
        "uploaded_by": planner(owner),
    }
    return LayerUpload.objects.get_or_create(
        office=owner, edition=of, original_name=name, state=UploadState.CHECKED, defaults=fields
    )[0]


def publish(
    *what: Edition | LayerUpload, by: User | None = None, approved_by: User | None = None
) -> Publication:
    """Publish these editions and uploads in one revision; with no arguments all that is staged."""
    waiting = LayerUpload.objects.filter(state=UploadState.CHECKED)
    if what:
        editions = [one for one in what if isinstance(one, Edition)]
        own = [one.pk for one in what if isinstance(one, LayerUpload)]
        waiting = waiting.filter(Q(edition__in=editions) | Q(pk__in=own))
    uploads = list(waiting.order_by("pk"))
    owner = uploads[0].office
    return publication.publish(
        uploads=uploads, by=by or planner(owner), approved_by=approved_by or reviewer(owner)
    )


# fixtures


@pytest.fixture
def town_office(db: None) -> Office:
    """The office with its planner and reviewer."""
    planner()
    reviewer()
    return office()


@pytest.fixture
def small_town(db: None) -> Publication:
    """A published hectare in four: housing and road in force since 2018 with complete coverage.

    Zones ODT 0-60 and DGT 60-100 (x) by 0-100 (y), parcel 1 at (10, 10, 10, 20) all in ODT,
    parcel 2 at (55, 10, 10, 20) half and half; coverage of construction complete over 1 km².
    """
    planner()
    reviewer()
    first = edition(plan("zoning"))
    zone(first, square(0, 0, 60, 100), "ODT")
    zone(first, square(60, 0, 40, 100), "DGT")
    parcel("1", square(10, 10, 10, 20), registry_area=200)
    parcel("2", square(55, 10, 10, 20), feature=2)
    cover(square(-500, -500, 1000))
    return publish()
