"""Where two plans in force say different things of the same land, and what was ruled about it.

Which of them prevails is not decided here or anywhere in software: an authority decides, in writing, and
its ruling is shown beside the conflict.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import shapely
from shapely import Point

from planning import geometry
from planning.answer.measured import Placed
from planning.answer.model import Conflict, LandUseRef, RulingRef
from planning.answer.plan_rows import PlanRow, RulingRow
from planning.answer.rows import PieceRow
from planning.answer.snapshot import Candidates
from planning.answer.subjects import Asked
from planning.errors import CannotMeasure
from planning.geometry import pair_tolerance


def conflicts_of(by_plan: dict[str, list[Placed]], found: Candidates, asked: Asked) -> tuple[Conflict, ...]:
    """Land of which two plans in force say different things, within one vertical level."""
    conflicts: list[Conflict] = []
    for one, other in combinations(sorted(by_plan), 2):
        first, second = found.plans[one], found.plans[other]
        if _must_agree(first, second):
            pair = _Pair(first, second, found, asked)
            conflicts += _between(zones_of(by_plan[one]), zones_of(by_plan[other]), pair)
    return tuple(conflicts)


def zones_of(rows: Sequence[Placed]) -> list[Placed]:
    """The zones among the rows: what has a land use."""
    return [placed for placed in rows if placed.row.group is not None]


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two plans that must agree on the land asked about."""

    first: PlanRow
    second: PlanRow
    found: Candidates
    asked: Asked

    @property
    def tolerance(self) -> float:
        return pair_tolerance(self.first.tolerance, self.second.tolerance)

    def disagrees(self, a: PieceRow, b: PieceRow) -> bool:
        """Whether the two say different things.

        Codes of different lists may stand for one another: where both lists map them to one HILUCS value,
        or where a match between the lists says so.
        """
        one, other = a.zone.land_use, b.zone.land_use
        if one is None or other is None or one.list == other.list:
            return a.group != b.group
        if a.hilucs and a.hilucs == b.hilucs:
            return False
        return frozenset((a.group, b.group)) not in self.found.matches


def _must_agree(first: PlanRow, second: PlanRow) -> bool:
    """Plans of one kind, or one made under the other; others differ by design (a general plan is coarse)."""
    made_under = first.ref.id in second.implements or second.ref.id in first.implements
    return first.ref.level == second.ref.level and (made_under or first.ref.kind == second.ref.kind)


def _between(ones: Sequence[Placed], others: Sequence[Placed], pair: _Pair) -> list[Conflict]:
    rows = {placed.row.key: placed.row for placed in (*ones, *others)}
    if isinstance(pair.asked.land, Point):
        return _at_point(pair.asked.land, ones, others, pair)
    regions = geometry.conflicts(
        pair.asked.land, [a.piece for a in ones], [b.piece for b in others], tolerance=pair.tolerance
    )
    return [
        _conflict(rows[region.first], rows[region.second], pair, region)
        for region in regions
        if pair.disagrees(rows[region.first], rows[region.second])
    ]


def _at_point(land: Point, ones: Sequence[Placed], others: Sequence[Placed], pair: _Pair) -> list[Conflict]:
    return [
        _conflict(a.row, b.row, pair, None)
        for a in ones
        for b in others
        if pair.disagrees(a.row, b.row)
        and geometry.surely_both(land, a.piece, b.piece, tolerance=pair.tolerance)
    ]


def _conflict(a: PieceRow, b: PieceRow, pair: _Pair, region: geometry.Conflict | None) -> Conflict:
    area = pair.asked.subject.area_m2
    return Conflict(
        plans=(pair.first.ref, pair.second.ref),
        land_uses=(_use(a), _use(b)),
        zones=(a.key, b.key),
        area_m2=round(region.area, 3) if region else None,
        share=min(round(region.area / area, 6), 1.0) if region and area else None,
        shape=pair.asked.in_degrees(region.region) if region else None,
        rulings=_rulings(pair, region),
    )


def _use(row: PieceRow) -> LandUseRef:
    if row.zone.land_use is None:
        raise CannotMeasure(what="conflict", key=row.key)
    return row.zone.land_use


def _rulings(pair: _Pair, region: geometry.Conflict | None) -> tuple[RulingRef, ...]:
    """What was ruled between the two plans there, the latest first."""
    between = {pair.first.ref.id, pair.second.ref.id}
    own = [row for row in pair.found.rulings if row.plans == between and _reaches(row, pair.asked, region)]
    own.sort(key=lambda row: (row.ref.on, row.ref.document.number), reverse=True)
    return tuple(row.ref for row in own)


def _reaches(ruling: RulingRow, asked: Asked, region: geometry.Conflict | None) -> bool:
    """Whether the ruling shares land with the conflict; to touch its edge is not to reach it."""
    if ruling.wkb is None:
        return True
    extent = asked.in_metres(shapely.from_wkb(ruling.wkb))
    if region is None:
        return isinstance(asked.land, Point) and bool(shapely.covers(extent, asked.land))
    common = shapely.intersection(extent, region.region)
    return bool(common.area > min(geometry.GRID * region.region.length, region.area / 2))
