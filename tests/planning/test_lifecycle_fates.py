"""What may befall an edition in force: suspension, expiry, annulment and its return, as pure law."""

from dataclasses import replace
from datetime import date

import pytest
import shapely

from planning.models import EventKind, LegalStatus, RelationKind
from planning.publication import law
from planning.publication.cut import slices
from planning.publication.law import Cause, Event, Replacement
from tests.planning.law_cases import (
    LAND,
    annulled,
    area_of,
    cut,
    day,
    edition,
    event,
    ex_tunc,
    in_force,
    lines,
)

WEST = shapely.box(0, 0, 40, 100)


def suspended(on: date, works_to: date | None = None, **where: object) -> Event:
    return event(EventKind.SUSPENDED, on, works_to=works_to, **where)


def reinstated(on: date, works_from: date | None = None, **where: object) -> Event:
    return event(EventKind.REINSTATED, on, works_from=works_from, **where)


def expired(on: date) -> Event:
    return event(EventKind.EXPIRED, on)


def statuses(*events: Event) -> list[tuple[str, int]]:
    """Each status with the year in which it begins."""
    return [(status, begins.year) for status, begins, _ in lines(edition(1, *events))]


def test_a_suspension_without_end_lasts_until_the_edition_is_reinstated() -> None:
    facts = [in_force(day(2018)), suspended(day(2020))]

    assert statuses(*facts) == [("in_force", 2018), ("suspended", 2020)]
    assert statuses(*facts, reinstated(day(2022))) == [
        ("in_force", 2018),
        ("suspended", 2020),
        ("in_force", 2022),
    ]


def test_a_suspension_with_an_end_ends_by_itself_and_the_first_decision_stands_behind_force_again() -> None:
    own = edition(1, in_force(day(2018)), suspended(day(2020), day(2021)))

    segments = law.timeline(law.acts_on(own, []))

    assert [(s.status, s.begins.year, s.causes[0].document) for s in segments] == [
        ("in_force", 2018, "2018/QĐ"),
        ("suspended", 2020, "2020/QĐ"),
        ("in_force", 2021, "2018/QĐ"),
    ]


def test_of_two_suspensions_the_longer_one_keeps_the_edition_out_of_force() -> None:
    assert statuses(
        in_force(day(2018)), suspended(day(2020), day(2022)), suspended(day(2021), day(2023))
    ) == [("in_force", 2018), ("suspended", 2020), ("suspended", 2022), ("in_force", 2023)]


def test_a_suspension_that_ends_does_not_revive_what_was_replaced_meanwhile() -> None:
    first = edition(1, in_force(day(2018)), suspended(day(2020), day(2022)))
    second = edition(2, in_force(day(2021)))

    assert [(status, begins.year) for status, begins, _ in lines(first, second)] == [
        ("in_force", 2018),
        ("suspended", 2020),
        ("superseded", 2021),
    ]


@pytest.mark.parametrize("end", [expired(day(2021)), annulled(day(2021))])
def test_a_suspension_that_ends_does_not_revive_what_is_over(end: Event) -> None:
    assert statuses(in_force(day(2018)), suspended(day(2020), day(2022)), end)[-1] == (
        end.kind.value,
        2021,
    )


def test_a_reinstatement_ends_every_suspension_that_had_begun() -> None:
    found = statuses(in_force(day(2018)), suspended(day(2020), day(2025)), reinstated(day(2021)))

    assert found == [("in_force", 2018), ("suspended", 2020), ("in_force", 2021)]


def test_a_suspension_decided_before_the_entry_into_force_works_from_that_entry() -> None:
    found = statuses(
        event(EventKind.APPROVED, day(2018)), suspended(day(2019), day(2022)), in_force(day(2020))
    )

    assert found == [("approved", 2018), ("suspended", 2020), ("in_force", 2022)]


def test_a_suspension_that_ended_before_the_entry_into_force_does_nothing() -> None:
    assert statuses(suspended(day(2018), day(2019)), in_force(day(2020))) == [("in_force", 2020)]


def test_a_suspension_within_an_extent_leaves_the_neighbours_in_force() -> None:
    pieces = cut(edition(1, in_force(day(2018)), suspended(day(2020), day(2022), within=WEST)))

    assert area_of(pieces, LegalStatus.SUSPENDED, day(2021)) == 4_000
    assert area_of(pieces, LegalStatus.IN_FORCE, day(2021)) == 6_000
    assert area_of(pieces, LegalStatus.IN_FORCE, day(2022)) == 10_000


def test_land_replaced_stays_replaced_when_the_later_edition_is_suspended_or_expires() -> None:
    first = edition(1, in_force(day(2018)))
    for fate in (suspended(day(2021)), expired(day(2021))):
        assert lines(first, edition(2, in_force(day(2020)), fate))[-1][0] == "superseded"


def test_a_plan_made_for_some_years_expires_by_itself() -> None:
    own = event(EventKind.IN_FORCE, day(2018), works_to=day(2023))

    assert statuses(own) == [("in_force", 2018), ("expired", 2023)]
    assert law.timeline(law.acts_on(edition(1, own), []))[-1].causes[0].event == EventKind.IN_FORCE


def test_an_approved_edition_may_expire_before_it_is_law() -> None:
    found = statuses(event(EventKind.APPROVED, day(2018)), expired(day(2019)))

    assert found == [("approved", 2018), ("expired", 2019)]


