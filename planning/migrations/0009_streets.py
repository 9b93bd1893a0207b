"""A street is looked up without house number; without this index that reads every parcel."""

from django.contrib.postgres.indexes import OpClass
from django.db import migrations, models

from planning.querysets import StreetOf


class Migration(migrations.Migration):
    dependencies = [
        ("planning", "0008_public_plans_stay"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="parcel",
            index=models.Index(
                OpClass(StreetOf("search_address"), name="text_pattern_ops"), name="parcel_street_idx"
            ),
        ),
    ]
