"""What the public reads: numbered revisions, coverage, and the pieces that every answer is made of.

Two axes that must not be confused: *visible* (staged or public) and *legal status* (computed from
events). `valid` holds dates of the law, `known` holds revisions; rows of a revision are never
changed afterwards except that `known` is closed.
"""

from django.contrib.gis.db import models
from django.contrib.gis.db.models.functions import AsGeoJSON
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField, RangeOperators
from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.indexes import GistIndex
from django.utils.translation import gettext_lazy as _

from planning.models.checks import is_valid_geometry
from planning.models.plans import PlanKind, VerticalLevel
from planning.models.zoning import RestrictionKind
from planning.querysets import CoverageQuerySet, PieceQuerySet, PublicationQuerySet

# A centimetre on the ground, and no more than any plan is good for.
DIGITS_OF_DEGREES = 7


class Publication(models.Model):
    """One numbered revision of everything public, in commit order; two members stand for it."""

    revision = models.BigIntegerField(_("revision"), primary_key=True)
    at = models.DateTimeField(_("at"), unique=True)
    office = models.ForeignKey(
        "planning.Office", models.PROTECT, related_name="publications", verbose_name=_("office")
    )
    by = models.ForeignKey(
        "planning.User", models.PROTECT, related_name="publications", verbose_name=_("published by")
    )
    approved_by = models.ForeignKey(
        "planning.User", models.PROTECT, related_name="approvals", verbose_name=_("approved by")
    )
    summary = models.JSONField(_("what changed"), default=dict)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ("-revision",)
        constraints = [
            models.CheckConstraint(condition=models.Q(revision__gt=0), name="publication_revision_positive"),
            models.CheckConstraint(
                condition=~models.Q(by=models.F("approved_by")), name="publication_by_two_members"
            ),
        ]

    def __str__(self) -> str:
        return f"r{self.revision}"


class CoverageState(models.TextChoices):
    """What the publisher declares about the data of an area; where rows overlap the least certain wins."""

    WITHHELD = "withheld", _("withheld")
    PARTIAL = "partial", _("partial")
    NOT_LOADED = "not_loaded", _("not loaded")
    NONE_EXISTS = "none_exists", _("none exists")
    COMPLETE = "complete", _("complete")


class Coverage(models.Model):
    """A publisher's declaration for a theme (or one plan kind of it) within a geometry.

    Only `complete` and `none_exists` back a "no", only for dates in `valid`, never for a date after today.
    """

    theme = models.ForeignKey(
        "planning.Theme", models.PROTECT, related_name="coverage", verbose_name=_("theme")
    )
    plan_kind = models.CharField(
        _("plan kind"), max_length=20, choices=PlanKind.choices, blank=True, help_text=_("empty: all")
    )
    state = models.CharField(_("state"), max_length=20, choices=CoverageState.choices)
    geometry = models.MultiPolygonField(_("geometry"))
    as_of = models.DateField(_("as of"))
    valid = DateRangeField(_("speaks for the dates"))
    source = models.CharField(_("source"), max_length=300)
    office = models.ForeignKey(
        "planning.Office", models.PROTECT, related_name="coverage", verbose_name=_("office")
    )
    edition = models.ForeignKey(
        "planning.Edition",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="coverage",
        verbose_name=_("because of the edition"),
    )
    upload = models.ForeignKey(
        "planning.LayerUpload",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="coverage",
        verbose_name=_("upload"),
    )
    declaration = models.UUIDField(
        _("declaration"),
        db_default=RandomUUID(),  # rows are written by COPY, past Django
        editable=False,
        db_index=True,
        help_text=_("the same for all versions of one declaration"),
    )
    declared_valid = DateRangeField(
        _("declared for the dates"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("empty: as valid; otherwise what a later edition of the plan shortened"),
    )
    known = BigIntegerRangeField(_("known in revisions"), null=True, blank=True)

    objects = CoverageQuerySet.as_manager()

    class Meta:
        verbose_name = _("coverage")
        verbose_name_plural = _("coverage")
        indexes = [GistIndex(fields=["geometry", "known", "valid"], name="coverage_place_idx")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=CoverageState.values), name="coverage_state_known"
            ),
            models.CheckConstraint(condition=is_valid_geometry("geometry"), name="coverage_geometry_valid"),
            models.CheckConstraint(
                condition=models.Q(known=None) | models.Q(known__isempty=False),
                name="coverage_known_not_empty",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.theme_id} {self.state} {self.as_of}"


class CoverageWithdrawal(models.Model):
    """A declaration that its office took back, with the reason; from that revision on it says nothing."""

    declaration = models.UUIDField(_("declaration"), unique=True)
    reason = models.CharField(_("reason"), max_length=300)
    office = models.ForeignKey("planning.Office", models.PROTECT, related_name="+", verbose_name=_("office"))
    publication = models.ForeignKey(
        Publication, models.PROTECT, related_name="withdrawals", verbose_name=_("published in")
    )
    recorded_by = models.ForeignKey(
        "planning.User", models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )

    class Meta:
        verbose_name = _("withdrawn declaration")
        verbose_name_plural = _("withdrawn declarations")

    def __str__(self) -> str:
        return f"{self.declaration} · {self.reason}"


class LegalStatus(models.TextChoices):
    """The legal status of a piece on the dates of its `valid`."""

    DRAFT = "draft", _("draft")
    APPROVED = "approved", _("approved, not yet in force")
    IN_FORCE = "in_force", _("in force")
    SUSPENDED = "suspended", _("suspended")
    SUPERSEDED = "superseded", _("superseded")
    EXPIRED = "expired", _("expired")
    ANNULLED = "annulled", _("annulled")


