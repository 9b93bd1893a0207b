"""Rules that the database itself holds: what is public stays as it was, whoever writes."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from planning.models import (
    Clause,
    Coverage,
    Document,
    Edition,
    EventKind,
    LegalStatus,
    Office,
    Parcel,
    ParcelAlias,
    Plan,
    PlanEvent,
    PlanRelation,
    Publication,
    Restriction,
    RestrictionPiece,
    Territory,
    User,
    Zone,
    ZonePiece,
)
from tests import town

pytestmark = pytest.mark.django_db

BOW_TIE = ((0, 0), (10, 10), (10, 0), (0, 10))


@pytest.fixture(autouse=True)
def published(db: None) -> Publication:
    """One row of everything that can be public."""
    edition = town.edition(town.plan())
    Clause.objects.create(document=town.decision(edition.plan), clause_id="1", article="Điều 1", text="…")
    town.zone(edition, town.square(0, 0, 100))
    town.restriction(edition, town.line((0, 0), (100, 0)))
    town.relation(edition, town.plan("other"))
    town.alias(town.parcel("1", town.square(0, 0, 10)), sheet="3", number="4")
    town.cover(town.square(0, 0, 100))
    return town.publish()


def refused(write: Callable[[], Any]) -> str:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        write()
    return str(caught.value)


KNOWN = [ZonePiece, RestrictionPiece, Coverage, Parcel, ParcelAlias]
CHANGES: dict[type[models.Model], dict[str, Any]] = {
    ZonePiece: {"status": LegalStatus.ANNULLED},
    RestrictionPiece: {"status": LegalStatus.ANNULLED},
    Coverage: {"state": "none_exists"},
    Parcel: {"registry_area": 1},
    ParcelAlias: {"value": "another"},
    Zone: {"name": "another"},
    Restriction: {"name": "another"},
    PlanEvent: {"on": date(1999, 1, 1)},
    PlanRelation: {"kind": "implements"},
    Publication: {"summary": {}},
    Document: {"url": "https://example.org/1.pdf"},
    Clause: {"text": "another"},
    Edition: {"number": 9},
}


@pytest.mark.parametrize("model", CHANGES)
def test_a_published_row_is_never_changed(model: Any) -> None:
    assert "are never changed" in refused(lambda: model.objects.update(**CHANGES[model]))


@pytest.mark.parametrize("model", CHANGES)
def test_a_published_row_is_never_deleted(model: Any) -> None:
    table = model._meta.db_table

    def delete() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")

    assert "are never deleted" in refused(delete)


@pytest.mark.parametrize("model", KNOWN)
def test_what_is_known_can_be_closed_once_and_only_at_its_end(model: Any) -> None:
    assert "never changed" in refused(lambda: model.objects.update(known=(0, None)))

    model.objects.update(known=(1, 5))

    assert "never changed" in refused(lambda: model.objects.update(known=(1, 9)))
    assert "never changed" in refused(lambda: model.objects.update(known=(1, None)))


@pytest.mark.parametrize("model", KNOWN)
def test_a_past_revision_is_never_changed_by_closing_in_it(model: Any) -> None:
    town.parcel("9", town.square(0, 0, 1))
    town.publish()

    assert "past revision" in refused(lambda: model.objects.filter(known=(1, None)).update(known=(1, 2)))


def test_nothing_becomes_known_in_a_past_revision() -> None:
    parcel = town.parcel("9", town.square(0, 0, 1))

    assert "past revision" in refused(lambda: Parcel.objects.filter(pk=parcel.pk).update(known=(1, None)))


def test_nothing_is_added_to_a_public_edition() -> None:
    edition = Edition.objects.get(visibility="public")

    assert "added to a public edition" in refused(lambda: town.zone(edition, town.square(0, 0, 1)))
    assert "added to a public edition" in refused(lambda: town.restriction(edition, town.point(0, 0)))


def test_nothing_is_added_to_a_public_document() -> None:
    document = Document.objects.get(publication__isnull=False)

    assert "added to a public document" in refused(
        lambda: Clause.objects.create(document=document, clause_id="2", article="Điều 2", text="…")
    )


def test_a_document_does_not_become_public_in_a_past_revision(published: Publication) -> None:
    document = town.decision(town.plan("other"), "9/QĐ-UBND")

    assert "past revision" in refused(
        lambda: Document.objects.filter(pk=document.pk).update(publication=published)
    )


def test_a_staged_document_may_be_changed_and_deleted() -> None:
    document = town.decision(town.plan("draft"), "9/QĐ-UBND")
    Clause.objects.create(document=document, clause_id="1", article="Điều 1", text="…")

    Document.objects.filter(pk=document.pk).update(title="another")
    document.clauses.update(text="another")
    document.delete()

    assert not Document.objects.staged().exists()


PLAN_CHANGES: list[dict[str, Any]] = [
    {"kind": "detailed"},
    {"level": "underground"},
    {"scale": 500},
    {"scale": None},
    {"accuracy_m": 1.5},
    {"metric_crs": "EPSG:5899"},
]


@pytest.mark.parametrize("change", PLAN_CHANGES, ids=str)
def test_what_a_public_plan_was_measured_with_never_changes(change: dict[str, Any]) -> None:
    town.edition(town.plan("draft"))

    assert "are never changed" in refused(lambda: Plan.objects.filter(id="zoning").update(**change))
    assert Plan.objects.filter(id="draft").update(**change) == 1


def test_a_public_plan_stays_with_its_territory_and_office() -> None:
    ground, office = town.territory("next"), town.office("next")

    assert "are never changed" in refused(lambda: Plan.objects.filter(id="zoning").update(territory=ground))
    assert "are never changed" in refused(lambda: Plan.objects.filter(id="zoning").update(office=office))


def test_titles_licence_and_parent_of_a_public_plan_may_be_corrected() -> None:
    Plan.objects.filter(id="zoning").update(title="Tên đúng", licence="CC0-1.0", parent="other")

    assert Plan.objects.get(id="zoning").parent_id == "other"


def test_the_metric_system_of_a_territory_stays_once_a_plan_of_it_is_public() -> None:
    town.territory("next")

    own, other = Territory.objects.filter(code="town"), Territory.objects.filter(code="next")

    assert "are never changed" in refused(lambda: own.update(metric_crs="EPSG:5899"))
    assert own.update(name="Tên đúng") == other.update(metric_crs="EPSG:5899") == 1


@pytest.mark.parametrize("accuracy", [float("nan"), float("inf"), 0.0, -1.0, 1_000.5, 1e9])
def test_an_accuracy_that_cannot_be_is_not_stored(accuracy: float) -> None:
    assert "plan_accuracy_possible" in refused(lambda: town.plan("new", accuracy_m=accuracy))


@pytest.mark.parametrize("scale", [0, 10_000_001])
def test_a_scale_that_cannot_be_is_not_stored(scale: int) -> None:
    assert "plan_scale_possible" in refused(lambda: town.plan("new", scale=scale))


@pytest.mark.parametrize("accuracy", [float("nan"), float("inf"), -0.1, 1_000.5])
def test_an_accuracy_of_a_parcel_that_cannot_be_is_not_stored(accuracy: float) -> None:
    assert "parcel_accuracy_possible" in refused(
        lambda: town.parcel("8", town.square(0, 0, 1), accuracy_m=accuracy)
    )


def test_numbers_at_their_limits_are_stored() -> None:
    town.plan("new", accuracy_m=1_000.0, scale=10_000_000)
    town.parcel("8", town.square(0, 0, 1), accuracy_m=0.0)

    assert Plan.objects.get(id="new").accuracy_m == 1_000


def test_the_title_of_an_edition_may_be_corrected() -> None:
    Edition.objects.update(title="Điều chỉnh tên")

    assert Edition.objects.get().title == "Điều chỉnh tên"


def test_staged_rows_may_be_changed_and_deleted() -> None:
    edition = town.edition(town.plan("draft"))
    town.zone(edition, town.square(0, 0, 1))
    town.event(edition, EventKind.ANNULLED, date(2020, 1, 1))
    town.parcel("7", town.square(0, 0, 1))

    edition.zones.update(name="another")
    edition.zones.all().delete()
    edition.events.all().delete()
    Parcel.objects.staged().delete()
    edition.uploads.all().delete()
    edition.delete()

    assert Edition.objects.count() == 1


@pytest.mark.parametrize(
    ("revision", "later"), [(1, timedelta(days=1)), (2, timedelta(0)), (2, -timedelta(days=1))]
)
def test_revisions_and_their_times_only_increase(
    published: Publication, revision: int, later: timedelta
) -> None:
    people = {"office": town.office(), "by": town.planner(), "approved_by": town.reviewer()}

    refused(lambda: Publication.objects.create(revision=revision, at=published.at + later, **people))


def test_one_person_cannot_stand_for_a_publication_twice() -> None:
    at = timezone.now() + timedelta(days=1)
    same: User = town.reviewer()

    assert "publication_by_two_members" in refused(
        lambda: Publication.objects.create(revision=2, at=at, office=town.office(), by=same, approved_by=same)
    )


def test_a_zone_has_one_truth_for_each_status_and_day() -> None:
    piece = ZonePiece.objects.get()
    piece.pk = None
    piece.valid = (date(2020, 1, 1), date(2021, 1, 1))

    assert "zone_piece_one_truth" in refused(lambda: piece.save(force_insert=True))


@pytest.mark.parametrize("model", [ZonePiece, Zone, Parcel, Coverage])
def test_a_broken_geometry_is_not_stored(model: Any) -> None:
    row = model.objects.order_by("pk").last()
    row.pk = None
    row.geometry = town.polygon(*BOW_TIE)
    if model is Zone:
        row.edition = town.edition(town.plan("draft"))
        row.public_id = "draft.1.1"
    if model in (Parcel, Coverage):
        row.known = None
    if model is ZonePiece:
        row.known = (7, 8)
        row.status = LegalStatus.ANNULLED

    assert "geometry_valid" in refused(lambda: row.save(force_insert=True))


def test_a_parcel_has_one_version_at_a_time() -> None:
    town.parcel("1", town.square(0, 0, 12), existed_from=date(2010, 1, 1))

    assert "parcel_one_version_at_a_time" in refused(lambda: Parcel.objects.staged().update(known=(2, None)))


def test_an_edition_is_not_public_without_publication_and_extent() -> None:
    edition = town.edition(town.plan("draft"))

    assert "edition_public_is_published_with_extent" in refused(
        lambda: Edition.objects.filter(pk=edition.pk).update(visibility="public")
    )


def _remove_everything() -> None:
    tables = ("generalisedzone", "zonepiece", "restrictionpiece", "coverage", "planrelation", "planevent")
    tables += ("clause", "document")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('planning.removing', 'demonstration', true)")
        for table in tables:
            cursor.execute(f"DELETE FROM planning_{table}")


def test_only_the_demonstration_can_be_removed() -> None:
    assert "are never deleted" in refused(_remove_everything)

    Office.objects.update(is_demonstration=True)
    with transaction.atomic():
        _remove_everything()

    assert not ZonePiece.objects.exists()
    assert not Coverage.objects.exists()
    assert not Document.objects.exists()
