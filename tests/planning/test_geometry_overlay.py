"""One parcel over the pieces of one plan: books, classes, bands. T numbers are the service's own list."""

import numpy as np
import pytest
import shapely
from shapely import MultiPolygon, Polygon, affinity

from planning.errors import CannotMeasure
from planning.geometry import Class, Piece, Subject, around, overlay
from planning.geometry.bands import bands
from tests.planning.geometry_shapes import PARCEL, item, measured, somewhere, square


def closes(answer) -> bool:
    rows = sum(share.area for share in answer.items)
    return rows + answer.uncovered - answer.overlap == pytest.approx(answer.area, abs=1e-9)


def test_overlapping_parts_of_one_zone_cover_the_parcel_once():
    """T1, parts of one zone."""
    pieces = [Piece("A", "A", shapely.box(-1, -1, 6, 11)), Piece("A", "A", shapely.box(4, -1, 11, 11))]

    answer = overlay(Subject.of(PARCEL), pieces, tolerance=0.1)

    (only,) = answer.items
    assert (only.kind, only.area, only.share) == (Class.WHOLE, 100, 1)
    assert answer.overlap == 0


def test_overlapping_zones_of_one_land_use_are_united_in_the_total():
    """T1, zones of one land use: the items overlap, the total does not."""
    zones = {"A1": shapely.box(-1, -1, 6, 11), "A2": shapely.box(4, -1, 11, 11)}

    answer = measured(PARCEL, zones, groups={"A1": "A", "A2": "A"})

    (total,) = answer.totals
    assert (total.key, total.kind, total.area, total.share) == ("A", Class.WHOLE, 100, 1)
    assert answer.overlap == pytest.approx(20)
    assert closes(answer)


def test_two_borderline_zones_of_one_land_use_are_whole_together():
    zones = {"A1": shapely.box(-20, -20, 2, 30), "A2": shapely.box(2, -20, 30, 30)}

    answer = measured(shapely.box(0, 0, 4, 20), zones, tolerance=2.2, groups={"A1": "A", "A2": "A"})

    assert [share.kind for share in answer.items] == [Class.BORDERLINE, Class.BORDERLINE]
    (total,) = answer.totals
    assert (total.kind, total.low, total.high) == (Class.WHOLE, 1, 1)


def test_a_gap_of_rounding_between_two_zones_of_one_use_does_not_widen_to_twice_the_tolerance():
    zones = {"A1": shapely.box(-20, -20, 5, 30), "A2": shapely.box(5.001, -20, 30, 30)}

    (total,) = measured(PARCEL, zones, tolerance=1, groups={"A1": "A", "A2": "A"}).totals

    assert total.kind == Class.WHOLE
    assert total.low == pytest.approx(total.share)


@pytest.mark.parametrize("tolerance", [0, 0.05, 0.1, 1, 5, 50])
def test_no_tolerance_changes_an_area(tolerance):
    """T3."""
    answer = measured(PARCEL, {"A": square(-10, -10, 30)}, tolerance=tolerance)

    assert item(answer, "A").area == 100
    assert item(answer, "A").high <= 1


def test_a_parcel_in_the_hole_of_a_zone_is_not_concerned_by_it():
    """T6: the hole is larger by more than the tolerance."""
    zone = square(-20, -20, 50).difference(square(-1, -1, 12))

    answer = measured(PARCEL, {"A": zone})

    assert answer.items == ()
    assert answer.uncovered == 100


def test_a_parcel_that_fills_the_hole_of_a_zone_touches_it():
    """T6: the hole is exactly the parcel."""
    zone = square(-20, -20, 50).difference(PARCEL)

    answer = measured(PARCEL, {"A": zone})

    assert (item(answer, "A").kind, item(answer, "A").area) == (Class.TOUCH, 0)
    assert item(answer, "A").low == 0
    assert 0 < item(answer, "A").high < 0.05
    assert answer.uncovered == 100


