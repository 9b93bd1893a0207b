"""What the parts of a filter are once they are understood: a type, and what the database computes."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import (
    BooleanField,
    DateField,
    DateTimeField,
    FloatField,
    Func,
    TextField,
    Value,
)
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _

from planning.ogcapi.collections import Kind


class Type(StrEnum):
    """Types of operands; whole numbers are numbers."""

    TEXT = "string"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    GEOMETRY = "geometry"
    INTERVAL = "interval"


TYPE_OF_KIND = {
    Kind.TEXT: Type.TEXT,
    Kind.INTEGER: Type.NUMBER,
    Kind.NUMBER: Type.NUMBER,
    Kind.BOOLEAN: Type.BOOLEAN,
    Kind.DATE: Type.DATE,
    Kind.DATETIME: Type.DATETIME,
}
CALLED = {
    Type.TEXT: _("a text"),
    Type.NUMBER: _("a number"),
    Type.BOOLEAN: _("true or false"),
    Type.DATE: _("a date"),
    Type.DATETIME: _("a point in time"),
    Type.GEOMETRY: _("a geometry"),
    Type.INTERVAL: _("an interval"),
}
TEMPORAL = (Type.DATE, Type.DATETIME)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operand:
    """A value of one type. `constant` is set where the filter itself says it."""

    type: Type
    expression: Combinable
    constant: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """From one instant to another, both included; None is an open end."""

    start: Operand | None
    end: Operand | None

    @property
    def granularity(self) -> Type:
        """Whether its ends are dates or points in time."""
        known = self.start or self.end
        return known.type if known else Type.DATETIME

    type = Type.INTERVAL


class Bound(Func):
    """A value of the filter as a parameter, with its type spelt out: PostgreSQL never has to guess."""

    template = "CAST(%(expressions)s AS %(sql_type)s)"


_STORED = {
    Type.TEXT: ("text", TextField),
    Type.BOOLEAN: ("boolean", BooleanField),
    Type.DATE: ("date", DateField),
    Type.DATETIME: ("timestamptz", DateTimeField),
}


def bound(type_: Type, value: Any) -> Operand:
    """A literal of a type other than number and geometry."""
    sql_type, field = _STORED[type_]
    expression = Bound(Value(value), sql_type=sql_type, output_field=field())
    return Operand(type=type_, expression=expression, constant=value)


def number(value: int | float) -> Operand:
    """A literal number; whole ones as integers, so that indexes on integers are used."""
    whole = isinstance(value, int) or value.is_integer()
    # the shortest text of a double is what the caller wrote
    given = Value(int(value) if whole else repr(value))
    expression = Bound(given, sql_type="bigint" if whole else "numeric", output_field=FloatField())
    return Operand(type=Type.NUMBER, expression=expression, constant=value)
