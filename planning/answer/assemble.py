"""The question put together with its answer: subject, themes, what is coming, past and not checked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain

from django.utils import timezone
from shapely import MultiPolygon, Polygon

from planning.answer import render, subjects, texts
from planning.answer.candidates import candidates
from planning.answer.compute import ThemeResult, theme_result
from planning.answer.model import Answer, NotChecked, OfficeRef, OtherItem, Text, ThemeAnswer
from planning.answer.rows import ThemeRow
from planning.answer.snapshot import Candidates
from planning.answer.subjects import Asked
from planning.errors import BadParameter, Reason

# Raised whenever the same data would give another legal core.
ENGINE = "answer-3"
# No plan is made to last longer. Beyond that many years what is in force today says nothing.
HORIZON_YEARS = 50


def answer_parcel(
    code: str, *, as_at: date, known_at: datetime | None = None, themes: Sequence[str] | None = None
) -> Answer:
    """What is planned for a stored parcel on a day, as known at a time (None: now), in two statements.

    Raises NotFound, BadParameter (`themes`, `known_at`) and Unavailable.
    """
    now, today = clock(known_at)
    asked = subjects.parcel(code, as_at=as_at, known_at=known_at, now=now, today=today)
    return _answer(asked, themes, now)


def answer_site(
    drawn: Polygon | MultiPolygon,
    *,
    as_at: date,
    known_at: datetime | None = None,
    themes: Sequence[str] | None = None,
) -> Answer:
    """The same for a drawn polygon (EPSG:4326; lon, lat), taken as exact."""
    now, today = clock(known_at)
    return _answer(subjects.site(drawn, as_at=as_at, known_at=known_at, now=now, today=today), themes, now)


def answer_point(
    lon: float,
    lat: float,
    *,
    as_at: date,
    known_at: datetime | None = None,
    themes: Sequence[str] | None = None,
) -> Answer:
    """The same for a point (EPSG:4326), taken as exact: classes without areas."""
    now, today = clock(known_at)
    return _answer(
        subjects.point(lon, lat, as_at=as_at, known_at=known_at, now=now, today=today), themes, now
    )


def clock(known_at: datetime | None) -> tuple[datetime, date]:
    """Now, and the day on which the question stands: of a question about the past, that day."""
    now = timezone.now()
    if known_at is not None and known_at > now:
        raise BadParameter("known_at", known_at.isoformat(), Reason.IN_THE_FUTURE)
    return now, timezone.localdate(known_at or now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What is said of the land itself."""

    themes: tuple[ThemeAnswer, ...]
    upcoming: tuple[OtherItem, ...]
    superseded: tuple[OtherItem, ...]
    not_checked: tuple[NotChecked, ...]


def content_of(asked: Asked, found: Candidates, themes: Sequence[ThemeRow]) -> Content:
    """These themes, with what is coming and what no longer applies; the others are named as not checked."""
    if _is_beyond_horizon(asked):
        found = replace(found, pieces={}, coverage={})
    results = [theme_result(theme, found, asked) for theme in themes]
    return Content(
        themes=tuple(result.answer for result in results),
        upcoming=tuple(chain.from_iterable(result.upcoming for result in results)),
        superseded=tuple(chain.from_iterable(result.superseded for result in results)),
        not_checked=tuple(_not_checked(found.themes, themes, results)),
    )


def first_day_beyond_horizon(asked: Asked) -> date | None:
    """The first day of which nothing is said any more, as seen from the day of the question."""
    year = asked.today.year + HORIZON_YEARS + 1
    return date(year, 1, 1) if year <= date.max.year else None


def _answer(asked: Asked, wanted: Sequence[str] | None, now: datetime) -> Answer:
    found = candidates(asked)
    content = content_of(asked, found, _chosen(found.themes, wanted))
    answer = Answer(
        as_at=asked.as_at,
        known_at=asked.known_at,
        revision=asked.revision,
        generated_at=now,
        engine=ENGINE,
        digest="",
        notices=_notices(asked, found),
        subject=asked.subject,
        themes=content.themes,
        upcoming=content.upcoming,
        superseded=content.superseded,
        not_checked=content.not_checked,
        disclaimer=texts.DISCLAIMER,
        office=_office(asked, found, content.themes),
    )
    return replace(answer, digest=render.digest(answer))


def _chosen(themes: Sequence[ThemeRow], wanted: Sequence[str] | None) -> list[ThemeRow]:
    if wanted is None:
        return list(themes)
    known = {theme.code for theme in themes}
    for code in wanted:
        if code not in known:
            raise BadParameter("themes", code, Reason.NOT_A_CHOICE, choices=sorted(known))
    return [theme for theme in themes if theme.code in wanted]


def _is_beyond_horizon(asked: Asked) -> bool:
    return asked.as_at.year - asked.today.year > HORIZON_YEARS


def _notices(asked: Asked, found: Candidates) -> tuple[Text, ...]:
    notices = []
    if any(office.is_demonstration for office in found.offices.values()):
        notices.append(texts.DEMONSTRATION)
    if not asked.was_known:
        notices.append(texts.NOT_KNOWN_THEN)
    if not asked.existed:
        notices += [texts.NOT_EXISTING_THEN, *_lineage_notices(asked)]
    if _is_beyond_horizon(asked):
        notices.append(texts.TOO_FAR_AHEAD)
    elif asked.as_at > asked.today:
        notices.append(texts.IN_THE_FUTURE)
    return tuple(notices)


def _lineage_notices(asked: Asked) -> Iterable[Text]:
    """What a parcel that is no more became, or what one came from that was not yet."""
    parcel = asked.subject
    after = [other.id for other in parcel.successors if other.id != parcel.id]
    before = [other.id for other in parcel.predecessors if other.id != parcel.id]
    if after and parcel.existed_to is not None and parcel.existed_to <= asked.as_at:
        yield texts.ended(parcel.existed_to, after)
    if before and parcel.existed_from is not None and asked.as_at < parcel.existed_from:
        yield texts.not_yet(parcel.existed_from, before)


def _not_checked(
    all_themes: Iterable[ThemeRow], asked_for: Sequence[ThemeRow], results: Iterable[ThemeResult]
) -> Iterable[NotChecked]:
    """Themes nobody asked for, and lists that could not be computed."""
    chosen = {theme.code for theme in asked_for}
    for theme in all_themes:
        if theme.code not in chosen:
            yield NotChecked(theme=theme.code, title=theme.title, reason="not_requested")
    for result in results:
        if result.others_failed:
            yield NotChecked(
                theme=result.answer.code, title=result.answer.title, reason="upcoming_and_superseded_failed"
            )


def _office(asked: Asked, found: Candidates, themes: Iterable[ThemeAnswer]) -> OfficeRef | None:
    """The territory's office; where there is none, that of the first plan found."""
    if asked.office is not None:
        return found.offices.get(asked.office)
    plans = (plan.plan.office for theme in themes for plan in theme.plans)
    return next(plans, None)
