"""The demonstration goes in the ordinary way, shows every kind of answer, and comes out without a trace."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django.plugin import DjangoDbBlocker

from planning.answer import answer_parcel
from planning.answer.model import Answer, ItemClass, ThemeState
from planning.demonstration import load_demonstration, remove_demonstration
from planning.documents import clause_through_editions
from planning.models import (
    AdminUnit,
    Coverage,
    Document,
    LayerUpload,
    Membership,
    Office,
    Parcel,
    ParcelAlias,
    ParcelLineage,
    Plan,
    Publication,
    Territory,
    User,
    Zone,
    ZonePiece,
)
from planning.reference import load_reference
from tests import town

FIXTURES = Path(__file__).parents[3] / "fixtures"
ON = date(2026, 11, 21)
SAMPLE = 150


@pytest.fixture(scope="module")
def _loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The town, committed once for this file; a flush leaves nothing to the next."""
    with django_db_blocker.unblock():
        load_reference(base=FIXTURES)
        load_demonstration(say=lambda step: None)
        yield
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(scope="module")
def answers(_loaded: None, django_db_blocker: DjangoDbBlocker) -> list[Answer]:
    """Answers for parcels taken evenly from all wards."""
    with django_db_blocker.unblock():
        codes = list(Parcel.objects.order_by("code").values_list("code", flat=True))
        chosen = codes[:: max(1, len(codes) // SAMPLE)]
        return [answer_parcel(code, as_at=ON) for code in chosen]


def test_every_answer_says_that_the_town_is_invented(answers: list[Answer]) -> None:
    assert all(answer.notices for answer in answers)
    assert all("hư cấu" in answer.notices[0].vi for answer in answers)


def test_the_town_shows_every_state_a_citizen_may_meet(answers: list[Answer]) -> None:
    states = {(theme.code, theme.state) for answer in answers for theme in answer.themes}

    assert ("construction", ThemeState.CONCERNED) in states
    assert ("construction", ThemeState.UNKNOWN) in states, "the ward that was not loaded"
    assert ("corridors", ThemeState.WITHHELD) in states, "the ward of which nothing is said"
    assert ("corridors", ThemeState.NOT_CONCERNED) in states
    assert ("infrastructure", ThemeState.NOT_CONCERNED) in states, "none exists, says the office"


def test_the_books_of_every_answer_close(answers: list[Answer]) -> None:
    for answer in answers:
        for theme in answer.themes:
            for plan in theme.plans:
                if plan.uncovered_m2 is None or plan.overlap_m2 is None:
                    continue
                zones = sum(item.area_m2 or 0 for item in plan.items)
                assert zones + plan.uncovered_m2 - plan.overlap_m2 == pytest.approx(
                    answer.subject.area_m2, abs=0.0005
                )


def test_some_parcels_lie_in_several_zones(answers: list[Answer]) -> None:
    classes = [
        {total.item_class for plan in theme.plans for total in plan.totals}
        for answer in answers
        for theme in answer.themes
        if theme.code == "construction"
    ]

    assert sum(ItemClass.PART in found for found in classes) > 5
    assert sum(ItemClass.WHOLE in found for found in classes) > 5


@pytest.mark.usefixtures("_loaded")
@pytest.mark.django_db
def test_a_block_adjusted_in_2024_was_something_else_before() -> None:
    adjusted = Zone.objects.filter(edition__plan="demo-phan-khu", edition__number=2).first()
    parcel = Parcel.objects.filter(geometry__coveredby=adjusted.geometry).first()

    before = answer_parcel(parcel.code, as_at=date(2024, 5, 31))
    after = answer_parcel(parcel.code, as_at=date(2024, 6, 1))

    assert _editions(before) == {"demo-phan-khu/1"}
    assert _editions(after) == {"demo-phan-khu/2"}
    assert "demo-phan-khu/1" in {item.edition for item in after.superseded}


@pytest.mark.usefixtures("_loaded")
@pytest.mark.django_db
def test_one_lot_is_planned_in_two_ways_and_both_are_named() -> None:
    lot = Zone.objects.get(edition__plan="demo-chi-tiet", code="CT-1.1")
    parcel = Parcel.objects.filter(geometry__coveredby=lot.geometry).first()

    construction = answer_parcel(parcel.code, as_at=ON).themes[0]

    assert [{plan.id for plan in conflict.plans} for conflict in construction.conflicts] == [
        {"demo-chi-tiet", "demo-phan-khu"}
    ]


@pytest.mark.usefixtures("_loaded")
@pytest.mark.django_db
def test_a_draft_is_upcoming_and_an_annulled_plan_is_past() -> None:
    draft = Zone.objects.filter(edition__plan="demo-du-thao").first()
    annulled = Zone.objects.filter(edition__plan="demo-ha-tang").first()
    under_draft = Parcel.objects.filter(geometry__coveredby=draft.geometry).first()
    under_annulled = Parcel.objects.filter(geometry__coveredby=annulled.geometry).first()

    assert "draft" in {item.status for item in answer_parcel(under_draft.code, as_at=ON).upcoming}
    assert "annulled" in {item.status for item in answer_parcel(under_annulled.code, as_at=ON).superseded}


@pytest.mark.usefixtures("_loaded")
@pytest.mark.django_db
def test_three_blocks_are_suspended_until_a_day() -> None:
    piece = ZonePiece.objects.filter(status="suspended").first()
    parcel = Parcel.objects.standing().filter(geometry__coveredby=piece.geometry).first()

    now = answer_parcel(parcel.code, as_at=ON)
    later = answer_parcel(parcel.code, as_at=date(2027, 9, 1))

    assert "suspended" in {item.status for item in now.superseded}
    assert "demo-phan-khu/1" not in _editions(now)
    assert "demo-phan-khu/1" in _editions(later)


@pytest.mark.usefixtures("_loaded")
@pytest.mark.django_db
def test_a_ruling_stands_beside_the_conflict_it_is_about() -> None:
    lot = Zone.objects.get(edition__plan="demo-chi-tiet", code="CT-1.1")
    parcel = Parcel.objects.filter(geometry__coveredby=lot.geometry).first()

    (conflict,) = answer_parcel(parcel.code, as_at=ON).themes[0].conflicts

    assert [ruling.carried_out for ruling in conflict.rulings] == ["demo-chi-tiet"]


@pytest.mark.usefixtures("_loaded")
@pytest.mark.django_db
def test_what_is_planned_below_conflicts_with_nothing_above() -> None:
    below = Zone.objects.filter(edition__plan="demo-ngam").first()
    parcel = Parcel.objects.filter(geometry__coveredby=below.geometry).first()

    construction = answer_parcel(parcel.code, as_at=ON).themes[0]

    assert {plan.plan.level for plan in construction.plans} == {"surface", "underground"}
    assert not construction.conflicts


@pytest.mark.usefixtures("_loaded")
@pytest.mark.django_db
def test_a_ward_surveyed_anew_tells_what_became_of_its_parcels() -> None:
    kinds = set(ParcelLineage.objects.standing().values_list("kind", flat=True))
    split = ParcelLineage.objects.standing().filter(kind="split").first()

    answer = answer_parcel(split.predecessor_code, as_at=ON)

    assert kinds >= {"split", "merge", "renumber"}
    assert split.successor_code in " ".join(notice.vi for notice in answer.notices)


@pytest.mark.usefixtures("_loaded")
@pytest.mark.django_db
def test_it_comes_out_again_and_leaves_revisions_that_are_never_given_twice() -> None:
    revision = Publication.objects.latest_revision()

    remove_demonstration()

    for model in (
        Parcel,
        ParcelAlias,
        ParcelLineage,
        Plan,
        Zone,
        ZonePiece,
        Coverage,
        LayerUpload,
        Membership,
    ):
        assert not model.objects.exists(), model
    assert not AdminUnit.objects.filter(boundary_is_invented=True).exists()
    assert not AdminUnit.objects.filter(geometry__isnull=False).exists()
    assert Publication.objects.latest_revision() == revision
    assert Office.objects.filter(is_demonstration=True).exists()
    assert not User.objects.filter(username__startswith="demo-", is_active=True).exists()


@pytest.mark.usefixtures("_loaded")
@pytest.mark.django_db
def test_a_real_person_who_joined_the_demonstration_keeps_the_account() -> None:
    person = User.objects.create_user("person", password="of their own")
    Membership.objects.create(user=person, office=Office.objects.get(is_demonstration=True), role="reviewer")

    remove_demonstration()

    person.refresh_from_db()
    assert person.is_active
    assert not person.memberships.exists()


@pytest.mark.usefixtures("_loaded")
@pytest.mark.django_db
def test_the_originals_go_when_the_rows_are_gone_for_good(
    django_capture_on_commit_callbacks: Any,
) -> None:
    originals = [Path(upload.file.path) for upload in LayerUpload.objects.all()]

    with django_capture_on_commit_callbacks() as callbacks:
        remove_demonstration()

    # the papers go together: some of them share a file
    assert len(callbacks) == len(originals) + 1 > 5
    assert all(original.exists() for original in originals), "not before the end of the transaction"


@pytest.mark.usefixtures("_loaded")
@pytest.mark.django_db
def test_the_demonstration_shows_whole_papers_with_their_clauses() -> None:
    papers = list(Document.objects.public())
    town_plan = Plan.objects.get(id="demo-phan-khu")

    assert len(papers) == Document.objects.count() == 13
    assert all(paper.pages and paper.pages >= 2 and Path(paper.file.path).exists() for paper in papers)
    assert [one.edition for one in clause_through_editions(town_plan, "nha-o")] == [1, 2]


@pytest.mark.usefixtures("_loaded")
@pytest.mark.django_db
def test_a_file_that_a_real_office_has_too_stays_when_the_demonstration_goes(
    django_capture_on_commit_callbacks: Any, settings: Any, tmp_path: Path
) -> None:
    shared, other = Document.objects.order_by("pk")[:2]
    settings.MEDIA_ROOT = tmp_path
    for paper in (shared, other):
        Path(paper.file.path).parent.mkdir(parents=True)
        Path(paper.file.path).write_bytes(b"as handed in")
    real = town.plan("real")
    columns = {name: getattr(shared, name) for name in ("kind", "title", "file", "sha256", "size")}
    Document.objects.create(plan=real, **columns)

    with django_capture_on_commit_callbacks(execute=True):
        remove_demonstration()

    assert Path(shared.file.path).exists()
    assert not Path(other.file.path).exists()


@pytest.mark.usefixtures("_loaded")
@pytest.mark.django_db
def test_real_data_stay_when_the_demonstration_goes() -> None:
    own = Office.objects.create(id="own", name="Own office")
    demo = Territory.objects.get()
    territory = Territory.objects.create(
        code="own", name="Own", metric_crs=demo.metric_crs, extent=demo.extent, office=own
    )
    Plan.objects.create(
        id="own-plan",
        kind="detailed",
        title="Own",
        territory=territory,
        office=own,
        metric_crs=demo.metric_crs,
        licence="CC0",
    )

    remove_demonstration()

    assert list(Plan.objects.values_list("id", flat=True)) == ["own-plan"]


def _editions(answer: Answer) -> set[str]:
    plans = [plan for plan in answer.themes[0].plans if plan.plan.id == "demo-phan-khu"]
    return {
        item.edition
        for plan in plans
        for item in plan.items
        if item.item_class in (ItemClass.WHOLE, ItemClass.PART)
    }
