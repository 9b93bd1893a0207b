"""What deliveries of the cadastre need of the database."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("planning", "0013_lookup")]

    operations: list[object] = []
