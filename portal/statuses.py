"""The legal status of stored plans, editions and zones on a day, in words; read from the pieces.

What still stands is said first; only where nothing does, what became of the rest.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import FloatField, Func
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from planning.models import EventKind, Plan, Restriction, RestrictionPiece, Zone, ZonePiece
from portal import figures, others, wording
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
    if len(words) > 1:
        return _("%(statuses)s (its parts differ)") % {"statuses": "; ".join(words)}
    return words[0] if words else wording.said(wording.NO_STATUS, language)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReading:
    """What the land of a zone is in law, from when to when, how much of it, and what made it so."""

    status: str
    mark: str
    sentence: str
    causes: tuple[SafeString, ...]
    size: str
    is_on_the_day: bool


@dataclass(slots=True, kw_only=True)
class _Stretch:
    """Days of one status from the same causes, however often the land under it changed its shape."""

    status: str
    causes: list[dict[str, Any]]
    begins: date | None
    ends: date | None
    square_metres: float | None

    def goes_on_with(self, status: str, causes: list[dict[str, Any]], begins: date | None) -> bool:
        return self.status == status and self.causes == causes and self.ends == begins is not None

    def holds(self, day: date) -> bool:
        return (self.begins is None or self.begins <= day) and (self.ends is None or day < self.ends)


def life_of(found: Zone | Restriction, day: date, revision: int, language: str) -> list[StatusReading]:
    """Every status of the land of a zone, the earliest first; several on one day where parts differ."""
    stretches = _stretches(found, day, revision)
    titles = _titles_behind((stretch.causes for stretch in stretches), language)
    parts = sum(stretch.holds(day) for stretch in stretches)
    return [
        StatusReading(
            status=wording.said(wording.STATUSES[stretch.status], language),
            mark=others.MARKS.get(stretch.status, "filled"),
            sentence=others.duration(stretch.status, stretch.begins, stretch.ends, language),
            causes=tuple(_causes(stretch.causes, found.edition.code, titles, language)),
            size=_size(stretch, language) if parts > 1 else "",
            is_on_the_day=stretch.holds(day),
        )
        for stretch in stretches
    ]


def _size(stretch: _Stretch, language: str) -> str:
    return figures.extent(stretch.square_metres, language) if stretch.square_metres else ""


def _stretches(found: Zone | Restriction, day: date, revision: int) -> list[_Stretch]:
    """The pieces of a zone put together over time; `square_metres` is that of the day."""
    pieces: Any = ZonePiece.objects.filter(zone=found.pk)
    if isinstance(found, Restriction):
        pieces = RestrictionPiece.objects.filter(restriction=found.pk)
    square_metres = Func(
        "geometry", template="ST_Area(%(expressions)s::geography)", output_field=FloatField()
    )
    rows = pieces.known_at(revision).annotate(square_metres=square_metres)
    told: list[_Stretch] = []
    listed = rows.values_list("status", "valid", "causes", "square_metres")
    for status, valid, causes, size in sorted(listed, key=lambda row: (row[1].lower or date.min, row[0])):
        before = next((one for one in told if one.goes_on_with(status, causes, valid.lower)), None)
        area = size if day in valid else None
        if before is None:
            told.append(
                _Stretch(
                    status=status, causes=causes, begins=valid.lower, ends=valid.upper, square_metres=area
                )
            )
        else:
            before.ends, before.square_metres = valid.upper, area or before.square_metres
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
