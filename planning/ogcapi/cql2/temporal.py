"""How times lie to each other: the fifteen relations of CQL2 over closed intervals.

An instant is an interval whose ends are one. Days and points in time compare by the day, where the
service is. Of an interval of two properties an end without value is open - what has no last day is still
in force; where neither has a value there is no interval, and every answer is unknown. The end of legal
validity, the first day after it, has become the last day of it before it comes here (`reading`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import Case, DateField, DateTimeField, Field, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from planning.ogcapi.cql2.expressions import All, Condition, Day, IsNull, Not, Some, compared
from planning.ogcapi.cql2.limits import wrong_type
from planning.ogcapi.cql2.operands import Bound, Interval, Operand, Type

_UNITS: Mapping[Type, tuple[str, type[Field]]] = {
    Type.DATE: ("date", DateField),
    Type.DATETIME: ("timestamptz", DateTimeField),
}


@dataclass(frozen=True, slots=True)
class Span:
    """First and last instant, as the database computes them."""

    start: Combinable
    end: Combinable


Relation = Callable[[Span, Span], Condition]


def _before(a: Span, b: Span) -> Condition:
    return compared("<", a.end, b.start)


def _disjoint(a: Span, b: Span) -> Condition:
    return Some(_before(a, b), _before(b, a))


def _equal(a: Span, b: Span) -> Condition:
    return All(compared("=", a.start, b.start), compared("=", a.end, b.end))


def _during(a: Span, b: Span) -> Condition:
    return All(compared(">", a.start, b.start), compared("<", a.end, b.end))


def _finishes(a: Span, b: Span) -> Condition:
    return All(compared(">", a.start, b.start), compared("=", a.end, b.end))


def _starts(a: Span, b: Span) -> Condition:
    return All(compared("=", a.start, b.start), compared("<", a.end, b.end))


def _meets(a: Span, b: Span) -> Condition:
    return compared("=", a.end, b.start)


def _overlaps(a: Span, b: Span) -> Condition:
    return All(compared("<", a.start, b.start), compared(">", a.end, b.start), compared("<", a.end, b.end))


def _inverse(relation: Relation) -> Relation:
    return lambda a, b: relation(b, a)


OF_ALL: dict[str, Relation] = {
    "t_after": _inverse(_before),
    "t_before": _before,
    "t_disjoint": _disjoint,
    "t_equals": _equal,
    "t_intersects": lambda a, b: Not(_disjoint(a, b)),
}
OF_INTERVALS: dict[str, Relation] = {
    "t_contains": _inverse(_during),
    "t_during": _during,
    "t_finishedby": _inverse(_finishes),
    "t_finishes": _finishes,
    "t_meets": _meets,
    "t_metby": _inverse(_meets),
    "t_overlappedby": _inverse(_overlaps),
    "t_overlaps": _overlaps,
    "t_startedby": _inverse(_starts),
    "t_starts": _starts,
}
RELATIONS = {**OF_ALL, **OF_INTERVALS}


def related(name: str, left: Operand | Interval, right: Operand | Interval) -> Condition:
    """How two times lie. Raises BadParameter where the relation is one of intervals only."""
    if name in OF_INTERVALS and not (isinstance(left, Interval) and isinstance(right, Interval)):
        raise wrong_type(_("%(name)s compares two intervals."), name=name.upper())
    kinds = {_granularity(left), _granularity(right)} - {None}
    by_day = kinds == {Type.DATE, Type.DATETIME}
    unit = Type.DATE if Type.DATE in kinds else Type.DATETIME
    return RELATIONS[name](_span(left, unit, by_day), _span(right, unit, by_day))


def _granularity(time: Operand | Interval) -> Type | None:
    if isinstance(time, Operand):
        return time.type
    return time.granularity if time.start or time.end else None


def _span(time: Operand | Interval, unit: Type, by_day: bool) -> Span:
    if isinstance(time, Operand):
        instant = in_unit(time, by_day)
        return Span(instant, instant)
    return Span(
        _end(time.start, time.end, "-infinity", unit, by_day),
        _end(time.end, time.start, "infinity", unit, by_day),
    )


def _end(end: Operand | None, other: Operand | None, open_: str, unit: Type, by_day: bool) -> Combinable:
    """One end; infinity where it is open, NULL where the interval has neither end."""
    if end is not None and (end.constant is not None or other is None):
        return in_unit(end, by_day)
    sql_type, field = _UNITS[unit]
    infinity = Bound(Value(open_), sql_type=sql_type, output_field=field())
    opened: Combinable = infinity
    if other is not None and other.constant is None:
        opened = Case(When(Not(IsNull(other.expression)), then=infinity), output_field=field())
    return opened if end is None else Coalesce(in_unit(end, by_day), opened, output_field=field())


def in_unit(instant: Operand, by_day: bool) -> Combinable:
    """An instant, or its day where days are compared."""
    if by_day and instant.type is Type.DATETIME:
        return Day(instant.expression)
    return instant.expression
