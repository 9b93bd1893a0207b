"""Features one by one: GeoJSON text sequences (RFC 8142), for programs that read as they receive.

Each feature is one line between a record separator and a line feed; the separator is what the media
type demands, and it cannot stand inside JSON.
"""

from collections.abc import Iterator

import orjson

from planning.ogcapi.formats.columns import batches, plain, text_of
from planning.ogcapi.items.page import Encoding, FeaturePage, Row
from planning.ogcapi.representations import GEOJSON_SEQ

RECORD_SEPARATOR = b"\x1e"


class GeoJsonSeq:
    """Streams a feature per line."""

    representation = GEOJSON_SEQ
    encoding = Encoding.GEOJSON

    def write(self, page: FeaturePage) -> Iterator[bytes]:
        """Many lines a piece: each piece costs the server a turn."""
        names = tuple(one.name for one in page.properties)
        for batch in batches(page.rows):
            yield b"".join(_line(row, names) for row in batch)


def _line(row: Row, names: tuple[str, ...]) -> bytes:
    key, geometry, *values = row
    feature = {
        "type": "Feature",
        "id": key,
        "geometry": None if geometry is None else orjson.Fragment(geometry),
        "properties": dict(zip(names, map(_writable, values), strict=True)),
    }
    return RECORD_SEPARATOR + orjson.dumps(feature, default=plain, option=orjson.OPT_APPEND_NEWLINE)


def _writable(value: object) -> object:
    return text_of(value) if isinstance(value, str) else value
