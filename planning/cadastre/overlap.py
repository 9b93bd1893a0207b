"""Which land of one survey is which land of another: pure shapely, metres on the 1 mm grid.

Two drawings of one boundary differ by the errors of both surveys, so land in common counts only where it
is deeper than that; what is narrower is noise along a common boundary.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

# Stored degrees drift by up to 2 mm on their way to metres and back; no survey is better than this.
LEAST_TOLERANCE = 0.02
_BATCH = 20_000

Shapes = NDArray[np.object_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Ground:
    """Parcels of one survey: their shapes, and how far each one's boundary may be off."""

    shapes: Shapes
    tolerance: Floats


@dataclass(frozen=True, slots=True)
class Links:
    """Land in common: row of the former side, row of the later side, square metres.

    `is_same` where the two boundaries agree within the errors of both surveys.
    """

    former: Ints
    later: Ints
    shared: Floats
    is_same: NDArray[np.bool_]


def links(former: Ground, later: Ground, *, bases: tuple[NDArray[np.str_], NDArray[np.str_]]) -> Links:
    """All land that a former and a later parcel have in common.

    Parcels whose boundaries agree are matched first, one to one, those of one number (`bases`) before
    others; only what is left is cut against each other.
    """
    later_rows, former_rows = shapely.STRtree(former.shapes).query(later.shapes)
    reach = np.maximum(np.hypot(former.tolerance[former_rows], later.tolerance[later_rows]), LEAST_TOLERANCE)
    same = _same_land(former, later, former_rows, later_rows, reach, bases)
    of_same = (former_rows[same], later_rows[same])
    is_open = ~(np.isin(former_rows, of_same[0]) | np.isin(later_rows, of_same[1]))
    open_rows = np.flatnonzero(is_open & _boxes_overlap(former, later, former_rows, later_rows, reach))
    shared = _shared(
        former.shapes, later.shapes, former_rows[open_rows], later_rows[open_rows], reach[open_rows]
    )
    kept = shared > 0
    cut = open_rows[kept]
    return Links(
        former=np.concatenate([of_same[0], former_rows[cut]]),
        later=np.concatenate([of_same[1], later_rows[cut]]),
        shared=np.concatenate([shapely.area(later.shapes[of_same[1]]), shared[kept]]),
        is_same=np.arange(len(same) + len(cut)) < len(same),
    )


def reaches_into(shapes: Shapes, tolerance: Floats, footprints: Shapes) -> NDArray[np.bool_]:
    """Which of the shapes one of the footprints shares land with."""
    found = np.zeros(len(shapes), dtype=bool)
    if len(footprints):
        inputs, rows = shapely.STRtree(footprints).query(shapes, predicate="intersects")
        reach = np.maximum(tolerance[inputs], LEAST_TOLERANCE)
        found[inputs[_shared(shapes, footprints, inputs, rows, reach) > 0]] = True
    return found


def _same_land(
    former: Ground,
    later: Ground,
    former_rows: Ints,
    later_rows: Ints,
    reach: Floats,
    bases: tuple[NDArray[np.str_], NDArray[np.str_]],
) -> Ints:
    """Positions among the pairs whose boundaries agree, one to one."""
    moved = np.abs(shapely.bounds(former.shapes)[former_rows] - shapely.bounds(later.shapes)[later_rows])
    near = np.flatnonzero((moved <= reach[:, None]).all(axis=1))
    apart = shapely.hausdorff_distance(former.shapes[former_rows[near]], later.shapes[later_rows[near]])
    agreeing = apart <= reach[near]
    near, apart = near[agreeing], apart[agreeing]
    renumbered = bases[0][former_rows[near]] != bases[1][later_rows[near]]
    order = np.lexsort((later_rows[near], former_rows[near], apart, renumbered))
    taken_former: set[int] = set()
    taken_later: set[int] = set()
    chosen = []
    for position in near[order].tolist():
        one, other = int(former_rows[position]), int(later_rows[position])
        if one not in taken_former and other not in taken_later:
            taken_former.add(one)
            taken_later.add(other)
            chosen.append(position)
    return np.array(sorted(chosen), dtype=np.int64)


def _boxes_overlap(
    former: Ground, later: Ground, former_rows: Ints, later_rows: Ints, reach: Floats
) -> NDArray[np.bool_]:
    """Neighbours only touch: boxes that overlap by less than the tolerance hold nothing in common."""
    one, other = shapely.bounds(former.shapes)[former_rows], shapely.bounds(later.shapes)[later_rows]
    wide = np.minimum(one[:, 2:], other[:, 2:]) - np.maximum(one[:, :2], other[:, :2])
    return np.asarray((wide > reach[:, None]).all(axis=1))


def _shared(former: Shapes, later: Shapes, former_rows: Ints, later_rows: Ints, reach: Floats) -> Floats:
    """Square metres in common; 0 where what they share is nowhere wider than the surveys' errors."""
    found = np.zeros(len(former_rows))
    for start in range(0, len(former_rows), _BATCH):
        part = slice(start, start + _BATCH)
        pieces = shapely.intersection(former[former_rows[part]], later[later_rows[part]])
        found[part] = np.where(_is_deep(pieces, reach[part]), shapely.area(pieces), 0.0)
    return found


def _is_deep(pieces: Shapes, reach: Floats) -> NDArray[np.bool_]:
    """Whether a circle as wide as the tolerance fits in: asked of the shape itself only where in doubt."""
    area, length = shapely.area(pieces), shapely.length(pieces)
    radius = reach / 2
    # of every shape: area / perimeter <= radius of the largest circle in it <= sqrt(area / pi)
    deep = np.asarray(area > radius * length)
    doubtful = np.flatnonzero(~deep & (area > np.pi * radius**2))
    eroded = shapely.buffer(pieces[doubtful], -radius[doubtful], quad_segs=2)
    deep[doubtful] = ~shapely.is_empty(eroded)
    return deep
