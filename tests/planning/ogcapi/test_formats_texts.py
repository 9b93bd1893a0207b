"""CSV and GeoJSON-Seq, read back by the csv module, by JSON and by GDAL."""

import csv
import gzip
import io
import json
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyogrio
import pytest
import shapely

from planning import crs
from planning.ogcapi.collections import Kind, Property
from planning.ogcapi.formats import WRITERS, headers_of
from planning.ogcapi.formats.table import cell
from tests.planning.ogcapi.pages import (
    FIRST,
    HOLED,
    KINDS,
    SQUARE,
    TWO,
    Feature,
    empty_feature,
    feature,
    page,
    written,
)

TABLE, SEQUENCE = WRITERS["csv"], WRITERS["geojsonseq"]
VN2000_ZONE = next(system for system in crs.VN2000 if system.is_projected)


def lines(text: bytes) -> list[dict[str, str]]:
    """The rows of a table as Python reads them."""
    return list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"), newline=""), strict=True))


def records(text: bytes) -> list[Any]:
    """The texts of a sequence as RFC 7464 cuts it."""
    if not text:
        return []
    nothing, *parts = text.split(b"\x1e")
    assert nothing == b""
    assert all(part.endswith(b"\n") and part.count(b"\n") == 1 for part in parts)
    return [json.loads(part) for part in parts]


# --- CSV ---


def test_a_table_begins_so_that_a_spreadsheet_reads_vietnamese() -> None:
    assert written([feature()], TABLE).startswith("\ufeffid,name,".encode())


def test_each_line_ends_as_the_standard_wants() -> None:
    text = written([feature(1), feature(2)], TABLE)

    assert text.count(b"\r\n") == text.count(b"\n") == 3


def test_every_value_stands_in_its_cell() -> None:
    (row,) = lines(written([feature(geometry=HOLED)], TABLE))

    inside = shapely.Point(float(row.pop("lon")), float(row.pop("lat")))
    assert shapely.from_wkt(row.pop("geometry")).equals(HOLED)
    assert HOLED.contains(inside)
    assert row == {
        "id": "zone-1",
        "name": "Đất ở đô thị 🏙",
        "storeys": "5",
        "share": "0.25",
        "is_public": "true",
        "valid_from": "2025-03-01",
        "recorded": "2025-03-01T17:30:15.123000+00:00",
        "uses": '{"allowed":["nhà ở"]}',
        "allowed": '["nhà ở","chợ"]',
    }


def test_an_empty_result_is_a_table_with_a_header() -> None:
    text = written([], TABLE).decode("utf-8-sig")

    assert text == "id,name,storeys,share,is_public,valid_from,recorded,uses,allowed,lon,lat,geometry\r\n"


@pytest.mark.parametrize("nowhere", [None, shapely.Polygon()])
def test_what_is_empty_is_an_empty_cell(nowhere: Any) -> None:
    _, row = lines(written([feature(1), empty_feature(2, nowhere)], TABLE))

    assert {name for name, value in row.items() if value} - {"geometry"} == {"id"}
    assert row["geometry"] == ("" if nowhere is None else "POLYGON EMPTY")


@pytest.mark.parametrize("text", ["=1+1", "+84 24 3825", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"])
def test_no_text_is_run_as_a_formula(text: str) -> None:
    (row,) = lines(written([Feature(text, SQUARE, {**FIRST, "name": text})], TABLE))

    assert row["name"].startswith("'")
    assert row["name"][1:] == text.replace("\r", "\n")
    assert row["id"].startswith("'")


@pytest.mark.parametrize("value", [-5, -0.5, Decimal("-0.25"), 2**60])
def test_numbers_stay_numbers(value: Any) -> None:
    (row,) = lines(written([feature(share=value)], TABLE))

    assert Decimal(row["share"]) == value


@pytest.mark.parametrize(
    "text",
    [
        'says "no", then; more',
        "one\ntwo\n\nthree",
        "Quần đảo",
        "👩‍🌾 𠀀",
        "é" * 200_000,
        "'already",
        " = spaced",
        "a\tb",
        "\u202eback",
        "NULL",
        "\\N",
    ],
)
def test_other_texts_come_back_as_they_are(text: str) -> None:
    csv.field_size_limit(1_000_000)
    first, second = lines(written([feature(1, name=text), feature(2)], TABLE))

    assert first["name"] == text
    assert second["name"] == FIRST["name"]


def test_no_character_breaks_a_table() -> None:
    (row,) = lines(written([feature(name="a\x00b\x1b[31mc\ud800d\r\ne\rf")], TABLE))

    assert row["name"] == "a\ufffdb\ufffd[31mc\ufffdd\ne\nf"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal("1E+3"), "1000"),
        (Decimal("0.10"), "0.10"),
        (False, "false"),
        (date(2025, 3, 1), "2025-03-01"),
        (datetime(2025, 3, 1, 8, tzinfo=timezone(timedelta(hours=7))), "2025-03-01T08:00:00+07:00"),
        (float("nan"), ""),
        (float("-inf"), ""),
        ([], "[]"),
        ({"a": Decimal("0.5"), "b": [None, "đ"]}, '{"a":0.5,"b":[null,"đ"]}'),
        (["=1+1"], '["=1+1"]'),
    ],
)
def test_each_kind_of_value_has_one_spelling(value: Any, shown: str) -> None:
    assert cell(value) == shown


