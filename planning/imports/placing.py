"""Where a layer lies: its coordinate system found or asked for, its coordinates in degrees and in metres.

A wrong system is the worst fault of an import: a wrong answer that looks right. So nothing is switched
silently; what is doubtful becomes a question, and the planner's own word (`--crs`) is an answer to it.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from planning import crs
from planning.crs import CRS, Confidence, Doubt
from planning.errors import BadParameter, CannotMeasure, Reason
from planning.imports.findings import Finding
from planning.imports.reading import Geometries, RawLayer
from planning.models import Level

_METRES = 1e8  # beyond any coordinate on earth, in metres
# GDAL names a GeoJSON with heights so; the heights are dropped and said to be
_WITH_HEIGHTS = {"EPSG:4979": "EPSG:4326"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A layer's geometries in degrees (EPSG:4326, lon/lat) and in metres; None where there is none.

    `source` are the same geometries as the file has them, flat. `unusable` rows have coordinates that
    are no numbers or lie nowhere.
    """

    crs: CRS
    metric: CRS
    source: Geometries
    degrees: Geometries
    metres: Geometries
    unusable: frozenset[int]
    heights: int


def choose(layer: RawLayer, stated: CRS | None) -> tuple[CRS | None, list[Finding]]:
    """The system of a layer: the planner's word, else the file's own. None when it has to be asked."""
    declared = crs.from_wkt(_WITH_HEIGHTS.get(layer.crs, layer.crs))
    if stated is not None:
        return stated, _overruled(layer, declared, stated)
    found = declared.crs
    name = declared.name or layer.crs[:60]

    def ask(code: str, says: str, **facts: str) -> tuple[None, list[Finding]]:
        finding = Finding(code=code, says=says, level=Level.QUESTION, layer=layer.name, facts=facts)
        return None, [finding]

    if declared.confidence is Confidence.DEPRECATED and found is not None:
        return ask("S02", "S02/deprecated", name=name, replacement=found.code)
    if declared.confidence is Confidence.DATUM_LOST and found is not None:
        return ask("S05", "S05/datum", name=name, crs=found.code)
    if found is None:
        return ask("S01", "") if declared.doubt is Doubt.MISSING else ask("S02", "", name=name)
    return found, _remarks(layer, declared, found)


def _overruled(layer: RawLayer, declared: crs.Declared, stated: CRS) -> list[Finding]:
    if declared.doubt is Doubt.MISSING:
        return [
            Finding(
                code="S01", says="S01/taken", level=Level.INFO, layer=layer.name, facts={"crs": stated.code}
            )
        ]
    if declared.crs is not None and declared.crs.srid == stated.srid:
        return []
    facts = {"name": declared.name or layer.crs[:60], "crs": stated.code}
    return [Finding(code="S02", says="S02/overruled", level=Level.WARNING, layer=layer.name, facts=facts)]


def _remarks(layer: RawLayer, declared: crs.Declared, found: CRS) -> list[Finding]:
    if layer.driver == "GeoJSON" and found.srid != crs.WGS84.srid:
        facts = {"crs": found.code}
        return [Finding(code="S02", says="S02/member", level=Level.INFO, layer=layer.name, facts=facts)]
    if declared.confidence is Confidence.EQUIVALENT:
        facts = {"name": declared.name, "crs": found.code}
        return [Finding(code="S02", says="S02/equivalent", level=Level.INFO, layer=layer.name, facts=facts)]
    return []


def place(
    layer: RawLayer, system: CRS, metric: CRS | None, territory: BaseGeometry | None
) -> tuple[Placed | None, list[Finding]]:
    """The layer on the earth, or the question that keeps it from being placed.

    `metric` is the plan's system to measure in; without one the UTM zone of the layer's middle.
    """
    source = np.asarray(shapely.force_2d(layer.geometry), dtype=object)
    heights = int(shapely.has_z(layer.geometry).sum())
    finite = _finite(source)
    usable = finite & ~(shapely.is_missing(source) | shapely.is_empty(source))
    question = _plausible(layer, source[usable], system, territory)
    if question is not None:
        return None, [question]
    degrees, lost = _moved(source, usable, system, crs.WGS84)
    usable &= ~lost
    if metric is None:
        metric = _zone_of(degrees[usable])
    metres, lost = _moved(source, usable, system, metric) if metric != system else (source.copy(), ~usable)
    usable &= ~lost
    for cells in (degrees, metres):
        cells[~usable] = None
    unusable = frozenset(
        np.flatnonzero(~usable & ~shapely.is_missing(source) & ~shapely.is_empty(source)).tolist()
    )
    placed = Placed(
        crs=system,
        metric=metric,
        source=source,
        degrees=degrees,
        metres=metres,
        unusable=unusable,
        heights=heights,
    )
    return placed, _territory(layer, degrees, usable, territory)


