"""The grids of tiles: their definitions and arithmetic against an independent implementation."""

import random

import morecantile
import pytest

from planning.errors import NotFound
from planning.ogcapi.tiles.addressing import tile_at
from planning.ogcapi.tiles.matrices import MATRIX_SETS, TileMatrixSet

GRIDS = [pytest.param(grid, id=grid.id) for grid in MATRIX_SETS.values()]


@pytest.mark.conforms("ogcapi-tiles-1/1.0/conf/tileset")
@pytest.mark.parametrize("grid", GRIDS)
def test_the_definition_is_that_of_the_register(grid: TileMatrixSet) -> None:
    ours, registered = grid.document(), morecantile.tms.get(grid.id)
    assert ours["uri"] == str(registered.uri)
    assert ours["orderedAxes"] == registered.orderedAxes
    assert ours["wellKnownScaleSet"] == str(registered.wellKnownScaleSet)
    assert len(ours["tileMatrices"]) == len(registered.tileMatrices)
    for matrix, theirs in zip(ours["tileMatrices"], registered.tileMatrices, strict=True):
        expected = theirs.model_dump(mode="json")
        numbers = ("scaleDenominator", "cellSize", "pointOfOrigin")
        assert {name: matrix[name] for name in matrix if name not in numbers} == {
            name: expected[name] for name in matrix if name not in numbers
        }
        for name in numbers:
            assert matrix[name] == pytest.approx(expected[name], rel=1e-12)


@pytest.mark.parametrize("grid", GRIDS)
def test_tiles_lie_where_others_see_them(grid: TileMatrixSet) -> None:
    oracle, dice = morecantile.tms.get(grid.id), random.Random(6)
    for _ in range(200):
        zoom = dice.randrange(0, 18)
        columns, rows = grid.size(zoom)
        row, col = dice.randrange(rows), dice.randrange(columns)
        assert grid.bounds(zoom, row, col) == pytest.approx(
            tuple(oracle.xy_bounds(morecantile.Tile(col, row, zoom))), rel=1e-9, abs=1e-6
        )


@pytest.mark.parametrize("grid", GRIDS)
def test_a_box_is_covered_by_the_tiles_that_others_name(grid: TileMatrixSet) -> None:
    oracle, dice = morecantile.tms.get(grid.id), random.Random(7)
    for _ in range(100):
        west, south = dice.uniform(-179, 170), dice.uniform(-84, 80)
        box = (west, south, west + dice.uniform(0.001, 5), south + dice.uniform(0.001, 4))
        zoom = dice.randrange(0, 11)
        found = {(tile.y, tile.x) for tile in oracle.tiles(*box, [zoom])}
        first_row, last_row, first_col, last_col = grid.covering(zoom, box)
        assert (first_row, first_col) == min(found)
        assert (last_row, last_col) == max(found)


@pytest.mark.parametrize("grid", GRIDS)
def test_the_whole_world_is_all_tiles(grid: TileMatrixSet) -> None:
    columns, rows = grid.size(3)
    assert grid.covering(3, (-180, -90, 180, 90)) == (0, rows - 1, 0, columns - 1)


@pytest.mark.parametrize(
    "address",
    ["25/0/0", "0/1/0", "0/0/1", "-1/0/0", "1.0/0/0", "01/0/0", "²/0/0", "2147483648/0/0", "1/1e0/0", "/0/0"],
)
def test_what_is_no_tile_of_the_grid_is_not_found(address: str) -> None:
    with pytest.raises(NotFound):
        tile_at("WebMercatorQuad", *address.split("/"))
