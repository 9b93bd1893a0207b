"""Where a parcel came from and what it became, as deliveries of the cadastre showed it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from planning.answer.model import LineageRef, Subject
from planning.models import LineageKind
from portal import figures
from portal.asking import When


@dataclass(frozen=True, slots=True, kw_only=True)
class RelativeReading:
    """Another parcel in the line: its code, how and when, the land in common, and its page of those days."""

    code: str
    sentence: str
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineageReading:
    """Both directions of the line, and when the parcel began and ended; empty texts where unknown."""

    former: tuple[RelativeReading, ...]
    later: tuple[RelativeReading, ...]
    existed: str


def reading_of(subject: Subject, when: When, language: str) -> LineageReading:
    return LineageReading(
        former=tuple(_former(subject.predecessors, when, language)),
        later=tuple(_later(subject.successors, when, language)),
        existed=existed(subject, language),
    )


def _former(relatives: Iterable[LineageRef], when: When, language: str) -> Iterable[RelativeReading]:
    for each in relatives:
        # the former parcel is shown as of its last day
        yield _relative(each, each.on - timedelta(days=1), when, language)


def _later(relatives: Iterable[LineageRef], when: When, language: str) -> Iterable[RelativeReading]:
    for each in relatives:
        yield _relative(each, max(each.on, timezone.localdate()), when, language)


def _relative(each: LineageRef, day: date, when: When, language: str) -> RelativeReading:
    query = When(as_at=day, known_at=when.known_at, known_at_text=when.known_at_text).query
    return RelativeReading(code=each.id, sentence=_sentence(each, language), query=query)


def _sentence(each: LineageRef, language: str) -> str:
    values = {"kind": LineageKind(each.kind).label, "day": figures.day(each.on, language)}
    told = _("%(kind)s on %(day)s") % values
    if not each.shared_area_m2:
        return told
    shared = _("%(area)s in common") % {"area": figures.area(each.shared_area_m2, language)}
    return f"{told}, {shared}"


def existed(subject: Subject, language: str) -> str:
    """From when to when there was a parcel of this shape, as far as the data tell."""
    days = {
        "begins": figures.day(subject.existed_from, language) if subject.existed_from else "",
        "ends": figures.day(subject.existed_to, language) if subject.existed_to else "",
    }
    if subject.existed_from and subject.existed_to:
        return _("from %(begins)s to %(ends)s") % days
    if subject.existed_from:
        return _("from %(begins)s") % days
    return _("until %(ends)s") % days if subject.existed_to else ""
