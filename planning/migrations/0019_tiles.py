"""What vector tiles read."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("planning", "0018_cql2")]

    operations = []
