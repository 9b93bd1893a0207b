"""What was recorded about the demonstration goes with it: corrections, rulings, withdrawals, lineage."""

from datetime import date

import pytest

from planning import lifecycle, publication
from planning.demonstration.removal import remove_demonstration
from planning.errors import Reason, Refused
from planning.models import (
    ConflictRuling,
    Coverage,
    CoverageWithdrawal,
    LineageKind,
    ParcelLineage,
    Plan,
    PlanEvent,
    Publication,
    User,
)
from tests import town

pytestmark = pytest.mark.django_db


def members() -> dict[str, User]:
    return {"by": town.planner(), "approved_by": town.reviewer()}


@pytest.fixture
def invented() -> Publication:
    """Two public plans of a demonstration office."""
    town.office(is_demonstration=True)
    for code in ("zoning", "detailed"):
        town.zone(town.edition(town.plan(code)), town.square(0, 0, 100))
    town.cover(town.square(0, 0, 100))
    return town.publish()


def test_all_that_was_recorded_about_it_goes_with_the_demonstration(invented: Publication) -> None:
    plan, other = Plan.objects.get(pk="zoning"), Plan.objects.get(pk="detailed")
    on, paper = date(2020, 1, 1), town.decision(plan)
    lifecycle.correct(
        event=plan.editions.get().events.get(), on=on, effective_from=date(2019, 1, 1), **members()
    )
    lifecycle.record_ruling(
        plan=plan, other_plan=other, text="Theo bản chi tiết.", on=on, document=paper, **members()
    )
    publication.withdraw_coverage(declaration=Coverage.objects.get().declaration, reason="nhầm", **members())
    ParcelLineage.objects.create(
        predecessor_code="a",
        successor_code="b",
        kind=LineageKind.RENUMBER,
        on=on,
        known=(1, None),
        upload=town.upload(name="parcels.gpkg"),
    )

    remove_demonstration()

    for model in (ConflictRuling, CoverageWithdrawal, ParcelLineage, PlanEvent, Plan, Coverage):
        assert not model.objects.exists()
    assert Publication.objects.count() == 4


def test_no_ruling_ties_a_real_plan_to_an_invented_one(invented: Publication) -> None:
    real = town.office("real")
    edition = town.edition(town.plan("real", of=real))
    town.zone(edition, town.square(0, 0, 10))
    town.publish()

    with pytest.raises(Refused) as caught:
        lifecycle.record_ruling(
            plan=edition.plan,
            other_plan=Plan.objects.get(pk="zoning"),
            text="x",
            on=date(2020, 1, 1),
            document=town.decision(edition.plan),
            by=town.planner(real),
            approved_by=town.reviewer(real),
        )

    assert caught.value.reason == Reason.CONTRADICTS
