"""The acts of a plan's life after its publication, each in a revision of its own."""

from datetime import date

import pytest

from planning import lifecycle
from planning.errors import Forbidden, Reason, Refused
from planning.models import DocumentKind, Edition, EventKind, PlanEvent, Publication, User, ZonePiece
from tests import town

pytestmark = pytest.mark.django_db


def members() -> dict[str, User]:
    return {"by": town.planner(), "approved_by": town.reviewer()}


def status(zone: str, on: date, at: Publication) -> dict[str, float]:
    pieces = ZonePiece.objects.known_at(at.revision).valid_on(on).filter(zone__public_id=zone)
    return {piece.status: round(town.area(piece.geometry), 1) for piece in pieces}


@pytest.fixture
def draft(db: None) -> Edition:
    """A published draft with one hectare."""
    edition = town.edition(town.plan(), in_force=None, consultation=date(2026, 1, 5))
    town.zone(edition, town.square(0, 0, 100))
    town.publish()
    return edition


@pytest.fixture
def law(db: None) -> Edition:
    """A published edition in force since 2018 with one hectare."""
    edition = town.edition(town.plan())
    town.zone(edition, town.square(0, 0, 100))
    town.publish()
    return edition


def test_a_draft_is_approved_and_put_in_force(draft: Edition) -> None:
    paper = town.decision(draft.plan, "77/QĐ", date(2026, 6, 1))

    approved = lifecycle.approve(edition=draft, on=date(2026, 6, 1), document=paper, **members())
    forced = lifecycle.put_in_force(edition=draft, effective_from=date(2026, 7, 1), **members())

    assert status("zoning.1.1", date(2026, 6, 15), approved) == {"approved": 10_000}
    assert status("zoning.1.1", date(2026, 8, 1), approved) == {"approved": 10_000}
    assert status("zoning.1.1", date(2026, 6, 15), forced) == {"approved": 10_000}
    assert status("zoning.1.1", date(2026, 8, 1), forced) == {"in_force": 10_000}
    assert forced.revision == approved.revision + 1


def test_the_decision_that_approved_an_edition_stands_behind_its_force(draft: Edition) -> None:
    paper = town.decision(draft.plan, "77/QĐ", date(2026, 6, 1))
    lifecycle.approve(edition=draft, on=date(2026, 6, 1), document=paper, **members())

    lifecycle.put_in_force(edition=draft, effective_from=date(2026, 7, 1), **members())

    assert PlanEvent.objects.get(kind=EventKind.IN_FORCE).document == paper


def test_annulment_from_a_day_on(law: Edition) -> None:
    made = lifecycle.annul(edition=law, on=date(2019, 12, 19), document=town.decision(law.plan), **members())

    assert status("zoning.1.1", date(2019, 12, 18), made) == {"in_force": 10_000}
    assert status("zoning.1.1", date(2019, 12, 19), made) == {"annulled": 10_000}


def test_annulment_from_the_beginning_differs_from_what_was_known_before(law: Edition) -> None:
    made = lifecycle.annul(
        edition=law, on=date(2019, 12, 19), document=town.decision(law.plan), ex_tunc=True, **members()
    )

    before = Publication.objects.get(revision=made.revision - 1)
    assert status("zoning.1.1", date(2019, 1, 1), before) == {"in_force": 10_000}
    assert status("zoning.1.1", date(2019, 1, 1), made) == {"annulled": 10_000}


def test_annulment_within_an_extent_leaves_the_neighbours_in_force(law: Edition) -> None:
    made = lifecycle.annul(
        edition=law,
        on=date(2019, 3, 12),
        extent=town.square(0, 0, 20, 10),
        document=town.decision(law.plan),
        **members(),
    )

    assert status("zoning.1.1", date(2020, 1, 1), made) == {"annulled": 200, "in_force": 9_800}
    assert made.summary["pieces"] == {"zoning/1": {"opened": 3, "closed": 1}}


def test_what_an_annulled_edition_had_replaced_does_not_come_back(law: Edition) -> None:
    second = town.edition(law.plan, in_force=date(2022, 1, 1))
    town.zone(second, town.square(0, 0, 100))
    town.publish()

    made = lifecycle.annul(
        edition=second, on=date(2023, 1, 1), document=town.decision(law.plan), ex_tunc=True, **members()
    )

    assert status("zoning.1.1", date(2024, 1, 1), made) == {"superseded": 10_000}
    assert status("zoning.2.1", date(2024, 1, 1), made) == {"annulled": 10_000}
    assert made.summary["pieces"] == {"zoning/2": {"opened": 1, "closed": 1}}


