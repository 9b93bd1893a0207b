"""No answer of the collections may be taken for "nothing is planned here" where nobody said so."""

import json
import sqlite3
from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from planning.models import EventKind, Publication
from tests import town
from tests.planning.ogcapi.asking import told
from tests.planning.ogcapi.test_items import HISTORY, ZONES, ids

REPLACED = date(2022, 1, 1)
PARCELS = "/ogc/collections/parcels/items"
PLANNED = [ZONES, HISTORY, "/ogc/collections/plans/items", "/ogc/collections/restriction-points/items"]
NOTHING = "nothing is planned"
OTHER_DAYS = "other days only"


@pytest.fixture
def replaced(small_town: Publication) -> Publication:
    """The small town, whose zones were replaced by one."""
    second = town.edition(town.plan("zoning"), in_force=REPLACED)
    town.zone(second, town.square(0, 0, 100), "CXDT")
    return town.publish()


def said(document: object) -> str:
    return json.dumps(document.get("notices", []))  # type: ignore[attr-defined]


@pytest.mark.django_db
@pytest.mark.parametrize("address", PLANNED)
def test_an_answer_without_features_says_that_this_is_no_no(client: Client, address: str) -> None:
    assert NOTHING in said(told(client, address, bbox="0,0,1,1"))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_people_are_told_so_once(client: Client, small_town: Publication, language: str) -> None:
    page = client.get(ZONES, {"bbox": "0,0,1,1", "f": "html", "lang": language}).content.decode()

    assert page.count("không có quy hoạch" if language == "vi" else NOTHING) == 1


def test_an_answer_with_features_says_nothing_of_the_kind(client: Client, small_town: Publication) -> None:
    assert NOTHING not in said(told(client, ZONES))
    assert NOTHING not in said(told(client, PARCELS, bbox="0,0,1,1")), "parcels are no plans"


@pytest.mark.parametrize("address", [ZONES, PARCELS, "/ogc/collections/restriction-lines/items"])
def test_asked_for_another_day_what_is_of_today_says_so(
    client: Client, replaced: Publication, address: str
) -> None:
    assert OTHER_DAYS in said(told(client, address, datetime="2019-01-01"))
    assert OTHER_DAYS not in said(told(client, address))
    assert OTHER_DAYS not in said(told(client, address, datetime="../.."))


def test_the_history_holds_what_was_law_on_another_day_and_need_not_say_so(
    client: Client, replaced: Publication
) -> None:
    document = told(client, HISTORY, datetime="2019-01-01")

    assert len(ids(document)) == 2
    assert OTHER_DAYS not in said(document)
    assert ids(told(client, ZONES, datetime="2019-01-01")) == []


def test_a_file_says_it_too(client: Client, replaced: Publication, tmp_path: Path) -> None:
    path = tmp_path / "zones.gpkg"
    path.write_bytes(client.get(ZONES, {"datetime": "2019-01-01", "f": "gpkg", "lang": "en"}).getvalue())

    with sqlite3.connect(path) as file:
        ((description,),) = file.execute("SELECT description FROM gpkg_contents")

    assert OTHER_DAYS in description
    assert NOTHING in description


@pytest.mark.conforms("cql2/1.0/conf/temporal-functions")
@pytest.mark.parametrize("day", ["2017-12-31", "2018-01-01", "2021-12-31", "2022-01-01", "2022-01-02"])
def test_an_interval_of_legal_validity_holds_the_days_that_datetime_finds(
    client: Client, replaced: Publication, day: str
) -> None:
    law = "T_INTERSECTS(INTERVAL(valid_from,valid_to), DATE('%s'))"

    by_filter = told(client, HISTORY, filter=law % day)
    by_parameter = told(client, HISTORY, datetime=day)

    assert ids(by_filter) == ids(by_parameter)


def test_what_was_replaced_lasted_until_the_day_before(client: Client, replaced: Publication) -> None:
    whole = "T_EQUALS(INTERVAL(valid_from,valid_to), INTERVAL('2018-01-01','2021-12-31'))"
    tree = {"op": "t_metBy", "args": [
        {"interval": [{"property": "valid_to"}, ".."]},
        {"interval": ["..", "2022-01-01"]},
    ]}  # fmt: skip

    assert len(ids(told(client, HISTORY, filter=whole))) == 2
    # by itself the property is what it is called: the first day after
    assert len(ids(told(client, HISTORY, filter="valid_to = DATE('2022-01-01')"))) == 2
    assert len(ids(told(client, HISTORY, **{"filter": json.dumps(tree), "filter-lang": "cql2-json"}))) == 2


def test_what_was_annulled_from_its_beginning_was_never_law(client: Client, small_town: Publication) -> None:
    second = town.edition(town.plan("zoning"), in_force=REPLACED)
    town.zone(second, town.square(0, 0, 100), "CXDT")
    town.event(second, EventKind.ANNULLED_EX_TUNC, date(2023, 1, 1))
    town.publish()

    pieces = {one["id"]: one["properties"] for one in told(client, HISTORY)["features"]}
    in_force = ids(told(client, HISTORY, datetime="2022-06-01", status="in_force"))

    assert "annulled" in {one["status"] for one in pieces.values()}
    assert [one for one in in_force if one.startswith("zoning.2")] == []
