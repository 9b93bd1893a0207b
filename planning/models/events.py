"""Dated facts about editions, what plans say of each other, and what an authority ruled between them.

From these alone `planning.publication.law` computes what is law on which day; nothing is typed.
"""

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.utils.translation import gettext_lazy as _

from planning.models.checks import is_valid_geometry
from planning.querysets import PlanRelationQuerySet, RecordedQuerySet, RulingQuerySet


class RelationKind(models.TextChoices):
    """What one plan says of another, always with a document; software never infers it."""

    IMPLEMENTS = "implements", _("implements")
    AMENDS = "amends", _("amends")
    ADDS = "adds", _("adds to")
    REPLACES_CONTENTS = "replaces_contents", _("replaces single contents of")
    STRIKES = "strikes", _("strikes single contents of")
    REPEALS_IN_EXTENT = "repeals_in_extent", _("repeals in the extent")
    REPLACES_IN_EXTENT = "replaces_in_extent", _("replaces in the extent")

    @classmethod
    def of_single_contents(cls) -> tuple["RelationKind", ...]:
        """The kinds that name zones and restrictions one by one."""
        return (cls.REPLACES_CONTENTS, cls.STRIKES)

    @classmethod
    def taking_out_of_force(cls) -> tuple["RelationKind", ...]:
        """The kinds after which some of the other plan is no longer law."""
        return (*cls.of_single_contents(), cls.REPEALS_IN_EXTENT, cls.REPLACES_IN_EXTENT)


class PlanRelation(models.Model):
    """What an edition does to another plan (XPlanung's kinds of change), always with a document.

    To implement, amend and add takes nothing out of force: the plans stand side by side and the relation
    is shown. The others take land out of force from the day the edition is law: all of it in the extent,
    or the single `contents` named (public ids of zones and restrictions).
    """

    edition = models.ForeignKey(
        "planning.Edition", models.PROTECT, related_name="relations", verbose_name=_("edition that acts")
    )
    kind = models.CharField(_("kind"), max_length=30, choices=RelationKind.choices)
    target = models.ForeignKey(
        "planning.Plan", models.PROTECT, related_name="affected_by", verbose_name=_("plan that is affected")
    )
    extent = models.MultiPolygonField(
        _("extent"), null=True, blank=True, help_text=_("empty: the extent of the edition")
    )
    contents = ArrayField(
        models.CharField(max_length=120),
        default=list,
        blank=True,
        verbose_name=_("single contents"),
        help_text=_("public ids of the zones and restrictions that are replaced or struck"),
    )
    document = models.ForeignKey("planning.Document", models.PROTECT, verbose_name=_("document that says so"))
    publication = models.ForeignKey(
        "planning.Publication",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="relations",
        verbose_name=_("published in"),
    )

    objects = PlanRelationQuerySet.as_manager()

    class Meta:
        verbose_name = _("relation between plans")
        verbose_name_plural = _("relations between plans")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(extent=None) | is_valid_geometry("extent"), name="relation_extent_valid"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=RelationKind.values), name="relation_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=RelationKind.of_single_contents(), contents__len__gt=0)
                | ~models.Q(kind__in=RelationKind.of_single_contents()) & models.Q(contents__len=0),
                name="relation_contents_named",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition} {self.get_kind_display()} {self.target_id}"


class EventKind(models.TextChoices):
    """Dated facts in the life of an edition."""

    CONSULTATION_OPENED = "consultation_opened", _("consultation opened")
    CONSULTATION_CLOSED = "consultation_closed", _("consultation closed")
    APPROVED = "approved", _("approved")
    PUBLISHED = "published", _("made public by the authority")
    IN_FORCE = "in_force", _("in force")
    SUSPENDED = "suspended", _("suspended")
    EXPIRED = "expired", _("expired")
    ANNULLED = "annulled", _("annulled from that day on")
    ANNULLED_EX_TUNC = "annulled_ex_tunc", _("annulled from the beginning")
    REINSTATED = "reinstated", _("in force again")
    CORRECTED = "corrected", _("corrected")


