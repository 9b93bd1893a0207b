"""Declarations made because of an edition end where a later whole edition takes its place."""

from datetime import date

import pytest

from planning import lifecycle
from planning.errors import Reason, Refused
from planning.models import AdminUnit, Coverage, Edition, Publication
from tests import town

pytestmark = pytest.mark.django_db


def declared(at: Publication) -> list[tuple[str, str, str]]:
    """What is declared in the revision: edition, state, dates."""
    rows = Coverage.objects.known_at(at.revision).order_by("edition__number", "state")
    return [
        (
            row.edition.code if row.edition else "",
            row.state,
            f"{row.valid.lower or ''}/{row.valid.upper or ''}",
        )
        for row in rows
    ]


def staged(number: int, in_force: date | None, **fields: bool) -> Edition:
    edition = town.edition(town.plan(), number, in_force=in_force, consultation=date(2017, 1, 1), **fields)
    town.zone(edition, town.square(0, 0, 100))
    return edition


def cover(edition: Edition, state: str = "partial", **dates: date | None) -> Coverage:
    return town.cover(town.square(0, 0, 100), state, edition=edition, upload=edition.uploads.get(), **dates)


@pytest.fixture
def first() -> Edition:
    """Public since revision 1, in force since 2018, with a declaration of its own."""
    edition = staged(1, date(2018, 1, 1))
    cover(edition)
    town.publish()
    return edition


def test_a_whole_edition_ends_what_was_declared_because_of_the_earlier_one(first: Edition) -> None:
    before = Publication.objects.get()
    second = staged(2, date(2024, 5, 1))
    cover(second, "complete", as_of=date(2024, 5, 1))

    after = town.publish()

    assert declared(before) == [("zoning/1", "partial", "2018-01-01/")]
    assert declared(after) == [
        ("zoning/1", "partial", "2018-01-01/2024-05-01"),
        ("zoning/2", "complete", "2024-05-01/"),
    ]
    assert after.summary["superseded_coverage"] == {"zoning/1": {"opened": 1, "closed": 1}}


def test_what_speaks_only_for_dates_after_that_day_is_closed_for_good() -> None:
    edition = staged(1, date(2018, 1, 1))
    cover(edition, as_of=date(2025, 1, 1))
    town.publish()
    staged(2, date(2024, 5, 1))

    after = town.publish()

    assert declared(after) == []
    assert after.summary["superseded_coverage"] == {"zoning/1": {"opened": 0, "closed": 1}}


def test_what_ended_before_that_day_stays_as_it_is() -> None:
    edition = staged(1, date(2018, 1, 1))
    row = cover(edition, valid_to=date(2020, 1, 1))
    town.publish()
    staged(2, date(2024, 5, 1))

    after = town.publish()

    assert Coverage.objects.standing().get().pk == row.pk
    assert "superseded_coverage" not in after.summary


def test_a_local_adjustment_and_a_draft_leave_coverage_alone(first: Edition) -> None:
    staged(2, date(2024, 5, 1), is_local_adjustment=True)
    staged(3, None)

    after = town.publish()

    assert declared(after) == [("zoning/1", "partial", "2018-01-01/")]
    assert "superseded_coverage" not in after.summary


def test_coverage_of_no_edition_or_another_plan_is_left_alone(first: Edition) -> None:
    town.cover(town.square(0, 0, 100), "complete")
    other = town.edition(town.plan("other"))
    town.zone(other, town.square(0, 0, 100))
    town.cover(town.square(0, 0, 100), "withheld", edition=other)
    town.publish()
    staged(2, date(2024, 5, 1))

    after = town.publish()

    open_ended = {row.state for row in Coverage.objects.known_at(after.revision) if row.valid.upper is None}
    assert open_ended == {"complete", "withheld"}


def test_a_draft_that_comes_in_force_later_ends_them_on_its_day(first: Edition) -> None:
    second = staged(2, None)
    town.publish()

    after = lifecycle.put_in_force(
        edition=second,
        effective_from=date(2026, 1, 1),
        document=town.decision(second.plan, "9/QĐ-UBND"),
        by=town.planner(),
        approved_by=town.reviewer(),
    )

    assert declared(after) == [("zoning/1", "partial", "2018-01-01/2026-01-01")]
    assert after.summary["superseded_coverage"] == {"zoning/1": {"opened": 1, "closed": 1}}


def test_a_succession_annulled_before_its_day_gives_the_dates_back(first: Edition) -> None:
    second = staged(2, date(2030, 1, 1))
    between = town.publish()
    assert declared(between) == [("zoning/1", "partial", "2018-01-01/2030-01-01")]

    after = lifecycle.annul(
        edition=second,
        on=date(2026, 1, 1),
        document=town.decision(second.plan, "9/QĐ-UBND"),
        by=town.planner(),
        approved_by=town.reviewer(),
    )

    assert declared(after) == [("zoning/1", "partial", "2018-01-01/")]
    assert declared(between) == [("zoning/1", "partial", "2018-01-01/2030-01-01")]


def test_an_edition_published_after_its_successor_speaks_only_up_to_it() -> None:
    staged(2, date(2024, 5, 1))
    town.publish()
    cover(staged(1, date(2018, 1, 1)))

    after = town.publish()

    assert declared(after) == [("zoning/1", "partial", "2018-01-01/2024-05-01")]


def test_what_a_file_withholds_must_not_show_its_shape_either() -> None:
    shape = town.square(0, 0, 100)
    declared = town.cover(shape, "withheld")
    AdminUnit.objects.filter(geometry=shape).delete()

    with pytest.raises(Refused) as refusal:
        town.publish()

    assert refusal.value.reason == Reason.SHOWS_ITS_SHAPE
    declared.refresh_from_db()
    assert declared.known is None
