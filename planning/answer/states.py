"""What may be said of a theme: its state, from what was found and what the publishers declared.

A "no" needs a declaration that covers the whole subject, for every plan kind of the theme, on a day
that is not in the future; everything else is some form of "we do not know".
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

import shapely
from shapely import Point
from shapely.geometry.base import BaseGeometry

from planning.answer.model import CoverageRef, ItemClass, ThemeState
from planning.answer.rows import CoverageRow, ThemeRow
from planning.answer.subjects import Asked
from planning.geometry import GRID, Subject

# Least certain first: where declarations overlap the first of these wins.
CERTAINTY = ("withheld", "partial", "not_loaded", "none_exists", "complete")
BACKS_A_NO = frozenset({"none_exists", "complete"})


class Known(IntEnum):
    """How much of the subject is backed by declarations, for one plan kind or for all."""

    NOTHING = 0
    SOME = 1
    ALL = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What the declarations of one theme say of the subject.

    `is_nothing_made` tells that a "no" would rest on `none_exists` alone: it then needs no data.
    """

    known: Known
    is_withheld: bool
    is_nothing_made: bool
    rows: tuple[CoverageRef, ...]


def coverage_of(theme: ThemeRow, rows: Iterable[CoverageRow], asked: Asked) -> Coverage:
    """The declarations that reach the subject, weighed for each plan kind of the theme."""
    reaching = [_placed(row, asked) for row in rows]
    reaching = [placed for placed in reaching if placed.reaches]
    reaching.sort(key=lambda p: (CERTAINTY.index(p.row.state), p.row.plan_kind, p.row.as_of, p.row.source))
    kinds = theme.plan_kinds or ("",)
    of_kinds = [[p for p in reaching if p.row.plan_kind in ("", kind)] for kind in kinds]
    known = [Known.NOTHING] if asked.as_at > asked.today else [_known(own, asked) for own in of_kinds]
    return Coverage(
        known=Known.ALL if min(known) == Known.ALL else Known(min(max(known), Known.SOME)),
        is_withheld=any(placed.row.state == "withheld" for placed in reaching),
        is_nothing_made=all(_is_nothing_made(own) for own in of_kinds),
        rows=tuple(_ref(placed.row) for placed in reaching),
    )


def state_of(theme: ThemeRow, coverage: Coverage, classes: Sequence[ItemClass]) -> ThemeState:
    """The state of a theme that could be computed: the first that holds, in the order of ThemeState.

    `classes` are those of the totals per land use and of restrictions.
    """
    if any(found in (ItemClass.WHOLE, ItemClass.PART) for found in classes):
        return ThemeState.CONCERNED
    if classes:
        return ThemeState.UNCERTAIN
    if coverage.is_withheld:
        return ThemeState.WITHHELD
    # Data declared complete of which there is not a single row were never loaded.
    has_data = theme.has_pieces or coverage.is_nothing_made
    if coverage.known == Known.ALL and has_data:
        return ThemeState.NOT_CONCERNED
    if coverage.known != Known.NOTHING and has_data:
        return ThemeState.PARTLY_KNOWN
    return ThemeState.UNKNOWN


def is_partly_known(coverage: Coverage, state: ThemeState) -> bool:
    """Whether a found "yes" or "perhaps" leaves some of the subject, or a plan kind, unknown."""
    return state in (ThemeState.CONCERNED, ThemeState.UNCERTAIN) and coverage.known != Known.ALL


@dataclass(frozen=True, slots=True)
class _Placed:
    """A declaration and its land near the subject, in metres; None where it holds all of it."""

    row: CoverageRow
    shape: BaseGeometry | None
    reaches: bool


def _placed(row: CoverageRow, asked: Asked) -> _Placed:
    if row.wkb is None:
        return _Placed(row, None, reaches=True)
    shape = asked.in_metres(shapely.from_wkb(row.wkb))
    return _Placed(row, shape, _reaches(row, shape, asked))


def _reaches(row: CoverageRow, shape: BaseGeometry, asked: Asked) -> bool:
    """What is withheld counts as soon as its edge may reach the subject; the rest when it shares land."""
    land = asked.land if isinstance(asked.land, Point) else asked.land.geometry
    if row.state == "withheld":
        return bool(shapely.dwithin(land, shape, asked.tolerance + GRID))
    if isinstance(asked.land, Point):
        return bool(shapely.intersects(land, shape))
    return bool(shapely.intersection(land, shape).area > asked.land.noise)


def _known(placed: Sequence[_Placed], asked: Asked) -> Known:
    """How much of the subject only declarations that back a "no" speak of."""
    backing = [p for p in placed if p.row.state in BACKS_A_NO]
    doubting = [p for p in placed if p.row.state not in BACKS_A_NO]
    partial = any(p.row.state == "partial" for p in doubting)
    if not backing or any(p.shape is None for p in doubting):
        # Loaded in part is something: what was not found is not in that part.
        hidden = any(p.shape is None and p.row.state != "partial" for p in doubting)
        return Known.SOME if partial and not hidden else Known.NOTHING
    if isinstance(asked.land, Point):
        return Known.SOME if doubting else Known.ALL
    return _known_area(asked.land, backing, doubting)


def _known_area(land: Subject, backing: Sequence[_Placed], doubting: Sequence[_Placed]) -> Known:
    sure: BaseGeometry = land.geometry
    if not any(p.shape is None for p in backing):
        sure = shapely.intersection(sure, shapely.union_all([p.shape for p in backing]))
    if doubting:
        sure = shapely.difference(sure, shapely.union_all([p.shape for p in doubting]))
    if land.area - sure.area <= land.noise:
        return Known.ALL
    return Known.SOME if sure.area > land.noise else Known.NOTHING


def _is_nothing_made(placed: Sequence[_Placed]) -> bool:
    backing = [p.row.state for p in placed if p.row.state in BACKS_A_NO]
    return bool(backing) and all(state == "none_exists" for state in backing)


def _ref(row: CoverageRow) -> CoverageRef:
    return CoverageRef(
        state=row.state, plan_kind=row.plan_kind, as_of=row.as_of, source=row.source, office=row.office
    )
