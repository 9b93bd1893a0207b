"""What follows a publication: collections are counted, the cache in front is told. Nothing of it is lost."""

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.db import transaction
from django.db.models import Max
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from planning.catalog import CATALOGUE
from planning.catalog.purging import purge
from planning.errors import Unavailable
from planning.jobs import begin_day, count_collections, purge_caches
from planning.models import CollectionFigures, Office, Publication
from tests import town


class Cache:
    """A cache that takes PURGE, or does not."""

    def __init__(self) -> None:
        self.status = 200
        self.asked: list[tuple[str, str, str]] = []
        cache = self

        class Handler(BaseHTTPRequestHandler):
            def do_PURGE(self) -> None:
                cache.asked.append((self.command, self.path, self.headers["Host"]))
                self.send_response(cache.status)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Silent."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def cache(settings) -> Iterator[Cache]:
    """A cache in front of the service, as the settings name it."""
    made = Cache()
    settings.PURGE_URL = made.url
    settings.PUBLIC_URL = "https://planning.example.org"
    thread = Thread(target=made.server.serve_forever)
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


Jobs = Callable[[], list[tuple[str, int]]]


@pytest.fixture
def waiting(db: None) -> Jobs:
    """The jobs that a test leaves: those of tests that commit stay in the table."""
    before = ProcrastinateJob.objects.aggregate(last=Max("id"))["last"] or 0

    def jobs() -> list[tuple[str, int]]:
        rows = ProcrastinateJob.objects.filter(id__gt=before, status="todo").order_by("id")
        return [(job.task_name, job.args["revision"]) for job in rows]

    return jobs


def a_zone_waits() -> None:
    town.zone(town.edition(town.plan()), town.square(0, 0, 100))


@pytest.mark.django_db
def test_every_publication_leaves_its_jobs(waiting: Jobs, town_office: Office) -> None:
    a_zone_waits()
    town.publish()

    assert waiting() == [("count_collections", 1), ("purge_caches", 1)]
    assert {name for name, _ in waiting()} <= set(app.tasks)


@pytest.mark.django_db
def test_a_publication_that_fails_leaves_none(waiting: Jobs, town_office: Office) -> None:
    a_zone_waits()
    with transaction.atomic():
        town.publish()
        transaction.set_rollback(True)

    assert waiting() == []


@pytest.mark.django_db
def test_collections_are_counted_before_anybody_asks(small_town: Publication) -> None:
    count_collections(revision=1)

    counted = dict(CollectionFigures.objects.values_list("collection", "count"))
    assert set(counted) == {one.id for one in CATALOGUE.collections}
    assert (counted["zones"], counted["parcels"], counted["plans"]) == (2, 2, 1)


@pytest.mark.django_db
def test_a_new_day_counts_what_it_changed(small_town: Publication) -> None:
    begin_day(timestamp=0)

    assert CollectionFigures.objects.count() == len(CATALOGUE.collections)


def test_the_cache_in_front_is_told_by_the_name_that_readers_use(cache: Cache) -> None:
    purge_caches(revision=1)

    assert cache.asked == [("PURGE", "/ogc/", "planning.example.org")]


def test_without_a_cache_nobody_is_told(settings) -> None:
    settings.PURGE_URL = ""

    assert purge() is False


def test_a_cache_that_refuses_is_told_again_later(cache: Cache) -> None:
    cache.status = 405
    with pytest.raises(Unavailable) as caught:
        purge()

    assert purge_caches.retry_strategy is not None
    assert caught.value.facts["status"] == 405


def test_a_cache_that_is_not_there_is_told_again_later(settings) -> None:
    settings.PURGE_URL = "http://127.0.0.1:1"

    with pytest.raises(Unavailable):
        purge()
