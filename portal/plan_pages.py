"""Pages about plans themselves: the list, and one plan with its editions, facts, papers and relations.

What anyone may see: public editions and facts alone, on the day and with the knowledge that is asked for.
Whether a zone is law at a place is said by answers; these pages show what was published, when, by whom and
from which file.
"""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

import shapely
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from planning import geometry
from planning.answer.texts import DEMONSTRATION
from planning.codes import search_name
from planning.errors import NotFound
from planning.models import Edition, LayerUpload, Plan, PlanKind, VerticalLevel, Zone
from portal import asking, dates, declared, figures, life, papers, relations, sheets, wording
from portal.asking import When
from portal.statuses import status_words, statuses_on
from portal.views import answering, language_of
from portal.voice import named

PLANS_ON_A_PAGE = 50


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
    # what lies below ground stands after the surface: the two never concern the same place
    found = Plan.objects.public().select_related("office").order_by("-level", "title", "id")
    if kind in PlanKind.values:
        found = found.filter(kind=kind)
    # a character that the database cannot store stands in no title
    for word in search_name(text.replace("\x00", "")).split():
        found = found.filter(search_title__contains=word)
    return found


def _kinds_in_use() -> list[tuple[str, str]]:
    used = set(Plan.objects.public().values_list("kind", flat=True))
    return [(kind.value, str(kind.label)) for kind in PlanKind if kind.value in used]


def _with_status(plans: Iterable[Plan], language: str) -> list[tuple[Plan, str, bool]]:
    listed = list(plans)
    now = When.parse({})
    statuses = statuses_on(now.as_at, dates.revision_of(now), "plan", [plan.id for plan in listed])
    return [
        (plan, status_words(statuses.get(plan.id, set()), language), is_underground(plan)) for plan in listed
    ]


def is_underground(plan: Plan) -> bool:
    return plan.level != VerticalLevel.SURFACE


def _query(text: str, kind: str, page: Page[Plan], step: int) -> str:
    return urlencode({"q": text, "kind": kind, "page": page.number + step})


def _notices(is_demonstration: bool, language: str) -> tuple[str, ...]:
    return (wording.said(DEMONSTRATION, language),) if is_demonstration else ()


@answering
def plan(request: HttpRequest, plan_id: str) -> HttpResponse:
    """One plan: who made it, what has been published of it, what happened when, what it says of others."""
    asking.check_code("plan", plan_id)
    when = dates.checked(When.parse(request.GET))
    found = Plan.objects.public().select_related("office", "parent").filter(id=plan_id).first()
    if found is None:
        raise NotFound("plan", plan_id)
    language, revision = language_of(request), dates.revision_of(when)
    public = found.editions.public().filter(publication__lte=revision)
    editions = list(public.select_related("publication").order_by("number"))
    shown = {
        **_of_plan(found, language),
        "dates": dates.of_page(request, when, language),
        "as_at": when.as_at,
        "status": _status(found, when, revision, language),
        "editions": _editions(editions, when, revision, language),
        "drawing": _extents(editions, language),
        "lives": life.life_of(found, editions, revision, language),
        "documents": papers.of_plan(found, revision, language),
        "clauses": papers.clauses_of_plan(found, revision, language),
        "coverage": declared.declared_of(found, when.as_at, revision, language),
        "uploads": _uploads(editions),
        "relations": relations.relations_of(found, editions, revision, language),
        "rulings": relations.rulings_on(found, revision, language),
        "zone_count": Zone.objects.filter(edition__in=editions).count(),
        "notices": _notices(found.office.is_demonstration, language),
    }
    return render(request, "portal/plan.html", shown)


def _of_plan(found: Plan, language: str) -> dict[str, Any]:
    """What a plan is, whatever the day."""
    return {
        "plan": found,
        "title": named(found.title_en, found.title, language),
        "is_underground": is_underground(found),
        "scale": figures.scale(found.scale, language) if found.scale else "",
        "accuracy": _accuracy(found, language),
        "has_parent_page": Plan.objects.public().filter(pk=found.parent_id).exists(),
        "identifiers": found.identifiers.all(),
    }


def _status(found: Plan, when: When, revision: int, language: str) -> str:
    statuses = statuses_on(when.as_at, revision, "plan", [found.pk])
    return status_words(statuses.get(found.pk, set()), language)


def _editions(
    editions: Iterable[Edition], when: When, revision: int, language: str
) -> list[tuple[Edition, str]]:
    listed = list(editions)
    statuses = statuses_on(when.as_at, revision, "edition", [edition.pk for edition in listed])
    return [(edition, status_words(statuses.get(edition.pk, set()), language)) for edition in listed]


def _accuracy(plan: Plan, language: str) -> str:
    """As stated, else 0.2 mm at map scale; empty without either."""
    if plan.accuracy_m is None and plan.scale is None:
        return ""
    return figures.length(geometry.line_tolerance(plan.scale, plan.accuracy_m), language)


def _extents(editions: list[Edition], language: str) -> SafeString | None:
    drawn = [
        (
            f"{_('Edition')} {edition.number}",
            shapely.from_wkb(bytes(edition.extent.wkb)),
            edition.is_local_adjustment,
        )
        for edition in editions
        if edition.extent is not None
    ]
    if not drawn:
        return None
    title = _("Extent of the plan and of its adjustments")
    sheet = sheets.of_extents(drawn, name="extent", title=title, language=language)
    # built as a tree and serialised: every text in it is escaped
    return mark_safe(sheets.draw(sheet))  # noqa: S308


def _uploads(editions: Iterable[Edition]) -> QuerySet[Any]:
    return (
        LayerUpload.objects.filter(edition__in=list(editions))
        .select_related("edition")
        .order_by("edition__number", "pk")
    )
