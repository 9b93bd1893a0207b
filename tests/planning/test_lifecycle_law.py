"""The law as a pure function: dated facts in, dated statuses and cut land out. No database."""

from dataclasses import replace
from datetime import date
from itertools import combinations, pairwise

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from planning.models import EventKind, LegalStatus, RelationKind
from planning.publication import law
from planning.publication.cut import divide, slices
from planning.publication.law import Cause, Edition, Event, Replacement
from tests.planning.law_cases import (
    DAYS,
    LAND,
    annulled,
    any_facts,
    area_of,
    cut,
    day,
    edition,
    event,
    ex_tunc,
    in_force,
    lines,
    plans,
    whole_law,
)


def test_an_edition_goes_from_draft_to_approved_to_in_force() -> None:
    own = edition(
        1,
        event(EventKind.CONSULTATION_OPENED, day(2018)),
        event(EventKind.APPROVED, day(2019)),
        in_force(day(2020)),
    )

    assert lines(own) == [
        ("draft", day(2018), day(2019)),
        ("approved", day(2019), day(2020)),
        ("in_force", day(2020), None),
    ]


def test_a_public_edition_without_any_event_is_a_draft_from_its_publication() -> None:
    assert lines(edition(1)) == [("draft", day(2010), None)]


def test_an_entry_into_force_may_lie_before_the_approval() -> None:
    own = edition(1, event(EventKind.APPROVED, day(2020)), in_force(day(2019)))

    assert lines(own) == [("in_force", day(2019), None)]


def test_a_whole_edition_replaces_earlier_ones_everywhere() -> None:
    first, second = edition(1, in_force(day(2018))), edition(2, in_force(day(2020)))

    assert lines(first, second) == [("in_force", day(2018), day(2020)), ("superseded", day(2020), None)]
    assert lines(second, first) == [("in_force", day(2020), None)]


def test_a_whole_edition_replaces_local_adjustments_too() -> None:
    first = edition(1, in_force(day(2018)))
    local = edition(2, in_force(day(2019)), local=shapely.box(0, 0, 50, 100))
    whole = edition(3, in_force(day(2020)))

    assert lines(local, first, whole) == [
        ("in_force", day(2019), day(2020)),
        ("superseded", day(2020), None),
    ]


def test_the_order_of_replacement_is_that_of_force_and_not_of_numbers() -> None:
    late_first, early_second = edition(1, in_force(day(2022))), edition(2, in_force(day(2020)))

    assert lines(late_first, early_second) == [("in_force", day(2022), None)]
    assert lines(early_second, late_first)[-1] == ("superseded", day(2022), None)


def test_of_two_editions_in_force_on_one_day_the_higher_number_stands() -> None:
    first, second = edition(1, in_force(day(2020))), edition(2, in_force(day(2020)))

    assert lines(first, second) == [("superseded", day(2020), None)]
    assert lines(second, first) == [("in_force", day(2020), None)]


def test_a_local_adjustment_replaces_within_its_extent_alone() -> None:
    first = edition(1, in_force(day(2018)))
    local = edition(2, in_force(day(2024)), local=shapely.box(60, 0, 160, 100))

    pieces = cut(first, local)

    assert area_of(pieces, LegalStatus.IN_FORCE, day(2023)) == 10_000
    assert area_of(pieces, LegalStatus.IN_FORCE, day(2024)) == 6_000
    assert area_of(pieces, LegalStatus.SUPERSEDED, day(2024)) == 4_000
    assert [p.causes[0].edition for p in pieces if p.status == LegalStatus.SUPERSEDED] == ["zoning/2"]


@pytest.mark.parametrize(
    "annul",
    [
        annulled(day(2025)),
        ex_tunc(day(2025)),
        ex_tunc(day(2025), works_from=day(2020)),
        ex_tunc(day(2025), works_from=day(2016)),
        event(EventKind.ANNULLED, day(2025), works_from=day(2019)),
    ],
)
def test_land_once_replaced_stays_replaced_when_the_later_edition_is_annulled(annul: Event) -> None:
    first = edition(1, in_force(day(2018)))
    second = edition(2, in_force(day(2020)), annul)

    assert lines(first, second) == [("in_force", day(2018), day(2020)), ("superseded", day(2020), None)]


