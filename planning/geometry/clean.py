"""What the importer does to a geometry before it is stored, once. An answer never repairs.

Flat, valid, without collapsed parts, on the 1 mm grid. The result says what was done and whether the
area moved so far that a person has to decide.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from planning.geometry.subject import GRID

# A repair may move this much area, whichever is more; beyond that a person decides.
ALLOWED_AREA = 1.0
ALLOWED_SHARE = 0.001


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A cleaned geometry and the record of the cleaning.

    `area_before` is the signed area of the rings as delivered: the two loops of a bow-tie cancel out
    there, so that mending one always shows as a large change. `steps` are codes, in the order taken:
    not_finite, z_dropped, made_valid, collapsed, snapped, oriented. `acceptable` is False where the
    area changed too much or nothing is left; the geometry is empty in the latter case.
    """

    geometry: BaseGeometry
    area_before: float
    area_after: float
    steps: tuple[str, ...]
    acceptable: bool


def clean(geometry: BaseGeometry, *, grid: float = GRID) -> Cleaned:
    """The geometry flat, valid and on the grid, with what it took. Metres in, metres out.

    Lines and points are only flattened and snapped.
    """
    steps: list[str] = []
    if not np.isfinite(shapely.get_coordinates(geometry)).all():
        return Cleaned(type(geometry)(), 0.0, 0.0, ("not_finite",), False)

    if geometry.has_z or geometry.has_m:
        geometry = shapely.force_2d(geometry)
        steps.append("z_dropped")
    before = float(geometry.area)
    is_polygon = shapely.get_dimensions(geometry) == 2

    if not shapely.is_valid(geometry):
        geometry = shapely.make_valid(geometry, method="structure", keep_collapsed=False)
        steps.append("made_valid")
    snapped = _on_grid(geometry, grid)
    if snapped.is_empty and not geometry.is_empty:
        steps.append("collapsed")
    elif shapely.equals_identical(shapely.normalize(snapped), shapely.normalize(geometry)):
        snapped = geometry  # as delivered, the first vertex of each ring included
    else:
        steps.append("snapped")
    if is_polygon:
        oriented = shapely.orient_polygons(snapped)
        if not shapely.equals_identical(oriented, snapped):
            steps.append("oriented")
        snapped = oriented

    after = float(snapped.area)
    acceptable = not snapped.is_empty and abs(after - before) <= max(ALLOWED_AREA, ALLOWED_SHARE * before)
    return Cleaned(snapped, before, after, tuple(steps), acceptable)


def _on_grid(geometry: BaseGeometry, grid: float) -> BaseGeometry:
    """Snapped to the grid, still valid, and without the precision model that would stick to it."""
    snapped = shapely.set_precision(geometry, grid)
    return shapely.set_precision(snapped, 0, mode="pointwise")
