"""The plans behind the pieces, as frozen rows: editions with their events, papers, relations, rulings.

Values as stored, corrections resolved. It knows no database.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

from planning.answer.force import ENTRIES, EventRow, begun_on, is_in_force
from planning.answer.model import Act, Decision, DocumentRef, PlanRef, RelationRef, RulingRef, Source
from planning.answer.rows import PieceRow, holds

# Statuses that begin on the very day from which the fact behind them works.
_DATED_BY_THEIR_FACT = frozenset(
    {("superseded", "in_force"), ("annulled", "annulled"), ("expired", "expired")}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionRow:
    """A public edition of a plan; `wkb` of its extent is None where that holds the surroundings.

    `recorded` are its public events in the order of their days, void ones included.
    """

    id: int
    code: str
    number: int
    is_local: bool
    wkb: bytes | None
    recorded: tuple[EventRow, ...]

    @property
    def events(self) -> tuple[EventRow, ...]:
        """The events that happened."""
        return tuple(event for event in self.recorded if not event.is_void)

    @property
    def decision(self) -> Decision | None:
        """The act behind it: of its approval, else of its entry into force, else any."""
        for kind in ("approved", "in_force", None):
            for event in self.events:
                if event.decision is not None and kind in (event.kind, None):
                    return event.decision
        return None

    def begun(self, on: date) -> date | None:
        """Since when it is law, seen from that day."""
        return begun_on(self.events, on)

    def is_in_force(self, on: date) -> bool:
        """Whether some of it may be law on the day."""
        return is_in_force(self.events, on)

    def since(self, act: Act, begins: date) -> date:
        """From which day on an act put land in force that is law on the day `begins`."""
        entered = max(
            (
                event.effective_from
                for event in self.events
                if (event.kind, event.decision_code) == (act.event, act.decision)
                and event.kind in ENTRIES
                and event.effective_from <= begins
            ),
            default=begins,
        )
        # What was suspended meanwhile is law again since that ended.
        return max([entered, *(day for day in self._resumed(begins) if day > entered)])

    def _resumed(self, begins: date) -> Iterator[date]:
        for event in self.events:
            ends = event.effective_to
            if event.kind != "suspended" or ends is None or ends > begins:
                continue
            # One within an extent says something of this land only where the piece begins with its end.
            if ends == begins or not event.is_partial:
                yield ends


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseRow:
    """An article of a document with what it speaks about; about all of the plan where it names nothing."""

    clause: str
    article: str
    text: str
    page: int | None
    land_uses: frozenset[str]
    zone_codes: frozenset[str]
    restriction_kinds: frozenset[str]

    def speaks_of(self, piece: PieceRow) -> bool:
        """Whether it is shown with a zone or restriction."""
        if not (self.land_uses or self.zone_codes or self.restriction_kinds):
            return True
        zone = piece.zone
        if zone.kind is not None:
            return zone.kind in self.restriction_kinds
        return zone.code in self.zone_codes or not self.land_uses.isdisjoint(piece.use_codes)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """A public document of a plan, the editions that it belongs to (none: all of the plan), its clauses."""

    id: int
    ref: DocumentRef
    editions: tuple[int, ...]
    clauses: tuple[ClauseRow, ...]

    def refs(self, piece: PieceRow) -> tuple[DocumentRef, ...]:
        """The document once for each clause about the piece, by itself where there is none."""
        return tuple(self._at(c) for c in self.clauses if c.speaks_of(piece)) or (self.ref,)

    def _at(self, clause: ClauseRow) -> DocumentRef:
        url = f"{self.ref.url}#page={clause.page}" if self.ref.url and clause.page else self.ref.url
        return replace(
            self.ref,
            url=url,
            article=clause.article,
            page=clause.page,
            clause=clause.clause,
            text=clause.text,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RulingRow:
    """A public ruling on two plans; `wkb` of its extent is None where it has none."""

    plans: frozenset[str]
    ref: RulingRef
    wkb: bytes | None

    def is_effective(self, on: date) -> bool:
        return holds(self.ref.effective_from, self.ref.effective_to, on)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """A plan with its public editions, in the order of their numbers.

    `implements` are the plans that it is made under, `relations` what it says of others and they of it.
    """

    ref: PlanRef
    tolerance: float
    licence: str
    implements: frozenset[str]
    relations: tuple[RelationRef, ...]
    documents: tuple[DocumentRow, ...]
    editions: tuple[EditionRow, ...]

    def edition(self, pk: int) -> EditionRow:
        return next(edition for edition in self.editions if edition.id == pk)

    def current(self, on: date) -> tuple[EditionRow, ...]:
        """The latest whole edition in force, the local adjustments made to it since, what was reinstated."""
        whole = self.latest_whole(on)
        begun = (whole.begun(on) if whole else None) or date.min
        return tuple(
            edition
            for edition in self.editions
            if edition is whole or (edition.is_in_force(on) and self._stands_beside(edition, begun, on))
        )

    def _stands_beside(self, edition: EditionRow, begun: date, on: date) -> bool:
        if any(event.kind == "reinstated" and event.effective_from <= on for event in edition.events):
            return True
        return edition.is_local and (edition.begun(on) or date.min) >= begun

    def latest_whole(self, on: date) -> EditionRow | None:
        whole = [e for e in self.editions if not e.is_local and e.is_in_force(on)]
        return max(whole, key=lambda e: (e.begun(on) or date.min, e.number), default=None)

    def named_on(self, on: date) -> "PlanRow":
        """The plan under the edition that an answer names it by: the latest whole one, else the newest."""
        named = self.latest_whole(on) or max(self.editions, key=lambda e: e.number, default=None)
        if named is None:
            return self
        ref = replace(self.ref, edition=named.code, decision=named.decision, in_force_from=named.begun(on))
        return replace(self, ref=ref)

    def documents_of(self, piece: PieceRow) -> tuple[DocumentRef, ...]:
        """The papers of the piece's edition and those of the plan as a whole, at the articles about it."""
        own = (row for row in self.documents if not row.editions or piece.edition in row.editions)
        return tuple(ref for row in own for ref in row.refs(piece))


def in_force_since(piece: PieceRow, plan: PlanRow) -> date | None:
    """From which day the land of a piece is law: of the acts that made it so the latest.

    Not simply the first day of the piece: that is also the day on which a neighbouring part was cut off.
    """
    begins = piece.valid_from
    if begins is None:
        return None
    edition = plan.edition(piece.edition)
    own = [act for act in piece.acts if act.edition == edition.code]
    return max((edition.since(act, begins) for act in own), default=begins)


def over_since(piece: PieceRow, plans: Mapping[str, PlanRow]) -> date | None:
    """From which day the land of a piece is superseded, annulled or expired.

    As above: a part that was given back cuts the piece anew, and takes nothing from the rest that day.
    """
    begins = piece.valid_from
    if begins is None or not piece.acts:
        return begins
    return max(_acted_on(act, piece, plans, begins) for act in piece.acts)


def _acted_on(act: Act, piece: PieceRow, plans: Mapping[str, PlanRow], begins: date) -> date:
    """The day of the act, where its fact alone says it; else the first day of the piece."""
    plan = plans.get(act.edition.rpartition("/")[0])
    if plan is None or (piece.status, act.event) not in _DATED_BY_THEIR_FACT:
        return begins
    own = (edition for edition in plan.editions if edition.code == act.edition)
    days = [
        event.effective_from
        for event in chain.from_iterable(edition.events for edition in own)
        if (event.kind, event.decision_code) == (act.event, act.decision) and event.effective_from <= begins
    ]
    return max(days, default=begins)


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
