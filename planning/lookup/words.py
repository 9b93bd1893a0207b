"""Unit names as people type them: abbreviated, without diacritics, with or without the kind of unit.

Pure text. `AdminUnit.search_name` holds the folded official name ("phuong hang trong"); here a typed
name is turned into the forms that may equal it.
"""

import re

from planning.codes import fold, normalise, search_name

# the kinds of unit of both lists, longest first: "thi tran" must not be taken for "thi xa" cut short
UNIT_KINDS = ("thanh pho", "thi tran", "dac khu", "thi xa", "phuong", "huyen", "quan", "tinh", "xa")

_ABBREVIATIONS = {
    "p": "phuong",
    "f": "phuong",
    "x": "xa",
    "tt": "thi tran",
    "tx": "thi xa",
    "tp": "thanh pho",
    "q": "quan",
    "h": "huyen",
    "t": "tinh",
    "dk": "dac khu",
}
_ABBREVIATED = re.compile(rf"^({'|'.join(sorted(_ABBREVIATIONS, key=len, reverse=True))})(?:[. ]+|(?=[0-9]))")
# "Ward" and the like, for readers of English
_ENGLISH_KINDS = {
    "ward": "phuong",
    "commune": "xa",
    "district": "quan",
    "city": "thanh pho",
    "province": "tinh",
}


def spellings(name: str) -> tuple[str, ...]:
    """Folded forms that an official name may have, likeliest first: "P. Hàng Trống" -> "phuong hang trong".

    A name without its kind is tried bare and with every kind before it. Numbered wards lose leading
    zeros ("P.05" and "Phường 5" are one).
    """
    folded = fold(normalise(name))
    if match := _ABBREVIATED.match(folded):
        folded = f"{_ABBREVIATIONS[match[1]]} {folded[match.end() :]}"
    words = search_name(folded).split()
    if len(words) > 1 and words[-1] in _ENGLISH_KINDS:
        words = [_ENGLISH_KINDS[words[-1]], *words[:-1]]
    plain = " ".join(word.lstrip("0") or word if word.isdigit() else word for word in words)
    if not plain:
        return ()
    if plain.startswith(tuple(f"{kind} " for kind in UNIT_KINDS)):
        return (plain,)
    return (plain, *(f"{kind} {plain}" for kind in UNIT_KINDS))


def place_parts(text: str) -> tuple[str, ...]:
    """The parts of "phường Hàng Trống, quận Hoàn Kiếm, Hà Nội", smallest unit first as people write."""
    parts = (part.strip(" .-") for part in re.split(r"[,;\n]", text))
    return tuple(part for part in parts if part)


def has_diacritics(text: str) -> bool:
    """Whether somebody typed with Vietnamese letters, so that these may be compared too."""
    return fold(text) != normalise(text).casefold()


def naming(search_name: str, place: str) -> int:
    """How surely the folded name of a unit stands in a text: 2 with its kind, 1 without, 0 not at all."""
    padded = f" {place} "
    # with its kind it is surely meant; a bare "xa" or "moi" may be part of another name
    return (f" {without_kind(search_name)} " in padded) + (f" {search_name} " in padded)


def without_kind(name: str) -> str:
    """A folded name without the kind of unit before it."""
    for kind in UNIT_KINDS:
        if name.startswith(f"{kind} "):
            return name[len(kind) + 1 :]
    return name
