"""Communes across reforms: what a unit is today, and which former units lie in one of today."""

from collections.abc import Iterable, Sequence
from datetime import date

import shapely

from planning.api.lists import Json
from planning.errors import BadParameter, Reason
from planning.lookup.succession import succession_of
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
    surveyed = AdminUnit.objects.defer("geometry").in_bulk({unit for unit, _ in places})
    became = succession_of(surveyed.values(), on=on)
    ends = {key: sorted(end.id for end in became.now(unit)) or [key] for key, unit in surveyed.items()}
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
