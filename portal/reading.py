"""How an answer reads: the same Answer as the API's, put in the order and words of the page.

Answer -> Reading, frozen, once; templates only print it. Nothing is computed here but the way
figures are rounded for print: areas to 0.1 m², by largest remainder, so that the printed books close.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from planning.answer.model import (
    Answer,
    DocumentRef,
    Item,
    ItemClass,
    NotChecked,
    OfficeRef,
    OtherItem,
    PlanAnswer,
    PlanRef,
    Source,
    ThemeAnswer,
)
from planning.models import PlanKind
from portal import books, conflicts, facts, figures, legend, others, phrases, sheets, wording
from portal.books import BookRow
from portal.conflicts import ConflictReading
from portal.facts import Fact
from portal.others import OtherReading
from portal.restrictions import restriction_name, restriction_sentence
from portal.states import is_restriction, is_underground, said_of, surface_first, was_planned
from portal.surroundings import Surroundings
from portal.voice import Voice, named
from portal.wording import Said


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemReading:
    """One zone or restriction in detail: its rules, documents and where the data came from."""

    id: str
    heading: SafeString
    sentence: SafeString | None
    badge: str
    origin: Fact | None
    facts: tuple[Fact, ...]
    indicators: tuple[Fact, ...]
    uses: tuple[Fact, ...]
    documents: tuple[DocumentRef, ...]
    clauses: tuple[DocumentRef, ...]
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanReading:
    """One plan in force: facts, map, books, zones in detail, neighbours, restrictions."""

    plan: PlanRef
    title: SafeString
    is_underground: bool
    facts: tuple[Fact, ...]
    rows: tuple[BookRow, ...]
    outside: SafeString | None
    has_share: bool
    zones: tuple[ItemReading, ...]
    neighbours: tuple[ItemReading, ...]
    restrictions: tuple[ItemReading, ...]
    drawing: SafeString | None
    legend: tuple[legend.Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeReading:
    """One theme: what is said first, what is said further, who declared what, its plans."""

    code: str
    title: str
    said: Said
    badge: str
    mark: str
    lead: tuple[SafeString, ...]
    further: tuple[SafeString, ...]
    conflicts: tuple[ConflictReading, ...]
    coverage: tuple[tuple[SafeString, str], ...]
    plans: tuple[PlanReading, ...]


@dataclass(frozen=True, slots=True)
class Badge:
    """One of the badges beside those of the themes: a mark, what it is about, what it says, whither."""

    mark: str
    about: str
    text: str
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The whole page of an answer."""

    answer: Answer
    title: SafeString
    notices: tuple[str, ...]
    themes: tuple[ThemeReading, ...]
    drawing: SafeString
    legend: tuple[legend.Row, ...]
    province: str
    coming: tuple[SafeString, ...]
    coming_read: str
    badges: tuple[Badge, ...]
    subject: tuple[Fact, ...]
    upcoming: tuple[OtherReading, ...]
    superseded: tuple[OtherReading, ...]
    not_checked: tuple[SafeString, ...]
    office: OfficeRef | None
    office_name: SafeString
    disclaimer: str
    licences: tuple[str, ...]


def read(answer: Answer, language: str, surroundings: Surroundings | None = None) -> Reading:
    """The page of an answer in one language; `surroundings` make its maps easier to read."""
    voice = Voice(language, answer)
    near = surroundings or Surroundings()
    ids = count(1)
    main = sheets.main_plan(answer)
    sheet = sheets.of_answer(answer, main, near, name="map", language=language)
    return Reading(
        answer=answer,
        title=title_of(answer, voice),
        notices=tuple(dict.fromkeys(voice.word(notice) for notice in answer.notices)),
        themes=tuple(_theme(theme, voice, ids, main, near) for theme in answer.themes),
        drawing=_svg(sheet),
        legend=legend.legend_of(sheet, voice, ids),
        province=near.province,
        coming=tuple(_coming(voice)),
        coming_read=voice.word(wording.COMING_READ),
        badges=tuple(_badges(voice)),
        subject=tuple(facts.subject_facts(voice)),
        upcoming=tuple(others.coming(item, voice) for item in answer.upcoming),
        superseded=tuple(others.reading_of(item, voice) for item in answer.superseded),
        not_checked=tuple(_not_checked(each, voice) for each in answer.not_checked),
        office=answer.office,
        office_name=voice.office(answer.office),
        disclaimer=voice.word(answer.disclaimer),
        licences=tuple(sorted({item.source.licence for item in _all_items(answer) if item.source.licence})),
    )


