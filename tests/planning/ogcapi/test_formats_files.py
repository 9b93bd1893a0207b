"""FlatGeobuf and GeoPackage, read back by GDAL and by SQLite, feature for feature."""

import gc
import gzip
import json
import random
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from django.contrib.gis.gdal import DataSource
from django.utils import translation
from shapely.geometry.base import BaseGeometry

from planning import crs
from planning.ogcapi.collections import Family, Kind, Property
from planning.ogcapi.formats import WRITERS
from planning.ogcapi.formats.spool import PIECE
from tests.planning.ogcapi.pages import (
    FIRST,
    HOLED,
    SQUARE,
    TWO,
    Feature,
    empty_feature,
    feature,
    page,
    written,
)

FILES = ("gpkg", "fgb")
HOSTILE = (
    '=HYPERLINK("http://x")',
    'it\'s "quoted", and; more',
    'Robert\'); DROP TABLE "zones-history";--',
    "dòng một\r\ndòng hai\tcột",
    "Nguyễn Văn Ổi",
    "🏘️ 👩‍🌾 𠀀",
    "é" * 100_000,
    "\u202eright to left",
    "",
)


def kept(name: str, features: Sequence[Feature], folder: Path, **how: Any) -> Path:
    path = folder / f"zones.{name}"
    path.write_bytes(written(features, WRITERS[name], **how))
    return path


def read(path: Path, **how: Any) -> list[dict[str, Any]]:
    """Features as GDAL reads them, by id; a missing number or date as None, dates as such."""
    meta, _, geometries, columns = pyogrio.raw.read(path, **how)
    rows = []
    for geometry, *values in zip(geometries, *columns, strict=True):
        row = dict(zip(meta["fields"], map(as_python, values), strict=True))
        rows.append(row | {"geometry": None if geometry is None else shapely.from_wkb(geometry)})
    return sorted(rows, key=lambda row: str(row["id"]))


def as_python(value: Any) -> Any:
    if isinstance(value, np.datetime64):
        return None if np.isnat(value) else value.item()
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and np.isnan(value) else value


def multiple(geometry: BaseGeometry) -> BaseGeometry:
    return shapely.MultiPolygon([geometry]) if geometry.geom_type == "Polygon" else geometry


@pytest.mark.parametrize("name", FILES)
def test_every_value_and_every_corner_comes_back(name: str, tmp_path: Path) -> None:
    features = [feature(1), feature(2, TWO, share=1e-9), feature(3, HOLED, storeys=-(2**53), is_public=False)]

    rows = read(kept(name, features, tmp_path))

    assert [row["id"] for row in rows] == ["zone-1", "zone-2", "zone-3"]
    for row, given in zip(rows, features, strict=True):
        assert shapely.equals_identical(row["geometry"], multiple(given.geometry))
        assert row["name"] == given.values["name"]
        assert row["storeys"] == given.values["storeys"]
        assert row["share"] == float(given.values["share"])
        assert bool(row["is_public"]) is given.values["is_public"]
        assert row["recorded"] == datetime(2025, 3, 1, 17, 30, 15, 123000)
        assert json.loads(row["uses"]) == given.values["uses"]
        assert json.loads(row["allowed"]) == given.values["allowed"]


def test_a_date_stays_a_date_in_a_geopackage_and_is_its_first_moment_in_a_flatgeobuf(tmp_path: Path) -> None:
    (package,), (flat,) = (read(kept(name, [feature()], tmp_path)) for name in FILES)

    assert package["valid_from"] == date(2025, 3, 1)
    assert flat["valid_from"] == datetime(2025, 3, 1)


@pytest.mark.parametrize("name", FILES)
def test_columns_are_typed_even_where_there_is_no_feature(name: str, tmp_path: Path) -> None:
    path = kept(name, [], tmp_path)

    info = pyogrio.read_info(path, force_feature_count=True)

    assert info["features"] == 0
    assert info["geometry_type"] == "MultiPolygon"
    assert info["crs"] == "EPSG:4326"
    assert dict(zip(info["fields"], info["ogr_types"], strict=True)) == {
        "id": "OFTString",
        "name": "OFTString",
        "storeys": "OFTInteger64",
        "share": "OFTReal",
        "is_public": "OFTInteger",
        "valid_from": "OFTDate" if name == "gpkg" else "OFTDateTime",
        "recorded": "OFTDateTime",
        "uses": "OFTString",
        "allowed": "OFTString",
    }
    assert read(path) == []


