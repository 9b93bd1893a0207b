"""A file to read in place: FlatGeobuf, typed columns and a packed spatial index, written by GDAL.

GDAL takes whole columns, so that this format alone holds its result in memory: texts that repeat are held
once, and large results take turns (`spool`). Dates become moments, for the format knows no
days. Features come in the order of the spatial index; it has no room for a feature that is nowhere, so
that a result with one goes without index.
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
        return spooled("features.fgb", partial(_make, page), rows=page.number_returned)


_MOST_SAME = 20_000  # different texts of a column; beyond them remembering costs more than it saves
# What an array holds, and what stands in it where there is no value.
_ARRAYS: dict[Kind, tuple[str, Any]] = {
    Kind.INTEGER: ("int64", 0),
    Kind.NUMBER: ("float64", np.nan),
    Kind.BOOLEAN: ("bool", False),
    Kind.DATE: ("datetime64[ms]", None),
    Kind.DATETIME: ("datetime64[ms]", None),
}


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
    columns = columns_of(page, "fid", "geom", "geometry")
    cells = [_Cells(column.kind) for column in columns]
    geometries = _gathered(page, cells)
    finished = [one.finished() for one in cells]
    family = page.collection.geometry.family
    pyogrio.raw.write(
        path,
        geometry=geometries,
        field_data=[values for values, _ in finished],
        field_mask=[empty for _, empty in finished],
        fields=[column.name for column in columns],
        layer=page.collection.id,
        driver="FlatGeobuf",
        geometry_type=TYPE_OF_FAMILY[family],
        promote_to_multi=family is not Family.ANY,
        crs=crs.definition(page.crs),
        gdal_tz_offsets={
            column.name: np.full(len(geometries), _UTC) for column in columns if column.kind is Kind.DATETIME
        },
        layer_options=_options(page, path, is_indexed=all(one is not None for one in geometries)),
    )


def _gathered(page: FeaturePage, cells: list[_Cells]) -> NDArray[Any]:
    """The geometries; all else goes to its column."""
    geometries: list[bytes | None] = []
    for batch in batches(page.rows):
        geometries += shapes_of([row[1] for row in batch], page.collection.geometry.family).wkb
        for row in batch:
            for column, value in zip(cells, cells_of(row), strict=True):
                column.add(value)
    return np.array(geometries, dtype=object)


def _options(page: FeaturePage, path: Path, *, is_indexed: bool) -> dict[str, str]:
    title, description = about(page)
    return {
        "SPATIAL_INDEX": "YES" if is_indexed else "NO",
        "TITLE": title,
        "DESCRIPTION": description,
        "TEMPORARY_DIR": str(path.parent),
    }