def title_of(answer: Answer, voice: Voice) -> SafeString:
    """How a reader calls the subject."""
    subject = answer.subject
    if subject.type == "point":
        point = subject.geometry.representative_point()
        place = f"{figures.number(point.y, 6, 'en')}, {figures.number(point.x, 6, 'en')}"
        return format_html(_("Point {place}"), place=place)
    if subject.type == "site":
        return format_html("{}", _("The area you drew"))
    commune = voice.vietnamese(subject.commune.name if subject.commune else "")
    return format_html(
        _("Parcel {number}, map sheet {sheet}, {commune}"),
        number=subject.number,
        sheet=subject.sheet,
        commune=commune,
    )


def _all_items(answer: Answer) -> list[Item]:
    return [item for theme in answer.themes for plan in theme.plans for item in plan.items]


def _svg(sheet: sheets.Sheet) -> SafeString:
    # the drawing is built as a tree and serialised, so every text in it is escaped
    return mark_safe(sheets.draw(sheet))  # noqa: S308


def _theme(
    theme: ThemeAnswer,
    voice: Voice,
    ids: "count[int]",
    main: PlanAnswer | None,
    near: Surroundings,
) -> ThemeReading:
    said = said_of(theme, was_planned=was_planned(theme, voice.answer))
    row = wording.WORDING[said]
    found = phrases.sentences(theme, voice)
    lead, further = phrases.lead(found, theme)
    return ThemeReading(
        code=theme.code,
        title=voice.word(theme.title),
        said=said,
        badge=voice.word(phrases.badge_of(theme, said)),
        mark=row.mark,
        lead=lead,
        further=further,
        conflicts=tuple(conflicts.reading_of(each, voice) for each in theme.conflicts),
        coverage=_coverage(theme, voice),
        plans=tuple(
            _plan(plan, voice, ids, None if plan is main else near, name=f"map-{theme.code}-{place}")
            for place, plan in enumerate(surface_first(theme.plans), 1)
        ),
    )


# By status of what comes; anything else was law before and is so again from a day that is set.
_COMING = {"draft": wording.COMING_DRAFT, "approved": wording.COMING_APPROVED, "again": wording.COMING_DATED}
_COMING_SHORT = {
    "draft": wording.COMING_DRAFT_SHORT,
    "approved": wording.COMING_APPROVED_SHORT,
    "again": wording.COMING_DATED_SHORT,
}


def _how_it_comes(item: OtherItem) -> str:
    return item.status if item.status in _COMING else "again"


def _coming(voice: Voice) -> list[SafeString]:
    """What may change all that is said above: drafts first, each plan named once."""
    found = []
    for how, text in _COMING.items():
        plans = {
            item.plan.id: voice.plan(item.plan)
            for item in voice.answer.upcoming
            if _how_it_comes(item) == how and item.item_class is not ItemClass.TOUCH
        }
        if plans:
            listed = format_html_join("; ", "{}", ((plan,) for plan in plans.values()))
            found.append(voice.say(text, plans=listed))
    return found


