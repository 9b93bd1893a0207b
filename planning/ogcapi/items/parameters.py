"""The parameters of items: read here, and described from the same declarations.

Every queryable of a collection is a parameter of its own, read as what its values are.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from planning import crs
from planning.errors import BadParameter, Reason
from planning.ogcapi import parameters
from planning.ogcapi.collections import Collection, Kind, Property
from planning.ogcapi.items import places
from planning.ogcapi.items.boxes import read_numbers
from planning.ogcapi.items.temporal import read_days
from planning.ogcapi.parameters import Parameter, Reader
from planning.ogcapi.schemas import TYPES

DEFAULT_LIMIT = 100
LARGEST_LIMIT = 10_000
LARGEST_OFFSET = 100_000
FILTER_LANGUAGES = ("cql2-text", "cql2-json")
# Beyond this JSON numbers are no longer exact everywhere.
_LARGEST_INTEGER = 2**53
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
_LONGEST_TEXT = 1_000
_LONGEST_FILTER = 100_000  # its own limits are stricter and say more


def read_offset(name: str, text: str) -> int:
    """From 0 up to a bound: a far offset costs as much as all rows before it."""
    found = _integer(name, text)
    if found < 0:
        raise BadParameter(name, text, Reason.OUT_OF_RANGE, low=0, high=LARGEST_OFFSET)
    if found > LARGEST_OFFSET:
        raise BadParameter(name, text, Reason.FOLLOW_NEXT, limit=LARGEST_OFFSET)
    return found


LIMIT = Parameter(
    name="limit",
    read=parameters.limit(LARGEST_LIMIT),
    description=_("How many features at most. Files without it hold all, up to 100 000."),
    examples=("10",),
    schema={"type": "integer", "minimum": 1, "maximum": LARGEST_LIMIT, "default": DEFAULT_LIMIT},
)
OFFSET = Parameter(
    name="offset",
    read=read_offset,
    description=_("How many features to skip. To read everything follow the link “next” instead."),
    examples=("20",),
    schema={"type": "integer", "minimum": 0, "maximum": LARGEST_OFFSET, "default": 0},
    default=0,
)
NEXT = Parameter(
    name="next",
    read=places.read,
    description=_("Where the next page begins; taken from the link “next” as it is."),
    examples=(),
)
BBOX = Parameter(
    name="bbox",
    read=read_numbers,
    description=_(
        "Only features that meet this box: west,south,east,north in the order of the axes of “bbox-crs”; "
        "with heights six numbers. West greater than east crosses 180 degrees. Features without geometry "
        "match."
    ),
    examples=("105.8,21.0,105.9,21.1",),
    schema={"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}},
)
DATETIME = Parameter(
    name="datetime",
    read=read_days,
    description=_(
        "Only features that are law at some time of this instant or interval; a date is the whole day in "
        "local time. Features without dates match."
    ),
    examples=("2026-01-01", "2026-01-01/..", "2026-01-01T00:00:00Z/2026-06-30T00:00:00Z", "2026-01-01/P30D"),
)
FILTER = Parameter(
    name="filter",
    read=parameters.text(_LONGEST_FILTER),
    description=_("A condition in CQL2 about the queryables."),
    examples=(),
)
FILTER_LANG = Parameter(
    name="filter-lang",
    read=parameters.choice(*FILTER_LANGUAGES),
    description=_("How the filter is written."),
    examples=FILTER_LANGUAGES,
    schema={"type": "string", "enum": list(FILTER_LANGUAGES), "default": "cql2-text"},
    default="cql2-text",
)


@lru_cache(maxsize=64)
def parameters_of(collection: Collection) -> tuple[Parameter, ...]:
    """All parameters of the items of a collection, format and language aside."""
    own = (
        LIMIT,
        OFFSET,
        NEXT,
        BBOX,
        system_parameter(collection, "bbox-crs", _("Coordinate reference system of “bbox”.")),
        crs_parameter(collection),
        DATETIME,
        FILTER,
        FILTER_LANG,
        system_parameter(
            collection, "filter-crs", _("Coordinate reference system of the filter's geometries.")
        ),
    )
    taken = {*(one.name for one in own), "f", "lang"}
    return (*own, *(_of_property(one) for one in collection.queryables if one.name not in taken))


def crs_parameter(collection: Collection) -> Parameter:
    """In which system geometries are given out."""
    return system_parameter(collection, "crs", _("Coordinate reference system of the answer."))


def system_parameter(collection: Collection, name: str, description: Any) -> Parameter:
    """One of the systems of the collection, by its address or any common name."""
    return Parameter(
        name=name,
        read=_offered_by(collection),
        description=description,
        examples=(crs.CRS84.uri,),
        schema={"type": "string", "format": "uri", "default": crs.CRS84.uri},
        default=crs.CRS84,
    )


def _offered_by(collection: Collection) -> Reader:
    def reader(name: str, text: str) -> crs.CRS:
        found = parameters.system(name, text)
        offered = collection.crs_list
        if found not in offered:
            raise BadParameter(
                name, text, Reason.NOT_OFFERED_CRS, choices=tuple(system.uri for system in offered)
            )
        return found

    return reader


# --- Queryables ---


def schema_of(queryable: Property) -> dict[str, Any]:
    """The JSON Schema of one value."""
    schema = dict(TYPES[queryable.kind])
    if queryable.choices:
        schema["enum"] = list(queryable.choices)
    return schema


def _of_property(queryable: Property) -> Parameter:
    read = parameters.choice(*queryable.choices) if queryable.choices else _READERS[queryable.kind]
    return Parameter(
        name=queryable.name,
        read=read,
        description=queryable.description or queryable.title,
        examples=queryable.choices[:1],
        schema=schema_of(queryable),
    )


def _integer(name: str, text: str) -> int:
    if len(text) > 40 or not _INTEGER.fullmatch(text):
        raise BadParameter(name, text, Reason.NOT_AN_INTEGER)
    found = int(text)
    if abs(found) > _LARGEST_INTEGER:
        raise BadParameter(name, text, Reason.OUT_OF_RANGE, low=-_LARGEST_INTEGER, high=_LARGEST_INTEGER)
    return found


_READERS: dict[Kind, Callable[[str, str], Any]] = {
    Kind.TEXT: parameters.text(_LONGEST_TEXT),
    Kind.INTEGER: _integer,
    Kind.NUMBER: parameters.number(-1e300, 1e300),
    Kind.BOOLEAN: parameters.flag,
    Kind.DATE: parameters.day,
    Kind.DATETIME: parameters.moment,
}
