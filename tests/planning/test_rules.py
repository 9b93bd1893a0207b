"""Rules that the database itself holds: what is public stays as it was, whoever writes."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from planning.models import (
    Coverage,
    Edition,
    EventKind,
    LegalStatus,
    Office,
    Parcel,
    ParcelAlias,
    PlanEvent,
    PlanRelation,
    Publication,
    Restriction,
    RestrictionPiece,
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
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('planning.removing', 'demonstration', true)")
        for table in ("zonepiece", "restrictionpiece", "coverage"):
            cursor.execute(f"DELETE FROM planning_{table}")


def test_only_the_demonstration_can_be_removed() -> None:
    assert "are never deleted" in refused(_remove_everything)

    Office.objects.update(is_demonstration=True)
    with transaction.atomic():
        _remove_everything()

    assert not ZonePiece.objects.exists()
    assert not Coverage.objects.exists()
