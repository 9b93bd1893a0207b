"""What goes on which map: an answer, a plan's extents, one zone -> a Sheet for `portal.drawing`.

The choice is made here, the drawing there: zones of one plan at a time (zones of two plans over one
another could not be read), every restriction and every conflict on the main map.
"""

from collections.abc import Sequence
from dataclasses import replace

import shapely
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from planning.answer.model import Answer, Item, ItemClass, PlanAnswer, ThemeState
from portal import figures, wording
from portal.drawing import Area, Frame, Limit, Sheet, draw
from portal.states import is_restriction, surface_first
from portal.surroundings import Declared, Surroundings, label_of
from portal.voice import Voice, named

__all__ = ["Sheet", "areas_of", "draw", "main_plan", "of_answer", "of_extents", "of_zone"]

_MOST_DESCRIBED = 12
# The declarations that let an empty place mean "nothing planned".
_FULL = ("complete", "none_exists")


def main_plan(answer: Answer) -> PlanAnswer | None:
    """The plan on the main map: the first that gives zones here, the surface before what is below."""
    # what lies below ground is drawn on the main map only where nothing is planned above
    plans = surface_first([plan for theme in answer.themes for plan in theme.plans])
    return next((plan for plan in plans if any(_is_drawn_zone(item) for item in plan.items)), None)


def _is_drawn_zone(item: Item) -> bool:
    return item.shape is not None and not is_restriction(item)


def of_answer(
    answer: Answer,
    plan: PlanAnswer | None,
    surroundings: Surroundings,
    *,
    name: str,
    language: str,
) -> Sheet:
    """The subject with the zones of one plan; on the main map also all restrictions and conflicts."""
    voice = Voice(language, answer)
    zones = [item for item in plan.items if _is_drawn_zone(item)] if plan else []
    unknown = _unknown(answer, plan, surroundings)
    return Sheet(
        name=name,
        title=_("Map of the place and what is planned around it"),
        description=_description(answer, plan, zones, voice, has_gap=bool(unknown)),
        around=answer.subject.geometry,
        subject=answer.subject.geometry,
        areas=areas_of(plan, surroundings),
        limits=_limits(answer, voice, surroundings) if name == "map" else [],
        conflicts=_conflicts(answer) if name == "map" else [],
        parcels=surroundings.parcels,
        unknown=unknown,
        notes=_notes(plan, voice),
        language=language,
    )


def _unknown(answer: Answer, plan: PlanAnswer | None, near: Surroundings) -> list[BaseGeometry]:
    """The ground where an empty map says nothing: data not declared complete for what is drawn."""
    window = shapely.box(*Frame.around(answer.subject.geometry).window())
    themes = [theme for theme in answer.themes if plan is None or plan in theme.plans]
    silent = [theme.state in (ThemeState.UNKNOWN, ThemeState.ERROR) for theme in themes]
    if near.coverage is None:
        return [window] if any(silent) else []
    if all(silent):
        return [window]
    kind = plan.plan.kind if plan else ""
    gaps = [_gap(theme.code, kind, near.coverage, window) for theme in themes]
    gap = shapely.union_all(gaps)
    return [] if gap.is_empty or gap.area < window.area * 1e-6 else [gap]


def _gap(theme: str, kind: str, coverage: Sequence[Declared], window: BaseGeometry) -> BaseGeometry:
    """The window less what is declared complete, and with what is declared to be less, for one theme."""
    own = [each for each in coverage if each.theme == theme]
    full = [each.shape for each in own if each.state in _FULL and each.plan_kind in ("", kind)]
    less = [
        each.shape for each in own if each.state not in _FULL and (not kind or each.plan_kind in ("", kind))
    ]
    gap = shapely.union_all([window.difference(shapely.union_all(full)), *less])
    return shapely.intersection(gap, window)


def areas_of(plan: PlanAnswer | None, surroundings: Surroundings) -> tuple[Area, ...]:
    """The zones of a plan around the subject; without surroundings those of the answer alone."""
    if plan is None:
        return ()
    if around := surroundings.zones.get(plan.plan.id):
        return around
    # what merely adjoins first, so that what concerns the subject lies on top
    drawn = [item for item in plan.items if _is_drawn_zone(item)]
    return tuple(_area(item) for item in sorted(drawn, key=_is_on_subject))


def _is_on_subject(item: Item) -> bool:
    return item.item_class is not ItemClass.TOUCH


