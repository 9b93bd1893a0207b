"""Coverage that follows from an import: what the plan file declares, and the footprints of refused rows.

Beside staging. A row that stays out makes its land partial for all dates, because the zone it stood for
may have been law on any of them.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
import shapely
from django.contrib.gis.geos import MultiPolygon
from django.utils import timezone
from shapely.geometry.base import BaseGeometry

from planning import crs
from planning.crs import CRS
from planning.errors import BadParameter, Reason
from planning.geometry import line_tolerance
from planning.imports.areas import SEAM, as_stored, pieces, polygons, without_seams
from planning.imports.declared import BACKING
from planning.imports.layers import CheckedLayer, geometries
from planning.imports.pipeline import Checked
from planning.imports.planfile import Bbox, CoverageSection, PlanFile, Target
from planning.imports.reading import Geometries
from planning.imports.repairs import footprint
from planning.models import Coverage, CoverageState, Edition, LayerUpload, PlanKind, Restriction, Theme, Zone

_PLANNED = (Target.ZONES, Target.RESTRICTIONS)
# How far a refused line or point speaks at least, in metres.
_LEAST_REACH = 1.0


def stage_coverage(upload: LayerUpload, checked: Checked, plan_file: PlanFile, edition: Edition) -> None:
    """Partial coverage for refused rows (all that may be meant where one lies nowhere), and [[coverage]]."""
    whole = _Whole(upload, checked, plan_file, edition)
    for layer in checked.layers:
        if layer.target in _PLANNED and layer.refused:
            area = _refused_area(layer, whole)
            for theme, plan_kind in _themes(layer, edition):
                _save(upload, edition, theme, plan_kind, CoverageState.PARTIAL, area)
    for section in plan_file.coverage:
        _check(section)
        declared = whole.stated if section.extent is None else _box(section.extent, whole.metric)
        rows = [_row(upload, edition, section, piece) for piece in _stored_pieces(declared, whole.metric)]
        Coverage.objects.bulk_create(rows, batch_size=200)


class _Whole:
    """The land of the edition in metres, made when it is first asked for: a union of many zones.

    `stated` is what the edition surely speaks of, for a declaration to rest on; `possible` all that it may
    speak of, for a row of which nobody knows where it lies.
    """

    def __init__(self, upload: LayerUpload, checked: Checked, plan_file: PlanFile, edition: Edition) -> None:
        plan = edition.plan
        self.metric = crs.parse(plan.metric_crs)
        self.reach = max(_LEAST_REACH, line_tolerance(plan.scale, plan.accuracy_m))
        self._upload = upload
        self._own = [layer for layer in checked.layers if layer.target in _PLANNED]
        self._plan_file = plan_file
        self._edition = edition

    @cached_property
    def stated(self) -> BaseGeometry:
        """Declared, else all that its zones cover, refused ones and other uploads included."""
        if self._edition.extent is not None:
            return self._declared
        shapes = [layer.covered for layer in self._own if layer.covered is not None]
        shapes += self._refused
        lines = [layer for layer in self._own if layer.target is Target.RESTRICTIONS and layer.kept]
        shapes += [_hull(geometries(layer), SEAM) for layer in lines]
        shapes += self._stored(Zone)
        area = without_seams(_union(shapes))
        if area.is_empty:
            raise BadParameter("coverage.extent", "", Reason.REQUIRED)
        return area

    @cached_property
    def possible(self) -> BaseGeometry:
        """The stated extent and all that was read, else its hull and boxes with a zone's width around.

        The width ends at the border of the plan's territory. Where nothing at all is known to lie
        anywhere the territory is left.
        """
        read = [*self._refused, *self._stored(Zone), *self._stored(Restriction), *self._complete]
        kept = [geometries(layer) for layer in self._own if layer.kept]
        if self._edition.extent is not None:
            return _union([self._declared, *read, *(_hull(shapes, self.reach) for shapes in kept)])
        read += [shapely.box(*shapely.total_bounds(shapes)) for shapes in kept]
        territory = self._moved(shapely.from_wkb(bytes(self._edition.plan.territory.extent.wkb)))
        if not read:
            return territory
        filled = _hull(read, self.reach)
        width = max((_largest(shapes) for shapes in kept), default=0.0)
        around = shapely.intersection(shapely.buffer(filled, width), territory)
        return polygons(shapely.union(filled, around))

    @property
    def _declared(self) -> BaseGeometry:
        assert self._edition.extent is not None  # noqa: S101 - asked by the caller
        return self._moved(shapely.from_wkb(bytes(self._edition.extent.wkb)))

    @cached_property
    def _refused(self) -> list[BaseGeometry]:
        return [shape for layer in self._own for shape in self.footprints(layer) if shape is not None]

    @property
    def _complete(self) -> list[BaseGeometry]:
        """Boxes for which the plan file promises completeness: there a missing row would be believed."""
        sections = self._plan_file.coverage
        boxes = [one.extent for one in sections if one.extent is not None and one.state in BACKING]
        return [_box(extent, self.metric) for extent in boxes]

    def footprints(self, layer: CheckedLayer) -> list[BaseGeometry | None]:
        """The land of each refused row, None for one that lies nowhere."""
        is_area = layer.target is Target.ZONES
        found = [footprint(layer.placed, row, reach=self.reach, is_area=is_area) for row in layer.refused]
        metric = layer.placed.metric
        return [shape and crs.transform(shape, metric, self.metric) for shape in found]

    def _stored(self, model: type[Zone | Restriction]) -> list[BaseGeometry]:
        others = model.objects.filter(edition=self._edition).exclude(upload=self._upload)
        stored = others.values_list("geometry", flat=True).iterator()
        return [self._moved(shapely.from_wkb(bytes(shape.wkb))) for shape in stored]

    def _moved(self, degrees: BaseGeometry) -> BaseGeometry:
        return crs.transform(degrees, crs.WGS84, self.metric)


def _union(shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    return shapely.union_all(np.array(shapes, dtype=object))


def _hull(shapes: Sequence[BaseGeometry] | Geometries, reach: float) -> BaseGeometry:
    """The land around shapes that may have no area, as publication takes it."""
    return shapely.buffer(shapely.convex_hull(shapely.GeometryCollection(list(shapes))), reach)


def _largest(shapes: Geometries) -> float:
    """The width of the widest shape: a zone that is missing at the rim may be as wide."""
    west, south, east, north = shapely.bounds(shapes).T
    return float(np.hypot(east - west, north - south).max())


def _refused_area(layer: CheckedLayer, whole: _Whole) -> BaseGeometry:
    prints = whole.footprints(layer)
    known = [shape for shape in prints if shape is not None]
    return _union(known) if len(known) == len(prints) else _union([whole.possible, *known])


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


def _box(extent: Bbox, metric: CRS) -> BaseGeometry:
    box = shapely.segmentize(shapely.box(*extent), 0.01)
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
