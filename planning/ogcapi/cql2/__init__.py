"""CQL2 -> a condition on rows: text or JSON in, a Django expression out, or one clear refusal.

`text` and `encoded` read the two encodings into one tree, the one of CQL2-JSON; `reading` gives every
part of it a type and an expression, by the properties that the collection declares and by nothing else.
Values are always bound parameters. Three values of logic hold: what is NULL is unknown, and NOT of the
unknown is unknown. It knows no model.
"""

from django.db.models.expressions import Combinable

from planning import crs
from planning.ogcapi.collections import Collection
from planning.ogcapi.cql2 import encoded, text
from planning.ogcapi.cql2.functions import FUNCTIONS, Argument, Function
from planning.ogcapi.cql2.limits import MAX_DEPTH, MAX_LENGTH, MAX_LIST, MAX_NODES, MAX_VERTICES
from planning.ogcapi.cql2.reading import Reader

LANGUAGES = ("cql2-text", "cql2-json")

__all__ = [
    "FUNCTIONS",
    "LANGUAGES",
    "MAX_DEPTH",
    "MAX_LENGTH",
    "MAX_LIST",
    "MAX_NODES",
    "MAX_VERTICES",
    "Argument",
    "Function",
    "condition",
]


def condition(
    source: str, *, language: str, collection: Collection, geometry_crs: crs.CRS = crs.CRS84
) -> Combinable:
    """What a filter asks of the rows of a collection, for `.filter()`.

    Geometries of the filter are in `geometry_crs`, in its order of axes. Raises BadParameter("filter")
    with a reason of its own for everything that cannot be asked.
    """
    parse = encoded.parse if language == "cql2-json" else text.parse
    return Reader(collection, geometry_crs).condition(parse(source))
