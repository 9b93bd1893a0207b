"""Shapes as they are stored: multi-geometries, rings in order, areas cut into handy pieces."""

from collections.abc import Iterator
from typing import cast

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from shapely.geometry.base import BaseGeometry

from planning.imports.checks import in_order
from planning.imports.reading import Geometries

# An area is read whole wherever it is asked about; pieces of this many vertices are quickly read.
HANDY = 600
# Holes of an area made of zones that are on average narrower than this (metres) are drawing errors.
SEAM = 1.0


def stored(geometries: Geometries) -> Geometries:
    """Polygons and lines as multi-geometries, in order where that keeps them valid."""
    ordered = in_order(geometries)
    fine = shapely.is_valid(ordered)
    result = np.empty(len(geometries), dtype=object)
    for index, given in enumerate(geometries):
        result[index] = _as_multi(ordered[index] if fine[index] else given)
    return result


def _as_multi(shape: BaseGeometry) -> BaseGeometry:
    match shape:
        case shapely.Polygon():
            return shapely.MultiPolygon([shape])
        case shapely.LineString():
            return shapely.MultiLineString([shape])
    return shape


def polygons(geometry: BaseGeometry) -> BaseGeometry:
    """The polygonal part as a MultiPolygon, possibly empty."""
    parts = [
        part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon" and not part.is_empty
    ]
    return shapely.multipolygons(parts) if parts else shapely.MultiPolygon()


def without_seams(area: BaseGeometry) -> BaseGeometry:
    """The area without holes narrower than lines are exact: seams between zones, not land left out."""
    parts = []
    for part in shapely.get_parts(polygons(area)):
        holes = np.array([shapely.Polygon(ring) for ring in part.interiors], dtype=object)
        with np.errstate(invalid="ignore"):
            wide = 2 * shapely.area(holes) / shapely.length(holes) >= SEAM
        parts.append(shapely.Polygon(part.exterior, [hole.exterior for hole in holes[wide]]))
    return polygons(shapely.union_all(np.array(parts, dtype=object)))


def as_stored(area: BaseGeometry) -> MultiPolygon:
    """An area in degrees for the database; the caller has seen to it that it is valid and not empty."""
    found = GEOSGeometry(memoryview(polygons(area).wkb), srid=4326)
    return cast(MultiPolygon, found)


def pieces(area: BaseGeometry) -> Iterator[BaseGeometry]:
    """The area cut along straight lines, in metres, until no piece is unwieldy; empty ones are left out."""
    shape = polygons(area)
    if shape.is_empty:
        return
    if shapely.get_num_coordinates(shape) <= HANDY:
        yield shape
        return
    west, south, east, north = shape.bounds
    # on the grid, so that both sides of a cut get the very same corner
    if east - west >= north - south:
        middle = round((west + east) / 2)
        halves = (
            shapely.box(west - 1, south - 1, middle, north + 1),
            shapely.box(middle, south - 1, east + 1, north + 1),
        )
    else:
        middle = round((south + north) / 2)
        halves = (
            shapely.box(west - 1, south - 1, east + 1, middle),
            shapely.box(west - 1, middle, east + 1, north + 1),
        )
    if min(east - west, north - south) < 2:
        yield shape  # a knot of vertices that no cut unties
        return
    for half in halves:
        yield from pieces(shapely.intersection(shape, half))
