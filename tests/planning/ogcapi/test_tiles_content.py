"""What stands in tiles: every public feature of the place, nothing else, in the same bytes each time."""

import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from planning.models import Publication, RestrictionKind, ZonePiece
from planning.ogcapi.tiles import statement
from planning.ogcapi.tiles.kept import KEPT
from tests import town
from tests.planning.ogcapi.tiles import address_at, asked, ids, in_metres, layers, tile_at

pytestmark = pytest.mark.django_db


@pytest.mark.conforms("ogcapi-tiles-1/1.0/conf/mvt")
def test_a_tile_holds_the_zones_of_its_place_with_what_maps_need(
    client: Client, small_town: Publication
) -> None:
    features = layers(asked(client, tile_at(16, "zones")))["zones"]
    piece = ZonePiece.objects.get(zone__code="ODT-01")
    found = next(one for one in features if one["id"] == piece.pk)
    assert found["properties"] == {
        "id": "zoning.1.1",
        "code": "ODT-01",
        "name": "Ô 1",
        "land_use": "ODT",
        "class": "town:ODT",
        "colour": "#FFA0AA",
        "plan": "zoning",
        "status": "in_force",
    }
    assert ids(features) == {"zoning.1.1", "zoning.1.2"}


def test_a_zone_lies_in_its_tile_where_it_lies_on_the_ground(client: Client, small_town: Publication) -> None:
    features = layers(asked(client, tile_at(16, "zones")))["zones"]
    zone = next(one for one in features if one["properties"]["code"] == "ODT-01")
    assert in_metres(zone, 16).bounds == pytest.approx((0, 0, 60, 100), abs=0.5)


@pytest.mark.conforms("ogcapi-tiles-1/1.0/conf/dataset-tilesets")
def test_a_tile_of_everything_has_a_layer_for_each_collection(
    client: Client, small_town: Publication
) -> None:
    first = town.edition(town.plan("detailed", kind="detailed"))
    town.zone(first, town.square(200, 0, 50), "ODT")
    town.restriction(first, town.line((0, 0), (100, 100)), name="đường đỏ")
    town.restriction(first, town.square(10, 10, 20), RestrictionKind.HERITAGE)
    town.restriction(first, town.point(20, 20), RestrictionKind.HEIGHT_LIMIT)
    town.publish()

    found = layers(asked(client, tile_at(16)))

    assert set(found) == {
        "zones", "restriction-areas", "restriction-lines", "restriction-points", "plans", "parcels",
    }  # fmt: skip
    assert ids(found["parcels"]) == {"2004-00001-1-1", "2004-00001-1-2"}
    assert ids(found["plans"]) == {"zoning", "detailed"}
    assert [one["properties"]["kind"] for one in found["restriction-lines"]] == ["red_line"]


@pytest.mark.parametrize("zoom", [5, 8, 10, 12, 13, 16])
def test_one_question_makes_a_tile(client: Client, small_town: Publication, zoom: int) -> None:
    address = tile_at(zoom)
    with CaptureQueriesContext(
        connection,
    ) as asked_for:
        asked(client, address)
    making = [one["sql"] for one in asked_for if "ST_AsMVT(" in one["sql"]]
    assert len(making) == 1


def test_the_same_data_make_the_same_bytes(client: Client, small_town: Publication) -> None:
    once = asked(client, tile_at(14)).content
    KEPT.clear()
    assert asked(client, tile_at(14)).content == once


def test_a_tile_that_was_made_is_not_made_again(client: Client, small_town: Publication) -> None:
    once = asked(client, tile_at(16)).content
    with CaptureQueriesContext(connection) as asked_for:
        assert asked(client, tile_at(16)).content == once
    assert not [one for one in asked_for if "ST_AsMVT(" in one["sql"]]


@pytest.mark.parametrize("zoom", [6, 8, 10, 12])
def test_below_zoom_13_zones_are_drawn_from_their_outlines(
    client: Client, small_town: Publication, zoom: int
) -> None:
    with CaptureQueriesContext(connection) as asked_for:
        asked(client, tile_at(zoom, "zones"))
    making = next(one["sql"] for one in asked_for if "ST_AsMVT(" in one["sql"])
    assert "planning_generalisedzone" in making


def test_outlines_carry_the_public_id_and_the_number_of_the_piece(
    client: Client, small_town: Publication
) -> None:
    features = layers(asked(client, tile_at(12, "zones")))["zones"]
    pieces = dict(ZonePiece.objects.values_list("pk", "zone__public_id"))
    assert {one["id"]: one["properties"]["id"] for one in features} == pieces


def test_what_is_staged_is_in_no_tile(client: Client, small_town: Publication) -> None:
    draft = town.edition(town.plan("secret"))
    town.zone(draft, town.square(0, 0, 100), "CXDT")
    town.restriction(draft, town.line((0, 0), (100, 100)))
    town.parcel("9", town.square(0, 0, 30))
    for zoom in (8, 12, 14, 16):
        found = layers(asked(client, tile_at(zoom)))
        assert "restriction-lines" not in found
        assert not [one for features in found.values() for one in features if "secret" in str(one)]
    assert len(found["parcels"]) == 2


