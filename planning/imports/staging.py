"""Checked layers -> staged rows, in one transaction: the upload, its findings, its repairs, its content.

Last step of the flow; nothing written here is public. Rows go in by COPY. What stays out leaves its
footprint as partial coverage, so that nobody is told "nothing planned" where a row was refused.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.geos import Point
from django.db import connection
from django.utils import timezone

from planning.codes import search_name
from planning.crs import CRS
from planning.imports import deliveries
from planning.imports import findings as found
from planning.imports.areas import as_stored, stored
from planning.imports.codebook import Entry
from planning.imports.coverage_rows import stage_coverage
from planning.imports.layers import CheckedLayer, Order
from planning.imports.pipeline import Checked, Received
from planning.imports.planfile import PlanFile, Target
from planning.imports.rows import CoverageRow, ParcelRow, RestrictionRow, ZoneRow, composite_code
from planning.models import (
    Edition,
    Finding,
    LandUse,
    LayerUpload,
    Office,
    Repair,
    Restriction,
    UploadResult,
    UploadState,
    User,
    Zone,
)

_NO_OPTIONS = PlanFile()


def upload_of(received: Received, checked: Checked, order: Order, *, office: Office, by: User) -> LayerUpload:
    """The upload of a file, not saved yet."""
    plan_file = order.plan_file or _NO_OPTIONS
    return LayerUpload(
        office=office,
        original_name=received.name[:200],
        sha256=received.sha256,
        size=received.size,
        format=checked.report.format[:40],
        declared_crs=", ".join(sorted({layer.crs for layer in checked.report.layers}))[:200],
        confirmed_crs=order.system.code if order.system else "",
        mapping=plan_file.to_json(),
        licence=(plan_file.source.licence or (plan_file.plan.licence if plan_file.plan else ""))[:200],
        publisher=(plan_file.source.publisher or office.name)[:200],
        uploaded_by=by,
    )


def describe(upload: LayerUpload, checked: Checked) -> None:
    """Result, state and report, as figures and codes; sentences are made when they are read."""
    report = checked.report
    upload.result = report.result
    is_refused = report.result is UploadResult.REFUSED
    upload.state = UploadState.FAILED if is_refused else UploadState.CHECKED
    upload.report = {
        "layers": [layer.to_json() for layer in report.layers],
        "counts": dict(report.counts),
        "seconds": round(report.seconds, 3),
        **({"cadastre": dict(report.difference)} if report.difference else {}),
    }


def record(upload: LayerUpload, checked: Checked, *, by: User) -> None:
    """The findings, and the repairs that were taken."""
    Finding.objects.bulk_create((_finding(upload, one) for one in checked.report.findings), batch_size=1_000)
    repairs = [
        Repair(
            upload=upload,
            layer=layer.name,
            row=row + 1,
            steps=list(mended.steps),
            before_sha256=mended.sha256,
            before_wkb=mended.wkb,
            area_before_m2=mended.before,
            area_after_m2=mended.after,
            accepted_by=by,
        )
        for layer in checked.layers
        for row, mended in layer.mended.items()
    ]
    Repair.objects.bulk_create(repairs, batch_size=500)


def _finding(upload: LayerUpload, one: found.Finding) -> Finding:
    return Finding(
        upload=upload,
        code=one.rule,
        level=one.level,
        layer=one.layer,
        row=one.row,
        field=one.field,
        value=one.value[:200],
        facts={
            **one.facts,
            **({"says": one.says} if one.says else {}),
            **({"outcome": one.outcome.value} if one.outcome else {}),
            **({"more": one.more} if one.more else {}),
        },
        place=Point(*one.place, srid=4326) if one.place else None,
    )


def stage(upload: LayerUpload, checked: Checked, order: Order, edition: Edition | None) -> None:
    """The rows of all layers, the extent of the edition, and the coverage that follows from both."""
    for layer in checked.layers:
        match layer.target:
            case Target.BOUNDARY if edition is not None:
                _extent(edition, layer)
            case Target.ZONES if edition is not None:
                _zones(upload, layer, edition)
            case Target.RESTRICTIONS if edition is not None:
                _restrictions(upload, layer, edition)
            case Target.PARCELS:
                _parcels(upload, layer, order.plan_file or _NO_OPTIONS)
            case Target.COVERAGE:
                _coverage(upload, layer)
    if edition is not None:
        stage_coverage(upload, checked, order.plan_file or _NO_OPTIONS, edition)


def _extent(edition: Edition, layer: CheckedLayer) -> None:
    shapes = degrees(layer)
    if len(shapes):
        edition.extent = as_stored(shapely.union_all(shapes))
        edition.save(update_fields=["extent"])


def degrees(layer: CheckedLayer) -> np.ndarray:
    """The kept geometries as they are stored: as delivered and in order, mended ones as mended."""
    shapes = np.empty(len(layer.kept), dtype=object)
    shapes[:] = [
        layer.mended[row].degrees if row in layer.mended else layer.placed.degrees[row] for row in layer.kept
    ]
    return stored(shapes)


def _zones(upload: LayerUpload, layer: CheckedLayer, edition: Edition) -> None:
    uses = _land_uses(row for row in layer.values if isinstance(row, ZoneRow))
    start = _last_number(edition)

    def rows() -> Iterable[Sequence[Any]]:
        for index, geometry in zip(layer.kept, _ewkb(degrees(layer)), strict=True):
            row = layer.values[index]
            assert isinstance(row, ZoneRow)  # noqa: S101 - kept rows have values
            yield (
                _public_id(edition, start + index + 1),
                row.code,
                row.name,
                _json(row.indicators),
                index + 1,
                layer.name,
                edition.pk,
                uses[row.uses_of_land],
                row.land_use_text,
                geometry,
                *(list(kind) for kind in row.uses),
                upload.pk,
            )

    columns = (
        "public_id code name indicators feature layer edition_id land_use_id land_use_text geometry"
        " uses_allowed uses_conditional uses_forbidden upload_id"
    )
    _copy("planning_zone", columns.split(), rows())


def _restrictions(upload: LayerUpload, layer: CheckedLayer, edition: Edition) -> None:
    start = _last_number(edition)

    def rows() -> Iterable[Sequence[Any]]:
        for index, geometry in zip(layer.kept, _ewkb(degrees(layer)), strict=True):
            row = layer.values[index]
            assert isinstance(row, RestrictionRow)  # noqa: S101 - kept rows have values
            yield (
                _public_id(edition, start + index + 1),
                row.code,
                row.name,
                _json(row.indicators),
                index + 1,
                layer.name,
                edition.pk,
                row.kind,
                geometry,
                upload.pk,
            )

    columns = "public_id code name indicators feature layer edition_id kind geometry upload_id"
    _copy("planning_restriction", columns.split(), rows())


def _public_id(edition: Edition, number: int) -> str:
    return f"{edition.plan_id}.{edition.number}.{number}"


def _last_number(edition: Edition) -> int:
    """The highest number that a row of the edition bears; ids are never given twice."""
    prefix = len(_public_id(edition, 0))
    last = 0
    for model in (Zone, Restriction):
        ids = model.objects.filter(edition=edition).values_list("public_id", flat=True)
        last = max([last, *(int(one[prefix - 1 :]) for one in ids.iterator())])
    return last


def _land_uses(rows: Iterable[ZoneRow]) -> dict[tuple[Entry, ...], int]:
    """The entry behind each land use; "ONT+CLN" is an entry of its own, made of the two."""
    wanted = {row.uses_of_land for row in rows}
    lists = {entry.code_list for entries in wanted for entry in entries}
    known = {(one.code_list_id, one.code): one for one in LandUse.objects.filter(code_list__in=lists)}
    return {
        entries: (
            known[entries[0].code_list, entries[0].code]
            if len(entries) == 1
            else _composite([known[entry.code_list, entry.code] for entry in entries])
        ).pk
        for entries in sorted(wanted, key=str)
    }


def _composite(parts: Sequence[LandUse]) -> LandUse:
    first = parts[0]
    composite, _ = LandUse.objects.get_or_create(
        code_list_id=first.code_list_id,
        code=composite_code(part.code for part in parts),
        defaults={
            "name_vi": " + ".join(part.name_vi for part in parts)[:200],
            "name_en": " + ".join(part.name_en or part.name_vi for part in parts)[:200],
            "group": first.group,
            "colour": first.colour,
            "colour_confidence": first.colour_confidence,
        },
    )
    return composite


def _parcels(upload: LayerUpload, layer: CheckedLayer, plan_file: PlanFile) -> None:
    source, today = plan_file.source, timezone.localdate()
    if plan_file.cadastre is not None:
        today = plan_file.cadastre.as_of
        deliveries.note(upload, layer, plan_file.cadastre)
    accuracy, scale = source.accuracy_m, source.survey_scale
    metric: CRS = layer.placed.metric
    aliases: list[Sequence[Any]] = []

    def rows() -> Iterable[Sequence[Any]]:
        for index, geometry in zip(layer.kept, _ewkb(degrees(layer)), strict=True):
            row = layer.values[index]
            assert isinstance(row, ParcelRow)  # noqa: S101 - kept rows have values
            aliases.extend(
                (row.code, "survey", row.unit, one.sheet, one.number, one.value, upload.pk)
                for one in row.aliases
            )
            yield (
                row.code,
                row.unit,
                row.sheet,
                row.number,
                row.registry_area,
                row.address,
                search_name(row.address),
                geometry,
                metric.code,
                layer.system.code,
                scale,
                accuracy,
                dates(row.valid_from or today, None),
                upload.pk,
                index + 1,
            )

    columns = (
        "code unit_id sheet number registry_area address search_address geometry metric_crs survey_crs"
        " survey_scale accuracy_m valid upload_id feature"
    )
    _copy("planning_parcel", columns.split(), rows())
    _copy("planning_parcelalias", "parcel_code scheme unit_id sheet number value upload_id".split(), aliases)


def _coverage(upload: LayerUpload, layer: CheckedLayer) -> None:
    def rows() -> Iterable[Sequence[Any]]:
        for index, geometry in zip(layer.kept, _ewkb(degrees(layer)), strict=True):
            row = layer.values[index]
            assert isinstance(row, CoverageRow)  # noqa: S101 - kept rows have values
            yield (
                row.theme,
                row.plan_kind,
                row.state,
                geometry,
                row.as_of,
                dates(row.valid_from or row.as_of, row.valid_to),
                row.source or upload.publisher,
                upload.office_id,
                upload.pk,
            )

    columns = "theme_id plan_kind state geometry as_of valid source office_id upload_id"
    _copy("planning_coverage", columns.split(), rows())


def dates(start: date | None, end: date | None) -> str:
    """A range of days as PostgreSQL writes it: the first day counts, the last does not."""
    return f"[{start or ''},{end or ''})"


def _ewkb(shapes: np.ndarray) -> Sequence[str]:
    return shapely.to_wkb(shapely.set_srid(shapes, 4326), hex=True, include_srid=True).tolist()


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)


def _copy(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Rows into a table, names of ours alone in the statement."""
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)
