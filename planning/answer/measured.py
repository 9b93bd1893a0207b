"""From pieces of plans to items with printed figures: one plan (or one status of it) at a time.

Figures are rounded here, once, from raw areas: the page, the JSON and the PDF print the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from shapely import Point
from shapely.geometry.base import BaseGeometry

from planning import geometry
from planning.answer.candidates import SLACK, degrees_per_metre, stored_shape
from planning.answer.model import Item, ItemClass, PlanAnswer, Total
from planning.answer.plan_rows import PlanRow, in_force_since, source_of
from planning.answer.rows import PieceRow
from planning.answer.subjects import Asked
from planning.geometry import Class, Overlay, Piece, Places, Share, apportion, pair_tolerance

# Areas are printed to a square decimetre's tenth (0.001 m2), shares to a millionth.
AREA_UNITS = 1_000
SHARE_UNITS = 1_000_000
# Below so many vertices transforming them all costs less than choosing among them.
WORTH_REDUCING = 200
# An edge of 100 m that is straight in metres bulges by less than 0.1 mm in degrees.
LONGEST_CUT = 100.0
CUTTING_KINDS = frozenset({"red_line", "building_line"})


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A piece with its geometry as stored (EPSG:4326) and in the subject's metric system."""

    row: PieceRow
    stored: BaseGeometry
    shape: BaseGeometry

    @property
    def piece(self) -> Piece:
        return Piece(self.row.key, self.row.group, self.shape)


@dataclass(frozen=True, slots=True)
class Figures:
    """What is printed of one item; None where it has no such figure."""

    item_class: ItemClass
    area_m2: float | None = None
    share: float | None = None
    share_low: float | None = None
    share_high: float | None = None
    length_m: float | None = None
    along_m: float | None = None
    beyond_m2: float | None = None
    remainder_width_m: float | None = None


@dataclass(frozen=True, slots=True)
class Books:
    """The printed figures of one plan's zones: they add up in what is printed."""

    items: Mapping[str, Figures]
    totals: Mapping[str, Figures]
    uncovered_m2: float | None
    outside_m2: float | None
    overlap_m2: float | None


def place(rows: Sequence[PieceRow], plans: Mapping[str, PlanRow], asked: Asked) -> list[Placed]:
    """The pieces in metres, transformed in one go; raises CannotMeasure where one cannot be."""
    if not rows:
        return []
    stored = [stored_shape(row.wkb, asked) for row in rows]
    reach = 4 * max(pair_tolerance(plan.tolerance, asked.tolerance) for plan in plans.values()) + SLACK
    shapes = asked.in_metres(np.array([_reduced(shape, reach, asked) for shape in stored], dtype=object))
    return [Placed(row, stored[i], shapes[i]) for i, row in enumerate(rows)]


def _reduced(shape: BaseGeometry, reach: float, asked: Asked) -> BaseGeometry:
    """Of a large polygon what lies within `reach` metres of the subject."""
    if shapely.get_dimensions(shape) < 2 or shapely.get_num_coordinates(shape) < WORTH_REDUCING:
        return shape
    west, south, east, north = asked.subject.geometry.bounds
    lon, lat = degrees_per_metre(asked)
    box = (west - reach * lon, south - reach * lat, east + reach * lon, north + reach * lat)
    return geometry.around(shape, box, longest=LONGEST_CUT * lat)


def books_of(zones: Sequence[Placed], plan: PlanRow, asked: Asked) -> Books:
    """Measure the zones of one plan; areal pieces only. Raises CannotMeasure for an invalid zone."""
    tolerance = pair_tolerance(plan.tolerance, asked.tolerance)
    pieces = [placed.piece for placed in zones]
    if isinstance(asked.land, Point):
        return _at_point(geometry.locate(asked.land, pieces, tolerance=tolerance))
    overlay = geometry.overlay(asked.land, pieces, tolerance=tolerance, extent=_extent(plan, asked))
    return _printed(overlay, asked.land.area, {piece.key: piece.group for piece in pieces})


