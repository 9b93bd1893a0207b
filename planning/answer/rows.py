"""What the statement of all candidates gives about land, as frozen rows: themes, pieces, declarations.

Values as stored, nothing measured yet. It knows no database. The plans behind are in `plan_rows`, all of
it together in `snapshot`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from planning.answer.model import Act, OfficeRef, Text, Uses, ZoneRef


def holds(begins: date | None, ends: date | None, on: date) -> bool:
    """Whether the day lies between: the first day counts, the last does not; None is open."""
    return (begins is None or begins <= on) and (ends is None or on < ends)


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeRow:
    """A theme of the day.

    `loaded` are the kinds of the plans made for the subject's territory that have anything in force in
    it then; `tolerance` is that of the coarsest of its plans around the subject.
    """

    code: str
    title: Text
    order: int
    plan_kinds: tuple[str, ...]
    loaded: frozenset[str]
    tolerance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedTheme:
    """A theme with its days, and per plan kind the days on which anything of it is in force."""

    code: str
    title: Text
    order: int
    plan_kinds: tuple[str, ...]
    valid_from: date | None
    valid_to: date | None
    loaded: tuple[tuple[str, date | None, date | None], ...]

    def loaded_on(self, on: date) -> frozenset[str]:
        return frozenset(kind for kind, begins, ends in self.loaded if holds(begins, ends, on))


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceRow:
    """A piece as stored. `wkb` is None where it holds all that can be seen around the subject.

    `group` tells land uses apart; None for restrictions.
    """

    theme: str
    plan: str
    edition: int
    status: str
    valid_from: date | None
    valid_to: date | None
    zone: ZoneRef
    group: str | None
    wkb: bytes | None
    facts: Mapping[str, Any]

    @property
    def key(self) -> str:
        return self.zone.id

    @property
    def hilucs(self) -> str:
        return str(self.facts.get("hilucs") or "")

    @property
    def uses(self) -> Uses:
        return Uses(
            allowed=tuple(self.facts.get("allowed", ())),
            conditional=tuple(self.facts.get("conditional", ())),
            forbidden=tuple(self.facts.get("forbidden", ())),
        )

    @property
    def use_codes(self) -> frozenset[str]:
        """The land use as published and as the list has it."""
        use = self.zone.land_use
        return frozenset(filter(None, [self.facts.get("text"), use.code if use else None]))

    @property
    def acts(self) -> tuple[Act, ...]:
        """What gave the piece its status."""
        return tuple(
            Act(edition=cause["edition"], event=cause["event"], decision=cause["document"])
            for cause in self.facts["causes"]
        )

    @property
    def causes(self) -> tuple[str, ...]:
        """The editions that gave the piece its status."""
        return tuple(sorted({cause["edition"] for cause in self.facts["causes"]}))

    def is_valid(self, on: date) -> bool:
        """Whether it has its status on the day."""
        return holds(self.valid_from, self.valid_to, on)


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageRow:
    """A declaration as stored; `wkb` is None where it holds all of the subject's surroundings.

    `tolerance` is that of the plan because of which it was made, 0 where there is none.
    """

    theme: str
    plan_kind: str
    state: str
    valid_from: date | None
    valid_to: date | None
    as_of: date
    source: str
    office: OfficeRef
    tolerance: float
    wkb: bytes | None
