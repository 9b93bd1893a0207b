"""One table of a TOML file, read value by value; what nobody asked for is an error.

Beside `planfile`. A misspelt key must not pass as an absent one: a plan whose extent was lost to a typo
would replace the whole of the former plan.
"""

import math
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from planning.errors import BadParameter, Reason

T = TypeVar("T")
_MISSING = object()
_SLUG = re.compile(r"[-a-zA-Z0-9_]+")
# NUL and the other controls: no database column takes them, and no title needs them
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Section:
    """A table and its place in the file; every reading is noted, `ended` refuses the rest."""

    def __init__(self, place: str, data: Mapping[str, Any]) -> None:
        self._place = place
        self._data = data
        self._asked: set[str] = set()

    def at(self, name: str) -> str:
        return f"{self._place}.{name}" if self._place else name

    def ended(self, value: T) -> T:
        self.end()
        return value

    def end(self) -> None:
        for name in sorted(set(self._data) - self._asked):
            raise BadParameter(self.at(name), "", Reason.UNKNOWN_PARAMETER)

    def section(self, name: str) -> "Section | None":
        found = self._take(name, None, dict)
        return None if found is None else Section(self.at(name), found)

    def sections(self, name: str) -> list["Section"]:
        rows = self._take(name, [], list)
        if not all(isinstance(row, dict) for row in rows):
            raise BadParameter(self.at(name), rows, Reason.NOT_A_CHOICE)
        return [Section(f"{self.at(name)}[{index}]", row) for index, row in enumerate(rows)]

    def text(self, name: str, default: str | None = None, *, longest: int = 1_000) -> str:
        found = str(self._take(name, _MISSING if default is None else default, str))
        self._writable(name, found, longest)
        return found

    def slug(self, name: str, *, longest: int) -> str:
        """A lasting code: it stands in addresses."""
        found = self.text(name, longest=longest)
        if not _SLUG.fullmatch(found):
            raise BadParameter(self.at(name), found, Reason.BAD_CHARACTERS, allowed="a-z A-Z 0-9 - _")
        return found

    def _writable(self, name: str, text: str, longest: int) -> None:
        if len(text) > longest:
            raise BadParameter(self.at(name), text, Reason.TOO_LONG, limit=longest)
        if _CONTROL.search(text):
            raise BadParameter(self.at(name), text, Reason.BAD_CHARACTERS)

    def texts(self, name: str) -> Mapping[str, str]:
        found = self._take(name, {}, dict)
        for key, value in found.items():
            if not isinstance(value, str):
                raise BadParameter(f"{self.at(name)}.{key}", value, Reason.NOT_A_CHOICE)
            self._writable(f"{name}.{key}", value, 1_000)
        return dict(found)

    def listed(self, name: str) -> tuple[str, ...]:
        """One text or a list of texts."""
        found = self._take(name, [], (str, list))
        return (found,) if isinstance(found, str) else tuple(str(one) for one in found)

    def integer(self, name: str, *, high: int) -> int | None:
        """A whole number from 1 to `high`."""
        found = self._take(name, None, int)
        if found is not None and not 1 <= found <= high:
            raise BadParameter(self.at(name), found, Reason.OUT_OF_RANGE, low=1, high=high)
        return found

    def number(self, name: str, *, high: float) -> float | None:
        """A number above 0 and up to `high`; TOML also knows nan and inf, which are none."""
        found = self._take(name, None, (int, float))
        if found is None:
            return None
        # compared before it is converted: a whole number of TOML may be too large for a float
        if (isinstance(found, float) and not math.isfinite(found)) or not 0 < found <= high:
            raise BadParameter(self.at(name), found, Reason.OUT_OF_RANGE, above=0, high=high)
        return float(found)

    def flag(self, name: str) -> bool:
        return bool(self._take(name, False, bool))

    def day(self, name: str) -> date | None:
        found = self._take(name, None, date)
        if isinstance(found, datetime):
            raise BadParameter(self.at(name), found, Reason.NOT_A_DATE)
        return found

    def required_day(self, name: str) -> date:
        found = self.day(name)
        if found is None:
            raise BadParameter(self.at(name), "", Reason.REQUIRED)
        return found

    def bbox(self, name: str) -> tuple[float, float, float, float] | None:
        found = self._take(name, None, list)
        if found is None:
            return None
        if len(found) != 4 or not all(_is_number(side) for side in found):
            raise BadParameter(self.at(name), found, Reason.NOT_A_NUMBER)
        west, south, east, north = found
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise BadParameter(self.at(name), found, Reason.OUT_OF_RANGE)
        return float(west), float(south), float(east), float(north)

    def _take(self, name: str, default: Any, kind: type | tuple[type, ...]) -> Any:
        self._asked.add(name)
        found = self._data.get(name, default)
        if found is _MISSING:
            raise BadParameter(self.at(name), "", Reason.REQUIRED)
        wrong = isinstance(found, bool) and kind is not bool
        if found is not default and (wrong or not isinstance(found, kind)):
            raise BadParameter(self.at(name), found, Reason.NOT_A_CHOICE)
        return found


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
