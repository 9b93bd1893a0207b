"""Coordinates in Python: names, the pinned operation, any other one."""

import csv
import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj.transformer import TransformerGroup
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from planning import crs
from planning.crs.systems import FACTS
from planning.errors import BadParameter, CannotMeasure, Reason

CURRENT = {3405, 3406, 4756, 5896, 5897, 5898, 5899, *range(9205, 9219)}
ZONES = tuple(system for system in crs.VN2000 if system.is_projected)
SOUTHERN = next(point for point in crs.control_points() if point.crs.code == "EPSG:9210")
FOREIGN = crs.parse("EPSG:26916")  # NAD83 / UTM zone 16N
WEB_MERCATOR = crs.parse("EPSG:3857")

each_system = pytest.mark.parametrize("system", crs.VN2000, ids=str)
each_zone = pytest.mark.parametrize("system", ZONES, ids=str)
each_control_point = pytest.mark.parametrize("point", crs.control_points(), ids=lambda point: point.name)


def grid_over(system: crs.CRS, steps: int = 8) -> np.ndarray:
    """Points (lon, lat) over the area of use, its corners included."""
    west, south, east, north = system.area_of_use
    lon, lat = np.meshgrid(np.linspace(west, east, steps), np.linspace(south, north, steps))
    return np.column_stack((lon.ravel(), lat.ravel()))


def moved(first: float, second: float, source: crs.CRS, target: crs.CRS) -> tuple[float, float]:
    x, y = crs.transform_array(np.array([[first, second]]), source, target)[0]
    return float(x), float(y)


