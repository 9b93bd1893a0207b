"""CQL2 text -> the tree of CQL2-JSON, in time linear in its length.

By the grammar of OGC 21-065, annex B. Operators climb by precedence, so that one level of nesting costs
two calls; nesting is counted before it is entered, hence no input can exhaust the stack. Functions and
properties are names here; whether they exist is asked later.
"""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _

from planning.ogcapi.cql2.limits import MAX_DEPTH, MAX_LENGTH, not_cql2, too_deep, too_large
from planning.ogcapi.cql2.wkt import GEOMETRIES, Coordinates

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<string>'(?:[^'\\]|''|\\.)*')
    | "(?P<quoted>[^"]+)"
    | (?P<name>(?:[^\W\d]|:)[\w:.\u0300-\u036f\u200c\u200d\u203f\u2040]*)
    | (?P<sign><>|<=|>=|!=|[=<>+\-*/%^(),\[\]])
    )""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPES = {"'": "'", "n": "\n", "t": "\t", "a": "\a", "b": "\b", "v": "\v", "f": "\f", "r": "\r"}
_ESCAPED = re.compile(r"''|\\(.)", re.DOTALL)
_LONGEST_NUMBER = 400
_OR, _AND, _COMPARED, _SUM, _PRODUCT, _POWER = range(1, 7)
_COMPARISONS = {"=": "=", "<>": "<>", "!=": "<>", "<": "<", ">": ">", "<=": "<=", ">=": ">="}
_BINARY = {
    "OR": _OR,
    "AND": _AND,
    **dict.fromkeys([*_COMPARISONS, "LIKE", "IN", "BETWEEN", "IS", "NOT"], _COMPARED),
    "+": _SUM,
    "-": _SUM,
    "*": _PRODUCT,
    "/": _PRODUCT,
    "%": _PRODUCT,
    "DIV": _PRODUCT,
    "^": _POWER,
}  # fmt: skip
# In JSON the functions of the standard have one spelling: small letters, but for these.
_OF_THE_STANDARD = re.compile(r"[sta]_\w+|casei|accenti", re.IGNORECASE)
_SPELT = {
    name.lower(): name
    for name in ("t_finishedBy", "t_metBy", "t_overlappedBy", "t_startedBy", "a_containedBy")
}
_RESERVED = frozenset("AND OR NOT LIKE IN BETWEEN IS DIV NULL".split())

Token = tuple[str, str, int]


def parse(source: str) -> Any:
    """The tree of a filter. Raises BadParameter."""
    if len(source.encode("utf-8", "surrogatepass")) > MAX_LENGTH:
        raise too_large(_("bytes"), MAX_LENGTH)
    parser = _Parser(_tokens(source), source)
    tree = parser.expression(_OR)
    parser.expect("end", "")
    return tree


def _tokens(source: str) -> list[Token]:
    found: list[Token] = []
    place, end = 0, len(source.rstrip())
    while place < end:
        match = _TOKEN.match(source, place)
        if match is None or match.lastgroup is None:
            raise _unexpected(source, place)
        found.append((match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)))
        place = match.end()
    return [*found, ("end", "", end)]


def _unexpected(source: str, place: int) -> Exception:
    rest = source[place : place + 20].strip()
    if not rest:
        return not_cql2(_("it ends too early."))
    return not_cql2(_("“%(rest)s” at character %(place)s was not expected."), rest=rest, place=place + 1)


