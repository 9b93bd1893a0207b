"""How the zones of a plan fit together (C01-C05): overlaps, gaps, holes, the boundary.

Runs after the geometry rules, over the zones that will be staged, in metres. Whether a plan must tile
its extent is said by the plan: then gaps and overlaps are errors, else they are warnings.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from planning.crs import CRS
from planning.geometry import GRID
from planning.imports.findings import Finding
from planning.imports.placing import places
from planning.imports.reading import Geometries
from planning.imports.shared_land import SharedLand, shared_land
from planning.models import Level

# What rounding alone makes of two neighbours (XPlanung's FlaechenschlussTolerance), in metres.
TOLERANCE = 0.002
# The widest gap that is looked for along edges; wider ones show as holes or against the boundary.
GAP = 0.01
SAME = 0.95


@dataclass(frozen=True, slots=True)
class Zones:
    """The zones to be staged: row numbers (from 1) and geometries in metres, all valid polygons.

    `are_alike` tells of two rows (from 0) whether they say the same.
    """

    layer: str
    rows: NDArray[np.int64]
    geometries: Geometries
    metric: CRS
    are_alike: Callable[[int, int], bool]


def check_coverage(
    zones: Zones, union: BaseGeometry, *, must_tile: bool, boundary: BaseGeometry | None
) -> list[Finding]:
    """C01-C05 for one layer; `boundary` (metres) is the declared extent where there is one."""
    if not len(zones.rows):
        return []
    level = Level.ERROR if must_tile else Level.WARNING
    shared = shared_land(zones.geometries)
    return [
        *_overlaps(zones, shared, level),
        *_edges(zones, shared, level),
        *_holes(zones, union, level),
        *(_boundary(zones, union, boundary, level) if boundary is not None else ()),
    ]


def _overlaps(zones: Zones, shared: SharedLand, level: Level) -> list[Finding]:
    """C01, and G08 where two zones are nearly the same and say the same."""
    left, right, area = shared.left, shared.right, shared.area
    # as wide as the tolerance on average: area / half the outline
    wide = area > np.maximum(TOLERANCE * shared.length / 2, GRID)
    own = shapely.area(zones.geometries)
    same = wide & (area > SAME * own[left]) & (area > SAME * own[right])
    # two values for one spot are a conflict in the data, not a row drawn twice
    for pair in np.flatnonzero(same):
        a, b = int(zones.rows[left[pair]]), int(zones.rows[right[pair]])
        same[pair] = zones.are_alike(a - 1, b - 1)
    points = places(shared.points[wide], zones.metric)
    findings = [
        Finding(
            code="G08" if near else "C01",
            says="G08/near" if near else "",
            level=Level.WARNING if near else level,
            layer=zones.layer,
            row=int(zones.rows[b]),
            facts={"other": int(zones.rows[a]), "area": round(float(size), 2)},
            place=place,
        )
        for a, b, size, near, place in zip(
            left[wide], right[wide], area[wide], same[wide], points, strict=True
        )
    ]
    if not shared.is_whole:
        facts = {"count": len(findings)}
        findings.append(Finding(code="C01", says="C01/many", level=level, layer=zones.layer, facts=facts))
    slight = int((~wide).sum())
    if slight:
        findings.append(
            Finding(
                code="C01", says="C01/tolerance", level=Level.INFO, layer=zones.layer, facts={"count": slight}
            )
        )
    return findings


def _edges(zones: Zones, shared: SharedLand, level: Level) -> list[Finding]:
    """Edges that do not match a neighbour though nothing overlaps: a narrow gap, or a lone vertex (C05)."""
    if not shared.is_whole:
        return []  # nobody knows of which zones nothing overlaps
    touched = np.zeros(len(zones.geometries), dtype=bool)
    touched[shared.left] = touched[shared.right] = True
    edges = shapely.coverage_invalid_edges(zones.geometries, gap_width=GAP)
    flagged = np.flatnonzero(~shapely.is_empty(edges) & ~touched)
    if not len(flagged):
        return []
    tree = shapely.STRtree(zones.geometries)
    gaping = []
    for index in flagged.tolist():
        near = tree.query(edges[index], predicate="dwithin", distance=GAP)
        others = zones.geometries[near[near != index]]
        apart = shapely.difference(edges[index], shapely.union_all(shapely.buffer(others, GRID / 2)))
        if apart.length > GRID:
            gaping.append(index)
    points = places(np.asarray(shapely.point_on_surface(edges[gaping])), zones.metric) if gaping else []
    findings = [
        Finding(
            code="C02",
            says="C02/edge",
            level=level,
            layer=zones.layer,
            row=int(zones.rows[index]),
            place=place,
        )
        for index, place in zip(gaping, points, strict=True)
    ]
    lone = len(flagged) - len(gaping)
    if lone:
        findings.append(Finding(code="C05", level=Level.INFO, layer=zones.layer, facts={"count": lone}))
    return findings


def _holes(zones: Zones, union: BaseGeometry, level: Level) -> list[Finding]:
    """Holes of the union: narrow ones are gaps between zones (C02), wide ones land in no zone (C03)."""
    rings = [ring for part in shapely.get_parts(union) for ring in part.interiors]
    holes = np.array([shapely.Polygon(ring) for ring in rings], dtype=object)
    if not len(holes):
        return []
    area, length = shapely.area(holes), shapely.length(holes)
    shown = area > np.maximum(TOLERANCE * length / 2, GRID)
    points = places(np.asarray(shapely.point_on_surface(holes[shown])), zones.metric)
    return [
        Finding(
            code="C02" if 2 * size / around < 1.0 else "C03",
            level=level if 2 * size / around < 1.0 else Level.WARNING,
            layer=zones.layer,
            facts={"area": round(float(size), 2)},
            place=place,
        )
        for size, around, place in zip(area[shown], length[shown], points, strict=True)
    ]


def _boundary(zones: Zones, union: BaseGeometry, boundary: BaseGeometry, level: Level) -> list[Finding]:
    """C04: the boundary without the zones, and the zones without the boundary."""
    findings = []
    for part in shapely.get_parts(shapely.difference(boundary, union)):
        if part.area > max(TOLERANCE * part.length / 2, GRID):
            (place,) = places(np.array([shapely.point_on_surface(part)], dtype=object), zones.metric)
            facts = {"area": round(float(part.area), 2)}
            findings.append(Finding(code="C04", level=level, layer=zones.layer, facts=facts, place=place))
    shapely.prepare(boundary)
    crossing = np.flatnonzero(~shapely.covers(boundary, zones.geometries))
    beyond = shapely.difference(zones.geometries[crossing], boundary)
    area, length = shapely.area(beyond), shapely.length(beyond)
    shown = area > np.maximum(TOLERANCE * length / 2, GRID)
    points = places(np.asarray(shapely.point_on_surface(beyond[shown])), zones.metric)
    for index, size, place in zip(crossing[shown].tolist(), area[shown], points, strict=True):
        facts = {"area": round(float(size), 2)}
        findings.append(
            Finding(
                code="C04",
                says="C04/outside",
                level=level,
                layer=zones.layer,
                row=int(zones.rows[index]),
                facts=facts,
                place=place,
            )
        )
    return findings
