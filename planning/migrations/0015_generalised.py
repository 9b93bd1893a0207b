"""Generalised geometry per zoom band."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("planning", "0014_cadastre")]

    operations: list[object] = []
