"""Two more rules held by the database: papers that are public and plans that are public stay as they are.

- A public document and its clauses never change; a document goes public in the revision being made.
- Of a plan with a public edition stays what its pieces were made and measured with: kind, level, scale,
  accuracy, metric system, territory and office. Titles, licence and parent may be corrected.
- So does the metric system of a territory with such a plan: sites and points in it are measured with it.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION planning_office_of_document(document bigint) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT p.office_id FROM planning_document d JOIN planning_plan p ON p.id = d.plan_id WHERE d.id = document
$$;

CREATE FUNCTION planning_keep_document() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.publication_id IS NOT NULL THEN
        IF TG_OP = 'UPDATE' AND to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD) THEN
            PERFORM planning_refuse(TG_TABLE_NAME, 'changed');
        ELSIF TG_OP = 'DELETE'
            AND NOT planning_removes_demonstration(planning_office_of_document(OLD.id)) THEN
            PERFORM planning_refuse(TG_TABLE_NAME, 'deleted');
        END IF;
    ELSIF TG_OP = 'UPDATE' AND NEW.publication_id <= (SELECT max(revision) FROM planning_publication) THEN
        RAISE EXCEPTION 'a past revision of % is never changed', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE FUNCTION planning_keep_clause() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    documents bigint[] := CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.document_id]
        WHEN 'DELETE' THEN ARRAY[OLD.document_id]
        ELSE ARRAY[OLD.document_id, NEW.document_id]
    END;
BEGIN
    IF EXISTS (
        SELECT 1 FROM planning_document d WHERE d.id = ANY (documents) AND d.publication_id IS NOT NULL
    ) AND NOT (TG_OP = 'DELETE'
        AND planning_removes_demonstration(planning_office_of_document(documents[1]))) THEN
        PERFORM planning_refuse(TG_TABLE_NAME, CASE TG_OP
            WHEN 'INSERT' THEN 'added to a public document' WHEN 'DELETE' THEN 'deleted' ELSE 'changed' END);
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE FUNCTION planning_keep_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.kind, NEW.level, NEW.scale, NEW.accuracy_m, NEW.metric_crs, NEW.territory_id,
            NEW.office_id) IS DISTINCT FROM
        (OLD.id, OLD.kind, OLD.level, OLD.scale, OLD.accuracy_m, OLD.metric_crs, OLD.territory_id,
            OLD.office_id)
        AND EXISTS (
            SELECT 1 FROM planning_edition e WHERE e.plan_id = OLD.id AND e.visibility = 'public'
        ) THEN
        PERFORM planning_refuse(TG_TABLE_NAME, 'changed');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION planning_keep_territory() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.metric_crs IS DISTINCT FROM OLD.metric_crs AND EXISTS (
        SELECT 1 FROM planning_edition e JOIN planning_plan p ON p.id = e.plan_id
        WHERE p.territory_id = OLD.code AND e.visibility = 'public'
    ) THEN
        PERFORM planning_refuse(TG_TABLE_NAME, 'changed');
    END IF;
    RETURN NEW;
END $$;
"""

RULES = (
    ("planning_keep_document", "UPDATE OR DELETE", "document"),
    ("planning_keep_clause", "INSERT OR UPDATE OR DELETE", "clause"),
    ("planning_keep_plan", "UPDATE", "plan"),
    ("planning_keep_territory", "UPDATE", "territory"),
)
TRIGGERS = "\n".join(
    f"CREATE TRIGGER {function} BEFORE {when} ON planning_{table} FOR EACH ROW EXECUTE FUNCTION {function}();"
    for function, when, table in RULES
)
BACKWARD = "\n".join(
    [
        *(f"DROP FUNCTION {function}() CASCADE;" for function, _, _ in RULES),
        "DROP FUNCTION planning_office_of_document(bigint);",
    ]
)


class Migration(migrations.Migration):
    dependencies = [("planning", "0007_document_publication")]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop),
    ]
