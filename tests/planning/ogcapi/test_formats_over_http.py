"""One result in every format: what GeoJSON says of a collection is what the files say of it."""

import csv
import gzip
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from django.test import Client
from shapely.geometry.base import BaseGeometry

from planning.models import Publication, RestrictionKind
from tests import town

pytestmark = pytest.mark.django_db

COLLECTIONS = ("zones", "zones-history", "restriction-lines", "restriction-areas", "plans", "parcels")
BINARY = ("gpkg", "fgb")
FORMATS = ("csv", "geojsonseq", *BINARY)
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "geojsonseq": "application/geo+json-seq",
    "gpkg": "application/geopackage+sqlite3",
    "fgb": "application/flatgeobuf",
}
ENDINGS = {"csv": "csv", "geojsonseq": "geojsons", "gpkg": "gpkg", "fgb": "fgb"}
METRIC = f"http://www.opengis.net/def/crs/EPSG/0/{town.METRIC.epsg}"
NORTH_FIRST = "http://www.opengis.net/def/crs/EPSG/0/4326"


@dataclass(frozen=True)
class Told:
    """A feature as a format tells it, values as texts: what a table can say every format can."""

    geometry: BaseGeometry | None
    values: Mapping[str, str]


@pytest.fixture
def rich_town(small_town: Publication) -> Publication:
    """The town with a zone of two parts whose name a spreadsheet would run, and with restrictions."""
    plan = town.plan("second")
    edition = town.edition(plan, in_force=date(2019, 1, 1))
    parts = town.square(5_000, 0, 100) | town.square(5_200, 0, 100)
    town.restriction(edition, town.line((0, 0), (0, 50), (20, 90)))
    town.restriction(edition, town.square(5_000, 50, 30), RestrictionKind.CORRIDOR)
    town.zone(edition, parts, "CXDT", name='=HYPERLINK("x") "Công viên", bờ sông 🌳')
    return town.publish()


def asked(client: Client, collection: str, f: str, **parameters: object) -> bytes:
    response = client.get(f"/ogc/collections/{collection}/items", {"f": f, **parameters})
    body = response.getvalue()
    assert response.status_code == 200, body
    return body


def as_geojson(body: bytes, folder: Path) -> dict[str, Told]:
    return dict(_told(one) for one in json.loads(body)["features"])


def as_geojsonseq(body: bytes, folder: Path) -> dict[str, Told]:
    return dict(_told(json.loads(one)) for one in body.split(b"\x1e")[1:])


def _told(feature: Mapping[str, Any]) -> tuple[str, Told]:
    geometry = feature["geometry"]
    values = {name: as_text(value) for name, value in feature["properties"].items()}
    return feature["id"], Told(geometry and shapely.geometry.shape(geometry), values)


def as_csv(body: bytes, folder: Path) -> dict[str, Told]:
    rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline=""), strict=True))
    found = {}
    for row in rows:
        values = {name: value.removeprefix("'") for name, value in row.items()}
        for name in ("lon", "lat", "easting", "northing"):
            values.pop(name, None)
        geometry = values.pop("geometry")
        found[values.pop("id")] = Told(shapely.from_wkt(geometry) if geometry else None, values)
    return found


def as_binary(body: bytes, folder: Path) -> dict[str, Told]:
    path = folder / ("of.gpkg" if body.startswith(b"SQLite") else "of.fgb")
    path.write_bytes(body)
    meta, _, geometries, columns = pyogrio.raw.read(path)
    kinds = dict(zip(meta["fields"], pyogrio.read_info(path)["ogr_subtypes"], strict=True))
    found = {}
    for geometry, *values in zip(geometries, *columns, strict=True):
        named = dict(zip(meta["fields"], values, strict=True))
        told = {
            name: as_text(bool(value) if kinds[name] == "OFSTBoolean" and value == value else value)
            for name, value in named.items()
        }
        found[told.pop("id")] = Told(None if geometry is None else shapely.from_wkb(geometry), told)
    return found


READERS = {"csv": as_csv, "geojsonseq": as_geojsonseq, "gpkg": as_binary, "fgb": as_binary}


def as_text(value: Any) -> str:
    """One spelling for what the formats spell differently: numbers, days, nothing."""
    if isinstance(value, np.datetime64):
        value = None if np.isnat(value) else value.item()
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"{float(value)!r}"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if isinstance(value, datetime) and (value.hour, value.minute, value.second) == (0, 0, 0):
        value = value.date()  # FlatGeobuf knows no days
    return value.isoformat() if isinstance(value, date) else str(value)


def same_text(one: str, other: str) -> bool:
    try:
        return one == other or (one != "" and other != "" and float(one) == float(other))
    except ValueError:
        return False


def assert_same(found: Mapping[str, Told], expected: Mapping[str, Told], tolerance: float) -> None:
    assert found.keys() == expected.keys()
    for key, given in expected.items():
        told = found[key]
        assert told.values.keys() == given.values.keys()
        wrong = {name for name, text in given.values.items() if not same_text(text, told.values[name])}
        assert not wrong, {name: (given.values[name], told.values[name]) for name in wrong}
        assert (told.geometry is None) is (given.geometry is None)
        if told.geometry is not None and given.geometry is not None:
            assert shapely.hausdorff_distance(told.geometry, given.geometry) <= tolerance
            assert told.geometry.area == pytest.approx(given.geometry.area, rel=1e-3)


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_features_stand_in_every_format(
    client: Client, rich_town: Publication, name: str, tmp_path: Path
) -> None:
    for collection in COLLECTIONS:
        expected = as_geojson(asked(client, collection, "json", limit=10_000), tmp_path)

        found = READERS[name](asked(client, collection, name), tmp_path)

        assert expected
        assert_same(found, expected, tolerance=1e-7)


