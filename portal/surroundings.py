"""What lies around a subject on its map: zones and restrictions in force, outlines of parcels.

An answer holds only what concerns its subject; a map needs a little more to be read. Asked of the same
revision and day as the answer, so both show one state. Nothing here is measured or said in words.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import shapely
from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import GEOSGeometry, Polygon
from django.db.models import Func, QuerySet, Value
from shapely.geometry.base import BaseGeometry

from planning.answer.model import Answer, ThemeState
from planning.models import (
    AdminUnit,
    AdminUnitKind,
    Coverage,
    Parcel,
    RestrictionPiece,
    VerticalLevel,
    ZonePiece,
)
from portal.drawing import Area, Frame, Limit

# Beyond that many outlines a map would be black; then it shows none.
MOST_PARCELS = 400
MOST_ZONES = 2_000
_NOTHING_SAID = (ThemeState.UNKNOWN, ThemeState.ERROR)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Zones by plan, restrictions and parcels within the window of the map; shapes in EPSG:4326.

    `coverage` None: nobody asked where the data are complete. `province` is the one of today.
    """

    zones: Mapping[str, tuple[Area, ...]] = field(default_factory=dict)
    limits: tuple[Limit, ...] = ()
    parcels: tuple[BaseGeometry, ...] = ()
    coverage: tuple["Declared", ...] | None = None
    province: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """Where and of what the data were declared complete, or something less."""

    theme: str
    plan_kind: str
    state: str
    shape: BaseGeometry


class ClippedTo(Func):
    """What of a geometry lies in a box; fast, and good enough to be drawn."""

    function = "ST_ClipByBox2D"
    output_field = GeometryField(srid=4326)

    def __init__(self, geometry: str, window: GEOSGeometry) -> None:
        super().__init__(geometry, Value(window, output_field=GeometryField(srid=4326)))


def around(answer: Answer) -> Surroundings:
    """Everything in force within the window of the answer's map, in a fixed number of statements.

    Of a theme that the answer knows nothing of, nothing is drawn either.
    """
    west, south, east, north = Frame.around(answer.subject.geometry).window()
    window = Polygon.from_bbox((west, south, east, north))
    window.srid = 4326
    known = [theme.code for theme in answer.themes if theme.state not in _NOTHING_SAID]
    zones = _in_force(ZonePiece.objects.filter(theme__in=known), answer, window)
    surface = RestrictionPiece.objects.filter(theme__in=known, level=VerticalLevel.SURFACE)
    limits = _in_force(surface, answer, window)
    return Surroundings(
        zones=_by_plan(zones.select_related("zone", "land_use")[:MOST_ZONES]),
        limits=tuple(_limits(limits)),
        parcels=_parcels(answer, window),
        coverage=_coverage(answer, window),
        province=_province(answer),
    )


def _in_force(pieces: QuerySet[Any], answer: Answer, window: GEOSGeometry) -> QuerySet[Any]:
    near = pieces.known_at(answer.revision).in_force(answer.as_at).filter(geometry__intersects=window)  # type: ignore[attr-defined]
    return near.annotate(drawn=ClippedTo("geometry", window)).defer("geometry").order_by("pk")


def _by_plan(pieces: Iterable[ZonePiece]) -> Mapping[str, tuple[Area, ...]]:
    found: dict[str, list[Area]] = defaultdict(list)
    for piece in pieces:
        use = piece.land_use
        area = Area(
            shape=_shape(piece.drawn),  # type: ignore[attr-defined]
            label=label_of(piece.zone.code, use.code),
            colour=use.colour,
            group=use.group,
            use=use.code,
            name_vi=use.name_vi,
            name_en=use.name_en,
        )
        found[piece.plan_id].append(area)
    return {plan: tuple(areas) for plan, areas in found.items()}


def label_of(zone_code: str, use_code: str) -> str:
    """What stands on a zone: its own code and that of its use, which the legend explains."""
    if use_code in zone_code:
        return zone_code
    return " · ".join(code for code in (zone_code, use_code) if code)


def _limits(pieces: QuerySet[Any]) -> Iterable[Limit]:
    for piece in pieces:
        yield Limit(shape=_shape(piece.drawn), label="", kind=piece.kind)


def _parcels(answer: Answer, window: GEOSGeometry) -> tuple[BaseGeometry, ...]:
    near = (
        Parcel.objects.known_at(answer.revision)
        .valid_on(answer.as_at)
        .filter(geometry__intersects=window)
        .annotate(drawn=ClippedTo("geometry", window))
        .order_by("pk")
        .values_list("drawn", flat=True)[: MOST_PARCELS + 1]
    )
    shapes = tuple(_shape(drawn) for drawn in near)
    return shapes if len(shapes) <= MOST_PARCELS else ()


def _coverage(answer: Answer, window: GEOSGeometry) -> tuple[Declared, ...]:
    rows = (
        Coverage.objects.known_at(answer.revision)
        .valid_on(answer.as_at)
        .filter(geometry__intersects=window)
        .annotate(drawn=ClippedTo("geometry", window))
        .order_by("pk")
        .values_list("theme_id", "plan_kind", "state", "drawn")
    )
    return tuple(
        Declared(theme=theme, plan_kind=kind, state=state, shape=shapely.make_valid(_shape(drawn)))
        for theme, kind, state, drawn in rows
    )


def _province(answer: Answer) -> str:
    """The province that the land belongs to today, else that of its survey; "" where none is known."""
    subject = answer.subject
    communes = [*subject.commune_now, *([subject.commune] if subject.commune else [])]
    units = AdminUnit.objects.select_related("parent__parent").in_bulk([each.id for each in communes])
    for commune in communes:
        unit = units.get(commune.id)
        while unit is not None:
            if unit.kind == AdminUnitKind.PROVINCE:
                return str(unit.name)
            unit = unit.parent
    return ""


def _shape(geometry: GEOSGeometry) -> BaseGeometry:
    return shapely.from_wkb(bytes(geometry.wkb))
