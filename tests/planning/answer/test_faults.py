"""What goes wrong is said; it is never turned into "nothing planned". T18 and injected faults."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import psycopg
import pytest
from django.db import connection, transaction

from planning.answer import answer_parcel, answer_point, compute
from planning.errors import Unavailable
from tests import town
from tests.answer_schema import theme, wire

ON = date(2024, 1, 1)


@contextmanager
def another_connection() -> Iterator[psycopg.Connection]:
    """To the same database, past Django."""
    known = connection.get_connection_params()
    wanted = {key: known[key] for key in ("dbname", "user", "host", "port") if known.get(key)}
    with psycopg.connect(**wanted) as other:
        yield other


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
def test_a_statement_that_times_out_is_no_answer():
    """T18: another transaction holds the table, and the statement is given up."""
    with another_connection() as other:
        other.execute("LOCK TABLE planning_zonepiece IN ACCESS EXCLUSIVE MODE")
        execute("SET LOCAL statement_timeout = '50ms'")
        with pytest.raises(Unavailable), transaction.atomic():
            answer_point(105.84, 21.02, as_at=ON)


@pytest.mark.django_db
def test_a_missing_table_is_no_answer(small_town):
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    execute("ALTER TABLE planning_coverage RENAME TO planning_coverage_gone")

    with pytest.raises(Unavailable), transaction.atomic():
        answer_parcel("2004-00001-1-1", as_at=ON)


@pytest.mark.django_db(transaction=True)
def test_a_killed_connection_is_no_answer_and_the_next_question_is_answered():
    """T18."""
    town.themes()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    with another_connection() as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])

    with pytest.raises(Unavailable):
        answer_point(105.84, 21.02, as_at=ON)

    connection.close()
    document = wire(answer_point(105.84, 21.02, as_at=ON))
    assert {entry["state"] for entry in document["themes"]} == {"unknown"}


def make_accuracy_no_number(table: str, of: str) -> None:
    """As if the rules of the database were not there."""
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    execute(f"ALTER TABLE planning_{table} DROP CONSTRAINT {table}_accuracy_possible, DISABLE TRIGGER USER")
    execute(f"UPDATE planning_{table} SET accuracy_m = 'NaN' WHERE {of}")


@pytest.mark.django_db
def test_a_staged_plan_of_no_accuracy_moves_no_public_answer(small_town):
    town.edition(town.plan("staged"))
    make_accuracy_no_number("plan", "id = 'staged'")

    assert theme(wire(answer_parcel("2004-00001-1-1", as_at=ON)))["state"] == "concerned"


@pytest.mark.django_db
@pytest.mark.parametrize(("table", "of"), [("plan", "id = 'zoning'"), ("parcel", "code = '2004-00001-1-1'")])
def test_where_nobody_can_say_how_far_to_search_there_is_no_answer(small_town, table, of):
    """A box without end is a box around nothing: everything near would be overlooked."""
    make_accuracy_no_number(table, of)

    with pytest.raises(Unavailable):
        answer_parcel("2004-00001-1-1", as_at=ON)


@pytest.mark.django_db
def test_a_theme_that_throws_is_an_error_and_the_others_are_answered(small_town, monkeypatch, caplog):
    whole = compute.coverage_of

    def breaks_for_lines(row, rows, asked):
        if row.code == "lines":
            raise ZeroDivisionError
        return whole(row, rows, asked)

    monkeypatch.setattr(compute, "coverage_of", breaks_for_lines)

    document = wire(answer_parcel("2004-00001-1-1", as_at=ON))

    assert (theme(document, "lines")["state"], theme(document, "lines")["error"]) == ("error", "not_computed")
    assert theme(document)["state"] == "concerned"
    assert "2004-00001" not in caplog.text


@pytest.mark.django_db
def test_a_list_that_cannot_be_computed_is_named_as_not_checked(small_town, monkeypatch):
    def breaks(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(compute, "_others", breaks)

    document = wire(answer_parcel("2004-00001-1-1", as_at=ON))

    assert theme(document)["state"] == "concerned"
    assert {entry["reason"] for entry in document["not_checked"]} == {"upcoming_and_superseded_failed"}


@pytest.mark.django_db(transaction=True)
def test_a_publication_in_the_midst_of_a_question_is_seen_whole_or_not_at_all():
    """The second statement reads the revision that the first one found."""
    town.zone(town.edition(town.plan("zoning")), town.square(0, 0, 100), "ODT")
    town.parcel("1", town.square(10, 10, 10, 20))
    town.publish()
    seen = []

    def ask() -> None:
        try:
            seen.extend(wire(answer_parcel("2004-00001-1-1", as_at=ON)) for _ in range(20))
        finally:
            connection.close()

    asking = threading.Thread(target=ask)
    asking.start()
    town.zone(town.edition(town.plan("zoning"), in_force=date(2020, 1, 1)), town.square(0, 0, 100), "DGT")
    town.publish()
    asking.join()

    for document in seen:
        (plan,) = theme(document)["plans"]
        (item,) = plan["items"]
        assert item["edition"] == ("zoning/1" if document["revision"] == 1 else "zoning/2")
    assert len(seen) == 20