@pytest.mark.parametrize("name", FILES)
def test_what_is_empty_is_empty_and_not_zero_or_a_blank(name: str, tmp_path: Path) -> None:
    path = kept(name, [feature(1), empty_feature(2)], tmp_path)

    _, empty = read(path)

    assert {key: value for key, value in empty.items() if key not in ("id", "geometry")} == dict.fromkeys(
        FIRST
    )


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("nowhere", [None, shapely.Polygon()])
def test_a_feature_that_is_nowhere_is_not_lost(
    name: str, nowhere: BaseGeometry | None, tmp_path: Path
) -> None:
    path = kept(name, [feature(1), feature(2, nowhere), feature(3, HOLED)], tmp_path)

    first, second, third = read(path)

    assert second["geometry"] is None
    assert second["name"] == FIRST["name"]
    assert first["geometry"].equals(SQUARE)
    assert third["geometry"].equals(HOLED)
    assert pyogrio.read_info(path)["total_bounds"] == (105.8, 20.0, 106.3, 21.1)


@pytest.mark.parametrize("name", FILES)
def test_hostile_texts_come_back_as_they_are(name: str, tmp_path: Path) -> None:
    features = [feature(number, name=text) for number, text in enumerate(HOSTILE)]

    rows = read(kept(name, features, tmp_path))

    assert [row["name"] for row in rows] == list(HOSTILE)


@pytest.mark.parametrize("name", FILES)
def test_characters_that_break_readers_are_replaced(name: str, tmp_path: Path) -> None:
    path = kept(name, [feature(name="a\x00b\x1ec\ud800d", uses={"a\x00": ["\x0b"]})], tmp_path)

    (row,) = read(path)

    assert row["name"] == "a\ufffdb\ufffdc\ufffdd"
    assert json.loads(row["uses"]) == {"a\x00": ["\x0b"]}  # JSON writes them as escapes


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    ("family", "single", "layer"),
    [
        (Family.POINT, shapely.Point(105.8, 21), "MultiPoint"),
        (Family.LINE, shapely.LineString([(105.8, 21), (105.9, 21.1)]), "MultiLineString"),
        (Family.POLYGON, SQUARE, "MultiPolygon"),
    ],
)
def test_a_family_is_one_type_that_takes_both(
    name: str, family: Family, single: BaseGeometry, layer: str, tmp_path: Path
) -> None:
    several = getattr(shapely, layer)([single])
    path = kept(name, [feature(1, single), feature(2, several)], tmp_path, family=family)

    assert pyogrio.read_info(path)["geometry_type"] == layer
    assert [row["geometry"].wkt for row in read(path)] == [several.wkt] * 2


@pytest.mark.parametrize("name", FILES)
def test_a_collection_of_any_family_keeps_each_type(name: str, tmp_path: Path) -> None:
    given = [shapely.Point(1, 2), SQUARE, TWO]
    features = [feature(number, one) for number, one in enumerate(given)]

    path = kept(name, features, tmp_path, family=Family.ANY)

    assert [row["geometry"].geom_type for row in read(path)] == ["Point", "Polygon", "MultiPolygon"]
    assert pyogrio.read_info(path)["geometry_type"] == "Unknown"


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("system", [*crs.VN2000, crs.CRS84, crs.WGS84, crs.parse("EPSG:3857")], ids=str)
def test_each_system_is_known_to_other_software_and_keeps_the_east_first(
    name: str, system: crs.CRS, tmp_path: Path
) -> None:
    lonlat = shapely.Polygon([(106.0, 16.0), (106.01, 16.0), (106.01, 16.01)])
    drawn = crs.transform(lonlat, crs.CRS84, system)

    path = kept(name, [feature(1, drawn)], tmp_path, system=system)

    (row,) = read(path)
    assert shapely.equals_identical(row["geometry"], multiple(drawn))
    assert pyogrio.read_info(path)["crs"] == f"EPSG:{system.epsg}"
    assert DataSource(path)[0].srs.srid == system.epsg
    assert crs.from_wkt(pyogrio.read_info(path)["crs"]).confidence is crs.Confidence.EXACT


@pytest.mark.parametrize("system", crs.VN2000, ids=str)
def test_the_official_shift_travels_in_both_files(system: crs.CRS, tmp_path: Path) -> None:
    package, flat = (kept(name, [feature()], tmp_path, system=system) for name in FILES)

    with closing(sqlite3.connect(package)) as file:
        (definition,) = file.execute(
            "SELECT definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?", (system.epsg,)
        ).fetchone()
    assert "TOWGS84[-191.90441429,-39.30318279,-111.45032835," in definition
    assert crs.from_wkt(definition).crs == system
    assert b"BOUNDCRS[" in flat.read_bytes()
    assert b"-191.90441429" in flat.read_bytes()


