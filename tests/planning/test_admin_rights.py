"""The table of roles, asked of the admin itself: each role sees and writes what it says, and nothing more."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from planning import models
from planning.admin.rights import KEPT_BY_SUPERUSERS, RIGHTS, Doing
from planning.models import Membership, Publication, Role, User
from tests import town

pytestmark = pytest.mark.django_db


def signed_in(client: Client, role: Role | None) -> User:
    """A user who may sign in, with that role in the town and every permission row of Django."""
    user = User.objects.create(username=f"{role}", is_staff=True)
    if role is not None:
        Membership.objects.create(user=user, office=town.office(), role=role)
    user.user_permissions.set(Permission.objects.all())
    client.force_login(user)
    return user


def registered() -> list[type]:
    return [
        model for model in apps.get_app_config("planning").get_models() if admin.site.is_registered(model)
    ]


def statuses(client: Client, action: str) -> dict[type, int]:
    return {
        model: client.get(reverse(f"admin:planning_{model._meta.model_name}_{action}")).status_code
        for model in registered()
    }


@pytest.mark.parametrize("role", Role)
def test_a_role_sees_and_writes_what_the_table_says(
    client: Client, role: Role, small_town: Publication
) -> None:
    signed_in(client, role)
    read_only = {models.Proposal}

    listed, added = statuses(client, "changelist"), statuses(client, "add")

    for model in registered():
        rights = RIGHTS.get(model, {})
        assert (listed[model] == 200) == (role in rights.get(Doing.LOOK, ())), model
        may_write = role in rights.get(Doing.WRITE, ()) and model not in read_only
        assert (added[model] == 200) == may_write, model


def test_permission_rows_without_a_role_open_nothing(client: Client, small_town: Publication) -> None:
    signed_in(client, None)

    assert set(statuses(client, "changelist").values()) == {403}
    assert set(statuses(client, "add").values()) == {403}


def test_a_role_without_the_right_to_sign_in_opens_nothing(client: Client, small_town: Publication) -> None:
    user = signed_in(client, Role.REVIEWER)
    User.objects.filter(pk=user.pk).update(is_staff=False)

    assert client.get(reverse("admin:planning_plan_changelist")).status_code == 302


def test_a_superuser_looks_at_all_and_writes_the_service_alone(
    client: Client, small_town: Publication
) -> None:
    client.force_login(User.objects.create_superuser("root", password=None))

    assert set(statuses(client, "changelist").values()) == {200}
    writable = {model for model, status in statuses(client, "add").items() if status == 200}
    assert writable == KEPT_BY_SUPERUSERS


@pytest.mark.parametrize("role", Role)
def test_no_role_makes_members_or_accounts(client: Client, role: Role, small_town: Publication) -> None:
    user = signed_in(client, role)
    membership = user.memberships.get()
    mighty = {"username": user.username, "is_superuser": "on", "is_staff": "on", "is_active": "on"}
    role_of = {"user": user.pk, "office": "town", "role": Role.REVIEWER}

    answers = [
        client.post(reverse("admin:planning_user_change", args=[user.pk]), mighty),
        client.post(reverse("admin:planning_membership_add"), role_of),
        client.post(reverse("admin:planning_membership_change", args=[membership.pk]), role_of),
        client.post(
            reverse("admin:planning_office_change", args=["town"]),
            {
                "name": "x",
                "memberships-TOTAL_FORMS": 1,
                "memberships-INITIAL_FORMS": 0,
                **{f"memberships-0-{name}": value for name, value in role_of.items()},
            },
        ),
    ]

    assert {answer.status_code for answer in answers} == {403}
    user.refresh_from_db()
    assert not user.is_superuser
    assert user.memberships.get().role == role


def test_a_moderator_of_one_office_does_not_take_plans_there_as_planner_of_another(client: Client) -> None:
    user = signed_in(client, Role.PLANNER)
    Membership.objects.create(user=user, office=town.office("elsewhere"), role=Role.MODERATOR)
    theirs = town.plan("theirs", of=town.office("elsewhere"))
    fields = {"plan": theirs.pk, "number": 1}

    response = client.post(reverse("admin:planning_edition_add"), fields)
    offered = client.get(reverse("admin:planning_plan_change", args=[theirs.pk]))

    assert "plan" in response.context["adminform"].form.errors
    assert not theirs.editions.exists()
    assert not offered.context["has_change_permission"]


def test_filters_offer_only_what_stands_in_own_rows(client: Client) -> None:
    signed_in(client, Role.PLANNER)
    own = town.edition(town.plan("own"))
    theirs = town.edition(town.plan("secret-of-others", of=town.office("elsewhere")))
    town.upload(own, name="own.gpkg")
    town.upload(theirs, name="secret.gpkg")

    for name in ("plan", "edition", "zone", "parcel", "finding", "layerupload", "document", "planevent"):
        page = client.get(reverse(f"admin:planning_{name}_changelist")).content.decode()
        assert "secret" not in page, name
        assert "elsewhere" not in page, name


def test_a_name_typed_as_id_shows_nothing_of_others(client: Client) -> None:
    signed_in(client, Role.PLANNER)
    own = town.edition(town.plan("own"), in_force=None)
    hidden = town.plan("hidden", of=town.office("elsewhere"), title="Kept from all")
    fields = {"edition": own.pk, "kind": "implements", "target": hidden.pk, "document": ""}

    page = client.post(reverse("admin:planning_planrelation_add"), fields).content.decode()

    assert "Kept from all" not in page


@pytest.mark.parametrize(
    "query", ["?_to_field=title", "?_popup=1&_to_field=id", "?office__phone__startswith=0"]
)
def test_no_address_asks_a_list_for_more_than_it_shows(client: Client, query: str) -> None:
    signed_in(client, Role.PLANNER)
    theirs = town.plan("theirs", of=town.office("elsewhere"))

    response = client.get(reverse("admin:planning_plan_changelist") + query)

    assert response.status_code in (200, 302, 400)
    assert theirs.title not in response.content.decode()


# The lists that may hold very many rows, with the statements that one page of them takes.
@pytest.mark.parametrize(
    "name", ["zone", "zonepiece", "parcel", "edition", "planevent", "document", "coverage"]
)
def test_a_list_asks_as_often_for_twenty_rows_as_for_one(
    client: Client, name: str, django_assert_max_num_queries: object
) -> None:
    signed_in(client, Role.PLANNER)
    plan = town.plan("own")
    first = town.edition(plan)
    for at in range(20):
        town.zone(first, town.square(at * 10, 0, 10))
        town.parcel(str(at), town.square(at * 10, 0, 5), feature=at + 1)
        town.cover(town.square(at * 10, 0, 10))
        town.decision(plan, f"{at}/QĐ")
    town.reviewer()
    town.publish()

    with django_assert_max_num_queries(16):  # type: ignore[operator]
        response = client.get(reverse(f"admin:planning_{name}_changelist"))

    assert response.status_code == 200
