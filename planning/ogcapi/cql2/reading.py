"""The tree of a filter -> operands with types, and conditions; what does not fit is refused here.

Names are looked for among the queryables of the collection, operators and functions in tables. There is
no way from a text of the filter into SQL other than as a parameter.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.db.models import F
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _

from planning import crs
from planning.errors import Reason
from planning.ogcapi.collections import Collection
from planning.ogcapi.cql2 import arithmetic, temporal
from planning.ogcapi.cql2.expressions import (
    AccentFolded,
    All,
    CaseFolded,
    Condition,
    DayBefore,
    IsNull,
    Like,
    Not,
    OneOf,
    Relation,
    Some,
    by_code_points,
    compared,
)
from planning.ogcapi.cql2.functions import BY_NAME, Function
from planning.ogcapi.cql2.geometries import Geometries, members_of
from planning.ogcapi.cql2.instants import instant
from planning.ogcapi.cql2.limits import (
    MAX_DEPTH,
    MAX_INTEGER,
    MAX_LIST,
    MAX_NODES,
    normalised,
    not_cql2,
    refused,
    too_deep,
    too_large,
    wrong_type,
)
from planning.ogcapi.cql2.operands import (
    CALLED,
    TEMPORAL,
    TYPE_OF_KIND,
    Interval,
    Operand,
    Type,
    bound,
    number,
)

_COMPARISONS = frozenset(("=", "<>", "<", ">", "<=", ">="))
_EQUALITIES = frozenset(("=", "<>"))
_SPATIAL: Mapping[str, str] = {
    "s_intersects": "ST_Intersects",
    "s_disjoint": "ST_Disjoint",
    "s_equals": "ST_Equals",
    "s_touches": "ST_Touches",
    "s_within": "ST_Within",
    "s_contains": "ST_Contains",
    "s_overlaps": "ST_Overlaps",
    "s_crosses": "ST_Crosses",
}
# Characters that lose their accent into one that LIKE reads as its own.
_WIDE = str.maketrans({"∖": r"\\", "﹨": r"\\", "＼": r"\\", "％": r"\%", "﹪": r"\%", "＿": r"\_"})


class Reader:
    """Understands one filter over one collection."""

    def __init__(self, collection: Collection, geometry_crs: crs.CRS) -> None:
        self.collection = collection
        self.queryables = {one.name: one for one in collection.queryables}
        self.geometries = Geometries(geometry_crs)
        self.nodes = 0
        self.depth = 0

    # --- conditions ---

    def condition(self, tree: Any) -> Combinable:
        """What is true or false of a row. Raises BadParameter."""
        operand = self.operand(tree)
        if operand.type is not Type.BOOLEAN or isinstance(operand, Interval):
            raise wrong_type(_("%(given)s stands where a condition is needed."), given=CALLED[operand.type])
        found = operand.expression
        # a bare property says nothing of its type to `.filter()`
        return found if isinstance(found, Condition) else Condition(found)

    def operand(self, tree: Any) -> Operand | Interval:
        """Any part of a filter. Raises BadParameter."""
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise too_large(_("parts"), MAX_NODES)
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise too_deep()
        found = self.literal(tree) if not isinstance(tree, dict) else self.construct(tree)
        self.depth -= 1
        return found

    def construct(self, tree: dict[str, Any]) -> Operand | Interval:
        """What an object stands for, by the member that tells."""
        for member, read in self.constructs.items():
            if member in tree:
                return read(self, tree[member] if member not in ("type", "op") else tree)
        raise not_cql2(_("a part of it is neither operator nor property nor value."))

    def operator(self, tree: dict[str, Any]) -> Operand | Interval:
        """An operator or a function with its arguments."""
        name, arguments = tree["op"], tree.get("args")
        if not isinstance(name, str) or not isinstance(arguments, list):
            raise not_cql2(_("an operator needs a name and a list of arguments."))
        if name in _COMPARISONS:
            return _true_or_false(self.comparison(name, *self.exactly(2, name, arguments)))
        if name in arithmetic.OPERATORS:
            left, right = (self.of_type(one, Type.NUMBER) for one in self.exactly(2, name, arguments))
            return arithmetic.reckoned(name, left, right)
        if name.lower() in temporal.RELATIONS:
            left_time, right_time = (self.time(one) for one in self.exactly(2, name, arguments))
            return _true_or_false(temporal.related(name.lower(), left_time, right_time))
        if name in _SPATIAL:
            left, right = (self.of_type(one, Type.GEOMETRY) for one in self.exactly(2, name, arguments))
            return _true_or_false(_lie(name, left, right))
        if name in self.named:
            return self.named[name](self, arguments)
        return self.call(name, arguments)

    def joined(self, arguments: list[Any], how: type[Condition]) -> Operand:
        """AND, OR."""
        if len(arguments) < 2:
            raise not_cql2(_("%(name)s has the wrong number of arguments."), name="AND/OR")
        return _true_or_false(how(*(self.condition(one) for one in arguments)))

    def negated(self, arguments: list[Any]) -> Operand:
        """NOT."""
        return _true_or_false(Not(self.condition(*self.exactly(1, "NOT", arguments))))

    def is_null(self, arguments: list[Any]) -> Operand:
        """IS NULL of anything; an interval is NULL where both of its ends are."""
        operand = self.operand(*self.exactly(1, "IS NULL", arguments))
        if not isinstance(operand, Interval):
            return _true_or_false(IsNull(operand.expression))
        ends = [end for end in (operand.start, operand.end) if end is not None]
        if not ends or any(end.constant is not None for end in ends):
            return bound(Type.BOOLEAN, False)
        tests = [IsNull(end.expression) for end in ends]
        return _true_or_false(All(*tests) if len(tests) > 1 else tests[0])

    def comparison(self, operator: str, left_tree: Any, right_tree: Any) -> Condition:
        """One of = <> < > <= >=."""
        left, right = self.scalar(left_tree), self.scalar(right_tree)
        return self.compare(operator, left, right)

    def compare(self, operator: str, left: Operand, right: Operand) -> Condition:
        """Two scalars of one type, as they are compared."""
        left, right = _alike(left, right)
        by_day = left.type is not right.type
        first, second = temporal.in_unit(left, by_day), temporal.in_unit(right, by_day)
        if left.type is Type.TEXT and operator not in _EQUALITIES:
            first, second = by_code_points(first), by_code_points(second)
        return compared(operator, first, second)

    def like(self, arguments: list[Any]) -> Operand:
        """LIKE: the pattern is a literal, folded perhaps."""
        text, pattern = self.exactly(2, "LIKE", arguments)
        return _true_or_false(Like(self.of_type(text, Type.TEXT).expression, self.pattern(pattern, ())))

    def pattern(self, tree: Any, folds: tuple[Callable[[Any], Combinable], ...]) -> Combinable:
        """A pattern and the foldings around it, the outermost first."""
        if isinstance(tree, str):
            text = normalised(tree)
            if AccentFolded in folds:
                text = text.translate(_WIDE)
            if (len(text) - len(text.rstrip("\\"))) % 2:
                raise not_cql2(_("a pattern of LIKE ends with a single backslash."))
            found = bound(Type.TEXT, text).expression
            for fold in reversed(folds):
                found = fold(found)
            return found
        name = tree.get("op") if isinstance(tree, dict) else None
        if not isinstance(name, str) or name not in _FOLDS or not isinstance(tree.get("args"), list):
            raise wrong_type(_("the pattern of LIKE is not a text."))
        if len(folds) >= MAX_DEPTH:
            raise too_deep()
        (inner,) = self.exactly(1, name, tree["args"])
        return self.pattern(inner, (*folds, _FOLDS[name]))

    def between(self, arguments: list[Any]) -> Operand:
        """BETWEEN, both ends included; with ends the wrong way round nothing is."""
        value, low, high = (self.scalar(one) for one in self.exactly(3, "BETWEEN", arguments))
        return _true_or_false(All(self.compare(">=", value, low), self.compare("<=", value, high)))

    def one_of(self, arguments: list[Any]) -> Operand:
        """IN a list of scalars."""
        value_tree, options = self.exactly(2, "IN", arguments)
        if not isinstance(options, list) or not options:
            raise not_cql2(_("IN needs a list of values."))
        if len(options) > MAX_LIST:
            raise too_large(_("values in a list"), MAX_LIST)
        value = self.scalar(value_tree)
        pairs = [_alike(value, self.scalar(option)) for option in options]
        by_day = any(first.type is not second.type for first, second in pairs)
        first, *others = (temporal.in_unit(one, by_day) for one in (pairs[0][0], *(b for _a, b in pairs)))
        return _true_or_false(OneOf(first, *others))

    # --- values ---

    def folded(self, name: str, arguments: list[Any]) -> Operand:
        """CASEI, ACCENTI."""
        (inner,) = self.exactly(1, name.upper(), arguments)
        return Operand(type=Type.TEXT, expression=_FOLDS[name](self.of_type(inner, Type.TEXT).expression))

    def call(self, name: str, arguments: list[Any]) -> Operand:
        """A function of the whitelist."""
        function = BY_NAME.get(name.lower())
        if function is None:
            raise refused(Reason.UNKNOWN_FUNCTION, name, choices=tuple(BY_NAME))
        trees = self.exactly(len(function.arguments), name, arguments)
        given = [self.operand(tree) for tree in trees]
        for operand, argument in zip(given, function.arguments, strict=True):
            if operand.type not in argument.types:
                raise _not_taken(function, operand.type)
        return Operand(type=function.returns, expression=function.compute(*given))

    def property(self, name: Any) -> Operand:
        """A queryable, by the very name that the collection gives it."""
        if not isinstance(name, str):
            raise not_cql2(_("a part of it is neither operator nor property nor value."))
        if name == self.collection.geometry.name:
            return Operand(type=Type.GEOMETRY, expression=F(self.collection.geometry.field))
        found = self.queryables.get(name)
        if found is None:
            known = (*self.queryables, self.collection.geometry.name)
            raise refused(Reason.UNKNOWN_PROPERTY, name, choices=known)
        return Operand(type=TYPE_OF_KIND[found.kind], expression=found.expression)

    def literal(self, value: Any) -> Operand:
        """A text, a number, true or false."""
        match value:
            case bool():
                return bound(Type.BOOLEAN, value)
            case int() | float():
                whole = isinstance(value, int) or not math.isfinite(value) or value.is_integer()
                if whole and not abs(value) <= MAX_INTEGER:
                    raise wrong_type(_("a number is too large."))
                return number(value)
            case str():
                return bound(Type.TEXT, normalised(value))
            case list():
                raise wrong_type(_("lists are understood after IN only."))
        raise not_cql2(_("NULL can be asked for by IS NULL only."))

    def interval(self, ends: Any) -> Interval:
        """INTERVAL of two instants, each a literal, a property or `..`."""
        if not isinstance(ends, list) or len(ends) != 2:
            raise not_cql2(_("%(name)s has the wrong number of arguments."), name="INTERVAL")
        start, end = self.interval_end(ends[0]), self.last_included(ends[1])
        if start and end:
            if start.type is not end.type:
                raise wrong_type(_("an interval has two dates or two points in time."))
            if start.constant is not None and end.constant is not None and start.constant > end.constant:
                raise wrong_type(_("an interval ends before it begins."))
        return Interval(start=start, end=end)

    def interval_end(self, tree: Any) -> Operand | None:
        """One end of an interval, None where it is open."""
        if tree == "..":
            return None
        if isinstance(tree, str):
            return instant(tree, *TEMPORAL)
        found = self.time(tree)
        if isinstance(found, Interval):
            raise wrong_type(_("the ends of an interval are instants."))
        return found

    def last_included(self, tree: Any) -> Operand | None:
        """The end of an interval, which belongs to it; None where it is open.

        Where legal validity ends is the first day after it: without this, what was replaced would still be
        law on the day on which it was.
        """
        end, validity = self.interval_end(tree), self.collection.validity
        if end is None or validity is None or tree != {"property": validity.end}:
            return end
        return replace(end, expression=DayBefore(end.expression))

    # --- expectations ---

    def exactly(self, count: int, name: str, arguments: list[Any]) -> list[Any]:
        """The arguments, as many as there must be. Raises BadParameter."""
        if len(arguments) != count:
            raise not_cql2(_("%(name)s has the wrong number of arguments."), name=name)
        return arguments

    def of_type(self, tree: Any, wanted: Type) -> Operand:
        """An operand of one type. Raises BadParameter."""
        found = self.operand(tree)
        if found.type is not wanted or isinstance(found, Interval):
            raise wrong_type(
                _("%(wanted)s is needed where %(given)s stands."),
                wanted=CALLED[wanted],
                given=CALLED[found.type],
            )
        return found

    def scalar(self, tree: Any) -> Operand:
        """An operand that can be compared. Raises BadParameter."""
        found = self.operand(tree)
        if isinstance(found, Interval) or found.type is Type.GEOMETRY:
            raise wrong_type(_("%(given)s cannot be compared by = or <."), given=CALLED[found.type])
        return found

    def time(self, tree: Any) -> Operand | Interval:
        """An instant or an interval. Raises BadParameter."""
        found = self.operand(tree)
        if isinstance(found, Interval) or found.type in TEMPORAL:
            return found
        raise wrong_type(
            _("%(wanted)s is needed where %(given)s stands."),
            wanted=CALLED[Type.DATE],
            given=CALLED[found.type],
        )

    constructs: Mapping[str, Callable[["Reader", Any], Operand | Interval]] = {
        "op": operator,
        "property": property,
        "date": lambda self, text: instant(text, Type.DATE),
        "timestamp": lambda self, text: instant(text, Type.DATETIME),
        "interval": interval,
        "type": lambda self, tree: self.geometries.literal(tree),
        # after geometries, which may tell their box, too
        "bbox": lambda self, numbers: self.geometries.box(numbers),
    }
    named: Mapping[str, Callable[["Reader", list[Any]], Operand]] = {
        "and": lambda self, arguments: self.joined(arguments, All),
        "or": lambda self, arguments: self.joined(arguments, Some),
        "not": negated,
        "isNull": is_null,
        "like": like,
        "between": between,
        "in": one_of,
        "casei": lambda self, arguments: self.folded("casei", arguments),
        "accenti": lambda self, arguments: self.folded("accenti", arguments),
    }


_FOLDS: Mapping[str, Callable[[Any], Combinable]] = {"casei": CaseFolded, "accenti": AccentFolded}


def _true_or_false(condition: Condition) -> Operand:
    return Operand(type=Type.BOOLEAN, expression=condition)


def _alike(left: Operand, right: Operand) -> tuple[Operand, Operand]:
    """Both operands of one type: a bare text beside a time is read as one. Raises BadParameter."""
    left, right = _as_time(left, right), _as_time(right, left)
    if left.type is right.type or (left.type in TEMPORAL and right.type in TEMPORAL):
        return left, right
    raise wrong_type(
        _("%(left)s cannot be compared with %(right)s."), left=CALLED[left.type], right=CALLED[right.type]
    )


def _as_time(text: Operand, other: Operand) -> Operand:
    if text.type is not Type.TEXT or other.type not in TEMPORAL or text.constant is None:
        return text
    return instant(text.constant, *TEMPORAL)


def _lie(name: str, left: Operand, right: Operand) -> Condition:
    """How two geometries lie to each other, by PostGIS."""
    if name not in ("s_intersects", "s_disjoint"):
        left, right = members_of(left), members_of(right)
    return Relation(left.expression, right.expression, function=_SPATIAL[name])


def _not_taken(function: Function, given: Type) -> Exception:
    return wrong_type(
        _("the function %(name)s does not take %(given)s."), name=function.name, given=CALLED[given]
    )
