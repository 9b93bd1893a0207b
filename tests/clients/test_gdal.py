"""GDAL reads whole collections as they are stored: page by page, filtered, in each system, from files."""

import shutil
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from planning import crs
from tests.clients import gdal, truth

pytestmark = pytest.mark.django_db

# Half of the last decimal that is written, and the noise of a double.
DEGREES, METRES = 0.51e-7, 0.51e-3
PAGES = {"zones": "100", "zones-history": "500", "restriction-lines": "100", "parcels": "5000"}
METRIC = "EPSG:5897"
BOX = (105.846, 21.025, 105.852, 21.031)


def oapif(base: str, name: str, **more: Any) -> gdal.Read:
    return gdal.read(f"OAPIF:{base}", name, **{"PAGE_SIZE": PAGES.get(name, "1000"), **more})


def assert_same(found: gdal.Read, expected: dict[str, truth.Row], tolerance: float = DEGREES) -> None:
    told = found.by_id()
    assert told.keys() == expected.keys()
    for key, (values, place) in expected.items():
        truth.assert_same_values(told[key][0], values)
        truth.assert_same_place(told[key][1], place, tolerance)


@pytest.mark.parametrize("name", truth.COLLECTIONS)
def test_every_collection_is_read_whole_feature_for_feature(base: str, name: str) -> None:
    expected = truth.rows(name)

    found = oapif(base, name)

    assert found.driver == "OAPIF"
    assert found.geometry_type.startswith("Multi") or not expected  # one type, known from the first page
    assert found.count == len(found.geometries) == len(expected)
    if expected:  # of nothing GDAL makes no fields
        assert_same(found, expected)


def test_the_demonstration_fills_all_collections_but_one(base: str) -> None:
    empty = {name for name in truth.COLLECTIONS if not truth.rows(name)}

    assert empty == {"restriction-points"}
    assert len(truth.rows("zones")) > int(PAGES["zones"]), "else no page would follow"


def test_a_box_leaves_what_it_meets(base: str) -> None:
    expected = truth.rows("zones")
    box = shapely.box(*BOX)
    near = {key: row for key, row in expected.items() if row[1] is not None and row[1].intersects(box)}

    found = oapif(base, "zones", bbox=BOX)

    assert 0 < len(near) < len(expected)
    assert_same(found, near)


@pytest.mark.parametrize(
    ("where", "test"),
    [
        ("land_use = 'ODT'", lambda row: row["land_use"] == "ODT"),
        ("plan_title = 'Không có quy hoạch này'", lambda row: False),
        (
            "land_use = 'ODT' AND coverage_min >= 60",
            lambda row: row["land_use"] == "ODT" and (row["coverage_min"] or 0) >= 60,
        ),
        ("valid_from = '2018-07-01'", lambda row: row["valid_from"] == "2018-07-01"),
        (
            "CAST(valid_from AS CHARACTER(10)) >= '2019-01-01'",
            lambda row: (row["valid_from"] or "") >= "2019-01-01",
        ),
        ("status = 'suspended'", lambda row: row["status"] == "suspended"),
    ],
)
def test_a_condition_finds_what_is_so(base: str, where: str, test: Any) -> None:
    """GDAL sends equalities as parameters and looks through the rest by itself."""
    expected = {key for key, (row, _) in truth.rows("zones-history").items() if test(row)}

    found = oapif(base, "zones-history", where=where)

    assert found.by_id().keys() == expected
    assert expected or "Không" in where


def test_a_comparison_of_days_is_refused_rather_than_answered_as_another(base: str) -> None:
    """GDAL makes `datetime` of it, whatever the column, and would not look at the column any more."""
    with pytest.raises(AssertionError, match="datetime"):
        oapif(base, "zones-history", where="valid_from >= '2019-01-01'")


@pytest.mark.parametrize("system", ["OGC:CRS84", "EPSG:4326", "EPSG:3857", METRIC])
def test_each_system_comes_with_its_axes_in_place(base: str, system: str) -> None:
    """GDAL turns the axes by what EPSG says of the system: ours are written so."""
    wanted = crs.CRS84 if system == "OGC:CRS84" else crs.parse(system)
    in_degrees = system in ("OGC:CRS84", "EPSG:4326")
    expected = {
        key: (values, place if in_degrees else crs.transform(place, crs.WGS84, wanted))
        for key, (values, place) in truth.rows("restriction-lines").items()
    }

    found = oapif(base, "restriction-lines", CRS=system)

    # a millimetre more: PROJ and PostGIS compute the same in another order
    assert_same(found, expected, DEGREES if in_degrees else METRES + 1e-6)
    assert ("84" in found.crs) if in_degrees else (found.crs == system)


def test_a_box_in_metres_finds_what_the_same_box_finds_in_degrees(base: str) -> None:
    corners = np.array([shapely.Point(BOX[:2]), shapely.Point(BOX[2:])])
    west, south, east, north = shapely.total_bounds(
        [crs.transform(point, crs.WGS84, crs.parse(METRIC)) for point in corners]
    )
    expected = {
        key
        for key, (_, place) in truth.rows("zones").items()
        if crs.transform(place, crs.WGS84, crs.parse(METRIC)).intersects(
            shapely.box(west, south, east, north)
        )
    }

    found = oapif(base, "zones", CRS=METRIC, bbox=(west, south, east, north))

    assert expected
    assert found.by_id().keys() == expected


@pytest.mark.parametrize("name", ["gpkg", "fgb", "csv", "geojsonseq", "json"])
def test_a_download_opens_with_the_driver_of_its_format(base: str, name: str, tmp_path: Path) -> None:
    drivers = {
        "gpkg": "GPKG",
        "fgb": "FlatGeobuf",
        "csv": "CSV",
        "geojsonseq": "GeoJSONSeq",
        "json": "GeoJSON",
    }
    path = tmp_path / f"zones.{name}"
    with urllib.request.urlopen(f"{base}/collections/zones/items?f={name}&limit=10000") as response:  # noqa: S310
        path.write_bytes(response.read())

    options = {"GEOM_POSSIBLE_NAMES": "geometry"} if name == "csv" else {}
    found = gdal.read(path, "zones" if name in ("gpkg", "fgb") else None, **options)

    assert found.driver == drivers[name]
    assert len(found.geometries) == len(truth.rows("zones"))


def test_a_stream_of_flatgeobuf_is_read_from_its_address(base: str) -> None:
    found = gdal.read(f"/vsicurl_streaming/{base}/collections/zones/items?f=fgb")

    assert found.driver == "FlatGeobuf"
    assert found.crs == "EPSG:4326"
    assert found.by_id().keys() == truth.rows("zones").keys()


def test_the_command_lines_of_the_system_read_it_too(base: str, tmp_path: Path) -> None:
    """Whatever version of GDAL it is; the product needs none."""
    if not shutil.which("ogr2ogr"):
        pytest.skip("ogr2ogr is not installed (Debian: gdal-bin); pyogrio's GDAL is asked in the other tests")
    target = tmp_path / "zones.gpkg"

    subprocess.run(
        ["ogr2ogr", "-oo", "PAGE_SIZE=250", target, f"OAPIF:{base}", "zones"],  # noqa: S607
        check=True,
        capture_output=True,
        env=gdal.CLEAN,
    )

    assert gdal.read(target, "zones").count == len(truth.rows("zones"))
