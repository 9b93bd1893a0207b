"""Deliveries of the cadastre, weighed before they are staged and noted beside their rows (D rules).

What the file would change is compared with what is public now; a file that would end most parcels of a
unit is a question, because it may be the wrong one. Publication compares again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.utils import timezone

from planning import cadastre
from planning.cadastre import ChangeKind, Difference, Refusals, Rule, Side
from planning.cadastre.sides import Attributes, on_grid, refusals_of
from planning.errors import CannotMeasure
from planning.imports.findings import Finding, capped, counted, result_of
from planning.imports.layers import CheckedLayer, Order, geometries
from planning.imports.pipeline import Checked
from planning.imports.planfile import CadastreSection, PlanFile, SourceSection, Target
from planning.imports.rows import ParcelRow
from planning.models import CadastreDelivery, LayerUpload, Level, Office, RefusedParcel, UploadResult

_SHOWN = 5

# rule, level, which sentence of the rule, facts
Said = tuple[str, Level, str, Mapping[str, Any]]


def weigh(checked: Checked, order: Order, *, office: Office | None) -> Checked:
    """The file with what its delivery would change, in the report and as findings.

    Left as it is where it declares no delivery or its rows cannot be staged anyway.
    """
    plan_file = order.plan_file
    if plan_file is None or plan_file.cadastre is None or checked.report.result is not UploadResult.OK:
        return checked
    layers = [layer for layer in checked.layers if layer.target is Target.PARCELS]
    if not layers:
        return checked
    difference, found = _compared(layers, plan_file, plan_file.cadastre, office)
    findings = [*checked.report.findings, *found]
    report = replace(
        checked.report,
        findings=capped(findings),
        counts=counted(findings),
        result=result_of(findings),
        difference=difference.to_json() if difference else None,
    )
    return replace(checked, report=report)


def _compared(
    layers: Sequence[CheckedLayer], plan_file: PlanFile, section: CadastreSection, office: Office | None
) -> tuple[Difference | None, list[Finding]]:
    rule = Rule(
        as_of=section.as_of,
        replaces=section.replaces,
        units=section.units,
        is_large_change_right=section.large_change_is_right,
        office=office.pk if office else "",
    )
    try:
        settlement = cadastre.settle_rows(
            _side(layers, plan_file.source), rule, layers[0].placed.metric, _refusals(layers)
        )
    except CannotMeasure:
        # parcels of the unit lie where the system of the file does not reach
        return None, [Finding(code="D03", says="D03/elsewhere", level=Level.QUESTION, layer=layers[0].name)]
    return settlement.difference, _findings(settlement.difference, rule, layers[0].name)


def _side(layers: Sequence[CheckedLayer], source: SourceSection) -> Side:
    rows = [(layer, index) for layer in layers for index in layer.kept]
    values = [_value(layer, index) for layer, index in rows]
    return Side(
        keys=range(len(rows)),
        codes=[one.code for one in values],
        units=[one.unit for one in values],
        sheets=[one.sheet for one in values],
        numbers=[one.number for one in values],
        attributes=[_attributes(one, source) for one in values],
        shapes=on_grid(np.concatenate([geometries(layer) for layer in layers])),
    )


def _value(layer: CheckedLayer, index: int) -> ParcelRow:
    row = layer.values[index]
    assert isinstance(row, ParcelRow)  # noqa: S101 - kept rows have values
    return row


def _attributes(row: ParcelRow, source: SourceSection) -> Attributes:
    area = float(row.registry_area) if row.registry_area is not None else None
    return Attributes(area, row.address, source.survey_scale, source.accuracy_m)


def _refusals(layers: Sequence[CheckedLayer]) -> Refusals:
    rows = (
        (one.unit_code, one.sheet, one.number, bytes(one.geometry.wkb) if one.geometry else None)
        for layer in layers
        for one in _refused(layer)
    )
    return refusals_of(rows, layers[0].placed.metric)


def _refused(layer: CheckedLayer) -> Iterable[RefusedParcel]:
    """The rows left out, with what could be read of each."""
    for index in layer.refused:
        row = layer.values[index]
        known = row if isinstance(row, ParcelRow) else None
        yield RefusedParcel(
            row=index + 1,
            unit_code=known.unit if known else "",
            sheet=known.sheet if known else "",
            number=known.number if known else "",
            geometry=_land(layer, index),
        )


def _land(layer: CheckedLayer, index: int) -> GEOSGeometry | None:
    """Where the row lies, as far as its geometry can be understood."""
    shape = layer.placed.degrees[index]
    if shape is None or shape.is_empty or index in layer.placed.unusable:
        return None
    whole = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    if whole.is_empty or shapely.get_dimensions(whole) != 2:
        return None
    return GEOSGeometry(memoryview(shapely.force_2d(whole).wkb), srid=4326)


def _findings(difference: Difference, rule: Rule, layer: str) -> list[Finding]:
    said = [*_remarks(difference), *_doubts(difference, rule), *_objections(difference, rule)]
    return [
        Finding(code=code, level=level, says=says, layer=layer, facts=facts)
        for code, level, says, facts in said
    ]


def _remarks(difference: Difference) -> Iterator[Said]:
    """D01, D02: what changes, and what a person should look at."""
    counts = ", ".join(f"{name} {count}" for name, count in difference.counts.items() if count)
    yield "D01", Level.INFO, "", {"revision": difference.revision, "counts": counts or "-"}
    unclear = [code for one in difference.of(ChangeKind.AMBIGUOUS) for code in one.former]
    held = [code for one in difference.of(ChangeKind.HELD) for code in one.former]
    for says, codes in (("", unclear), ("D02/reused", difference.reused), ("D02/held", held)):
        if codes:
            yield "D02", Level.WARNING, says, {"count": len(codes), "codes": _some(codes)}


def _doubts(difference: Difference, rule: Rule) -> Iterator[Said]:
    """D03: so much would end that it may be the wrong file."""
    level = Level.WARNING if rule.is_large_change_right else Level.QUESTION
    for doubt in difference.doubts:
        facts = {"unit": doubt.unit, "ended": doubt.ended, "standing": doubt.standing}
        yield "D03", level, "" if doubt.in_common else "D03/nothing", facts


def _objections(difference: Difference, rule: Rule) -> Iterator[Said]:
    """D04: a delivery that cannot replace what stands."""
    as_of = rule.as_of.isoformat()
    if difference.too_late:
        yield "D04", Level.ERROR, "", {"as_of": as_of, "parcel": difference.too_late[0]}
    if rule.as_of > timezone.localdate():
        yield "D04", Level.ERROR, "D04/future", {"as_of": as_of}
    if rule.office and difference.foreign:
        yield "D04", Level.ERROR, "D04/foreign", {"office": difference.foreign[0]}


def _some(codes: Sequence[str]) -> str:
    return ", ".join(codes[:_SHOWN]) + (", …" if len(codes) > _SHOWN else "")


def note(upload: LayerUpload, layer: CheckedLayer, section: CadastreSection) -> None:
    """What the upload declares and what it left out, beside its staged rows."""
    CadastreDelivery.objects.get_or_create(
        upload=upload,
        defaults={
            "as_of": section.as_of,
            "replaces": section.replaces,
            "units": list(section.units),
            "is_large_change_right": section.large_change_is_right,
        },
    )
    rows = [*_refused(layer)]
    for row in rows:
        row.upload = upload
    RefusedParcel.objects.bulk_create(rows, batch_size=1_000)
