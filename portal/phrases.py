"""Sentences: one theme of an answer in the words of `portal.wording`.

Answer and language in, safe HTML out. Knows no request and no template.
"""

from collections.abc import Iterable, Sequence

from django.utils.safestring import SafeString

from planning.answer.model import (
    CoverageRef,
    Item,
    ItemClass,
    OfficeRef,
    PlanAnswer,
    Text,
    ThemeAnswer,
    ThemeState,
    Total,
)
from portal import figures, wording
from portal.conflicts import conflict_sentence
from portal.restrictions import restriction_sentence
from portal.states import (
    SURE,
    is_restriction,
    is_shared,
    on_boundary,
    said_of,
    said_of_area,
    surface_first,
    was_planned,
)
from portal.voice import Sentence, Voice
from portal.wording import Said

MOST_IN_LEAD = 3
# nothing of these themes is law here, as far as we know
_WITHOUT_LAW = (
    ThemeState.NOT_CONCERNED,
    ThemeState.UNCERTAIN,
    ThemeState.UNKNOWN,
    ThemeState.PARTLY_KNOWN,
)
# How many sentences open the page for one theme, beside what is disputed or not known.
MOST_FIRST = 4


def sentences(theme: ThemeAnswer, voice: Voice) -> list[Sentence]:
    """Everything that is to be said first about a theme, the surest first."""
    said = said_of(theme, was_planned=was_planned(theme, voice.answer))
    if theme.state not in (ThemeState.CONCERNED, ThemeState.UNCERTAIN):
        return [Sentence(said, _about_nothing_found(said, theme, voice)), *_once_planned(said, theme, voice)]
    found = [sentence for plan in surface_first(theme.plans) for sentence in _of_plan(plan, voice)]
    if theme.state is ThemeState.CONCERNED:
        found = [sentence for sentence in found if sentence.said is not Said.TOUCH]
    found.extend(Sentence(said, conflict_sentence(each, voice)) for each in theme.conflicts)
    found.extend(_once_planned(said, theme, voice))
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


def _once_planned(said: Said, theme: ThemeAnswer, voice: Voice) -> list[Sentence]:
    """Where something used to apply, "no" and "not known" say so: an ended plan leaves questions."""
    if theme.state not in _WITHOUT_LAW or not was_planned(theme, voice.answer):
        return []
    office = voice.office(_office_of(theme.coverage, None))
    return [Sentence(said, voice.say(wording.ONCE_PLANNED, theme=voice.theme(theme), office=office))]


def _office_of(coverage: Iterable[CoverageRef], state: str | None) -> OfficeRef | None:
    return next((each.office for each in coverage if state in (None, each.state)), None)


def _of_plan(plan: PlanAnswer, voice: Voice) -> list[Sentence]:
    totals = sorted(plan.totals, key=lambda total: (-(total.share or 0.0), total.land_use.code))
    sure = [total for total in totals if total.item_class in SURE]
    found = []
    before = None
    for total in sure[:MOST_IN_LEAD]:
        named_plan = voice.plan_of(plan.plan, items_of(plan, total))
        found.append(_sure(plan, total, voice, named_plan, before))
        before = named_plan
    if len(sure) > MOST_IN_LEAD:
        more = voice.say(wording.MORE_USES, count=len(sure) - MOST_IN_LEAD)
        found.append(Sentence(Said.PART, more))
    found.extend(_unsure(plan, total, voice) for total in totals if total.item_class not in SURE)
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
    if said is Said.PART and is_shared(plan):
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
    return on_boundary(Said(total.item_class.value), voice.use(total.land_use), plan.plan, items, voice)


def badge_of(theme: ThemeAnswer, said: Said) -> Text:
    """Uses are planned, corridors and protected areas apply."""
    has_uses = any(plan.totals for plan in theme.plans)
    row = wording.WORDING[said]
    return row.badge if has_uses else wording.RESTRICTED_BADGES.get(said, row.badge)


def lead(
    found: Sequence[Sentence], theme: ThemeAnswer
) -> tuple[tuple[SafeString, ...], tuple[SafeString, ...]]:
    """What opens the page and what opens the section.

    Beside a sure sentence a boundary matter waits for the section; what we do not know or may not
    show, and what plans disagree on, never waits.
    """
    sure = {Said.WHOLE, Said.WHOLE_AS_DRAWN, Said.SEVERAL, Said.PART, Said.CROSSED}
    if any(sentence.said in sure for sentence in found):
        first = [sentence for sentence in found if sentence.said not in (Said.BORDERLINE, Said.TOUCH)]
    else:
        first = list(found)
    kept = first if len(first) <= MOST_FIRST else _shortened(first, len(theme.conflicts))
    rest = [sentence.text for sentence in found if sentence not in kept]
    return tuple(sentence.text for sentence in kept), tuple(rest)


def _shortened(first: Sequence[Sentence], conflicts: int) -> list[Sentence]:
    """The first few, and every sentence about conflicts and about what is not known."""
    unknown = [each for each in first if each.said in (Said.PARTLY_KNOWN, Said.WITHHELD)]
    known = [each for each in first if each not in unknown]
    disputed = known[len(known) - conflicts :] if conflicts else []
    plain = known[: len(known) - conflicts]
    return [*plain[: MOST_FIRST - 1], *disputed, *unknown]


def coverage_sentence(declared: CoverageRef, voice: Voice) -> SafeString:
    """What the publisher declared; a state that has no sentence is a fault of ours, not a silence."""
    return voice.say(
        wording.COVERAGE[declared.state],
        office=voice.office(declared.office),
        as_of=figures.day(declared.as_of, voice.language),
    )
