"""One page of features on its way from the database to a writer: plain tuples, in the order of the page.

What a page is made of is known before its first row is read; the rows come one after the other, so that a
writer can send what it has.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from planning import crs
from planning.ogcapi.collections import Collection, Json, Property, Snapshot
from planning.ogcapi.representations import Representation


class Encoding(StrEnum):
    """How the database hands out a geometry."""

    GEOJSON = "geojson"  # text of a GeoJSON geometry, axes as on the wire, decimals cut
    WKT = "wkt"  # text, axes as on the wire, decimals cut
    WKB = "wkb"  # bytes, always east or longitude first, full precision


# (id, geometry, then the values of `FeaturePage.properties` in their order); geometry may be None
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeaturePage:
    """What a writer writes. `number_matched` is None where counting would cost too much.

    `links` are those of the page, `next` among them where there is one. `rows` can be read once. `written`
    are the features as GeoJSON where they are at hand; there are no rows then.
    """

    collection: Collection
    snapshot: Snapshot
    crs: crs.CRS
    properties: tuple[Property, ...]
    rows: Iterator[Row]
    number_returned: int
    number_matched: int | None
    links: tuple[Json, ...]
    notices: tuple[Json, ...]
    written: tuple[bytes, ...] | None = None


class Writer(Protocol):
    """One format of pages."""

    representation: Representation
    encoding: Encoding

    def write(self, page: FeaturePage) -> Iterator[bytes]:
        """The bytes of the answer, in pieces."""