def restriction_figures(restriction: Placed, plan: PlanRow, asked: Asked) -> Figures | None:
    """Measure one restriction of any geometry family; None where it is out of reach."""
    tolerance = pair_tolerance(plan.tolerance, asked.tolerance)
    dimension = shapely.get_dimensions(restriction.shape)
    if dimension == 2:
        return _area(restriction, asked, tolerance)
    if isinstance(asked.land, Point):
        near = shapely.dwithin(asked.land, restriction.shape, tolerance + geometry.GRID)
        return Figures(ItemClass.TOUCH) if near else None
    if dimension == 1:
        return _line(restriction, asked.land, tolerance)
    part = geometry.measure_point(asked.land, restriction.shape, tolerance=tolerance)
    return Figures(ItemClass(part.kind)) if part else None


def _area(restriction: Placed, asked: Asked, tolerance: float) -> Figures | None:
    """Areas of restrictions lie over one another by nature: each is measured by itself, without books."""
    if isinstance(asked.land, Point):
        places = geometry.locate(asked.land, [restriction.piece], tolerance=tolerance)
        return Figures(ItemClass(places.items[0].kind)) if places.items else None
    overlay = geometry.overlay(asked.land, [restriction.piece], tolerance=tolerance)
    return next(iter(_printed(overlay, asked.land.area, {}).items.values()), None)


def _line(restriction: Placed, land: geometry.Subject, tolerance: float) -> Figures | None:
    shape = restriction.shape
    part = geometry.measure_line(land, shape, tolerance=tolerance)
    if part is None:
        return None
    figures = Figures(ItemClass(part.kind), length_m=round(part.inside, 3), along_m=round(part.along, 3))
    cuts = restriction.row.zone.kind in CUTTING_KINDS and part.kind != Class.TOUCH
    beyond = geometry.beyond(land, shape) if cuts else None
    if beyond is None:
        return figures
    return replace(figures, beyond_m2=round(beyond.area, 3), remainder_width_m=round(beyond.narrowest, 3))


def _extent(plan: PlanRow, asked: Asked) -> Any:
    """The extents of the plan's editions in force, united; None where they hold the surroundings."""
    current = plan.current(asked.as_at)
    if not current or any(edition.wkb is None for edition in current):
        return None
    stored = shapely.from_wkb([edition.wkb for edition in current])
    return shapely.union_all(asked.in_metres(stored))


def _at_point(places: Places) -> Books:
    return Books(
        items={at.key: Figures(ItemClass(at.kind)) for at in places.items},
        totals={at.key: Figures(ItemClass(at.kind)) for at in places.totals},
        uncovered_m2=None,
        outside_m2=None,
        overlap_m2=None,
    )


def _printed(overlay: Overlay, area: float, groups: Mapping[str, str | None]) -> Books:
    """Rows and uncovered shared out so that they and the overlap close on the subject's printed area.

    What snapping moved (at most 1 mm x perimeter) is thereby spread over all rows.
    """
    entries = [(share.key, share.area) for share in overlay.items] + [("", overlay.uncovered)]
    scale = area / overlay.area
    overlap = round(overlay.overlap * scale * AREA_UNITS)
    areas = apportion(entries, round(area * AREA_UNITS) + overlap)
    shares = apportion(entries, SHARE_UNITS + round(SHARE_UNITS * overlay.overlap / overlay.area))
    items = {
        share.key: _figures(share, areas[i] / AREA_UNITS, shares[i] / SHARE_UNITS)
        for i, share in enumerate(overlay.items)
    }
    uncovered = areas[-1] / AREA_UNITS
    return Books(
        items=items,
        totals={
            total.key: _total(
                total, [s for s in overlay.items if groups.get(s.key) == total.key], items, scale
            )
            for total in overlay.totals
        },
        uncovered_m2=uncovered,
        outside_m2=min(round(overlay.outside * scale, 3), uncovered),
        overlap_m2=overlap / AREA_UNITS,
    )


def _total(total: Share, parts: Sequence[Share], items: Mapping[str, Figures], scale: float) -> Figures:
    """The sum of the printed items, where they do not overlap; else rounded by itself."""
    if abs(sum(part.area for part in parts) - total.area) > 1e-6:
        return _figures(total, round(total.area * scale, 3), round(total.share, 6))
    area = sum(items[part.key].area_m2 or 0.0 for part in parts)
    share = sum(items[part.key].share or 0.0 for part in parts)
    return _figures(total, round(area, 3), round(share, 6))


def _figures(share: Share, area: float, printed: float) -> Figures:
    return Figures(
        item_class=ItemClass(share.kind),
        area_m2=area,
        share=printed,
        share_low=min(round(share.low, 6), printed),
        share_high=max(round(share.high, 6), printed),
    )


