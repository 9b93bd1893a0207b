"""A table for people with a spreadsheet: CSV (RFC 4180) in UTF-8.

It begins with a byte order mark, without which Excel takes Vietnamese letters for others. A text that a
spreadsheet would run as a formula gets an apostrophe in front; numbers stay numbers. A point inside each
feature stands in two columns of its own, for nobody sorts or plots by WKT; the geometry comes last, and
in a cell of Excel (32 767 characters) a very long one is cut.
"""

import csv
import io
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely

from planning import crs
from planning.ogcapi.formats.columns import batches, cells_of, columns_of, text_of
from planning.ogcapi.items.page import Encoding, FeaturePage, Row
from planning.ogcapi.representations import CSV

BYTE_ORDER_MARK = "\ufeff"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # a wide keyboard's, too
GEOMETRY = "geometry"


class Table:
    """Streams a line per feature."""

    representation = CSV
    encoding = Encoding.WKT

    def write(self, page: FeaturePage) -> Iterator[bytes]:
        """The header, then the features in pieces."""
        point = _names_of_point(page.crs)
        header = [column.name for column in columns_of(page, *point, GEOMETRY)]
        yield _lines([[*header, *point, GEOMETRY]], mark=BYTE_ORDER_MARK)
        for batch in batches(page.rows):
            points = _points(batch, page.crs)
            yield _lines(
                [*map(cell, cells_of(row)), *place, row[1] or ""]
                for row, place in zip(batch, points, strict=True)
            )


def cell(value: Any) -> Any:
    """A value as the csv module takes it."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    text = text_of(value).replace("\r\n", "\n").replace("\r", "\n")
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA) else text


def _lines(rows: Any, mark: str = "") -> bytes:
    lines = io.StringIO(newline="")
    lines.write(mark)
    csv.writer(lines, lineterminator="\r\n").writerows(rows)
    return lines.getvalue().encode()


def _names_of_point(system: crs.CRS) -> tuple[str, str]:
    """Not x and y: surveyors' x points north."""
    return ("easting", "northing") if system.is_projected else ("lon", "lat")


def _points(batch: list[Row], system: crs.CRS) -> Iterator[tuple[Any, Any]]:
    """East or longitude, then north or latitude, of a point on each feature; empty where there is none."""
    shapes = shapely.from_wkt(np.array([row[1] for row in batch], dtype=object))
    inside = shapely.bounds(shapely.point_on_surface(shapes))  # of nothing: not a number
    places = np.round(inside[:, :2], 3 if system.is_projected else 7)
    east, north = (places[:, ::-1] if system.axes == "NE" else places).T.tolist()
    return zip(map(cell, east), map(cell, north), strict=True)
