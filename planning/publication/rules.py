"""Which dated facts may be recorded about an edition: checked under the lock, and before by the preview.

The same rules hold for an event recorded about a public edition and for the events that an edition brings
with it. They refuse what cannot be meant; whether a fact is true, they do not know.
"""

from collections.abc import Iterable, Sequence
from itertools import combinations

import shapely

from planning import crs
from planning.errors import CannotMeasure, Reason, Refused
from planning.models import (
    ConflictRuling,
    Document,
    DocumentKind,
    Edition,
    EventKind,
    LegalStatus,
    PlanEvent,
    Visibility,
)
from planning.publication import law
from planning.publication.cut import Slice, slices
from planning.publication.facts import acts_by_edition, counting, newest_correction
from planning.publication.shapes import metres

DECIDING = (DocumentKind.DECISION, DocumentKind.ACCEPTANCE)
# What people are told or asked needs no decision; what gives, takes or limits force does.
UNDECIDED = (EventKind.CONSULTATION_OPENED, EventKind.CONSULTATION_CLOSED, EventKind.PUBLISHED)
# Only these can be said to work until a day.
LASTING = (EventKind.SUSPENDED, *law.ENTERING)
_FATES = (
    EventKind.SUSPENDED,
    EventKind.EXPIRED,
    EventKind.ANNULLED,
    EventKind.ANNULLED_EX_TUNC,
    EventKind.REINSTATED,
)
_ENTRIES = (EventKind.APPROVED, EventKind.IN_FORCE)
# Extents that share less have an edge in common, no land; square metres.
LEAST_LAND = 1.0


def require_recordable(event: PlanEvent, edition: Edition) -> None:
    """Raise Refused unless the event, not saved yet, may be recorded about the public edition."""
    recorded_before = list(edition.events.public().select_related("document"))
    if event.kind == EventKind.CORRECTED:
        _require_correctable(event, edition, recorded_before)
    kind = meant(event)
    _require_sound(event, kind, edition)
    _require_first(event, kind, edition, recorded_before)
    if event.kind in _FATES:
        _require_entry(event, edition, recorded_before)
        _require_effect(event, edition)


def require_staged_recordable(edition: Edition) -> None:
    """Raise Refused unless all events that the staged edition brings with it may go public with it."""
    events = list(edition.events.select_related("document"))
    approvals = [event.document for event in events if event.kind == EventKind.APPROVED]
    for event in events:
        if event.kind == EventKind.CORRECTED:
            raise Refused(Reason.WRONG_STATE, edition=edition.code, event=event.kind, state="staged")
        # Without a paper of its own the decision that approved the edition stands behind its force.
        stands_in = event.kind == EventKind.IN_FORCE and any(map(_decides, approvals))
        _require_sound(event, EventKind(event.kind), edition, needs_decision=not stands_in)
        others = [other for other in events if other is not event]
        if event.kind == EventKind.REINSTATED:
            _require_entry(event, edition, others)
    _require_no_repetition(edition, events)


def require_rulable(ruling: ConflictRuling) -> None:
    """Raise Refused unless the ruling, not saved yet, says in writing what holds between two public plans."""
    facts = {"plan": ruling.plan_id, "other_plan": ruling.other_plan_id}
    _require_two_plans(ruling, facts)
    if not ruling.text.strip():
        raise Refused(Reason.REQUIRED, field="text", **facts)
    _require_paper(ruling, facts)
    if ruling.carried_out_id not in (None, ruling.plan_id, ruling.other_plan_id):
        raise Refused(Reason.CONTRADICTS, field="carried_out", **facts)
    if ruling.effective_to is not None and ruling.effective_to <= ruling.effective_from:
        begins, ends = ruling.effective_from.isoformat(), ruling.effective_to.isoformat()
        raise Refused(Reason.ENDS_BEFORE_IT_BEGINS, **facts, begins=begins, ends=ends)
    if ruling.extent is not None and (ruling.extent.empty or not ruling.extent.valid):
        raise Refused(Reason.INVALID_GEOMETRY, field="extent", what=ruling.plan_id, **facts)


