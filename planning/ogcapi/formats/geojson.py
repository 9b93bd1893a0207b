"""GeoJSON: a page of features, and a single one.

The database writes the geometries; they are put into the document as they come. All that is said of the
page stands before its features, so that a reader of a stream knows it first.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

import orjson

from planning.ogcapi.collections import Json, Property
from planning.ogcapi.items.page import Encoding, FeaturePage, Row
from planning.ogcapi.representations import GEOJSON, Representation

_AT_ONCE = 500


def feature(row: Row, names: Sequence[str]) -> Json:
    """One feature; every property is there, NULL too."""
    geometry = row[1]
    return {
        "type": "Feature",
        "id": row[0],
        "geometry": None if geometry is None else orjson.Fragment(geometry),
        "properties": dict(zip(names, row[2:], strict=False)),
    }


def names_of(properties: Sequence[Property]) -> tuple[str, ...]:
    """What the properties are called, in the order of a row."""
    return tuple(one.name for one in properties)


def dumped(value: Any) -> bytes:
    """JSON of our own values: decimals as numbers, texts in the reader's language."""
    return orjson.dumps(value, default=_plain)


def time_stamp() -> str:
    """Now, as `timeStamp` has it."""
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _plain(value: object) -> Any:
    return float(value) if isinstance(value, Decimal) else str(value)


class GeoJson:
    """A feature collection (RFC 7946) with the members of OGC API Features."""

    representation: Representation = GEOJSON
    encoding = Encoding.GEOJSON

    def write(self, page: FeaturePage) -> Iterator[bytes]:
        """The collection, some hundred features at a time."""
        written = dumped(_head(page))[:-1] + b',"features":['
        if page.written is not None:
            yield b"".join((written, b",".join(page.written), b"]}"))
            return
        names = names_of(page.properties)
        rows = iter(page.rows)
        while features := [feature(row, names) for row in islice(rows, _AT_ONCE)]:
            yield written + dumped(features)[1:-1]
            written = b","
        yield (written if page.number_returned == 0 else b"") + b"]}"


def _head(page: FeaturePage) -> Json:
    head: Json = {"type": "FeatureCollection"}
    if page.number_matched is not None:
        head["numberMatched"] = page.number_matched
    head |= {"numberReturned": page.number_returned, "timeStamp": time_stamp(), "links": page.links}
    return head | ({"notices": page.notices} if page.notices else {})
