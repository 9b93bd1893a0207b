"""What the checks have to say: frozen findings with stable codes, counted, ordered, capped.

The vocabulary of the import: rules IMP-F.. (file), S (coordinate system), T (text), A (attributes),
K (codes), G (geometry), C (coverage of the plan by its zones).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from planning.errors import UnreadableFile
from planning.models import Level, UploadResult

PREFIX = "IMP-"

# Rows shown for one rule of one layer; beyond them a last finding says how many there are.
SHOWN = {Level.FATAL: 1_000, Level.ERROR: 1_000, Level.QUESTION: 100, Level.WARNING: 100, Level.INFO: 20}


class Outcome(StrEnum):
    """What became of a row with a fault."""

    REPAIRED = "repaired"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to say about a file, a layer or a row.

    `says` names the sentence where a rule has several; `row` counts from 1; `place` is (lon, lat).
    `more` is set on the finding that stands for the rows not shown.
    """

    code: str
    level: Level
    facts: Mapping[str, Any] = field(default_factory=dict)
    layer: str = ""
    row: int | None = None
    field: str = ""
    value: str = ""
    says: str = ""
    place: tuple[float, float] | None = None
    outcome: Outcome | None = None
    more: int = 0

    @property
    def rule(self) -> str:
        """The code as it is shown."""
        return PREFIX + self.code


def from_error(error: UnreadableFile) -> Finding:
    """The fatal finding that an unreadable file amounts to."""
    facts = {name: value for name, value in error.facts.items() if name not in ("code", "says", "detail")}
    is_nameless = error.code == "F02" and facts.get("detected") == "?"
    says = "F02/unknown" if is_nameless else str(error.facts.get("says", ""))
    return Finding(code=error.code, level=Level.FATAL, says=says, facts=facts)


def result_of(findings: Iterable[Finding]) -> UploadResult:
    """The gravest level decides: refused, then an open question, then blocked."""
    levels = {finding.level for finding in findings}
    if Level.FATAL in levels:
        return UploadResult.REFUSED
    if Level.QUESTION in levels:
        return UploadResult.NEEDS_ANSWER
    return UploadResult.BLOCKED if Level.ERROR in levels else UploadResult.OK


def settled(findings: Iterable[Finding], outcomes: Mapping[int, Outcome]) -> list[Finding]:
    """Errors of rows that were repaired or left out become warnings that say so."""
    return [
        replace(finding, level=Level.WARNING, outcome=outcome)
        if finding.level is Level.ERROR and (outcome := outcomes.get(finding.row or 0))
        else finding
        for finding in findings
    ]


def counted(findings: Iterable[Finding]) -> dict[str, int]:
    """How many findings each rule has, the ones not shown included."""
    counts: dict[str, int] = defaultdict(int)
    for finding in findings:
        counts[finding.rule] += finding.more or 1
    return dict(sorted(counts.items()))


def capped(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """In the order of layer, rule and row; of each rule and level only so many, then their number."""
    groups: dict[tuple[str, str, str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        groups[finding.layer, finding.code, finding.level, finding.says].append(finding)
    shown: list[Finding] = []
    for key in sorted(groups):
        group = sorted(groups[key], key=lambda one: (one.row or 0, one.field, one.value))
        # rows that were dealt with are errors by origin: all of them are worth showing
        limit = SHOWN[Level.ERROR if group[0].outcome else group[0].level]
        shown += group[:limit]
        if len(group) > limit:
            shown.append(_rest(group[limit], len(group) - limit, len(group)))
    return tuple(shown)


def _rest(example: Finding, rest: int, count: int) -> Finding:
    return Finding(
        code=example.code,
        level=example.level,
        layer=example.layer,
        says="more",
        facts={"rest": rest, "count": count},
        more=rest,
    )
