"""Sentences: one theme of an answer in the words of `portal.wording`.

Answer and language in, safe HTML out (names are escaped; Vietnamese names on an English page are
marked as Vietnamese, so that a screen reader pronounces them). Knows no request and no template.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from planning.answer.model import (
    Answer,
    Conflict,
    CoverageRef,
    Item,
    ItemClass,
    LandUseRef,
    OfficeRef,
    PlanAnswer,
    PlanRef,
    Text,
    ThemeAnswer,
    ThemeState,
    Total,
)
from planning.geometry.rounding import apportion
from portal import figures, wording
from portal.wording import Said

MOST_IN_LEAD = 3
_SURE = (ItemClass.WHOLE, ItemClass.PART)
# What a band must reach for "the whole" to hold whatever the accuracy of the map; printed it is 100 %.
_NOTHING_LEFT = 0.995
_LINE_KINDS = {"red_line", "building_line"}
# What a plan may leave uncovered, of the subject, for its uses to be said to share all of it.
_NEARLY_NOTHING = 0.01
_BACKS_A_NO = {"complete", "none_exists"}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One thing that is said, and under which row of the table it stands."""

    said: Said
    text: SafeString


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks about what: the language, and the answer whose subject the sentences name."""

    language: str
    answer: Answer

    def say(self, text: Text, **values: object) -> SafeString:
        """A text of the table with its values; the first letter is made a capital."""
        subject = self.word(wording.SUBJECTS[self.answer.subject.type])
        return _capitalised(format_html(self.word(text), subject=subject, **values))

    def word(self, text: Text) -> str:
        return wording.said(text, self.language)

    def vietnamese(self, text: str) -> SafeString:
        """A name that exists in Vietnamese alone."""
        return named("", text, self.language)

    def office(self, office: OfficeRef | None) -> SafeString:
        office = office or self.answer.office
        if office is None:
            return format_html("{}", self.word(wording.AN_OFFICE))
        return named(office.name_en, office.name, self.language)

    def plan(self, plan: PlanRef) -> SafeString:
        return named(plan.title_en, plan.title, self.language)

    def plan_of(self, plan: PlanRef, items: Sequence[Item]) -> SafeString:
        """The plan with the decision behind these items, where it is not the plan's own."""
        others = {item.edition: item.decision for item in items if item.edition != plan.edition}
        if len(others) != 1 or any(item.edition == plan.edition for item in items):
            return self.plan(plan)
        ((edition, decision),) = others.items()
        text = wording.PLAN_ADJUSTED if is_later(edition, plan.edition) else wording.PLAN_OF_BEFORE
        missing = self.word(wording.NOT_IN_DATA).lower()
        number = self.vietnamese(decision.number) if decision and decision.number else missing
        day = figures.day(decision.date, self.language) if decision and decision.date else missing
        return format_html(self.word(text), plan=self.plan(plan), decision=number, day=day)

    def edition(self, code: str) -> str:
        """An edition by its number; its code is for machines."""
        return self.word(wording.EDITION).format(number=number_of(code))

    def use(self, use: LandUseRef) -> SafeString:
        """Code and name: people know the one, the law the other."""
        return format_html("<strong>{} ({})</strong>", named(use.en, use.vi, self.language), use.code)

    def theme(self, theme: ThemeAnswer) -> str:
        """The title as it stands within a sentence."""
        title = self.word(theme.title)
        return title[:1].lower() + title[1:]

    def map_of(self, plan: PlanRef) -> SafeString:
        if plan.scale is None:
            return format_html("{}", self.word(wording.THE_MAP))
        scale = figures.scale(plan.scale, self.language)
        return format_html(self.word(wording.A_MAP_AT), scale=scale)

    def about(self, low: float | None, high: float | None) -> SafeString:
        """A band of a share in words: about 78–84 %."""
        shown = figures.band(low or 0.0, 1.0 if high is None else high, self.language)
        return format_html("<strong>{}</strong>", format_html(self.word(wording.ABOUT), band=shown))

    def area(self, square_metres: float) -> str:
        return figures.area(square_metres, self.language)

    def length(self, metres: float) -> str:
        return figures.length(metres, self.language)

    def is_about_a_point(self) -> bool:
        return self.answer.subject.type == "point"


