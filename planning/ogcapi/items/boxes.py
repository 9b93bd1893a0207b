"""The numbers of `bbox` in its coordinate system -> the land they mean, in EPSG:4326 as rows are stored.

A box in degrees stays the box it is; across 180 degrees it becomes two. The edges of a box in metres are
curves in degrees: they are drawn with as many corners as make the difference less than what coordinates
are written with, and the land grows by that, so that no feature at an edge is lost and the geometry
index of the stored column can be used. Rows are not transformed.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from planning import crs
from planning.errors import BadParameter, Reason

Numbers = tuple[float, ...]
Points = NDArray[np.float64]

# A millimetre: coordinates are written to the centimetre or the millimetre. Only the edges of boxes of
# hundreds of kilometres need more corners than an edge may have; they reach some centimetres too far.
_TOLERANCE_DEGREES = 1e-8
_MOST_PIECES = 512
# So far beyond the area of use a projection is still asked; farther out it may give nonsense.
_BEYOND_DEGREES = 5.0
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Land:
    """What a box means in EPSG:4326; None where it reaches nothing that its system can express."""

    shape: GEOSGeometry | None


def read_numbers(name: str, text: str) -> Numbers:
    """Four numbers, or six of which the heights are left out. Raises BadParameter."""
    refused = BadParameter(name, text, Reason.NOT_A_BOX)
    if len(text) > _LONGEST:
        raise refused
    try:
        found = tuple(float(part) for part in text.split(","))
    except ValueError:
        raise refused from None
    if "_" in text or len(found) not in (4, 6) or not all(map(math.isfinite, found)):
        raise refused
    return found if len(found) == 4 else (*found[:2], *found[3:5])


def land_of(numbers: Numbers, system: crs.CRS, *, name: str = "bbox") -> Land:
    """The land of a box whose numbers follow the axes of the system. Raises BadParameter."""
    west, south, east, north = _in_gis_order(numbers, system)
    if south > north or (system.is_projected and west > east):
        raise BadParameter(name, _written(numbers), Reason.NOT_A_BOX)
    if system.is_projected:
        return _of_projected((west, south, east, north), system)
    _must_be_on_earth(name, numbers, (west, east), (south, north))
    boxes = [(west, south, east, north)]
    if west > east:
        boxes = [(west, south, 180.0, north), (-180.0, south, east, north)]
    return Land(_stored(shapely.union_all([_of_degrees(box, system) for box in boxes])))


def _in_gis_order(numbers: Numbers, system: crs.CRS) -> tuple[float, float, float, float]:
    first, second, third, fourth = numbers
    return (second, first, fourth, third) if system.axes == "NE" else (first, second, third, fourth)


def _must_be_on_earth(
    name: str, numbers: Numbers, longitudes: Sequence[float], latitudes: Sequence[float]
) -> None:
    """OGC 17-069r4 /req/core/fc-bbox-response D."""
    for values, most in ((longitudes, 180), (latitudes, 90)):
        for value in values:
            if not -most <= value <= most:
                raise BadParameter(name, value, Reason.OUT_OF_RANGE, low=-most, high=most)


def _written(numbers: Numbers) -> str:
    return ",".join(f"{number:g}" for number in numbers)


def _of_degrees(box: Sequence[float], system: crs.CRS) -> BaseGeometry:
    """Another datum moves the corners by some metres; its edges stay straight far below our decimals."""
    return crs.transform(_rectangle(*box), system, crs.WGS84)


def _rectangle(west: float, south: float, east: float, north: float) -> BaseGeometry:
    """A box without width or height is a line or a point: as a polygon it would meet nothing."""
    corners = [(west, south), (east, north)]
    if (west, south) == (east, north):
        return shapely.Point(west, south)
    return (
        shapely.LineString(corners)
        if west == east or south == north
        else shapely.box(*corners[0], east, north)
    )


def _of_projected(box: tuple[float, float, float, float], system: crs.CRS) -> Land:
    west, south, east, north = _reach(system)
    left, bottom = max(box[0], west), max(box[1], south)
    right, top = min(box[2], east), min(box[3], north)
    if left > right or bottom > top:
        return Land(None)
    return Land(_stored(_curved((left, bottom, right, top), system)))


def _reach(system: crs.CRS) -> tuple[float, float, float, float]:
    """The coordinates that the system gives to its area of use and somewhat beyond."""
    west, south, east, north = system.area_of_use or (-180.0, -90.0, 180.0, 90.0)
    world = shapely.box(-180, -89.9, 180, 89.9)
    if west > east:
        east += 360
    area = shapely.box(west, south, east, north).buffer(_BEYOND_DEGREES, join_style="mitre")
    outline = shapely.segmentize(area.intersection(world), 0.5)
    return crs.transform(outline, crs.WGS84, system).bounds


def _curved(box: tuple[float, float, float, float], system: crs.CRS) -> BaseGeometry:
    left, bottom, right, top = box
    ring = [(left, bottom), (right, bottom), (right, top), (left, top), (left, bottom)]
    edges = [_edge(np.array(ends, dtype=float), system) for ends in pairwise(ring)]
    corners = np.concatenate([points for points, _ in edges])
    farthest = max(deviation for _, deviation in edges)
    return shapely.Polygon(corners).buffer(farthest + _TOLERANCE_DEGREES, join_style="mitre")


def _edge(ends: Points, system: crs.CRS) -> tuple[Points, float]:
    """An edge in degrees with as many corners as it needs, and how far it may still be from the curve."""
    pieces = 2
    while True:
        steps = np.linspace(0.0, 1.0, pieces + 1)[:, None]
        points = crs.transform_array(ends[0] + steps * (ends[1] - ends[0]), system, crs.WGS84)
        chords = (points[:-2:2] + points[2::2]) / 2
        # half as long a chord is a quarter as far from the curve
        deviation = float(np.abs(points[1:-1:2] - chords).max()) / 4
        if deviation <= _TOLERANCE_DEGREES or pieces >= _MOST_PIECES:
            return points, deviation
        pieces *= 4


def _stored(shape: BaseGeometry) -> GEOSGeometry:
    return GEOSGeometry(memoryview(shape.wkb), srid=crs.WGS84.srid)
