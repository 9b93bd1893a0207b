"""What deliveries of the cadastre and lists of land uses need of the database."""

import django.contrib.gis.db.models.fields
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

CERTAINTY = [
    ("confirmed", "two or more sources agree"),
    ("second_hand", "from one source, not checked against the legal text"),
    ("ours", "ours, to be checked by a planner"),
]
REPLACES = [("units", "all parcels of its units"), ("contents", "only the land and numbers in it")]


class Migration(migrations.Migration):
    dependencies = [("planning", "0013_lookup")]

    operations = [
        migrations.CreateModel(
            name="CadastreDelivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("as_of", models.DateField(verbose_name="as of")),
                ("replaces", models.CharField(choices=REPLACES, max_length=10, verbose_name="replaces")),
                (
                    "units",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="units it replaces",
                    ),
                ),
                (
                    "is_large_change_right",
                    models.BooleanField(default=False, verbose_name="a large change is right"),
                ),
                (
                    "upload",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="delivery",
                        to="planning.layerupload",
                        verbose_name="upload",
                    ),
                ),
            ],
            options={
                "verbose_name": "delivery of the cadastre",
                "verbose_name_plural": "deliveries of the cadastre",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("replaces__in", ["units", "contents"])),
                        name="delivery_replaces_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RefusedParcel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("row", models.PositiveIntegerField(verbose_name="row in the file")),
                ("unit_code", models.CharField(blank=True, max_length=40, verbose_name="commune")),
                ("sheet", models.CharField(blank=True, max_length=20, verbose_name="map sheet")),
                ("number", models.CharField(blank=True, max_length=20, verbose_name="parcel number")),
                (
                    "geometry",
                    django.contrib.gis.db.models.fields.GeometryField(
                        blank=True, null=True, srid=4326, verbose_name="geometry"
                    ),
                ),
                (
                    "upload",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="refused_parcels",
                        to="planning.layerupload",
                        verbose_name="upload",
                    ),
                ),
            ],
            options={"verbose_name": "refused parcel", "verbose_name_plural": "refused parcels"},
        ),
        migrations.CreateModel(
            name="LandUseGroup",
            fields=[
                (
                    "code",
                    models.SlugField(max_length=40, primary_key=True, serialize=False, verbose_name="code"),
                ),
                ("name_vi", models.CharField(max_length=200, verbose_name="Vietnamese name")),
                ("name_en", models.CharField(max_length=200, verbose_name="English name")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
            ],
            options={
                "verbose_name": "group of land uses",
                "verbose_name_plural": "groups of land uses",
                "ordering": ("order", "code"),
            },
        ),
        migrations.AddField(
            model_name="landuse",
            name="certainty",
            field=models.CharField(blank=True, choices=CERTAINTY, max_length=20, verbose_name="certainty"),
        ),
        migrations.AddField(
            model_name="landusematch",
            name="certainty",
            field=models.CharField(blank=True, choices=CERTAINTY, max_length=20, verbose_name="certainty"),
        ),
    ]
