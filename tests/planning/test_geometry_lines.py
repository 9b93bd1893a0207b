"""Lines and points of a plan against a parcel: lengths, what a red line cuts off, conflicts, points."""

import pytest
import shapely
from shapely import LineString, MultiPolygon, Point, Polygon, affinity

from planning.errors import CannotMeasure
from planning.geometry import (
    Class,
    Piece,
    Subject,
    beyond,
    conflicts,
    locate,
    measure_line,
    measure_point,
)
from tests.planning.geometry_shapes import PARCEL, somewhere, square

SUBJECT = Subject.of(PARCEL)


def test_a_line_on_a_shared_edge_runs_along_both_neighbours_and_inside_neither():
    """T9."""
    line = LineString([(10, -5), (10, 15)])

    here = measure_line(SUBJECT, line, tolerance=0.1)
    there = measure_line(Subject.of(square(10, 0, 10)), line, tolerance=0.1)

    assert here == there
    assert (here.kind, here.inside) == (Class.TOUCH, 0)
    assert here.along == pytest.approx(10, abs=0.001)


def test_a_parcel_of_one_part_is_measured_like_its_only_polygon():
    """Stored parcels are MultiPolygons."""
    line = LineString([(10, -5), (10, 15)])

    assert measure_line(Subject.of(MultiPolygon([PARCEL])), line, tolerance=0.1) == measure_line(
        SUBJECT, line, tolerance=0.1
    )


def test_an_oblique_line_on_an_edge_is_found():
    """T10: in plain coordinates the two do not even intersect."""
    parcel = somewhere(Polygon([(0, 0), (10, 1), (9, 11), (-1, 10)]), 0)
    edge = LineString(parcel.exterior.coords[:2])
    line = LineString([edge.interpolate(0.3, normalized=True), edge.interpolate(0.4, normalized=True)])

    found = measure_line(Subject.of(parcel), line, tolerance=0.1)

    assert found.along == pytest.approx(1.005, abs=0.001)
    assert found.inside == 0


def test_a_line_through_the_parcel_has_its_length_inside_and_runs_along_nothing():
    found = measure_line(SUBJECT, LineString([(-5, 4), (15, 4)]), tolerance=0.4)

    assert (found.kind, found.inside, found.along) == (
        Class.PART,
        pytest.approx(10),
        pytest.approx(0, abs=0.01),
    )


def test_a_line_a_little_inside_the_edge_is_borderline():
    found = measure_line(SUBJECT, LineString([(9.9, -5), (9.9, 15)]), tolerance=0.4)

    assert found.kind == Class.BORDERLINE
    assert (found.inside, found.along) == (pytest.approx(10), pytest.approx(10, abs=0.3))


def test_a_line_within_tolerance_outside_touches_and_one_beyond_says_nothing():
    assert measure_line(SUBJECT, LineString([(10.3, -5), (10.3, 15)]), tolerance=0.4).kind == Class.TOUCH
    assert measure_line(SUBJECT, LineString([(10.5, -5), (10.5, 15)]), tolerance=0.4) is None


def test_a_line_in_several_parts_is_summed():
    line = shapely.MultiLineString([[(-5, 4), (4, 4)], [(6, 4), (15, 4)]])

    assert measure_line(SUBJECT, line, tolerance=0.1).inside == pytest.approx(8)


def test_a_red_line_cuts_off_the_front_of_the_parcel():
    cut = beyond(SUBJECT, LineString([(8, -5), (8, 15)]))

    assert (cut.area, cut.remainder, cut.narrowest) == pytest.approx((20, 80, 8))
    assert not cut.side_is_stated


@pytest.mark.parametrize(("side", "area"), [("left", 80), ("right", 20)])
def test_the_side_of_the_road_is_taken_where_it_is_stated(side, area):
    assert beyond(SUBJECT, LineString([(8, -5), (8, 15)]), side=side).area == pytest.approx(area)


def test_a_bent_red_line_at_a_street_corner_cuts_off_one_corner():
    bent = LineString([(-5, 8), (8, 8), (8, -5)])

    cut = beyond(SUBJECT, bent)

    assert (cut.area, cut.remainder) == pytest.approx((36, 64))


def test_a_line_that_ends_inside_or_runs_on_the_edge_cuts_nothing_off():
    assert beyond(SUBJECT, LineString([(5, -5), (5, 5)])) is None
    assert beyond(SUBJECT, LineString([(10, -5), (10, 15)])) is None


@pytest.mark.parametrize(
    ("point", "kind"),
    [((5, 5), Class.PART), ((9.95, 5), Class.BORDERLINE), ((10.05, 5), Class.TOUCH)],
)
def test_a_protected_point_is_inside_near_or_beside(point, kind):
    assert measure_point(SUBJECT, Point(point), tolerance=0.1).kind == kind


