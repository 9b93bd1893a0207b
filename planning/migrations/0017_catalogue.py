"""What the OGC APIs ask of all rows at once: when the law changes, and figures kept per version.

No index here is on the first day of `valid` or known alone: such a one tells PostgreSQL more of these
expressions than it knows to use, and the statement behind an answer goes from 0.7 to 8 ms (measured).
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


def indexes() -> list[migrations.AddIndex]:
    """On which days rows begin and end, what is staged left out; and rows as they are asked for, in their
    order: a commune of parcels among a million, the zones of a plan."""
    public = models.Q(("known__isnull", False))
    ends = models.Q(("valid__endswith__isnull", False))
    made = [
        ("parcel", models.Index(fields=["unit", "id"], name="parcel_unit_idx")),
        ("zone", models.Index(fields=["code"], name="zone_code_idx")),
        ("parcel", models.Index("valid", condition=public, name="parcel_valid_idx")),
        ("parcel", models.Index("valid__endswith", condition=public & ends, name="parcel_ends_idx")),
    ]
    for model, name in (("zonepiece", "zone_piece"), ("restrictionpiece", "restriction_piece")):
        made += [
            (model, models.Index("plan", "status", "id", name=f"{name}_plan_idx")),
            (model, models.Index("valid", name=f"{name}_valid_idx")),
            (model, models.Index("valid__endswith", condition=ends, name=f"{name}_ends_idx")),
        ]
    return [migrations.AddIndex(model, index) for model, index in made]


class Migration(migrations.Migration):
    dependencies = [("planning", "0016_audit")]

    operations = [
        migrations.CreateModel(
            name="CollectionFigures",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("collection", models.CharField(max_length=60, verbose_name="collection")),
                ("revision", models.BigIntegerField(verbose_name="revision")),
                ("on", models.DateField(verbose_name="date")),
                ("count", models.BigIntegerField(verbose_name="number of features")),
                (
                    "bbox",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.FloatField(), null=True, size=4, verbose_name="extent"
                    ),
                ),
                ("first", models.DateField(null=True, verbose_name="first day")),
                ("last", models.DateField(null=True, verbose_name="last day")),
                (
                    "metric_systems",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        default=list,
                        size=None,
                        verbose_name="metric coordinate systems",
                    ),
                ),
                ("computed_at", models.DateTimeField(auto_now_add=True, verbose_name="computed at")),
            ],
            options={
                "verbose_name": "figures of a collection",
                "verbose_name_plural": "figures of collections",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("collection", "revision", "on"), name="figures_once_per_version"
                    )
                ],
            },
        ),
        migrations.AlterField(
            "parcel",
            "unit",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="parcels",
                to="planning.adminunit",
                verbose_name="commune when surveyed",
            ),
        ),
        *indexes(),
    ]
