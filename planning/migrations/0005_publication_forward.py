"""What is known begins and ends in the revision being made, never in one that people have already read."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION planning_known_moves_forward() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changes_from bigint := CASE WHEN OLD.known IS NULL THEN lower(NEW.known) ELSE upper(NEW.known) END;
BEGIN
    IF NEW.known IS DISTINCT FROM OLD.known
        AND changes_from <= (SELECT max(revision) FROM planning_publication) THEN
        RAISE EXCEPTION 'a past revision of % is never changed', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""
BACKWARD = "DROP FUNCTION planning_known_moves_forward() CASCADE;"

KNOWN = ("zonepiece", "restrictionpiece", "coverage", "parcel", "parcelalias")


def triggers() -> str:
    """Named to run after the rule that says which changes are allowed at all."""
    return "\n".join(
        f"CREATE TRIGGER planning_z_known_moves_forward BEFORE UPDATE ON planning_{table} "
        "FOR EACH ROW EXECUTE FUNCTION planning_known_moves_forward();"
        for table in KNOWN
    )


class Migration(migrations.Migration):
    dependencies = [("planning", "0004_search_addresses")]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunSQL(triggers(), migrations.RunSQL.noop),
    ]
