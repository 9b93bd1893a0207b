"""The audit log, written by triggers, and proposals that wait for a second member.

One trigger for every table that people edit writes into one table what a row was and what it became. Rows
that are versioned by `known` (zones, pieces, parcels, coverage) are their own history and are not logged.
Who acts and why is what the transaction says (`planning.audit.acting`); without it the log keeps the
database's own account. Contact data appear as "…", geometries and reports by their digest. An entry is
never changed.
"""

import django.contrib.gis.db.models.fields
import django.contrib.gis.db.models.functions
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import planning.models.checks

FUNCTIONS = """
-- What of a row is kept: contact data only as a sign that there are some, what is long by its digest.
CREATE FUNCTION planning_audit_view(row_data jsonb, hidden text[], digested text[]) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(jsonb_object_agg(key, CASE
        WHEN value IN ('null'::jsonb, '""'::jsonb) THEN value
        WHEN key = ANY (hidden || digested) THEN to_jsonb(md5(value::text))
        ELSE value END), '{}'::jsonb)
    FROM jsonb_each(row_data)
$$;

CREATE FUNCTION planning_audit_office(table_name text, row_data jsonb) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN table_name = 'planning_office' THEN row_data->>'id'
        WHEN row_data ? 'office_id' THEN row_data->>'office_id'
        WHEN row_data ? 'plan_id'
            THEN (SELECT p.office_id FROM planning_plan p WHERE p.id = row_data->>'plan_id')
        WHEN row_data ? 'edition_id' THEN planning_office_of_edition((row_data->>'edition_id')::bigint)
        WHEN row_data ? 'document_id' THEN planning_office_of_document((row_data->>'document_id')::bigint)
        WHEN row_data ? 'upload_id' THEN planning_office_of_upload((row_data->>'upload_id')::bigint)
    END
$$;

-- Arguments: name of the key, columns with contact data, columns kept by their digest (comma lists).
CREATE FUNCTION planning_audit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    hidden text[] := string_to_array(TG_ARGV[1], ',');
    digested text[] := string_to_array(TG_ARGV[2], ',');
    old_row jsonb := CASE WHEN TG_OP = 'INSERT' THEN '{}' ELSE to_jsonb(OLD) END;
    new_row jsonb := CASE WHEN TG_OP = 'DELETE' THEN '{}' ELSE to_jsonb(NEW) END;
    was jsonb := planning_audit_view(old_row, hidden, digested);
    now_is jsonb := planning_audit_view(new_row, hidden, digested);
    whole jsonb := CASE WHEN TG_OP = 'DELETE' THEN old_row ELSE new_row END;
    changed jsonb;
BEGIN
    SELECT jsonb_object_agg(key, CASE WHEN key = ANY (hidden) THEN '["…", "…"]'::jsonb
            ELSE jsonb_build_array(was->key, now_is->key) END)
    INTO changed
    FROM jsonb_object_keys(was || now_is) AS key
    WHERE coalesce(was->key, 'null') IS DISTINCT FROM coalesce(now_is->key, 'null');
    IF changed IS NULL AND TG_OP = 'UPDATE' THEN
        RETURN NULL;
    END IF;
    INSERT INTO planning_auditentry
        (at, "table", "row", action, changes, office_id, user_id, user_name, why, account, transaction)
    VALUES (
        clock_timestamp(), substr(TG_TABLE_NAME, 10), whole->>TG_ARGV[0], lower(TG_OP),
        coalesce(changed, '{}'), coalesce(planning_audit_office(TG_TABLE_NAME, whole), ''),
        nullif(current_setting('planning.acting_user', true), '')::bigint,
        coalesce(current_setting('planning.acting_name', true), ''),
        coalesce(current_setting('planning.acting_why', true), ''),
        session_user, txid_current()
    );
    RETURN NULL;
END $$;

CREATE FUNCTION planning_keep_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is never %', CASE WHEN TG_OP = 'DELETE' THEN 'deleted' ELSE 'changed' END
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER planning_keep_audit BEFORE UPDATE OR DELETE ON planning_auditentry
    FOR EACH ROW EXECUTE FUNCTION planning_keep_audit();
"""
# Table, its key, contact data, what is kept by its digest.
LOGGED = (
    ("adminunitlist", "code", "", "source"),
    ("cadastredelivery", "id", "", ""),
    ("clause", "id", "", ""),
    ("conflictruling", "id", "", "extent"),
    ("coveragewithdrawal", "id", "", ""),
    ("document", "id", "", ""),
    ("edition", "id", "", "extent"),
    ("landuse", "id", "", ""),
    ("landusegroup", "code", "", ""),
    ("landuselist", "code", "", "source"),
    ("landusematch", "id", "", ""),
    ("layerupload", "id", "", "report,mapping"),
    ("membership", "id", "", ""),
    ("office", "id", "address,phone,email", ""),
    ("plan", "id", "", ""),
    ("planevent", "id", "", "extent"),
    ("planidentifier", "id", "", ""),
    ("planrelation", "id", "", "extent"),
    ("proposal", "id", "", "extent,preview"),
    ("territory", "code", "", "extent"),
    ("theme", "code", "", ""),
)
# The last of all triggers of a row: what another one refuses or changes is not logged as asked.
TRIGGERS = "\n".join(
    f"CREATE TRIGGER planning_zz_audit AFTER INSERT OR UPDATE OR DELETE ON planning_{table}"
    f" FOR EACH ROW EXECUTE FUNCTION planning_audit('{key}', '{hidden}', '{digested}');"
    for table, key, hidden, digested in LOGGED
)
BACKWARD = """
DROP FUNCTION planning_audit() CASCADE;
DROP FUNCTION planning_keep_audit() CASCADE;
DROP FUNCTION planning_audit_office(text, jsonb);
DROP FUNCTION planning_audit_view(jsonb, text[], text[]);
"""


