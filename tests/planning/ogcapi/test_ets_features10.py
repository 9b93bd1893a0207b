"""OGC's suite for OGC API - Features, its 80 methods against the town, and what the suite leaves out.

The Java original is run by `script/conformance`.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from pytest_django.plugin import DjangoDbBlocker

from planning.ogcapi import urls
from tests.conformance.server import GEOJSON, Server, links_with
from tests.cql2_suite import dataset
from tests.planning.ogcapi.suites import features10, fetch, full_town_served

pytestmark = pytest.mark.django_db

DATASET = Path(__file__).resolve().parents[3] / "fixtures" / "cql2" / "ne110m4cql2.gpkg"
CORE, CRS = "ogcapi-features-1/1.0/conf/core", "ogcapi-features-2/1.0/conf/crs"
MARKS = {
    "ApiDefinition": ("ogcapi-features-1/1.0/conf/oas30", "ogcapi-common-1/1.0/conf/oas30"),
    "LandingPage": (CORE, "ogcapi-common-1/1.0/conf/landing-page"),
    "FeatureCollections": (CORE, "ogcapi-common-2/1.0/conf/collections"),
    "Features": (CORE, "ogcapi-features-1/1.0/conf/geojson", "ogcapi-features-1/1.0/conf/html"),
    "Feature": (CORE, "ogcapi-features-1/1.0/conf/geojson", "ogcapi-features-1/1.0/conf/html"),
}


def marks_of(name: str) -> list[pytest.MarkDecorator]:
    """The conformance classes that a method proves."""
    family = name.split(".")[0]
    classes = MARKS.get(family, (CRS,) if "Crs" in family else (CORE,))
    return [pytest.mark.conforms(one) for one in classes]


@pytest.fixture(scope="module")
def server(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Server]:
    """The full town."""
    with full_town_served(django_db_blocker) as found:
        yield found


@pytest.mark.parametrize("name", [pytest.param(name, marks=marks_of(name)) for name in features10.METHODS])
def test_the_suite_would_pass(server: Server, name: str) -> None:
    features10.METHODS[name](server)


# --- What the suite leaves out ---

COLLECTIONS = (
    "zones",
    "zones-history",
    "restriction-areas",
    "restriction-lines",
    "restriction-points",
    "plans",
    "parcels",
)


def ids(server: Server, collection: str, **query: object) -> list[str]:
    """The ids of the features that an address gives."""
    return [str(feature["id"]) for feature in features(server, collection, **query)]


def features(server: Server, collection: str, **query: object) -> list[dict[str, object]]:
    """The features that an address gives."""
    found: list[dict[str, object]] = server.get(
        f"{server.base}/collections/{collection}/items", GEOJSON, **{"limit": 1000, **query}
    ).json()["features"]
    return found


@pytest.mark.conforms(CORE)
def test_every_collection_is_asked_and_has_more_than_a_page(server: Server) -> None:
    assert set(server.collections) == set(COLLECTIONS)
    for collection in server.collections.values():
        page = server.items(collection).json()
        assert page["numberReturned"] == 10
        assert links_with(page, "next", GEOJSON)


@pytest.mark.conforms(CORE)
@pytest.mark.parametrize(
    ("datetime", "is_old", "is_new"),
    [
        ("2020-01-01", True, False),
        ("2022-06-30", True, False),
        ("2022-07-01", False, True),
        ("2020-01-01T12:00:00Z", True, False),
        ("2020-01-01T00:00:00Z/2021-01-01T00:00:00Z", True, False),
        ("2020-01-01/2023-01-01", True, True),
        ("../2020-01-01", True, False),
        ("/2020-01-01", True, False),
        ("2023-01-01/..", False, True),
        ("2023-01-01/", False, True),
        ("2022-06-29/P1D", True, False),
        ("2022-06-29/P1M", True, True),
        ("0000-01-01T00:00:00Z/2020-01-01T00:00:00Z", True, False),
        ("2023-01-01T00:00:00Z/9999-12-31T23:59:59Z", False, True),
        ("../..", True, True),
        ("1990-01-01/1991-01-01", False, False),
    ],
)
def test_datetime_travels_through_legal_validity(
    server: Server, datetime: str, is_old: bool, is_new: bool
) -> None:
    """The suite never gets data here: what was in force is told by its status and its days."""
    in_force = [
        feature["properties"]
        for feature in features(server, "zones-history", datetime=datetime, status="in_force")
    ]
    replaced = [one for one in in_force if one["edition"] == "zoning/1" and one["valid_to"]]
    adjusted = [one for one in in_force if one["edition"] == "zoning/2"]
    assert (bool(replaced), bool(adjusted)) == (is_old, is_new)


@pytest.mark.conforms(CORE)
@pytest.mark.parametrize(
    "datetime", ["2023-01-01/2020-01-01", "yesterday", "2020-13-01", "2020-01-01/x", "/"]
)
def test_what_is_no_time_is_refused(server: Server, datetime: str) -> None:
    for collection in server.collections.values():
        reply = server.items(collection, datetime=datetime)
        # an interval open at both ends may be written with nothing on either side
        assert reply.status == (200 if datetime == "/" else 400), reply.url


@pytest.mark.conforms(CORE)
@pytest.mark.parametrize(
    ("limit", "status"), [("10001", 200), ("999999999", 200), ("0", 400), ("-1", 400), ("", 200)]
)
def test_a_limit_above_the_maximum_is_capped_and_below_one_refused(
    server: Server, limit: str, status: int
) -> None:
    assert server.items(server.collections["parcels"], limit=limit).status == status


@pytest.mark.conforms(CORE)
@pytest.mark.parametrize(
    "box", ["1,2,3", "a,b,c,d", "1,2,3,4,5", "-181,0,0,1", "0,0,1,91", "10,50,11,49", "1,2,nan,4"]
)
def test_what_is_no_box_is_refused(server: Server, box: str) -> None:
    assert server.items(server.collections["zones"], bbox=box).status == 400


@pytest.mark.conforms(CORE)
def test_heights_of_a_box_are_read_and_do_not_matter(server: Server) -> None:
    collection = server.collections["zones"]
    west, south, east, north = collection["extent"]["spatial"]["bbox"][0]
    flat = ids(server, "zones", bbox=f"{west},{south},{east},{north}")
    assert flat
    assert ids(server, "zones", bbox=f"{west},{south},-5,{east},{north},5") == flat


@pytest.mark.conforms(CORE)
def test_an_extent_holds_every_feature_of_its_collection(server: Server) -> None:
    for name, collection in server.collections.items():
        box = ",".join(str(number) for number in collection["extent"]["spatial"]["bbox"][0])
        assert ids(server, name, bbox=box) == ids(server, name)


@pytest.mark.conforms(CORE)
@pytest.mark.parametrize("collection", COLLECTIONS)
def test_a_walk_meets_every_feature_once_in_an_order_that_stays(server: Server, collection: str) -> None:
    whole = ids(server, collection)
    walked, address = [], f"{server.base}/collections/{collection}/items?limit=7"
    while address:
        page = server.get(address, GEOJSON).json()
        assert page["features"], "an empty page"
        walked += [str(feature["id"]) for feature in page["features"]]
        following = links_with(page, "next")
        address = following[0]["href"] if following else ""
    assert walked == whole
    assert len(set(whole)) == len(whole)
    assert ids(server, collection, offset=5, limit=7) == whole[5:12]


@pytest.mark.conforms("ogcapi-features-3/1.0/conf/queryables-query-parameters")
def test_a_queryable_is_a_parameter_and_all_parameters_hold_at_once(server: Server) -> None:
    housing = ids(server, "zones", land_use="ODT")
    box = server.collections["zones"]["extent"]["spatial"]["bbox"][0]
    west = f"{box[0]},{box[1]},{(box[0] + box[2]) / 2},{box[3]}"
    both = ids(server, "zones", land_use="ODT", bbox=west)
    assert set(both) == set(housing) & set(ids(server, "zones", bbox=west))
    assert 0 < len(both) < len(housing)


@pytest.mark.conforms(CORE)
def test_an_unknown_parameter_is_refused_at_every_resource(server: Server) -> None:
    paths = [
        "/",
        "/conformance",
        "/api",
        "/collections",
        "/collections/zones",
        "/collections/zones/queryables",
    ]
    paths += ["/collections/zones/schema", "/collections/zones/items", "/functions", "/tileMatrixSets"]
    item = server.first_item_address(server.collections["zones"]).removeprefix(server.base)
    assert {
        path: server.get(server.base + path, nonsense=1).status for path in [*paths, item]
    } == dict.fromkeys([*paths, item], 400)


@pytest.mark.conforms(CORE)
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(server: Server, method: str) -> None:
    for name in COLLECTIONS:
        response = getattr(Client(), method)(f"/ogc/collections/{name}/items")
        assert response.status_code == 405
        assert "GET" in response["Allow"]


@pytest.mark.conforms(CORE)
def test_features_without_geometry_lie_in_every_box_and_those_without_time_at_any(settings: Settings) -> None:
    """OGC 17-069r4 /req/core/fc-bbox-response C, fc-time-response C."""
    (rivers,) = (one for one in dataset.layers_of(DATASET) if "rivers" in one.name)
    dataset.make_tables((rivers,))
    rows = rivers.model._default_manager
    assert rows.filter(pk=5).update(geometry=None) == 1
    settings.ROOT_URLCONF = tuple(urls.mounted("ogc", dataset.catalogue((rivers,))))
    server = Server("http://testserver/ogc", fetch)
    assert ids(server, rivers.name, bbox="1,1,2,2") == ["5"]
    assert ids(server, rivers.name, bbox="-180,-90,180,90") == ids(server, rivers.name)
    assert ids(server, rivers.name, datetime="1990-01-01") == ids(server, rivers.name)
