"""What is law in a cell on a day: the acts of the facts played through, one day after the other.

A patch is a set of cells that lie in the same extents; its status is a single word, changed by one act at
a time in the order of the days. Written from the rules alone, for clearness and not for speed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from tests.oracle.facts import Edition, Event, Land, Relation, Town, everywhere, nowhere

NONE, DRAFT, APPROVED, IN_FORCE = "none", "draft", "approved", "in_force"
SUSPENDED, SUPERSEDED, EXPIRED, ANNULLED = "suspended", "superseded", "expired", "annulled"
STATUSES = (NONE, DRAFT, APPROVED, IN_FORCE, SUSPENDED, SUPERSEDED, EXPIRED, ANNULLED)

BEFORE_FORCE = {NONE, DRAFT, APPROVED}
# Acts of one day that give or take force come first, in this order; then the later fates in theirs.
FORCE = {"consultation_opened": 0, "approved": 1, "in_force": 2, "replaced": 3}
FATES = {"suspended": 0, "resumed": 1, "expired": 2, "annulled": 3, "annulled_ex_tunc": 4, "reinstated": 5}
MOVES: dict[str, tuple[set[str], str]] = {
    "consultation_opened": ({NONE}, DRAFT),
    "approved": ({NONE, DRAFT}, APPROVED),
    "in_force": (BEFORE_FORCE, IN_FORCE),
    "replaced": ({IN_FORCE, SUSPENDED}, SUPERSEDED),
    "suspended": ({IN_FORCE}, SUSPENDED),
    "resumed": ({SUSPENDED}, IN_FORCE),
    "expired": ({APPROVED, IN_FORCE, SUSPENDED}, EXPIRED),
    "annulled": ({*BEFORE_FORCE, IN_FORCE, SUSPENDED}, ANNULLED),
    "annulled_ex_tunc": ({*BEFORE_FORCE, IN_FORCE, SUSPENDED, SUPERSEDED}, ANNULLED),
    "reinstated": ({SUSPENDED, SUPERSEDED, EXPIRED, ANNULLED}, IN_FORCE),
}


@dataclass(frozen=True)
class Act:
    """One thing that happens to a patch on a day."""

    day: date
    order: tuple[object, ...]
    kind: str
    event: int | None = None
    until: date | None = None
    decided: date = date.max


def force(kind: str, day: date, *, number: int, decision: str) -> Act:
    return Act(day, (0, FORCE[kind], number, decision), kind)


def fate(kind: str, day: date, row: Event, *, until: date | None = None) -> Act:
    return Act(day, (1, row.on, FATES[kind], row.decision), kind, row.id, until, row.on)


# --- corrections ---


def as_corrected(events: Iterable[Event]) -> list[Event]:
    """The events as they stand after all corrections; those that never happened are left out."""
    rows = list(events)
    standing = ((row, _resolved(row, rows)) for row in rows if row.kind != "corrected")
    return [
        Event(
            id=row.id,
            edition=row.edition,
            kind=row.kind,
            on=counts.on,
            begins=counts.begins,
            ends=counts.ends,
            extent=counts.extent,
            decision=counts.decision,
            revision=row.revision,
        )
        for row, counts in standing
        if counts is not None
    ]


def _resolved(row: Event, rows: list[Event]) -> Event | None:
    """The facts that count for a row; None where a correction says that it never happened."""
    corrections = [_resolved(other, rows) for other in rows if other.corrects == row.id]
    standing = [counts for counts in corrections if counts is not None]
    if not standing:
        return row
    latest = max(standing, key=lambda counts: (counts.on, counts.decision))
    return None if latest.is_void else latest


# --- one patch ---


@dataclass
class Patch:
    """Cells with one fate: its status, and the suspensions that still last."""

    status: str = NONE
    lasting: dict[int, date | None] = field(default_factory=dict)
    changed: date = date.min
    has_expired_early: bool = False

    def undergo(self, act: Act) -> None:
        before, after = MOVES[act.kind]
        if act.kind == "suspended" and act.event is not None:
            self.lasting[act.event] = act.until
        if act.kind == "resumed" and act.event is not None:
            self.lasting.pop(act.event, None)
            if any(until is None or until > act.day for until in self.lasting.values()):
                return
        if act.kind == "in_force" and self.status == EXPIRED and self.changed < act.day:
            self.has_expired_early = True
        if self.status not in before:
            return
        self.changed = act.decided
        if act.kind == "reinstated":
            self.lasting.clear()
        self.status = after


def acts_of(events: Iterable[Event], number: int) -> Iterator[Act]:
    """The acts that the events of an edition mean for a patch that lies in all of their extents."""
    rows = list(events)
    entries = [row for row in rows if row.kind == "in_force"]
    entry = min((row.begins for row in entries), default=None)
    for row in rows:
        if row.kind in ("consultation_opened", "approved", "in_force"):
            yield force(row.kind, row.begins, number=number, decision=row.decision)
        elif row.kind in FATES:
            yield from _fates(row, rows, entry)
        if row.kind == "in_force" and row.ends is not None:
            yield fate("expired", row.ends, row)


def _fates(row: Event, rows: Iterable[Event], entry: date | None) -> Iterator[Act]:
    match row.kind:
        case "suspended":
            yield from _suspension(row, entry)
        case "expired" | "annulled":
            yield fate(row.kind, row.begins, row)
        case "annulled_ex_tunc":
            for day in sorted({*_reached(row, rows, entry)}):
                yield fate(row.kind, day, row)
        case "reinstated" if entry is not None and _lasts(row, entry):
            yield fate(row.kind, max(row.begins, entry), row)
            if row.ends is not None:
                yield fate("expired", row.ends, row)


def _suspension(row: Event, entry: date | None) -> Iterator[Act]:
    begins = row.begins
    if entry is not None and begins < entry:
        if row.ends is not None and row.ends <= entry:
            return
        begins = entry
    yield fate("suspended", begins, row, until=row.ends)
    if row.ends is not None:
        yield fate("resumed", row.ends, row)


def _reached(row: Event, rows: Iterable[Event], entry: date | None) -> Iterator[date]:
    """The days to which an annulment ex tunc reaches: the entry, and reinstatements decided before it.

    Decided before the entry, it may begin earlier; of what never enters it begins on its own day.
    """
    if entry is None:
        yield row.begins
        return
    yield min(row.begins, entry) if row.on < entry else entry
    for other in rows:
        if other.kind == "reinstated" and other.on < row.on and _lasts(other, entry):
            yield max(other.begins, entry)


def _lasts(reinstated: Event, entry: date) -> bool:
    """Whether it gives force for any time: not before the entry, not after its own end."""
    return reinstated.ends is None or max(reinstated.begins, entry) < reinstated.ends


def play(acts: Iterable[Act], first: date, last: date) -> tuple[list[str], bool]:
    """The status at the end of every day from `first` to `last`; whether it expired before its entry."""
    waiting: dict[date, list[Act]] = {}
    for act in acts:
        waiting.setdefault(act.day, []).append(act)
    patch, statuses, day = Patch(), [], min([first, *waiting])
    while day <= last:
        for act in sorted(waiting.get(day, ()), key=lambda act: act.order):
            patch.undergo(act)
        if day >= first:
            statuses.append(patch.status)
        day += timedelta(days=1)
    return statuses, patch.has_expired_early


def is_lost_before(event: Event, entry: Event) -> bool:
    """Whether the event is an annulment decided before the entry, which therefore never works."""
    if event.on >= entry.begins:
        return False
    is_early = event.kind == "annulled" and event.begins <= entry.begins
    return is_early or event.kind == "annulled_ex_tunc"


def reached_by(event: Event) -> Land:
    return everywhere() if event.extent is None else event.extent


# --- a whole town ---


@dataclass(frozen=True)
class Taking:
    """Land of a plan (or of single contents of it) that an edition takes out of force on a day.

    An edition of the plan itself succeeds only what began before it.
    """

    day: date
    land: Land
    number: int
    decision: str
    succeeds: bool

    def act(self) -> Act:
        return force("replaced", self.day, number=self.number, decision=self.decision)

    def reaches(self, begun: date | None, number: int) -> bool:
        """Whether it takes land of an edition of that number on which that began on the day."""
        return not self.succeeds or (begun is not None and (self.day, self.number) > (begun, number))


def _draft(edition: Edition) -> Event:
    """Public without a word on its status: a draft from the day on which it became public."""
    return Event(
        id=0,
        edition=edition.code,
        kind="consultation_opened",
        on=edition.published_on,
        begins=edition.published_on,
        revision=edition.revision,
    )


class Law:
    """The law of a town as known in one revision, for every cell and day of a calendar."""

    def __init__(self, town: Town, first: date, last: date) -> None:
        self.town, self.first, self.last = town, first, last
        self.events: dict[str, list[Event]] = {edition.code: [] for edition in town.editions}
        for event in as_corrected(town.events):
            self.events[event.edition].append(event)
        for edition in town.editions:
            if not any(e.kind in STATED and e.extent is None for e in self.events[edition.code]):
                self.events[edition.code].append(_draft(edition))
        self._played: dict[tuple[str, str], list[Land]] = {}
        self._coming: dict[tuple[str, str], list[Land]] = {}

    def on(self, edition: Edition, zone: str, day: date) -> Land:
        """Indices into STATUSES for every cell of the town, as the zone's edition stands on the day."""
        key = self._key(edition, zone)
        if key not in self._played:
            self._played[key] = self._play(edition, self._takings(edition, zone))[0]
        return self._played[key][(day - self.first).days]

    def ever_after(self, edition: Edition, zone: str, day: date) -> Land:
        """Cells in which the zone's edition is draft, approved or in force on any day after that one."""
        self.on(edition, zone, day)
        key = self._key(edition, zone)
        if key not in self._coming:
            self._coming[key] = list(_ever_after(self._played[key]))[::-1]
        return self._coming[key][(day - self.first).days]

    def _key(self, edition: Edition, zone: str) -> tuple[str, str]:
        return (edition.code, zone if self._is_named(zone) else "")

    def _is_named(self, zone: str) -> bool:
        return any(zone in relation.contents for relation in self.town.relations)

    def _takings(self, edition: Edition, zone: str) -> list[Taking]:
        takings = [t for other in self.town.editions for t in self._succession(other, edition)]
        return takings + [
            t for relation in self.town.relations for t in self._relation(relation, edition, zone)
        ]

    def _succession(self, later: Edition, earlier: Edition) -> Iterator[Taking]:
        """What an edition of the same plan replaces of another one, where that began before it."""
        if later.plan == earlier.plan and later is not earlier:
            land = later.extent if later.is_local else everywhere()
            yield from self._taken(later, land, "", succeeds=True)

    def _relation(self, relation: Relation, edition: Edition, zone: str) -> Iterator[Taking]:
        """What an edition of another plan takes of this one, or of this zone of it."""
        acting = next((e for e in self.town.editions if e.code == relation.edition), None)
        if acting is None or relation.target != edition.plan or relation.kind not in TAKING:
            return
        if relation.kind in NAMING:
            if zone not in relation.contents:
                return
            land = relation.extent if relation.extent is not None else everywhere()
        else:
            land = relation.extent if relation.extent is not None else acting.extent
        yield from self._taken(acting, land, relation.decision, succeeds=False)

    def _taken(self, acting: Edition, land: Land, decision: str, *, succeeds: bool) -> Iterator[Taking]:
        """An edition takes land where and when it enters, if the entry was not lost before it could work."""
        for entry in (e for e in self.events[acting.code] if e.kind == "in_force"):
            works = land & self._works(acting, entry)
            yield Taking(entry.begins, works, acting.number, decision, succeeds)

    def _works(self, edition: Edition, entry: Event) -> Land:
        """Where the entry gives force; no cell has two entries of one edition."""
        works = reached_by(entry) & ~self._play(edition, [])[1]
        for event in self.events[edition.code]:
            if is_lost_before(event, entry):
                works = works & ~reached_by(event)
        return works

    def _play(self, edition: Edition, takings: list[Taking]) -> tuple[list[Land], Land]:
        """Play every patch of the arrangement of all extents; also where it expired before its entry."""
        events = self.events[edition.code]
        lands = [reached_by(e) for e in events]
        lands += [taking.land for taking in takings]
        stack = np.stack([*lands, everywhere()], axis=-1).reshape(-1, len(lands) + 1)
        patches, cells = np.unique(stack, axis=0, return_inverse=True)
        played = [self._play_patch(edition, events, takings, patch) for patch in patches]
        codes = np.array([[STATUSES.index(s) for s in statuses] for statuses, _ in played])
        shape = everywhere().shape
        by_day = [codes[:, day][cells].reshape(shape) for day in range(codes.shape[1])]
        expired = np.array([has_expired for _, has_expired in played])[cells].reshape(shape)
        return by_day, expired

    def _play_patch(
        self, edition: Edition, events: list[Event], takings: list[Taking], patch: Land
    ) -> tuple[list[str], bool]:
        here = [event for event, lies in zip(events, patch, strict=False) if lies]
        begun = min((event.begins for event in here if event.kind == "in_force"), default=None)
        lying = [taking for taking, lies in zip(takings, patch[len(events) :], strict=False) if lies]
        taken = [taking for taking in lying if taking.reaches(begun, edition.number)]
        acts = [*acts_of(here, edition.number), *(taking.act() for taking in taken)]
        return play(acts, self.first, self.last)


def _ever_after(by_day: list[Land]) -> Iterator[Land]:
    """For every day, the last one first: the cells that are draft, approved or in force on a later one."""
    codes = [STATUSES.index(status) for status in (DRAFT, APPROVED, IN_FORCE)]
    ever = nowhere()
    for land in reversed(by_day):
        yield ever
        ever = ever | np.isin(land, codes)


STATED = {"consultation_opened", "approved", "in_force"}
NAMING = {"replaces_contents", "strikes"}
TAKING = {*NAMING, "repeals_in_extent", "replaces_in_extent"}
