"""Draws the invented plans of the town: one `Drawing` per layer that a planner would hand in.

Third step of the flow; pure shapely, metres of the town's system. Which plans there are and where
they lie comes from `town.toml`; what they are called and decided by stands in the plan files.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import shapely
from numpy.random import Generator, default_rng
from shapely.geometry import LineString, MultiPolygon
from shapely.geometry.base import BaseGeometry

from planning.demonstration.lots import Lot
from planning.demonstration.town import GRID, Block, Town

ROAD = "DGT"
INDICATORS = ("coverage", "storeys", "floor_area_ratio", "height")
USES = ("allowed", "conditional", "forbidden")


@dataclass(slots=True)
class Drawing:
    """One layer: rows of text columns beside their shapes, all of one geometry type."""

    name: str
    geometry_type: str
    shapes: list[BaseGeometry] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)

    def add(self, shape: BaseGeometry, **row: Any) -> None:
        """One feature; empty shapes are left out."""
        if not shape.is_empty:
            self.shapes.append(shape)
            self.rows.append(row)


@dataclass(frozen=True, slots=True)
class Parts:
    """How a plan divides one block: the street front and, where it is deep enough, the yard."""

    block: Block
    road: BaseGeometry
    front: BaseGeometry
    front_use: str
    yard: BaseGeometry
    yard_use: str


class Draughtsman:
    """Draws all layers of one town from one source of chance, so that they fit each other."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.rng: Generator = default_rng(town.settings["seed"] + 1)
        left_out = set(town.settings["wards"]["not_loaded"])
        self.loaded = sorted(set(town.wards) - left_out)
        self.parts = [
            self._divide(index, block)
            for index, block in enumerate(town.blocks)
            if block.water is None and block.ward in self.loaded
        ]

    def parcels(self, lots: Iterable[Lot]) -> Drawing:
        """The cadastral map, as a land registry hands it over."""
        drawing = Drawing("parcels", "Polygon")
        for lot in lots:
            drawing.add(
                lot.shape,
                unit=f"{self.town.settings['unit_list']}-{lot.ward}",
                sheet=lot.sheet,
                number=lot.number,
                registry_area=lot.registry_area,
                address=lot.address,
                old_sheet=lot.old_sheet,
                old_number=lot.old_number,
            )
        return drawing

    def zoning(self) -> Drawing:
        """The zoning plan of the loaded wards: fronts, yards, widened roads, water. It tiles its extent."""
        drawing = Drawing("zones", "MultiPolygon")
        for number, parts in enumerate(self.parts, 1):
            self._zone(drawing, parts.front, parts.front_use, f"{parts.block.ward[-2:]}-{number}A")
            self._zone(drawing, parts.yard, parts.yard_use, f"{parts.block.ward[-2:]}-{number}B")
        self._water(drawing, self.loaded)
        for ward in self.loaded:
            widened = [parts.road for parts in self.parts if parts.block.ward == ward]
            self._zone(drawing, self._roads(ward, widened), ROAD, f"{ward[-2:]}-G")
        return drawing

    def extent_of_zoning(self) -> Drawing:
        """The boundary of the zoning plan: all but the wards it leaves out."""
        return _boundary(self.town.in_wards(self.loaded))

    def extent_of_town(self) -> Drawing:
        """The boundary of the general plan."""
        return _boundary(self.town.boundary)

    def land_use(self) -> Drawing:
        """The land-use plan: one use per block, everywhere."""
        drawing = Drawing("zones", "MultiPolygon")
        uses = self.town.settings["front_uses"] | self.town.settings["yard_uses"]
        for block in self.town.blocks:
            if block.water is None:
                self._zone(drawing, block.shape, self._draw(uses), f"{block.ward[-2:]}-{block.id[-4:]}")
        self._water(drawing, sorted(self.town.wards))
        for ward in sorted(self.town.wards):
            self._zone(drawing, self._roads(ward), ROAD, f"{ward[-2:]}-G")
        return drawing

    def adjustment(self) -> Drawing:
        """The local adjustment: other uses on a few blocks."""
        place = self.town.settings["places"]["adjustment"]
        drawing = Drawing("zones", "MultiPolygon")
        for number, parts in enumerate(self._parts_at("adjustment"), 1):
            rest = shapely.union(parts.yard, parts.road, grid_size=GRID)
            self._zone(drawing, parts.front, place["use"], f"DC-{number}A")
            self._zone(drawing, rest, parts.yard_use, f"DC-{number}B")
        return drawing

    def detailed(self) -> Drawing:
        """The detailed plan: says what the zoning plan says, but for one lot."""
        place = self.town.settings["places"]["detailed"]
        drawing = Drawing("zones", "MultiPolygon")
        for number, parts in enumerate(self._parts_at("detailed"), 1):
            west, east = _halves(parts.front)
            other = place["conflict_use"] if number == 1 else parts.front_use
            self._zone(drawing, west, other, f"CT-{number}.1")
            self._zone(drawing, east, parts.front_use, f"CT-{number}.2")
            self._zone(drawing, parts.yard, parts.yard_use, f"CT-{number}.3")
            self._zone(drawing, parts.road, ROAD, f"CT-{number}.4")
        return drawing

    def whole_blocks(self, place: str) -> Drawing:
        """One use over whole blocks: the draft and the annulled plan."""
        drawing = Drawing("zones", "MultiPolygon")
        for number, parts in enumerate(self._parts_at(place), 1):
            use = self.town.settings["places"][place]["use"]
            self._zone(drawing, parts.block.shape, use, f"{place[:2].upper()}-{number}")
        return drawing

    def lines(self) -> Drawing:
        """Red lines round every block (inside it where the road is widened), building lines on some."""
        drawing = Drawing("lines", "LineString")
        for number, parts in enumerate(self.parts, 1):
            for ring in _rings(_built(parts)):
                drawing.add(ring, kind="red_line", code=f"DD-{number}", name="chỉ giới đường đỏ")
            if number % self.town.settings["zoning"]["setback_every"] == 0:
                self._building_lines(drawing, parts, f"XD-{number}")
        return drawing

    def lines_of_adjustment(self) -> Drawing:
        """The adjustment sets its blocks back; red lines on the edge of its extent it does not touch."""
        drawing = Drawing("lines", "LineString")
        for number, parts in enumerate(self._parts_at("adjustment"), 1):
            self._building_lines(drawing, parts, f"DC-XD-{number}")
        return drawing

    def _building_lines(self, drawing: Drawing, parts: Parts, code: str) -> None:
        inner = _inset(_built(parts), self.town.settings["zoning"]["setback_m"])
        for ring in _rings(inner):
            drawing.add(ring, kind="building_line", code=code, name="chỉ giới xây dựng")

    def corridors(self) -> Drawing:
        """The heritage area and the strip along the river dyke."""
        drawing = Drawing("areas", "MultiPolygon")
        settings = self.town.settings
        heritage = self.town.in_wards(settings["wards"]["heritage"])
        drawing.add(_polygons(heritage), kind="heritage", code="DS-1", name="khu vực bảo tồn, tôn tạo")
        river = shapely.union_all([b.shape for b in self.town.blocks if b.id in settings["dyke"]["along"]])
        strip = shapely.buffer(river, settings["dyke"]["width_m"], quad_segs=4)
        dry = shapely.intersection(shapely.difference(strip, river), self.town.boundary, grid_size=GRID)
        drawing.add(_polygons(dry), kind="corridor", code="HL-1", name="hành lang bảo vệ đê")
        return drawing

    def coverage(self, rows: Sequence[Mapping[str, Any]]) -> Drawing:
        """What the office declares; `wards` of a row limits it, otherwise it speaks for the whole town."""
        drawing = Drawing("coverage", "MultiPolygon")
        for row in rows:
            area = self.town.in_wards(row["wards"]) if "wards" in row else self.town.boundary
            drawing.add(area, **{name: value for name, value in row.items() if name != "wards"})
        return drawing

    def _divide(self, index: int, block: Block) -> Parts:
        zoning = self.town.settings["zoning"]
        land = block.shape
        if index % zoning["widened_every"] == 0:
            land = _inset(block.shape, zoning["widening_m"])
        depths = zoning["front_depths_m"]
        yard = _inset(block.shape, depths[index % len(depths)])
        return Parts(
            block=block,
            road=shapely.difference(block.shape, land, grid_size=GRID),
            front=shapely.difference(land, yard, grid_size=GRID),
            front_use=self._draw(self.town.settings["front_uses"]),
            yard=yard,
            yard_use=self._draw(self.town.settings["yard_uses"]),
        )

    def _parts_at(self, place: str) -> list[Parts]:
        where = self.town.settings["places"][place]
        ids = {block.id for block in self.town.near_middle_of(where["ward"], where["blocks"])}
        return [parts for parts in self.parts if parts.block.id in ids]

    def _roads(self, ward: str, widened: Sequence[BaseGeometry] = ()) -> BaseGeometry:
        roads = shapely.intersection(self.town.roads, self.town.wards[ward], grid_size=GRID)
        return shapely.union_all([roads, *widened], grid_size=GRID)

    def _water(self, drawing: Drawing, wards: Sequence[str]) -> None:
        for block in self.town.blocks:
            if block.water is not None and block.ward in wards:
                self._zone(drawing, block.shape, block.water, f"{block.ward[-2:]}-N{block.id[-3:]}")

    def _zone(self, drawing: Drawing, shape: BaseGeometry, use: str, code: str) -> None:
        settings = self.town.settings
        choices = settings["indicators"].get(use, settings["indicators"]["other"])
        indicators = {name: self._one_of(choices[name]) for name in INDICATORS}
        uses = {f"uses_{name}": settings["uses"].get(use, {}).get(name, "") for name in USES}
        shape = _polygons(shape)
        drawing.add(shape, code=code, land_use=use, name="", **indicators, **uses)

    def _draw(self, weights: Mapping[str, int]) -> str:
        total = sum(weights.values())
        mark = self.rng.integers(total)
        for use, weight in weights.items():
            mark -= weight
            if mark < 0:
                return use
        raise AssertionError("weights are positive")

    def _one_of(self, choices: Sequence[str]) -> str:
        return choices[int(self.rng.integers(len(choices)))]


