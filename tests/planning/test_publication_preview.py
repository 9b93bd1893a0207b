"""What an event would change, told before it is recorded."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from planning import lifecycle, publication
from planning.errors import Reason, Refused
from planning.models import (
    Edition,
    EventKind,
    PlanEvent,
    Publication,
    RelationKind,
    RestrictionPiece,
    ZonePiece,
)
from planning.publication import Transition
from tests import town

pytestmark = pytest.mark.django_db

Y2018, Y2020, Y2021 = (date(year, 1, 1) for year in (2018, 2020, 2021))


@pytest.fixture
def law(db: None) -> Edition:
    """Four hectares in four zones and a line through them, in force since 2018; two parcels."""
    edition = town.edition(town.plan())
    for column in range(4):
        town.zone(edition, town.square(column * 100, 0, 100))
    town.restriction(edition, town.line((0, 50), (400, 50)))
    town.parcel("1", town.square(10, 10, 10))
    town.parcel("2", town.square(390, 90, 20), feature=2)
    town.parcel("3", town.square(400, 0, 20), feature=3)
    town.publish()
    return edition


def event(of: Edition, kind: EventKind, on: date = Y2020, **fields: object) -> PlanEvent:
    fields = {"effective_from": on, "document": town.decision(of.plan, on=on)} | fields
    return PlanEvent(edition=of, kind=kind, on=on, **fields)


def told(event: PlanEvent) -> list[tuple[object, ...]]:
    return [
        (t.edition, t.before, t.after, t.begins, t.ends, t.zones, t.restrictions, round(t.area_m2))
        for t in publication.preview_event(event).transitions
    ]


def test_what_reaches_all_zones_is_counted_and_measured(law: Edition) -> None:
    effect = publication.preview_event(event(law, EventKind.SUSPENDED, effective_to=Y2021))

    (only,) = effect.transitions
    assert only == Transition(
        edition="zoning/1",
        before="in_force",
        after="suspended",
        begins=Y2020,
        ends=Y2021,
        zones=4,
        restrictions=1,
        area_m2=pytest.approx(40_000, abs=0.01),
    )
    # The third parcel has no more than an edge in common with the plan.
    assert effect.parcels == 2


def test_within_an_extent_only_what_lies_in_it_changes(law: Edition) -> None:
    made = event(law, EventKind.ANNULLED, extent=town.square(50, 0, 100))

    assert told(made) == [("zoning/1", "in_force", "annulled", Y2020, None, 2, 1, 10_000)]
    assert publication.preview_event(made).parcels == 0


def test_an_entry_into_force_shows_what_it_replaces_in_the_other_editions(law: Edition) -> None:
    local = town.edition(
        law.plan, in_force=None, consultation=Y2018, is_local_adjustment=True, extent=town.square(50, 0, 50)
    )
    town.zone(local, town.square(50, 0, 50))
    town.publish()

    assert told(event(local, EventKind.IN_FORCE)) == [
        ("zoning/1", "in_force", "superseded", Y2020, None, 1, 0, 2_500),
        ("zoning/2", "draft", "in_force", Y2020, None, 1, 0, 2_500),
    ]


def test_single_contents_that_another_plan_strikes_are_told(law: Edition) -> None:
    acting = town.edition(town.plan("detailed", kind="detailed"), in_force=None, consultation=Y2018)
    town.zone(acting, town.square(900, 0, 10))
    town.relation(acting, law.plan, kind=RelationKind.STRIKES, contents=["zoning.1.4"])
    town.publish()
    made = event(acting, EventKind.IN_FORCE)

    assert told(made) == [
        ("detailed/1", "draft", "in_force", Y2020, None, 1, 0, 100),
        ("zoning/1", "in_force", "superseded", Y2020, None, 1, 0, 10_000),
    ]
    assert publication.preview_event(made).parcels == 1


def test_a_correction_shows_the_days_between(law: Edition) -> None:
    entry = PlanEvent.objects.get(kind=EventKind.IN_FORCE)
    made = event(law, EventKind.CORRECTED, Y2018, effective_from=Y2020, corrects=entry)

    assert told(made) == [("zoning/1", "in_force", None, Y2018, Y2020, 4, 1, 40_000)]


def test_what_is_told_is_what_happens(law: Edition) -> None:
    options = {"extent": town.square(-10, -10, 160, 120), "effective_to": Y2021}
    made = event(law, EventKind.SUSPENDED, **options)
    (only,) = publication.preview_event(made).transitions

    people = {"by": town.planner(), "approved_by": town.reviewer()}
    lifecycle.suspend(edition=law, on=Y2020, document=made.document, **options, **people)

    pieces = ZonePiece.objects.standing().valid_on(Y2020).filter(status="suspended")
    assert (only.zones, only.ends) == (pieces.count(), Y2021)
    assert only.area_m2 == pytest.approx(sum(town.area(piece.geometry) for piece in pieces), abs=0.1)
    assert RestrictionPiece.objects.standing().filter(status="suspended").count() == only.restrictions


def test_what_the_rules_forbid_is_refused(law: Edition) -> None:
    with pytest.raises(Refused) as caught:
        publication.preview_event(event(law, EventKind.REINSTATED))

    assert caught.value.reason == Reason.WITHOUT_EFFECT


def test_nothing_is_told_of_an_edition_that_is_not_public(law: Edition) -> None:
    staged = town.edition(law.plan)

    with pytest.raises(Refused) as caught:
        publication.preview_event(event(staged, EventKind.ANNULLED))

    assert caught.value.reason == Reason.WRONG_STATE


def test_nothing_is_written_and_no_revision_waited_for(law: Edition) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        publication.preview_event(event(law, EventKind.ANNULLED))

    statements = [query["sql"] for query in asked.captured_queries]
    assert any("READ ONLY" in statement for statement in statements)
    assert not any("advisory" in statement for statement in statements)
    assert (Publication.objects.count(), PlanEvent.objects.count()) == (1, 1)
    # Whoever only looked may still write afterwards.
    town.plan("afterwards")
