"""Whatever shapes a layer holds: the counts add up, and what would be staged is valid and barely moved."""

from typing import Any

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from planning.imports.areas import HANDY, pieces, stored
from planning.imports.findings import SHOWN, Finding, capped, counted
from planning.imports.layers import Frame, Order, check_layer, geometries
from planning.imports.planfile import LayerSection, Target
from planning.imports.reading import RawLayer
from planning.models import Level
from tests import town

with np.errstate(invalid="ignore"):
    NO_NUMBER = shapely.Polygon([(0, 0), (np.nan, 1), (5, 5)])
corner = st.tuples(st.integers(0, 6), st.integers(0, 6)).map(lambda pair: (pair[0] * 10.0, pair[1] * 10.0))
ring = st.lists(corner, min_size=3, max_size=8).map(shapely.Polygon)
shape = st.one_of(
    st.none(),
    ring,
    st.lists(ring, min_size=1, max_size=3).map(shapely.MultiPolygon),
    st.lists(corner, min_size=2, max_size=3).map(shapely.LineString),
    st.just(shapely.Polygon()),
    st.just(NO_NUMBER),
    ring.map(lambda one: shapely.GeometryCollection([one, shapely.Point(0, 0)])),
)


def layer(shapes: list[BaseGeometry | None], **changes: Any) -> RawLayer:
    moved = [one and shapely.transform(one, lambda pairs: pairs + town.ORIGIN) for one in shapes]
    cells = np.empty(len(moved), dtype=object)
    cells[:] = moved
    facts = {
        "name": "zones",
        "driver": "GPKG",
        "crs": town.METRIC.code,
        "encoding": "UTF-8",
        "encoding_is_guessed": False,
        "is_table": False,
        "rows": len(moved),
        "columns": {},
        "kinds": {},
        "geometry": cells,
        "wkb": [one and one.wkb for one in moved],
        "unparsed": frozenset(),
        "missing": (),
    }
    return RawLayer(**(facts | changes))


def checked(shapes: list[BaseGeometry | None], *, repair: bool, leave_out: bool = True):
    order = Order(repair=repair, leave_out_refused=leave_out)
    section = LayerSection(match="*", target=Target.BOUNDARY)
    return check_layer(layer(shapes), section, Frame(metric=town.METRIC), order)


@settings(max_examples=80, deadline=None)
@given(st.lists(shape, min_size=1, max_size=6), st.booleans())
def test_every_row_is_counted_once(shapes: list[BaseGeometry | None], repair: bool) -> None:
    report = checked(shapes, repair=repair).report

    assert report.clean + report.repaired + report.refused == report.rows == len(shapes)
    assert repair or report.repaired == 0


@settings(max_examples=80, deadline=None)
@given(st.lists(shape, min_size=1, max_size=6))
def test_what_is_kept_is_valid_and_barely_moved(shapes: list[BaseGeometry | None]) -> None:
    result = checked(shapes, repair=True)

    kept = result.checked
    assert kept is not None
    assert shapely.is_valid(geometries(kept)).all()
    assert (shapely.get_dimensions(geometries(kept)) == 2).all()
    for one in kept.mended.values():
        assert shapely.is_valid(one.degrees)
        assert abs(one.after - one.before) <= max(1.0, 0.001 * one.before)
    for row in set(kept.kept) - set(kept.mended):
        assert abs(kept.placed.metres[row].area - shapes[row].area) < 1e-6


@settings(max_examples=80, deadline=None)
@given(st.lists(shape, min_size=1, max_size=6))
def test_no_error_is_left_once_all_are_repaired_or_left_out(shapes: list[BaseGeometry | None]) -> None:
    levels = {finding.level for finding in checked(shapes, repair=True).findings}

    assert Level.ERROR not in levels


def test_a_cap_shows_fewer_rows_and_the_full_count() -> None:
    many = [Finding(code="C01", level=Level.WARNING, row=row) for row in range(1, 1_001)]

    shown = capped(many)

    assert len(shown) == SHOWN[Level.WARNING] + 1
    assert shown[-1].facts == {"rest": 900, "count": 1_000}
    assert counted(many) == counted(shown) == {"IMP-C01": 1_000}


def test_an_unwieldy_area_is_cut_into_pieces_that_make_it_up() -> None:
    area = shapely.Point(500_000, 2_000_000).buffer(10_000, quad_segs=2_000)

    parts = list(pieces(area))

    assert len(parts) > 4
    assert all(shapely.get_num_coordinates(part) <= HANDY for part in parts)
    assert abs(sum(part.area for part in parts) - area.area) < 0.01
    assert shapely.symmetric_difference(shapely.union_all(parts), area).area < 0.01


def test_stored_shapes_are_multi_and_turn_the_same_way() -> None:
    clockwise = shapely.Polygon([(0, 0), (0, 1), (1, 1), (1, 0)])
    line = shapely.LineString([(0, 0), (1, 1)])

    area, path, point = stored(np.array([clockwise, line, shapely.Point(0, 0)], dtype=object))

    assert (area.geom_type, path.geom_type, point.geom_type) == ("MultiPolygon", "MultiLineString", "Point")
    assert area.geoms[0].exterior.is_ccw