def _area(item: Item) -> Area:
    use = item.zone.land_use
    return Area(
        shape=item.shape or shapely.Polygon(),
        label=label_of(item.zone.code, use.code if use else ""),
        colour=use.color if use else "",
        group=use.group if use else "",
        use=use.code if use else "",
        name_vi=use.vi if use else "",
        name_en=use.en if use else "",
    )


def _limits(answer: Answer, voice: Voice, surroundings: Surroundings) -> list[Limit]:
    """All restrictions near; of each kind one is labelled, the nearest if it concerns the subject."""
    if surroundings.coverage is not None:
        return _labelled(surroundings.limits, answer.subject.geometry, voice)
    items = [item for theme in answer.themes for plan in theme.plans for item in plan.items]
    drawn = [item for item in items if is_restriction(item) and item.shape is not None]
    return [
        Limit(shape=item.shape, label=_limit_label(item, voice), kind=item.zone.kind or "")
        for item in drawn
        if item.shape is not None
    ]


def _labelled(limits: Sequence[Limit], subject: BaseGeometry, voice: Voice) -> list[Limit]:
    nearest = sorted(limits, key=lambda limit: limit.shape.distance(subject))
    named: set[str] = set()
    found = []
    for limit in nearest:
        kind = wording.RESTRICTION_LABELS.get(limit.kind)
        label = voice.word(kind) if kind and limit.kind not in named else ""
        named.add(limit.kind)
        found.append(replace(limit, label=label))
    return found


def _limit_label(item: Item, voice: Voice) -> str:
    kind = wording.RESTRICTION_LABELS.get(item.zone.kind or "")
    return voice.word(kind) if kind else item.zone.name or item.zone.code


def _conflicts(answer: Answer) -> list[BaseGeometry]:
    found = [conflict for theme in answer.themes for conflict in theme.conflicts]
    return [conflict.shape for conflict in found if conflict.shape is not None]


def _description(
    answer: Answer, plan: PlanAnswer | None, zones: Sequence[Item], voice: Voice, *, has_gap: bool
) -> str:
    """The map in words, for who cannot see it."""
    subject = voice.word(wording.SUBJECTS[answer.subject.type])
    if plan is None:
        outline = _("The outline of %(subject)s, without zones.") % {"subject": subject}
        return f"{outline} {voice.word(wording.LEGEND['no_data'])}." if has_gap else outline
    listed = "; ".join(_described(item, voice) for item in zones[:_MOST_DESCRIBED])
    values = {"subject": subject, "plan": strip_tags(voice.plan(plan.plan)), "zones": listed}
    return _("%(subject)s in a bold outline on the zones of %(plan)s: %(zones)s.") % values


def _described(item: Item, voice: Voice) -> str:
    use = item.zone.land_use
    name = strip_tags(named(use.en, use.vi, voice.language)) if use else item.zone.name
    badge = voice.word(wording.CLASS_BADGES[item.item_class])
    share = f", {figures.share(item.share, voice.language)}" if item.share else ""
    return f"{item.zone.code} {name} ({badge}{share})"


def _notes(plan: PlanAnswer | None, voice: Voice) -> list[str]:
    reference = voice.word(wording.REFERENCE_ONLY)
    day = figures.day(voice.answer.as_at, voice.language)
    notes = [f"{reference} · {day}"]
    if plan is not None:
        notes.append(f"{_('Source')}: {strip_tags(voice.plan(plan.plan))}")
    return notes


def of_extents(
    extents: Sequence[tuple[str, BaseGeometry, bool]], *, name: str, title: str, language: str
) -> Sheet:
    """The extents of a plan's editions: (label, shape, whether it replaces only in part)."""
    shapes = [shape for _label, shape, _local in extents]
    return Sheet(
        name=name,
        title=title,
        description="; ".join(label for label, _shape, _local in extents),
        around=shapely.GeometryCollection(shapes),
        subject=None,
        limits=[
            Limit(shape=shape, label=label, kind="adjustment" if local else "extent")
            for label, shape, local in extents
        ],
        notes=[wording.said(wording.REFERENCE_ONLY, language)],
        language=language,
    )


def of_zone(area: Area, *, name: str, title: str, source: str, language: str, kind: str = "") -> Sheet:
    """One zone by itself; a restriction (`kind` set) is drawn by its line."""
    limit = Limit(shape=area.shape, label=area.label, kind=kind)
    return Sheet(
        name=name,
        title=title,
        description=title,
        around=area.shape,
        subject=None,
        areas=[] if kind else [area],
        limits=[limit] if kind else [],
        notes=[wording.said(wording.REFERENCE_ONLY, language), f"{_('Source')}: {source}"],
        language=language,
    )