def plan_answer(rows: Sequence[Placed], plan: PlanRow, asked: Asked) -> PlanAnswer | None:
    """All that one plan says of the subject; None where nothing of it is within tolerance."""
    zones = [placed for placed in rows if placed.row.group is not None]
    books = books_of(zones, plan, asked) if zones else None
    by_key = _by_key(zones)
    items = [_item(by_key[key], figures, plan) for key, figures in (books.items if books else {}).items()]
    for parts in _by_key([placed for placed in rows if placed.row.group is None]).values():
        figures = restriction_figures(_united(parts), plan, asked)
        if figures is not None:
            items.append(_item(parts, figures, plan))
    if not items:
        return None
    return PlanAnswer(
        plan=plan.ref,
        totals=_totals(books, zones) if books else (),
        items=tuple(sorted(_without_blanks(items), key=_order)),
        uncovered_m2=books.uncovered_m2 if books and books.items else None,
        outside_m2=books.outside_m2 if books and books.items else None,
        overlap_m2=books.overlap_m2 if books and books.items else None,
        relations=plan.relations,
    )


def _without_blanks(items: Sequence[Item]) -> list[Item]:
    """What some zone of the plan says something about is unknown for those that say nothing of it.

    A missing row would look as if the plan set no limit.
    """
    zones = [item for item in items if item.zone.kind is None]
    units = {name: stated["unit"] for item in zones for name, stated in sorted(item.indicators.items())}
    if all(item.indicators.keys() == units.keys() for item in zones):
        return list(items)
    return [
        replace(item, indicators=_filled(item, units)) if item.zone.kind is None else item for item in items
    ]


def _filled(item: Item, units: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    blanks = {
        name: {"text": "", "min": None, "max": None, "unit": unit, "state": "unknown"}
        for name, unit in units.items()
    }
    return dict(sorted((blanks | dict(item.indicators)).items()))


def _by_key(rows: Iterable[Placed]) -> dict[str, list[Placed]]:
    by_key: dict[str, list[Placed]] = {}
    for placed in rows:
        by_key.setdefault(placed.row.key, []).append(placed)
    return by_key


def _united(parts: Sequence[Placed]) -> Placed:
    """The pieces of one restriction as one geometry."""
    if len(parts) == 1:
        return parts[0]
    shape = shapely.union_all([placed.shape for placed in parts])
    return Placed(parts[0].row, shapely.union_all([placed.stored for placed in parts]), shape)


def _totals(books: Books, zones: Sequence[Placed]) -> tuple[Total, ...]:
    uses = {placed.row.group: use for placed in zones if (use := placed.row.zone.land_use) is not None}
    totals = [
        Total(
            land_use=uses[group],
            area_m2=figures.area_m2,
            share=figures.share,
            share_low=figures.share_low,
            share_high=figures.share_high,
            item_class=figures.item_class,
        )
        for group, figures in books.totals.items()
    ]
    return tuple(sorted(totals, key=lambda t: (-(t.area_m2 or 0.0), t.land_use.list, t.land_use.code)))


def _item(parts: Sequence[Placed], figures: Figures, plan: PlanRow) -> Item:
    row = parts[0].row
    edition = plan.edition(row.edition)
    return Item(
        item_class=figures.item_class,
        zone=row.zone,
        edition=edition.code,
        status=row.status,
        decision=edition.decision,
        in_force_from=in_force_since(row, plan),
        area_m2=figures.area_m2,
        share=figures.share,
        share_low=figures.share_low,
        share_high=figures.share_high,
        length_m=figures.length_m,
        along_m=figures.along_m,
        beyond_m2=figures.beyond_m2,
        remainder_width_m=figures.remainder_width_m,
        indicators=row.facts["indicators"],
        uses=row.uses,
        documents=plan.documents_of(row),
        office=plan.ref.office,
        source=source_of(row, plan),
        shape=_united(parts).stored,
        acts=row.acts,
    )


_CLASSES = (ItemClass.WHOLE, ItemClass.PART, ItemClass.BORDERLINE, ItemClass.TOUCH)


def _order(item: Item) -> tuple[Any, ...]:
    """Zones before restrictions, the surest and largest first, then by id."""
    return (item.zone.kind or "", _CLASSES.index(item.item_class), -(item.area_m2 or 0.0), item.zone.id)
