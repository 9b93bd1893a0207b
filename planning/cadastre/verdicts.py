"""From land in common to what became of each parcel; pure, rows in and rows out.

A link is strong where more than half of one parcel lies in the other. Strong links bind parcels into
groups, and the shape of a group is the verdict: one and one, one and several (split), several and one
(merged); anything else is ambiguous and is called so. Weak links are strips along a boundary that moved.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from planning.cadastre.difference import ChangeKind
from planning.cadastre.overlap import Ground, Links
from planning.models import LineageKind

_ONE_TO_ONE = (
    ChangeKind.UNCHANGED,
    ChangeKind.NEW_ATTRIBUTES,
    ChangeKind.NEW_BOUNDARY,
    ChangeKind.NEW_NUMBER,
)


@dataclass(frozen=True, slots=True)
class Group:
    """Former and later rows bound by strong links, and what that means."""

    kind: ChangeKind
    former: tuple[int, ...]
    later: tuple[int, ...]
    shared: float

    @property
    def is_one_to_one(self) -> bool:
        return self.kind in _ONE_TO_ONE


@dataclass(frozen=True, slots=True)
class Passage:
    """Land of a former row that went to a later one."""

    former: int
    later: int
    shared: float
    is_strong: bool
    is_same: bool
    is_inside: bool  # more than half of the later parcel came from the former


@dataclass(frozen=True, slots=True)
class Grounds:
    """Both sides as verdicts need them."""

    former: Ground
    later: Ground
    former_bases: Sequence[str]
    later_bases: Sequence[str]


def passages(found: Links, grounds: Grounds) -> list[Passage]:
    """The links with their weight."""
    of_former = shapely.area(grounds.former.shapes)[found.former] / 2
    of_later = shapely.area(grounds.later.shapes)[found.later] / 2
    inside = found.shared > of_later
    strong = found.is_same | inside | (found.shared > of_former)
    columns = (found.former, found.later, found.shared, strong, found.is_same, inside)
    return [Passage(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def groups(found: Sequence[Passage], grounds: Grounds) -> list[Group]:
    """Every row of both sides in exactly one group."""
    strong = [one for one in found if one.is_strong]
    parts = _bound(strong, len(grounds.former.shapes), len(grounds.later.shapes))
    between: dict[int, list[Passage]] = defaultdict(list)
    where = {row: index for index, (former, _) in enumerate(parts) for row in former}
    for one in strong:
        between[where[one.former]].append(one)
    return [_group(former, later, between[index], grounds) for index, (former, later) in enumerate(parts)]


def _bound(
    strong: Sequence[Passage], formers: int, laters: int
) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """The connected parts, in the order of their first rows; later rows are numbered behind former ones."""
    root = list(range(formers + laters))

    def find(row: int) -> int:
        while root[row] != row:
            root[row] = root[root[row]]
            row = root[row]
        return row

    for one in strong:
        left, right = find(one.former), find(formers + one.later)
        root[max(left, right)] = min(left, right)
    parts: dict[int, tuple[list[int], list[int]]] = {}
    for row in range(formers + laters):
        former, later = parts.setdefault(find(row), ([], []))
        if row < formers:
            former.append(row)
        else:
            later.append(row - formers)
    return [(tuple(former), tuple(later)) for former, later in parts.values()]


def _group(
    former: tuple[int, ...], later: tuple[int, ...], between: Sequence[Passage], grounds: Grounds
) -> Group:
    shared = sum(one.shared for one in between)
    return Group(_kind(former, later, between, grounds), former, later, shared)


def _kind(
    former: tuple[int, ...], later: tuple[int, ...], between: Sequence[Passage], grounds: Grounds
) -> ChangeKind:
    if not former or not later:
        return ChangeKind.NEW if later else ChangeKind.ENDED
    if len(former) == len(later) == 1:
        return _of_two(between[0], grounds)
    if len(former) == 1:
        fits = _fits(grounds.former, former[0], between)
        return ChangeKind.SPLIT if fits else ChangeKind.AMBIGUOUS
    if len(later) == 1:
        fits = _fits(grounds.later, later[0], between)
        return ChangeKind.MERGED if fits else ChangeKind.AMBIGUOUS
    return ChangeKind.AMBIGUOUS


def _of_two(one: Passage, grounds: Grounds) -> ChangeKind:
    """Attributes are compared by whoever knows them: here the same boundary is unchanged."""
    is_one_number = grounds.former_bases[one.former] == grounds.later_bases[one.later]
    if is_one_number:
        return ChangeKind.UNCHANGED if one.is_same else ChangeKind.NEW_BOUNDARY
    whole = float(grounds.former.shapes[one.former].area)
    is_mutual = one.is_same or (one.is_inside and one.shared > whole / 2)
    return ChangeKind.NEW_NUMBER if is_mutual else ChangeKind.AMBIGUOUS


def _fits(ground: Ground, row: int, between: Sequence[Passage]) -> bool:
    """The parts lie side by side in the whole; parts that lie over one another would exceed it."""
    whole = ground.shapes[row]
    noise = float(ground.tolerance[row]) * whole.length
    return sum(one.shared for one in between) <= float(whole.area) + noise


def lineage_kind(one: Passage, kind: ChangeKind) -> LineageKind:
    """What a passage is called within its group; a strip is a boundary that moved."""
    if not one.is_strong or kind is ChangeKind.NEW_BOUNDARY:
        return LineageKind.BOUNDARY
    if kind is ChangeKind.NEW_NUMBER:
        return LineageKind.RENUMBER
    if kind is ChangeKind.MERGED:
        return LineageKind.MERGE
    if kind is ChangeKind.SPLIT or one.is_inside:
        return LineageKind.SPLIT
    return LineageKind.MERGE


def as_array(texts: Sequence[str]) -> "np.ndarray[tuple[int], np.dtype[np.str_]]":
    """Numbers as an array that can be indexed by rows."""
    return np.array(texts, dtype=str)
