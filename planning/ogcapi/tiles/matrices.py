"""The grids that tiles are cut by: two tile matrix sets of OGC's register (OGC 17-083r4, annex D).

A tile matrix set halves its cells from one matrix to the next, so that a matrix is known by its number
alone. Inside, x is east or longitude; rows count from the north.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from planning import crs
from planning.ogcapi.collections import Bounds, Json

TILE_SIZE = 256
# A pixel of the standard is 0.28 mm wide; a degree is measured on the equator of WGS 84.
_PIXEL_M = 0.00028
_DEGREE_M = 2 * math.pi * 6_378_137 / 360


@dataclass(frozen=True, slots=True)
class TileMatrixSet:
    """One grid. `origin` is its upper left corner, `width` and `height` are the tiles of matrix 0,
    `cell_size` is what a pixel of that matrix covers, `unit_m` the metres in a unit of the system, `ahead` by
    how many matrices it is finer than a web map is at the zoom of that number."""

    id: str
    title: str
    crs: crs.CRS
    origin: tuple[float, float]
    cell_size: float
    width: int
    height: int
    unit_m: float
    axes: tuple[str, str]
    scale_set: str
    northernmost: float
    deepest: int
    ahead: int = 0

    @property
    def uri(self) -> str:
        """Its name in OGC's register."""
        return f"http://www.opengis.net/def/tilematrixset/OGC/1.0/{self.id}"

    def size(self, zoom: int) -> tuple[int, int]:
        """How many columns and rows the matrix has."""
        return self.width << zoom, self.height << zoom

    def bounds(self, zoom: int, row: int, col: int) -> Bounds:
        """The rectangle of a tile in units of the system."""
        side = self._side(zoom)
        west, north = self.origin[0] + col * side, self.origin[1] - row * side
        return west, north - side, west + side, north

    def covering(self, zoom: int, degrees: Bounds) -> tuple[int, int, int, int]:
        """The first and last row, the first and last column whose tiles reach into the box."""
        (west, south), (east, north) = self._corners(degrees)
        side, (columns, rows) = self._side(zoom), self.size(zoom)

        def within(steps: float, count: int) -> int:
            return min(max(math.floor(steps / side), 0), count - 1)

        first_row, last_row = within(self.origin[1] - north, rows), within(self.origin[1] - south, rows)
        return (
            first_row,
            last_row,
            within(west - self.origin[0], columns),
            within(east - self.origin[0], columns),
        )

    def document(self) -> Json:
        """Its definition as JSON (OGC 17-083r4, 7.2)."""
        return {
            "id": self.id,
            "title": self.title,
            "uri": self.uri,
            "orderedAxes": list(self.axes),
            "crs": self.crs.uri,
            "wellKnownScaleSet": f"http://www.opengis.net/def/wkss/OGC/1.0/{self.scale_set}",
            "tileMatrices": [self._matrix(zoom) for zoom in range(self.deepest + 1)],
        }

    def _matrix(self, zoom: int) -> Json:
        columns, rows = self.size(zoom)
        cell_size = self.cell_size / 2**zoom
        return {
            "id": str(zoom),
            "scaleDenominator": cell_size * self.unit_m / _PIXEL_M,
            "cellSize": cell_size,
            "cornerOfOrigin": "topLeft",
            "pointOfOrigin": list(self.origin),
            "tileWidth": TILE_SIZE,
            "tileHeight": TILE_SIZE,
            "matrixWidth": columns,
            "matrixHeight": rows,
        }

    def _side(self, zoom: int) -> float:
        return self.cell_size * TILE_SIZE / 2**zoom

    def _corners(self, degrees: Bounds) -> list[list[float]]:
        west, south, east, north = degrees
        reach = self.northernmost
        corners = np.array(
            [(max(west, -180.0), max(south, -reach)), (min(east, 180.0), min(north, reach))], dtype=np.float64
        )
        found: list[list[float]] = crs.transform_array(corners, crs.CRS84, self.crs).tolist()
        return found


_HALF_WORLD_M = math.pi * 6_378_137

WEB_MERCATOR_QUAD = TileMatrixSet(
    id="WebMercatorQuad",
    title="Google Maps Compatible for the World",
    crs=crs.parse("EPSG:3857"),
    origin=(-_HALF_WORLD_M, _HALF_WORLD_M),
    cell_size=2 * _HALF_WORLD_M / TILE_SIZE,
    width=1,
    height=1,
    unit_m=1.0,
    axes=("X", "Y"),
    scale_set="GoogleMapsCompatible",
    northernmost=math.degrees(math.atan(math.sinh(math.pi))),
    deepest=24,
)
WORLD_CRS84_QUAD = TileMatrixSet(
    id="WorldCRS84Quad",
    title="CRS84 for the World",
    crs=crs.CRS84,
    origin=(-180.0, 90.0),
    cell_size=180.0 / TILE_SIZE,
    width=2,
    height=1,
    unit_m=_DEGREE_M,
    axes=("Lon", "Lat"),
    scale_set="GoogleCRS84Quad",
    northernmost=90.0,
    deepest=23,
    ahead=1,
)
MATRIX_SETS: Mapping[str, TileMatrixSet] = {one.id: one for one in (WEB_MERCATOR_QUAD, WORLD_CRS84_QUAD)}
