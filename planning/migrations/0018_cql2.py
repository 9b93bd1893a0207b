"""Functions with which filters compare texts: without case and without accents."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("planning", "0017_catalogue")]

    operations = []
