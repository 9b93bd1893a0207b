"""Generalised geometry per zoom band: what maps draw below the zoom at which every corner shows."""

import django.contrib.gis.db.models.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

BANDS = ((6, "to zoom 6"), (8, "zoom 7 and 8"), (10, "zoom 9 and 10"), (12, "zoom 11 and 12"))


class Migration(migrations.Migration):
    dependencies = [("planning", "0014_cadastre")]

    operations = [
        migrations.CreateModel(
            name="GeneralisedZone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("band", models.PositiveSmallIntegerField(choices=list(BANDS), verbose_name="zoom band")),
                ("area", models.FloatField(verbose_name="area on the map")),
                (
                    "geometry",
                    django.contrib.gis.db.models.fields.GeometryField(
                        spatial_index=False, srid=3857, verbose_name="geometry"
                    ),
                ),
                (
                    "piece",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="generalised",
                        to="planning.zonepiece",
                    ),
                ),
            ],
            options={
                "verbose_name": "generalised zone",
                "verbose_name_plural": "generalised zones",
                "indexes": [
                    django.contrib.postgres.indexes.GistIndex(
                        fields=["geometry"],
                        name=f"generalised_z{band}_idx",
                        condition=models.Q(("band", band)),
                    )
                    for band, _ in BANDS
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("piece", "band"), name="generalised_zone_once_per_band"),
                    models.CheckConstraint(
                        condition=models.Q(("band__in", [band for band, _ in BANDS])),
                        name="generalised_zone_band_known",
                    ),
                ],
            },
        ),
    ]