def test_an_edition_annulled_before_it_came_in_force_replaces_nothing() -> None:
    first = edition(1, in_force(day(2018)))
    second = edition(2, event(EventKind.APPROVED, day(2019)), annulled(day(2020)), in_force(day(2021)))

    assert lines(first, second) == [("in_force", day(2018), None)]
    assert lines(second, first) == [("approved", day(2019), day(2020)), ("annulled", day(2020), None)]


@pytest.mark.parametrize("works_from", [day(2017), day(2020), day(2021), day(2023)])
def test_annulment_from_the_beginning_decided_before_the_force_lets_nothing_happen(works_from: date) -> None:
    first = edition(1, in_force(day(2018)))
    second = edition(2, in_force(day(2021)), ex_tunc(day(2020), works_from=works_from))

    assert lines(first, second) == [("in_force", day(2018), None)]
    assert "in_force" not in [status for status, _, _ in lines(second, first)]


def test_annulment_from_the_beginning_leaves_the_time_before_the_force() -> None:
    own = edition(
        1, event(EventKind.APPROVED, day(2017)), in_force(day(2018)), ex_tunc(day(2020), works_from=day(2016))
    )

    assert lines(own) == [("approved", day(2017), day(2018)), ("annulled", day(2018), None)]


def test_an_edition_annulled_in_part_before_its_force_replaces_the_rest() -> None:
    first = edition(1, in_force(day(2018)))
    second = edition(2, annulled(day(2019), within=shapely.box(0, 0, 10, 100)), in_force(day(2020)))

    pieces = cut(first, second)

    assert area_of(pieces, LegalStatus.SUPERSEDED, day(2020)) == 9_000
    assert area_of(pieces, LegalStatus.IN_FORCE, day(2020)) == 1_000


def test_annulment_from_a_day_on_leaves_the_days_before() -> None:
    own = edition(1, in_force(day(2018)), annulled(day(2019, 12, 19)))

    assert lines(own) == [
        ("in_force", day(2018), day(2019, 12, 19)),
        ("annulled", day(2019, 12, 19), None),
    ]


def test_annulment_from_the_beginning_reaches_back_to_the_entry_into_force() -> None:
    own = edition(1, event(EventKind.APPROVED, day(2017)), in_force(day(2018)), ex_tunc(day(2020)))

    assert lines(own) == [("approved", day(2017), day(2018)), ("annulled", day(2018), None)]


def test_annulment_from_the_beginning_outlives_replacement_but_annulment_from_a_day_does_not() -> None:
    second = edition(2, in_force(day(2019)))

    assert lines(edition(1, in_force(day(2018)), ex_tunc(day(2020))), second) == [
        ("annulled", day(2018), None)
    ]
    assert lines(edition(1, in_force(day(2018)), annulled(day(2020))), second)[-1] == (
        "superseded",
        day(2019),
        None,
    )


def test_a_plan_annulled_for_two_parcels_stays_in_force_for_the_neighbours() -> None:
    own = edition(1, in_force(day(2018)), annulled(day(2019, 3, 12), within=shapely.box(0, 0, 20, 10)))

    pieces = cut(own)

    assert area_of(pieces, LegalStatus.ANNULLED, day(2020)) == 200
    assert area_of(pieces, LegalStatus.IN_FORCE, day(2020)) == 9_800
    assert area_of(pieces, LegalStatus.IN_FORCE, day(2019)) == 10_000


