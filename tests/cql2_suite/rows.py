"""The tables of predicates: what is asked of which layer, and how many features there must be."""

import csv
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

COMBINATION = "(NOT ({p2}) AND {p1}) OR ({p3} AND {p4}) OR NOT ({p1} OR {p4})"
PREDICATE_COLUMNS = {"layer", "predicate", "expected"}
COMBINATION_COLUMNS = {"p1", "p2", "p3", "p4", "expected"}
# which layer the combinations of the standard are over
PLACES = "populated_places"
ERRATA = Path(__file__).resolve().parents[2] / "fixtures" / "cql2" / "errata.csv"


class NotATable(Exception):
    """A table cannot be used; the text is one line."""


@dataclass(frozen=True, slots=True)
class Row:
    """One predicate. `expected` is a number of features; None where the predicate must be refused.

    `erratum` says where the number comes from if it is not that of the table.
    """

    group: str
    layer: str
    predicate: str
    expected: int | None
    erratum: str = ""


def predicates(file: Path) -> list[Row]:
    """The rows of a table of predicates. Raises NotATable."""
    return [
        Row(
            row.get("conformance_class") or "predicates",
            row["layer"].strip(),
            _as_cql2(row["predicate"]),
            _expected(row["expected"]),
        )
        for row in _table(file, PREDICATE_COLUMNS)
    ]


def combinations(file: Path, layer: str) -> list[Row]:
    """The rows of a table of combinations over that layer, unless a column `layer` names another."""
    return [
        Row(
            "combinations",
            row.get("layer") or layer,
            COMBINATION.format(**{name: _as_cql2(row[name]) for name in ("p1", "p2", "p3", "p4")}),
            _expected(row["expected"]),
        )
        for row in _table(file, COMBINATION_COLUMNS)
    ]


def corrected(rows: Iterable[Row], dataset: Path) -> list[Row]:
    """The rows with the numbers that the dataset holds, where the standard is known to be wrong about it."""
    own = hashlib.sha256(dataset.read_bytes()).hexdigest()
    with ERRATA.open(encoding="utf-8", newline="") as lines:
        errata = {
            (row["layer"], row["predicate"], int(row["standard"])): row
            for row in csv.DictReader(lines)
            if row["dataset"] == own
        }
    return [
        replace(row, expected=int(found["counted"]), erratum=f"not {found['standard']}: {found['source']}")
        if row.expected is not None and (found := errata.get((row.layer, row.predicate, row.expected)))
        else row
        for row in rows
    ]


def layer_of_combinations(rows: list[Row], layers: list[str]) -> str:
    """The layer of populated places; where there is none, the one that most predicates ask."""
    places = [layer for layer in layers if PLACES in layer]
    asked = [row.layer for row in rows]
    return places[0] if places else max(layers, key=asked.count)


def _table(file: Path, wanted: set[str]) -> Iterator[dict[str, str]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines, strict=True)
            reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or ()]
            if missing := wanted - set(reader.fieldnames):
                raise NotATable(f"{file} has no column {', '.join(sorted(missing))}.")
            for number, row in enumerate(reader, start=2):
                if None in row or None in row.values():
                    raise NotATable(f"{file}, line {number}: not as many values as columns.")
                yield row
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise NotATable(f"{file} cannot be read: {error}") from None


def _as_cql2(text: str) -> str:
    r"""The predicate itself: the sources of the standard write `\((`, lest two parentheses be a footnote."""
    return text.strip().replace("\\((", "((")


def _expected(text: str) -> int | None:
    """A count, "3.0" of a spreadsheet too; any word stands for a refusal."""
    text = text.strip().removesuffix(".0")
    return int(text) if text.isdecimal() else None
