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


def fate(
    kind: str, day: date, *, decided: date, decision: str, event: int, until: date | None = None
) -> Act:
    return Act(day, (1, decided, FATES[kind], decision), kind, event, until, decided)


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
    entered: date | None = None

    def undergo(self, act: Act) -> None:
        before, after = MOVES[act.kind]
        if act.kind == "suspended" and act.event is not None:
            self.lasting[act.event] = act.until
        if act.kind == "resumed" and act.event is not None:
            self.lasting.pop(act.event, None)
            if any(until is None or until > act.day for until in self.lasting.values()):
                return
        if self.status not in before:
            return
        if act.kind == "in_force":
            self.entered = self.entered or act.day
        if act.kind == "annulled_ex_tunc" and act.day == self.entered and act.decided < act.day:
            # Annulled before it could ever work: what it would have replaced stays.
            self.entered = None
        if act.kind == "reinstated":
            self.lasting.clear()
        self.status = after


def acts_of(events: Iterable[Event], number: int) -> Iterator[Act]:
    """The acts that the events of an edition mean for a patch that lies in all of their extents."""
    rows = list(events)
    entries = [row for row in rows if row.kind == "in_force"]
    entry = min((row.begins for row in entries), default=None)
    for row in rows:
        own = {"decision": row.decision, "event": row.id, "decided": row.on}
        match row.kind:
            case "consultation_opened" | "approved" | "in_force":
                yield force(row.kind, row.begins, number=number, decision=row.decision)
            case "suspended":
                yield from _suspension(row, entry)
            case "expired" | "annulled":
                yield fate(row.kind, row.begins, **own)
            case "annulled_ex_tunc":
                for day in sorted({row.begins, *_reached(row, rows, entry)}):
                    yield fate(row.kind, day, **own)
            case "reinstated" if entry is not None:
                yield fate(row.kind, max(row.begins, entry), **own)
        if row.kind in ("in_force", "reinstated") and row.ends is not None and entry is not None:
            yield fate("expired", row.ends, **own)


def _suspension(row: Event, entry: date | None) -> Iterator[Act]:
    begins = row.begins
    if entry is not None and begins < entry:
        if row.ends is not None and row.ends <= entry:
            return
        begins = entry
    own = {"decision": row.decision, "event": row.id, "decided": row.on}
    yield fate("suspended", begins, until=row.ends, **own)
    if row.ends is not None:
        yield fate("resumed", row.ends, **own)


def _reached(row: Event, rows: Iterable[Event], entry: date | None) -> Iterator[date]:
    """The days to which an annulment ex tunc reaches: entries, and reinstatements decided before it."""
    for other in rows:
        if other.kind == "in_force":
            yield other.begins
        if other.kind == "reinstated" and other.on < row.on and entry is not None:
            yield max(other.begins, entry)


def play(acts: Iterable[Act], first: date, last: date) -> tuple[list[str], date | None]:
    """The status at the end of every day from `first` to `last`, and the day of entry into force."""
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
    return statuses, patch.entered


# --- a whole town ---


@dataclass(frozen=True)
class Taking:
    """Land of a plan (or of single contents of it) that an edition takes out of force on a day."""

    day: date
    land: Land
    number: int
    decision: str
    contents: tuple[str, ...] = ()

    def act(self) -> Act:
        return force("replaced", self.day, number=self.number, decision=self.decision)


