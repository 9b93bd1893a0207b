"""The invented town is drawn the same way every time, and its drawings fit each other."""

import hashlib
from collections import Counter
from pathlib import Path

import pytest
import shapely

from planning.demonstration.drawings import Draughtsman
from planning.demonstration.files import write_layers
from planning.demonstration.lots import Lot, cut_lots
from planning.demonstration.town import Town, read_town


@pytest.fixture(scope="module")
def town() -> Town:
    return read_town()


@pytest.fixture(scope="module")
def lots(town: Town) -> list[Lot]:
    return cut_lots(town)


@pytest.fixture(scope="module")
def draughtsman(town: Town) -> Draughtsman:
    return Draughtsman(town)


def test_about_fifteen_thousand_lots_lie_side_by_side_on_the_dry_blocks(town: Town, lots: list[Lot]) -> None:
    dry = shapely.union_all([block.shape for block in town.blocks if block.water is None])
    shapes = [lot.shape for lot in lots]

    assert 13_000 < len(lots) < 17_000
    assert sum(shape.area for shape in shapes) == pytest.approx(shapely.union_all(shapes).area, rel=1e-5)
    assert sum(shape.area for shape in shapes) == pytest.approx(dry.area, rel=0.01)


def test_some_numbers_were_given_twice_and_some_registers_disagree_or_are_silent(lots: list[Lot]) -> None:
    numbers = Counter((lot.ward, lot.sheet, lot.number) for lot in lots)

    assert sum(count > 1 for count in numbers.values()) > 5
    assert sum(lot.registry_area is None for lot in lots) > 100
    assert sum(abs((lot.registry_area or lot.shape.area) / lot.shape.area - 1) > 0.1 for lot in lots) > 100
    assert sum(bool(lot.old_sheet) for lot in lots) > 500


def test_every_ward_keeps_its_blocks_whole_and_the_wards_divide_the_town(town: Town) -> None:
    areas = list(town.wards.values())

    assert sum(area.area for area in areas) == pytest.approx(town.boundary.area, abs=1.0)
    for block in town.blocks:
        assert shapely.difference(block.shape, town.wards[block.ward]).area < 0.01


def test_the_zoning_plan_tiles_its_extent(draughtsman: Draughtsman) -> None:
    zones = draughtsman.zoning().shapes
    extent = draughtsman.extent_of_zoning().shapes[0]

    assert shapely.union_all(zones).symmetric_difference(extent).area < 1.0
    assert sum(zone.area for zone in zones) == pytest.approx(extent.area, abs=1.0)


def test_the_same_town_drawn_twice_gives_the_same_bytes(town: Town, tmp_path: Path) -> None:
    first = write_layers(tmp_path / "first.gpkg", [Draughtsman(town).zoning()], town.system)
    second = write_layers(tmp_path / "second.gpkg", [Draughtsman(town).zoning()], town.system)

    assert _hash(first) == _hash(second)


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
