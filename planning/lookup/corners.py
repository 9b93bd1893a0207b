"""A list of corner points, as the land certificate (sổ đỏ) has it -> pairs of numbers. Pure text.

What people paste or type varies: with point numbers, labels and lengths of edges, a row to a line or all
in one, commas or points, all X before all Y. Of a table of metres the numbers of six and seven figures
are the coordinates, whatever stands between them. X is north on Vietnamese papers and comes first; the
order is found where the numbers are read as places.
"""

import re
from dataclasses import dataclass

from planning.codes import NumberStyle, fold, read_number
from planning.crs import CRS
from planning.lookup.coordinates import CoordinateReading, Order, named_system

_LEAST = 3
_MOST = 200
_LEAST_METRES = 100_000.0
# no easting of a three-degree zone is larger and no northing in use smaller
_LARGEST_EASTING = 900_000.0
_METRES = re.compile(
    r"(?<![0-9.,])(?:[0-9]{6,7}(?:[.,][0-9]+)?|[0-9]{1,3}(?:\.[0-9]{3}){1,2}(?:,[0-9]+)?"
    r"|[0-9]{1,3}(?:,[0-9]{3}){1,2}(?:\.[0-9]+)?|[0-9](?: [0-9]{3}){2}(?:[.,][0-9]+)?"
    r"|[1-9][0-9]{2} [0-9]{3}(?:[.,][0-9]+)?)(?![0-9])"
)
# "2326622.31,588245.67": no length has six decimals, so a comma before so many figures parts two numbers
_JOINED = re.compile(r"(?<![0-9.,])([0-9]{6,7}(?:\.[0-9]+)?),(?=[0-9]{6,7}(?![0-9]))")
_DEGREES = re.compile(r"(?<![0-9.])-?[0-9]{1,3}\.[0-9]{3,}(?![0-9])")
_DEGREES_WITH_COMMA = re.compile(r"(?<![0-9,])-?[0-9]{1,3},[0-9]{3,}(?![0-9])")
_ANGLE = re.compile(
    r"(?<![0-9.,])([0-9]{1,3})\s*°\s*(?:([0-9]{1,2}(?:[.,][0-9]+)?)\s*['′’]\s*)?"
    r"(?:([0-9]{1,2}(?:[.,][0-9]+)?)\s*(?:\"|''|″|”))?"
)
# words of such a table; "to" alone may be part of a name
_TABLE_PHRASES = re.compile(
    r"\b(?:to ban do|thua dat|so hieu|toa do|chieu dai|dien tich|bang ke|he toa do|goc ranh"
    r"|vn-?\s?2000|wgs-?\s?84)\b"
)
_TABLE_WORDS = frozenset(
    "x y m stt tt so diem dinh moc goc canh dai point points corner corners n e b d east north lat lon length"
    " area m2".split()
)


@dataclass(frozen=True, slots=True)
class Corners:
    """Pairs in the order written, the system where one is named, and words that may name a place."""

    pairs: tuple[tuple[float, float], ...]
    system: CRS | None
    words: str

    def middle(self) -> CoordinateReading:
        """The mean of the corners: what is tried in every system first."""
        count = len(self.pairs)
        first = sum(pair[0] for pair in self.pairs) / count
        second = sum(pair[1] for pair in self.pairs) / count
        return CoordinateReading(first, second, Order.UNKNOWN, self.system)


def read_corners(text: str) -> Corners | None:
    """The corner points in the text; None where there are not at least three."""
    # one letter of the text is one of the folded text or the rows would be torn
    system, words = named_system("\n".join(fold(line) for line in text.splitlines()))
    for read in (_angles, _metres, _degrees):
        numbers = read(words)
        pairs = _paired(numbers)
        if pairs is not None:
            return Corners(pairs, system, _place_words(words))
    return None


def _paired(numbers: list[float]) -> tuple[tuple[float, float], ...] | None:
    half, odd = divmod(len(numbers), 2)
    if odd or not _LEAST <= half <= _MOST:
        return None
    if _is_by_columns(numbers[:half], numbers[half:]):
        pairs = list(zip(numbers[:half], numbers[half:], strict=True))
    else:
        pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
    if pairs[0] == pairs[-1]:
        pairs.pop()
    return tuple(pairs) if len(set(pairs)) >= _LEAST else None


def _is_by_columns(first: list[float], second: list[float]) -> bool:
    """All northings, then all eastings, or the other way round."""
    large = [all(value > _LARGEST_EASTING for value in column) for column in (first, second)]
    small = [all(value <= _LARGEST_EASTING for value in column) for column in (first, second)]
    return (large[0] and small[1]) or (small[0] and large[1])


def _metres(words: str) -> list[float]:
    values = (_value(match[0]) for match in _METRES.finditer(_JOINED.sub("\\1 ", words)))
    return [value for value in values if value is not None and value >= _LEAST_METRES]


def _value(text: str) -> float | None:
    style = NumberStyle.VIETNAMESE if text.count(".") > 1 or "," in text else NumberStyle.ENGLISH
    if re.fullmatch(r"[0-9]{3}\.[0-9]{3}", text):
        style = NumberStyle.VIETNAMESE
    value = read_number(text, style)
    return None if value is None else float(value)


def _degrees(words: str) -> list[float]:
    written = _DEGREES.findall(words) or _DEGREES_WITH_COMMA.findall(words)
    return [float(number.replace(",", ".")) for number in written]


def _angles(words: str) -> list[float]:
    found = []
    for match in _ANGLE.finditer(words):
        whole, minutes, seconds = (float((part or "0").replace(",", ".")) for part in match.groups())
        found.append(whole + minutes / 60 + seconds / 3600)
    return found


def _place_words(words: str) -> str:
    """What is neither a number nor a word of such a table."""
    names = re.findall(r"[^\W\d_]+(?:[ ]+[0-9]{1,2}(?![0-9.,]))?", _TABLE_PHRASES.sub(" ", words))
    return " ".join(name for name in names if name.split()[0] not in _TABLE_WORDS)
