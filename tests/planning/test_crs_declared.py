"""What a file says of its own coordinate system, and how far it is believed."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyogrio
import pyogrio.raw
import pyproj
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import box

from planning import crs
from planning.crs import Confidence, Doubt
from planning.errors import BadParameter
from tests.planning.test_crs import each_system

PINNED_SHIFT = "-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,0.252906278"


def wkt(code: int, version: str = "WKT1_GDAL") -> str:
    return pyproj.CRS.from_epsg(code).to_wkt(version)


def proj(text: str) -> str:
    return pyproj.CRS.from_proj4(text).to_wkt("WKT2_2019")


TM_105 = "+proj=tmerc +lat_0=0 +lon_0=105 +k=0.9999 +x_0=500000 +y_0=0 +units=m +no_defs "


class TestDeclared:
    @each_system
    @pytest.mark.parametrize("version", ["WKT1_GDAL", "WKT2_2019", "WKT2_2015"])
    def test_a_registered_definition_is_exact(self, system, version):
        declared = crs.from_wkt(wkt(int(system.code[5:]), version))

        assert (declared.crs, declared.confidence, declared.doubt) == (system, Confidence.EXACT, None)

    @each_system
    def test_the_spelling_of_a_prj_file_is_equivalent(self, system):
        declared = crs.from_wkt(wkt(int(system.code[5:]), "WKT1_ESRI"))

        assert (declared.crs, declared.confidence) == (system, Confidence.EQUIVALENT)

    @each_system
    def test_our_own_rows_are_read_back(self, system):
        row = next(row for row in crs.srs_rows() if row.srid == system.srid)

        declared = crs.from_wkt(row.srtext)

        assert (declared.crs, declared.confidence) == (system, Confidence.EXACT)

    @pytest.mark.parametrize("code", [4326, 3857, 26916, 3435, 32648])
    def test_systems_of_the_whole_world_are_exact_or_equivalent(self, code):
        assert crs.from_wkt(wkt(code)).crs == crs.parse(str(code))
        assert crs.from_wkt(wkt(code, "WKT1_ESRI")).crs == crs.parse(str(code))
        assert crs.from_wkt(f"EPSG:{code}").confidence is Confidence.EXACT

    def test_a_compound_system_counts_by_its_horizontal_part(self):
        heights = pyproj.crs.CompoundCRS("with heights", ["EPSG:5897", "EPSG:5727"]).to_wkt()

        assert crs.from_wkt(heights).crs == crs.parse("5897")

    def test_the_seven_official_parameters_name_the_datum(self):
        declared = crs.from_wkt(proj(f"{TM_105} +ellps=WGS84 +towgs84={PINNED_SHIFT}"))

        assert declared.crs == crs.parse("5897")
        assert (declared.confidence, declared.doubt) == (Confidence.EQUIVALENT, Doubt.NAMED_BY_SHIFT)

    @pytest.mark.parametrize("datum", ["+datum=WGS84", "+ellps=WGS84", "+ellps=WGS84 +towgs84=0,0,0"])
    def test_a_zone_that_lost_its_datum_is_told_apart(self, datum):
        declared = crs.from_wkt(proj(TM_105 + datum))

        assert declared.crs == crs.parse("5897")
        assert (declared.confidence, declared.doubt) == (Confidence.DATUM_LOST, Doubt.WITHOUT_DATUM)

    def test_rotations_with_the_wrong_sign_are_asked_about(self):
        wrong = "-191.90441429,-39.30318279,-111.45032835,-0.00928836,0.01975479,-0.00427372,0.252906278"

        declared = crs.from_wkt(proj(f"{TM_105} +ellps=WGS84 +towgs84={wrong}"))

        assert (declared.confidence, declared.doubt) == (Confidence.DATUM_LOST, Doubt.OTHER_SHIFT)

    def test_a_named_datum_with_another_shift_keeps_its_system(self):
        shifted = wkt(5897).replace(
            'SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]]',
            'SPHEROID["WGS 84",6378137,298.257223563],TOWGS84[-192.873,-39.382,-111.202,0,0,0,0]',
        )

        declared = crs.from_wkt(shifted)

        assert declared.crs == crs.parse("5897")
        assert (declared.confidence, declared.doubt) == (Confidence.EQUIVALENT, Doubt.OTHER_SHIFT)

    def test_utm_of_wgs_84_is_a_system_of_its_own(self):
        declared = crs.from_wkt(proj("+proj=utm +zone=48 +datum=WGS84 +units=m"))

        assert declared.crs == crs.parse("EPSG:32648")

    @pytest.mark.parametrize("definition", [wkt(6957), wkt(6957, "WKT1_ESRI"), "EPSG:6957"])
    def test_a_deprecated_system_names_its_replacement(self, definition):
        declared = crs.from_wkt(definition)

        assert declared.crs == crs.parse("5897")
        assert (declared.confidence, declared.doubt) == (Confidence.DEPRECATED, Doubt.SWAPPED_ORIGIN)

    def test_a_code_that_contradicts_the_numbers_does_not_win(self):
        lying = wkt(5897).replace('"scale_factor",0.9999', '"scale_factor",0.9996')

        declared = crs.from_wkt(lying)

        assert declared.crs == crs.parse("3405")
        assert declared.doubt is Doubt.CODE_CONTRADICTS

    @pytest.mark.parametrize(
        ("definition", "doubt"),
        [
            ("", Doubt.MISSING),
            ("   ", Doubt.MISSING),
            ("not a definition", Doubt.UNREADABLE),
            ("PROJCS[" * 500, Doubt.UNREADABLE),
            ("\ud800", Doubt.UNREADABLE),
            ("EPSG:1", Doubt.NOT_REGISTERED),
            ("ESRI:102100x", Doubt.NOT_REGISTERED),
            ('LOCAL_CS["drawing",UNIT["metre",1]]', Doubt.NOT_GEOREFERENCED),
            (wkt(5727), Doubt.NOT_GEOREFERENCED),
            (wkt(5897).replace('"central_meridian",105', '"central_meridian",105.25'), Doubt.NO_SUCH_ZONE),
            (proj("+proj=tmerc +lon_0=19 +k=0.99 +x_0=1 +ellps=bessel +units=m"), Doubt.NOT_REGISTERED),
        ],
    )
    def test_what_cannot_be_used_says_why(self, definition, doubt):
        declared = crs.from_wkt(definition)

        assert (declared.crs, declared.confidence, declared.doubt) == (None, Confidence.UNKNOWN, doubt)
        assert declared.reason == doubt.value

    @pytest.mark.parametrize("extension", ["gpkg", "shp", "fgb", "geojson"])
    @pytest.mark.parametrize("code", ["EPSG:5897", "EPSG:9210", "EPSG:4756", "EPSG:26916"])
    def test_files_keep_their_system(self, tmp_path, written, extension, code):
        declared = written(tmp_path / f"plan.{extension}", code)

        assert (declared.crs, declared.confidence) == (crs.parse(code), Confidence.EXACT)

    @pytest.mark.parametrize("extension", ["gpkg", "shp", "fgb", "geojson", "mif"])
    def test_a_deprecated_code_in_a_file_is_noticed(self, tmp_path, written, extension):
        declared = written(tmp_path / f"plan.{extension}", "EPSG:6957")

        assert (declared.crs, declared.confidence) == (crs.parse("5897"), Confidence.DEPRECATED)

    def test_mapinfo_loses_the_datum_and_it_is_noticed(self, tmp_path, written):
        declared = written(tmp_path / "plan.mif", "EPSG:9210")

        assert (declared.crs, declared.confidence) == (crs.parse("9210"), Confidence.DATUM_LOST)

    def test_mapinfo_keeps_the_seven_parameters_and_they_are_accepted(self, tmp_path, written):
        row = next(row for row in crs.srs_rows() if row.srid == 909210)

        declared = written(tmp_path / "plan.mif", row.srtext)

        assert (declared.crs, declared.confidence) == (crs.parse("9210"), Confidence.EQUIVALENT)


@settings(deadline=None)  # the first call builds the PROJ objects
@given(st.text())
def test_any_text_is_judged_or_refused(text):
    assert crs.from_wkt(text).confidence in Confidence
    with contextlib.suppress(BadParameter):
        crs.parse(text)


@pytest.fixture
def written() -> Iterator[Callable[[Path, str], crs.Declared]]:
    """Writes a square with this system and says what the file declares when it is read back."""
    drivers = {".gpkg": "GPKG", ".shp": "ESRI Shapefile", ".fgb": "FlatGeobuf", ".geojson": "GeoJSON",
               ".mif": "MapInfo File"}  # fmt: skip
    square = np.array([box(0.1, 0.1, 0.2, 0.2).wkb], dtype=object)

    def write(path: Path, system: str) -> crs.Declared:
        pyogrio.raw.write(
            path,
            square,
            [np.array([1])],
            ["number"],
            crs=system,
            geometry_type="Polygon",
            driver=drivers[path.suffix],
        )
        return crs.from_wkt(pyogrio.read_info(path)["crs"])

    pyogrio.set_gdal_config_options(dict(crs.GDAL_READER_OPTIONS))
    yield write
    pyogrio.set_gdal_config_options(dict.fromkeys(crs.GDAL_READER_OPTIONS))
