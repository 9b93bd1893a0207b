"""Facts beside an answer: a term and what is said of it, in words; what is missing is said to be missing.

Values of an answer (or of a stored zone) and a language in, pairs of words out; nothing is ever blank.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from planning.answer.model import Decision, Item, PlanRef, Text
from planning.codes.indicators import PARAMETERS, IndicatorState
from planning.models import PlanKind, VerticalLevel
from portal import figures, wording
from portal.voice import Voice, is_later

# What people ask of every zone of a construction plan: said to be missing rather than left out.
ALWAYS_ASKED = ("coverage", "floor_area_ratio", "storeys", "height")
_WITHOUT_BUILDING_RULES = {PlanKind.LAND_USE, PlanKind.LAND_USE_ANNUAL}


@dataclass(frozen=True, slots=True)
class Fact:
    """A term and what is said of it, never blank."""

    term: str
    value: SafeString


def plan_facts(plan: PlanRef, items: Sequence[Item], voice: Voice) -> list[Fact]:
    """The plan with its first decision; where items stand on another one, that is named beside it."""
    changed = {item.edition: item for item in items if item.edition != plan.edition}
    kind = str(PlanKind(plan.kind).label)
    facts = [Fact(_("Kind of plan"), format_html("{}", kind[:1].upper() + kind[1:]))]
    if plan.level != VerticalLevel.SURFACE:
        facts.append(Fact(_("Level"), format_html("{}", _("Below ground"))))
    scale = figures.scale(plan.scale, voice.language) if plan.scale else voice.word(wording.NOT_IN_DATA)
    return [
        *facts,
        *(origin_fact(item, plan, voice) for _edition, item in sorted(changed.items())),
        Fact(_("Original decision") if changed else _("Decision"), decision_text(plan.decision, voice)),
        Fact(
            _("Original in force from") if changed else _("In force from"),
            day_text(plan.in_force_from, voice),
        ),
        Fact(_("Edition"), format_html("{}", voice.edition(plan.edition))),
        Fact(_("Map scale"), format_html("{}", scale)),
        Fact(
            _("Accuracy"),
            format_html("±{}{}", figures.NO_BREAK, figures.length(plan.accuracy_m, voice.language)),
        ),
        Fact(_("Published by"), voice.office(plan.office)),
    ]


def origin_fact(item: Item, plan: PlanRef, voice: Voice) -> Fact:
    """The decision behind an item that does not stand on the plan's first one, with its day of effect."""
    later = is_later(item.edition, plan.edition)
    value = format_html(
        _("{decision} (in force from {day})"),
        decision=decision_text(item.decision, voice),
        day=day_text(item.in_force_from, voice),
    )
    return Fact(_("Adjusted here by") if later else _("Here still by the earlier decision"), value)


def item_facts(item: Item, voice: Voice) -> list[Fact]:
    facts = [Fact(_("Name"), voice.vietnamese(item.zone.name))] if item.zone.name else []
    return [
        *facts,
        Fact(_("Decision"), decision_text(item.decision, voice)),
        Fact(_("In force from"), day_text(item.in_force_from, voice)),
        Fact(_("Edition"), format_html("{}", voice.edition(item.edition))),
        Fact(_("Office"), voice.office(item.office)),
    ]


def uses_facts(item: Item, voice: Voice) -> list[Fact]:
    named = (
        (_("Allowed uses"), item.uses.allowed),
        (_("Uses under conditions"), item.uses.conditional),
        (_("Forbidden uses"), item.uses.forbidden),
    )
    return [Fact(term, voice.vietnamese("; ".join(uses))) for term, uses in named if uses]


def subject_facts(voice: Voice) -> list[Fact]:
    subject = voice.answer.subject
    facts = []
    if subject.commune:
        facts.append(Fact(_("Commune when surveyed"), voice.vietnamese(subject.commune.name)))
    if subject.commune_now:
        # a parcel of a divided ward lies in one of them
        today = f" {_('or')} ".join(commune.name for commune in subject.commune_now)
        facts.append(Fact(_("Commune today"), voice.vietnamese(today)))
    if subject.id:
        facts.append(Fact(_("Parcel code"), format_html("{}", subject.id)))
    if subject.address:
        facts.append(Fact(_("Address"), voice.vietnamese(subject.address)))
    if subject.area_m2 is not None:
        facts.append(Fact(_("Area on the map"), format_html("{}", voice.area(subject.area_m2))))
    if subject.type == "parcel":
        facts.append(Fact(_("Area in the register"), _registered(voice)))
    facts.append(Fact(_("Measured in"), format_html("{}", subject.metric_crs)))
    if subject.accuracy_m is not None:
        facts.append(
            Fact(_("Accuracy"), format_html("±{}{}", figures.NO_BREAK, voice.length(subject.accuracy_m)))
        )
    return facts


