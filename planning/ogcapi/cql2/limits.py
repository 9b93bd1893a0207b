"""How much one filter may ask for, and how it is refused."""

import unicodedata
from typing import Any

from django.utils.functional import lazy

from planning.errors import BadParameter, Reason

MAX_LENGTH = 8_192  # bytes of UTF-8
MAX_DEPTH = 64
MAX_NODES = 2_000
MAX_LIST = 1_000
MAX_VERTICES = 10_000
# Integers above are not exact in JSON, whose numbers are doubles.
MAX_INTEGER = 2**53

PARAMETER = "filter"


def _filled(sentence: Any, facts: dict[str, Any]) -> str:
    return str(sentence) % facts


# A sentence is chosen in the language of whoever reads the refusal, not of whoever raised it.
_later = lazy(_filled, str)


def refused(reason: Reason, value: object = "", **facts: Any) -> BadParameter:
    """A refusal of the filter."""
    return BadParameter(PARAMETER, value, reason, **facts)


def not_cql2(sentence: Any, **facts: Any) -> BadParameter:
    """The filter is no CQL2; the sentence says why."""
    return refused(Reason.FILTER_SYNTAX, detail=_later(sentence, facts))


def wrong_type(sentence: Any, **facts: Any) -> BadParameter:
    """Parts of the filter do not fit together; the sentence says which."""
    return refused(Reason.WRONG_TYPE, detail=_later(sentence, facts))


def too_deep() -> BadParameter:
    """The filter is nested beyond the limit."""
    return refused(Reason.FILTER_TOO_DEEP, limit=MAX_DEPTH)


def too_large(what: Any, limit: int) -> BadParameter:
    """The filter has more of something than the limit allows."""
    return refused(Reason.FILTER_TOO_LARGE, limit=limit, what=what)


def normalised(value: str) -> str:
    """A text of the filter as texts are stored (NFC). Raises BadParameter for signs that no text holds."""
    if any(_is_no_text(letter) for letter in value):
        raise refused(Reason.BAD_CHARACTERS)
    return unicodedata.normalize("NFC", value)


def _is_no_text(letter: str) -> bool:
    # The seven escapes of CQL2 may put controls into a literal; NUL and lone surrogates no database takes.
    return letter == "\0" or "\ud800" <= letter <= "\udfff"
