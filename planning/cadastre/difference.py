"""What a delivery changes, as frozen values: for people (`Difference`) and for publication (`Settlement`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from planning.models import LineageKind

# Of each kind so many are listed in a stored report; counts are never cut.
LISTED = 1_000


class ChangeKind(StrEnum):
    """What became of a parcel between two deliveries."""

    UNCHANGED = "unchanged"
    NEW_ATTRIBUTES = "new_attributes"
    NEW_BOUNDARY = "new_boundary"
    NEW_NUMBER = "new_number"
    SPLIT = "split"
    MERGED = "merged"
    NEW = "new"
    ENDED = "ended"
    AMBIGUOUS = "ambiguous"
    # stands on, because the row that may have been its successor was refused
    HELD = "held"
    # another office's, or outside of what the delivery speaks of
    UNTOUCHED = "untouched"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Former parcels and what they became; `shared_m2` is the land they have in common."""

    kind: ChangeKind
    former: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    shared_m2: float | None = None

    def to_json(self) -> dict[str, Any]:
        shared = None if self.shared_m2 is None else round(self.shared_m2, 2)
        return {"former": list(self.former), "later": list(self.later), "shared_m2": shared}


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A unit of which a delivery would end so much that it may be the wrong file."""

    unit: str
    standing: int
    ended: int
    in_common: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A delivery against the parcels that stood in `revision`.

    `reused` are numbers that now stand on other land. `doubts` are units of which too much would end;
    `too_late` parcels that a later delivery has described already, `foreign` offices whose parcels stand
    in the units.
    """

    as_of: date
    replaces: str
    revision: int
    changes: tuple[Change, ...]
    reused: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    too_late: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many changes of each kind; kinds that do not occur are 0."""
        found = {kind.value: 0 for kind in ChangeKind if kind is not ChangeKind.UNTOUCHED}
        for change in self.changes:
            if change.kind is not ChangeKind.UNTOUCHED:
                found[change.kind.value] += 1
        return found

    def of(self, kind: ChangeKind) -> tuple[Change, ...]:
        """The changes of one kind, in the order of their codes."""
        return tuple(change for change in self.changes if change.kind is kind)

    def to_json(self, *, limit: int | None = LISTED) -> dict[str, Any]:
        """The report: counts whole, lists (unchanged parcels aside) cut at `limit`."""
        listed: Mapping[str, list[dict[str, Any]]] = {
            kind.value: [change.to_json() for change in self.of(kind)[:limit]]
            for kind in ChangeKind
            if kind not in (ChangeKind.UNCHANGED, ChangeKind.UNTOUCHED)
        }
        return {
            "as_of": self.as_of.isoformat(),
            "replaces": self.replaces,
            "revision": self.revision,
            "counts": self.counts,
            "changes": listed,
            "reused_numbers": list(self.reused[:limit]),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Successor:
    """Land that went from a former to a later parcel."""

    former: str
    later: str
    kind: LineageKind
    shared_m2: float
    is_main: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What publication has to do, by the keys of rows.

    `codes` gives each staged row its lasting code; `unchanged` are staged rows that repeat a standing one,
    `continues` maps the others to the one standing row whose land they still are. `closed` standing rows
    end on the day of the delivery.
    """

    difference: Difference
    codes: Mapping[int, str]
    unchanged: frozenset[int]
    continues: Mapping[int, int]
    closed: tuple[int, ...]
    successors: tuple[Successor, ...]