class Migration(migrations.Migration):
    dependencies = [("planning", "0015_generalised")]

    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="at"
                    ),
                ),
                ("table", models.CharField(max_length=40, verbose_name="what kind of row")),
                ("row", models.CharField(max_length=120, verbose_name="row")),
                (
                    "action",
                    models.CharField(
                        choices=[("insert", "made"), ("update", "changed"), ("delete", "deleted")],
                        max_length=10,
                        verbose_name="what happened",
                    ),
                ),
                ("changes", models.JSONField(default=dict, verbose_name="before and after")),
                ("office_id", models.CharField(blank=True, max_length=60, verbose_name="office")),
                ("user_id", models.BigIntegerField(blank=True, null=True, verbose_name="number of the user")),
                ("user_name", models.CharField(blank=True, max_length=150, verbose_name="who")),
                ("why", models.CharField(blank=True, max_length=500, verbose_name="why")),
                (
                    "account",
                    models.CharField(blank=True, max_length=63, verbose_name="account of the database"),
                ),
                ("transaction", models.BigIntegerField(verbose_name="written together")),
            ],
            options={
                "verbose_name": "entry of the audit log",
                "verbose_name_plural": "audit log",
                "ordering": ("-pk",),
                "indexes": [
                    models.Index(fields=["table", "row"], name="audit_row_idx"),
                    models.Index(fields=["office_id", "-id"], name="audit_office_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("event", "event of an edition"),
                            ("ruling", "ruling on a conflict"),
                            ("coverage", "declaration of coverage"),
                            ("withdrawal", "withdrawal of a declaration"),
                        ],
                        max_length=20,
                        verbose_name="act",
                    ),
                ),
                (
                    "extent",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        blank=True, null=True, srid=4326, verbose_name="extent"
                    ),
                ),
                ("facts", models.JSONField(default=dict, verbose_name="facts")),
                ("preview", models.JSONField(default=dict, verbose_name="what it changes, as proposed")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waits for a second member"),
                            ("published", "published"),
                            ("rejected", "rejected"),
                            ("taken_back", "taken back"),
                        ],
                        default="waiting",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("proposed_at", models.DateTimeField(auto_now_add=True, verbose_name="proposed at")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided at")),
                (
                    "reason",
                    models.CharField(blank=True, max_length=300, verbose_name="reason of the decision"),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decided_proposals",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="planning.document",
                        verbose_name="document",
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="planning.edition",
                        verbose_name="edition",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="planning.office",
                        verbose_name="office",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="proposed by",
                    ),
                ),
                (
                    "publication",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="planning.publication",
                        verbose_name="published in",
                    ),
                ),
            ],
            options={
                "verbose_name": "proposal",
                "verbose_name_plural": "proposals",
                "ordering": ("-pk",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("extent", None),
                            models.Q(
                                django.contrib.gis.db.models.functions.IsValid("extent"),
                                models.Q(planning.models.checks.IsEmptyGeometry("extent"), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="proposal_extent_valid",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("act__in", ["event", "ruling", "coverage", "withdrawal"])),
                        name="proposal_act_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "published", "rejected", "taken_back"])),
                        name="proposal_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_by", None), ("publication", None), ("state", "waiting")),
                            models.Q(
                                ("decided_by__isnull", False),
                                ("publication__isnull", False),
                                ("state", "published"),
                            ),
                            models.Q(
                                ("decided_by__isnull", False),
                                ("publication", None),
                                ("state__in", ("rejected", "taken_back")),
                            ),
                            _connector="OR",
                        ),
                        name="proposal_decided_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            models.Q(("decided_by", models.F("proposed_by")), ("state", "taken_back")),
                            models.Q(
                                models.Q(("state", "taken_back"), _negated=True),
                                models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="proposal_decided_by_another",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FUNCTIONS, BACKWARD),
        migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop),
    ]
