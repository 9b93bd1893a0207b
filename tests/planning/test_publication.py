"""From staged to public: what may be published, by whom, and what the pieces then say."""

from datetime import date, timedelta

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.utils import timezone

from planning import publication
from planning.answer import answer_parcel
from planning.errors import Forbidden, Reason, Refused
from planning.models import (
    Coverage,
    DocumentKind,
    Edition,
    EventKind,
    LayerUpload,
    LegalStatus,
    Office,
    Parcel,
    ParcelAlias,
    PlanEvent,
    Publication,
    RelationKind,
    RestrictionKind,
    RestrictionPiece,
    Role,
    UploadResult,
    UploadState,
    User,
    Visibility,
    ZonePiece,
)
from planning.publication.revision import begin
from tests import town

pytestmark = pytest.mark.django_db


def in_force(on: date, at: Publication) -> dict[str, float]:
    """Area in force per zone on the day, as known at the revision."""
    pieces = ZonePiece.objects.known_at(at.revision).in_force(on).select_related("zone")
    return {piece.zone.public_id: round(town.area(piece.geometry), 1) for piece in pieces}


def histories(at: Publication, zone: str) -> list[tuple[str, str, float]]:
    """What is known of a zone: status, dates, area."""
    pieces = ZonePiece.objects.known_at(at.revision).filter(zone__public_id=zone).order_by("valid", "status")
    return [
        (p.status, f"{p.valid.lower}/{p.valid.upper or ''}", round(town.area(p.geometry), 1)) for p in pieces
    ]


def staged_hectare(plan: str = "zoning", **fields: object) -> Edition:
    edition = town.edition(town.plan(plan), **fields)  # type: ignore[arg-type]
    town.zone(edition, town.square(0, 0, 100), "ODT")
    return edition


def refusal(**verb: object) -> Refused:
    with pytest.raises(Refused) as caught:
        publication.publish(**verb)  # type: ignore[arg-type]
    assert not Publication.objects.exists()
    assert not ZonePiece.objects.exists()
    return caught.value


def the_upload() -> LayerUpload:
    return LayerUpload.objects.get()


# what becomes public


def test_an_edition_becomes_public_with_its_zones_events_and_uploads() -> None:
    edition = staged_hectare()

    made = town.publish()

    edition.refresh_from_db()
    assert edition.visibility == Visibility.PUBLIC
    assert edition.publication == made
    assert list(edition.events.values_list("publication", flat=True)) == [made.revision]
    assert the_upload().state == UploadState.PUBLISHED
    assert histories(made, "zoning.1.1") == [("in_force", "2018-01-01/", 10_000)]


def test_a_zone_that_nothing_touches_keeps_its_geometry_to_the_last_digit() -> None:
    edition = staged_hectare()

    town.publish()

    assert bytes(ZonePiece.objects.get().geometry.wkb) == bytes(edition.zones.get().geometry.wkb)


def test_without_a_boundary_the_extent_is_the_union_of_the_zones() -> None:
    edition = town.edition(town.plan())
    town.zone(edition, town.square(0, 0, 50, 100))
    town.zone(edition, town.square(50, 0, 50, 100))

    town.publish()

    edition.refresh_from_db()
    assert town.area(edition.extent) == pytest.approx(10_000, abs=0.01)
    assert [len(part) for part in edition.extent] == [1]


def test_a_gap_narrower_than_the_drawing_is_no_hole_of_the_extent_but_a_block_is() -> None:
    edition = town.edition(town.plan(scale=2000))
    town.zone(
        edition,
        town.polygon(
            (0, 0),
            (100, 0),
            (100, 100),
            (0, 100),
            holes=[
                [(10, 10), (40, 10), (40, 10.5), (10, 10.5)],
                [(60, 60), (90, 60), (90, 90), (60, 90)],
            ],
        ),
    )

    town.publish()

    edition.refresh_from_db()
    assert town.area(edition.extent) == pytest.approx(9_100, abs=0.1)


def test_a_delivered_boundary_is_the_extent() -> None:
    edition = staged_hectare(extent=town.square(-10, -10, 120))

    town.publish()

    edition.refresh_from_db()
    assert town.area(edition.extent) == pytest.approx(14_400, abs=0.1)


