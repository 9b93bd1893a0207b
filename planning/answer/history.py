"""A parcel over legal time: the answer of every day, put together to periods, as known in one revision.

The statement of a day is asked for all days at once; then each day on which anything may change is
computed with the very functions of the answer, so that a period says what an answer about any of its days
says. Days that say the same are put together. `knowledge` adds how that came to be known.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import chain, pairwise

from planning.answer import subjects, texts
from planning.answer.assemble import ENGINE, clock, content_of, first_day_beyond_horizon
from planning.answer.candidates import candidates_of_all_days
from planning.answer.force import EventRow
from planning.answer.knowledge import revisions_of
from planning.answer.model import OtherItem, Text
from planning.answer.over_time import History, Period, PlanEventRef
from planning.answer.plan_rows import EditionRow, PlanRow
from planning.answer.snapshot import Timeless
from planning.answer.subjects import Asked

# So many pieces are measured for one history, each once for every period it is looked at in; what is
# older than that is left out, and said to be.
MOST_MEASURED = 20_000
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Version:
    """One version of the parcel, with all that ever mattered for it."""

    asked: Asked
    found: Timeless

    def distance(self, on: date) -> int:
        """How many days lie between the day and those on which the version existed."""
        begins, ends = self.asked.subject.existed_from, self.asked.subject.existed_to
        if begins is not None and on < begins:
            return (begins - on).days
        return 0 if ends is None or on < ends else (on - ends).days + 1


def history_of_parcel(code: str, *, known_at: datetime | None = None) -> History:
    """What applied to a stored parcel from its first known law to the last, as known at a time (None: now).

    Costs one statement for the versions of the parcel, one for each version and two for how it became
    known. Raises NotFound, BadParameter (`known_at`) and Unavailable.
    """
    now, today = clock(known_at)
    asked = subjects.parcel_versions(code, known_at=known_at, now=now, today=today)
    versions = [_Version(one, candidates_of_all_days(one)) for one in asked]
    latest = max(versions, key=lambda version: version.asked.subject.existed_from or date.min).asked
    periods, is_cut = _periods(versions)
    return History(
        known_at=latest.known_at,
        revision=latest.revision,
        generated_at=now,
        engine=ENGINE,
        notices=tuple(_notices(latest, versions, periods[0].begins if is_cut else None)),
        subject=latest.subject,
        periods=tuple(periods),
        events=tuple(_events(versions, periods)),
        revisions=revisions_of(asked, [version.found for version in versions]),
        disclaimer=texts.DISCLAIMER,
    )


# --- periods ---


def _periods(versions: Sequence[_Version]) -> tuple[list[Period], bool]:
    """All periods from the first day to the last, and whether earlier ones had to be left out."""
    days = sorted(set(chain.from_iterable(_turning_days(version) for version in versions)))
    days += _between_versions(versions)
    days = sorted(set(days))
    starts: list[date | None] = [None, *days]
    ends = [*days, None]
    periods: list[Period] = []
    measured = 0
    for begins, end in zip(reversed(starts), reversed(ends), strict=True):
        if measured > MOST_MEASURED:
            return periods, True
        period, cost = _period(versions, begins, end)
        measured += cost
        if periods and _says_the_same(period, periods[0]):
            periods[0] = replace(periods[0], begins=begins)
        else:
            periods.insert(0, period)
    return periods, False


def _period(versions: Sequence[_Version], begins: date | None, ends: date | None) -> tuple[Period, int]:
    """What holds from one day to another on which something may change, and how much was measured."""
    day = begins or (ends - _DAY if ends is not None and ends > date.min else date.min)
    version = min(versions, key=lambda one: one.distance(day))
    asked = replace(version.asked, as_at=day)
    found = version.found.on(day)
    content = content_of(asked, found, found.themes)
    period = Period(
        begins=begins,
        ends=ends,
        subject=asked.subject,
        themes=content.themes,
        upcoming=content.upcoming,
        superseded=content.superseded,
        not_checked=content.not_checked,
    )
    return period, sum(map(len, found.pieces.values()))


def _says_the_same(one: Period, other: Period) -> bool:
    return replace(one, begins=None, ends=None) == replace(other, begins=None, ends=None)


def _turning_days(version: _Version) -> Iterator[date]:
    """The days from which on an answer may be another one than on the day before."""
    found, asked = version.found, version.asked
    bounds: list[date | None] = [asked.subject.existed_from, asked.subject.existed_to]
    for rows in (found.pieces, found.coverage, found.themes):
        for row in rows:
            bounds += [row.valid_from, row.valid_to]
    for theme in found.themes:
        bounds += chain.from_iterable((begins, ends) for _, begins, ends in theme.loaded)
    for ruling in found.rulings:
        bounds += [ruling.ref.effective_from, ruling.ref.effective_to]
    for plan in found.plans.values():
        for event in chain.from_iterable(edition.events for edition in plan.editions):
            bounds += [event.effective_from, event.effective_to]
    # no declaration speaks for a day after the one on which it is asked, and nothing for the far future
    bounds += [asked.today + _DAY, first_day_beyond_horizon(asked)]
    return (day for day in bounds if day is not None)


def _between_versions(versions: Iterable[_Version]) -> Iterator[date]:
    """Where the parcel did not exist for a while: the days around the middle, when the nearest changes."""
    spans = sorted(
        (version.asked.subject.existed_from or date.min, version.asked.subject.existed_to)
        for version in versions
    )
    for (_, ends), (begins, _) in pairwise(spans):
        if ends is not None and ends < begins:
            middle = ends + (begins - ends) // 2
            yield from (middle - _DAY, middle, middle + _DAY)


# --- events ---


def _events(versions: Sequence[_Version], periods: Iterable[Period]) -> Iterator[PlanEventRef]:
    """The dated facts about every edition that is in some period, void ones included."""
    shown = _editions_in(periods)
    plans: dict[str, PlanRow] = {}
    for version in versions:
        plans |= version.found.plans
    events = [
        (plan, edition, event)
        for plan in plans.values()
        for edition in plan.editions
        if edition.code in shown
        for event in edition.recorded
        if event.is_near
    ]
    events.sort(key=lambda one: (one[2].effective_from, one[2].on, one[0].ref.id, one[1].number, one[2].kind))
    return (_event(*one) for one in events)


def _editions_in(periods: Iterable[Period]) -> set[str]:
    """Editions that give something here, or whose acts gave or took its status."""
    codes: set[str] = set()
    for period in periods:
        rows: list[OtherItem] = [*period.upcoming, *period.superseded]
        for row in rows:
            codes |= {row.edition, *row.causes}
        for theme in period.themes:
            for item in chain.from_iterable(plan.items for plan in theme.plans):
                codes |= {item.edition, *(act.edition for act in item.acts)}
    return codes


def _event(plan: PlanRow, edition: EditionRow, event: EventRow) -> PlanEventRef:
    return PlanEventRef(
        plan=plan.ref.id,
        edition=edition.code,
        kind=event.kind,
        on=event.on,
        effective_from=event.effective_from,
        effective_to=event.effective_to,
        is_partial=event.is_partial,
        is_corrected=event.is_corrected,
        is_void=event.is_void,
        document=event.document,
        revision=event.revision,
    )


def _notices(latest: Asked, versions: Iterable[_Version], cut: date | None) -> Iterator[Text]:
    offices = chain.from_iterable(version.found.offices.values() for version in versions)
    if any(office.is_demonstration for office in offices):
        yield texts.DEMONSTRATION
    if not latest.was_known:
        yield texts.NOT_KNOWN_THEN
    if cut is not None:
        yield texts.earlier_left_out(cut)
