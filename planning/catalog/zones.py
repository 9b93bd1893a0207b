"""Zones: those in force today, and every public piece of every status with its legal validity."""

from datetime import date
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Concat
from django.utils.translation import gettext_lazy as _

from planning.catalog import drawn, pages, said
from planning.catalog.columns import (
    DATES,
    DECISION,
    PLAN,
    STATUS,
    VALIDITY,
    IsoDay,
    from_upload,
    indicators,
)
from planning.catalog.source import PUBLISHED
from planning.models import LegalStatus, ZonePiece
from planning.ogcapi.collections import Collection, Family, Geometry, Key, Kind, Property, Snapshot

# In the id of a piece that has no first day.
OPEN = "open"

PROPERTIES: tuple[Property, ...] = (
    Property(name="code", source="zone__code", title=_("code")),
    Property(name="name", source="zone__name", title=_("name")),
    Property(name="land_use", source="land_use__code", title=_("land use")),
    Property(name="land_use_vi", source="land_use__name_vi", title=_("land use in Vietnamese")),
    Property(name="land_use_en", source="land_use__name_en", title=_("land use in English")),
    Property(name="land_use_list", source="land_use__code_list_id", title=_("list of the land use")),
    Property(name="land_use_text", source="zone__land_use_text", title=_("land use as published")),
    Property(name="colour", source="land_use__colour", title=_("official colour")),
    STATUS,
    *DATES,
    *DECISION,
    *PLAN,
    *indicators("zone__"),
    Property(name="uses_allowed", source="zone__uses_allowed", kind=Kind.LIST, title=_("allowed uses")),
    Property(
        name="uses_conditional",
        source="zone__uses_conditional",
        kind=Kind.LIST,
        title=_("conditional uses"),
    ),
    Property(name="uses_forbidden", source="zone__uses_forbidden", kind=Kind.LIST, title=_("forbidden uses")),
    *from_upload("zone__"),
)


def in_force(snapshot: Snapshot) -> QuerySet[Any]:
    """Pieces of zones that are law on the day of the snapshot."""
    return ZonePiece.objects.of_version(snapshot.revision, snapshot.on).filter(status=LegalStatus.IN_FORCE)


def of_all_times(snapshot: Snapshot) -> QuerySet[Any]:
    """Every public piece, whatever its status and dates; drafts under consultation are public, too."""
    return ZonePiece.objects.of_version(snapshot.revision)


def _of_zone(feature_id: str) -> Q | None:
    return Q(zone__public_id=feature_id)


def _of_piece(feature_id: str) -> Q | None:
    """`<zone>.<status>.<first day or open>`; a zone has each status at most once at a time."""
    zone, status, begins = (*feature_id.rsplit(".", 2), "", "")[:3]
    if status not in LegalStatus.values:
        return None
    found = Q(zone__public_id=zone, status=status)
    if begins == OPEN:
        return found & Q(valid__startswith=None)
    try:
        day = date.fromisoformat(begins)
    except ValueError:
        return None
    return found & Q(valid__startswith=day) if day.isoformat() == begins else None


_PIECE_ID = Concat(
    F("zone__public_id"),
    Value("."),
    F("status"),
    Value("."),
    Coalesce(IsoDay(F("valid__startswith")), Value(OPEN)),
    output_field=CharField(),
)

ZONES: Collection = Collection(
    id="zones",
    title=_("Zones in force"),
    description=_("What the plans that are in force today say of land: use, indicators, and the act behind."),
    source=PUBLISHED,
    rows=in_force,
    key=Key(source="zone__public_id", find=_of_zone),
    geometry=Geometry(family=Family.POLYGON, text="geojson"),
    properties=PROPERTIES,
    validity=VALIDITY,
    systems=said.systems_of(lambda: ZONES),
    notices=said.notices_of_plans,
    of_other_days=said.ZONES_OF_OTHER_DAYS,
    of_none_found=said.NO_FEATURE,
    licence=said.LICENCE,
    attribution=said.ATTRIBUTION,
    drawing=drawn.ZONES,
    page_of=pages.of_zone,
)

ZONES_HISTORY: Collection = Collection(
    id="zones-history",
    title=_("Zones of all times"),
    description=_(
        "Every public piece of a zone with its status and dates: drafts under consultation, law, what was "
        "suspended, replaced or annulled. The parameter datetime asks by legal validity."
    ),
    source=PUBLISHED,
    rows=of_all_times,
    key=Key(source=_PIECE_ID, find=_of_piece),
    geometry=Geometry(family=Family.POLYGON, text="geojson"),
    properties=(Property(name="zone", source="zone__public_id", title=_("zone")), *PROPERTIES),
    validity=VALIDITY,
    systems=said.systems_of(lambda: ZONES_HISTORY),
    notices=said.notices_of_plans,
    of_none_found=said.NO_FEATURE,
    licence=said.LICENCE,
    attribution=said.ATTRIBUTION,
    page_of=pages.of_piece,
)
