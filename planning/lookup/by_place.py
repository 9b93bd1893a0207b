"""Readings as a place: coordinates in any system, the corners of an outline, a plus code.

Every system and order that fits gives a candidate; parcels stand behind the place they lie at. A
position from a phone never picks a parcel: all within its reach are shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from planning import crs
from planning.lookup import ground, plus_code, wording
from planning.lookup.coordinates import read_with_place
from planning.lookup.corners import Corners, read_corners
from planning.lookup.ground import Beside
from planning.lookup.plus_code import PlusCode, read_plus_code
from planning.lookup.positions import Position, position_at, positions_of
from planning.lookup.question import Found, Question, parcel_candidates
from planning.lookup.result import Candidate, CandidateKind, UnderstoodAs
from planning.lookup.succession import centres_of
from planning.lookup.units import UnitMatch, units_around
from planning.models import AdminUnit, Territory

_POSITIONS_WITH_PARCELS = 3
_PARCELS_AT_POSITION = 8
_PARCELS_IN_REACH = 16
_MOST_NAMED = 5
Place = tuple[float, float]


def as_coordinates(question: Question) -> Found | None:
    """Every system and order that fits; parcels at the likeliest positions, with their neighbours."""
    read = read_with_place(question.query)
    if read is None:
        return None
    named = question.units(read.words)
    positions = positions_of(read.readings, named=_centres(named))
    return Found(
        UnderstoodAs.COORDINATES,
        _with_parcels(question, positions, named),
        _hint_for(positions, question),
    )


def _centres(named: Sequence[UnitMatch]) -> tuple[Place, ...]:
    return centres_of([match.unit for match in named]) if named else ()


def _with_parcels(
    question: Question, positions: Sequence[Position], named: Sequence[UnitMatch]
) -> list[Candidate]:
    likely = [position for position in positions if position.is_likely][:_POSITIONS_WITH_PARCELS]
    groups = ground.around(
        [position.place for position in likely],
        revision=question.revision,
        on=question.on,
        limit=_PARCELS_AT_POSITION if question.accuracy_m is None else _PARCELS_IN_REACH,
        within_m=question.accuracy_m or ground.POSITION_M,
    )
    units = _units_at(positions)
    whys = _reasons(question, positions, groups)
    shown = iter(
        parcel_candidates(
            [one.hit for group in groups for one in group], question, why=lambda hit: whys[hit.parcel.code]
        )
    )
    by_id = {candidate.id: candidate for candidate in shown}
    candidates: list[Candidate] = []
    for index, position in enumerate(positions):
        candidates.append(_point(position, units[index], why=_why_point(position, units[index], named)))
        group = groups[index] if index < len(groups) else ()
        candidates += [by_id[one.hit.parcel.code] for one in group if one.hit.parcel.code in by_id]
    return candidates


def _reasons(
    question: Question, positions: Sequence[Position], groups: Sequence[Sequence[Beside]]
) -> dict[str, str]:
    """By parcel code: why it stands there; of several readings the first that leads to it."""
    reasons: dict[str, str] = {}
    for position, group in zip(positions, groups, strict=False):
        for one in group:
            why = wording.beside_point() if one.distance_m else wording.at_point()
            if question.accuracy_m is not None:
                why = wording.beside_inexact_point(one.distance_m, question.accuracy_m)
            if len(positions) > 1 and position.candidate.crs.is_projected:
                why = f"{wording.if_read_as(position.candidate)} {why}"
            reasons.setdefault(one.hit.parcel.code, why)
    return reasons


def _units_at(positions: Sequence[Position]) -> list[tuple[AdminUnit, ...]]:
    """For each position the communes whose known boundary holds it; asked in our territory alone."""
    found = units_around([position.place for position in positions if position.is_in_territory])
    return [found.get(position.place, ()) for position in positions]


def _why_point(position: Position, units: Sequence[AdminUnit], named: Sequence[UnitMatch]) -> str:
    reasons = [
        wording.read_as(position.candidate),
        _near(position, named),
        wording.where(units, is_in_territory=position.is_in_territory),
    ]
    return " ".join(reason for reason in reasons if reason)


def _near(position: Position, named: Sequence[UnitMatch]) -> str:
    return wording.near_named(named[0].unit.name) if position.is_near_named and named else ""


def _point(position: Position, units: Sequence[AdminUnit], *, why: str) -> Candidate:
    lon, lat = position.place
    return Candidate(
        kind=CandidateKind.POINT,
        id=f"{lon:.8f},{lat:.8f}",
        label=wording.place_label(position.candidate, units),
        why=why,
        centre=position.place,
    )


def _hint_for(positions: Sequence[Position], question: Question) -> str | None:
    if not positions:
        return wording.no_such_position()
    if question.accuracy_m is not None:
        return wording.any_of_these_parcels()
    likely = [position for position in positions if position.is_likely]
    if len(likely) > 1 and positions[0].candidate.crs.is_projected:
        if positions[0].is_near_named and not positions[1].is_near_named:
            return None
        inside = sum(position.is_in_territory for position in likely)
        if 0 < inside < len(likely):
            return wording.which_system() + " " + wording.others_lie_outside()
        return wording.which_system()
    return None


# --- corners ---


@dataclass(frozen=True, slots=True)
class _Outline:
    """The corners read in the system of one position, in degrees; its area where that system has metres."""

    position: Position
    shape: BaseGeometry
    area_m2: float | None
    parcels: tuple[ground.Under, ...] = ()

    @property
    def order(self) -> tuple[bool, bool, float]:
        """Near what was named, in our territory, then over parcels that we know."""
        covered = max((one.share for one in self.parcels), default=0.0)
        return not self.position.is_near_named, not self.position.is_in_territory, -round(covered, 2)


def as_corners(question: Question) -> Found | None:
    """The middle of the outline in every system that fits, each with the parcels under it."""
    corners = read_corners(question.written)
    if corners is None:
        return None
    named = question.units(corners.words)
    outlines = _outlines(question, corners, positions_of([corners.middle()], named=_centres(named)))
    units = _units_at([outline.position for outline in outlines])
    shares = {one.hit.parcel.code: one for outline in outlines for one in outline.parcels}
    parcels = {
        candidate.id: candidate
        for candidate in parcel_candidates(
            [one.hit for one in shares.values()],
            question,
            why=lambda hit: wording.under_outline(shares[hit.parcel.code].share),
        )
    }
    candidates: list[Candidate] = []
    for outline, communes in zip(outlines, units, strict=True):
        middle = wording.outline(len(corners.pairs), outline.area_m2)
        why = f"{middle} {_why_point(outline.position, communes, named)}"
        candidates.append(_point(outline.position, communes, why=why))
        codes = (one.hit.parcel.code for one in outline.parcels)
        candidates += [parcels[code] for code in codes if code in parcels]
    hint = _hint_for([outline.position for outline in outlines], question)
    return Found(UnderstoodAs.CORNERS, candidates, hint)


def _outlines(question: Question, corners: Corners, positions: Sequence[Position]) -> list[_Outline]:
    """The likeliest ones with the parcels under them, best first."""
    drawn = [_drawn(corners, position) for position in positions]
    covered = ground.under(
        [outline.shape for outline in drawn[:_POSITIONS_WITH_PARCELS]],
        revision=question.revision,
        on=question.on,
        limit=_PARCELS_AT_POSITION,
    )
    held = [replace(outline, parcels=parcels) for outline, parcels in zip(drawn, covered, strict=False)]
    return sorted([*held, *drawn[len(held) :]], key=lambda outline: outline.order)


def _drawn(corners: Corners, position: Position) -> _Outline:
    candidate = position.candidate
    pairs = np.array(corners.pairs, dtype=np.float64)
    if candidate.swapped:
        pairs = pairs[:, ::-1]
    # a list that runs crosswise is no polygon; its hull still shows where it lies
    ring = shapely.Polygon(pairs)
    flat: BaseGeometry = ring if ring.is_valid else ring.convex_hull
    degrees = crs.transform(flat, candidate.crs, crs.WGS84) if candidate.crs != crs.WGS84 else flat
    return _Outline(position, degrees, flat.area if candidate.crs.is_projected else None)


# --- plus codes ---


def as_plus_code(question: Question) -> Found | None:
    """The middle of the cell; a short code near the places named, near what is looked at, or near us."""
    code = read_plus_code(question.query)
    if code is None:
        return None
    named = question.units(code.words)[:_MOST_NAMED]
    positions = _cells(question, code, named)
    if not positions:
        return Found(UnderstoodAs.PLUS_CODE, (), wording.which_place_for_code())
    units = _units_at([position for position, _ in positions])
    groups = ground.around(
        [position.place for position, _ in positions[:1]],
        revision=question.revision,
        on=question.on,
        limit=_PARCELS_AT_POSITION,
    )
    candidates = [
        _point(position, communes, why=" ".join((wording.by_plus_code(code.code), why)).strip())
        for (position, why), communes in zip(positions, units, strict=True)
    ]
    beside = [one.hit for one in groups[0]]
    candidates[1:1] = parcel_candidates(beside, question, why=wording.beside_point())
    hint = wording.check_on_map() if len(positions) > 1 or (named and not named[0].is_sure) else None
    return Found(UnderstoodAs.PLUS_CODE, candidates, hint)


def _cells(question: Question, code: PlusCode, named: Sequence[UnitMatch]) -> list[tuple[Position, str]]:
    if not code.is_short:
        place = plus_code.middle(code)
        return [(position_at(place), "")] if place else []
    if code.words and not named:
        return []
    found: dict[Place, tuple[Position, str]] = {}
    for near, why in _references(question, named):
        place = plus_code.middle(code, near)
        if place is not None:
            found.setdefault(place, (position_at(place), why))
    return list(found.values())


def _references(question: Question, named: Sequence[UnitMatch]) -> list[tuple[Place, str]]:
    if named:
        middles = ((match, _mean(centres_of([match.unit]))) for match in named)
        return [(middle, wording.if_place(match.unit)) for match, middle in middles if middle]
    if question.near:
        return [(question.near, "")]
    extents = Territory.objects.values_list("extent", flat=True)[:_MOST_NAMED]
    return [((extent.centroid.x, extent.centroid.y), "") for extent in extents]


def _mean(places: Sequence[Place]) -> Place | None:
    if not places:
        return None
    return sum(place[0] for place in places) / len(places), sum(place[1] for place in places) / len(places)
