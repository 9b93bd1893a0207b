"""What a member wants to make public or law and a second one has to look at first."""

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from planning.models.checks import is_valid_geometry
from planning.models.events import EventKind
from planning.querysets import ProposalQuerySet


class ProposedAct(models.TextChoices):
    """Which verb the proposal asks for."""

    EVENT = "event", _("event of an edition")
    RULING = "ruling", _("ruling on a conflict")
    COVERAGE = "coverage", _("declaration of coverage")
    WITHDRAWAL = "withdrawal", _("withdrawal of a declaration")


class ProposalState(models.TextChoices):
    """A proposal is decided once."""

    WAITING = "waiting", _("waits for a second member")
    PUBLISHED = "published", _("published")
    REJECTED = "rejected", _("rejected")
    TAKEN_BACK = "taken_back", _("taken back")


class Proposal(models.Model):
    """An act with all its facts as one member proposes it; another member publishes or rejects it.

    `facts` holds what the verb is given beside edition, document and extent, as plain values
    (`planning.proposals` reads and writes them). `preview` is what the proposer was shown; whoever decides
    sees it computed anew.
    """

    office = models.ForeignKey(
        "planning.Office", models.PROTECT, related_name="proposals", verbose_name=_("office")
    )
    act = models.CharField(_("act"), max_length=20, choices=ProposedAct.choices)
    edition = models.ForeignKey(
        "planning.Edition",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="proposals",
        verbose_name=_("edition"),
    )
    document = models.ForeignKey(
        "planning.Document",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="proposals",
        verbose_name=_("document"),
    )
    extent = models.MultiPolygonField(_("extent"), null=True, blank=True)
    facts = models.JSONField(_("facts"), default=dict)
    preview = models.JSONField(_("what it changes, as proposed"), default=dict)
    state = models.CharField(
        _("state"), max_length=20, choices=ProposalState.choices, default=ProposalState.WAITING
    )
    proposed_by = models.ForeignKey(
        "planning.User", models.PROTECT, related_name="proposals", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed at"), auto_now_add=True)
    decided_by = models.ForeignKey(
        "planning.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="decided_proposals",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reason = models.CharField(_("reason of the decision"), max_length=300, blank=True)
    publication = models.ForeignKey(
        "planning.Publication",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="proposals",
        verbose_name=_("published in"),
    )

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(extent=None) | is_valid_geometry("extent"), name="proposal_extent_valid"
            ),
            models.CheckConstraint(condition=models.Q(act__in=ProposedAct.values), name="proposal_act_known"),
            models.CheckConstraint(
                condition=models.Q(state__in=ProposalState.values), name="proposal_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state=ProposalState.WAITING, decided_by=None, publication=None)
                | models.Q(state=ProposalState.PUBLISHED, decided_by__isnull=False, publication__isnull=False)
                | models.Q(
                    state__in=(ProposalState.REJECTED, ProposalState.TAKEN_BACK),
                    decided_by__isnull=False,
                    publication=None,
                ),
                name="proposal_decided_once",
            ),
            # Two members: nobody publishes or rejects the own proposal, nobody takes back another's.
            models.CheckConstraint(
                condition=models.Q(decided_by=None)
                | models.Q(state=ProposalState.TAKEN_BACK, decided_by=models.F("proposed_by"))
                | ~models.Q(state=ProposalState.TAKEN_BACK) & ~models.Q(decided_by=models.F("proposed_by")),
                name="proposal_decided_by_another",
            ),
        ]

    def __str__(self) -> str:
        kind = self.facts.get("kind") if self.act == ProposedAct.EVENT else None
        what = EventKind(kind).label if kind else self.get_act_display()
        return f"{what} · {self.edition or self.office_id} · {self.pk}"
