"""Numbers, shares and dates as a reader of one language writes them; the last step before text.

Pure: values in, text out. It never rounds a share up to "all" or down to "nothing": what exists and
is too small to print is "< 0.1".
"""

import math
from datetime import date, datetime
from zoneinfo import ZoneInfo

NO_BREAK = "\N{NO-BREAK SPACE}"
_TO_VIETNAMESE = str.maketrans(",.", ".,")
_MONTHS = "January February March April May June July August September October November December".split()


def number(value: float, decimals: int, language: str) -> str:
    """1,234.5 in English, 1.234,5 in Vietnamese."""
    text = f"{value:,.{decimals}f}"
    return text.translate(_TO_VIETNAMESE) if language == "vi" else text


def measure(value: float, unit: str, language: str) -> str:
    """One decimal and a unit; what exists is never printed as zero."""
    if 0 < value < 0.05:
        return f"< {number(0.1, 1, language)}{NO_BREAK}{unit}".replace(" ", NO_BREAK)
    return f"{number(value, 1, language)}{NO_BREAK}{unit}"


def area(square_metres: float, language: str) -> str:
    return measure(square_metres, "m²", language)


def length(metres: float, language: str) -> str:
    return measure(metres, "m", language)


def share(value: float, language: str) -> str:
    """A share 0-1 as per cent with one decimal."""
    return measure(value * 100, "%", language)


def band(low: float, high: float, language: str) -> str:
    """The range of a share, rounded outwards so that it never promises more than it holds."""
    decimals = 0 if high >= 0.1 else 1
    step = 10**decimals
    # a hair of tolerance: 0.84 * 100 is a little more than 84
    lowest = math.floor(low * 100 * step + 1e-6) / step
    highest = math.ceil(high * 100 * step - 1e-6) / step
    if lowest == highest:
        return f"{number(lowest, decimals, language)}{NO_BREAK}%"
    return f"{number(lowest, decimals, language)}–{number(highest, decimals, language)}{NO_BREAK}%"


def at_least(low: float, language: str) -> str:
    """The lower end of a share, rounded down so that it never promises more than it holds."""
    return f"{number(math.floor(low * 100 + 1e-6), 0, language)}{NO_BREAK}%"


def scale(denominator: int, language: str) -> str:
    return f"1:{number(denominator, 0, language)}"


def day(value: date, language: str) -> str:
    """21/11/2026 in Vietnamese, 21 November 2026 in English."""
    if language == "vi":
        return f"{value:%d/%m/%Y}"
    return f"{value.day}{NO_BREAK}{_MONTHS[value.month - 1]} {value.year}"


def size(octets: int, language: str) -> str:
    """A file's size in kB or MB, as people read it before they download."""
    kilobytes = octets / 1000
    if kilobytes < 1000:
        return f"{number(max(kilobytes, 1.0), 0, language)}{NO_BREAK}kB"
    return f"{number(kilobytes / 1000, 1, language)}{NO_BREAK}MB"


def extent(square_metres: float, language: str) -> str:
    """The size of a part of a plan: square metres below a hectare, square kilometres above a thousand."""
    hectares = square_metres / 1e4
    if hectares < 1:
        return area(square_metres, language)
    if hectares >= 1000:
        return f"{number(square_metres / 1e6, 2, language)}{NO_BREAK}km²"
    return measure(hectares, "ha", language)


def moment(value: datetime, zone: ZoneInfo, language: str) -> str:
    """Day and time in the time zone of the service."""
    local = value.astimezone(zone)
    return f"{local:%H:%M}, {day(local.date(), language)}"
