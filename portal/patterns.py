"""How a land use looks on a drawn map: the official colour of the code list, and a pattern by main group.

Colour cannot tell land uses apart (of 74 coloured codes only 32 colours differ, and a grey print has
none), so every main group has a pattern of its own and every zone carries its code. Where no official
colour is known the ground is grey and crossed: a colour is never invented.
Which group has which pattern is said by `planning.codes`; here stands how a pattern is drawn.
"""

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass

from planning.codes import pattern_for

INK = "#14202B"
NO_COLOUR = "#D5DAE0"
_HEX = re.compile(r"#[0-9A-Fa-f]{6}")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A repeated drawing: size of the tile, strokes as path data, dots as centres."""

    size: int
    path: str = ""
    dots: tuple[tuple[float, float], ...] = ()
    stroke: float = 0.9


PATTERNS = {
    "plain": Pattern(8),
    "dots": Pattern(8, dots=((2, 2), (6, 6))),
    "sparse-dots": Pattern(14, dots=((4, 4), (11, 11))),
    "dense-dots": Pattern(5, dots=((1.2, 1.2), (3.7, 3.7))),
    "hatch-right": Pattern(8, "M-2 10L10 -2M-2 2L2 -2M6 10L10 6"),
    "hatch-left": Pattern(8, "M-2 -2L10 10M6 -2L10 2M-2 6L2 10"),
    "cross": Pattern(9, "M-2 11L11 -2M-2 -2L11 11"),
    "horizontal": Pattern(6, "M0 3H6"),
    "vertical": Pattern(6, "M3 0V6"),
    "grid": Pattern(8, "M0 4H8M4 0V8"),
    "plus": Pattern(10, "M3 5H7M5 3V7"),
    "dashes": Pattern(10, "M1 3H5M6 8H10"),
    "double-right": Pattern(12, "M-2 14L14 -2M1 14L14 1M-2 2L2 -2M10 14L14 10"),
    "double-left": Pattern(12, "M-2 -2L14 14M1 -2L14 11M-2 10L2 14M10 -2L14 2"),
    "bricks": Pattern(10, "M0 0H10M0 5H10M2 0V5M7 5V10"),
    "zigzag": Pattern(8, "M0 6L4 2L8 6"),
    "unknown": Pattern(16, "M-2 18L18 -2M-2 -2L18 18", stroke=0.6),
}


def colour_of(colour: str) -> str:
    """The official colour where it is one, else the grey of "no official colour"."""
    return colour if _HEX.fullmatch(colour) else NO_COLOUR


def pattern_of(colour: str, group: str) -> str:
    """The pattern of a main group; without an official colour the crossed ground."""
    return pattern_for(group).value if _HEX.fullmatch(colour) else "unknown"


def define(parent: ET.Element, pattern: str, identifier: str) -> None:
    """Add the `<pattern>` to `<defs>`, drawn in ink so that it also tells in grey."""
    drawn = PATTERNS[pattern]
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
