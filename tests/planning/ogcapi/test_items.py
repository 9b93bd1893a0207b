"""Features of a collection over HTTP: pages of them and one alone."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from planning.models import Publication
from tests import town
from tests.planning.ogcapi.asking import linked, told

ZONES = "/ogc/collections/zones/items"
HISTORY = "/ogc/collections/zones-history/items"
CORE = pytest.mark.conforms("ogcapi-features-1/1.0/conf/core")
GEOJSON = pytest.mark.conforms("ogcapi-features-1/1.0/conf/geojson")
PARAMETERS = pytest.mark.conforms("ogcapi-features-3/1.0/conf/queryables-query-parameters")
UNITS = "/ogc/collections/units/items"
of_units = pytest.mark.urls("tests.planning.ogcapi.served_units")


def ids(document: Mapping[str, Any]) -> list[str]:
    return [feature["id"] for feature in document["features"]]


def problem(client: Client, address: str, status: int = 400, **parameters: object) -> Mapping[str, Any]:
    response = client.get(address, parameters)
    assert response.status_code == status, response.getvalue()
    assert response["Content-Type"] == "application/problem+json"
    found: Mapping[str, Any] = json.loads(response.content)
    return found


@pytest.fixture
def row_of_zones(town_office: object) -> Publication:
    """Five zones side by side, 100 m each, in force since 2018."""
    first = town.edition(town.plan("zoning"))
    for number in range(5):
        town.zone(first, town.square(100 * number, 0, 100), "ODT" if number % 2 else "DGT")
    return town.publish()


# --- A page ---


@CORE
@GEOJSON
def test_a_page_is_a_feature_collection_with_all_properties_of_each_feature(
    client: Client, small_town: Publication
) -> None:
    response = client.get(ZONES)
    document = json.loads(response.getvalue())

    assert response["Content-Type"] == "application/geo+json"
    assert response["Content-Crs"] == "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"
    assert document["type"] == "FeatureCollection"
    assert ids(document) == ["zoning.1.1", "zoning.1.2"]
    first, second = document["features"]
    assert first["type"] == "Feature"
    assert first["geometry"]["type"] == "MultiPolygon"
    assert first["geometry"]["coordinates"][0][0][0][0] == pytest.approx(105.8, abs=0.1)
    assert first["properties"]["land_use"] == "ODT"
    assert first["properties"].keys() == second["properties"].keys()


@CORE
def test_a_page_says_how_many_and_when(client: Client, row_of_zones: Publication) -> None:
    response = client.get(ZONES, {"limit": 2})
    document = json.loads(response.getvalue())

    assert document["numberMatched"] == 5
    assert document["numberReturned"] == 2
    assert response["OGC-NumberMatched"] == "5"
    assert response["OGC-NumberReturned"] == "2"
    assert datetime.fromisoformat(document["timeStamp"]).tzinfo is not None


@CORE
def test_every_link_is_absolute_and_typed_and_every_format_has_one(
    client: Client, row_of_zones: Publication
) -> None:
    document = told(client, ZONES, limit=2)

    assert all(link["href"].startswith("http://testserver/ogc/") for link in document["links"])
    assert [link["type"] for link in linked(document, "self")] == ["application/geo+json"]
    alternates = {link["type"] for link in linked(document, "alternate")}
    assert {"text/html", "text/csv", "application/flatgeobuf"} <= alternates
    assert linked(document, "collection")[0]["href"] == "http://testserver/ogc/collections/zones"
    assert linked(document, "describedby")[0]["type"] == "application/schema+json"
    assert linked(document, "describedBy")
    assert linked(document, "next")[0]["type"] == "application/geo+json"


@CORE
def test_an_empty_page_has_no_next(client: Client, row_of_zones: Publication) -> None:
    document = told(client, ZONES, bbox="0,0,1,1")

    assert document["features"] == []
    assert (document["numberMatched"], document["numberReturned"]) == (0, 0)
    assert not linked(document, "next")


def test_before_the_first_publication_a_page_is_empty(client: Client, db: None) -> None:
    assert told(client, ZONES)["numberMatched"] == 0


# --- limit and unknown parameters ---


@CORE
@pytest.mark.parametrize("limit", ["0", "-1", "unlimited", "1.5", "1e2", "٣"])
def test_a_limit_that_is_no_positive_number_is_refused(
    client: Client, small_town: Publication, limit: str
) -> None:
    assert problem(client, ZONES, limit=limit)["parameter"] == "limit"


@CORE
def test_a_limit_above_the_maximum_is_capped(client: Client, small_town: Publication) -> None:
    assert len(told(client, ZONES, limit=10_001)["features"]) == 2


@CORE
@pytest.mark.parametrize("address", [ZONES, f"{ZONES}/zoning.1.1"])
def test_a_parameter_that_nobody_knows_is_refused(
    client: Client, small_town: Publication, address: str
) -> None:
    assert problem(client, address, colour_of_the_sky="blue")["parameter"] == "colour_of_the_sky"


@CORE
def test_of_a_repeated_parameter_the_last_value_counts(client: Client, row_of_zones: Publication) -> None:
    assert len(told(client, f"{ZONES}?limit=1&limit=3")["features"]) == 3


def test_an_offset_too_far_points_to_next(client: Client, small_town: Publication) -> None:
    assert "next" in problem(client, ZONES, offset=100_001)["detail"]


# --- Time ---


@pytest.fixture
def changing_law(town_office: object) -> Publication:
    """Zone one is law from 2018 to 2019, zone two of the next edition from 2020 on."""
    plan = town.plan("zoning")
    first = town.edition(plan, in_force=date(2018, 1, 1))
    town.zone(first, town.square(0, 0, 100))
    second = town.edition(plan, in_force=date(2020, 1, 1))
    town.zone(second, town.square(0, 0, 100))
    return town.publish()


@CORE
@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("2019-12-31", ["zoning.1.1"]),
        ("2019-12-31T16:59:59Z", ["zoning.1.1"]),
        ("2019-12-31T17:00:00Z", ["zoning.2.1"]),
        ("2019-12-31/P2D", ["zoning.1.1", "zoning.2.1"]),
        ("../2017-12-31", []),
        ("2030-01-01/..", ["zoning.2.1"]),
        ("0000-01-01T00:00:00Z/9999-12-31T00:00:00Z", ["zoning.1.1", "zoning.2.1"]),
    ],
)
def test_datetime_asks_when_a_feature_is_law(
    client: Client, changing_law: Publication, when: str, expected: list[str]
) -> None:
    document = told(client, HISTORY, datetime=when, status="in_force")

    assert [feature["properties"]["zone"] for feature in document["features"]] == expected


@CORE
def test_an_interval_that_ends_before_it_begins_is_refused(client: Client, small_town: Publication) -> None:
    assert problem(client, ZONES, datetime="2024-01-02/2024-01-01")["parameter"] == "datetime"


@of_units
@CORE
def test_features_without_geometry_match_any_box_and_those_without_dates_any_time(
    client: Client, db: None
) -> None:
    town.unit("00001", geometry=town.square(0, 0, 100))
    town.unit("00002", geometry=None)

    assert ids(told(client, UNITS, bbox="0,0,1,1")) == ["2004-00002"]
    assert ids(told(client, UNITS, bbox="105,20,106,22")) == ["2004-00001", "2004-00002"]
    assert ids(told(client, UNITS, bbox="-9e9,-9e9,-8e9,0", **{"bbox-crs": "EPSG:3857"})) == ["2004-00002"]
    assert len(ids(told(client, UNITS, datetime="1700-01-01"))) == 2
    assert told(client, UNITS)["features"][1]["geometry"] is None


# --- Queryables as parameters ---


@PARAMETERS
def test_every_queryable_is_a_parameter_and_all_are_joined(client: Client, row_of_zones: Publication) -> None:
    assert ids(told(client, ZONES, land_use="ODT")) == ["zoning.1.2", "zoning.1.4"]
    assert ids(told(client, ZONES, land_use="ODT", code="ODT-04")) == ["zoning.1.4"]
    assert ids(told(client, ZONES, land_use="nothing")) == []


@of_units
@PARAMETERS
def test_a_value_is_read_as_what_the_property_is(client: Client, db: None) -> None:
    town.unit("00001", area_km2="2.50", boundary_is_invented=True)
    town.unit("00002")

    assert ids(told(client, UNITS, area="2.5")) == ["2004-00001"]
    assert ids(told(client, UNITS, invented="false")) == ["2004-00002"]
    assert ids(told(client, UNITS, kind="commune")) == ["2004-00001", "2004-00002"]
    assert problem(client, UNITS, area="much")["parameter"] == "area"
    assert problem(client, UNITS, invented="perhaps")["parameter"] == "invented"
    assert problem(client, UNITS, kind="galaxy")["parameter"] == "kind"
    assert problem(client, UNITS, size="10")["parameter"] == "size"


@of_units
def test_published_values_are_the_ones_shown(client: Client, db: None) -> None:
    town.unit("00001", area_km2="2.50")

    properties = told(client, UNITS)["features"][0]["properties"]

    assert properties["size"] == len("2004-00001")
    assert properties["area"] == 2.5


# --- One feature ---


@CORE
@GEOJSON
def test_one_feature_links_to_itself_its_collection_and_the_page_for_people(
    client: Client, small_town: Publication
) -> None:
    response = client.get(f"{ZONES}/zoning.1.1")
    document = json.loads(response.content)

    assert response["Content-Type"] == "application/geo+json"
    assert response["Content-Crs"] == "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"
    assert (document["type"], document["id"]) == ("Feature", "zoning.1.1")
    assert linked(document, "self")[0]["href"] == f"http://testserver{ZONES}/zoning.1.1?f=json"
    assert linked(document, "alternate")[0]["type"] == "text/html"
    assert linked(document, "collection")[0]["href"] == "http://testserver/ogc/collections/zones"
    assert linked(document, "canonical")[0]["href"].endswith("/zones/zoning.1.1")


@CORE
@pytest.mark.parametrize("feature_id", ["nothing", "zoning.1.99", "%F0%9F%8F%99"])
def test_a_feature_that_is_not_there_is_not_found(
    client: Client, small_town: Publication, feature_id: str
) -> None:
    problem(client, f"{ZONES}/{feature_id}", status=404)


def test_what_is_staged_is_nowhere(client: Client, small_town: Publication) -> None:
    staged = town.edition(town.plan("staged"))
    town.zone(staged, town.square(500, 0, 100))

    assert told(client, ZONES)["numberMatched"] == 2
    problem(client, f"{ZONES}/staged.1.1", status=404)


# --- Methods and visibility ---


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("address", [ZONES, f"{ZONES}/zoning.1.1"])
def test_nothing_is_written_here(client: Client, small_town: Publication, method: str, address: str) -> None:
    response = getattr(client, method)(address)

    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, OPTIONS"
    assert response["Content-Type"] == "application/problem+json"


@of_units
def test_a_hidden_collection_is_not_there_and_is_kept_by_nobody(client: Client, db: None) -> None:
    address = UNITS.replace("units", "secret")

    problem(client, address, status=404)
    seen = client.get(address, headers={"X-Member": "member"})
    assert seen.status_code == 200
    assert seen["Cache-Control"] == "private, no-store"


# --- Formats ---


@CORE
@pytest.mark.parametrize(
    ("accept", "sent"),
    [
        ("", "application/geo+json"),
        ("*/*", "application/geo+json"),
        ("application/geo+json, application/json", "application/geo+json"),
        ("application/json", "application/geo+json"),
        ("text/csv", "text/csv; charset=utf-8"),
    ],
)
def test_accept_chooses_the_format(client: Client, small_town: Publication, accept: str, sent: str) -> None:
    assert client.get(ZONES, headers={"Accept": accept})["Content-Type"] == sent


def test_a_file_holds_all_unless_a_limit_is_given(client: Client, row_of_zones: Publication) -> None:
    whole = client.get(ZONES, {"f": "geojsonseq"})
    some = client.get(ZONES, {"f": "geojsonseq", "limit": 2})

    assert len(whole.getvalue().splitlines()) == 5
    assert "Link" not in whole
    assert len(some.getvalue().splitlines()) == 2
    assert 'rel="next"' in some["Link"]


def test_the_page_for_people_shows_the_same_features(client: Client, small_town: Publication) -> None:
    response = client.get(ZONES, {"f": "html"})

    assert response.status_code == 200
    assert "ODT-01" in response.content.decode()
    assert client.get(f"{ZONES}/zoning.1.1", {"f": "html"}).status_code == 200


@PARAMETERS
@pytest.mark.parametrize("text", ["-+5", "+-5", "--5", "++5", "5.0", "1_0", "٣", "0x5", "9" * 41, "-"])
def test_what_is_no_whole_number_is_refused(client: Client, small_town: Publication, text: str) -> None:
    assert problem(client, ZONES, feature=text)["parameter"] == "feature"
