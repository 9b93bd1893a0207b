"""One member proposes, another publishes: no way round the second pair of eyes, and nothing unseen."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from planning import lifecycle, proposals
from planning.errors import Forbidden, Reason, Refused
from planning.models import (
    ConflictRuling,
    Coverage,
    CoverageWithdrawal,
    Edition,
    Membership,
    PlanEvent,
    Proposal,
    ProposalState,
    ProposedAct,
    Publication,
    Role,
    User,
)
from tests import town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_town")]
DAY = date(2026, 3, 1)


def sign_in(client: Client, user: User) -> User:
    User.objects.filter(pk=user.pk).update(is_staff=True)
    client.force_login(User.objects.get(pk=user.pk))
    return user


def address(act: str) -> str:
    return "/en" + reverse("admin:planning_proposal_propose", args=[act]).removeprefix("/en")


def page_of(proposal: Proposal) -> str:
    return "/en" + reverse("admin:planning_proposal_change", args=[proposal.pk]).removeprefix("/en")


def suspension(**more: Any) -> dict[str, Any]:
    edition = Edition.objects.get(plan="zoning", number=1)
    paper = town.decision(edition.plan, "7/QĐ", DAY)
    facts = {"edition": edition.pk, "kind": "suspended", "on": "2026-03-01", "document": paper.pk}
    return {**facts, "effective_from": "2026-04-01", **more}


def proposed(by: User | None = None) -> Proposal:
    edition = Edition.objects.get(plan="zoning", number=1)
    return proposals.propose(
        act=ProposedAct.EVENT,
        office=edition.plan.office,
        edition=edition,
        document=town.decision(edition.plan, "7/QĐ", DAY),
        facts={"kind": "suspended", "on": DAY, "effective_from": DAY},
        by=by or town.planner(),
    )


def revision() -> int:
    return Publication.objects.latest_revision()


def test_the_preview_says_what_will_change_and_changes_nothing(client: Client) -> None:
    sign_in(client, town.planner())

    response = client.post(address("event"), {**suspension(), "preview": "yes"})

    rows = response.context["transitions"]
    assert [(row["edition"], row["zones"]) for row in rows] == [("zoning/1", 2)]
    assert rows[0]["hectares"] == pytest.approx(1.0, rel=1e-3)
    assert response.context["effect"]["parcels"] == 2
    assert not Proposal.objects.exists()
    assert not PlanEvent.objects.filter(kind="suspended").exists()


def test_a_proposal_waits_until_another_member_publishes_it(client: Client) -> None:
    planner, reviewer = sign_in(client, town.planner()), town.reviewer()
    client.post(address("event"), {**suspension(), "propose": "yes"})
    proposal = Proposal.objects.get()
    assert (proposal.state, proposal.proposed_by) == (ProposalState.WAITING, planner)
    assert not PlanEvent.objects.filter(kind="suspended").exists()

    sign_in(client, reviewer)
    shown = client.get(page_of(proposal))
    assert shown.context["may_decide"]
    client.post(page_of(proposal), {"publish": "yes", "seen": shown.context["seen"]})

    event = PlanEvent.objects.get(kind="suspended")
    assert (event.publication.by, event.publication.approved_by) == (planner, reviewer)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.publication) == (ProposalState.PUBLISHED, event.publication)


def test_nobody_publishes_the_own_proposal_not_even_as_superuser(client: Client) -> None:
    reviewer = sign_in(client, town.reviewer())
    User.objects.filter(pk=reviewer.pk).update(is_superuser=True)
    proposal = proposed(by=reviewer)

    assert not client.get(page_of(proposal)).context["may_decide"]
    client.post(page_of(proposal), {"publish": "yes", "seen": revision()})
    with pytest.raises(Refused) as refused:
        proposals.publish(proposal=proposal, seen=revision(), by=reviewer)

    assert refused.value.reason is Reason.SAME_PERSON
    assert not PlanEvent.objects.filter(kind="suspended").exists()


@pytest.mark.parametrize("role", [Role.PLANNER, Role.OFFICER, Role.MODERATOR])
def test_only_a_reviewer_decides(client: Client, role: Role) -> None:
    other = sign_in(client, town.member("second", role))
    proposal = proposed()

    client.post(page_of(proposal), {"publish": "yes", "seen": revision()})
    client.post(page_of(proposal), {"reject": "yes", "reason": "no"})
    with pytest.raises(Forbidden):
        proposals.publish(proposal=proposal, seen=revision(), by=other)

    proposal.refresh_from_db()
    assert proposal.state == ProposalState.WAITING


def test_a_reviewer_of_another_office_neither_sees_nor_decides(client: Client) -> None:
    other = sign_in(client, town.outsider())
    proposal = proposed()

    assert client.get(page_of(proposal)).status_code == 302
    assert client.post(page_of(proposal), {"publish": "yes", "seen": revision()}).status_code == 302
    assert client.get(f"{address('event')}?edition={proposal.edition_id}").status_code == 404
    assert client.post(address("event"), {**suspension(), "propose": "yes"}).status_code == 404
    assert client.get(reverse("admin:planning_edition_map", args=[proposal.edition_id])).status_code == 404
    with pytest.raises(Forbidden):
        proposals.publish(proposal=proposal, seen=revision(), by=other)
    with pytest.raises(Forbidden):
        proposals.reject(proposal=proposal, reason="no", by=other)


def test_what_was_published_since_one_looked_has_to_be_looked_at(client: Client) -> None:
    reviewer = sign_in(client, town.reviewer())
    proposal, seen = proposed(), revision()
    edition = Edition.objects.get(plan="zoning", number=1)
    lifecycle.expire(
        edition=edition,
        on=DAY,
        effective_from=date(2027, 1, 1),
        document=town.decision(edition.plan, "8/QĐ", DAY),
        by=town.planner(),
        approved_by=reviewer,
    )

    answer = client.post(page_of(proposal), {"publish": "yes", "seen": seen}, follow=True)

    assert "since you looked" in answer.content.decode()
    assert not PlanEvent.objects.filter(kind="suspended").exists()


def test_a_rejection_needs_its_reason_and_ends_the_matter() -> None:
    proposal, reviewer = proposed(), town.reviewer()

    with pytest.raises(Refused):
        proposals.reject(proposal=proposal, reason=" ", by=reviewer)
    proposals.reject(proposal=proposal, reason="The decision says another day.", by=reviewer)
    with pytest.raises(Refused) as refused:
        proposals.publish(proposal=proposal, seen=revision(), by=reviewer)

    assert refused.value.reason is Reason.WRONG_STATE
    proposal.refresh_from_db()
    assert (proposal.state, proposal.reason) == ("rejected", "The decision says another day.")


def test_a_proposal_is_taken_back_by_its_proposer_alone() -> None:
    proposal = proposed()

    with pytest.raises(Forbidden):
        proposals.take_back(proposal=proposal, by=town.reviewer())
    proposals.take_back(proposal=proposal, by=town.planner())

    proposal.refresh_from_db()
    assert proposal.state == ProposalState.TAKEN_BACK


def test_the_database_itself_takes_no_decision_of_the_proposer() -> None:
    proposal = proposed()

    with pytest.raises(IntegrityError, match="proposal_decided_by_another"):
        Proposal.objects.filter(pk=proposal.pk).update(
            state=ProposalState.REJECTED, decided_by=proposal.proposed_by, decided_at=timezone.now()
        )


def test_what_a_rule_forbids_is_said_in_words_before_anything_is_kept(client: Client) -> None:
    sign_in(client, town.planner())

    without = client.post(address("event"), {**suspension(document=""), "preview": "yes"})
    nothing = client.post(address("event"), {**suspension(kind="reinstated"), "propose": "yes"})

    assert "decision" in str(without.context["form"].non_field_errors())
    assert "change nothing" in str(nothing.context["form"].non_field_errors())
    assert not Proposal.objects.exists()


def test_a_document_of_another_plan_is_not_offered(client: Client) -> None:
    sign_in(client, town.planner())
    foreign = town.decision(town.plan("theirs", of=town.office("elsewhere")), "1/QĐ")

    response = client.post(address("event"), {**suspension(document=foreign.pk), "propose": "yes"})

    assert "document" in response.context["form"].errors
    assert "theirs" not in str(response.context["form"]["document"])


@pytest.mark.parametrize(
    ("extent", "words"),
    [
        ("{", "read as JSON"),
        ('{"type": "Point", "coordinates": [1, 2]}', "Polygon"),
        ('{"type": "Polygon", "coordinates": [[[0,0],[1,0],[1,1]]]}', "closed"),
        ('{"type": "Polygon", "coordinates": [[[0,0],[1,1],[1,0],[0,1],[0,0]]]}', "not valid"),
        ('{"type": "Polygon", "coordinates": [[[0,0],[1000,0],[1,1],[0,0]]]}', "not in metres"),
        ('{"type": "Polygon", "coordinates": [[[0,0],["a",0],[1,1],[0,0]]]}', "GeoJSON"),
        ('{"type": "FeatureCollection", "features": []}', "empty"),
        ("[" * 5000, "JSON"),
    ],
)
def test_an_extent_that_cannot_be_is_refused_in_words(client: Client, extent: str, words: str) -> None:
    sign_in(client, town.planner())

    response = client.post(address("event"), {**suspension(extent=extent), "preview": "yes"})

    assert words in str(response.context["form"].errors["extent"])


def test_an_event_is_corrected_by_the_same_way(client: Client) -> None:
    sign_in(client, town.planner())
    entry = PlanEvent.objects.get(kind="in_force")
    fields = suspension(kind="corrected", corrects=entry.pk, effective_from="2018-02-01")

    client.post(address("event"), {**fields, "propose": "yes"})
    proposals.publish(proposal=Proposal.objects.get(), seen=revision(), by=town.reviewer())

    correction = PlanEvent.objects.get(kind="corrected")
    assert (correction.corrects, correction.effective_from) == (entry, date(2018, 2, 1))


def test_a_ruling_is_proposed_by_an_officer(client: Client) -> None:
    officer = sign_in(client, town.member("officer", Role.OFFICER))
    other = town.edition(town.plan("other"))
    town.zone(other, town.square(0, 0, 50))
    town.publish(other)
    paper = town.decision(town.plan("zoning"), "7/QĐ", DAY)
    fields = {"plan": "zoning", "other_plan": "other", "text": "The first.", "on": "2026-03-01"}

    client.post(address("ruling"), {**fields, "document": paper.pk, "propose": "yes"})
    proposals.publish(proposal=Proposal.objects.get(), seen=revision(), by=town.reviewer())

    ruling = ConflictRuling.objects.get()
    assert (ruling.text, ruling.publication.by) == ("The first.", officer)
    assert client.get(address("event")).status_code == 403


def test_coverage_is_declared_and_withdrawn_by_two(client: Client) -> None:
    sign_in(client, town.planner())
    fields = {"office_id": "town", "theme": "lines", "state": "complete", "as_of": "2026-01-01"}
    area = town.square(0, 0, 100).geojson

    client.post(address("coverage"), {**fields, "source": "survey", "extent": area, "propose": "yes"})
    proposals.publish(proposal=Proposal.objects.waiting().get(), seen=revision(), by=town.reviewer())
    row = Coverage.objects.get(theme="lines")
    asked = {"declaration": row.declaration, "reason": "not surveyed after all", "propose": "yes"}
    client.post(address("withdrawal"), asked)
    proposals.publish(proposal=Proposal.objects.waiting().get(), seen=revision(), by=town.reviewer())

    assert CoverageWithdrawal.objects.get().declaration == row.declaration
    row.refresh_from_db()
    assert row.known.upper is not None


def test_a_declaration_of_nobody_is_not_withdrawn(client: Client) -> None:
    sign_in(client, town.planner())

    response = client.post(address("withdrawal"), {"declaration": uuid4(), "reason": "x", "preview": "yes"})

    assert "declaration" in response.context["form"].errors


def test_a_member_who_left_meanwhile_stands_for_nothing() -> None:
    proposal = proposed()
    Membership.objects.filter(user=town.planner()).delete()

    with pytest.raises(Forbidden):
        proposals.publish(proposal=proposal, seen=revision(), by=town.reviewer())

    proposal.refresh_from_db()
    assert proposal.state == ProposalState.WAITING


def test_the_page_of_an_edition_tells_its_life_with_corrections(client: Client) -> None:
    sign_in(client, town.planner())
    entry = PlanEvent.objects.get(kind="in_force")
    edition = entry.edition
    lifecycle.correct(
        event=entry,
        on=DAY,
        effective_from=date(2018, 2, 1),
        document=town.decision(edition.plan, "9/QĐ", DAY),
        by=town.planner(),
        approved_by=town.reviewer(),
    )
    waiting = proposed()

    page = client.get(reverse("admin:planning_edition_change", args=[edition.pk]))

    assert [(row.event.kind, row.depth) for row in page.context["timeline"]] == [
        ("in_force", 0),
        ("corrected", 1),
    ]
    assert [(row.zones, round(row.hectares, 2)) for row in page.context["standing"]] == [(2, 1.0)]
    assert list(page.context["proposals"]) == [waiting]
    assert page.context["acts"]


def test_what_waits_for_a_reviewer_stands_on_the_first_page(client: Client) -> None:
    proposal = proposed()
    sign_in(client, town.reviewer())

    assert page_of(proposal).removeprefix("/en") in client.get(reverse("admin:index")).content.decode()
    sign_in(client, town.planner())
    assert page_of(proposal).removeprefix("/en") not in client.get(reverse("admin:index")).content.decode()


def test_a_correction_begins_with_the_facts_that_count_today(client: Client) -> None:
    sign_in(client, town.planner())
    entry = PlanEvent.objects.get(kind="in_force")

    page = client.get(
        address("event"), {"edition": entry.edition_id, "kind": "corrected", "corrects": entry.pk}
    )

    initial = page.context["form"].initial
    known = (initial["on"], initial["effective_from"], initial["document"])
    assert known == (entry.on, entry.effective_from, entry.document_id)
    assert entry.edition.code in page.content.decode()


def test_what_is_no_longer_what_the_proposer_saw_is_shown_once_more(client: Client) -> None:
    sign_in(client, town.planner())
    fields = suspension()
    shown = client.post(address("event"), {**fields, "preview": "yes"}).context["shown"]
    edition = Edition.objects.get(plan="zoning", number=1)
    lifecycle.suspend(
        edition=edition,
        on=DAY,
        extent=town.square(0, 0, 50),
        document=town.decision(edition.plan, "8/QĐ", DAY),
        by=town.planner(),
        approved_by=town.reviewer(),
    )

    again = client.post(address("event"), {**fields, "shown": shown, "propose": "yes"})

    assert again.context["has_changed"]
    assert not Proposal.objects.exists()
    client.post(address("event"), {**fields, "shown": again.context["shown"], "propose": "yes"})
    assert Proposal.objects.count() == 1


def test_a_ruling_that_the_rules_forbid_is_not_kept(client: Client) -> None:
    sign_in(client, town.planner())
    first = Edition.objects.get(plan="zoning", number=1)
    town.zone(town.edition(town.plan("other")), town.square(0, 0, 100), "ODT")
    town.zone(town.edition(town.plan("third")), town.square(0, 0, 100), "ODT")
    town.publish()
    paper = town.decision(town.plan("third"), "9/QĐ", DAY)
    fields = {"plan": first.plan_id, "other_plan": "other", "text": "Words", "on": "2026-03-01"}

    response = client.post(address("ruling"), {**fields, "document": paper.pk, "propose": "yes"})

    assert "another plan" in str(response.context["form"].errors)
    assert not Proposal.objects.exists()


def test_a_year_that_is_a_slip_of_the_finger_is_refused(client: Client) -> None:
    sign_in(client, town.planner())

    response = client.post(address("event"), {**suspension(effective_from="0202-04-01"), "propose": "yes"})

    assert "effective_from" in response.context["form"].errors