def test_the_parts_of_a_parcel_are_summed():
    """T7."""
    parcel = MultiPolygon([square(0, 0, 10), square(20, 0, 10)])

    answer = measured(parcel, {"A": shapely.box(5, -5, 25, 15)})

    assert item(answer, "A").area == 100
    assert item(answer, "A").share == 0.5
    assert answer.uncovered == 100
    assert closes(answer)


@pytest.mark.parametrize("zone", [square(10, 10, 5), square(10, 0, 10), shapely.box(-5, 10, 15, 12)])
def test_contact_at_a_point_or_along_a_line_is_a_touch(zone):
    """T8."""
    answer = measured(PARCEL, {"A": zone})

    assert (item(answer, "A").kind, item(answer, "A").area) == (Class.TOUCH, 0)
    assert answer.uncovered == 100


def test_a_sliver_of_three_centimetres_is_borderline():
    """T11: listed with its band, never asserted, never dropped."""
    answer = measured(PARCEL, {"A": shapely.box(9.97, -5, 30, 15), "B": shapely.box(-5, -5, 9.97, 15)})

    sliver = item(answer, "A")
    assert sliver.kind == Class.BORDERLINE
    assert sliver.area == pytest.approx(0.3)
    assert (sliver.low, round(sliver.high, 3)) == (0, 0.013)
    assert item(answer, "B").kind == Class.PART


def test_a_strip_of_half_a_metre_is_part_at_a_tenth_and_borderline_at_a_metre():
    """T11."""
    strip = {"A": shapely.box(9.5, -20, 10, 30)}

    fine = item(measured(PARCEL, strip, tolerance=0.1), "A")
    coarse = item(measured(PARCEL, strip, tolerance=1), "A")

    assert fine.kind == Class.PART
    assert (round(fine.low, 3), round(fine.high, 3)) == (0.03, 0.06)
    assert coarse.kind == Class.BORDERLINE
    assert (round(coarse.low, 3), round(coarse.high, 3)) == (0, 0.15)


def test_a_road_strip_on_the_edge_of_the_parcel_is_asserted():
    """T11, with the road reaching beyond the parcel: 4-6 %."""
    road = item(measured(PARCEL, {"A": shapely.box(9.5, -20, 20, 30)}), "A")

    assert road.kind == Class.PART
    assert (round(road.low, 3), round(road.high, 3)) == (0.04, 0.06)


def test_a_narrow_parcel_deep_inside_a_zone_is_whole_however_coarse_the_plan():
    """T11."""
    answer = measured(shapely.box(0, 0, 4, 20), {"A": square(-50, -50, 120)}, tolerance=2.2)

    assert (item(answer, "A").kind, item(answer, "A").low) == (Class.WHOLE, 1)


def test_a_zone_three_centimetres_outside_is_as_uncertain_as_one_inside():
    """T11."""
    near = item(measured(PARCEL, {"A": square(10.03, 0, 10)}), "A")

    assert (near.kind, near.area, near.low) == (Class.TOUCH, 0, 0)
    assert near.high == pytest.approx(0.007, abs=0.0005)


def test_a_zone_just_beyond_the_tolerance_says_nothing():
    assert measured(PARCEL, {"A": square(10.102, 0, 10)}).items == ()


@pytest.mark.parametrize(
    ("scale_tolerance", "low", "high"), [(0.4, 0.4, 0.6), (1.0, 0.25, 0.75), (2.0, 0.0, 1.0)]
)
def test_the_share_of_a_tube_house_is_as_sure_as_the_scale_of_the_plan(scale_tolerance, low, high):
    zones = {"A": shapely.box(-30, -30, 2, 50), "B": shapely.box(2, -30, 30, 50)}

    share = item(measured(shapely.box(0, 0, 4, 20), zones, tolerance=scale_tolerance), "A")

    assert (round(share.low, 6), share.share, round(share.high, 6)) == (low, 0.5, high)


def test_gaps_and_overlaps_are_booked_as_such():
    """T12."""
    answer = measured(PARCEL, {"A": shapely.box(0, 0, 5, 10), "B": shapely.box(4, 0, 9.5, 10)})

    assert [share.area for share in answer.items] == [50, 55]
    assert (answer.uncovered, answer.overlap, answer.area) == (5, 10, 100)


