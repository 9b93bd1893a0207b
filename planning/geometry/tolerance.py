"""How far a drawn line may lie from the true one: the epsilon of every band and of every "near".

A bound, not a probability: it is never to be printed as a confidence level.
"""

from math import hypot

# A line on a map is drawn about 0.2 mm wide; nobody can read it more exactly (CNIG uses the same).
LINE_WIDTH = 0.0002
# Where neither accuracy nor scale is known we assume 1:5000. Too coarse only widens a band; too fine
# would turn a "we cannot tell" into a false "no".
UNKNOWN_SCALE = 5000
# A source recorded by GPS in WGS 84, or brought over by an unknown operation, may be this far off.
UNKNOWN_DATUM = 1.0


def line_tolerance(scale: int | None, stated: float | None, *, unknown_datum: bool = False) -> float:
    """How far a line of one data set may be off, in metres.

    The accuracy `stated` by the authority wins, 0 included; else 0.2 mm at the map's scale (the
    denominator: 2000 gives 0.4 m). `unknown_datum` adds a metre and is for the *source* alone: our own
    storage adds nothing.
    """
    own = stated if stated is not None else LINE_WIDTH * (scale or UNKNOWN_SCALE)
    return own + UNKNOWN_DATUM if unknown_datum else own


def pair_tolerance(plan: float, parcel: float) -> float:
    """How far a plan's line may be off as seen from a parcel: both errors are independent."""
    return hypot(plan, parcel)
