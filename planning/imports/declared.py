"""Declarations of coverage, weighed: how far they reach, how early they begin, which theme they name.

Used for the rows of a coverage layer and for [[coverage]] of a plan file alike. A declaration is what a
"no" rests on, so one that claims too much is said with how much; it knows no database.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import shapely
from shapely.geometry.base import BaseGeometry

from planning import crs
from planning.crs import CRS
from planning.errors import CannotMeasure
from planning.imports.findings import Finding
from planning.models import CoverageState, Level

# What a "no" may rest on; every other state only takes certainty away.
BACKING = frozenset({CoverageState.COMPLETE.value, CoverageState.NONE_EXISTS.value})
# The share of a declaration that may lie beyond: rounding, where it ends on the border itself.
_BEYOND = 1e-6
_EARLY = 50  # years


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """One declaration; `land` in degrees, None where it is not known. `row` counts from 1."""

    theme: str
    plan_kind: str
    state: str
    as_of: date
    valid_from: date | None
    land: BaseGeometry | None
    metric: CRS | None
    layer: str = ""
    row: int | None = None
    place: str = "plan_kind"


def weigh(
    one: Declared, *, own_land: BaseGeometry | None, themes: Mapping[str, frozenset[str]] | None
) -> list[Finding]:
    """All there is to say of a declaration; `own_land` (degrees) is what the office may speak of."""
    return [*_foreign_kind(one, themes), *_reaching_out(one, own_land), *_beginning_early(one)]


def _foreign_kind(one: Declared, themes: Mapping[str, frozenset[str]] | None) -> list[Finding]:
    """A05: a theme that does not gather this kind of plan; nothing could rest on such a word."""
    if themes is None or not one.plan_kind or one.plan_kind in themes.get(one.theme, {one.plan_kind}):
        return []
    level = Level.ERROR if one.state in BACKING else Level.WARNING
    return [
        Finding(
            code="A05",
            says="A05/theme",
            level=level,
            layer=one.layer,
            row=one.row,
            field=one.place,
            value=one.plan_kind,
            facts={"theme": one.theme},
        )
    ]


def _reaching_out(one: Declared, own_land: BaseGeometry | None) -> list[Finding]:
    """C06: how much of the declared land lies beyond the land that may be spoken of."""
    if one.land is None or one.land.is_empty or own_land is None:
        return []
    if shapely.covers(own_land, shapely.box(*one.land.bounds)):
        return []  # the usual case, without a cut through thousands of zones
    # turning metres into degrees may have spoilt a vertex
    land = one.land
    if not shapely.is_valid(land):
        land = shapely.make_valid(land, method="structure", keep_collapsed=False)
    beyond = shapely.difference(land, own_land)
    share = float(beyond.area / land.area) if land.area else 0.0
    if share <= _BEYOND:
        return []
    inner = shapely.point_on_surface(beyond)
    facts = {"share": f"{100 * share:.3g}", **_measured(beyond, one.metric)}
    says = "" if "area" in facts else "C06/share"
    return [
        Finding(
            code="C06",
            says=says,
            level=Level.WARNING,
            layer=one.layer,
            row=one.row,
            facts=facts,
            place=(inner.x, inner.y),
        )
    ]


def _measured(beyond: BaseGeometry, metric: CRS | None) -> dict[str, object]:
    """The area in km², where the metric system reaches that far."""
    if metric is None:
        return {}
    try:
        area = crs.transform(shapely.segmentize(beyond, 0.01), crs.WGS84, metric).area
    except CannotMeasure:
        return {}
    return {"area": f"{area / 1e6:.3g}"}


def _beginning_early(one: Declared) -> list[Finding]:
    """C07: a word about dates long before the day as of which it is given."""
    start = one.valid_from or one.as_of
    years = one.as_of.year - start.year
    if years < _EARLY:
        return []
    facts = {"start": start.isoformat(), "years": years, "as_of": one.as_of.isoformat()}
    return [Finding(code="C07", level=Level.WARNING, layer=one.layer, row=one.row, facts=facts)]
