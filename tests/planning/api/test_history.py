"""`GET parcels/{id}/history`, and what plans and parcels tell of their past."""

import json
from datetime import date
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import NumericRange
from django.test import Client
from django.utils import timezone
from jsonschema import Draft202012Validator

from planning.answer.render_history import history_schema
from planning.lifecycle import annul, correct, suspend
from planning.models import EventKind, LineageKind, ParcelLineage, Plan, Publication
from tests import town

pytestmark = pytest.mark.django_db

ROOT = "/api/v1/"
PARCEL = "2004-00001-1-1"


def read(client: Client, address: str) -> dict[str, Any]:
    response = client.get(f"{ROOT}{address}")
    assert response.status_code == 200, response.content
    found: dict[str, Any] = json.loads(response.content)
    return found


def checked(document: dict[str, Any]) -> dict[str, Any]:
    """A history that keeps the published schema."""
    schema = history_schema()
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    errors = sorted(validator.iter_errors(document), key=lambda error: error.json_path)
    assert not errors, "\n".join(f"{error.json_path}: {error.message}" for error in errors[:5])
    return document


@pytest.fixture
def eventful(small_town: Publication) -> Plan:
    """The small town's plan: suspended for a year, annulled in error, and that corrected."""
    plan = Plan.objects.get(id="zoning")
    (edition,) = plan.editions.all()
    members = {"by": town.planner(), "approved_by": town.reviewer()}
    paper = town.decision(plan, on=date(2020, 1, 1))
    suspend(edition=edition, on=date(2020, 1, 1), effective_to=date(2021, 1, 1), document=paper, **members)
    annul(edition=edition, on=date(2022, 1, 1), document=paper, **members)
    wrong = edition.events.get(kind=EventKind.ANNULLED)
    correct(event=wrong, on=date(2022, 2, 2), is_void=True, document=paper, **members)
    return plan


def test_a_history_keeps_its_schema_and_has_its_periods(client: Client, eventful: Plan) -> None:
    found = checked(read(client, f"parcels/{PARCEL}/history"))

    states = {
        period["begins"]: next(t["state"] for t in period["themes"] if t["code"] == "construction")
        for period in found["periods"]
    }
    assert states["2018-01-01"] == "concerned"
    assert states["2020-01-01"] == "unknown"
    assert states["2021-01-01"] == "concerned"
    assert [revision["revision"] for revision in found["revisions"]] == [1, 2, 3, 4]
    assert [(e["kind"], e["is_void"]) for e in found["events"]] == [
        ("in_force", False),
        ("suspended", False),
        ("annulled", True),
    ]


def test_a_history_says_what_the_answer_says_over_the_wire_too(client: Client, eventful: Plan) -> None:
    for period in read(client, f"parcels/{PARCEL}/history")["periods"]:
        if period["begins"] is None:
            continue
        answer = read(client, f"parcels/{PARCEL}/planning?as_at={period['begins']}")
        assert [theme["state"] for theme in answer["themes"]] == [t["state"] for t in period["themes"]]
        assert answer["superseded"] == period["superseded"]
        for theme, told in zip(answer["themes"], period["themes"], strict=True):
            for plan, past in zip(theme["plans"], told["plans"], strict=True):
                for item, short in zip(plan["items"], past["items"], strict=True):
                    assert short.items() <= item.items()


def test_the_history_of_a_past_moment(client: Client, small_town: Publication) -> None:
    moment = timezone.now().isoformat().replace("+", "%2B")
    town.zone(town.edition(town.plan("zoning"), in_force=date(2021, 1, 1)), town.square(0, 0, 100), "CXDT")
    town.publish()

    then, now = (read(client, f"parcels/{PARCEL}/history{query}") for query in (f"?known_at={moment}", ""))

    assert (then["revision"], now["revision"]) == (1, 2)
    assert len(now["periods"]) > len(then["periods"])


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("parcels/none/history", 404),
        (f"parcels/{PARCEL}/history?known_at=2999-01-01", 400),
        (f"parcels/{PARCEL}/history?as_at=2020-01-01", 400),
        ("parcels/%00/history", 400),
    ],
)
def test_what_cannot_be_told_is_a_problem(
    client: Client, small_town: Publication, address: str, status: int
) -> None:
    response = client.get(f"{ROOT}{address}")

    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")


def test_the_schema_of_the_history_is_published(client: Client) -> None:
    found = json.loads(client.get(f"{ROOT}schemas/history.json").content)

    assert found["$id"] == "http://testserver/api/v1/schemas/history.json"
    assert {name.split("/")[-1] for name in references(found)} <= found["$defs"].keys()


def references(found: Any) -> set[str]:
    if isinstance(found, dict):
        own = {found["$ref"]} if isinstance(found.get("$ref"), str) else set()
        return own.union(*map(references, found.values())) if found else own
    return set().union(*map(references, found)) if isinstance(found, list) else set()


def test_a_plan_shows_what_was_corrected_and_where_it_has_which_status(
    client: Client, eventful: Plan
) -> None:
    (edition,) = read(client, "plans/zoning")["editions"]

    force, pause, annulled = edition["events"]
    assert (force["is_corrected"], pause["effective_to"]) == (False, "2021-01-01")
    assert (annulled["kind"], annulled["is_void"], annulled["recorded"]["on"]) == (
        "annulled",
        True,
        "2022-01-01",
    )
    assert edition["statuses"] == ["in_force"]
    (state,) = edition["legal_state"]
    assert (state["status"], state["of"], state["pieces"], state["valid_from"]) == (
        "in_force",
        "zones",
        2,
        "2021-01-01",
    )


def test_a_plan_shows_its_relations_from_both_sides(client: Client, small_town: Publication) -> None:
    acting = town.edition(town.plan("second"), in_force=date(2020, 1, 1))
    town.zone(acting, town.square(0, 0, 50), "ODT")
    town.relation(acting, town.plan("zoning"))
    town.publish()

    (said,), (suffered,) = (read(client, f"plans/{plan}")["relations"] for plan in ("second", "zoning"))

    assert (said["is_acting"], said["plan"]["id"]) == (True, "zoning")
    assert (suffered["is_acting"], suffered["plan"]["id"]) == (False, "second")


def test_a_parcel_shows_what_it_came_from_and_what_it_became(client: Client, small_town: Publication) -> None:
    ParcelLineage.objects.create(
        predecessor_code=PARCEL,
        successor_code="2004-00001-1-2",
        kind=LineageKind.SPLIT,
        on=date(2022, 1, 1),
        known=NumericRange(1, None),
    )

    one, other = (read(client, f"parcels/2004-00001-1-{number}") for number in (1, 2))

    assert [row["id"] for row in one["successors"]] == ["2004-00001-1-2"]
    assert other["predecessors"] == [
        {"id": PARCEL, "kind": "split", "on": "2022-01-01", "shared_area_m2": None}
    ]
    assert one["links"]["history"].endswith(f"/api/v1/parcels/{PARCEL}/history")
