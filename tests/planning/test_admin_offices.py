"""A member touches only the plans of the own office, and no form leaves behind what nothing publishes."""

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import translation

from planning import lifecycle, proposals, publication
from planning.admin.rights import OfOwnOffices
from planning.models import (
    CadastreDelivery,
    Clause,
    Coverage,
    Edition,
    EventKind,
    Finding,
    LayerUpload,
    Level,
    Membership,
    ParcelLineage,
    Plan,
    PlanEvent,
    PlanIdentifier,
    ProposedAct,
    RefusedParcel,
    Repair,
    RestrictionPiece,
    Role,
    User,
)
from tests import town

pytestmark = pytest.mark.django_db
DAY = date(2026, 1, 1)

# What belongs to no office: accounts, code lists, the country's units, and counted look-ups.
NOBODYS = {
    "user",
    "adminunitlist",
    "adminunit",
    "adminsuccession",
    "territory",
    "theme",
    "landuselist",
    "landuse",
    "landusegroup",
    "landusematch",
    "missedlookup",
    "street",
}


@pytest.fixture
def member(client: Client) -> User:
    """A planner of the town who is signed in; the permission rows of Django count for nothing."""
    user = town.planner()
    User.objects.filter(pk=user.pk).update(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="planning"))
    client.force_login(User.objects.get(pk=user.pk))
    return user


@pytest.fixture
def theirs(db: None) -> Plan:
    """A plan of another office with something of every kind, published."""
    office = town.office("elsewhere")
    plan = town.plan("theirs", of=office)
    PlanIdentifier.objects.create(plan=plan, scheme="s", value="1")
    edition = town.edition(plan)
    Clause.objects.create(document=town.decision(plan), clause_id="a1", article="1", text="…")
    upload = town.upload(edition)
    town.zone(edition, town.square(0, 0, 100), upload=upload)
    town.restriction(edition, town.line((0, 0), (50, 50)), upload=upload)
    town.cover(town.square(0, 0, 100), office=office, upload=upload)
    parcel = town.parcel("1", town.square(0, 0, 10), upload=upload)
    town.alias(parcel, sheet="9", number="9")
    Finding.objects.create(upload=upload, code="G01", level=Level.WARNING, place=town.point(5, 5))
    Repair.objects.create(
        upload=upload,
        layer="zones",
        row=1,
        before_sha256="",
        before_wkb=b"",
        area_before_m2=1,
        area_after_m2=1,
        accepted_by=town.planner(office),
    )
    town.publish(upload)
    more_of(plan, upload)
    return plan


def more_of(plan: Plan, upload: LayerUpload) -> None:
    """What is recorded beside a publication."""
    staff = {"by": town.planner(plan.office), "approved_by": town.reviewer(plan.office)}
    other = town.plan("theirs-too", of=plan.office)
    town.relation(town.edition(other), plan)
    lifecycle.record_ruling(
        plan=plan, other_plan=public(other), text="…", on=DAY, document=town.decision(plan), **staff
    )
    withdrawn = Coverage.objects.first().declaration
    publication.withdraw_coverage(declaration=withdrawn, reason="wrong", **staff)
    ParcelLineage.objects.create(
        predecessor_code="a", successor_code="b", kind="split", on=DAY, upload=upload
    )
    CadastreDelivery.objects.create(upload=upload, as_of=DAY, replaces="units")
    RefusedParcel.objects.create(upload=upload, row=1)
    proposals.propose(
        act=ProposedAct.EVENT,
        office=plan.office,
        edition=plan.editions.get(),
        document=town.decision(plan),
        facts={"kind": "suspended", "on": DAY, "effective_from": DAY},
        by=staff["by"],
    )


def public(plan: Plan) -> Plan:
    """The plan with its first edition published."""
    edition = plan.editions.get()
    town.zone(edition, town.square(0, 0, 50))
    town.publish(edition)
    return plan


def in_english(client: Client, method: str, address: str, fields: dict[str, Any]) -> HttpResponse:
    # what the request speaks is not spoken after it
    with translation.override("en"):
        return getattr(client, method)(f"/en{address.removeprefix('/en')}", fields)


def ours() -> list[tuple[str, OfOwnOffices]]:
    return [
        (model._meta.model_name, model_admin)
        for model, model_admin in admin.site._registry.items()
        if isinstance(model_admin, OfOwnOffices)
    ]


