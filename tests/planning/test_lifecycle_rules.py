"""What may be recorded about a public edition, and what is refused, with the reason."""

from datetime import date

import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry

from planning import crs, lifecycle, publication
from planning.errors import Forbidden, NotFound, Reason, Refused
from planning.models import (
    ConflictRuling,
    Coverage,
    CoverageWithdrawal,
    DocumentKind,
    Edition,
    EventKind,
    PlanEvent,
    Publication,
    RelationKind,
    Role,
    User,
    ZonePiece,
)
from planning.publication.shapes import stored
from tests import town

pytestmark = pytest.mark.django_db

Y2020, Y2021, Y2022 = (date(year, 1, 1) for year in (2020, 2021, 2022))


def members() -> dict[str, User]:
    return {"by": town.planner(), "approved_by": town.reviewer()}


def paper(of: Edition, on: date = Y2020):
    return town.decision(of.plan, on=on)


def in_force(on: date) -> dict[str, float]:
    pieces = ZonePiece.objects.standing().valid_on(on).order_by("zone__public_id")
    return {f"{p.zone.public_id} {p.status}": round(town.area(p.geometry), 1) for p in pieces}


def refusal(verb, **options: object) -> Refused:
    before = Publication.objects.count()
    with pytest.raises(Refused) as caught:
        verb(**options, **members())
    assert Publication.objects.count() == before
    return caught.value


@pytest.fixture
def law(db: None) -> Edition:
    """A published edition in force since 2018 with one hectare."""
    edition = town.edition(town.plan())
    town.zone(edition, town.square(0, 0, 100))
    town.publish()
    return edition


@pytest.fixture
def draft(db: None) -> Edition:
    """A published draft with one hectare."""
    edition = town.edition(town.plan(), in_force=None, consultation=date(2019, 1, 5))
    town.zone(edition, town.square(0, 0, 100))
    town.publish()
    return edition


# the acts


def test_a_suspended_edition_is_back_on_the_day_that_its_decision_names(law: Edition) -> None:
    lifecycle.suspend(edition=law, on=Y2020, effective_to=Y2021, document=paper(law), **members())

    assert in_force(date(2020, 6, 1)) == {"zoning.1.1 suspended": 10_000}
    assert in_force(Y2021) == {"zoning.1.1 in_force": 10_000}
    event = PlanEvent.objects.get(kind=EventKind.SUSPENDED)
    assert (event.effective_from, event.effective_to) == (Y2020, Y2021)


def test_an_edition_expires_by_the_decision_that_put_it_in_force(law: Edition) -> None:
    lifecycle.expire(edition=law, on=Y2020, **members())

    assert in_force(Y2020) == {"zoning.1.1 expired": 10_000}
    assert PlanEvent.objects.get(kind=EventKind.EXPIRED).document.number == "0101/QĐ-UBND"


def test_what_was_replaced_is_reinstated_within_an_extent(law: Edition) -> None:
    second = town.edition(law.plan, in_force=Y2020)
    town.zone(second, town.square(0, 0, 100))
    town.publish()

    lifecycle.reinstate(
        edition=law, on=Y2021, extent=town.square(-10, -10, 50, 120), document=paper(law), **members()
    )

    assert in_force(Y2021) == {
        "zoning.1.1 in_force": 4_000,
        "zoning.1.1 superseded": 6_000,
        "zoning.2.1 in_force": 10_000,
    }


def test_a_part_may_be_approved_and_come_in_force_after_the_other(draft: Edition) -> None:
    west, east = town.square(0, 0, 50, 100), town.square(50, 0, 50, 100)
    for year, part in ((2020, west), (2021, east)):
        day = date(year, 1, 1)
        lifecycle.put_in_force(
            edition=draft, effective_from=day, extent=part, document=paper(draft), **members()
        )

    assert in_force(Y2020) == {"zoning.1.1 draft": 5_000, "zoning.1.1 in_force": 5_000}
    assert in_force(Y2021) == {"zoning.1.1 in_force": 10_000}


def test_only_zones_that_an_extent_reaches_are_written_anew(law: Edition) -> None:
    second = town.edition(town.plan("wide"))
    for column in range(10):
        town.zone(second, town.square(column * 100, 0, 100))
    town.publish()

    made = lifecycle.suspend(
        edition=second, on=Y2020, extent=town.square(10, 10, 20), document=paper(second), **members()
    )

    assert made.summary["pieces"] == {"wide/1": {"opened": 3, "closed": 1}}


