"""Coordinates -> positions, judged by the territories that this deployment answers for."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.gis.db.models.functions import Envelope

from planning import crs
from planning.crs import Fit, PlaceCandidate
from planning.lookup.coordinates import places
from planning.models import Territory

_MOST = 8
_RANK = {fit: rank for rank, fit in enumerate(Fit)}
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Position:
    """One reading of the numbers, and whether it lies in a territory we answer for."""

    candidate: PlaceCandidate
    is_in_territory: bool

    @property
    def place(self) -> tuple[float, float]:
        return self.candidate.lon, self.candidate.lat

    @property
    def is_likely(self) -> bool:
        return self.candidate.fit is not Fit.OUTSIDE_AREA


def positions_of(text: str) -> tuple[Position, ...]:
    """Where the text may point, best first: inside our territories, then by how well the system fits."""
    rows = Territory.objects.annotate(box=Envelope("extent")).values_list("metric_crs", "box")
    systems = {code: crs.parse(code) for code, _ in rows}
    boxes = [box.extent for _, box in rows]
    readings = [places(text, territory=system) for system in systems.values() or (None,)]
    found: dict[tuple[float, float, str], PlaceCandidate] = {}
    for candidate in sorted(
        (candidate for reading in readings for candidate in reading), key=lambda one: _RANK[one.fit]
    ):
        found.setdefault((round(candidate.lon, 7), round(candidate.lat, 7), candidate.crs.code), candidate)
    positions = [Position(candidate, _is_in(candidate, boxes)) for candidate in found.values()]
    likely = [position for position in positions if position.is_likely] or positions
    return tuple(sorted(likely, key=lambda one: (not one.is_in_territory, _RANK[one.candidate.fit])))[:_MOST]


def _is_in(place: PlaceCandidate, boxes: Iterable[Box]) -> bool:
    return any(
        west <= place.lon <= east and south <= place.lat <= north for west, south, east, north in boxes
    )
