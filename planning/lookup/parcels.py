"""Parcels by code, number, address or place; several hits are normal and all are given."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import shapely
from django.contrib.gis.db.models.functions import PointOnSurface
from django.contrib.gis.geos import Polygon
from django.db.models import Q
from django.db.models.functions import Length
from shapely.geometry.base import BaseGeometry

from planning import crs
from planning.codes import fold
from planning.lookup.addresses import AddressWords
from planning.lookup.parcel_number import ParcelWords
from planning.lookup.words import naming
from planning.models import Parcel, ParcelAlias
from planning.querysets import ParcelQuerySet

# how far a position given by phone may be off (m)
POSITION_M = 10.0
_METRES_PER_DEGREE = 111_320.0
_DUPLICATES = "bcdefgh"
_MOST_ALONG_STREET = 30
# along one street the shorter address has the smaller house number
_ALONG_STREET = (Length("search_address"), "search_address")
_BOUNDARIES = ("unit__geometry", "unit__parent__geometry", "unit__parent__parent__geometry")
_HOUSE = re.compile(r"^([0-9]{1,6})")
# as `querysets.StreetOf` has it
_NUMBERED = re.compile(r"^[0-9]\S* ")


@dataclass(frozen=True, slots=True)
class Hit:
    """A version of a parcel; `alias` is the other number by which it was found."""

    parcel: Parcel
    alias: str = ""

    @property
    def centre(self) -> tuple[float, float]:
        point = self.parcel.point  # type: ignore[attr-defined]  # annotated below
        return point.x, point.y

    @property
    def area_m2(self) -> float:
        """On the map, in the parcel's own metric system."""
        shape = shapely.from_wkb(bytes(self.parcel.geometry.wkb))
        measured: float = crs.transform(shape, crs.WGS84, crs.parse(self.parcel.metric_crs)).area
        return measured


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


def by_address(words: AddressWords, *, revision: int, on: date, limit: int) -> tuple[Hit, ...]:
    """Parcels at the house number, or along the street where none was given; the closest match first.

    Units named behind the street narrow the choice where they fit at all.
    """
    known = _known(revision).select_related("unit__parent__parent").defer(*_BOUNDARIES)
    if words.leads:
        found = known.at_address(words.beginnings(), whole=words.whole())
    elif words.is_street_named:
        found = known.along_street(words.streets())
    else:
        found = known.in_street(words.streets())
    # more than are shown: house numbers and the unit named choose among them
    hits = _hits(found, on=on, limit=max(limit, _MOST_ALONG_STREET), order=_ALONG_STREET)
    if words.leads:
        begun = tuple(hit for hit in hits if hit.parcel.search_address.startswith(words.beginnings()))
        hits = begun or hits
    return tuple(sorted(_in_context(words, hits), key=lambda hit: _by_house(hit, on)))[:limit]


def _in_context(words: AddressWords, hits: Sequence[Hit]) -> Sequence[Hit]:
    """Those whose unit or its superiors are named; all where none is."""
    if not hits:
        return hits
    points = [_points(hit, words.after(_street_of(hit))) for hit in hits]
    most = max(points)
    return [hit for hit, point in zip(hits, points, strict=True) if point == most]


def _points(hit: Hit, context: Iterable[str]) -> int:
    units = [hit.parcel.unit]
    while units[-1].parent is not None:
        units.append(units[-1].parent)
    return sum(naming(unit.search_name, place) for place in context for unit in units)


def _street_of(hit: Hit) -> str:
    return _NUMBERED.sub("", hit.parcel.search_address)


def _by_house(hit: Hit, on: date) -> tuple[bool, str, int, str, str]:
    """Living parcels, then by street, and along it by house number as a number."""
    house = _HOUSE.match(hit.parcel.search_address)
    number = int(house[1]) if house else 0
    return on not in hit.parcel.valid, _street_of(hit), number, hit.parcel.search_address, hit.parcel.code


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


def _hits(
    found: ParcelQuerySet, *, on: date, limit: int, order: Sequence[str | Length] = ()
) -> tuple[Hit, ...]:
    """One version of each parcel: that of the day, else the latest; living ones first, then in order."""
    rows = (
        found.annotate(point=PointOnSurface("geometry"))
        .select_related("unit")
        .defer("unit__geometry")
        .order_by(*order, "code", "-valid__startswith")[: limit * 2]
    )
    versions: dict[str, Parcel] = {}
    for row in rows:
        if row.code not in versions or on in row.valid:
            versions[row.code] = row
    alive_first = sorted(versions.values(), key=lambda row: on not in row.valid)
    return tuple(Hit(row) for row in alive_first[:limit])


def is_code(text: str) -> bool:
    """Whether the text has the form `<list>-<unit>-<sheet>-<number>`."""
    parts = fold(text).split("-")
    return len(parts) >= 4 and all(parts) and " " not in text and any(part.isdigit() for part in parts)
