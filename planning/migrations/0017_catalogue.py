"""What the OGC APIs ask of all rows at once: when the law changes, and figures kept per revision."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("planning", "0016_audit")]

    operations = []
