"""Arithmetic: constants are reckoned at once, the rest by the database, both as doubles.

Where there is no result - division by zero, a root of what is negative, a number beyond all doubles - the
result is unknown, and no row is lost to an error.
"""

import math
import operator
from collections.abc import Callable, Mapping

from django.db.models import FloatField, Value
from django.utils.translation import gettext_lazy as _

from planning.ogcapi.cql2.expressions import Arithmetic, Double
from planning.ogcapi.cql2.limits import MAX_INTEGER, wrong_type
from planning.ogcapi.cql2.operands import Bound, Operand, Type, number


def _whole_quotient(left: float, right: float) -> float:
    return math.trunc(left / right)


OPERATORS: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "%": math.fmod,
    "div": _whole_quotient,
    "^": math.pow,
}


def reckoned(name: str, left: Operand, right: Operand) -> Operand:
    """The result of an operator. Raises BadParameter for constants whose result is too large."""
    if left.constant is not None and right.constant is not None:
        return _constant(name, left.constant, right.constant)
    sign = Bound(Value(name), sql_type="text")
    result = Arithmetic(sign, Double(left.expression), Double(right.expression))
    return Operand(type=Type.NUMBER, expression=result)


def _constant(name: str, left: float, right: float) -> Operand:
    try:
        found = OPERATORS[name](float(left), float(right))
    except (ZeroDivisionError, ValueError):
        unknown = Bound(Value(None), sql_type="double precision", output_field=FloatField())
        return Operand(type=Type.NUMBER, expression=unknown)
    except OverflowError:
        found = math.inf
    if not math.isfinite(found) or abs(found) > MAX_INTEGER:
        raise wrong_type(_("a number is too large."))
    return number(found)
