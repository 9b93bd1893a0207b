"""What an import has to say of a file, as one frozen value: JSON document, report row and text."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from planning.imports.findings import Finding
from planning.imports.findings_text import message
from planning.models import UploadResult


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerReport:
    """One layer in figures; clean + repaired + refused = rows."""

    name: str
    crs: str
    rows: int
    clean: int
    repaired: int
    refused: int

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "crs": self.crs or None,
            "rows": self.rows,
            "clean": self.clean,
            "repaired": self.repaired,
            "refused": self.refused,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReport:
    """One file: what it is, what became of its layers, and all that is to be said about it.

    `findings` are ordered and capped, `counts` are not. `difference` is what a delivery of the cadastre
    would change, as `planning.cadastre` reports it.
    """

    file: str
    sha256: str
    result: UploadResult
    format: str
    layers: tuple[LayerReport, ...]
    findings: tuple[Finding, ...]
    counts: Mapping[str, int]
    seconds: float
    difference: Mapping[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        """The document of the command line; messages in the active language."""
        return {
            "file": self.file,
            "sha256": self.sha256 or None,
            "result": self.result.value,
            "format": self.format or None,
            "layers": [layer.to_json() for layer in self.layers],
            "findings": [_finding(finding) for finding in self.findings],
            "seconds": round(self.seconds, 3),
            **({"cadastre": dict(self.difference)} if self.difference else {}),
        }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.rule,
        "level": finding.level.value,
        "layer": finding.layer or None,
        "row": finding.row,
        "message": message(finding),
        "place": None if finding.place is None else [round(finding.place[0], 7), round(finding.place[1], 7)],
    }
