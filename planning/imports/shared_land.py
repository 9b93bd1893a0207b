"""Which shapes of a layer share land, and how much: pairs, in batches, with an end.

Beside `coverage_checks`. A small file can hold thousands of shapes on one spot, which makes millions of
pairs: no more are looked at than a plan could mean, and of a common part only its measures stay.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from planning.geometry import GRID
from planning.imports.reading import Geometries

# Zones that tile have about three neighbours each, every pair counted once.
PAIRS_PER_SHAPE = 20
_FEW = 1_000  # shapes: below so many the limit is that of so many
# What one batch may ask of the tree, and what one may cut at a time: pairs, vertices.
_CANDIDATES = 4_000_000
_VERTICES = 2_000_000

Indices = NDArray[np.int64]
Pairs = tuple[Indices, Indices]


@dataclass(frozen=True, slots=True)
class SharedLand:
    """Pairs of shapes (`left` < `right`) whose common part has an area; points where it is more than a grain.

    `is_whole` says whether all pairs were looked at.
    """

    left: Indices
    right: Indices
    area: NDArray[np.float64]
    length: NDArray[np.float64]
    points: Geometries
    is_whole: bool


def shared_land(geometries: Geometries) -> SharedLand:
    """The common land of valid polygons in metres."""
    limit = PAIRS_PER_SHAPE * max(len(geometries), _FEW)
    parts = [_measured(geometries, np.empty(0, np.int64), np.empty(0, np.int64))]
    seen = 0
    for left, right in _neighbours(geometries):
        room = limit - seen
        parts += [_measured(geometries, *pairs) for pairs in _cut(geometries, left[:room], right[:room])]
        seen += len(left)
        if seen > limit:
            break
    left, right, area, length, points = (np.concatenate(column) for column in zip(*parts, strict=True))
    return SharedLand(left, right, area, length, points, is_whole=seen <= limit)


def _neighbours(geometries: Geometries) -> Iterator[Pairs]:
    """All pairs that meet, each once, for some shapes at a time: a tree may answer with everything."""
    tree = shapely.STRtree(geometries)
    count = len(geometries)
    step = min(max(_CANDIDATES // max(count, 1), 16), 1_000)
    for start in range(0, count, step):
        left, right = tree.query(geometries[start : start + step], predicate="intersects")
        left += start
        once = left < right
        if once.any():
            yield left[once], right[once]


def _cut(geometries: Geometries, left: Indices, right: Indices) -> Iterator[Pairs]:
    """The pairs in portions of so many vertices, because a common part may have as many as both."""
    vertices = shapely.get_num_coordinates(geometries)
    portion = np.cumsum(vertices[left] + vertices[right]) // _VERTICES
    ends = np.flatnonzero(np.diff(portion)) + 1
    yield from zip(np.split(left, ends), np.split(right, ends), strict=True)


def _measured(
    geometries: Geometries, left: Indices, right: Indices
) -> tuple[Indices, Indices, NDArray[np.float64], NDArray[np.float64], Geometries]:
    common = shapely.intersection(geometries[left], geometries[right])
    area = shapely.area(common)
    some = area > 0
    left, right, common, area = left[some], right[some], common[some], area[some]
    points = np.full(len(common), None, dtype=object)
    shown = area > GRID
    points[shown] = shapely.point_on_surface(common[shown])
    return left, right, area, shapely.length(common), points