def number_of(edition: str) -> str:
    """The number in the code of an edition, `<plan>/<number>`."""
    return edition.rpartition("/")[2]


def is_later(edition: str, other: str) -> bool:
    one, two = number_of(edition), number_of(other)
    return one.isdecimal() and two.isdecimal() and int(one) > int(two)


def named(english: str, vietnamese: str, language: str) -> SafeString:
    """A name in the reader's language, else the Vietnamese one marked as such."""
    if language == "vi" or not vietnamese:
        return format_html("{}", vietnamese or english)
    if english:
        return format_html("{}", english)
    return format_html('<span lang="vi">{}</span>', vietnamese)


def _capitalised(text: SafeString) -> SafeString:
    """The first letter that is shown as a capital, whatever tags stand before it."""
    inside = False
    for place, character in enumerate(text):
        if character in "<>":
            inside = character == "<"
        elif not inside:
            # only the case of one letter of an already escaped text changes
            return mark_safe(text[:place] + character.upper() + text[place + 1 :])  # noqa: S308
    return text


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
    is_shared = found is Said.PART and any(_is_shared(plan) for plan in theme.plans)
    return Said.SEVERAL if is_shared else found


def _is_shared(plan: PlanAnswer) -> bool:
    """Whether several uses of the plan cover the subject together."""
    sure = [total for total in plan.totals if total.item_class in _SURE and total.share]
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


def _totals(theme: ThemeAnswer) -> list[Total]:
    return [total for plan in theme.plans for total in plan.totals]


def _items(theme: ThemeAnswer) -> list[Item]:
    return [item for plan in theme.plans for item in plan.items]


def sentences(theme: ThemeAnswer, voice: Voice) -> list[Sentence]:
    """Everything that is to be said first about a theme, the surest first."""
    said = said_of(theme, was_planned=was_planned(theme, voice.answer))
    if theme.state not in (ThemeState.CONCERNED, ThemeState.UNCERTAIN):
        return [Sentence(said, _about_nothing_found(said, theme, voice)), *_once_planned(said, theme, voice)]
    found = [sentence for plan in theme.plans for sentence in _of_plan(plan, voice)]
    if theme.state is ThemeState.CONCERNED:
        found = [sentence for sentence in found if sentence.said is not Said.TOUCH]
    found.extend(Sentence(said, conflict_sentence(each, voice)) for each in theme.conflicts)
    if theme.partly_known:
        also = voice.say(wording.ALSO_PARTLY_KNOWN, theme=voice.theme(theme))
        found.append(Sentence(Said.PARTLY_KNOWN, also))
    if theme.withheld:
        office = voice.office(_office_of(theme.coverage, "withheld"))
        also = voice.say(wording.ALSO_WITHHELD, theme=voice.theme(theme), office=office)
        found.append(Sentence(Said.WITHHELD, also))
    return found


def _about_nothing_found(said: Said, theme: ThemeAnswer, voice: Voice) -> SafeString:
    row = wording.WORDING[said]
    state = "withheld" if said is Said.WITHHELD else None
    oldest = min((declared.as_of for declared in theme.coverage), default=voice.answer.as_at)
    return voice.say(
        row.point if voice.is_about_a_point() else row.area,
        theme=voice.theme(theme),
        office=voice.office(_office_of(theme.coverage, state)),
        as_of=figures.day(oldest, voice.language),
        code=theme.error_code,
    )


def was_planned(theme: ThemeAnswer, answer: Answer) -> bool:
    """Whether something of the theme used to apply and was replaced or annulled."""
    return any(item.theme == theme.code for item in answer.superseded)


