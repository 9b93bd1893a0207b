"""Vector tiles as two readers see them: Mapbox' format by its own package, and by GDAL."""

import json
import urllib.request
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import morecantile
import pytest
import shapely

from tests.clients import gdal, truth

pytestmark = pytest.mark.django_db

GRID = morecantile.tms.get("WebMercatorQuad")
PLACE = (105.8495, 21.0285)
# A step of the grid within a tile of zoom 14, in metres of the map; a vertex lies within half of one.
ZOOM = 14
STEP = 2 * 20037508.342789244 / 2**ZOOM / 4096


def fetched(address: str) -> bytes:
    with urllib.request.urlopen(address) as response:  # noqa: S310
        body: bytes = response.read()
    return body


@pytest.fixture
def tile(base: str) -> tuple[morecantile.Tile, bytes]:
    """The tile of the middle of the town, at the address that TileJSON gives."""
    told = json.loads(fetched(f"{base}/tiles/WebMercatorQuad?f=tilejson"))
    at = GRID.tile(*PLACE, ZOOM)
    address = told["tiles"][0].replace("{z}", str(at.z)).replace("{x}", str(at.x)).replace("{y}", str(at.y))
    return at, fetched(address)


def test_layers_are_named_after_the_collections(base: str, tile: tuple[morecantile.Tile, bytes]) -> None:
    told = json.loads(fetched(f"{base}/tiles/WebMercatorQuad?f=tilejson"))

    layers = mapbox_vector_tile.decode(tile[1])

    assert {"zones", "plans"} <= layers.keys() <= {one["id"] for one in told["vector_layers"]}
    for one in told["vector_layers"]:
        for feature in layers.get(one["id"], {"features": []})["features"]:
            assert feature["properties"].keys() <= one["fields"].keys()


def test_zones_stand_where_the_collection_has_them(
    tile: tuple[morecantile.Tile, bytes], tmp_path: Path
) -> None:
    """GDAL reads a tile from a file; it must be told where it lies."""
    at, body = tile
    path = tmp_path / "tile.pbf"
    path.write_bytes(body)
    rows = truth.rows("zones")

    found = gdal.read(f"MVT:{path}", "zones", X=str(at.x), Y=str(at.y), Z=str(at.z), CLIP="YES")

    assert found.crs == "EPSG:3857"
    assert found.types["land_use"] == "OFTString"
    for row, place in zip(found.rows(), found.geometries, strict=True):
        values, stored = rows[row["id"]]
        assert row["land_use"] == values["land_use"]
        assert row["colour"] == values["colour"]
        # generalised for the zoom, but not moved
        assert place is not None
        assert place.buffer(8 * STEP).intersects(_on_map(stored))


def test_every_large_zone_of_the_place_is_in_its_tile(tile: tuple[morecantile.Tile, bytes]) -> None:
    at, body = tile
    west, south, east, north = GRID.bounds(at)
    inside = shapely.box(west, south, east, north)
    expected = {
        key
        for key, (_, place) in truth.rows("zones").items()
        if place is not None and place.intersects(inside) and _on_map(place).area > (8 * STEP) ** 2
    }

    drawn = {one["properties"]["id"] for one in mapbox_vector_tile.decode(body)["zones"]["features"]}

    assert expected
    assert expected <= drawn


def _on_map(place: Any) -> Any:
    def turned(pairs: Any) -> Any:
        return [GRID.xy(*pair) for pair in pairs]

    return shapely.transform(place, turned)
