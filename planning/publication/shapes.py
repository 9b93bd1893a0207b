"""Between stored geometries (EPSG:4326) and the metres in which the law is applied."""

from collections.abc import Iterable
from typing import cast

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Polygon
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from planning import crs
from planning.errors import CannotMeasure, Reason
from planning.geometry import GRID

# A line that is straight in metres bulges in degrees by less than this many degrees on any plan's scale.
BOX_MARGIN = 1e-4
# Lines alone make no area: what their plan speaks for is drawn this many metres around them.
AROUND_LINES = 1.0


def metres(geometry: GEOSGeometry, system: crs.CRS) -> BaseGeometry:
    """A stored geometry in the metric system, so that `stored` leads back to the same coordinates.

    There and back through the datum shift drifts by up to 1.4 mm, because a plan has no heights. Left
    alone, a zone that is cut would move against its neighbours; one step of correction undoes the drift.
    """

    def corrected(pairs: NDArray[np.float64]) -> NDArray[np.float64]:
        there = crs.transform_array(pairs, crs.WGS84, system)
        back = crs.transform_array(there, system, crs.WGS84)
        return 2 * there - crs.transform_array(back, crs.WGS84, system)

    return shapely.transform(shapely.from_wkb(bytes(geometry.wkb)), corrected)


def stored(geometry: BaseGeometry, system: crs.CRS) -> GEOSGeometry:
    """A metric geometry as it is stored: EPSG:4326, valid, polygons as MultiPolygon.

    Raises CannotMeasure where nothing storable is left.
    """
    moved = crs.transform(geometry, system, crs.WGS84)
    if shapely.get_dimensions(moved) == 2:
        moved = _polygons(moved)
    if moved.is_empty or not moved.is_valid:
        raise CannotMeasure(Reason.INVALID_GEOMETRY, what="piece")
    return GEOSGeometry(memoryview(moved.wkb), srid=4326)


def box_around(geometry: BaseGeometry, system: crs.CRS) -> Polygon:
    """The box in degrees that surely holds the metric geometry: for finding candidates only."""
    west, south, east, north = crs.transform(geometry, system, crs.WGS84).bounds
    box = Polygon.from_bbox((west - BOX_MARGIN, south - BOX_MARGIN, east + BOX_MARGIN, north + BOX_MARGIN))
    box.srid = 4326
    return box


def extent_of(
    zones: Iterable[GEOSGeometry], restrictions: Iterable[GEOSGeometry], system: crs.CRS
) -> MultiPolygon | None:
    """What an edition speaks for where no boundary was delivered: its zones united, without seams.

    An edition of restrictions alone speaks for the hull of them; None for an edition of nothing.
    """
    areas = [metres(zone, system) for zone in zones]
    if areas:
        united = _without_seams(shapely.union_all(areas, grid_size=GRID))
        return cast(MultiPolygon, stored(united, system))
    shapes = [metres(restriction, system) for restriction in restrictions]
    if shapes:
        hull = shapely.convex_hull(shapely.union_all(shapes))
        return cast(MultiPolygon, stored(shapely.buffer(hull, AROUND_LINES), system))
    return None


def _without_seams(area: BaseGeometry) -> BaseGeometry:
    """Holes narrower than the grid's noise are seams between neighbours, not gaps of the plan."""
    parts = []
    for part in shapely.get_parts(area):
        if shapely.get_dimensions(part) == 2 and part.area > GRID * part.length:
            holes = [ring for ring in part.interiors if shapely.Polygon(ring).area > GRID * ring.length]
            parts.append(shapely.Polygon(part.exterior, holes))
    return shapely.set_precision(shapely.multipolygons(parts), 0, mode="pointwise")


def _polygons(geometry: BaseGeometry) -> BaseGeometry:
    """As a valid MultiPolygon; what the last digit of a coordinate made invalid is mended."""
    if not geometry.is_valid:
        geometry = shapely.make_valid(geometry, method="structure", keep_collapsed=False)
    parts = [part for part in shapely.get_parts(geometry) if shapely.get_dimensions(part) == 2]
    return shapely.multipolygons(parts)
