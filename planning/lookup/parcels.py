"""Parcels by code, number, address or place; several hits are normal and all are given."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import shapely
from django.contrib.gis.db.models.functions import PointOnSurface
from django.db.models import Q
from django.db.models.functions import Length

from planning import crs
from planning.codes import fold
from planning.lookup.addresses import AddressWords
from planning.lookup.parcel_number import ParcelWords
from planning.lookup.succession import reached
from planning.lookup.units import naming_any
from planning.models import Parcel, ParcelAlias, ParcelLineage
from planning.querysets import ParcelQuerySet

_MOST_STEPS = 6
_DUPLICATES = "bcdefgh"
_MOST_ALONG_STREET = 30
# along one street the shorter address has the smaller house number
_ALONG_STREET = (Length("search_address"), "search_address")
_UNITS = ("unit", "unit__parent", "unit__parent__parent")
# of the units only names are shown: reading their shapes takes longer than finding them
_BOUNDARIES = tuple(f"{unit}__{shape}" for unit in _UNITS for shape in ("geometry", "centre"))
_HOUSE = re.compile(r"^([0-9]{1,6})")
# as `querysets.Squeezed` has it
_MARKS = re.compile(r"[\s./,_-]+")
# as `querysets.StreetOf` has it
_NUMBERED = re.compile(r"^[0-9]\S* ")


@dataclass(frozen=True, slots=True)
class Hit:
    """A version of a parcel; `alias` is the other number by which it was found.

    `formed_from` are the codes of the parcels that were asked for and that it followed.
    """

    parcel: Parcel
    alias: str = ""
    formed_from: tuple[str, ...] = ()

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
    return hits_of(known(revision).filter(code__in=codes), on=on, limit=limit)


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
    found = hits_of(known(revision).filter(wanted), on=on, limit=limit)
    if not aliases:
        return found
    seen = {hit.parcel.code for hit in found}
    others = hits_of(known(revision).filter(code__in=aliases.keys() - seen), on=on, limit=limit)
    return (*found, *(Hit(hit.parcel, aliases[hit.parcel.code]) for hit in others))[:limit]


def by_written(text: str, *, revision: int, on: date, limit: int) -> tuple[Hit, ...]:
    """Parcels that bear this number in any scheme, blanks and marks aside."""
    found = ParcelAlias.objects.known_at(revision).written(_MARKS.sub("", text.lower()))
    aliases = dict(found.values_list("parcel_code", "value")[:limit])
    if not aliases:
        return ()
    hits = hits_of(known(revision).filter(code__in=aliases), on=on, limit=limit)
    return tuple(Hit(hit.parcel, aliases[hit.parcel.code]) for hit in hits)


def with_successors(hits: Sequence[Hit], *, revision: int, on: date, limit: int) -> tuple[Hit, ...]:
    """The parcels, each that has ended followed by those that took its land."""
    ended = [hit.parcel.code for hit in hits if on not in hit.parcel.valid and hit.parcel.valid.upper]
    later = _successors(ended, revision=revision) if ended else {}
    if not later:
        return tuple(hits)
    codes = {code for heirs in later.values() for code in heirs}
    held = {
        hit.parcel.code: hit
        for hit in hits_of(known(revision).filter(code__in=codes), on=on, limit=limit * 2)
        if on in hit.parcel.valid
    }
    shown: list[Hit] = []
    for hit in hits:
        heirs = [held[code] for code in later.get(hit.parcel.code, ()) if code in held]
        shown += [hit, *(Hit(heir.parcel, formed_from=(hit.parcel.code,)) for heir in heirs)]
    return tuple(shown)[:limit]


def _successors(codes: Sequence[str], *, revision: int) -> dict[str, list[str]]:
    """By code: everything it became, step after step."""
    steps: dict[str, list[str]] = {}
    waiting = list(codes)
    for _step in range(_MOST_STEPS):
        asked = [code for code in waiting if code not in steps]
        if not asked:
            break
        rows = ParcelLineage.objects.known_at(revision).from_any(asked).order_by("successor_code")
        steps |= {code: [] for code in asked}
        waiting = []
        for predecessor, successor in rows.values_list("predecessor_code", "successor_code"):
            steps[predecessor].append(successor)
            waiting.append(successor)
    return {code: found for code in codes if (found := reached(code, steps))}


def by_address(words: AddressWords, *, revision: int, on: date, limit: int) -> tuple[Hit, ...]:
    """Parcels at the house number, or along the street where none was given; the closest match first.

    Units named behind the street narrow the choice where they fit at all.
    """
    held = known(revision).select_related("unit__parent__parent").defer(*_BOUNDARIES)
    if words.leads:
        found = held.at_address(words.beginnings(), whole=words.whole())
    elif words.is_street_named:
        found = held.along_street(words.streets())
    else:
        found = held.in_street(words.streets())
    # more than are shown: house numbers and the unit named choose among them
    hits = hits_of(found, on=on, limit=max(limit, _MOST_ALONG_STREET), order=_ALONG_STREET)
    if words.leads:
        begun = tuple(hit for hit in hits if hit.parcel.search_address.startswith(words.beginnings()))
        hits = begun or hits
    return tuple(sorted(_in_context(words, hits), key=lambda hit: _by_house(hit, on)))[:limit]


def at_houses(beginnings: Sequence[str], *, revision: int, on: date, limit: int) -> tuple[Hit, ...]:
    """Parcels whose address begins so, house number and street, in however many streets."""
    found = known(revision).at_address(beginnings)
    return hits_of(found, on=on, limit=limit, order=_ALONG_STREET)


def _in_context(words: AddressWords, hits: Sequence[Hit]) -> Sequence[Hit]:
    """Those whose unit or its superiors are named; all where none is."""
    if not hits:
        return hits
    points = [_points(hit, words.after(_street_of(hit))) for hit in hits]
    most = max(points)
    return [hit for hit, point in zip(hits, points, strict=True) if point == most]


def named_behind(hit: Hit, words: AddressWords) -> tuple[str, ...] | None:
    """What was typed behind the street and does not name what the parcel lies in; None where it does."""
    context = words.after(_street_of(hit))
    return None if _points(hit, context) else context or None


def _points(hit: Hit, context: Iterable[str]) -> int:
    units = [hit.parcel.unit]
    while units[-1].parent is not None:
        units.append(units[-1].parent)
    return naming_any(units, context)


def _street_of(hit: Hit) -> str:
    return _NUMBERED.sub("", hit.parcel.search_address)


def _by_house(hit: Hit, on: date) -> tuple[bool, str, int, str, str]:
    """Living parcels, then by street, and along it by house number as a number."""
    house = _HOUSE.match(hit.parcel.search_address)
    number = int(house[1]) if house else 0
    return on not in hit.parcel.valid, _street_of(hit), number, hit.parcel.search_address, hit.parcel.code


def known(revision: int) -> ParcelQuerySet:
    """The parcels of that revision."""
    found: ParcelQuerySet = Parcel.objects.known_at(revision)
    return found


def hits_of(
    found: ParcelQuerySet, *, on: date, limit: int, order: Sequence[str | Length] = ()
) -> tuple[Hit, ...]:
    """One version of each parcel: that of the day, else the latest; living ones first, then in order."""
    rows = (
        found.annotate(point=PointOnSurface("geometry"))
        .select_related("unit")
        .defer("unit__geometry", "unit__centre")
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