def _once_planned(said: Said, theme: ThemeAnswer, voice: Voice) -> list[Sentence]:
    """A "no" where something used to apply says so: a plan struck down leaves questions, not free land."""
    if theme.state is not ThemeState.NOT_CONCERNED or not was_planned(theme, voice.answer):
        return []
    office = voice.office(_office_of(theme.coverage, None))
    return [Sentence(said, voice.say(wording.ONCE_PLANNED, theme=voice.theme(theme), office=office))]


def _office_of(coverage: Iterable[CoverageRef], state: str | None) -> OfficeRef | None:
    return next((each.office for each in coverage if state in (None, each.state)), None)


def _of_plan(plan: PlanAnswer, voice: Voice) -> list[Sentence]:
    totals = sorted(plan.totals, key=lambda total: (-(total.share or 0.0), total.land_use.code))
    sure = [total for total in totals if total.item_class in _SURE]
    found = []
    before = None
    for total in sure[:MOST_IN_LEAD]:
        named_plan = voice.plan_of(plan.plan, items_of(plan, total))
        found.append(_sure(plan, total, voice, named_plan, before))
        before = named_plan
    if len(sure) > MOST_IN_LEAD:
        more = voice.say(wording.MORE_USES, count=len(sure) - MOST_IN_LEAD)
        found.append(Sentence(Said.PART, more))
    found.extend(_unsure(plan, total, voice) for total in totals if total.item_class not in _SURE)
    found.extend(restriction_sentence(plan, item, voice) for item in plan.items if is_restriction(item))
    return found


def items_of(plan: PlanAnswer, total: Total) -> list[Item]:
    """The zones that a total is the sum of; what merely adjoins is none of them."""
    return [
        item
        for item in plan.items
        if item.zone.land_use == total.land_use and item.item_class is not ItemClass.TOUCH
    ]


def _sure(
    plan: PlanAnswer, total: Total, voice: Voice, named_plan: SafeString, before: SafeString | None
) -> Sentence:
    """One use; `before` is how the sentence before named the plan, None for the first."""
    said = said_of_area(total)
    if said is Said.PART and _is_shared(plan):
        said = Said.SEVERAL
    row = wording.WORDING[said]
    text = row.point if voice.is_about_a_point() else row.area
    if before is not None and not voice.is_about_a_point():
        text = wording.MORE_PARTS if named_plan == before else wording.MORE_PARTS_IN
    band = voice.about(total.share_low, total.share_high)
    least = figures.at_least(total.share_low or 0.0, voice.language)
    shown = {"use": voice.use(total.land_use), "plan": named_plan}
    return Sentence(said, voice.say(text, **shown, band=band, least=least))


def _unsure(plan: PlanAnswer, total: Total, voice: Voice) -> Sentence:
    items = items_of(plan, total)
    return _on_boundary(Said(total.item_class.value), voice.use(total.land_use), plan.plan, items, voice)


def _on_boundary(said: Said, use: SafeString, plan: PlanRef, items: Sequence[Item], voice: Voice) -> Sentence:
    row = wording.WORDING[said]
    text = voice.say(
        row.point if voice.is_about_a_point() else row.area,
        use=use,
        plan=voice.plan_of(plan, items),
        map=voice.map_of(plan),
        office=voice.office(plan.office),
    )
    return Sentence(said, text)


def restriction_name(item: Item, voice: Voice) -> SafeString:
    """Kind and own name of a restriction; a name that says the kind itself stands alone."""
    kind = wording.RESTRICTION_KINDS.get(item.zone.kind or "")
    own = item.zone.name or item.zone.code
    if kind is not None and own.casefold() in ("", kind.vi):
        return format_html("<strong>{}</strong>", voice.word(kind))
    if kind is None or (voice.language == "vi" and own.casefold().startswith(kind.vi)):
        return format_html("<strong>{}</strong>", voice.vietnamese(own))
    return format_html("<strong>{} “{}”</strong>", voice.word(kind), voice.vietnamese(own))


