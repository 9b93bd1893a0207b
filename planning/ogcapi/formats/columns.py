"""A page of features as a table: which columns there are, and which plain value stands in a cell.

Between `items.page` and the formats that are tables inside. Their names are compared as SQLite and the
readers of files do, without regard to case.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import islice
from typing import Any

import orjson
from django.utils.translation import get_language

from planning.ogcapi.collections import Kind
from planning.ogcapi.items.page import FeaturePage, Row

BATCH = 1_000

# No control characters but tab and line ends, no halves of a character: XML, SQLite's shell, GDAL and
# spreadsheets each choke on others of them.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    name: str
    kind: Kind


def columns_of(page: FeaturePage, *reserved: str) -> tuple[Column, ...]:
    """The id and the properties, in the order of the rows; a name that is taken gets an underline."""
    taken = {name.lower() for name in reserved}
    columns = []
    for name, kind in (("id", Kind.TEXT), *((one.name, one.kind) for one in page.properties)):
        while name.lower() in taken:
            name += "_"
        taken.add(name.lower())
        columns.append(Column(name, kind))
    return tuple(columns)


def batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """The rows in lists that fit the memory and are long enough to be worked on as arrays."""
    iterator = iter(rows)
    while batch := list(islice(iterator, BATCH)):
        yield batch


def cells_of(row: Row) -> tuple[Any, ...]:
    """The values of a row in the order of its columns: the geometry is none of them."""
    return (row[0], *row[2:])


def text_of(value: Any) -> str:
    """Any value as people read it; structures as JSON."""
    if isinstance(value, str):
        return value if value.isprintable() else _UNPRINTABLE.sub("\ufffd", value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    if isinstance(value, dict | list | tuple):
        return text_of(orjson.dumps(value, default=plain).decode())
    return str(value)


def plain(value: Any) -> Any:
    """What JSON has no word for."""
    return float(value) if isinstance(value, Decimal) else str(value)


def moment_of(value: date) -> datetime:
    """A day as its first moment, and every moment in universal time."""
    if not isinstance(value, datetime):
        return datetime.combine(value, time(), UTC)
    return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def about(page: FeaturePage) -> tuple[str, str]:
    """Title and description of the layer in the reader's language, with what must be said of the data."""
    language = get_language() or ""
    said = (one.get(language) or next(iter(one.values()), "") for one in page.notices)
    collection = page.collection
    parts = (collection.description, *said, collection.attribution, collection.licence)
    return str(collection.title), "\n".join(text for part in parts if (text := str(part)))
