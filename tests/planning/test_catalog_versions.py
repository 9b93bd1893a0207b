"""Versions of the data: a revision and the last day on which the law changed; figures kept per version."""

from datetime import date, datetime, time, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from planning.catalog import figures
from planning.catalog.catalogue import CATALOGUE
from planning.catalog.memory import Memory
from planning.catalog.parcels import PARCELS
from planning.catalog.source import PublishedRevisions
from planning.catalog.zones import ZONES, ZONES_HISTORY
from planning.errors import Gone, Reason
from planning.models import CollectionFigures, Publication
from tests import town

TODAY = timezone.localdate


def changing_on(day: date, number: int | None = None) -> None:
    """A published edition that is in force from that day on."""
    edition = town.edition(town.plan("zoning"), number, in_force=day)
    town.zone(edition, town.square(0, 0, 100))
    town.publish()


# versions


@pytest.mark.django_db
def test_days_without_change_share_their_version(small_town: Publication) -> None:
    newest = PublishedRevisions().newest()

    assert (newest.version, newest.until) == (f"{small_town.revision}.20180101", None)


@pytest.mark.django_db
def test_it_holds_until_the_first_moment_of_the_next_change(small_town: Publication) -> None:
    later = TODAY() + timedelta(days=10)
    changing_on(later)
    newest = PublishedRevisions().newest()

    midnight = datetime.combine(later, time.min, timezone.get_default_timezone())
    assert (newest.on, newest.until) == (date(2018, 1, 1), midnight)


@pytest.mark.django_db
def test_a_law_that_begins_today_makes_a_version_of_today(small_town: Publication) -> None:
    changing_on(TODAY())

    assert PublishedRevisions().newest().on == TODAY()


@pytest.mark.django_db
def test_a_parcel_that_ends_changes_what_is_shown(small_town: Publication) -> None:
    town.parcel("8", town.square(200, 0, 10), existed_to=date(2021, 3, 4))
    town.publish()

    assert PublishedRevisions().newest().on == date(2021, 3, 4)


@pytest.mark.django_db
def test_before_the_first_publication_there_is_an_empty_version_of_today(db: None) -> None:
    newest = PublishedRevisions().newest()

    assert (newest.revision, newest.on, newest.until) == (0, TODAY(), None)


