"""Unit names as people type them: abbreviated, without diacritics, with or without the kind of unit.

Pure text. `AdminUnit.search_name` holds the folded official name ("phuong hang trong"); here a typed
name is turned into the forms that may equal it.
"""

import re
from collections.abc import Iterator

from planning.codes import fold, normalise, search_name
from planning.lookup.spelling import slips, without_input_marks

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
# "p14", "tphcm": written together
_TOGETHER = re.compile(r"^(?:(?P<kind>[pfq])0*(?P<number>[0-9]{1,2})|tp(?P<initials>[a-z]{2,4}))$")
# "Ward" and the like, for readers of English; one word of theirs is several of ours
_ENGLISH_KINDS = {
    "ward": ("phuong",),
    "commune": ("xa",),
    "district": ("quan", "huyen", "thi xa"),
    "town": ("thi tran", "thi xa"),
    "city": ("thanh pho",),
    "province": ("tinh", "thanh pho"),
}
_MOST_INITIALS = 5


def typed_words(part: str) -> tuple[tuple[str, ...], ...]:
    """The folded words of a name: as typed, with abbreviations written out, without input marks."""
    typed = tuple(search_name(normalise(part)).split())
    return tuple(dict.fromkeys((typed, written_out(typed), _without_marks(part))))


def _without_marks(part: str) -> tuple[str, ...]:
    return written_out(tuple(search_name(without_input_marks(fold(normalise(part)))).split()))


def written_out(words: tuple[str, ...]) -> tuple[str, ...]:
    """Abbreviated kinds in full: "p hang trong q hoan kiem" -> "phuong hang trong quan hoan kiem"."""
    return tuple(word for index in range(len(words)) for word in _written_out(words, index))


def _written_out(words: tuple[str, ...], index: int) -> Iterator[str]:
    word = words[index]
    together = _TOGETHER.match(word)
    if together and together["number"]:
        yield from (_ABBREVIATIONS[together["kind"]], together["number"])
    elif together:
        yield from ("thanh", "pho", together["initials"])
    elif word in _ABBREVIATIONS and index + 1 < len(words):
        yield from _ABBREVIATIONS[word].split()
    else:
        yield word


def spellings(words: tuple[str, ...]) -> tuple[str, ...]:
    """Folded forms that an official name may have, likeliest first: ("hang", "trong") -> "hang trong", ...

    A name without its kind is tried bare and with every kind before it. Numbered wards lose leading
    zeros ("P.05" and "Phường 5" are one).
    """
    if len(words) > 1 and words[-1] in _ENGLISH_KINDS:
        return tuple(f"{kind} {_plain(words[:-1])}" for kind in _ENGLISH_KINDS[words[-1]])
    if len(words) > 1 and words[0] in _ENGLISH_KINDS:
        return tuple(f"{kind} {_plain(words[1:])}" for kind in _ENGLISH_KINDS[words[0]])
    plain = _plain(words)
    if not plain:
        return ()
    if without_kind(plain) != plain:
        return (plain,)
    return (plain, *(f"{kind} {plain}" for kind in UNIT_KINDS))


def _plain(words: tuple[str, ...]) -> str:
    return " ".join(word.lstrip("0") or word if word.isdigit() else word for word in words)


def place_parts(text: str) -> tuple[str, ...]:
    """The parts of "phường Hàng Trống, quận Hoàn Kiếm, Hà Nội", smallest unit first as people write."""
    parts = (part.strip(" .-") for part in re.split(r"[,;\n]", text))
    return tuple(part for part in parts if part)


def has_diacritics(text: str) -> bool:
    """Whether somebody typed with Vietnamese letters, so that these may be compared too."""
    return fold(text) != normalise(text).casefold()


def naming(name: str, place: str) -> int:
    """How surely the folded name of a unit stands in a text: 2 with its kind, 1 without, 0 not at all."""
    padded = f" {place} "
    # with its kind it is surely meant; a bare "xa" or "moi" may be part of another name
    bare = without_kind(name)
    if bare.isdigit():
        # a "3" somewhere is not district 3
        return 2 * (f" {name} " in padded)
    return (f" {bare} " in padded) + (f" {name} " in padded)


def nearly_naming(name: str, place: str) -> int:
    """1 where the text holds the name with a slip, in one word, or as its initials; else 0."""
    bare = without_kind(name)
    if bare.isdigit():
        return 0
    words = place.split()
    if bare.replace(" ", "") in words or initials(bare) in words:
        return 1
    length = len(bare.split())
    spans = (" ".join(words[start : start + length]) for start in range(len(words) - length + 1))
    return int(any(slips(span, bare) is not None for span in spans))


def initials(bare: str) -> str:
    """What a name of several words is shortened to: "ba ria vung tau" -> "brvt"; "" for one word."""
    words = bare.split()
    return "".join(word[0] for word in words) if 1 < len(words) <= _MOST_INITIALS else ""


def without_kind(name: str) -> str:
    """A folded name without the kind of unit before it."""
    for kind in UNIT_KINDS:
        if name.startswith(f"{kind} "):
            return name[len(kind) + 1 :]
    return name
