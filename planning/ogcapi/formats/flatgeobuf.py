"""A file to read in place: FlatGeobuf, typed columns and a packed spatial index, written by GDAL.

GDAL takes whole columns, so that this format alone holds its result in memory; texts that repeat are held
once. Dates become moments, for the format knows no days. Features come in the order of the spatial index;
it has no room for a feature that is nowhere, so that a result with one goes without index.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
from numpy.typing import NDArray

from planning import crs
from planning.ogcapi.collections import Family, Kind
from planning.ogcapi.formats.columns import about, batches, cells_of, columns_of, moment_of, text_of
from planning.ogcapi.formats.shapes import TYPE_OF_FAMILY, shapes_of
from planning.ogcapi.formats.spool import spooled
from planning.ogcapi.items.page import Encoding, FeaturePage
from planning.ogcapi.representations import FLATGEOBUF

_UTC = 100  # GDAL counts quarters of an hour from here


class FlatGeobuf:
    """Writes a file of one layer."""

    representation = FLATGEOBUF
    encoding = Encoding.WKB

    def write(self, page: FeaturePage) -> Iterator[bytes]:
        """The whole file is made before its first piece is given."""
        return spooled("features.fgb", partial(_make, page))


class _Cells:
    """The values of one column as they come in, kept small."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self._values: list[Any] = []
        self._same: dict[Any, Any] = {}

    def add(self, value: Any) -> None:
        if value is not None:
            value = _stored(value, self.kind)
            value = self._same.setdefault(value, value) if len(self._same) < _MOST_SAME else value
        self._values.append(value)

    def finished(self) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
        """The column as an array, and where it is empty if the array cannot say so itself."""
        if self.kind not in _ARRAYS:
            return np.array(self._values, dtype=object), None
        dtype, nothing = _ARRAYS[self.kind]
        empty = np.array([value is None for value in self._values], dtype=bool)
        return np.array([nothing if one is None else one for one in self._values], dtype=dtype), empty


_MOST_SAME = 20_000
_ARRAYS: dict[Kind, tuple[str, Any]] = {
    Kind.INTEGER: ("int64", 0),
    Kind.NUMBER: ("float64", np.nan),
    Kind.BOOLEAN: ("bool", False),
    Kind.DATE: ("datetime64[ms]", None),
    Kind.DATETIME: ("datetime64[ms]", None),
}


def _stored(value: Any, kind: Kind) -> Any:
    match kind:
        case Kind.INTEGER:
            return int(value)
        case Kind.NUMBER:
            return float(value)
        case Kind.BOOLEAN:
            return bool(value)
        case Kind.DATE | Kind.DATETIME:
            return moment_of(value).replace(tzinfo=None)
        case _:
            return text_of(value)


def _make(page: FeaturePage, path: Path) -> None:
    family = page.collection.geometry.family
    names = columns_of(page, "fid", "geom", "geometry")
    columns = [_Cells(column.kind) for column in names]
    geometries: list[bytes | None] = []
    is_everywhere_somewhere = True
    for batch in batches(page.rows):
        shapes = shapes_of([row[1] for row in batch], family)
        geometries.extend(shapes.wkb)
        is_everywhere_somewhere &= not np.isnan(shapes.bounds).any()
        for row in batch:
            for column, value in zip(columns, cells_of(row), strict=True):
                column.add(value)
    title, description = about(page)
    finished = [column.finished() for column in columns]
    moments = [one.name for one in names if one.kind is Kind.DATETIME]
    pyogrio.raw.write(
        path,
        geometry=np.array(geometries, dtype=object),
        field_data=[values for values, _ in finished],
        field_mask=[empty for _, empty in finished],
        fields=[column.name for column in names],
        layer=page.collection.id,
        driver="FlatGeobuf",
        geometry_type=TYPE_OF_FAMILY[family],
        promote_to_multi=family is not Family.ANY,
        crs=crs.definition(page.crs),
        gdal_tz_offsets={name: np.full(len(geometries), _UTC) for name in moments},
        layer_options={
            "SPATIAL_INDEX": "YES" if is_everywhere_somewhere else "NO",
            "TITLE": title,
            "DESCRIPTION": description,
            "TEMPORARY_DIR": str(path.parent),
        },
    )
