"""A parcel over legal time: every period says what the answer of any of its days says."""

import itertools
from datetime import date, timedelta

import pytest
from django.utils import timezone

from planning.answer import answer_parcel, history_of_parcel
from planning.errors import NotFound
from planning.lifecycle import record_event, record_ruling
from planning.models import EventKind
from tests import town

pytestmark = pytest.mark.django_db

CODE = "2004-00001-1-1"


def lives(plan: str = "zoning"):
    """A plan of 2015, replaced in its eastern half in 2020, over a parcel that lies across."""
    whole = town.edition(town.plan(plan), approved=date(2014, 6, 1), in_force=date(2015, 1, 1))
    town.zone(whole, town.square(0, 0, 60, 100), "ODT")
    town.zone(whole, town.square(60, 0, 40, 100), "DGT")
    town.parcel("1", town.square(55, 10, 10, 20))
    town.cover(town.square(-500, -500, 1000), as_of=date(2016, 5, 5))
    town.publish()
    local = town.edition(
        town.plan(plan),
        in_force=date(2020, 1, 1),
        is_local_adjustment=True,
        extent=town.square(60, 0, 40, 100),
    )
    town.zone(local, town.square(60, 0, 40, 100), "CXDT")
    town.publish()
    return whole, local


def recorded(edition, kind, on, **fields):
    """A fact about a public edition, published in a revision of its own."""
    document = town.decision(edition.plan, on=on)
    return record_event(
        edition=edition,
        kind=kind,
        on=on,
        document=document,
        by=town.planner(),
        approved_by=town.reviewer(),
        **fields,
    )


def assert_says_what_answers_say(history, days):
    for day in days:
        (period,) = [
            p
            for p in history.periods
            if (p.begins is None or p.begins <= day) and (p.ends is None or day < p.ends)
        ]
        answer = answer_parcel(CODE, as_at=day, known_at=history.known_at)
        assert (period.themes, period.upcoming, period.superseded, period.not_checked, period.subject) == (
            answer.themes,
            answer.upcoming,
            answer.superseded,
            answer.not_checked,
            answer.subject,
        ), day


def around(history):
    """Every day on which a period begins, with its eve and its morrow, and days between and far away."""
    for period in history.periods:
        for day in (period.begins, period.ends):
            if day is not None:
                yield from (day - timedelta(days=1), day, day + timedelta(days=1))
    yield from (date(1990, 1, 1), date(2017, 7, 7), date(2199, 1, 1))


def uses(period):
    return sorted(
        item.zone.land_use.code for theme in period.themes for plan in theme.plans for item in plan.items
    )


def test_every_period_says_what_the_answer_of_its_days_says():
    _whole, local = lives()
    draft = town.edition(town.plan("zoning"), in_force=None, consultation=date(2024, 2, 1))
    town.zone(draft, town.square(0, 0, 100), "HH")
    town.publish()
    recorded(local, EventKind.ANNULLED, date(2022, 3, 1))

    history = history_of_parcel(CODE)

    assert_says_what_answers_say(history, around(history))


def test_periods_follow_each_other_without_gap_and_no_two_neighbours_say_the_same():
    lives()

    periods = history_of_parcel(CODE).periods

    assert (periods[0].begins, periods[-1].ends) == (None, None)
    for one, other in itertools.pairwise(periods):
        assert one.ends == other.begins
        assert (one.themes, one.upcoming, one.superseded) != (other.themes, other.upcoming, other.superseded)


def test_an_adjustment_begins_a_period():
    lives()

    periods = {period.begins: uses(period) for period in history_of_parcel(CODE).periods}

    assert periods[date(2015, 1, 1)] == ["DGT", "ODT"]
    assert periods[date(2020, 1, 1)] == ["CXDT", "ODT"]
    assert periods[None] == []


def test_land_that_was_only_cut_elsewhere_is_in_force_since_the_beginning():
    lives()

    item = next(
        item
        for item in answer_parcel(CODE, as_at=date(2021, 1, 1)).themes[0].plans[0].items
        if item.zone.land_use.code == "ODT"
    )

    assert item.in_force_from == date(2015, 1, 1)


def test_a_history_names_the_publications_that_changed_something_here():
    lives()
    elsewhere = town.edition(town.plan("far"), in_force=date(2021, 1, 1))
    town.zone(elsewhere, town.square(5000, 5000, 100), "ODT")
    town.publish()

    history = history_of_parcel(CODE)

    assert [(r.revision, r.what, r.plans) for r in history.revisions] == [
        (1, ("coverage", "parcel", "zones"), ("zoning",)),
        (2, ("zones",), ("zoning",)),
    ]


def test_a_history_names_the_revisions_of_relations_and_rulings():
    whole, _local = lives()
    other = town.edition(town.plan("other"), in_force=date(2016, 1, 1))
    town.zone(other, town.square(0, 0, 100), "HH")
    town.relation(other, whole.plan, kind="implements", document=town.decision(other.plan))
    town.publish()
    for extent in (town.square(50, 0, 50), town.square(80, 80, 5)):
        record_ruling(
            plan=whole.plan,
            other_plan=other.plan,
            text="Theo quy hoạch.",
            on=date(2020, 2, 2),
            extent=extent,
            document=town.decision(whole.plan, on=date(2020, 2, 2)),
            by=town.planner(),
            approved_by=town.reviewer(),
        )

    history = history_of_parcel(CODE)

    assert [(r.revision, r.what, r.plans) for r in history.revisions[2:]] == [
        (3, ("relations", "zones"), ("other",)),
        (4, ("rulings",), ("other", "zoning")),
    ]


