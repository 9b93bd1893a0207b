"""What the look-up needs of the database: indexes for slips of the pen, streets, numbers as written.

The extension pg_trgm is there since the first migration. Streets are kept by a trigger, because parcels
come in by several ways (COPY, SQL, the ORM) and a street belongs to all of them.
"""

import django.db.models.deletion
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations, models

from planning.querysets import NameOf, StreetNameOf

STREETS = r"""
CREATE FUNCTION planning_gather_streets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- in order, so that two who load the same streets wait for each other and never cross
    INSERT INTO planning_street (unit_id, name, search_name)
    SELECT unit_id, min(regexp_replace(address, '^\S+\s+', '')),
           regexp_replace(search_address, '^[0-9]\S* ', '') AS street
    FROM stored WHERE search_address ~ '^[0-9]\S* \S'
    GROUP BY unit_id, street ORDER BY unit_id, street
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER planning_gather_streets AFTER INSERT ON planning_parcel
    REFERENCING NEW TABLE AS stored FOR EACH STATEMENT EXECUTE FUNCTION planning_gather_streets();

INSERT INTO planning_street (unit_id, name, search_name)
SELECT unit_id, min(regexp_replace(address, '^\S+\s+', '')),
       regexp_replace(search_address, '^[0-9]\S* ', '') AS street
FROM planning_parcel WHERE search_address ~ '^[0-9]\S* \S'
GROUP BY unit_id, street;
"""
NO_STREETS = """
DROP TRIGGER planning_gather_streets ON planning_parcel;
DROP FUNCTION planning_gather_streets();
"""
# As `querysets.Squeezed` has it; decision numbers are asked for by how they begin.
NUMBERS = r"""
CREATE INDEX parcel_alias_written_idx ON planning_parcelalias
    (regexp_replace(lower(value), '[\s./,_-]+', '', 'g'));
CREATE INDEX document_number_idx ON planning_document (number varchar_pattern_ops);
CREATE INDEX plan_title_trgm ON planning_plan USING gin (search_title gin_trgm_ops);
"""
NO_NUMBERS = """
DROP INDEX parcel_alias_written_idx;
DROP INDEX document_number_idx;
DROP INDEX plan_title_trgm;
"""


class Migration(migrations.Migration):
    dependencies = [("planning", "0012_whole_domain_rules")]

    operations = [
        migrations.AddIndex(
            model_name="adminunit",
            index=GinIndex(OpClass(NameOf("search_name"), name="gin_trgm_ops"), name="admin_unit_name_trgm"),
        ),
        migrations.CreateModel(
            name="Street",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "search_name",
                    models.CharField(editable=False, max_length=200, verbose_name="name without diacritics"),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="streets",
                        to="planning.adminunit",
                        verbose_name="commune",
                    ),
                ),
            ],
            options={
                "verbose_name": "street",
                "verbose_name_plural": "streets",
                "ordering": ("search_name", "unit"),
                "indexes": [
                    models.Index(fields=["search_name"], name="street_name_idx"),
                    GinIndex(
                        OpClass(StreetNameOf("search_name"), name="gin_trgm_ops"), name="street_name_trgm"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("unit", "search_name"), name="street_once_per_unit")
                ],
            },
        ),
        migrations.RunSQL(STREETS, NO_STREETS),
        migrations.RunSQL(NUMBERS, NO_NUMBERS),
    ]
