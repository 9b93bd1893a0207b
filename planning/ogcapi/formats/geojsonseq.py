"""Features one by one: GeoJSON text sequences (RFC 8142), for programs that read as they receive.

Each feature is one line between a record separator and a line feed; the separator is what the media
type demands, and it cannot stand inside JSON.
"""

from collections.abc import Iterator

from planning.ogcapi.formats.columns import batches
from planning.ogcapi.formats.geojson import dumped, feature, names_of
from planning.ogcapi.items.page import Encoding, FeaturePage
from planning.ogcapi.representations import GEOJSON_SEQ

RECORD_SEPARATOR = b"\x1e"


class GeoJsonSeq:
    """Streams a feature per line."""

    representation = GEOJSON_SEQ
    encoding = Encoding.GEOJSON

    def write(self, page: FeaturePage) -> Iterator[bytes]:
        """Many lines a piece: each piece costs the server a turn."""
        if page.written is not None:
            yield b"".join(RECORD_SEPARATOR + one + b"\n" for one in page.written)
            return
        names = names_of(page.properties)
        for batch in batches(page.rows):
            yield b"".join(RECORD_SEPARATOR + dumped(feature(row, names)) + b"\n" for row in batch)