@pytest.mark.parametrize("name", FILES)
def test_the_spatial_index_finds_what_a_scan_finds(name: str, tmp_path: Path) -> None:
    features = [
        feature(number, shapely.box(east, north, east + 0.01, north + 0.01))
        for number, (east, north) in enumerate((e / 10, n / 10) for e in range(40) for n in range(40))
    ]
    box = (1.05, 1.005, 2.2, 1.35)

    path = kept(name, features, tmp_path)

    found = {row["id"] for row in read(path, bbox=box)}
    scanned = {one.id for one in features if one.geometry.intersects(shapely.box(*box))}
    assert found == scanned
    assert pyogrio.read_info(path)["capabilities"]["fast_spatial_filter"]


@pytest.mark.parametrize("name", FILES)
def test_rows_beyond_one_batch_all_arrive_once(name: str, tmp_path: Path) -> None:
    features = [feature(number, SQUARE if number % 7 else HOLED, name=f"{number}") for number in range(2_345)]

    rows = read(kept(name, features, tmp_path))

    assert sorted(int(row["name"]) for row in rows) == list(range(2_345))
    assert all((row["geometry"].area > 0.05) is (int(row["name"]) % 7 == 0) for row in rows)


@pytest.mark.parametrize("name", FILES)
def test_moments_are_universal_time_wherever_they_were_noted(name: str, tmp_path: Path) -> None:
    local = datetime(2025, 1, 1, 6, 30, tzinfo=timezone(timedelta(hours=7)))

    (row,) = read(kept(name, [feature(recorded=local)], tmp_path))

    assert row["recorded"] == datetime(2024, 12, 31, 23, 30)


@pytest.mark.parametrize("name", FILES)
def test_a_property_called_like_a_column_of_the_format_keeps_its_values(name: str, tmp_path: Path) -> None:
    names = ("ID", "fid", "geom", 'with "quotes"')
    properties = tuple(Property(name=one) for one in names)
    given = Feature("zone-1", SQUARE, {one: one.upper() for one in names})

    (row,) = read(kept(name, [given], tmp_path, properties=properties))

    assert {key: value for key, value in row.items() if key != "geometry"} == {
        "id": "zone-1",
        "ID_": "ID",
        "fid_": "FID",
        "geom_": "GEOM",
        'with "quotes"': 'WITH "QUOTES"',
    }


@pytest.mark.parametrize("name", FILES)
def test_what_must_be_said_of_the_data_is_said_in_the_file_in_the_readers_language(
    name: str, tmp_path: Path
) -> None:
    notices = ({"vi": "Dữ liệu minh họa", "en": "Invented data"},)

    with translation.override("vi"):
        path = kept(name, [feature()], tmp_path, notices=notices, licence="CC BY 4.0")

    assert pyogrio.read_info(path)["layer_metadata"]["DESCRIPTION"].splitlines() == [
        "All zones there were.",
        "Dữ liệu minh họa",
        "CC BY 4.0",
    ]
    assert pyogrio.list_layers(path)[:, 0].tolist() == ["zones-history"]


@pytest.mark.parametrize("name", FILES)
def test_the_same_page_gives_the_same_bytes(name: str) -> None:
    """Entity tags are made of the version of the data, not of the bytes."""
    features = [feature(number, TWO) for number in range(50)]

    assert written(features, WRITERS[name]) == written(features, WRITERS[name])


@pytest.mark.parametrize("name", FILES)
def test_a_file_can_be_compressed_on_its_way(name: str) -> None:
    whole = written([feature(number) for number in range(200)], WRITERS[name])

    packed = gzip.compress(whole)

    assert len(packed) < len(whole) / 2
    assert gzip.decompress(packed) == whole


def leftovers() -> set[Path]:
    return set(Path(gettempdir()).glob("ogcapi-*"))


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_left_behind_when_a_caller_hangs_up(name: str) -> None:
    before = leftovers()
    noise = random.Random(7)
    texts = ["".join(noise.choices("abcdefgh", k=1_000)) for _ in range(500)]
    pieces = WRITERS[name].write(page([feature(n, name=text) for n, text in enumerate(texts)], WRITERS[name]))

    assert len(next(pieces)) == PIECE
    assert leftovers() <= before  # it has no name any more while it is being sent
    pieces.close()  # type: ignore[attr-defined] # as Django does

    assert list(pieces) == []


@pytest.mark.parametrize("name", FILES)
def test_rows_that_fail_half_way_are_an_error_and_no_file(name: str) -> None:
    before = leftovers()
    told = page([feature(number) for number in range(1_500)], WRITERS[name])

    def failing() -> Iterator[Any]:
        yield from told.rows
        raise ConnectionError("the database went away")

    with pytest.raises(ConnectionError):
        WRITERS[name].write(replace(told, rows=failing()))
    gc.collect()

    assert leftovers() <= before


# GeoPackage by the letter of its standard.


