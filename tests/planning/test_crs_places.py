"""Two numbers that somebody typed: which places they may mean, in which order they are offered."""

import math

import pyproj
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning import crs
from planning.crs import Fit
from planning.errors import BadParameter, Reason
from tests.planning.test_crs import FOREIGN, SOUTHERN, each_control_point, each_zone, grid_over


class TestPlaces:
    @each_control_point
    def test_the_territorys_own_system_is_offered_first_in_either_order(self, point):
        for first, second, swapped in (
            (point.easting, point.northing, False),
            (point.northing, point.easting, True),
        ):
            best = crs.candidates_for(first, second, territory=point.crs)[0]

            assert (best.crs, best.swapped, best.fit) == (point.crs, swapped, Fit.OWN_SYSTEM)
            assert (best.x, best.y) == (point.easting, point.northing)
            assert (best.lon, best.lat) == pytest.approx((point.lon, point.lat), abs=2e-8)

    def test_the_same_numbers_in_neighbouring_zones_are_offered_too_with_their_reason(self):
        found = crs.candidates_for(SOUTHERN.easting, SOUTHERN.northing, territory=SOUTHERN.crs)

        others = {candidate.crs.code: candidate for candidate in found[1:]}
        assert {"EPSG:9209", "EPSG:5897", "EPSG:5899", "EPSG:3405"} <= set(others)
        assert {candidate.reason for candidate in found[1:]} == {"area_of_use"}
        west = pyproj.Geod(ellps="WGS84").inv(
            SOUTHERN.lon, SOUTHERN.lat, others["EPSG:9209"].lon, others["EPSG:9209"].lat
        )[2]
        assert west == pytest.approx(27_300, abs=200)

    @each_zone
    def test_swapped_metres_are_decidable_in_every_zone(self, system):
        inside = grid_over(system, steps=5)
        for easting, northing in crs.transform_array(inside, crs.WGS84, system):
            for territory in (system, None):
                straight = crs.candidates_for(easting, northing, territory=territory)
                swapped = crs.candidates_for(northing, easting, territory=territory)

                assert not any(candidate.swapped for candidate in straight)
                assert all(candidate.swapped for candidate in swapped)
                assert {candidate.crs for candidate in straight} == {candidate.crs for candidate in swapped}

    def test_degrees_are_read_in_either_order(self):
        for first, second, swapped in ((106.7, 10.78, False), (10.78, 106.7, True)):
            found = crs.candidates_for(first, second, territory=SOUTHERN.crs)

            assert [candidate.crs.code for candidate in found] == ["EPSG:4326", "EPSG:4756"]
            assert (found[0].lon, found[0].lat) == (106.7, 10.78)
            assert all(candidate.swapped is swapped for candidate in found)

    def test_degrees_of_the_islands_are_understood(self):
        found = crs.candidates_for(16.5, 112.0, territory=SOUTHERN.crs)

        assert (found[0].lon, found[0].lat, found[0].fit) == (112.0, 16.5, Fit.DEGREES)

    def test_a_territory_elsewhere_is_asked_in_its_own_system_alone(self):
        found = crs.candidates_for(4_637_000, 448_000, territory=FOREIGN)

        assert [(candidate.crs, candidate.swapped, candidate.fit) for candidate in found] == [
            (FOREIGN, True, Fit.OWN_SYSTEM)
        ]
        degrees = crs.candidates_for(41.88, -87.63, territory=FOREIGN)
        assert [(candidate.lon, candidate.lat) for candidate in degrees] == [(-87.63, 41.88)]

    def test_degrees_far_from_the_territory_are_still_offered_but_marked(self):
        found = crs.candidates_for(2.35, 48.86, territory=SOUTHERN.crs)

        assert {(candidate.lon, candidate.lat) for candidate in found} == {(2.35, 48.86), (48.86, 2.35)}
        assert {candidate.fit for candidate in found} == {Fit.OUTSIDE_AREA}

    @pytest.mark.parametrize(
        "pair", [(math.nan, 1.0), (math.inf, 1.0), (1e300, 1e300), (0.0, 1e9), (500.0, 500.0)]
    )
    def test_numbers_that_mean_no_place_have_no_candidate(self, pair):
        assert crs.candidates_for(*pair, territory=SOUTHERN.crs) == ()

    @settings(deadline=None)  # the first call builds the PROJ objects
    @given(st.floats(), st.floats(), st.sampled_from((None, FOREIGN, *crs.VN2000)))
    def test_any_two_numbers_are_answered_with_places_on_the_earth(self, first, second, territory):
        for candidate in crs.candidates_for(first, second, territory=territory):
            assert abs(candidate.lon) <= 180
            assert abs(candidate.lat) <= 90

    def test_a_stated_system_that_fits_is_believed(self):
        place = crs.locate(SOUTHERN.easting, SOUTHERN.northing, SOUTHERN.crs)

        assert place.fit is Fit.AREA_OF_USE
        assert (place.lon, place.lat) == pytest.approx((SOUTHERN.lon, SOUTHERN.lat), abs=2e-8)

    def test_t23_numbers_of_a_wrong_zone_are_questioned(self):
        """Coordinates of the far south-east stated in the zone of the far north-west."""
        place = crs.locate(500_000, 1_300_000, crs.parse("9205"))

        assert place.fit is Fit.OUTSIDE_AREA

    def test_stated_numbers_in_the_wrong_order_are_refused_as_such(self):
        for x, y, system in (
            (SOUTHERN.northing, SOUTHERN.easting, SOUTHERN.crs),
            (10.78, 106.7, crs.WGS84),
            (4_637_000, 448_000, FOREIGN),
        ):
            with pytest.raises(BadParameter) as refused:
                crs.locate(x, y, system, parameter="easting")

            assert refused.value.reason is Reason.SWAPPED_AXES
            assert refused.value.name == "easting"

    @pytest.mark.parametrize("pair", [(0.0, 0.0), (586_513.0, 58.0), (math.nan, 0.0), (1e300, 0.0)])
    def test_stated_numbers_that_fit_nowhere_are_refused(self, pair):
        with pytest.raises(BadParameter) as refused:
            crs.locate(*pair, crs.parse("5897"))

        assert refused.value.reason is Reason.OUTSIDE_CRS
