"""Rules that must never break, held by the database itself: what is public stays as it was.

- Pieces, coverage, parcels and aliases that are known may change in one way only: `known` is closed.
- Zones and restrictions of a public edition, public events and relations, and publications never change.
- The time of a publication strictly increases with its revision.
Only the demonstration can be removed, by a transaction that says so (`planning.removing`), and then
only rows that come from a demonstration office.
"""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION planning_refuse(table_name text, what text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'published rows of % are never %', table_name, what
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION planning_removes_demonstration(office text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT current_setting('planning.removing', true) = 'demonstration'
       AND EXISTS (SELECT 1 FROM planning_office o WHERE o.id = office AND o.is_demonstration)
$$;

CREATE FUNCTION planning_office_of_edition(edition bigint) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT p.office_id FROM planning_edition e JOIN planning_plan p ON p.id = e.plan_id WHERE e.id = edition
$$;

CREATE FUNCTION planning_office_of_upload(upload bigint) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT office_id FROM planning_layerupload WHERE id = upload
$$;

-- Rows versioned by `known`: nothing but the closing of an open `known` may change.
CREATE FUNCTION planning_only_close_known() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    office text;
    closed jsonb;
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
    closed := to_jsonb(NEW) - 'known';
    IF closed IS DISTINCT FROM to_jsonb(OLD) - 'known'
        OR NOT upper_inf(OLD.known) OR upper_inf(NEW.known) OR lower(NEW.known) <> lower(OLD.known) THEN
        PERFORM planning_refuse(TG_TABLE_NAME, 'changed');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION planning_keep_zoning() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM planning_edition e WHERE e.id = OLD.edition_id AND e.visibility = 'public')
        AND NOT (TG_OP = 'DELETE'
            AND planning_removes_demonstration(planning_office_of_edition(OLD.edition_id))) THEN
        PERFORM planning_refuse(TG_TABLE_NAME, CASE WHEN TG_OP = 'DELETE' THEN 'deleted' ELSE 'changed' END);
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE FUNCTION planning_no_late_zoning() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM planning_edition e WHERE e.id = NEW.edition_id AND e.visibility = 'public') THEN
        PERFORM planning_refuse(TG_TABLE_NAME, 'added to a public edition');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION planning_keep_recorded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.publication_id IS NOT NULL
        AND NOT (TG_OP = 'DELETE'
            AND planning_removes_demonstration(planning_office_of_edition(OLD.edition_id))) THEN
        PERFORM planning_refuse(TG_TABLE_NAME, CASE WHEN TG_OP = 'DELETE' THEN 'deleted' ELSE 'changed' END);
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE FUNCTION planning_keep_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.visibility = 'public' THEN
        IF TG_OP = 'DELETE' THEN
            IF NOT planning_removes_demonstration(planning_office_of_edition(OLD.id)) THEN
                PERFORM planning_refuse(TG_TABLE_NAME, 'deleted');
            END IF;
        ELSIF (to_jsonb(NEW) - 'title') IS DISTINCT FROM (to_jsonb(OLD) - 'title') THEN
            PERFORM planning_refuse(TG_TABLE_NAME, 'changed');
        END IF;
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE FUNCTION planning_publication_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF EXISTS (
            SELECT 1 FROM planning_publication p WHERE p.revision >= NEW.revision OR p.at >= NEW.at
        ) THEN
            RAISE EXCEPTION 'revisions and their times only increase'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' AND planning_removes_demonstration(OLD.office_id) THEN
        RETURN OLD;
    END IF;
    PERFORM planning_refuse(TG_TABLE_NAME, CASE WHEN TG_OP = 'DELETE' THEN 'deleted' ELSE 'changed' END);
    RETURN NULL;
END $$;
"""

KNOWN = ("zonepiece", "restrictionpiece", "coverage", "parcel", "parcelalias")
ZONING = ("zone", "restriction")
RECORDED = ("planevent", "planrelation")


def triggers() -> str:
    """One trigger per table and rule."""
    rows = [("UPDATE OR DELETE", table, "planning_only_close_known") for table in KNOWN]
    rows += [("UPDATE OR DELETE", table, "planning_keep_zoning") for table in ZONING]
    rows += [("INSERT", table, "planning_no_late_zoning") for table in ZONING]
    rows += [("UPDATE OR DELETE", table, "planning_keep_recorded") for table in RECORDED]
    rows += [("UPDATE OR DELETE", "edition", "planning_keep_edition")]
    rows += [("INSERT OR UPDATE OR DELETE", "publication", "planning_publication_in_order")]
    return "\n".join(
        f"CREATE TRIGGER {function} BEFORE {when} ON planning_{table}"
        f" FOR EACH ROW EXECUTE FUNCTION {function}();"
        for when, table, function in rows
    )


class Migration(migrations.Migration):
    dependencies = [("planning", "0002_private_srids")]

    operations = [migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop), migrations.RunSQL(triggers(), "")]
