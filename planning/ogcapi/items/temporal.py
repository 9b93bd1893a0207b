"""The text of `datetime` -> the days it reaches, first and last one included.

Legal validity counts in whole days, from midnight to midnight where the service is at home
(`settings.TIME_ZONE`). So every instant means its day there, a date means that whole day, and an interval
the days it touches. RFC 3339 as OGC API Features Part 1 takes it, and durations, which clients send too.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from planning.errors import BadParameter, Reason

# Not "2024-01-01T", as GDAL writes a comparison with any column of dates: it would take the answer to a
# question about legal validity for one about that column.
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# A "+" that was not escaped arrives as a space.
_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}):(\d{2})(?:\.(\d{1,12}))?([Zz]|[+\- ]\d{2}:\d{2})", re.ASCII
)
_DURATION = re.compile(
    r"P(?!$)(?:(\d{1,5})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,7})D)?"
    r"(?:T(?!$)(?:(\d{1,8})H)?(?:(\d{1,9})M)?(?:(\d{1,10})S)?)?",
    re.ASCII | re.IGNORECASE,
)
_LONGEST = 120
_OPEN = ("", "..")
_DAY = timedelta(days=1)
_MOMENT_BEFORE = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Days:
    """From the first to the last day, both included; None is an open end."""

    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class _Side:
    """One end as local time: the beginning of what was written and, not included, its end."""

    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class _Duration:
    months: int
    rest: timedelta


def read_days(name: str, text: str) -> Days:
    """The days of an instant or an interval. Raises BadParameter."""
    refused = BadParameter(name, text, Reason.NOT_AN_INTERVAL)
    if len(text) > _LONGEST:
        raise refused
    parts = [part.strip() for part in text.split("/")]
    try:
        return _days([None if part in _OPEN and len(parts) > 1 else _read(part) for part in parts])
    except ValueError:
        raise refused from None


def _days(sides: list[_Side | _Duration | None]) -> Days:
    match sides:
        case [_Side() as only]:
            return _between(only.begin, _last_moment(only))
        case [_Side() as start, _Duration() as lasting]:
            return _between(start.begin, max(_later(start.begin, lasting) - _MOMENT_BEFORE, start.begin))
        case [_Duration() as lasting, _Side() as end]:
            closing = _last_moment(end)
            return _between(min(_earlier(closing + _MOMENT_BEFORE, lasting), closing), closing)
        case [_Side() | None as start, _Side() | None as end]:
            return _between(start.begin if start else None, _last_moment(end) if end else None)
    raise ValueError


def _between(first: datetime | None, last: datetime | None) -> Days:
    if first and last and first > last:
        raise ValueError
    return Days(first and first.date(), last and last.date())


def _last_moment(side: _Side) -> datetime:
    return max(_moved(side.end, -_MOMENT_BEFORE), side.begin)


def _read(text: str) -> _Side | _Duration:
    if _DATE.fullmatch(text):
        return _whole_day(text)
    if found := _MOMENT.fullmatch(text):
        at = _moment(found)
        return _Side(at, at)
    if found := _DURATION.fullmatch(text):
        return _duration(found)
    raise ValueError


def _whole_day(text: str) -> _Side:
    begin = datetime.combine(_day(text), time.min)
    return _Side(begin, _moved(begin, _DAY))


def _day(text: str) -> date:
    """Python has no year 0; nothing in our data is older than its first day."""
    if text.startswith("0000"):
        date.fromisoformat("0004" + text[4:])  # as leap a year as that one
        return date.min
    return date.fromisoformat(text)


def _moment(found: re.Match[str]) -> datetime:
    """Local time without its zone. A leap second is the one before it."""
    day, minutes, seconds, fraction, zone = found.groups()
    seconds = "59" if seconds == "60" else seconds
    zone = "+00:00" if zone in "Zz" else zone.replace(" ", "+")
    micros = (fraction or "")[:6].ljust(6, "0")
    at = datetime.fromisoformat(f"{_day(day)}T{minutes}:{seconds}.{micros}{zone}")
    try:
        return at.astimezone(ZoneInfo(settings.TIME_ZONE)).replace(tzinfo=None)
    except OverflowError:
        return datetime.min if at.year == 1 else datetime.max


def _duration(found: re.Match[str]) -> _Duration:
    years, months, weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    rest = timedelta(days=days + 7 * weeks, hours=hours, minutes=minutes, seconds=seconds)
    return _Duration(12 * years + months, rest)


def _later(at: datetime, by: _Duration) -> datetime:
    return _moved(_moved_by_months(at, by.months), by.rest)


def _earlier(at: datetime, by: _Duration) -> datetime:
    return _moved(_moved_by_months(at, -by.months), -by.rest)


def _moved_by_months(at: datetime, months: int) -> datetime:
    """A month later is the same day, or the last one of a shorter month."""
    year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    if year < 1:
        return datetime.min
    if year > date.max.year:
        return datetime.max
    for day in range(at.day, at.day - 4, -1):
        try:
            return at.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    raise ValueError


def _moved(at: datetime, by: timedelta) -> datetime:
    try:
        return at + by
    except OverflowError:
        return datetime.min if by < timedelta() else datetime.max
