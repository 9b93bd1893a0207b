"""Parcels as the cadastre delivered them and as they exist today. No owner is stored, so none is shown."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from planning.catalog import drawn, pages, said
from planning.catalog.columns import VALIDITY, from_upload
from planning.catalog.source import PUBLISHED
from planning.models import Parcel
from planning.ogcapi.collections import Collection, Family, Geometry, Key, Kind, Property, Snapshot

PROPERTIES: tuple[Property, ...] = (
    Property(name="code", title=_("parcel code")),
    Property(
        name="commune",
        source="unit_id",
        title=_("commune when surveyed"),
        description=_("List and code: a code alone names different communes in different lists."),
    ),
    Property(name="commune_code", source="unit__code", title=_("code of the commune")),
    Property(name="commune_name", source="unit__name", title=_("name of the commune")),
    Property(name="sheet", title=_("map sheet")),
    Property(name="number", title=_("parcel number")),
    Property(
        name="registry_area_m2",
        source="registry_area",
        kind=Kind.NUMBER,
        unit="m2",
        title=_("area in the register"),
    ),
    Property(name="address", title=_("address")),
    Property(
        name="valid_from", source="valid__startswith", kind=Kind.DATE, title=_("first day of the parcel")
    ),
    Property(
        name="valid_to", source="valid__endswith", kind=Kind.DATE, title=_("first day after the parcel")
    ),
    Property(name="metric_crs", title=_("metric coordinate system")),
    Property(name="survey_crs", title=_("survey coordinate system")),
    Property(name="survey_scale", kind=Kind.INTEGER, title=_("survey scale 1:")),
    Property(name="accuracy_m", kind=Kind.NUMBER, unit="m", title=_("stated accuracy")),
    *from_upload(""),
)


def existing(snapshot: Snapshot) -> QuerySet[Any]:
    """Parcels that exist on the day of the snapshot, as described in its revision."""
    return Parcel.objects.of_version(snapshot.revision, snapshot.on)


def _coded(feature_id: str) -> Q | None:
    return Q(code=feature_id)


PARCELS: Collection = Collection(
    id="parcels",
    title=_("Parcels"),
    description=_("Parcels of the cadastre as they exist today, with the numbers by which they are known."),
    source=PUBLISHED,
    rows=existing,
    key=Key(source="code", find=_coded),
    geometry=Geometry(family=Family.POLYGON),
    properties=PROPERTIES,
    validity=VALIDITY,
    systems=said.systems_of(lambda: PARCELS),
    notices=said.notices_of_parcels,
    of_other_days=said.PARCELS_OF_OTHER_DAYS,
    licence=said.LICENCE_OF_PARCELS,
    attribution=said.ATTRIBUTION_OF_PARCELS,
    drawing=drawn.PARCELS,
    page_of=pages.of_parcel,
)
