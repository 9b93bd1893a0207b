"""A point laid over the pieces of one plan: no areas, only classes."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import Point
from shapely.geometry.base import BaseGeometry

from planning.geometry.bands import Class, reach, united
from planning.geometry.overlay import Piece
from planning.geometry.subject import mended


@dataclass(frozen=True, slots=True)
class Place:
    """How one zone (or one group of zones, united) lies to the point."""

    key: str
    kind: Class


@dataclass(frozen=True, slots=True)
class Places:
    """What lies within tolerance of the point, per key and per group, in the order of their keys."""

    items: tuple[Place, ...]
    totals: tuple[Place, ...]


def locate(point: Point, pieces: Iterable[Piece], *, tolerance: float) -> Places:
    """The zones at a point: `whole` where surely inside, `borderline` where inside on the drawn lines
    or on an edge, `touch` where outside but within tolerance.

    Raises CannotMeasure where a piece within reach is invalid.
    """
    near = [p for p in pieces if shapely.dwithin(point, p.geometry, reach(tolerance))]
    by_key: dict[str, list[BaseGeometry]] = {}
    by_group: dict[str, list[BaseGeometry]] = {}
    for piece in near:
        shape = piece.geometry
        if not shapely.is_valid(shape):
            shape = mended(shape, what="piece", key=piece.key)
        by_key.setdefault(piece.key, []).append(shape)
        if piece.group is not None:
            by_group.setdefault(piece.group, []).append(shape)
    return Places(_places(point, by_key, tolerance), _places(point, by_group, tolerance))


def _places(point: Point, geometries: dict[str, list[BaseGeometry]], tolerance: float) -> tuple[Place, ...]:
    surroundings = shapely.box(*point.buffer(3 * reach(tolerance)).bounds)
    return tuple(
        Place(key, _kind(point, united(np.array(shapely.intersection(shapes, surroundings))), tolerance))
        for key, shapes in sorted(geometries.items())
    )


def _kind(point: Point, shape: BaseGeometry, tolerance: float) -> Class:
    if not shapely.intersects(point, shape):
        return Class.TOUCH
    on_edge = shapely.dwithin(point, shapely.boundary(shape), reach(tolerance))
    return Class.BORDERLINE if on_edge else Class.WHOLE
