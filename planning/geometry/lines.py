"""Lines and points of a plan against the subject: they have no area, so lengths and classes only.

For a red line (chỉ giới đường đỏ) or a building line (chỉ giới xây dựng) also what it cuts off.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LinearRing, LineString
from shapely.geometry.base import BaseGeometry

from planning.geometry.bands import Class, clipped, reach
from planning.geometry.subject import GRID, QUARTER, Subject

# On the grid two lines drawn on one another lie at most this far apart.
SAME_LINE = 2 * GRID


@dataclass(frozen=True, slots=True)
class LinePart:
    """A line within reach of the subject, in metres.

    `inside` is what runs through the subject, `along` what runs along its boundary within tolerance
    (measured on the boundary, so passing a corner adds nothing). A line drawn on the boundary itself is
    along it for both neighbours and inside neither; one a little within is counted in both figures.
    """

    kind: Class
    inside: float
    along: float


@dataclass(frozen=True, slots=True)
class PointPart:
    """A point, or a protected circle around one, within reach of the subject. Metres."""

    kind: Class
    distance: float


@dataclass(frozen=True, slots=True)
class Beyond:
    """What a line cuts off. `area` in m2 lies beyond it, `remainder` on this side.

    `narrowest` is the shorter side of the smallest rectangle around the remainder, in metres.
    `side_is_stated` is False where the smaller part was taken for the one beyond.
    """

    area: float
    remainder: float
    narrowest: float
    side_is_stated: bool


def measure_line(subject: Subject, line: BaseGeometry, *, tolerance: float) -> LinePart | None:
    """How a line lies to the subject; None where it is out of reach.

    `part` where it surely runs inside, `borderline` where it does so only on the drawn lines, `touch`
    where it runs on the boundary or within tolerance outside.
    """
    if not shapely.dwithin(subject.geometry, line, reach(tolerance)):
        return None
    (near,) = clipped(np.array([line], dtype=object), subject, tolerance)
    within = shapely.intersection(near, subject.geometry)
    inside = float(within.length) - _along(subject, within, SAME_LINE)
    surely = subject.eroded(tolerance)
    if inside <= SAME_LINE:
        kind, inside = Class.TOUCH, 0.0
    elif shapely.intersection(near, surely).length > SAME_LINE:
        kind = Class.PART
    else:
        kind = Class.BORDERLINE
    return LinePart(kind, inside, _along(subject, near, max(tolerance, SAME_LINE)))


def _along(subject: Subject, line: BaseGeometry, tolerance: float) -> float:
    """Metres of the subject's boundary that the line accompanies within the tolerance.

    Where a line merely crosses, the nearest point of the boundary stands still and nothing is counted.
    """
    total = 0.0
    if line.is_empty:
        return total
    for ring in subject.rings:
        # A line near one corner of a large site must not cost the buffer of its whole boundary.
        near = shapely.clip_by_rect(ring, *_widened(line.bounds, 2 * tolerance))
        beside = shapely.intersection(line, shapely.buffer(near, tolerance, quad_segs=QUARTER))
        for part in _line_strings(beside):
            total += _swept(ring, part)
    return total


def _widened(bounds: tuple[float, ...], margin: float) -> tuple[float, float, float, float]:
    west, south, east, north = bounds
    return west - margin, south - margin, east + margin, north + margin


def _swept(ring: LinearRing, part: LineString) -> float:
    """How far the nearest point of the ring travels while the part is walked, never more than the walk."""
    places = shapely.line_locate_point(ring, shapely.points(shapely.get_coordinates(part)))
    travelled = np.abs(np.diff(places))
    walked = np.hypot(*np.diff(shapely.get_coordinates(part), axis=0).T)
    return float(np.minimum(np.minimum(travelled, ring.length - travelled), walked).sum())


def _line_strings(geometry: BaseGeometry) -> list[LineString]:
    parts = shapely.get_parts(shapely.get_parts(geometry))
    return [part for part in parts if isinstance(part, LineString) and not part.is_empty]


def measure_point(
    subject: Subject, point: BaseGeometry, *, tolerance: float, radius: float = 0.0
) -> PointPart | None:
    """How a point, or the circle of `radius` around it, lies to the subject; None where out of reach.

    `part` where the point is surely inside or its circle surely reaches the subject.
    """
    distance = float(shapely.distance(subject.geometry, point))
    if distance > radius + reach(tolerance):
        return None
    depth = float(shapely.distance(subject.boundary, point)) if distance == 0 else 0.0
    if depth > tolerance or distance < radius - tolerance:
        kind = Class.PART
    elif distance == 0 or distance <= radius:
        kind = Class.BORDERLINE
    else:
        kind = Class.TOUCH
    return PointPart(kind, distance)


def beyond(
    subject: Subject, line: BaseGeometry, *, side: Literal["left", "right"] | None = None
) -> Beyond | None:
    """What of the subject lies beyond a red or building line; None where the line does not cut it.

    `side` is where "beyond" lies, seen in the direction in which the line was drawn. A line does not
    say that by itself: without it the smaller part counts as beyond, and the result says so.
    """
    parts = _split(subject, line)
    if len(parts) < 2:
        return None
    lost = _on_side(parts, line, side) if side else _smaller(parts, line)
    kept = [part for part in parts if not any(part is other for other in lost)]
    remainder = shapely.union_all(kept) if kept else shapely.Polygon()
    return Beyond(
        area=sum(float(part.area) for part in lost),
        remainder=float(remainder.area),
        narrowest=_narrowest(remainder),
        side_is_stated=side is not None,
    )


def _split(subject: Subject, line: BaseGeometry) -> list[BaseGeometry]:
    """The subject's parts once the line is drawn through it, without parts that the grid made."""
    near = shapely.clip_by_rect(line, *subject.window(1.0))
    noded = shapely.union_all([shapely.boundary(subject.geometry), near], grid_size=GRID)
    cells = shapely.get_parts(shapely.polygonize([shapely.set_precision(noded, 0, mode="pointwise")]))
    own = shapely.intersects(subject.geometry, shapely.point_on_surface(cells))
    return [cell for cell in cells[own] if cell.area > GRID * cell.length]


