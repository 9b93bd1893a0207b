"""One member proposes an act on what is public, another looks at it and publishes or rejects it.

A proposal holds the facts of one verb of `planning.lifecycle` or of coverage until somebody else stands for
it: published, it is that verb with the proposer as `by` and the other member as `approved_by`. Nothing is
law or public before. Facts are kept as plain values; `event_of`, `ruling_of` and the acts on coverage read
them back.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import MultiPolygon
from django.db import transaction
from django.utils import timezone

from planning import lifecycle, publication
from planning.audit import acting
from planning.errors import Forbidden, Reason, Refused
from planning.models import (
    ConflictRuling,
    CoverageState,
    Document,
    Edition,
    EventKind,
    Office,
    Plan,
    PlanEvent,
    Proposal,
    ProposalState,
    ProposedAct,
    Publication,
    Role,
    Theme,
    User,
)
from planning.publication.revision import lock

_PLANNERS = frozenset({Role.PLANNER, Role.REVIEWER})
# Who may propose what; a reviewer who did not propose it decides.
PROPOSERS: Mapping[ProposedAct, frozenset[Role]] = {
    ProposedAct.EVENT: _PLANNERS,
    ProposedAct.RULING: _PLANNERS | {Role.OFFICER},
    ProposedAct.COVERAGE: _PLANNERS,
    ProposedAct.WITHDRAWAL: _PLANNERS,
}
DECIDERS = frozenset({Role.REVIEWER})


@transaction.atomic
def propose(
    *,
    act: ProposedAct,
    office: Office,
    facts: Mapping[str, Any],
    edition: Edition | None = None,
    document: Document | None = None,
    extent: MultiPolygon | None = None,
    preview: Mapping[str, Any] | None = None,
    by: User,
) -> Proposal:
    """Keep the act with its facts until another member decides; `facts` may hold dates and rows.

    Raises Forbidden where the user may not propose this for the office.
    """
    _require(by, office, PROPOSERS[act])
    with acting(by):
        return Proposal.objects.create(
            act=act,
            office=office,
            edition=edition,
            document=document,
            extent=extent,
            facts=plain(facts),
            preview=dict(preview or {}),
            proposed_by=by,
        )


@transaction.atomic
def publish(*, proposal: Proposal, seen: int, by: User) -> Publication:
    """Carry out the act: the proposer publishes, `by` approves. `seen` is the revision that `by` looked at.

    Raises Forbidden and Refused as the verb does, and Refused where it is decided already, where `by`
    proposed it, or where something was published since `by` looked.
    """
    with acting(by, f"proposal {proposal.pk}"):
        lock()
        held = _waiting(proposal, by=by)
        if Publication.objects.latest_revision() != seen:
            raise Refused(Reason.CHANGED_SINCE, proposal=held.pk, seen=seen)
        made = _carry_out(held, approved_by=by)
        _decide(held, ProposalState.PUBLISHED, by=by, publication=made)
        return made


@transaction.atomic
def reject(*, proposal: Proposal, reason: str, by: User) -> Proposal:
    """Decide that it is not done, and say why. Raises Forbidden and Refused."""
    if not reason.strip():
        raise Refused(Reason.REQUIRED, field="reason", proposal=proposal.pk)
    with acting(by, reason):
        return _decide(_waiting(proposal, by=by), ProposalState.REJECTED, by=by, reason=reason)


@transaction.atomic
def take_back(*, proposal: Proposal, by: User) -> Proposal:
    """The proposer thinks better of it. Raises Forbidden for anybody else, Refused once it is decided."""
    held = _held(proposal)
    if held.proposed_by_id != by.pk:
        raise _forbidden(by, held.office, PROPOSERS[ProposedAct(held.act)])
    with acting(by):
        return _decide(held, ProposalState.TAKEN_BACK, by=by)


def plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts as they are kept: dates, numbers of declarations and rows as text or key."""
    return {name: _plain(value) for name, value in facts.items()}


def event_of(proposal: Proposal) -> PlanEvent:
    """The event that is proposed, not saved."""
    if proposal.edition is None:
        raise ValueError(f"proposal {proposal.pk} names no edition")
    facts = proposal.facts
    return PlanEvent(
        edition=proposal.edition,
        kind=facts["kind"],
        on=_required_day(facts["on"]),
        effective_from=_required_day(facts.get("effective_from") or facts["on"]),
        effective_to=_day(facts.get("effective_to")),
        corrects_id=facts.get("corrects"),
        is_void=facts.get("is_void", False),
        extent=proposal.extent,
        document=proposal.document,
        note=facts.get("note", ""),
    )