class TestNames:
    def test_the_21_current_systems_of_vietnam_are_known(self):
        assert {int(system.code.removeprefix("EPSG:")) for system in crs.VN2000} == CURRENT
        assert {system.srid for system in crs.VN2000} == {900_000 + code for code in CURRENT}

    @each_system
    def test_the_facts_we_keep_are_those_of_the_registry(self, system):
        registered = pyproj.CRS.from_user_input(system.code)

        assert registered.name == system.name
        assert registered.datum.name == "Vietnam 2000"
        assert registered.area_of_use.bounds == system.area_of_use
        assert registered.is_projected == system.is_projected
        directions = "".join(axis.direction[0].upper() for axis in registered.axis_info)
        assert directions == system.axes
        if system.zone:
            numbers = {p.name: p.value for p in registered.coordinate_operation.params}
            assert numbers["Longitude of natural origin"] == system.zone.central_meridian
            assert numbers["Scale factor at natural origin"] == system.zone.scale
            assert numbers["False easting"] == system.zone.false_easting == 500_000
            assert numbers["False northing"] == system.zone.false_northing == 0

    @pytest.mark.parametrize(
        "text",
        [
            "EPSG:5897",
            "epsg:5897",
            " 5897 ",
            "[EPSG:5897]",
            "urn:ogc:def:crs:EPSG::5897",
            "urn:ogc:def:crs:EPSG:11.022:5897",
            "http://www.opengis.net/def/crs/EPSG/0/5897",
            "https://www.opengis.net/def/crs/EPSG/0/5897",
        ],
    )
    def test_every_usual_spelling_of_a_name_is_read(self, text):
        assert crs.parse(text) is next(system for system in crs.VN2000 if system.code == "EPSG:5897")

    @pytest.mark.parametrize(
        "text",
        [
            "CRS84",
            "OGC:CRS84",
            "urn:ogc:def:crs:OGC:1.3:CRS84",
            "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
        ],
    )
    def test_crs84_is_read_in_every_usual_spelling(self, text):
        assert crs.parse(text) is crs.CRS84

    @each_system
    def test_the_address_of_a_system_is_read_back(self, system):
        assert crs.parse(system.uri) is system
        assert crs.from_srid(system.srid) is system

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "0",
            "EPSG:",
            "EPSG:1",
            "EPSG:999999",
            "EPSG:905897",
            "EPSG:5727",  # a height
            "EPSG:4978",  # geocentric
            "EPSG:4979",  # three-dimensional
            "+proj=longlat +datum=WGS84",
            "/etc/passwd",
            "https://example.org/epsg/5897",
            "EPSG:٥٨٩٧",
            "5897\n+proj=longlat",
            "5" * 5000,
        ],
    )
    def test_anything_else_is_refused_by_name(self, text):
        with pytest.raises(BadParameter) as refused:
            crs.parse(text, parameter="bbox-crs")

        assert refused.value.reason is Reason.UNKNOWN_CRS
        assert refused.value.name == "bbox-crs"

    @pytest.mark.parametrize(
        ("code", "replacement"), [(6956, 5896), (6957, 5897), (6958, 5898), (6959, 5899)]
    )
    def test_a_deprecated_system_is_refused_and_its_replacement_named(self, code, replacement):
        with pytest.raises(BadParameter) as refused:
            crs.parse(f"urn:ogc:def:crs:EPSG::{code}")

        assert refused.value.reason is Reason.DEPRECATED_CRS
        assert refused.value.facts["replacement"] == f"EPSG:{replacement}"
        assert crs.DEPRECATED[f"EPSG:{code}"] == f"EPSG:{replacement}"

    def test_an_unpinned_number_in_the_database_is_not_taken_for_a_pinned_one(self):
        with pytest.raises(BadParameter):
            crs.from_srid(5897)
        assert crs.from_srid(4326) is crs.WGS84
        assert crs.from_srid(26916) is FOREIGN

    @pytest.mark.parametrize(
        ("code", "axes"),
        [("4326", "NE"), ("4756", "NE"), ("CRS84", "EN"), ("5897", "EN"), ("3857", "EN"), ("2193", "NE"),
         ("31467", "NE"), ("3031", "EN"), ("26916", "EN")],
    )  # fmt: skip
    def test_the_order_on_the_wire_is_the_registered_one(self, code, axes):
        assert crs.parse(code).axes == axes

    @each_zone
    def test_every_zone_is_fit_for_measuring(self, system):
        assert system.is_metric

    @pytest.mark.parametrize("code", ["26916", "32616", "2154", "27700", "2193", "25832"])
    def test_national_and_utm_systems_are_fit_for_measuring(self, code):
        assert crs.parse(code).is_metric

    @pytest.mark.parametrize("code", ["3435", "2263", "3857", "3395", "4326", "4756", "CRS84"])
    def test_feet_degrees_and_web_maps_are_not_fit_for_measuring(self, code):
        assert not crs.parse(code).is_metric


