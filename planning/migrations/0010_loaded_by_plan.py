"""Whether a plan has anything in force in a theme is asked at every answer: one index for it."""

from django.db import migrations, models
from django.db.migrations.operations.base import Operation


def _by_plan(model: str, name: str) -> list[Operation]:
    index = models.Index(
        models.F("theme"),
        models.F("plan"),
        models.F("valid__startswith"),
        condition=models.Q(("status", "in_force")),
        name=f"{name}_loaded_idx",
    )
    return [
        migrations.RemoveIndex(model_name=model, name=f"{name}_theme_idx"),
        migrations.AddIndex(model_name=model, index=index),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("planning", "0009_streets"),
    ]

    operations = [
        *_by_plan("zonepiece", "zone_piece"),
        *_by_plan("restrictionpiece", "restriction_piece"),
    ]
