"""The books of one plan as printed: rows for zones, uncovered land and overlaps that add up.

Figures come from the Answer and are rounded once more, together, by largest remainder: areas to
0.1 m², shares to 0.1 %.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from planning.answer.model import Item, LandUseRef, PlanAnswer
from planning.geometry.rounding import apportion, is_trace, shares_shown
from portal import facts, figures, patterns, wording
from portal.voice import Voice, is_later, named


@dataclass(frozen=True, slots=True, kw_only=True)
class BookRow:
    """A line of a plan's table; `kind` is zone, uncovered, overlap or total. Figures as printed."""

    kind: str
    code: str
    label: SafeString
    swatch: SafeString
    area: str
    share: str
    band: str
    badge: str
    zone_id: str
    origin: SafeString | None = None


def books_of(plan: PlanAnswer, zones: Sequence[Item], voice: Voice, ids: "count[int]") -> list[BookRow]:
    """The rows of a plan whose printed areas and shares add up to the subject."""
    if not zones:
        return []
    area = voice.answer.subject.area_m2
    if not area or plan.uncovered_m2 is None:
        return [_zone_row(item, plan, None, voice, ids) for item in zones]
    overlap = plan.overlap_m2 or 0.0
    parts = [(item.zone.id, item.area_m2 or 0.0) for item in zones] + [("~", plan.uncovered_m2)]
    whole, double = round(area * 10), round(overlap * 10)
    areas = apportion(parts, whole + double)
    shares = shares_shown(parts, area=area, overlap=overlap)
    rows = [_zone_row(item, plan, (areas[at], shares[at]), voice, ids) for at, item in enumerate(zones)]
    rows.append(_sum_row("uncovered", (areas[-1], shares[-1]), plan.uncovered_m2, voice))
    if overlap > 0:
        rows.append(_sum_row("overlap", (double, round(1000 * overlap / area)), overlap, voice, sign="−"))
    return [*rows, _sum_row("total", (whole, 1000), area, voice)]


def origin_of(item: Item, plan: PlanAnswer, voice: Voice) -> SafeString | None:
    """The decision behind an item where it is not the one the plan is headed with."""
    if item.edition == plan.plan.edition:
        return None
    later = is_later(item.edition, plan.plan.edition)
    text = wording.BY_ADJUSTMENT if later else wording.BY_EARLIER
    return format_html(voice.word(text), decision=facts.decision_text(item.decision, voice))


def _zone_row(
    item: Item, plan: PlanAnswer, tenths: tuple[int, int] | None, voice: Voice, ids: "count[int]"
) -> BookRow:
    """A zone with its area and share in tenths; None where the subject has no area."""
    use = item.zone.land_use
    return BookRow(
        kind="zone",
        code=item.zone.code or (use.code if use else ""),
        label=format_html("{} ({})", named(use.en, use.vi, voice.language), use.code)
        if use
        else voice.vietnamese(item.zone.name),
        swatch=swatch_of(use, ids),
        area=_trace(tenths[0], item.area_m2, "m²", voice) if tenths else "",
        share=_trace(tenths[1], item.area_m2, "%", voice) if tenths else "",
        band=figures.band(item.share_low or 0.0, item.share_high or 0.0, voice.language) if tenths else "",
        badge=voice.word(wording.CLASS_BADGES[item.item_class]),
        zone_id=item.zone.id,
        origin=origin_of(item, plan, voice),
    )


def _sum_row(kind: str, tenths: tuple[int, int], raw: float, voice: Voice, sign: str = "") -> BookRow:
    sign = f"{sign}{figures.NO_BREAK}" if sign else ""
    return BookRow(
        kind=kind,
        code="",
        label=format_html("{}", voice.word(wording.BOOKS[kind])),
        swatch=mark_safe(""),
        area=sign + _trace(tenths[0], raw, "m²", voice),
        share=sign + _trace(tenths[1], raw, "%", voice),
        band="",
        badge="",
        zone_id="",
    )


def _trace(tenths: int, raw: float | None, unit: str, voice: Voice) -> str:
    """A printed figure; what exists but was rounded to nothing is "< 0.1"."""
    shown = 0.01 if is_trace(tenths, raw or 0.0) else tenths / 10
    return figures.measure(shown, unit, voice.language)


def outside_of(plan: PlanAnswer, voice: Voice) -> SafeString | None:
    if not plan.outside_m2:
        return None
    return format_html(voice.word(wording.BOOKS["outside"]), area=voice.area(plan.outside_m2))


def swatch_of(use: LandUseRef | None, ids: "count[int]") -> SafeString:
    if use is None:
        return mark_safe("")
    return mark_safe(patterns.swatch(use.color, use.group, f"swatch-{next(ids)}"))  # noqa: S308
