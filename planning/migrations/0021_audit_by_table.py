"""The newest change of a description is one look into an index: caches ask for it every few seconds."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("planning", "0020_written_out")]

    operations = [
        migrations.AddIndex("auditentry", models.Index(fields=["table", "id"], name="audit_table_idx")),
    ]
