"""OWSLib finds what there is, asks in every way it knows, and is told what it may not do."""

import urllib.request
from datetime import date
from urllib.error import HTTPError

import pytest
from owslib.ogcapi.features import Features

from tests.clients import truth

pytestmark = pytest.mark.django_db

BOX = (105.846, 21.025, 105.852, 21.031)


@pytest.fixture
def features(base: str) -> Features:
    return Features(base)


def test_the_root_tells_what_is_there(features: Features) -> None:
    assert {"service-desc", "conformance", "data"} <= {link["rel"] for link in features.links}
    assert features.api()["openapi"].startswith("3.0.")
    assert (
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in features.conformance()["conformsTo"]
    )
    assert features.feature_collections() == list(truth.COLLECTIONS)


@pytest.mark.parametrize("name", truth.COLLECTIONS)
def test_a_collection_tells_its_properties(features: Features, name: str) -> None:
    declared = truth.collection(name)

    assert features.collection(name)["id"] == name
    schema = features.collection_schema(name)["properties"]
    assert schema.keys() == {"id", "geometry", *(one.name for one in declared.properties)}
    queryables = features.collection_queryables(name)["properties"]
    assert queryables.keys() == {"geometry", *(one.name for one in declared.queryables)}


def test_items_come_by_place_number_and_property(features: Features) -> None:
    rows = truth.rows("zones")
    housing = {key for key, (row, _) in rows.items() if row["land_use"] == "ODT"}

    near = features.collection_items("zones", bbox=BOX, limit=5)
    found = features.collection_items("zones", land_use="ODT", limit=10_000)
    rest = features.collection_items("zones", land_use="ODT", offset=len(housing) - 3)

    assert near["numberReturned"] == 5 < near["numberMatched"] < len(rows)
    assert {one["id"] for one in found["features"]} == housing
    assert rest["numberReturned"] == 3


def test_a_day_finds_what_was_law_on_it(features: Features) -> None:
    day = date(2019, 1, 1).isoformat()
    expected = {
        key
        for key, (row, _) in truth.rows("zones-history").items()
        if (row["valid_from"] or "") <= day < (row["valid_to"] or "9")
    }

    found = features.collection_items("zones-history", datetime_=day, limit=10_000)

    assert expected
    assert {one["id"] for one in found["features"]} == expected


def test_a_filter_finds_vietnamese_without_its_accents(features: Features) -> None:
    expected = {
        key for key, (row, _) in truth.rows("zones").items() if row["land_use_vi"] == "Đất ở tại đô thị"
    }
    condition = "ACCENTI(CASEI(land_use_vi)) = ACCENTI(CASEI('DAT O TAI DO THI'))"

    found = features.collection_items("zones", filter=condition, limit=10_000)

    assert expected
    assert {one["id"] for one in found["features"]} == expected


def test_one_item_is_asked_by_its_id(features: Features) -> None:
    key, (values, _) = next(iter(truth.rows("plans").items()))

    found = features.collection_item("plans", key)

    assert found["id"] == key
    assert found["properties"]["title"] == values["title"]


def test_what_is_posted_is_refused_with_the_methods_that_are_not(base: str, features: Features) -> None:
    """With `cql` OWSLib sends a POST; whoever wants JSON writes `filter-lang=cql2-json`."""
    with pytest.raises(RuntimeError, match='"status":405'):
        features.collection_items("zones", cql='{"op": "=", "args": [{"property": "code"}, "x"]}')

    request = urllib.request.Request(f"{base}/collections/zones/items", data=b"{}")  # noqa: S310
    with pytest.raises(HTTPError) as refused:
        urllib.request.urlopen(request)  # noqa: S310
    assert refused.value.code == 405
    assert refused.value.headers["Allow"] == "GET, HEAD, OPTIONS"
    refused.value.close()


def test_what_is_not_offered_is_named(features: Features) -> None:
    with pytest.raises(RuntimeError, match="sortby"):
        features.collection_items("zones", sortby=("code", "asc"))
