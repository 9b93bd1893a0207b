"""How the collections stand on maps: which rows at which zoom, what they carry, what colour they have.

Zones are drawn from their outlines of the zoom band, which stand in the system of the map. A feature's
number is that of its piece; its public id travels as the property `id`. What nobody can read at a scale
(names, plans) is left out there, which makes room for more zones.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import CharField, F, FilteredRelation, FloatField, Func, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import get_language

from planning.catalog.columns import Dimension
from planning.codes import Pattern, pattern_for
from planning.codes.patterns import LINE_STYLES
from planning.models import (
    Edition,
    GeneralisedZone,
    LandUse,
    Parcel,
    RestrictionKind,
    RestrictionPiece,
    ZonePiece,
    ZoomBand,
)
from planning.ogcapi.collections import Colour, Drawing, Drawn, Snapshot
from planning.querysets import PieceQuerySet, Written

WEB_MERCATOR = 3857
DEGREES = 4326
# No sheet is drawn finer than this shows: beyond it a map enlarges the tiles.
LAST_ZOOM = 16
# Below it a quarter of parcels is a grey spot, no tile has room for all of them, and one takes 40 to 150 ms.
FIRST_ZOOM_OF_PARCELS = 16


class Weight(Func):
    """How much of a map a geometry takes up, to be compared with its neighbours and never shown.

    In whatever units it is stored: nothing is measured by it.
    """

    function = "ST_Area"
    arity = 1
    output_field = FloatField()


class Reach(Weight):
    """The same of lines."""

    function = "ST_Length"


def _class_of(path: str) -> Concat:
    """A land use beyond doubt: codes are unique within their list alone."""
    list_code = F(f"{path}land_use__code_list_id")
    return Concat(list_code, Value(":"), F(f"{path}land_use__code"), output_field=CharField())


def _use_of(path: str) -> dict[str, Any]:
    return {
        "id": f"{path}zone__public_id",
        "land_use": f"{path}land_use__code",
        "class": _class_of(path),
        "colour": f"{path}land_use__colour",
    }


def _zones(snapshot: Snapshot, zoom: int) -> Drawn:
    band = next(band for band in sorted(ZoomBand) if zoom <= band)
    return _from_far(snapshot, band) if band <= ZoomBand.DISTRICT else _from_near(snapshot, band)


def _from_far(snapshot: Snapshot, band: ZoomBand) -> Drawn:
    """More outlines than a tile has room for: the heaviest are looked at first, and the rest not at all."""
    pieces = _law(snapshot)
    # as a value and no join, else all are joined before they are counted
    is_law = Subquery(pieces.filter(pk=OuterRef("piece_id")).values(shown=Value(True)))
    return Drawn(
        rows=GeneralisedZone.objects.alias(is_law=is_law).filter(band=band, is_law=True),
        geometry="geometry",
        srid=WEB_MERCATOR,
        properties=_use_of("piece__"),
        weight="area",
        key="piece_id",
    )


def _from_near(snapshot: Snapshot, band: ZoomBand) -> Drawn:
    """All outlines of a place with what is written on them."""
    # written out: an index of one band is not found by a parameter
    outline = FilteredRelation("generalised", condition=Q(generalised__band=Written(band)))
    written = {"code": "zone__code"}
    if band == ZoomBand.STREET:
        written |= {"name": "zone__name", "plan": "plan_id", "status": "status"}
    return Drawn(
        rows=_law(snapshot).alias(outline=outline),
        geometry="outline__geometry",
        srid=WEB_MERCATOR,
        properties=_use_of("") | written,
        weight="outline__area",
    )


def _law(snapshot: Snapshot) -> PieceQuerySet:
    return ZonePiece.objects.known_at(snapshot.revision).in_force(snapshot.on)


def _land_uses() -> Iterable[Colour]:
    """Every land use of every list, in the order of the lists."""
    english = get_language() == "en"
    for use in LandUse.objects.order_by("code_list", "code"):
        yield Colour(
            value=f"{use.code_list_id}:{use.code}",
            title=(use.name_en if english else "") or use.name_vi,
            colour=use.colour,
            pattern=(pattern_for(use.group) if use.colour else Pattern.UNKNOWN).value,
        )


def _restrictions(dimension: int, weight: type[Weight]) -> Callable[[Snapshot, int], Drawn]:
    def rows(snapshot: Snapshot, zoom: int) -> Drawn:
        pieces = RestrictionPiece.objects.known_at(snapshot.revision).in_force(snapshot.on)
        return Drawn(
            rows=pieces.alias(dimension=Dimension(F("geometry"))).filter(dimension=dimension),
            geometry="geometry",
            srid=DEGREES,
            properties={
                "id": "restriction__public_id",
                "kind": "kind",
                "code": "restriction__code",
                "name": "restriction__name",
                "plan": "plan_id",
                "status": "status",
            },
            weight=weight("geometry"),
        )

    return rows


def _kinds() -> Iterable[Colour]:
    for kind, (colour, dashes) in LINE_STYLES.items():
        yield Colour(value=kind, title=RestrictionKind(kind).label, colour=colour, pattern=dashes)


def _plans(snapshot: Snapshot, zoom: int) -> Drawn:
    """Their public editions: a plan has no number of its own, and where it speaks they say."""
    return Drawn(
        rows=Edition.objects.public().filter(publication__lte=snapshot.revision),
        geometry="extent",
        srid=DEGREES,
        properties={
            "id": "plan_id",
            "edition": Concat(F("plan_id"), Value("/"), Cast(F("number"), CharField())),
            "title": "plan__title",
            "title_en": "plan__title_en",
            "kind": "plan__kind",
            "level": "plan__level",
        },
        weight=Weight("extent"),
    )


def _parcels(snapshot: Snapshot, zoom: int) -> Drawn:
    return Drawn(
        rows=Parcel.objects.known_at(snapshot.revision).valid_on(snapshot.on),
        geometry="geometry",
        srid=DEGREES,
        properties={"id": "code", "sheet": "sheet", "number": "number"},
        weight=Weight("geometry"),
    )


ZONES = Drawing(rows=_zones, maxzoom=LAST_ZOOM, by="class", label="code", colours=_land_uses)
RESTRICTION_POINTS, RESTRICTION_LINES, RESTRICTION_AREAS = (
    Drawing(
        rows=_restrictions(dimension, weight),
        minzoom=minzoom,
        maxzoom=LAST_ZOOM,
        by="kind",
        label="name",
        colours=_kinds,
    )
    for dimension, weight, minzoom in ((0, Weight, 12), (1, Reach, 12), (2, Weight, 9))
)
PLANS = Drawing(rows=_plans, maxzoom=LAST_ZOOM, label="title", label_from=9)
PARCELS = Drawing(
    rows=_parcels, minzoom=FIRST_ZOOM_OF_PARCELS, maxzoom=LAST_ZOOM, label="number", label_from=17
)
