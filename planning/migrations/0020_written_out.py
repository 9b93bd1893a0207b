"""What the database writes out once for everybody who reads: numbers of indicators, geometries as text."""

from django.contrib.gis.db.models.functions import AsGeoJSON
from django.db import migrations, models

from planning.models.stated import stated_number

# As in 0003, less what PostgreSQL writes itself: before a row is changed its generated columns are empty.
ONLY_CLOSE_KNOWN = """
CREATE OR REPLACE FUNCTION planning_only_close_known() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    unlike text[] := ARRAY['known', 'geojson'];
    office text;
BEGIN
    IF OLD.known IS NULL THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' THEN
        office := CASE
            WHEN to_jsonb(OLD) ? 'office_id' THEN to_jsonb(OLD)->>'office_id'
            WHEN to_jsonb(OLD) ? 'edition_id'
                THEN planning_office_of_edition((to_jsonb(OLD)->>'edition_id')::bigint)
            ELSE planning_office_of_upload((to_jsonb(OLD)->>'upload_id')::bigint)
        END;
        IF NOT planning_removes_demonstration(office) THEN
            PERFORM planning_refuse(TG_TABLE_NAME, 'deleted');
        END IF;
        RETURN OLD;
    END IF;
    IF to_jsonb(NEW) - unlike IS DISTINCT FROM to_jsonb(OLD) - unlike
        OR NOT upper_inf(OLD.known) OR upper_inf(NEW.known) OR lower(NEW.known) <> lower(OLD.known) THEN
        PERFORM planning_refuse(TG_TABLE_NAME, 'changed');
    END IF;
    RETURN NEW;
END $$;
"""

INDICATORS = ("coverage", "floor_area_ratio", "storeys", "height")


def numbers(model: str) -> list[migrations.AddField]:
    """A column for either end of every indicator."""
    return [
        migrations.AddField(model, f"{key}_{part}", stated_number(key, part))
        for key in INDICATORS
        for part in ("min", "max")
    ]


class Migration(migrations.Migration):
    dependencies = [("planning", "0019_tiles")]

    operations = [
        migrations.RunSQL(ONLY_CLOSE_KNOWN, migrations.RunSQL.noop),
        *numbers("zone"),
        *numbers("restriction"),
        migrations.AddField(
            "zonepiece",
            "geojson",
            models.GeneratedField(
                expression=AsGeoJSON("geometry", precision=7),
                output_field=models.TextField(),
                db_persist=True,
            ),
        ),
    ]
