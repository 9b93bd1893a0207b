"""A question that fails is never an empty answer, and never half of one."""

import json

import pytest
from django.db import DataError, InternalError, OperationalError, connection
from django.test import Client
from psycopg.errors import QueryCanceled

from planning.models import Publication
from planning.ogcapi.items import rows
from tests.planning.ogcapi.test_items import ZONES, problem

# what only the statement that reads a page has in it
READING = '"geojson"'
# and the one that finds what a filter leaves
CHOOSING = 'SELECT "planning_zonepiece"."id" AS "pk"'


def test_a_reading_that_takes_too_long_is_no_answer(
    client: Client, small_town: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "STATEMENT_TIMEOUT_MS", 1)
    monkeypatch.setattr(rows.GeoJsonText, "template", "(SELECT '{}' || pg_sleep(1)::text)")

    answer = client.get(ZONES, {"land_use": "ODT", "crs": "EPSG:3857"})

    assert answer.status_code == 503
    assert answer["Content-Type"] == "application/problem+json"
    assert "Retry-After" in answer
    assert "features" not in json.loads(answer.content)


@pytest.mark.parametrize("error", [OperationalError("cut"), InternalError("x"), DataError("x")])
def test_what_fails_while_it_is_read_is_a_problem_and_not_half_an_answer(
    client: Client, small_town: Publication, error: Exception
) -> None:
    def broken(execute: object, sql: str, *rest: object) -> None:
        if READING in sql:
            raise error
        return execute(sql, *rest)  # type: ignore[operator]

    client.raise_request_exception = False
    with connection.execute_wrapper(broken):
        answer = client.get(ZONES)

    assert answer.status_code in (500, 503)
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.conforms("ogcapi-features-3/1.0/conf/features-filter")
def test_a_filter_that_takes_too_long_is_told_to_its_asker(client: Client, small_town: Publication) -> None:
    def slow(execute: object, sql: str, *rest: object) -> None:
        if CHOOSING in sql:
            raise OperationalError("canceled") from QueryCanceled("statement timeout")
        return execute(sql, *rest)  # type: ignore[operator]

    with connection.execute_wrapper(slow):
        told = problem(client, ZONES, filter="land_use = 'ODT'")

    assert told["parameter"] == "filter"
    assert told["type"].endswith("too-expensive")
