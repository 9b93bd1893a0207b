"""What must hold on any data: a predicate and its opposite share no feature, and what is equal is itself.

The value that a property is compared with comes from the data.
"""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from planning.ogcapi.collections import Kind
from tests.cql2_suite.asking import Get, ask
from tests.cql2_suite.dataset import Column, Layer
from tests.cql2_suite.judging import Verdict
from tests.cql2_suite.rows import COMBINATION

GROUP = "any data"
SEED = 20260618
COMBINATIONS = 10
OPPOSITES = (("=", "<>"), (">", "<="), ("<", ">="))


class _Layer:
    """One layer being asked: how many rows there are, and whatever does not hold."""

    def __init__(self, get: Get, layer: Layer) -> None:
        self.get, self.layer = get, layer
        self.rows = list(layer.rows())
        self.predicates: list[str] = []

    def ids(self, predicate: str) -> set[Any] | str:
        """The features; what the server said instead, where it gave none."""
        answer = ask(self.get, self.layer.name, predicate)
        if answer.status != 200 or answer.matched != len(answer.ids):
            return str(answer)
        return set(answer.ids)

    def verdict(self, what: str, *predicates: str, rule: Any) -> Verdict:
        found = [self.ids(predicate) for predicate in predicates]
        broken = next((one for one in found if isinstance(one, str)), "")
        got = broken or ("" if rule(*found) else f"{[len(one) for one in found]} features")
        return Verdict(GROUP, self.layer.name, "cql2-text", "  |  ".join(predicates), what, got)


def judged_in_general(get: Get, layers: tuple[Layer, ...]) -> Iterator[Verdict]:
    """The general tests over every layer."""
    for layer in layers:
        asked = _Layer(get, layer)
        yield asked.verdict("none", "false", rule=lambda found: not found)
        everything = asked.ids("true")
        for column in layer.columns:
            yield from _of_column(asked, column, everything)
        yield from _random_combinations(asked)


def _of_column(asked: _Layer, column: Column, everything: Any) -> Iterator[Verdict]:
    name = f'"{column.name}"'
    yield asked.verdict(
        "disjoint, together all",
        f"{name} IS NULL",
        f"{name} IS NOT NULL",
        rule=lambda null, other: not null & other and null | other == everything,
    )
    value = _some_value(asked.rows, column)
    if value is None:
        return
    is_ordered = column.type.kind is not Kind.BOOLEAN
    for operator, opposite in OPPOSITES if is_ordered else OPPOSITES[:1]:
        both = (f"{name} {operator} {value}", f"{name} {opposite} {value}")
        asked.predicates += both
        yield asked.verdict(
            "disjoint, together all with a value",
            *both,
            f"{name} IS NOT NULL",
            rule=lambda one, other, known: not one & other and one | other == known,
        )
    for operator in ("=", ">=", "<=") if is_ordered else ("=",):
        yield asked.verdict(
            "the same",
            f"{name} {operator} {name}",
            f"{name} IS NOT NULL",
            rule=lambda one, known: one == known,
        )
    for operator in ("<>", ">", "<") if is_ordered else ("<>",):
        yield asked.verdict("none", f"{name} {operator} {name}", rule=lambda found: not found)


def _random_combinations(asked: _Layer) -> Iterator[Verdict]:
    """Combinations of four of the predicates above are to be evaluated, whatever comes out."""
    chance = random.Random(SEED)
    for _ in range(COMBINATIONS if len(asked.predicates) >= 4 else 0):
        four = chance.sample(asked.predicates, 4)
        combined = COMBINATION.format(**dict(zip(("p1", "p2", "p3", "p4"), four, strict=True)))
        yield asked.verdict("evaluated", combined, rule=lambda _found: True)


def _some_value(rows: list[Any], column: Column) -> str | None:
    """A value that occurs, the most frequent one, as CQL2 writes it; None where there is none."""
    counted = Counter(value for row in rows if (value := getattr(row, column.field)) is not None)
    return _literal(counted.most_common(1)[0][0]) if counted else None


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return f"TIMESTAMP('{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}')"
    if isinstance(value, date):
        return f"DATE('{value.isoformat()}')"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return str(value)
