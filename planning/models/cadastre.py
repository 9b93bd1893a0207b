"""Parcels as the cadastre delivered them. No owner is ever stored.

A parcel lives through versions: rows of one `code` that differ in `valid` (the dates the parcel
existed) and `known` (the revisions in which we held this description). Staged rows have no `known`.
"""

from django.contrib.gis.db import models
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, BigIntegerRangeField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex, OpClass
from django.utils.translation import gettext_lazy as _

from planning.models.checks import MAX_ACCURACY_M, is_valid_geometry
from planning.querysets import LineageQuerySet, ParcelAliasQuerySet, ParcelQuerySet, StreetOf


class Parcel(models.Model):
    """One version of a parcel (thửa đất) [LA_SpatialUnit, CadastralParcel].

    `code` is `<unit>-<sheet>-<number>` with the unit as it was when surveyed, plus `-b`, `-c` for
    true duplicates: sheet numbers restart in every old commune, so the unit belongs to the identity.
    """

    code = models.CharField(_("parcel code"), max_length=80)
    unit = models.ForeignKey(
        "planning.AdminUnit",
        models.PROTECT,
        related_name="parcels",
        verbose_name=_("commune when surveyed"),
        db_index=False,  # the indexes by unit and by number begin with it
    )
    sheet = models.CharField(_("map sheet"), max_length=20)
    number = models.CharField(_("parcel number"), max_length=20)
    registry_area = models.DecimalField(
        _("area in the register (m²)"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    address = models.CharField(_("address"), max_length=200, blank=True)
    search_address = models.CharField(
        _("address without diacritics"), max_length=200, blank=True, editable=False
    )
    geometry = models.MultiPolygonField(_("geometry"))
    metric_crs = models.CharField(_("metric coordinate system"), max_length=20)
    survey_crs = models.CharField(_("survey coordinate system"), max_length=40, blank=True)
    survey_scale = models.PositiveIntegerField(_("survey scale 1:"), null=True, blank=True)
    accuracy_m = models.FloatField(_("accuracy (m)"), null=True, blank=True)
    valid = DateRangeField(_("existed"), help_text=_("first day included, last day not"))
    known = BigIntegerRangeField(_("known in revisions"), null=True, blank=True)
    upload = models.ForeignKey(
        "planning.LayerUpload", models.PROTECT, related_name="parcels", verbose_name=_("upload")
    )
    feature = models.PositiveIntegerField(_("row in the file"))

    objects = ParcelQuerySet.as_manager()

    class Meta:
        verbose_name = _("parcel")
        verbose_name_plural = _("parcels")
        indexes = [
            GistIndex(fields=["geometry", "known", "valid"], name="parcel_place_idx"),
            models.Index(fields=["code"], name="parcel_code_idx"),
            models.Index(fields=["unit", "id"], name="parcel_unit_idx"),
            models.Index(fields=["unit", "sheet", "number"], name="parcel_number_idx"),
            models.Index(fields=["sheet", "number"], name="parcel_sheet_idx"),
            models.Index(
                fields=["search_address"], name="parcel_address_idx", opclasses=["varchar_pattern_ops"]
            ),
            models.Index(
                OpClass(StreetOf("search_address"), name="text_pattern_ops"), name="parcel_street_idx"
            ),
            # on which days parcels begin and end: what is staged tells nobody its day
            models.Index("valid", condition=models.Q(known__isnull=False), name="parcel_valid_idx"),
            models.Index(
                "valid__endswith",
                condition=models.Q(known__isnull=False, valid__endswith__isnull=False),
                name="parcel_ends_idx",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=is_valid_geometry("geometry"), name="parcel_geometry_valid"),
            models.CheckConstraint(
                condition=models.Q(accuracy_m=None)
                | models.Q(accuracy_m__gte=0, accuracy_m__lte=MAX_ACCURACY_M),
                name="parcel_accuracy_possible",
            ),
            models.CheckConstraint(
                condition=models.Q(valid__isempty=False) & models.Q(valid__startswith__isnull=False),
                name="parcel_valid_begins",
            ),
            models.CheckConstraint(
                condition=models.Q(known=None) | models.Q(known__isempty=False), name="parcel_known_not_empty"
            ),
            ExclusionConstraint(
                name="parcel_one_version_at_a_time",
                expressions=[
                    ("code", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                    ("known", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.code


class ParcelAlias(models.Model):
    """Another number by which people know a parcel: an older survey, another scheme, an old unit."""

    parcel_code = models.CharField(_("parcel code"), max_length=80, db_index=True)
    scheme = models.CharField(_("scheme"), max_length=60)
    unit = models.ForeignKey(
        "planning.AdminUnit", models.PROTECT, null=True, blank=True, verbose_name=_("commune")
    )
    sheet = models.CharField(_("map sheet"), max_length=20, blank=True)
    number = models.CharField(_("parcel number"), max_length=20, blank=True)
    value = models.CharField(_("as written"), max_length=120)
    known = BigIntegerRangeField(_("known in revisions"), null=True, blank=True)
    upload = models.ForeignKey(
        "planning.LayerUpload", models.PROTECT, related_name="parcel_aliases", verbose_name=_("upload")
    )

    objects = ParcelAliasQuerySet.as_manager()

    class Meta:
        verbose_name = _("other parcel number")
        verbose_name_plural = _("other parcel numbers")
        indexes = [models.Index(fields=["sheet", "number"], name="parcel_alias_sheet_idx")]

    def __str__(self) -> str:
        return f"{self.value} = {self.parcel_code}"


class LineageKind(models.TextChoices):
    """How one parcel became another."""

    SPLIT = "split", _("split")
    MERGE = "merge", _("merger")
    RENUMBER = "renumber", _("new number")
    BOUNDARY = "boundary", _("new boundary")


class ParcelLineage(models.Model):
    """A parcel of an earlier delivery became one of a later, as the two deliveries show it.

    `shared_area_m2` is the land they have in common, in the metric system of the later one.
    """

    predecessor_code = models.CharField(_("former parcel"), max_length=80, db_index=True)
    successor_code = models.CharField(_("later parcel"), max_length=80, db_index=True)
    kind = models.CharField(_("kind"), max_length=20, choices=LineageKind.choices)
    on = models.DateField(_("date"))
    shared_area_m2 = models.FloatField(_("shared area (m²)"), null=True, blank=True)
    known = BigIntegerRangeField(_("known in revisions"), null=True, blank=True)
    upload = models.ForeignKey(
        "planning.LayerUpload",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="lineage",
        verbose_name=_("upload"),
    )

    objects = LineageQuerySet.as_manager()

    class Meta:
        verbose_name = _("parcel lineage")
        verbose_name_plural = _("parcel lineage")

    def __str__(self) -> str:
        return f"{self.predecessor_code} → {self.successor_code}"


class Replaces(models.TextChoices):
    """How much of the earlier cadastre a delivery speaks of."""

    UNITS = "units", _("all parcels of its units")
    CONTENTS = "contents", _("only the land and numbers in it")


class CadastreDelivery(models.Model):
    """A parcel file that says which earlier parcels it replaces, and as of which day.

    `units` are the units whose parcels it replaces beside those that occur in it: a delivery of a new
    commune names the former ones. A large change is a question until somebody has said that it is right.
    """

    upload = models.OneToOneField(
        "planning.LayerUpload", models.CASCADE, related_name="delivery", verbose_name=_("upload")
    )
    as_of = models.DateField(_("as of"))
    replaces = models.CharField(_("replaces"), max_length=10, choices=Replaces.choices)
    units = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, verbose_name=_("units it replaces")
    )
    is_large_change_right = models.BooleanField(_("a large change is right"), default=False)

    class Meta:
        verbose_name = _("delivery of the cadastre")
        verbose_name_plural = _("deliveries of the cadastre")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(replaces__in=Replaces.values), name="delivery_replaces_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.upload_id} · {self.as_of}"


class RefusedParcel(models.Model):
    """A row of a delivery that was left out: what can be said of the parcel that it meant.

    The parcel that stands there must not end because its successor could not be read.
    """

    upload = models.ForeignKey(
        "planning.LayerUpload", models.CASCADE, related_name="refused_parcels", verbose_name=_("upload")
    )
    row = models.PositiveIntegerField(_("row in the file"))
    unit_code = models.CharField(_("commune"), max_length=40, blank=True)
    sheet = models.CharField(_("map sheet"), max_length=20, blank=True)
    number = models.CharField(_("parcel number"), max_length=20, blank=True)
    geometry = models.GeometryField(_("geometry"), null=True, blank=True)

    class Meta:
        verbose_name = _("refused parcel")
        verbose_name_plural = _("refused parcels")

    def __str__(self) -> str:
        return f"{self.upload_id}:{self.row}"
