"""Repairs that are offered: an invalid geometry mended in metres, with its area before and after.

Nothing is mended silently: each offer taken is recorded with the geometry as read. An offer that moves
more area than a drawing error can is none.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from planning import crs
from planning.crs import CRS
from planning.geometry import clean
from planning.imports.checks import SMALL_WIDTH
from planning.imports.placing import Placed, to_degrees
from planning.imports.reading import RawLayer

# Turning metres into degrees may spoil a vertex; mending that again may move this much (square metres).
_ROUNDING = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """A repair: the geometry in metres and as it is stored, and the record of it."""

    row: int
    metres: BaseGeometry
    degrees: BaseGeometry
    steps: tuple[str, ...]
    before: float
    after: float
    wkb: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.wkb).hexdigest()


def mend(layer: RawLayer, placed: Placed, row: int) -> Mended | None:
    """The offer for a row with a faulty geometry, None where there is none worth making."""
    steps: tuple[str, ...] = ("closed",) if row in layer.unparsed else ()
    geometry = placed.metres[row]
    if geometry.geom_type == "GeometryCollection":
        geometry, steps = polygons_of(geometry), (*steps, "polygons_kept")
    cleaned = clean(geometry)
    if not cleaned.acceptable or shapely.get_dimensions(cleaned.geometry) != shapely.get_dimensions(geometry):
        return None
    stored = _storable(cleaned.geometry, placed.metric)
    if stored is None:
        return None
    return Mended(
        row=row,
        metres=cleaned.geometry,
        degrees=stored,
        steps=(*steps, *cleaned.steps),
        before=cleaned.area_before,
        after=cleaned.area_after,
        wkb=layer.wkb[row] or b"",
    )


def footprint(placed: Placed, row: int, *, reach: float, is_area: bool) -> BaseGeometry | None:
    """The land (metres) of a row that stays out, taken widely; None where it lies nowhere.

    What has no width of its own (lines, points, a polygon collapsed into one) counts as far as `reach`;
    of a row that should have been an area, the land that its line encloses as well.
    """
    geometry = placed.metres[row]
    if geometry is None or geometry.is_empty:
        return None
    # the two ways to read a boundary that crosses itself differ; whatever either calls inside is in doubt
    readings = [shapely.make_valid(geometry, method=method) for method in ("linework", "structure")]
    parts = [part for reading in readings for part in _parts(reading)]
    lands = [part if _has_width(part) else _widened(part, reach, is_area=is_area) for part in parts]
    # a collapsed ring may vanish in both readings, its corners do not
    lands = lands or [shapely.buffer(shapely.convex_hull(geometry), reach)]
    found = polygons_of(shapely.union_all(np.array(lands, dtype=object)))
    return None if found.is_empty else found


def _parts(geometry: BaseGeometry) -> Iterator[BaseGeometry]:
    for part in shapely.get_parts(geometry):
        if shapely.get_num_geometries(part) > 1 or part.geom_type == "GeometryCollection":
            yield from _parts(part)
        elif not part.is_empty:
            yield part


def _has_width(part: BaseGeometry) -> bool:
    return shapely.get_dimensions(part) == 2 and 2 * part.area / part.length >= SMALL_WIDTH


def _widened(part: BaseGeometry, reach: float, *, is_area: bool) -> BaseGeometry:
    return shapely.buffer(shapely.convex_hull(part) if is_area else part, reach)


def polygons_of(geometry: BaseGeometry) -> BaseGeometry:
    """The polygonal part, as one geometry; empty where there is none."""
    if geometry.geom_type in ("Polygon", "MultiPolygon"):
        return geometry
    parts = [part for part in shapely.get_parts(geometry) if shapely.get_dimensions(part) == 2]
    flat = [polygon for part in parts for polygon in shapely.get_parts(part)]
    return shapely.multipolygons(flat) if flat else shapely.MultiPolygon()


def _storable(metres: BaseGeometry, metric: CRS) -> BaseGeometry | None:
    """Valid in degrees as well; rounding may spoil a vertex on the way."""
    degrees = to_degrees(metres, metric)
    if shapely.is_valid(degrees):
        return degrees
    mended = shapely.make_valid(degrees, method="structure", keep_collapsed=False)
    if mended.is_empty or shapely.get_dimensions(mended) != shapely.get_dimensions(degrees):
        return None
    moved = abs(crs.transform(mended, crs.WGS84, metric).area - metres.area)
    return mended if shapely.is_valid(mended) and moved <= _ROUNDING else None
