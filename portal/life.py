"""What happened to a plan, edition by edition: dated facts as they stand, with what was corrected in them.

Public facts alone. A correction changes nothing silently: the fact is shown as it counts now, with every
earlier version and the paper that corrected it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import FloatField, Func
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from planning.corrections import Recorded, Standing, resolved
from planning.models import Document, Edition, EventKind, Plan, PlanEvent
from portal import figures, papers
from portal.papers import PaperReading


@dataclass(frozen=True, slots=True, kw_only=True)
class EventReading:
    """A dated fact: what and when in words, in which part, by which paper; what it said before."""

    kind: str
    day: str
    until: str
    decided: str
    part: str
    note: str
    paper: PaperReading | None
    is_void: bool
    corrections: tuple[SafeString, ...]


@dataclass(frozen=True, slots=True)
class EditionLife:
    """An edition with its facts, the earliest first."""

    edition: Edition
    events: tuple[EventReading, ...]


def life_of(plan: Plan, editions: Sequence[Edition], revision: int, language: str) -> list[EditionLife]:
    """The facts of every public edition, as known in a revision."""
    rows = defaultdict(list)
    for event in _events(plan, revision):
        rows[event.edition_id].append(event)
    return [EditionLife(edition, tuple(_told(rows[edition.pk], language))) for edition in editions]


@dataclass(frozen=True, slots=True)
class StandingEvent:
    """A fact as it counts after corrections: its own kind, the day and the paper that count now."""

    kind: str
    day: date
    document: Document | None


def standing_events(edition: Edition, revision: int) -> list[StandingEvent]:
    """The facts of an edition that stand, the earliest first."""
    rows = [row for row in _events(edition.plan, revision) if row.edition_id == edition.pk]
    found = [
        StandingEvent(standing.recorded.facts.kind, standing.facts.effective_from, standing.facts.document)
        for standing in _standing(rows)
        if standing.facts is not None
    ]
    return sorted(found, key=lambda event: event.day)


def _events(plan: Plan, revision: int) -> Iterable[Any]:
    square_metres = Func("extent", template="ST_Area(%(expressions)s::geography)", output_field=FloatField())
    return (
        PlanEvent.objects.public()
        .filter(edition__plan=plan, edition__visibility="public", publication__lte=revision)
        .select_related("document", "publication")
        .annotate(square_metres=square_metres)
        .defer("extent")
        .order_by("effective_from", "on", "pk")
    )


def _rank(event: Any) -> tuple[Any, ...]:
    """Of several corrections the one decided last counts; ties by the decision, then the other facts."""
    number = event.document.number if event.document else ""
    return (event.on, number, event.effective_from, str(event.effective_to), event.pk)


def _standing(rows: Iterable[Any]) -> tuple[Standing[Any], ...]:
    recorded = [
        Recorded(key=row.pk, facts=row, corrects=row.corrects_id, is_void=row.is_void) for row in rows
    ]
    return resolved(recorded, rank=_rank)


def _told(events: Iterable[Any], language: str) -> list[EventReading]:
    rows = list(events)
    told = []
    for standing in _standing(rows):
        first = standing.recorded.facts
        counting = standing.facts or first
        chain = _corrections_of(first.pk, rows)
        told.append(
            (counting.effective_from, _event(first, counting, chain, standing.facts is None, language))
        )
    return [reading for _day, reading in sorted(told, key=lambda pair: pair[0])]


def _corrections_of(key: int, rows: Sequence[Any]) -> list[Any]:
    """The corrections of a fact, and those of its corrections, in the order of their days."""
    found = []
    for row in rows:
        if row.corrects_id == key:
            found += [row, *_corrections_of(row.pk, rows)]
    return sorted(found, key=lambda row: (row.on, row.pk))


def _event(first: Any, counting: Any, chain: Sequence[Any], is_void: bool, language: str) -> EventReading:
    ends = counting.effective_to
    return EventReading(
        kind=str(EventKind(first.kind).label),
        day=figures.day(counting.effective_from, language),
        until=_("until %(day)s") % {"day": figures.day(ends, language)} if ends else "",
        decided=figures.day(counting.on, language) if counting.on != counting.effective_from else "",
        part=_part(counting, language),
        note=counting.note,
        paper=papers.reading_of(counting.document, language) if counting.document else None,
        is_void=is_void,
        corrections=tuple(_corrections(first, chain, language)),
    )


def _part(event: Any, language: str) -> str:
    if event.square_metres is None:
        return ""
    return _("for a part of the plan, %(size)s") % {"size": figures.extent(event.square_metres, language)}


def _corrections(first: Any, chain: Sequence[Any], language: str) -> Iterable[SafeString]:
    """Each correction with what stood before it."""
    before = first
    for correction in chain:
        values = {
            "day": figures.day(correction.on, language),
            "paper": papers.cited(correction.document, language),
            "before": _particulars(before, language),
        }
        if correction.is_void:
            yield format_html(_("Taken back on {day} ({paper}): it never happened. Was: {before}."), **values)
        else:
            yield format_html(_("Corrected on {day} ({paper}). Was: {before}."), **values)
        before = correction


def _particulars(event: Any, language: str) -> str:
    """The dates and the part of a fact, as they stood."""
    parts = [_("from %(day)s") % {"day": figures.day(event.effective_from, language)}]
    if event.effective_to:
        parts.append(_("until %(day)s") % {"day": figures.day(event.effective_to, language)})
    parts.append(_("decided on %(day)s") % {"day": figures.day(event.on, language)})
    parts.append(_part(event, language) or _("for the whole edition"))
    return ", ".join(parts)
