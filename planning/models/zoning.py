"""What a plan says of land: zones with their use and indicators, and restrictions along or over land."""

from typing import Any

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.utils.translation import gettext_lazy as _

from planning.models.checks import is_valid_geometry
from planning.models.stated import stated_number
from planning.querysets import PublishedRowQuerySet


class LandUseList(models.Model):
    """A dated list of land-use codes; codes of different lists are mapped, never mixed."""

    code = models.SlugField(_("code"), primary_key=True, max_length=40)
    title = models.CharField(_("title"), max_length=200)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    source = models.TextField(_("source"), blank=True)

    class Meta:
        verbose_name = _("land-use code list")
        verbose_name_plural = _("land-use code lists")

    def __str__(self) -> str:
        return self.title


class Certainty(models.TextChoices):
    """How sure an entry of a code list is."""

    CONFIRMED = "confirmed", _("two or more sources agree")
    SECOND_HAND = "second_hand", _("from one source, not checked against the legal text")
    OURS = "ours", _("ours, to be checked by a planner")


class LandUseGroup(models.Model):
    """A main group of land uses, coarse enough to be told apart by pattern; its names for people."""

    code = models.SlugField(_("code"), primary_key=True, max_length=40)
    name_vi = models.CharField(_("Vietnamese name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("group of land uses")
        verbose_name_plural = _("groups of land uses")
        ordering = ("order", "code")

    def __str__(self) -> str:
        return self.code


class LandUse(models.Model):
    """A land use (chức năng sử dụng đất) of one code list; several codes share one colour."""

    code_list = models.ForeignKey(
        LandUseList, models.PROTECT, related_name="entries", verbose_name=_("code list")
    )
    code = models.CharField(_("code"), max_length=40)
    name_vi = models.CharField(_("Vietnamese name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    group = models.CharField(_("main group"), max_length=40, blank=True)
    parent_code = models.CharField(_("part of"), max_length=40, blank=True)
    colour = models.CharField(_("colour"), max_length=7, blank=True, help_text="#RRGGBB")
    colour_confidence = models.CharField(_("origin of the colour"), max_length=60, blank=True)
    hilucs = models.CharField("HILUCS", max_length=60, blank=True)
    certainty = models.CharField(_("certainty"), max_length=20, choices=Certainty.choices, blank=True)

    class Meta:
        verbose_name = _("land use")
        verbose_name_plural = _("land uses")
        ordering = ("code_list", "code")
        constraints = [
            models.UniqueConstraint(fields=["code_list", "code"], name="land_use_code_once_per_list"),
            models.CheckConstraint(
                condition=models.Q(colour="") | models.Q(colour__regex=r"^#[0-9A-F]{6}$"),
                name="land_use_colour_hex",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_vi}"

    def matching(self, code_list: str) -> "models.QuerySet[LandUseMatch, Any]":
        """What this code is in the other list: each match with its kind and certainty, the closest first.

        Empty where nobody has said: that is no statement that the other list lacks the use.
        """
        closeness = [models.When(kind=kind, then=order) for order, kind in enumerate(MatchKind.values)]
        return (
            LandUseMatch.objects.filter(land_use=self, other__code_list=code_list)
            .select_related("other")
            .order_by(models.Case(*closeness), "other__code")
        )


class MatchKind(models.TextChoices):
    """How a code of one list relates to a code of another (SKOS mapping relations)."""

    EXACT = "exact", _("the same")
    BROADER = "broader", _("the other is broader")
    NARROWER = "narrower", _("the other is narrower")
    RELATED = "related", _("they overlap in part")


class LandUseMatch(models.Model):
    """A land use of one list stands for (some of) a land use of another list: for reading, never for law.

    What was published keeps its own code; a match lets people compare plans drawn under different lists.
    """

    land_use = models.ForeignKey(LandUse, models.CASCADE, related_name="matches", verbose_name=_("land use"))
    other = models.ForeignKey(
        LandUse, models.CASCADE, related_name="matched_by", verbose_name=_("land use of the other list")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=MatchKind.choices)
    source = models.CharField(_("source"), max_length=300, blank=True)
    certainty = models.CharField(_("certainty"), max_length=20, choices=Certainty.choices, blank=True)

    class Meta:
        verbose_name = _("match between land-use lists")
        verbose_name_plural = _("matches between land-use lists")
        constraints = [
            models.UniqueConstraint(fields=["land_use", "other"], name="land_use_match_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=MatchKind.values), name="land_use_match_kind_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(land_use=models.F("other")), name="land_use_match_of_two"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.land_use_id} {self.kind} {self.other_id}"


class PublishedRow(models.Model):
    """Where a published row came from: the columns that zones and restrictions share.

    The numbers that its indicators state stand in columns of their own, which the database fills.
    """

    public_id = models.CharField(_("id"), max_length=120, unique=True)
    code = models.CharField(_("code"), max_length=100, blank=True)
    name = models.CharField(_("name"), max_length=250, blank=True)
    indicators = models.JSONField(_("indicators"), default=dict, blank=True)
    feature = models.PositiveIntegerField(_("row in the file"))
    layer = models.CharField(_("layer of the file"), max_length=120, blank=True)
    coverage_min = stated_number("coverage", "min")
    coverage_max = stated_number("coverage", "max")
    floor_area_ratio_min = stated_number("floor_area_ratio", "min")
    floor_area_ratio_max = stated_number("floor_area_ratio", "max")
    storeys_min = stated_number("storeys", "min")
    storeys_max = stated_number("storeys", "max")
    height_min = stated_number("height", "min")
    height_max = stated_number("height", "max")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.public_id


class Zone(PublishedRow):
    """A zone (ô đất, lô đất) of an edition [ZoningElement, SP_PlanUnit].

    `public_id` is `<plan>.<edition>.<row>`. `indicators` maps a name to
    {"text", "min", "max", "unit", "state"} (planning.codes.Indicator). `land_use_text` is the code as
    published. Immutable once its edition is public.
    """

    edition = models.ForeignKey(
        "planning.Edition", models.PROTECT, related_name="zones", verbose_name=_("edition")
    )
    land_use = models.ForeignKey(LandUse, models.PROTECT, related_name="zones", verbose_name=_("land use"))
    land_use_text = models.CharField(_("land use as published"), max_length=120, blank=True)
    geometry = models.MultiPolygonField(_("geometry"))
    uses_allowed = ArrayField(
        models.CharField(max_length=200), default=list, blank=True, verbose_name=_("allowed uses")
    )
    uses_conditional = ArrayField(
        models.CharField(max_length=200), default=list, blank=True, verbose_name=_("conditional uses")
    )
    uses_forbidden = ArrayField(
        models.CharField(max_length=200), default=list, blank=True, verbose_name=_("forbidden uses")
    )
    upload = models.ForeignKey(
        "planning.LayerUpload", models.PROTECT, related_name="zones", verbose_name=_("upload")
    )

    objects = PublishedRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("zone")
        verbose_name_plural = _("zones")
        indexes = [models.Index(fields=["code"], name="zone_code_idx")]
        constraints = [
            models.CheckConstraint(condition=is_valid_geometry("geometry"), name="zone_geometry_valid")
        ]


class RestrictionKind(models.TextChoices):
    """Kinds of restriction along or over land."""

    RED_LINE = "red_line", _("red line (road boundary)")
    BUILDING_LINE = "building_line", _("building line")
    CORRIDOR = "corridor", _("safety corridor")
    HEIGHT_LIMIT = "height_limit", _("height limit")
    HERITAGE = "heritage", _("heritage protection")


class Restriction(PublishedRow):
    """A red line (chỉ giới đường đỏ), building line, corridor... [SupplementaryRegulation].

    Geometry is (multi)point, (multi)line or (multi)polygon. Immutable once its edition is public.
    """

    edition = models.ForeignKey(
        "planning.Edition", models.PROTECT, related_name="restrictions", verbose_name=_("edition")
    )
    kind = models.CharField(_("kind"), max_length=30, choices=RestrictionKind.choices)
    geometry = models.GeometryField(_("geometry"))
    upload = models.ForeignKey(
        "planning.LayerUpload", models.PROTECT, related_name="restrictions", verbose_name=_("upload")
    )

    objects = PublishedRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("restriction")
        verbose_name_plural = _("restrictions")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=RestrictionKind.values), name="restriction_kind_known"
            ),
            models.CheckConstraint(
                condition=is_valid_geometry("geometry"), name="restriction_geometry_valid"
            ),
        ]
