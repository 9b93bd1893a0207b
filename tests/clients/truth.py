"""What the database holds of a collection, asked without the server of the OGC APIs."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from planning.catalog import CATALOGUE
from planning.ogcapi.collections import Collection

Row = tuple[dict[str, Any], BaseGeometry | None]
COLLECTIONS = tuple(one.id for one in CATALOGUE.collections)


def collection(name: str) -> Collection:
    """A declared collection."""
    return next(one for one in CATALOGUE.collections if one.id == name)


def rows(name: str) -> dict[str, Row]:
    """Values and geometry (degrees, longitude first) of what is public now, by id."""
    declared = collection(name)
    found = declared.rows(declared.source.newest())
    columns = {f"value_{number}": one.expression for number, one in enumerate(declared.properties)}
    found = found.annotate(feature_id=declared.key.expression, **columns)
    return {
        row[0]: (_values(declared, row[2:]), None if row[1] is None else shapely.from_wkb(bytes(row[1].wkb)))
        for row in found.values_list("feature_id", declared.geometry.field, *columns)
    }


def _values(declared: Collection, stored: tuple[Any, ...]) -> dict[str, Any]:
    return {
        one.name: plain(one.shown(value) if one.shown and value is not None else value)
        for one, value in zip(declared.properties, stored, strict=True)
    }


def plain(value: Any) -> Any:
    """As JSON writes it, structured values read."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, str) and value[:1] in ("{", "["):
        return json.loads(value)
    return value


def assert_same_values(found: Mapping[str, Any], expected: Mapping[str, Any]) -> None:
    """Each property says the same; numbers by value."""
    assert found.keys() == expected.keys()
    wrong = {name: (found[name], value) for name, value in expected.items() if plain(found[name]) != value}
    assert not wrong


def assert_same_place(found: BaseGeometry | None, expected: BaseGeometry | None, tolerance: float) -> None:
    """Vertex by vertex, no farther than the last digit that is written."""
    assert (found is None) is (expected is None)
    if found is None or expected is None:
        return
    ours, theirs = shapely.get_coordinates(found), shapely.get_coordinates(expected)
    assert ours.shape == theirs.shape
    assert abs(ours - theirs).max() <= tolerance
