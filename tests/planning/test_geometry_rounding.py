"""Tolerances, rounding and the cleaning of what was delivered."""

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import GeometryCollection, LineString, MultiPolygon, Point, Polygon

from planning.geometry import (
    Subject,
    apportion,
    clean,
    is_trace,
    line_tolerance,
    overlay,
    pair_tolerance,
    shares_shown,
)
from tests.planning.geometry_shapes import PARCEL, measured, square


@pytest.mark.parametrize(("scale", "metres"), [(500, 0.1), (2000, 0.4), (5000, 1.0), (10_000, 2.0)])
def test_a_line_is_as_exact_as_the_pen_was_thin(scale, metres):
    assert line_tolerance(scale, None) == pytest.approx(metres)


def test_what_the_authority_states_wins_over_the_scale():
    assert line_tolerance(10_000, 0.05) == 0.05
    assert line_tolerance(10_000, 0.0) == 0.0


def test_without_scale_and_accuracy_the_coarse_case_is_assumed():
    assert line_tolerance(None, None) == 1.0


def test_an_unknown_datum_adds_a_metre():
    assert line_tolerance(2000, None, unknown_datum=True) == pytest.approx(1.4)


def test_the_errors_of_plan_and_parcel_are_independent():
    assert pair_tolerance(0.4, 0.3) == pytest.approx(0.5)


def test_three_thirds_add_up_to_the_whole():
    thirds = [("C", 33.333333), ("A", 33.333333), ("B", 33.333334)]

    assert shares_shown(thirds, area=100, overlap=0) == [333, 333, 334]
    assert apportion([("C", 1.0), ("A", 1.0), ("B", 1.0)], 1000) == [333, 334, 333]


def test_ties_are_broken_by_code_whatever_the_order_of_input():
    parts = [("C", 1.0), ("A", 1.0), ("B", 1.0), ("D", 4.0)]

    forward = dict(zip("CABD", apportion(parts, 1000), strict=True))
    backward = dict(zip("DBAC", apportion(parts[::-1], 1000), strict=True))

    assert forward == backward == {"A": 143, "B": 143, "C": 143, "D": 571}


def test_overlap_is_shared_out_too():
    shown = shares_shown([("A", 50.0), ("B", 55.0), ("", 5.0)], area=100, overlap=10)

    assert shown == [500, 550, 50]


def test_a_part_that_exists_is_never_printed_as_nothing():
    tenths = shares_shown([("A", 99.96), ("B", 0.04)], area=100, overlap=0)

    assert tenths == [1000, 0]
    assert is_trace(tenths[1], 0.04)
    assert not is_trace(0, 0.0)


def test_nothing_is_shared_out_among_nothing():
    assert apportion([], 1000) == []
    assert apportion([("A", 0.0)], 1000) == [0]
    assert shares_shown([("A", 0.0)], area=0, overlap=0) == [0]


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=40).filter(lambda amounts: sum(amounts) > 1e-3))
def test_rows_always_add_up_and_none_is_off_by_a_whole_unit(amounts):
    """T2, the printed figures."""
    parts = [(f"{i:02}", amount) for i, amount in enumerate(amounts)]

    units = apportion(parts, 1000)

    assert sum(units) == 1000
    assert all(abs(unit - 1000 * amount / sum(amounts)) < 1.0001 for unit, amount in zip(units, amounts))  # noqa: B905


@pytest.mark.parametrize("registered", [0, None, 0.4])
def test_a_subject_is_measured_whatever_the_register_says(registered):
    """T4: the register's area is no input of measuring; the tiniest parcel is measured."""
    side = (registered or 100) ** 0.5

    answer = overlay(Subject.of(square(0, 0, side)), [], tolerance=0.1)

    assert answer.area == pytest.approx(registered or 100, rel=0.01)


def test_registered_and_drawn_area_are_never_scaled_to_one_another():
    assert measured(PARCEL, {"A": square(-5, -5, 20)}).area == 100


def test_a_clean_polygon_is_left_alone():
    cleaned = clean(shapely.orient_polygons(PARCEL))

    assert cleaned.steps == ()
    assert cleaned.acceptable
    assert cleaned.geometry.equals(PARCEL)


def test_a_bow_tie_is_mended_but_not_accepted():
    cleaned = clean(Polygon([(0, 0), (10, 10), (10, 0), (0, 10)]))

    assert cleaned.area_before == 0
    assert cleaned.area_after == pytest.approx(50)
    assert "made_valid" in cleaned.steps
    assert not cleaned.acceptable


def test_a_small_loop_is_mended_and_accepted():
    cleaned = clean(
        Polygon([(0, 0), (10, 0), (10, 10), (5, 10), (4.9, 10.1), (5.1, 10.1), (4.9, 10), (0, 10)])
    )

    assert cleaned.geometry.is_valid
    assert cleaned.acceptable
    assert "made_valid" in cleaned.steps


def test_heights_are_dropped_and_said_so():
    cleaned = clean(shapely.force_3d(PARCEL, 7))

    assert cleaned.steps[0] == "z_dropped"
    assert not cleaned.geometry.has_z


def test_coordinates_come_to_lie_on_the_grid_without_dragging_later_work_onto_it():
    cleaned = clean(shapely.transform(PARCEL, lambda c: c + 0.00049))

    assert cleaned.steps == ("snapped",) or cleaned.steps == ("snapped", "oriented")
    assert cleaned.geometry.equals(PARCEL)
    assert shapely.get_precision(cleaned.geometry) == 0


def test_what_collapses_on_the_grid_is_not_accepted():
    cleaned = clean(shapely.box(0, 0, 0.0002, 5))

    assert cleaned.geometry.is_empty
    assert "collapsed" in cleaned.steps
    assert not cleaned.acceptable


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_coordinates_that_are_no_numbers_are_not_accepted(bad):
    cleaned = clean(Point(bad, 1))

    assert cleaned.steps == ("not_finite",)
    assert not cleaned.acceptable


def test_an_empty_geometry_is_not_accepted():
    assert not clean(Polygon()).acceptable
    assert not clean(GeometryCollection()).acceptable


def test_parts_that_lie_on_one_another_are_not_accepted_as_one():
    twice = MultiPolygon([PARCEL, PARCEL])

    assert not clean(twice).acceptable


def test_a_large_zone_may_lose_a_thousandth_of_its_area():
    zone = Polygon([(0, 0), (100, 0), (100, 100), (50, 100), (51, 105), (49, 105), (50, 100), (0, 100)])

    assert clean(zone).acceptable


def test_lines_and_points_are_snapped():
    assert clean(LineString([(0, 0), (1.00049, 0)])).geometry.equals(LineString([(0, 0), (1, 0)]))
    assert clean(Point(1.00049, 0)).geometry.equals(Point(1, 0))
