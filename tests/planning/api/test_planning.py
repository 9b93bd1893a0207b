"""What is planned for a parcel, a point and a posted site, as it comes over HTTP."""

import json
from datetime import date, timedelta
from typing import Any

import jsonschema
import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from rest_framework.views import APIView

from planning.api import answers
from planning.models import Publication
from tests import town

PARCEL = "/api/v1/parcels/2004-00001-1-1"
PLANNING = "/api/v1/planning"

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def schema() -> Any:
    from planning.answer.render import SCHEMA

    return json.loads(SCHEMA.read_text(encoding="utf-8"))


def read(response: Any) -> dict[str, Any]:
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/json"
    found: dict[str, Any] = json.loads(response.content)
    return found


def theme(answer: dict[str, Any], code: str = "construction") -> dict[str, Any]:
    return next(found for found in answer["themes"] if found["code"] == code)


def position(x: float, y: float) -> tuple[float, float]:
    """lon and lat of a point in metres of the town."""
    lon, lat = json.loads(town.point(x, y).geojson)["coordinates"]
    return lon, lat


def test_the_answer_for_a_parcel_is_the_published_object(
    client: Client, small_town: Publication, schema: Any
) -> None:
    answer = read(client.get(f"{PARCEL}/planning"))

    jsonschema.validate(answer, schema)
    assert answer["subject"]["id"] == "2004-00001-1-1"
    assert answer["revision"] == small_town.revision
    assert theme(answer)["state"] == "concerned"


def test_the_answer_for_a_point_is_that_of_the_zone_around_it(
    client: Client, small_town: Publication, schema: Any
) -> None:
    lon, lat = position(30, 50)

    answer = read(client.get(PLANNING, {"lon": str(lon), "lat": str(lat)}))

    jsonschema.validate(answer, schema)
    (plan,) = theme(answer)["plans"]
    assert [item["zone"]["land_use"]["code"] for item in plan["items"]] == ["ODT"]


def test_a_point_in_metres_is_the_same_point(client: Client, small_town: Publication) -> None:
    east, north = (str(start + offset) for start, offset in zip(town.ORIGIN, (80, 50), strict=True))

    answer = read(client.get(PLANNING, {"easting": east, "northing": north, "crs": "EPSG:5897"}))

    (plan,) = theme(answer)["plans"]
    assert [item["zone"]["land_use"]["code"] for item in plan["items"]] == ["DGT"]


@pytest.mark.parametrize("content_type", ["application/geo+json", "application/json"])
def test_a_posted_site_is_measured(
    client: Client, small_town: Publication, schema: Any, content_type: str
) -> None:
    site = json.loads(town.square(50, 0, 20, 50).geojson)
    feature = {"type": "Feature", "properties": {}, "geometry": site}

    for body in (site, feature):
        answer = read(client.post(PLANNING, body, content_type=content_type))

        jsonschema.validate(answer, schema)
        (plan,) = theme(answer)["plans"]
        areas = {item["zone"]["land_use"]["code"]: item["area_m2"] for item in plan["items"]}
        assert areas == pytest.approx({"ODT": 500, "DGT": 500}, abs=0.2)


def test_only_the_themes_asked_for_are_answered(client: Client, small_town: Publication) -> None:
    answer = read(client.get(f"{PARCEL}/planning?themes=land_use,construction"))

    assert {found["code"] for found in answer["themes"]} == {"land_use", "construction"}
    assert {found["theme"] for found in answer["not_checked"]} == {"lines", "corridors"}


@pytest.mark.parametrize("as_at", ["1900-01-01", "2100-01-01"])
def test_a_date_without_data_is_unknown_and_never_a_no(
    client: Client, small_town: Publication, as_at: str
) -> None:
    answer = read(client.get(f"{PARCEL}/planning?as_at={as_at}"))

    assert answer["as_at"] == as_at
    assert {found["state"] for found in answer["themes"]} == {"unknown"}


def test_a_point_in_the_sea_is_unknown(client: Client, small_town: Publication) -> None:
    answer = read(client.get(PLANNING, {"lon": "109.5", "lat": "17.5"}))

    assert {found["state"] for found in answer["themes"]} == {"unknown"}


def test_what_was_known_before_the_first_publication_is_nothing(
    client: Client, small_town: Publication
) -> None:
    before = (small_town.at - timedelta(hours=1)).isoformat()

    answer = read(client.get(f"{PARCEL}/planning", {"known_at": before}))

    assert answer["revision"] == 0
    assert theme(answer)["state"] == "unknown"


