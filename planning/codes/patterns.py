"""How patterns and lines are drawn on a map: one table for pages, legends, papers and map libraries.

Colour cannot tell land uses apart (of 74 coloured codes only 32 colours differ, and a grey print has
none), so every main group has a pattern of its own (`planning.codes.landuse` says which). Where no official
colour is known the ground is grey and crossed: a colour is never invented.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from planning.codes.landuse import Pattern

INK = "#14202B"
NO_COLOUR = "#D5DAE0"


@dataclass(frozen=True, slots=True)
class Hatch:
    """A repeated drawing: size of its square, strokes as path data (M, L, H, V), dots as centres."""

    size: int
    path: str = ""
    dots: tuple[tuple[float, float], ...] = ()
    stroke: float = 0.9


HATCHES: Mapping[str, Hatch] = {
    Pattern.PLAIN: Hatch(8),
    Pattern.DOTS: Hatch(8, dots=((2, 2), (6, 6))),
    Pattern.SPARSE_DOTS: Hatch(14, dots=((4, 4), (11, 11))),
    Pattern.DENSE_DOTS: Hatch(5, dots=((1.2, 1.2), (3.7, 3.7))),
    Pattern.HATCH_RIGHT: Hatch(8, "M-2 10L10 -2M-2 2L2 -2M6 10L10 6"),
    Pattern.HATCH_LEFT: Hatch(8, "M-2 -2L10 10M6 -2L10 2M-2 6L2 10"),
    Pattern.CROSS: Hatch(9, "M-2 11L11 -2M-2 -2L11 11"),
    Pattern.HORIZONTAL: Hatch(6, "M0 3H6"),
    Pattern.VERTICAL: Hatch(6, "M3 0V6"),
    Pattern.GRID: Hatch(8, "M0 4H8M4 0V8"),
    Pattern.PLUS: Hatch(10, "M3 5H7M5 3V7"),
    Pattern.DASHES: Hatch(10, "M1 3H5M6 8H10"),
    Pattern.DOUBLE_RIGHT: Hatch(12, "M-2 14L14 -2M1 14L14 1M-2 2L2 -2M10 14L14 10"),
    Pattern.DOUBLE_LEFT: Hatch(12, "M-2 -2L14 14M1 -2L14 11M-2 10L2 14M10 -2L14 2"),
    Pattern.BRICKS: Hatch(10, "M0 0H10M0 5H10M2 0V5M7 5V10"),
    Pattern.ZIGZAG: Hatch(8, "M0 6L4 2L8 6"),
    Pattern.UNKNOWN: Hatch(16, "M-2 18L18 -2M-2 -2L18 18", stroke=0.6),
}

# How the kinds of restriction are drawn: stroke, lengths of dashes; told apart in grey by their dashes.
LINE_STYLES: Mapping[str, tuple[str, str]] = {
    "red_line": ("#A8071A", "9 4"),
    "building_line": ("#5B2A86", "9 3 2 3"),
    "corridor": ("#7A4B00", "3 3"),
    "height_limit": ("#00594F", "1 3"),
    "heritage": ("#7B1E55", "6 3 1 3 1 3"),
}
