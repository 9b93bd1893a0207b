"""What every answer in the tests must satisfy: the published schema, and books that close as printed.

`wire(answer)` gives the answer as a client reads it, checked; `check(document)` is for what came over HTTP.
"""

import json
from decimal import Decimal
from functools import cache
from typing import Any

import orjson
from jsonschema import Draft202012Validator

from planning.answer.model import Answer
from planning.answer.render import SCHEMA, to_json


@cache
def validator() -> Draft202012Validator:
    """The published schema, itself checked, with dates and times taken seriously."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def wire(answer: Answer) -> dict[str, Any]:
    """The answer as it goes over the wire, checked."""
    return check(orjson.loads(to_json(answer)))


def check(document: dict[str, Any]) -> dict[str, Any]:
    """The document itself; fails where it breaks the schema or its books do not close."""
    errors = sorted(validator().iter_errors(document), key=lambda error: error.json_path)
    assert not errors, "\n".join(f"{error.json_path}: {error.message}" for error in errors[:5])
    for theme in document["themes"]:
        for plan in theme["plans"]:
            assert_books_close(plan, document["subject"]["area_m2"])
            assert_bands_hold(plan)
    return document


def assert_books_close(plan: dict[str, Any], area: float | None) -> None:
    """Zones + uncovered - overlap = subject, to the printed digit."""
    if plan["uncovered_m2"] is None:
        return
    zones = [item for item in plan["items"] if item["zone"]["kind"] is None]
    rows = sum((exactly(item["area_m2"]) for item in zones), Decimal(0))
    assert rows + exactly(plan["uncovered_m2"]) - exactly(plan["overlap_m2"]) == exactly(area)
    assert plan["outside_m2"] <= plan["uncovered_m2"]


def assert_bands_hold(plan: dict[str, Any]) -> None:
    """Low <= share <= high wherever there is a share."""
    for row in (*plan["items"], *plan["totals"]):
        if row["share"] is not None:
            assert row["share_low"] <= row["share"] <= row["share_high"]


def exactly(number: Any) -> Decimal:
    """The number as printed."""
    return Decimal(repr(number))


def theme(document: dict[str, Any], code: str = "construction") -> dict[str, Any]:
    """One theme of an answer."""
    (found,) = [theme for theme in document["themes"] if theme["code"] == code]
    return found
