"""Every system that is offered, asked by HTTP: coordinates, their order, boxes and filters, against pyproj.

The oracle is PROJ with its own definitions: the order of axes as the authority has them, and between VN-2000
and WGS 84 the operation EPSG:6960 by name. Nothing of `planning.crs` takes part in it.
"""

import csv
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pyproj
import pytest
from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction
from pyproj.enums import TransformDirection
from pytest_django.fixtures import Settings
from pytest_django.plugin import DjangoDbBlocker

from planning.models import RestrictionKind
from tests import town
from tests.conformance.server import GEOJSON, Reply, Server
from tests.planning.ogcapi.suites import fetch

pytestmark = [pytest.mark.django_db, pytest.mark.conforms("ogcapi-features-2/1.0/conf/crs")]

KNOWN = Path(__file__).resolve().parents[3] / "fixtures" / "crs" / "control_points.csv"
# VN-2000: geographic, UTM, TM-3
VIETNAMESE = (4756, 3405, 3406, *range(5896, 5900), *range(9205, 9219))
CODES = ("OGC:CRS84", "EPSG:4326", "EPSG:3857", *(f"EPSG:{code}" for code in VIETNAMESE))
LATITUDE_FIRST = {"EPSG:4326", "EPSG:4756"}
IN_DEGREES = {"OGC:CRS84", *LATITUDE_FIRST}
ITEMS = "/collections/restriction-points/items"
Pair = tuple[float, float]


# --- The oracle ---


@cache
def from_wgs84(code: str) -> Callable[[float, float], Pair]:
    """Longitude and latitude -> the two numbers of the system, in the order of its authority."""
    if code == "OGC:CRS84":
        return lambda lon, lat: (lon, lat)
    if code in {"EPSG:4326", "EPSG:3857"}:
        plain = pyproj.Transformer.from_crs("EPSG:4326", code)
        return lambda lon, lat: plain.transform(lat, lon)
    shift = pyproj.Transformer.from_pipeline("urn:ogc:def:coordinateOperation:EPSG::6960")
    projected = pyproj.Transformer.from_crs("EPSG:4756", code)

    def transformed(lon: float, lat: float) -> Pair:
        found: Pair = projected.transform(*shift.transform(lat, lon, direction=TransformDirection.INVERSE))
        return found

    return transformed


def place_of(code: str) -> Pair:
    """A place in the middle of the area in which the system is used; for the world one in the town."""
    area = pyproj.CRS(code).area_of_use
    if not code.startswith("EPSG:") or area is None or area.east - area.west > 90:
        return 105.8342, 21.0278
    return round((area.west + area.east) / 2, 6), round((area.south + area.north) / 2, 6)


PLACES = {code: place_of(code) for code in CODES}


# --- The server ---


@pytest.fixture(scope="module")
def server(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Server]:
    """A point at every place."""
    with django_db_blocker.unblock(), transaction.atomic():
        town.planner()
        town.reviewer()
        edition = town.edition(town.plan("zoning"))
        town.zone(edition, town.square(0, 0, 10))
        for lon, lat in {*PLACES.values(), *(place for _, place, _, _ in known_points())}:
            point = GEOSGeometry(f"SRID=4326;POINT({lon!r} {lat!r})")
            town.restriction(edition, point, RestrictionKind.HEIGHT_LIMIT, name=named(lon, lat))
        town.publish()
        yield Server("http://testserver/ogc", fetch)
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _all_are_offered(settings: Settings) -> None:
    settings.OGC_CRS = [f"EPSG:{code}" for code in VIETNAMESE]


def known_points() -> list[tuple[str, Pair, str, Pair]]:
    """Place, longitude and latitude, system, easting and northing."""
    with KNOWN.open(encoding="utf-8", newline="") as lines:
        return [
            (
                row["place"],
                (float(row["lon"]), float(row["lat"])),
                f"EPSG:{row['code']}",
                (float(row["easting"]), float(row["northing"])),
            )
            for row in csv.DictReader(lines)
        ]


def named(lon: float, lat: float) -> str:
    return f"{lon}, {lat}"


def uri(code: str) -> str:
    authority, number = code.split(":")
    return f"http://www.opengis.net/def/crs/{authority}/{'1.3' if authority == 'OGC' else '0'}/{number}"


def ask(server: Server, **query: object) -> Reply:
    return server.get(server.base + ITEMS, GEOJSON, **{"limit": 1000, **query})


def names(reply: Reply) -> set[str]:
    return {feature["properties"]["name"] for feature in reply.json()["features"]}


