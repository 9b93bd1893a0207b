"""A large polygon reduced to what matters around a place, before it is transformed and measured.

A road network of a whole city may be one polygon of fifty thousand vertices; a parcel sees twenty.
"""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Box = tuple[float, float, float, float]


def around(geometry: BaseGeometry, box: Box) -> BaseGeometry:
    """The same land within the box (west, south, east, north), with fewer vertices outside.

    Of a run of vertices beyond one side of the box only the ends stay: the chord between them lies beyond
    that side as well. A vertex beyond two sides counts for one of them only, or a run could turn the
    corner and its chord cut through the box. Edges that reach the box keep both ends, to the last
    digit. Where the chords would make the polygon invalid it is returned as it was.
    """
    rings, part_of = _reaching(geometry, box)
    if not len(rings):
        return shapely.MultiPolygon()
    corners, ring_of = shapely.get_coordinates(rings, return_index=True)
    stays = ~_idle(corners, ring_of, box)
    # A ring needs four corners, the last one closing it.
    stays |= (np.bincount(ring_of[stays], minlength=len(rings)) < 4)[ring_of]
    thinned = np.asarray(shapely.linearrings(corners[stays], indices=ring_of[stays]))
    _, part = np.unique(part_of, return_inverse=True)
    reduced = shapely.MultiPolygon(list(np.asarray(shapely.polygons(thinned, indices=part))))
    return reduced if shapely.is_valid(reduced) else geometry


def _reaching(geometry: BaseGeometry, box: Box) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """The rings that do not lie wholly beyond one side of the box, and the part each belongs to."""
    rings, part_of = shapely.get_rings(shapely.get_parts(geometry), return_index=True)
    west, south, east, north = shapely.bounds(rings).T
    reaches = (east >= box[0]) & (north >= box[1]) & (west <= box[2]) & (south <= box[3])
    # The first ring of a part is its shell; without it the holes mean nothing.
    _, shell = np.unique(part_of, return_index=True)
    reaches &= reaches[shell][part_of]
    return rings[reaches], part_of[reaches]


def _idle(corners: NDArray[np.float64], ring_of: NDArray[np.int64], box: Box) -> NDArray[np.bool_]:
    """The corners whose neighbours lie beyond the same side of the box as they do."""
    x, y = corners[:, 0], corners[:, 1]
    side = np.where(
        x < box[0], 1, np.where(x > box[2], 2, np.where(y < box[1], 3, np.where(y > box[3], 4, 0)))
    )
    same = (side[1:] == side[:-1]) & (ring_of[1:] == ring_of[:-1]) & (side[1:] != 0)
    idle = np.zeros(len(corners), dtype=bool)
    idle[1:-1] = same[:-1] & same[1:]
    return idle
