"""What vector tiles read: outlines of zones, the largest first, so that the rest is not even looked at."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("planning", "0018_cql2")]

    operations = [
        migrations.AddIndex(
            model_name="generalisedzone",
            index=models.Index(fields=["band", "-area", "piece"], name="generalised_weight_idx"),
        ),
    ]
