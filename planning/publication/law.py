"""The law of a plan, computed from dated facts: a pure function, frozen values in, frozen values out.

It knows no database. Events of editions and replacements by other plans become *acts* on an edition,
each with a day, a region and an effect; a patch of land goes from one legal status to the next as the
acts that reach it are applied in their order. That order is a property of the facts (day, kind, edition
number, decision), never of when somebody recorded them. What has been replaced stays replaced: no act
but a reinstatement may lead back into force, whatever becomes of the edition that replaced it.

A new kind of event needs a row in `EFFECTS` (its place there is its rank among acts of one day).
Regions are shapely polygons in metres, in the metric system of the plan; None is everywhere.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import shapely
from shapely.geometry.base import BaseGeometry

from planning.models import EventKind, LegalStatus

Region = BaseGeometry | None
Status = LegalStatus | None  # None: the law does not know the land yet

REPLACED = "replaced"  # not an event of the edition itself: another edition came in force over it


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A dated fact about an edition, done `on` a day and working from another.

    `decision` is the number of the document behind it.
    """

    kind: EventKind
    on: date
    effective_from: date
    region: Region = None
    decision: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One content of a plan. `extent` matters where it is a local adjustment: it replaces only there."""

    code: str
    number: int
    is_local: bool
    extent: Region
    published_on: date
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Cause:
    """What gave a status, in codes that outlive the rows: edition, kind of event, decision."""

    edition: str
    event: str
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """An edition of another plan that came in force and, by a recorded relation, replaces this plan."""

    on: date
    region: Region
    cause: Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What an edition undergoes on a day within a region."""

    on: date
    kind: str
    region: Region
    cause: Cause
    number: int = 0  # of the edition that acts