class _Parser:
    """One walk over the tokens, from left to right and never back."""

    def __init__(self, tokens: list[Token], source: str) -> None:
        self.tokens = tokens
        self.source = source
        self.at = 0
        self.depth = 0

    # --- tokens ---

    def word(self) -> str:
        """The token at hand as an operator is written; nothing for values and quoted names."""
        kind, token, _place = self.tokens[self.at]
        return token.upper() if kind in ("sign", "name") else ""

    def take(self, *words: str) -> str:
        """The word at hand, if it is one of these: taken."""
        word = self.word()
        if word not in words:
            return ""
        self.at += 1
        return word

    def expect(self, kind: str, word: str) -> str:
        """A token of that kind (and that word, if given). Raises BadParameter."""
        found, token, place = self.tokens[self.at]
        if found != kind or (word and token.upper() != word):
            raise _unexpected(self.source, place)
        self.at += 1
        return token

    def unexpected(self) -> Exception:
        """A refusal of the token at hand."""
        return _unexpected(self.source, self.tokens[self.at][2])

    def deeper(self, floor: int) -> Any:
        """An expression one level further in. Raises BadParameter beyond the limit."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise too_deep()
        found = self.expression(floor)
        self.depth -= 1
        return found

    # --- expressions ---

    def expression(self, floor: int) -> Any:
        """All that binds at least as tightly as `floor`."""
        left = self.prefixed()
        while (strength := _BINARY.get(self.word(), 0)) >= floor:
            if strength == _COMPARED:
                left = self.predicate(left)
                if _BINARY.get(self.word()) == _COMPARED:
                    raise self.unexpected()  # a = b = c
            elif strength < _COMPARED:
                left = self.joined(left, self.take("AND", "OR"), strength)
            else:
                word = self.take(*_BINARY).lower()
                # the power binds to the right: 2^3^2 is 2^9
                right = self.deeper(_POWER) if strength == _POWER else self.expression(strength + 1)
                left = {"op": word, "args": [left, right]}
        return left

    def joined(self, first: Any, word: str, strength: int) -> Any:
        """Any number of operands of one AND or OR, side by side."""
        operands = [first, self.expression(strength + 1)]
        while self.take(word):
            operands.append(self.expression(strength + 1))
        return {"op": word.lower(), "args": operands}

    def prefixed(self) -> Any:
        """An operand, with NOT or a sign before it."""
        if self.take("NOT"):
            return {"op": "not", "args": [self.deeper(_COMPARED)]}
        sign = self.take("-", "+")
        if not sign:
            return self.operand()
        if self.tokens[self.at][0] == "number":
            number = self.number()
            return -number if sign == "-" else number
        operand = self.deeper(_POWER + 1)
        return {"op": "*", "args": [-1, operand]} if sign == "-" else operand

    def predicate(self, left: Any) -> Any:
        """What is said of an operand: a comparison, LIKE, BETWEEN, IN, IS NULL."""
        if word := self.take(*_COMPARISONS):
            return {"op": _COMPARISONS[word], "args": [left, self.expression(_SUM)]}
        if self.take("IS"):
            negated = bool(self.take("NOT"))
            self.expect("name", "NULL")
            return _negated(negated, {"op": "isNull", "args": [left]})
        negated = bool(self.take("NOT"))
        word = self.take("LIKE", "BETWEEN", "IN")
        if not word:
            raise self.unexpected()
        return _negated(negated, self.listed(word, left))

    def listed(self, word: str, left: Any) -> Any:
        """LIKE, BETWEEN or IN after their word."""
        if word == "LIKE":
            return {"op": "like", "args": [left, self.expression(_SUM)]}
        if word == "BETWEEN":
            low = self.expression(_SUM)
            self.expect("name", "AND")
            return {"op": "between", "args": [left, low, self.expression(_SUM)]}
        self.expect("sign", "(")
        return {"op": "in", "args": [left, self.arguments(")")]}

    def arguments(self, closing: str) -> list[Any]:
        """Expressions between commas, up to the sign that closes them."""
        found: list[Any] = []
        if self.take(closing):
            return found
        while True:
            found.append(self.deeper(_OR))
            if not self.take(","):
                self.expect("sign", closing)
                return found

    # --- operands ---

    def operand(self) -> Any:
        """A literal, a property, a call, or anything in parentheses."""
        kind, token, _place = self.tokens[self.at]
        if kind == "number":
            return self.number()
        if kind == "name":
            return self.named(token)
        self.at += 1
        if kind == "string":
            return unescaped(token)
        if kind == "quoted":
            return {"property": token}
        if token == "(":  # noqa: S105 - no password
            inner = self.deeper(_OR)
            if self.word() == ",":  # ('a','b') is an array
                return [inner, *self.rest_of_array()]
            self.expect("sign", ")")
            return inner
        if token == "[":  # noqa: S105 - no password
            return self.arguments("]")
        self.at -= 1
        raise self.unexpected()

    def rest_of_array(self) -> list[Any]:
        """What follows the first element of an array in parentheses."""
        self.take(",")
        return self.arguments(")")

    def number(self) -> int | float:
        """A number without sign: whole ones stay whole."""
        _kind, token, _place = self.tokens[self.at]
        if len(token) > _LONGEST_NUMBER:
            raise self.unexpected()
        self.at += 1
        return int(token) if token.isdecimal() else float(token)

    def named(self, token: str) -> Any:
        """What begins with a name."""
        word = token.upper()
        if word in _RESERVED:
            raise self.unexpected()
        self.at += 1
        if word in ("TRUE", "FALSE"):
            return word == "TRUE"
        if word in GEOMETRIES and self.begins_geometry():
            self.at -= 1
            coordinates = Coordinates(self.tokens, self.at, self.unexpected_at)
            tree, self.at = coordinates.geometry()
            return tree
        if not self.take("("):
            return {"property": token}
        return self.call(token, self.arguments(")"))

    def begins_geometry(self) -> bool:
        """Whether coordinates follow, rather than the word being a name of something."""
        return self.word() in ("(", "Z", "M", "ZM", "EMPTY")

    def unexpected_at(self, at: int) -> Exception:
        """A refusal of the token there."""
        return _unexpected(self.source, self.tokens[at][2])

    def call(self, name: str, arguments: list[Any]) -> Any:
        """A function, or what is written like one; names of other functions stay as they are."""
        word = name.lower()
        if word in ("date", "timestamp"):
            if len(arguments) != 1 or not isinstance(arguments[0], str):
                raise not_cql2(_("%(name)s takes one text."), name=name.upper())
            return {word: arguments[0]}
        if word in ("interval", "bbox"):
            return {word: arguments}
        if _OF_THE_STANDARD.fullmatch(name):
            name = _SPELT.get(word, word)
        return {"op": name, "args": arguments}


def _negated(negated: bool, tree: Any) -> Any:
    return {"op": "not", "args": [tree]} if negated else tree


def unescaped(literal: str) -> str:
    r"""The text that a literal in quotes means; `\%`, `\_` and `\\` stay for LIKE."""
    return _ESCAPED.sub(
        lambda found: "'" if found[0] == "''" else _ESCAPES.get(found[1], found[0]), literal[1:-1]
    )
