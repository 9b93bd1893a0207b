"""The rules of the new tables, held by the database; coverage of before gets its declarations.

- Rulings that are public and withdrawals never change; lineage that is known may only be closed.
- The versions of one declaration share its number and say for which dates it was made at first.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION planning_keep_ruling() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.publication_id IS NOT NULL AND NOT (TG_OP = 'DELETE' AND planning_removes_demonstration(
            (SELECT p.office_id FROM planning_plan p WHERE p.id = OLD.plan_id))) THEN
        PERFORM planning_refuse(TG_TABLE_NAME, CASE WHEN TG_OP = 'DELETE' THEN 'deleted' ELSE 'changed' END);
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE FUNCTION planning_keep_withdrawal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT (TG_OP = 'DELETE' AND planning_removes_demonstration(OLD.office_id)) THEN
        PERFORM planning_refuse(TG_TABLE_NAME, CASE WHEN TG_OP = 'DELETE' THEN 'deleted' ELSE 'changed' END);
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER planning_keep_ruling BEFORE UPDATE OR DELETE ON planning_conflictruling
    FOR EACH ROW EXECUTE FUNCTION planning_keep_ruling();
CREATE TRIGGER planning_keep_withdrawal BEFORE UPDATE OR DELETE ON planning_coveragewithdrawal
    FOR EACH ROW EXECUTE FUNCTION planning_keep_withdrawal();
CREATE TRIGGER planning_only_close_known BEFORE UPDATE OR DELETE ON planning_parcellineage
    FOR EACH ROW EXECUTE FUNCTION planning_only_close_known();
CREATE TRIGGER planning_z_known_moves_forward BEFORE UPDATE ON planning_parcellineage
    FOR EACH ROW EXECUTE FUNCTION planning_known_moves_forward();
"""
BACKWARD = """
DROP FUNCTION planning_keep_ruling() CASCADE;
DROP FUNCTION planning_keep_withdrawal() CASCADE;
DROP TRIGGER planning_only_close_known ON planning_parcellineage;
DROP TRIGGER planning_z_known_moves_forward ON planning_parcellineage;
"""
# Whoever wrote these rows could not name their declaration yet: what they say is the same, made explicit.
DECLARATIONS = """
ALTER TABLE planning_coverage DISABLE TRIGGER USER;
WITH made AS (
    SELECT id, first_value(id) OVER same AS first, first_value(valid) OVER same AS declared
    FROM planning_coverage
    WINDOW same AS (
        PARTITION BY theme_id, plan_kind, state, geometry, as_of, source, office_id, edition_id, upload_id,
            known IS NULL
        ORDER BY lower(known), id
    )
)
UPDATE planning_coverage AS c
SET declaration = md5('declaration ' || made.first)::uuid, declared_valid = made.declared
FROM made WHERE made.id = c.id;
ALTER TABLE planning_coverage ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):
    dependencies = [("planning", "0011_whole_domain")]

    operations = [
        migrations.RunSQL(DECLARATIONS, migrations.RunSQL.noop),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
