"""In whatever order the same facts are recorded, the same pieces stand in the end."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planning import lifecycle
from planning.errors import Refused
from planning.models import Edition, EventKind, PlanEvent, Publication, RestrictionPiece, ZonePiece
from tests import town

pytestmark = pytest.mark.django_db

Act = Callable[[], Publication]


@pytest.fixture
def editions(db: None) -> tuple[Edition, Edition]:
    """A whole edition of two zones and a line, and an adjustment across both, public as a draft."""
    whole = town.edition(town.plan())
    town.zone(whole, town.square(0, 0, 100))
    town.zone(whole, town.square(100, 0, 100), "DGT")
    town.restriction(whole, town.line((0, 50), (200, 50)))
    local = town.edition(
        whole.plan,
        in_force=None,
        consultation=date(2018, 6, 1),
        is_local_adjustment=True,
        extent=town.square(60, 0, 80, 100),
    )
    town.zone(local, town.square(60, 0, 80, 100), "CXDT")
    town.publish()
    return whole, local


def facts(whole: Edition, local: Edition) -> list[Act]:
    people = {"by": town.planner(), "approved_by": town.reviewer()}
    entry = PlanEvent.objects.get(edition=whole, kind=EventKind.IN_FORCE)
    papers = {year: town.decision(whole.plan, on=date(year, 1, 1)) for year in range(2019, 2025)}
    west, east = town.square(-10, -10, 90, 120), town.square(110, -10, 100, 120)

    def act(verb: Callable[..., Publication], year: int, **options: object) -> Act:
        return partial(verb, on=date(year, 1, 1), document=papers[year], **options, **people)

    return [
        act(lifecycle.put_in_force, 2020, edition=local, effective_from=date(2020, 1, 1)),
        act(lifecycle.suspend, 2019, edition=whole, effective_to=date(2021, 1, 1), extent=west),
        act(lifecycle.annul, 2022, edition=local, extent=east, ex_tunc=True),
        act(lifecycle.reinstate, 2023, edition=whole, extent=east, effective_from=date(2020, 1, 1)),
        act(lifecycle.correct, 2019, event=entry, effective_from=date(2018, 3, 1)),
        act(lifecycle.expire, 2024, edition=whole),
    ]


def recorded(acts: Sequence[Act]) -> int:
    """Record them; what is refused because of what is missing yet is tried again. How many were left out."""
    waiting = list(acts)
    while waiting:
        refused = [act for act in waiting if not _is_taken(act)]
        if len(refused) == len(waiting):
            break
        waiting = refused
    return len(waiting)


def _is_taken(act: Act) -> bool:
    try:
        act()
    except Refused:
        return False
    return True


def standing() -> list[tuple[object, ...]]:
    zones = ZonePiece.objects.standing().order_by("zone", "status", "valid")
    lines = RestrictionPiece.objects.standing().order_by("restriction", "status", "valid")
    rows = [(p.zone.public_id, p) for p in zones] + [(p.restriction.public_id, p) for p in lines]
    return [
        (name, p.status, p.valid.lower, p.valid.upper, p.causes, bytes(p.geometry.wkb)) for name, p in rows
    ]


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(range(6)))
def test_any_order_of_recording_leaves_the_same_pieces(
    editions: tuple[Edition, Edition], order: list[int]
) -> None:
    acts = facts(*editions)
    found = []
    for chosen in (range(6), order):
        point = transaction.savepoint()
        assert recorded([acts[number] for number in chosen]) == 0
        found.append(standing())
        transaction.savepoint_rollback(point)

    assert found[0] == found[1]
    assert {row[1] for row in found[0]} >= {"in_force", "suspended", "superseded", "expired", "annulled"}
