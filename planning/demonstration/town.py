"""The ground of the demonstration: blocks, streets and wards, read once into frozen values.

First step of the flow town -> lots -> drawings -> loading. Real streets and blocks, everything else
invented; all names and numbers come from `fixtures/demo/town.toml`. Geometries are in the town's
metric system, metres. It asks no database.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

from planning import crs

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "demo"
GRID = 0.001


@dataclass(frozen=True, slots=True)
class Block:
    """One block of real streets, with the ward it was given to and what covers it (water or nothing)."""

    id: str
    shape: BaseGeometry
    ward: str
    water: str | None


@dataclass(frozen=True, slots=True)
class Town:
    """All that the invented layers are drawn on."""

    settings: Mapping[str, Any]
    system: crs.CRS
    boundary: BaseGeometry
    blocks: tuple[Block, ...]
    street_lines: tuple[BaseGeometry, ...]
    street_names: tuple[str, ...]
    wards: Mapping[str, BaseGeometry]

    @property
    def roads(self) -> BaseGeometry:
        """All land that is no block."""
        return shapely.set_precision(
            shapely.difference(self.boundary, shapely.union_all([b.shape for b in self.blocks])), GRID
        )

    def near_middle_of(self, ward: str, count: int) -> tuple[Block, ...]:
        """The dry blocks nearest to the middle of a ward."""
        middle = shapely.centroid(self.wards[ward])
        dry = [block for block in self.blocks if block.ward == ward and block.water is None]
        return tuple(sorted(dry, key=lambda block: (block.shape.distance(middle), block.id))[:count])

    def in_wards(self, codes: list[str]) -> BaseGeometry:
        """The land of some wards."""
        return shapely.union_all([self.wards[code] for code in codes], grid_size=GRID)


def read_town(folder: Path = FOLDER) -> Town:
    """Reads the streets and blocks of the folder and divides them among the wards."""
    settings = tomllib.loads((folder / "town.toml").read_text(encoding="utf-8"))
    system = crs.parse(settings["metric_crs"])
    _, outlines = _read(folder / "district.geojson", system)
    properties, shapes = _read(folder / "blocks.geojson", system)
    boundary = shapely.union_all([*outlines, *shapes], grid_size=GRID)
    wards = _wards_of(shapes, settings, system)
    water = {block: row["land_use"] for row in settings["water"] for block in row["blocks"]}
    blocks = tuple(
        Block(row["block_id"], geometry, ward, water.get(row["block_id"]))
        for row, geometry, ward in zip(properties, shapes, wards, strict=True)
    )
    street_rows, lines = _read(folder / "streets.geojson", system)
    named = [(row["name"], line) for row, line in zip(street_rows, lines, strict=True) if row.get("name")]
    return Town(
        settings=settings,
        system=system,
        boundary=boundary,
        blocks=blocks,
        street_lines=tuple(line for _, line in named),
        street_names=tuple(name for name, _ in named),
        wards=_ward_areas(blocks, boundary),
    )


def _read(path: Path, system: crs.CRS) -> tuple[list[dict[str, Any]], list[BaseGeometry]]:
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    shapes = [
        shapely.set_precision(crs.transform(shape(feature["geometry"]), crs.CRS84, system), GRID)
        for feature in features
    ]
    return [feature["properties"] for feature in features], shapes


def _wards_of(shapes: list[BaseGeometry], settings: Mapping[str, Any], system: crs.CRS) -> list[str]:
    codes = [row["code"] for row in settings["ward"]]
    points = [crs.transform(Point(row["point"]), crs.CRS84, system) for row in settings["ward"]]
    tree = shapely.STRtree(points)
    return [codes[int(tree.nearest(shapely.centroid(geometry)))] for geometry in shapes]


def _ward_areas(blocks: tuple[Block, ...], boundary: BaseGeometry) -> dict[str, BaseGeometry]:
    """Every spot belongs to the ward of the block that is nearest: cells around points of their edges."""
    points: list[Any] = []
    owner: list[str] = []
    for block in blocks:
        edge = shapely.get_coordinates(shapely.segmentize(shapely.get_exterior_ring(block.shape), 12.0))
        points.append(edge)
        owner += [block.ward] * len(edge)
    sites: Any = shapely.points(np.unique(np.round(np.concatenate(points), 3), axis=0))
    vertices: Any = shapely.points(np.concatenate(points))
    nearest = shapely.STRtree(vertices)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(sites)))
    inside = shapely.STRtree(cells).query(sites, predicate="intersects")
    ward_of_cell: dict[int, str] = {}
    for site, cell in inside.T:
        ward_of_cell[int(cell)] = owner[int(nearest.nearest(sites[site]))]
    areas = {}
    for ward in sorted(set(owner)):
        members = cells[[cell for cell, name in ward_of_cell.items() if name == ward]]
        areas[ward] = shapely.intersection(shapely.union_all(members), boundary, grid_size=GRID)
    return _keeping_blocks_whole(areas, blocks)


def _keeping_blocks_whole(
    areas: Mapping[str, BaseGeometry], blocks: tuple[Block, ...]
) -> dict[str, BaseGeometry]:
    """Cells of sampled edges may cut a corner off a neighbour's block: give it back."""
    whole = {}
    for ward, area in areas.items():
        own = shapely.union_all([block.shape for block in blocks if block.ward == ward])
        others = shapely.union_all([block.shape for block in blocks if block.ward != ward])
        whole[ward] = shapely.union(shapely.difference(area, others, grid_size=GRID), own, grid_size=GRID)
    return whole
