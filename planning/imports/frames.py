"""What is already known around a file: taken from the plan file and the database, only read.

Gives the checks their `Frame`; a check without plan, mapping or database gets an empty one.
"""

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from planning import crs
from planning.crs import CRS
from planning.errors import BadParameter, NotFound, Reason
from planning.imports import codebook
from planning.imports.circular16 import SECTIONS
from planning.imports.contradictions import against_stored
from planning.imports.layers import Frame, Order
from planning.imports.planfile import PlanFile, Target
from planning.models import Edition, Office, Plan, Territory, Theme


def frame_for(
    order: Order, edition: Edition | None, *, is_for_staging: bool, office: Office | None = None
) -> Frame:
    """The frame of an order; `office` is the one that hands in, where that is known.

    Raises BadParameter and NotFound for what the plan file names in vain.
    """
    plan_file = order.plan_file
    plan = edition.plan if edition else _stored_plan(plan_file)
    metric = _metric(plan_file, plan)
    sections = plan_file.layers if plan_file and plan_file.layers else SECTIONS
    lists = {section.code_lists for section in sections if section.code_lists}
    books = {names: codebook.land_uses(names) for names in sorted(lists)}
    missing = {name for _, absent in books.values() for name in absent}
    territory = _territory(plan_file, plan)
    return Frame(
        metric=metric,
        territory=territory,
        own_land=territory if territory is not None else _land_of(office),
        extent=_extent(plan_file, edition, metric),
        must_tile=plan.tiles_its_extent if plan else _tiles(plan_file),
        code_books={names: book for names, (book, _) in books.items()},
        lists_missing=tuple(sorted(missing)),
        units=codebook.unit_ids() if _has(order, Target.PARCELS) else None,
        themes=codebook.theme_kinds() if _declares(order) else None,
        is_for_staging=is_for_staging,
        has_edition=edition is not None or bool(plan_file and plan_file.edition),
        kind_without_theme=_without_theme(plan_file, plan),
        contradictions=tuple(against_stored(plan_file, edition)),
    )


def _declares(order: Order) -> bool:
    return _has(order, Target.COVERAGE) or bool(order.plan_file and order.plan_file.coverage)


def _land_of(office: Office | None) -> BaseGeometry | None:
    """The territories of an office together, in degrees; None where it has none."""
    extents = Territory.objects.filter(office=office).values_list("extent", flat=True) if office else ()
    shapes = [shapely.from_wkb(bytes(extent.wkb)) for extent in extents]
    return shapely.union_all(np.array(shapes, dtype=object)) if shapes else None


def _without_theme(plan_file: PlanFile | None, plan: Plan | None) -> str:
    kind = plan.kind if plan else (plan_file.plan.kind if plan_file and plan_file.plan else "")
    return "" if not kind or Theme.objects.filter(plan_kinds__contains=[kind]).exists() else kind


def _has(order: Order, target: Target) -> bool:
    sections = order.plan_file.layers if order.plan_file else SECTIONS
    return order.target is target or any(section.target is target for section in sections)


def _stored_plan(plan_file: PlanFile | None) -> Plan | None:
    if plan_file is None or plan_file.plan is None:
        return None
    return Plan.objects.select_related("territory").filter(pk=plan_file.plan.id).first()


def _metric(plan_file: PlanFile | None, plan: Plan | None) -> CRS | None:
    stated = plan.metric_crs if plan else (plan_file.plan.metric_crs if plan_file and plan_file.plan else "")
    if not stated:
        return None
    system = crs.parse(stated, parameter="plan.metric_crs")
    if not system.is_metric:
        raise BadParameter("plan.metric_crs", stated, Reason.NOT_PROJECTED_CRS)
    return system


def _tiles(plan_file: PlanFile | None) -> bool:
    return bool(plan_file and plan_file.plan and plan_file.plan.tiles_its_extent)


def _territory(plan_file: PlanFile | None, plan: Plan | None) -> BaseGeometry | None:
    if plan is not None:
        return shapely.from_wkb(bytes(plan.territory.extent.wkb))
    if plan_file is None or plan_file.plan is None:
        return None
    code = plan_file.plan.territory
    stored = Territory.objects.filter(pk=code).first()
    if stored is not None:
        return shapely.from_wkb(bytes(stored.extent.wkb))
    if plan_file.territory is not None and plan_file.territory.code == code:
        return shapely.box(*plan_file.territory.extent)
    raise NotFound("territory", code)


def _extent(plan_file: PlanFile | None, edition: Edition | None, metric: CRS | None) -> BaseGeometry | None:
    """The declared extent in metres; a boundary layer of the file comes on top of it later."""
    if metric is None:
        return None
    stated = plan_file.edition.extent if plan_file and plan_file.edition else None
    if stated is not None:
        # a box of degrees is no box of metres: its sides are drawn with many vertices
        box = shapely.segmentize(shapely.box(*stated), 0.01)
        return crs.transform(box, crs.WGS84, metric)
    if edition is not None and edition.extent is not None:
        return crs.transform(shapely.from_wkb(bytes(edition.extent.wkb)), crs.WGS84, metric)
    return None