class TestPinnedOperation:
    @each_control_point
    def test_t23_control_points_are_hit_to_a_millimetre(self, point):
        easting, northing = moved(point.lon, point.lat, crs.WGS84, point.crs)

        assert easting == pytest.approx(point.easting, abs=0.001)
        assert northing == pytest.approx(point.northing, abs=0.001)

    @each_control_point
    def test_t23_control_points_are_hit_on_the_way_back(self, point):
        """2 mm there: the operation drops the height between the two ellipsoids."""
        lon, lat = moved(point.easting, point.northing, point.crs, crs.CRS84)

        assert math.hypot(
            (lon - point.lon) * 111_320 * math.cos(math.radians(point.lat)), (lat - point.lat) * 110_570
        ) == pytest.approx(0, abs=0.002)

    @each_system
    def test_t23_every_system_comes_back_within_two_millimetres(self, system):
        metres = system if system.zone else crs.parse("EPSG:5897")
        degrees = grid_over(system)

        there = crs.transform_array(degrees, crs.WGS84, system)
        again = crs.transform_array(crs.transform_array(there, system, crs.WGS84), crs.WGS84, system)

        drift = crs.transform_array(again, system, metres) - crs.transform_array(there, system, metres)
        assert np.hypot(*drift.T).max() < 0.002

    @each_system
    def test_t23_every_system_agrees_with_the_named_operation_of_proj(self, system):
        group = TransformerGroup(system.code, "EPSG:4326", always_xy=True)
        named = next(t for t in group.transformers if "VN-2000 to WGS 84 (2)" in t.description)
        there = crs.transform_array(grid_over(system), crs.WGS84, system)

        expected = np.column_stack(named.transform(*there.T))

        assert np.abs(crs.transform_array(there, system, crs.WGS84) - expected).max() < 1e-11

    def test_proj_left_to_itself_is_80_centimetres_off_in_the_south(self):
        unpinned = pyproj.Transformer.from_crs("EPSG:4326", SOUTHERN.crs.code, always_xy=True)

        easting, northing = unpinned.transform(SOUTHERN.lon, SOUTHERN.lat)

        error = math.hypot(easting - SOUTHERN.easting, northing - SOUTHERN.northing)
        assert error == pytest.approx(0.80, abs=0.01)

    @pytest.mark.parametrize(
        ("north_of", "across"), [(11.04, (0, 1)), (9.35, (0, 1))], ids=["northern edge", "southern edge"]
    )
    def test_no_tear_where_proj_changes_its_operation(self, north_of, across):
        step = 1e-7 * np.array(across)
        here, there = np.array([106.0, north_of]) - step, np.array([106.0, north_of]) + step

        pair = crs.transform_array(np.array([here, there]), crs.WGS84, SOUTHERN.crs)

        assert np.hypot(*(pair[1] - pair[0])) == pytest.approx(0.022, abs=0.001)

    def test_zones_of_one_datum_are_exact_among_each_other(self):
        source, target = crs.parse("5897"), crs.parse("9210")
        there = crs.transform_array(grid_over(target), crs.WGS84, source)

        again = crs.transform_array(crs.transform_array(there, source, target), target, source)

        assert np.abs(again - there).max() < 1e-6

    @settings(deadline=None)  # the first call builds the PROJ objects
    @given(
        st.sampled_from(crs.VN2000),
        st.floats(0, 1),
        st.floats(0, 1),
        st.sampled_from((crs.WGS84, WEB_MERCATOR)),
    )
    def test_any_point_comes_back_within_two_millimetres(self, system, across, up, by_way_of):
        west, south, east, north = system.area_of_use
        start = (west + across * (east - west), south + up * (north - south))

        there = moved(*moved(*start, crs.WGS84, system), system, by_way_of)
        lon, lat = moved(*there, by_way_of, crs.WGS84)

        assert abs(lon - start[0]) < 2e-8
        assert abs(lat - start[1]) < 2e-8