def at(reply: Reply, place: Pair) -> Any:
    """The coordinates of the feature of that place, as they were written."""
    found = [one for one in reply.json()["features"] if one["properties"]["name"] == named(*place)]
    return found[0]["geometry"]["coordinates"]


def around(code: str, place: Pair) -> tuple[float, float, float, float]:
    """A box of a few metres, in the order of the axes."""
    first, second = from_wgs84(code)(*place)
    reach = 2e-5 if code in IN_DEGREES else 2.0
    return first - reach, second - reach, first + reach, second + reach


def written(numbers: tuple[float, ...]) -> str:
    return ",".join(f"{number:.9f}" for number in numbers)


def test_all_are_offered(server: Server) -> None:
    document = server.get(f"{server.base}/collections/restriction-points").json()
    assert document["crs"] == [uri(code) for code in CODES]
    assert len(CODES) == 24


@pytest.mark.parametrize("code", CODES)
def test_coordinates_are_those_of_the_authority_in_its_order(server: Server, code: str) -> None:
    reply = ask(server, crs=uri(code))
    assert reply.headers["content-crs"] == f"<{uri(code)}>"
    first, second = at(reply, PLACES[code])
    expected = from_wgs84(code)(*PLACES[code])
    # half of the last decimal that is written: 5 mm in degrees, half a millimetre in metres
    within = 0.51e-7 if code in IN_DEGREES else 0.51e-3
    assert (first, second) == pytest.approx(expected, rel=0, abs=within)
    # here latitude is the smaller number in degrees, easting that in metres of a zone
    assert (first < second) is (code not in {"OGC:CRS84", "EPSG:3857"})


@pytest.mark.parametrize(("place", "wgs84", "code", "expected"), known_points())
def test_known_points_are_where_they_are(
    server: Server, place: str, wgs84: Pair, code: str, expected: Pair
) -> None:
    assert at(ask(server, crs=uri(code)), wgs84) == pytest.approx(expected, rel=0, abs=0.51e-3)
    assert from_wgs84(code)(*wgs84) == pytest.approx(expected, rel=0, abs=0.51e-3)


@pytest.mark.parametrize("code", CODES)
def test_a_box_follows_the_order_of_the_axes(server: Server, code: str) -> None:
    box = around(code, PLACES[code])
    near = {named(*place) for place in PLACES.values() if place == PLACES[code]}
    assert names(ask(server, bbox=written(box), **{"bbox-crs": uri(code)})) == near
    swapped = written((box[1], box[0], box[3], box[2]))
    reply = ask(server, bbox=swapped, **{"bbox-crs": uri(code)})
    # latitude cannot be 105; a northing taken for an easting lies far away
    assert reply.status == 400 if code in IN_DEGREES else names(reply) == set()


@pytest.mark.conforms("ogcapi-features-3/1.0/conf/features-filter")
@pytest.mark.parametrize("code", CODES)
def test_the_geometry_of_a_filter_follows_the_order_of_the_axes(server: Server, code: str) -> None:
    west, south, east, north = around(code, PLACES[code])
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    ring = ",".join(f"{one:.9f} {other:.9f}" for one, other in corners)
    wanted = f"S_INTERSECTS(geometry,POLYGON(({ring})))"
    near = {named(*place) for place in PLACES.values() if place == PLACES[code]}
    assert names(ask(server, filter=wanted, **{"filter-crs": uri(code)})) == near


@pytest.mark.parametrize("code", CODES)
def test_one_feature_is_given_out_in_every_system_too(server: Server, code: str) -> None:
    features = ask(server).json()["features"]
    feature = next(one for one in features if one["properties"]["name"] == named(*PLACES[code]))
    reply = server.get(f"{server.base}{ITEMS}/{feature['id']}", GEOJSON, crs=uri(code))
    assert reply.headers["content-crs"] == f"<{uri(code)}>"
    assert reply.json()["geometry"]["coordinates"] == at(ask(server, crs=uri(code)), PLACES[code])


@pytest.mark.parametrize("name", ["crs", "bbox-crs", "filter-crs"])
@pytest.mark.parametrize("code", ["EPSG:32648", "EPSG:6956", "EPSG:6959", "EPSG:0", "OGC:84", "nonsense"])
def test_what_is_not_offered_is_refused(server: Server, name: str, code: str) -> None:
    assert ask(server, **{name: code}).status == 400


@pytest.mark.parametrize("alias", ["EPSG:5897", "[EPSG:5897]", "urn:ogc:def:crs:EPSG::5897"])
def test_other_names_are_understood_and_answered_with_the_one_name(server: Server, alias: str) -> None:
    assert ask(server, crs=alias).headers["content-crs"] == f"<{uri('EPSG:5897')}>"
