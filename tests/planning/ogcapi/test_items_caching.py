"""What may be kept, how a reader asks whether it changed, and what that costs the database."""

import gzip
import json
from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from planning import lifecycle
from planning.catalog.memory import Memory
from planning.catalog.source import PUBLISHED
from planning.models import Edition, Plan, Publication
from planning.ogcapi import caching
from tests import town
from tests.planning.ogcapi.asking import linked, told
from tests.planning.ogcapi.test_items import ZONES, row_of_zones

__all__ = ["row_of_zones"]

VARIES = {"Accept", "Accept-Language", "Accept-Encoding"}


@pytest.mark.parametrize("address", [ZONES, f"{ZONES}/zoning.1.1"])
def test_who_holds_an_answer_is_told_so_before_a_geometry_is_read(
    client: Client,
    small_town: Publication,
    django_assert_num_queries: DjangoAssertNumQueries,
    address: str,
) -> None:
    tag = client.get(address)["ETag"]

    with django_assert_num_queries(1):  # the newest revision
        answer = client.get(address, headers={"If-None-Match": f'"other", {tag}'})

    assert answer.status_code == 304
    assert answer.content == b""
    assert answer["ETag"] == tag
    assert {name.strip() for name in answer["Vary"].split(",")} >= VARIES


def test_a_first_page_takes_three_statements(
    client: Client, row_of_zones: Publication, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    told(client, ZONES, limit=1)  # figures are remembered

    with django_assert_max_num_queries(3):  # the newest revision, the rows, what is said of the offices
        told(client, ZONES, limit=2)


def test_one_feature_takes_three_statements(
    client: Client, row_of_zones: Publication, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    told(client, f"{ZONES}/zoning.1.2")

    with django_assert_max_num_queries(3):  # the newest revision, the row, what is said of the offices
        told(client, f"{ZONES}/zoning.1.1")


def test_a_publication_changes_the_tag(client: Client, small_town: Publication) -> None:
    tag = client.get(ZONES)["ETag"]
    other = town.edition(town.plan("other"))
    town.zone(other, town.square(500, 0, 100))
    town.publish()

    answer = client.get(ZONES, headers={"If-None-Match": tag})

    assert answer.status_code == 200
    assert answer["ETag"] != tag


@pytest.mark.parametrize(
    "asked", [{"f": "csv"}, {"lang": "en"}, {"limit": "1"}, {"crs": "EPSG:4326"}, {"land_use": "ODT"}]
)
def test_another_question_has_another_tag(
    client: Client, small_town: Publication, asked: dict[str, str]
) -> None:
    assert client.get(ZONES, asked)["ETag"] != client.get(ZONES)["ETag"]


def test_the_order_of_parameters_does_not_matter(client: Client, small_town: Publication) -> None:
    one = client.get(f"{ZONES}?limit=1&land_use=ODT")
    other = client.get(f"{ZONES}?land_use=ODT&limit=5&limit=1&name=")

    assert one["ETag"] == other["ETag"]


def test_a_page_is_kept_for_a_minute_one_of_a_walk_too_for_its_titles_are_of_today(
    client: Client, row_of_zones: Publication
) -> None:
    first = client.get(ZONES, {"limit": 1})
    following = linked(json.loads(first.getvalue()), "next")[0]["href"].removeprefix("http://testserver")

    assert first["Cache-Control"] == f"public, max-age={caching.FRESH_S}"
    assert client.get(following)["Cache-Control"] == f"public, max-age={caching.FRESH_S}"


def test_another_title_of_a_plan_is_told_though_no_revision_was_made(
    client: Client, small_town: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PUBLISHED, "_heard", Memory(most=1, seconds=0))
    held = client.get(ZONES)

    Plan.objects.update(title="Quy hoạch mang tên khác")
    asked = client.get(ZONES, headers={"If-None-Match": held["ETag"]})

    assert asked.status_code == 200
    assert "mang tên khác" in asked.getvalue().decode()
    assert client.get(ZONES, headers={"If-None-Match": asked["ETag"]}).status_code == 304


def test_features_that_were_written_lately_are_not_read_again(
    client: Client, row_of_zones: Publication, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    asked = {"limit": 2, "f": "json"}
    features = json.loads(client.get(ZONES, asked).getvalue())["features"]
    client.get(ZONES, asked)

    with django_assert_num_queries(2):  # the revision, the keys of the page
        again = json.loads(client.get(ZONES, asked).getvalue())["features"]
    overlapping = json.loads(client.get(ZONES, {"limit": 3}).getvalue())["features"]

    assert again == features == overlapping[:2]
    one = client.get(f"{ZONES}/{features[0]['id']}").json()
    assert {name: one[name] for name in features[0]} == features[0]


def test_a_new_revision_is_written_anew(client: Client, small_town: Publication) -> None:
    before = json.loads(client.get(ZONES).getvalue())["features"]

    law = Edition.objects.get()
    lifecycle.annul(
        edition=law,
        on=date(2019, 12, 19),
        document=town.decision(law.plan),
        by=town.planner(),
        approved_by=town.reviewer(),
    )
    after = json.loads(client.get(ZONES).getvalue())["features"]

    assert before
    assert after == []


def test_a_question_that_fails_is_never_called_unchanged(client: Client, small_town: Publication) -> None:
    assert client.get(ZONES, {"bbox": "1"}, headers={"If-None-Match": "*"}).status_code == 400


@pytest.mark.parametrize("address", [ZONES, f"{ZONES}/zoning.1.1", f"{ZONES}?f=csv"])
def test_head_tells_the_headers_alone(client: Client, small_town: Publication, address: str) -> None:
    got, asked = client.get(address), client.head(address)

    assert asked.status_code == 200
    assert asked.getvalue() == b""
    for name in ("ETag", "Content-Type", "Content-Crs"):
        assert asked[name] == got[name]


# --- Compression ---


@pytest.mark.parametrize("address", [ZONES, f"{ZONES}/zoning.1.1"])
def test_who_takes_gzip_gets_it(client: Client, small_town: Publication, address: str) -> None:
    plain = json.loads(client.get(address).getvalue())

    answer = client.get(address, headers={"Accept-Encoding": "br, gzip;q=0.8"})
    unpacked = json.loads(gzip.decompress(answer.getvalue()))

    assert answer["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer["Vary"]
    assert unpacked | {"timeStamp": ""} == plain | {"timeStamp": ""}


@pytest.mark.parametrize("accepted", ["", "identity", "br", "gzip;q=0", "x-gzip-not"])
def test_who_does_not_take_gzip_does_not_get_it(
    client: Client, small_town: Publication, accepted: str
) -> None:
    assert "Content-Encoding" not in client.get(ZONES, headers={"Accept-Encoding": accepted})