class Law:
    """The law of a town as known in one revision, for every cell and day of a calendar."""

    def __init__(self, town: Town, first: date, last: date) -> None:
        self.town, self.first, self.last = town, first, last
        self.events: dict[str, list[Event]] = {edition.code: [] for edition in town.editions}
        for event in as_corrected(town.events):
            self.events[event.edition].append(event)
        self.entries = {code: self._entry(code) for code in self.events}
        self._played: dict[tuple[str, str], list[Land]] = {}

    def on(self, edition: Edition, zone: str, day: date) -> Land:
        """Indices into STATUSES for every cell of the town, as the zone's edition stands on the day."""
        key = self._key(edition, zone)
        if key not in self._played:
            self._played[key] = self._play(edition, self._takings(edition, zone))[0]
        return self._played[key][(day - self.first).days]

    def ever_after(self, edition: Edition, zone: str, day: date) -> Land:
        """Cells in which the zone's edition is draft, approved or in force on any day after that one."""
        self.on(edition, zone, day)
        later = self._played[self._key(edition, zone)][(day - self.first).days + 1 :]
        codes = [STATUSES.index(status) for status in (DRAFT, APPROVED, IN_FORCE)]
        return np.logical_or.reduce([np.isin(land, codes) for land in later] or [nowhere()])

    def _key(self, edition: Edition, zone: str) -> tuple[str, str]:
        return (edition.code, zone if self._is_named(zone) else "")

    def _is_named(self, zone: str) -> bool:
        return any(zone in relation.contents for relation in self.town.relations)

    def _entry(self, code: str) -> date | None:
        return min((e.begins for e in self.events[code] if e.kind == "in_force"), default=None)

    def _takings(self, edition: Edition, zone: str) -> list[Taking]:
        own = [self._succession(other, edition) for other in self.town.editions]
        others = [self._relation(relation, edition, zone) for relation in self.town.relations]
        return [taking for taking in (*own, *others) if taking is not None]

    def _succession(self, later: Edition, earlier: Edition) -> Taking | None:
        """What a later edition of the same plan replaces of an earlier one."""
        if later.plan != earlier.plan or later is earlier:
            return None
        begun, own = self.entries[later.code], self.entries[earlier.code]
        if begun is None or own is None or (own, earlier.number) >= (begun, later.number):
            return None
        land = later.extent if later.is_local else everywhere()
        return self._taking(later, begun, land, "")

    def _relation(self, relation: Relation, edition: Edition, zone: str) -> Taking | None:
        """What an edition of another plan takes of this one, or of this zone of it."""
        acting = next((e for e in self.town.editions if e.code == relation.edition), None)
        if acting is None or relation.target != edition.plan:
            return None
        begun = self.entries[acting.code]
        if begun is None or relation.kind not in TAKING:
            return None
        if relation.kind in NAMING:
            if zone not in relation.contents:
                return None
            land = relation.extent if relation.extent is not None else everywhere()
        else:
            land = relation.extent if relation.extent is not None else acting.extent
        return self._taking(acting, begun, land, relation.decision)

    def _taking(self, acting: Edition, begun: date, land: Land, decision: str) -> Taking:
        """An edition takes where its entry into force ever worked."""
        return Taking(begun, land & self._works(acting), acting.number, decision)

    def _works(self, edition: Edition) -> Land:
        return self._play(edition, [])[1]

    def _play(self, edition: Edition, takings: list[Taking]) -> tuple[list[Land], Land]:
        """Play every patch of the arrangement of all extents; also where the entry into force worked."""
        events = self.events[edition.code]
        lands = [everywhere() if e.extent is None else e.extent for e in events]
        lands += [taking.land for taking in takings]
        stack = np.stack([*lands, everywhere()], axis=-1).reshape(-1, len(lands) + 1)
        patches, cells = np.unique(stack, axis=0, return_inverse=True)
        played = [self._play_patch(edition, events, takings, patch) for patch in patches]
        codes = np.array([[STATUSES.index(s) for s in statuses] for statuses, _ in played])
        shape = everywhere().shape
        by_day = [codes[:, day][cells].reshape(shape) for day in range(codes.shape[1])]
        worked = np.array([entered is not None for _, entered in played])[cells].reshape(shape)
        return by_day, worked

    def _play_patch(
        self, edition: Edition, events: list[Event], takings: list[Taking], patch: Land
    ) -> tuple[list[str], date | None]:
        here = [event for event, lies in zip(events, patch, strict=False) if lies]
        taken = [taking for taking, lies in zip(takings, patch[len(events) :], strict=False) if lies]
        acts = [*acts_of(here, edition.number), *(taking.act() for taking in taken)]
        return play(acts, self.first, self.last)


NAMING = {"replaces_contents", "strikes"}
TAKING = {*NAMING, "repeals_in_extent", "replaces_in_extent"}
