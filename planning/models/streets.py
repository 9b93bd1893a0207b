"""Streets that parcels lie along, gathered from their addresses by the database itself."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.utils.translation import gettext_lazy as _

from planning.querysets import StreetNameOf, StreetQuerySet


class Street(models.Model):
    """A street (đường, phố) in one commune, as addresses of its parcels name it.

    Rows come from a trigger whenever parcels are stored and only help to find: whoever shows a street
    looks first whether a public parcel lies along it.
    """

    unit = models.ForeignKey(
        "planning.AdminUnit", models.CASCADE, related_name="streets", verbose_name=_("commune")
    )
    name = models.CharField(_("name"), max_length=200)
    search_name = models.CharField(_("name without diacritics"), max_length=200, editable=False)

    objects = StreetQuerySet.as_manager()

    class Meta:
        verbose_name = _("street")
        verbose_name_plural = _("streets")
        ordering = ("search_name", "unit")
        indexes = [
            models.Index(fields=["search_name"], name="street_name_idx"),
            GinIndex(OpClass(StreetNameOf("search_name"), name="gin_trgm_ops"), name="street_name_trgm"),
        ]
        constraints = [models.UniqueConstraint(fields=["unit", "search_name"], name="street_once_per_unit")]

    def __str__(self) -> str:
        return self.name
