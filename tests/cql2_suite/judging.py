"""Every row, asked in text and in JSON, is right or a Failure."""

import json
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import cql2

from tests.cql2_suite.asking import JSON, LIMIT, TEXT, Answer, Get, ask
from tests.cql2_suite.rows import Row

_TEXT_OR_NUMBER = re.compile(r"""'(?:[^']|'')*'|"[^"]*"|(?<![\w.])(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?""")


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
        tree = cql2.parse_text(predicate).to_json()
    except (cql2.ParseError, cql2.ValidationError, ValueError):
        return None
    written = [float(found[0]) for found in _TEXT_OR_NUMBER.finditer(predicate) if found[1]]
    return json.dumps(_exact(tree, written), ensure_ascii=False)


def _exact(tree: Any, written: Sequence[float]) -> Any:
    """The tree with its numbers as they are written: of coordinates that parser reads some a last digit
    off, which is enough for two equal geometries to differ."""
    match tree:
        case dict():
            return {name: _exact(part, written) for name, part in tree.items()}
        case list():
            return [_exact(part, written) for part in tree]
        case float():
            nearest = min(written, key=lambda one: abs(one - abs(tree)), default=math.inf)
            is_meant = math.isclose(nearest, abs(tree), rel_tol=1e-15)
            return math.copysign(nearest, tree) if is_meant else tree
    return tree


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
