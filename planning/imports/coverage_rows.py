"""Coverage that follows from an import: what the plan file declares, and the footprints of refused rows.

Beside staging. A row that stays out makes its land partial for all dates, because the zone it stood for
may have been law on any of them.
"""

from collections.abc import Iterable
from functools import cached_property

import numpy as np
import shapely
from django.contrib.gis.geos import MultiPolygon
from django.utils import timezone
from shapely.geometry.base import BaseGeometry

from planning import crs
from planning.crs import CRS
from planning.errors import BadParameter, CannotMeasure, Reason
from planning.imports.areas import SEAM, as_stored, pieces, polygons, without_seams
from planning.imports.layers import CheckedLayer, geometries
from planning.imports.pipeline import Checked
from planning.imports.planfile import CoverageSection, PlanFile, Target
from planning.imports.repairs import footprint
from planning.models import Coverage, CoverageState, Edition, LayerUpload, PlanKind, Theme, Zone

_PLANNED = (Target.ZONES, Target.RESTRICTIONS)


def stage_coverage(upload: LayerUpload, checked: Checked, plan_file: PlanFile, edition: Edition) -> None:
    """Partial coverage for refused rows (the whole extent where one lies nowhere), and [[coverage]]."""
    whole = _Whole(upload, checked, edition)
    for layer in checked.layers:
        if layer.target in _PLANNED and layer.refused:
            area = _refused_area(layer, whole)
            for theme, plan_kind in _themes(layer, edition):
                _save(upload, edition, theme, plan_kind, CoverageState.PARTIAL, area)
    for section in plan_file.coverage:
        _check(section)
        declared = whole.area if section.extent is None else _box(section, whole.metric)
        rows = [_row(upload, edition, section, piece) for piece in _stored_pieces(declared, whole.metric)]
        Coverage.objects.bulk_create(rows, batch_size=200)


class _Whole:
    """The extent of the edition in metres, made when it is first asked for: a union of many zones."""

    def __init__(self, upload: LayerUpload, checked: Checked, edition: Edition) -> None:
        self.metric = crs.parse(edition.plan.metric_crs)
        self._upload = upload
        self._checked = checked
        self._edition = edition

    @cached_property
    def area(self) -> BaseGeometry:
        """Declared, else all that its zones cover, refused ones and other uploads included."""
        if self._edition.extent is not None:
            return self._moved(shapely.from_wkb(bytes(self._edition.extent.wkb)))
        own = [layer for layer in self._checked.layers if layer.target in _PLANNED]
        shapes = [layer.covered for layer in own if layer.covered is not None]
        shapes += [self._moved(shape) for layer in own for shape in _footprints(layer)]
        shapes += [_hull(layer) for layer in own if layer.target is Target.RESTRICTIONS and layer.kept]
        others = Zone.objects.filter(edition=self._edition).exclude(upload=self._upload)
        stored = others.values_list("geometry", flat=True).iterator()
        shapes += [self._moved(shapely.from_wkb(bytes(shape.wkb))) for shape in stored]
        area = without_seams(shapely.union_all(np.array(shapes, dtype=object)))
        if area.is_empty:
            raise CannotMeasure(edition=self._edition.code)
        return area

    def _moved(self, degrees: BaseGeometry) -> BaseGeometry:
        return crs.transform(degrees, crs.WGS84, self.metric)


def _hull(layer: CheckedLayer) -> BaseGeometry:
    """Lines have no area: what they speak for is the land around them, as publication takes it."""
    return shapely.buffer(shapely.convex_hull(shapely.union_all(geometries(layer))), SEAM)


def _footprints(layer: CheckedLayer) -> Iterable[BaseGeometry]:
    found = (footprint(layer.placed, row) for row in layer.refused)
    return (shape for shape in found if shape is not None)


def _refused_area(layer: CheckedLayer, whole: _Whole) -> BaseGeometry:
    prints = list(_footprints(layer))
    if len(prints) < len(layer.refused):
        return whole.area
    moved = [crs.transform(shape, crs.WGS84, whole.metric) for shape in prints]
    return shapely.union_all(np.array(moved, dtype=object))


def _themes(layer: CheckedLayer, edition: Edition) -> list[tuple[str, str]]:
    """The themes that the refused rows would have spoken for, with the kind of plan where there is one."""
    if layer.target is Target.ZONES:
        kind = edition.plan.kind
        codes = Theme.objects.filter(plan_kinds__contains=[kind]).values_list("code", flat=True)
        return [(code, kind) for code in codes]
    # a refused line may have been of any kind
    codes = Theme.objects.exclude(restriction_kinds=[]).values_list("code", flat=True)
    return [(code, "") for code in codes]


def _save(
    upload: LayerUpload, edition: Edition, theme: str, plan_kind: str, state: str, area: BaseGeometry
) -> None:
    rows = [
        Coverage(
            theme_id=theme,
            plan_kind=plan_kind,
            state=state,
            geometry=piece,
            as_of=timezone.localdate(),
            valid=(None, None),
            source=upload.publisher,
            office=upload.office,
            edition=edition,
            upload=upload,
        )
        for piece in _stored_pieces(area, crs.parse(edition.plan.metric_crs))
    ]
    Coverage.objects.bulk_create(rows, batch_size=200)


def _row(upload: LayerUpload, edition: Edition, section: CoverageSection, area: MultiPolygon) -> Coverage:
    return Coverage(
        theme_id=section.theme,
        plan_kind=section.plan_kind,
        state=section.state,
        geometry=area,
        as_of=section.as_of,
        valid=(section.valid_from or section.as_of, section.valid_to),
        source=section.source,
        office=upload.office,
        edition=edition,
        upload=upload,
    )


def _stored_pieces(area: BaseGeometry, metric: CRS) -> Iterable[MultiPolygon]:
    for piece in pieces(area):
        degrees = crs.transform(piece, metric, crs.WGS84)
        if not shapely.is_valid(degrees):
            degrees = polygons(shapely.make_valid(degrees, method="structure", keep_collapsed=False))
        if not degrees.is_empty:
            yield as_stored(degrees)


def _box(section: CoverageSection, metric: CRS) -> BaseGeometry:
    assert section.extent is not None  # noqa: S101 - asked by the caller
    box = shapely.segmentize(shapely.box(*section.extent), 0.01)
    return crs.transform(box, crs.WGS84, metric)


def _check(section: CoverageSection) -> None:
    if section.state not in CoverageState.values:
        raise BadParameter("coverage.state", section.state, Reason.NOT_A_CHOICE, choices=CoverageState.values)
    if section.plan_kind and section.plan_kind not in PlanKind.values:
        raise BadParameter(
            "coverage.plan_kind", section.plan_kind, Reason.NOT_A_CHOICE, choices=PlanKind.values
        )
    if not Theme.objects.filter(pk=section.theme).exists():
        raise BadParameter("coverage.theme", section.theme, Reason.NOT_A_CHOICE)
