"""Coordinates -> positions, judged by our territories and by the unit that was named beside them."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.gis.db.models.functions import Envelope

from planning import crs
from planning.crs import Fit, PlaceCandidate
from planning.lookup.coordinates import CoordinateReading, places
from planning.models import Territory

_MOST = 8
# a commune's centre stands for the whole: the largest are so wide (degrees)
_NEAR_CENTRE = 0.15
_RANK = {fit: rank for rank, fit in enumerate(Fit)}
Box = tuple[float, float, float, float]
Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Position:
    """One reading of the numbers: does it lie in our territory, near what was named?"""

    candidate: PlaceCandidate
    is_in_territory: bool
    is_near_named: bool

    @property
    def place(self) -> Place:
        return self.candidate.lon, self.candidate.lat

    @property
    def is_likely(self) -> bool:
        return self.candidate.fit is not Fit.OUTSIDE_AREA


def position_at(place: Place, *, named: Iterable[Place] = ()) -> Position:
    """A place in degrees that leaves nothing to read."""
    lon, lat = place
    candidate = PlaceCandidate(lon, lat, crs.WGS84, lon, lat, swapped=False, fit=Fit.DEGREES)
    boxes = [
        box.extent for box in Territory.objects.annotate(box=Envelope("extent")).values_list("box", flat=True)
    ]
    return Position(candidate, _is_in(candidate, boxes), _is_near(candidate, tuple(named)))


def positions_of(
    readings: Sequence[CoordinateReading], *, named: Iterable[Place] = ()
) -> tuple[Position, ...]:
    """Where the readings may point, best first.

    Near the centres of a unit that was named, inside our territories, then by how well the system fits.
    """
    rows = Territory.objects.annotate(box=Envelope("extent")).values_list("metric_crs", "box")
    systems = {code: crs.parse(code) for code, _ in rows}
    boxes = [box.extent for _, box in rows]
    tried = [places(readings, territory=system) for system in systems.values() or (None,)]
    found: dict[tuple[float, float, str], PlaceCandidate] = {}
    for candidate in sorted(
        (candidate for reading in tried for candidate in reading), key=lambda one: _RANK[one.fit]
    ):
        found.setdefault((round(candidate.lon, 7), round(candidate.lat, 7), candidate.crs.code), candidate)
    centres = tuple(named)
    positions = [Position(one, _is_in(one, boxes), _is_near(one, centres)) for one in found.values()]
    likely = [position for position in positions if position.is_likely] or positions
    return tuple(sorted(likely, key=_order))[:_MOST]


def _order(position: Position) -> tuple[bool, bool, int]:
    return not position.is_near_named, not position.is_in_territory, _RANK[position.candidate.fit]


def _is_in(place: PlaceCandidate, boxes: Iterable[Box]) -> bool:
    return any(
        west <= place.lon <= east and south <= place.lat <= north for west, south, east, north in boxes
    )


def _is_near(place: PlaceCandidate, centres: Iterable[Place]) -> bool:
    return any(math.dist((place.lon, place.lat), centre) <= _NEAR_CENTRE for centre in centres)
