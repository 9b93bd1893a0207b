"""Where: administrative units with their dated lists, and the territories this deployment serves."""

from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.utils.translation import gettext_lazy as _

from planning.models.checks import is_valid_geometry
from planning.querysets import AdminUnitQuerySet, NameOf, SuccessionQuerySet, TerritoryQuerySet


class AdminUnitList(models.Model):
    """One edition of the official list of administrative units; a unit code means nothing without it."""

    code = models.SlugField(_("code"), primary_key=True, max_length=20)
    title = models.CharField(_("title"), max_length=200)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    source = models.TextField(_("source"), blank=True)
    licence = models.CharField(_("licence"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("list of administrative units")
        verbose_name_plural = _("lists of administrative units")

    def __str__(self) -> str:
        return self.title


class AdminUnitKind(models.TextChoices):
    """The tier of a unit, whatever it is called where it stands."""

    PROVINCE = "province", _("province")
    DISTRICT = "district", _("district")
    COMMUNE = "commune", _("commune")


class AdminUnit(models.Model):
    """An administrative unit (đơn vị hành chính) of one list; id is `<list>-<code>`.

    The same bare code names different places in different lists, so it is never used alone.
    Geometry may be missing; `centre` then serves for zooming only.
    """

    id = models.CharField(primary_key=True, max_length=40)
    unit_list = models.ForeignKey(AdminUnitList, models.PROTECT, related_name="units", verbose_name=_("list"))
    code = models.CharField(_("code"), max_length=20)
    kind = models.CharField(_("tier"), max_length=20, choices=AdminUnitKind.choices)
    name = models.CharField(_("name"), max_length=120)
    search_name = models.CharField(
        _("name without diacritics"), max_length=120, db_index=True, editable=False
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    area_km2 = models.DecimalField(_("area (km²)"), max_digits=10, decimal_places=2, null=True, blank=True)
    centre = models.PointField(_("centre"), null=True, blank=True)
    geometry = models.MultiPolygonField(_("boundary"), null=True, blank=True)
    boundary_is_invented = models.BooleanField(_("boundary is invented"), default=False)
    decision = models.CharField(_("founding decision"), max_length=200, blank=True)

    objects = AdminUnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("administrative unit")
        verbose_name_plural = _("administrative units")
        ordering = ("id",)
        indexes = [
            GinIndex(OpClass(NameOf("search_name"), name="gin_trgm_ops"), name="admin_unit_name_trgm"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["unit_list", "code", "kind"], name="admin_unit_code_once_per_list"
            ),
            models.CheckConstraint(
                condition=models.Q(geometry=None) | is_valid_geometry("geometry"),
                name="admin_unit_geometry_valid",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AdminSuccession(models.Model):
    """One unit passed, whole or in part, into another on a day; many to many."""

    predecessor = models.ForeignKey(
        AdminUnit, models.CASCADE, related_name="passed_into", verbose_name=_("former unit")
    )
    successor = models.ForeignKey(
        AdminUnit, models.CASCADE, related_name="formed_from", verbose_name=_("new unit")
    )
    on = models.DateField(_("date"))
    is_partial = models.BooleanField(
        _("in part"), default=False, help_text=_("the former unit was divided among several")
    )

    objects = SuccessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("succession of units")
        verbose_name_plural = _("successions of units")
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor", "on"], name="admin_succession_once")
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} → {self.successor_id}"


class Territory(models.Model):
    """An area this deployment answers for, with the metric system a site or point there is measured in."""

    code = models.SlugField(_("code"), primary_key=True, max_length=40)
    name = models.CharField(_("name"), max_length=120)
    metric_crs = models.CharField(_("metric coordinate system"), max_length=20, help_text="EPSG:…")
    extent = models.MultiPolygonField(_("extent"))
    units = models.ManyToManyField(AdminUnit, blank=True, verbose_name=_("administrative units"))
    office = models.ForeignKey(
        "planning.Office",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("office that gives the binding answer"),
    )

    objects = TerritoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("territory")
        verbose_name_plural = _("territories")
        constraints = [
            models.CheckConstraint(condition=is_valid_geometry("extent"), name="territory_extent_valid")
        ]

    def __str__(self) -> str:
        return self.name
