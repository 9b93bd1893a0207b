"""What the look-up needs of the database."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("planning", "0012_whole_domain_rules")]

    operations: list[object] = []
