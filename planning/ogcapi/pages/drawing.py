"""GeoJSON features -> a small map as SVG: seen without a script, and on paper.

Pure: features with longitude first in, a tree of elements out, so that no text can become markup and the
content policy has nothing to refuse. North is up; nothing is measured from it.
"""

import math
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from django.utils.safestring import SafeString, mark_safe
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from planning.ogcapi.collections import Bounds
from planning.ogcapi.labels import Label

WIDTH, HEIGHT, MARGIN = 640.0, 400.0, 16.0
INK, GROUND, HALO = "#14202B", "#F3F6F8", "#FFFFFF"
_LETTER = 7.2  # an average letter's width at the size of a label
_HALF_A_NAME = 110.0  # so that a name at the edge is not cut
_SMALLEST_SPAN = 0.0005  # degrees: about 50 m, so that a point has surroundings


@dataclass(frozen=True, slots=True)
class Shape:
    """What is drawn: a geometry with longitude first, its label, its colour (`#RRGGBB`)."""

    geometry: BaseGeometry
    label: str
    colour: str


@dataclass(frozen=True, slots=True)
class Frame:
    """A window: degrees to drawing units by one scale, with longitudes as short as they are there."""

    west: float
    north: float
    across: float  # units per degree of longitude
    along: float  # units per degree of latitude

    @classmethod
    def around(cls, bounds: Bounds) -> "Frame":
        """The window that holds the bounds in its middle."""
        west, south, east, north = bounds
        middle = (south + north) / 2
        narrowed = max(math.cos(math.radians(middle)), 0.05)
        width = max(east - west, _SMALLEST_SPAN) * narrowed
        height = max(north - south, _SMALLEST_SPAN)
        along = min((WIDTH - 2 * MARGIN) / width, (HEIGHT - 2 * MARGIN) / height)
        across = along * narrowed
        return cls((west + east) / 2 - WIDTH / 2 / across, middle + HEIGHT / 2 / along, across, along)

    def placed(self, geometry: BaseGeometry) -> BaseGeometry:
        """The geometry in drawing units, without what is too small to see."""
        drawn = shapely.transform(shapely.force_2d(geometry), self._project)
        return (
            drawn.simplify(0.4, preserve_topology=False) if shapely.get_num_coordinates(drawn) > 50 else drawn
        )

    def _project(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        return (points - (self.west, self.north)) * (self.across, -self.along)

    def shows(self, label: Label) -> bool:
        """Whether the label's place is within the window."""
        x, y = self.of_label(label)
        return 0 <= x <= WIDTH and 0 <= y <= HEIGHT

    def of_label(self, label: Label) -> tuple[float, float]:
        """Where the label stands."""
        x, y = self._project(np.array([label.longitude, label.latitude])).tolist()
        return x, y


def draw(shapes: Sequence[Shape], bounds: Bounds, always: Sequence[Label], title: str) -> SafeString:
    """The map: shapes in their order, labels last where there is room, and those that are never missing."""
    frame = Frame.around(bounds)
    svg = ET.Element("svg", {"class": "overview", "viewBox": f"0 0 {WIDTH:g} {HEIGHT:g}", "role": "img"})
    ET.SubElement(svg, "title").text = title
    ET.SubElement(svg, "rect", {"width": f"{WIDTH:g}", "height": f"{HEIGHT:g}", "fill": GROUND})
    placed = [(shape, frame.placed(shape.geometry)) for shape in shapes]
    for shape, drawn in placed:
        _draw_shape(svg, shape, drawn)
    for shape, drawn in placed:
        _label_shape(svg, shape, drawn)
    for label in always:
        if frame.shows(label):
            x, y = frame.of_label(label)
            _write(svg, min(max(x, _HALF_A_NAME), WIDTH - _HALF_A_NAME), y, label.text)
    return mark_safe(ET.tostring(svg, encoding="unicode"))  # noqa: S308 - a tree, not pasted text


def _draw_shape(svg: ET.Element, shape: Shape, drawn: BaseGeometry) -> None:
    for part in shapely.get_parts(drawn):
        match part.geom_type:
            case "Point":
                place = {"cx": f"{part.x:.1f}", "cy": f"{part.y:.1f}", "r": "6"}
                ET.SubElement(svg, "circle", place | {"fill": shape.colour, "stroke": INK})
            case "Polygon" if not part.is_empty:
                area = {"fill": shape.colour, "fill-opacity": "0.8", "fill-rule": "evenodd"}
                rings = (part.exterior, *part.interiors)
                path = " ".join(f"{_path(ring)}Z" for ring in rings)
                ET.SubElement(svg, "path", {"d": path, "stroke": INK, "stroke-opacity": "0.6"} | area)
            case "LineString" if not part.is_empty:
                line = {"d": _path(part), "fill": "none", "stroke-linejoin": "round"}
                ET.SubElement(svg, "path", line | {"stroke": INK, "stroke-width": "5"})
                ET.SubElement(svg, "path", line | {"stroke": shape.colour, "stroke-width": "3"})


def _path(line: BaseGeometry) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in shapely.get_coordinates(line))


def _label_shape(svg: ET.Element, shape: Shape, drawn: BaseGeometry) -> None:
    """The label in the middle of an area that is wide enough for it; the table has all of them."""
    if not shape.label or drawn.geom_type not in {"Polygon", "MultiPolygon"} or drawn.is_empty:
        return
    west, south, east, north = drawn.bounds
    if east - west < len(shape.label) * _LETTER or north - south < 14:
        return
    middle = drawn.representative_point()
    _write(svg, middle.x, middle.y + 4, shape.label)


def _write(svg: ET.Element, x: float, y: float, text: str) -> None:
    place = {"x": f"{x:.1f}", "y": f"{y:.1f}", "text-anchor": "middle", "font-size": "12", "fill": INK}
    halo = {"stroke": HALO, "stroke-width": "3", "paint-order": "stroke", "stroke-linejoin": "round"}
    ET.SubElement(svg, "text", place | halo).text = text
