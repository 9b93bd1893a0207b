"""One theme at a time, each by itself: a theme that cannot be computed says so and spoils no other.

The rows are in memory by now, so nothing here asks the database; a failed statement never gets here.
"""

import logging
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from planning.answer.conflicts import conflicts_of, zones_of
from planning.answer.measured import Placed, books_of, place, plan_answer, restriction_figures
from planning.answer.model import (
    Conflict,
    ItemClass,
    OtherItem,
    PlanAnswer,
    ThemeAnswer,
    ThemeState,
)
from planning.answer.plan_rows import PlanRow, over_since, source_of
from planning.answer.rows import PieceRow, ThemeRow
from planning.answer.snapshot import Candidates
from planning.answer.states import Coverage, coverage_of, is_partly_known, state_of
from planning.answer.subjects import Asked
from planning.errors import CannotMeasure
from planning.geometry import may_reach, pair_tolerance

logger = logging.getLogger(__name__)

WAITING = frozenset({"draft", "approved"})
UPCOMING = WAITING | {"in_force"}
NO_LONGER = frozenset({"superseded", "suspended", "expired", "annulled"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeResult:
    """A theme with what is coming and what no longer applies; `others_failed` where that is not known."""

    answer: ThemeAnswer
    upcoming: tuple[OtherItem, ...] = ()
    superseded: tuple[OtherItem, ...] = ()
    others_failed: bool = False


def theme_result(theme: ThemeRow, found: Candidates, asked: Asked) -> ThemeResult:
    """Everything about one theme. Never raises for what lies in the data: that is state `error`."""
    try:
        answer = _theme_answer(theme, found, asked)
    except Exception as error:
        # Isolation is the point: whatever goes wrong in one theme, the others are answered, and this
        # one is shown as failed, never as "nothing planned".
        logger.exception("a theme could not be computed", extra={"theme": theme.code})
        return ThemeResult(answer=_failed(theme, error), others_failed=True)
    try:
        upcoming, superseded = _others(answer, found, asked)
    except Exception:
        logger.exception("what is coming or past could not be computed", extra={"theme": theme.code})
        return ThemeResult(answer=answer, others_failed=True)
    return ThemeResult(answer=answer, upcoming=upcoming, superseded=superseded)


def _theme_answer(theme: ThemeRow, found: Candidates, asked: Asked) -> ThemeAnswer:
    coverage = coverage_of(theme, found.coverage.get(theme.code, ()), asked)
    rows = [row for row in found.pieces.get(theme.code, ()) if is_in_force(row, asked)]
    by_plan = _by_plan(place(rows, found.plans, asked))
    plans = [plan_answer(placed, found.plans[plan], asked) for plan, placed in by_plan.items()]
    concerned = tuple(plan for plan in plans if plan is not None)
    conflicts = conflicts_of(by_plan, found, asked) if len(concerned) > 1 else ()
    return _answer(theme, coverage, concerned, conflicts)


def _answer(
    theme: ThemeRow, coverage: Coverage, plans: tuple[PlanAnswer, ...], conflicts: tuple[Conflict, ...]
) -> ThemeAnswer:
    # Zones speak through the totals of their land use: two borderline zones may be whole together.
    classes = [total.item_class for plan in plans for total in plan.totals]
    classes += [item.item_class for plan in plans for item in plan.items if item.zone.land_use is None]
    state = state_of(coverage, classes)
    return ThemeAnswer(
        code=theme.code,
        title=theme.title,
        state=state,
        partly_known=is_partly_known(coverage, state),
        withheld=coverage.is_withheld,
        coverage=coverage.rows,
        plans=tuple(sorted(plans, key=lambda plan: (plan.plan.kind, plan.plan.id))),
        conflicts=conflicts,
    )


def _failed(theme: ThemeRow, error: Exception) -> ThemeAnswer:
    code = error.reason.value if isinstance(error, CannotMeasure) and error.reason else "not_computed"
    return ThemeAnswer(
        code=theme.code,
        title=theme.title,
        state=ThemeState.ERROR,
        partly_known=False,
        withheld=False,
        coverage=(),
        plans=(),
        conflicts=(),
        error_code=code,
    )


def is_in_force(row: PieceRow, asked: Asked) -> bool:
    return row.status == "in_force" and row.is_valid(asked.as_at)


def _by_plan(rows: Iterable[Placed]) -> dict[str, list[Placed]]:
    by_plan: dict[str, list[Placed]] = {}
    for placed in rows:
        by_plan.setdefault(placed.row.plan, []).append(placed)
    return by_plan


# --- what is coming, and what no longer applies ---


def _others(
    answer: ThemeAnswer, found: Candidates, asked: Asked
) -> tuple[tuple[OtherItem, ...], tuple[OtherItem, ...]]:
    rows = found.pieces.get(answer.code, ())
    # A zone that is law nearby, but not here, may be yet to come here.
    now = {item.zone.id for plan in answer.plans for item in plan.items}
    waiting = [row for row in rows if row.status in UPCOMING and not is_in_force(row, asked)]
    coming = _coming(_near(waiting, found, asked), asked, now)
    past = [
        replace(row, valid_from=over_since(row, found.plans))
        for row in rows
        if row.status in NO_LONGER and row.is_valid(asked.as_at)
    ]
    superseded = _measured(past, found, asked)
    # Here a zone may be suspended in one part and annulled in another: it is what most of it is.
    by_area = sorted(superseded, key=lambda item: (item.area_m2 or 0.0, item.status))
    until_then = {item.zone.id: item.status for item in by_area}
    dated = [_dated(row, own, until_then.get(row.key, "approved")) for row, own in coming]
    return _measured(dated, found, asked), superseded


def _is_waiting(row: PieceRow, asked: Asked) -> bool:
    """Land that is drafted or approved on the day; of the same zone other land may be law already."""
    return row.status in WAITING and row.is_valid(asked.as_at)


def _near(rows: Sequence[PieceRow], found: Candidates, asked: Asked) -> list[PieceRow]:
    """Rows within tolerance of the subject: what comes first next door must not hide what comes here."""
    return [
        placed.row
        for placed in place(rows, found.plans, asked)
        if may_reach(
            asked.land,
            placed.shape,
            tolerance=pair_tolerance(found.plans[placed.row.plan].tolerance, asked.tolerance),
        )
    ]


def _coming(
    rows: Iterable[PieceRow], asked: Asked, now: Collection[str]
) -> Iterator[tuple[PieceRow, Sequence[PieceRow]]]:
    """Of each zone what it is on the day, else what it will be next, beside all that it will be.

    On the day some of a zone may be drafted and some approved, and some be law already: each is told. Of a
    zone that is law (`now`) nothing else is: its later pieces hold what is law already.
    """
    by_key: dict[str, list[PieceRow]] = {}
    for row in sorted(rows, key=lambda row: (row.valid_from is not None, row.valid_from, row.status)):
        by_key.setdefault(row.key, []).append(row)
    for key, own in by_key.items():
        today = [row for row in own if _is_waiting(row, asked)]
        for row in today or own[: key not in now]:
            yield row, own


def _dated(first: PieceRow, rows: Sequence[PieceRow], until_then: str) -> PieceRow:
    force = next((row for row in rows if row.status == "in_force"), None)
    starts = force.valid_from if force else None
    # What is in force only from a later day is approved until then, or suspended, annulled and the like.
    status = until_then if first.status == "in_force" else first.status
    return replace(first, status=status, valid_from=starts, valid_to=None)


def _measured(rows: Sequence[PieceRow], found: Candidates, asked: Asked) -> tuple[OtherItem, ...]:
    items: list[OtherItem] = []
    for placed in _by_plan_and_status(place(rows, found.plans, asked)):
        plan = found.plans[placed[0].row.plan]
        zones = zones_of(placed)
        books = books_of(zones, plan, asked) if zones else None
        for one in placed:
            own = books.items if books and one.row.group is not None else {}
            figures = (
                own.get(one.row.key) if one.row.group is not None else restriction_figures(one, plan, asked)
            )
            if figures is not None:
                items.append(_other(one, figures.item_class, figures.area_m2, figures.share, plan))
    return tuple(
        sorted(items, key=lambda item: (item.theme, item.plan.id, item.edition, item.zone.id, item.status))
    )


def _by_plan_and_status(rows: Sequence[Placed]) -> list[list[Placed]]:
    groups: dict[tuple[str, str], list[Placed]] = {}
    for placed in rows:
        groups.setdefault((placed.row.plan, placed.row.status), []).append(placed)
    return list(groups.values())


def _other(
    placed: Placed, item_class: ItemClass, area: float | None, share: float | None, plan: PlanRow
) -> OtherItem:
    row = placed.row
    edition = plan.edition(row.edition)
    return OtherItem(
        status=row.status,
        theme=row.theme,
        plan=plan.ref,
        zone=row.zone,
        edition=edition.code,
        decision=edition.decision,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        item_class=item_class,
        area_m2=area,
        share=share,
        causes=row.causes,
        source=source_of(row, plan),
        shape=placed.stored,
        acts=row.acts,
    )