def test_today_as_known_at_means_now(client: Client, small_town: Publication) -> None:
    answer = read(client.get(f"{PARCEL}/planning", {"known_at": timezone.localdate().isoformat()}))

    assert answer["revision"] == small_town.revision


def test_a_zone_of_time_whose_plus_was_not_escaped_is_understood(
    client: Client, small_town: Publication
) -> None:
    assert read(client.get(f"{PARCEL}/planning?known_at=2020-01-01T00:00:00+07:00"))["revision"] == 0


def test_the_future_cannot_be_known(client: Client, small_town: Publication) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)

    response = client.get(f"{PARCEL}/planning", {"known_at": tomorrow.isoformat(), "lang": "en"})

    assert response.status_code == 400
    assert json.loads(response.content)["type"].endswith("in-the-future")


def test_the_answer_is_neither_kept_nor_closed_to_other_origins(
    client: Client, small_town: Publication
) -> None:
    response = client.get(f"{PARCEL}/planning")

    assert response["Cache-Control"] == "no-store"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert not response.cookies


def test_a_browser_may_ask_before_it_posts(client: Client) -> None:
    response = client.options(PLANNING)

    assert response.status_code == 204
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "POST" in response["Access-Control-Allow-Methods"]
    assert "Content-Type" in response["Access-Control-Allow-Headers"]


def test_head_gives_the_headers_alone(client: Client, small_town: Publication) -> None:
    response = client.head(f"{PARCEL}/planning")

    assert response.status_code == 200
    assert response.content == b""


def test_an_empty_database_answers_unknown(client: Client) -> None:
    town.themes()

    answer = read(client.get(PLANNING, {"lon": "105.85", "lat": "21.03"}))

    assert {found["state"] for found in answer["themes"]} == {"unknown"}


def test_a_statement_that_takes_too_long_is_a_503_and_no_answer(
    client: Client, small_town: Publication
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE planning_zonepiece RENAME TO planning_zonepiece_away")
        cursor.execute(
            "CREATE VIEW planning_zonepiece AS SELECT a.* FROM planning_zonepiece_away a, pg_sleep(10)"
        )
        cursor.execute("SET statement_timeout = 100")

    response = client.get(f"{PARCEL}/planning")

    assert response.status_code == 503
    assert response["Content-Type"] == "application/problem+json"
    assert int(response["Retry-After"]) > 0


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_dies_is_a_503_and_no_answer(client: Client, small_town: Publication) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (victim,) = cursor.fetchone()
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [victim])
        response = client.get(f"{PARCEL}/planning")
    finally:
        other.close()
        connection.close()

    assert response.status_code == 503
    assert response["Content-Type"] == "application/problem+json"


def test_a_crash_is_a_problem_that_tells_nothing_of_the_inside(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_args: Any, **_kwargs: Any) -> None:
        raise ZeroDivisionError("parcel 17")

    monkeypatch.setattr(APIView, "initial", crash)
    client.raise_request_exception = False

    response = client.get(f"{PARCEL}/planning?lang=en")

    assert response.status_code == 500
    assert response["Content-Type"] == "application/problem+json"
    assert b"17" not in response.content.replace(b"2004-00001-1-1", b"")


def test_the_future_law_is_listed_as_upcoming(client: Client, db: None) -> None:
    starts = timezone.localdate() + timedelta(days=30)
    first = town.edition(town.plan("zoning"), in_force=starts, approved=date(2020, 1, 1))
    town.zone(first, town.square(0, 0, 100))
    town.parcel("1", town.square(10, 10, 10, 20))
    town.cover(town.square(-500, -500, 1000))
    town.planner()
    town.reviewer()
    town.publish()

    answer = read(client.get(f"{PARCEL}/planning"))

    assert theme(answer)["state"] != "concerned"
    assert [found["plan"]["id"] for found in answer["upcoming"]]


def test_a_site_that_another_one_keeps_waiting_is_told_to_come_again(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "_LONGEST_WAIT_S", 0.05)

    corners = [position(x, y) for x, y in ((0, 0), (10, 0), (10, 10), (0, 10), (0, 0))]
    site = {"type": "Polygon", "coordinates": [corners]}

    with answers._SITES:
        refused = client.post(PLANNING, site, content_type="application/geo+json")
    answered = client.post(PLANNING, site, content_type="application/geo+json")

    assert refused.status_code == 503
    assert refused["Retry-After"]
    assert answered.status_code == 200