# corrections


def corrected(law: Edition, **options: object) -> Publication:
    event = PlanEvent.objects.get(kind=EventKind.IN_FORCE)
    return lifecycle.correct(event=event, on=date(2018, 1, 1), **options, **members())


def test_a_correction_carries_the_decision_of_what_it_corrects(law: Edition) -> None:
    corrected(law, effective_from=date(2019, 1, 1))

    correction = PlanEvent.objects.get(kind=EventKind.CORRECTED)
    assert correction.document == PlanEvent.objects.get(kind=EventKind.IN_FORCE).document
    piece = ZonePiece.objects.standing().get(status="in_force")
    assert (piece.valid.lower, piece.causes[0]["event"]) == (date(2019, 1, 1), "in_force")


def test_what_is_corrected_is_corrected_again_by_its_newest_correction(law: Edition) -> None:
    corrected(law, effective_from=date(2019, 1, 1))
    first = PlanEvent.objects.get(kind=EventKind.CORRECTED)

    refused = refusal(
        lifecycle.correct, event=PlanEvent.objects.get(kind=EventKind.IN_FORCE), on=date(2018, 1, 1)
    )
    lifecycle.correct(
        event=first, on=date(2018, 1, 1), effective_from=date(2019, 6, 1), document=paper(law), **members()
    )

    assert (refused.reason, refused.facts["newest"]) == (Reason.ALREADY_CORRECTED, first.pk)
    assert ZonePiece.objects.standing().get(status="in_force").valid.lower == date(2019, 6, 1)


def test_a_correction_that_never_happened_leaves_what_it_corrected(law: Edition) -> None:
    corrected(law, effective_from=date(2019, 1, 1))
    first = PlanEvent.objects.get(kind=EventKind.CORRECTED)

    lifecycle.correct(event=first, on=date(2018, 1, 1), is_void=True, note="ghi nhầm", **members())
    corrected(law, effective_from=date(2019, 3, 1))

    assert ZonePiece.objects.standing().get(status="in_force").valid.lower == date(2019, 3, 1)


def test_the_event_of_another_edition_is_not_corrected_here(law: Edition) -> None:
    other = town.edition(town.plan("other"))
    town.zone(other, town.square(0, 0, 10))
    town.publish()

    refused = refusal(
        lifecycle.record_event,
        edition=law,
        kind=EventKind.CORRECTED,
        on=Y2020,
        document=paper(law),
        corrects=other.events.get(),
    )

    assert (refused.reason, refused.facts["field"]) == (Reason.CONTRADICTS, "corrects")


def test_a_correction_names_what_it_corrects(law: Edition) -> None:
    refused = refusal(
        lifecycle.record_event, edition=law, kind=EventKind.CORRECTED, on=Y2020, document=paper(law)
    )

    assert (refused.reason, refused.facts["field"]) == (Reason.REQUIRED, "corrects")


def test_only_a_correction_says_that_something_never_happened(law: Edition) -> None:
    refused = refusal(
        lifecycle.record_event,
        edition=law,
        kind=EventKind.ANNULLED,
        on=Y2020,
        document=paper(law),
        is_void=True,
    )

    assert refused.reason == Reason.REQUIRED


def test_an_edition_whose_entry_never_happened_may_come_in_force(law: Edition) -> None:
    corrected(law, is_void=True, note="ghi nhầm")

    lifecycle.put_in_force(edition=law, effective_from=Y2020, document=paper(law), **members())

    assert in_force(Y2020) == {"zoning.1.1 in_force": 10_000}


# refusals


@pytest.mark.parametrize("kind", [k for k in EventKind if k not in publication.UNDECIDED])
def test_whatever_touches_force_needs_a_decision(law: Edition, kind: EventKind) -> None:
    options = {"corrects": law.events.get()} if kind == EventKind.CORRECTED else {}
    refused = refusal(lifecycle.record_event, edition=law, kind=kind, on=Y2020, **options)

    assert refused.reason == Reason.WITHOUT_DECISION


@pytest.mark.parametrize("kind", publication.UNDECIDED)
def test_what_people_are_told_needs_none(draft: Edition, kind: EventKind) -> None:
    lifecycle.record_event(edition=draft, kind=kind, on=Y2020, **members())

    assert draft.events.public().filter(kind=kind).exists()


def test_what_ends_before_it_begins_is_refused(law: Edition) -> None:
    refused = refusal(lifecycle.suspend, edition=law, on=Y2021, effective_to=Y2020, document=paper(law))

    assert refused.reason == Reason.ENDS_BEFORE_IT_BEGINS