def test_another_plan_that_replaces_in_an_extent_takes_what_is_in_force_that_day() -> None:
    cause = Cause(edition="detailed/1", event=RelationKind.REPLACES_IN_EXTENT, document="7/QĐ")
    taking = Replacement(on=day(2020), region=shapely.box(0, 0, 30, 100), cause=cause)
    first = edition(1, in_force(day(2018)))
    later = edition(2, in_force(day(2022)))

    pieces = slices(LAND, law.acts_on(first, [later], [taking]))

    assert area_of(pieces, LegalStatus.SUPERSEDED, day(2021)) == 3_000
    assert next(p.causes for p in pieces if p.status == LegalStatus.SUPERSEDED) == (cause,)
    # What comes in force afterwards is a conflict for people to resolve, not for software.
    assert lines(later, first, replacements=[taking]) == [("in_force", day(2022), None)]


def test_two_replacements_share_one_piece_and_both_are_named() -> None:
    first = edition(1, in_force(day(2018)))
    west = edition(2, in_force(day(2020)), local=shapely.box(0, 0, 20, 100))
    east = edition(3, in_force(day(2022)), local=shapely.box(80, 0, 100, 100))

    superseded = [p for p in cut(first, west, east) if p.status == LegalStatus.SUPERSEDED]

    assert [(p.begins, p.ends, [c.edition for c in p.causes]) for p in superseded] == [
        (day(2020), day(2022), ["zoning/2"]),
        (day(2022), None, ["zoning/2", "zoning/3"]),
    ]


def test_what_happens_later_does_not_change_the_pieces_of_earlier_days() -> None:
    first = edition(1, in_force(day(2018)))
    west = edition(2, in_force(day(2020)), local=shapely.Polygon([(0, 0), (33.3, 1.1), (20.7, 99)]))
    cross = edition(3, in_force(day(2022)), local=shapely.Polygon([(0, 40), (100, 47.3), (100, 60), (0, 55)]))

    before = [replace(p, ends=None) for p in cut(first, west)]
    after = [replace(p, ends=None) for p in cut(first, west, cross) if p.begins < day(2022)]

    assert {(p.status, p.begins, p.geometry and p.geometry.wkb) for p in before} == {
        (p.status, p.begins, p.geometry and p.geometry.wkb) for p in after
    }


def test_an_act_without_effect_cuts_nothing() -> None:
    first = edition(1, in_force(day(2018)))
    whole = edition(2, in_force(day(2020)))
    late = edition(3, in_force(day(2022)), local=shapely.box(0, 0, 50, 50))

    superseded = [p for p in cut(first, whole, late) if p.status == LegalStatus.SUPERSEDED]

    assert [(p.begins, p.ends, p.geometry) for p in superseded] == [(day(2020), None, None)]


def test_lines_and_points_are_cut_too() -> None:
    first = edition(1, in_force(day(2018)))
    local = edition(2, in_force(day(2024)), local=shapely.box(60, 0, 160, 100))

    line = cut(first, local, land=shapely.LineString([(0, 50), (100, 50)]))
    point = cut(first, local, land=shapely.Point(70, 50))

    lengths = {p.status: round(p.geometry.length, 1) for p in line if p.begins == day(2024) and p.geometry}
    assert lengths == {
        LegalStatus.IN_FORCE: 60,
        LegalStatus.SUPERSEDED: 40,
    }
    assert [(p.status, p.geometry) for p in point] == [
        (LegalStatus.IN_FORCE, None),
        (LegalStatus.SUPERSEDED, None),
    ]


def test_a_line_on_the_boundary_of_an_adjustment_stays_in_force() -> None:
    first = edition(1, in_force(day(2018)))
    local = edition(2, in_force(day(2024)), local=shapely.box(60, 0, 160, 100))
    street_side = shapely.LineString([(60, 0), (60, 100)])

    assert [p.status for p in cut(first, local, land=street_side)] == [LegalStatus.IN_FORCE]
    assert [p.status for p in cut(first, local, land=shapely.Point(60, 50))] == [LegalStatus.IN_FORCE]