def _built(parts: Parts) -> BaseGeometry:
    return shapely.union(parts.front, parts.yard, grid_size=GRID)


def _inset(shape: BaseGeometry, by: float) -> BaseGeometry:
    return _polygons(shapely.set_precision(shapely.buffer(shape, -by, join_style="mitre"), GRID))


def _polygons(shape: BaseGeometry) -> BaseGeometry:
    """What has an area, as a multipolygon; snapping may leave threads behind."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and not part.is_empty]
    return MultiPolygon(parts)


def _halves(shape: BaseGeometry) -> tuple[BaseGeometry, BaseGeometry]:
    west, south, east, north = shape.bounds
    middle = (west + east) / 2
    left = shapely.intersection(shape, shapely.box(west - 1, south - 1, middle, north + 1), grid_size=GRID)
    return _polygons(left), _polygons(shapely.difference(shape, left, grid_size=GRID))


def _rings(shape: BaseGeometry) -> list[BaseGeometry]:
    """The outer rings, as lines."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and not part.is_empty]
    return [LineString(shapely.get_coordinates(part.exterior)) for part in parts]


def _boundary(area: BaseGeometry) -> Drawing:
    drawing = Drawing("boundary", "MultiPolygon")
    drawing.add(_polygons(area), name="ranh giới quy hoạch")
    return drawing
