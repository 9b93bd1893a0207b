"""Pages about plans themselves: the list, one plan with its editions and events, one zone.

What anyone may see: public editions alone. Whether a zone is law at a place is said by answers; these
pages show what was published, when, by whom and from which file.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.core.paginator import Page, Paginator
from django.db.models import F, FloatField, Func, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from planning import geometry
from planning.answer.texts import DEMONSTRATION
from planning.codes import search_name
from planning.errors import NotFound
from planning.models import (
    Coverage,
    Edition,
    LayerUpload,
    Plan,
    PlanEvent,
    PlanKind,
    PlanRelation,
    Publication,
    Restriction,
    RestrictionPiece,
    Theme,
    Zone,
    ZonePiece,
)
from portal import asking, figures, phrases, sheets, wording
from portal.drawing import Area
from portal.facts import Fact, asked_of, indicator_facts
from portal.views import answering, language_of

PLANS_ON_A_PAGE = 50
MOST_COVERAGE = 20


@answering
def plans(request: HttpRequest) -> HttpResponse:
    """Every public plan, by kind and by words of its title."""
    text = request.GET.get("q", "").strip()[: asking.LONGEST_SEARCH]
    kind = request.GET.get("kind", "").strip()
    found = _matching(text, kind)
    page = Paginator(found, PLANS_ON_A_PAGE).get_page(request.GET.get("page"))
    shown = {
        "here": "plans",
        "page": page,
        "text": text,
        "kind": kind,
        "kinds": _kinds_in_use(),
        "rows": _with_status(page, language_of(request)),
        "notices": _notices(any(plan.office.is_demonstration for plan in page), language_of(request)),
        "next_query": _query(text, kind, page, 1) if page.has_next() else "",
        "previous_query": _query(text, kind, page, -1) if page.has_previous() else "",
    }
    return render(request, "portal/plans.html", shown)


def _matching(text: str, kind: str) -> QuerySet[Plan]:
    found = Plan.objects.public().select_related("office").order_by("title", "id")
    if kind in PlanKind.values:
        found = found.filter(kind=kind)
    # a character that the database cannot store stands in no title
    for word in search_name(text.replace("\x00", "")).split():
        found = found.filter(search_title__contains=word)
    return found


def _kinds_in_use() -> list[tuple[str, str]]:
    used = set(Plan.objects.public().values_list("kind", flat=True))
    return [(kind.value, str(kind.label)) for kind in PlanKind if kind.value in used]


_STANDING = ("in_force", "suspended", "approved", "draft")
_ENDED = ("superseded", "annulled")


def _with_status(plans: Iterable[Plan], language: str) -> list[tuple[Plan, str]]:
    listed = list(plans)
    statuses = _statuses_today("plan", [plan.id for plan in listed])
    return [(plan, _status_words(statuses.get(plan.id, set()), language)) for plan in listed]


def _statuses_today(what: str, keys: Iterable[str | int]) -> dict[str | int, set[str]]:
    """The legal statuses of today of what plans (`plan`) or editions (`edition`) hold."""
    revision, today = Publication.objects.latest_revision(), timezone.localdate()
    asked = {f"{what}__in": list(keys)}
    found: dict[str | int, set[str]] = defaultdict(set)
    for model in (ZonePiece, RestrictionPiece):
        pieces = model.objects.known_at(revision).valid_on(today).filter(**asked)
        for key, status in pieces.values_list(f"{what}_id", "status").distinct().order_by():
            found[key].add(status)
    return found


def _status_words(statuses: Iterable[str], language: str) -> str:
    """What still stands; only where nothing does, what became of the rest."""
    known = set(statuses)
    shown = [each for each in _STANDING if each in known] or [each for each in _ENDED if each in known]
    words = [wording.said(wording.STATUSES[each], language) for each in shown]
    return "; ".join(words) or wording.said(wording.NO_STATUS, language)


def _query(text: str, kind: str, page: Page[Plan], step: int) -> str:
    return urlencode({"q": text, "kind": kind, "page": page.number + step})


def _notices(is_demonstration: bool, language: str) -> tuple[str, ...]:
    return (wording.said(DEMONSTRATION, language),) if is_demonstration else ()


@answering
def plan(request: HttpRequest, plan_id: str) -> HttpResponse:
    """One plan: who made it, what has been published of it, what happened when."""
    asking.check_code("plan", plan_id)
    found = Plan.objects.public().select_related("office", "parent").filter(id=plan_id).first()
    if found is None:
        raise NotFound("plan", plan_id)
    language = language_of(request)
    editions = list(found.editions.public().select_related("publication").order_by("number"))
    shown = {
        "plan": found,
        "title": phrases.named(found.title_en, found.title, language),
        "scale": figures.scale(found.scale, language) if found.scale else "",
        "accuracy": _accuracy(found, language),
        "status": _with_status([found], language)[0][1],
        "editions": _editions(editions, language),
        "drawing": _extents(found, editions, language),
        "events": _events(found),
        "documents": found.documents.all(),
        "coverage": _declared(found, language),
        "uploads": _uploads(found),
        "identifiers": found.identifiers.all(),
        "relations": _relations(found),
        "zone_count": Zone.objects.filter(edition__in=editions).count(),
        "notices": _notices(found.office.is_demonstration, language),
    }
    return render(request, "portal/plan.html", shown)


def _editions(editions: Iterable[Edition], language: str) -> list[tuple[Edition, str]]:
    listed = list(editions)
    statuses = _statuses_today("edition", [edition.pk for edition in listed])
    return [(edition, _status_words(statuses.get(edition.pk, set()), language)) for edition in listed]


def _accuracy(plan: Plan, language: str) -> str:
    """As stated, else 0.2 mm at map scale; empty without either."""
    if plan.accuracy_m is None and plan.scale is None:
        return ""
    return figures.length(geometry.line_tolerance(plan.scale, plan.accuracy_m), language)


def _extents(plan: Plan, editions: list[Edition], language: str) -> SafeString | None:
    drawn = [
        (f"{_('Edition')} {edition.number}", _shape(edition.extent), edition.is_local_adjustment)
        for edition in editions
        if edition.extent is not None
    ]
    if not drawn:
        return None
    title = _("Extent of the plan and of its adjustments")
    return _drawn(sheets.of_extents(drawn, name="extent", title=title, language=language))


def _shape(geometry: GEOSGeometry) -> BaseGeometry:
    return shapely.from_wkb(bytes(geometry.wkb))


def _drawn(sheet: sheets.Sheet) -> SafeString:
    # built as a tree and serialised: every text in it is escaped
    return mark_safe(sheets.draw(sheet))  # noqa: S308


def _events(plan: Plan) -> QuerySet[Any]:
    return (
        PlanEvent.objects.public()
        .filter(edition__plan=plan, edition__visibility="public")
        .select_related("edition", "document")
        .order_by("-effective_from", "-on", "-pk")
    )


@dataclass(frozen=True, slots=True)
class Declared:
    """A publisher's declaration about the data of this kind of plan."""

    sentence: SafeString
    theme: str
    source: str
    where: str