def test_an_edition_of_lines_alone_has_their_hull_as_extent() -> None:
    edition = town.edition(town.plan())
    town.restriction(edition, town.line((0, 0), (100, 0)))

    made = town.publish()

    edition.refresh_from_db()
    assert town.area(edition.extent) > 0
    piece = RestrictionPiece.objects.known_at(made.revision).get()
    assert (piece.theme_id, piece.kind, piece.status) == ("lines", RestrictionKind.RED_LINE, "in_force")


def test_pieces_go_to_the_theme_of_their_plan_or_restriction_kind() -> None:
    edition = town.edition(town.plan("use", kind="land_use"))
    town.zone(edition, town.square(0, 0, 10))
    town.restriction(edition, town.square(0, 0, 5), RestrictionKind.HERITAGE)

    town.publish()

    assert ZonePiece.objects.get().theme_id == "land_use"
    assert RestrictionPiece.objects.get().theme_id == "corridors"


def test_a_kind_that_no_theme_gathers_is_refused_because_nobody_would_see_it() -> None:
    edition = town.edition(town.plan("region", kind="provincial"))
    town.zone(edition, town.square(0, 0, 100))

    error = refusal(uploads=[the_upload()], by=town.planner(), approved_by=town.reviewer())

    assert (error.reason, error.facts["field"]) == (Reason.REQUIRED, "theme")


def test_a_draft_under_consultation_is_public_and_a_draft() -> None:
    edition = town.edition(town.plan(), in_force=None, consultation=date(2026, 1, 5))
    town.zone(edition, town.square(0, 0, 100))

    made = town.publish()

    assert histories(made, "zoning.1.1") == [("draft", "2026-01-05/", 10_000)]
    assert in_force(date(2026, 6, 1), made) == {}


def test_an_approved_edition_comes_in_force_on_its_day() -> None:
    staged_hectare(approved=date(2025, 3, 1), in_force=date(2027, 1, 1))

    made = town.publish()

    assert histories(made, "zoning.1.1") == [
        ("approved", "2025-03-01/2027-01-01", 10_000),
        ("in_force", "2027-01-01/", 10_000),
    ]


def test_all_uploads_of_an_edition_become_public_together() -> None:
    edition = staged_hectare()
    lines = town.upload(edition, name="lines.gpkg")
    town.restriction(edition, town.line((0, 0), (9, 9)), upload=lines)
    zones = LayerUpload.objects.exclude(pk=lines.pk).get()

    town.publish(zones)

    assert RestrictionPiece.objects.count() == 1
    assert set(LayerUpload.objects.values_list("state", flat=True)) == {UploadState.PUBLISHED}


# local adjustments, later editions, other plans


def test_a_local_adjustment_takes_its_extent_and_leaves_the_rest() -> None:
    first = staged_hectare()
    town.zone(first, town.square(200, 0, 100), "DGT")
    before = town.publish()
    second = town.edition(first.plan, in_force=date(2024, 5, 1), is_local_adjustment=True)
    town.zone(second, town.square(50, 0, 50, 100), "CXDT")

    after = town.publish()

    assert histories(after, "zoning.1.1") == [
        ("in_force", "2018-01-01/2024-05-01", 10_000),
        ("in_force", "2024-05-01/", 5_000),
        ("superseded", "2024-05-01/", 5_000),
    ]
    assert in_force(date(2024, 5, 1), after) == {
        "zoning.1.1": 5_000,
        "zoning.1.2": 10_000,
        "zoning.2.1": 5_000,
    }
    assert in_force(date(2024, 5, 1), before) == {"zoning.1.1": 10_000, "zoning.1.2": 10_000}


def test_only_pieces_of_touched_zones_are_written_anew() -> None:
    first = staged_hectare()
    town.zone(first, town.square(2_000, 0, 100), "DGT")
    town.publish()
    untouched = ZonePiece.objects.get(zone__public_id="zoning.1.2")
    second = town.edition(first.plan, in_force=date(2024, 5, 1), is_local_adjustment=True)
    town.zone(second, town.square(50, 0, 50, 100))

    made = town.publish()

    assert ZonePiece.objects.get(zone__public_id="zoning.1.2").pk == untouched.pk
    assert made.summary["pieces"] == {
        "zoning/1": {"opened": 3, "closed": 1},
        "zoning/2": {"opened": 1, "closed": 0},
    }


