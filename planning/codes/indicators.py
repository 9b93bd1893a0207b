"""Indicators (chỉ tiêu) of zones: the published text, and the numbers read from it.

Two habits of the field shape it. Indicators are text ("3-5", "<= 4,5", "1.200,5", "không quy định"),
so the text is always kept and numbers are read only where the whole text is understood. And a blank
is *unknown*, never "no limit".
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from enum import StrEnum
from functools import partial
from typing import Any

from planning.codes.folding import fold
from planning.codes.numbers import NUMBER, NumberStyle, read_number


class IndicatorState(StrEnum):
    """What the plan says about one indicator; there is no fifth state and no blank cell."""

    STATED = "stated"
    NOT_REGULATED = "not_regulated"
    REFERS_ELSEWHERE = "refers_elsewhere"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Parameter:
    """How one indicator is measured: its unit, the words that mean it, what is absurd."""

    unit: str
    # folded spelling in the file -> factor into `unit`
    units: Mapping[str, Decimal]
    # a value beyond this is a slip of the pen or another unit; it is not read
    limit: Decimal
    is_whole: bool = False
    # a share in % written as a bare ratio ("0,6") has two readings
    is_percent: bool = False


_ONE = Decimal(1)
_PERCENT = {"%": _ONE, "phan tram": _ONE, "percent": _ONE}
_METRES = {"m": _ONE, "met": _ONE, "metres": _ONE, "meters": _ONE}
_SQUARE_METRES = {
    "m2": _ONE,
    "m²": _ONE,
    "met vuong": _ONE,
    "sq m": _ONE,
    "ha": Decimal(10_000),
    "hecta": Decimal(10_000),
    "km2": Decimal(1_000_000),
    "km²": Decimal(1_000_000),
}
_STOREYS = {
    "tang": _ONE,
    "storey": _ONE,
    "storeys": _ONE,
    "stories": _ONE,
    "floors": _ONE,
}
_PEOPLE = {"nguoi": _ONE, "people": _ONE, "persons": _ONE}
_TIMES = {"lan": _ONE, "times": _ONE, "x": _ONE}

PARAMETERS: Mapping[str, Parameter] = {
    # mật độ xây dựng (QCVN 01:2021/BXD 1.4.20)
    "coverage": Parameter("%", _PERCENT, Decimal(100), is_percent=True),
    # hệ số sử dụng đất (1.4.21)
    "floor_area_ratio": Parameter("", _TIMES, Decimal(100)),
    # tầng cao
    "storeys": Parameter("storeys", _STOREYS, Decimal(300)),
    # tầng hầm
    "underground_storeys": Parameter("storeys", _STOREYS, Decimal(30)),
    # chiều cao công trình (1.4.25)
    "height": Parameter("m", _METRES, Decimal(1_500)),
    # khoảng lùi (1.4.24)
    "setback": Parameter("m", _METRES, Decimal(1_000)),
    # dân số
    "population": Parameter("people", _PEOPLE, Decimal(50_000_000), is_whole=True),
    # tỷ lệ cây xanh
    "green_share": Parameter("%", _PERCENT, Decimal(100), is_percent=True),
    # diện tích lô đất
    "lot_area": Parameter("m2", _SQUARE_METRES, Decimal(10_000_000_000)),
    # bề rộng mặt tiền lô đất
    "lot_width": Parameter("m", _METRES, Decimal(10_000)),
    # diện tích sàn
    "floor_area": Parameter("m2", _SQUARE_METRES, Decimal(10_000_000_000)),
}
# another name is kept and read as a bare number; what unit it has we do not know
_UNLISTED = Parameter("", {}, Decimal(10) ** 12)
# as many digits as survive the way through JSON and back
_JSON_DIGITS = Context(prec=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One rule value: the text as published, and the numbers where the whole text was understood.

    `stated` with both bounds empty means "stated, but not read": show the text, compute nothing.
    An exact value has equal bounds; one-sided limits leave the other bound empty. Strict and
    non-strict limits ("< 5", "<= 5") are told apart by the text alone.
    """

    name: str
    text: str
    minimum: Decimal | None
    maximum: Decimal | None
    unit: str
    state: IndicatorState
    # another reading of the same characters was possible ("1.200", or "0,6" where % is meant)
    is_ambiguous: bool = False

    @property
    def is_read(self) -> bool:
        return self.minimum is not None or self.maximum is not None

    def to_json(self) -> dict[str, Any]:
        """The wire shape: text, min, max, unit, state; the name is the key it stands under."""
        return {
            "text": self.text,
            "min": _json_number(self.minimum),
            "max": _json_number(self.maximum),
            "unit": self.unit,
            "state": self.state.value,
        }


