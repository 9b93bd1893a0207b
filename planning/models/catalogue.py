"""What is known of all rows of a collection at once, kept so that no reader waits for it to be counted."""

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.utils.translation import gettext_lazy as _

from planning.querysets import FiguresQuerySet


class CollectionFigures(models.Model):
    """Count and extents of one collection as known in one revision, as it is law on one day.

    Neither ever changes, so a row is right for good; it can be deleted at any time and is counted anew.
    `first` and `last` are empty where some row has no such day. A migration that changes which rows a
    collection has deletes its figures.
    """

    collection = models.CharField(_("collection"), max_length=60)
    revision = models.BigIntegerField(_("revision"))
    on = models.DateField(_("date"))
    count = models.BigIntegerField(_("number of features"))
    bbox = ArrayField(models.FloatField(), size=4, null=True, verbose_name=_("extent"))
    first = models.DateField(_("first day"), null=True)
    last = models.DateField(_("last day"), null=True)
    metric_systems = ArrayField(
        models.CharField(max_length=20), default=list, verbose_name=_("metric coordinate systems")
    )
    computed_at = models.DateTimeField(_("computed at"), auto_now_add=True)

    objects = FiguresQuerySet.as_manager()

    class Meta:
        verbose_name = _("figures of a collection")
        verbose_name_plural = _("figures of collections")
        constraints = [
            models.UniqueConstraint(fields=["collection", "revision", "on"], name="figures_once_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.collection} {self.revision}.{self.on}"