@pytest.fixture
def package(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    path = kept("gpkg", [feature(1), feature(2, None), feature(3, TWO)], tmp_path, system=crs.VN2000[-1])
    with closing(sqlite3.connect(path)) as file:
        yield file


def test_a_geopackage_says_what_it_is(package: sqlite3.Connection) -> None:
    assert package.execute("PRAGMA application_id").fetchone() == (int.from_bytes(b"GPKG", "big"),)
    assert package.execute("PRAGMA user_version").fetchone() == (10300,)
    assert package.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert package.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_geopackage_describes_the_systems_it_must_and_its_own(package: sqlite3.Connection) -> None:
    own = crs.VN2000[-1].epsg
    rows = package.execute("SELECT srs_id, organization FROM gpkg_spatial_ref_sys ORDER BY srs_id").fetchall()

    assert rows == [(-1, "NONE"), (0, "NONE"), *sorted([(4326, "EPSG"), (own, "EPSG")])]


def test_the_contents_of_a_geopackage_are_dated_by_the_day_whose_law_they_show(
    package: sqlite3.Connection,
) -> None:
    (row,) = package.execute("SELECT * FROM gpkg_contents").fetchall()

    assert row == (
        "zones-history",
        "features",
        "Zones “of old”",
        "All zones there were.",
        "2026-11-22T00:00:00.000Z",
        *(105.8, 20.0, 106.3, 21.1),
        crs.VN2000[-1].epsg,
    )


def test_our_geopackage_has_the_tables_and_triggers_that_gdal_gives_its_own(
    package: sqlite3.Connection, tmp_path: Path
) -> None:
    theirs = tmp_path / "theirs.gpkg"
    pyogrio.raw.write(
        theirs,
        geometry=np.array([SQUARE.wkb], dtype=object),
        field_data=[np.array(["a"], dtype=object)],
        fields=["id"],
        layer="zones-history",
        driver="GPKG",
        geometry_type="MultiPolygon",
        promote_to_multi=True,
        crs="EPSG:4326",
        dataset_options={"VERSION": "1.3", "ADD_GPKG_OGR_CONTENTS": "NO"},
    )
    with closing(sqlite3.connect(theirs)) as file:
        expected = {key: sql for key, sql in schema(file).items() if "tile_matrix" not in key}

    ours = schema(package)

    assert expected.keys() == ours.keys()
    for name in expected.keys() - {"zones-history"}:
        assert ours[name] == expected[name], name


def schema(file: sqlite3.Connection) -> dict[str, str]:
    """What was made in a file, each by its name, without regard to spaces, quotes and case."""
    rows = file.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return {name: "".join(sql.replace('"', "").lower().split()) for name, sql in rows}


def test_the_index_follows_when_a_planner_edits_the_file(tmp_path: Path) -> None:
    path = kept("gpkg", [feature(1)], tmp_path)
    moved = shapely.box(1, 1, 2, 2)

    pyogrio.raw.write(
        path,
        geometry=np.array([shapely.MultiPolygon([moved]).wkb], dtype=object),
        field_data=[np.array(["added"], dtype=object)],
        fields=["id"],
        layer="zones-history",
        driver="GPKG",
        geometry_type="MultiPolygon",
        crs="EPSG:4326",
        append=True,
    )

    (row,) = read(path, bbox=(0, 0, 3, 3))
    assert row["id"] == "added"
    assert row["geometry"].equals(moved)


def test_each_geometry_in_a_geopackage_carries_its_own_bounds(package: sqlite3.Connection) -> None:
    blobs = dict(package.execute('SELECT fid, geom FROM "zones-history"').fetchall())

    assert blobs[2] is None
    assert blobs[3][:4] == b"GP\x00\x03"
    assert np.frombuffer(blobs[3], "<i4", 1, 4).tolist() == [crs.VN2000[-1].epsg]
    assert np.frombuffer(blobs[3], "<f8", 4, 8).tolist() == [105.8, 106.3, 20.0, 21.1]
    assert shapely.from_wkb(blobs[3][40:]).equals(TWO)


@pytest.mark.parametrize("name", FILES)
def test_a_decimal_is_a_number_and_a_whole_number_may_be_large(name: str, tmp_path: Path) -> None:
    properties = (Property(name="area", kind=Kind.NUMBER), Property(name="count", kind=Kind.INTEGER))
    given = Feature("zone-1", SQUARE, {"area": Decimal("10000.23"), "count": 2**62})

    (row,) = read(kept(name, [given], tmp_path, properties=properties))

    assert (row["area"], row["count"]) == (10000.23, 2**62)


def test_utc_is_written_as_such_in_a_geopackage(package: sqlite3.Connection) -> None:
    assert package.execute('SELECT recorded FROM "zones-history"').fetchone() == ("2025-03-01T17:30:15.123Z",)
    assert FIRST["recorded"].tzinfo is UTC
