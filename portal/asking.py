"""What a page is asked, read once at the edge into frozen values.

Raises BadParameter for what cannot be read. The search form alone keeps its fault as a value: the
page shows it beside the field with everything that was typed still there.
"""

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Self
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from planning.errors import BadParameter, NotFound, Reason

LONGEST_SEARCH = 200
# a list of corner points, one to a line
LONGEST_LIST = 2_000
LONGEST_CODE = 120
LONGEST_MOMENT = 40
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_WRITTEN_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
# as people write it, in the time zone of the service: 21/11/2026 08:00
_WRITTEN_MOMENT = re.compile(
    r"(?P<day>\d{1,2}[/.-]\d{1,2}[/.-]\d{4})[ ,]+(?P<hours>\d{1,2}:\d{2}(?::\d{2})?)"
)
# Earlier years come from slips, and near the year 1 a time zone reaches back before time itself.
_FIRST_YEAR = 1000
_CODE = re.compile(r"[^\s/\x00-\x1f\x7f]+")


def day_of(text: str, name: str = "as_at") -> date:
    """A day as a date field sends it (2026-11-21) or as people write it (21/11/2026)."""
    text = text.strip()
    if found := _ISO_DAY.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
    elif found := _WRITTEN_DAY.fullmatch(text):
        day, month, year = (int(part) for part in found.groups())
    else:
        raise BadParameter(name, text, Reason.NOT_A_DATE)
    try:
        found_day = date(year, month, day)
    except ValueError as error:
        raise BadParameter(name, text, Reason.NOT_A_DATE) from error
    _refuse_early(name, text, found_day.year)
    return found_day


def _refuse_early(name: str, text: str, year: int) -> None:
    if year < _FIRST_YEAR:
        raise BadParameter(name, text, Reason.OUT_OF_RANGE, low=date(_FIRST_YEAR, 1, 1), high=date.max)


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """The day whose law is asked for, and the moment whose knowledge; `known_at` None means now.

    `known_at_text` is how that moment was written.
    """

    as_at: date
    known_at: datetime | None
    known_at_text: str = ""

    @classmethod
    def parse(cls, given: Mapping[str, str]) -> Self:
        as_at = given.get("as_at", "").strip()
        known_at = given.get("known_at", "").strip()
        return cls(
            as_at=day_of(as_at) if as_at else timezone.localdate(),
            known_at=_moment(known_at) if known_at else None,
            known_at_text=known_at[:LONGEST_MOMENT],
        )

    @property
    def query(self) -> str:
        """Both dates as the query of another page; "" for today, as known now."""
        asked = {}
        if self.as_at != timezone.localdate():
            asked["as_at"] = self.as_at.isoformat()
        if self.known_at is not None:
            asked["known_at"] = self.known_at_text or self.known_at.isoformat()
        return f"?{urlencode(asked)}" if asked else ""


def _moment(text: str) -> datetime:
    """A moment with its zone, or a day, which means its end, of today: now (as the API has it)."""
    if _ISO_DAY.fullmatch(text) or _WRITTEN_DAY.fullmatch(text):
        end = datetime.combine(day_of(text, "known_at"), time.max, timezone.get_current_timezone())
        return min(end, timezone.now()) if end.date() == timezone.localdate() else end
    if written := _WRITTEN_MOMENT.fullmatch(text):
        day, hours = day_of(written["day"], "known_at"), written["hours"].zfill(5)
        text = f"{day.isoformat()}T{hours}"
    try:
        # a plus sign in an address that nobody encoded arrives as a blank
        found = parse_datetime(text.replace(" ", "+") if "T" in text else text)
    except ValueError as error:
        raise BadParameter("known_at", text, Reason.NOT_A_DATETIME) from error
    if found is None:
        raise BadParameter("known_at", text, Reason.NOT_A_DATETIME)
    _refuse_early("known_at", text, found.year)
    return found if timezone.is_aware(found) else timezone.make_aware(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """The search form as it was sent: text, day as written, and what is wrong with either."""

    text: str
    as_at: date
    as_at_text: str
    fault: BadParameter | None = None

    @classmethod
    def parse(cls, given: Mapping[str, str]) -> Self:
        text, written = _on_one_line(given.get("q", "")), given.get("as_at", "").strip()
        fault: BadParameter | None = None
        as_at = timezone.localdate()
        try:
            _check_text(text)
            as_at = day_of(written) if written else as_at
        except BadParameter as error:
            fault = error
        return cls(text=text[:LONGEST_LIST], as_at=as_at, as_at_text=written[:40], fault=fault)

    @property
    def date_query(self) -> str:
        """The day as a query string for the links of the results, empty where none was asked for."""
        return urlencode({"as_at": self.as_at.isoformat()}) if self.as_at_text else ""


def _on_one_line(text: str) -> str:
    """Lines joined by a mark: a field of one line would run their figures together.

    Tabs of a table and blanks that do not break are blanks.
    """
    lines = (" ".join(_shown(line).split()) for line in text.split("\n"))
    return "; ".join(line for line in lines if line)


def _shown(line: str) -> str:
    """Without the marks for writing direction and joining that come along when text is copied."""
    return "".join(letter for letter in line if unicodedata.category(letter) != "Cf")


def _check_text(text: str) -> None:
    limit = LONGEST_LIST if ";" in text else LONGEST_SEARCH
    if len(text) > limit:
        raise BadParameter("q", text, Reason.TOO_LONG, limit=limit)
    if not text.isprintable():
        raise BadParameter("q", text, Reason.BAD_CHARACTERS)


def check_code(kind: str, code: str) -> None:
    """A code that nothing can bear is not found rather than asked for."""
    if len(code) > LONGEST_CODE or not _CODE.fullmatch(code):
        raise NotFound(kind, code)


def place_of(text: str) -> tuple[float, float]:
    """Longitude and latitude from an address: `105.85,21.03`."""
    parts = text.split(",")
    if len(parts) != 2:
        raise BadParameter("place", text, Reason.NOT_A_NUMBER)
    try:
        longitude, latitude = float(parts[0]), float(parts[1])
    except ValueError as error:
        raise BadParameter("place", text, Reason.NOT_A_NUMBER) from error
    if not (math.isfinite(longitude) and math.isfinite(latitude)):
        raise BadParameter("place", text, Reason.NOT_A_NUMBER)
    if abs(longitude) > 180 or abs(latitude) > 90:
        swapped = abs(latitude) <= 180 and abs(longitude) <= 90
        raise BadParameter("place", text, Reason.SWAPPED_AXES if swapped else Reason.OUT_OF_RANGE)
    return longitude, latitude
