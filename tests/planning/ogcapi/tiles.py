"""Asking for tiles of the town, and reading them."""

import gzip
from typing import Any

import mapbox_vector_tile
import shapely
from django.http import HttpResponse
from django.test import Client

from planning import crs
from planning.ogcapi.tiles.matrices import WEB_MERCATOR_QUAD
from tests import town

MVT = "application/vnd.mapbox-vector-tile"


def address_at(zoom: int, x: float = 50, y: float = 50) -> str:
    """Matrix, row and column of the tile around a place of the town (metres)."""
    lon, lat = town.point(x, y).coords
    row, _, col, _ = WEB_MERCATOR_QUAD.covering(zoom, (lon, lat, lon, lat))
    return f"{zoom}/{row}/{col}"


def tile_at(zoom: int, collection: str = "", *, x: float = 50, y: float = 50, version: str = "") -> str:
    """The address of that tile."""
    of = f"/collections/{collection}" if collection else ""
    as_of = f"/versions/{version}" if version else ""
    return f"/ogc{as_of}{of}/tiles/WebMercatorQuad/{address_at(zoom, x, y)}"


def asked(client: Client, address: str, **headers: str) -> HttpResponse:
    """The answer, which must be a tile."""
    response = client.get(address, headers=headers)
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == MVT
    return response


def layers(response: HttpResponse) -> dict[str, list[dict[str, Any]]]:
    """The features of each layer, rows counted from the north as the tile has them."""
    content = response.content
    if response.headers.get("Content-Encoding") == "gzip":
        content = gzip.decompress(content)
    read = mapbox_vector_tile.decode(content, default_options={"y_coord_down": True}) if content else {}
    return {name: layer["features"] for name, layer in read.items()}


def ids(features: list[dict[str, Any]]) -> set[str]:
    """Their public ids."""
    return {feature["properties"]["id"] for feature in features}


def in_metres(feature: dict[str, Any], zoom: int) -> shapely.geometry.base.BaseGeometry:
    """A feature back in metres of the town."""
    _, row, col = (int(number) for number in address_at(zoom).split("/"))
    west, _south, east, north = WEB_MERCATOR_QUAD.bounds(zoom, row, col)
    unit = (east - west) / 4096
    shape = shapely.geometry.shape(feature["geometry"])
    placed = shapely.transform(shape, lambda pairs: pairs * (unit, -unit) + (west, north))
    moved = crs.transform(placed, crs.parse("EPSG:3857"), town.METRIC)
    return shapely.transform(moved, lambda pairs: pairs - town.ORIGIN)