def _registered(voice: Voice) -> SafeString:
    """The registered area beside the measured one: a difference is said, never smoothed."""
    subject = voice.answer.subject
    if not subject.registry_area_m2:
        return format_html("{}", voice.word(wording.NOT_IN_DATA))
    shown = voice.area(subject.registry_area_m2)
    if not subject.area_m2:
        return format_html("{}", shown)
    difference = subject.registry_area_m2 - subject.area_m2
    if abs(difference) < 0.05:
        return format_html("{}", shown)
    compared = _("{area} more than on the map") if difference > 0 else _("{area} less than on the map")
    return format_html("{} ({})", shown, format_html(compared, area=voice.area(abs(difference))))


def decision_text(decision: Decision | None, voice: Voice, *, is_draft: bool = False) -> SafeString:
    """Number, date and issuer; what is missing is said to be missing, and of a draft not to exist yet."""
    if decision is None:
        missing = wording.NO_DECISION_YET if is_draft else wording.NOT_IN_DATA
        return format_html("{}", voice.word(missing))
    number = voice.vietnamese(decision.number) if decision.number else voice.word(wording.NOT_IN_DATA)
    parts = [number, day_text(decision.date, voice)]
    if decision.issuer:
        parts.append(voice.vietnamese(decision.issuer))
    return format_html_join(" · ", "{}", ((part,) for part in parts))


def day_text(day: date | None, voice: Voice) -> SafeString:
    shown = figures.day(day, voice.language) if day else voice.word(wording.NOT_IN_DATA)
    return format_html("{}", shown)


def indicator_facts(
    given: Mapping[str, Mapping[str, Any]], language: str, always: Sequence[str] = ALWAYS_ASKED
) -> tuple[Fact, ...]:
    """Every rule value in words; those people always ask for are named even where data lack them."""
    names = [*always, *(name for name in PARAMETERS if name in given and name not in always)]
    names += sorted(name for name in given if name not in names)
    return tuple(
        Fact(_indicator_name(name, language), _indicator(given.get(name), language)) for name in names
    )


def _indicator_name(name: str, language: str) -> str:
    known = wording.INDICATORS.get(name)
    return wording.said(known, language) if known else name


def _indicator(value: Mapping[str, Any] | None, language: str) -> SafeString:
    state = IndicatorState(value["state"]) if value else IndicatorState.UNKNOWN
    text = str(value["text"]).strip() if value else ""
    if state is IndicatorState.STATED and text and value:
        return format_html("{}{}", _as_published(text, language), _unit(value, text, language))
    # "stated" without a text would be a blank; a blank is never shown as a rule
    state = IndicatorState.UNKNOWN if state is IndicatorState.STATED else state
    words = wording.said(wording.INDICATOR_STATES[state], language)
    if text and state is IndicatorState.REFERS_ELSEWHERE:
        return format_html("{}: {}", words, text)
    return format_html("{}", words)


def _as_published(text: str, language: str) -> SafeString:
    """A published figure is never rewritten; a comma that would mislead is explained."""
    if language == "vi" or "," not in text:
        return format_html("{}", text)
    words = wording.said(wording.AS_PUBLISHED, language)
    return format_html('<span lang="vi">{}</span> ({})', text, words)


def _unit(value: Mapping[str, Any], text: str, language: str) -> str:
    """The unit, where the numbers were read and the text does not say it itself."""
    unit = str(value.get("unit") or "")
    was_read = value.get("min") is not None or value.get("max") is not None
    if not unit or not was_read or not text[-1].isdigit():
        return ""
    shown = wording.UNITS.get(unit, Text(unit, unit))
    return f"{figures.NO_BREAK}{wording.said(shown, language)}"


def asked_of(plan_kind: str) -> tuple[str, ...]:
    """The rules that people ask of a plan of this kind; a land-use plan has none for buildings."""
    return () if plan_kind in _WITHOUT_BUILDING_RULES else ALWAYS_ASKED