def test_three_zones_on_one_spot_are_an_excess_of_two():
    answer = measured(PARCEL, {name: square(-1, -1, 3) for name in "ABC"})

    assert answer.overlap == pytest.approx(8)
    assert answer.uncovered == pytest.approx(96)


def test_a_zone_of_exactly_the_parcels_shape_is_whole_with_a_band():
    answer = measured(PARCEL, {"A": PARCEL}, tolerance=1)

    assert (item(answer, "A").kind, item(answer, "A").share) == (Class.WHOLE, 1)
    assert item(answer, "A").low == pytest.approx(0.64)


def test_children_of_a_split_have_together_what_the_parent_had():
    """T16."""
    parent, angle = PARCEL, 31
    children = [shapely.box(0, 0, 3.7, 10), shapely.box(3.7, 0, 10, 6.2), shapely.box(3.7, 6.2, 10, 10)]
    zones = {"A": shapely.box(-5, -5, 6.1, 3.3), "B": shapely.box(2, 2, 15, 15)}
    zones = {key: somewhere(shape, angle) for key, shape in zones.items()}

    whole = measured(somewhere(parent, angle), zones)
    parts = [measured(somewhere(child, angle), zones) for child in children]

    for share in whole.items:
        split = sum(
            part_item.area for part in parts for part_item in part.items if part_item.key == share.key
        )
        assert split == pytest.approx(share.area, abs=0.001 * 80)


def test_what_lies_beyond_the_plan_is_told_apart_from_a_gap_in_it():
    answer = measured(PARCEL, {"A": shapely.box(0, 0, 3, 10)}, extent=shapely.box(-50, -50, 7, 50))

    assert (answer.uncovered, answer.outside) == (70, 30)


def test_a_parcel_wholly_within_the_extent_has_nothing_outside():
    answer = measured(PARCEL, {"A": shapely.box(0, 0, 3, 10)}, extent=square(-50, -50, 200))

    assert (answer.uncovered, answer.outside) == (70, 0)


def test_no_zone_at_all_leaves_the_parcel_uncovered():
    answer = measured(PARCEL, {}, extent=square(-50, -50, 200))

    assert (answer.items, answer.totals, answer.uncovered, answer.overlap) == ((), (), 100, 0)


def test_a_small_zone_deep_inside_a_large_site_is_part_however_long_the_sites_edge():
    """The noise of the grid is that of the smaller outline, or a 2 m2 plot would vanish in a large site."""
    site = shapely.segmentize(square(0, 0, 2000), 1)

    assert item(measured(site, {"A": square(900, 900, 1.5)}), "A").kind == Class.PART


def test_an_invalid_zone_is_refused_by_name():
    """T5, in the geometry: the theme that holds it fails, others are measured on their own."""
    bow_tie = Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])

    with pytest.raises(CannotMeasure) as caught:
        measured(PARCEL, {"A": bow_tie})

    assert caught.value.facts["key"] == "A"


def test_an_invalid_zone_out_of_reach_does_no_harm():
    bow_tie = Polygon([(100, 100), (110, 110), (110, 100), (100, 110)])

    assert measured(PARCEL, {"A": bow_tie, "B": square(-5, -5, 20)}).items[0].key == "B"


def test_a_crossing_smaller_than_the_grid_is_measured_all_the_same():
    """A hole that touched its shell in degrees may stick out by a hair in metres."""
    zone = Polygon(
        [(-5, -5), (15, -5), (15, 15), (-5, 15)], [[(2, 2), (4, 2), (15.0000001, 3), (4, 4), (2, 4)]]
    )
    assert not zone.is_valid

    answer = measured(PARCEL, {"A": zone})

    assert item(answer, "A").kind == Class.PART
    assert closes(answer)


def test_an_invalid_or_empty_subject_is_refused():
    with pytest.raises(CannotMeasure):
        Subject.of(Polygon([(0, 0), (10, 10), (10, 0), (0, 10)]))
    with pytest.raises(CannotMeasure):
        Subject.of(Polygon())
    with pytest.raises(CannotMeasure):
        Subject.of(square(0, 0, 0.0003))


