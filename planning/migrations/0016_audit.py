"""The audit log, written by triggers."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("planning", "0015_generalised")]

    operations: list[object] = []
