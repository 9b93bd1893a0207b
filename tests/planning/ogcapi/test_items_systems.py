"""Coordinate systems of items: what is offered, in which order axes are written, what boxes in them find."""

import json
from typing import Any

import pytest
from django.test import Client

from planning import crs
from planning.models import Publication
from tests import town
from tests.planning.ogcapi.asking import told
from tests.planning.ogcapi.test_items import ZONES, ids, problem, row_of_zones

__all__ = ["row_of_zones"]

pytestmark = pytest.mark.conforms("ogcapi-features-2/1.0/conf/crs")
LOWER_LEFT = town.ORIGIN


def corners(feature: dict[str, Any]) -> list[list[float]]:
    found: list[list[float]] = feature["geometry"]["coordinates"][0][0]
    return found


@pytest.mark.parametrize(
    "name",
    [
        "EPSG:5897",
        "[EPSG:5897]",
        "urn:ogc:def:crs:EPSG::5897",
        "http://www.opengis.net/def/crs/EPSG/0/5897",
    ],
)
@pytest.mark.parametrize("address", [ZONES, f"{ZONES}/zoning.1.1"])
def test_a_system_is_known_by_every_common_name_and_echoed_by_its_address(
    client: Client, small_town: Publication, name: str, address: str
) -> None:
    response = client.get(address, {"crs": name})

    assert response["Content-Crs"] == "<http://www.opengis.net/def/crs/EPSG/0/5897>"
    document = json.loads(response.getvalue())
    first = document["features"][0] if "features" in document else document
    assert min(corners(first)) == [
        pytest.approx(LOWER_LEFT[0], abs=2e-3),
        pytest.approx(LOWER_LEFT[1], abs=2e-3),
    ]  # heights are dropped on the way


def test_axes_follow_the_system_and_decimals_its_unit(client: Client, small_town: Publication) -> None:
    lon_lat = corners(told(client, ZONES)["features"][0])
    lat_lon = corners(told(client, ZONES, crs="EPSG:4326")["features"][0])
    metres = corners(told(client, ZONES, crs="EPSG:3857")["features"][0])

    assert lat_lon == [[lat, lon] for lon, lat in lon_lat]
    assert all(round(number, 7) == number for pair in lon_lat for number in pair)
    assert all(round(number, 3) == number for pair in metres for number in pair)
    expected = crs.transform_array(__import__("numpy").array(lon_lat), crs.CRS84, crs.parse("EPSG:3857"))
    assert metres == [[pytest.approx(x, abs=0.02), pytest.approx(y, abs=0.02)] for x, y in expected]


@pytest.mark.parametrize("name", ["crs", "bbox-crs", "filter-crs"])
@pytest.mark.parametrize(
    "system",
    ["EPSG:2154", "EPSG:9205", "http://www.opengis.net/def/crs/0/unsupported", "EPSG:6956", "nonsense"],
)
def test_what_is_not_offered_is_refused(
    client: Client, small_town: Publication, name: str, system: str
) -> None:
    assert problem(client, ZONES, bbox="5,49,6,50", **{name: system})["parameter"] == name


def test_a_box_follows_the_axes_of_its_system(client: Client, row_of_zones: Publication) -> None:
    lon, lat = corners(told(client, ZONES)["features"][2])[0]
    around = 1e-6
    by_lon = f"{lon - around},{lat - around},{lon + around},{lat + around}"
    by_lat = f"{lat - around},{lon - around},{lat + around},{lon + around}"

    found = ids(told(client, ZONES, bbox=by_lon))

    assert "zoning.1.3" in found
    assert len(found) == 2
    assert ids(told(client, ZONES, bbox=by_lat, **{"bbox-crs": "EPSG:4326"})) == found
    assert problem(client, ZONES, bbox=by_lat)["parameter"] == "bbox"


def test_a_box_in_metres_finds_what_meets_it_and_touching_counts(
    client: Client, row_of_zones: Publication
) -> None:
    x, y = LOWER_LEFT
    metric = {"bbox-crs": "EPSG:5897"}

    assert ids(told(client, ZONES, bbox=f"{x + 110},{y + 10},{x + 190},{y + 20}", **metric)) == ["zoning.1.2"]
    touching = told(client, ZONES, bbox=f"{x + 110},{y + 10},{x + 200},{y + 20}", **metric)
    assert ids(touching) == ["zoning.1.2", "zoning.1.3"]
    assert ids(told(client, ZONES, bbox=f"{x - 200},{y},{x - 0.05},{y + 99}", **metric)) == []


def test_a_box_in_metres_far_outside_is_empty_and_no_error(client: Client, small_town: Publication) -> None:
    assert ids(told(client, ZONES, bbox="-9e8,-9e8,-8e8,-8e8", **{"bbox-crs": "EPSG:5897"})) == []


@pytest.mark.parametrize("system", ["EPSG:4326", "EPSG:3857", "EPSG:5897"])
def test_the_extent_of_all_features_finds_all_of_them_in_every_system(
    client: Client, row_of_zones: Publication, system: str
) -> None:
    """Test 78 of the suite: the two corners of the extent, transformed, as a box."""
    extent = told(client, "/ogc/collections/zones", f="json")["extent"]["spatial"]["bbox"][0]
    in_degrees = ids(told(client, ZONES, bbox=",".join(map(str, extent))))
    numpy = __import__("numpy")
    moved = crs.transform_array(numpy.array(extent).reshape(2, 2), crs.CRS84, crs.parse(system))
    if system == "EPSG:4326":
        moved = moved[:, ::-1]

    found = ids(
        told(client, ZONES, bbox=",".join(map(repr, map(float, moved.ravel()))), **{"bbox-crs": system})
    )

    assert len(in_degrees) == 5
    assert set(found) <= set(in_degrees)
