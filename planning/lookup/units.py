"""Names of administrative units -> units, in whatever list, with what they passed into and came from."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import shapely
from django.contrib.gis.geos import Point
from django.db.models import Q
from shapely.geometry.base import BaseGeometry

from planning.codes import normalise, search_name
from planning.lookup.words import UNIT_KINDS, has_diacritics, naming, place_parts, spellings
from planning.models import AdminSuccession, AdminUnit, AdminUnitKind

# more words than the longest official name with two superiors after it
_MOST_WORDS = 14
_PARENTS = ("parent__parent", "unit_list")
# boundaries are large and nobody asks for them here
_BOUNDARIES = ("geometry", "parent__geometry", "parent__parent__geometry")


@dataclass(frozen=True, slots=True)
class UnitMatch:
    """A unit whose name was typed; `is_whole` is false where only the beginning of a name was."""

    unit: AdminUnit
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Succession:
    """By unit id: the units it became, and the ids of those it was made of."""

    later: dict[str, tuple[AdminUnit, ...]] = field(default_factory=dict)
    earlier: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def now(self, unit: AdminUnit) -> tuple[AdminUnit, ...]:
        return self.later.get(unit.id, ())


def find_units(
    text: str, *, on: date, limit: int, near: tuple[float, float] | None = None
) -> tuple[UnitMatch, ...]:
    """Units that the text may name, best first; superiors named after the unit narrow the choice.

    Asks once; a second time only where no whole name fits.
    """
    parts = place_parts(text)
    if not parts:
        return ()
    prefixes = _prefixes(parts[0])
    by_spelling = {form: words for words in prefixes for form in spellings(words)}
    if not by_spelling:
        return ()
    found = AdminUnit.objects.named(by_spelling).select_related(*_PARENTS).defer(*_BOUNDARIES)
    units = [(unit, by_spelling[unit.search_name]) for unit in found]
    if units:
        longest = max(len(words.split()) for _, words in units)
        fitting = [unit for unit, words in units if len(words.split()) == longest]
        rest = _rest(parts[0], longest)
        within = _within(fitting, (*rest, *parts[1:]), must=bool(rest) and parts[0][0].isdigit())
        ranked = _ranked(within, typed=parts[0], on=on, near=near)
        return tuple(UnitMatch(unit, is_whole=True) for unit in ranked[:limit])
    return _beginning(parts[0], on=on, limit=limit, near=near)


def _beginning(name: str, *, on: date, limit: int, near: tuple[float, float] | None) -> tuple[UnitMatch, ...]:
    forms = spellings(name)
    # one or two letters begin hundreds of names
    if len(search_name(name).replace(" ", "")) < 3:
        return ()
    found = (
        AdminUnit.objects.whose_name_begins(forms).select_related(*_PARENTS).defer(*_BOUNDARIES)[: limit * 5]
    )
    ranked = _ranked(list(found), typed=name, on=on, near=near)
    return tuple(UnitMatch(unit, is_whole=False) for unit in ranked[:limit])


def _prefixes(part: str) -> tuple[str, ...]:
    """ "Hàng Trống Hoàn Kiếm" may be one name or a name with its superior: all beginnings, longest first."""
    words = part.split()[:_MOST_WORDS]
    return tuple(" ".join(words[:count]) for count in range(len(words), 0, -1))


def _rest(part: str, used: int) -> tuple[str, ...]:
    rest = " ".join(part.split()[used:])
    return (rest,) if rest else ()


def _within(units: list[AdminUnit], context: Iterable[str], *, must: bool) -> list[AdminUnit]:
    """Units whose superiors are named best; all of them where none is, unless one must be.

    It must after a mere number: "12 phố Dài" is a house in a street, not ward 12.
    """
    wanted = [search_name(place) for place in context]
    hits = {unit.id: sum(_lies_in(unit, place) for place in wanted) for unit in units}
    most = max(hits.values(), default=0)
    return [] if must and not most else [unit for unit in units if hits[unit.id] == most]


def _lies_in(unit: AdminUnit, place: str) -> int:
    """How well the superiors of the unit are named in a text such as "quan hoan kiem ha noi"."""
    points = 0
    superior = unit.parent
    while superior is not None:
        points += naming(superior.search_name, place)
        superior = superior.parent
    return points


def _ranked(
    units: list[AdminUnit], *, typed: str, on: date, near: tuple[float, float] | None
) -> list[AdminUnit]:
    accented = normalise(typed).casefold() if has_diacritics(typed) else None

    def rank(unit: AdminUnit) -> tuple[bool, bool, bool, float, str]:
        other_accents = accented is not None and _core(unit.name) not in accented
        is_superior = unit.kind != AdminUnitKind.COMMUNE
        return other_accents, is_superior, not _is_current(unit, on), _distance(unit, near), unit.id

    return sorted(units, key=rank)


def _distance(unit: AdminUnit, near: tuple[float, float] | None) -> float:
    """In degrees, for sorting alone; without a centre a unit comes last."""
    if near is None:
        return 0.0
    return math.inf if unit.centre is None else math.dist(unit.centre.coords, near)


def _core(name: str) -> str:
    """The official name without its kind, accents kept."""
    folded_kind = next((kind for kind in UNIT_KINDS if search_name(name).startswith(f"{kind} ")), "")
    return " ".join(normalise(name).casefold().split()[len(folded_kind.split()) :])


def _is_current(unit: AdminUnit, on: date) -> bool:
    last = unit.unit_list.valid_to
    return last is None or on < last


def succession_of(units: Iterable[AdminUnit], *, on: date) -> Succession:
    """What the units became by the day and what they were made of, one step either way, in one question."""
    ids = [unit.id for unit in units]
    if not ids:
        return Succession()
    rows = (
        AdminSuccession.objects.filter(on__lte=on)
        .filter(Q(predecessor__in=ids) | Q(successor__in=ids))
        .select_related("successor__parent")
        .defer("successor__geometry", "successor__parent__geometry")
        .order_by("predecessor_id", "successor_id")
    )
    later: dict[str, list[AdminUnit]] = {}
    earlier: dict[str, list[str]] = {}
    for row in rows:
        later.setdefault(row.predecessor_id, []).append(row.successor)
        earlier.setdefault(row.successor_id, []).append(row.predecessor_id)
    return Succession(
        {unit: tuple(heirs) for unit, heirs in later.items()},
        {unit: tuple(origins) for unit, origins in earlier.items()},
    )


def surveyed_in(units: Sequence[AdminUnit], succession: Succession) -> set[str]:
    """Ids of the units under which parcels of the named ones may be filed.

    The units themselves, what they were made of (cadastral sheets keep the old unit) and what they
    became (newly surveyed land); districts and provinces through their communes.
    """
    ids = {unit.id for unit in units}
    for unit in units:
        ids |= set(succession.earlier.get(unit.id, ()))
        ids |= {other.id for other in succession.later.get(unit.id, ())}
    superiors = [unit.id for unit in units if unit.kind != AdminUnitKind.COMMUNE]
    if superiors:
        ids |= set(AdminUnit.objects.within(superiors).values_list("id", flat=True))
    return ids


def centre_of(unit: AdminUnit, succession: Succession) -> tuple[float, float] | None:
    """Where to zoom: the unit's centre, else that of the unit it became."""
    for place in (unit, *succession.later.get(unit.id, ())):
        if place.centre is not None:
            return place.centre.x, place.centre.y
    return None


def units_around(places: Sequence[tuple[float, float]]) -> dict[tuple[float, float], tuple[AdminUnit, ...]]:
    """By (lon, lat): the communes whose stored boundary covers it, newest list first."""
    if not places:
        return {}
    points = {place: Point(*place, srid=4326) for place in dict.fromkeys(places)}
    units = list(AdminUnit.objects.around(points.values()).select_related("unit_list"))
    shapes = list(_shapes(units))
    return {
        place: tuple(
            unit for unit, shape in zip(units, shapes, strict=True) if shapely.intersects_xy(shape, *place)
        )
        for place in points
    }


def _shapes(units: Sequence[AdminUnit]) -> Iterator[BaseGeometry]:
    return (shapely.from_wkb(bytes(unit.geometry.wkb)) for unit in units if unit.geometry is not None)
