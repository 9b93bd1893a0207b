"""A file to work with offline: GeoPackage, one layer named after its collection, with a spatial index.

Written by SQLite itself, row after row, so that memory does not grow with the result. Coordinates stand
east or longitude first whatever the system says of its axes: the standard wants it so. The bytes depend on
the page alone: the time of change is the day whose law the file shows.
"""

import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from string import Template
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planning import crs
from planning.ogcapi.collections import Kind
from planning.ogcapi.formats.columns import (
    Column,
    about,
    batches,
    cells_of,
    columns_of,
    moment_of,
    text_of,
)
from planning.ogcapi.formats.shapes import TYPE_OF_FAMILY, shapes_of
from planning.ogcapi.formats.spool import spooled
from planning.ogcapi.items.page import Encoding, FeaturePage, Row
from planning.ogcapi.representations import GEOPACKAGE

_SCHEMA = Template(Path(__file__).with_name("geopackage.sql").read_text(encoding="utf-8"))
_INDEX = Template(Path(__file__).with_name("geopackage_index.sql").read_text(encoding="utf-8"))
_RTREE_EXTENSION = ("gpkg_rtree_index", "http://www.geopackage.org/spec120/#extension_rtree", "write-only")
_TYPE_OF_KIND = {
    Kind.TEXT: "TEXT",
    Kind.INTEGER: "INTEGER",
    Kind.NUMBER: "DOUBLE",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.DATE: "DATE",
    Kind.DATETIME: "DATETIME",
    Kind.LIST: "TEXT",
    Kind.JSON: "TEXT",
}
# The three systems that every file must describe: two for what has none, and WGS 84.
_UNDEFINED = (
    ("Undefined cartesian SRS", -1, "NONE", -1, "undefined", None),
    ("Undefined geographic SRS", 0, "NONE", 0, "undefined", None),
)
_FLAGS = 0b11  # of a geometry: little-endian, with an envelope of two dimensions
# Nobody reads the file before it is whole, so that nothing needs to be undone.
_FAST = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;"


class GeoPackage:
    """Writes a file of one layer."""

    representation = GEOPACKAGE
    encoding = Encoding.WKB

    def write(self, page: FeaturePage) -> Iterator[bytes]:
        """The whole file is made before its first piece is given."""
        return spooled("features.gpkg", partial(_make, page), rows=page.number_returned)


def _make(page: FeaturePage, path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        columns = columns_of(page, "fid", "geom")
        table = page.collection.id.replace('"', '""')
        file.executescript(_FAST)
        file.executescript(
            _SCHEMA.substitute(table=table, type=_geometry_type(page), columns=_definitions(columns))
        )
        file.execute("BEGIN")
        _describe(file, page, _fill(file, page, table, columns))
        file.execute("COMMIT")
        file.executescript(_INDEX.substitute(table=table))


def _geometry_type(page: FeaturePage) -> str:
    name = TYPE_OF_FAMILY[page.collection.geometry.family]
    return "GEOMETRY" if name == "Unknown" else name.upper()


def _definitions(columns: tuple[Column, ...]) -> str:
    quoted = ((column.name.replace('"', '""'), _TYPE_OF_KIND[column.kind]) for column in columns)
    return ", ".join(f'"{name}" {kind}' for name, kind in quoted)


def _fill(
    file: sqlite3.Connection, page: FeaturePage, table: str, columns: tuple[Column, ...]
) -> NDArray[np.float64]:
    """Write the rows and their index; the bounds of all is what it gives back."""
    row = Template('INSERT INTO "$table" VALUES ($marks)').substitute(
        table=table, marks=",".join("?" * (len(columns) + 2))
    )
    entry = Template('INSERT INTO "rtree_${table}_geom" VALUES (?, ?, ?, ?, ?)').substitute(table=table)
    extent = np.array([np.nan] * 4)
    number = 0
    for batch in batches(page.rows):
        shapes = shapes_of([row[1] for row in batch], page.collection.geometry.family)
        numbers = range(number + 1, number + 1 + len(batch))
        blobs = (
            _blob(wkb, bounds, page.crs.epsg)
            for wkb, bounds in zip(shapes.wkb, shapes.bounds.tolist(), strict=True)
        )
        file.executemany(row, map(_record, numbers, blobs, batch, [columns] * len(batch)))
        file.executemany(entry, _entries(numbers, shapes.bounds))
        extent = _joined(extent, shapes.bounds)
        number += len(batch)
    return extent


def _record(number: int, blob: bytes | None, row: Row, columns: tuple[Column, ...]) -> tuple[Any, ...]:
    cells = zip(cells_of(row), columns, strict=True)
    return (number, blob, *(_stored(value, column.kind) for value, column in cells))


def _stored(value: Any, kind: Kind) -> Any:
    if value is None:
        return None
    match kind:
        case Kind.INTEGER | Kind.BOOLEAN:
            return int(value)
        case Kind.NUMBER:
            return float(value)
        case Kind.DATETIME:
            return f"{moment_of(value):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"
        case _:
            return text_of(value)


def _blob(wkb: bytes | None, bounds: list[float], srs_id: int) -> bytes | None:
    """A geometry as the standard wraps it: who it is, where it is, and then well-known binary."""
    if wkb is None:
        return None
    west, south, east, north = bounds
    return struct.pack("<2sBBi4d", b"GP", 0, _FLAGS, srs_id, west, east, south, north) + wkb


def _entries(numbers: range, bounds: NDArray[np.float64]) -> Iterator[tuple[float, ...]]:
    for number, (west, south, east, north) in zip(numbers, bounds.tolist(), strict=True):
        if west == west:  # not a number is not equal to itself
            yield number, west, east, south, north


def _joined(extent: NDArray[np.float64], bounds: NDArray[np.float64]) -> NDArray[np.float64]:
    """The extent widened by bounds; what is no number widens nothing."""
    both = np.vstack([extent, bounds])
    return np.concatenate([np.fmin.reduce(both[:, :2]), np.fmax.reduce(both[:, 2:])])


def _describe(file: sqlite3.Connection, page: FeaturePage, extent: NDArray[np.float64]) -> None:
    """The tables that say what the layer is; a layer that is nowhere has no extent."""
    collection, number = page.collection, page.crs.epsg
    title, description = about(page)
    day = f"{page.snapshot.on:%Y-%m-%d}T00:00:00.000Z"
    bounds = [None if side != side else side for side in extent.tolist()]
    systems = {one.epsg: _reference(one) for one in (crs.WGS84, page.crs)}
    file.executemany(
        "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)", [*_UNDEFINED, *systems.values()]
    )
    file.execute(
        "INSERT INTO gpkg_contents VALUES (?, 'features', ?, ?, ?, ?, ?, ?, ?, ?)",
        (collection.id, title, description, day, *bounds, number),
    )
    file.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, 0, 0)",
        (collection.id, _geometry_type(page), number),
    )
    file.execute(
        "INSERT INTO gpkg_extensions VALUES (?, 'geom', ?, ?, ?)", (collection.id, *_RTREE_EXTENSION)
    )


def _reference(system: crs.CRS) -> tuple[Any, ...]:
    name = crs.WGS84.name if system.epsg == crs.WGS84.epsg else system.name
    return (name, system.epsg, "EPSG", system.epsg, crs.definition(system), None)
