"""How a land use looks on a drawn map: the official colour of the code list, and a pattern by main group.

Which group has which pattern, and of what lines a pattern is made, is said by `planning.codes`; here it
becomes SVG.
"""

import re
import xml.etree.ElementTree as ET

from planning.codes import pattern_for
from planning.codes.patterns import HATCHES, INK, LINE_STYLES, NO_COLOUR

__all__ = ["INK", "LINE_STYLES", "NO_COLOUR", "colour_of", "define", "pattern_of", "swatch"]
_HEX = re.compile(r"#[0-9A-Fa-f]{6}")


def colour_of(colour: str) -> str:
    """The official colour where it is one, else the grey of "no official colour"."""
    return colour if _HEX.fullmatch(colour) else NO_COLOUR


def pattern_of(colour: str, group: str) -> str:
    """The pattern of a main group; without an official colour the crossed ground."""
    return pattern_for(group).value if _HEX.fullmatch(colour) else "unknown"


def define(parent: ET.Element, pattern: str, identifier: str) -> None:
    """Add the `<pattern>` to `<defs>`, drawn in ink so that it also tells in grey."""
    drawn = HATCHES[pattern]
    element = ET.SubElement(
        parent,
        "pattern",
        {
            "id": identifier,
            "width": str(drawn.size),
            "height": str(drawn.size),
            "patternUnits": "userSpaceOnUse",
        },
    )
    if drawn.path:
        stroke = {"d": drawn.path, "fill": "none", "stroke": INK, "stroke-width": str(drawn.stroke)}
        ET.SubElement(element, "path", {**stroke, "stroke-opacity": "0.55"})
    for x, y in drawn.dots:
        ET.SubElement(
            element, "circle", {"cx": str(x), "cy": str(y), "r": "0.9", "fill": INK, "fill-opacity": "0.6"}
        )


def swatch(colour: str, group: str, identifier: str) -> str:
    """A small square in colour and pattern for legends and tables; the words stand beside it."""
    svg = ET.Element(
        "svg",
        {
            "class": "swatch",
            "viewBox": "0 0 24 24",
            "width": "24",
            "height": "24",
            "aria-hidden": "true",
            "focusable": "false",
        },
    )
    define(ET.SubElement(svg, "defs"), pattern_of(colour, group), identifier)
    square = {"x": "1", "y": "1", "width": "22", "height": "22"}
    ET.SubElement(svg, "rect", {**square, "fill": colour_of(colour)})
    outline = {"fill": f"url(#{identifier})", "stroke": INK, "stroke-width": "1"}
    ET.SubElement(svg, "rect", {**square, **outline})
    return ET.tostring(svg, encoding="unicode")
