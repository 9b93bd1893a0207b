"""Numbers as people write them in Vietnam and elsewhere: which mark groups, which divides.

Used for indicators and for coordinates; knows neither.
"""

import re
from decimal import Decimal
from enum import StrEnum


class NumberStyle(StrEnum):
    """Which mark groups thousands; only numbers like "1.200" or "1,200" depend on it."""

    VIETNAMESE = "vietnamese"  # 1.200,5
    ENGLISH = "english"  # 1,200.5


_SPACED = r"[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+(?:[.,][0-9]+)?"
_DOUBTFUL = re.compile(r"^[1-9][0-9]{0,2}[.,][0-9]{3}$")
NUMBER = rf"{_SPACED}(?![0-9])|[0-9]+(?:[.,][0-9]+)*"


def read_number(text: str, style: NumberStyle = NumberStyle.VIETNAMESE) -> Decimal | None:
    """A non-negative number with its grouping marks, or None: "1.200,5", "1 200,5", "1,200.5", "4,5".

    The style matters only where the marks leave a doubt; otherwise they speak for themselves.
    """
    given = text.strip()
    if re.search(r"[ \u00a0\u202f]", given) and not re.fullmatch(_SPACED, given):
        return None
    compact = re.sub(r"[ \u00a0\u202f]", "", given)
    if not re.fullmatch(r"[0-9]+(?:[.,][0-9]+)*", compact) or len(compact) > 24:
        return None
    points, commas = compact.count("."), compact.count(",")
    if not points and not commas:
        return Decimal(compact)
    if _DOUBTFUL.match(compact):
        is_grouping = (points == 1) == (style is NumberStyle.VIETNAMESE)
        return Decimal(re.sub(r"[.,]", "" if is_grouping else ".", compact))
    if points and commas:
        decimal_mark = max(".,", key=compact.rfind)
    else:
        decimal_mark = "." if points == 1 else "," if commas == 1 else ""
    return _grouped_number(compact, decimal_mark)


def _grouped_number(compact: str, decimal_mark: str) -> Decimal | None:
    whole, mark, decimals = compact.rpartition(decimal_mark) if decimal_mark else (compact, "", "")
    if decimal_mark and not mark:
        return None
    grouping = re.sub(r"[0-9]", "", whole)
    if grouping and (len(set(grouping)) > 1 or not re.fullmatch(r"[1-9][0-9]{0,2}(?:[.,][0-9]{3})+", whole)):
        return None
    digits = re.sub(r"[.,]", "", whole)
    return Decimal(f"{digits}.{decimals}" if decimals else digits)