class TestTransform:
    def test_geographic_coordinates_are_longitude_first_inside_whatever_the_wire_says(self):
        lon, lat = moved(105.0, 21.0, crs.parse("4756"), crs.WGS84)

        assert (round(lon), round(lat)) == (105, 21)
        assert moved(105.0, 21.0, crs.WGS84, crs.CRS84) == (105.0, 21.0)

    @pytest.mark.parametrize("code", ["2193", "31467", "27700", "2154", "25832", "3857", "32616", "3435"])
    def test_systems_of_other_countries_agree_with_the_registry_east_first(self, code):
        system = crs.parse(code)
        west, south, east, north = system.area_of_use
        lon, lat = (west + east) / 2, (south + north) / 2

        expected = pyproj.Transformer.from_crs("EPSG:4326", f"EPSG:{code}", always_xy=True).transform(
            lon, lat
        )

        assert moved(lon, lat, crs.WGS84, system) == pytest.approx(expected, abs=1e-6)

    def test_another_country_measures_as_exactly_in_its_own_zone(self):
        hectare = box(448_000, 4_637_000, 448_100, 4_637_100)

        stored = crs.transform(hectare, FOREIGN, crs.WGS84)
        again = crs.transform(stored, crs.WGS84, FOREIGN)

        assert stored.centroid.x == pytest.approx(-87.6263, abs=0.001)
        assert again.area == pytest.approx(10_000, abs=1e-3)

    def test_from_vietnam_to_another_system_the_pinned_operation_is_used(self):
        utm = crs.parse("EPSG:32648")
        direct = moved(SOUTHERN.lon, SOUTHERN.lat, crs.WGS84, utm)

        assert moved(SOUTHERN.easting, SOUTHERN.northing, SOUTHERN.crs, utm) == pytest.approx(
            direct, abs=0.002
        )

    def test_a_geometry_keeps_its_kind_its_holes_and_its_parts(self):
        holed = box(500_000, 1_200_000, 501_000, 1_201_000).difference(
            box(500_100, 1_200_100, 500_200, 1_200_200)
        )
        source = crs.parse("5897")
        for geometry in (
            holed,
            MultiPolygon([holed, box(0, 0, 1, 1)]),
            LineString([(5e5, 1e6), (5.1e5, 1e6)]),
            Point(5e5, 1e6),
            Polygon(),
        ):
            stored = crs.transform(geometry, source, crs.WGS84)

            assert stored.geom_type == geometry.geom_type
            assert shapely.get_num_coordinates(stored) == shapely.get_num_coordinates(geometry)

    def test_heights_are_dropped_on_every_way(self):
        geometry = Point(105.0, 21.0, 12.0)

        assert not crs.transform(geometry, crs.WGS84, crs.parse("5897")).has_z
        assert not crs.transform(geometry, crs.WGS84, crs.CRS84).has_z

    @pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, 1e300])
    def test_what_has_no_counterpart_cannot_be_measured(self, number):
        for source, target in (
            (crs.parse("5897"), crs.WGS84),
            (crs.WGS84, crs.parse("5897")),
            (FOREIGN, crs.WGS84),
            (crs.WGS84, WEB_MERCATOR),
        ):
            with pytest.raises(CannotMeasure):
                crs.transform_array(np.array([[number, 10.0]]), source, target)

    @pytest.mark.parametrize("target", ["3857", "5897", "26916", "CRS84", "4756"])
    def test_metres_labelled_as_degrees_are_not_wrapped_round_the_earth(self, target):
        with pytest.raises(CannotMeasure):
            crs.transform_array(np.array([[586_513.0, 21.0]]), crs.WGS84, crs.parse(target))

    def test_the_array_handed_in_stays_as_it_is(self):
        coordinates = np.array([[105.0, 21.0], [106.0, 10.0]])
        before = coordinates.copy()

        crs.transform_array(coordinates, crs.WGS84, crs.parse("5897"))

        assert (coordinates == before).all()

    def test_many_threads_get_the_answer_of_one(self):
        systems = (*crs.VN2000, FOREIGN, WEB_MERCATOR)
        degrees = np.array([[105.5, 10.5], [106.5, 20.5]])
        alone = [crs.transform_array(degrees, crs.WGS84, system) for system in systems]

        with ThreadPoolExecutor(8) as threads:
            rounds = list(
                threads.map(
                    lambda _: [crs.transform_array(degrees, crs.WGS84, system) for system in systems],
                    range(24),
                )
            )

        assert all(
            np.array_equal(one, other) for found in rounds for one, other in zip(alone, found, strict=True)
        )

    @pytest.mark.parametrize(
        ("lon", "lat", "code"),
        [
            (-87.63, 41.88, 32616),
            (105.83, 21.03, 32648),
            (151.2, -33.9, 32756),
            (180, 0, 32660),
            (-180, 0, 32601),
        ],
    )
    def test_where_no_territory_says_otherwise_the_utm_zone_measures(self, lon, lat, code):
        assert crs.metric_for(lon, lat) == crs.parse(str(code))
        assert crs.metric_for(lon, lat).is_metric

    def test_there_is_no_zone_for_a_place_off_the_earth(self):
        for lon, lat in ((181.0, 0.0), (0.0, 91.0), (math.nan, 0.0)):
            with pytest.raises(CannotMeasure):
                crs.metric_for(lon, lat)


def test_the_meridians_of_the_provinces_are_systems_we_know():
    with (FACTS / "province_meridians.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))

    assert len(rows) == 97
    for row in rows:
        zone = crs.parse(row["epsg"]).zone
        assert zone is not None
        assert zone.central_meridian == float(row["central_meridian"])
        assert zone.scale == 0.9999