def test_an_annulment_has_no_end(law: Edition) -> None:
    refused = refusal(
        lifecycle.record_event,
        edition=law,
        kind=EventKind.ANNULLED,
        on=Y2020,
        effective_to=Y2021,
        document=paper(law),
    )

    assert (refused.reason, refused.facts["field"]) == (Reason.CONTRADICTS, "effective_to")


def test_an_extent_elsewhere_is_refused(law: Edition) -> None:
    for away in (town.square(500, 0, 10), town.square(100, 0, 50, 100)):
        refused = refusal(lifecycle.annul, edition=law, on=Y2020, extent=away, document=paper(law))

        assert refused.reason == Reason.OUTSIDE_EDITION


def test_an_extent_that_crosses_itself_is_refused(law: Edition) -> None:
    bow = GEOSGeometry("MULTIPOLYGON(((0 0, 1 1, 1 0, 0 1, 0 0)))", srid=4326)

    refused = refusal(lifecycle.annul, edition=law, on=Y2020, extent=bow, document=paper(law))

    assert refused.reason == Reason.INVALID_GEOMETRY


def test_what_was_never_in_force_is_not_reinstated(draft: Edition) -> None:
    refused = refusal(lifecycle.reinstate, edition=draft, on=Y2020, document=paper(draft))

    assert refused.reason == Reason.NEVER_IN_FORCE


def test_what_is_in_force_is_not_reinstated(law: Edition) -> None:
    refused = refusal(lifecycle.reinstate, edition=law, on=Y2020, document=paper(law))

    assert (refused.reason, refused.facts["state"]) == (Reason.WITHOUT_EFFECT, "in_force")


@pytest.mark.parametrize("verb", [lifecycle.suspend, lifecycle.annul, lifecycle.expire])
def test_what_is_over_cannot_be_suspended_annulled_or_expire(law: Edition, verb) -> None:
    lifecycle.annul(edition=law, on=Y2020, document=paper(law), **members())

    refused = refusal(verb, edition=law, on=Y2021, document=paper(law))

    assert (refused.reason, refused.facts["state"]) == (Reason.WITHOUT_EFFECT, "annulled")


def test_a_draft_cannot_be_suspended(draft: Edition) -> None:
    assert (
        refusal(lifecycle.suspend, edition=draft, on=Y2020, document=paper(draft)).reason
        == Reason.WITHOUT_EFFECT
    )


def test_what_is_approved_may_be_suspended_before_it_is_law(draft: Edition) -> None:
    lifecycle.approve(edition=draft, on=Y2020, document=paper(draft), **members())
    lifecycle.suspend(edition=draft, on=Y2021, document=paper(draft), **members())
    lifecycle.put_in_force(edition=draft, effective_from=Y2022, **members())

    assert in_force(Y2022) == {"zoning.1.1 suspended": 10_000}


# what an edition brings with it


def staged_refusal(edition: Edition) -> Refused:
    town.zone(edition, town.square(0, 0, 100))
    with pytest.raises(Refused) as caught:
        town.publish()
    return caught.value


def test_further_land_comes_in_force_later_and_no_land_twice() -> None:
    edition = town.edition(town.plan(), in_force=None, consultation=date(2018, 1, 1))
    town.zone(edition, town.square(0, 0, 100))
    town.publish()
    west = {"edition": edition, "extent": town.square(0, 0, 50, 100)}
    lifecycle.put_in_force(**west, effective_from=Y2020, document=paper(edition), **members())

    again = refusal(
        lifecycle.put_in_force,
        edition=edition,
        extent=town.square(40, 0, 60, 100),
        effective_from=Y2021,
        document=paper(edition, Y2021),
    )
    lifecycle.put_in_force(
        edition=edition,
        extent=town.square(50, 0, 50, 100),
        effective_from=Y2021,
        document=paper(edition, Y2021),
        **members(),
    )

    assert again.reason == Reason.ALREADY_RECORDED
    assert sum(in_force(Y2021).values()) == pytest.approx(10_000, abs=1)