def _badges(voice: Voice) -> Iterator[Badge]:
    """What disagrees, what may change, and whom to ask."""
    for theme in voice.answer.themes:
        if theme.conflicts:
            words = voice.word(wording.CONFLICT_BADGE)
            yield Badge("disputed", voice.word(theme.title), words, f"theme-{theme.code}")
    coming = {_how_it_comes(item) for item in voice.answer.upcoming}
    if coming:
        text = next(short for how, short in _COMING_SHORT.items() if how in coming)
        yield Badge("coming", voice.word(wording.COMING_BADGE), voice.word(text), "upcoming")
    yield Badge("asking", voice.word(wording.ASK_BADGE), voice.word(wording.ASK), "office")


def _coverage(theme: ThemeAnswer, voice: Voice) -> tuple[tuple[SafeString, str], ...]:
    if not theme.coverage:
        return ((voice.say(wording.NO_COVERAGE), ""),)
    return tuple(
        (_with_kind(phrases.coverage_sentence(each, voice), each.plan_kind), each.source)
        for each in theme.coverage
    )


def _with_kind(sentence: SafeString, kind: str) -> SafeString:
    if not kind:
        return sentence
    label = str(PlanKind(kind).label)
    return format_html("{}: {}", label[:1].upper() + label[1:], sentence)


def _plan(
    plan: PlanAnswer, voice: Voice, ids: "count[int]", near: Surroundings | None, *, name: str
) -> PlanReading:
    """A plan with its own map, unless it stands on the main one (`near` None) or gives no zones."""
    zones = [item for item in plan.items if not is_restriction(item)]
    adjoining = [item for item in zones if item.item_class is ItemClass.TOUCH]
    on_it = [item for item in zones if item.item_class is not ItemClass.TOUCH]
    on_it.sort(key=lambda item: (-(item.share or 0), item.zone.code, item.zone.id))
    limits = [item for item in plan.items if is_restriction(item)]
    sheet = None
    if on_it and near is not None:
        sheet = sheets.of_answer(voice.answer, plan, near, name=name, language=voice.language)
    return PlanReading(
        plan=plan.plan,
        title=voice.plan(plan.plan),
        is_underground=is_underground(plan),
        facts=tuple(facts.plan_facts(plan.plan, [*on_it, *limits], voice)),
        rows=tuple(books.books_of(plan, on_it, voice, ids)),
        outside=books.outside_of(plan, voice),
        has_share=plan.uncovered_m2 is not None,
        zones=tuple(_item(item, plan, voice) for item in on_it),
        neighbours=tuple(_item(item, plan, voice) for item in adjoining),
        restrictions=tuple(_item(item, plan, voice) for item in limits),
        drawing=_svg(sheet) if sheet else None,
        legend=legend.legend_of(sheet, voice, ids) if sheet else (),
    )


def _item(item: Item, plan: PlanAnswer, voice: Voice) -> ItemReading:
    is_limit = is_restriction(item)
    return ItemReading(
        id=item.zone.id,
        heading=restriction_name(item, voice) if is_limit else _zone_heading(item, voice),
        sentence=restriction_sentence(plan, item, voice).text if is_limit else None,
        badge=voice.word(wording.CLASS_BADGES[item.item_class]),
        origin=facts.origin_fact(item, plan.plan, voice) if item.edition != plan.plan.edition else None,
        facts=tuple(facts.item_facts(item, voice)),
        indicators=facts.indicator_facts(
            item.indicators,
            voice.language,
            always=() if is_limit else facts.asked_of(plan.plan.kind),
        ),
        uses=tuple(facts.uses_facts(item, voice)),
        documents=tuple(each for each in item.documents if not each.clause),
        clauses=tuple(each for each in item.documents if each.clause),
        source=item.source,
    )


def _zone_heading(item: Item, voice: Voice) -> SafeString:
    use = item.zone.land_use
    name = named(use.en, use.vi, voice.language) if use else voice.vietnamese(item.zone.name)
    return format_html("{} · {}", item.zone.code, name) if item.zone.code else name


def _not_checked(each: NotChecked, voice: Voice) -> SafeString:
    reason = wording.NOT_CHECKED.get(each.reason)
    return format_html("{}: {}", voice.word(each.title), voice.word(reason or wording.NOT_CHECKED["other"]))
