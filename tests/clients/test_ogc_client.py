"""ogc-client, under node: what portals in JavaScript learn of the server, and the addresses they build."""

import json
import shutil
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.clients import truth

pytestmark = pytest.mark.django_db

PROGRAM = Path(__file__).with_name("ogc_client.mjs")
CSV = "text/csv"


@pytest.fixture(scope="module")
def told(server: str) -> dict[str, Any]:
    """All that the program found out, in one run."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not on the path; script/setup --tests brings it")
    done = subprocess.run([node, PROGRAM, f"{server}/ogc"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def fetched(address: str) -> Any:
    with urllib.request.urlopen(address) as response:  # noqa: S310
        body = response.read()
    return json.loads(body)


def test_the_server_is_known_by_its_title_and_classes(told: dict[str, Any]) -> None:
    assert told["info"]["title"]
    assert "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs" in told["conformance"]


def test_collections_of_features_and_of_tiles_are_told_apart(told: dict[str, Any]) -> None:
    assert told["features"] == list(truth.COLLECTIONS)
    assert told["tiles"] == [name for name in truth.COLLECTIONS if truth.collection(name).drawing]
    assert "WebMercatorQuad" in told["tileMatrixSets"]


def test_a_collection_tells_formats_systems_and_properties(told: dict[str, Any]) -> None:
    zones = told["collection"]

    assert {"application/geo+json", CSV, "application/flatgeobuf"} <= set(zones["itemFormats"])
    assert any("5897" in system for system in zones["crs"])
    assert {"land_use", "plan"} <= {*map(str, json.dumps(zones["queryables"]).split('"'))}


def test_items_come_by_page_box_and_day(told: dict[str, Any]) -> None:
    day = "2019-01-01"
    law = {
        key
        for key, (row, _) in truth.rows("zones-history").items()
        if (row["valid_from"] or "") <= day < (row["valid_to"] or "9")
    }

    assert len(told["items"]) == 3
    assert {one["id"] for one in told["items"]} <= truth.rows("zones").keys()
    assert {one["id"] for one in told["day"]} == law
    assert told["item"]["id"] in truth.rows("plans")


def test_the_addresses_it_builds_are_answered(base: str, told: dict[str, Any]) -> None:
    default = fetched(f"{base}/collections/zones/items?limit=5&offset=1")
    turned, metres = fetched(told["inDegrees"]), fetched(told["inMetres"])
    (east, north), *_ = default["features"][0]["geometry"]["coordinates"][0][0]

    assert turned["features"][0]["geometry"]["coordinates"][0][0][0] == [north, east]
    assert metres["features"][0]["geometry"]["coordinates"][0][0][0][0] > 10_000_000
    assert fetched(told["boxNorthFirst"])["numberMatched"] == metres["numberMatched"]
    assert "f=csv" in told["table"]
    assert "land_use=ODT" in told["table"]


def test_tiles_and_styles_are_found(told: dict[str, Any]) -> None:
    assert fetched(told["tileset"])["tileMatrixSetId"] == "WebMercatorQuad"
    assert "land-use" in [style["id"] for style in told["styles"]]
    assert fetched(told["stylesheet"])["version"] == 8
