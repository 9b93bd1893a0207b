"""Who speaks: the language and the answer spoken of, and how names are written in it.

Every sentence of `phrases`, `restrictions` and `others` is said with a Voice. Names are escaped; those that
exist in Vietnamese alone are marked as such on an English page, so that a screen reader pronounces them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from planning.answer.model import Answer, Item, LandUseRef, OfficeRef, PlanRef, Text, ThemeAnswer
from planning.models import VerticalLevel
from portal import figures, wording
from portal.wording import Said


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
        """The title; a plan below ground says so, for it never speaks of the surface."""
        title = named(plan.title_en, plan.title, self.language)
        if plan.level == VerticalLevel.SURFACE:
            return title
        return format_html("{} ({})", title, VerticalLevel(plan.level).label)

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