def _require_two_plans(ruling: ConflictRuling, facts: dict[str, str]) -> None:
    is_invented = ruling.plan.office.is_demonstration
    # What is invented says nothing about a real plan, and must be removable.
    if ruling.plan_id == ruling.other_plan_id or is_invented != ruling.other_plan.office.is_demonstration:
        raise Refused(Reason.CONTRADICTS, field="other_plan", **facts)
    for plan in (ruling.plan, ruling.other_plan):
        if not plan.editions.public().exists():
            raise Refused(Reason.WRONG_STATE, **{**facts, "plan": plan.pk}, state=Visibility.STAGED.value)


def _require_paper(ruling: ConflictRuling, facts: dict[str, str]) -> None:
    """A paper of the own plan, or a public one of the other: nobody publishes another office's papers."""
    if ruling.document_id is None:
        raise Refused(Reason.WITHOUT_DECISION, **facts)
    paper = ruling.document
    is_foreign = paper.plan_id == ruling.other_plan_id and paper.publication_id is not None
    if paper.plan_id != ruling.plan_id and not is_foreign:
        raise Refused(Reason.CONTRADICTS, field="document", **facts)


def meant(event: PlanEvent) -> EventKind:
    """The kind of the event, or of the one that it corrects at last."""
    while event.corrects is not None:
        event = event.corrects
    return EventKind(event.kind)


def _require_correctable(event: PlanEvent, edition: Edition, before: Iterable[PlanEvent]) -> None:
    if event.corrects_id is None:
        raise Refused(Reason.REQUIRED, field="corrects", edition=edition.code)
    target = next((row for row in before if row.pk == event.corrects_id), None)
    if target is None:
        raise Refused(Reason.CONTRADICTS, field="corrects", edition=edition.code, event=event.corrects_id)
    newest = newest_correction(target)
    if newest.pk != target.pk:
        raise Refused(Reason.ALREADY_CORRECTED, edition=edition.code, event=target.pk, newest=newest.pk)


def _require_sound(
    event: PlanEvent, kind: EventKind, edition: Edition, *, needs_decision: bool = True
) -> None:
    """Dates, decision and extent by themselves."""
    facts = {"edition": edition.code, "event": kind.value}
    if event.corrects_id is None and event.is_void:
        raise Refused(Reason.REQUIRED, field="corrects", **facts)
    if event.effective_to is not None and not event.is_void:
        if kind not in LASTING:
            raise Refused(Reason.CONTRADICTS, field="effective_to", **facts)
        if event.effective_to <= event.effective_from:
            raise Refused(
                Reason.ENDS_BEFORE_IT_BEGINS,
                **facts,
                begins=event.effective_from.isoformat(),
                ends=event.effective_to.isoformat(),
            )
    if needs_decision and kind not in UNDECIDED:
        _require_decision(event, facts)
    if event.document is not None and event.document.plan_id != edition.plan_id:
        raise Refused(Reason.CONTRADICTS, field="document", **facts)
    _require_extent(event, edition, facts)


def _require_decision(event: PlanEvent, facts: dict[str, str]) -> None:
    # That something was recorded in error is no act of an authority; a word on it is enough.
    if not _decides(event.document) and not (event.is_void and event.note):
        raise Refused(Reason.WITHOUT_DECISION, **facts)


def _decides(document: Document | None) -> bool:
    return document is not None and document.kind in DECIDING


def _require_extent(event: PlanEvent, edition: Edition, facts: dict[str, str]) -> None:
    if event.extent is None:
        return
    if event.extent.empty or not event.extent.valid:
        raise Refused(Reason.INVALID_GEOMETRY, field="extent", **facts)
    if edition.extent is None:
        return
    system = crs.parse(edition.plan.metric_crs)
    shared = shapely.intersection(metres(event.extent, system), metres(edition.extent, system))
    # An edge in common is no land in common.
    if shared.area < LEAST_LAND:
        raise Refused(Reason.OUTSIDE_EDITION, **facts)


