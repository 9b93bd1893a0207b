"""The functions that a filter may call: one table for the compiler and for `/functions`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.db.models import FloatField, Func, IntegerField, TextField
from django.db.models.expressions import Combinable
from django.db.models.functions import Collate, ExtractDay, ExtractMonth, ExtractYear
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from planning.ogcapi.cql2.expressions import CODE_POINTS, Day, Double
from planning.ogcapi.cql2.operands import Operand, Type


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """One argument: its name, and the types it may have."""

    title: str
    types: tuple[Type, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function of the whitelist: what it takes, what it gives, how it is computed."""

    name: str
    description: str | Promise
    arguments: tuple[Argument, ...]
    returns: Type
    compute: Callable[..., Combinable]


def _of_text(function: str, field: Any, *, folds: bool = False) -> Callable[[Operand], Combinable]:
    def compute(text: Operand) -> Combinable:
        # the case of all alphabets, which the collation of the database may not know
        source = Collate(text.expression, "und-x-icu") if folds else text.expression
        found = Func(source, function=function, output_field=field())
        return Collate(found, CODE_POINTS) if folds else found

    return compute


def _of_number(function: str) -> Callable[[Operand], Combinable]:
    def compute(number: Operand) -> Combinable:
        return Func(Double(number.expression), function=function, output_field=FloatField())

    return compute


def _of_date(part: Callable[[Combinable], Combinable]) -> Callable[[Operand], Combinable]:
    def compute(instant: Operand) -> Combinable:
        return part(Day(instant.expression) if instant.type is Type.DATETIME else instant.expression)

    return compute


def _geometry_type(geometry: Operand) -> Combinable:
    return Func(
        geometry.expression,
        function="GeometryType",
        template="%(function)s(%(expressions)s)",
        output_field=TextField(),
    )


_TEXT = (Argument(title="text", types=(Type.TEXT,)),)
_NUMBER = (Argument(title="number", types=(Type.NUMBER,)),)
_INSTANT = (Argument(title="instant", types=(Type.DATE, Type.DATETIME)),)
_GEOMETRY = (Argument(title="geometry", types=(Type.GEOMETRY,)),)

_TABLE: tuple[tuple[str, Any, tuple[Argument, ...], Type, Callable[..., Combinable]], ...] = (
    ("lower", _("The text in small letters."), _TEXT, Type.TEXT, _of_text("LOWER", TextField, folds=True)),
    ("upper", _("The text in capitals."), _TEXT, Type.TEXT, _of_text("UPPER", TextField, folds=True)),
    ("trim", _("The text without blanks at its ends."), _TEXT, Type.TEXT, _of_text("BTRIM", TextField)),
    ("length", _("How many letters it has."), _TEXT, Type.NUMBER, _of_text("LENGTH", IntegerField)),
    ("abs", _("The number without its sign."), _NUMBER, Type.NUMBER, _of_number("ABS")),
    ("floor", _("The next whole number below."), _NUMBER, Type.NUMBER, _of_number("FLOOR")),
    ("ceiling", _("The next whole number above."), _NUMBER, Type.NUMBER, _of_number("CEILING")),
    ("round", _("The nearest whole number."), _NUMBER, Type.NUMBER, _of_number("ROUND")),
    ("year", _("The year of a date."), _INSTANT, Type.NUMBER, _of_date(ExtractYear)),
    ("month", _("The month of a date, 1 to 12."), _INSTANT, Type.NUMBER, _of_date(ExtractMonth)),
    ("day", _("The day of the month, 1 to 31."), _INSTANT, Type.NUMBER, _of_date(ExtractDay)),
    (
        "geometry_type",
        _("The kind of a geometry, in capitals: POLYGON, MULTIPOLYGON..."),
        _GEOMETRY,
        Type.TEXT,
        _geometry_type,
    ),
)
FUNCTIONS: tuple[Function, ...] = tuple(
    Function(name=name, description=description, arguments=arguments, returns=returns, compute=compute)
    for name, description, arguments, returns, compute in _TABLE
)
BY_NAME: Mapping[str, Function] = MappingProxyType({one.name: one for one in FUNCTIONS})
