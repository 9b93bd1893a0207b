"""Filters of items: joined with everything else, in the languages and systems they say."""

import json

import pytest
from django.test import Client

from planning.models import Publication
from tests import town
from tests.planning.ogcapi.asking import told
from tests.planning.ogcapi.test_items import ZONES, ids, problem, row_of_zones

__all__ = ["row_of_zones"]

pytestmark = [
    pytest.mark.conforms("ogcapi-features-3/1.0/conf/filter"),
    pytest.mark.conforms("ogcapi-features-3/1.0/conf/features-filter"),
]
HOUSING = "land_use = 'ODT'"
ROADS = json.dumps({"op": "=", "args": [{"property": "land_use"}, "DGT"]})


def test_a_filter_is_text_unless_it_says_otherwise(client: Client, row_of_zones: Publication) -> None:
    assert ids(told(client, ZONES, filter=HOUSING)) == ["zoning.1.2", "zoning.1.4"]
    by_json = told(client, ZONES, **{"filter": ROADS, "filter-lang": "cql2-json"})
    assert ids(by_json) == ["zoning.1.1", "zoning.1.3", "zoning.1.5"]
    assert by_json["numberMatched"] == 3


def test_everything_asked_is_joined(client: Client, row_of_zones: Publication) -> None:
    x, y = town.ORIGIN
    asked = {"bbox": f"{x + 310},{y},{x + 390},{y + 9}", "bbox-crs": "EPSG:5897", "filter": HOUSING}

    assert ids(told(client, ZONES, **asked)) == ["zoning.1.4"]
    assert ids(told(client, ZONES, **asked, land_use="DGT")) == []


def test_geometries_of_a_filter_follow_its_own_system(client: Client, row_of_zones: Publication) -> None:
    x, y = town.ORIGIN
    inside = f"S_INTERSECTS(geometry, POINT({x + 150} {y + 50}))"

    assert ids(told(client, ZONES, **{"filter": inside, "filter-crs": "EPSG:5897"})) == ["zoning.1.2"]


@pytest.mark.parametrize(
    "asked",
    [
        {"filter": "land_use = "},
        {"filter": "nothing = 1"},
        {"filter": HOUSING, "filter-lang": "cql-text"},
        {"filter": HOUSING, "filter-lang": "cql2-json"},
        {"filter": HOUSING, "filter-crs": "EPSG:2154"},
    ],
)
def test_what_cannot_be_asked_is_refused(
    client: Client, small_town: Publication, asked: dict[str, str]
) -> None:
    assert problem(client, ZONES, **asked)["parameter"].startswith("filter")