def _require_first(event: PlanEvent, kind: EventKind, edition: Edition, before: Sequence[PlanEvent]) -> None:
    """Land of an edition is approved once and comes in force once; the edition may do so part by part.

    Asked of what will stand: a correction that is void makes what it corrects stand again.
    """
    if kind not in _ENTRIES:
        return
    counts = counting([*before, event], crs.parse(edition.plan.metric_crs))
    own = counts.pop(_root(event), None)
    if own is None:
        return
    # Whoever forgot the approval of what is in force corrects nothing by recording it late.
    kinds = {kind} if event.kind == EventKind.CORRECTED else {kind, EventKind.IN_FORCE}
    others = [one for one in counts.values() if one.kind in kinds and _share_land(one.region, own.region)]
    if others:
        raise Refused(
            Reason.ALREADY_RECORDED, edition=edition.code, event=kind.value, state=others[0].kind.value
        )


def _require_no_repetition(edition: Edition, events: Sequence[PlanEvent]) -> None:
    system = crs.parse(edition.plan.metric_crs)
    for kind in _ENTRIES:
        own = [one.region for one in counting(events, system).values() if one.kind == kind]
        if any(_share_land(one, other) for one, other in combinations(own, 2)):
            raise Refused(Reason.ALREADY_RECORDED, edition=edition.code, event=kind.value, state=kind.value)


def _share_land(one: law.Region, other: law.Region) -> bool:
    """Whether two extents, None everywhere, have more than an edge in common."""
    shared = law.meet(one, other)
    return one is None or other is None or (shared is not None and shared.area >= LEAST_LAND)


def _root(event: PlanEvent) -> int | None:
    while event.corrects is not None:
        event = event.corrects
    return event.pk


def _require_entry(event: PlanEvent, edition: Edition, others: Iterable[PlanEvent]) -> None:
    if event.kind != EventKind.REINSTATED:
        return
    system = crs.parse(edition.plan.metric_crs)
    counts = counting(others, system)
    if not any(one.kind == EventKind.IN_FORCE for one in counts.values()):
        raise Refused(Reason.NEVER_IN_FORCE, edition=edition.code, event=event.kind)


def _require_effect(event: PlanEvent, edition: Edition) -> None:
    """Refuse what changes nothing anywhere: the land has no status that the event works on."""
    without = acts_by_edition(edition.plan)[edition]
    supposed = acts_by_edition(edition.plan, supposing=event)[edition]
    system = crs.parse(edition.plan.metric_crs)
    if edition.extent is None:
        raise CannotMeasure(Reason.EMPTY_GEOMETRY, what=edition.code)
    land = metres(edition.extent, system)
    before = slices(land, law.reaching(without, ""))
    if _texts(before) != _texts(slices(land, law.reaching(supposed, ""))):
        return
    # Land whose single contents were struck may be all that is concerned.
    if law.contents(without) and _texts(slices(land, without)) != _texts(slices(land, supposed)):
        return
    states = {part.status for part in before if _covers(part, event)}
    if event.kind == EventKind.SUSPENDED and LegalStatus.APPROVED in states:
        return
    state = ", ".join(sorted(states)) or "-"
    raise Refused(Reason.WITHOUT_EFFECT, edition=edition.code, event=event.kind, state=state)


def _covers(part: Slice, event: PlanEvent) -> bool:
    return part.begins <= event.effective_from and (part.ends is None or event.effective_from < part.ends)


def _texts(parts: Iterable[Slice]) -> list[tuple[object, ...]]:
    return [
        (part.status, part.begins, part.ends, part.causes, part.geometry and part.geometry.wkb)
        for part in parts
    ]
