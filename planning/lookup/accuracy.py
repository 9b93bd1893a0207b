"""How far a position may be off, where the text says so: "21.03, 105.85 ±8m". Pure text."""

import re

from planning.codes import fold, normalise

_METRES = r"([0-9]{1,4}(?:[.,][0-9]+)?)\s*(?:m|met|metres?|meters?)\b"
_ACCURACY = re.compile(
    rf"[(\[,;]*\s*(?:(?:±|\+\s*/?\s*-)|\b(?:accuracy|sai so|do chinh xac|chinh xac|error)\b\s*[:=]?\s*±?)\s*"
    rf"{_METRES}\s*[)\]]?"
)


def read_accuracy(text: str) -> tuple[float | None, str]:
    """Metres, None where nothing is said of them; and the text without them."""
    words = fold(normalise(text))
    match = _ACCURACY.search(words)
    if match is None:
        return None, text
    return float(match[1].replace(",", ".")), f"{words[: match.start()]} {words[match.end() :]}".strip()
