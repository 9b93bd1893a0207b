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

from planning.answer.model import Answer
from planning.models import Parcel, RestrictionPiece, ZonePiece
from portal.drawing import Area, Frame, Limit

# Beyond that many outlines a map would be black; then it shows none.
MOST_PARCELS = 400
MOST_ZONES = 2_000


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Zones by plan, restrictions and parcels within the window of the map; shapes in EPSG:4326."""

    zones: Mapping[str, tuple[Area, ...]] = field(default_factory=dict)
    limits: tuple[Limit, ...] = ()
    parcels: tuple[BaseGeometry, ...] = ()


class ClippedTo(Func):
    """What of a geometry lies in a box; fast, and good enough to be drawn."""

    function = "ST_ClipByBox2D"
    output_field = GeometryField(srid=4326)

    def __init__(self, geometry: str, window: GEOSGeometry) -> None:
        super().__init__(geometry, Value(window, output_field=GeometryField(srid=4326)))


def around(answer: Answer) -> Surroundings:
    """Everything in force within the window of the answer's map, in three statements."""
    west, south, east, north = Frame.around(answer.subject.geometry).window()
    window = Polygon.from_bbox((west, south, east, north))
    window.srid = 4326
    zones = _in_force(ZonePiece.objects.all(), answer, window)
    return Surroundings(
        zones=_by_plan(zones.select_related("zone", "land_use")[:MOST_ZONES]),
        limits=tuple(_limits(_in_force(RestrictionPiece.objects.all(), answer, window))),
        parcels=_parcels(answer, window),
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
            label=piece.zone.code or use.code,
            colour=use.colour,
            group=use.group,
            use=use.code,
            name_vi=use.name_vi,
            name_en=use.name_en,
        )
        found[piece.plan_id].append(area)
    return {plan: tuple(areas) for plan, areas in found.items()}


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


def _shape(geometry: GEOSGeometry) -> BaseGeometry:
    return shapely.from_wkb(bytes(geometry.wkb))