def test_a_point_out_of_reach_says_nothing_unless_its_circle_reaches_the_parcel():
    assert measure_point(SUBJECT, Point(30, 5), tolerance=0.1) is None
    assert measure_point(SUBJECT, Point(30, 5), tolerance=0.1, radius=25).kind == Class.PART
    assert measure_point(SUBJECT, Point(30, 5), tolerance=0.1, radius=20.05).kind == Class.BORDERLINE
    assert measure_point(SUBJECT, Point(30, 5), tolerance=0.1, radius=19.95).kind == Class.TOUCH


def piece(key: str, shape, group: str | None = None) -> Piece:
    return Piece(key, group or key, shape)


def test_two_plans_that_differ_on_the_same_land_are_in_conflict():
    (found,) = conflicts(
        SUBJECT, [piece("A", square(-5, -5, 12))], [piece("B", square(3, 3, 12))], tolerance=0.5
    )

    assert (found.first, found.second, found.area) == ("A", "B", pytest.approx(16))
    assert found.region.equals(square(3, 3, 4))


def test_zones_that_overlap_and_share_an_edge_besides_are_in_conflict_where_they_overlap():
    """Found by random towns: the edge in common made a mixture that no overlay on the grid takes."""
    parcel = shapely.box(587050.001, 2325000, 587080.001, 2325035)
    north = shapely.box(587049.5737, 2325014.9995775, 587065.0007603, 2325024.9995775)
    south = shapely.box(587049.5737, 2325000, 587065.0007603, 2325009.9995775)
    other = shapely.box(587045, 2325009.9995775, 587070, 2325030)

    (found,) = conflicts(
        Subject.of(parcel), [piece("A", MultiPolygon([north, south]))], [piece("B", other)], tolerance=0.14
    )

    assert (found.region.geom_type, found.area) == ("Polygon", pytest.approx(150, abs=0.02))


def test_plans_that_say_the_same_are_in_no_conflict():
    same = conflicts(SUBJECT, [piece("A", PARCEL, "park")], [piece("B", PARCEL, "park")], tolerance=0.1)

    assert same == ()


def test_an_overlap_narrower_than_the_lines_are_exact_is_no_conflict():
    assert conflicts(
        SUBJECT, [piece("A", shapely.box(-5, -5, 5, 15))], [piece("B", shapely.box(4.5, -5, 20, 15))],
        tolerance=0.5,
    ) == ()  # fmt: skip


def test_a_conflict_wider_than_a_narrow_parcel_is_one_for_that_parcel_too():
    narrow = Subject.of(shapely.box(0, 0, 1, 20))

    (found,) = conflicts(
        narrow, [piece("A", square(-50, -50, 100))], [piece("B", square(-50, -50, 100))], tolerance=1
    )

    assert found.area == pytest.approx(20)


@pytest.mark.parametrize(
    ("point", "kind"),
    [
        ((5, 5), Class.WHOLE),
        ((9.8, 5), Class.BORDERLINE),
        ((10, 5), Class.BORDERLINE),
        ((10.2, 5), Class.TOUCH),
    ],
)
def test_a_point_is_in_a_zone_near_its_edge_or_beside_it(point, kind):
    places = locate(Point(point), [piece("A", PARCEL)], tolerance=0.4)

    assert [place.kind for place in places.items] == [kind]


def test_a_point_between_two_zones_of_one_use_is_surely_in_that_use():
    places = locate(
        Point(10, 5), [piece("A1", PARCEL, "A"), piece("A2", square(10, 0, 10), "A")], tolerance=0.4
    )

    assert {place.kind for place in places.items} == {Class.BORDERLINE}
    assert [(place.key, place.kind) for place in places.totals] == [("A", Class.WHOLE)]


def test_a_point_far_from_every_zone_lies_in_none():
    assert locate(Point(50, 50), [piece("A", PARCEL)], tolerance=0.4).items == ()


def test_a_point_in_an_invalid_zone_is_refused():
    bow_tie = Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])

    with pytest.raises(CannotMeasure):
        locate(Point(2, 2), [piece("A", bow_tie)], tolerance=0.4)


def test_lines_are_found_wherever_the_parcel_lies():
    line = affinity.translate(LineString([(-5, 4), (15, 4)]))

    here = measure_line(SUBJECT, line, tolerance=0.4)
    there = measure_line(Subject.of(somewhere(PARCEL)), somewhere(line), tolerance=0.4)

    assert there.kind == here.kind
    assert there.inside == pytest.approx(here.inside, abs=0.003)
