"""Communes across reforms: what a unit is today, and which former units lie in one of today."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import shapely

from planning.api.lists import Json
from planning.errors import BadParameter, Reason
from planning.models import AdminSuccession, AdminUnit

# The unit of the survey and a point that surely lies in the parcel (lon, lat).
Place = tuple[str, shapely.Point]


def commune_ref(unit: AdminUnit) -> Json:
    """A commune by id, bare code and name."""
    return {"id": unit.id, "code": unit.code, "name": unit.name}


def communes_now(places: Sequence[Place], *, on: date) -> list[list[Json]]:
    """For each place the units that its unit has become; itself where nothing followed.

    Where a unit was divided, only those whose boundary holds the point, or whose boundary is not known.
    """
    steps = _steps({unit for unit, _ in places}, on=on)
    ends = {unit: sorted(_ends(unit, steps)) for unit in {unit for unit, _ in places}}
    units = AdminUnit.objects.in_bulk({end for reached in ends.values() for end in reached})
    shapes = {
        unit.id: shapely.from_wkb(bytes(unit.geometry.wkb))
        for unit in units.values()
        if unit.geometry is not None
    }
    return [
        [
            commune_ref(units[end])
            for end in ends[unit]
            if end == unit or end not in shapes or shapes[end].intersects(point)
        ]
        for unit, point in places
    ]


def _steps(units: set[str], *, on: date) -> Mapping[str, set[str]]:
    """By unit: its direct successors, for the units and all that followed."""
    steps: dict[str, set[str]] = defaultdict(set)
    frontier = set(units)
    while frontier:
        rows = AdminSuccession.objects.filter(predecessor_id__in=frontier, on__lte=on)
        found = list(rows.values_list("predecessor_id", "successor_id"))
        for before, after in found:
            steps[before].add(after)
        # A unit may pass into one that passed into it; following that again would never end.
        frontier = {after for _, after in found} - steps.keys()
    return steps


def _ends(unit: str, steps: Mapping[str, set[str]]) -> set[str]:
    reached, waiting = {unit}, [unit]
    while waiting:
        following = steps.get(waiting.pop(), set()) - reached
        waiting.extend(following)
        reached |= following
    return {found for found in reached if not steps.get(found)}


def surveyed_within(communes: Iterable[str]) -> set[str]:
    """The units themselves and all that passed into them; raises BadParameter for one that there is not."""
    reached = set(communes)
    for missing in reached - set(AdminUnit.objects.filter(id__in=reached).values_list("id", flat=True)):
        raise BadParameter("commune", missing, Reason.UNKNOWN_CODE)
    frontier = set(reached)
    while frontier:
        rows = AdminSuccession.objects.filter(successor_id__in=frontier)
        frontier = set(rows.values_list("predecessor_id", flat=True)) - reached
        reached |= frontier
    return reached
