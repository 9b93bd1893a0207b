"""Every row, asked in text and in JSON, is right or a Failure."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

import cql2

from tests.cql2_suite.asking import JSON, LIMIT, TEXT, Answer, Get, ask
from tests.cql2_suite.rows import Row


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one row went in one language; `got` is empty where all is right."""

    group: str
    layer: str
    language: str
    predicate: str
    expected: str
    got: str = ""

    @property
    def is_right(self) -> bool:
        return not self.got

    def as_json(self) -> dict[str, str]:
        return asdict(self)


def judged(get: Get, rows: Iterable[Row]) -> Iterator[Verdict]:
    """Each row in both languages."""
    for row in rows:
        yield _verdict(row, TEXT, ask(get, row.layer, row.predicate))
        if twin := in_json(row.predicate):
            yield _verdict(row, JSON, ask(get, row.layer, twin, JSON))
        elif row.expected is not None:
            yield Verdict(row.group, row.layer, JSON, row.predicate, "", "cannot be written as JSON")


def in_json(predicate: str) -> str | None:
    """The predicate in JSON, by the reference parser; None where it is none."""
    try:
        return json.dumps(cql2.parse_text(predicate).to_json(), ensure_ascii=False)
    except (cql2.ParseError, cql2.ValidationError, ValueError):
        return None


def _verdict(row: Row, language: str, answer: Answer) -> Verdict:
    said = str(answer)
    if row.expected is None:
        is_right, expected = 400 <= answer.status < 500, "refused (4xx)"
    else:
        counts = (answer.matched, len(answer.ids), len(set(answer.ids)))
        returned = min(row.expected, LIMIT)
        is_right = answer.status == 200 and counts == (row.expected, returned, returned)
        expected = str(row.expected)
    return Verdict(row.group, row.layer, language, row.predicate, expected, "" if is_right else said)
