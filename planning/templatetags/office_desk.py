"""The desk of a member: what waits for a decision, and all kinds of rows in the order of the work."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from planning.admin.shown import day
from planning.models import Proposal, Role

register = template.Library()
register.filter(day)

SECTIONS: tuple[tuple[Promise, tuple[str, ...]], ...] = (
    (_("Plans and decisions"), ("Plan", "Edition", "Document", "Clause", "PlanEvent", "PlanRelation")),
    (
        _("Proposed and published"),
        ("Proposal", "ConflictRuling", "Coverage", "CoverageWithdrawal", "Publication"),
    ),
    (_("Files handed in"), ("LayerUpload", "Finding", "Repair")),
    (_("Contents of plans"), ("Zone", "Restriction", "ZonePiece", "RestrictionPiece")),
    (
        _("Parcels"),
        ("Parcel", "ParcelAlias", "ParcelLineage", "CadastreDelivery", "RefusedParcel", "MissedLookup"),
    ),
    (
        _("Code lists and units"),
        (
            "Theme",
            "LandUseList",
            "LandUse",
            "LandUseMatch",
            "LandUseGroup",
            "AdminUnitList",
            "AdminUnit",
            "AdminSuccession",
            "Street",
        ),
    ),
    (_("Service"), ("AuditEntry", "Office", "Membership", "User", "Territory")),
)
_SHOWN = 20


@register.simple_tag
def waiting_for(request: HttpRequest) -> list[Proposal]:
    """Proposals of others that the user may decide as a reviewer."""
    user: Any = request.user
    offices = user.memberships.filter(role=Role.REVIEWER).values("office")
    rows = Proposal.objects.waiting().filter(office__in=offices).exclude(proposed_by=user)
    return list(rows.select_related("edition", "proposed_by").defer("extent")[:_SHOWN])


@register.simple_tag
def sections_of(app_list: Iterable[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """What the user may see, in the order of the work; what has no place of its own comes last."""
    rows = {row["object_name"]: row for app in app_list for row in app["models"]}
    found = []
    for title, names in SECTIONS:
        own = [rows.pop(name) for name in names if name in rows]
        if own:
            found.append((str(title), own))
    return [*found, *([(str(_("Other")), list(rows.values()))] if rows else [])]