def read_indicator(name: str, value: str | float | Decimal | None) -> Indicator:
    """Reads a cell as the indicator `name`; never raises on content and never drops the text.

    Where two readings of a number are possible the Vietnamese one wins (point for thousands, comma
    for decimals), unless only the other is possible for this indicator; `is_ambiguous` tells.
    """
    parameter = PARAMETERS.get(name, _UNLISTED)
    text = _as_text(value)
    state = _state_in_words(text)
    if state is not None:
        return Indicator(
            name=name,
            text=text,
            minimum=None,
            maximum=None,
            unit=parameter.unit,
            state=state,
        )
    is_typed = not isinstance(value, str)
    bounds, is_ambiguous = _read_bounds(text, parameter, is_typed=is_typed)
    return Indicator(
        name=name,
        text=text,
        minimum=bounds.minimum,
        maximum=bounds.maximum,
        unit=parameter.unit,
        state=IndicatorState.STATED,
        is_ambiguous=is_ambiguous,
    )


_BLANK_MARKS = (
    "",
    "-",
    "--",
    "---",
    "–",
    "—",
    "_",
    ".",
    "..",
    "...",
    "…",
    "?",
    "??",
    "/",
    "\\",
    "*",
    "x",
)
_BLANK_CELLS = (
    "n/a",
    "na",
    "nan",
    "none",
    "null",
    "nil",
    "<null>",
    "(null)",
    "#n/a",
    "unknown",
)
BLANKS = frozenset(_BLANK_MARKS + _BLANK_CELLS) | {
    "khong ro",
    "chua ro",
    "khong biet",
    "chua biet",
    "chua co",
    "chua co so lieu",
    "khong co so lieu",
    "khong co du lieu",
    "khong co thong tin",
    "chua xac dinh",
    "not available",
    "no data",
}
_NOT_REGULATED = re.compile(
    r"^(?:khong (?:quy dinh|khong che|gioi han|han che)|not regulated|not specified|no limit|no maximum"
    r"|unlimited|unregulated)\b"
)
_REFERS = re.compile(
    r"\b(?:theo (?!chieu\b)|xem |tuan thu |thuc hien theo |can cu |see |refers? |according to |as per )"
)


def _state_in_words(text: str) -> IndicatorState | None:
    words = " ".join(fold(text).split())
    if words in BLANKS:
        return IndicatorState.UNKNOWN
    reference = _REFERS.search(words)
    # "<= 5 tầng theo QĐ 12" states a value; "theo QCVN 01:2021/BXD" does not, digits or no
    if reference and not re.search(r"[0-9]", words[: reference.start()]):
        return IndicatorState.REFERS_ELSEWHERE
    if _NOT_REGULATED.match(words) and not re.search(r"[0-9]", words):
        return IndicatorState.NOT_REGULATED
    return None


@dataclass(frozen=True, slots=True)
class _Bounds:
    minimum: Decimal | None
    maximum: Decimal | None


_NOT_READ = _Bounds(None, None)

_AT_MOST = (
    r"<=|=<|≤|⩽|<|toi da|cao nhat|lon nhat|nho hon hoac bang|khong qua|khong vuot qua|khong lon hon|duoi|den"
    r"|max(?:imum)?\.?|at most|up to|no more than"
)
_AT_LEAST = (
    r">=|=>|≥|⩾|>|toi thieu|it nhat|thap nhat|nho nhat|lon hon hoac bang|khong duoi|khong nho hon"
    r"|khong it hon|tren|tu|min(?:imum)?\.?|at least|no less than"
)
_UNIT = r"(?P<{0}>%|[a-z]+(?: [a-z]+)*[2²]?)?"
_ONE_NUMBER = re.compile(
    rf"^(?:(?P<most>{_AT_MOST})|(?P<least>{_AT_LEAST})|(?:=|bang))?\s*:?\s*(?P<a>{NUMBER})\s*"
    + _UNIT.format("ua")
    + r"\s*(?P<after>tro len|tro xuong)?$"
)
_RANGE = re.compile(
    rf"^(?:tu|trong khoang|from|between)?\s*(?P<a>{NUMBER})\s*"
    + r"(?P<ua>%|[a-z][a-z]{0,9}[2²]?)??"
    + rf"\s*(?:-|–|—|−|÷|~|\.\.\.?|…|→|den|toi|to|and)\s*(?P<b>{NUMBER})\s*"
    + _UNIT.format("ub")
    + "$"
)
_TWO_LIMITS = re.compile(
    rf"^(?:{_AT_LEAST})\s*(?P<a>{NUMBER})\s*"
    + r"(?P<ua>%|[a-z][a-z]{0,9}[2²]?)??"
    + rf"\s*(?:[,;\-–]|va|den|and)?\s*(?:{_AT_MOST})\s*(?P<b>{NUMBER})\s*"
    + _UNIT.format("ub")
    + "$"
)


