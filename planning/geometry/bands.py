"""How sure a share is: the least and the most of the subject that a zone can cover, and its class.

The zone is eroded and dilated, not the piece cut from the subject: a subject deep inside one zone is
wholly inside however small it is, and a strip narrower than the tolerance is never asserted.
"""

from enum import StrEnum
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from planning.geometry.subject import GRID, QUARTER, Subject

Geometries = NDArray[np.object_]
Figures = NDArray[np.float64]

# Neighbouring zones may gape by this much through rounding alone (the tolerance of coverage checks);
# eroding their union would open such a gap to twice the tolerance.
GAPE = 0.002
# Where a piece falls into parts at exactly the tolerance, GEOS 3.14 loses one of them; a hair more does not,
# and what is left then is left all the more at the tolerance itself.
HAIR = 0.0001


class Class(StrEnum):
    """What may be said of a piece and the subject. The first that holds wins, in this order."""

    WHOLE = "whole"  # all of the subject, but for grid noise
    PART = "part"  # surely some of it: something is left when the piece is eroded by the tolerance
    BORDERLINE = "borderline"  # some of it on the drawn lines, perhaps none in truth
    TOUCH = "touch"  # none of it on the drawn lines, perhaps some in truth


def reach(tolerance: float) -> float:
    """How near is near: within the tolerance, the last grid line included."""
    return tolerance + GRID


def clipped(geometries: Geometries, subject: Subject, tolerance: float) -> Geometries:
    """Cut to the subject's box + 3 tolerances: the cut edges lie too far away to matter afterwards."""
    return np.asarray(shapely.clip_by_rect(geometries, *subject.window(3 * reach(tolerance))))


def united(geometries: Geometries) -> Any:
    """One geometry of several, gaps of rounding closed; inputs already clipped."""
    if len(geometries) == 1:
        return geometries[0]
    grown = shapely.buffer(geometries, GAPE / 2, join_style="mitre")
    return shapely.buffer(shapely.union_all(grown), -GAPE / 2, join_style="mitre")


def bands(subject: Subject, pieces: Geometries, tolerance: float) -> tuple[Figures, Figures]:
    """The least and the most area of the subject inside each piece; pieces already clipped."""
    shape = subject.geometry
    dilated = shapely.buffer(pieces, tolerance, quad_segs=QUARTER)
    least = np.maximum(*(_eroded_within(shape, pieces, width) for width in (tolerance, tolerance + HAIR)))
    most = shapely.area(shapely.intersection(shape, dilated))
    return np.asarray(least), np.asarray(most)


def _eroded_within(shape: BaseGeometry, pieces: Geometries, width: float) -> Figures:
    eroded = shapely.buffer(pieces, -width, quad_segs=QUARTER)
    return np.asarray(shapely.area(shapely.intersection(shape, eroded)))


def classify(*, missing: float, area: float, least: float, noise: float, allowed: float) -> Class:
    """The class of a piece within reach of a subject, from square metres.

    `missing` is the subject's area outside the piece and `allowed` how much of it the grid explains;
    `noise` is the area that the grid can make of this very piece.
    """
    if missing <= allowed:
        return Class.WHOLE
    if least > noise:
        return Class.PART
    return Class.BORDERLINE if area > noise else Class.TOUCH
