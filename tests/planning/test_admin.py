"""The admin shows everything and lets nobody change what is public."""

from datetime import date

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from planning.admin import lists
from planning.models import EventKind, MissedLookup, Publication, User
from tests import town

pytestmark = pytest.mark.django_db


@pytest.fixture
def superuser(client: Client) -> User:
    """A superuser who is signed in; the account alone gives no right to publish."""
    user = User.objects.create_superuser("root", password=None)
    client.force_login(user)
    return user


@pytest.fixture
def planner(client: Client) -> User:
    """The planner of the town who is signed in."""
    user = town.planner()
    User.objects.filter(pk=user.pk).update(is_staff=True)
    client.force_login(User.objects.get(pk=user.pk))
    return user


def test_every_model_is_in_the_admin() -> None:
    ours = {model for model in apps.get_app_config("planning").get_models() if not model._meta.auto_created}
    # edited with its plan; and what is only worked out from other rows
    elsewhere = {"planidentifier", "generalisedzone", "collectionfigures"}

    missing = {model._meta.model_name for model in ours if not admin.site.is_registered(model)}

    assert missing == elsewhere


def test_every_list_and_every_row_opens(client: Client, superuser: User, small_town: Publication) -> None:
    for model in apps.get_app_config("planning").get_models():
        if not admin.site.is_registered(model):
            continue
        name = f"admin:planning_{model._meta.model_name}"
        listed = client.get(reverse(f"{name}_changelist"), {"q": "1"} if hasattr(model, "code") else {})
        assert listed.status_code == 200, name
        if (row := model._default_manager.first()) is not None:
            assert client.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200, name


@pytest.mark.parametrize(
    "model", ["edition", "planevent", "document", "zone", "zonepiece", "parcel", "coverage", "publication"]
)
def test_what_is_public_cannot_be_changed_or_deleted(
    client: Client, superuser: User, small_town: Publication, model: str
) -> None:
    row = apps.get_model("planning", model)._default_manager.first()

    for action in ("change", "delete"):
        address = reverse(f"admin:planning_{model}_{action}", args=[row.pk])
        assert client.post(address, {"post": "yes"}).status_code == 403, action


def test_a_staged_event_can_be_recorded_but_not_published_in_a_form(
    client: Client, planner: User, small_town: Publication
) -> None:
    staged = town.edition(town.plan("draft"), in_force=None)
    fields = {
        "edition": staged.pk,
        "kind": EventKind.APPROVED,
        "on": date(2026, 1, 1),
        "effective_from": date(2026, 1, 1),
        "publication": small_town.pk,
        "visibility": "public",
    }

    response = client.post(reverse("admin:planning_planevent_add"), fields)

    assert response.status_code == 302
    event = staged.events.get()
    assert event.publication is None
    assert event.recorded_by == planner


def test_an_edition_does_not_become_public_in_a_form(
    client: Client, planner: User, small_town: Publication
) -> None:
    staged = town.edition(town.plan("draft"), in_force=None)
    address = reverse("admin:planning_edition_change", args=[staged.pk])
    fields = {"plan": "draft", "number": 1, "visibility": "public", "publication": small_town.pk}

    client.post(address, fields)

    staged.refresh_from_db()
    assert staged.visibility == "staged"
    assert staged.publication is None


def test_a_paper_that_public_law_rests_on_cannot_be_changed(
    client: Client, superuser: User, small_town: Publication
) -> None:
    paper = town.decision(town.plan("zoning"))
    address = reverse("admin:planning_document_change", args=[paper.pk])

    assert client.post(address, {"title": "Another"}).status_code == 403


def test_a_list_that_stops_counting_says_so(
    client: Client, superuser: User, small_town: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MOST_COUNTED", 2)

    page = client.get("/en/admin/planning/parcel/", {"q": "2"}).content.decode()

    assert "2 parcels or more" in page
    assert "2 results or more" in page


def test_demand_is_added_up_by_commune_and_kind(client: Client, superuser: User) -> None:
    unit = town.unit()
    for day, count in ((1, 2), (2, 3)):
        MissedLookup.objects.create(day=date(2026, 5, day), unit=unit, kind="words", count=count)

    page = client.get("/en/admin/planning/missedlookup/")

    assert [(row["unit_id"], row["total"]) for row in page.context_data["demand"]] == [(unit.pk, 5)]
    assert "by its name" in page.content.decode()


@pytest.mark.parametrize(
    "query", ["on__year=99999", "on__year=0", "on__month=13&on__year=2026", "on__year=x"]
)
def test_an_impossible_day_in_an_address_fails_nowhere(client: Client, superuser: User, query: str) -> None:
    response = client.get(f"/admin/planning/parcellineage/?{query}", follow=True)

    assert response.status_code == 200


def test_a_staged_event_takes_no_paper_of_another_plan(client: Client, planner: User) -> None:
    staged = town.edition(town.plan("draft"), in_force=None)
    foreign = town.decision(town.plan("other"))
    fields = {"edition": staged.pk, "kind": "approved", "on": "2026-01-01", "effective_from": "2026-01-02"}
    wrong = {**fields, "document": foreign.pk, "effective_to": "2025-01-01"}

    response = client.post(reverse("admin:planning_planevent_add"), wrong)

    assert {"document", "effective_to"} <= set(response.context["adminform"].form.errors)
