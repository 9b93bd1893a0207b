"""What the numbers of `bbox` mean on the ground."""

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from planning import crs
from planning.errors import BadParameter, Reason
from planning.ogcapi.items.boxes import land_of, read_numbers

ZONE = crs.parse("EPSG:5897")
MERCATOR = crs.parse("EPSG:3857")
UTM = crs.parse("EPSG:3405")


def shape(text: str, system: crs.CRS = crs.CRS84) -> shapely.Geometry:
    found = land_of(read_numbers("bbox", text), system).shape
    assert found is not None
    assert found.srid == 4326
    return shapely.from_wkb(bytes(found.wkb))


def test_four_numbers_follow_the_axes_of_their_system() -> None:
    assert shape("105,20,106,21").equals(shapely.box(105, 20, 106, 21))
    assert shape("20,105,21,106", crs.WGS84).equals(shapely.box(105, 20, 106, 21))


def test_heights_are_left_out() -> None:
    assert shape("105,20,-5,106,21,900").equals(shapely.box(105, 20, 106, 21))


def test_across_180_degrees_a_box_is_two() -> None:
    both = shapely.union(shapely.box(177, 65, 180, 70), shapely.box(-180, 65, -177, 70))
    assert shape("177,65,-177,70").equals(both)
    assert shape("65,177,70,-177", crs.WGS84).equals(both)


def test_a_box_may_hold_a_pole() -> None:
    assert shape("-180,85,180,90").equals(shapely.box(-180, 85, 180, 90))


@pytest.mark.parametrize(
    ("text", "kind"),
    [("105,20,105,20", "Point"), ("105,20,106,20", "LineString"), ("105,20,105,21", "LineString")],
)
def test_a_box_without_area_is_what_it_is(text: str, kind: str) -> None:
    assert shape(text).geom_type == kind


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1,2,3",
        "1,2,3,4,5",
        "a,b,c,d",
        "nan,0,1,1",
        "inf,0,1,1",
        "1_0,0,11,1",
        "105,21,106,20",
        "1," * 300,
    ],
)
def test_what_is_no_box_is_refused(text: str) -> None:
    with pytest.raises(BadParameter) as refused:
        land_of(read_numbers("bbox", text), crs.CRS84)
    assert refused.value.reason is Reason.NOT_A_BOX


@pytest.mark.parametrize("text", ["181,0,182,1", "0,0,181,1", "0,-91,1,0", "0,0,1,90.1"])
def test_degrees_beyond_the_earth_are_refused(text: str) -> None:
    with pytest.raises(BadParameter) as refused:
        land_of(read_numbers("bbox", text), crs.CRS84)
    assert refused.value.reason is Reason.OUT_OF_RANGE


def test_metres_where_the_system_reaches_nothing_mean_no_land() -> None:
    assert land_of((-1e9, -1e9, -1e8, 1.0), ZONE).shape is None


def test_metres_beyond_all_bounds_mean_all_land_of_the_system() -> None:
    assert shape("-1e300,-1e300,1e300,1e300", ZONE).contains(shapely.box(103, 8, 110, 23))
    assert shape("-1e300,-1e300,1e300,1e300", MERCATOR).contains(shapely.box(-180, -89, 180, 89))


def test_metres_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(BadParameter):
        land_of((588_000.0, 2_325_000.0, 587_000.0, 2_326_000.0), ZONE)


@settings(max_examples=150, deadline=None)
@given(
    west=st.floats(300_000, 700_000),
    south=st.floats(900_000, 2_600_000),
    width=st.floats(0.01, 300_000),
    height=st.floats(0.01, 900_000),
    along=st.floats(0, 1),
    up=st.floats(0, 1),
    system=st.sampled_from([ZONE, UTM]),
)
def test_no_place_in_a_box_of_metres_is_lost_and_none_far_outside_is_found(
    west: float, south: float, width: float, height: float, along: float, up: float, system: crs.CRS
) -> None:
    land = shape(f"{west!r},{south!r},{west + width!r},{south + height!r}", system)

    inside = shapely.Point(west + along * width, south + up * height)
    assert land.intersects(crs.transform(inside, system, crs.WGS84))
    # a decimetre outside each edge
    for outside in (
        shapely.Point(west - 0.1, south + up * height),
        shapely.Point(west + width + 0.1, south + up * height),
        shapely.Point(west + along * width, south - 0.1),
        shapely.Point(west + along * width, south + height + 0.1),
    ):
        assert not land.intersects(crs.transform(outside, system, crs.WGS84))
