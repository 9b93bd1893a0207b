"""The report of an upload as it was stored: the same value that the checks gave, read back."""

from planning.imports.findings import PREFIX, Finding, Outcome
from planning.imports.report import FileReport, LayerReport
from planning.models import Finding as StoredFinding
from planning.models import LayerUpload, Level, UploadResult


def report_of(upload: LayerUpload) -> FileReport:
    """For the command, the admin and jobs alike; sentences come in the reader's language."""
    return FileReport(
        file=upload.original_name,
        sha256=upload.sha256,
        result=UploadResult(upload.result),
        format=upload.format,
        layers=tuple(LayerReport(**{**one, "crs": one["crs"] or ""}) for one in upload.report["layers"]),
        findings=tuple(_finding(one) for one in upload.findings.all()),
        counts=upload.report["counts"],
        seconds=upload.report["seconds"],
        difference=upload.report.get("cadastre"),
    )


def _finding(stored: StoredFinding) -> Finding:
    facts = dict(stored.facts)
    outcome = facts.pop("outcome", None)
    return Finding(
        code=stored.code.removeprefix(PREFIX),
        level=Level(stored.level),
        layer=stored.layer,
        row=stored.row,
        field=stored.field,
        value=stored.value,
        says=facts.pop("says", ""),
        more=facts.pop("more", 0),
        outcome=Outcome(outcome) if outcome else None,
        facts=facts,
        place=(stored.place.x, stored.place.y) if stored.place else None,
    )
