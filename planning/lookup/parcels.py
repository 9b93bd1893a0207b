"""Parcels by code, number, address or place; several hits are normal and all are given."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import shapely
from django.contrib.gis.db.models.functions import PointOnSurface
from django.contrib.gis.geos import Polygon
from django.db.models import Q
from shapely.geometry.base import BaseGeometry

from planning.codes import fold, search_name
from planning.lookup.parcel_number import ParcelWords
from planning.models import Parcel, ParcelAlias
from planning.querysets import ParcelQuerySet

# how far a position given by phone may be off (m)
POSITION_M = 10.0
_METRES_PER_DEGREE = 111_320.0
_DUPLICATES = "bcdefgh"
# words that stand between house number and street in an address, or are left out
_STREET_WORDS = ("", "pho ", "duong ", "ngo ", "hem ")


@dataclass(frozen=True, slots=True)
class Hit:
    """A version of a parcel; `alias` is the other number by which it was found."""

    parcel: Parcel
    alias: str = ""

    @property
    def centre(self) -> tuple[float, float]:
        point = self.parcel.point  # type: ignore[attr-defined]  # annotated below
        return point.x, point.y


def by_code(code: str, *, revision: int, on: date, limit: int) -> tuple[Hit, ...]:
    """The parcel of that code and the true duplicates of its number ("-b", "-c")."""
    spelt = {code, code.upper(), code.lower()}
    codes = spelt | {f"{one}-{letter}" for one in spelt for letter in _DUPLICATES}
    return _hits(_known(revision).filter(code__in=codes), on=on, limit=limit)


def by_number(
    words: ParcelWords, *, unit_ids: Iterable[str] | None, revision: int, on: date, limit: int
) -> tuple[Hit, ...]:
    """Parcels that bear or bore the number; `unit_ids` None asks all units.

    A sheet or number that was not given matches any, but only inside given units.
    """
    wanted = Q()
    if words.sheet:
        wanted &= Q(sheet=words.sheet)
    if words.number:
        wanted &= Q(number=words.number)
    if unit_ids is not None:
        wanted &= Q(unit__in=list(unit_ids))
    aliases = dict(
        ParcelAlias.objects.known_at(revision).filter(wanted).values_list("parcel_code", "value")[:limit]
    )
    found = _hits(_known(revision).filter(wanted), on=on, limit=limit)
    if not aliases:
        return found
    seen = {hit.parcel.code for hit in found}
    others = _hits(_known(revision).filter(code__in=aliases.keys() - seen), on=on, limit=limit)
    return (*found, *(Hit(hit.parcel, aliases[hit.parcel.code]) for hit in others))[:limit]


def by_address(text: str, *, revision: int, on: date, limit: int) -> tuple[Hit, ...]:
    """Parcels whose address begins with house number and street; () where no house number leads."""
    words = search_name(text).split()
    if len(words) < 2 or not words[0][0].isdigit():
        return ()
    numbers = [word for word in words if word[0].isdigit()]
    street = " ".join(words[len(numbers) :])
    if not street or words[: len(numbers)] != numbers:
        return ()
    beginnings = [f"{' '.join(numbers)} {between}{street}" for between in _STREET_WORDS]
    return _hits(_known(revision).at_address(beginnings), on=on, limit=limit)


def around(
    places: Sequence[tuple[float, float]], *, revision: int, on: date, limit: int
) -> tuple[tuple[tuple[Hit, bool], ...], ...]:
    """For each (lon, lat): the parcels there and the neighbours, nearest first; true where the point is in.

    One question for all places. Distances in degrees serve for choosing neighbours alone.
    """
    if not places:
        return ()
    boxes = [_box(lon, lat) for lon, lat in places]
    hits = _hits(_known(revision).near_places(boxes), on=on, limit=limit * len(places))
    shapes = [shapely.from_wkb(bytes(hit.parcel.geometry.wkb)) for hit in hits]
    return tuple(_nearest(place, hits, shapes)[:limit] for place in places)


def _nearest(
    place: tuple[float, float], hits: Sequence[Hit], shapes: Sequence[BaseGeometry]
) -> tuple[tuple[Hit, bool], ...]:
    point = shapely.Point(place)
    reach = POSITION_M / _METRES_PER_DEGREE
    measured = [
        (shape.distance(point), hit.parcel.code, hit) for hit, shape in zip(hits, shapes, strict=True)
    ]
    near = sorted((entry for entry in measured if entry[0] <= 2 * reach), key=lambda entry: entry[:2])
    return tuple((hit, distance == 0) for distance, _, hit in near)


def _box(lon: float, lat: float) -> Polygon:
    half = POSITION_M / _METRES_PER_DEGREE
    wide = half / max(math.cos(math.radians(lat)), 0.01)
    box = Polygon.from_bbox((lon - wide, lat - half, lon + wide, lat + half))
    box.srid = 4326
    return box


def _known(revision: int) -> ParcelQuerySet:
    found: ParcelQuerySet = Parcel.objects.known_at(revision)
    return found


def _hits(found: ParcelQuerySet, *, on: date, limit: int) -> tuple[Hit, ...]:
    """One version of each parcel: that of the day, else the latest; living ones first."""
    rows = (
        found.annotate(point=PointOnSurface("geometry"))
        .select_related("unit")
        .defer("unit__geometry")
        .order_by("code", "-valid__startswith")[: limit * 2]
    )
    versions: dict[str, Parcel] = {}
    for row in rows:
        if row.code not in versions or on in row.valid:
            versions[row.code] = row
    alive_first = sorted(versions.values(), key=lambda row: (on not in row.valid, row.code))
    return tuple(Hit(row) for row in alive_first[:limit])


def is_code(text: str) -> bool:
    """Whether the text has the form `<list>-<unit>-<sheet>-<number>`."""
    parts = fold(text).split("-")
    return len(parts) >= 4 and all(parts) and " " not in text and any(part.isdigit() for part in parts)
