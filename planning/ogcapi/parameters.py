"""Query string -> frozen values: every parameter is declared once, parsed once, trusted afterwards.

A `Parameter` says its name, how its text is read, and what the documentation shows. `read` takes the
declared ones from a request and refuses all others. Nothing behind the edge looks at the request.
"""

import base64
import binascii
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.functional import Promise

from planning import crs
from planning.errors import BadParameter, Reason

# (name, text) -> value; raises BadParameter.
Reader = Callable[[str, str], Any]

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# RFC 3339: the zone is not optional. A "+" that was not escaped arrives as a space.
_DATETIME = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,6})?([Zz]|[+\- ]\d{2}:\d{2})", re.ASCII
)
_LONGEST_NUMBER = 40
FIRST_YEAR = date(1000, 1, 1)
LAST_DAY = date(9999, 12, 31)
REPLACEMENT_CHARACTER = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One query parameter: how it is read, and how it is documented.

    `schema` is its JSON Schema; `examples` are valid texts, the first one the documentation links.
    """

    name: str
    read: Reader
    description: str | Promise
    examples: tuple[str, ...]
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})
    required: bool = False
    default: Any = None


def read(given: QueryDict, declared: Sequence[Parameter], *, takes_last: bool = False) -> dict[str, Any]:
    """The declared parameters by name; an empty one is missing.

    Raises BadParameter, for names that are not declared and for those given twice too: whichever of
    two values was taken, somebody would read the answer to another question. With `takes_last` the last
    value counts, as clients of OGC APIs expect that add to an address which has the parameter already.
    """
    names = [parameter.name for parameter in declared]
    for name, values in given.lists():
        if name not in names:
            raise BadParameter(name, name, Reason.UNKNOWN_PARAMETER, choices=tuple(names))
        if len(values) > 1 and not takes_last:
            raise BadParameter(name, "", Reason.REPEATED)
    return {parameter.name: _value(parameter, given.get(parameter.name, "")) for parameter in declared}


def _value(parameter: Parameter, text: str) -> Any:
    refuse_bad_characters(parameter.name, text)
    text = text.strip()
    if text:
        return parameter.read(parameter.name, text)
    if parameter.required:
        raise BadParameter(parameter.name, "", Reason.REQUIRED)
    return parameter.default


def refuse_bad_characters(name: str, text: str) -> None:
    """Raise BadParameter for what is no text: NUL (PostgreSQL refuses it), control signs, broken UTF-8."""
    if REPLACEMENT_CHARACTER in text or any(_is_no_text(letter) for letter in text):
        raise BadParameter(name, "", Reason.BAD_CHARACTERS)


def _is_no_text(letter: str) -> bool:
    return (letter < " " and letter not in "\t\n\r") or letter == "\x7f" or "\ud800" <= letter <= "\udfff"


# --- Readers ---


def text(limit: int) -> Reader:
    """Any text of at most that many characters."""

    def reader(name: str, value: str) -> str:
        if len(value) > limit:
            raise BadParameter(name, value, Reason.TOO_LONG, limit=limit)
        return value

    return reader


def number(low: float, high: float) -> Reader:
    """A finite decimal number between the two; no NaN, no infinity."""

    def reader(name: str, value: str) -> float:
        if len(value) > _LONGEST_NUMBER or not _NUMBER.fullmatch(value):
            raise BadParameter(name, value, Reason.NOT_A_NUMBER)
        found = float(value)
        if not math.isfinite(found) or not low <= found <= high:
            raise BadParameter(name, value, Reason.OUT_OF_RANGE, low=low, high=high)
        return found

    return reader


def limit(highest: int) -> Reader:
    """How many items at most: above the highest it is capped, below 1 refused."""

    def reader(name: str, value: str) -> int:
        if len(value) > _LONGEST_NUMBER or not _INTEGER.fullmatch(value):
            raise BadParameter(name, value, Reason.NOT_AN_INTEGER)
        if int(value) < 1:
            raise BadParameter(name, value, Reason.OUT_OF_RANGE, low=1, high=highest)
        return min(int(value), highest)

    return reader


def choice(*choices: str) -> Reader:
    """One of a closed set."""

    def reader(name: str, value: str) -> str:
        if value not in choices:
            raise BadParameter(name, value, Reason.NOT_A_CHOICE, choices=choices)
        return value

    return reader


def flag(name: str, value: str) -> bool:
    """`true` or `false`."""
    return choice("true", "false")(name, value) == "true"


def words(limit: int) -> Reader:
    """A list separated by commas, without repetitions, in the order given."""

    def reader(name: str, value: str) -> tuple[str, ...]:
        found = tuple(dict.fromkeys(word.strip() for word in value.split(",") if word.strip()))
        if len(value) > limit:
            raise BadParameter(name, value, Reason.TOO_LONG, limit=limit)
        if not found:
            raise BadParameter(name, value, Reason.REQUIRED)
        return found

    return reader


def day(name: str, value: str) -> date:
    """A calendar day, written 2026-11-21."""
    if not _DATE.fullmatch(value):
        raise BadParameter(name, value, Reason.NOT_A_DATE)
    try:
        found = date.fromisoformat(value)
    except ValueError:
        raise BadParameter(name, value, Reason.NOT_A_DATE) from None
    if found < FIRST_YEAR:
        raise BadParameter(name, value, Reason.OUT_OF_RANGE, low=FIRST_YEAR, high=LAST_DAY)
    return found


def past_moment(zone: ZoneInfo) -> Reader:
    """A point in time that is not in the future (RFC 3339), or a day, which means its end, of today: now."""

    def reader(name: str, value: str) -> datetime:
        now = datetime.now(zone)
        if _DATE.fullmatch(value):
            on = day(name, value)
            found = now if on == now.date() else datetime.combine(on, time.max, tzinfo=zone)
        else:
            found = moment(name, value)
        if found > now:
            raise BadParameter(name, value, Reason.IN_THE_FUTURE)
        return found

    return reader


def moment(name: str, value: str) -> datetime:
    """A time with its zone (RFC 3339)."""
    if not _DATETIME.fullmatch(value):
        raise BadParameter(name, value, Reason.NOT_A_DATETIME)
    day(name, value[:10])
    try:
        return datetime.fromisoformat(value.upper().replace(" ", "+"))
    except ValueError:
        raise BadParameter(name, value, Reason.NOT_A_DATETIME) from None


def system(name: str, value: str) -> crs.CRS:
    """A coordinate reference system by its name."""
    return crs.parse(text(100)(name, value), parameter=name)


def cursor(name: str, value: str) -> str:
    """The key after which a list goes on, as `written_cursor` wrote it."""
    try:
        found = base64.b64decode(value.encode("ascii"), altchars=b"-_", validate=True).decode()
    except (UnicodeError, binascii.Error):
        raise BadParameter(name, value, Reason.BAD_CURSOR) from None
    if not found or len(found) > 400 or any(_is_no_text(letter) for letter in found):
        raise BadParameter(name, value, Reason.BAD_CURSOR)
    return found


def written_cursor(key: str) -> str:
    """A key as it travels in the address of the next page: opaque, so that nobody builds upon it."""
    return base64.urlsafe_b64encode(key.encode()).decode("ascii")
