"""Land-use codes as they stand in files, and the pattern that each main group is drawn with.

Pure text; the lists themselves are data (`fixtures/codes`), loaded by `planning.reference`.
"""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum

from planning.codes.folding import fold, normalise
from planning.codes.indicators import BLANKS


def read_codes(text: str | None) -> tuple[str, ...]:
    """Codes of a cell such as "ONT+CLN", in the order written, each once; () for a blank.

    Spaces and hyphens belong to codes ("PD 1000", "B3-2") and do not separate them.
    """
    if text is None:
        return ()
    parts = (" ".join(part.split()) for part in re.split(r"[+,;/&|\n]", normalise(text)))
    return tuple(dict.fromkeys(part for part in parts if part and fold(part) not in BLANKS))


def match_code(text: str, known: Iterable[str]) -> str | None:
    """The entry of a code list that a published code belongs to, or None.

    The code itself (case and spaces aside), else the longest entry it starts with, provided that no
    letter follows: "PD 1000" and "PMD-11" belong to "PD" and "PMD", "ODT2" to "ODT"; "ODTX" to none.
    The published code is kept beside it, so that a class too fine for the list is still printed.
    """
    wanted = _compact_code(text)
    by_compact = {_compact_code(code): code for code in known}
    if not wanted:
        return None
    if wanted in by_compact:
        return by_compact[wanted]
    for length in range(len(wanted) - 1, 0, -1):
        if wanted[:length] in by_compact and _may_end_code(wanted, length):
            return by_compact[wanted[:length]]
    return None


def _may_end_code(wanted: str, length: int) -> bool:
    before, after = wanted[length - 1], wanted[length]
    # neither inside a word ("ODTX") nor inside a number ("B3-10" is no "B3-1", "C1-1.5" no "C1-1")
    return not after.isalpha() and not (before.isdigit() and (after.isdigit() or after == "."))


def _compact_code(code: str) -> str:
    return re.sub(r"\s+", "", normalise(code)).upper()


class UseGroup(StrEnum):
    """Main groups of land use, coarse enough to be told apart by pattern on a grey print."""

    FARM = "farm"
    FOREST = "forest"
    WATER = "water"
    HOUSING = "housing"
    MIXED = "mixed"
    BUSINESS = "business"
    INDUSTRY = "industry"
    PUBLIC = "public"
    GREEN = "green"
    TRAFFIC = "traffic"
    UTILITY = "utility"
    HERITAGE = "heritage"
    CEMETERY = "cemetery"
    SECURITY = "security"
    UNUSED = "unused"
    OVERLAY = "overlay"


class Pattern(StrEnum):
    """What is drawn over the colour, so that colour is never the only carrier."""

    PLAIN = "plain"
    DOTS = "dots"
    SPARSE_DOTS = "sparse-dots"
    DENSE_DOTS = "dense-dots"
    HATCH_RIGHT = "hatch-right"
    HATCH_LEFT = "hatch-left"
    DOUBLE_RIGHT = "double-right"
    DOUBLE_LEFT = "double-left"
    CROSS = "cross"
    HORIZONTAL = "horizontal"
    VERTICAL = "vertical"
    GRID = "grid"
    PLUS = "plus"
    DASHES = "dashes"
    BRICKS = "bricks"
    ZIGZAG = "zigzag"
    UNKNOWN = "unknown"


_PATTERNS: Mapping[str, Pattern] = {
    UseGroup.FARM: Pattern.DOTS,
    UseGroup.FOREST: Pattern.DENSE_DOTS,
    UseGroup.WATER: Pattern.HORIZONTAL,
    UseGroup.HOUSING: Pattern.HATCH_RIGHT,
    UseGroup.MIXED: Pattern.DOUBLE_RIGHT,
    UseGroup.BUSINESS: Pattern.HATCH_LEFT,
    UseGroup.INDUSTRY: Pattern.GRID,
    UseGroup.PUBLIC: Pattern.CROSS,
    UseGroup.GREEN: Pattern.SPARSE_DOTS,
    UseGroup.TRAFFIC: Pattern.PLAIN,
    UseGroup.UTILITY: Pattern.VERTICAL,
    UseGroup.HERITAGE: Pattern.BRICKS,
    UseGroup.CEMETERY: Pattern.PLUS,
    UseGroup.SECURITY: Pattern.ZIGZAG,
    UseGroup.UNUSED: Pattern.DASHES,
    UseGroup.OVERLAY: Pattern.DOUBLE_LEFT,
}


def pattern_for(group: str) -> Pattern:
    """The pattern of a main group; a group of no list is drawn as unknown."""
    return _PATTERNS.get(group, Pattern.UNKNOWN)