@dataclass(frozen=True, slots=True)
class State:
    """The legal state of a patch of land, and what gave it."""

    status: LegalStatus
    cause: Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A status from a day on, to a day that no longer counts (None: without end)."""

    status: LegalStatus
    begins: date
    ends: date | None
    causes: tuple[Cause, ...]


_BEFORE_FORCE: frozenset[Status] = frozenset({None, LegalStatus.DRAFT, LegalStatus.APPROVED})
_NOT_OVER: frozenset[Status] = _BEFORE_FORCE | {LegalStatus.IN_FORCE, LegalStatus.SUSPENDED}

# kind of act: (statuses it works on, status it leads to); on any other status it has no effect
EFFECTS: dict[str, tuple[frozenset[Status], LegalStatus]] = {
    EventKind.CONSULTATION_OPENED: (frozenset({None}), LegalStatus.DRAFT),
    EventKind.APPROVED: (frozenset({None, LegalStatus.DRAFT}), LegalStatus.APPROVED),
    EventKind.IN_FORCE: (_BEFORE_FORCE, LegalStatus.IN_FORCE),
    REPLACED: (frozenset({LegalStatus.IN_FORCE, LegalStatus.SUSPENDED}), LegalStatus.SUPERSEDED),
    EventKind.ANNULLED: (_NOT_OVER, LegalStatus.ANNULLED),
    EventKind.ANNULLED_EX_TUNC: (_NOT_OVER | {LegalStatus.SUPERSEDED}, LegalStatus.ANNULLED),
}
# Acts of one day are taken in this order.
RANK: dict[str, int] = {kind: rank for rank, kind in enumerate(EFFECTS)}


def apply(state: State | None, act: Act) -> State | None:
    """The state after the act; the same object where the act has no effect."""
    works_on, leads_to = EFFECTS[act.kind]
    status = state.status if state else None
    return State(leads_to, act.cause) if status in works_on else state


def acts_on(
    edition: Edition, others: Iterable[Edition], replacements: Iterable[Replacement] = ()
) -> tuple[Act, ...]:
    """All acts on the edition, in the order in which the law takes them.

    `others` are the other editions of the plan, `replacements` come from other plans.
    """
    acts = [*_own_acts(edition)]
    acts += [
        Act(on=entry.on, kind=REPLACED, region=entry.region, cause=entry.cause, number=other.number)
        for other, entry in _successors(edition, others)
    ]
    acts += [Act(on=r.on, kind=REPLACED, region=r.region, cause=r.cause) for r in replacements]
    return tuple(sorted(acts, key=_order))


def succeeded_on(edition: Edition, others: Iterable[Edition]) -> date | None:
    """From which day a later whole edition of the plan is law everywhere in its place; None: it is not."""
    return min((entry.on for _, entry in _successors(edition, others) if entry.region is None), default=None)


def entries_into_force(edition: Edition) -> tuple[Replacement, ...]:
    """When and where the edition came in force, hence what it replaces from that day on.

    A whole edition replaces everywhere, a local adjustment within its extent. Land for which it was
    annulled before it came in force is not replaced; an annulment decided later gives nothing back, however
    far it reaches back.
    """
    entries = []
    for event in edition.events:
        if event.kind == EventKind.IN_FORCE:
            lost = [e for e in edition.events if _comes_before(e, event)]
            region = _without(edition, event, lost)
            if region is None or not region.is_empty:
                cause = Cause(edition=edition.code, event=event.kind, document=event.decision)
                entries.append(Replacement(on=event.effective_from, region=region, cause=cause))
    return tuple(entries)


def timeline(acts: Iterable[Act]) -> tuple[Segment, ...]:
    """The statuses of a patch of land that all these acts reach, without gap, the last one open."""
    steps: list[tuple[date, State]] = []
    state: State | None = None
    for act in acts:
        after = apply(state, act)
        if after is state or after is None:
            continue
        if steps and steps[-1][0] == act.on:
            steps.pop()
        steps.append((act.on, after))
        state = after
    ends = [*(begins for begins, _ in steps[1:]), None]
    return tuple(_segment(step, end) for step, end in zip(steps, ends, strict=True)) if steps else ()


def everywhere(acts: Iterable[Act]) -> tuple[Act, ...]:
    """The acts that reach land outside all bounded regions."""
    return tuple(act for act in acts if act.region is None)


def regions(acts: Iterable[Act]) -> tuple[BaseGeometry, ...]:
    """The bounded regions that some act is confined to."""
    return tuple(act.region for act in acts if act.region is not None)


def _own_acts(edition: Edition) -> Iterable[Act]:
    gives_status = (EventKind.CONSULTATION_OPENED, EventKind.APPROVED, EventKind.IN_FORCE)
    if not any(event.kind in gives_status and event.region is None for event in edition.events):
        # Public without a word on its status, at least on some of its land: a draft from that day.
        cause = Cause(edition=edition.code, event="published", document="")
        yield Act(on=edition.published_on, kind=EventKind.CONSULTATION_OPENED, region=None, cause=cause)
    for event in edition.events:
        cause = Cause(edition=edition.code, event=event.kind, document=event.decision)
        for day, region in _reach(edition, event):
            yield Act(on=day, kind=event.kind, region=region, cause=cause, number=edition.number)


def _reach(edition: Edition, event: Event) -> Iterable[tuple[date, Region]]:
    """The day and region of an event; an annulment ex tunc reaches back to each beginning of force."""
    begun = [e for e in edition.events if e.kind == EventKind.IN_FORCE]
    if event.kind != EventKind.ANNULLED_EX_TUNC or not begun:
        yield event.effective_from, event.region
        return
    for entry in begun:
        is_early = _comes_before(event, entry)
        day = min(entry.effective_from, event.effective_from) if is_early else entry.effective_from
        yield day, _meet(entry.region, event.region)


def _successors(edition: Edition, others: Iterable[Edition]) -> Iterable[tuple[Edition, Replacement]]:
    """The other editions of the plan that came in force over this one, with the day and the region."""
    begun = _first_force(edition)
    for other in others:
        for entry in entries_into_force(other):
            if begun is not None and (entry.on, other.number) > (begun, edition.number):
                yield other, entry


def _first_force(edition: Edition) -> date | None:
    days = [event.effective_from for event in edition.events if event.kind == EventKind.IN_FORCE]
    return min(days, default=None)


def _comes_before(event: Event, entry: Event) -> bool:
    """Whether the event is an annulment that kept the entry into force from ever working."""
    if event.on >= entry.effective_from:
        return False
    if event.kind == EventKind.ANNULLED_EX_TUNC:
        return True
    return event.kind == EventKind.ANNULLED and event.effective_from <= entry.effective_from


def _without(edition: Edition, event: Event, lost: Sequence[Event]) -> Region:
    """Where the event puts the edition in force, less the land lost before."""
    region = _meet(edition.extent if edition.is_local else None, event.region)
    if not lost:
        return region
    if any(annulment.region is None for annulment in lost):
        return shapely.MultiPolygon()
    left = region if region is not None else edition.extent
    return shapely.difference(left, shapely.union_all([annulment.region for annulment in lost]))


def _meet(one: Region, other: Region) -> Region:
    if one is None or other is None:
        return one if other is None else other
    return shapely.intersection(one, other)


def _order(act: Act) -> tuple[object, ...]:
    """A total order made of the facts alone."""
    place = b"" if act.region is None else shapely.to_wkb(shapely.normalize(act.region))
    return (act.on, RANK[act.kind], act.number, act.cause.document, act.cause.edition, place)


def _segment(step: tuple[date, State], ends: date | None) -> Segment:
    begins, state = step
    return Segment(status=state.status, begins=begins, ends=ends, causes=(state.cause,))