def test_what_was_cut_a_long_way_off_is_no_news_here():
    whole = town.edition(town.plan("zoning"), in_force=date(2015, 1, 1))
    town.zone(whole, town.square(0, 0, 2000, 100), "ODT")
    town.parcel("1", town.square(55, 10, 10, 20))
    town.publish()
    local = town.edition(
        town.plan("zoning"),
        in_force=date(2020, 1, 1),
        is_local_adjustment=True,
        extent=town.square(1900, 0, 50),
    )
    town.zone(local, town.square(1900, 0, 50), "CXDT")
    town.publish()

    assert [r.revision for r in history_of_parcel(CODE).revisions] == [1]


def test_the_history_of_a_past_moment_knows_nothing_of_what_came_later():
    whole = town.edition(town.plan("zoning"), in_force=date(2015, 1, 1))
    town.zone(whole, town.square(0, 0, 100), "ODT")
    town.parcel("1", town.square(55, 10, 10, 20))
    town.publish()
    moment = timezone.now()
    before = history_of_parcel(CODE, known_at=moment)
    later = town.edition(town.plan("zoning"), in_force=date(2016, 1, 1))
    town.zone(later, town.square(0, 0, 100), "DGT")
    town.publish()

    again = history_of_parcel(CODE, known_at=moment)

    assert (again.periods, again.events, again.revisions) == (before.periods, before.events, before.revisions)
    assert history_of_parcel(CODE).periods != before.periods


def test_the_events_behind_a_history_are_those_of_the_editions_that_concern_the_parcel():
    lives()

    events = history_of_parcel(CODE).events

    assert [(e.edition, e.kind, e.effective_from, e.revision) for e in events] == [
        ("zoning/1", "approved", date(2014, 6, 1), 1),
        ("zoning/1", "in_force", date(2015, 1, 1), 1),
        ("zoning/2", "in_force", date(2020, 1, 1), 2),
    ]


def test_a_no_lasts_as_long_as_something_of_the_theme_is_law_somewhere():
    """The parcel lies beside all zones; data declared complete back a no while there are data."""
    for number, (begins, ends) in enumerate(
        [(2015, 2016), (2015, 2017), (2017, 2018), (2020, None), (2022, 2023)]
    ):
        edition = town.edition(town.plan(f"zoning{number}"), in_force=None)
        town.zone(edition, town.square(1000 * number, 1000, 100))
        last = date(ends, 1, 1) if ends else None
        paper = town.decision(edition.plan)
        town.event(edition, EventKind.IN_FORCE, date(begins, 1, 1), effective_to=last, document=paper)
    town.parcel("1", town.square(0, 0, 10))
    town.cover(town.square(-500, -500, 1000), as_of=date(2014, 1, 1))
    town.publish()

    history = history_of_parcel(CODE)

    states = [
        (period.begins, theme.state)
        for period in history.periods
        for theme in period.themes
        if theme.code == "construction" and (period.begins or date.min).year < 2026
    ]
    assert states == [
        (None, "unknown"),
        (date(2014, 1, 1), "unknown"),
        (date(2015, 1, 1), "not_concerned"),
        (date(2018, 1, 1), "unknown"),
        (date(2020, 1, 1), "not_concerned"),
    ]
    assert_says_what_answers_say(history, around(history))


def test_every_version_of_the_parcel_has_its_own_days():
    town.zone(town.edition(town.plan("zoning")), town.square(0, 0, 100), "ODT")
    town.parcel("1", town.square(0, 0, 10), existed_from=date(2010, 1, 1), existed_to=date(2020, 1, 1))
    town.parcel("1", town.square(0, 0, 20), existed_from=date(2021, 1, 1), feature=2)
    town.publish()

    history = history_of_parcel(CODE)

    assert history.subject.area_m2 == 400.0
    assert_says_what_answers_say(
        history, [*around(history), *(date(2020, 6, 28) + timedelta(days=n) for n in range(8))]
    )


def test_a_parcel_that_nobody_knows_has_no_history():
    town.themes()

    with pytest.raises(NotFound):
        history_of_parcel("2004-00001-9-9")


def test_a_history_costs_one_statement_per_version_and_three_more(small_town, django_assert_num_queries):
    """The versions, what mattered for each, what changed, when it was published."""
    with django_assert_num_queries(4):
        history_of_parcel(CODE)


def test_a_history_that_is_too_long_says_what_it_leaves_out(monkeypatch):
    from planning.answer import history as module

    lives()
    monkeypatch.setattr(module, "MOST_MEASURED", 3)

    cut = history_of_parcel(CODE)

    assert cut.periods[0].begins is not None
    assert any("left out" in notice.en for notice in cut.notices)
    assert_says_what_answers_say(cut, [cut.periods[0].begins, date(2199, 1, 1)])