def _read_bounds(text: str, parameter: Parameter, *, is_typed: bool) -> tuple[_Bounds, bool]:
    """The bounds, and whether another reading of the same characters was possible."""
    words = " ".join(fold(text).split())
    if is_typed:
        # a number cell of the file: its decimal point is a fact, not a habit of writing
        typed = _parse_bounds(words, parameter, partial(read_number, style=NumberStyle.ENGLISH))
        return typed, _is_bare_ratio(typed, words, parameter)
    vietnamese = _parse_bounds(words, parameter, partial(read_number, style=NumberStyle.VIETNAMESE))
    english = _parse_bounds(words, parameter, partial(read_number, style=NumberStyle.ENGLISH))
    if vietnamese == _NOT_READ:
        return english, _is_bare_ratio(english, words, parameter)
    has_two_readings = english not in (_NOT_READ, vietnamese)
    return vietnamese, has_two_readings or _is_bare_ratio(vietnamese, words, parameter)


def _is_bare_ratio(bounds: _Bounds, words: str, parameter: Parameter) -> bool:
    """Coverage "0,6" without a % sign: 0.6 % as written, perhaps 60 % as meant."""
    if not parameter.is_percent or "%" in words:
        return False
    highest = bounds.maximum if bounds.maximum is not None else bounds.minimum
    return highest is not None and 0 < highest <= 1


def _parse_bounds(words: str, parameter: Parameter, number: Callable[[str], Decimal | None]) -> _Bounds:
    if match := _ONE_NUMBER.match(words):
        bounds = _one_sided(match, parameter, number)
        if bounds != _NOT_READ:
            return bounds
    if match := _RANGE.match(words) or _TWO_LIMITS.match(words):
        unit_a, unit_b = match["ua"] or match["ub"], match["ub"] or match["ua"]
        low = _quantity(match["a"], unit_a, parameter, number)
        high = _quantity(match["b"], unit_b, parameter, number)
        # "5-3" is a slip: which bound was meant is not ours to guess
        if low is not None and high is not None and low <= high:
            return _Bounds(low, high)
    return _NOT_READ


def _one_sided(
    match: re.Match[str], parameter: Parameter, number: Callable[[str], Decimal | None]
) -> _Bounds:
    value = _quantity(match["a"], _strip_after(match["ua"]), parameter, number)
    if value is None:
        return _NOT_READ
    after = match["after"] or _after(match["ua"])
    if after and (match["most"] or (match["least"] and match["least"] != "tu")):
        return _NOT_READ
    if match["most"] or after == "tro xuong":
        return _Bounds(None, value)
    if match["least"] or after == "tro len":
        return _Bounds(value, None)
    return _Bounds(value, value)


def _after(unit: str | None) -> str | None:
    """ "từ 3 tầng trở lên" (upwards): the words may have been taken for part of the unit."""
    found = re.search(r"tro (?:len|xuong)$", unit or "")
    return found.group() if found else None


def _strip_after(unit: str | None) -> str | None:
    return re.sub(r"\s*tro (?:len|xuong)$", "", unit) if unit else unit


def _quantity(
    digits: str,
    unit: str | None,
    parameter: Parameter,
    number: Callable[[str], Decimal | None],
) -> Decimal | None:
    value = number(digits)
    factor = parameter.units.get(unit.strip()) if unit and unit.strip() else _ONE
    if value is None or factor is None:
        return None
    value = _JSON_DIGITS.create_decimal(value * factor)
    if value > parameter.limit or (parameter.is_whole and value != value.to_integral_value()):
        return None
    return value


def _as_text(value: str | float | Decimal | None) -> str:
    if value is None or (isinstance(value, float | Decimal) and math.isnan(value)):
        return ""
    if isinstance(value, float) and math.isfinite(value):
        return format(Decimal(repr(value)).normalize(), "f")
    return str(value)


def _json_number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
