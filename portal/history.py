"""A parcel's history in words: what applied in which days, what happened, and since when we know it.

History in, frozen readings out. Each period is told by the same sentences as an answer of its days; what
was not known then is said to be not known, never left out.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from planning.answer.model import (
    Answer,
    DocumentRef,
    ItemClass,
    OtherItem,
    ThemeAnswer,
    ThemeState,
)
from planning.answer.over_time import History, Period, PlanEventRef, RevisionRef
from planning.models import EventKind
from portal import figures, lineage, others, phrases, wording
from portal.asking import When
from portal.lineage import LineageReading
from portal.reading import title_of
from portal.restrictions import restriction_name
from portal.states import is_restriction, said_of, was_planned
from portal.voice import Voice
from portal.wording import Said

_SILENT = (ThemeState.UNKNOWN, ThemeState.PARTLY_KNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeOfDays:
    """One theme in one period: a line of it, and what was said first.

    The line is its badge, what applied, and what is disputed, not known or not shown `beside` that.
    """

    title: str
    badge: str
    mark: str
    applied: tuple[SafeString, ...]
    beside: tuple[str, ...]
    sentences: tuple[SafeString, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherOfDays:
    """A plan that was not law in a period: its status, and how many of its zones."""

    mark: str
    status: str
    plan: str
    title: SafeString


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodReading:
    """Days on which the same applied; `query` leads to the whole answer of one of them."""

    heading: str
    is_today: bool
    is_to_come: bool
    themes: tuple[ThemeOfDays, ...]
    others: tuple[OtherOfDays, ...]
    unknown: tuple[str, ...]
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HappenedReading:
    """A dated fact of a plan on this land."""

    day: str
    kind: str
    plan: str
    title: SafeString
    edition: str
    remarks: tuple[str, ...]
    is_void: bool
    document: DocumentRef | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionReading:
    """A publication that changed what we know of this land; `query` shows the history as known then."""

    number: int
    at: str
    office: SafeString
    what: str
    plans: tuple[tuple[str, SafeString], ...]
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryReading:
    """The whole page."""

    history: History
    title: SafeString
    notices: tuple[str, ...]
    periods: tuple[PeriodReading, ...]
    happened: tuple[HappenedReading, ...]
    revisions: tuple[RevisionReading, ...]
    lineage: LineageReading
    disclaimer: str

    @property
    def newest_first(self) -> tuple[PeriodReading, ...]:
        """The days of today, what is to come after them, then what was before, the newest first."""
        now = [period for period in self.periods if period.is_today]
        to_come = [period for period in self.periods if period.is_to_come]
        before = [period for period in self.periods if not (period.is_today or period.is_to_come)]
        return (*now, *to_come, *reversed(before))


def read(history: History, when: When, language: str) -> HistoryReading:
    voices = [Voice(language, _answer_of(period, history)) for period in history.periods]
    titles = {plan: title for voice in voices for plan, title in others.plan_titles(voice).items()}
    voice = voices[-1] if voices else Voice(language, _empty(history))
    return HistoryReading(
        history=history,
        title=title_of(_empty(history), voice),
        notices=tuple(dict.fromkeys(voice.word(notice) for notice in history.notices)),
        periods=tuple(_periods(zip(history.periods, voices, strict=True), when)),
        happened=tuple(_happened(event, titles, voice) for event in history.events),
        revisions=tuple(_revision(each, titles, _offices(voices), language) for each in history.revisions),
        lineage=lineage.reading_of(history.subject, when, language),
        disclaimer=voice.word(history.disclaimer),
    )


def _answer_of(period: Period, history: History) -> Answer:
    """The answer of the days of a period, for the sentences that are said about it."""
    return Answer(
        as_at=_a_day_of(period),
        known_at=history.known_at,
        revision=history.revision,
        generated_at=history.generated_at,
        engine=history.engine,
        digest="",
        notices=history.notices,
        subject=period.subject,
        themes=period.themes,
        upcoming=period.upcoming,
        superseded=period.superseded,
        not_checked=period.not_checked,
        disclaimer=history.disclaimer,
        office=None,
    )


def _empty(history: History) -> Answer:
    """The parcel in its latest version, with nothing said of it."""
    nothing = Period(
        begins=None, ends=None, subject=history.subject, themes=(), upcoming=(), superseded=(), not_checked=()
    )
    return _answer_of(nothing, history)


def _a_day_of(period: Period) -> date:
    """Today where it belongs to the period, else its first day, else its last."""
    today = timezone.localdate()
    if _holds(period, today):
        return today
    if period.begins is not None:
        return period.begins
    return period.ends - timedelta(days=1) if period.ends else today


def _holds(period: Period, day: date) -> bool:
    return (period.begins is None or period.begins <= day) and (period.ends is None or day < period.ends)


def _periods(told: Iterable[tuple[Period, Voice]], when: When) -> Iterable[PeriodReading]:
    """Days of which the same is said are one period, though something not said here changed within them."""
    kept: list[tuple[Period, PeriodReading]] = []
    for period, voice in told:
        reading = _period(period, voice, when)
        if kept and _says_the_same(kept[-1][1], reading):
            period = replace(period, begins=kept.pop()[0].begins)
            reading = _period(period, voice, when)
        kept.append((period, reading))
    return [reading for _period_told, reading in kept]


def _says_the_same(one: PeriodReading, other: PeriodReading) -> bool:
    return (one.themes, one.others, one.unknown) == (other.themes, other.others, other.unknown)


def _period(period: Period, voice: Voice, when: When) -> PeriodReading:
    today = timezone.localdate()
    told = [theme for theme in period.themes if theme.state not in _SILENT]
    is_past = period.ends is not None and period.ends <= today
    # what was to come in days that are over stands in the periods that followed
    beside = period.superseded if is_past else (*period.superseded, *period.upcoming)
    day = When(as_at=_a_day_of(period), known_at=when.known_at, known_at_text=when.known_at_text)
    return PeriodReading(
        heading=_days(period, voice.language),
        is_today=_holds(period, today),
        is_to_come=period.begins is not None and period.begins > today,
        themes=tuple(_theme(theme, voice) for theme in told),
        others=tuple(_others(beside, voice)),
        unknown=tuple(voice.word(theme.title) for theme in period.themes if theme.state in _SILENT),
        query=day.query,
    )


def _days(period: Period, language: str) -> str:
    """The days of a period; its end is the last day that counts."""
    days = {
        "begins": figures.day(period.begins, language) if period.begins else "",
        "ends": figures.day(period.ends - timedelta(days=1), language) if period.ends else "",
    }
    if period.begins and period.ends:
        return _("%(begins)s to %(ends)s") % days
    if period.begins:
        return _("From %(begins)s on") % days
    return _("Until %(ends)s") % days if period.ends else _("At all times")


def _theme(theme: ThemeAnswer, voice: Voice) -> ThemeOfDays:
    said = said_of(theme, was_planned=was_planned(theme, voice.answer))
    found = phrases.sentences(theme, voice)
    first, rest = phrases.lead(found, theme)
    sentences = list(first)
    if rest:
        sentences.append(format_html(_("And {count} more, see the whole answer."), count=len(rest)))
    return ThemeOfDays(
        title=voice.word(theme.title),
        badge=voice.word(phrases.badge_of(theme, said)),
        mark=wording.WORDING[said].mark,
        applied=_applied(theme, voice),
        beside=tuple(_beside(theme, voice)),
        sentences=tuple(sentences),
    )


def _applied(theme: ThemeAnswer, voice: Voice) -> tuple[SafeString, ...]:
    """The uses and restrictions that concern the parcel, each once; the largest use first."""
    totals = sorted(
        (total for plan in theme.plans for total in plan.totals if total.item_class is not ItemClass.TOUCH),
        key=lambda total: (-(total.share or 0.0), total.land_use.code),
    )
    restrictions = (
        restriction_name(item, voice)
        for plan in theme.plans
        for item in plan.items
        if is_restriction(item) and item.item_class is not ItemClass.TOUCH
    )
    return tuple(dict.fromkeys((*(voice.use(total.land_use) for total in totals), *restrictions)))


def _beside(theme: ThemeAnswer, voice: Voice) -> Iterable[str]:
    """What never waits for the sentences: no line may look surer than its answer."""
    if theme.conflicts:
        yield voice.word(wording.LEGEND["conflict"])
    if theme.partly_known:
        yield voice.word(wording.WORDING[Said.PARTLY_KNOWN].badge)
    if theme.withheld:
        yield voice.word(wording.WORDING[Said.WITHHELD].badge)


def _others(items: Iterable[OtherItem], voice: Voice) -> Iterable[OtherOfDays]:
    """Each plan once for each status it had here."""
    told = {
        (item.status, item.plan.id): OtherOfDays(
            mark=others.MARKS[item.status],
            status=voice.word(wording.STATUSES[item.status]),
            plan=item.plan.id,
            title=voice.plan(item.plan),
        )
        for item in items
    }
    return told.values()


def _happened(event: PlanEventRef, titles: dict[str, SafeString], voice: Voice) -> HappenedReading:
    return HappenedReading(
        day=figures.day(event.effective_from, voice.language),
        kind=str(EventKind(event.kind).label),
        plan=event.plan,
        title=titles.get(event.plan, format_html("{}", event.plan)),
        edition=voice.edition(event.edition),
        remarks=tuple(_remarks(event, voice.language)),
        is_void=event.is_void,
        document=event.document,
    )


def _remarks(event: PlanEventRef, language: str) -> Iterable[str]:
    if event.effective_to:
        yield _("until %(day)s") % {"day": figures.day(event.effective_to, language)}
    if event.is_partial:
        yield _("for a part of the plan")
    if event.on != event.effective_from:
        yield _("decided on %(day)s") % {"day": figures.day(event.on, language)}
    if event.is_void:
        yield _("taken back: it never happened")
    elif event.is_corrected:
        yield _("corrected: see the page of the plan")


def _offices(voices: Iterable[Voice]) -> dict[str, SafeString]:
    """The names of the offices whose plans or declarations the history tells of."""
    found: dict[str, SafeString] = {}
    for voice in voices:
        for theme in voice.answer.themes:
            refs = [plan.plan.office for plan in theme.plans] + [each.office for each in theme.coverage]
            found |= {ref.id: voice.office(ref) for ref in refs}
    return found


def _revision(
    each: RevisionRef, titles: dict[str, SafeString], offices: dict[str, SafeString], language: str
) -> RevisionReading:
    words = {
        "zones": _("zones"),
        "restrictions": _("lines and protected areas"),
        "coverage": _("how complete the data are"),
        "parcel": _("the parcel itself"),
        "lineage": _("where the parcel came from"),
        "relations": _("relations between plans"),
        "rulings": _("rulings on conflicts"),
    }
    return RevisionReading(
        number=each.revision,
        at=figures.moment(each.at, timezone.get_current_timezone(), language),
        office=offices.get(each.office, format_html("{}", each.office)),
        what=", ".join(words.get(what, what) for what in each.what),
        plans=tuple((plan, titles.get(plan, format_html("{}", plan))) for plan in each.plans),
        query=f"?{urlencode({'known_at': each.at.isoformat()})}",
    )
