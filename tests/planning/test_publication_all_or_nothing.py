"""The published state is the old one or the new one, whatever is killed and whoever comes second."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections, transaction

from planning import publication
from planning.errors import Reason, Refused
from planning.models import (
    Edition,
    LayerUpload,
    PlanEvent,
    Publication,
    UploadResult,
    UploadState,
    User,
    Visibility,
    Zone,
    ZonePiece,
)
from tests import town

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(settings.BASE_DIR)


def address() -> str:
    """The test database as libpq names it."""
    own = connection.settings_dict
    parts = {"host": own["HOST"], "port": own["PORT"], "user": own["USER"], "password": own["PASSWORD"]}
    return " ".join(f"{key}='{value}'" for key, value in {**parts, "dbname": own["NAME"]}.items() if value)


@contextmanager
def nobody_writes_pieces() -> Iterator[psycopg.Connection]:
    """Holds publication half-way: the edition is public in its transaction, its pieces are not written."""
    with psycopg.connect(address()) as other:
        other.execute("LOCK TABLE planning_zonepiece IN SHARE MODE")
        yield other
        other.rollback()


def wait_until(condition: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came so far"
        time.sleep(0.02)


def waiting_backends(kind: str) -> list[int]:
    """Processes of the database that wait for such a lock in our database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            " AND wait_event_type = 'Lock' AND wait_event = %s",
            [kind],
        )
        return [pid for (pid,) in cursor.fetchall()]


def state() -> tuple[object, ...]:
    """All that publication would change."""
    return (
        list(Publication.objects.values_list("revision", flat=True)),
        list(Edition.objects.order_by("pk").values_list("visibility", "extent", "publication")),
        list(PlanEvent.objects.order_by("pk").values_list("publication", flat=True)),
        list(LayerUpload.objects.order_by("pk").values_list("state", flat=True)),
        list(ZonePiece.objects.order_by("pk").values_list("zone", "status", "valid", "known")),
        Zone.objects.count(),
    )


@pytest.fixture
def staged() -> LayerUpload:
    """An edition in force with an adjustment waiting for publication."""
    first = town.edition(town.plan())
    town.zone(first, town.square(0, 0, 100))
    town.publish()
    second = town.edition(first.plan, is_local_adjustment=True)
    town.zone(second, town.square(0, 0, 50, 100))
    town.reviewer()
    return LayerUpload.objects.get(edition=second)


