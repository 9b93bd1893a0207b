"""Sheet, parcel number and unit as people write them -> `ParcelWords`. Pure text.

"Thửa 45 tờ 12 phường Hàng Trống", "tờ bản đồ số 12, thửa đất số 45, Hàng Trống", "12/45 Hang Trong",
"parcel 45 sheet 12 Hang Trong". Sheet numbers restart in every old commune, so the unit matters; where
it is missing, the caller asks.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from planning.codes import fold, normalise


@dataclass(frozen=True, slots=True)
class ParcelWords:
    """What was said of a parcel; `sheet`, `number` or `unit_words` are empty where nothing was said."""

    sheet: str
    number: str
    unit_words: str


_LONGEST = 300
# "45", "45a", "45-1", "DC12": no more, so that street numbers and dates stay words
_NUMBER = r"(?:[a-z]{1,3}[- ]?)?[0-9]{1,6}[a-z]?(?:[-.][0-9]{1,4})?"
_SHEET_WORDS = (
    r"to ban do dia chinh|to ban do|so to ban do|ban do|so hieu to|so to|to bd|so bd|bd so|to|tbd|bd|"
    r"map sheet|sheet"
)
_PARCEL_WORDS = r"so thua dat|so thua|thua dat|thua|parcel|lot|plot"
# "T45" beside a sheet
_SHEET = re.compile(rf"\b(?:{_SHEET_WORDS})\b\s*(?:so|no\.?|number|#)?\s*[:.=#]?\s*(?P<value>{_NUMBER})\b")
_PARCEL = re.compile(rf"\b(?:{_PARCEL_WORDS})\b\s*(?:so|no\.?|number|#)?\s*[:.=#]?\s*(?P<value>{_NUMBER})\b")
# with its mark "tổ 5" is part of a commune, and no sheet ("tờ")
_NEIGHBOURHOOD = re.compile(r"tổ\b", re.IGNORECASE)
_PARCEL_SHORT = re.compile(r"\bt\.?(?P<value>[0-9]{1,6}[a-z]?)\b")
_PAIR = r"(?P<first>[0-9]{1,6}[a-z]?)\s*(?:/|-|,|\s)\s*(?P<second>[0-9]{1,6}[a-z]?)"
_PAIR_FIRST = re.compile(rf"^{_PAIR}(?:[\s,;]+(?P<rest>[^0-9\s].*))?$")
_PAIR_LAST = re.compile(rf"^(?P<rest>.*[^0-9\s,;/-])[\s,;]+{_PAIR}$")
_FILLERS = re.compile(
    r"^(?:[\s,;.:()-]|(?:o|tai|thuoc|in|of|at|va|and|dia chi|dia diem|so cu|so moi|cu|moi)\b)+|[\s,;.:()-]+$"
)


def read_parcel_numbers(text: str) -> tuple[ParcelWords, ...]:
    """Every way of reading the text as a parcel, likeliest first; () if it speaks of none.

    Two bare numbers are sheet and parcel in that order, as registers write them; the other order
    is the second reading.
    """
    written = normalise(text)
    if not written or len(written) > _LONGEST:
        return ()
    return tuple(dict.fromkeys(_read(written)))


def _read(written: str) -> Iterator[ParcelWords]:
    folded = fold(written)
    # positions found in the folded text must be those of the written one, so that names keep accents
    shown = written if len(written) == len(folded) else folded
    sheet, parcel = _SHEET.search(folded), _PARCEL.search(folded)
    if sheet and _NEIGHBOURHOOD.match(shown, sheet.start()):
        sheet = None
    if sheet and not parcel:
        parcel = _PARCEL_SHORT.search(folded)
    if sheet or parcel:
        spans = [match.span() for match in (sheet, parcel) if match]
        yield ParcelWords(_value(sheet), _value(parcel), _rest(shown, spans))
        return
    match = _PAIR_FIRST.match(folded) or _PAIR_LAST.match(folded)
    if match:
        rest = shown[match.start("rest") : match.end("rest")] if match["rest"] else ""
        if not all(re.search("[1-9]", match[which]) for which in ("first", "second")):
            return  # no register counts from nought: "0, 105" is something else
        unit_words = _FILLERS.sub("", rest)
        for first, second in (("first", "second"), ("second", "first")):
            yield ParcelWords(_trimmed(match[first]), _trimmed(match[second]), unit_words)


def _value(match: re.Match[str] | None) -> str:
    return _trimmed(match["value"]) if match else ""


def _trimmed(number: str) -> str:
    """Registers do not pad: "012" is "12"; letters are written small or large without meaning."""
    return (re.sub(r"^0+(?=[0-9])", "", number.replace(" ", ""))).upper()


def _rest(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]},{text[end:]}"
    parts = (_shorn(part) for part in re.split("[,;]", text))
    return ", ".join(part for part in parts if part)


def _shorn(part: str) -> str:
    """Without the words of a form before the name ("Địa chỉ: phường ...")."""
    folded = fold(part)
    match = _FILLERS.match(folded) if len(folded) == len(part) else None
    return _FILLERS.sub("", part[match.end() :] if match else part)
