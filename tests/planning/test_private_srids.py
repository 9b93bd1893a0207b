"""The pinned systems in the database: measured in both directions, and again after dump and restore."""

import os
import subprocess
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import numpy as np
import psycopg
import pytest
from django.apps import apps
from django.contrib.gis.gdal import SpatialReference
from django.db import connection

from planning import crs
from tests.planning.test_crs import each_control_point, each_system, grid_over

Ask = Callable[[str, tuple], list[tuple]]

# What PostGIS itself leaves of a millimetre is far less than this; our own tolerance is in the points.
SAME_METRES = 0.0002

FORWARD = """
    SELECT ST_X(place), ST_Y(place)
    FROM ST_Transform(ST_SetSRID(ST_MakePoint(%s::float8, %s::float8), 4326), %s::integer) AS place
"""
BACKWARD = """
    SELECT ST_X(place), ST_Y(place)
    FROM ST_Transform(ST_SetSRID(ST_MakePoint(%s::float8, %s::float8), %s::integer), 4326) AS place
"""
MANY = """
    SELECT ST_X(there), ST_Y(there), ST_X(again), ST_Y(again)
    FROM unnest(%s::float8[], %s::float8[]) WITH ORDINALITY AS given(lon, lat, position),
         ST_Transform(ST_SetSRID(ST_MakePoint(lon, lat), 4326), %s::integer) AS there,
         ST_Transform(there, 4326) AS back, ST_Transform(back, %s::integer) AS again
    ORDER BY position
"""


def rows_now() -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT srid, auth_name, auth_srid, srtext, proj4text FROM spatial_ref_sys"
            " WHERE srid = ANY(%s) ORDER BY srid",
            [[row.srid for row in crs.srs_rows()]],
        )
        return cursor.fetchall()


def expected_rows() -> list[tuple]:
    return [
        (row.srid, row.auth_name, row.auth_srid, row.srtext, row.proj4text)
        for row in sorted(crs.srs_rows(), key=lambda row: row.srid)
    ]


def ask(statement: str, values: tuple) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def assert_pinned(asked: Ask, point: crs.ControlPoint) -> None:
    """The point to a millimetre both ways; on the way back measured in metres on its own grid."""
    (found,) = asked(FORWARD, (point.lon, point.lat, point.srid))
    assert found == pytest.approx((point.easting, point.northing), abs=point.tolerance)

    ((lon, lat),) = asked(BACKWARD, (*found, point.srid))
    (ours,) = crs.transform_array(np.array([found]), point.crs, crs.WGS84)
    on_grid = crs.transform_array(np.array([[lon, lat], ours]), crs.WGS84, point.crs)
    assert np.hypot(*(on_grid[0] - on_grid[1])) < point.tolerance
    assert np.hypot(*(on_grid[0] - found)) < 0.002


@pytest.mark.django_db
class TestInTheDatabase:
    def test_the_migration_has_written_every_row(self):
        assert rows_now() == expected_rows()

    @each_control_point
    def test_t23_control_points_are_hit_both_ways(self, point):
        assert_pinned(ask, point)

    @each_system
    def test_t23_every_system_agrees_with_python_and_comes_back(self, system):
        degrees = grid_over(system)
        lon, lat = degrees.T.tolist()

        found = np.array(ask(MANY, (lon, lat, system.srid, system.srid)))

        there = crs.transform_array(degrees, crs.WGS84, system)
        metres = crs.parse("EPSG:5897")
        in_metres = [
            pairs if system.is_projected else crs.transform_array(pairs, system, metres)
            for pairs in (there, found[:, :2], found[:, 2:])
        ]
        assert np.hypot(*(in_metres[1] - in_metres[0]).T).max() < SAME_METRES
        assert np.hypot(*(in_metres[2] - in_metres[1]).T).max() < 0.002

    def test_no_tear_where_proj_changes_its_operation(self):
        southern = crs.parse("EPSG:9210")
        pairs = [ask(FORWARD, (106.0, lat, southern.srid))[0] for lat in (11.0399999, 11.0400001)]

        assert pairs[1][1] - pairs[0][1] == pytest.approx(0.022, abs=0.001)

    def test_geographic_coordinates_are_longitude_first(self):
        ((lon, lat),) = ask(FORWARD, (105.0, 21.0, 904756))

        assert (round(lon), round(lat)) == (105, 21)

    def test_a_system_of_another_country_agrees_with_python(self):
        foreign = crs.parse("EPSG:26916")
        (found,) = ask(FORWARD, (-87.63, 41.88, foreign.srid))

        (ours,) = crs.transform_array(np.array([[-87.63, 41.88]]), crs.WGS84, foreign)
        assert found == pytest.approx(tuple(ours), abs=0.001)

    def test_the_migration_can_run_again_and_repairs_a_changed_row(self):
        migration = import_module("planning.migrations.0002_private_srids")
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE spatial_ref_sys SET auth_name = 'EPSG', proj4text = '' WHERE srid = 909210"
            )
            cursor.execute("DELETE FROM spatial_ref_sys WHERE srid = 909218")

        with connection.schema_editor() as editor:
            migration.pin(apps, editor)

        assert rows_now() == expected_rows()

    def test_the_migration_can_be_taken_back(self):
        migration = import_module("planning.migrations.0002_private_srids")
        with connection.schema_editor() as editor:
            migration.unpin(apps, editor)

        assert rows_now() == []

    @each_system
    def test_django_reads_the_row_as_a_system_of_its_own_number(self, system):
        row = next(row for row in crs.srs_rows() if row.srid == system.srid)

        read = SpatialReference(row.srtext)

        assert read.srid == system.srid
        assert read.projected is system.is_projected
        assert SpatialReference(row.proj4text).projected is system.is_projected


def _run(*command: str) -> None:
    """One of PostgreSQL's programs against the server of the test database."""
    settings = connection.settings_dict
    place = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    environment = {name: str(settings[key]) for name, key in place.items() if settings[key]}
    done = subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture
def restored(db: None, tmp_path: Path) -> Iterator[Ask]:
    """The test database dumped and restored into a new one; asks there over a fresh connection."""
    original = connection.settings_dict["NAME"]
    copy, dump = f"{original}_restored", str(tmp_path / "dump")
    _run("pg_dump", "--format=custom", f"--file={dump}", original)
    _run("dropdb", "--if-exists", copy)
    _run("createdb", "--template=template0", copy)
    try:
        _run("pg_restore", "--exit-on-error", "--no-owner", f"--dbname={copy}", dump)
        parameters = {**connection.get_connection_params(), "dbname": copy}
        known = ("host", "port", "user", "password", "dbname")
        with psycopg.connect(**{name: parameters[name] for name in known if parameters.get(name)}) as fresh:
            yield lambda statement, values: fresh.execute(statement, values).fetchall()
    finally:
        _run("dropdb", "--if-exists", copy)


def test_t23_control_points_are_hit_after_dump_and_restore(restored):
    for point in crs.postgis_control_points():
        assert_pinned(restored, point)

    restored_rows = restored("SELECT count(*) FROM spatial_ref_sys WHERE auth_name = %s", ("PLANNING",))
    assert restored_rows == [(21,)]
