"""Recorded events become the facts that count: corrections are applied before the law is computed.

Pure. A correction carries all facts of an event anew; the corrected event keeps its kind. A correction of
a correction takes its place, so the last of a chain says what happened, or, with `is_void`, that nothing
did. Which correction counts is a property of the facts, never of when they were recorded.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import shapely

from planning.publication.law import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An event as recorded. `key` tells it from the others of its edition and means nothing else."""

    key: Hashable
    event: Event
    corrects: Hashable | None = None
    is_void: bool = False


def facts_that_count(recorded: Iterable[Recorded]) -> tuple[Event, ...]:
    """The events with the facts of their last corrections; those that never happened are left out."""
    return tuple(counting(recorded).values())


def counting(recorded: Iterable[Recorded]) -> dict[Hashable, Event]:
    """The same, each event by the key under which it was first recorded."""
    rows = list(recorded)
    corrections: dict[Hashable, list[Recorded]] = {}
    for row in rows:
        if row.corrects is not None:
            corrections.setdefault(row.corrects, []).append(row)
    return dict(_events(rows, corrections))


def _events(
    rows: Sequence[Recorded], corrections: Mapping[Hashable, Sequence[Recorded]]
) -> Iterator[tuple[Hashable, Event]]:
    for row in rows:
        if row.corrects is None:
            counts = _corrected(row, corrections)
            if not counts.is_void:
                yield row.key, replace(counts.event, kind=row.event.kind)


def _corrected(row: Recorded, corrections: Mapping[Hashable, Sequence[Recorded]]) -> Recorded:
    """The row that says what happened in its place; itself where nothing corrects it."""
    standing = [_corrected(one, corrections) for one in corrections.get(row.key, ())]
    return max(standing, key=_rank) if standing else row


def _rank(row: Recorded) -> tuple[object, ...]:
    """The later decided counts; the rest only makes the order total."""
    event = row.event
    place = b"" if event.region is None else shapely.to_wkb(shapely.normalize(event.region))
    ends = event.effective_to or date.max
    return (event.on, event.decision, event.effective_from, ends, row.is_void, place)
