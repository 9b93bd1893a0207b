"""Where two plans disagree: overlap regions wider than the lines are exact.

Which plan prevails is not decided here or anywhere in software.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from planning.geometry.bands import clipped, reach
from planning.geometry.overlay import Piece
from planning.geometry.subject import GRID, QUARTER, Subject


@dataclass(frozen=True, slots=True)
class Conflict:
    """A zone of one plan over a zone of the other. `area` (m2) and `region` are the subject's part."""

    first: str
    second: str
    area: float
    region: BaseGeometry


def conflicts(
    subject: Subject, first: Sequence[Piece], second: Sequence[Piece], *, tolerance: float
) -> tuple[Conflict, ...]:
    """Overlaps of two plans' pieces of different groups that are wider than two tolerances.

    The overlap is eroded before it is cut with the subject: a conflict reaching far beyond a narrow
    parcel is one for that parcel too. Narrower overlaps are findings for the planner.
    """
    pairs = [
        (a, b)
        for a in _overlapping(subject, first)
        for b in _overlapping(subject, second)
        if a.group != b.group
    ]
    if not pairs:
        return ()
    left = clipped(np.array([a.geometry for a, _ in pairs], dtype=object), subject, tolerance)
    right = clipped(np.array([b.geometry for _, b in pairs], dtype=object), subject, tolerance)
    common = shapely.intersection(left, right)
    core = shapely.intersection(subject.geometry, shapely.buffer(common, -tolerance, quad_segs=QUARTER))
    found = [
        _conflict(subject, a, b, region)
        for (a, b), region, area in zip(pairs, common, shapely.area(core), strict=True)
        if area > subject.noise
    ]
    return tuple(sorted(found, key=lambda conflict: (conflict.first, conflict.second)))


def _overlapping(subject: Subject, pieces: Sequence[Piece]) -> list[Piece]:
    return [piece for piece in pieces if shapely.intersects(subject.geometry, piece.geometry)]


def _conflict(subject: Subject, a: Piece, b: Piece, region: BaseGeometry) -> Conflict:
    own = shapely.intersection(subject.geometry, _land(region), grid_size=GRID)
    own = _land(shapely.set_precision(own, 0, mode="pointwise"))
    return Conflict(a.key, b.key, float(own.area), own)


def _land(shape: BaseGeometry) -> BaseGeometry:
    """Its areas alone. Pieces that also share an edge or a corner leave lines and points beside them.

    An overlay on the grid takes no mixture, and an edge in common is no conflict.
    """
    if shape.geom_type != "GeometryCollection":
        return shape
    parts = shapely.get_parts(shape)
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2])


def surely_both(point: shapely.Point, a: Piece, b: Piece, *, tolerance: float) -> bool:
    """Whether a point lies in a conflict of two pieces, farther than the tolerance from its edge."""
    surroundings = shapely.box(*point.buffer(3 * reach(tolerance)).bounds)
    common = shapely.intersection(shapely.intersection(a.geometry, surroundings), b.geometry)
    return bool(shapely.covers(shapely.buffer(common, -tolerance, quad_segs=QUARTER), point))
