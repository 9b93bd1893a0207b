"""The audit log: every change of what people edit is written down by the database, by whom and why."""

import sys
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

import manage
from planning import lifecycle
from planning.admin.trace import LOGGED
from planning.audit import acting, because
from planning.models import AuditEntry, Document, Edition, Office, Plan, Publication, Theme, User
from tests import town

pytestmark = pytest.mark.django_db


def newest(table: str, **fields: object) -> AuditEntry:
    return AuditEntry.objects.filter(table=table, **fields).order_by("-pk")[0]


def signed_in(client: Client, user: User) -> User:
    User.objects.filter(pk=user.pk).update(is_staff=True)
    client.force_login(User.objects.get(pk=user.pk))
    return user


def test_a_row_changed_by_bare_sql_is_logged_though_nobody_said_who() -> None:
    plan = town.plan("zoning")

    with connection.cursor() as cursor:
        cursor.execute("UPDATE planning_plan SET title = 'Another' WHERE id = 'zoning'")

    entry = newest("plan")
    assert (entry.row, entry.action, entry.office_id) == ("zoning", "update", plan.office_id)
    assert entry.changes == {"title": ["Quy hoạch zoning", "Another"]}
    assert (entry.user_id, entry.user_name, entry.why) == (None, "", "")
    assert entry.account


def test_a_form_is_logged_with_its_user_and_the_reason_given(client: Client) -> None:
    planner = signed_in(client, town.planner())
    town.plan("zoning")
    fields = {
        "plan": "zoning",
        "kind": "decision",
        "title": "Decision",
        "clauses-TOTAL_FORMS": 0,
        "clauses-INITIAL_FORMS": 0,
        "why": "Came by post",
    }

    assert client.post(reverse("admin:planning_document_add"), fields).status_code == 302

    entry = newest("document")
    assert (entry.action, entry.user_id, entry.user_name) == ("insert", planner.pk, planner.username)
    assert entry.why == "Came by post"
    assert entry.changes["title"] == [None, "Decision"]


def test_a_deletion_in_a_form_is_logged_and_its_trace_outlives_the_row(client: Client) -> None:
    planner = signed_in(client, town.planner())
    paper = town.decision(town.plan("zoning"))

    address = reverse("admin:planning_document_delete", args=[paper.pk])

    asked = client.post(address, {"post": "yes"})
    assert 'name="why"' in asked.content.decode()
    assert Document.objects.filter(pk=paper.pk).exists()
    client.post(address, {"post": "yes", "why": "Twice\x00 there"})

    assert not Document.objects.filter(pk=paper.pk).exists()
    entry = newest("document", row=str(paper.pk))
    assert (entry.action, entry.user_name, entry.office_id) == ("delete", planner.username, "town")
    assert entry.why == "Twice there"


def test_a_verb_is_logged_under_who_publishes(small_town: Publication) -> None:
    edition = Edition.objects.get()
    paper = town.decision(edition.plan, "9/QĐ")

    lifecycle.annul(
        edition=edition, on=date(2026, 1, 1), document=paper, by=town.planner(), approved_by=town.reviewer()
    )

    entry = newest("planevent")
    assert (entry.user_name, entry.why) == (town.planner().username, "record event")
    assert entry.office_id == "town"