def test_a_zone_that_is_not_law_yet_is_in_the_tiles_of_that_day(
    client: Client, small_town: Publication
) -> None:
    later = town.edition(town.plan("later"), in_force=date(2090, 1, 1))
    town.zone(later, town.square(0, -100, 50), "CXDT")
    revision = town.publish().revision
    assert ids(layers(asked(client, tile_at(16, "zones")))["zones"]) == {"zoning.1.1", "zoning.1.2"}
    for zoom in (12, 16):
        then = tile_at(zoom, "zones", version=f"{revision}.20900101")
        assert "later.1.1" in ids(layers(asked(client, then))["zones"])


def test_an_earlier_revision_has_the_tiles_it_had(client: Client, small_town: Publication) -> None:
    more = town.edition(town.plan("detailed", kind="detailed"))
    town.zone(more, town.square(0, -100, 50), "CXDT")
    town.publish()
    before = layers(asked(client, tile_at(16, "zones", version=f"{small_town.revision}.20250101")))
    assert ids(before["zones"]) == {"zoning.1.1", "zoning.1.2"}


def test_parcels_are_drawn_where_they_can_be_seen(client: Client, small_town: Publication) -> None:
    assert "parcels" not in layers(asked(client, tile_at(15)))
    assert client.get(tile_at(15, "parcels")).status_code == 404


@pytest.fixture
def crowded(db: None) -> Publication:
    """Twenty zones, each larger than the one before."""
    town.planner()
    town.reviewer()
    first = town.edition(town.plan("zoning"))
    for number in range(20):
        town.zone(first, town.square(number * 18, 0, 5 + number / 2), "ODT")
    return town.publish()


@pytest.mark.parametrize("zoom", [14, 16])
def test_a_full_tile_keeps_the_largest_and_says_so(
    client: Client, crowded: Publication, monkeypatch: pytest.MonkeyPatch, zoom: int
) -> None:
    monkeypatch.setattr(statement, "MOST_FEATURES", 5)
    response = asked(client, tile_at(zoom, "zones"))
    assert ids(layers(response)["zones"]) == {f"zoning.1.{number}" for number in range(16, 21)}
    assert response["OGC-Tile-Dropped"] == "zones"


def test_no_tile_is_larger_than_its_budget(
    client: Client, crowded: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = asked(client, tile_at(14)).content
    KEPT.clear()
    monkeypatch.setattr(statement, "MOST_BYTES", len(whole) * 2 // 3)
    response = asked(client, tile_at(14))
    assert 0 < len(response.content) <= len(whole) * 2 // 3
    assert response["OGC-Tile-Dropped"] == "zones"
    # every layer has its turn
    assert set(layers(response)) == {"zones", "plans"}


def test_a_tile_with_everything_in_it_drops_nothing(client: Client, crowded: Publication) -> None:
    assert "OGC-Tile-Dropped" not in asked(client, tile_at(14)).headers


READ = """
import json, sys, pyogrio
meta, _ids, shapes, fields = pyogrio.raw.read(
    "MVT:" + sys.argv[1], layer="zones", Z=sys.argv[2], Y=sys.argv[3], X=sys.argv[4]
)
codes = fields[list(meta["fields"]).index("code")]
layers = sorted(pyogrio.list_layers("MVT:" + sys.argv[1])[:, 0])
print(json.dumps([meta["crs"], len(shapes), sorted(codes), layers]))
"""


@pytest.fixture
def tile_file(client: Client, small_town: Publication, tmp_path: Path) -> Path:
    """A tile as somebody keeps it."""
    file = tmp_path / "tile.pbf"
    file.write_bytes(asked(client, tile_at(16)).content)
    return file


def outside() -> dict[str, str]:
    """Our own processes hold GDAL to the formats of uploads; others do not."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("GDAL_", "OGR_"))}


def test_gdal_reads_a_tile(tile_file: Path) -> None:
    command = [sys.executable, "-c", READ, str(tile_file), *address_at(16).split("/")]
    told = subprocess.run(command, capture_output=True, text=True, check=True, env=outside())
    assert json.loads(told.stdout) == ["EPSG:3857", 2, ["DGT-02", "ODT-01"], ["parcels", "plans", "zones"]]


@pytest.mark.skipif(not shutil.which("ogrinfo"), reason="GDAL's own programs are not installed here")
def test_ogrinfo_reads_a_tile(tile_file: Path) -> None:
    command = [str(shutil.which("ogrinfo")), f"MVT:{tile_file}"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, env=outside())
    assert {"zones", "plans", "parcels"} <= set(told.stdout.split())


def test_the_tiles_in_degrees_hold_the_same(client: Client, small_town: Publication) -> None:
    tilesets = client.get("/ogc/tiles?f=json").json()["tilesets"]
    limits = next(one for one in tilesets if one["tileMatrixSetId"] == "WorldCRS84Quad")[
        "tileMatrixSetLimits"
    ]
    found: set[str] = set()
    deepest = limits[-1]
    for row in range(deepest["minTileRow"], deepest["maxTileRow"] + 1):
        for col in range(deepest["minTileCol"], deepest["maxTileCol"] + 1):
            tile = asked(client, f"/ogc/tiles/WorldCRS84Quad/{deepest['tileMatrix']}/{row}/{col}")
            found |= ids(layers(tile).get("zones", []))
    assert found == {"zoning.1.1", "zoning.1.2"}