def test_what_has_expired_may_be_reinstated_for_a_while() -> None:
    facts = [
        event(EventKind.IN_FORCE, day(2018), works_to=day(2020)),
        event(EventKind.REINSTATED, day(2021), works_to=day(2022)),
    ]

    assert statuses(*facts) == [
        ("in_force", 2018),
        ("expired", 2020),
        ("in_force", 2021),
        ("expired", 2022),
    ]


def test_reinstatement_gives_land_back_within_its_extent() -> None:
    first = edition(1, in_force(day(2018)), reinstated(day(2022), within=WEST))
    second = edition(2, in_force(day(2020)), annulled(day(2022)))

    pieces = cut(first, second)

    assert area_of(pieces, LegalStatus.SUPERSEDED, day(2021)) == 10_000
    assert area_of(pieces, LegalStatus.IN_FORCE, day(2022)) == 4_000
    assert area_of(pieces, LegalStatus.SUPERSEDED, day(2022)) == 6_000


def test_a_reinstated_edition_replaces_nothing_by_itself() -> None:
    first = edition(1, in_force(day(2018)), reinstated(day(2022)))
    second = edition(2, in_force(day(2020)))

    assert lines(second, first) == [("in_force", day(2020), None)]
    assert lines(first, second)[-1] == ("in_force", day(2022), None)


def test_what_was_never_in_force_is_not_reinstated() -> None:
    found = statuses(event(EventKind.APPROVED, day(2018)), annulled(day(2019)), reinstated(day(2020)))

    assert found == [("approved", 2018), ("annulled", 2019)]


def test_nothing_is_reinstated_before_it_came_in_force() -> None:
    found = statuses(annulled(day(2017)), in_force(day(2019)), reinstated(day(2020), works_from=day(2016)))

    assert found == [("annulled", 2017), ("in_force", 2019)]


def test_annulment_from_the_beginning_takes_back_a_reinstatement_decided_before_it() -> None:
    facts = [in_force(day(2018)), annulled(day(2019)), reinstated(day(2020))]

    assert statuses(*facts, ex_tunc(day(2022))) == [("annulled", 2018)]
    assert statuses(*facts, ex_tunc(day(2019, 6)))[-1] == ("in_force", 2020)


@pytest.mark.parametrize(
    ("later", "status"), [(EventKind.ANNULLED, "annulled"), (EventKind.REINSTATED, "in_force")]
)
def test_of_two_retroactive_decisions_for_one_day_the_later_one_counts(later: EventKind, status: str) -> None:
    earlier = {EventKind.ANNULLED, EventKind.REINSTATED} - {later}
    facts = [
        in_force(day(2018)),
        suspended(day(2019)),
        event(earlier.pop(), day(2021), works_from=day(2020)),
        event(later, day(2022), works_from=day(2020)),
    ]

    assert statuses(*facts)[-1] == (status, 2020)


def test_on_the_day_of_entry_force_comes_before_its_fates() -> None:
    assert statuses(in_force(day(2020)), suspended(day(2020))) == [("suspended", 2020)]
    assert statuses(in_force(day(2020)), annulled(day(2020))) == [("annulled", 2020)]


def test_to_close_a_consultation_or_make_the_plan_known_changes_no_status() -> None:
    own = [event(EventKind.CONSULTATION_OPENED, day(2018)), in_force(day(2020))]
    told = [event(EventKind.CONSULTATION_CLOSED, day(2019)), event(EventKind.PUBLISHED, day(2021))]

    assert statuses(*own, *told) == statuses(*own)


def test_a_relation_that_names_single_contents_strikes_these_alone() -> None:
    cause = Cause(edition="detailed/1", event=RelationKind.STRIKES, document="7/QĐ")
    taking = Replacement(on=day(2020), region=WEST, cause=cause, contents=frozenset({"zoning.1.2"}))
    acts = law.acts_on(edition(1, in_force(day(2018))), [], [taking])

    named, other = (slices(LAND, law.reaching(acts, f"zoning.1.{row}")) for row in (2, 1))

    assert area_of(named, LegalStatus.SUPERSEDED, day(2021)) == 4_000
    assert area_of(other, LegalStatus.IN_FORCE, day(2021)) == 10_000
    assert law.regions(acts) == ()
    assert law.contents(acts) == {"zoning.1.2"}


def test_single_contents_may_lie_outside_the_adjustment_that_strikes_them() -> None:
    acting = edition(2, in_force(day(2020)), local=WEST)

    (within,), (anywhere,) = (law.entries_into_force(acting, beyond_extent=far) for far in (False, True))

    assert within.region == WEST
    assert anywhere.region is None


def test_an_edge_in_common_with_an_extent_is_no_land() -> None:
    stairs = shapely.Polygon([(40, 0), (80, 0), (80, 50), (30, 50), (30, 40), (40, 40)])
    beside = shapely.box(40, 50, 60, 80)

    shared = law.meet(WEST, stairs)

    assert shared is not None
    assert (shared.area, law.meet(stairs, beside)) == (100, shapely.GeometryCollection())
    assert shared.geom_type == "Polygon"
    own = edition(1, in_force(day(2018)), in_force(day(2019), within=stairs), local=WEST)
    assert area_of(cut(edition(2, in_force(day(2010))), own), LegalStatus.SUPERSEDED, day(2020)) > 0


def test_two_suspensions_that_cannot_be_told_apart_end_together() -> None:
    twice = suspended(day(2020), day(2021))

    assert statuses(in_force(day(2018)), twice, replace(twice))[-1] == ("in_force", 2021)