def test_every_list_of_what_an_office_has_is_limited_to_the_own_offices() -> None:
    registered = {
        model._meta.model_name
        for model in apps.get_app_config("planning").get_models()
        if admin.site.is_registered(model)
    }

    assert {name for name, _ in ours()} == registered - NOBODYS


def test_rows_of_another_office_are_neither_listed_nor_opened(
    client: Client, member: User, theirs: Plan
) -> None:
    assert RestrictionPiece.objects.exists()
    for name, model_admin in ours():
        row = model_admin.model._default_manager.filter(
            **{f"{model_admin.office_path}": theirs.office_id}
        ).first()
        assert row is not None, name
        listed = client.get(reverse(f"admin:planning_{name}_changelist"))
        assert listed.status_code == 200, name
        assert row not in listed.context["cl"].queryset, name
        for action in ("change", "delete", "history"):
            address = reverse(f"admin:planning_{name}_{action}", args=[row.pk])
            assert client.get(address).status_code in (302, 403, 404), (name, action)
            assert client.post(address, {"post": "yes"}).status_code in (302, 403, 404), (name, action)


def test_rows_of_the_own_office_are_listed_and_opened(client: Client, member: User, theirs: Plan) -> None:
    Membership.objects.create(user=member, office=theirs.office, role=Role.OFFICER)

    for name, model_admin in ours():
        row = model_admin.model._default_manager.filter(
            **{f"{model_admin.office_path}": theirs.office_id}
        ).first()
        listed = client.get(reverse(f"admin:planning_{name}_changelist"))
        assert row in listed.context["cl"].queryset, name
        assert client.get(reverse(f"admin:planning_{name}_change", args=[row.pk])).status_code == 200, name


def test_a_row_of_another_office_gives_no_permission_even_when_it_is_held_in_hand(
    client: Client, member: User, theirs: Plan
) -> None:
    request = client.get(reverse("admin:index")).wsgi_request

    for name, model_admin in ours():
        row = model_admin.model._default_manager.filter(
            **{f"{model_admin.office_path}": theirs.office_id}
        ).first()
        assert not model_admin.has_view_permission(request, row), name
        assert not model_admin.has_change_permission(request, row), name
        assert not model_admin.has_delete_permission(request, row), name
        assert model_admin.has_view_permission(request), name


def test_a_form_takes_no_edition_paper_or_office_of_others(
    client: Client, member: User, theirs: Plan
) -> None:
    staged = town.edition(theirs, in_force=None)
    event = {"edition": staged.pk, "kind": "approved", "on": "2026-01-01", "effective_from": "2026-01-01"}
    event["document"] = town.decision(theirs).pk
    membership = {"user": member.pk, "office": theirs.office_id, "role": Role.REVIEWER}

    for name, fields, wrong in (
        ("planevent", event, {"edition", "document"}),
        ("edition", {"plan": theirs.pk, "number": 7}, {"plan"}),
        ("document", {"plan": theirs.pk, "kind": "decision", "title": "A"}, {"plan"}),
    ):
        response = client.post(reverse(f"admin:planning_{name}_add"), fields)
        assert response.status_code == 200, name
        assert wrong <= set(response.context["adminform"].form.errors), name
    assert client.post(reverse("admin:planning_membership_add"), membership).status_code == 403
    assert not staged.events.exists()
    assert not member.memberships.filter(office=theirs.office).exists()


def test_nothing_of_others_is_offered_while_typing(client: Client, member: User, theirs: Plan) -> None:
    town.plan("own")
    source = {"app_label": "planning", "model_name": "edition", "field_name": "plan", "term": ""}

    offered = client.get(reverse("admin:autocomplete"), source).json()["results"]

    assert [row["id"] for row in offered] == ["own"]


@pytest.mark.parametrize(("is_public", "status"), [(True, 302), (False, 200)])
def test_a_relation_may_name_a_plan_of_others_only_once_it_is_public(
    client: Client, member: User, theirs: Plan, is_public: bool, status: int
) -> None:
    edition = town.edition(town.plan("own"), in_force=None)
    target = theirs if is_public else town.plan("waiting", of=theirs.office)
    fields = {"edition": edition.pk, "kind": "implements", "target": target.pk}

    response = client.post(
        reverse("admin:planning_planrelation_add"), {**fields, "document": town.decision(edition.plan).pk}
    )

    assert response.status_code == status
    assert edition.relations.count() == is_public


