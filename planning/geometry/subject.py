"""The land that is asked about (parcel or drawn site), prepared once and measured against many plans."""

from dataclasses import dataclass
from functools import cached_property

import shapely
from shapely import LinearRing, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from planning.errors import CannotMeasure, Reason

# One millimetre: the grid on which all areas are summed.
GRID = 0.001
# On that grid twice every area in square millimetres is an integer: areas are summed exactly.
UNITS = 2_000_000
# Chords per quarter circle. At 8 a dilated corner lacks 0.5 % of the tolerance, a straight edge nothing.
QUARTER = 8


@dataclass(frozen=True, eq=False)
class Subject:
    """Land to be measured. Polygon or MultiPolygon, metres, on the 1 mm grid; never empty."""

    geometry: Polygon | MultiPolygon

    @classmethod
    def of(cls, geometry: BaseGeometry) -> "Subject":
        """A polygon on the grid; the order of its rings and parts leaves no trace.

        Raises CannotMeasure for what is invalid or has no area.
        """
        if not shapely.is_valid(geometry):
            geometry = mended(geometry, what="subject")
        snapped = shapely.set_precision(shapely.normalize(geometry), GRID)
        # A precision model sticks to a geometry and would drag every later operation onto the grid.
        free = shapely.set_precision(snapped, 0, mode="pointwise")
        if free.is_empty or not isinstance(free, Polygon | MultiPolygon):
            raise CannotMeasure(Reason.EMPTY_GEOMETRY, what="subject")
        shapely.prepare(free)
        return cls(free)

    @cached_property
    def units(self) -> int:
        """Its area in half square millimetres."""
        return round(self.geometry.area * UNITS)

    @cached_property
    def area(self) -> float:
        """Its area in square metres."""
        return self.units / UNITS

    @cached_property
    def perimeter(self) -> float:
        return float(self.geometry.length)

    @cached_property
    def noise(self) -> float:
        """The area that the grid alone can make or take away; of the tiniest subjects half at most."""
        return min(GRID * self.perimeter, self.area / 2)

    @cached_property
    def boundary(self) -> shapely.Geometry:
        lines = shapely.boundary(self.geometry)
        shapely.prepare(lines)
        return lines

    @cached_property
    def rings(self) -> tuple[LinearRing, ...]:
        """All rings of all parts, holes included."""
        return tuple(shapely.get_rings(shapely.get_parts(self.geometry)))

    @cached_property
    def _eroded(self) -> dict[float, shapely.Geometry]:
        return {}

    def eroded(self, tolerance: float) -> shapely.Geometry:
        """What surely belongs to the subject; made once per tolerance, many lines ask for it."""
        if tolerance not in self._eroded:
            left = shapely.buffer(self.geometry, -tolerance, quad_segs=QUARTER)
            shapely.prepare(left)
            self._eroded[tolerance] = left
        return self._eroded[tolerance]

    def window(self, margin: float) -> tuple[float, float, float, float]:
        """The subject's box, widened on every side."""
        west, south, east, north = self.geometry.bounds
        return west - margin, south - margin, east + margin, north + margin


def mended(geometry: BaseGeometry, **facts: str) -> BaseGeometry:
    """A geometry that is invalid by the last digits of its coordinates alone, made valid.

    Two edges that touch in degrees may cross by a fraction of a millimetre in metres. What is really
    broken (a bow-tie) changes its area by more than the grid could: CannotMeasure, with the facts.
    """
    valid = shapely.make_valid(geometry, method="structure", keep_collapsed=False)
    if abs(float(valid.area - geometry.area)) > GRID * float(geometry.length):
        raise CannotMeasure(Reason.INVALID_GEOMETRY, **facts)
    return valid
