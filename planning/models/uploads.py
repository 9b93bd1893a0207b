"""Files that planners hand in, what was found in them, and what was mended.

Every published row names the upload and the feature in it that it came from.
"""

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from planning.querysets import LayerUploadQuerySet


class UploadState(models.TextChoices):
    """How far a file has come."""

    RECEIVED = "received", _("received")
    INSPECTED = "inspected", _("inspected")
    MAPPED = "mapped", _("mapped")
    CHECKED = "checked", _("checked")
    IN_REVIEW = "in_review", _("in review")
    PUBLISHED = "published", _("published")
    REPLACED = "replaced", _("replaced")
    WITHDRAWN = "withdrawn", _("withdrawn")
    FAILED = "failed", _("failed")


class UploadResult(models.TextChoices):
    """What the checks say of a file."""

    OK = "ok", _("ok")
    NEEDS_ANSWER = "needs_answer", _("needs an answer")
    BLOCKED = "blocked", _("blocked")
    REFUSED = "refused", _("refused")


class Level(models.TextChoices):
    """How grave a finding is: fatal stops the file, an error blocks publishing."""

    FATAL = "fatal", _("fatal")
    ERROR = "error", _("error")
    WARNING = "warning", _("warning")
    INFO = "info", _("info")
    QUESTION = "question", _("question")


class LayerUpload(models.Model):
    """A file as it was handed in, with its hash, and the state of its way to publication."""

    office = models.ForeignKey(
        "planning.Office", models.PROTECT, related_name="uploads", verbose_name=_("office")
    )
    edition = models.ForeignKey(
        "planning.Edition",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="uploads",
        verbose_name=_("edition"),
    )
    file = models.FileField(_("file"), upload_to="uploads/%Y/%m", max_length=300)
    original_name = models.CharField(_("name as handed in"), max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    size = models.PositiveBigIntegerField(_("size (bytes)"))
    format = models.CharField(_("format"), max_length=40, blank=True)
    declared_crs = models.CharField(_("declared coordinate system"), max_length=200, blank=True)
    confirmed_crs = models.CharField(_("confirmed coordinate system"), max_length=20, blank=True)
    mapping = models.JSONField(_("mapping"), default=dict, blank=True)
    licence = models.CharField(_("licence"), max_length=200, blank=True)
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    state = models.CharField(
        _("state"), max_length=20, choices=UploadState.choices, default=UploadState.RECEIVED
    )
    result = models.CharField(_("result"), max_length=20, choices=UploadResult.choices, blank=True)
    report = models.JSONField(_("report"), default=dict, blank=True)
    uploaded_by = models.ForeignKey(
        "planning.User", models.PROTECT, related_name="uploads", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)

    objects = LayerUploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        ordering = ("-uploaded_at",)

    def __str__(self) -> str:
        return f"{self.pk} · {self.original_name}"


class Finding(models.Model):
    """One thing a check has to say about a file, with its place where it has one."""

    upload = models.ForeignKey(LayerUpload, models.CASCADE, related_name="findings", verbose_name=_("upload"))
    code = models.CharField(_("rule"), max_length=10)
    level = models.CharField(_("level"), max_length=10, choices=Level.choices)
    layer = models.CharField(_("layer"), max_length=120, blank=True)
    row = models.PositiveIntegerField(_("row"), null=True, blank=True)
    field = models.CharField(_("field"), max_length=120, blank=True)
    value = models.CharField(_("value"), max_length=200, blank=True)
    facts = models.JSONField(_("facts"), default=dict, blank=True)
    place = models.GeometryField(_("place"), null=True, blank=True)

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.code} {self.layer}:{self.row or ''}"


class Repair(models.Model):
    """A geometry that was mended: what it measured before and after, how, and who took the offer."""

    upload = models.ForeignKey(LayerUpload, models.CASCADE, related_name="repairs", verbose_name=_("upload"))
    layer = models.CharField(_("layer"), max_length=120)
    row = models.PositiveIntegerField(_("row"))
    steps = models.JSONField(_("steps"), default=list)
    before_sha256 = models.CharField(_("geometry as read, SHA-256"), max_length=64)
    before_wkb = models.BinaryField(_("geometry as read"))
    area_before_m2 = models.FloatField(_("area before (m²)"))
    area_after_m2 = models.FloatField(_("area after (m²)"))
    accepted_by = models.ForeignKey("planning.User", models.PROTECT, verbose_name=_("accepted by"))
    accepted_at = models.DateTimeField(_("accepted at"), auto_now_add=True)

    class Meta:
        verbose_name = _("repair")
        verbose_name_plural = _("repairs")

    def __str__(self) -> str:
        return f"{self.layer}:{self.row}"