def _on_side(parts: list[BaseGeometry], line: BaseGeometry, side: str) -> list[BaseGeometry]:
    sign = 1.0 if side == "left" else -1.0
    return [part for part in parts if sign * _turn(line, part) > 0]


def _smaller(parts: list[BaseGeometry], line: BaseGeometry) -> list[BaseGeometry]:
    left = [part for part in parts if _turn(line, part) > 0]
    right = [part for part in parts if _turn(line, part) <= 0]
    return min(left, right, key=lambda side: sum(float(part.area) for part in side))


def _turn(line: BaseGeometry, part: BaseGeometry) -> float:
    """Positive where the part lies left of the line, negative where right.

    Judged at the segment nearest to the part's interior point. Beyond a bend two segments are equally
    near; the one the point lies farther off from sideways tells the side.
    """
    inner = shapely.get_coordinates(shapely.point_on_surface(part))[0]
    ends = np.concatenate([_segments(string) for string in _line_strings(line)])
    along = ends[:, 1] - ends[:, 0]
    off = inner - ends[:, 0]
    length = np.maximum(np.hypot(along[:, 0], along[:, 1]), GRID)
    sideways = (along[:, 0] * off[:, 1] - along[:, 1] * off[:, 0]) / length
    foot = np.clip((along * off).sum(axis=1) / length**2, 0, 1)
    away = np.hypot(*(off - foot[:, None] * along).T)
    nearest = np.flatnonzero(away <= away.min() + 1e-9)
    return float(sideways[nearest[np.argmax(np.abs(sideways[nearest]))]])


def _segments(string: LineString) -> NDArray[np.float64]:
    """The ends of a line's segments: segment, end, coordinate."""
    points = shapely.get_coordinates(string)
    return np.stack([points[:-1], points[1:]], axis=1)


def _narrowest(geometry: BaseGeometry) -> float:
    if geometry.is_empty:
        return 0.0
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(geometry))
    return float(min(np.hypot(*(corners[1] - corners[0])), np.hypot(*(corners[2] - corners[1]))))
