"""Communes across reforms: what a unit is today, and which former units lie in one of today."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from planning.api.lists import Json
from planning.errors import BadParameter, Reason
from planning.models import AdminSuccession, AdminUnit


def commune_ref(unit: AdminUnit) -> Json:
    """A commune by id, bare code and name."""
    return {"id": unit.id, "code": unit.code, "name": unit.name}


def communes_now(unit_ids: Iterable[str], *, on: date) -> Mapping[str, list[Json]]:
    """By unit: the units that it has become, several where it was divided; itself where nothing followed."""
    steps: dict[str, set[str]] = defaultdict(set)
    asked = set(unit_ids)
    frontier = set(asked)
    while frontier:
        rows = AdminSuccession.objects.filter(predecessor_id__in=frontier, on__lte=on)
        found = list(rows.values_list("predecessor_id", "successor_id"))
        for before, after in found:
            steps[before].add(after)
        # A list may let a unit pass into one of the same id; following that again would never end.
        frontier = {after for _, after in found} - steps.keys()
    ends = {unit: sorted(_ends(unit, steps)) for unit in asked}
    units = AdminUnit.objects.in_bulk({end for reached in ends.values() for end in reached})
    return {unit: [commune_ref(units[end]) for end in reached] for unit, reached in ends.items()}


def _ends(unit: str, steps: Mapping[str, set[str]]) -> set[str]:
    reached, waiting, ends = {unit}, [unit], set()
    while waiting:
        current = waiting.pop()
        following = steps.get(current, set()) - {current}
        if not following:
            ends.add(current)
        waiting.extend(following - reached)
        reached |= following
    return ends


def surveyed_within(commune: str) -> set[str]:
    """The unit itself and all that passed into it; raises BadParameter where there is no such unit."""
    if not AdminUnit.objects.filter(id=commune).exists():
        raise BadParameter("commune", commune, Reason.UNKNOWN_CODE)
    reached = {commune}
    frontier = {commune}
    while frontier:
        rows = AdminSuccession.objects.filter(successor_id__in=frontier)
        frontier = set(rows.values_list("predecessor_id", flat=True)) - reached
        reached |= frontier
    return reached
