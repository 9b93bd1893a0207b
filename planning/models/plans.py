"""Themes, plans and their editions. The papers behind them are in `papers`, the dated facts in `events`.

Legal validity is never stored here: `planning.publication` computes it from `PlanEvent` and
`PlanRelation` (its module `law`) and writes the result into pieces.
"""

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.utils.translation import gettext_lazy as _

from planning.models.checks import MAX_ACCURACY_M, MAX_SCALE, is_valid_geometry
from planning.querysets import EditionQuerySet, PlanQuerySet, ThemeQuerySet


class PlanKind(models.TextChoices):
    """Kinds of plan (loại quy hoạch); which authority makes them and how fine they are."""

    PROVINCIAL = "provincial", _("provincial plan")
    GENERAL = "general", _("general plan")
    ZONING = "zoning", _("zoning plan")
    DETAILED = "detailed", _("detailed plan")
    SHORTENED = "shortened", _("site master plan")
    LAND_USE = "land_use", _("land-use plan")
    LAND_USE_ANNUAL = "land_use_annual", _("annual land-use plan")
    INFRASTRUCTURE = "infrastructure", _("infrastructure plan")
    ORDINANCE = "ordinance", _("zoning ordinance")


class VerticalLevel(models.TextChoices):
    """Plans of different levels neither overlap nor conflict."""

    SURFACE = "surface", _("surface")
    UNDERGROUND = "underground", _("underground")


class Visibility(models.TextChoices):
    """Whether the public sees it. Not the legal status: a draft under consultation is public."""

    STAGED = "staged", _("staged")
    PUBLIC = "public", _("public")


class Theme(models.Model):
    """What people ask about (construction, land use, lines, corridors...): a dated code list.

    Gathers plan kinds (whose zones it shows) and restriction kinds.
    """

    code = models.SlugField(_("code"), primary_key=True, max_length=40)
    title_vi = models.CharField(_("Vietnamese title"), max_length=120)
    title_en = models.CharField(_("English title"), max_length=120)
    order = models.PositiveSmallIntegerField(_("order"))
    plan_kinds = ArrayField(models.CharField(max_length=20), verbose_name=_("plan kinds"), default=list)
    restriction_kinds = ArrayField(
        models.CharField(max_length=30), verbose_name=_("restriction kinds"), default=list
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = ThemeQuerySet.as_manager()

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ("order", "code")

    def __str__(self) -> str:
        return self.title_vi


class Plan(models.Model):
    """A spatial plan (quy hoạch) [SpatialPlan], from its first draft to its last adjustment.

    `id` is a lasting slug. `accuracy_m` is what the authority states; where it says nothing,
    0.2 mm at map scale is assumed.
    """

    id = models.SlugField(primary_key=True, max_length=80)
    kind = models.CharField(_("kind"), max_length=20, choices=PlanKind.choices)
    level = models.CharField(
        _("level"), max_length=20, choices=VerticalLevel.choices, default=VerticalLevel.SURFACE
    )
    title = models.CharField(_("title"), max_length=300)
    title_en = models.CharField(_("English title"), max_length=300, blank=True)
    search_title = models.CharField(_("title without diacritics"), max_length=300, blank=True, editable=False)
    territory = models.ForeignKey(
        "planning.Territory", models.PROTECT, related_name="plans", verbose_name=_("territory")
    )
    office = models.ForeignKey(
        "planning.Office", models.PROTECT, related_name="plans", verbose_name=_("office")
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("made under")
    )
    scale = models.PositiveIntegerField(_("scale 1:"), null=True, blank=True)
    accuracy_m = models.FloatField(_("stated accuracy (m)"), null=True, blank=True)
    metric_crs = models.CharField(_("metric coordinate system"), max_length=20, help_text="EPSG:…")
    tiles_its_extent = models.BooleanField(
        _("must tile its extent"),
        default=False,
        help_text=_("gaps and overlaps between its zones are then errors, not warnings"),
    )
    licence = models.CharField(_("licence"), max_length=200)
    source = models.CharField(_("source"), max_length=300, blank=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ("title",)
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=PlanKind.values), name="plan_kind_known"),
            # NaN is greater than every number in PostgreSQL: the upper bound keeps it out.
            models.CheckConstraint(
                condition=models.Q(accuracy_m=None)
                | models.Q(accuracy_m__gt=0, accuracy_m__lte=MAX_ACCURACY_M),
                name="plan_accuracy_possible",
            ),
            models.CheckConstraint(
                condition=models.Q(scale=None) | models.Q(scale__gte=1, scale__lte=MAX_SCALE),
                name="plan_scale_possible",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PlanIdentifier(models.Model):
    """A number some scheme gave the plan (mã thông tin quy hoạch...); none is a primary key."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="identifiers", verbose_name=_("plan"))
    scheme = models.CharField(_("scheme"), max_length=60)
    value = models.CharField(_("value"), max_length=100)

    class Meta:
        verbose_name = _("plan identifier")
        verbose_name_plural = _("plan identifiers")
        constraints = [
            models.UniqueConstraint(fields=["plan", "scheme", "value"], name="plan_identifier_once")
        ]

    def __str__(self) -> str:
        return f"{self.scheme}: {self.value}"


class Edition(models.Model):
    """One content of a plan (`<plan>/<n>`): the first version, an adjustment, a draft.

    A whole edition replaces the earlier ones everywhere, a local adjustment (điều chỉnh cục bộ)
    only within its extent.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="editions", verbose_name=_("plan"))
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=300, blank=True)
    is_local_adjustment = models.BooleanField(_("local adjustment"), default=False)
    extent = models.MultiPolygonField(_("extent"), null=True, blank=True)
    visibility = models.CharField(
        _("visible"), max_length=10, choices=Visibility.choices, default=Visibility.STAGED
    )
    publication = models.ForeignKey(
        "planning.Publication",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="editions",
        verbose_name=_("published in"),
    )

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ("plan", "number")
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="edition_number_once"),
            models.CheckConstraint(
                condition=models.Q(extent=None) | is_valid_geometry("extent"), name="edition_extent_valid"
            ),
            models.CheckConstraint(
                condition=models.Q(visibility=Visibility.STAGED)
                | models.Q(publication__isnull=False, extent__isnull=False),
                name="edition_public_is_published_with_extent",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The public name of the edition."""
        return f"{self.plan_id}/{self.number}"
