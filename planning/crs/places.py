"""Two numbers that somebody typed -> the places they may mean.

Surveyors in Vietnam write X = north first; the systems say east first; a phone says latitude first. The
same metres are good coordinates in several zones, 27 to 294 km apart. So every reading is tried and
ranked with its reason, and the person is asked; nothing is guessed here.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from planning.crs.operations import transform_array
from planning.crs.systems import CRS, VN2000, VN2000_GEOGRAPHIC, WGS84, Bounds
from planning.errors import BadParameter, CannotMeasure, Reason

# Degrees are decidable in either order inside this frame, the islands included.
VIETNAM_WITH_ISLANDS: Bounds = (102.0, 4.0, 118.0, 24.0)

# How far outside its area a system (or a country) may still be meant: coasts, zones used a little beyond
# their edge. With one degree a northing of the far south would pass for an easting.
NEARBY_DEGREES = 0.5


class Fit(StrEnum):
    """Why a reading stands where it stands, best first."""

    OWN_SYSTEM = "own_system"  # the territory's own system, inside its area of use
    DEGREES = "degrees"  # degrees (WGS 84) that lie in the territory
    OWN_SYSTEM_NEARBY = "own_system_nearby"  # the territory's own system, a little outside its area
    AREA_OF_USE = "area_of_use"  # another system, inside its area of use
    OUTSIDE_AREA = "outside_area"  # no system fits; this is only the least unlikely


_RANK = {fit: rank for rank, fit in enumerate(Fit)}


@dataclass(frozen=True, slots=True)
class PlaceCandidate:
    """One reading of two numbers: x, y in `crs` (GIS order) and the same place in WGS 84 degrees.

    `swapped` says that the numbers were written y first: northing or latitude before easting or longitude.
    """

    lon: float
    lat: float
    crs: CRS
    x: float
    y: float
    swapped: bool
    fit: Fit

    @property
    def reason(self) -> str:
        """The code of `fit`, for the sentence beside the candidate."""
        return self.fit.value


def candidates_for(first: float, second: float, *, territory: CRS | None) -> tuple[PlaceCandidate, ...]:
    """Every plausible reading of two numbers, in both orders and all systems of the territory, best first.

    `territory` is the territory's metric system, None if it has none yet. Empty when nothing is
    plausible, and for numbers that are not finite.
    """
    if not (math.isfinite(first) and math.isfinite(second)):
        return ()
    if abs(first) <= 180 and abs(second) <= 180:
        found = list(_degrees(first, second, territory))
    else:
        found = list(_metres(first, second, territory))
    fitting = [candidate for candidate in found if candidate.fit is not Fit.OUTSIDE_AREA]
    return tuple(sorted(fitting or found, key=lambda candidate: _rank(candidate, territory)))


def locate(x: float, y: float, crs: CRS, *, parameter: str = "coordinates") -> PlaceCandidate:
    """The place of a pair whose system is stated, in GIS order.

    Raises BadParameter with SWAPPED_AXES when only the other order makes sense there, and with
    OUTSIDE_CRS when neither does. A pair inside the country but outside the area of use comes back as
    OUTSIDE_AREA: to be questioned, with `candidates_for` as what else it may be.
    """
    place = _read(x, y, crs, swapped=False)
    if place is not None and _is_near(place.lon, place.lat, crs):
        return place
    given = f"{x:.10g},{y:.10g}"
    turned = _read(y, x, crs, swapped=True)
    if turned is not None and _is_near(turned.lon, turned.lat, crs):
        raise BadParameter(parameter, given, Reason.SWAPPED_AXES, crs=crs.code)
    raise BadParameter(parameter, given, Reason.OUTSIDE_CRS, crs=crs.code, area_of_use=crs.area_of_use)


def _degrees(first: float, second: float, territory: CRS | None) -> Iterator[PlaceCandidate]:
    for lon, lat, swapped in _both_orders(first, second):
        if abs(lat) > 90:
            continue
        fit = Fit.DEGREES if _is_in_territory(lon, lat, territory) else Fit.OUTSIDE_AREA
        yield PlaceCandidate(lon, lat, WGS84, lon, lat, swapped, fit)
        if _uses_vn2000(territory) and VN2000_GEOGRAPHIC.covers(lon, lat):
            place = _read(lon, lat, VN2000_GEOGRAPHIC, swapped=swapped)
            if place is not None:
                yield place


def _metres(first: float, second: float, territory: CRS | None) -> Iterator[PlaceCandidate]:
    for system in _systems_of(territory):
        for x, y, swapped in _both_orders(first, second):
            place = _read(x, y, system, swapped=swapped, territory=territory)
            if place is not None and _is_near(place.lon, place.lat, system):
                yield place


def _read(
    x: float, y: float, crs: CRS, *, swapped: bool, territory: CRS | None = None
) -> PlaceCandidate | None:
    """The pair as coordinates of this system; None where they have no place on the earth."""
    if not crs.is_projected and not (abs(x) <= 180 and abs(y) <= 90):
        return None
    try:
        (lon, lat) = transform_array(np.array([[x, y]], dtype=np.float64), crs, WGS84)[0].tolist()
    except CannotMeasure:
        return None
    inside, own = crs.covers(lon, lat), crs == territory
    if own:
        fit = Fit.OWN_SYSTEM if inside else Fit.OWN_SYSTEM_NEARBY
    else:
        fit = Fit.AREA_OF_USE if inside else Fit.OUTSIDE_AREA
    return PlaceCandidate(lon, lat, crs, x, y, swapped, fit)


def _both_orders(first: float, second: float) -> Iterable[tuple[float, float, bool]]:
    return ((first, second, False), (second, first, True))


def _is_near(lon: float, lat: float, crs: CRS) -> bool:
    """Inside the area of use or, for the systems of one country, inside that country."""
    area = VN2000_GEOGRAPHIC if crs.is_pinned else crs
    return area.covers(lon, lat, margin=NEARBY_DEGREES)


def _is_in_territory(lon: float, lat: float, territory: CRS | None) -> bool:
    if territory is not None and not territory.is_pinned:
        return territory.covers(lon, lat, margin=NEARBY_DEGREES)
    west, south, east, north = VIETNAM_WITH_ISLANDS
    return west <= lon <= east and south <= lat <= north


def _uses_vn2000(territory: CRS | None) -> bool:
    return territory is None or territory.is_pinned


def _systems_of(territory: CRS | None) -> tuple[CRS, ...]:
    others = tuple(system for system in VN2000 if system.is_projected and system != territory)
    if territory is None:
        return others
    return (territory, *others) if territory.is_pinned else (territory,)


def _rank(candidate: PlaceCandidate, territory: CRS | None) -> tuple[int, bool, float, bool, str]:
    """By fit; then degrees of WGS 84; then nearest meridian to the territory's, 3 degree zones before UTM."""
    zone, own = candidate.crs.zone, territory.zone if territory else None
    distance = abs(zone.central_meridian - own.central_meridian) if zone and own else 0.0
    is_utm = zone is not None and zone.scale < 0.9999
    return (_RANK[candidate.fit], is_utm, distance, candidate.swapped, candidate.crs.code)
