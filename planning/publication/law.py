"""The law of a plan, computed from dated facts: a pure function, frozen values in, frozen values out.

It knows no database and no correction (`planning.corrections` has applied them). Events of editions and
replacements by other plans become *acts* on an edition, each with a day, a region and an effect; a patch
of land goes from one legal status to the next as the acts that reach it are applied in their order. That
order is a property of the facts, never of when somebody recorded them: on one day first what gives or takes
force (by kind, edition number, decision), then the later fates by the day on which they were decided, so
that of two retroactive decisions the later one counts. What has been replaced stays replaced: no act but a
reinstatement leads back into force, whatever becomes of the edition that replaced it.

A new kind of event needs a row in `EFFECTS` (its place there is its rank among acts of one day).
Regions are shapely polygons in metres, in the metric system of the plan; None is everywhere.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import shapely
from shapely.geometry.base import BaseGeometry

from planning.models import EventKind, LegalStatus

Region = BaseGeometry | None
Status = LegalStatus | None  # None: the law does not know the land yet

# Not events of the edition itself: another edition came in force over it, a suspension ended.
REPLACED = "replaced"
RESUMED = "resumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A dated fact about an edition, done `on` a day and working from another.

    `effective_to` is the first day on which it no longer works; `decision` is the number of the document
    behind it.
    """

    kind: EventKind
    on: date
    effective_from: date
    effective_to: date | None = None
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
    """An edition of another plan that came in force and, by a recorded relation, replaces this plan.

    With `contents` it replaces only the zones and restrictions of these public ids.
    """

    on: date
    region: Region
    cause: Cause
    contents: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Suspension:
    """A suspension while it lasts; two that cannot be told apart begin and end together."""

    decided: date
    cause: Cause
    ends: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What an edition undergoes on a day within a region; with `contents` only these zones and lines do.

    `at_entry` marks a suspension decided for what was not in force yet: it works where force begins that
    very day.
    """

    on: date
    kind: str
    region: Region
    cause: Cause
    number: int = 0  # of the edition that acts
    decided: date = date.min
    suspension: Suspension | None = None
    at_entry: bool = False
    contents: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class State:
    """The legal state of a patch of land, what gave it and since when.

    Of suspended land also what had put it in force, and the suspensions that last.
    """

    status: LegalStatus
    cause: Cause
    since: date
    force: Cause | None = None
    held: frozenset[Suspension] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A status from a day on, to a day that no longer counts (None: without end)."""

    status: LegalStatus
    begins: date
    ends: date | None
    causes: tuple[Cause, ...]


_BEFORE_FORCE: frozenset[Status] = frozenset({None, LegalStatus.DRAFT, LegalStatus.APPROVED})
_NOT_OVER: frozenset[Status] = _BEFORE_FORCE | {LegalStatus.IN_FORCE, LegalStatus.SUSPENDED}
_LOST: frozenset[Status] = frozenset(
    {LegalStatus.SUSPENDED, LegalStatus.SUPERSEDED, LegalStatus.EXPIRED, LegalStatus.ANNULLED}
)

# kind of act: (statuses it works on, status it leads to); on any other status it has no effect
EFFECTS: dict[str, tuple[frozenset[Status], LegalStatus]] = {
    EventKind.CONSULTATION_OPENED: (frozenset({None}), LegalStatus.DRAFT),
    EventKind.APPROVED: (frozenset({None, LegalStatus.DRAFT}), LegalStatus.APPROVED),
    EventKind.IN_FORCE: (_BEFORE_FORCE, LegalStatus.IN_FORCE),
    REPLACED: (frozenset({LegalStatus.IN_FORCE, LegalStatus.SUSPENDED}), LegalStatus.SUPERSEDED),
    EventKind.SUSPENDED: (frozenset({LegalStatus.IN_FORCE}), LegalStatus.SUSPENDED),
    RESUMED: (frozenset({LegalStatus.SUSPENDED}), LegalStatus.IN_FORCE),
    EventKind.EXPIRED: (
        frozenset({LegalStatus.APPROVED, LegalStatus.IN_FORCE, LegalStatus.SUSPENDED}),
        LegalStatus.EXPIRED,
    ),
    EventKind.ANNULLED: (_NOT_OVER, LegalStatus.ANNULLED),
    EventKind.ANNULLED_EX_TUNC: (_NOT_OVER | {LegalStatus.SUPERSEDED}, LegalStatus.ANNULLED),
    EventKind.REINSTATED: (_LOST, LegalStatus.IN_FORCE),
}
# Metres around all extents within which "everywhere" lies where it has to be drawn.
_BEYOND = 10_000.0
# Events whose `effective_to` ends the force that they gave.
ENTERING = (EventKind.IN_FORCE, EventKind.REINSTATED)
# Acts of one day are taken in this order; those after REPLACED by the day of their decision first.
RANK: dict[str, int] = {kind: rank for rank, kind in enumerate(EFFECTS)}