@pytest.mark.parametrize(
    ("system", "names"),
    [
        (crs.CRS84, ("lon", "lat")),
        (crs.WGS84, ("lon", "lat")),
        (VN2000_ZONE, ("easting", "northing")),
        (crs.parse("EPSG:3857"), ("easting", "northing")),
    ],
    ids=str,
)
def test_the_point_of_a_feature_is_named_so_that_nobody_mistakes_its_axes(
    system: crs.CRS, names: tuple[str, str]
) -> None:
    drawn = crs.transform(SQUARE, crs.CRS84, system)

    (row,) = lines(written([feature(geometry=drawn)], TABLE, system=system))

    assert drawn.contains(shapely.Point(*(float(row[name]) for name in names)))


def test_the_geometry_of_a_table_has_the_axes_of_its_system() -> None:
    (row,) = lines(written([feature()], TABLE, system=crs.WGS84))

    assert shapely.from_wkt(row["geometry"]).bounds == (21.0, 105.8, 21.1, 105.9)


def test_a_property_called_like_a_column_of_the_table_keeps_its_values() -> None:
    properties = tuple(Property(name=name) for name in ("ID", "lat", "geometry"))
    given = Feature("zone-1", None, {"ID": "a", "lat": "b", "geometry": "c"})

    (row,) = lines(written([given], TABLE, properties=properties))

    assert row == {
        "id": "zone-1",
        "ID_": "a",
        "lat_": "b",
        "geometry_": "c",
        "lon": "",
        "lat": "",
        "geometry": "",
    }


def test_gdal_reads_our_table(tmp_path: Path) -> None:
    path = tmp_path / "zones.csv"
    path.write_bytes(written([feature(1), feature(2, TWO)], TABLE))

    meta, _, geometries, columns = pyogrio.raw.read(path, GEOM_POSSIBLE_NAMES="geometry")

    assert meta["fields"][0] == "id"
    assert columns[0].tolist() == ["zone-1", "zone-2"]
    assert [shapely.from_wkb(one).wkt for one in geometries] == [SQUARE.wkt, TWO.wkt]


# --- GeoJSON-Seq ---


def test_each_feature_is_one_record_and_one_line() -> None:
    features = [feature(1), feature(2, TWO, name="a\nb\x1ec"), empty_feature(3, None)]

    first, second, third = records(written(features, SEQUENCE))

    assert first == {
        "type": "Feature",
        "id": "zone-1",
        "geometry": json.loads(shapely.to_geojson(SQUARE)),
        "properties": {
            "name": "Đất ở đô thị 🏙",
            "storeys": 5,
            "share": 0.25,
            "is_public": True,
            "valid_from": "2025-03-01",
            "recorded": "2025-03-01T17:30:15.123000+00:00",
            "uses": {"allowed": ["nhà ở"]},
            "allowed": ["nhà ở", "chợ"],
        },
    }
    assert second["properties"]["name"] == "a\nb\x1ec"
    assert third["geometry"] is None
    assert set(third["properties"].values()) == {None}


def test_a_sequence_of_nothing_is_empty() -> None:
    assert written([], SEQUENCE) == b""


def test_gdal_reads_our_sequence(tmp_path: Path) -> None:
    path = tmp_path / "zones.geojsons"
    path.write_bytes(written([feature(number, TWO) for number in range(2_001)], SEQUENCE))

    meta, _, geometries, columns = pyogrio.raw.read(path)

    assert pyogrio.detect_write_driver(path) == "GeoJSONSeq"
    assert dict(zip(meta["fields"], columns, strict=True))["id"].tolist() == [
        f"zone-{n}" for n in range(2_001)
    ]
    assert shapely.from_wkb(geometries[-1]).equals(TWO)


# --- Both ---


@pytest.mark.parametrize("writer", [TABLE, SEQUENCE], ids=["csv", "geojsonseq"])
def test_the_first_piece_goes_before_the_last_row_is_read(writer: Any) -> None:
    told = page([feature(number) for number in range(5_000)], writer)

    pieces = writer.write(told)
    next(pieces), next(pieces)

    assert next(told.rows)[0] == ("zone-1000" if writer is TABLE else "zone-2000")


@pytest.mark.parametrize("writer", [TABLE, SEQUENCE], ids=["csv", "geojsonseq"])
def test_pieces_join_to_one_text_that_can_be_compressed(writer: Any) -> None:
    features = [feature(number) for number in range(2_345)]
    whole = written(features, writer)

    assert gzip.decompress(gzip.compress(whole)) == whole
    ids = [row["id"] for row in (lines if writer is TABLE else records)(whole)]
    assert ids == [one.id for one in features]


# --- The table of formats ---


def test_every_format_is_offered_under_its_own_name() -> None:
    assert list(WRITERS) == ["json", "csv", "gpkg", "fgb", "geojsonseq"]
    assert {name: writer.representation.name for name, writer in WRITERS.items()} == {n: n for n in WRITERS}


@pytest.mark.parametrize(
    ("name", "media_type", "kept_as"),
    [
        ("json", "application/geo+json", None),
        ("csv", "text/csv; charset=utf-8", "zones.csv"),
        ("gpkg", "application/geopackage+sqlite3", "zones.gpkg"),
        ("fgb", "application/flatgeobuf", "zones.fgb"),
        ("geojsonseq", "application/geo+json-seq", "zones.geojsons"),
    ],
)
def test_a_file_says_its_type_and_its_name(name: str, media_type: str, kept_as: str | None) -> None:
    headers = headers_of("zones", WRITERS[name].representation)

    assert headers["Content-Type"] == media_type
    assert headers.get("Content-Disposition") == (kept_as and f'attachment; filename="{kept_as}"')


def test_every_kind_of_value_is_tried() -> None:
    assert {kind for _, kind in KINDS} == set(Kind)
