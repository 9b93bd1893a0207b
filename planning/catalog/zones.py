"""Zones as a collection: those in force today, and all public ones with their legal validity."""

from typing import Any

from django.db.models import Func, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from planning.catalog.source import PUBLISHED
from planning.models import LegalStatus, ZonePiece
from planning.ogcapi.collections import Collection, Family, Geometry, Key, Kind, Property, Snapshot, Validity


class Lower(Func):
    """The first day of a range of dates."""

    function = "lower"


def in_force(snapshot: Snapshot) -> QuerySet[Any]:
    """Pieces of zones that are law on the day of the snapshot."""
    pieces = ZonePiece.objects.known_at(snapshot.revision).valid_on(snapshot.on)
    return pieces.filter(status=LegalStatus.IN_FORCE)


def _by_public_id(feature_id: str) -> Q | None:
    return Q(zone__public_id=feature_id)


ZONES = Collection(
    id="zones",
    title=_("Zones in force"),
    description=_("Zones of all plans that are in force today, with land use and indicators."),
    source=PUBLISHED,
    rows=in_force,
    key=Key(source="zone__public_id", find=_by_public_id),
    geometry=Geometry(family=Family.POLYGON),
    properties=(
        Property(name="code", source="zone__code", title=_("code")),
        Property(name="name", source="zone__name", title=_("name")),
        Property(name="land_use", source="land_use__code", title=_("land use")),
        Property(name="plan", source="plan_id", title=_("plan")),
        Property(name="status", choices=tuple(LegalStatus.values), title=_("status")),
        Property(name="indicators", source="zone__indicators", kind=Kind.JSON, title=_("indicators")),
    ),
    validity=Validity(field="valid", start="valid_from", end="valid_to"),
)
