"""The two sides of a comparison, read from the database in one statement each: shapes in metres, attributes.

Lowest step of the flow. Nothing is judged here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.contrib.gis.geos import Polygon
from django.db.models import Q
from numpy.typing import NDArray

from planning import crs
from planning.cadastre.overlap import Ground
from planning.crs import CRS
from planning.geometry import line_tolerance
from planning.models import LayerUpload, Parcel, RefusedParcel
from planning.querysets import ParcelQuerySet

GRID = 0.001
# Of a survey that says nothing of itself: too fine shows a change that is none, too coarse would hide one.
_USUAL_SCALE = 1000
_COLUMNS = (
    "pk code unit_id sheet number registry_area address survey_scale accuracy_m valid upload__office_id"
).split()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What a delivery says of itself."""

    as_of: date
    replaces: str
    units: tuple[str, ...]
    is_large_change_right: bool
    office: str


@dataclass(frozen=True, slots=True)
class Attributes:
    """What is said of a parcel beside its number and boundary."""

    registry_area: float | None
    address: str
    survey_scale: int | None
    accuracy_m: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Parcels of one delivery or of the stock; `shapes` are in metres of one system.

    `keys` are those of database rows, or of rows in a file. `since` and `offices` are known of the stock.
    """

    keys: Sequence[int]
    codes: Sequence[str]
    units: Sequence[str]
    sheets: Sequence[str]
    numbers: Sequence[str]
    attributes: Sequence[Attributes]
    shapes: NDArray[np.object_]
    since: Sequence[date] = ()
    offices: Sequence[str] = ()

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def bases(self) -> list[str]:
        """The numbers, without what tells true duplicates apart."""
        return [
            f"{unit}-{sheet}-{number}"
            for unit, sheet, number in zip(self.units, self.sheets, self.numbers, strict=True)
        ]

    @property
    def ground(self) -> Ground:
        tolerance = [
            line_tolerance(one.survey_scale or _USUAL_SCALE, one.accuracy_m) for one in self.attributes
        ]
        return Ground(self.shapes, np.array(tolerance, dtype=float))


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusals:
    """Rows that were left out: their land where it is known, their numbers, and units of the rest.

    `is_anyone` where a row says neither where it lies nor which unit it belongs to.
    """

    shapes: NDArray[np.object_] = field(default_factory=lambda: np.empty(0, dtype=object))
    bases: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    is_anyone: bool = False


def staged(upload: LayerUpload) -> tuple[Side, CRS]:
    """The parcels that wait in the upload, and the system in which they are measured."""
    waiting: ParcelQuerySet = Parcel.objects.staged().filter(upload=upload).order_by("pk")
    first = waiting.values_list("metric_crs", flat=True).first()
    system = crs.parse(first) if first else crs.WGS84
    return _side(waiting, system), system


def standing(later: Side, rule: Rule, system: CRS) -> Side:
    """The public parcels that the delivery may replace, as they stood on its day.

    Of whole units all of them; else those near its land, and those of its units that may bear its numbers.
    """
    alive: ParcelQuerySet = Parcel.objects.standing().filter(
        Q(valid__endswith=None) | Q(valid__endswith__gt=rule.as_of)
    )
    wanted = Q(unit__in={*rule.units, *later.units})
    if rule.replaces == "contents" and len(later):
        box = _box(later.shapes, system)
        wanted |= Q(geometry__bboverlaps=box)
    return _side(alive.filter(wanted).order_by("code", "valid"), system)


def refusals(upload: LayerUpload, system: CRS) -> Refusals:
    """What the upload left out."""
    rows = RefusedParcel.objects.filter(upload=upload).annotate(wkb=AsWKB("geometry"))
    return refusals_of(
        [
            (row.unit_code, row.sheet, row.number, bytes(row.wkb) if row.wkb is not None else None)
            for row in rows
        ],
        system,
    )


def refusals_of(rows: Iterable[tuple[str, str, str, bytes | None]], system: CRS) -> Refusals:
    """The same from values: unit, sheet, number, and the land in degrees as WKB."""
    shapes, bases, units, is_anyone = [], set(), set(), False
    for unit, sheet, number, wkb in rows:
        if unit and sheet and number:
            bases.add(f"{unit}-{sheet}-{number}")
        elif unit and wkb is None:
            units.add(unit)
        elif wkb is None:
            is_anyone = True
        if wkb is not None:
            shapes.append(wkb)
    return Refusals(
        shapes=in_metres(shapely.from_wkb(np.array(shapes, dtype=object)), system),
        bases=frozenset(bases),
        units=frozenset(units),
        is_anyone=is_anyone,
    )


def in_metres(degrees: NDArray[np.object_], system: CRS) -> NDArray[np.object_]:
    """Stored shapes in the metric system, valid and on the grid."""
    if not len(degrees):
        return np.empty(0, dtype=object)
    moved = shapely.transform(degrees, lambda pairs: crs.transform_array(pairs, crs.WGS84, system))
    return on_grid(moved)


def on_grid(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Snapped to the grid, whatever the turning or the file did to a vertex."""
    broken = ~shapely.is_valid(shapes)
    if broken.any():
        shapes = shapes.copy()
        shapes[broken] = shapely.make_valid(shapes[broken], method="structure", keep_collapsed=False)
    return np.asarray(shapely.set_precision(shapes, GRID), dtype=object)


def _side(found: ParcelQuerySet, system: CRS) -> Side:
    rows: list[Any] = list(found.annotate(wkb=AsWKB("geometry")).values_list(*_COLUMNS, "wkb"))
    columns: list[tuple[Any, ...]] = list(zip(*rows, strict=True)) if rows else [()] * (len(_COLUMNS) + 1)
    keys, codes, units, sheets, numbers, areas, addresses, scales, accuracies, valid, offices, wkb = columns
    return Side(
        keys=keys,
        codes=codes,
        units=units,
        sheets=sheets,
        numbers=numbers,
        attributes=[
            Attributes(float(area) if area is not None else None, address, scale, accuracy)
            for area, address, scale, accuracy in zip(areas, addresses, scales, accuracies, strict=True)
        ],
        shapes=in_metres(shapely.from_wkb(np.array([bytes(one) for one in wkb], dtype=object)), system),
        since=[one.lower for one in valid],
        offices=offices,
    )


def _box(shapes: NDArray[np.object_], system: CRS) -> Polygon:
    west, south, east, north = shapely.total_bounds(shapes)
    corners = shapely.segmentize(shapely.box(west, south, east, north), max((east - west), 1.0) / 16)
    box = Polygon.from_bbox(crs.transform(corners, system, crs.WGS84).bounds)
    box.srid = 4326
    return box
