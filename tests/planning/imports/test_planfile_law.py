"""Ends of events and single contents of relations in a plan file: as staged facts, or refused by name."""

from datetime import date

import pytest

from planning.errors import BadParameter, Reason
from planning.imports.registering import register
from planning.models import PlanEvent, PlanRelation
from tests import town
from tests.planning.imports.drawn import zoning

STRIKES = {
    "kind": "strikes",
    "target": "zoning",
    "document": "decision",
    "contents": ["zoning.1.1", "zoning.1.2"],
}
FOR_FIVE_YEARS = {
    "kind": "in_force",
    "on": date(2018, 1, 1),
    "effective_to": date(2023, 1, 1),
    "document": "decision",
}


@pytest.mark.django_db
def test_ends_and_single_contents_are_staged() -> None:
    town.plan("zoning")

    register(zoning(events=[FOR_FIVE_YEARS], relations=[STRIKES]), office=town.office(), by=town.planner())

    assert PlanEvent.objects.get().effective_to == date(2023, 1, 1)
    assert PlanRelation.objects.get().contents == ["zoning.1.1", "zoning.1.2"]


def test_what_ends_before_it_begins_is_refused_by_name() -> None:
    with pytest.raises(BadParameter) as refused:
        zoning(events=[{**FOR_FIVE_YEARS, "effective_to": date(2018, 1, 1)}])

    assert (refused.value.name, refused.value.reason) == ("events[0].effective_to", Reason.CONTRADICTS)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"events": [{**FOR_FIVE_YEARS, "kind": "corrected"}]}, "events.kind"),
        ({"relations": [{**STRIKES, "contents": []}]}, "relations.contents"),
        ({"relations": [{**STRIKES, "kind": "amends"}]}, "relations.contents"),
    ],
)
def test_what_a_plan_file_cannot_say_is_refused_by_name(changes: dict, name: str) -> None:
    town.plan("zoning")

    with pytest.raises(BadParameter) as refused:
        register(zoning(**changes), office=town.office(), by=town.planner())

    assert refused.value.name == name
