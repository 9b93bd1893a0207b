"""Vietnamese text made comparable: one Unicode form, and a form without diacritics for searching.

Lowest layer: codes, unit names and search words all compare through it, so that "Hàng Trống",
decomposed or composed, and "hang trong" as typed on a foreign keyboard meet.
"""

import re
import unicodedata

# Đ is a letter of its own, not a D with a mark that decomposition would take off
_STROKED_D = str.maketrans({"đ": "d", "Đ": "d", "ð": "d", "Ð": "d"})


def normalise(text: str) -> str:
    """NFC, inner runs of white space (no-break spaces included) as one space, ends trimmed."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def fold(text: str) -> str:
    """Lower case without diacritics; digits, punctuation and line breaks stay: "Đống Đa" -> "dong da"."""
    decomposed = unicodedata.normalize("NFD", text.translate(_STROKED_D))
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return unicodedata.normalize("NFC", plain).casefold()


def search_name(text: str) -> str:
    """What a name is searched by: folded, punctuation as spaces: "Bà Rịa - Vũng Tàu" -> "ba ria vung tau"."""
    return " ".join(re.sub(r"[^0-9a-z]+", " ", fold(text)).split())
