"""Geometries on their way into binary files: well-known binary, one family made one type.

A file has one geometry type per layer. Readers such as QGIS split a layer of two types in two, so that
every part of a family is written as its multiple type.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from planning.ogcapi.collections import Family

TYPE_OF_FAMILY = {
    Family.POINT: "MultiPoint",
    Family.LINE: "MultiLineString",
    Family.POLYGON: "MultiPolygon",
    Family.ANY: "Unknown",
}
_MULTIPLE = 3  # the numbers of the multiple types are those of the single ones and 3


@dataclass(frozen=True, slots=True)
class Shapes:
    """Geometries of a batch, none where there is nothing to draw; `bounds` is an array of shape (n, 4) that
    holds no number there."""

    wkb: tuple[bytes | None, ...]
    bounds: NDArray[np.float64]


def shapes_of(geometries: Sequence[Any], family: Family) -> Shapes:
    """From what the database hands out, east or longitude first."""
    given = np.array([None if one is None else bytes(one) for one in geometries], dtype=object)
    bounds = shapely.bounds(shapely.from_wkb(given))
    given[np.isnan(bounds).any(axis=1)] = None  # an empty geometry is nowhere, too
    written = given if family is Family.ANY else map(_as_multiple, given)
    return Shapes(tuple(written), bounds)


def _as_multiple(wkb: bytes | None) -> bytes | None:
    if wkb is None:
        return None
    order = "<" if wkb[0] else ">"
    (kind,) = struct.unpack_from(f"{order}I", wkb, 1)
    if kind > _MULTIPLE:
        return wkb
    return struct.pack("<BII", 1, kind + _MULTIPLE, 1) + wkb
