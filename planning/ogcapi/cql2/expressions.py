"""Conditions as the database writes them: each yields true, false or unknown, and nothing is mended.

Django's own `~Q` and `exclude()` make rows without a value match; these do not.
"""

from typing import Any

from django.contrib.gis.db.models import GeometryField
from django.db.models import BooleanField, DateField, FloatField, Func, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Collate
from django.utils import timezone

CODE_POINTS = "C"


class Condition(Func):
    """An expression that is true, false or unknown."""

    template = "(%(expressions)s)"
    output_field = BooleanField()


class All(Condition):
    """Kleene's AND."""

    arg_joiner = " AND "


class Some(Condition):
    """Kleene's OR."""

    arg_joiner = " OR "


class Not(Condition):
    """The opposite; of the unknown, the unknown."""

    template = "(NOT %(expressions)s)"


class IsNull(Condition):
    """Whether there is no value: the one question that always has an answer."""

    template = "(%(expressions)s IS NULL)"


class Like(Condition):
    """A pattern with % and _, and a backslash before those that are meant literally."""

    arg_joiner = " LIKE "


class OneOf(Condition):
    """The first among the others."""

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """Like any function, but for the word after the first."""
        parts = [compiler.compile(one) for one in self.source_expressions]
        first, *others = [sql for sql, _params in parts]
        return f"({first} IN ({', '.join(others)}))", [value for _sql, params in parts for value in params]


class Relation(Condition):
    """A function that says how two geometries lie; PostGIS uses the spatial index by itself."""

    template = "%(function)s(%(expressions)s)"


class Day(Func):
    """The day of a point in time, where the service is."""

    template = "CAST((%(expressions)s) AS date)"
    arg_joiner = " AT TIME ZONE "
    output_field = DateField()

    def __init__(self, moment: Any, zone: Any = None) -> None:
        super().__init__(moment, zone or Value(timezone.get_default_timezone_name()))


class DayBefore(Func):
    """The day before a day."""

    template = "(%(expressions)s - 1)"
    output_field = DateField()


class CaseFolded(Func):
    """A text without its case (migration 0018)."""

    function = "public.planning_casei"
    output_field = TextField()


class AccentFolded(Func):
    """A text without its accents (migration 0018)."""

    function = "public.planning_accenti"
    output_field = TextField()


class Arithmetic(Func):
    """Two numbers reckoned as doubles; unknown where there is no result (migration 0018)."""

    function = "public.planning_reckon"
    output_field = FloatField()


class Double(Func):
    """A number as a double."""

    template = "CAST(%(expressions)s AS double precision)"
    output_field = FloatField()


class Shape(Func):
    """A geometry of the filter, in EPSG:4326, as a parameter."""

    function = "ST_GeomFromEWKB"
    output_field = GeometryField(srid=4326)


def compared(operator: str, left: Combinable, right: Combinable) -> Condition:
    """One of = <> < > <= >=, the operator from a table of ours."""
    return Condition(left, right, arg_joiner=f" {operator} ")


def by_code_points(text: Combinable) -> Combinable:
    """A text that is ordered as the standard asks, by the numbers of its letters."""
    return Collate(text, CODE_POINTS)