@pytest.mark.django_db(transaction=True)
def test_a_command_line_is_logged_under_its_name(
    small_town: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = town.decision(Plan.objects.get(), "9/QĐ")

    words = ["record_event", "zoning/1", "annulled", "--on", "2026-01-01", "--document", str(paper.pk)]
    members = ["--by", town.planner().username, "--approved-by", town.reviewer().username]
    monkeypatch.setattr(sys, "argv", ["manage.py", *words, *members])

    manage.main()

    entry = newest("planevent")
    assert (entry.user_name, entry.why) == (town.planner().username, "manage.py record_event")


def test_who_spoke_first_is_the_one_who_acts() -> None:
    planner, reviewer = town.planner(), town.reviewer()

    with acting(reviewer, "approved"), acting(planner, "published"):
        town.plan("inner")
    with because("manage.py x"), acting(planner, "verb"):
        town.plan("outer")
    town.plan("nobody")

    assert (newest("plan", row="inner").user_name, newest("plan", row="inner").why) == (
        reviewer.username,
        "approved",
    )
    assert newest("plan", row="outer").why == "manage.py x"
    assert newest("plan", row="nobody").user_id is None


def test_what_failed_leaves_neither_an_entry_nor_a_name() -> None:
    planner = town.planner()

    def fail() -> None:
        with acting(planner, "in vain"):
            town.plan("lost")
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail()
    town.plan("kept")

    assert not AuditEntry.objects.filter(row="lost").exists()
    assert newest("plan", row="kept").user_id is None


def test_contact_data_and_geometries_are_not_copied_into_the_log(small_town: Publication) -> None:
    Office.objects.filter(pk="town").update(phone="0912345678", name="Renamed")

    entry = newest("office")
    assert entry.changes["name"][1] == "Renamed"
    assert entry.changes["phone"] == ["…", "…"]
    extent = next(iter(AuditEntry.objects.filter(table="edition", changes__has_key="extent")))
    assert len(extent.changes["extent"][1]) == 32
    everything = "".join(str(row) for row in AuditEntry.objects.values_list("changes", flat=True))
    assert "0912345678" not in everything
    assert "coordinates" not in everything


def test_accounts_and_versioned_rows_are_not_logged(small_town: Publication) -> None:
    tables = set(AuditEntry.objects.values_list("table", flat=True))

    assert not tables & {"user", "zone", "zonepiece", "parcel", "coverage"}


def test_the_admin_knows_which_kinds_of_rows_the_database_logs() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE t.tgname = 'planning_zz_audit'"
        )
        logged = {name.removeprefix("planning_") for (name,) in cursor.fetchall()}

    assert logged == LOGGED


def test_an_update_that_changes_nothing_is_no_entry() -> None:
    town.themes()
    before = AuditEntry.objects.count()

    for theme in Theme.objects.all():
        theme.save()

    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize(
    "statement", ["UPDATE planning_auditentry SET why = 'x'", "DELETE FROM planning_auditentry"]
)
def test_the_log_itself_is_never_changed(statement: str) -> None:
    town.plan("zoning")

    with pytest.raises(DatabaseError, match="audit log"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_members_read_the_log_of_their_office_alone(client: Client) -> None:
    signed_in(client, town.planner())
    town.plan("own")
    town.plan("theirs", of=town.office("elsewhere"))

    listed = client.get(reverse("admin:planning_auditentry_changelist"), {"q": "theirs"})
    own = client.get(reverse("admin:planning_auditentry_changelist"), {"q": "own"})
    theirs = newest("plan", row="theirs")

    assert list(listed.context["cl"].queryset) == []
    assert {entry.row for entry in own.context["cl"].queryset} == {"own"}
    assert client.get(reverse("admin:planning_auditentry_change", args=[theirs.pk])).status_code == 302
    client.force_login(User.objects.create_superuser("root", password=None))
    assert client.get(reverse("admin:planning_auditentry_change", args=[theirs.pk])).status_code == 200


def test_the_history_of_a_row_shows_who_changed_what_and_why(client: Client) -> None:
    signed_in(client, town.planner())
    with acting(town.planner(), "a better name"):
        plan = town.plan("zoning")
        Plan.objects.filter(pk=plan.pk).update(title="Better")

    page = client.get(reverse("admin:planning_plan_history", args=[plan.pk])).content.decode()

    assert "a better name" in page
    assert "Quy hoạch zoning → Better" in page


def test_a_role_given_on_the_page_of_a_user_is_logged_with_who_gave_it(client: Client) -> None:
    keeper = User.objects.create_superuser("root", password=None)
    client.force_login(keeper)
    person, office = User.objects.create(username="newcomer"), town.office()
    fields = {"username": "newcomer", "is_active": "on", "why": "Joined in May"}
    rows = {"memberships-TOTAL_FORMS": 1, "memberships-INITIAL_FORMS": 0}
    row = {"user": person.pk, "office": office.pk, "role": "planner"}
    given = {f"memberships-0-{name}": value for name, value in row.items()}

    client.post(reverse("admin:planning_user_change", args=[person.pk]), {**fields, **rows, **given})

    entry = newest("membership", row=str(person.memberships.get().pk))
    assert (entry.user_name, entry.why) == ("root", "Joined in May")
