"""What people looked for and nobody had: counted, never written down. It knows no person and no text."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from planning.querysets import MissedLookupQuerySet


class MissedLookup(models.Model):
    """How often a kind of look-up found nothing in a commune on a day: demand for data that is missing.

    The text, the parcel and whoever asked are not kept.
    """

    day = models.DateField(_("day"))
    unit = models.ForeignKey(
        "planning.AdminUnit",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="missed_lookups",
        verbose_name=_("commune"),
    )
    kind = models.CharField(_("what was looked for"), max_length=20)
    count = models.PositiveIntegerField(_("how often"), default=0)

    objects = MissedLookupQuerySet.as_manager()

    class Meta:
        verbose_name = _("missed look-ups")
        verbose_name_plural = _("missed look-ups")
        ordering = ("-day", "-count")
        constraints = [
            models.UniqueConstraint(
                fields=["day", "unit", "kind"], name="missed_lookup_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.unit_id or ''} {self.kind}: {self.count}"
