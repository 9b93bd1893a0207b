"""The papers behind plans: decisions, drawings, regulations, and the clauses in them that answers cite."""

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.utils.translation import gettext_lazy as _

from planning.querysets import DocumentQuerySet


class DocumentKind(models.TextChoices):
    """A site master plan is accepted in a letter, not approved by a decision: the kind is data."""

    DECISION = "decision", _("decision")
    ACCEPTANCE = "acceptance", _("letter of acceptance")
    DRAWING = "drawing", _("drawing")
    REGULATION = "regulation", _("management rules")
    EXPLANATION = "explanation", _("explanation")


class Document(models.Model):
    """A paper behind a plan, as file or address, with its hash.

    It goes public with the edition it came with, or with the first event or relation that names it; from
    then on it stays as it is.
    """

    plan = models.ForeignKey(
        "planning.Plan", models.PROTECT, related_name="documents", verbose_name=_("plan")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=DocumentKind.choices)
    number = models.CharField(_("number"), max_length=100, blank=True)
    date = models.DateField(_("date"), null=True, blank=True)
    issuer = models.CharField(_("issued by"), max_length=200, blank=True)
    title = models.CharField(_("title"), max_length=300)
    url = models.URLField(_("address"), blank=True, max_length=500)
    file = models.FileField(_("file"), upload_to="documents/%Y/%m", max_length=300, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True, db_index=True)
    size = models.PositiveBigIntegerField(_("size (bytes)"), null=True, blank=True)
    media_type = models.CharField(_("media type"), max_length=80, blank=True)
    pages = models.PositiveIntegerField(_("pages"), null=True, blank=True)
    edition = models.ForeignKey(
        "planning.Edition",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("came with the edition"),
    )
    publication = models.ForeignKey(
        "planning.Publication",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("published in"),
    )

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ("plan", "kind", "date")

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()


class Clause(models.Model):
    """An article of a document, and what of the plan it speaks about.

    `clause_id` stays the same across editions: it is how one article is followed from edition to edition.
    The three lists narrow what it is shown with (codes of land uses as published, codes of zones, kinds of
    restrictions); a clause whose lists are all empty is about the whole plan.
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="clauses", verbose_name=_("document"))
    clause_id = models.SlugField(_("lasting id"), max_length=80)
    article = models.CharField(_("article"), max_length=60)
    text = models.TextField(_("text"))
    page = models.PositiveIntegerField(_("page"), null=True, blank=True)
    land_uses = ArrayField(
        models.CharField(max_length=120), default=list, blank=True, verbose_name=_("about land uses")
    )
    zone_codes = ArrayField(
        models.CharField(max_length=100), default=list, blank=True, verbose_name=_("about zones")
    )
    restriction_kinds = ArrayField(
        models.CharField(max_length=30), default=list, blank=True, verbose_name=_("about restrictions")
    )

    class Meta:
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")
        constraints = [models.UniqueConstraint(fields=["document", "clause_id"], name="clause_once")]

    def __str__(self) -> str:
        return f"{self.document} · {self.article}"
