"""A large polygon cut to what matters around a place, before it is transformed and measured.

A road network of a whole city may be one polygon of fifty thousand vertices; a parcel sees twenty.
"""

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

Box = tuple[float, float, float, float]


def around(geometry: BaseGeometry, box: Box, *, longest: float) -> BaseGeometry:
    """The polygon within the box (west, south, east, north), or as it was where cutting would harm it.

    A cut puts a vertex on an edge. In another coordinate system, where that edge bulges, the vertex lies
    beside it by a part that grows with the square of its length: edges longer than `longest` are not
    cut, and the polygon stays whole.
    """
    if _cuts_long_edge(geometry, box, longest):
        return geometry
    cut = shapely.clip_by_rect(geometry, *box)
    if cut.is_empty:
        return shapely.MultiPolygon()
    return cut if cut.geom_type in ("Polygon", "MultiPolygon") and shapely.is_valid(cut) else geometry


def _cuts_long_edge(geometry: BaseGeometry, box: Box, longest: float) -> bool:
    corners, ring_of = shapely.get_coordinates(
        shapely.get_rings(shapely.get_parts(geometry)), return_index=True
    )
    starts, ends = corners[:-1], corners[1:]
    long = (np.abs(ends - starts).max(axis=1) > longest) & (ring_of[1:] == ring_of[:-1])
    if not long.any():
        return False
    low, high = np.minimum(starts[long], ends[long]), np.maximum(starts[long], ends[long])
    reaches = (high >= box[:2]).all(axis=1) & (low <= box[2:]).all(axis=1)
    within = (low >= box[:2]).all(axis=1) & (high <= box[2:]).all(axis=1)
    return bool((reaches & ~within).any())