def apply(state: State | None, act: Act) -> State | None:
    """The state after the act; the same object where the act has no effect."""
    if act.suspension is not None:
        return _suspend(state, act, act.suspension)
    works_on, leads_to = EFFECTS[act.kind]
    status = state.status if state else None
    return State(leads_to, act.cause, act.on) if status in works_on else state


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
    acts += [
        Act(on=r.on, kind=REPLACED, region=r.region, cause=r.cause, contents=r.contents) for r in replacements
    ]
    return tuple(sorted(acts, key=_order))


def succeeded_on(edition: Edition, others: Iterable[Edition]) -> date | None:
    """From which day a later whole edition of the plan is law everywhere in its place; None: it is not."""
    return min((entry.on for _, entry in _successors(edition, others) if entry.region is None), default=None)


def entries_into_force(
    edition: Edition, *, over: Region = None, beyond_extent: bool = False
) -> tuple[Replacement, ...]:
    """When and where the edition came in force, hence what it replaces from that day on.

    A whole edition replaces everywhere, a local adjustment within its extent, unless the document says what
    it replaces and that may reach `beyond_extent`. Land for which it was annulled or expired before it came
    in force is not replaced; what is decided later gives nothing back, however far it reaches back. `over`
    is the land that may be replaced.
    """
    entries = []
    for event in _entries(edition):
        lost = [*_lost_before(edition, event)]
        own = edition.extent if edition.is_local and not beyond_extent else None
        region = _without(meet(own, event.region), lost, around=(edition.extent, over))
        if region is None or not region.is_empty:
            cause = Cause(edition=edition.code, event=event.kind, document=event.decision)
            entries.append(Replacement(on=event.effective_from, region=region, cause=cause))
    return tuple(entries)


def timeline(acts: Iterable[Act]) -> tuple[Segment, ...]:
    """The statuses of a patch of land that all these acts reach, without gap, the last one open."""
    steps: list[State] = []
    days: list[date] = []
    state: State | None = None
    for act in acts:
        state = apply(state, act)
        if state is None:
            continue
        if days and days[-1] == act.on:
            days.pop()
            steps.pop()
        # What ends the day as it began it is no step.
        if not steps or (steps[-1].status, steps[-1].cause) != (state.status, state.cause):
            days.append(act.on)
            steps.append(state)
    ends = [*days[1:], None]
    return tuple(
        Segment(status=step.status, begins=day, ends=end, causes=(step.cause,))
        for step, day, end in zip(steps, days, ends, strict=False)
    )


def everywhere(acts: Iterable[Act]) -> tuple[Act, ...]:
    """The acts that reach land outside all bounded regions, whatever stands on it."""
    return tuple(act for act in acts if act.region is None and not act.contents)


def reaching(acts: Iterable[Act], public_id: str) -> tuple[Act, ...]:
    """The acts without those that are confined to single contents other than this."""
    return tuple(act for act in acts if not act.contents or public_id in act.contents)


def regions(acts: Iterable[Act]) -> tuple[BaseGeometry, ...]:
    """The bounded regions that some act is confined to, whatever stands there."""
    return tuple(act.region for act in acts if act.region is not None and not act.contents)