def test_a_correction_is_not_made_void_where_land_would_come_in_force_twice() -> None:
    edition = town.edition(town.plan(), in_force=None, consultation=date(2018, 1, 1))
    town.zone(edition, town.square(0, 0, 100))
    town.publish()
    west, east = town.square(0, 0, 50, 100), town.square(50, 0, 50, 100)
    first = {"edition": edition, "effective_from": Y2020, "document": paper(edition)}
    lifecycle.put_in_force(**first, extent=east, **members())
    entry = edition.events.get(kind=EventKind.IN_FORCE)
    lifecycle.correct(event=entry, on=Y2020, extent=west, **members())
    lifecycle.put_in_force(**first, extent=east, **members())

    correction = edition.events.get(kind=EventKind.CORRECTED)
    refused = refusal(lifecycle.correct, event=correction, on=Y2021, is_void=True, note="recorded in error")

    assert refused.reason == Reason.ALREADY_RECORDED


def test_a_staged_event_follows_the_same_rules() -> None:
    edition = town.edition(town.plan())
    town.event(edition, EventKind.ANNULLED, Y2020, document=None)

    assert staged_refusal(edition).reason == Reason.WITHOUT_DECISION


def test_an_edition_does_not_bring_two_entries_into_force() -> None:
    edition = town.edition(town.plan())
    town.event(edition, EventKind.IN_FORCE, Y2020)

    assert staged_refusal(edition).reason == Reason.ALREADY_RECORDED


def test_an_edition_does_not_bring_corrections() -> None:
    edition = town.edition(town.plan())
    town.event(edition, EventKind.CORRECTED, Y2020, corrects=edition.events.get())

    assert staged_refusal(edition).reason == Reason.WRONG_STATE


def test_an_edition_that_was_never_in_force_brings_no_reinstatement() -> None:
    edition = town.edition(town.plan(), in_force=None, approved=date(2018, 1, 1))
    town.event(edition, EventKind.REINSTATED, Y2020)

    assert staged_refusal(edition).reason == Reason.NEVER_IN_FORCE


def test_the_decision_that_approved_an_edition_stands_behind_its_staged_entry() -> None:
    edition = town.edition(town.plan(), in_force=None, approved=date(2018, 1, 1))
    town.event(edition, EventKind.IN_FORCE, Y2020, document=None)
    town.zone(edition, town.square(0, 0, 100))

    town.publish()

    assert in_force(Y2020) == {"zoning.1.1 in_force": 10_000}


def test_single_contents_are_those_of_the_plan_that_is_affected(law: Edition) -> None:
    acting = town.edition(town.plan("detailed", kind="detailed"))
    town.relation(acting, law.plan, kind=RelationKind.STRIKES, contents=["zoning.1.1", "elsewhere.1.1"])

    refused = staged_refusal(acting)

    assert (refused.reason, refused.facts["value"]) == (Reason.UNKNOWN_CODE, "elsewhere.1.1")


def test_an_edition_has_no_relation_to_its_own_plan(law: Edition) -> None:
    second = town.edition(law.plan)
    town.relation(second, law.plan)

    assert staged_refusal(second).facts["field"] == "relation"


# rulings


@pytest.fixture
def two(law: Edition) -> tuple[Edition, Edition]:
    other = town.edition(town.plan("detailed", kind="detailed"))
    town.zone(other, town.square(0, 0, 50, 100))
    town.publish()
    return law, other


def ruling(two: tuple[Edition, Edition], **options: object) -> dict[str, object]:
    return {
        "plan": two[0].plan,
        "other_plan": two[1].plan,
        "text": "Thực hiện theo quy hoạch chi tiết.",
        "on": Y2022,
        "document": town.decision(two[0].plan, "9/UBND", kind=DocumentKind.EXPLANATION),
    } | options


def test_an_officer_records_a_ruling_and_no_piece_changes(two: tuple[Edition, Edition]) -> None:
    before = in_force(Y2022)
    officer = town.member("officer-town", Role.OFFICER)

    made = lifecycle.record_ruling(
        **ruling(two, carried_out=two[1].plan), by=officer, approved_by=town.reviewer()
    )

    stored = ConflictRuling.objects.get()
    assert (stored.publication, stored.recorded_by, stored.effective_from) == (made, officer, Y2022)
    assert stored.document.publication == made
    assert in_force(Y2022) == before
    assert "pieces" not in made.summary


def test_an_officer_records_no_event(law: Edition) -> None:
    with pytest.raises(Forbidden):
        lifecycle.annul(
            edition=law,
            on=Y2020,
            document=paper(law),
            by=town.member("officer-town", Role.OFFICER),
            approved_by=town.reviewer(),
        )


