"""The life of an edition as its page shows it: every fact with its corrections, and what is law of it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from django.contrib.gis.db.models.functions import AsGeoJSON
from django.db.models import Count, FloatField, Func, Sum
from django.utils.translation import gettext_lazy as _

from planning.models import Edition, EventKind, LegalStatus, PlanEvent, Restriction, Zone, ZonePiece

# What a member may propose from the page of a public edition, in the order of a plan's life.
ACTS = (
    (EventKind.CONSULTATION_OPENED, _("Open a consultation")),
    (EventKind.APPROVED, _("Approve")),
    (EventKind.IN_FORCE, _("Put in force")),
    (EventKind.SUSPENDED, _("Suspend")),
    (EventKind.REINSTATED, _("Reinstate")),
    (EventKind.EXPIRED, _("Expire")),
    (EventKind.ANNULLED, _("Annul")),
    (EventKind.ANNULLED_EX_TUNC, _("Annul from the beginning")),
)
MOST_SHAPES = 5_000
MOST_EXTENTS = 200


class SquareMetres(Func):
    """The area on the ellipsoid: for a figure on a page, not for law."""

    template = "ST_Area(%(expressions)s::geography)"
    output_field = FloatField()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event, with those that correct it below it."""

    event: PlanEvent
    depth: int
    is_corrected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What one status holds of the edition during some dates, as we know it today."""

    status: str
    starts: object
    ends: object
    zones: int
    hectares: float


def of_edition(edition: Edition) -> list[Entry]:
    """All recorded facts by the day from which they work, corrections below what they correct."""
    events = list(edition.events.select_related("document", "publication", "recorded_by").defer("extent"))
    return list(_walked(events, None, 0))


def _walked(events: list[PlanEvent], corrected: int | None, depth: int) -> Iterator[Entry]:
    for event in events:
        if event.corrects_id == corrected:
            below = list(_walked(events, event.pk, depth + 1))
            yield Entry(event=event, depth=depth, is_corrected=bool(below))
            yield from below


def standing(edition: Edition) -> list[Standing]:
    """Status, dates, zones and land of the pieces that are our truth now."""
    rows = (
        ZonePiece.objects.standing()
        .filter(edition=edition)
        .values("status", "valid")
        .annotate(zones=Count("zone", distinct=True), square_metres=Sum(SquareMetres("geometry")))
        .order_by("valid", "status")
    )
    return [
        Standing(
            status=str(LegalStatus(row["status"]).label),
            starts=row["valid"].lower,
            ends=row["valid"].upper,
            zones=row["zones"],
            hectares=(row["square_metres"] or 0) / 10_000,
        )
        for row in rows
    ]


def content(edition: Edition) -> dict[str, Any]:
    """Zones, restrictions and extent as GeoJSON, the first few thousand of them."""
    zones = Zone.objects.of_edition(edition).annotate(shape=AsGeoJSON("geometry", precision=7)).order_by("pk")
    features = [
        _feature(shape, {"kind": "zone", "name": code, "colour": colour or "#999999"})
        for shape, code, colour in zones.values_list("shape", "code", "land_use__colour")[:MOST_SHAPES]
    ]
    lines = Restriction.objects.of_edition(edition).annotate(shape=AsGeoJSON("geometry", precision=7))
    features += [
        _feature(shape, {"kind": kind, "name": code})
        for shape, kind, code in lines.order_by("pk").values_list("shape", "kind", "code")[:MOST_SHAPES]
    ]
    if edition.extent is not None and not features:
        features.append(_feature(edition.extent.geojson, {"kind": "extent", "name": edition.code}))
    return {"type": "FeatureCollection", "features": features}


def extents(offices: Collection[str]) -> dict[str, Any]:
    """The outlines of what these offices have published: where their land is."""
    own = Edition.objects.public().filter(plan__office__in=offices, extent__isnull=False).order_by("-pk")
    rows = own.annotate(shape=AsGeoJSON("extent", precision=6)).values_list("shape", "plan__title")
    features = [_feature(shape, {"kind": "extent", "name": title}) for shape, title in rows[:MOST_EXTENTS]]
    return {"type": "FeatureCollection", "features": features}


def _feature(shape: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": orjson.Fragment(shape)}