class PlanEvent(models.Model):
    """A dated fact (decision, entry into force, annulment) about an edition, optionally within an extent.

    `on` is the day of the act, `effective_from` the day from which it works: it may lie before
    (retroactive) or after. `effective_to` is the first day on which it no longer works, where the decision
    says so (a suspension until then, a plan made for some years). Public events are never changed: an event
    of kind `corrected` names the one it corrects and carries all its dates, extent and document anew; with
    `is_void` it says that the fact never happened.
    """

    edition = models.ForeignKey(
        "planning.Edition", models.PROTECT, related_name="events", verbose_name=_("edition")
    )
    kind = models.CharField(_("kind"), max_length=30, choices=EventKind.choices)
    on = models.DateField(_("date"))
    effective_from = models.DateField(_("effective from"))
    effective_to = models.DateField(
        _("effective to"), null=True, blank=True, help_text=_("the first day on which it no longer works")
    )
    corrects = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("corrects the event"),
    )
    is_void = models.BooleanField(
        _("never happened"), default=False, help_text=_("the event it corrects was recorded in error")
    )
    extent = models.MultiPolygonField(
        _("extent"), null=True, blank=True, help_text=_("empty: the whole edition")
    )
    document = models.ForeignKey(
        "planning.Document",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("decision"),
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    publication = models.ForeignKey(
        "planning.Publication",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("published in"),
    )
    recorded_by = models.ForeignKey(
        "planning.User", models.PROTECT, null=True, blank=True, verbose_name=_("recorded by")
    )

    objects = RecordedQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan event")
        verbose_name_plural = _("plan events")
        ordering = ("effective_from", "on", "pk")
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=EventKind.values), name="event_kind_known"),
            models.CheckConstraint(
                condition=models.Q(extent=None) | is_valid_geometry("extent"), name="event_extent_valid"
            ),
            models.CheckConstraint(
                condition=models.Q(kind=EventKind.CORRECTED, corrects__isnull=False)
                | ~models.Q(kind=EventKind.CORRECTED) & models.Q(corrects=None, is_void=False),
                name="event_correction_names_event",
            ),
            models.CheckConstraint(
                condition=models.Q(effective_to=None) | models.Q(effective_to__gt=models.F("effective_from")),
                name="event_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition} · {self.get_kind_display()} · {self.effective_from}"


class ConflictRuling(models.Model):
    """What the competent authority ruled, in writing, where two plans conflict (Decree 178/2025 Art. 6).

    The document rules, not the software: both plans stay in every answer and the ruling is shown beside
    their conflict. `carried_out` is the plan that the document names as the one carried out, empty where it
    says something else; `text` is its words. Published like an event, in a revision of its own.
    """

    plan = models.ForeignKey(
        "planning.Plan", models.PROTECT, related_name="rulings", verbose_name=_("plan of the office")
    )
    other_plan = models.ForeignKey(
        "planning.Plan", models.PROTECT, related_name="rulings_beside", verbose_name=_("other plan")
    )
    extent = models.MultiPolygonField(
        _("extent"), null=True, blank=True, help_text=_("empty: wherever the two conflict")
    )
    carried_out = models.ForeignKey(
        "planning.Plan",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("plan that is carried out"),
    )
    text = models.TextField(_("ruling, in its words"))
    on = models.DateField(_("date"))
    effective_from = models.DateField(_("effective from"))
    effective_to = models.DateField(
        _("effective to"), null=True, blank=True, help_text=_("the first day on which it no longer works")
    )
    document = models.ForeignKey(
        "planning.Document", models.PROTECT, related_name="rulings", verbose_name=_("document")
    )
    publication = models.ForeignKey(
        "planning.Publication",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="rulings",
        verbose_name=_("published in"),
    )
    recorded_by = models.ForeignKey(
        "planning.User", models.PROTECT, null=True, blank=True, verbose_name=_("recorded by")
    )

    objects = RulingQuerySet.as_manager()

    class Meta:
        verbose_name = _("ruling on a conflict")
        verbose_name_plural = _("rulings on conflicts")
        ordering = ("on", "pk")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(extent=None) | is_valid_geometry("extent"), name="ruling_extent_valid"
            ),
            models.CheckConstraint(
                condition=~models.Q(plan=models.F("other_plan")), name="ruling_between_two_plans"
            ),
            models.CheckConstraint(
                condition=models.Q(carried_out=None)
                | models.Q(carried_out=models.F("plan"))
                | models.Q(carried_out=models.F("other_plan")),
                name="ruling_carries_out_one_of_them",
            ),
            models.CheckConstraint(
                condition=models.Q(effective_to=None) | models.Q(effective_to__gt=models.F("effective_from")),
                name="ruling_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} / {self.other_plan_id} · {self.on}"
