"""What was not found is counted by day, commune and kind; no text, no person, no time is kept."""

import logging
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client

from planning.codes import search_name
from planning.lookup import count_missed, look_up
from planning.models import MissedLookup
from tests import town

ON = date(2026, 1, 1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward():
    made = town.unit("00070", name="Phường Hàng Tơ", search_name=search_name("Phường Hàng Tơ"))
    town.territory()
    town.parcel(
        "45", town.square(0, 0, 10), sheet="12", within=made, address="7 phố Tơ", search_address="7 pho to"
    )
    town.publish()
    return made


def counted():
    return sorted(MissedLookup.objects.values_list("day", "unit", "kind", "count"), key=str)


def test_a_parcel_that_is_not_held_counts_for_its_commune(ward):
    for number in ("9", "10"):
        count_missed(look_up(f"thửa {number} tờ 12 phường Hàng Tơ", on=ON), day=ON)

    assert counted() == [(ON, ward.id, "parcel_number", 2)]


def test_a_text_that_finds_nothing_counts_without_a_commune_and_by_the_day(ward):
    for day in (ON, ON, ON + timedelta(days=1)):
        count_missed(look_up("qwertyuiop", on=ON), day=day)

    assert counted() == [(ON, None, "words", 2), (ON + timedelta(days=1), None, "words", 1)]


def test_a_house_that_is_not_held_is_counted_though_its_street_is_shown(ward):
    found = look_up("99 phố Tơ", on=ON)
    count_missed(found, day=ON)

    assert found.candidates
    assert counted() == [(ON, ward.id, "words", 1)]


@pytest.mark.parametrize(
    "text", ["thửa 45 tờ 12 Hàng Tơ", "7 phố Tơ", "Hàng Tơ", "thửa 45", "", "21.0, 105.9"]
)
def test_what_is_found_or_asked_about_is_not_counted(ward, text):
    count_missed(look_up(text, on=ON), day=ON)

    assert counted() == []


def test_nothing_but_day_commune_kind_and_number_can_be_kept():
    columns = {column.name for column in MissedLookup._meta.get_fields()}

    assert columns == {"id", "day", "unit", "kind", "count"}


def test_a_count_that_fails_is_logged_without_the_text_and_breaks_nothing(ward, caplog):
    found = look_up("qwertyuiop", on=ON)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE planning_missedlookup RENAME TO planning_elsewhere")
    with caplog.at_level(logging.WARNING):
        count_missed(found, day=ON)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE planning_elsewhere RENAME TO planning_missedlookup")

    assert "could not be counted" in caplog.text
    assert "qwertyuiop" not in caplog.text
    assert counted() == []


@pytest.mark.parametrize("address", ["/?q=qwertyuiop", "/en/?q=qwertyuiop", "/api/v1/lookup?q=qwertyuiop"])
def test_pages_and_the_api_count_what_was_got_and_not_what_was_asked_by_head(client: Client, ward, address):
    assert client.head(address).status_code == 200
    assert counted() == []
    assert client.get(address).status_code == 200
    assert [row[2:] for row in counted()] == [("words", 1)]


@pytest.mark.parametrize("address", ["/?q=qwertyuiop", "/api/v1/lookup?q=qwertyuiop"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Purpose": "prefetch"},
        {"Sec-Purpose": "prefetch;prerender"},
        {"X-Moz": "prefetch"},
        {"User-Agent": "Mozilla/5.0 (compatible; Examplebot/2.1)"},
        {"User-Agent": "Some Crawler 1"},
    ],
)
def test_pages_fetched_in_case_and_programs_that_read_all_count_for_nobody(
    client: Client, ward, address, headers
):
    assert client.get(address, headers=headers).status_code == 200
    assert counted() == []
