"""The labelled look-ups of `fixtures/lookup`: what people type, and what must come of it."""

import csv
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from planning.lookup import Candidate, CandidateKind, LookupResult

QUERIES = Path(__file__).parents[3] / "fixtures" / "lookup" / "queries.csv"
# five metres: what is lost by the digits that people type
NEAR_DEGREES = 5e-5


class Outcome(StrEnum):
    RESOLVED = "resolved"
    ASKED = "asked"
    MISSED = "missed"
    WRONG = "wrong"


@dataclass(frozen=True)
class Query:
    """A text, whether it must be resolved, asked about or found nowhere, and the ids that must be there."""

    kind: str
    text: str
    expected: str
    ids: tuple[str, ...]


def queries() -> Iterator[Query]:
    with QUERIES.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield Query(row["kind"], row["query"], row["expected"], tuple(row["ids"].split()))


def judge(query: Query, found: LookupResult) -> Outcome:
    """Resolved: the first is the right one. Asked: all that may be meant are there, and the person is asked.

    Wrong: something else was put forward as the answer.
    """
    candidates = found.candidates
    if query.expected == "nothing":
        if not candidates:
            return Outcome.RESOLVED
        return Outcome.MISSED if found.hint else Outcome.WRONG
    is_asked = len(candidates) > 1 or bool(found.hint)
    right = _are_right(query, candidates)
    if all(right.values()):
        if is_right(query.ids[0], candidates[0]) and (query.expected == "resolved" or not is_asked):
            return Outcome.RESOLVED
        is_hinted = bool(found.hint) or is_right(query.ids[0], candidates[0])
        return Outcome.ASKED if is_asked and is_hinted else Outcome.WRONG
    if any(right.values()) or not candidates:
        return Outcome.MISSED
    return Outcome.MISSED if found.hint and len(candidates) > 1 else Outcome.WRONG


def _are_right(query: Query, candidates: Sequence[Candidate]) -> dict[str, bool]:
    return {wanted: any(is_right(wanted, one) for one in candidates) for wanted in query.ids}


def is_right(wanted: str, candidate: Candidate) -> bool:
    kind, _, rest = wanted.partition(":")
    match kind:
        case "point":
            lat, lon = (float(part) for part in rest.split(","))
            is_point = candidate.kind is CandidateKind.POINT and candidate.centre is not None
            return is_point and math.dist(candidate.centre or (0, 0), (lon, lat)) < NEAR_DEGREES
        case "street":
            return candidate.kind is CandidateKind.STREET and candidate.id.endswith(f"/{rest}")
    return candidate.id == wanted


def table(outcomes: Sequence[tuple[Query, Outcome]]) -> str:
    """By kind: how many were resolved, asked about, missed, wrong."""
    kinds = dict.fromkeys(query.kind for query, _ in outcomes)
    lines = [f"{'kind':20}" + "".join(f"{outcome:>10}" for outcome in Outcome)]
    for kind in [*kinds, "all"]:
        own = [outcome for query, outcome in outcomes if kind in (query.kind, "all")]
        lines.append(f"{kind:20}" + "".join(f"{own.count(outcome):>10}" for outcome in Outcome))
    return "\n".join(lines)
