"""The legal status of stored plans, editions and zones on a day, in words; read from the pieces.

What still stands is said first; only where nothing does, what became of the rest.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from planning.models import EventKind, Plan, Restriction, RestrictionPiece, Zone, ZonePiece
from portal import others, wording
from portal.voice import named, number_of

_STANDING = ("in_force", "suspended", "approved", "draft")
_ENDED = ("superseded", "expired", "annulled")


def statuses_on(day: date, revision: int, what: str, keys: Iterable[str | int]) -> dict[str | int, set[str]]:
    """The legal statuses on the day of what plans (`plan`) or editions (`edition`) hold."""
    asked = {f"{what}__in": list(keys)}
    found: dict[str | int, set[str]] = defaultdict(set)
    for model in (ZonePiece, RestrictionPiece):
        pieces = model.objects.known_at(revision).valid_on(day).filter(**asked)
        for key, status in pieces.values_list(f"{what}_id", "status").distinct().order_by():
            found[key].add(status)
    return found


def status_words(statuses: Iterable[str], language: str) -> str:
    known = set(statuses)
    shown = [each for each in _STANDING if each in known] or [each for each in _ENDED if each in known]
    words = [wording.said(wording.STATUSES[each], language) for each in shown]
    return "; ".join(words) or wording.said(wording.NO_STATUS, language)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReading:
    """What the land of a zone is in law, from when to when, and what made it so."""

    status: str
    mark: str
    sentence: str
    causes: tuple[SafeString, ...]
    is_on_the_day: bool


def life_of(found: Zone | Restriction, day: date, revision: int, language: str) -> list[StatusReading]:
    """Every status of the land of a zone, the earliest first; several on one day where parts differ."""
    pieces: Any = ZonePiece.objects.filter(zone=found.pk)
    if isinstance(found, Restriction):
        pieces = RestrictionPiece.objects.filter(restriction=found.pk)
    rows = list(pieces.known_at(revision).values_list("status", "valid", "causes"))
    rows.sort(key=lambda row: (row[1].lower or date.min, row[1].upper or date.max, row[0]))
    titles = _titles_behind((causes for _status, _valid, causes in rows), language)
    told: list[StatusReading] = []
    for status, valid, causes in rows:
        reading = StatusReading(
            status=wording.said(wording.STATUSES[status], language),
            mark=others.MARKS.get(status, "filled"),
            sentence=others.duration(status, valid.lower, valid.upper, language),
            causes=tuple(_causes(causes, found.edition.code, titles, language)),
            is_on_the_day=day in valid,
        )
        if reading not in told:
            told.append(reading)
    return told


def _titles_behind(causes: Iterable[list[dict[str, Any]]], language: str) -> dict[str, SafeString]:
    """The titles of the plans whose editions gave a status, by the code of the edition."""
    codes = {cause["edition"] for own in causes for cause in own if cause.get("edition")}
    plans = Plan.objects.public().in_bulk({code.rpartition("/")[0] for code in codes})
    titles = {}
    for code in codes:
        plan = plans.get(code.rpartition("/")[0])
        if plan is not None:
            text = wording.said(wording.EDITION_OF, language)
            title = named(plan.title_en, plan.title, language)
            titles[code] = format_html(text, number=number_of(code), plan=title)
    return titles


def _causes(
    causes: Iterable[Mapping[str, str]], own: str, titles: Mapping[str, SafeString], language: str
) -> Iterable[SafeString]:
    """The acts behind a status, each with its decision; those of another edition with its title."""
    told = []
    for cause in causes:
        parts = []
        if cause["edition"] != own and cause["edition"] in titles:
            parts.append(titles[cause["edition"]])
        elif cause["event"] in EventKind.values:
            parts.append(format_html("{}", EventKind(cause["event"]).label))
        if cause.get("document"):
            number = named("", cause["document"], language)
            parts.append(format_html(_("decision {number}"), number=number))
        if parts:
            told.append(format_html_join(", ", "{}", ((part,) for part in parts)))
    return dict.fromkeys(told)
