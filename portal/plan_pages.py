"""Pages about plans themselves: the list, one plan with its editions and events, one zone.

What anyone may see: public editions alone. Whether a zone is law at a place is said by answers; these
pages show what was published, when, by whom and from which file.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html
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
        "editions": editions,
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


def _declared(plan: Plan, language: str) -> list[Declared]:
    revision = Publication.objects.latest_revision()
    rows = (
        Coverage.objects.known_at(revision)
        .valid_on(timezone.localdate())
        .filter(office=plan.office, theme__plan_kinds__contains=[plan.kind], plan_kind__in=("", plan.kind))
        .select_related("theme", "office")
        .defer("geometry")
        .order_by("theme__order", "state", "-as_of", "pk")[:MOST_COVERAGE]
    )
    return [
        Declared(_declared_sentence(row, language), _title(row.theme, language), row.source) for row in rows
    ]


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


def _statuses(found: Zone | Restriction, language: str) -> list[str]:
    """What the land of the zone is in law today; several where only a part was replaced."""
    revision, today = Publication.objects.latest_revision(), timezone.localdate()
    if isinstance(found, Zone):
        pieces = ZonePiece.objects.known_at(revision).filter(zone=found)
    else:
        pieces = RestrictionPiece.objects.known_at(revision).filter(restriction=found)
    today_s = pieces.valid_on(today).values_list("status", "valid")
    return sorted({_status(status, valid.lower, language) for status, valid in today_s})


def _status(status: str, since: date | None, language: str) -> str:
    words = wording.said(wording.STATUSES[status], language)
    if since is None:
        return words
    return _("%(status)s, since %(day)s") % {"status": words, "day": figures.day(since, language)}
