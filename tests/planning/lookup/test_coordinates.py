"""Coordinates are understood in the ways people paste them; what has two readings gives two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning import crs
from planning.crs import Fit
from planning.lookup.coordinates import Order, places, read_coordinates

HANOI = crs.parse("EPSG:5897")
SAIGON = crs.parse("EPSG:9210")
CHICAGO = crs.parse("EPSG:32616")


@pytest.mark.parametrize(
    "text",
    [
        "21.0278, 105.8342",
        "21.0278,105.8342",
        "105.8342 21.0278",
        "21,0278 105,8342",
        "21,0278; 105,8342",
        "21,0278,105,8342",
        "(105.8342; 21.0278)",
        "POINT(105.8342 21.0278)",
        "geo:21.0278,105.8342",
        "lat 21.0278, lng 105.8342",
        "vĩ độ 21,0278 kinh độ 105,8342",
        "21.0278°N 105.8342°E",
        "21°01'40,08\"B 105°50'03,12\"Đ",
        "N21°01′40.08″ E105°50′03.12″",
        "21 độ 01 phút 40,08 giây, 105 độ 50 phút 3,12 giây",
        "21 01 40.08 105 50 03.12",
        "21 01.668 105 50.052",
        "https://maps.example/@21.0278,105.8342,17z",
        "2326256,818 586513,385",
        "586513.385 2326256.818",
        "2.326.256,818 586.513,385",
        "2 326 256,818 586 513,385",
        "X=2326256.818 Y=586513.385",
        "VN-2000: X 2326256,818 m; Y 586513,385 m",
        "E 586513,385 N 2326256,818",
        "EPSG:5897 586513.385 2326256.818",
    ],
)
def test_the_first_place_is_the_one_that_was_meant(text):
    place = places(read_coordinates(text), territory=HANOI)[0]

    assert (place.lon, place.lat) == pytest.approx((105.8342, 21.0278), abs=2e-6)


def test_metres_are_read_in_the_territory_first_and_in_the_neighbours_after():
    found = places(read_coordinates("1.191.942,305 603.797,261"), territory=SAIGON)

    assert (found[0].crs, found[0].fit, found[0].swapped) == (SAIGON, Fit.OWN_SYSTEM, True)
    assert (found[0].lon, found[0].lat) == pytest.approx((106.7009, 10.7769), abs=1e-8)
    assert len({place.crs for place in found}) > 3


def test_a_named_system_leaves_no_other():
    found = places(read_coordinates("EPSG:9210 603797.261 1191942.305"), territory=HANOI)

    assert [place.crs for place in found] == [SAIGON]


def test_letters_settle_the_order():
    (north_first,) = read_coordinates("X=2326256.818 Y=586513.385")
    (east_first,) = read_coordinates("E 586513,385 N 2326256,818")

    assert (north_first.order, east_first.order) == (Order.NORTH_FIRST, Order.EAST_FIRST)


def test_marks_that_may_group_or_divide_give_two_readings():
    readings = read_coordinates("105.834 21.028")

    assert {(one.first, one.second) for one in readings} == {(105.834, 21.028), (105834.0, 21028.0)}


def test_west_is_negative_whether_written_or_signed():
    for text in ("41.8781, -87.6298", "41.8781°N 87.6298°W"):
        place = places(read_coordinates(text), territory=CHICAGO)[0]

        assert (place.lon, place.lat, place.fit) == (-87.6298, 41.8781, Fit.DEGREES)


@pytest.mark.parametrize(
    "text",
    ["", "12/45", "12 45", "21,03", "45", "Hàng Trống", "thửa 45 tờ 12", "2004-00070-12-45", "21°75' 105°"],
)
def test_what_is_no_pair_of_coordinates_is_not_taken_for_one(text):
    assert read_coordinates(text) == ()


@given(st.one_of(st.text(max_size=60), st.text(alphabet="0123456789., -°'\"NEXY", max_size=40)))
def test_any_text_is_read_without_a_fault(text):
    for place in places(read_coordinates(text), territory=HANOI):
        assert -180 <= place.lon <= 180
        assert -90 <= place.lat <= 90


@given(lon=st.floats(102.2, 109.4), lat=st.floats(8.4, 23.3), swapped=st.booleans(), comma=st.booleans())
def test_degrees_inside_the_country_are_found_in_either_order(lon, lat, swapped, comma):
    written = [f"{lat:.6f}", f"{lon:.6f}"] if swapped else [f"{lon:.6f}", f"{lat:.6f}"]
    text = " ".join(written).replace(".", ",") if comma else ", ".join(written)

    place = places(read_coordinates(text), territory=HANOI)[0]

    assert (place.lon, place.lat) == pytest.approx((lon, lat), abs=1e-6)
