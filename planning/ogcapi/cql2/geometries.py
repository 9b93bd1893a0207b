"""Geometries of a filter: checked, counted, and brought into the system in which rows are stored."""

import math
from typing import Any

import numpy as np
import shapely
from django.db.models import Value
from django.utils.translation import gettext_lazy as _
from shapely.geometry.base import BaseGeometry

from planning import crs
from planning.errors import CannotMeasure
from planning.ogcapi.cql2.expressions import Shape
from planning.ogcapi.cql2.limits import MAX_DEPTH, MAX_VERTICES, not_cql2, too_deep, too_large, wrong_type
from planning.ogcapi.cql2.operands import Operand, Type

_SEGMENTS = 16  # of each side of a box in a projected system, whose sides are curves in degrees
_KINDS: dict[str, tuple[int, Any]] = {
    "Point": (0, shapely.Point),
    "MultiPoint": (1, shapely.MultiPoint),
    "LineString": (1, shapely.LineString),
    "MultiLineString": (2, shapely.MultiLineString),
    "Polygon": (2, lambda rings: shapely.Polygon(rings[0], rings[1:])),
    "MultiPolygon": (
        3,
        lambda parts: shapely.MultiPolygon([shapely.Polygon(rings[0], rings[1:]) for rings in parts]),
    ),
}


class Geometries:
    """Reads the geometries of one filter, all in one system, and counts what they have."""

    def __init__(self, system: crs.CRS) -> None:
        self.system = system
        self.vertices = 0

    def literal(self, tree: dict[str, Any]) -> Operand:
        """A GeoJSON geometry. Raises BadParameter."""
        shape = self.placed(self.shape(tree, 0))
        if not shape.is_valid:
            raise wrong_type(_("a geometry is not valid: %(detail)s"), detail=shapely.is_valid_reason(shape))
        return operand_of(shape)

    def box(self, numbers: Any) -> Operand:
        """A box of four numbers, or of six with heights, which are dropped. Raises BadParameter."""
        if not isinstance(numbers, list) or len(numbers) not in (4, 6):
            raise not_cql2(_("a box has four numbers or six."))
        half = len(numbers) // 2
        first, low = self.position(numbers[:half])
        last, high = self.position(numbers[half:])
        if low > high:
            raise wrong_type(_("the box is upside down: its first corner is the lower one."))
        if first <= last:
            return operand_of(self.boxed(first, low, last, high))
        if self.system.is_projected:
            raise wrong_type(_("the box is inside out: its first corner is the left one."))
        # across the antimeridian: what lies between is the other side of the world
        halves = [self.boxed(first, low, 180.0, high), self.boxed(-180.0, low, last, high)]
        return operand_of(shapely.MultiPolygon(halves))

    def boxed(self, west: float, south: float, east: float, north: float) -> Any:
        """A box in the stored system; of no width or height, a line or a point."""
        if west == east or south == north:
            line = shapely.LineString([(west, south), (east, north)])
            return self.placed(shapely.Point(west, south) if line.length == 0 else line)
        box = shapely.box(west, south, east, north)
        if self.system.is_projected:
            box = shapely.segmentize(box, max(east - west, north - south) / _SEGMENTS)
        return self.placed(box)

    def shape(self, tree: Any, depth: int) -> BaseGeometry:
        """The geometry as it is given, in the order of axes that it is given in."""
        if depth > MAX_DEPTH:
            raise too_deep()
        kind = tree.get("type") if isinstance(tree, dict) else None
        if kind == "GeometryCollection":
            members = tree.get("geometries")
            if not isinstance(members, list) or not members:
                raise wrong_type(_("a geometry is empty."))
            return shapely.GeometryCollection([self.shape(one, depth + 1) for one in members])
        if not isinstance(kind, str) or kind not in _KINDS:
            raise not_cql2(_("there is no geometry of that kind."))
        nesting, build = _KINDS[kind]
        return self.built(build, self.positions(tree.get("coordinates"), nesting, kind))

    def built(self, build: Any, positions: Any) -> BaseGeometry:
        """The geometry of these positions."""
        try:
            return build(positions)
        except (ValueError, shapely.errors.ShapelyError):
            raise wrong_type(_("a geometry has too few positions.")) from None

    def positions(self, tree: Any, nesting: int, kind: str) -> Any:
        """Coordinates nested as the kind of geometry wants it."""
        if nesting == 0:
            return self.position(tree, counts=True)
        if not isinstance(tree, list) or not tree:
            raise wrong_type(_("a geometry is empty."))
        found = [self.positions(one, nesting - 1, kind) for one in tree]
        if nesting == 1 and kind.endswith("Polygon") and (len(found) < 4 or found[0] != found[-1]):
            raise wrong_type(_("a ring of a polygon is not closed."))
        return found

    def position(self, tree: Any, *, counts: bool = False) -> tuple[float, float]:
        """The first two numbers of a position, east before north."""
        if not isinstance(tree, list) or not 2 <= len(tree) <= 4:
            raise not_cql2(_("a position has two numbers."))
        for one in tree:
            if isinstance(one, bool) or not isinstance(one, int | float) or not _is_finite(one):
                raise not_cql2(_("a position has two numbers."))
        if counts:
            self.vertices += 1
            if self.vertices > MAX_VERTICES:
                raise too_large(_("vertices"), MAX_VERTICES)
        first, second = float(tree[0]), float(tree[1])
        return (second, first) if self.system.axes == "NE" else (first, second)

    def placed(self, shape: BaseGeometry) -> BaseGeometry:
        """The shape in EPSG:4326, longitude first. Raises BadParameter beyond the ends of the world."""
        if not self.system.is_projected:
            _check_range(shape)
        try:
            moved = crs.transform(shape, self.system, crs.WGS84)
        except CannotMeasure:
            raise _outside() from None
        _check_range(moved)
        return moved


def operand_of(shape: BaseGeometry) -> Operand:
    """A shape as a parameter."""
    wkb = shapely.to_wkb(shapely.set_srid(shape, 4326), include_srid=True)
    return Operand(type=Type.GEOMETRY, expression=Shape(Value(wkb)), constant=shape)


def members_of(geometry: Operand) -> Operand:
    """A collection as one geometry of one kind, as most relations want it. Raises BadParameter."""
    if not isinstance(geometry.constant, shapely.GeometryCollection):
        return geometry
    merged = shapely.unary_union(geometry.constant)
    if isinstance(merged, shapely.GeometryCollection):
        raise wrong_type(_("only S_INTERSECTS and S_DISJOINT take a collection of points, lines and areas."))
    return operand_of(merged)


def _is_finite(value: int | float) -> bool:
    return abs(value) < 1e300 and math.isfinite(value)


def _check_range(shape: BaseGeometry) -> None:
    coordinates = shapely.get_coordinates(shape)
    if not (np.abs(coordinates) <= (180.0, 90.0)).all():
        raise _outside()


def _outside() -> Exception:
    return wrong_type(_("a position lies outside the world (longitude ±180, latitude ±90)."))