def test_a_superuser_sees_the_rows_of_all_offices(client: Client, theirs: Plan) -> None:
    client.force_login(User.objects.create_superuser("root", password=None))

    listed = client.get(reverse("admin:planning_plan_changelist"))

    assert theirs in listed.context["cl"].queryset


def test_a_fact_about_a_public_edition_is_refused_with_the_way_that_records_it(
    client: Client, member: User, small_town: object
) -> None:
    edition = Edition.objects.get()
    paper = town.decision(edition.plan)
    event = {"kind": EventKind.ANNULLED, "on": date(2026, 1, 1), "effective_from": date(2026, 1, 1)}
    relation = {"kind": "implements", "target": edition.plan_id}

    for name, fields, command in (
        ("planevent", event, "“Record an event”"),
        ("planrelation", relation, "manage.py publish"),
    ):
        fields = {**fields, "edition": edition.pk, "document": paper.pk}
        response = in_english(client, "post", reverse(f"admin:planning_{name}_add"), fields)
        assert response.status_code == 200, name
        assert command in str(response.context["adminform"].form.errors["edition"]), name
    assert not edition.events.staged().exists()
    assert not edition.relations.exists()


def test_a_staged_fact_does_not_move_to_a_public_edition(
    client: Client, member: User, small_town: object
) -> None:
    staged = town.edition(town.plan("draft"), in_force=date(2026, 1, 1))
    event = staged.events.get()
    fields = {
        "edition": Edition.objects.public().get().pk,
        "kind": event.kind,
        "on": event.on,
        "effective_from": event.effective_from,
    }

    response = client.post(reverse("admin:planning_planevent_change", args=[event.pk]), fields)

    assert "edition" in response.context["adminform"].form.errors
    event.refresh_from_db()
    assert event.edition == staged


def test_a_paper_is_written_until_it_belongs_to_a_publication(
    client: Client, member: User, small_town: object
) -> None:
    plan = Plan.objects.get()
    later = town.decision(plan, "9/QĐ")
    public = plan.documents.public().first()
    fields = {
        "plan": plan.pk,
        "kind": "decision",
        "title": "Mended",
        "clauses-TOTAL_FORMS": 0,
        "clauses-INITIAL_FORMS": 0,
    }

    answers = [
        client.post(reverse("admin:planning_document_change", args=[paper.pk]), fields).status_code
        for paper in (later, public)
    ]

    assert answers == [302, 403]
    later.refresh_from_db()
    assert later.title == "Mended"


def test_a_plan_is_found_by_the_title_it_was_given_in_a_form(client: Client, member: User) -> None:
    plan = town.plan("zoning")
    fields = {
        "id": plan.pk,
        "kind": plan.kind,
        "level": plan.level,
        "title": "Quy hoạch phân khu Đống Đa",
        "title_en": "Riverside",
        "territory": plan.territory_id,
        "office": plan.office_id,
        "metric_crs": plan.metric_crs,
        "licence": plan.licence,
        "identifiers-TOTAL_FORMS": 0,
        "identifiers-INITIAL_FORMS": 0,
    }

    response = client.post(reverse("admin:planning_plan_change", args=[plan.pk]), fields)

    assert response.status_code == 302
    plan.refresh_from_db()
    assert plan.search_title == "quy hoach phan khu dong da riverside"


def test_deleting_many_at_once_asks_for_each_row(client: Client, member: User, small_town: object) -> None:
    staged = town.edition(town.plan("draft")).events.get()
    public = PlanEvent.objects.public().get()

    def delete(*events: PlanEvent, why: str = "Recorded twice") -> int:
        keys = [one.pk for one in events]
        fields = {"action": "delete_selected", "_selected_action": keys, "post": "yes", "why": why}
        return client.post(reverse("admin:planning_planevent_changelist"), fields).status_code

    assert delete(staged, why=" ") == 200
    assert delete(staged, public) == 403
    assert PlanEvent.objects.count() == 2
    assert delete(staged) == 302
    assert PlanEvent.objects.get() == public
