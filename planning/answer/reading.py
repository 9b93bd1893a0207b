"""The rows of the candidates' statement sorted by what they are. Values in, values out; no database."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import orjson

from planning.answer.model import Decision, DocumentRef, LandUseRef, OfficeRef, PlanRef, Text, ZoneRef
from planning.answer.rows import (
    Candidates,
    CoverageRow,
    EditionRow,
    EventRow,
    PieceRow,
    PlanRow,
    ThemeRow,
)
from planning.geometry import line_tolerance


@dataclass
class Reader:
    """Sorts the rows; plans are named after the edition of the day."""

    rows: Sequence[tuple[Any, ...]]
    as_at: date
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

    def read(self) -> Candidates:
        offices = {row[0]: OfficeRef(**row[-2]) for row in self.by_kind["office"]}
        plans = self._plans(offices)
        pieces = _by_theme(
            [*map(_zone, self.by_kind["zone"]), *map(_restriction, self.by_kind["restriction"])]
        )
        return Candidates(
            themes=self._themes(pieces, plans),
            pieces=pieces,
            coverage=_by_theme([_coverage(row, offices) for row in self.by_kind["coverage"]]),
            plans=plans,
            offices=offices,
        )

    def _themes(
        self, pieces: Mapping[str, Sequence[PieceRow]], plans: Mapping[str, PlanRow]
    ) -> tuple[ThemeRow, ...]:
        rows = [
            ThemeRow(
                code=code,
                title=Text(vi=facts["vi"], en=facts["en"]),
                order=facts["order"],
                plan_kinds=tuple(facts["plan_kinds"]),
                loaded=frozenset(facts["loaded"] or ()),
                tolerance=self._coarsest(facts, [plans[row.plan] for row in pieces.get(code, ())]),
            )
            for code, *_, facts, _ in self.by_kind["theme"]
        ]
        return tuple(sorted(rows, key=lambda theme: (theme.order, theme.code)))

    def _coarsest(self, theme: Mapping[str, Any], plans: Iterable[PlanRow]) -> float:
        """Of the plans of a theme around the subject, those without a piece of it nearby included."""
        around = self._searched["coarsest"] or {}
        kinds = {*theme["plan_kinds"], *(theme["loaded"] or ())}
        stated = [float(metres) for kind, metres in around.items() if kind in kinds]
        return max([*stated, *(plan.tolerance for plan in plans)], default=0.0)

    def _plans(self, offices: Mapping[str, OfficeRef]) -> dict[str, PlanRow]:
        editions: dict[str, list[EditionRow]] = defaultdict(list)
        for row in self.by_kind["edition"]:
            editions[row[1]].append(_edition(row))
        return {
            row[1]: _plan(row, sorted(editions[row[1]], key=lambda e: e.number), offices, self.as_at)
            for row in self.by_kind["plan"]
        }


def _by_theme(rows: Sequence[Any]) -> dict[str, list[Any]]:
    by_theme: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        by_theme[row.theme].append(row)
    return by_theme


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
    theme, _, _, state, _, _, facts, wkb = row
    return CoverageRow(
        theme=theme,
        plan_kind=facts["plan_kind"],
        state=state,
        as_of=date.fromisoformat(facts["as_of"]),
        source=facts["source"],
        office=offices[facts["office"]],
        tolerance=float(facts["accuracy"] or 0.0),
        wkb=None if wkb is None else bytes(wkb),
    )


def _edition(row: tuple[Any, ...]) -> EditionRow:
    _, plan, pk, _, _, _, facts, wkb = row
    return EditionRow(
        id=pk,
        code=f"{plan}/{facts['number']}",
        number=facts["number"],
        is_local=facts["is_local"],
        wkb=None if wkb is None else bytes(wkb),
        events=tuple(
            EventRow(
                kind=event["kind"],
                effective_from=date.fromisoformat(event["from"]),
                is_partial=event["is_partial"],
                decision=_decision(event["document"]),
            )
            for event in facts["events"] or ()
        ),
    )


def _decision(document: Mapping[str, Any] | None) -> Decision | None:
    if document is None:
        return None
    on = document["date"]
    return Decision(
        kind=document["kind"],
        number=document["number"],
        date=date.fromisoformat(on) if on else None,
        issuer=document["issuer"],
    )


def _plan(
    row: tuple[Any, ...],
    editions: Sequence[EditionRow],
    offices: Mapping[str, OfficeRef],
    as_at: date,
) -> PlanRow:
    facts = row[-2]
    tolerance = line_tolerance(facts["scale"], facts["accuracy"])
    plan = PlanRow(
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
        documents=tuple(_document(document) for document in facts["documents"] or ()),
        editions=tuple(editions),
    )
    return _named_after(plan, plan.latest_whole(as_at))


def _named_after(plan: PlanRow, edition: EditionRow | None) -> PlanRow:
    """The plan under the edition that the answer names it by: the latest whole one, else the newest."""
    named = edition or max(plan.editions, key=lambda e: e.number, default=None)
    if named is None:
        return plan
    ref = replace(plan.ref, edition=named.code, decision=named.decision, in_force_from=named.in_force_from)
    return replace(plan, ref=ref)


def _document(facts: Mapping[str, Any]) -> tuple[DocumentRef, tuple[int, ...]]:
    title = " · ".join(part for part in (facts["number"], facts["title"]) if part)
    ref = DocumentRef(title=title, url=facts["url"], article="", page=None)
    return ref, tuple(facts["editions"] or ())
