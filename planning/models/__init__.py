"""The stored domain, a module per family: people, territory, cadastre, plans, zoning, uploads and more."""

from planning.models.audit import AuditAction, AuditEntry
from planning.models.cadastre import (
    CadastreDelivery,
    LineageKind,
    Parcel,
    ParcelAlias,
    ParcelLineage,
    RefusedParcel,
    Replaces,
)
from planning.models.catalogue import CollectionFigures
from planning.models.demand import MissedLookup
from planning.models.events import ConflictRuling, EventKind, PlanEvent, PlanRelation, RelationKind
from planning.models.papers import Clause, Document, DocumentKind
from planning.models.people import Membership, Office, Role, User
from planning.models.plans import Edition, Plan, PlanIdentifier, PlanKind, Theme, VerticalLevel, Visibility
from planning.models.proposals import Proposal, ProposalState, ProposedAct
from planning.models.publication import (
    Coverage,
    CoverageState,
    CoverageWithdrawal,
    GeneralisedZone,
    LegalStatus,
    Publication,
    RestrictionPiece,
    ZonePiece,
    ZoomBand,
)
from planning.models.streets import Street
from planning.models.territory import AdminSuccession, AdminUnit, AdminUnitKind, AdminUnitList, Territory
from planning.models.uploads import Finding, LayerUpload, Level, Repair, UploadResult, UploadState
from planning.models.zoning import (
    Certainty,
    LandUse,
    LandUseGroup,
    LandUseList,
    LandUseMatch,
    MatchKind,
    Restriction,
    RestrictionKind,
    Zone,
)

__all__ = [
    "AdminSuccession",
    "AdminUnit",
    "AdminUnitKind",
    "AdminUnitList",
    "AuditAction",
    "AuditEntry",
    "CadastreDelivery",
    "Certainty",
    "Clause",
    "CollectionFigures",
    "ConflictRuling",
    "Coverage",
    "CoverageState",
    "CoverageWithdrawal",
    "Document",
    "DocumentKind",
    "Edition",
    "EventKind",
    "Finding",
    "GeneralisedZone",
    "LandUse",
    "LandUseGroup",
    "LandUseList",
    "LandUseMatch",
    "LayerUpload",
    "LegalStatus",
    "Level",
    "LineageKind",
    "MatchKind",
    "Membership",
    "MissedLookup",
    "Office",
    "Parcel",
    "ParcelAlias",
    "ParcelLineage",
    "Plan",
    "PlanEvent",
    "PlanIdentifier",
    "PlanKind",
    "PlanRelation",
    "Proposal",
    "ProposalState",
    "ProposedAct",
    "Publication",
    "RefusedParcel",
    "RelationKind",
    "Repair",
    "Replaces",
    "Restriction",
    "RestrictionKind",
    "RestrictionPiece",
    "Role",
    "Street",
    "Territory",
    "Theme",
    "UploadResult",
    "UploadState",
    "User",
    "VerticalLevel",
    "Visibility",
    "Zone",
    "ZonePiece",
    "ZoomBand",
]
