"""One file through all checks: received, identified, unpacked, read, placed, mapped, judged. Writes nothing.

The middle of the flow. What it hands on is frozen: the report for people, and the layers with their
values, geometries and outcomes for staging.
"""

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from planning.errors import UnreadableFile
from planning.imports import archives, reading, texts
from planning.imports.archives import Source
from planning.imports.declared import Declared, weigh
from planning.imports.findings import Finding, capped, counted, from_error, result_of
from planning.imports.identify import EXTENSIONS, Format, identify
from planning.imports.layers import CheckedLayer, Frame, Order, check_layer, geometries
from planning.imports.limits import Limits
from planning.imports.mapping import section_of
from planning.imports.placing import to_degrees
from planning.imports.planfile import LayerSection, PlanFile, Target
from planning.imports.reading import RawLayer
from planning.imports.report import FileReport, LayerReport
from planning.models import Level

_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A file after all checks."""

    report: FileReport
    layers: tuple[CheckedLayer, ...]


@dataclass(frozen=True, slots=True)
class Received:
    """The file under a name of ours, with its hash."""

    path: Path
    name: str
    sha256: str
    size: int


def receive(path: Path, folder: Path, limits: Limits) -> Received:
    """Copies the file, hashing on the way. Raises UnreadableFile (F01, F05)."""
    target = folder / "original"
    digest = hashlib.sha256()
    size = 0
    try:
        with path.open("rb") as given, target.open("wb") as kept:
            while chunk := given.read(_CHUNK):
                size += len(chunk)
                if size > limits.file_bytes:
                    raise UnreadableFile("F05", says="F05/bytes", limit=limits.file_bytes)
                digest.update(chunk)
                kept.write(chunk)
    except IsADirectoryError as error:
        raise UnreadableFile("F01", says="F01/folder") from error
    except PermissionError as error:
        raise UnreadableFile("F01", says="F01/forbidden") from error
    except (FileNotFoundError, NotADirectoryError) as error:
        raise UnreadableFile("F01", says="F01/not_found") from error
    return Received(target, path.name, digest.hexdigest(), size)


def check(received: Received, folder: Path, frame: Frame, order: Order, limits: Limits) -> Checked:
    """The whole of it; an unreadable file gives a report with its fatal finding."""
    # coordinates that are no numbers become findings; no library shall complain of them on its own
    with np.errstate(all="ignore"):
        return _check(received, folder, frame, order, limits)


def _check(received: Received, folder: Path, frame: Frame, order: Order, limits: Limits) -> Checked:
    started = time.monotonic()
    try:
        sources = _sources(received, folder, limits)
        work = folder / "read"
        work.mkdir()
        encoding = order.plan_file.source.encoding if order.plan_file else ""
        raw = reading.read(sources, work, limits=limits, encoding=encoding or None)
    except UnreadableFile as error:
        return Checked(report=_report(received, [from_error(error)], [], "", started), layers=())
    formats = ", ".join(sorted({source.format.value for source in sources}))
    findings: list[Finding] = [*frame.contradictions]
    reports: list[LayerReport] = []
    checked: list[CheckedLayer] = []
    for layer, section in _in_order(raw, order, frame, findings):
        result = check_layer(layer, section, frame, order)
        findings += result.findings
        reports.append(result.report)
        if result.checked is not None:
            checked.append(result.checked)
            if result.checked.target is Target.BOUNDARY:
                frame = replace(frame, extent=_boundary(result.checked) or frame.extent)
    findings += _one_system(reports)
    findings += _declarations(order.plan_file, frame, checked)
    return Checked(report=_report(received, findings, reports, formats, started), layers=tuple(checked))


def _declarations(plan_file: PlanFile | None, frame: Frame, checked: Sequence[CheckedLayer]) -> list[Finding]:
    """What is to be said of each [[coverage]] of the plan file."""
    found: list[Finding] = []
    for section in plan_file.coverage if plan_file else ():
        land = shapely.box(*section.extent) if section.extent else _land(frame, checked)
        one = Declared(
            theme=section.theme,
            plan_kind=section.plan_kind,
            state=section.state,
            as_of=section.as_of,
            valid_from=section.valid_from,
            land=land,
            metric=frame.metric,
            place="coverage.plan_kind",
        )
        found += weigh(one, own_land=frame.own_land, themes=frame.themes)
    return found


def _land(frame: Frame, checked: Sequence[CheckedLayer]) -> BaseGeometry | None:
    """The extent of the edition in degrees: its boundary, else what its zones cover."""
    if frame.extent is not None and frame.metric is not None:
        return to_degrees(frame.extent, frame.metric)
    covered = [to_degrees(layer.covered, layer.placed.metric) for layer in checked if layer.covered]
    return covered[0] if len(covered) == 1 else None


def _one_system(reports: Sequence[LayerReport]) -> list[Finding]:
    """S06: one of two systems in one file is probably a slip, and nobody can tell which."""
    systems = sorted({report.crs for report in reports if report.crs})
    if len(systems) < 2:
        return []
    return [Finding(code="S06", level=Level.ERROR, facts={"systems": ", ".join(systems)})]


def _sources(received: Received, folder: Path, limits: Limits) -> tuple[Source, ...]:
    found = identify(received.path)
    inside = folder / "in"
    inside.mkdir()
    if found is Format.ZIP:
        return archives.unpack(received.path, inside, limits)
    path = inside / f"layer{EXTENSIONS[found]}"
    path.hardlink_to(received.path)
    return (Source(path, found, Path(received.name).stem),)


def _in_order(
    raw: Sequence[RawLayer], order: Order, frame: Frame, findings: list[Finding]
) -> list[tuple[RawLayer, LayerSection | None]]:
    """The layers with what they are said to be, boundaries first; those left aside only leave a remark."""
    named = [(replace(layer, name=_shown_name(layer, findings)), layer) for layer in raw]
    chosen = [(layer, section_of(original, order.plan_file, order.target)) for layer, original in named]
    is_any = any(section is not None for _, section in chosen)
    kept = []
    for layer, section in chosen:
        if layer.is_table:
            findings.append(Finding(code="F07", says="F07/table", level=Level.INFO, layer=layer.name))
        elif section is None and frame.is_for_staging:
            says, level = ("F07/not_mapped", Level.INFO) if is_any else ("", Level.QUESTION)
            findings.append(Finding(code="F07", says=says, level=level, layer=layer.name))
        else:
            kept.append((layer, section))
    if not kept and not any(finding.level is Level.QUESTION for finding in findings):
        findings.append(Finding(code="F07", level=Level.QUESTION))
    return sorted(kept, key=lambda pair: pair[1] is None or pair[1].target is not Target.BOUNDARY)


def _shown_name(layer: RawLayer, findings: list[Finding]) -> str:
    name = texts.shown(layer.name)
    if name != layer.name:
        findings.append(Finding(code="F09", level=Level.INFO, layer=name))
    return name


def _boundary(layer: CheckedLayer) -> BaseGeometry | None:
    """The plan's own boundary, in metres."""
    shapes = geometries(layer)
    return shapely.union_all(shapes) if len(shapes) else None


def _report(
    received: Received,
    findings: Sequence[Finding],
    layers: Sequence[LayerReport],
    formats: str,
    started: float,
) -> FileReport:
    return FileReport(
        file=received.name,
        sha256=received.sha256,
        result=result_of(findings),
        format=formats,
        layers=tuple(layers),
        findings=capped(findings),
        counts=counted(findings),
        seconds=time.monotonic() - started,
    )
