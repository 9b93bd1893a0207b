"""Outlines for the near zooms, too: a tile reads them as they are, in the system of the map.

Each band gets an index of its own: as fields of indexes Django took geometries without their condition.

What was published before is drawn in full there: that is right, if heavier than need be at zoom 13 and 14.
"""

import django.contrib.postgres.indexes
from django.db import migrations, models

FAR = (6, 8, 10, 12)
BANDS = (
    (6, "to zoom 6"),
    (8, "zoom 7 and 8"),
    (10, "zoom 9 and 10"),
    (12, "zoom 11 and 12"),
    (14, "zoom 13 and 14"),
    (16, "from zoom 15 on"),
)
DRAW = """
    INSERT INTO planning_generalisedzone (piece_id, band, area, geometry)
    SELECT piece.id, near.band, ST_Area(piece.outline), piece.outline
    FROM (
        SELECT id, ST_Transform(geometry, 3857) AS outline FROM planning_zonepiece
        WHERE status IN ('draft', 'approved', 'in_force') ORDER BY id OFFSET 0
    ) AS piece
    CROSS JOIN (VALUES (14), (16)) AS near (band)
"""
FORGET = "DELETE FROM planning_generalisedzone WHERE band IN (14, 16)"


class Migration(migrations.Migration):
    dependencies = [("planning", "0021_audit_by_table")]

    operations = [
        migrations.RemoveConstraint("generalisedzone", "generalised_zone_band_known"),
        migrations.AlterField(
            model_name="generalisedzone",
            name="band",
            field=models.PositiveSmallIntegerField(choices=list(BANDS), verbose_name="zoom band"),
        ),
        migrations.AddConstraint(
            model_name="generalisedzone",
            constraint=models.CheckConstraint(
                condition=models.Q(("band__in", [band for band, _ in BANDS])),
                name="generalised_zone_band_known",
            ),
        ),
        *(migrations.RemoveIndex("generalisedzone", f"generalised_z{band}_idx") for band in FAR),
        *(
            migrations.AddIndex(
                model_name="generalisedzone",
                index=django.contrib.postgres.indexes.GistIndex(
                    models.F("geometry"),
                    name=f"generalised_z{band}_idx",
                    condition=models.Q(("band", band)),
                ),
            )
            for band, _ in BANDS
        ),
        migrations.RemoveIndex("generalisedzone", "generalised_weight_idx"),
        migrations.AddIndex(
            model_name="generalisedzone",
            index=models.Index(
                fields=["band", "-area", "piece"],
                name="generalised_weight_idx",
                condition=models.Q(("band__lte", 12)),
            ),
        ),
        # last: no table is altered while the keys of new rows wait to be checked
        migrations.RunSQL(DRAW, FORGET),
    ]
