"""What is withheld is declared coarsely: its edge must not tell what lies within.

By whole administrative units, or by whole cells of a kilometre in the metric system of the territory, so
that no answer, however often it is asked for, shows more than such a unit or cell.
"""

from collections.abc import Iterable

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry
from shapely.geometry.base import BaseGeometry

from planning import crs
from planning.errors import Reason, Refused
from planning.models import AdminUnit, Territory
from planning.publication.shapes import metres

CELL = 1_000.0
# How far a corner may be off: declarations come in degrees. Far too little to tell anything.
_OFF = 0.1
# The same in degrees, about.
_SAME = 1e-6


def require_coarse(area: GEOSGeometry) -> None:
    """Raise Refused unless the area (EPSG:4326) is made of whole units or of whole cells."""
    if not (_is_made_of_units(area) or _is_made_of_cells(area)):
        raise Refused(Reason.SHOWS_ITS_SHAPE, field="geometry", cell_m=int(CELL))


def _is_made_of_cells(area: GEOSGeometry) -> bool:
    systems = Territory.objects.filter(extent__intersects=area).values_list("metric_crs", flat=True)
    return any(_has_whole_cells(metres(area, crs.parse(code))) for code in set(systems))


def _has_whole_cells(shape: BaseGeometry) -> bool:
    """Whether every corner of the shape (metres) is one of a cell, and every edge runs along cells."""
    rings = [ring for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)]
    return all(_runs_along_cells(shapely.get_coordinates(ring)) for ring in rings)


def _runs_along_cells(corners: np.ndarray) -> bool:
    cells = np.rint(corners / CELL)
    is_near = np.abs(corners - cells * CELL).max() <= _OFF
    is_straight = (np.diff(cells, axis=0) == 0).any(axis=1).all()
    return bool(is_near and is_straight)


def _is_made_of_units(area: GEOSGeometry) -> bool:
    whole = shapely.from_wkb(bytes(area.wkb))
    around = shapely.buffer(whole, _SAME)
    units = AdminUnit.objects.filter(geometry__bboverlaps=area).values_list("geometry", flat=True)
    return _is_same(whole, [unit for unit in _shapes(units) if shapely.covers(around, unit)])


def _shapes(units: Iterable[GEOSGeometry | None]) -> list[BaseGeometry]:
    return [shapely.from_wkb(bytes(unit.wkb)) for unit in units if unit is not None]


def _is_same(whole: BaseGeometry, units: list[BaseGeometry]) -> bool:
    missing = shapely.difference(whole, shapely.buffer(shapely.union_all(units), _SAME))
    return bool(units) and missing.is_empty
