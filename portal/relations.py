"""What a plan says of other plans, they of it, and what authorities ruled between them, in sentences.

Only what a paper says is told. Software infers no relation, and decides no conflict.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import FloatField, Func, Q
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from planning.models import ConflictRuling, Edition, Plan, PlanRelation, Restriction, Zone
from portal import conflicts, figures, papers
from portal.papers import PaperReading
from portal.voice import named

MOST_CONTENTS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationReading:
    """One relation: in a sentence, the other plan, in which part, which single contents, by which paper."""

    sentence: SafeString
    other: str
    part: str
    contents: tuple[str, ...]
    more_contents: int
    paper: PaperReading


@dataclass(frozen=True, slots=True, kw_only=True)
class RulingReading:
    """A written ruling on a conflict with another plan."""

    other: str
    other_title: SafeString
    words: str
    dates: str
    part: str
    carried_out: SafeString | None
    paper: PaperReading


def relations_of(
    plan: Plan, editions: Sequence[Edition], revision: int, language: str
) -> list[RelationReading]:
    """Relations of the plan's editions first, then those of other plans on it."""
    rows = (
        PlanRelation.objects.public()
        .filter(Q(edition__in=editions) | Q(target=plan, edition__visibility="public"))
        .filter(publication__lte=revision)
        .select_related("edition__plan", "target", "document")
        .annotate(square_metres=_size_of("extent"))
        .defer("extent")
        .order_by("edition__plan_id", "edition__number", "pk")
    )
    told = sorted(rows, key=lambda row: row.target_id == plan.pk)
    shown = _shown(content for row in told for content in row.contents)
    return [_relation(row, plan, shown, language) for row in told]


def _size_of(field: str) -> Func:
    return Func(field, template="ST_Area(%(expressions)s::geography)", output_field=FloatField())


def _shown(contents: Iterable[str]) -> set[str]:
    """Those of the named zones and restrictions that have a page."""
    ids = list(contents)
    found: set[str] = set()
    for model in (Zone, Restriction):
        rows = model.objects.filter(public_id__in=ids, edition__visibility="public")
        found.update(rows.values_list("public_id", flat=True))
    return found


def _relation(row: Any, plan: Plan, shown: set[str], language: str) -> RelationReading:
    is_acting = row.edition.plan_id == plan.pk
    other = row.target if is_acting else row.edition.plan
    text = _acting(row.kind) if is_acting else _acted_on(row.kind)
    contents = [each for each in row.contents if each in shown][:MOST_CONTENTS]
    return RelationReading(
        sentence=format_html(
            text, edition=row.edition.number, other=named(other.title_en, other.title, language)
        ),
        other=other.pk,
        part=_part(row.square_metres, language),
        contents=tuple(contents),
        more_contents=len(row.contents) - len(contents),
        paper=papers.reading_of(row.document, language),
    )


def _acting(kind: str) -> str:
    """Msgids of what an edition of this plan does to another plan."""
    return {
        "implements": _("Edition {edition} implements {other}. Both apply."),
        "amends": _("Edition {edition} amends {other}. Both apply."),
        "adds": _("Edition {edition} adds to {other}. Both apply."),
        "replaces_contents": _("Edition {edition} replaces single contents of {other}."),
        "strikes": _("Edition {edition} strikes single contents of {other}."),
        "repeals_in_extent": _("Edition {edition} repeals {other} within its extent."),
        "replaces_in_extent": _("Edition {edition} replaces {other} within its extent."),
    }[kind]


def _acted_on(kind: str) -> str:
    """Msgids of what an edition of another plan does to this one."""
    return {
        "implements": _("Implemented by {other} (edition {edition}). Both apply."),
        "amends": _("Amended by {other} (edition {edition}). Both apply."),
        "adds": _("Added to by {other} (edition {edition}). Both apply."),
        "replaces_contents": _("Single contents are replaced by {other} (edition {edition})."),
        "strikes": _("Single contents are struck by {other} (edition {edition})."),
        "repeals_in_extent": _("Repealed within the extent of {other} (edition {edition})."),
        "replaces_in_extent": _("Replaced within the extent of {other} (edition {edition})."),
    }[kind]


def _part(square_metres: float | None, language: str) -> str:
    if square_metres is None:
        return ""
    return _("for a part of the plan, %(size)s") % {"size": figures.extent(square_metres, language)}


def rulings_on(plan: Plan, revision: int, language: str) -> list[RulingReading]:
    """Rulings on conflicts of this plan with others, whichever office recorded them."""
    rows = (
        ConflictRuling.objects.public()
        .filter(Q(plan=plan) | Q(other_plan=plan), publication__lte=revision)
        .select_related("plan", "other_plan", "carried_out", "document")
        .annotate(square_metres=_size_of("extent"))
        .defer("extent")
        .order_by("on", "pk")
    )
    return [_ruling(row, plan, language) for row in rows]


def _ruling(row: Any, plan: Plan, language: str) -> RulingReading:
    other = row.other_plan if row.plan_id == plan.pk else row.plan
    chosen = row.carried_out
    return RulingReading(
        other=other.pk,
        other_title=named(other.title_en, other.title, language),
        words=row.text,
        dates=conflicts.effect(row.effective_from, row.effective_to, language),
        part=_part(row.square_metres, language),
        carried_out=named(chosen.title_en, chosen.title, language) if chosen else None,
        paper=papers.reading_of(row.document, language),
    )
