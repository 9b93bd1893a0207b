"""Tiles and tilesets as resources: addresses, limits, caches, failures, documents."""

import gzip
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from planning.catalog import CATALOGUE
from planning.models import Publication
from planning.ogcapi.kept import Kept
from planning.ogcapi.tiles import limits, views
from planning.ogcapi.tiles.kept import KEPT, KeptTile
from tests.planning.ogcapi.tiles import MVT, asked, layers, tile_at

pytestmark = pytest.mark.django_db
GRID = "WebMercatorQuad"


def making(queries: CaptureQueriesContext) -> list[str]:
    return [one["sql"] for one in queries if "ST_AsMVT(" in one["sql"]]


# --- Caches ---


def test_a_tile_that_the_reader_holds_is_not_made(client: Client, small_town: Publication) -> None:
    tag = asked(client, tile_at(14))["ETag"]
    KEPT.clear()
    with CaptureQueriesContext(connection) as queries:
        again = client.get(tile_at(14), headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert not again.content
    assert again["ETag"] == tag
    assert not making(queries)


def test_a_tile_is_new_after_a_minute_and_one_of_a_version_never(
    client: Client, small_town: Publication
) -> None:
    newest = asked(client, tile_at(14))
    assert newest["Cache-Control"].startswith("public, max-age=")
    assert int(newest["Cache-Control"].partition("max-age=")[2]) <= 60
    version = client.get(f"/ogc/tiles/{GRID}?f=json").json()["version"]
    of_version = asked(client, tile_at(14, version=version))
    assert of_version["Cache-Control"] == "public, max-age=31536000, immutable"
    assert of_version.content == newest.content


def test_a_publication_gives_tiles_another_tag(client: Client, small_town: Publication) -> None:
    from tests import town

    before = asked(client, tile_at(14))["ETag"]
    town.zone(town.edition(town.plan("detailed", kind="detailed")), town.square(0, 200, 50))
    town.publish()
    assert asked(client, tile_at(14))["ETag"] != before


@pytest.mark.parametrize("version", ["999.20250101", "x", "1", "1.20259999", "-1.20250101"])
def test_a_version_that_never_was_is_gone(client: Client, small_town: Publication, version: str) -> None:
    assert client.get(tile_at(14, version=version)).status_code == 410


def test_a_tile_is_pressed_for_those_who_take_it(client: Client, small_town: Publication) -> None:
    plain, pressed = asked(client, tile_at(14)), asked(client, tile_at(14), **{"Accept-Encoding": "br, gzip"})
    assert "Content-Encoding" not in plain.headers
    assert pressed["Content-Encoding"] == "gzip"
    assert gzip.decompress(pressed.content) == plain.content
    assert "Accept-Encoding" in pressed["Vary"]
    refused = asked(client, tile_at(14), **{"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in refused.headers


def test_a_database_made_anew_under_the_same_numbers_has_tiles_of_its_own(
    client: Client, small_town: Publication
) -> None:
    asked(client, tile_at(16))
    again = Publication.objects.filter(pk=small_town.pk)
    with connection.cursor() as cursor:  # no code of ours alters a publication
        cursor.execute("SET LOCAL session_replication_role = replica")
    again.update(at=small_town.at + timedelta(days=1))
    with CaptureQueriesContext(connection) as queries:
        asked(client, tile_at(16))
    assert making(queries)


def test_what_is_kept_takes_no_more_than_its_room() -> None:
    kept: Kept[bytes] = Kept(most_bytes=3_000, size=lambda value: len(value) + 600)
    for number in range(10):
        kept.put(number, bytes(400))
        kept.get(0)
    assert kept.get(0) is not None, "what is asked for stays"
    assert kept.get(9) is not None
    assert kept.get(1) is None


# --- Limits ---


@pytest.mark.conforms("ogcapi-tiles-1/1.0/conf/core")
def test_outside_the_limits_there_is_no_tile_and_inside_an_empty_one_is_empty(
    client: Client, small_town: Publication
) -> None:
    found = client.get(f"/ogc/collections/zones/tiles/{GRID}?f=json").json()["tileMatrixSetLimits"]
    deepest = found[-1]
    for row in range(deepest["minTileRow"], deepest["maxTileRow"] + 1):
        for col in range(deepest["minTileCol"], deepest["maxTileCol"] + 1):
            address = f"/ogc/collections/zones/tiles/{GRID}/{deepest['tileMatrix']}/{row}/{col}"
            assert client.get(address).status_code == 200
    beyond = f"/ogc/tiles/{GRID}/{deepest['tileMatrix']}/{deepest['maxTileRow'] + 9}/{deepest['minTileCol']}"
    problem = client.get(beyond)
    assert problem.status_code == 404
    assert problem["Content-Type"] == "application/problem+json"


def test_an_empty_tile_is_empty(client: Client, small_town: Publication) -> None:
    # far too coarse for a hectare
    response = asked(client, tile_at(0, "zones"), **{"Accept-Encoding": "gzip"})
    assert response.content == b""
    assert "Content-Encoding" not in response.headers


@pytest.mark.conforms("ogcapi-tiles-1/1.0/conf/core")
@pytest.mark.parametrize(
    "tile",
    [
        "14/2147483647/2147483647",
        "99999999999999999999/0/0",
        "17/0/0",
        "14/-1/0",
        "14/x/0",
        "a/0/0",
        "14/0/0.5",
    ],
)
def test_a_crafted_address_is_not_found(client: Client, small_town: Publication, tile: str) -> None:
    for address in (f"/ogc/tiles/{GRID}/{tile}", f"/ogc/versions/1.20250101/tiles/{GRID}/{tile}"):
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
        assert response.status_code in (400, 404)
        assert response["Content-Type"] == "application/problem+json"
        assert not making(queries)


def test_unknown_grids_collections_and_parameters_are_refused(
    client: Client, small_town: Publication
) -> None:
    assert client.get("/ogc/tiles/Nonsense").status_code == 404
    assert client.get("/ogc/tileMatrixSets/Nonsense").status_code == 404
    assert client.get(f"/ogc/collections/nothing/tiles/{GRID}").status_code == 404
    assert client.get("/ogc/collections/zones-history/tiles").status_code == 404
    assert client.get(tile_at(14) + "?nonsense=1").status_code == 400
    assert client.post(tile_at(14)).status_code == 405


def test_a_tile_that_takes_too_long_is_a_failure_and_never_an_empty_tile(
    client: Client, small_town: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    from planning.ogcapi.tiles import statement

    def slow(_grid: object, _zoom: int, _srid: int, box: str) -> str:
        return f"(SELECT own_shape FROM pg_sleep(5), {box})"

    monkeypatch.setattr(statement, "_shape", slow)
    # as written anew, and kept for nobody
    monkeypatch.setattr(statement, "_statement", statement._statement.__wrapped__)
    with patch.object(limits.within_time.__wrapped__, "__defaults__", (50,)):
        response = client.get(tile_at(14))
    assert response.status_code == 503
    assert response["Content-Type"] == "application/problem+json"
    assert response["Retry-After"]


# --- Documents ---


@pytest.mark.conforms("ogcapi-tiles-1/1.0/conf/tileset")
def test_a_tileset_says_all_that_clients_need(client: Client, small_town: Publication) -> None:
    document = client.get(f"/ogc/tiles/{GRID}?f=json").json()
    assert document["dataType"] == "vector"
    assert document["crs"] == "http://www.opengis.net/def/crs/EPSG/0/3857"
    assert document["tileMatrixSetURI"].endswith("/tilematrixset/OGC/1.0/WebMercatorQuad")
    by_rel = {link["rel"]: link for link in document["links"]}
    assert by_rel["self"]["type"] == "application/json"
    assert by_rel["item"]["type"] == MVT
    assert by_rel["item"]["templated"]
    assert by_rel["item"]["href"].endswith("/{tileMatrix}/{tileRow}/{tileCol}")
    scheme = client.get(by_rel["http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"]["href"]).json()
    assert scheme["id"] == GRID
    assert scheme["tileMatrices"][0]["cellSize"]
    zones = next(layer for layer in document["layers"] if layer["id"] == "zones")
    assert zones["geometryDimension"] == 2
    assert {"id", "code", "land_use", "colour"} <= set(zones["propertiesSchema"]["properties"])
    (west, south), (east, north) = document["boundingBox"]["lowerLeft"], document["boundingBox"]["upperRight"]
    assert west < east
    assert south < north


@pytest.mark.conforms("ogcapi-tiles-1/1.0/conf/tilesets-list")
@pytest.mark.parametrize("path", ["/ogc/tiles", "/ogc/collections/zones/tiles"])
def test_a_list_of_tilesets_leads_to_tiles(client: Client, small_town: Publication, path: str) -> None:
    document = client.get(path + "?f=json").json()
    assert [one["tileMatrixSetId"] for one in document["tilesets"]] == [GRID, "WorldCRS84Quad"]
    for entry in document["tilesets"]:
        last = entry["tileMatrixSetLimits"][-1]
        # OGC's suite reads what is behind every link of an entry as JSON
        behind = {link["rel"]: client.get(link["href"]).json() for link in entry["links"]}
        template = next(link["href"] for link in behind["self"]["links"] if link["rel"] == "item")
        assert {"{tileMatrix}", "{tileRow}", "{tileCol}"} <= set(template.split("/"))
        tile = template.replace("{tileMatrix}", last["tileMatrix"])
        tile = tile.replace("{tileRow}", str(last["maxTileRow"]))
        tile = tile.replace("{tileCol}", str(last["maxTileCol"]))
        asked(client, tile)
        own = next(link for link in entry["links"] if link["rel"] == "self")
        assert own["type"] == "application/json"
        assert client.get(own["href"]).status_code == 200


@pytest.mark.conforms("ogcapi-tiles-1/1.0/conf/geodata-tilesets")
def test_the_tiles_of_a_collection_hold_it_alone(client: Client, small_town: Publication) -> None:
    document = client.get(f"/ogc/collections/plans/tiles/{GRID}?f=json").json()
    assert [layer["id"] for layer in document["layers"]] == ["plans"]
    assert set(layers(asked(client, tile_at(14, "plans")))) == {"plans"}


def test_tilejson_leads_map_libraries_to_tiles_that_never_change(
    client: Client, small_town: Publication
) -> None:
    document = client.get(f"/ogc/tiles/{GRID}?f=tilejson").json()
    assert document["tilejson"] == "3.0.0"
    assert document["scheme"] == "xyz"
    assert (document["minzoom"], document["maxzoom"]) == (0, 16)
    assert "zones" in {layer["id"] for layer in document["vector_layers"]}
    zoom, row, col = tile_at(16).split("/")[-3:]
    address = document["tiles"][0].replace("{z}", zoom).replace("{y}", row).replace("{x}", col)
    response = asked(client, address)
    assert "immutable" in response["Cache-Control"]
    assert layers(response)["zones"]


def test_the_map_of_another_day_is_another_version(client: Client, small_town: Publication) -> None:
    version = f"{small_town.revision}.20190101"
    document = client.get(f"/ogc/tiles/{GRID}?f=tilejson&version={version}").json()
    assert f"/versions/{version}/tiles/" in document["tiles"][0]
    assert client.get(f"/ogc/tiles/{GRID}?f=tilejson&version=7.20190101").status_code == 410


def test_a_tileset_that_the_reader_holds_is_not_sent_again(client: Client, small_town: Publication) -> None:
    first = client.get(f"/ogc/tiles/{GRID}?f=json&lang=en")
    again = client.get(f"/ogc/tiles/{GRID}?f=json&lang=en", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    other = client.get(f"/ogc/tiles/{GRID}?f=json&lang=vi", headers={"If-None-Match": first["ETag"]})
    assert other.status_code == 200


def test_nothing_published_is_an_empty_world(client: Client, db: None) -> None:
    document = client.get(f"/ogc/tiles/{GRID}?f=json").json()
    assert document["boundingBox"]["lowerLeft"] == [-180, -90]
    assert asked(client, f"/ogc/tiles/{GRID}/3/2/5").content == b""


@pytest.mark.parametrize(
    "path",
    ["tileMatrixSets", f"tileMatrixSets/{GRID}", "tiles", f"tiles/{GRID}", f"collections/zones/tiles/{GRID}"],
)
def test_people_read_a_page(client: Client, small_town: Publication, path: str) -> None:
    response = client.get(f"/ogc/{path}?f=html")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/html")


def test_a_hidden_collection_is_in_no_tile(
    client: Client, small_town: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden = type(CATALOGUE).seen_by

    def without_parcels(catalogue: Any, request: Any) -> Any:
        return tuple(one for one in hidden(catalogue, request) if one.id != "parcels")

    asked(client, tile_at(16))
    monkeypatch.setattr(type(CATALOGUE), "seen_by", without_parcels)
    assert "parcels" not in layers(asked(client, tile_at(16)))
    assert "parcels" not in str(client.get(f"/ogc/tiles/{GRID}?f=json").json())
    assert client.get(tile_at(16, "parcels")).status_code == 404


def test_the_header_of_what_is_missing_can_be_read_by_scripts() -> None:
    response = views._sent(
        type("Asked", (), {"headers": {}})(),  # type: ignore[arg-type]
        KeptTile(gzip.compress(b"x"), ("zones", "parcels")),
    )
    assert response["OGC-Tile-Dropped"] == "zones,parcels"
    assert response["Access-Control-Expose-Headers"] == "OGC-Tile-Dropped"