def test_a_ruling_needs_its_paper_its_words_and_two_public_plans(two: tuple[Edition, Edition]) -> None:
    staged = town.plan("staged")

    for options, reason in (
        ({"document": None}, Reason.WITHOUT_DECISION),
        ({"document": town.decision(two[1].plan, "staged")}, Reason.CONTRADICTS),
        ({"text": " "}, Reason.REQUIRED),
        ({"other_plan": two[0].plan}, Reason.CONTRADICTS),
        ({"other_plan": staged}, Reason.WRONG_STATE),
        ({"carried_out": staged}, Reason.CONTRADICTS),
        ({"effective_to": Y2020}, Reason.ENDS_BEFORE_IT_BEGINS),
    ):
        assert refusal(lifecycle.record_ruling, **ruling(two, **options)).reason == reason


# coverage


def declare(**options: object) -> Publication:
    return publication.declare_coverage(
        **{
            "theme": town.themes()["construction"],
            "plan_kind": "",
            "state": "complete",
            "geometry": town.square(0, 0, 100),
            "as_of": Y2020,
            "source": "invented",
            "office": town.office(),
            **members(),
            **options,
        }
    )


def test_a_declaration_speaks_from_its_day_on() -> None:
    made = declare()

    row = Coverage.objects.standing().get()
    assert (row.valid.lower, row.valid.upper, row.known.lower) == (Y2020, None, made.revision)
    assert made.summary["declared"] == [str(row.declaration)]


def test_a_declaration_withdrawn_is_closed_with_its_reason() -> None:
    (number,) = declare().summary["declared"]

    made = publication.withdraw_coverage(declaration=number, reason="nhầm ranh giới", **members())

    assert not Coverage.objects.standing().exists()
    stored = CoverageWithdrawal.objects.get()
    assert (stored.publication, stored.reason) == (made, "nhầm ranh giới")
    assert made.summary["coverage"] == {"opened": 0, "closed": 1}


def test_a_declaration_is_withdrawn_once_with_a_reason_by_its_office() -> None:
    (number,) = declare().summary["declared"]
    verb = publication.withdraw_coverage

    assert refusal(verb, declaration=number, reason=" ").reason == Reason.REQUIRED
    with pytest.raises(Forbidden):
        verb(declaration=number, reason="x", by=town.planner(), approved_by=town.outsider())
    verb(declaration=number, reason="x", **members())
    assert refusal(verb, declaration=number, reason="x").reason == Reason.ALREADY_WITHDRAWN
    with pytest.raises(NotFound):
        verb(declaration="4d7b6f0e-0000-4000-8000-000000000000", reason="x", **members())


def test_what_was_withdrawn_does_not_come_back_with_the_law(law: Edition) -> None:
    row = town.cover(town.square(0, 0, 100), edition=law, upload=town.upload(name="cover.gpkg"))
    town.publish()
    row.refresh_from_db()
    publication.withdraw_coverage(declaration=row.declaration, reason="nhầm", **members())
    second = town.edition(law.plan, in_force=date(2030, 1, 1))
    town.zone(second, town.square(0, 0, 100))

    town.publish()

    assert not Coverage.objects.standing().exists()


def test_an_area_a_state_and_dates_are_needed() -> None:
    with pytest.raises(Refused):
        declare(geometry=town.line((0, 0), (1, 1)))
    with pytest.raises(Refused):
        declare(valid=(Y2021, Y2020))
    with pytest.raises(Refused):
        declare(source="")
    assert not Publication.objects.exists()


def test_what_is_withheld_is_declared_by_whole_cells_or_units() -> None:
    town.territory()
    system = crs.parse(town.plan().metric_crs)
    east, north = (
        1_000 * round(c / 1_000)
        for c in crs.transform(shapely.Point(*town.point(0, 0).coords), crs.WGS84, system).coords[0]
    )

    def cells(width: float) -> GEOSGeometry:
        return stored(shapely.box(east, north, east + width, north + 1_000), system)

    for shape in (town.polygon((0, 0), (33, 7), (20, 40)), cells(1_500), town.square(100, 0, 1_000)):
        assert refusal(declare_withheld, geometry=shape).reason == Reason.SHOWS_ITS_SHAPE
    ward = town.unit("00009", geometry=town.polygon((0, 0), (900, 70), (200, 400)))
    for shape in (cells(1_000), cells(3_000), ward.geometry):
        assert declare(state="withheld", geometry=shape).revision
    assert declare(state="partial", geometry=town.square(0, 0, 1)).revision


def declare_withheld(**options: object) -> Publication:
    return declare(state="withheld", **options)
