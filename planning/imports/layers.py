"""One layer through all rules: text, place, mapping, geometry, codes; then how its zones fit together.

The heart of `pipeline`: it decides which rows are clean, repaired or refused. Reads nothing from the
database and writes nothing; what is known around the file comes in as a `Frame`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from planning import crs
from planning.crs import CRS
from planning.imports import checks, placing, reading, rows, texts
from planning.imports.codebook import CodeBook
from planning.imports.coverage_checks import Zones, check_coverage
from planning.imports.declared import Declared, weigh
from planning.imports.findings import Finding, Outcome, settled
from planning.imports.mapping import Columns, map_columns
from planning.imports.placing import Placed
from planning.imports.planfile import LayerSection, PlanFile, Target
from planning.imports.reading import RawLayer
from planning.imports.repairs import Mended, mend
from planning.imports.report import LayerReport
from planning.imports.rows import AnyRow, CoverageRow
from planning.models import Level

_OF_AN_EDITION = (Target.ZONES, Target.RESTRICTIONS, Target.BOUNDARY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What is known around the file: the plan's system and extent, its territory, the code lists.

    None means that nobody said; the rules that need it then report "not checked". `code_books` by the
    names of their lists, `lists_missing` are lists named but not loaded. `kind_without_theme` is the kind
    of the plan where no theme gathers it. `own_land` (degrees) is what declarations of coverage may speak
    of; `contradictions` is what the plan file says against what is stored.
    """

    metric: CRS | None = None
    territory: BaseGeometry | None = None
    own_land: BaseGeometry | None = None
    extent: BaseGeometry | None = None
    must_tile: bool = False
    code_books: Mapping[tuple[str, ...], CodeBook] | None = None
    lists_missing: tuple[str, ...] = ()
    units: frozenset[str] | None = None
    themes: Mapping[str, frozenset[str]] | None = None
    is_for_staging: bool = False
    has_edition: bool = False
    kind_without_theme: str = ""
    contradictions: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What the planner asks for."""

    plan_file: PlanFile | None = None
    target: Target | None = None
    system: CRS | None = None
    repair: bool = False
    leave_out_refused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedLayer:
    """A layer after all checks. `values` by row index; rows not in `kept` stay out.

    `covered` is what the kept zones cover together, in metres; None for other targets.
    """

    name: str
    target: Target
    system: CRS
    placed: Placed
    values: Sequence[AnyRow | None]
    kept: Sequence[int]
    mended: Mapping[int, Mended]
    refused: Sequence[int]
    covered: BaseGeometry | None = None


def geometries(layer: CheckedLayer) -> reading.Geometries:
    """The kept geometries in metres, mended ones in their mended form."""
    found = [
        layer.mended[row].metres if row in layer.mended else layer.placed.metres[row] for row in layer.kept
    ]
    shapes = np.empty(len(found), dtype=object)
    shapes[:] = found
    return shapes


@dataclass(frozen=True, slots=True)
class LayerResult:
    """The layer in figures, what there is to say, and its content where it may be staged."""

    report: LayerReport
    findings: list[Finding]
    checked: CheckedLayer | None


def check_layer(layer: RawLayer, section: LayerSection | None, frame: Frame, order: Order) -> LayerResult:
    """All rules over one layer; `section` is what somebody said it is, None for nobody."""
    return _Layer(layer, section, frame, order).run()


class _Layer:
    """One layer through the rules; holds what the steps share and is gone afterwards."""

    def __init__(self, layer: RawLayer, section: LayerSection | None, frame: Frame, order: Order) -> None:
        self.layer = layer
        self.section = section
        self.frame = frame
        self.order = order
        self.target = section.target if section else None
        self.findings: list[Finding] = []

    def run(self) -> LayerResult:
        layer = self.layer
        self._file_rules()
        columns, found = texts.put_in_order(layer)
        self.findings += found
        system, found = placing.choose(layer, self.order.system or self._stated_system())
        self.findings += found
        placed = None
        if system is not None:
            placed, found = placing.place(layer, system, self._metric(system), self.frame.territory)
            self.findings += found
        values = self._values(columns)
        if system is None or placed is None:
            return self._unplaced(system)
        said = checks.Sayings(layer, values)
        judged = checks.judge(layer, placed, self.target, said)
        self.findings += judged.findings
        if values is not None and self.target is Target.COVERAGE:
            self.findings += self._declarations(placed, judged, values)
        return self._decide(system, placed, judged, values, said)

    def _declarations(
        self, placed: Placed, judged: checks.Judged, values: Sequence[AnyRow | None]
    ) -> list[Finding]:
        found: list[Finding] = []
        for row, value in enumerate(values):
            if isinstance(value, CoverageRow):
                is_good = judged.usable[row] and row not in judged.invalid
                one = Declared(
                    theme=value.theme,
                    plan_kind=value.plan_kind,
                    state=value.state,
                    as_of=value.as_of,
                    valid_from=value.valid_from,
                    land=placed.degrees[row] if is_good else None,
                    metric=placed.metric,
                    layer=self.layer.name,
                    row=row + 1,
                )
                found += weigh(one, own_land=self.frame.own_land, themes=self.frame.themes)
        return found

    def _stated_system(self) -> CRS | None:
        stated = self.order.plan_file.source.crs if self.order.plan_file else ""
        return crs.parse(stated, parameter="source.crs") if stated else None

    def _metric(self, system: CRS) -> CRS | None:
        """The plan's system for what belongs to the plan; else the layer's own where it is in metres."""
        stated = self.section.metric_crs if self.section else ""
        if stated:
            return crs.parse(stated, parameter="layers.metric_crs")
        own = system if system.is_metric else None
        if self.target in (Target.PARCELS, Target.COVERAGE, None):
            return own or self.frame.metric
        return self.frame.metric or own

    def _file_rules(self) -> None:
        name, missing = self.layer.name, self.layer.missing
        if self.frame.is_for_staging and self.target in _OF_AN_EDITION:
            self._home_rules()
        if not self.layer.rows:
            self.findings.append(self._without_rows())
        if ".dbf" in missing:
            self.findings.append(Finding(code="F06", level=Level.ERROR, layer=name))
        rest = [suffix for suffix in missing if suffix != ".dbf"]
        if rest:
            facts = {"missing": ", ".join(rest)}
            self.findings.append(
                Finding(code="F06", says="F06/companion", level=Level.WARNING, layer=name, facts=facts)
            )

    def _without_rows(self) -> Finding:
        """Rule F08: what the plan file names itself, not by a pattern, must have something in it."""
        is_named = self.section is not None and not re.search(r"[*?\[]", self.section.match)
        if self.order.plan_file is not None and is_named:
            return Finding(code="F08", says="F08/required", level=Level.ERROR, layer=self.layer.name)
        return Finding(code="F08", level=Level.WARNING, layer=self.layer.name)

    def _home_rules(self) -> None:
        name, kind = self.layer.name, self.frame.kind_without_theme
        if not self.frame.has_edition:
            self.findings.append(Finding(code="P01", says="P01/no_target", level=Level.ERROR, layer=name))
        if kind:
            facts = {"kind": kind}
            self.findings.append(
                Finding(code="P01", says="P01/theme", level=Level.ERROR, layer=name, facts=facts)
            )

    def _values(self, columns: Mapping[str, Sequence[Any]]) -> Sequence[AnyRow | None] | None:
        """The rows as values; None where no mapping says what the columns mean."""
        if self.section is None:
            self._unmapped()
            return None
        mapped, found = map_columns(self.layer, columns, self.section)
        if mapped.missing and self.order.plan_file is None and not self.frame.is_for_staging:
            # only its kind was named: that is no mapping whose gaps would be errors
            self._unmapped()
            return None
        self.findings += found
        if mapped.missing:
            return [None] * self.layer.rows
        return self._read(mapped)

    def _unmapped(self) -> None:
        self._info("A01", "A01/not_checked")
        self._info("K01", "K01/not_checked")
        self._info("C04", "C04/not_checked")

    def _read(self, mapped: Columns) -> Sequence[AnyRow | None]:
        name = self.layer.name
        found: Sequence[AnyRow | None]
        match mapped.target:
            case Target.ZONES:
                codes = self._codes(mapped.section.code_lists)
                found, said = rows.read_zones(name, mapped, codes)
            case Target.RESTRICTIONS:
                found, said = rows.read_restrictions(name, mapped)
            case Target.PARCELS:
                found, said = rows.read_parcels(name, mapped, self.frame.units)
            case Target.COVERAGE:
                found, said = rows.read_coverage(name, mapped, self.frame.themes)
            case Target.BOUNDARY:
                found, said = list(rows.boundaries(mapped.rows)), []
        self.findings += said
        return found

    def _codes(self, code_lists: tuple[str, ...]) -> CodeBook | None:
        books = self.frame.code_books
        # without a former list its codes are unknown, which is said row by row
        missing = [name for name in code_lists[:1] if name in self.frame.lists_missing]
        for name in missing:
            self.findings.append(
                Finding(code="K01", says="K01/list", level=Level.ERROR, layer=self.layer.name, value=name)
            )
        if books is None or not code_lists:
            if self.frame.is_for_staging:
                self.findings.append(
                    Finding(code="K01", says="K01/list", level=Level.ERROR, layer=self.layer.name, value="-")
                )
            else:
                self._info("K01", "K01/not_checked")
            return None
        return books.get(code_lists)

    def _info(self, code: str, says: str) -> None:
        self.findings.append(Finding(code=code, says=says, level=Level.INFO, layer=self.layer.name))

    def _unplaced(self, system: CRS | None) -> LayerResult:
        count = self.layer.rows
        report = LayerReport(
            name=self.layer.name,
            crs=system.code if system else "",
            rows=count,
            clean=0,
            repaired=0,
            refused=count,
        )
        return LayerResult(report, self.findings, None)

    def _decide(
        self,
        system: CRS,
        placed: Placed,
        judged: checks.Judged,
        values: Sequence[AnyRow | None] | None,
        said: checks.Sayings,
    ) -> LayerResult:
        """Which rows are clean, repaired, refused; then how the zones that stay fit together."""
        faulty = {
            finding.row - 1 for finding in self.findings if finding.row and finding.level is Level.ERROR
        }
        mended = self._mended(placed, faulty)
        refused = sorted(faulty - set(mended))
        kept = [row for row in range(self.layer.rows) if row not in faulty or row in mended]
        if values is not None and self.target is Target.PARCELS:
            self.findings += checks.stated_areas(self.layer, placed, judged, values)
        outcomes = {row + 1: Outcome.REPAIRED for row in mended}
        # a declaration left out may have been the one that withholds: it is mended or the file waits
        if self.order.leave_out_refused and self.target is not Target.COVERAGE:
            outcomes |= {row + 1: Outcome.LEFT_OUT for row in refused}
        findings = [_with_areas(finding, mended) for finding in settled(self.findings, outcomes)]
        checked = None
        if self.target is not None and values is not None:
            checked = CheckedLayer(
                name=self.layer.name,
                target=self.target,
                system=system,
                placed=placed,
                values=values,
                kept=kept,
                mended=mended,
                refused=refused,
            )
        if checked is not None and self.target is Target.ZONES:
            checked, found = self._fit(checked, said)
            findings += found
        report = LayerReport(
            name=self.layer.name,
            crs=system.code,
            rows=self.layer.rows,
            clean=self.layer.rows - len(mended) - len(refused),
            repaired=len(mended),
            refused=len(refused),
        )
        return LayerResult(report, findings, checked)

    def _mended(self, placed: Placed, faulty: set[int]) -> dict[int, Mended]:
        """The offers taken: rows whose only faults are such as a repair removes."""
        if not self.order.repair:
            return {}
        hopeless = {
            finding.row - 1
            for finding in self.findings
            if finding.row and finding.level is Level.ERROR and not _is_repairable(finding)
        }
        offers = {row: mend(self.layer, placed, row) for row in sorted(faulty - hopeless)}
        return {row: offer for row, offer in offers.items() if offer is not None}

    def _fit(self, checked: CheckedLayer, said: checks.Sayings) -> tuple[CheckedLayer, list[Finding]]:
        shapes = geometries(checked)
        valid = shapely.is_valid(shapes) & (shapely.get_dimensions(shapes) == 2)
        zones = Zones(
            layer=self.layer.name,
            rows=np.array(checked.kept, dtype=np.int64)[valid] + 1,
            geometries=shapes[valid],
            metric=checked.placed.metric,
            are_alike=said.are_alike,
        )
        union = shapely.union_all(zones.geometries)
        frame = self.frame
        found = check_coverage(zones, union, must_tile=frame.must_tile, boundary=frame.extent)
        return replace(checked, covered=union), found


def _is_repairable(finding: Finding) -> bool:
    return finding.code in ("G05", "G06") or finding.says == "G03/mixed"


def _with_areas(finding: Finding, mended: Mapping[int, Mended]) -> Finding:
    if finding.outcome is not Outcome.REPAIRED or finding.row is None:
        return finding
    one = mended[finding.row - 1]
    areas = {"before": round(one.before, 2), "after": round(one.after, 2)}
    return replace(finding, facts={**finding.facts, **areas})
