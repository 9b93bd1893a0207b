"""Editions and events as values, on a hectare at the origin: what the tests of the pure law are made of."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import shapely
from hypothesis import settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from planning.models import EventKind, LegalStatus
from planning.publication import law
from planning.publication.cut import Slice, slices
from planning.publication.law import Edition, Event, Replacement

DAY = timedelta(days=1)
LAND = shapely.box(0, 0, 100, 100)
Line = tuple[str, date, date | None]


def day(year: int, month: int = 1, on: int = 1) -> date:
    return date(year, month, on)


def edition(number: int, *events: Event, local: BaseGeometry | None = None) -> Edition:
    return Edition(
        code=f"zoning/{number}",
        number=number,
        is_local=local is not None,
        extent=LAND if local is None else local,
        published_on=day(2010),
        events=events,
    )


def event(
    kind: EventKind,
    on: date,
    within: BaseGeometry | None = None,
    works_from: date | None = None,
    works_to: date | None = None,
) -> Event:
    return Event(
        kind=kind,
        on=on,
        effective_from=works_from or on,
        effective_to=works_to,
        region=within,
        decision=f"{on:%Y}/QĐ",
    )


def in_force(on: date, within: BaseGeometry | None = None) -> Event:
    return event(EventKind.IN_FORCE, on, within)


def annulled(on: date, within: BaseGeometry | None = None) -> Event:
    return event(EventKind.ANNULLED, on, within)


def ex_tunc(on: date, within: BaseGeometry | None = None, works_from: date | None = None) -> Event:
    return event(EventKind.ANNULLED_EX_TUNC, on, within, works_from)


def lines(own: Edition, *others: Edition, replacements: Sequence[Replacement] = ()) -> list[Line]:
    """Statuses of land outside all extents."""
    acts = law.acts_on(own, others, replacements)
    return [(s.status.value, s.begins, s.ends) for s in law.timeline(law.everywhere(acts))]


def cut(own: Edition, *others: Edition, land: BaseGeometry = LAND) -> tuple[Slice, ...]:
    return slices(land, law.acts_on(own, others))


def area_of(pieces: Sequence[Slice], status: LegalStatus, on: date) -> float:
    return sum(
        (LAND if piece.geometry is None else piece.geometry).area
        for piece in pieces
        if piece.status == status and piece.begins <= on and (piece.ends is None or on < piece.ends)
    )


# any facts whatever; without a deadline, because a loaded machine is no fault of the law

any_facts = settings(deadline=None, max_examples=80)

DAYS = st.dates(day(2015), day(2025))
BOXES = st.builds(
    lambda x, y, w, h: shapely.box(x, y, x + w, y + h),
    st.integers(-20, 90),
    st.integers(-20, 90),
    st.integers(5, 120),
    st.integers(5, 120),
)


def lasting(made: Event, days: int | None) -> Event:
    """The event with an end, so many days after its beginning."""
    return made if days is None else replace(made, effective_to=made.effective_from + days * DAY)


EVENTS = st.builds(
    lasting,
    st.builds(
        Event,
        kind=st.sampled_from([kind for kind in EventKind if kind != EventKind.CORRECTED]),
        on=DAYS,
        effective_from=DAYS,
        region=st.none() | BOXES,
        decision=st.sampled_from(["1/QĐ", "2/QĐ"]),
    ),
    st.none() | st.integers(1, 1_500),
)


@st.composite
def plans(draw: st.DrawFn) -> list[Edition]:
    found = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        local = draw(st.none() | BOXES)
        found.append(edition(number, *draw(st.lists(EVENTS, max_size=4)), local=local))
    return found


def whole_law(editions: Sequence[Edition]) -> dict[str, list[tuple[object, ...]]]:
    found = {}
    for own in editions:
        others = [other for other in editions if other is not own]
        found[own.code] = [
            (p.status, p.begins, p.ends, p.causes, p.geometry and p.geometry.wkb) for p in cut(own, *others)
        ]
    return found