def _declared(plan: Plan, language: str) -> list[Declared]:
    revision = Publication.objects.latest_revision()
    square_metres = Func(
        F("geometry"), template="ST_Area(%(expressions)s::geography)", output_field=FloatField()
    )
    rows = (
        Coverage.objects.known_at(revision)
        .valid_on(timezone.localdate())
        .filter(office=plan.office, theme__plan_kinds__contains=[plan.kind], plan_kind__in=("", plan.kind))
        .select_related("theme", "office")
        .annotate(square_metres=square_metres)
        .defer("geometry")
        .order_by("theme__order", "state", "-as_of", "pk")[:MOST_COVERAGE]
    )
    states: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        states[row.theme_id].add(row.state)
    return [
        Declared(
            _declared_sentence(row, language),
            _title(row.theme, language),
            row.source,
            _where(row, language) if len(states[row.theme_id]) > 1 else "",
        )
        for row in rows
    ]


def _where(row: Any, language: str) -> str:
    """That a declaration speaks of a part alone, and how large it is."""
    words = wording.said(wording.PART_OF_EXTENT, language)
    return f"{words} ({figures.number(row.square_metres / 1e6, 2, language)}{figures.NO_BREAK}km²)"


def _declared_sentence(row: Coverage, language: str) -> SafeString:
    return format_html(
        wording.said(wording.COVERAGE[row.state], language),
        office=phrases.named(row.office.name_en, row.office.name, language),
        as_of=figures.day(row.as_of, language),
    )


def _title(theme: Theme, language: str) -> str:
    return theme.title_vi if language == "vi" else theme.title_en


def _uploads(plan: Plan) -> QuerySet[Any]:
    return (
        LayerUpload.objects.filter(edition__plan=plan, edition__visibility="public")
        .select_related("edition")
        .order_by("edition__number", "pk")
    )


def _relations(plan: Plan) -> QuerySet[Any]:
    return (
        PlanRelation.objects.filter(publication__isnull=False, edition__plan=plan)
        .select_related("edition", "target", "document")
        .order_by("edition__number", "pk")
    )


@answering
def zone(request: HttpRequest, zone_id: str) -> HttpResponse:
    """One zone or restriction as it was published, with the status of its land today."""
    asking.check_code("zone", zone_id)
    found = _zone_or_restriction(zone_id)
    language = language_of(request)
    use = getattr(found, "land_use", None)
    plan = found.edition.plan
    shown = {
        "zone": found,
        "plan": plan,
        "plan_title": phrases.named(plan.title_en, plan.title, language),
        "title": _zone_title(found, language),
        "use": phrases.named(use.name_en, use.name_vi, language) if use else None,
        "drawing": _zone_drawing(found, language),
        "indicators": indicator_facts(found.indicators, language, always=asked_of(plan.kind) if use else ()),
        "uses": _uses(found),
        "statuses": _statuses(found, language),
        "origin": _origin(found.edition, language),
        "is_restriction": isinstance(found, Restriction),
        "notices": _notices(plan.office.is_demonstration, language),
    }
    return render(request, "portal/zone.html", shown)


