"""A document is public from a revision on; stated accuracies and scales are numbers that can be.

Documents of editions that are public already keep being seen: each since the first revision in which an
event or relation named it, and one that nothing names since the first of its plan.
"""

import django.db.models.deletion
from django.db import migrations, models

SINCE_WHEN_SEEN = """
UPDATE planning_document AS d SET publication_id = coalesce(
    (SELECT min(publication_id) FROM (
        SELECT publication_id FROM planning_planevent WHERE document_id = d.id
        UNION ALL SELECT publication_id FROM planning_planrelation WHERE document_id = d.id) AS named),
    CASE WHEN NOT EXISTS (SELECT 1 FROM planning_planevent WHERE document_id = d.id)
        AND NOT EXISTS (SELECT 1 FROM planning_planrelation WHERE document_id = d.id)
    THEN (SELECT min(e.publication_id) FROM planning_edition e
          WHERE e.plan_id = d.plan_id AND e.visibility = 'public') END)
"""
# "Not a number" states nothing; the former rule let it pass.
NOT_STATED = """
UPDATE planning_plan SET accuracy_m = NULL WHERE accuracy_m = 'NaN';
UPDATE planning_parcel SET accuracy_m = NULL WHERE accuracy_m = 'NaN' AND known IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("planning", "0006_piece_themes"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="plan",
            name="plan_accuracy_positive",
        ),
        migrations.AddField(
            model_name="document",
            name="edition",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="documents",
                to="planning.edition",
                verbose_name="came with the edition",
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="publication",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="documents",
                to="planning.publication",
                verbose_name="published in",
            ),
        ),
        migrations.RunSQL(SINCE_WHEN_SEEN, migrations.RunSQL.noop),
        migrations.RunSQL(NOT_STATED, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="parcel",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("accuracy_m", None),
                    models.Q(("accuracy_m__gte", 0), ("accuracy_m__lte", 1000)),
                    _connector="OR",
                ),
                name="parcel_accuracy_possible",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("accuracy_m", None),
                    models.Q(("accuracy_m__gt", 0), ("accuracy_m__lte", 1000)),
                    _connector="OR",
                ),
                name="plan_accuracy_possible",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("scale", None), models.Q(("scale__gte", 1), ("scale__lte", 10000000)), _connector="OR"
                ),
                name="plan_scale_possible",
            ),
        ),
    ]
