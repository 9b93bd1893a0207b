"""Which of the recorded facts stand: corrections resolved, before anything is made of them.

Lowest layer: the law reads facts through it when pieces are built, the answer when it names editions and
decisions, the lists when they show events; all of them see the same. It knows no database and no plan.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Facts = TypeVar("Facts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded(Generic[Facts]):
    """A fact as recorded under a `key`.

    A correction names the fact it `corrects`, possibly itself a correction, and carries all particulars
    anew; with `is_void` it says that what it corrects never happened.
    """

    key: Hashable
    facts: Facts
    corrects: Hashable | None = None
    is_void: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing(Generic[Facts]):
    """A recorded fact that is no correction, with the particulars that count; None where it is void."""

    recorded: Recorded[Facts]
    facts: Facts | None
    is_corrected: bool


def resolved(
    recorded: Iterable[Recorded[Facts]], *, rank: Callable[[Facts], Any]
) -> tuple[Standing[Facts], ...]:
    """Every fact that is no correction, in the order given, void ones included.

    Of several corrections of one fact the last by `rank` counts (the day of the act, then the decision,
    then the other particulars), never the one recorded last. A correction of a correction takes its
    place; one that makes it void leaves the fact as if that correction had never been made. What corrects
    a fact that is not among those given says nothing.
    """
    entries = tuple(recorded)
    corrections = _by_corrected(entries)
    return tuple(_standing(entry, corrections, rank) for entry in entries if entry.corrects is None)


def counting_correction(
    key: Hashable, recorded: Iterable[Recorded[Facts]], *, rank: Callable[[Facts], Any]
) -> Recorded[Facts] | None:
    """The correction whose word counts for the fact (or correction) of that key; None where none does."""
    return _last_said(key, _by_corrected(recorded), rank)


def _by_corrected(recorded: Iterable[Recorded[Facts]]) -> dict[Hashable, list[Recorded[Facts]]]:
    corrections: dict[Hashable, list[Recorded[Facts]]] = defaultdict(list)
    for entry in recorded:
        if entry.corrects is not None:
            corrections[entry.corrects].append(entry)
    return corrections


def _standing(
    entry: Recorded[Facts],
    corrections: dict[Hashable, list[Recorded[Facts]]],
    rank: Callable[[Facts], Any],
) -> Standing[Facts]:
    said = _last_said(entry.key, corrections, rank)
    if said is None:
        return Standing(recorded=entry, facts=entry.facts, is_corrected=False)
    return Standing(recorded=entry, facts=None if said.is_void else said.facts, is_corrected=True)


def _last_said(
    key: Hashable,
    corrections: dict[Hashable, list[Recorded[Facts]]],
    rank: Callable[[Facts], Any],
) -> Recorded[Facts] | None:
    """Of the corrections of the fact, each as it was corrected itself, the one that counts."""
    said = []
    for correction in corrections.get(key, ()):
        again = _last_said(correction.key, corrections, rank)
        if again is None:
            said.append(correction)
        elif not again.is_void:
            # corrected to say something: from then on it gives particulars, even if it once made void
            said.append(again)
    return max(said, key=lambda one: (rank(one.facts), one.is_void), default=None)
