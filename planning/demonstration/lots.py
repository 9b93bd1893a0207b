"""Cuts blocks into tube-house lots: a narrow lot for every few metres of street front, larger ones behind.

Second step of the flow; pure shapely and numpy, metres. The same seed always gives the same lots.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.random import Generator, default_rng
from shapely.geometry import MultiPoint
from shapely.geometry.base import BaseGeometry

from planning.demonstration.town import GRID, Block, Town


@dataclass(frozen=True, slots=True)
class Lot:
    """One invented parcel; `registry_area` is what an invented register says (None: not registered)."""

    ward: str
    sheet: str
    number: str
    shape: BaseGeometry
    registry_area: float | None
    address: str
    old_sheet: str
    old_number: str


def cut_lots(town: Town) -> list[Lot]:
    """All lots of the town, numbered per sheet from north-west to south-east within each ward."""
    rng = default_rng(town.settings["seed"])
    measures = town.settings["lots"]
    shapes: dict[str, list[BaseGeometry]] = {ward: [] for ward in town.wards}
    for block in town.blocks:
        if block.water is None:
            shapes[block.ward] += _cut_block(block, measures, rng)
    streets = shapely.STRtree(list(town.street_lines))
    lots: list[Lot] = []
    for ward in sorted(shapes):
        lots += _number(ward, shapes[ward], town, streets, rng)
    return lots


def _cut_block(block: Block, measures: Mapping[str, Any], rng: Generator) -> list[BaseGeometry]:
    """Lots of one block: the front band cut across at jittered steps, the yard cut by a coarse pattern."""
    yard = shapely.buffer(block.shape, -measures["depth_m"], join_style="mitre")
    band = shapely.difference(block.shape, yard, grid_size=GRID)
    front = measures["tube_house_front_m" if block.ward in measures["tube_house_wards"] else "front_m"]
    lots = _cells(band, _front_points(block.shape, front, measures["front_jitter_m"], rng))
    for part in shapely.get_parts(yard):
        if part.is_empty:  # the block is no deeper than two fronts
            continue
        lots += _cells(part, _yard_points(part, measures["yard_m"], rng))
    return [lot for lot in lots if lot.area >= measures["smallest_m2"]]


def _front_points(outline: BaseGeometry, front: float, spread: float, rng: Generator) -> BaseGeometry:
    ring = shapely.get_exterior_ring(outline)
    count = max(3, round(shapely.length(ring) / front))
    steps = (np.arange(count) + 0.5) * shapely.length(ring) / count
    jitter = rng.uniform(-0.5, 0.5, count) * spread
    return MultiPoint(shapely.get_coordinates(shapely.line_interpolate_point(ring, steps + jitter)))


def _yard_points(part: BaseGeometry, step: float, rng: Generator) -> BaseGeometry:
    west, south, east, north = part.bounds
    xs, ys = np.meshgrid(np.arange(west, east + step, step), np.arange(south, north + step, step))
    spread = rng.uniform(-step / 5, step / 5, (2, xs.size))
    return MultiPoint(np.column_stack([xs.ravel() + spread[0], ys.ravel() + spread[1]]))


def _cells(area: BaseGeometry, points: BaseGeometry) -> list[BaseGeometry]:
    """The area divided among the points: every spot goes to the nearest one."""
    cells = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=shapely.envelope(area)))
    shapely.prepare(area)
    cells = cells[shapely.intersects(area, cells)]
    pieces = shapely.get_parts(shapely.intersection(cells, area, grid_size=GRID))
    return [piece for piece in pieces if piece.geom_type == "Polygon"]


def _number(
    ward: str, shapes: list[BaseGeometry], town: Town, streets: shapely.STRtree, rng: Generator
) -> list[Lot]:
    """Sheets of equal size from north to south; on each the numbers run from west to east."""
    centres = shapely.get_coordinates(shapely.centroid(shapes))
    per_sheet = town.settings["lots"]["lots_per_sheet"]
    from_north = np.argsort(-centres[:, 1], kind="stable")
    lots = []
    houses: dict[int, int] = {}
    for sheet, start in enumerate(range(0, len(shapes), per_sheet), 1):
        on_sheet = from_north[start : start + per_sheet]
        west_first = on_sheet[np.argsort(centres[on_sheet, 0], kind="stable")]
        for number, index in enumerate(west_first, 1):
            street = int(streets.nearest(shapes[index]))
            houses[street] = houses.get(street, -1) + 2
            address = f"{houses[street]} {town.street_names[street]}"
            lots.append(_lot(ward, sheet, number, shapes[index], address, rng))
    return lots


def _lot(ward: str, sheet: int, number: int, shape: BaseGeometry, address: str, rng: Generator) -> Lot:
    """Registers are never quite the drawing: most agree within 1 %, some do not, some say nothing."""
    chance, factor, renumbered, doubled = rng.random(4)
    registered: float | None = round(float(shape.area * (1 + (factor - 0.5) / 50)), 1)
    if chance < 0.03:
        registered = round(float(shape.area * (0.7 + factor * 0.6)), 1)
    elif chance > 0.98:
        registered = None
    has_alias = renumbered < 0.08
    return Lot(
        ward=ward,
        sheet=str(sheet),
        # A few numbers were given twice on one sheet: such doubles exist in real registers.
        number=str(number - 1 if doubled < 0.002 and number > 1 else number),
        shape=shape,
        registry_area=registered,
        address=address,
        old_sheet=str(sheet + 40) if has_alias else "",
        old_number=str(number + 300) if has_alias else "",
    )
