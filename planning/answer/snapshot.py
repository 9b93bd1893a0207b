"""All that was found for a question, of one day or of every day, in one snapshot of the database."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from planning.answer.model import OfficeRef
from planning.answer.plan_rows import PlanRow, RulingRow
from planning.answer.rows import CoverageRow, DatedTheme, PieceRow, ThemeRow, holds


@dataclass(frozen=True, kw_only=True)
class Candidates:
    """The snapshot of a day: rows by theme, and what they refer to.

    `matches` are pairs of land uses of different lists that may stand for one another.
    """

    themes: tuple[ThemeRow, ...]
    pieces: Mapping[str, Sequence[PieceRow]]
    coverage: Mapping[str, Sequence[CoverageRow]]
    plans: Mapping[str, PlanRow]
    offices: Mapping[str, OfficeRef]
    rulings: Sequence[RulingRow]
    matches: frozenset[frozenset[str]]


@dataclass(frozen=True, kw_only=True)
class Timeless:
    """The snapshot of one day or of all: rows with the days they hold for.

    `around` is, per plan kind, the tolerance of the coarsest plan around the subject.
    """

    themes: Sequence[DatedTheme]
    pieces: Sequence[PieceRow]
    coverage: Sequence[CoverageRow]
    plans: Mapping[str, PlanRow]
    offices: Mapping[str, OfficeRef]
    rulings: Sequence[RulingRow]
    matches: frozenset[frozenset[str]]
    around: Mapping[str, float]

    def on(self, day: date) -> Candidates:
        """What matters for an answer about the day: law of then or later, declarations of then."""
        pieces = [row for row in self.pieces if row.valid_to is None or row.valid_to > day]
        listed = {row.plan for row in pieces}
        plans = {code: plan.named_on(day) for code, plan in self.plans.items() if code in listed}
        by_theme = _by_theme(pieces)
        themes = [
            self._theme(theme, by_theme.get(theme.code, ()), day)
            for theme in self.themes
            if holds(theme.valid_from, theme.valid_to, day)
        ]
        return Candidates(
            themes=tuple(sorted(themes, key=lambda theme: (theme.order, theme.code))),
            pieces=by_theme,
            coverage=_by_theme([row for row in self.coverage if holds(row.valid_from, row.valid_to, day)]),
            plans=plans,
            offices=self.offices,
            rulings=[row for row in self.rulings if row.is_effective(day)],
            matches=self.matches,
        )

    def _theme(self, theme: DatedTheme, pieces: Sequence[PieceRow], day: date) -> ThemeRow:
        loaded = theme.loaded_on(day)
        kinds = {*theme.plan_kinds, *loaded}
        # of the plans around also those without a piece of the theme nearby
        metres = [most for kind, most in self.around.items() if kind in kinds]
        metres += [self.plans[row.plan].tolerance for row in pieces]
        return ThemeRow(
            code=theme.code,
            title=theme.title,
            order=theme.order,
            plan_kinds=theme.plan_kinds,
            loaded=loaded,
            tolerance=max(metres, default=0.0),
        )


Row = TypeVar("Row", PieceRow, CoverageRow)


def _by_theme(rows: Iterable[Row]) -> dict[str, list[Row]]:
    by_theme: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_theme[row.theme].append(row)
    return dict(by_theme)
