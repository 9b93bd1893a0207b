"""What the database writes out once for everybody who reads: numbers of indicators, geometries as text."""

from django.contrib.gis.db.models.functions import AsGeoJSON
from django.db import migrations, models

from planning.models.stated import stated_number

INDICATORS = ("coverage", "floor_area_ratio", "storeys", "height")


def numbers(model: str) -> list[migrations.AddField]:
    """A column for either end of every indicator."""
    return [
        migrations.AddField(model, f"{key}_{part}", stated_number(key, part))
        for key in INDICATORS
        for part in ("min", "max")
    ]


class Migration(migrations.Migration):
    dependencies = [("planning", "0019_tiles")]

    operations = [
        *numbers("zone"),
        *numbers("restriction"),
        migrations.AddField(
            "zonepiece",
            "geojson",
            models.GeneratedField(
                expression=AsGeoJSON("geometry", precision=7),
                output_field=models.TextField(),
                db_persist=True,
            ),
        ),
    ]