def test_a_second_adjustment_leaves_the_dates_before_it_as_they_are() -> None:
    first = staged_hectare()
    town.publish()
    for year, x in ((2022, 0), (2024, 60)):
        edition = town.edition(first.plan, in_force=date(year, 1, 1), is_local_adjustment=True)
        town.zone(edition, town.polygon((x, 0), (x + 33.333, 7.77), (x + 20, 101)))
        made = town.publish()

    kept = ZonePiece.objects.filter(zone__public_id="zoning.1.1", known__startswith=2, known__upper_inf=True)

    assert [(p.status, p.valid.lower.year, p.valid.upper.year) for p in kept.order_by("valid")] == [
        ("in_force", 2018, 2022)
    ]
    assert made.summary["pieces"]["zoning/1"] == {"opened": 4, "closed": 2}


def test_cut_pieces_and_the_adjustment_fill_the_hectare_without_gap_or_overlap() -> None:
    first = staged_hectare()
    town.publish()
    second = town.edition(first.plan, in_force=date(2024, 1, 1), is_local_adjustment=True)
    town.zone(second, town.polygon((10.1234, -5), (71.77, 33.333), (40, 120), (-3, 50)))
    town.zone(second, town.polygon((71.77, 33.333), (130, 70), (40, 120)))
    made = town.publish()

    pieces = ZonePiece.objects.known_at(made.revision).in_force(date(2025, 1, 1))
    shapes = [town.metres(piece.geometry) for piece in pieces]
    union = shapes[0].union(shapes[1]).union(shapes[2])

    assert sum(shape.area for shape in shapes) == pytest.approx(union.area, abs=0.3)
    assert union.intersection(town.metres(first.zones.get().geometry)).area == pytest.approx(10_000, abs=0.3)


def test_a_whole_edition_replaces_all_zones_of_the_earlier_one() -> None:
    first = staged_hectare()
    town.publish()
    second = town.edition(first.plan, in_force=date(2024, 1, 1))
    town.zone(second, town.square(500, 500, 10))

    made = town.publish()

    assert in_force(date(2024, 1, 1), made) == {"zoning.2.1": 100}
    assert in_force(date(2023, 12, 31), made) == {"zoning.1.1": 10_000}
    assert histories(made, "zoning.1.1")[-1] == ("superseded", "2024-01-01/", 10_000)


def test_pieces_name_what_gave_them_their_status() -> None:
    first = staged_hectare()
    town.publish()
    second = town.edition(first.plan, in_force=date(2024, 1, 1))
    town.zone(second, town.square(0, 0, 100))
    town.publish()

    superseded = ZonePiece.objects.get(status=LegalStatus.SUPERSEDED)

    document = second.events.get().document
    assert superseded.causes == [{"edition": "zoning/2", "event": "in_force", "document": document.number}]


def test_editions_published_in_any_order_give_the_same_law() -> None:
    first, second = staged_hectare(), town.edition(town.plan(), in_force=date(2024, 1, 1))
    town.zone(second, town.square(0, 0, 100))
    town.publish(second)

    made = town.publish(first)

    assert in_force(date(2025, 1, 1), made) == {"zoning.2.1": 10_000}
    assert in_force(date(2020, 1, 1), made) == {"zoning.1.1": 10_000}


def test_a_plan_replaces_another_only_where_a_recorded_relation_says_so() -> None:
    staged_hectare()
    detailed = town.edition(town.plan("detailed", kind="detailed", scale=500), in_force=date(2022, 1, 1))
    town.zone(detailed, town.square(0, 0, 30, 100))
    town.relation(detailed, town.plan("zoning"))

    made = town.publish()

    assert in_force(date(2022, 1, 1), made) == {"zoning.1.1": 7_000, "detailed.1.1": 3_000}
    assert in_force(date(2021, 1, 1), made) == {"zoning.1.1": 10_000}
    causes = ZonePiece.objects.get(status=LegalStatus.SUPERSEDED).causes
    assert [(cause["edition"], cause["event"]) for cause in causes] == [("detailed/1", "replaces_in_extent")]


def test_a_relation_with_an_extent_of_its_own_replaces_only_there() -> None:
    staged_hectare()
    detailed = town.edition(town.plan("detailed", kind="detailed"), in_force=date(2022, 1, 1))
    town.zone(detailed, town.square(0, 0, 30, 100))
    town.relation(detailed, town.plan("zoning"), extent=town.square(0, 0, 30, 50))

    made = town.publish()

    assert in_force(date(2022, 1, 1), made) == {"zoning.1.1": 8_500, "detailed.1.1": 3_000}


