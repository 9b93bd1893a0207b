"""Restrictions in force today, one collection for each family of geometries: points, lines, areas.

What is a point in one plan may be an area in another; together the three hold every restriction in force.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from planning.catalog import drawn, said
from planning.catalog.columns import (
    DATES,
    DECISION,
    PLAN,
    STATUS,
    VALIDITY,
    Dimension,
    from_upload,
    indicators,
)
from planning.catalog.source import PUBLISHED
from planning.models import LegalStatus, RestrictionKind, RestrictionPiece
from planning.ogcapi.collections import Collection, Drawing, Family, Geometry, Key, Property, Snapshot

POINTS, LINES, AREAS = range(3)

PROPERTIES: tuple[Property, ...] = (
    Property(name="kind", choices=tuple(RestrictionKind.values), title=_("kind of restriction")),
    Property(name="code", source="restriction__code", title=_("code")),
    Property(name="name", source="restriction__name", title=_("name")),
    STATUS,
    *DATES,
    *DECISION,
    *PLAN,
    *indicators("restriction__"),
    *from_upload("restriction__"),
)


def in_force(dimension: int) -> Callable[[Snapshot], QuerySet[Any]]:
    """Pieces of restrictions of that dimension that are law on the day of a snapshot."""

    def rows(snapshot: Snapshot) -> QuerySet[Any]:
        pieces = RestrictionPiece.objects.of_version(snapshot.revision, snapshot.on).filter(
            status=LegalStatus.IN_FORCE
        )
        return pieces.alias(dimension=Dimension(F("geometry"))).filter(dimension=dimension)

    return rows


def _of_restriction(feature_id: str) -> Q | None:
    return Q(restriction__public_id=feature_id)


def _collection(
    name: str, title: Promise, description: Promise, dimension: int, family: Family, drawing: Drawing
) -> Collection:
    made = Collection(
        id=name,
        title=title,
        description=description,
        source=PUBLISHED,
        rows=in_force(dimension),
        key=Key(source="restriction__public_id", find=_of_restriction),
        geometry=Geometry(family=family),
        properties=PROPERTIES,
        validity=VALIDITY,
        systems=said.systems_of(lambda: made),
        notices=said.notices_of_plans,
        of_other_days=said.TODAY_ALONE,
        of_none_found=said.NO_FEATURE,
        licence=said.LICENCE,
        attribution=said.ATTRIBUTION,
        drawing=drawing,
    )
    return made


RESTRICTION_POINTS = _collection(
    "restriction-points",
    _("Restrictions at points"),
    _("Restrictions in force today that the plans draw as points."),
    POINTS,
    Family.POINT,
    drawn.RESTRICTION_POINTS,
)
RESTRICTION_LINES = _collection(
    "restriction-lines",
    _("Restrictions along lines"),
    _("Red lines, building lines and other restrictions in force today that the plans draw as lines."),
    LINES,
    Family.LINE,
    drawn.RESTRICTION_LINES,
)
RESTRICTION_AREAS = _collection(
    "restriction-areas",
    _("Restrictions over areas"),
    _("Corridors, protected areas and other restrictions in force today that the plans draw as areas."),
    AREAS,
    Family.POLYGON,
    drawn.RESTRICTION_AREAS,
)