def test_an_edition_annulled_before_its_day_gives_the_other_back_what_it_never_lost(law: Edition) -> None:
    coming = town.edition(law.plan, in_force=date(2030, 1, 1), is_local_adjustment=True)
    town.zone(coming, town.square(0, 0, 50, 100))
    town.publish()

    made = lifecycle.annul(edition=coming, on=date(2028, 1, 1), document=town.decision(law.plan), **members())

    assert status("zoning.1.1", date(2031, 1, 1), made) == {"in_force": 10_000}
    assert status("zoning.2.1", date(2031, 1, 1), made) == {"annulled": 5_000}


def test_putting_a_plan_in_force_replaces_what_its_relation_names(law: Edition) -> None:
    detailed = town.edition(
        town.plan("detailed", kind="detailed"), in_force=None, consultation=date(2021, 1, 1)
    )
    town.zone(detailed, town.square(0, 0, 30, 100))
    town.relation(detailed, law.plan)
    waiting = town.publish()
    paper = town.decision(detailed.plan, on=date(2022, 1, 1))

    made = lifecycle.put_in_force(
        edition=detailed, effective_from=date(2022, 1, 1), document=paper, **members()
    )

    assert status("zoning.1.1", date(2023, 1, 1), waiting) == {"in_force": 10_000}
    assert status("zoning.1.1", date(2023, 1, 1), made) == {"in_force": 7_000, "superseded": 3_000}


def test_an_act_without_a_decision_is_refused(law: Edition) -> None:
    with pytest.raises(Refused) as caught:
        lifecycle.annul(edition=law, on=date(2020, 1, 1), **members())

    assert caught.value.reason == Reason.WITHOUT_DECISION
    assert Publication.objects.count() == 1


def test_a_drawing_decides_nothing(law: Edition) -> None:
    paper = town.decision(law.plan, "B-01", kind=DocumentKind.DRAWING)

    with pytest.raises(Refused):
        lifecycle.annul(edition=law, on=date(2020, 1, 1), document=paper, **members())


def test_the_decision_of_another_plan_is_refused(law: Edition) -> None:
    paper = town.decision(town.plan("other"))

    with pytest.raises(Refused) as caught:
        lifecycle.annul(edition=law, on=date(2020, 1, 1), document=paper, **members())

    assert caught.value.reason == Reason.CONTRADICTS


def test_an_edition_comes_in_force_once(law: Edition) -> None:
    with pytest.raises(Refused) as caught:
        lifecycle.put_in_force(
            edition=law, effective_from=date(2020, 1, 1), document=town.decision(law.plan), **members()
        )

    assert caught.value.reason == Reason.ALREADY_RECORDED


def test_an_edition_in_force_is_not_approved_afterwards(law: Edition) -> None:
    with pytest.raises(Refused) as caught:
        lifecycle.approve(edition=law, on=date(2020, 1, 1), document=town.decision(law.plan), **members())

    assert caught.value.reason == Reason.ALREADY_RECORDED


def test_nothing_is_recorded_about_an_edition_that_is_not_public(db: None) -> None:
    staged = town.edition(town.plan())

    with pytest.raises(Refused) as caught:
        lifecycle.annul(edition=staged, on=date(2020, 1, 1), document=town.decision(staged.plan), **members())

    assert caught.value.reason == Reason.WRONG_STATE
    assert not PlanEvent.objects.filter(kind=EventKind.ANNULLED).exists()


def test_two_members_of_the_office_stand_for_every_act(law: Edition) -> None:
    people = {"by": town.planner(), "approved_by": town.outsider()}

    with pytest.raises(Forbidden):
        lifecycle.annul(edition=law, on=date(2020, 1, 1), document=town.decision(law.plan), **people)

    assert Publication.objects.count() == 1


def test_an_event_remembers_who_recorded_it(law: Edition) -> None:
    made = lifecycle.annul(edition=law, on=date(2020, 1, 1), document=town.decision(law.plan), **members())

    event = PlanEvent.objects.get(kind=EventKind.ANNULLED)
    assert (event.recorded_by, event.publication) == (town.planner(), made)
