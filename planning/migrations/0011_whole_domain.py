"""The whole domain: corrections, rulings, withdrawals, lineage with its source, demand, code matches."""

import django.contrib.gis.db.models.fields
import django.contrib.gis.db.models.functions
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.functions
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import planning.models.checks


class Migration(migrations.Migration):
    dependencies = [
        ("planning", "0010_loaded_by_plan"),
    ]

    operations = [
        migrations.CreateModel(
            name="ConflictRuling",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "extent",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        blank=True,
                        help_text="empty: wherever the two conflict",
                        null=True,
                        srid=4326,
                        verbose_name="extent",
                    ),
                ),
                ("text", models.TextField(verbose_name="ruling, in its words")),
                ("on", models.DateField(verbose_name="date")),
                ("effective_from", models.DateField(verbose_name="effective from")),
                (
                    "effective_to",
                    models.DateField(
                        blank=True,
                        help_text="the first day on which it no longer works",
                        null=True,
                        verbose_name="effective to",
                    ),
                ),
            ],
            options={
                "verbose_name": "ruling on a conflict",
                "verbose_name_plural": "rulings on conflicts",
                "ordering": ("on", "pk"),
            },
        ),
        migrations.CreateModel(
            name="CoverageWithdrawal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("declaration", models.UUIDField(unique=True, verbose_name="declaration")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
            ],
            options={
                "verbose_name": "withdrawn declaration",
                "verbose_name_plural": "withdrawn declarations",
            },
        ),
        migrations.CreateModel(
            name="LandUseMatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("exact", "the same"),
                            ("broader", "the other is broader"),
                            ("narrower", "the other is narrower"),
                            ("related", "they overlap in part"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=300, verbose_name="source")),
            ],
            options={
                "verbose_name": "match between land-use lists",
                "verbose_name_plural": "matches between land-use lists",
            },
        ),
        migrations.CreateModel(
            name="MissedLookup",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                ("kind", models.CharField(max_length=20, verbose_name="what was looked for")),
                ("count", models.PositiveIntegerField(default=0, verbose_name="how often")),
            ],
            options={
                "verbose_name": "missed look-ups",
                "verbose_name_plural": "missed look-ups",
                "ordering": ("-day", "-count"),
            },
        ),
        migrations.RemoveConstraint(
            model_name="planevent",
            name="event_kind_known",
        ),
        migrations.RemoveConstraint(
            model_name="restrictionpiece",
            name="restriction_piece_status_known",
        ),
        migrations.RemoveConstraint(
            model_name="zonepiece",
            name="zone_piece_status_known",
        ),
        migrations.AddField(
            model_name="clause",
            name="land_uses",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=120),
                blank=True,
                default=list,
                size=None,
                verbose_name="about land uses",
            ),
        ),
        migrations.AddField(
            model_name="clause",
            name="restriction_kinds",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=30),
                blank=True,
                default=list,
                size=None,
                verbose_name="about restrictions",
            ),
        ),
        migrations.AddField(
            model_name="clause",
            name="zone_codes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=100),
                blank=True,
                default=list,
                size=None,
                verbose_name="about zones",
            ),
        ),
        migrations.AddField(
            model_name="coverage",
            name="declaration",
            field=models.UUIDField(
                db_index=True,
                db_default=django.contrib.postgres.functions.RandomUUID(),
                editable=False,
                help_text="the same for all versions of one declaration",
                verbose_name="declaration",
            ),
        ),
        migrations.AddField(
            model_name="coverage",
            name="declared_valid",
            field=django.contrib.postgres.fields.ranges.DateRangeField(
                blank=True,
                editable=False,
                help_text="empty: as valid; otherwise what a later edition of the plan shortened",
                null=True,
                verbose_name="declared for the dates",
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="media_type",
            field=models.CharField(blank=True, max_length=80, verbose_name="media type"),
        ),
        migrations.AddField(
            model_name="document",
            name="size",
            field=models.PositiveBigIntegerField(blank=True, null=True, verbose_name="size (bytes)"),
        ),
        migrations.AddField(
            model_name="parcellineage",
            name="shared_area_m2",
            field=models.FloatField(blank=True, null=True, verbose_name="shared area (m²)"),
        ),
        migrations.AddField(
            model_name="parcellineage",
            name="upload",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lineage",
                to="planning.layerupload",
                verbose_name="upload",
            ),
        ),
        migrations.AddField(
            model_name="planevent",
            name="corrects",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections",
                to="planning.planevent",
                verbose_name="corrects the event",
            ),
        ),
        migrations.AddField(
            model_name="planevent",
            name="effective_to",
            field=models.DateField(
                blank=True,
                help_text="the first day on which it no longer works",
                null=True,
                verbose_name="effective to",
            ),
        ),
        migrations.AddField(
            model_name="planevent",
            name="is_void",
            field=models.BooleanField(
                default=False,
                help_text="the event it corrects was recorded in error",
                verbose_name="never happened",
            ),
        ),
        migrations.AddField(
            model_name="planrelation",
            name="contents",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=120),
                blank=True,
                default=list,
                help_text="public ids of the zones and restrictions that are replaced or struck",
                size=None,
                verbose_name="single contents",
            ),
        ),
        migrations.AlterField(
            model_name="document",
            name="sha256",
            field=models.CharField(blank=True, db_index=True, max_length=64, verbose_name="SHA-256"),
        ),
        migrations.AlterField(
            model_name="planevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("consultation_opened", "consultation opened"),
                    ("consultation_closed", "consultation closed"),
                    ("approved", "approved"),
                    ("published", "made public by the authority"),
                    ("in_force", "in force"),
                    ("suspended", "suspended"),
                    ("expired", "expired"),
                    ("annulled", "annulled from that day on"),
                    ("annulled_ex_tunc", "annulled from the beginning"),
                    ("reinstated", "in force again"),
                    ("corrected", "corrected"),
                ],
                max_length=30,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="planrelation",
            name="kind",
            field=models.CharField(
                choices=[
                    ("implements", "implements"),
                    ("amends", "amends"),
                    ("adds", "adds to"),
                    ("replaces_contents", "replaces single contents of"),
                    ("strikes", "strikes single contents of"),
                    ("repeals_in_extent", "repeals in the extent"),
                    ("replaces_in_extent", "replaces in the extent"),
                ],
                max_length=30,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="restrictionpiece",
            name="status",
            field=models.CharField(
                choices=[
                    ("draft", "draft"),
                    ("approved", "approved, not yet in force"),
                    ("in_force", "in force"),
                    ("suspended", "suspended"),
                    ("superseded", "superseded"),
                    ("expired", "expired"),
                    ("annulled", "annulled"),
                ],
                max_length=20,
                verbose_name="status",
            ),
        ),
        migrations.AlterField(
            model_name="zonepiece",
            name="status",
            field=models.CharField(
                choices=[
                    ("draft", "draft"),
                    ("approved", "approved, not yet in force"),
                    ("in_force", "in force"),
                    ("suspended", "suspended"),
                    ("superseded", "superseded"),
                    ("expired", "expired"),
                    ("annulled", "annulled"),
                ],
                max_length=20,
                verbose_name="status",
            ),
        ),
        migrations.AddConstraint(
            model_name="planevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "consultation_opened",
                            "consultation_closed",
                            "approved",
                            "published",
                            "in_force",
                            "suspended",
                            "expired",
                            "annulled",
                            "annulled_ex_tunc",
                            "reinstated",
                            "corrected",
                        ],
                    )
                ),
                name="event_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="planevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("corrects__isnull", False), ("kind", "corrected")),
                    models.Q(
                        models.Q(("kind", "corrected"), _negated=True), ("corrects", None), ("is_void", False)
                    ),
                    _connector="OR",
                ),
                name="event_correction_names_event",
            ),
        ),
        migrations.AddConstraint(
            model_name="planevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("effective_to", None), ("effective_to__gt", models.F("effective_from")), _connector="OR"
                ),
                name="event_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="planrelation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "implements",
                            "amends",
                            "adds",
                            "replaces_contents",
                            "strikes",
                            "repeals_in_extent",
                            "replaces_in_extent",
                        ],
                    )
                ),
                name="relation_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="planrelation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("contents__len__gt", 0), ("kind__in", ("replaces_contents", "strikes"))),
                    models.Q(
                        models.Q(("kind__in", ("replaces_contents", "strikes")), _negated=True),
                        ("contents__len", 0),
                    ),
                    _connector="OR",
                ),
                name="relation_contents_named",
            ),
        ),
        migrations.AddConstraint(
            model_name="restrictionpiece",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        ["draft", "approved", "in_force", "suspended", "superseded", "expired", "annulled"],
                    )
                ),
                name="restriction_piece_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="zonepiece",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        ["draft", "approved", "in_force", "suspended", "superseded", "expired", "annulled"],
                    )
                ),
                name="zone_piece_status_known",
            ),
        ),
        migrations.AddField(
            model_name="conflictruling",
            name="carried_out",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="planning.plan",
                verbose_name="plan that is carried out",
            ),
        ),
        migrations.AddField(
            model_name="conflictruling",
            name="document",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rulings",
                to="planning.document",
                verbose_name="document",
            ),
        ),
        migrations.AddField(
            model_name="conflictruling",
            name="other_plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rulings_beside",
                to="planning.plan",
                verbose_name="other plan",
            ),
        ),
        migrations.AddField(
            model_name="conflictruling",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rulings",
                to="planning.plan",
                verbose_name="plan of the office",
            ),
        ),
        migrations.AddField(
            model_name="conflictruling",
            name="publication",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rulings",
                to="planning.publication",
                verbose_name="published in",
            ),
        ),
        migrations.AddField(
            model_name="conflictruling",
            name="recorded_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to=settings.AUTH_USER_MODEL,
                verbose_name="recorded by",
            ),
        ),
        migrations.AddField(
            model_name="coveragewithdrawal",
            name="office",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="planning.office",
                verbose_name="office",
            ),
        ),
        migrations.AddField(
            model_name="coveragewithdrawal",
            name="publication",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="withdrawals",
                to="planning.publication",
                verbose_name="published in",
            ),
        ),
        migrations.AddField(
            model_name="coveragewithdrawal",
            name="recorded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="recorded by",
            ),
        ),
        migrations.AddField(
            model_name="landusematch",
            name="land_use",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="matches",
                to="planning.landuse",
                verbose_name="land use",
            ),
        ),
        migrations.AddField(
            model_name="landusematch",
            name="other",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="matched_by",
                to="planning.landuse",
                verbose_name="land use of the other list",
            ),
        ),
        migrations.AddField(
            model_name="missedlookup",
            name="unit",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="missed_lookups",
                to="planning.adminunit",
                verbose_name="commune",
            ),
        ),
        migrations.AddConstraint(
            model_name="conflictruling",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("extent", None),
                    models.Q(
                        django.contrib.gis.db.models.functions.IsValid("extent"),
                        models.Q(planning.models.checks.IsEmptyGeometry("extent"), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="ruling_extent_valid",
            ),
        ),
        migrations.AddConstraint(
            model_name="conflictruling",
            constraint=models.CheckConstraint(
                condition=models.Q(("plan", models.F("other_plan")), _negated=True),
                name="ruling_between_two_plans",
            ),
        ),
        migrations.AddConstraint(
            model_name="conflictruling",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("carried_out", None),
                    ("carried_out", models.F("plan")),
                    ("carried_out", models.F("other_plan")),
                    _connector="OR",
                ),
                name="ruling_carries_out_one_of_them",
            ),
        ),
        migrations.AddConstraint(
            model_name="conflictruling",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("effective_to", None), ("effective_to__gt", models.F("effective_from")), _connector="OR"
                ),
                name="ruling_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="landusematch",
            constraint=models.UniqueConstraint(fields=("land_use", "other"), name="land_use_match_once"),
        ),
        migrations.AddConstraint(
            model_name="landusematch",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["exact", "broader", "narrower", "related"])),
                name="land_use_match_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="landusematch",
            constraint=models.CheckConstraint(
                condition=models.Q(("land_use", models.F("other")), _negated=True),
                name="land_use_match_of_two",
            ),
        ),
        migrations.AddConstraint(
            model_name="missedlookup",
            constraint=models.UniqueConstraint(
                fields=("day", "unit", "kind"), name="missed_lookup_once", nulls_distinct=False
            ),
        ),
    ]
