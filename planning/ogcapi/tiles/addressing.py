"""Where a tile lies: the three numbers of its address, read once and checked against the grid."""

from dataclasses import dataclass

import numpy as np

from planning import crs
from planning.errors import NotFound
from planning.ogcapi.collections import Bounds
from planning.ogcapi.tiles.matrices import MATRIX_SETS, TileMatrixSet

_MOST_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile of a grid; it exists there."""

    matrix_set: TileMatrixSet
    zoom: int
    row: int
    col: int

    @property
    def map_zoom(self) -> int:
        """The zoom of a web map that is as fine."""
        return self.zoom + self.matrix_set.ahead

    @property
    def bounds(self) -> Bounds:
        """Its rectangle in units of the grid."""
        return self.matrix_set.bounds(self.zoom, self.row, self.col)

    def reach(self, *, srid: int, margin: float) -> Bounds:
        """The rectangle with a margin (a share of its side) in another system."""
        west, south, east, north = self.bounds
        beyond = (east - west) * margin
        grid = self.matrix_set
        if srid == grid.crs.srid:
            return west - beyond, south - beyond, east + beyond, north + beyond
        corners = np.array([(west - beyond, south - beyond), (east + beyond, north + beyond)])
        # beyond 180 degrees longitudes begin anew, and in a map of metres the poles are infinitely far
        corners = corners.clip(*_END_OF_MAP[grid.crs.is_projected])
        (west, south), (east, north) = crs.transform_array(corners, grid.crs, crs.from_srid(srid)).tolist()
        return west, south, east, north

    def __str__(self) -> str:
        return f"{self.matrix_set.id}/{self.zoom}/{self.row}/{self.col}"


_EDGE_METRES, _EDGE_DEGREES = np.array([20_037_508.34, 20_037_508.34]), np.array([180.0, 85.05])
_END_OF_MAP = {True: (-_EDGE_METRES, _EDGE_METRES), False: (-_EDGE_DEGREES, _EDGE_DEGREES)}


def matrix_set_named(matrix_set: str) -> TileMatrixSet:
    """The grid of that id. Raises NotFound."""
    if matrix_set not in MATRIX_SETS:
        raise NotFound("tile matrix set", matrix_set)
    return MATRIX_SETS[matrix_set]


def tile_at(matrix_set: str, tile_matrix: str, tile_row: str, tile_col: str) -> Tile:
    """The tile of that address. Raises NotFound for one that the grid does not have."""
    grid = matrix_set_named(matrix_set)
    zoom = _number(tile_matrix, limit=grid.deepest + 1)
    columns, rows = grid.size(zoom)
    return Tile(grid, zoom, _number(tile_row, limit=rows), _number(tile_col, limit=columns))


def _number(text: str, *, limit: int) -> int:
    """One number of an address, written in the one way that there is: "07" would be a second address."""
    is_plain = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    if not is_plain or str(int(text)) != text or int(text) >= limit:
        raise NotFound("tile", text)
    return int(text)