def restriction_sentence(plan: PlanAnswer, item: Item, voice: Voice) -> Sentence:
    """What a line cuts off or runs along, what a corridor covers; near the edge: ask."""
    name = restriction_name(item, voice)
    if not is_line(item):
        return _area_restriction(plan, item, voice, name)
    shown = {"name": name, "plan": voice.plan_of(plan.plan, [item]), "map": voice.map_of(plan.plan)}
    if item.item_class in _SURE and item.beyond_m2 and voice.answer.subject.area_m2:
        cut = _cut(item.beyond_m2, voice)
        width = voice.length(item.remainder_width_m or 0.0)
        tolerance = voice.length(plan.plan.accuracy_m)
        return Sentence(
            Said.CROSSED, voice.say(wording.LINE_CUTS, **shown, **cut, width=width, tolerance=tolerance)
        )
    if item.item_class in _SURE and (item.length_m or voice.is_about_a_point()):
        row = wording.WORDING[Said.CROSSED]
        text = row.point if voice.is_about_a_point() else row.area
        return Sentence(Said.CROSSED, voice.say(text, **shown, length=voice.length(item.length_m or 0.0)))
    if item.along_m and not item.beyond_m2:
        along = voice.say(wording.LINE_ALONG, **shown, along=voice.length(item.along_m))
        return Sentence(Said.BORDERLINE, along)
    office = voice.office(plan.plan.office)
    return Sentence(Said.BORDERLINE, voice.say(wording.LINE_BESIDE, **shown, office=office))


def _cut(beyond: float, voice: Voice) -> dict[str, str]:
    """What lies beyond a line and what remains, as printed: together the printed area of the subject."""
    area = voice.answer.subject.area_m2 or beyond
    tenths = apportion([("beyond", beyond), ("remainder", max(area - beyond, 0.0))], round(area * 10))
    return {"beyond": voice.area(tenths[0] / 10 or 0.01), "remainder": voice.area(tenths[1] / 10)}


def _area_restriction(plan: PlanAnswer, item: Item, voice: Voice, name: SafeString) -> Sentence:
    said = said_of_area(item)
    if item.item_class not in _SURE:
        return _on_boundary(said, name, plan.plan, [item], voice)
    text = _AREA_TEXTS[said]
    if item.share is None:
        text = wording.AREA_AT_POINT if voice.is_about_a_point() else wording.POINT_ON
    band = voice.about(item.share_low, item.share_high)
    least = figures.at_least(item.share_low or 0.0, voice.language)
    named_plan = voice.plan_of(plan.plan, [item])
    return Sentence(said, voice.say(text, name=name, plan=named_plan, band=band, least=least))


_AREA_TEXTS = {
    Said.WHOLE: wording.AREA_WHOLE,
    Said.WHOLE_AS_DRAWN: wording.AREA_WHOLE_AS_DRAWN,
    Said.PART: wording.AREA_PART,
}


def conflict_sentence(conflict: Conflict, voice: Voice) -> SafeString:
    """Both plans and what each says; which one is carried out is not for software."""
    is_measured = conflict.area_m2 is not None and conflict.share is not None
    return voice.say(
        wording.CONFLICT if is_measured else wording.CONFLICT_AT_POINT,
        area=voice.area(conflict.area_m2 or 0.0),
        share=figures.share(conflict.share or 0.0, voice.language),
        first_plan=voice.plan(conflict.plans[0]),
        first_use=voice.use(conflict.land_uses[0]),
        second_plan=voice.plan(conflict.plans[1]),
        second_use=voice.use(conflict.land_uses[1]),
        office=voice.office(conflict.plans[0].office),
    )


def coverage_sentence(declared: CoverageRef, voice: Voice) -> SafeString:
    """What the publisher declared; a state that has no sentence is a fault of ours, not a silence."""
    return voice.say(
        wording.COVERAGE[declared.state],
        office=voice.office(declared.office),
        as_of=figures.day(declared.as_of, voice.language),
    )