def _finite(geometries: Geometries) -> NDArray[np.bool_]:
    """Rows whose coordinates are all numbers of a possible size; rows without geometry count as such."""
    coordinates, index = shapely.get_coordinates(geometries, return_index=True)
    good = np.isfinite(coordinates).all(axis=1) & (np.abs(coordinates) < _METRES).all(axis=1)
    found = np.ones(len(geometries), dtype=bool)
    found[index[~good]] = False
    return found


def _plausible(
    layer: RawLayer, geometries: Geometries, system: CRS, territory: BaseGeometry | None
) -> Finding | None:
    coordinates = shapely.get_coordinates(geometries)
    if not len(coordinates):
        return None
    x, y = (float(middle) for middle in np.median(coordinates, axis=0))

    def doubt(code: str, says: str = "", level: Level = Level.QUESTION) -> Finding:
        return Finding(code=code, says=says, level=level, layer=layer.name, facts={"crs": system.code})

    if not system.is_projected:
        if abs(x) > 180 or abs(y) > 180:
            return doubt("S05")
        return doubt("S04") if _is_turned(x, y, territory) else None
    if (np.abs(coordinates) <= 180).all():
        return doubt("S05", "S05/degrees")
    try:
        crs.locate(x, y, system)
    except BadParameter as refused:
        if refused.reason is Reason.SWAPPED_AXES:
            return doubt("S04")
        return doubt("S03", "S03/area", Level.ERROR)
    return None


def _is_turned(x: float, y: float, territory: BaseGeometry | None) -> bool:
    """Latitude written first: impossible as it stands, or only the other order lies in the territory."""
    if abs(y) > 90:
        return True
    if territory is None:
        return False
    west, south, east, north = territory.bounds
    return not (west <= x <= east and south <= y <= north) and (west <= y <= east and south <= x <= north)


def _moved(
    geometries: Geometries, usable: NDArray[np.bool_], source: CRS, target: CRS
) -> tuple[Geometries, NDArray[np.bool_]]:
    """The usable geometries in the target system, and which rows have no place there."""
    moved = geometries.copy()
    lost = np.zeros(len(geometries), dtype=bool)
    if source.srid == target.srid:
        return moved, lost
    chosen = np.flatnonzero(usable)
    try:
        moved[chosen] = _transformed(geometries[chosen], source, target)
    except CannotMeasure:
        for row in chosen:
            try:
                moved[row] = crs.transform(geometries[row], source, target)
            except CannotMeasure:
                lost[row] = True
    return moved, lost


def _transformed(geometries: Geometries, source: CRS, target: CRS) -> Geometries:
    coordinates = crs.transform_array(shapely.get_coordinates(geometries), source, target)
    return np.asarray(shapely.set_coordinates(geometries.copy(), coordinates), dtype=object)


def to_degrees(geometry: BaseGeometry, metric: CRS) -> BaseGeometry:
    """A geometry in metres as it is stored."""
    return crs.transform(geometry, metric, crs.WGS84)


def places(points: Geometries, metric: CRS) -> list[tuple[float, float] | None]:
    """Where points in metres lie, as (lon, lat); None for empty ones."""
    found: list[tuple[float, float] | None] = [None] * len(points)
    given = np.flatnonzero(~(shapely.is_missing(points) | shapely.is_empty(points)))
    if len(given):
        pairs = crs.transform_array(shapely.get_coordinates(points[given]), metric, crs.WGS84)
        for index, (lon, lat) in zip(given.tolist(), pairs.tolist(), strict=True):
            found[index] = (lon, lat)
    return found


def _zone_of(degrees: Geometries) -> CRS:
    coordinates = shapely.get_coordinates(degrees)
    if not len(coordinates):
        return crs.metric_for(0.0, 0.0)
    lon, lat = np.median(coordinates, axis=0).tolist()
    return crs.metric_for(lon, lat)


def _territory(
    layer: RawLayer, degrees: Geometries, usable: NDArray[np.bool_], territory: BaseGeometry | None
) -> list[Finding]:
    if territory is None:
        return [Finding(code="S03", says="S03/not_checked", level=Level.INFO, layer=layer.name)]
    rows = np.flatnonzero(usable)
    if not len(rows):
        return []
    bounds = shapely.bounds(degrees[rows])
    shapely.prepare(territory)
    boxes = shapely.box(bounds[:, 0], bounds[:, 1], bounds[:, 2], bounds[:, 3])
    outside = ~shapely.intersects(territory, boxes)
    if outside.all():
        lon, lat = np.median(shapely.get_coordinates(degrees[rows]), axis=0).tolist()
        facts = {"lon": round(lon, 4), "lat": round(lat, 4)}
        return [Finding(code="S03", level=Level.ERROR, layer=layer.name, facts=facts, place=(lon, lat))]
    return [
        Finding(
            code="S03",
            says="S03/row",
            level=Level.WARNING,
            layer=layer.name,
            row=int(row) + 1,
            place=((box[0] + box[2]) / 2, (box[1] + box[3]) / 2),
        )
        for row, box in zip(rows[outside].tolist(), bounds[outside].tolist(), strict=True)
    ]
