"""The page of one zone or restriction: as it was published, its rules, its clauses, its life in law."""

import shapely
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from planning.answer.texts import DEMONSTRATION
from planning.errors import NotFound
from planning.models import Edition, Restriction, Zone
from portal import asking, dates, figures, life, papers, sheets, statuses, wording
from portal.asking import When
from portal.drawing import Area
from portal.facts import Fact, asked_of, indicator_facts
from portal.plan_pages import is_underground
from portal.views import answering, language_of
from portal.voice import named


@answering
def zone(request: HttpRequest, zone_id: str) -> HttpResponse:
    """One zone or restriction as it was published, with the status of its land over time."""
    asking.check_code("zone", zone_id)
    when = dates.checked(When.parse(request.GET))
    revision, language = dates.revision_of(when), language_of(request)
    found = _zone_or_restriction(zone_id)
    use = getattr(found, "land_use", None)
    plan = found.edition.plan
    told = statuses.life_of(found, when.as_at, revision, language)
    shown = {
        "zone": found,
        "plan": plan,
        "plan_title": named(plan.title_en, plan.title, language),
        "is_underground": is_underground(plan),
        "title": _title(found, language),
        "use": named(use.name_en, use.name_vi, language) if use else None,
        "drawing": _drawing(found, language),
        "indicators": indicator_facts(found.indicators, language, always=asked_of(plan.kind) if use else ()),
        "uses": _uses(found, language),
        "clauses": papers.clauses_of_zone(found, revision, language),
        "statuses": [each for each in told if each.is_on_the_day],
        "life": told,
        "dates": dates.of_page(request, when, language),
        "as_at": when.as_at,
        "was_not_known": (found.edition.publication_id or 0) > revision,
        "origin": _origin(found.edition, revision, language),
        "is_restriction": isinstance(found, Restriction),
        "notices": (wording.said(DEMONSTRATION, language),) if plan.office.is_demonstration else (),
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


def _title(found: Zone | Restriction, language: str) -> str:
    if isinstance(found, Restriction):
        kind = wording.RESTRICTION_LABELS[found.kind]
        own = found.name or found.code
        if own.casefold().startswith((kind.vi.casefold(), wording.RESTRICTION_KINDS[found.kind].vi)):
            return own if language == "vi" else f"{kind.en} ({own})"
        return f"{wording.said(kind, language)} {own}".strip()
    return _("Zone %(code)s") % {"code": found.code or found.public_id}


def _drawing(found: Zone | Restriction, language: str) -> SafeString:
    use = getattr(found, "land_use", None)
    area = Area(
        shape=shapely.from_wkb(bytes(found.geometry.wkb)),
        label=found.code,
        colour=use.colour if use else "",
        group=use.group if use else "",
    )
    kind = "" if use else found.kind  # type: ignore[union-attr]
    source = found.edition.plan.title
    title = _title(found, language)
    sheet = sheets.of_zone(area, name="zone", title=title, source=source, language=language, kind=kind)
    return mark_safe(sheets.draw(sheet))  # noqa: S308 - built as a tree


def _uses(found: Zone | Restriction, language: str) -> list[Fact]:
    """What is allowed, allowed under conditions and forbidden; what the data lack is said to be missing."""
    if isinstance(found, Restriction):
        return []
    told = (
        (_("Allowed uses"), found.uses_allowed),
        (_("Uses under conditions"), found.uses_conditional),
        (_("Forbidden uses"), found.uses_forbidden),
    )
    missing = format_html("{}", wording.said(wording.NOT_IN_DATA, language))
    return [Fact(term, named("", "; ".join(uses), language) if uses else missing) for term, uses in told]


def _origin(edition: Edition, revision: int, language: str) -> list[Fact]:
    """By which decision the zone came, and since when, as it stands after corrections."""
    by_kind = {event.kind: event for event in life.standing_events(edition, revision)}
    papers_behind = [by_kind[kind].document for kind in ("approved", "in_force") if kind in by_kind]
    document = next((each for each in papers_behind if each is not None), None)
    missing = wording.NOT_IN_DATA if by_kind else wording.NO_DECISION_YET
    decision = format_html("{}", wording.said(missing, language))
    if document is not None:
        decision = papers.cited(document, language)
    facts = [Fact(_("Decision"), decision)]
    if "in_force" in by_kind:
        since = figures.day(by_kind["in_force"].day, language)
        facts.append(Fact(_("In force from"), format_html("{}", since)))
    return facts
