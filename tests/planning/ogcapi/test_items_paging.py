"""Walks through a collection: nothing twice, nothing lost, whatever is published meanwhile."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import signing
from django.test import Client

from planning.models import Publication
from planning.ogcapi.items import counting, places, rows
from tests import town
from tests.planning.ogcapi.asking import linked, told
from tests.planning.ogcapi.test_items import HISTORY, ZONES, ids, problem, row_of_zones

__all__ = ["row_of_zones"]

CORE = pytest.mark.conforms("ogcapi-features-1/1.0/conf/core")


def pages(client: Client, address: str, **parameters: object) -> Iterator[dict[str, Any]]:
    """Page after page by the links alone."""
    page = told(client, address, **parameters)
    while True:
        yield page
        following = linked(page, "next")
        if not following:
            return
        page = told(client, following[0]["href"].removeprefix("http://testserver"))


def parameters_of(address: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(urlsplit(address).query).items()}


@CORE
@pytest.mark.parametrize("limit", [1, 2, 3, 5, 6])
def test_a_walk_meets_every_feature_once(client: Client, row_of_zones: Publication, limit: int) -> None:
    met = [one for page in pages(client, ZONES, limit=limit) for one in ids(page)]

    assert met == [f"zoning.1.{number}" for number in range(1, 6)]


def test_the_last_page_has_no_next_even_when_it_is_full(client: Client, row_of_zones: Publication) -> None:
    assert not linked(told(client, ZONES, limit=5), "next")


@CORE
def test_a_walk_stays_in_the_version_it_began_with(client: Client, row_of_zones: Publication) -> None:
    walk = pages(client, ZONES, limit=2)
    met = ids(next(walk))
    # the land of all zones is ruled anew, and more is added, before the second page is asked for
    anew = town.edition(town.plan("zoning"))
    for number in range(7):
        town.zone(anew, town.square(100 * number, 0, 100))
    town.publish()

    for page in walk:
        met += ids(page)
        assert page["numberMatched"] == 5

    assert met == [f"zoning.1.{number}" for number in range(1, 6)]
    assert len(ids(told(client, ZONES))) == 7


def test_a_filtered_walk_stays_in_its_version_too(client: Client, row_of_zones: Publication) -> None:
    walk = pages(client, HISTORY, limit=1, land_use="DGT", status="in_force")
    met = ids(next(walk))
    again = town.edition(town.plan("zoning"))
    town.zone(again, town.square(0, 0, 500), "DGT")
    town.publish()

    met += [one for page in walk for one in ids(page)]

    assert [one.split(".in_force")[0] for one in met] == ["zoning.1.1", "zoning.1.3", "zoning.1.5"]


@CORE
def test_the_size_of_pages_may_change_on_the_way(client: Client, row_of_zones: Publication) -> None:
    following = linked(told(client, ZONES, limit=1), "next")[0]["href"]

    rest = told(client, ZONES, **parameters_of(following) | {"limit": "10000"})

    assert ids(rest) == ["zoning.1.2", "zoning.1.3", "zoning.1.4", "zoning.1.5"]


@CORE
def test_next_keeps_every_parameter(client: Client, row_of_zones: Publication) -> None:
    asked = {
        "limit": "1",
        "offset": "1",
        "bbox": "105,20,107,22",
        "datetime": "2020-01-01/..",
        "crs": "EPSG:5897",
        "lang": "en",
        "status": "in_force",
    }
    following = linked(told(client, ZONES, **asked), "next")[0]["href"]

    assert asked.items() <= parameters_of(following).items()
    page = told(client, ZONES, **parameters_of(following))
    assert ids(page) == ["zoning.1.3"]


def test_the_token_has_no_sign_that_an_address_would_escape(
    client: Client, row_of_zones: Publication
) -> None:
    token = parameters_of(linked(told(client, ZONES, limit=1), "next")[0]["href"])["next"]

    assert not set(token) - set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")


def test_offset_and_next_follow_the_same_order(client: Client, row_of_zones: Publication) -> None:
    by_next = [one for page in pages(client, ZONES, limit=2) for one in ids(page)]
    by_offset = [one for start in (0, 2, 4) for one in ids(told(client, ZONES, limit=2, offset=start))]

    assert by_next == by_offset
    assert ids(told(client, ZONES, offset=100_000)) == []


def test_prev_leads_back(client: Client, row_of_zones: Publication) -> None:
    first, second, third = pages(client, ZONES, limit=2)

    assert not linked(first, "prev")
    before = told(client, linked(third, "prev")[0]["href"].removeprefix("http://testserver"))
    assert ids(before) == ids(second)
    assert ids(told(client, linked(before, "prev")[0]["href"].removeprefix("http://testserver"))) == ids(
        first
    )


@pytest.mark.parametrize("token", ["x", "MTox", "a.b", "é", "W10.W10", "x" * 2_000])
def test_a_token_that_we_did_not_write_is_refused(
    client: Client, small_town: Publication, token: str
) -> None:
    assert problem(client, ZONES, next=token)["parameter"] == "next"


def test_a_token_that_was_changed_is_refused(client: Client, row_of_zones: Publication) -> None:
    token = parameters_of(linked(told(client, ZONES, limit=1), "next")[0]["href"])["next"]
    signature = token.partition(".")[2]
    other = signing.b64_encode(b'["1.20180101",0,0,1000000,""]').decode()

    assert problem(client, ZONES, next=f"{other}.{signature}")["parameter"] == "next"


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        (ZONES, {}),
        (ZONES, {"land_use": "ODT"}),
        (ZONES, {"filter": "code = 'x'"}),
        (HISTORY, {"land_use": "DGT"}),
    ],
)
def test_a_token_of_another_question_is_refused_for_it_would_hide_features(
    client: Client, row_of_zones: Publication, address: str, asked: dict[str, str]
) -> None:
    token = parameters_of(linked(told(client, ZONES, limit=1, land_use="DGT"), "next")[0]["href"])["next"]

    assert problem(client, address, next=token, **asked)["parameter"] == "next"


def test_a_walk_may_go_on_in_another_format_language_and_system(
    client: Client, row_of_zones: Publication
) -> None:
    token = parameters_of(linked(told(client, ZONES, limit=1, land_use="DGT"), "next")[0]["href"])["next"]

    page = told(client, ZONES, next=token, land_use="DGT", lang="en", crs="EPSG:5897", f="json", limit=2)

    assert ids(page) == ["zoning.1.3", "zoning.1.5"]


def test_pages_that_are_walked_back_tell_the_number_of_the_walk(
    client: Client, row_of_zones: Publication
) -> None:
    last = told(client, ZONES, limit=1, offset=2, land_use="DGT")

    before = told(client, linked(last, "prev")[0]["href"].removeprefix("http://testserver"))

    assert (ids(before), before["numberMatched"]) == (["zoning.1.3"], 3)


def test_a_version_that_is_not_here_says_where_to_begin_anew(client: Client, small_town: Publication) -> None:
    token = places.written(places.Place(version="99.20260101", after=1))

    gone = problem(client, ZONES, status=410, next=token, land_use="ODT")

    assert ids(told(client, gone["restart"].removeprefix("http://testserver"))) == ["zoning.1.1"]


# --- Long pages are read as they are sent ---


@pytest.fixture
def _short_readings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "AT_ONCE", 1)


@pytest.mark.usefixtures("_short_readings")
@pytest.mark.parametrize("limit", [2, 3, 5, 7])
def test_a_page_that_is_streamed_says_the_same(client: Client, row_of_zones: Publication, limit: int) -> None:
    walked = list(pages(client, ZONES, limit=limit))

    assert [one for page in walked for one in ids(page)] == [f"zoning.1.{number}" for number in range(1, 6)]
    assert all(page["numberReturned"] == len(page["features"]) for page in walked)


# --- Counting ---


def test_what_is_filtered_is_counted_once_for_a_walk(
    client: Client, row_of_zones: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = pages(client, ZONES, limit=1, land_use="DGT")
    assert next(walk)["numberMatched"] == 3

    monkeypatch.setattr(counting, "MOST_COUNTED", 0)

    assert [page["numberMatched"] for page in walk] == [3, 3]


def test_over_the_budget_no_number_is_told(
    client: Client, row_of_zones: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "MOST_COUNTED", 2)

    response = client.get(ZONES, {"land_use": "DGT", "limit": 2})
    document = json.loads(response.getvalue())

    assert "numberMatched" not in document
    assert "OGC-NumberMatched" not in response
    assert document["numberReturned"] == 2
    assert linked(document, "next")
    assert told(client, ZONES)["numberMatched"] == 5