def _zone_or_restriction(zone_id: str) -> Zone | Restriction:
    for model in (Zone, Restriction):
        related = ["edition__plan__office", "upload"] + (["land_use"] if model is Zone else [])
        found = (
            model.objects.filter(public_id=zone_id, edition__visibility="public")
            .select_related(*related)
            .first()
        )
        if found is not None:
            return found
    raise NotFound("zone", zone_id)


def _zone_title(found: Zone | Restriction, language: str) -> str:
    if isinstance(found, Restriction):
        kind = wording.RESTRICTION_LABELS[found.kind]
        own = found.name or found.code
        if own.casefold().startswith((kind.vi.casefold(), wording.RESTRICTION_KINDS[found.kind].vi)):
            return own if language == "vi" else f"{kind.en} ({own})"
        return f"{wording.said(kind, language)} {own}".strip()
    return _("Zone %(code)s") % {"code": found.code or found.public_id}


def _zone_drawing(found: Zone | Restriction, language: str) -> SafeString:
    use = getattr(found, "land_use", None)
    area = Area(
        shape=_shape(found.geometry),
        label=found.code,
        colour=use.colour if use else "",
        group=use.group if use else "",
    )
    kind = "" if use else found.kind  # type: ignore[union-attr]
    source = found.edition.plan.title
    title = _zone_title(found, language)
    sheet = sheets.of_zone(area, name="zone", title=title, source=source, language=language, kind=kind)
    return _drawn(sheet)


def _uses(found: Zone | Restriction) -> list[Fact]:
    if isinstance(found, Restriction):
        return []
    named = (
        (_("Allowed uses"), found.uses_allowed),
        (_("Uses under conditions"), found.uses_conditional),
        (_("Forbidden uses"), found.uses_forbidden),
    )
    return [Fact(term, format_html("{}", "; ".join(uses))) for term, uses in named if uses]


def _origin(edition: Edition, language: str) -> list[Fact]:
    """By which decision the zone came, and since when: what a reader quotes."""
    events = PlanEvent.objects.public().filter(edition=edition, kind__in=("in_force", "approved"))
    by_kind = {event.kind: event for event in events.select_related("document").order_by("-on", "pk")}
    documents = [by_kind[kind].document for kind in ("approved", "in_force") if kind in by_kind]
    document = next((each for each in documents if each is not None), None)
    missing = wording.NOT_IN_DATA if by_kind else wording.NO_DECISION_YET
    decision = format_html("{}", wording.said(missing, language))
    if document is not None:
        parts = [phrases.named("", document.number, language)]
        parts += [format_html("{}", figures.day(document.date, language))] if document.date else []
        parts += [phrases.named("", document.issuer, language)] if document.issuer else []
        decision = format_html_join(" · ", "{}", ((part,) for part in parts))
    facts = [Fact(_("Decision"), decision)]
    if "in_force" in by_kind:
        since = figures.day(by_kind["in_force"].effective_from, language)
        facts.append(Fact(_("In force from"), format_html("{}", since)))
    return facts


def _statuses(found: Zone | Restriction, language: str) -> list[SafeString]:
    """What the land of the zone is in law today; several where only a part was replaced, and by what."""
    revision, today = Publication.objects.latest_revision(), timezone.localdate()
    if isinstance(found, Zone):
        pieces = ZonePiece.objects.known_at(revision).filter(zone=found)
    else:
        pieces = RestrictionPiece.objects.known_at(revision).filter(restriction=found)
    found_today = list(pieces.valid_on(today).values_list("status", "valid", "causes"))
    titles = _titles_behind([causes for _status, _valid, causes in found_today], language)
    shown = {
        _with_causes(_status(status, valid.lower, language), status, causes, titles, language)
        for status, valid, causes in found_today
    }
    return sorted(shown)


def _titles_behind(causes: Iterable[list[dict[str, Any]]], language: str) -> dict[str, SafeString]:
    """The titles of the plans whose editions gave a status, by the code of the edition."""
    codes = {cause["edition"] for own in causes for cause in own if cause.get("edition")}
    plans = Plan.objects.public().in_bulk({code.rpartition("/")[0] for code in codes})
    titles = {}
    for code in codes:
        plan = plans.get(code.rpartition("/")[0])
        if plan is not None:
            values = {"plan": phrases.named(plan.title_en, plan.title, language)}
            text = wording.said(wording.EDITION_OF, language)
            titles[code] = format_html(text, number=phrases.number_of(code), **values)
    return titles


def _with_causes(
    words: str, status: str, causes: list[dict[str, Any]], titles: dict[str, SafeString], language: str
) -> SafeString:
    """A status that ended something, with the editions that ended it."""
    named = sorted({titles[cause["edition"]] for cause in causes if cause.get("edition") in titles})
    if status not in _ENDED or not named:
        return format_html("{}", words)
    listed = format_html_join(", ", "{}", ((title,) for title in named))
    return format_html(_("{status}, because of {causes}"), status=words, causes=listed)


def _status(status: str, since: date | None, language: str) -> str:
    words = wording.said(wording.STATUSES[status], language)
    if since is None:
        return words
    return _("%(status)s, since %(day)s") % {"status": words, "day": figures.day(since, language)}
