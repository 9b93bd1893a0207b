"""The legal core of an answer and its digest, from the answer's own JSON: whoever kept it can check it.

The published schema marks what is left out (`x-legal-core: false`): names, colours, addresses, papers and
the circumstances of asking, which are today's. What is left is what a past question reproduces byte for
byte. It is written canonically (RFC 8785: members in the order of their names, shortest numbers, UTF-8),
and `digest` is its SHA-256. It knows neither database nor HTTP.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import orjson

SCHEMA = Path(__file__).with_name("schema.json")
MARK = "x-legal-core"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Shape:
    """What of an object is left out, and the shapes of its members that are objects themselves."""

    left_out: frozenset[str] = frozenset()
    members: Mapping[str, "_Shape"] = field(default_factory=dict)


def legal_core(document: Mapping[str, Any]) -> Json:
    """What stays of an answer as received, or as it is about to be written.

    Themes, and what is said of them elsewhere, go by code: the order in which they are shown is today's.
    """
    core: Json = _kept(document, _shape())
    core["themes"].sort(key=lambda theme: theme["code"])
    for name in ("upcoming", "superseded", "not_checked"):
        core[name].sort(key=lambda row: row["theme"])
    return core


def canonical(core: Mapping[str, Any]) -> bytes:
    """The bytes that are hashed."""
    return orjson.dumps(core, option=orjson.OPT_SORT_KEYS)


def digest_of(document: Mapping[str, Any]) -> str:
    """SHA-256 of the legal core of an answer."""
    return hashlib.sha256(canonical(legal_core(document))).hexdigest()


def _kept(value: Any, shape: _Shape) -> Any:
    kind = type(value)
    if kind is float:
        return _number(value)
    if kind is dict:
        members, left_out = shape.members, shape.left_out
        return {
            name: _kept(member, members.get(name, _WHOLE))
            for name, member in value.items()
            if name not in left_out
        }
    if kind is list:
        return [_kept(entry, shape) for entry in value]
    if kind is orjson.Fragment:
        return _kept(orjson.loads(orjson.dumps(value)), shape)
    return value


def _number(value: float) -> Any:
    """As RFC 8785 writes it, where that differs from what our writer does."""
    if value.is_integer() and abs(value) < 2**53:
        return int(value)
    if 1e-6 <= abs(value) < 1e-5:
        return orjson.Fragment(format(Decimal(repr(value)), "f"))
    return value


_WHOLE = _Shape()


@cache
def _shape() -> _Shape:
    schema: Json = orjson.loads(SCHEMA.read_bytes())
    return _compiled(schema, schema["$defs"])


def _compiled(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> _Shape:
    """The marks of a schema and of all it refers to; an array has the shape of its entries."""
    if "$ref" in schema:
        return _compiled(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    if "items" in schema:
        return _compiled(schema["items"], definitions)
    if "anyOf" in schema:
        return _compiled(schema["anyOf"][0], definitions)
    properties = schema.get("properties", {})
    left_out = frozenset(name for name, member in properties.items() if member.get(MARK) is False)
    members = {
        name: shape
        for name, member in properties.items()
        if name not in left_out and (shape := _compiled(member, definitions)) != _WHOLE
    }
    return _Shape(left_out, members)
