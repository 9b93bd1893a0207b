"""What an event would change, before anybody records it: the law with and without it, compared.

Nothing is written, no revision is waited for, and the database is told so. Zones that no bounded region
reaches share one history and are counted and measured by the database; the others are divided by the
regions, in metres, and each part is asked for its two histories.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import shapely
from django.db import connection, transaction
from django.utils import timezone
from shapely.geometry.base import BaseGeometry

from planning import crs
from planning.errors import Reason, Refused
from planning.models import Edition, LegalStatus, Parcel, Plan, PlanEvent, Restriction, Visibility, Zone
from planning.publication import law
from planning.publication.facts import acts_by_edition, affected_plans
from planning.publication.pieces import touched_rows
from planning.publication.places import Inside, Places
from planning.publication.rules import require_recordable
from planning.publication.shapes import all_in_metres, metres, stored

# Land changes for a parcel where it shares more than an edge with it; metres.
_EDGE = 0.05
_COUNT = "SELECT count(*) FROM {table} WHERE edition_id = %(edition)s AND NOT id = ANY (%(others)s::bigint[])"
_MEASURE = """
    SELECT count(*), coalesce(sum(ST_Area(ST_Transform(geometry, %(srid)s))), 0)
    FROM {table} WHERE edition_id = %(edition)s AND NOT id = ANY (%(others)s::bigint[])
"""
# In parts of few vertices, so that the index of places helps.
_PARCELS = """
    SELECT count(DISTINCT parcel.id)
    FROM ST_Subdivide(%(land)s::geometry) AS part (geometry)
    JOIN {table} AS parcel ON ST_Intersects(parcel.geometry, part.geometry)
    WHERE upper_inf(parcel.known) AND parcel.valid @> %(today)s::date
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """Over these days land of the edition would have another status; None: the law does not know it."""

    edition: str
    before: LegalStatus | None
    after: LegalStatus | None
    begins: date
    ends: date | None
    zones: int
    restrictions: int
    area_m2: float  # of the zones


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """All that an event would change; `parcels` of today share land with it."""

    transitions: tuple[Transition, ...]
    parcels: int


@dataclass(frozen=True, slots=True, order=True)
class _Change:
    """One status instead of another over some days."""

    begins: date
    ends: date
    before: str
    after: str


@dataclass(slots=True)
class _Sum:
    zones: int = 0
    restrictions: int = 0
    area: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class _Comparison:
    """The acts on one edition without and with the event, and the bounded regions of both."""

    edition: Edition
    system: crs.CRS
    without: tuple[law.Act, ...]
    supposed: tuple[law.Act, ...]
    places: Places


