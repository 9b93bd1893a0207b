"""What may be said of a theme: its state, from what was found and what the publishers declared.

A "no" needs declarations that cover the whole subject, for every plan kind of the theme, with data of
that territory behind them, on a day that is not in the future, and no doubt within reach; everything
else is some form of "we do not know".
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

import shapely
from shapely.geometry.base import BaseGeometry

from planning.answer.model import CoverageRef, ItemClass, ThemeState
from planning.answer.rows import CoverageRow, ThemeRow
from planning.answer.subjects import Asked
from planning.geometry import covered, may_reach, pair_tolerance, shares_land, some_left

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
    """What the declarations of one theme say of the subject."""

    known: Known
    is_withheld: bool
    rows: tuple[CoverageRef, ...]


def coverage_of(theme: ThemeRow, rows: Iterable[CoverageRow], asked: Asked) -> Coverage:
    """The declarations that reach the subject, weighed for each plan kind of the theme."""
    reaching = [placed for row in rows if (placed := _placed(row, theme, asked)) is not None]
    reaching.sort(key=lambda p: (CERTAINTY.index(p.row.state), p.row.plan_kind, p.row.as_of, p.row.source))
    kinds = theme.plan_kinds or ("",)
    known = [_known([p for p in reaching if _speaks_of(p.row, kind, theme)], asked) for kind in kinds]
    if asked.as_at > asked.today:
        known = [Known.NOTHING]
    return Coverage(
        known=Known.ALL if min(known) == Known.ALL else Known(min(max(known), Known.SOME)),
        is_withheld=any(placed.row.state == "withheld" for placed in reaching),
        rows=tuple(_ref(placed.row) for placed in reaching),
    )


def _speaks_of(row: CoverageRow, kind: str, theme: ThemeRow) -> bool:
    """Of a kind that the theme does not gather a "no" says nothing here, but a doubt remains a doubt."""
    if row.plan_kind in ("", kind):
        return True
    return row.state not in BACKS_A_NO and row.plan_kind not in theme.plan_kinds


def state_of(coverage: Coverage, classes: Sequence[ItemClass]) -> ThemeState:
    """The state of a theme that could be computed: the first that holds, in the order of ThemeState.

    `classes` are those of the totals per land use and of restrictions.
    """
    if any(found in (ItemClass.WHOLE, ItemClass.PART) for found in classes):
        return ThemeState.CONCERNED
    if classes:
        return ThemeState.UNCERTAIN
    if coverage.is_withheld:
        return ThemeState.WITHHELD
    by_knowledge = {Known.ALL: ThemeState.NOT_CONCERNED, Known.SOME: ThemeState.PARTLY_KNOWN}
    return by_knowledge.get(coverage.known, ThemeState.UNKNOWN)


def is_partly_known(coverage: Coverage, state: ThemeState) -> bool:
    """Whether a found "yes" or "perhaps" leaves some of the subject, or a plan kind, unknown."""
    return state in (ThemeState.CONCERNED, ThemeState.UNCERTAIN) and coverage.known != Known.ALL


@dataclass(frozen=True, slots=True)
class _Placed:
    """A declaration and its land near the subject, in metres; `shape` is None where it holds all of it.

    `tolerance` is how far its edge may be off; `is_loaded` tells that there are data behind it.
    """

    row: CoverageRow
    shape: BaseGeometry | None
    tolerance: float
    is_loaded: bool


def _placed(row: CoverageRow, theme: ThemeRow, asked: Asked) -> _Placed | None:
    """None where it does not reach: what backs a "no" must share land, a doubt may come near."""
    tolerance = pair_tolerance(max(theme.tolerance, row.tolerance), asked.tolerance)
    # Data declared complete of which there is not a single row were never loaded.
    is_loaded = row.plan_kind in theme.loaded if row.plan_kind in theme.plan_kinds else bool(theme.loaded)
    if row.wkb is None:
        return _Placed(row, None, tolerance, is_loaded)
    shape = asked.in_metres(shapely.from_wkb(row.wkb))
    if row.state in BACKS_A_NO:
        reaches = shares_land(asked.land, shape)
    else:
        reaches = may_reach(asked.land, shape, tolerance=tolerance)
    return _Placed(row, shape, tolerance, is_loaded) if reaches else None


def _known(placed: Sequence[_Placed], asked: Asked) -> Known:
    """How much of the subject is spoken of by declarations that back a "no", and by no other."""
    backing = [
        p for p in placed if p.row.state == "none_exists" or (p.row.state == "complete" and p.is_loaded)
    ]
    doubting = [p for p in placed if p.row.state not in BACKS_A_NO]
    if not doubting and (_hold_all(backing) or covered(asked.land, _shapes(backing))):
        return Known.ALL
    # Loaded in part is something: what was not found is not in that part.
    partial = [p for p in doubting if p.row.state == "partial" and p.is_loaded]
    hidden = [p for p in doubting if p not in partial]
    return Known.SOME if _some_left([*backing, *partial], hidden, asked) else Known.NOTHING


def _some_left(loaded: Sequence[_Placed], hidden: Sequence[_Placed], asked: Asked) -> bool:
    if not loaded or _hold_all(hidden):
        return False
    shapes = [asked.subject.shape] if _hold_all(loaded) else _shapes(loaded)
    tolerance = max((p.tolerance for p in hidden), default=0.0)
    return some_left(asked.land, shapes, _shapes(hidden), tolerance=tolerance)


def _hold_all(placed: Iterable[_Placed]) -> bool:
    return any(p.shape is None for p in placed)


def _shapes(placed: Iterable[_Placed]) -> list[BaseGeometry]:
    return [p.shape for p in placed if p.shape is not None]


def _ref(row: CoverageRow) -> CoverageRef:
    return CoverageRef(
        state=row.state, plan_kind=row.plan_kind, as_of=row.as_of, source=row.source, office=row.office
    )
