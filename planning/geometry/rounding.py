"""From raw areas to printed figures that add up: the method of the largest remainder.

Rounded once, from raw areas. Rounding each figure by itself would show three thirds as 33 + 33 + 33.
"""

from collections.abc import Sequence
from math import floor

# What stands for a part that exists but would be printed as nothing.
TRACE = "< 0.1"


def apportion(parts: Sequence[tuple[str, float]], total: int) -> list[int]:
    """Whole units for every part, in the order given, that add up to `total` exactly.

    A part is (code, amount); only the proportions of the amounts count. The units left over after
    rounding down go to the largest remainders; ties are broken by code, never by the order of input.
    All zeros where there is nothing to share out.
    """
    whole = sum(amount for _, amount in parts)
    if whole <= 0:
        return [0] * len(parts)
    exact = [amount * total / whole for _, amount in parts]
    units = [floor(value) for value in exact]
    # Ten digits: beyond them the difference of two remainders is noise of the division, that is a tie.
    by_remainder = sorted(
        range(len(parts)), key=lambda i: (-round(exact[i] - units[i], 10), parts[i][0], -parts[i][1])
    )
    for i in by_remainder[: total - sum(units)]:
        units[i] += 1
    return units


def shares_shown(parts: Sequence[tuple[str, float]], *, area: float, overlap: float) -> list[int]:
    """Tenths of a per cent for every part (the uncovered rest is one of them), in the order given.

    They add up to 100.0 % and the overlap, that one rounded once.
    """
    return apportion(parts, 1000 + round(1000 * overlap / area)) if area > 0 else [0] * len(parts)


def is_trace(tenths: int, area: float) -> bool:
    """Whether a part exists though it would be printed as 0.0 %; it is printed as `TRACE` then."""
    return tenths == 0 and area > 0