@pytest.mark.django_db
def test_asked_again_it_costs_one_look_at_the_newest_revision(
    small_town: Publication, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    source = PublishedRevisions()
    first = source.newest()

    with django_assert_num_queries(1):
        assert source.newest() == first


@pytest.mark.django_db
def test_a_publication_is_seen_at_once(small_town: Publication) -> None:
    source = PublishedRevisions()
    before = source.newest()
    changing_on(date(2020, 2, 2))

    assert (before.version, source.newest().version) == ("1.20180101", "2.20200202")


@pytest.mark.django_db
@pytest.mark.parametrize("version", ["0.20261122", "1.10000101", "1.20180101", "1.99991231"])
def test_any_revision_that_was_made_can_be_asked_for_on_any_day(
    version: str, small_town: Publication
) -> None:
    assert PublishedRevisions().at(version).version == version


@pytest.mark.django_db
@pytest.mark.parametrize(
    "version",
    ["", "1", "1.", ".20180101", "2.20180101", "-1.20180101", "1.00010101", "1.20180231", "01.20180101",
     "1.2018011", "1.20180101 ", "１.20180101", "9" * 40 + ".20180101", "1.2018-01-01"],
)  # fmt: skip
def test_what_names_no_version_is_gone(version: str, small_town: Publication) -> None:
    with pytest.raises(Gone) as caught:
        PublishedRevisions().at(version)

    assert caught.value.reason is Reason.NO_SUCH_VERSION
    assert caught.value.facts["restart"].endswith("/ogc/")


@pytest.mark.django_db
def test_an_earlier_version_shows_what_was_known_and_law_then(small_town: Publication) -> None:
    changing_on(date(2022, 1, 1))
    source = PublishedRevisions()

    def editions(version: str) -> set[str]:
        rows = ZONES.rows(source.at(version))
        return {f"{plan}/{number}" for plan, number in rows.values_list("plan_id", "edition__number")}

    assert editions("2.20230101") == {"zoning/2"}
    assert editions("2.20210101") == {"zoning/1"}
    assert editions("1.20230101") == {"zoning/1"}
    assert editions("1.20170101") == set()


# figures


@pytest.mark.django_db
def test_figures_tell_how_many_where_and_from_when_to_when(small_town: Publication) -> None:
    changing_on(date(2022, 1, 1))
    source = PublishedRevisions()

    found = source.figures(ZONES_HISTORY, source.newest())

    assert (found.count, found.interval) == (5, (date(2018, 1, 1), None))
    assert found.bbox == pytest.approx(town.square(0, 0, 100).extent, abs=1e-9)


@pytest.mark.django_db
def test_an_interval_with_two_ends_is_closed(small_town: Publication) -> None:
    source = PublishedRevisions()
    town.parcel("8", town.square(0, 0, 10), existed_to=TODAY() + timedelta(5), code="x")
    town.publish()

    assert source.figures(PARCELS, source.newest()).interval == (date(2000, 1, 1), None)


@pytest.mark.django_db
def test_they_are_counted_once_for_all_processes(
    small_town: Publication, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    one, other = PublishedRevisions(), PublishedRevisions()
    newest = other.newest()
    first = one.figures(PARCELS, one.newest())

    with django_assert_num_queries(1):  # the row that the first one kept
        assert other.figures(PARCELS, newest) == first
    with django_assert_num_queries(0):
        other.figures(PARCELS, newest)


@pytest.mark.django_db
def test_days_between_two_changes_of_the_law_share_theirs(small_town: Publication) -> None:
    source = PublishedRevisions()
    for version in ("1.20180101", "1.20200229", "1.20261122", "1.99991231"):
        source.figures(PARCELS, source.at(version))

    assert CollectionFigures.objects.count() == 1


@pytest.mark.django_db
def test_a_publication_in_between_is_counted_anew(small_town: Publication) -> None:
    source = PublishedRevisions()
    assert source.figures(PARCELS, source.newest()).count == 2
    town.parcel("8", town.square(200, 0, 10))
    town.publish()

    assert source.figures(PARCELS, source.newest()).count == 3
    assert source.figures(PARCELS, source.at("1.20261122")).count == 2


@pytest.mark.django_db(transaction=True)
def test_many_who_ask_at_once_have_it_counted_once() -> None:
    town.planner(), town.reviewer()
    town.parcel("1", town.square(0, 0, 10))
    town.publish()
    readers, counted = 4, []
    together = Barrier(readers)

    def read() -> None:
        source = PublishedRevisions()
        newest = source.newest()
        together.wait()
        counted.append(source.figures(PARCELS, newest).count)
        connection.close()

    threads = [Thread(target=read) for _ in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert counted == [1] * readers
    assert CollectionFigures.objects.count() == 1


@pytest.mark.django_db
def test_old_figures_go_but_never_those_of_today(small_town: Publication) -> None:
    figures.keep_newest(CATALOGUE.collections)
    source = PublishedRevisions()
    source.figures(PARCELS, source.at("0.20261122"))
    kept = CollectionFigures.objects.count()
    long_after = timezone.now() + timedelta(days=31)

    assert figures.forget_old(CATALOGUE.collections, now=timezone.now()) == 0
    assert figures.forget_old(CATALOGUE.collections, now=long_after) == 1
    assert CollectionFigures.objects.count() == kept - 1 == len(CATALOGUE.collections)


# what a process remembers


def test_what_is_remembered_is_made_anew_after_its_time() -> None:
    now = [0.0]
    memory = Memory(most=2, seconds=60, clock=lambda: now[0])
    made = iter(range(10))

    def asked() -> int:
        return memory.get("key", lambda: next(made))

    assert (asked(), asked()) == (0, 0)
    now[0] = 61
    assert (asked(), asked()) == (1, 1)


def test_what_was_not_asked_for_longest_is_forgotten_first() -> None:
    memory = Memory(most=2, seconds=60)
    memory.get("a", lambda: 1)
    memory.get("b", lambda: 1)
    memory.get("a", lambda: 2)
    memory.get("c", lambda: 1)

    assert memory.get("a", lambda: 3) == 1
    assert memory.get("b", lambda: 3) == 3