def contents(acts: Iterable[Act]) -> frozenset[str]:
    """The public ids of the zones and restrictions that some act names one by one."""
    return frozenset().union(*(act.contents for act in acts))


def _suspend(state: State | None, act: Act, suspension: Suspension) -> State | None:
    """The state after a suspension began or ended."""
    if state is None or (act.at_entry and state.since != act.on):
        return state
    if act.kind == EventKind.SUSPENDED:
        if state.status == LegalStatus.IN_FORCE:
            held = frozenset({suspension})
            return State(LegalStatus.SUSPENDED, act.cause, act.on, force=state.cause, held=held)
        if state.status == LegalStatus.SUSPENDED and suspension not in state.held:
            return replace(state, held=state.held | {suspension})
        return state
    if suspension not in state.held:
        return state
    held = state.held - {suspension}
    if not held:
        return State(LegalStatus.IN_FORCE, state.force or act.cause, act.on)
    causes = {other.cause for other in held}
    return replace(state, held=held, cause=state.cause if state.cause in causes else min(held).cause)


def _own_acts(edition: Edition) -> Iterator[Act]:
    gives_status = (EventKind.CONSULTATION_OPENED, EventKind.APPROVED, EventKind.IN_FORCE)
    if not any(event.kind in gives_status and event.region is None for event in edition.events):
        # Public without a word on its status, at least on some of its land: a draft from that day.
        cause = Cause(edition=edition.code, event="published", document="")
        yield Act(on=edition.published_on, kind=EventKind.CONSULTATION_OPENED, region=None, cause=cause)
    for event in edition.events:
        # To close a consultation or to make the plan known changes no status.
        if event.kind in EFFECTS:
            yield from _acts_of(edition, event)


def _acts_of(edition: Edition, event: Event) -> Iterator[Act]:
    """What the event does on each day on which it does something."""
    cause = Cause(edition=edition.code, event=event.kind, document=event.decision)
    act = Act(
        on=event.effective_from,
        kind=event.kind,
        region=event.region,
        cause=cause,
        number=edition.number,
        decided=event.on,
    )
    if event.kind == EventKind.SUSPENDED:
        yield from _suspending(edition, event, act)
        return
    for day, region in _reach(edition, event):
        yield replace(act, on=day, region=region)
        if event.effective_to is not None and event.kind in ENTERING:
            yield replace(act, on=event.effective_to, region=region, kind=EventKind.EXPIRED)


def _suspending(edition: Edition, event: Event, act: Act) -> Iterator[Act]:
    """Begin and end of a suspension; once more where force begins while it lasts."""
    ends = event.effective_to or date.max
    act = replace(act, suspension=Suspension(decided=event.on, cause=act.cause, ends=ends))
    yield act
    for entry in _entries(edition):
        if event.effective_from < entry.effective_from < ends:
            region = meet(entry.region, event.region)
            yield replace(act, on=entry.effective_from, region=region, at_entry=True)
    if event.effective_to is not None:
        yield replace(act, on=ends, kind=RESUMED)


def _reach(edition: Edition, event: Event) -> Iterator[tuple[date, Region]]:
    """The days and regions on which an event works that is no suspension."""
    if event.kind == EventKind.REINSTATED:
        yield from _reinstated(edition, event)
    elif event.kind == EventKind.ANNULLED_EX_TUNC and _entries(edition):
        yield from _back_to_the_beginnings(edition, event)
    else:
        yield event.effective_from, event.region


def _reinstated(edition: Edition, event: Event) -> Iterator[tuple[date, Region]]:
    """Where the edition came in force, and not before it did."""
    for entry in sorted(_entries(edition), key=lambda entry: (entry.effective_from, entry.region is None)):
        day = max(event.effective_from, entry.effective_from)
        if event.effective_to is None or day < event.effective_to:
            yield day, meet(entry.region, event.region)
        if entry.region is None:
            return