def test_there_is_something_to_compare(client: Client, rich_town: Publication, tmp_path: Path) -> None:
    zones = as_geojson(asked(client, "zones", "json"), tmp_path)

    assert any(one.geometry.geom_type == "MultiPolygon" for one in zones.values() if one.geometry)
    assert any(one.values["name"].startswith("=HYPERLINK") for one in zones.values())


@pytest.mark.parametrize("name", FORMATS)
def test_a_metric_system_gives_the_same_metres_everywhere(
    client: Client, rich_town: Publication, name: str, tmp_path: Path
) -> None:
    expected = as_geojson(asked(client, "zones", "json", crs=METRIC), tmp_path)

    found = READERS[name](asked(client, "zones", name, crs=METRIC), tmp_path)

    assert_same(found, expected, tolerance=0.001)
    east, north = town.ORIGIN
    bounds = shapely.total_bounds([one.geometry for one in found.values()])
    assert bounds[:2] == pytest.approx((east, north), abs=10_000)


@pytest.mark.parametrize("name", BINARY)
def test_a_file_says_in_which_system_it_is(
    client: Client, rich_town: Publication, name: str, tmp_path: Path
) -> None:
    path = tmp_path / f"zones.{name}"
    path.write_bytes(asked(client, "zones", name, crs=METRIC))

    assert pyogrio.read_info(path)["crs"] == town.METRIC.code


@pytest.mark.parametrize("name", FORMATS)
def test_texts_turn_their_axes_with_the_system_and_files_keep_the_east_first(
    client: Client, rich_town: Publication, name: str, tmp_path: Path
) -> None:
    """Texts follow the system that Content-Crs names; the two files have a rule of their own."""
    default = READERS[name](asked(client, "zones", name), tmp_path)

    turned = READERS[name](asked(client, "zones", name, crs=NORTH_FIRST), tmp_path)

    west, south, _, _ = shapely.total_bounds([one.geometry for one in default.values()])
    first, second, _, _ = shapely.total_bounds([one.geometry for one in turned.values()])
    assert (first, second) == pytest.approx((west, south) if name in BINARY else (south, west), abs=1e-6)


@pytest.mark.parametrize("name", FORMATS)
def test_a_filter_finds_the_same_in_every_format(
    client: Client, rich_town: Publication, name: str, tmp_path: Path
) -> None:
    expected = as_geojson(asked(client, "zones", "json", land_use="CXDT"), tmp_path)

    found = READERS[name](asked(client, "zones", name, land_use="CXDT"), tmp_path)

    assert expected
    assert_same(found, expected, tolerance=1e-7)


@pytest.mark.parametrize("name", FORMATS)
def test_a_result_without_features_is_a_file_too(
    client: Client, rich_town: Publication, name: str, tmp_path: Path
) -> None:
    for collection in COLLECTIONS:
        body = asked(client, collection, name, bbox="-30,-30,-29,-29")

        assert READERS[name](body, tmp_path) == {}


@pytest.mark.parametrize("name", FORMATS)
def test_a_download_says_what_it_is_and_how_much_it_holds(
    client: Client, rich_town: Publication, name: str
) -> None:
    response = client.get("/ogc/collections/zones/items", {"f": name})
    response.getvalue()

    count = str(len(json.loads(asked(client, "zones", "json"))["features"]))
    assert response["Content-Type"] == TYPES[name]
    assert response["Content-Disposition"] == f'attachment; filename="zones.{ENDINGS[name]}"'
    assert response["Content-Crs"] == "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"
    assert response["OGC-NumberMatched"] == response["OGC-NumberReturned"] == count


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_chosen_by_accept_too(client: Client, rich_town: Publication, name: str) -> None:
    response = client.get("/ogc/collections/zones/items", headers={"Accept": TYPES[name].partition(";")[0]})
    response.getvalue()

    assert response["Content-Type"] == TYPES[name]


@pytest.mark.parametrize("name", FORMATS)
def test_a_part_of_a_download_says_where_the_rest_is(
    client: Client, rich_town: Publication, name: str, tmp_path: Path
) -> None:
    whole = READERS[name](asked(client, "zones", name), tmp_path)

    found: dict[str, Told] = {}
    address = f"/ogc/collections/zones/items?f={name}&limit=2"
    while address:
        response = client.get(address)
        found |= READERS[name](response.getvalue(), tmp_path)
        link = response.headers.get("Link", "")
        address = link.partition("<")[2].partition(">")[0].removeprefix("http://testserver")

    assert_same(found, whole, tolerance=0)


@pytest.mark.parametrize("name", FORMATS)
def test_a_download_travels_compressed(client: Client, rich_town: Publication, name: str) -> None:
    plain = asked(client, "zones", name)

    response = client.get("/ogc/collections/zones/items", {"f": name}, headers={"Accept-Encoding": "gzip"})

    assert response["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.getvalue()) == plain


@pytest.mark.parametrize("name", FORMATS)
def test_who_holds_the_file_is_not_sent_it_again(client: Client, rich_town: Publication, name: str) -> None:
    first = client.get("/ogc/collections/zones/items", {"f": name})
    first.getvalue()

    again = client.get("/ogc/collections/zones/items", {"f": name}, headers={"If-None-Match": first["ETag"]})

    assert again.status_code == 304
    assert not again.content


@pytest.mark.parametrize("name", FORMATS)
def test_a_request_that_is_wrong_is_a_problem_and_no_file(
    client: Client, rich_town: Publication, name: str
) -> None:
    response = client.get("/ogc/collections/zones/items", {"f": name, "limit": "none"})

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert "Content-Disposition" not in response
