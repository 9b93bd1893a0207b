"""Texts of a layer put in order: what may be stored, one Unicode form, and what looks wrongly decoded.

Works column by column. Order matters: decoding is judged before anything invisible is removed, because
in the old Vietnamese encodings a letter may look like a control character.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from planning.imports.findings import Finding
from planning.imports.reading import RawLayer
from planning.models import Level

# NUL (PostgreSQL refuses it), other controls, marks that turn the direction of writing, lone surrogates
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]"
)
_MARKUP = re.compile(r"<\s*[a-zA-Z/!]|javascript:|^[=+@\t\r]|^-[^\d\s]", re.IGNORECASE)
# Letters of Vietnamese that came out of the old one-byte encodings read as Latin-1
_TCVN3 = re.compile(
    r"[\u00a7\u00a8\u00a9\u00aa\u00ab\u00ac\u00ae\u00b5-\u00b9\u00bb-\u00be\u00c6\u00d0](?=\w)|(?<=[^\W\d_])[\u00a8\u00a9\u00aa\u00ab\u00ac\u00ae\u00b5-\u00b9\u00bb-\u00be\u00c6]"
)
_VNI = re.compile(
    r"[aeouy\u00f4\u00ea\u00e2\u00f6][\u00f8\u00fb\u00ef\u00e5\u00e4\u00eb]|\u00f1[aeiou\u00f4\u00f6]|\u00d1[aeiou]",
    re.IGNORECASE,
)
_DOUBLE_UTF8 = re.compile(
    r"\u00e1[\u00ba\u00bb\u00bc\u00bd]|\u00c3[\u0080-\u00bf]|\u00c4[\u0090\u0091\u0192\u2018]|\u00c6[\u00a0\u00a1\u00af\u00b0]"
)
_VIETNAMESE = re.compile(r"[\u1ea0-\u1ef9\u0102\u0103\u0110\u0111\u01a0\u01a1\u01af\u01b0]")


def put_in_order(layer: RawLayer) -> tuple[Mapping[str, Sequence[Any]], list[Finding]]:
    """The columns with storable texts, and what was found (T01-T04)."""
    findings = _decoding(layer)
    columns: dict[str, Sequence[Any]] = {}
    for name, values in layer.columns.items():
        columns[name], found = _column(layer.name, name, values)
        findings += found
    return columns, findings


def _column(layer: str, name: str, values: Sequence[Any]) -> tuple[Sequence[Any], list[Finding]]:
    if not any(isinstance(value, str) for value in values):
        return values, []
    removed = tidied = marked = 0
    cleaned: list[Any] = []
    for value in values:
        if not isinstance(value, str):
            cleaned.append(value)
            continue
        allowed = _FORBIDDEN.sub("", value)
        removed += allowed != value
        text = tidy(allowed)
        tidied += text != allowed
        marked += bool(_MARKUP.search(text))
        cleaned.append(text)
    found = [
        Finding(code=code, level=level, layer=layer, field=shown(name), facts={"count": count})
        for code, level, count in (
            ("T02", Level.WARNING, removed),
            ("T03", Level.INFO, tidied),
            ("T04", Level.INFO, marked),
        )
        if count
    ]
    return cleaned, found


def tidy(text: str) -> str:
    """NFC, no-break and double spaces as one, ends trimmed; line breaks stay."""
    lines = unicodedata.normalize("NFC", text).splitlines() or [""]
    return "\n".join(" ".join(line.split()) for line in lines).strip()


def shown(text: str) -> str:
    """A name from a file, fit to be shown and stored."""
    return tidy(_FORBIDDEN.sub("", text))[:120]


def _decoding(layer: RawLayer) -> list[Finding]:
    texts = [value for values in layer.columns.values() for value in values if isinstance(value, str)]
    strange = [text for text in texts if not text.isascii()]
    if not strange:
        return []
    suspected = _suspected(strange)
    if suspected:
        example = shown(next(text for text in strange if _suspected([text])))[:60]
        facts = {"encoding": suspected, "example": example}
        return [Finding(code="T01", level=Level.QUESTION, layer=layer.name, facts=facts)]
    if layer.encoding_is_guessed:
        facts = {"encoding": layer.encoding}
        return [Finding(code="T01", level=Level.WARNING, layer=layer.name, says="T01/guessed", facts=facts)]
    return []


def _suspected(strange: Sequence[str]) -> str:
    """The encoding that most of the texts speak for; texts with true Vietnamese letters speak against."""
    for name, pattern in (("UTF-8 x 2", _DOUBLE_UTF8), ("TCVN3 (ABC)", _TCVN3), ("VNI", _VNI)):
        hits = sum(1 for text in strange if pattern.search(text) and not _VIETNAMESE.search(text))
        if hits > len(strange) / 2:
            return name
    return ""
