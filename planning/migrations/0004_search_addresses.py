"""Addresses are looked up by their beginning; without this index that reads every parcel."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("planning", "0003_rules"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="parcel",
            index=models.Index(
                fields=["search_address"], name="parcel_address_idx", opclasses=["varchar_pattern_ops"]
            ),
        ),
    ]
