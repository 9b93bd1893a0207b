"""How an answer reads: the same Answer as the API's, put in the order and words of the page.

Answer -> Reading, frozen, once; templates only print it. Nothing is computed here but the way
figures are rounded for print: areas to 0.1 m², by largest remainder, so that the printed books close.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from planning.answer.model import (
    Answer,
    Decision,
    DocumentRef,
    Item,
    ItemClass,
    LandUseRef,
    NotChecked,
    OfficeRef,
    OtherItem,
    PlanAnswer,
    PlanRef,
    Source,
    Text,
    ThemeAnswer,
)
from planning.codes.indicators import PARAMETERS, IndicatorState
from planning.geometry.rounding import apportion, is_trace, shares_shown
from planning.models import PlanKind, VerticalLevel
from portal import figures, patterns, phrases, sheets, wording
from portal.drawing import Area
from portal.phrases import Sentence, Voice
from portal.surroundings import Surroundings
from portal.wording import Said

# What people ask of every zone of a construction plan: said to be missing rather than left out.
ALWAYS_ASKED = ("coverage", "floor_area_ratio", "storeys", "height")
_WITHOUT_BUILDING_RULES = {PlanKind.LAND_USE, PlanKind.LAND_USE_ANNUAL}
MOST_IN_LEAD = 4


@dataclass(frozen=True, slots=True)
class Fact:
    """A term and what is said of it, never blank."""

    term: str
    value: SafeString


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemReading:
    """One zone or restriction in detail: its rules, documents and where the data came from."""

    id: str
    heading: SafeString
    sentence: SafeString | None
    badge: str
    facts: tuple[Fact, ...]
    indicators: tuple[Fact, ...]
    uses: tuple[Fact, ...]
    documents: tuple[DocumentRef, ...]
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanReading:
    """One plan in force: facts, map, books, zones in detail, neighbours, restrictions."""

    plan: PlanRef
    title: SafeString
    facts: tuple[Fact, ...]
    rows: tuple[BookRow, ...]
    outside: SafeString | None
    has_share: bool
    zones: tuple[ItemReading, ...]
    neighbours: tuple[ItemReading, ...]
    restrictions: tuple[ItemReading, ...]
    drawing: SafeString | None


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
    coverage: tuple[tuple[SafeString, str], ...]
    plans: tuple[PlanReading, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherReading:
    """A zone that is not law on the day: draft, approved, replaced, annulled."""

    status: str
    plan: PlanRef
    title: SafeString
    zone_id: str
    label: SafeString
    badge: str
    area: str
    dates: str
    decision: SafeString
    causes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The whole page of an answer."""

    answer: Answer
    title: SafeString
    notices: tuple[str, ...]
    themes: tuple[ThemeReading, ...]
    drawing: SafeString
    legend: tuple[tuple[SafeString, SafeString], ...]
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
    return Reading(
        answer=answer,
        title=title_of(answer, voice),
        notices=tuple(dict.fromkeys(voice.word(notice) for notice in answer.notices)),
        themes=tuple(_theme(theme, voice, ids, main, near) for theme in answer.themes),
        drawing=_svg(sheets.of_answer(answer, main, near, name="map", language=language)),
        legend=_legend(sheets.areas_of(main, near), voice, ids),
        subject=tuple(_subject_facts(voice)),
        upcoming=tuple(_other(item, voice) for item in answer.upcoming),
        superseded=tuple(_other(item, voice) for item in answer.superseded),
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


def _swatch(use: LandUseRef | None, ids: "count[int]") -> SafeString:
    if use is None:
        return mark_safe("")
    return mark_safe(patterns.swatch(use.color, use.group, f"swatch-{next(ids)}"))  # noqa: S308


def _theme(
    theme: ThemeAnswer,
    voice: Voice,
    ids: "count[int]",
    main: PlanAnswer | None,
    near: Surroundings,
) -> ThemeReading:
    said = phrases.said_of(theme)
    row = wording.WORDING[said]
    found = phrases.sentences(theme, voice)
    lead, further = _lead(found, theme)
    return ThemeReading(
        code=theme.code,
        title=voice.word(theme.title),
        said=said,
        badge=voice.word(row.badge),
        mark=row.mark,
        lead=lead,
        further=further,
        coverage=_coverage(theme, voice),
        plans=tuple(
            _plan(plan, voice, ids, None if plan is main else near, name=f"map-{theme.code}-{place}")
            for place, plan in enumerate(theme.plans, 1)
        ),
    )


def _lead(
    found: Sequence[Sentence], theme: ThemeAnswer
) -> tuple[tuple[SafeString, ...], tuple[SafeString, ...]]:
    """What opens the page and what opens the section.

    Beside a sure sentence a boundary matter waits for the section; what we do not know or may not
    show, and what plans disagree on, never waits.
    """
    sure = {Said.WHOLE, Said.PART, Said.CROSSED}
    if any(sentence.said in sure for sentence in found):
        first = [sentence for sentence in found if sentence.said not in (Said.BORDERLINE, Said.TOUCH)]
    else:
        first = list(found)
    kept = first if len(first) <= MOST_IN_LEAD else _shortened(first, len(theme.conflicts))
    rest = [sentence.text for sentence in found if sentence not in kept]
    return tuple(sentence.text for sentence in kept), tuple(rest)


def _shortened(first: Sequence[Sentence], conflicts: int) -> list[Sentence]:
    """The first few, and every sentence about conflicts and about what is not known."""
    unknown = [each for each in first if each.said in (Said.PARTLY_KNOWN, Said.WITHHELD)]
    known = [each for each in first if each not in unknown]
    disputed = known[len(known) - conflicts :] if conflicts else []
    plain = known[: len(known) - conflicts]
    return [*plain[: MOST_IN_LEAD - 1], *disputed, *unknown]


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
    zones = [item for item in plan.items if not phrases.is_restriction(item)]
    adjoining = [item for item in zones if item.item_class is ItemClass.TOUCH]
    on_it = [item for item in zones if item.item_class is not ItemClass.TOUCH]
    on_it.sort(key=lambda item: (-(item.share or 0), item.zone.code, item.zone.id))
    limits = [item for item in plan.items if phrases.is_restriction(item)]
    return PlanReading(
        plan=plan.plan,
        title=voice.plan(plan.plan),
        facts=tuple(_plan_facts(plan.plan, voice)),
        rows=tuple(_books(plan, on_it, voice, ids)),
        outside=_outside(plan, voice),
        has_share=plan.uncovered_m2 is not None,
        zones=tuple(_item(item, plan, voice) for item in on_it),
        neighbours=tuple(_item(item, plan, voice) for item in adjoining),
        restrictions=tuple(_item(item, plan, voice) for item in limits),
        drawing=_svg(sheets.of_answer(voice.answer, plan, near, name=name, language=voice.language))
        if on_it and near is not None
        else None,
    )


def _plan_facts(plan: PlanRef, voice: Voice) -> list[Fact]:
    kind = str(PlanKind(plan.kind).label)
    facts = [Fact(_("Kind of plan"), format_html("{}", kind[:1].upper() + kind[1:]))]
    if plan.level != VerticalLevel.SURFACE:
        facts.append(Fact(_("Level"), format_html("{}", VerticalLevel(plan.level).label)))
    scale = figures.scale(plan.scale, voice.language) if plan.scale else voice.word(wording.NOT_IN_DATA)
    return [
        *facts,
        Fact(_("Decision"), decision_text(plan.decision, voice)),
        Fact(_("In force from"), _day(plan.in_force_from, voice)),
        Fact(_("Edition"), format_html("{}", plan.edition)),
        Fact(_("Map scale"), format_html("{}", scale)),
        Fact(_("Accuracy"), format_html("± {}", figures.length(plan.accuracy_m, voice.language))),
        Fact(_("Published by"), voice.office(plan.office)),
    ]


def _day(day: object, voice: Voice) -> SafeString:
    shown = figures.day(day, voice.language) if day else voice.word(wording.NOT_IN_DATA)
    return format_html("{}", shown)


def decision_text(decision: Decision | None, voice: Voice) -> SafeString:
    """Number, date and issuer; what is missing is said to be missing."""
    if decision is None:
        return format_html("{}", voice.word(wording.NOT_IN_DATA))
    number = voice.vietnamese(decision.number) if decision.number else voice.word(wording.NOT_IN_DATA)
    parts = [number, _day(decision.date, voice)]
    if decision.issuer:
        parts.append(voice.vietnamese(decision.issuer))
    return format_html_join(" · ", "{}", ((part,) for part in parts))


def _books(plan: PlanAnswer, zones: Sequence[Item], voice: Voice, ids: "count[int]") -> list[BookRow]:
    """The rows of a plan whose printed areas and shares add up to the subject."""
    if not zones:
        return []
    area = voice.answer.subject.area_m2
    if not area or plan.uncovered_m2 is None:
        return [_zone_row(item, None, voice, ids) for item in zones]
    overlap = plan.overlap_m2 or 0.0
    parts = [(item.zone.id, item.area_m2 or 0.0) for item in zones] + [("~", plan.uncovered_m2)]
    whole, double = round(area * 10), round(overlap * 10)
    areas = apportion(parts, whole + double)
    shares = shares_shown(parts, area=area, overlap=overlap)
    rows = [_zone_row(item, (areas[at], shares[at]), voice, ids) for at, item in enumerate(zones)]
    rows.append(_sum_row("uncovered", (areas[-1], shares[-1]), plan.uncovered_m2, voice))
    if overlap > 0:
        rows.append(_sum_row("overlap", (double, round(1000 * overlap / area)), overlap, voice, sign="−"))
    return [*rows, _sum_row("total", (whole, 1000), area, voice)]


def _zone_row(item: Item, tenths: tuple[int, int] | None, voice: Voice, ids: "count[int]") -> BookRow:
    """A zone with its area and share in tenths; None where the subject has no area."""
    use = item.zone.land_use
    return BookRow(
        kind="zone",
        code=item.zone.code or (use.code if use else ""),
        label=format_html("{} ({})", phrases.named(use.en, use.vi, voice.language), use.code)
        if use
        else voice.vietnamese(item.zone.name),
        swatch=_swatch(use, ids),
        area=_trace(tenths[0], item.area_m2, "m²", voice) if tenths else "",
        share=_trace(tenths[1], item.area_m2, "%", voice) if tenths else "",
        band=figures.band(item.share_low or 0.0, item.share_high or 0.0, voice.language) if tenths else "",
        badge=voice.word(wording.CLASS_BADGES[item.item_class]),
        zone_id=item.zone.id,
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


def _outside(plan: PlanAnswer, voice: Voice) -> SafeString | None:
    if not plan.outside_m2:
        return None
    return format_html(voice.word(wording.BOOKS["outside"]), area=voice.area(plan.outside_m2))


def _item(item: Item, plan: PlanAnswer, voice: Voice) -> ItemReading:
    is_limit = phrases.is_restriction(item)
    return ItemReading(
        id=item.zone.id,
        heading=phrases.restriction_name(item, voice) if is_limit else _zone_heading(item, voice),
        sentence=phrases.restriction_sentence(plan, item, voice).text if is_limit else None,
        badge=voice.word(wording.CLASS_BADGES[item.item_class]),
        facts=tuple(_item_facts(item, voice)),
        indicators=indicator_facts(
            item.indicators,
            voice.language,
            always=() if is_limit or plan.plan.kind in _WITHOUT_BUILDING_RULES else ALWAYS_ASKED,
        ),
        uses=tuple(_uses(item, voice)),
        documents=item.documents,
        source=item.source,
    )


def _zone_heading(item: Item, voice: Voice) -> SafeString:
    use = item.zone.land_use
    name = phrases.named(use.en, use.vi, voice.language) if use else voice.vietnamese(item.zone.name)
    return format_html("{} · {}", item.zone.code, name) if item.zone.code else name


def _item_facts(item: Item, voice: Voice) -> list[Fact]:
    facts = [Fact(_("Name"), voice.vietnamese(item.zone.name))] if item.zone.name else []
    return [
        *facts,
        Fact(_("Decision"), decision_text(item.decision, voice)),
        Fact(_("In force from"), _day(item.in_force_from, voice)),
        Fact(_("Edition"), format_html("{}", item.edition)),
        Fact(_("Office"), voice.office(item.office)),
    ]


def indicator_facts(
    indicators: object, language: str, always: Sequence[str] = ALWAYS_ASKED
) -> tuple[Fact, ...]:
    """Every rule value in words; those people always ask for are named even where data lack them."""
    given = dict(indicators) if indicators else {}  # type: ignore[call-overload]
    names = [*always, *(name for name in PARAMETERS if name in given and name not in always)]
    names += sorted(name for name in given if name not in names)
    return tuple(
        Fact(_indicator_name(name, language), _indicator(given.get(name), language)) for name in names
    )


def _indicator_name(name: str, language: str) -> str:
    known = wording.INDICATORS.get(name)
    return wording.said(known, language) if known else name


def _indicator(value: dict[str, object] | None, language: str) -> SafeString:
    state = IndicatorState(value["state"]) if value else IndicatorState.UNKNOWN
    text = str(value["text"]).strip() if value else ""
    if state is IndicatorState.STATED and text and value:
        return format_html("{}{}", text, _unit(value, text, language))
    # "stated" without a text would be a blank; a blank is never shown as a rule
    state = IndicatorState.UNKNOWN if state is IndicatorState.STATED else state
    words = wording.said(wording.INDICATOR_STATES[state], language)
    if text and state is IndicatorState.REFERS_ELSEWHERE:
        return format_html("{}: {}", words, text)
    return format_html("{}", words)


def _unit(value: dict[str, object], text: str, language: str) -> str:
    """The unit, where the numbers were read and the text does not say it itself."""
    unit = str(value.get("unit") or "")
    was_read = value.get("min") is not None or value.get("max") is not None
    if not unit or not was_read or not text[-1].isdigit():
        return ""
    shown = wording.UNITS.get(unit, Text(unit, unit))
    return f"{figures.NO_BREAK}{wording.said(shown, language)}"


def _uses(item: Item, voice: Voice) -> list[Fact]:
    named = (
        (_("Allowed uses"), item.uses.allowed),
        (_("Uses under conditions"), item.uses.conditional),
        (_("Forbidden uses"), item.uses.forbidden),
    )
    return [Fact(term, voice.vietnamese("; ".join(uses))) for term, uses in named if uses]


def _legend(
    areas: Sequence[Area], voice: Voice, ids: "count[int]"
) -> tuple[tuple[SafeString, SafeString], ...]:
    """Colour, pattern, code and word for every use on the main map."""
    uses = {area.use: area for area in areas if area.use}
    return tuple(
        (
            mark_safe(patterns.swatch(area.colour, area.group, f"swatch-{next(ids)}")),  # noqa: S308
            format_html("{} {}", code, phrases.named(area.name_en, area.name_vi, voice.language)),
        )
        for code, area in sorted(uses.items())
    )


def _subject_facts(voice: Voice) -> list[Fact]:
    subject = voice.answer.subject
    facts = []
    if subject.commune:
        facts.append(Fact(_("Commune when surveyed"), voice.vietnamese(subject.commune.name)))
    if subject.commune_now:
        today = ", ".join(commune.name for commune in subject.commune_now)
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
        facts.append(Fact(_("Accuracy"), format_html("± {}", voice.length(subject.accuracy_m))))
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
    direction = _("more than on the map") if difference > 0 else _("less than on the map")
    return format_html("{} ({} {})", shown, voice.area(abs(difference)), direction)


def _other(item: OtherItem, voice: Voice) -> OtherReading:
    use = item.zone.land_use
    label = voice.use(use) if use else format_html("{}", voice.vietnamese(item.zone.name or item.zone.code))
    return OtherReading(
        status=voice.word(wording.STATUSES[item.status]),
        plan=item.plan,
        title=voice.plan(item.plan),
        zone_id=item.zone.id,
        label=label,
        badge=voice.word(wording.CLASS_BADGES[item.item_class]),
        area=_other_area(item, voice),
        dates=_dates(item, voice),
        decision=decision_text(item.decision, voice),
        causes=", ".join(item.causes),
    )


def _other_area(item: OtherItem, voice: Voice) -> str:
    if item.area_m2 is None or item.share is None:
        return ""
    return f"{voice.area(item.area_m2)} ({figures.share(item.share, voice.language)})"


def _dates(item: OtherItem, voice: Voice) -> str:
    begins = figures.day(item.valid_from, voice.language) if item.valid_from else ""
    ends = figures.day(item.valid_to, voice.language) if item.valid_to else ""
    if begins and ends:
        return _("from %(begins)s to %(ends)s") % {"begins": begins, "ends": ends}
    if begins:
        return _("from %(begins)s") % {"begins": begins}
    return _("until %(ends)s") % {"ends": ends} if ends else ""


def _not_checked(each: NotChecked, voice: Voice) -> SafeString:
    reason = wording.NOT_CHECKED.get(each.reason)
    return format_html("{}: {}", voice.word(each.title), voice.word(reason or wording.NOT_CHECKED["other"]))
