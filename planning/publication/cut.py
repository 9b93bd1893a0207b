"""A zone, line or point cut by the law: which part of it has which status from when to when.

Pure shapely, in metres on the 1 mm grid. The acts are taken in their order and a patch is cut only where
an act changes its status, so what was true before a day never depends on what came after it: pieces of
earlier days come out identical, and publication leaves them alone.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby

import shapely
from shapely.geometry.base import BaseGeometry

from planning.geometry import GRID
from planning.models import LegalStatus
from planning.publication.law import Act, Cause, State, apply

# A line that crosses a boundary leaves its neighbourhood of two millimetres within so many metres.
CROSSING = 0.02
_COLLECTIONS = (shapely.multipoints, shapely.multilinestrings, shapely.multipolygons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """One status of a zone over some days. `geometry` is None where it is the whole zone.

    Of one zone and status there is one slice on any day, so two replacements share it (and its causes).
    """

    status: LegalStatus
    begins: date
    ends: date | None
    causes: tuple[Cause, ...]
    geometry: BaseGeometry | None


@dataclass(frozen=True, slots=True, eq=False)
class _Patch:
    """Land of one state; compared by identity."""

    geometry: BaseGeometry
    state: State | None


@dataclass(frozen=True, slots=True)
class _Share:
    """What has a status on a day: the patches' geometries, and why."""

    geometries: tuple[BaseGeometry, ...]
    causes: tuple[Cause, ...]
    is_whole: bool

    def same(self, other: "_Share | None") -> bool:
        """Whether nothing changed; geometries are compared by identity."""
        return (
            other is not None
            and self.causes == other.causes
            and self.is_whole == other.is_whole
            and (self.is_whole or [id(g) for g in self.geometries] == [id(g) for g in other.geometries])
        )


def slices(geometry: BaseGeometry, acts: Iterable[Act]) -> tuple[Slice, ...]:
    """The geometry under the acts, by status and day. On each day the slices make up the geometry."""
    patches = [_Patch(geometry, None)]
    days: list[tuple[date, dict[LegalStatus, _Share]]] = []
    for day, of_the_day in groupby(acts, key=lambda act: act.on):
        for act in of_the_day:
            patches = [part for patch in patches for part in _undergo(patch, act)]
        days.append((day, _shares(patches)))
    statuses = sorted({status for _, shares in days for status in shares})
    return tuple(piece for status in statuses for piece in _runs(status, days))


def divide(geometry: BaseGeometry, region: BaseGeometry) -> tuple[BaseGeometry | None, BaseGeometry | None]:
    """The parts of the geometry inside and outside the region; None where there is none.

    Slivers within the grid's noise go to the other side, so that no land is lost. A line or point on the
    region's boundary is not inside: it bounds the land outside as well, and stays what it was.
    """
    inner = region if shapely.get_dimensions(geometry) == 2 else _interior(region)
    if shapely.disjoint(inner, geometry):
        return None, geometry
    if shapely.covers(inner, geometry):
        return geometry, None
    cut = shapely.intersection(geometry, inner, grid_size=GRID)
    if shapely.get_dimensions(geometry) == 1:
        cut = shapely.union_all([cut, *_crossings(geometry, region, cut)], grid_size=GRID)
    inside = _solid(cut, geometry)
    if inside is None:
        return None, geometry
    rest = shapely.difference(geometry, inside, grid_size=GRID)
    outside = _solid(rest, geometry)
    if outside is None:
        return geometry, None
    if outside.area < rest.area or outside.length < rest.length:
        inside = _solid(shapely.difference(geometry, outside, grid_size=GRID), geometry)
    return inside, outside


def _undergo(patch: _Patch, act: Act) -> Iterator[_Patch]:
    after = apply(patch.state, act)
    if after is patch.state:
        yield patch
        return
    inside, outside = (patch.geometry, None) if act.region is None else divide(patch.geometry, act.region)
    if inside is not None:
        yield _Patch(inside, after)
    if outside is not None:
        yield patch if outside is patch.geometry else _Patch(outside, patch.state)


def _shares(patches: Sequence[_Patch]) -> dict[LegalStatus, _Share]:
    shares: dict[LegalStatus, list[tuple[BaseGeometry, Cause]]] = {}
    for patch in patches:
        if patch.state is not None:
            shares.setdefault(patch.state.status, []).append((patch.geometry, patch.state.cause))
    return {
        status: _Share(
            geometries=tuple(geometry for geometry, _ in own),
            causes=tuple(sorted({cause for _, cause in own})),
            is_whole=len(own) == len(patches),
        )
        for status, own in shares.items()
    }


def _runs(status: LegalStatus, days: Sequence[tuple[date, dict[LegalStatus, _Share]]]) -> Iterator[Slice]:
    """The slices of one status: days on which nothing changed for it are one slice."""
    begun: tuple[date, _Share] | None = None
    for day, shares in days:
        share = shares.get(status)
        if begun is not None and (share is None or not share.same(begun[1])):
            yield _slice(status, begun, day)
            begun = None
        if begun is None and share is not None:
            begun = (day, share)
    if begun is not None:
        yield _slice(status, begun, None)


def _slice(status: LegalStatus, begun: tuple[date, _Share], ends: date | None) -> Slice:
    begins, share = begun
    geometry = None if share.is_whole else _united(share.geometries)
    return Slice(status=status, begins=begins, ends=ends, causes=share.causes, geometry=geometry)


def _crossings(line: BaseGeometry, region: BaseGeometry, inside: BaseGeometry) -> list[BaseGeometry]:
    """Where the line comes in from the boundary, not where it runs along it."""
    beside = shapely.difference(shapely.intersection(line, region, grid_size=GRID), inside, grid_size=GRID)
    return [part for part in shapely.get_parts(beside) if part.length <= CROSSING]


@lru_cache(maxsize=64)
def _interior(region: BaseGeometry) -> BaseGeometry:
    interior = shapely.buffer(region, -2 * GRID, join_style="mitre")
    shapely.prepare(interior)
    return interior


def _united(geometries: Sequence[BaseGeometry]) -> BaseGeometry:
    if len(geometries) == 1:
        return geometries[0]
    return _free(shapely.union_all(geometries, grid_size=GRID))


def _solid(cut: BaseGeometry, whole: BaseGeometry) -> BaseGeometry | None:
    """The parts of the cut that are of the whole's dimension and more than noise."""
    dimension = int(shapely.get_dimensions(whole))
    parts = [part for part in shapely.get_parts(cut) if _is_solid(part, dimension)]
    if not parts:
        return None
    return _free(parts[0] if len(parts) == 1 else _COLLECTIONS[dimension](parts))


def _is_solid(part: BaseGeometry, dimension: int) -> bool:
    if shapely.get_dimensions(part) != dimension:
        return False
    if dimension == 2:
        # Narrower than two millimetres: what snapping makes of a shared edge.
        return bool(part.area > GRID * part.length)
    return dimension == 0 or bool(part.length > GRID)


def _free(geometry: BaseGeometry) -> BaseGeometry:
    """Without the precision model that would stick to it."""
    return shapely.set_precision(geometry, 0, mode="pointwise")
