"""Plus codes (Open Location Code) -> the middle of the cell they name. Pure text and arithmetic.

The format is fixed and small (https://github.com/google/open-location-code, specification 1.0), so it
is read here rather than by a library that is no longer released. A short code ("2RJX+4C Mẫu") needs a
place near which it is meant.
"""

import re
from dataclasses import dataclass

_DIGITS = "23456789CFGHJMPQRVWX"
_SEPARATOR = 8
_PAIRS = 10
_ROWS, _COLUMNS = 5, 4
_BASE = len(_DIGITS)
_CODE = re.compile(
    rf"(?<![0-9a-z+])([{_DIGITS.lower()}]{{4,8}}\+[{_DIGITS.lower()}]{{2,7}})(?![0-9a-z])", re.I
)


@dataclass(frozen=True, slots=True)
class PlusCode:
    """A code as written and the words beside it."""

    code: str
    words: str

    @property
    def is_short(self) -> bool:
        return self.code.index("+") < _SEPARATOR


def read_plus_code(text: str) -> PlusCode | None:
    """The code in the text; None where there is none or it has an odd number of leading digits."""
    match = _CODE.search(text)
    if match is None or match[1].index("+") % 2:
        return None
    words = f"{text[: match.start()]} {text[match.end() :]}"
    return PlusCode(match[1].upper(), " ".join(words.split()).strip(" ,;"))


def middle(code: PlusCode, near: tuple[float, float] | None = None) -> tuple[float, float] | None:
    """(lon, lat) of the middle of the cell; a short code takes the cell nearest to `near`, else None."""
    digits = code.code.replace("+", "")
    missing = _SEPARATOR - code.code.index("+")
    if not missing:
        return _middle(digits)
    if near is None:
        return None
    lon, lat = near
    found_lon, found_lat = _middle(_encoded(lon, lat)[:missing] + digits)
    width = float(_BASE ** (2 - missing // 2))
    return _nearest(found_lon, lon, width), _nearest(found_lat, lat, width)


def _nearest(found: float, wanted: float, width: float) -> float:
    """The same place in the cell of that width next to this one, if that is nearer."""
    if found - wanted > width / 2:
        return found - width
    return found + width if wanted - found > width / 2 else found


def _middle(digits: str) -> tuple[float, float]:
    south, west, height, width = -90.0, -180.0, float(_BASE**2), float(_BASE**2)
    for index in range(0, min(len(digits), _PAIRS), 2):
        height, width = height / _BASE, width / _BASE
        south += _DIGITS.index(digits[index]) * height
        west += _DIGITS.index(digits[index + 1]) * width
    for digit in digits[_PAIRS:]:
        height, width = height / _ROWS, width / _COLUMNS
        row, column = divmod(_DIGITS.index(digit), _COLUMNS)
        south += row * height
        west += column * width
    return round(west + width / 2, 8), round(south + height / 2, 8)


def _encoded(lon: float, lat: float) -> str:
    """The first eight digits of the cell that holds the place."""
    north, east, size, digits = lat + 90, lon + 180, float(_BASE**2), ""
    for _pair in range(_SEPARATOR // 2):
        size /= _BASE
        digits += _DIGITS[min(int(north // size), _BASE - 1)] + _DIGITS[min(int(east // size), _BASE - 1)]
        north, east = north % size, east % size
    return digits
