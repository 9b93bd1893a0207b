"""Pins the VN-2000 systems in PostGIS under numbers of our own (see `planning.crs.postgis`).

Idempotent: a row that is there is brought up to date, so a restored or copied database is set right too.
"""

from dataclasses import astuple

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from planning import crs

UPSERT = """
    INSERT INTO spatial_ref_sys (srid, auth_name, auth_srid, srtext, proj4text)
    VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (srid) DO UPDATE
    SET auth_name = excluded.auth_name, auth_srid = excluded.auth_srid,
        srtext = excluded.srtext, proj4text = excluded.proj4text
"""


def pin(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.executemany(UPSERT, [astuple(row) for row in crs.srs_rows()])


def unpin(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("DELETE FROM spatial_ref_sys WHERE srid = ANY(%s)", [[r.srid for r in crs.srs_rows()]])


class Migration(migrations.Migration):
    dependencies = [("planning", "0001_initial")]

    operations = [migrations.RunPython(pin, unpin)]