def test_implementing_a_plan_replaces_nothing() -> None:
    staged_hectare()
    detailed = town.edition(town.plan("detailed", kind="detailed"), in_force=date(2022, 1, 1))
    town.zone(detailed, town.square(0, 0, 30, 100))
    town.relation(detailed, town.plan("zoning"), kind=RelationKind.IMPLEMENTS)

    made = town.publish()

    assert in_force(date(2022, 1, 1), made) == {"zoning.1.1": 10_000, "detailed.1.1": 3_000}


def test_a_red_line_is_cut_where_an_adjustment_replaces_it() -> None:
    first = town.edition(town.plan())
    town.restriction(first, town.line((0, 50), (100, 50)))
    second = town.edition(first.plan, in_force=date(2024, 1, 1), is_local_adjustment=True)
    town.zone(second, town.square(70, 0, 30, 100))

    town.publish()

    pieces = RestrictionPiece.objects.valid_on(date(2025, 1, 1))
    assert {p.status: round(town.metres(p.geometry).length, 2) for p in pieces} == {
        "in_force": 70,
        "superseded": 30,
    }


def test_a_zone_that_is_valid_in_degrees_alone_is_cut_too() -> None:
    """A hole that touches a long edge in degrees lies half a metre beyond it in metres."""
    ring = [(105.80, 21.00), (105.90, 21.00), (105.90, 21.01), (105.80, 21.01), (105.80, 21.00)]
    hole = [(105.85, 21.00), (105.855, 21.005), (105.845, 21.005), (105.85, 21.00)]
    shape = MultiPolygon(Polygon(ring, hole), srid=4326)
    first = town.edition(town.plan())
    town.zone(first, shape)
    second = town.edition(first.plan, in_force=date(2024, 1, 1), is_local_adjustment=True)
    town.zone(second, MultiPolygon(Polygon.from_bbox((105.79, 20.99, 105.85, 21.02)), srid=4326))

    made = town.publish()

    after = histories(made, "zoning.1.1")[1:]
    assert [status for status, _, _ in after] == ["in_force", "superseded"]
    assert sum(area for _, _, area in after) == pytest.approx(town.area(shape), rel=1e-4)


# parcels and coverage


def test_parcels_with_their_other_numbers_and_coverage_become_known() -> None:
    parcel = town.parcel("1", town.square(0, 0, 10))
    town.alias(parcel, sheet="7", number="99")
    town.cover(town.square(0, 0, 100))

    made = town.publish()

    assert Parcel.objects.known_at(made.revision).count() == 1
    assert ParcelAlias.objects.known_at(made.revision).count() == 1
    assert Coverage.objects.known_at(made.revision).count() == 1
    assert not Parcel.objects.staged().exists()


def test_a_new_delivery_of_a_parcel_replaces_what_was_known_of_it() -> None:
    town.parcel("1", town.square(0, 0, 10), registry_area=100)
    first = town.publish()
    town.parcel("1", town.square(0, 0, 11), registry_area=121)

    second = town.publish()

    assert Parcel.objects.known_at(first.revision).get().registry_area == 100
    assert Parcel.objects.known_at(second.revision).get().registry_area == 121


def test_a_new_survey_leaves_the_parcel_of_earlier_dates_known() -> None:
    town.parcel("1", town.square(0, 0, 10), registry_area=100)
    town.publish()
    town.parcel("1", town.square(0, 0, 11), registry_area=121, existed_from=date(2024, 1, 1))

    made = town.publish()

    known = Parcel.objects.known_at(made.revision)
    assert known.valid_on(date(2010, 1, 1)).get().registry_area == 100
    assert known.valid_on(date(2024, 1, 1)).get().registry_area == 121


# who and under which conditions


def test_two_members_stand_for_a_publication() -> None:
    staged_hectare()

    made = town.publish()

    assert (made.by, made.approved_by, made.office) == (town.planner(), town.reviewer(), town.office())


def test_one_person_cannot_publish_and_approve() -> None:
    staged_hectare()

    error = refusal(uploads=[the_upload()], by=town.reviewer(), approved_by=town.reviewer())

    assert error.reason == Reason.SAME_PERSON


