"""The rows of the candidates' statement sorted by what they are. Values in, values out; no database."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import orjson

from planning.answer.force import EventRow
from planning.answer.model import (
    DocumentRef,
    LandUseRef,
    OfficeRef,
    PlanRef,
    RelationRef,
    RulingRef,
    Text,
    ZoneRef,
)
from planning.answer.plan_rows import ClauseRow, DocumentRow, EditionRow, PlanRow, RulingRow
from planning.answer.rows import CoverageRow, DatedTheme, PieceRow
from planning.answer.snapshot import Timeless
from planning.corrections import Recorded, Standing, resolved
from planning.geometry import line_tolerance

# documents are served under this path, see the contract of the portal
DOCUMENTS = "/documents/"


@dataclass
class Reader:
    """Sorts the rows of a statement."""

    rows: Sequence[tuple[Any, ...]]
    by_kind: dict[str, list[tuple[Any, ...]]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for kind, *row in self.rows:
            self.by_kind[kind].append((*row[:-2], orjson.loads(row[-2]), row[-1]))

    @property
    def reach(self) -> float:
        """How far around the subject the rows were looked for, in metres."""
        return float(self._searched["metres"])

    @property
    def _searched(self) -> Mapping[str, Any]:
        ((*_, facts, _),) = self.by_kind["reach"]
        return facts

    def read(self) -> Timeless:
        offices = {row[0]: OfficeRef(**row[-2]) for row in self.by_kind["office"]}
        around = self._searched["coarsest"] or {}
        return Timeless(
            themes=[_theme(row) for row in self.by_kind["theme"]],
            pieces=[*map(_zone, self.by_kind["zone"]), *map(_restriction, self.by_kind["restriction"])],
            coverage=[_coverage(row, offices) for row in self.by_kind["coverage"]],
            plans=self._plans(offices),
            offices=offices,
            rulings=[_ruling(row) for row in self.by_kind["ruling"]],
            matches=frozenset(frozenset(pair) for *_, pair, _ in self.by_kind["match"]),
            around={kind: float(metres) for kind, metres in around.items()},
        )

    def _plans(self, offices: Mapping[str, OfficeRef]) -> dict[str, PlanRow]:
        editions: dict[str, list[EditionRow]] = defaultdict(list)
        for row in self.by_kind["edition"]:
            editions[row[1]].append(_edition(row))
        relations = self._relations()
        return {
            row[1]: _plan(row, sorted(editions[row[1]], key=lambda e: e.number), relations[row[1]], offices)
            for row in self.by_kind["plan"]
        }

    def _relations(self) -> dict[str, list[RelationRef]]:
        """By plan what it says of others, and what others say of it."""
        relations: dict[str, list[RelationRef]] = defaultdict(list)
        for row in self.by_kind["relation"]:
            for plan, ref in _relation(row):
                relations[plan].append(ref)
        return relations


def _theme(row: tuple[Any, ...]) -> DatedTheme:
    code, *_, facts, _ = row
    return DatedTheme(
        code=code,
        title=Text(vi=facts["vi"], en=facts["en"]),
        order=facts["order"],
        plan_kinds=tuple(facts["plan_kinds"]),
        valid_from=_day(facts["from"]),
        valid_to=_day(facts["to"]),
        loaded=tuple((kind, _day(begins), _day(ends)) for kind, begins, ends in facts["loaded"] or ()),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _zone(row: tuple[Any, ...]) -> PieceRow:
    facts = row[-2]
    use = LandUseRef(**facts["use"])
    return _piece(
        row,
        ZoneRef(id=facts["id"], code=facts["code"], name=facts["name"], land_use=use),
        f"{use.list}:{use.code}",
    )


def _restriction(row: tuple[Any, ...]) -> PieceRow:
    facts = row[-2]
    zone = ZoneRef(id=facts["id"], code=facts["code"], name=facts["name"], land_use=None, kind=facts["kind"])
    return _piece(row, zone, None)


def _piece(row: tuple[Any, ...], zone: ZoneRef, group: str | None) -> PieceRow:
    theme, plan, edition, status, valid_from, valid_to, facts, wkb = row
    return PieceRow(
        theme=theme,
        plan=plan,
        edition=edition,
        status=status,
        valid_from=valid_from,
        valid_to=valid_to,
        zone=zone,
        group=group,
        wkb=None if wkb is None else bytes(wkb),
        facts=facts,
    )


def _coverage(row: tuple[Any, ...], offices: Mapping[str, OfficeRef]) -> CoverageRow:
    theme, _, _, state, valid_from, valid_to, facts, wkb = row
    return CoverageRow(
        theme=theme,
        plan_kind=facts["plan_kind"],
        state=state,
        valid_from=valid_from,
        valid_to=valid_to,
        as_of=date.fromisoformat(facts["as_of"]),
        source=facts["source"],
        office=offices[facts["office"]],
        tolerance=float(facts["accuracy"] or 0.0),
        wkb=None if wkb is None else bytes(wkb),
    )


# --- editions and their events ---


def _edition(row: tuple[Any, ...]) -> EditionRow:
    _, plan, pk, _, _, _, facts, wkb = row
    recorded = [
        Recorded(key=event["id"], facts=_event(event), corrects=event["corrects"], is_void=event["is_void"])
        for event in facts["events"] or ()
    ]
    standing = [_standing(one) for one in resolved(recorded, rank=_rank)]
    return EditionRow(
        id=pk,
        code=f"{plan}/{facts['number']}",
        number=facts["number"],
        is_local=facts["is_local"],
        wkb=None if wkb is None else bytes(wkb),
        recorded=tuple(sorted(standing, key=lambda e: (e.effective_from, e.on))),
    )


def _event(facts: Mapping[str, Any]) -> EventRow:
    document = facts["document"]
    return EventRow(
        kind=facts["kind"],
        on=date.fromisoformat(facts["on"]),
        effective_from=date.fromisoformat(facts["from"]),
        effective_to=_day(facts["to"]),
        is_partial=facts["is_partial"],
        document=_document_ref(document) if document else None,
        revision=facts["revision"],
        is_near=facts["is_near"],
    )


def _rank(event: EventRow) -> tuple[object, ...]:
    ends = event.effective_to or date.max
    return (event.on, event.decision_code, event.effective_from, ends, event.is_partial)


def _standing(one: Standing[EventRow]) -> EventRow:
    """The event under its own kind, with the particulars that count."""
    own = one.recorded.facts
    facts = one.facts or own
    return replace(facts, kind=own.kind, is_corrected=one.is_corrected, is_void=one.facts is None)


# --- plans, their papers and what is said between them ---


def _plan(
    row: tuple[Any, ...],
    editions: Sequence[EditionRow],
    relations: Sequence[RelationRef],
    offices: Mapping[str, OfficeRef],
) -> PlanRow:
    facts = row[-2]
    tolerance = line_tolerance(facts["scale"], facts["accuracy"])
    return PlanRow(
        ref=PlanRef(
            id=row[1],
            title=facts["title"],
            title_en=facts["title_en"],
            kind=facts["kind"],
            level=facts["level"],
            scale=facts["scale"],
            accuracy_m=tolerance,
            edition="",
            decision=None,
            in_force_from=None,
            office=offices[facts["office"]],
        ),
        tolerance=tolerance,
        licence=facts["licence"],
        implements=frozenset([*(facts["implements"] or ()), *filter(None, [facts["parent"]])]),
        relations=tuple(sorted(relations, key=_relation_order)),
        documents=tuple(_document(document) for document in facts["documents"] or ()),
        editions=tuple(editions),
    )


def _document(facts: Mapping[str, Any]) -> DocumentRow:
    return DocumentRow(
        id=facts["id"],
        ref=_document_ref(facts),
        editions=tuple(facts["editions"] or ()),
        clauses=tuple(_clause(clause) for clause in facts["clauses"] or ()),
    )


def _clause(facts: Mapping[str, Any]) -> ClauseRow:
    return ClauseRow(
        clause=facts["clause"],
        article=facts["article"],
        text=facts["text"],
        page=facts["page"],
        land_uses=frozenset(facts["land_uses"]),
        zone_codes=frozenset(facts["zone_codes"]),
        restriction_kinds=frozenset(facts["restriction_kinds"]),
    )


def _document_ref(facts: Mapping[str, Any]) -> DocumentRef:
    return DocumentRef(
        title=" · ".join(part for part in (facts["number"], facts["title"]) if part),
        url=f"{DOCUMENTS}{facts['file']}" if facts["file"] else facts["url"],
        article="",
        page=None,
        kind=facts["kind"],
        number=facts["number"],
        date=_day(facts["date"]),
        issuer=facts["issuer"],
    )


def _relation(row: tuple[Any, ...]) -> Sequence[tuple[str, RelationRef]]:
    """Listed under both plans, once from either side."""
    _, plan, _, kind, _, _, facts, _ = row
    own = RelationRef(
        kind=kind,
        is_acting=True,
        plan=facts["target"],
        title=facts["target_title"],
        title_en=facts["target_title_en"],
        edition=f"{plan}/{facts['number']}",
        document=_document_ref(facts["document"]),
    )
    theirs = replace(own, is_acting=False, plan=plan, title=facts["title"], title_en=facts["title_en"])
    return [(plan, own), (facts["target"], theirs)]


def _relation_order(ref: RelationRef) -> tuple[object, ...]:
    return (not ref.is_acting, ref.plan, ref.edition, ref.kind)


def _ruling(row: tuple[Any, ...]) -> RulingRow:
    other, plan, _, _, effective_from, effective_to, facts, wkb = row
    return RulingRow(
        plans=frozenset([plan, other]),
        ref=RulingRef(
            document=_document_ref(facts["document"]),
            on=date.fromisoformat(facts["on"]),
            effective_from=effective_from,
            effective_to=effective_to,
            text=facts["text"],
            carried_out=facts["carried_out"],
        ),
        wkb=None if wkb is None else bytes(wkb),
    )