def _back_to_the_beginnings(edition: Edition, annulment: Event) -> Iterator[tuple[date, Region]]:
    """An annulment ex tunc reaches back to each beginning of force, and to what was reinstated before it.

    Land that never came in force, where others did part by part, it annuls from its own day.
    """
    entries = _entries(edition)
    never = _without(annulment.region, [entry.region for entry in entries], around=(edition.extent,))
    if never is None or not never.is_empty:
        yield annulment.effective_from, never
    for entry in entries:
        is_early = _comes_before(annulment, entry)
        day = min(entry.effective_from, annulment.effective_from) if is_early else entry.effective_from
        yield day, meet(entry.region, annulment.region)
    for event in edition.events:
        if event.kind == EventKind.REINSTATED and event.on < annulment.on:
            for day, region in _reinstated(edition, event):
                yield day, meet(region, annulment.region)


def _entries(edition: Edition) -> Sequence[Event]:
    return [event for event in edition.events if event.kind == EventKind.IN_FORCE]


def _successors(edition: Edition, others: Iterable[Edition]) -> Iterable[tuple[Edition, Replacement]]:
    """The other editions of the plan that came in force over this one, with the day and the region."""
    begun = _first_force(edition)
    for other in others:
        for entry in entries_into_force(other, over=edition.extent):
            if begun is not None and (entry.on, other.number) > (begun, edition.number):
                yield other, entry


def _first_force(edition: Edition) -> date | None:
    return min((entry.effective_from for entry in _entries(edition)), default=None)


def _lost_before(edition: Edition, entry: Event) -> Iterator[Region]:
    """Land for which the entry into force never worked: annulled before it, or approved and expired."""
    approvals = [event for event in edition.events if event.kind == EventKind.APPROVED]
    for event in edition.events:
        if _comes_before(event, entry):
            yield event.region
        elif event.kind == EventKind.EXPIRED and event.on < entry.effective_from > event.effective_from:
            approved = [one for one in approvals if one.effective_from <= event.effective_from]
            yield from (meet(event.region, approval.region) for approval in approved)


def _comes_before(event: Event, entry: Event) -> bool:
    """Whether the event is an annulment that kept the entry into force from ever working."""
    if event.on >= entry.effective_from:
        return False
    if event.kind == EventKind.ANNULLED_EX_TUNC:
        return True
    return event.kind == EventKind.ANNULLED and event.effective_from <= entry.effective_from


def _without(region: Region, lost: Sequence[Region], *, around: Iterable[Region]) -> Region:
    """The region less the lost ones; `around` bounds "everywhere"."""
    if not lost:
        return region
    if any(one is None for one in lost):
        return shapely.MultiPolygon()
    left = region
    if left is None:
        places = [place for place in around if place is not None]
        left = shapely.box(*shapely.total_bounds(places)).buffer(_BEYOND, join_style="mitre")
    return shapely.difference(left, shapely.union_all(lost))


def rank_of_facts(event: Event) -> tuple[object, ...]:
    """Of several corrections the one decided last counts; the rest only makes the order total."""
    place = b"" if event.region is None else shapely.to_wkb(shapely.normalize(event.region))
    return (event.on, event.decision, event.effective_from, event.effective_to or date.max, place)


def meet(one: Region, other: Region) -> Region:
    """What both regions share."""
    if one is None or other is None:
        return one if other is None else other
    shared = shapely.intersection(one, other)
    # An edge in common is no land; left beside the land, no overlay could be made with it.
    areas = [part for part in shapely.get_parts(shared) if shapely.get_dimensions(part) == 2]
    return shared if shared.geom_type.endswith("Polygon") else shapely.union_all(areas)


def _order(act: Act) -> tuple[object, ...]:
    """A total order made of the facts alone."""
    place = b"" if act.region is None else shapely.to_wkb(shapely.normalize(act.region))
    is_fate = RANK[act.kind] > RANK[REPLACED]
    return (
        act.on,
        is_fate,
        act.decided if is_fate else date.min,
        RANK[act.kind],
        act.number,
        act.cause.document,
        act.cause.edition,
        act.cause.event,
        act.suspension.ends if act.suspension else date.max,
        act.at_entry,
        sorted(act.contents),
        place,
    )