def ruling_of(proposal: Proposal) -> ConflictRuling:
    """The ruling that is proposed, not saved."""
    facts = proposal.facts
    plans = Plan.objects.select_related("office").in_bulk([facts["plan"], facts["other_plan"]])
    return ConflictRuling(
        plan=plans[facts["plan"]],
        other_plan=plans[facts["other_plan"]],
        text=facts["text"],
        on=_required_day(facts["on"]),
        effective_from=_required_day(facts.get("effective_from") or facts["on"]),
        effective_to=_day(facts.get("effective_to")),
        carried_out_id=facts.get("carried_out"),
        extent=proposal.extent,
        document=proposal.document,
    )


def _carry_out(proposal: Proposal, *, approved_by: User) -> Publication:
    members: dict[str, User] = {"by": proposal.proposed_by, "approved_by": approved_by}
    match ProposedAct(proposal.act):
        case ProposedAct.EVENT:
            return _record_event(proposal, members)
        case ProposedAct.RULING:
            return _record_ruling(proposal, members)
        case ProposedAct.COVERAGE:
            return _declare(proposal, members)
        case ProposedAct.WITHDRAWAL:
            facts = proposal.facts
            return publication.withdraw_coverage(
                declaration=UUID(facts["declaration"]), reason=facts["reason"], **members
            )


def _record_event(proposal: Proposal, members: Mapping[str, User]) -> Publication:
    event = event_of(proposal)
    return lifecycle.record_event(
        edition=event.edition,
        kind=EventKind(event.kind),
        on=event.on,
        effective_from=event.effective_from,
        effective_to=event.effective_to,
        extent=event.extent,
        document=event.document,
        note=event.note,
        corrects=event.corrects,
        is_void=event.is_void,
        **members,
    )


def _record_ruling(proposal: Proposal, members: Mapping[str, User]) -> Publication:
    ruling = ruling_of(proposal)
    if ruling.document is None:
        raise Refused(Reason.REQUIRED, field="document", proposal=proposal.pk)
    return lifecycle.record_ruling(
        plan=ruling.plan,
        other_plan=ruling.other_plan,
        text=ruling.text,
        on=ruling.on,
        effective_from=ruling.effective_from,
        effective_to=ruling.effective_to,
        extent=ruling.extent,
        carried_out=ruling.carried_out,
        document=ruling.document,
        **members,
    )


def _declare(proposal: Proposal, members: Mapping[str, User]) -> Publication:
    facts = proposal.facts
    if proposal.extent is None:
        raise Refused(Reason.REQUIRED, field="extent", proposal=proposal.pk)
    as_of = _required_day(facts["as_of"])
    return publication.declare_coverage(
        theme=Theme.objects.get(pk=facts["theme"]),
        plan_kind=facts.get("plan_kind", ""),
        state=CoverageState(facts["state"]),
        geometry=proposal.extent,
        as_of=as_of,
        valid=(_day(facts.get("valid_from")) or as_of, _day(facts.get("valid_to"))),
        source=facts["source"],
        office=proposal.office,
        **members,
    )


def _held(proposal: Proposal) -> Proposal:
    """The proposal as it stands, held to the end of the transaction; Refused once it is decided."""
    rows = Proposal.objects.select_related("office", "edition__plan", "document", "proposed_by")
    held: Proposal = rows.select_for_update(of=("self",)).get(pk=proposal.pk)
    if held.state != ProposalState.WAITING:
        raise Refused(Reason.WRONG_STATE, proposal=held.pk, state=held.state)
    return held


def _waiting(proposal: Proposal, *, by: User) -> Proposal:
    """As `_held`, for a reviewer of the office who did not propose it."""
    held = _held(proposal)
    _require(by, held.office, DECIDERS)
    if held.proposed_by_id == by.pk:
        raise Refused(Reason.SAME_PERSON, user=by.get_username(), proposal=held.pk)
    return held


def _decide(
    held: Proposal,
    state: ProposalState,
    *,
    by: User,
    reason: str = "",
    publication: Publication | None = None,
) -> Proposal:
    held.state = state
    held.decided_by = by
    held.decided_at = timezone.now()
    held.reason = reason[:300]
    held.publication = publication
    held.save(update_fields=["state", "decided_by", "decided_at", "reason", "publication"])
    return held


def _require(user: User, office: Office, roles: Collection[Role]) -> None:
    if not (user.is_active and user.memberships.filter(office=office, role__in=sorted(roles)).exists()):
        raise _forbidden(user, office, roles)


def _forbidden(user: User, office: Office, roles: Collection[Role]) -> Forbidden:
    return Forbidden(
        Reason.NOT_A_MEMBER,
        user=user.get_username(),
        office=office.name,
        roles=sorted(role.value for role in roles),
    )


def _plain(value: Any) -> Any:
    match value:
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
        case Plan() | Theme() | PlanEvent():
            return value.pk
        case _:
            return value


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _required_day(text: str) -> date:
    return date.fromisoformat(text)