def command(upload: LayerUpload) -> "subprocess.Popen[str]":
    names = ["--by", town.planner().username, "--approved-by", town.reviewer().username]
    return subprocess.Popen(
        [sys.executable, "manage.py", "publish", str(upload.pk), *names],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": address(), "DJANGO_SETTINGS_MODULE": "tests.settings"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_publication_killed_half_way_leaves_the_old_state(staged: LayerUpload) -> None:
    before = state()
    with nobody_writes_pieces():
        process = command(staged)
        wait_until(lambda: bool(waiting_backends("relation")) or process.poll() is not None)
        assert process.poll() is None, process.communicate()

        process.send_signal(signal.SIGKILL)
        process.communicate()

        assert state() == before
    wait_until(lambda: not waiting_backends("relation"))

    assert state() == before
    assert town.publish(staged).revision == 2


def test_a_connection_cut_half_way_is_told_in_a_sentence_and_changes_nothing(staged: LayerUpload) -> None:
    before = state()
    with nobody_writes_pieces() as other:
        process = command(staged)
        wait_until(lambda: bool(waiting_backends("relation")) or process.poll() is not None)
        for pid in waiting_backends("relation"):
            other.execute("SELECT pg_terminate_backend(%s)", [pid])

        _, said = process.communicate(timeout=30)

    assert process.returncode == 1
    assert "Traceback" not in said
    assert said.strip()
    assert state() == before


def test_of_two_planners_at_once_the_second_finds_it_published(staged: LayerUpload) -> None:
    results: list[object] = []

    def publish(by: User, approved_by: User) -> None:
        try:
            results.append(publication.publish(uploads=[staged], by=by, approved_by=approved_by))
        except Refused as error:
            results.append(error)
        finally:
            connections.close_all()

    people = (town.planner(), town.reviewer())
    threads = [threading.Thread(target=publish, args=people) for _ in range(2)]
    with nobody_writes_pieces():
        for thread in threads:
            thread.start()
        wait_until(lambda: bool(waiting_backends("relation")) and bool(waiting_backends("advisory")))
    for thread in threads:
        thread.join(30)

    made = next(result for result in results if isinstance(result, Publication))
    refused = next(result for result in results if isinstance(result, Refused))
    assert made.revision == 2
    assert refused.reason == Reason.WRONG_STATE
    assert Publication.objects.count() == 2
    assert ZonePiece.objects.known_at(2).filter(zone__edition=staged.edition).count() == 1


def test_of_two_commands_at_once_the_second_says_so_and_exits_with_1(staged: LayerUpload) -> None:
    with nobody_writes_pieces():
        processes = [command(staged) for _ in range(2)]
        wait_until(lambda: bool(waiting_backends("relation")) and bool(waiting_backends("advisory")))
    ended = [(*process.communicate(timeout=30), process.returncode) for process in processes]

    (won, _, zero), (_, lost, one) = sorted(ended, key=lambda end: end[2])
    assert (zero, one) == (0, 1)
    assert "2" in won
    assert lost.count("\n") == 1
    assert "Traceback" not in lost
    assert Publication.objects.count() == 2


def test_two_revisions_made_at_once_are_numbered_one_after_the_other() -> None:
    uploads = []
    for name in ("one", "two"):
        edition = town.edition(town.plan(name))
        town.zone(edition, town.square(0, 0, 10))
        uploads.append(LayerUpload.objects.get(edition=edition))
    people = {"by": town.planner(), "approved_by": town.reviewer()}

    def publish(upload: LayerUpload) -> None:
        publication.publish(uploads=[upload], **people)
        connections.close_all()

    threads = [threading.Thread(target=publish, args=(upload,)) for upload in uploads]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    first, second = Publication.objects.order_by("revision")
    assert (first.revision, second.revision) == (1, 2)
    assert first.at < second.at
    assert set(Edition.objects.values_list("visibility", flat=True)) == {Visibility.PUBLIC}
    assert set(LayerUpload.objects.values_list("state", flat=True)) == {UploadState.PUBLISHED}


@contextmanager
def an_import(edition: Edition, result: UploadResult) -> Iterator[None]:
    """Another connection stages a file for the edition, and finishes when the block ends."""
    ready, go_on = threading.Event(), threading.Event()

    def run() -> None:
        try:
            with transaction.atomic():
                Edition.objects.select_for_update(of=("self",)).get(pk=edition.pk)
                late = town.upload(edition, name="late.gpkg")
                LayerUpload.objects.filter(pk=late.pk).update(result=result)
                town.zone(edition, town.square(60, 0, 10), public_id="late", upload=late)
                ready.set()
                go_on.wait(30)
        finally:
            ready.set()
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    assert ready.wait(30)
    try:
        yield
    finally:
        go_on.set()
        thread.join(30)


def published_beside_an_import(upload: LayerUpload, result: UploadResult) -> object:
    """What becomes of a publication that waits for an import with that result."""
    results: list[object] = []
    people = {"by": town.planner(), "approved_by": town.reviewer()}

    def publish() -> None:
        try:
            results.append(publication.publish(uploads=[upload], **people))
        except Refused as error:
            results.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=publish)
    with an_import(upload.edition, result):
        thread.start()
        wait_until(lambda: bool(waiting_backends("transactionid")) or not thread.is_alive())
    thread.join(30)
    return results[0]


@pytest.mark.parametrize("result", [UploadResult.BLOCKED, UploadResult.NEEDS_ANSWER])
def test_a_file_that_comes_in_while_publication_waits_is_judged_like_the_others(
    staged: LayerUpload, result: UploadResult
) -> None:
    before = state()[:3]

    refused = published_beside_an_import(staged, result)

    assert isinstance(refused, Refused)
    assert refused.reason == Reason.WITHOUT_FINDINGS_SOLVED
    assert refused.facts["result"] == result
    assert state()[:3] == before


def test_a_clean_file_that_comes_in_while_publication_waits_goes_public_as_an_upload(
    staged: LayerUpload,
) -> None:
    made = published_beside_an_import(staged, UploadResult.OK)

    late = LayerUpload.objects.get(original_name="late.gpkg")
    assert isinstance(made, Publication)
    assert late.state == UploadState.PUBLISHED
    assert set(made.summary["uploads"]) == {staged.pk, late.pk}
