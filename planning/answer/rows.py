"""What the statement of all candidates gives, as frozen rows: pieces, coverage, plans, editions, events.

Values as stored, nothing measured yet. It knows no database.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from planning.answer.model import Decision, DocumentRef, OfficeRef, PlanRef, Source, Text, Uses, ZoneRef


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
    def causes(self) -> tuple[str, ...]:
        """The editions that gave the piece its status."""
        return tuple(sorted({cause["edition"] for cause in self.facts["causes"]}))


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageRow:
    """A declaration as stored; `wkb` is None where it holds all of the subject's surroundings.

    `tolerance` is that of the plan because of which it was made, 0 where there is none.
    """

    theme: str
    plan_kind: str
    state: str
    as_of: date
    source: str
    office: OfficeRef
    tolerance: float
    wkb: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """A public event of an edition."""

    kind: str
    effective_from: date
    is_partial: bool
    decision: Decision | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionRow:
    """A public edition of a plan; `wkb` of its extent is None where that holds the surroundings."""

    id: int
    code: str
    number: int
    is_local: bool
    wkb: bytes | None
    events: tuple[EventRow, ...]

    @property
    def decision(self) -> Decision | None:
        """The act behind it: of its approval, else of its entry into force, else any."""
        for kind in ("approved", "in_force", None):
            for event in self.events:
                if event.decision is not None and kind in (event.kind, None):
                    return event.decision
        return None

    @property
    def in_force_from(self) -> date | None:
        return min((e.effective_from for e in self.events if e.kind == "in_force"), default=None)

    def is_in_force(self, on: date) -> bool:
        """Whether some of it became law by that day and not all of it was annulled since."""
        begun = self.in_force_from is not None and self.in_force_from <= on
        annulled = any(
            e.kind.startswith("annulled") and not e.is_partial and e.effective_from <= on for e in self.events
        )
        return begun and not annulled


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """A plan with its public editions, in the order of their numbers.

    `implements` are the plans that it is made under.
    """

    ref: PlanRef
    tolerance: float
    licence: str
    implements: frozenset[str]
    documents: tuple[tuple[DocumentRef, tuple[int, ...]], ...]
    editions: tuple[EditionRow, ...]

    def edition(self, pk: int) -> EditionRow:
        return next(edition for edition in self.editions if edition.id == pk)

    def current(self, on: date) -> tuple[EditionRow, ...]:
        """The latest whole edition in force and the local adjustments made to it since."""
        whole = self.latest_whole(on)
        begun = (whole.in_force_from if whole else None) or date.min
        in_force = [edition for edition in self.editions if edition.is_in_force(on)]
        return tuple(
            edition
            for edition in in_force
            if edition is whole or (edition.is_local and (edition.in_force_from or date.min) >= begun)
        )

    def latest_whole(self, on: date) -> EditionRow | None:
        whole = [e for e in self.editions if not e.is_local and e.is_in_force(on)]
        return max(whole, key=lambda e: (e.in_force_from or date.min, e.number), default=None)

    def documents_of(self, edition: int) -> tuple[DocumentRef, ...]:
        """The papers of the edition and those of the plan as a whole."""
        return tuple(ref for ref, editions in self.documents if not editions or edition in editions)


@dataclass(frozen=True, kw_only=True)
class Candidates:
    """The snapshot: rows by theme, and what they refer to."""

    themes: tuple[ThemeRow, ...]
    pieces: Mapping[str, Sequence[PieceRow]]
    coverage: Mapping[str, Sequence[CoverageRow]]
    plans: Mapping[str, PlanRow]
    offices: Mapping[str, OfficeRef]


def source_of(piece: PieceRow, plan: PlanRow) -> Source:
    """Where the piece came from; publisher and licence of the upload, else of the plan."""
    facts = piece.facts
    return Source(
        upload=facts["upload"],
        sha256=facts["sha256"],
        feature=facts["feature"],
        publisher=facts["publisher"] or plan.ref.office.name,
        licence=facts["licence"] or plan.licence,
    )
