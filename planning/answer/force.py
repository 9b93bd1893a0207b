"""From which day an edition is law, and until when, seen from its own dated facts.

It names editions in answers (which edition a plan is called after, since when it is law). Which land is
law is never asked here: that is in the pieces. An act with an extent of its own gives force to some of an
edition's land but takes none of the rest away.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from planning.answer.model import Decision, DocumentRef

ENTRIES = frozenset({"in_force", "reinstated"})
_ENDS = frozenset({"expired", "annulled", "annulled_ex_tunc"})
# Acts of one day: what gives force comes first, then the others by the day on which they were decided.
_RANK = {"suspended": 0, "expired": 1, "annulled": 2, "annulled_ex_tunc": 3, "reinstated": 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """A public event of an edition with the particulars that stand, corrections resolved.

    `revision` is the one that made it public as it stands. `is_void` where it never happened;
    `is_near` unless its extent lies elsewhere.
    """

    kind: str
    on: date
    effective_from: date
    effective_to: date | None
    is_partial: bool
    document: DocumentRef | None
    revision: int
    is_near: bool = True
    is_corrected: bool = False
    is_void: bool = False

    @property
    def decision(self) -> Decision | None:
        paper = self.document
        if paper is None:
            return None
        return Decision(kind=paper.kind, number=paper.number, date=paper.date, issuer=paper.issuer)

    @property
    def decision_code(self) -> str:
        """How the causes of pieces call its document: by its number, by its title where it has none."""
        return (self.document.number or self.document.title) if self.document else ""


@dataclass(frozen=True, slots=True)
class _Act:
    day: date
    kind: str
    decided: date

    @property
    def order(self) -> tuple[object, ...]:
        if self.kind == "in_force":
            return (self.day, 0, date.min, 0)
        return (self.day, 1, self.decided, _RANK[self.kind])


def is_in_force(events: Sequence[EventRow], on: date) -> bool:
    """Whether some of the land may be law on the day: begun, and not everywhere ended or suspended."""
    begun = ended = False
    again: tuple[object, ...] | None = None
    for act in sorted((act for act in _acts(events) if act.day <= on), key=lambda act: act.order):
        if act.kind == "in_force":
            begun = True
        elif act.kind in _ENDS:
            ended = True
        elif begun:
            ended, again = False, act.order
    return begun and not ended and not _is_suspended(events, on, again)


def begun_on(events: Iterable[EventRow], on: date) -> date | None:
    """Since when the edition as a whole is law, seen from the day; what is still to come where nothing began.

    A reinstatement of all of it begins it anew, one within an extent does not.
    """
    entries = [event for event in events if event.kind in ENTRIES]
    again = [e.effective_from for e in entries if e.kind == "reinstated" and not e.is_partial]
    reached = [day for day in again if day <= on]
    first = min((e.effective_from for e in entries if e.kind == "in_force"), default=None)
    return max(reached) if reached and first is not None else first


def _acts(events: Sequence[EventRow]) -> Iterator[_Act]:
    entries = [event for event in events if event.kind in ENTRIES]
    for event in events:
        if event.kind in ENTRIES:
            yield _Act(event.effective_from, event.kind, event.on)
            if event.effective_to is not None and not event.is_partial:
                yield _Act(event.effective_to, "expired", event.on)
        elif event.kind in _ENDS and not event.is_partial:
            yield from (_Act(day, event.kind, event.on) for day in _reach(event, entries))


def _reach(event: EventRow, entries: Sequence[EventRow]) -> Iterator[date]:
    """From which days the end works: an annulment from the beginning, from each entry decided before it."""
    yield event.effective_from
    if event.kind == "annulled_ex_tunc":
        yield from (
            entry.effective_from for entry in entries if entry.kind == "in_force" or entry.on <= event.on
        )


def _is_suspended(events: Iterable[EventRow], on: date, again: tuple[object, ...] | None) -> bool:
    """Whether a suspension of all of it lasts on the day, and no later reinstatement undid it."""
    return any(
        event.kind == "suspended"
        and not event.is_partial
        and event.effective_from <= on
        and (event.effective_to is None or on < event.effective_to)
        and (again is None or _Act(event.effective_from, "suspended", event.on).order > again)
        for event in events
    )
