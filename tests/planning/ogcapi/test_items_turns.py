"""Slow filters leave room for everything else."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from django.db import connection
from django.test import Client

from planning.errors import Unavailable
from planning.models import Publication
from planning.ogcapi.formats import spool
from planning.ogcapi.items import rows, views
from planning.ogcapi.items.turns import Turns
from tests.planning.ogcapi.asking import told
from tests.planning.ogcapi.test_items import ZONES, ids, problem


class Clock:
    """Time that passes when it is told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_who_comes_while_slow_ones_have_all_turns_is_told_at_once() -> None:
    clock = Clock()
    turns = Turns(2, 0.25, clock)

    with turns.taken(), turns.taken():
        clock.now = 0.3
        with pytest.raises(Unavailable), turns.taken():
            pass

    with turns.taken(), turns.taken():
        pass  # given back, by the one that was refused never taken


def test_a_turn_that_fails_is_given_back() -> None:
    turns = Turns(1, 0.25, Clock())

    with pytest.raises(ZeroDivisionError), turns.taken():
        raise ZeroDivisionError

    with turns.taken():
        pass


def test_who_comes_while_quick_ones_have_all_turns_waits_for_them() -> None:
    turns = Turns(1, 30)
    met, done = Barrier(2), Event()

    def first() -> None:
        with turns.taken():
            met.wait(10)
            done.wait(10)

    with ThreadPoolExecutor(2) as pool:
        holding = pool.submit(first)
        met.wait(10)
        waiting = pool.submit(lambda: turns.taken().__enter__())
        assert not waiting.done()
        done.set()
        assert (holding.result(10), waiting.result(10)) == (None, None)


def test_a_filter_that_finds_no_turn_is_no_empty_answer_and_other_questions_go_on(
    client: Client, small_town: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "FILTERS", Turns(1, 0.0))

    with rows.FILTERS.taken():
        problem(client, ZONES, status=503, filter="land_use = 'ODT'")
        assert ids(told(client, ZONES)) == ["zoning.1.1", "zoning.1.2"]
        assert ids(told(client, ZONES, land_use="ODT")) == ["zoning.1.1"]

    assert ids(told(client, ZONES, filter="land_use = 'ODT'")) == ["zoning.1.1"]


@pytest.mark.parametrize(
    ("asked", "mode"),
    [
        ({"bbox": "105,20,107,22"}, "force_custom_plan"),
        ({"filter": "land_use = 'ODT'"}, "force_custom_plan"),
        ({"land_use": "ODT"}, "auto"),
    ],
)
def test_boxes_and_filters_are_planned_for_what_they_say(
    client: Client, small_town: Publication, asked: dict[str, str], mode: str
) -> None:
    modes = []

    def noted(execute: object, sql: str, params: object, *rest: object) -> object:
        if "statement_timeout" in str(params):
            modes.append(next(text for text in reversed(list(params)) if not str(text).isdigit()))  # type: ignore[call-overload]
        return execute(sql, params, *rest)  # type: ignore[operator]

    with connection.execute_wrapper(noted):
        told(client, ZONES, **asked)

    assert modes[0] == mode


@pytest.mark.parametrize("format_", ["gpkg", "fgb"])
def test_one_large_file_is_made_at_a_time_and_small_ones_meanwhile(
    client: Client, small_town: Publication, monkeypatch: pytest.MonkeyPatch, format_: str
) -> None:
    monkeypatch.setattr(spool, "LARGE_FILES", Turns(1, 0.0))
    monkeypatch.setattr(spool, "LARGE", 1)

    with spool.LARGE_FILES.taken():
        problem(client, ZONES, status=503, f=format_)
        assert client.get(ZONES, {"f": format_, "limit": 1}).getvalue()

    assert client.get(ZONES, {"f": format_}).getvalue()


def test_a_page_for_people_has_no_more_rows_than_they_can_read(
    client: Client, small_town: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "LARGEST_PAGE", 1)

    page = client.get(ZONES, {"f": "html", "limit": 10_000})

    assert page["OGC-NumberReturned"] == "1"
    assert 'rel="next"' in page["Link"]
    assert told(client, ZONES, limit=10_000)["numberReturned"] == 2