def test_a_line_that_crosses_from_part_to_part_has_come_in_force_in_both() -> None:
    west, east = shapely.box(0, 0, 50, 100), shapely.box(50, 0, 100, 100)
    parts = edition(
        1,
        event(EventKind.APPROVED, day(2018)),
        in_force(day(2019), west),
        in_force(day(2020), east),
    )

    last = [p for p in cut(parts, land=shapely.LineString([(10, 50), (90, 50)])) if p.ends is None]

    assert [(p.status, p.geometry) for p in last] == [(LegalStatus.IN_FORCE, None)]


def test_an_annulment_from_the_beginning_reaches_land_that_never_came_in_force() -> None:
    west = shapely.box(0, 0, 50, 100)
    parts = edition(1, event(EventKind.APPROVED, day(2018)), in_force(day(2020), west), ex_tunc(day(2022)))

    pieces = cut(parts)

    assert [area_of(pieces, LegalStatus.ANNULLED, day(year)) for year in (2019, 2021, 2022)] == [
        0,
        5000,
        10_000,
    ]


def test_an_expiry_keeps_only_what_was_approved_from_coming_in_force() -> None:
    west = shapely.box(0, 0, 50, 100)
    first = edition(1, in_force(day(2018)))
    second = edition(
        2,
        event(EventKind.APPROVED, day(2019), west),
        event(EventKind.EXPIRED, day(2020)),
        in_force(day(2021)),
    )

    pieces = cut(first, second)

    assert area_of(pieces, LegalStatus.IN_FORCE, day(2022)) == 5000
    assert area_of(pieces, LegalStatus.SUPERSEDED, day(2022)) == 5000


def test_a_neighbour_that_shares_an_edge_is_not_cut() -> None:
    wobbly = shapely.Polygon([(100.0004, 0), (200, 0), (200, 100), (99.9996, 100)])

    assert divide(LAND, wobbly) == (None, LAND)


def test_a_sliver_left_outside_goes_with_the_rest() -> None:
    nearly = shapely.box(-10, -10, 99.9995, 110)

    assert divide(LAND, nearly) == (LAND, None)


@any_facts
@given(plans(), st.randoms(use_true_random=False))
def test_the_order_of_recording_never_matters(editions: list[Edition], chance) -> None:
    shuffled = [replace(e, events=tuple(chance.sample(e.events, len(e.events)))) for e in editions]
    chance.shuffle(shuffled)

    assert whole_law(editions) == dict(sorted(whole_law(shuffled).items()))


@any_facts
@given(plans())
def test_the_segments_of_an_edition_partition_time(editions: list[Edition]) -> None:
    for own in editions:
        acts = law.acts_on(own, [other for other in editions if other is not own])
        found = law.timeline(law.everywhere(acts))

        assert all(one.ends == two.begins for one, two in pairwise(found))
        assert all(segment.ends is None or segment.begins < segment.ends for segment in found)
        assert found
        assert found[-1].ends is None


@any_facts
@given(plans(), DAYS)
def test_on_any_day_after_its_first_the_slices_make_up_the_land_once(
    editions: list[Edition], on: date
) -> None:
    for own in editions:
        pieces = cut(own, *(other for other in editions if other is not own))
        standing = [p for p in pieces if p.begins <= on and (p.ends is None or on < p.ends)]
        shapes = [LAND if p.geometry is None else p.geometry for p in standing]
        begun = {p.status for p in standing}

        assert len(begun) == len(standing), "one slice for each status"
        assert all(one.intersection(two).area < 0.5 for one, two in combinations(shapes, 2))
        if on >= max((e.effective_from for e in own.events), default=own.published_on):
            assert shapely.union_all(shapes).area == pytest.approx(LAND.area, abs=0.5)


@any_facts
@given(plans())
def test_slices_of_one_status_never_overlap_in_time(editions: list[Edition]) -> None:
    for own in editions:
        pieces = cut(own, *(other for other in editions if other is not own))
        for one, two in combinations(pieces, 2):
            if one.status == two.status:
                assert one.ends is not None
                assert one.ends <= two.begins
