"""The audit log: what was written, by whom and why. Filled by triggers alone, never changed."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from planning.querysets import AuditQuerySet


class AuditAction(models.TextChoices):
    """What happened to the row."""

    INSERT = "insert", _("made")
    UPDATE = "update", _("changed")
    DELETE = "delete", _("deleted")


class AuditEntry(models.Model):
    """One row of one table was made, changed or deleted.

    Nothing here refers to another table, so the trace outlives what it speaks of. `changes` maps a column
    to what it was and what it became; geometries appear by their digest, contact data as "…". Who stands
    behind a change and why is said by `planning.audit.acting`; without it only the database's own account is
    known.
    """

    at = models.DateTimeField(_("at"), db_default=Now())
    table = models.CharField(_("what kind of row"), max_length=40)
    row = models.CharField(_("row"), max_length=120)
    action = models.CharField(_("what happened"), max_length=10, choices=AuditAction.choices)
    changes = models.JSONField(_("before and after"), default=dict)
    office_id = models.CharField(_("office"), max_length=60, blank=True)
    user_id = models.BigIntegerField(_("number of the user"), null=True, blank=True)
    user_name = models.CharField(_("who"), max_length=150, blank=True)
    why = models.CharField(_("why"), max_length=500, blank=True)
    account = models.CharField(_("account of the database"), max_length=63, blank=True)
    transaction = models.BigIntegerField(_("written together"))

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the audit log")
        verbose_name_plural = _("audit log")
        ordering = ("-pk",)
        indexes = [
            models.Index(fields=["table", "row"], name="audit_row_idx"),
            models.Index(fields=["office_id", "-id"], name="audit_office_idx"),
            models.Index(fields=["table", "id"], name="audit_table_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.row}"