@pytest.mark.parametrize("angle", [0, 17, 45, 211])
def test_turning_moving_and_reversing_change_no_class_and_no_area(angle):
    """T14."""
    zones = {"A": shapely.box(-5, -5, 6.1, 3.3), "B": shapely.box(2, 2, 15, 15), "C": square(10.03, 0, 8)}
    here = measured(PARCEL, zones)

    turned = {key: somewhere(shape, angle).reverse() for key, shape in zones.items()}
    there = measured(somewhere(PARCEL, angle).reverse(), turned)

    assert [share.kind for share in there.items] == [share.kind for share in here.items]
    for one, other in zip(here.items, there.items, strict=True):
        assert other.area == pytest.approx(one.area, abs=0.04)
        assert (other.low, other.high) == pytest.approx((one.low, one.high), abs=0.0008)
    assert closes(there)


def test_parts_and_zones_in_any_order_give_the_same_answer():
    """T15: to the last digit, not nearly."""
    parcel = MultiPolygon([somewhere(square(0, 0, 10)), somewhere(square(12, 1, 7))])
    zones = {f"Z{i}": somewhere(affinity.rotate(square(3 * i - 6, i - 4, 8), 11 * i)) for i in range(6)}
    groups = {key: "odd" if int(key[1]) % 2 else "even" for key in zones}

    forward = measured(parcel, zones, groups=groups)
    backward = measured(MultiPolygon(list(parcel.geoms)[::-1]), dict(reversed(zones.items())), groups=groups)

    assert forward == backward


def test_a_zone_beyond_the_surroundings_is_cut_to_nothing():
    assert around(square(100, 100, 10), (0, 0, 10, 10), longest=100).is_empty


def test_a_large_zone_is_cut_to_the_surroundings():
    cut = around(shapely.segmentize(square(-500, -500, 505), 5), (0, 0, 10, 10), longest=100)

    assert cut.equals(square(0, 0, 5))


def test_a_zone_with_a_long_edge_in_the_surroundings_is_not_cut():
    """A vertex on it would lie beside it in another coordinate system."""
    long = Polygon([(-1000, 5), (1000, 5), (1000, 300), (1000, 900), (-1000, 900)])

    assert around(long, (0, 0, 10, 10), longest=100) is long


def test_long_edges_elsewhere_do_not_keep_a_zone_from_being_cut():
    zone = shapely.segmentize(square(-50, -50, 55), 5).union(shapely.box(-3000, -3000, -50, -20))

    assert around(zone, (0, 0, 10, 10), longest=100).equals(square(0, 0, 5))


def test_a_part_that_a_buffer_of_negative_width_would_lose_still_counts() -> None:
    """It falls into two parts at exactly a metre; GEOS 3.14 then loses the larger one."""
    zone = shapely.from_wkt(
        "MULTIPOLYGON (((586520.1337401295 2326270.8179021087, 586522.625 2326260.0270700837,"
        " 586522.625 2326257.589264519, 586519.2618515514 2326256.81282052,"
        " 586516.1208483748 2326270.418, 586510.385 2326270.418, 586510.385 2326274.918,"
        " 586515.0819415147 2326274.918, 586514.3366989938 2326278.146, 586516.3893072094 2326278.146,"
        " 586518.185 2326270.368, 586520.1337401295 2326270.8179021087)), ((586513.385 2326257.118,"
        " 586513.685 2326257.118, 586513.685 2326256.818, 586513.385 2326256.818, 586513.385 2326257.118)))"
    )
    parcel = shapely.from_wkt(
        "POLYGON ((586519.6220456694 2326259.9959334983, 586511.9042071737 2326275.1430444093,"
        " 586505.6671615044 2326271.965110911, 586513.385 2326256.818, 586519.6220456694 2326259.9959334983))"
    )

    least, _most = bands(Subject.of(parcel), np.array([zone]), 1.0)

    assert least[0] == pytest.approx(4.460, abs=0.002)