@pytest.mark.parametrize("side", ["by", "approved_by"])
def test_nobody_publishes_for_another_office(side: str) -> None:
    staged_hectare()
    people = {"by": town.planner(), "approved_by": town.reviewer(), side: town.outsider()}

    error = refusal(uploads=[the_upload()], **people)

    assert isinstance(error, Forbidden)
    assert error.facts["user"] == "outsider"


def test_a_planner_cannot_approve() -> None:
    staged_hectare()
    other = town.member("second-planner", Role.PLANNER)

    error = refusal(uploads=[the_upload()], by=town.planner(), approved_by=other)

    assert error.reason == Reason.NOT_A_MEMBER


def test_the_office_that_is_written_down_is_the_one_whose_members_stand_for_it() -> None:
    staged_hectare()
    elsewhere = town.office("elsewhere")
    strangers = {"by": town.planner(elsewhere), "approved_by": town.reviewer(elsewhere)}
    upload = LayerUpload.objects.get()
    upload.office = elsewhere

    error = refusal(uploads=[upload], **strangers)

    assert isinstance(error, Forbidden)
    assert error.facts["office"] == town.office().name


def test_an_event_is_recorded_by_members_of_the_office_that_has_the_plan() -> None:
    edition = staged_hectare()
    town.publish()
    elsewhere = town.office("elsewhere")
    edition.plan.office = elsewhere
    event = PlanEvent(
        edition=edition,
        kind=EventKind.ANNULLED,
        on=date(2020, 1, 1),
        effective_from=date(2020, 1, 1),
        document=town.decision(edition.plan),
    )

    with pytest.raises(Forbidden):
        publication.publish_event(event, by=town.planner(elsewhere), approved_by=town.reviewer(elsewhere))

    assert Publication.objects.count() == 1


def test_a_superuser_without_membership_is_an_outsider() -> None:
    staged_hectare()
    root = User.objects.create(username="root", is_superuser=True, is_staff=True)

    assert refusal(uploads=[the_upload()], by=root, approved_by=town.reviewer()).reason == Reason.NOT_A_MEMBER


def test_a_member_who_left_cannot_publish() -> None:
    staged_hectare()
    User.objects.filter(pk=town.planner().pk).update(is_active=False)

    error = refusal(uploads=[the_upload()], by=town.planner(), approved_by=town.reviewer())

    assert isinstance(error, Forbidden)


@pytest.mark.parametrize("state", [s for s in UploadState if s not in ("checked", "in_review")])
def test_an_upload_that_is_not_checked_is_refused(state: UploadState) -> None:
    staged_hectare()
    upload = the_upload()
    LayerUpload.objects.update(state=state)

    error = refusal(uploads=[upload], by=town.planner(), approved_by=town.reviewer())

    assert (error.reason, error.facts["state"]) == (Reason.WRONG_STATE, state)


@pytest.mark.parametrize("result", ["", *(r for r in UploadResult if r != "ok")])
def test_an_upload_with_open_findings_is_refused(result: str) -> None:
    staged_hectare()
    LayerUpload.objects.update(result=result)

    error = refusal(uploads=[the_upload()], by=town.planner(), approved_by=town.reviewer())

    assert error.reason == Reason.WITHOUT_FINDINGS_SOLVED


def test_an_edition_without_a_decision_document_is_refused() -> None:
    edition = town.edition(town.plan(), in_force=None)
    town.event(edition, EventKind.IN_FORCE, date(2018, 1, 1), document=None)
    town.zone(edition, town.square(0, 0, 100))

    error = refusal(uploads=[the_upload()], by=town.planner(), approved_by=town.reviewer())

    assert error.reason == Reason.WITHOUT_DECISION


def test_a_drawing_is_not_a_decision_but_a_letter_of_acceptance_is_one() -> None:
    edition = town.edition(town.plan(), in_force=None)
    paper = town.decision(edition.plan, kind=DocumentKind.DRAWING)
    town.event(edition, EventKind.IN_FORCE, date(2018, 1, 1), document=paper)
    town.zone(edition, town.square(0, 0, 100))
    people = {"by": town.planner(), "approved_by": town.reviewer()}

    assert refusal(uploads=[the_upload()], **people).reason == Reason.WITHOUT_DECISION

    paper.kind = DocumentKind.ACCEPTANCE
    paper.save()
    assert publication.publish(uploads=[the_upload()], **people).revision == 1  # type: ignore[arg-type]


