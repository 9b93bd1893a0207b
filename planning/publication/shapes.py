"""Between stored geometries (EPSG:4326) and the metres in which the law is applied."""

from collections.abc import Iterable
from typing import Any, cast

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Polygon
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from planning import crs
from planning.errors import CannotMeasure, Reason

# A line that is straight in metres bulges in degrees by less than this many degrees on any plan's scale.
BOX_MARGIN = 1e-4


def metres(geometry: GEOSGeometry, system: crs.CRS) -> BaseGeometry:
    """A stored geometry in the metric system, so that `stored` leads back to the same coordinates."""
    return _corrected(shapely.from_wkb(bytes(geometry.wkb)), system)


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
    zones: Iterable[GEOSGeometry],
    restrictions: Iterable[GEOSGeometry],
    system: crs.CRS,
    *,
    tolerance: float,
) -> MultiPolygon | None:
    """What an edition speaks for where no boundary was delivered: its zones united.

    Gaps narrower than twice the tolerance (metres) of its drawing are seams, not land left out. An
    edition of restrictions alone speaks for the hull of them; None for an edition of nothing.
    """
    areas = all_in_metres(zones, system)
    if len(areas):
        united = _without_seams(shapely.union_all(areas), tolerance)
        return cast(MultiPolygon, stored(united, system))
    shapes = all_in_metres(restrictions, system)
    if len(shapes):
        hull = shapely.convex_hull(shapely.GeometryCollection(list(shapes)))
        # Widened, because lines may make no area at all.
        return cast(MultiPolygon, stored(shapely.buffer(hull, tolerance), system))
    return None


def all_in_metres(geometries: Iterable[GEOSGeometry], system: crs.CRS) -> NDArray[np.object_]:
    """Stored geometries in the metric system, as `metres` gives each of them."""
    shapes = shapely.from_wkb([bytes(geometry.wkb) for geometry in geometries])
    return np.asarray(_corrected(shapes, system), dtype=object)


def _without_seams(area: BaseGeometry, tolerance: float) -> BaseGeometry:
    parts = []
    for part in shapely.get_parts(area):
        holes = [shapely.Polygon(ring) for ring in part.interiors]
        is_seam = shapely.is_empty(shapely.buffer(holes, -tolerance))
        gaps = [hole.exterior for hole, seam in zip(holes, is_seam, strict=True) if not seam]
        parts.append(shapely.Polygon(part.exterior, gaps))
    # United once more: what lay within a seam now lies within its neighbour.
    return shapely.union_all(parts)


def _corrected(shapes: Any, system: crs.CRS) -> Any:
    """One geometry or an array of them in the metric system, without drift.

    There and back through the datum shift drifts by up to 1.4 mm, because a plan has no heights. Left
    alone, a zone that is cut would move against its neighbours; one step of correction undoes the drift.
    """

    def corrected(pairs: NDArray[np.float64]) -> NDArray[np.float64]:
        there = crs.transform_array(pairs, crs.WGS84, system)
        back = crs.transform_array(there, system, crs.WGS84)
        return 2 * there - crs.transform_array(back, crs.WGS84, system)

    return _mended(shapely.transform(shapes, corrected))


def _mended(shapes: Any) -> Any:
    """A ring that touches another in degrees may cross it by a hair in metres."""
    is_valid = shapely.is_valid(shapes)
    if np.all(is_valid):
        return shapes
    mended = shapely.make_valid(shapes, method="structure", keep_collapsed=False)
    return np.where(is_valid, shapes, mended) if isinstance(shapes, np.ndarray) else mended


def _polygons(geometry: BaseGeometry) -> BaseGeometry:
    """As a valid MultiPolygon; what the last digit of a coordinate made invalid is mended."""
    if not geometry.is_valid:
        geometry = shapely.make_valid(geometry, method="structure", keep_collapsed=False)
    parts = [part for part in shapely.get_parts(geometry) if shapely.get_dimensions(part) == 2]
    return shapely.MultiPolygon(parts)