class Piece(models.Model):
    """Columns shared by the pieces of zones and of restrictions.

    `causes` names what gave the status: a list of {"edition", "event", "document"} codes, sorted.
    """

    edition = models.ForeignKey("planning.Edition", models.PROTECT, related_name="+")
    plan = models.ForeignKey("planning.Plan", models.PROTECT, related_name="+")
    theme = models.ForeignKey("planning.Theme", models.PROTECT, related_name="+")
    level = models.CharField(max_length=20, choices=VerticalLevel.choices)
    status = models.CharField(_("status"), max_length=20, choices=LegalStatus.choices)
    causes = models.JSONField(_("causes"), default=list)
    valid = DateRangeField(_("dates of the status"))
    known = BigIntegerRangeField(_("known in revisions"))

    objects = PieceQuerySet.as_manager()

    class Meta:
        abstract = True


def piece_indexes(name: str) -> list[models.Index]:
    """By place; whether a plan has anything in force in a theme on a day; by plan; when the law changes."""
    in_force = models.Q(status=LegalStatus.IN_FORCE)
    return [
        GistIndex(fields=["geometry", "known", "valid"], name=f"{name}_place_idx"),
        models.Index("theme", "plan", "valid__startswith", condition=in_force, name=f"{name}_loaded_idx"),
        models.Index("plan", "status", "id", name=f"{name}_plan_idx"),
        models.Index("valid", name=f"{name}_valid_idx"),
        models.Index(
            "valid__endswith", condition=models.Q(valid__endswith__isnull=False), name=f"{name}_ends_idx"
        ),
    ]


def piece_constraints(name: str, subject: str) -> list[models.BaseConstraint]:
    """The rules that must never break, per table: valid geometry, known status, no double truth."""
    return [
        models.CheckConstraint(condition=is_valid_geometry("geometry"), name=f"{name}_geometry_valid"),
        models.CheckConstraint(
            condition=models.Q(status__in=LegalStatus.values), name=f"{name}_status_known"
        ),
        models.CheckConstraint(
            condition=models.Q(known__isempty=False) & models.Q(valid__isempty=False),
            name=f"{name}_ranges_not_empty",
        ),
        ExclusionConstraint(
            name=f"{name}_one_truth",
            expressions=[
                (subject, RangeOperators.EQUAL),
                ("status", RangeOperators.EQUAL),
                ("valid", RangeOperators.OVERLAPS),
                ("known", RangeOperators.OVERLAPS),
            ],
        ),
    ]


class ZonePiece(Piece):
    """What is left of a zone under one status: the zone minus (or within) the extents that replaced it."""

    zone = models.ForeignKey("planning.Zone", models.PROTECT, related_name="pieces")
    land_use = models.ForeignKey("planning.LandUse", models.PROTECT, related_name="+")
    geometry = models.MultiPolygonField(_("geometry"))
    # Written by the database when the piece is: to write it at every page takes longer than all else.
    geojson = models.GeneratedField(
        expression=AsGeoJSON("geometry", precision=DIGITS_OF_DEGREES),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("piece of a zone")
        verbose_name_plural = _("pieces of zones")
        indexes = piece_indexes("zone_piece")
        constraints = piece_constraints("zone_piece", "zone")

    def __str__(self) -> str:
        return f"{self.zone_id} {self.status}"


class RestrictionPiece(Piece):
    """What is left of a restriction under one status; any geometry family."""

    restriction = models.ForeignKey("planning.Restriction", models.PROTECT, related_name="pieces")
    kind = models.CharField(max_length=30, choices=RestrictionKind.choices)
    geometry = models.GeometryField(_("geometry"))

    class Meta:
        verbose_name = _("piece of a restriction")
        verbose_name_plural = _("pieces of restrictions")
        indexes = piece_indexes("restriction_piece")
        constraints = piece_constraints("restriction_piece", "restriction")

    def __str__(self) -> str:
        return f"{self.restriction_id} {self.status}"


class ZoomBand(models.IntegerChoices):
    """Zoom levels of a map that share one generalised geometry, by the last of them."""

    COUNTRY = 6, _("to zoom 6")
    PROVINCE = 8, _("zoom 7 and 8")
    CITY = 10, _("zoom 9 and 10")
    DISTRICT = 12, _("zoom 11 and 12")
    QUARTER = 14, _("zoom 13 and 14")
    STREET = 16, _("from zoom 15 on")


class GeneralisedZone(models.Model):
    """A piece of a zone drawn coarsely for one zoom band of the map; measured and answered from never.

    Known in the revisions of its piece. In EPSG:3857, the system in which tiles are cut; `area` in its units.
    """

    piece = models.ForeignKey(ZonePiece, models.PROTECT, related_name="generalised", db_index=False)
    band = models.PositiveSmallIntegerField(_("zoom band"), choices=ZoomBand.choices)
    area = models.FloatField(_("area on the map"))
    geometry = models.GeometryField(_("geometry"), srid=3857, spatial_index=False)

    class Meta:
        verbose_name = _("generalised zone")
        verbose_name_plural = _("generalised zones")
        indexes = [
            # as an expression: of a geometry given as a field Django makes an index of all rows
            GistIndex(models.F("geometry"), name=f"generalised_z{band}_idx", condition=models.Q(band=band))
            for band in (6, 8, 10, 12, 14, 16)
        ] + [
            # only far tiles meet more outlines than they have room for
            models.Index(
                fields=["band", "-area", "piece"],
                name="generalised_weight_idx",
                condition=models.Q(band__lte=12),
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["piece", "band"], name="generalised_zone_once_per_band"),
            models.CheckConstraint(
                condition=models.Q(band__in=ZoomBand.values), name="generalised_zone_band_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.piece_id} z{self.band}"
