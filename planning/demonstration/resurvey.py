"""A ward surveyed anew: some lots split, some merged, some renumbered, the others as they were.

Between `lots` and `drawings`; pure shapely, metres. The same lots always give the same survey.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import shapely
import shapely.ops
from shapely import affinity
from shapely.geometry.base import BaseGeometry

from planning.demonstration.lots import Lot
from planning.demonstration.town import GRID


def resurvey(lots: Iterable[Lot], settings: Mapping[str, int]) -> list[Lot]:
    """The lots of the ward as a later survey shows them; new numbers follow the highest of each sheet."""
    left = {(lot.sheet, lot.number, lot.address): lot for lot in lots}
    next_number = {
        sheet: _highest(sheet, left.values()) + 1 for sheet in {lot.sheet for lot in left.values()}
    }
    found: list[Lot] = []
    for place, (key, lot) in enumerate(list(left.items()), 1):
        if left.pop(key, None) is None:
            continue  # merged into an earlier one
        shapes = [lot.shape]
        if place % settings["split_every"] == 0:
            shapes = _halves(lot.shape)
        elif place % settings["merge_every"] == 0 and (other := _neighbour(lot, left.values())):
            del left[(other.sheet, other.number, other.address)]
            shapes = [shapely.union(lot.shape, other.shape, grid_size=GRID)]
        elif place % settings["renumber_every"] != 0:
            found.append(lot)
            continue
        for shape in shapes:
            found.append(_surveyed(lot, shape, str(next_number[lot.sheet])))
            next_number[lot.sheet] += 1
    return found


def _surveyed(lot: Lot, shape: BaseGeometry, number: str) -> Lot:
    area = round(float(shape.area), 1)
    return replace(lot, shape=shape, number=number, registry_area=area, old_sheet="", old_number="")


def _highest(sheet: str, lots: Iterable[Lot]) -> int:
    return max(int(lot.number) for lot in lots if lot.sheet == sheet)


def _halves(shape: BaseGeometry) -> list[BaseGeometry]:
    """Cut across the middle of its longer side."""
    corners = shapely.get_coordinates(shapely.oriented_envelope(shape))
    sides = [(corners[i], corners[i + 1]) for i in range(2)]
    start, end = max(sides, key=lambda side: float(((side[1] - side[0]) ** 2).sum()))
    middle = shapely.centroid(shape)
    along = affinity.translate(shapely.LineString([start, end]), *(_offset(middle, (start + end) / 2)))
    knife = affinity.scale(affinity.rotate(along, 90, origin=middle), 10, 10, origin=middle)
    parts = shapely.get_parts(shapely.ops.split(shape, knife))
    return [shapely.set_precision(part, GRID) for part in parts]


def _offset(point: shapely.Point, start: Sequence[float]) -> tuple[float, float]:
    return point.x - start[0], point.y - start[1]


def _neighbour(lot: Lot, lots: Iterable[Lot]) -> Lot | None:
    """The lot that shares the longest boundary with it on the same sheet."""
    shared = [
        (shapely.length(shapely.intersection(lot.shape, other.shape, grid_size=GRID)), other)
        for other in lots
        if other.sheet == lot.sheet and shapely.intersects(lot.shape, other.shape)
    ]
    longest, other = max(shared, key=lambda pair: float(pair[0]), default=(0.0, None))
    return other if longest > 1 else None
