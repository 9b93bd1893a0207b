"""Dates and points in time of a filter, as RFC 3339 writes them: text -> operand."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from planning.ogcapi.cql2.limits import wrong_type
from planning.ogcapi.cql2.operands import Operand, Type, bound


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.upper())


_MOMENT = r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})"
_READ: dict[Type, tuple[re.Pattern[str], Callable[[str], Any]]] = {
    Type.DATE: (re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII), date.fromisoformat),
    Type.DATETIME: (re.compile(_MOMENT, re.ASCII), _moment),
}


def instant(text: Any, *types: Type) -> Operand:
    """The instant that a text means, of one of these types. Raises BadParameter."""
    for type_ in types:
        pattern, read = _READ[type_]
        if isinstance(text, str) and pattern.fullmatch(text):
            with suppress(ValueError):  # the thirty-first of a short month
                return bound(type_, read(text))
    raise wrong_type(_("“%(text)s” is neither a date nor a point in time."), text=str(text)[:40])
