"""CQL2-JSON -> its tree, once it is known to be small and shallow."""

import json
import re
from typing import Any

from django.utils.translation import gettext_lazy as _

from planning.ogcapi.cql2.limits import MAX_DEPTH, MAX_LENGTH, not_cql2, too_deep, too_large

# An operator is an object with a list in it; geometries and lists add some brackets of their own.
_MAX_BRACKETS = 2 * MAX_DEPTH + 8
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[{]|[\]}]', re.DOTALL)


def parse(source: str) -> Any:
    """The tree of a filter. Raises BadParameter."""
    if len(source.encode("utf-8", "surrogatepass")) > MAX_LENGTH:
        raise too_large(_("bytes"), MAX_LENGTH)
    depth = 0
    for token in _BRACKETS.finditer(source):
        depth += (token[0] in "[{") - (token[0] in "]}")
        if depth > _MAX_BRACKETS:
            raise too_deep()
    try:
        return json.loads(source, parse_constant=_no_number)
    except ValueError:
        raise not_cql2(_("it is no JSON.")) from None


def _no_number(word: str) -> Any:
    raise ValueError(word)
