"""Shapes drawn on a metre grid, so that expected areas can be worked out by head."""

import shapely
from shapely import MultiPolygon, Polygon, affinity

from planning.geometry import Overlay, Piece, Share, Subject, overlay


def square(x: float, y: float, side: float) -> Polygon:
    return shapely.box(x, y, x + side, y + side)


PARCEL = square(0, 0, 10)


def measured(
    parcel: Polygon | MultiPolygon,
    zones: dict[str, Polygon | MultiPolygon],
    *,
    tolerance: float = 0.1,
    extent: Polygon | None = None,
    groups: dict[str, str] | None = None,
) -> Overlay:
    """The parcel laid over named zones; a zone's group is its own name unless stated."""
    pieces = [Piece(name, (groups or {}).get(name, name), shape) for name, shape in zones.items()]
    return overlay(Subject.of(parcel), pieces, tolerance=tolerance, extent=extent)


def item(answer: Overlay, key: str) -> Share:
    return next(share for share in answer.items if share.key == key)


def somewhere(geometry, angle: float = 27.0):
    """Turned and moved to where a city of Vietnam lies in its zone: coordinates of seven digits."""
    turned = affinity.rotate(geometry, angle, origin=(0, 0))
    return affinity.translate(turned, 586_513.385, 2_326_256.818)