def test_a_draft_without_a_consultation_is_refused() -> None:
    edition = town.edition(town.plan(), in_force=None)
    town.zone(edition, town.square(0, 0, 100))

    error = refusal(uploads=[the_upload()], by=town.planner(), approved_by=town.reviewer())

    assert error.reason == Reason.WITHOUT_DECISION
    assert error.facts["event"] == "consultation_opened"


@pytest.mark.parametrize(
    ("plan_field", "upload_field", "named"),
    [
        ("licence", "licence", "licence"),
        ("source", "publisher", "source"),
    ],
)
def test_an_edition_without_licence_or_source_is_refused(
    plan_field: str, upload_field: str, named: str
) -> None:
    edition = town.edition(town.plan(**{plan_field: ""}))
    town.zone(edition, town.square(0, 0, 100))
    LayerUpload.objects.update(**{upload_field: ""})

    error = refusal(uploads=[the_upload()], by=town.planner(), approved_by=town.reviewer())

    assert (error.reason, error.facts["field"]) == (Reason.REQUIRED, named)


def test_an_edition_without_anything_drawn_is_refused() -> None:
    upload = town.upload(town.edition(town.plan()))

    error = refusal(uploads=[upload], by=town.planner(), approved_by=town.reviewer())

    assert error.facts["field"] == "zones"


def test_a_local_adjustment_of_lines_alone_needs_a_boundary() -> None:
    edition = town.edition(town.plan(), is_local_adjustment=True)
    town.restriction(edition, town.line((0, 0), (9, 9)))

    error = refusal(uploads=[the_upload()], by=town.planner(), approved_by=town.reviewer())

    assert error.facts["field"] == "extent"


def test_uploads_of_two_offices_do_not_go_into_one_revision() -> None:
    staged_hectare()
    other: Office = town.office("elsewhere")
    town.parcel("1", town.square(0, 0, 10), upload=town.upload(by=other))

    uploads = list(LayerUpload.objects.order_by("pk"))
    error = refusal(uploads=uploads, by=town.planner(), approved_by=town.reviewer())

    assert (error.reason, error.facts["field"]) == (Reason.CONTRADICTS, "office")


def test_one_refused_upload_holds_back_all() -> None:
    staged_hectare()
    town.parcel("1", town.square(0, 0, 10))
    LayerUpload.objects.filter(edition=None).update(result=UploadResult.BLOCKED)

    refusal(uploads=list(LayerUpload.objects.all()), by=town.planner(), approved_by=town.reviewer())

    assert Parcel.objects.staged().count() == 1


def test_nothing_to_publish_is_refused() -> None:
    assert refusal(uploads=[], by=town.planner(), approved_by=town.reviewer()).reason == Reason.REQUIRED


def test_a_published_upload_is_not_published_twice() -> None:
    staged_hectare()
    town.publish()

    with pytest.raises(Refused) as caught:
        publication.publish(uploads=[the_upload()], by=town.planner(), approved_by=town.reviewer())

    assert caught.value.reason == Reason.WRONG_STATE


# revisions


def test_the_time_of_a_revision_lies_after_the_last_one_even_if_the_clock_went_back() -> None:
    ahead = timezone.now() + timedelta(days=3)
    Publication.objects.create(
        revision=7, at=ahead, office=town.office(), by=town.planner(), approved_by=town.reviewer()
    )
    staged_hectare()

    made = town.publish()

    assert (made.revision, made.at) == (8, ahead + timedelta(microseconds=1))


def test_the_summary_counts_what_changed() -> None:
    staged_hectare()
    town.parcel("1", town.square(0, 0, 10))

    made = town.publish()

    assert made.summary["editions"] == [
        {"edition": "zoning/1", "zones": 1, "restrictions": 0, "documents": 1, "events": 1, "relations": 0}
    ]
    assert made.summary["parcels"] == {"opened": 1, "closed": 0}
    assert made.summary["pieces"] == {"zoning/1": {"opened": 1, "closed": 0}}


def test_who_asked_while_a_revision_was_made_is_told_of_the_one_before(small_town: Publication) -> None:
    revision = begin(town.office(), by=town.planner(), approved_by=town.reviewer())
    asked = timezone.now()

    made = revision.record({})

    assert revision.at < asked < made.at
    answer = answer_parcel("2004-00001-1-1", as_at=date(2020, 1, 1), known_at=asked)
    assert answer.revision == small_town.revision