def preview_event(event: PlanEvent) -> Effect:
    """What would change if the event, not saved, were recorded now.

    Raises Refused where the rules forbid to record it; who may record it is not asked.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        edition = Edition.objects.select_related("plan").get(pk=event.edition_id)
        if edition.visibility != Visibility.PUBLIC:
            raise Refused(Reason.WRONG_STATE, edition=edition.code, state=edition.visibility)
        require_recordable(event, edition)
        transitions: list[Transition] = []
        lands: list[tuple[BaseGeometry, crs.CRS]] = []
        for plan in affected_plans([edition]):
            for comparison in _comparisons(plan, event):
                transitions += _transitions(comparison)
                lands += [(land, comparison.system) for land in _changed_land(comparison)]
        return Effect(transitions=tuple(transitions), parcels=_parcels(lands))


def _comparisons(plan: Plan, event: PlanEvent) -> Iterator[_Comparison]:
    """The editions of the plan on which the acts would not be the same."""
    system = crs.parse(plan.metric_crs)
    supposed = acts_by_edition(plan, supposing=event)
    for edition, without in acts_by_edition(plan).items():
        if supposed[edition] == without:
            continue
        yield _Comparison(
            edition=edition,
            system=system,
            without=without,
            supposed=supposed[edition],
            places=Places.of((*without, *supposed[edition])),
        )


def _transitions(comparison: _Comparison) -> list[Transition]:
    sums: dict[_Change, _Sum] = {}
    _add_shared(comparison, sums)
    for family in (Zone, Restriction):
        _add_touched(comparison, family, sums)
    return [
        Transition(
            edition=comparison.edition.code,
            before=LegalStatus(change.before) if change.before else None,
            after=LegalStatus(change.after) if change.after else None,
            begins=change.begins,
            ends=None if change.ends == date.max else change.ends,
            zones=found.zones,
            restrictions=found.restrictions,
            area_m2=found.area,
        )
        for change, found in sorted(sums.items())
        if found.zones or found.restrictions
    ]


def _add_shared(comparison: _Comparison, sums: dict[_Change, _Sum]) -> None:
    """What the zones share that no bounded region reaches."""
    changes = _changes(law.everywhere(comparison.without), law.everywhere(comparison.supposed))
    if not changes:
        return
    zones, area = _rest(comparison, Zone, _MEASURE)
    restrictions, *_ = _rest(comparison, Restriction, _COUNT)
    for change in changes:
        found = sums.setdefault(change, _Sum())
        found.zones += int(zones)
        found.restrictions += int(restrictions)
        found.area += float(area)


def _rest(comparison: _Comparison, family: type[Zone | Restriction], statement: str) -> tuple[Any, ...]:
    values: dict[str, Any] = {
        "edition": comparison.edition.pk,
        "srid": comparison.system.srid,
        "others": [row.pk for row in _touched(comparison, family).only("pk")],
    }
    with connection.cursor() as cursor:
        cursor.execute(statement.format(table=family._meta.db_table), values)
        return tuple(cursor.fetchone())


def _touched(comparison: _Comparison, family: type[Zone | Restriction]) -> Any:
    rows = family.objects.of_edition(comparison.edition)
    return touched_rows(rows, (*comparison.without, *comparison.supposed), comparison.system)


def _add_touched(
    comparison: _Comparison, family: type[Zone | Restriction], sums: dict[_Change, _Sum]
) -> None:
    rows = list(_touched(comparison, family).values_list("public_id", "geometry"))
    if not rows:
        return
    shapes = all_in_metres([geometry for _, geometry in rows], comparison.system)
    changes_of = _histories(comparison)
    for (public_id, _), parts in zip(rows, comparison.places.divided(shapes), strict=True):
        _add_parts(sums, family, [(part, changes_of(inside, public_id)) for part, inside in parts])


def _add_parts(
    sums: dict[_Change, _Sum],
    family: type[Zone | Restriction],
    parts: Iterable[tuple[BaseGeometry, tuple[_Change, ...]]],
) -> None:
    """One zone or restriction, counted once for each change that some part of it undergoes."""
    counted: set[_Change] = set()
    for part, changes in parts:
        for change in changes:
            found = sums.setdefault(change, _Sum())
            found.area += part.area if family is Zone else 0.0
            if change not in counted:
                counted.add(change)
                found.zones += family is Zone
                found.restrictions += family is Restriction


def _histories(comparison: _Comparison) -> Callable[[Inside, str], tuple[_Change, ...]]:
    """The changes of a part by the regions that hold it and the name of the zone."""
    places = comparison.places
    named = law.contents(comparison.without) | law.contents(comparison.supposed)

    @cache
    def changes(inside: Inside, public_id: str) -> tuple[_Change, ...]:
        return _changes(
            places.reaching(comparison.without, inside, public_id),
            places.reaching(comparison.supposed, inside, public_id),
        )

    # what nobody names one by one has the history of all others in the same place
    return lambda inside, public_id: changes(inside, public_id if public_id in named else "")


def _changes(without: Iterable[law.Act], supposed: Iterable[law.Act]) -> tuple[_Change, ...]:
    """Where the statuses of two histories differ, neighbouring days taken together."""
    before, after = law.timeline(without), law.timeline(supposed)
    days = sorted({segment.begins for segment in (*before, *after)})
    found: list[_Change] = []
    for begins, ends in zip(days, [*days[1:], date.max], strict=True):
        old, new = _status_on(before, begins), _status_on(after, begins)
        if old == new:
            continue
        if found and (found[-1].ends, found[-1].before, found[-1].after) == (begins, old, new):
            begins = found.pop().begins
        found.append(_Change(begins, ends, old, new))
    return tuple(found)


def _status_on(segments: Iterable[law.Segment], on: date) -> str:
    """Empty where the law does not know the land yet."""
    covering = (s.status for s in segments if s.begins <= on and (s.ends is None or on < s.ends))
    return next(covering, "")


def _changed_land(comparison: _Comparison) -> Iterator[BaseGeometry]:
    """The land of the edition on which something changes; zones named one by one by themselves."""
    changes_of = _histories(comparison)
    if comparison.edition.extent is not None:
        land = np.array([metres(comparison.edition.extent, comparison.system)], dtype=object)
        (parts,) = comparison.places.divided(land)
        yield from (part for part, inside in parts if changes_of(inside, ""))
    named = law.contents(comparison.without) | law.contents(comparison.supposed)
    for row in Zone.objects.of_edition(comparison.edition).filter(public_id__in=sorted(named)):
        (parts,) = comparison.places.divided(all_in_metres([row.geometry], comparison.system))
        yield from (part for part, inside in parts if changes_of(inside, row.public_id))


def _parcels(lands: Sequence[tuple[BaseGeometry, crs.CRS]]) -> int:
    """Parcels of today that share land with any of these."""
    inner = [(shapely.buffer(land, -_EDGE, join_style="mitre"), system) for land, system in lands]
    shapes = [stored(land, system) for land, system in inner if not land.is_empty]
    if not shapes:
        return 0
    # disjoint or not, they are only looked into
    together = shapely.union_all([shapely.from_wkb(bytes(shape.wkb)) for shape in shapes])
    values = {"land": shapely.to_wkb(shapely.set_srid(together, 4326), include_srid=True, hex=True)}
    with connection.cursor() as cursor:
        cursor.execute(
            _PARCELS.format(table=Parcel._meta.db_table), {**values, "today": timezone.localdate()}
        )
        return int(cursor.fetchone()[0])
