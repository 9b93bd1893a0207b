"""Under which row of the table of `portal.wording` a theme, a land use or a restriction stands.

Answer in, row out; and the one sentence that zones and restrictions share: on the boundary.
"""

from collections.abc import Sequence

from django.utils.safestring import SafeString

from planning.answer.model import (
    Answer,
    CoverageRef,
    Item,
    ItemClass,
    PlanAnswer,
    PlanRef,
    ThemeAnswer,
    ThemeState,
    Total,
)
from planning.models import VerticalLevel
from portal import wording
from portal.voice import Sentence, Voice
from portal.wording import Said

SURE = (ItemClass.WHOLE, ItemClass.PART)
# What a band must reach for "the whole" to hold whatever the accuracy of the map; printed it is 100 %.
_NOTHING_LEFT = 0.995
_LINE_KINDS = {"red_line", "building_line"}
# What a plan may leave uncovered, of the subject, for its uses to be said to share all of it.
_NEARLY_NOTHING = 0.01
_BACKS_A_NO = {"complete", "none_exists"}


def said_of(theme: ThemeAnswer, *, was_planned: bool = False) -> Said:
    """Under which row of the table a theme stands; `was_planned`: something used to apply here.

    A "no" without a declaration behind it is never said, whatever the state claims; and what used to
    apply is never said not to have been made.
    """
    match theme.state:
        case ThemeState.CONCERNED:
            return _said_of_concern(theme)
        case ThemeState.UNCERTAIN:
            sides = {total.item_class for total in _totals(theme)} | {
                item.item_class for item in _items(theme)
            }
            return Said.BORDERLINE if ItemClass.BORDERLINE in sides else Said.TOUCH
        case ThemeState.NOT_CONCERNED:
            said = _said_of_no(theme.coverage)
            never_made = said in (Said.NONE_EXISTS, Said.NOT_CONCERNED_OR_NOT_MADE)
            return Said.NONE_IN_FORCE if was_planned and never_made else said
        case _:
            return Said(theme.state.value)


def _said_of_concern(theme: ThemeAnswer) -> Said:
    areas = {said_of_area(total) for total in _totals(theme)}
    areas |= {said_of_area(item) for item in _items(theme) if is_restriction(item) and not is_line(item)}
    surest = (Said.WHOLE, Said.WHOLE_AS_DRAWN, Said.PART)
    found = next((said for said in surest if said in areas), Said.CROSSED)
    if found is Said.PART and any(is_shared(plan) for plan in theme.plans):
        return Said.SEVERAL
    return found


def is_shared(plan: PlanAnswer) -> bool:
    """Whether several uses of the plan cover the subject together."""
    sure = [total for total in plan.totals if total.item_class in SURE and total.share]
    covered = sum(total.share or 0.0 for total in plan.totals)
    if len(sure) < 2 or plan.uncovered_m2 is None:
        return False
    area = sum(total.area_m2 or 0.0 for total in plan.totals) / covered
    return plan.uncovered_m2 <= area * _NEARLY_NOTHING


def said_of_area(area: Total | Item) -> Said:
    """The class of a zone or corridor; "whole" only as drawn where the accuracy leaves room for doubt."""
    if area.item_class is ItemClass.WHOLE and area.share_low is not None and area.share_low < _NOTHING_LEFT:
        return Said.WHOLE_AS_DRAWN
    return Said(area.item_class.value)


def _said_of_no(coverage: Sequence[CoverageRef]) -> Said:
    states = {declared.state for declared in coverage}
    if not states or states - _BACKS_A_NO:
        return Said.UNKNOWN
    if states == {"none_exists"}:
        return Said.NONE_EXISTS
    return Said.NOT_CONCERNED_OR_NOT_MADE if "none_exists" in states else Said.NOT_CONCERNED


def is_restriction(item: Item) -> bool:
    return item.zone.kind is not None


def is_line(item: Item) -> bool:
    """A red or building line, or whatever else was published as a line; the rest covers land."""
    return is_restriction(item) and (item.length_m is not None or item.zone.kind in _LINE_KINDS)


def is_underground(plan: PlanAnswer) -> bool:
    return plan.plan.level != VerticalLevel.SURFACE


def surface_first(plans: Sequence[PlanAnswer]) -> list[PlanAnswer]:
    """The plans in their order, those of what lies below ground after the others."""
    return sorted(plans, key=is_underground)


def _totals(theme: ThemeAnswer) -> list[Total]:
    return [total for plan in theme.plans for total in plan.totals]


def _items(theme: ThemeAnswer) -> list[Item]:
    return [item for plan in theme.plans for item in plan.items]


def was_planned(theme: ThemeAnswer, answer: Answer) -> bool:
    """Whether something of the theme used to apply and was replaced or annulled."""
    return any(item.theme == theme.code for item in answer.superseded)


def on_boundary(said: Said, use: SafeString, plan: PlanRef, items: Sequence[Item], voice: Voice) -> Sentence:
    row = wording.WORDING[said]
    text = voice.say(
        row.point if voice.is_about_a_point() else row.area,
        use=use,
        plan=voice.plan_of(plan, items),
        map=voice.map_of(plan),
        office=voice.office(plan.office),
    )
    return Sentence(said, text)
