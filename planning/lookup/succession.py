"""What units passed into and came from, over as many steps as there were."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from planning.models import AdminSuccession, AdminUnit, AdminUnitKind

_HEAVY = ("successor__geometry", "successor__parent__geometry", "successor__parent__centre")


@dataclass(frozen=True, slots=True)
class Succession:
    """By unit id: the units of the day that it became, and the ids of all it was made of, however long ago.

    `all_later` also holds the units between.
    """

    later: Mapping[str, tuple[AdminUnit, ...]] = field(default_factory=dict)
    earlier: Mapping[str, frozenset[str]] = field(default_factory=dict)
    all_later: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def now(self, unit: AdminUnit) -> tuple[AdminUnit, ...]:
        return self.later.get(unit.id, ())


def succession_of(units: Iterable[AdminUnit], *, on: date) -> Succession:
    """What the units became by the day and what they were made of, in one question."""
    ids = list(dict.fromkeys(unit.id for unit in units))
    if not ids:
        return Succession()
    rows = (
        AdminSuccession.objects.reaching(ids, on=on)
        .select_related("successor__parent")
        .defer(*_HEAVY)
        .order_by("predecessor_id", "successor_id")
    )
    heirs: dict[str, dict[str, AdminUnit]] = {}
    origins: dict[str, list[str]] = {}
    for row in rows:
        heirs.setdefault(row.predecessor_id, {})[row.successor_id] = row.successor
        origins.setdefault(row.successor_id, []).append(row.predecessor_id)
    units_by_id = {key: unit for steps in heirs.values() for key, unit in steps.items()}
    became = {unit: reached(unit, heirs) for unit in ids}
    return Succession(
        later={
            unit: tuple(units_by_id[key] for key in later if key not in heirs)
            for unit, later in became.items()
            if later
        },
        earlier={unit: frozenset(reached(unit, origins)) for unit in ids},
        all_later={unit: frozenset(later) for unit, later in became.items()},
    )


def reached(start: str, steps: Mapping[str, Iterable[str]]) -> list[str]:
    """Everything that follows from the start, near things first, each once; circles end."""
    found: dict[str, None] = {}
    waiting = list(steps.get(start, ()))
    while waiting:
        unit = waiting.pop(0)
        if unit not in found and unit != start:
            found[unit] = None
            waiting.extend(steps.get(unit, ()))
    return list(found)


def surveyed_in(units: Sequence[AdminUnit], succession: Succession) -> set[str]:
    """Ids of the units under which parcels of the named ones may be filed.

    The units themselves, all they were made of (cadastral sheets keep the old unit) and what they
    became (newly surveyed land); districts and provinces through their communes.
    """
    ids = {unit.id for unit in units}
    superiors: set[str] = set()
    for unit in units:
        related = succession.earlier.get(unit.id, frozenset()) | succession.all_later.get(
            unit.id, frozenset()
        )
        ids |= related
        if unit.kind != AdminUnitKind.COMMUNE:
            superiors |= {unit.id, *succession.earlier.get(unit.id, ())}
    if superiors:
        ids |= set(AdminUnit.objects.within(superiors).values_list("id", flat=True))
    return ids


def centre_of(unit: AdminUnit, succession: Succession) -> tuple[float, float] | None:
    """Where to zoom: the unit's centre, else that of the unit it became."""
    for place in (unit, *succession.later.get(unit.id, ())):
        if place.centre is not None:
            return place.centre.x, place.centre.y
    return None


def centres_of(units: Sequence[AdminUnit]) -> tuple[tuple[float, float], ...]:
    """Where the units lie: their centres, or those of the communes in them or that took over their land."""
    own = tuple((unit.centre.x, unit.centre.y) for unit in units if unit.centre is not None)
    without = [unit.id for unit in units if unit.centre is None]
    if not without:
        return own
    of_theirs = Q(parent__in=without) | Q(parent__parent__in=without)
    # two questions joined by hand: one OR over both relations reads every unit
    heirs = AdminSuccession.objects.filter(
        Q(predecessor__in=without)
        | Q(predecessor__parent__in=without)
        | Q(predecessor__parent__parent__in=without)
    ).values("successor")
    found = AdminUnit.objects.filter(of_theirs | Q(id__in=heirs), centre__isnull=False)
    return own + tuple((centre.x, centre.y) for centre in found.values_list("centre", flat=True))
