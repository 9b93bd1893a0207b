"""Routes of a small server of its own: administrative units, of which some have no geometry, none dates.

The server under test knows no model, so any will do.
"""

from datetime import date
from typing import Any

from django.contrib.postgres.fields import DateRangeField
from django.db.models import Q, QuerySet, Value
from django.http import HttpRequest

from planning.errors import Gone, Reason
from planning.models import AdminUnit
from planning.ogcapi.collections import (
    Catalogue,
    Collection,
    Family,
    Figures,
    Geometry,
    Key,
    Kind,
    Property,
    Snapshot,
    Validity,
)
from planning.ogcapi.urls import mounted

ONLY = Snapshot(1, date(2026, 1, 1))


class OneVersion:
    """Data that never change."""

    def newest(self) -> Snapshot:
        return ONLY

    def at(self, version: str) -> Snapshot:
        if version != ONLY.version:
            raise Gone(Reason.NO_SUCH_VERSION, value=version)
        return ONLY

    def figures(self, collection: Collection, snapshot: Snapshot) -> Figures:
        return Figures(count=collection.rows(snapshot).count(), bbox=None)


def _all(snapshot: Snapshot) -> QuerySet[Any]:
    return AdminUnit.objects.annotate(validity=Value(None, output_field=DateRangeField()))


def _members_only(request: HttpRequest) -> bool:
    return "member" in request.headers.get("X-Member", "")


_PROPERTIES = (
    Property(name="name"),
    Property(name="area", source="area_km2", kind=Kind.NUMBER),
    Property(name="invented", source="boundary_is_invented", kind=Kind.BOOLEAN),
    Property(name="kind", choices=("commune", "province")),
    Property(name="size", source="pk", is_queryable=False, shown=len, kind=Kind.INTEGER),
    Property(name="limit", source="code"),  # as a parameter it would be another's
)


def _declared(name: str, **more: Any) -> Collection:
    return Collection(
        id=name,
        title=name,
        description=name,
        source=OneVersion(),
        rows=_all,
        key=Key(source="id", find=lambda text: Q(id=text)),
        geometry=Geometry(family=Family.POLYGON),
        properties=_PROPERTIES,
        validity=Validity(field="validity", start="from", end="to"),
        **more,
    )


CATALOGUE = Catalogue(
    title="Units",
    description="Units",
    collections=(_declared("units"), _declared("secret", is_visible=_members_only)),
)
urlpatterns = mounted("ogc", CATALOGUE)
