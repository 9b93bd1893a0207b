"""Land that somebody declared something about, against the subject or a point: is it covered, is it reached?

What backs a "no" must hold the subject on the drawn lines, but for what the grid alone explains, part by
part. What raises a doubt counts as far as its edge may lie in truth.
"""

from collections.abc import Sequence

import numpy as np
import shapely
from shapely import Point
from shapely.geometry.base import BaseGeometry

from planning.geometry.bands import reach, united
from planning.geometry.subject import GRID, Subject

Land = Subject | Point
# How far around a point declared land is looked at, in metres; far more than the gaps that are closed.
SURROUNDINGS = 1.0


def may_reach(land: Land, declared: BaseGeometry, *, tolerance: float) -> bool:
    """Whether declared land whose edge may be off by the tolerance may hold some of the subject."""
    return bool(shapely.dwithin(_shape(land), declared, reach(tolerance)))


def shares_land(land: Land, declared: BaseGeometry) -> bool:
    """Whether declared land holds some of the subject on the drawn lines, more than the grid explains.

    A point on the edge belongs to the land on both sides of it.
    """
    if isinstance(land, Point):
        return bool(shapely.dwithin(land, declared, GRID))
    return shapely.intersection(land.geometry, declared).area > _noise(land, declared)


def covered(land: Land, declared: Sequence[BaseGeometry]) -> bool:
    """Whether pieces of declared land together hold all of the subject; a point not on their edge."""
    if not declared:
        return False
    if isinstance(land, Point):
        return _is_inside(land, declared)
    missing = shapely.difference(land.geometry, _own(land, declared))
    parts = shapely.get_parts(missing)
    allowed = np.minimum(GRID * shapely.length(parts), land.noise)
    return bool(missing.area <= land.noise and (shapely.area(parts) <= allowed).all())


def some_left(
    land: Land, declared: Sequence[BaseGeometry], doubted: Sequence[BaseGeometry], *, tolerance: float
) -> bool:
    """Whether some of the subject lies in declared land and surely not in doubted land."""
    if isinstance(land, Point):
        reached = any(may_reach(land, shape, tolerance=tolerance) for shape in doubted)
        return not reached and any(shapely.intersects(land, shape) for shape in declared)
    left = _own(land, declared)
    if doubted:
        window = shapely.box(*land.window(3 * reach(tolerance)))
        near = shapely.intersection(np.array(doubted, dtype=object), window)
        left = shapely.difference(left, shapely.union_all(shapely.buffer(near, tolerance)))
    return bool(left.area > _noise(land, left))


def _shape(land: Land) -> BaseGeometry:
    return land if isinstance(land, Point) else land.geometry


def _own(land: Subject, declared: Sequence[BaseGeometry]) -> BaseGeometry:
    """The subject's part of declared land."""
    return shapely.union_all(shapely.intersection(np.array(declared, dtype=object), land.geometry))


def _noise(land: Subject, part: BaseGeometry) -> float:
    """The area that the grid can make of this very part."""
    return min(land.noise, GRID * float(part.length))


def _is_inside(point: Point, declared: Sequence[BaseGeometry]) -> bool:
    around = shapely.box(*point.buffer(SURROUNDINGS).bounds)
    near = shapely.intersection(np.array(declared, dtype=object), around)
    land = united(near[~shapely.is_empty(near)]) if not shapely.is_empty(near).all() else None
    if land is None or not shapely.intersects(point, land):
        return False
    return not shapely.dwithin(point, shapely.boundary(land), GRID)
