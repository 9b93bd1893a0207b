"""A parcel that is no more, or was not yet: answered in its nearest shape, its relatives named."""

from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import NumericRange
from django.utils import timezone

from planning.answer import answer_parcel, history_of_parcel
from planning.models import LineageKind, ParcelLineage
from tests import town
from tests.answer_schema import wire

pytestmark = pytest.mark.django_db

OLD, EAST, WEST = (f"2004-00001-1-{number}" for number in (1, 2, 3))
SPLIT = date(2022, 1, 1)


@pytest.fixture
def split(db):
    """Parcel 1 was split in 2022; the second revision knew so."""
    town.zone(town.edition(town.plan("zoning"), in_force=date(2015, 1, 1)), town.square(0, 0, 100), "ODT")
    town.parcel("1", town.square(10, 10, 20), existed_to=SPLIT)
    town.parcel("2", town.square(20, 10, 10, 20), existed_from=SPLIT, feature=2)
    town.parcel("3", town.square(10, 10, 10, 20), existed_from=SPLIT, feature=3)
    town.publish()
    before = timezone.now()
    town.zone(town.edition(town.plan("far")), town.square(5000, 5000, 9), "ODT")
    revision = town.publish().revision
    for successor in (WEST, EAST):
        ParcelLineage.objects.create(
            predecessor_code=OLD,
            successor_code=successor,
            kind=LineageKind.SPLIT,
            on=SPLIT,
            shared_area_m2=200.0,
            known=NumericRange(revision, None),
        )
    return before


def test_a_parcel_that_ended_is_answered_and_its_successors_are_named(split):
    document = wire(answer_parcel(OLD, as_at=date(2023, 1, 1)))

    assert document["subject"]["area_m2"] == 400.0
    assert (document["subject"]["existed_to"], document["subject"]["existed_from"]) == (
        "2022-01-01",
        "2000-01-01",
    )
    assert [row["id"] for row in document["subject"]["successors"]] == [EAST, WEST]
    assert any(f"it became: {EAST}, {WEST}" in notice["en"] for notice in document["notices"])
    assert document["themes"][0]["state"] == "concerned"


def test_while_it_existed_nothing_is_said_of_its_end(split):
    document = wire(answer_parcel(OLD, as_at=date(2021, 12, 31)))

    assert document["notices"] == []
    assert len(document["subject"]["successors"]) == 2


def test_a_parcel_that_was_not_yet_names_what_it_came_from(split):
    document = wire(answer_parcel(EAST, as_at=date(2020, 1, 1)))

    (former,) = document["subject"]["predecessors"]
    assert (former["id"], former["kind"], former["on"], former["shared_area_m2"]) == (
        OLD,
        "split",
        "2022-01-01",
        200.0,
    )
    assert any(f"before that it was: {OLD}" in notice["en"] for notice in document["notices"])


def test_lineage_that_was_not_known_then_is_not_said(split):
    document = wire(answer_parcel(OLD, as_at=date(2023, 1, 1), known_at=split))

    assert document["subject"]["successors"] == []
    assert not any("became" in notice["en"] for notice in document["notices"])


def test_the_history_tells_when_lineage_became_known(split):
    history = history_of_parcel(OLD)

    assert [(r.revision, r.what) for r in history.revisions] == [(1, ("parcel", "zones")), (2, ("lineage",))]
    assert [row.id for row in history.subject.successors] == [EAST, WEST]


def test_a_later_delivery_moves_no_past_answer(db):
    """Asked after its end was known, a parcel keeps its last shape though it is delivered again later."""
    town.zone(town.edition(town.plan("zoning")), town.square(0, 0, 100), "ODT")
    gone = town.parcel("1", town.square(10, 10, 20))
    town.publish()
    type(gone).objects.filter(pk=gone.pk).update(known=NumericRange(1, 2))
    for far in ("a", "b", "c"):
        town.zone(town.edition(town.plan(far)), town.square(5000, 5000, 9), "ODT")
        town.publish()
    moment = timezone.now()
    before = answer_parcel(OLD, as_at=date(2023, 1, 1), known_at=moment).digest

    town.parcel("1", town.square(10, 10, 30), feature=7)
    town.publish()

    assert answer_parcel(OLD, as_at=date(2023, 1, 1), known_at=moment).digest == before
