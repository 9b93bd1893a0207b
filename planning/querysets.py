"""Every question asked of stored plans, in planners' words; dates and revisions are always arguments.

Nothing here reads the clock or a request, and no model is imported: a queryset speaks of `self.model`.
"""

from datetime import date
from typing import Any, Self

from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Max, Q, QuerySet


class KnownQuerySet(QuerySet[Any]):
    """Rows versioned by `known`, the range of revisions in which they were our truth."""

    def known_at(self, revision: int) -> Self:
        """Rows that stood in that revision; staged rows (no `known`) never do."""
        return self.filter(known__contains=revision)

    def staged(self) -> Self:
        """Rows that are not public yet."""
        return self.filter(known__isnull=True)


class ValidQuerySet(KnownQuerySet):
    """Rows that also carry `valid`, the dates of the law they speak for."""

    def valid_on(self, on: date) -> Self:
        """Rows whose dates contain the day: the first day counts, the last does not."""
        return self.filter(valid__contains=on)


class ParcelQuerySet(ValidQuerySet):
    """Questions about parcels."""

    def numbered(self, *, sheet: str, number: str) -> Self:
        """Parcels of that sheet and number in whatever unit; several hits are normal."""
        return self.filter(sheet=sheet, number=number)

    def covering(self, point: GEOSGeometry) -> Self:
        """Parcels that contain the point or have it on their boundary (EPSG:4326)."""
        return self.filter(geometry__covers=point)


class ParcelAliasQuerySet(KnownQuerySet):
    """Questions about other parcel numbers."""


class AdminUnitQuerySet(QuerySet[Any]):
    """Questions about administrative units."""


class TerritoryQuerySet(QuerySet[Any]):
    """Questions about the areas this deployment answers for."""

    def around(self, point: GEOSGeometry) -> Self:
        """Territories whose extent covers the point (EPSG:4326)."""
        return self.filter(extent__covers=point)


class ThemeQuerySet(QuerySet[Any]):
    """Questions about themes."""

    def valid_on(self, on: date) -> Self:
        """Themes of that day, in their order; open ends are NULL."""
        begun = Q(valid_from=None) | Q(valid_from__lte=on)
        return self.filter(begun, Q(valid_to=None) | Q(valid_to__gt=on))


class PlanQuerySet(QuerySet[Any]):
    """Questions about plans."""

    def public(self) -> Self:
        """Plans of which at least one edition is public."""
        return self.filter(editions__visibility="public").distinct()


class EditionQuerySet(QuerySet[Any]):
    """Questions about editions."""

    def public(self) -> Self:
        """Editions that anyone may see; legal status is another matter."""
        return self.filter(visibility="public")


class PlanEventQuerySet(QuerySet[Any]):
    """Questions about dated facts."""

    def public(self) -> Self:
        """Events that belong to a publication."""
        return self.filter(publication__isnull=False)


class LandUseQuerySet(QuerySet[Any]):
    """Questions about land-use codes."""


class ZoneQuerySet(QuerySet[Any]):
    """Questions about zones as published, before law is applied; answers read pieces instead."""


class RestrictionQuerySet(QuerySet[Any]):
    """Questions about restrictions as published, before law is applied."""


class LayerUploadQuerySet(QuerySet[Any]):
    """Questions about uploads."""


class PieceQuerySet(ValidQuerySet):
    """Questions about pieces: the one truth that answers, items, tiles and statistics read."""

    def in_force(self, on: date) -> Self:
        """Pieces that are law on the day."""
        return self.valid_on(on).filter(status="in_force")


class CoverageQuerySet(ValidQuerySet):
    """Questions about what the publisher declared."""


class PublicationQuerySet(QuerySet[Any]):
    """Questions about revisions."""

    def latest_revision(self) -> int:
        """The newest revision, 0 before the first publication."""
        return self.aggregate(newest=Max("revision"))["newest"] or 0
