"""Parcels at a place: under a point with its neighbours, or under an outline."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import shapely
from django.contrib.gis.geos import Polygon as Box
from shapely.geometry.base import BaseGeometry

from planning.lookup.parcels import Hit, hits_of, known

# how far a position given by phone may be off (m), where nobody says how far
POSITION_M = 10.0
# beyond this a position chooses among nothing
FARTHEST_M = 100.0
_METRES_PER_DEGREE = 111_320.0
# an outline wider than this is no parcel
_WIDEST_DEGREES = 0.02
_MOST_UNDER = 60
_LEAST_SHARE = 0.01
Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Beside:
    """A parcel and how far from the point it lies (m); 0 where the point is in it."""

    hit: Hit
    distance_m: float


@dataclass(frozen=True, slots=True)
class Under:
    """A parcel and the part of it that an outline covers (0-1)."""

    hit: Hit
    share: float


def around(
    places: Sequence[Place], *, revision: int, on: date, limit: int, within_m: float = POSITION_M
) -> tuple[tuple[Beside, ...], ...]:
    """For each (lon, lat): the parcels there and the neighbours, nearest first. One question for all.

    Distances are good enough for choosing neighbours and no more.
    """
    if not places:
        return ()
    reach = min(within_m, FARTHEST_M)
    boxes = [_box(lon, lat, reach) for lon, lat in places]
    # more than are shown where they stand densely: the nearest are chosen after
    hits = hits_of(known(revision).near_places(boxes), on=on, limit=2 * limit * len(places))
    shapes = [shapely.from_wkb(bytes(hit.parcel.geometry.wkb)) for hit in hits]
    return tuple(_nearest(place, hits, shapes, reach)[:limit] for place in places)


def _nearest(
    place: Place, hits: Sequence[Hit], shapes: Sequence[BaseGeometry], reach: float
) -> tuple[Beside, ...]:
    """Measured on a plane that touches the earth at the place."""
    lon, lat = place
    scale = (_METRES_PER_DEGREE * max(math.cos(math.radians(lat)), 0.01), _METRES_PER_DEGREE)
    point = shapely.Point(0, 0)
    measured = []
    for hit, shape in zip(hits, shapes, strict=True):
        flat = shapely.transform(shape, lambda corners: (corners - (lon, lat)) * scale)
        measured.append(Beside(hit, flat.distance(point)))
    near = [one for one in measured if one.distance_m <= 2 * reach]
    return tuple(sorted(near, key=lambda one: (one.distance_m, one.hit.parcel.code)))


def under(
    outlines: Sequence[BaseGeometry], *, revision: int, on: date, limit: int
) -> tuple[tuple[Under, ...], ...]:
    """For each outline (lon, lat): the parcels it covers in part at least, the most covered first."""
    boxes = [box for outline in outlines if (box := _box_of(outline)) is not None]
    if not boxes:
        return tuple(() for _outline in outlines)
    hits = hits_of(known(revision).near_places(boxes), on=on, limit=_MOST_UNDER * len(boxes))
    shapes = [shapely.from_wkb(bytes(hit.parcel.geometry.wkb)) for hit in hits]
    return tuple(_covered(outline, hits, shapes)[:limit] for outline in outlines)


def _covered(outline: BaseGeometry, hits: Sequence[Hit], shapes: Sequence[BaseGeometry]) -> tuple[Under, ...]:
    found = []
    for hit, shape in zip(hits, shapes, strict=True):
        share = shape.intersection(outline).area / shape.area if shape.area else 0.0
        # a neighbour touched along its edge is not meant
        if share > _LEAST_SHARE:
            found.append(Under(hit, share))
    return tuple(sorted(found, key=lambda one: (-one.share, one.hit.parcel.code)))


def _box_of(outline: BaseGeometry) -> Box | None:
    west, south, east, north = outline.bounds
    if max(east - west, north - south) > _WIDEST_DEGREES:
        return None
    box = Box.from_bbox((west, south, east, north))
    box.srid = 4326
    return box


def _box(lon: float, lat: float, reach: float) -> Box:
    half = reach / _METRES_PER_DEGREE
    wide = half / max(math.cos(math.radians(lat)), 0.01)
    box = Box.from_bbox((lon - wide, lat - half, lon + wide, lat + half))
    box.srid = 4326
    return box
