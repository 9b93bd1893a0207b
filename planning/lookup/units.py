"""Names of administrative units -> units, in whatever list, best first.

Names are tried as typed, with abbreviations written out, without what an input method left behind; then
as a beginning, as initials, and last with slips of the pen. What was typed after the name narrows the
choice where it names a superior.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import shapely
from django.contrib.gis.geos import Point
from shapely.geometry.base import BaseGeometry

from planning.codes import normalise, search_name
from planning.lookup.spelling import slips
from planning.lookup.words import (
    UNIT_KINDS,
    has_diacritics,
    initials,
    naming,
    nearly_naming,
    place_parts,
    spellings,
    typed_words,
    without_kind,
    written_out,
)
from planning.models import AdminUnit, AdminUnitKind
from planning.querysets import AdminUnitQuerySet

# more words than the longest official name with two superiors after it
_MOST_WORDS = 14
# a bare name has at most so many words; longer beginnings are not compared for slips
_MOST_IN_NAME = 5
_SHORTEST_LIKE = 4
# "TP.HCM", "TPHCM"
_MOST_AROUND_INITIALS = 2
_LONGEST_INITIALS = 6
_MOST_ALIKE = 60
_PARENTS = ("parent__parent", "unit_list")
# boundaries are large and nobody asks for them here
_BOUNDARIES = (
    "geometry",
    "parent__geometry",
    "parent__centre",
    "parent__parent__geometry",
    "parent__parent__centre",
)
Place = tuple[float, float]


class Naming(StrEnum):
    """How the name was typed."""

    WHOLE = "whole"
    BEGINNING = "beginning"
    INITIALS = "initials"
    SIMILAR = "similar"


@dataclass(frozen=True, slots=True)
class UnitMatch:
    """A unit that may be meant, and what of the text its name and superiors do not account for."""

    unit: AdminUnit
    naming: Naming
    unexplained: str = ""

    @property
    def is_whole(self) -> bool:
        return self.naming is Naming.WHOLE

    @property
    def is_sure(self) -> bool:
        """The name agrees and everything typed belongs to it or its superiors."""
        return self.is_whole and not self.unexplained


@dataclass(frozen=True, slots=True)
class _Form:
    """A way of reading the beginning of the text as a name: which reading, how many words, what is left."""

    reading: int
    used: int
    rest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was typed of a unit and its superiors."""

    parts: tuple[str, ...]
    readings: tuple[tuple[str, ...], ...]

    @property
    def context(self) -> tuple[str, ...]:
        """What stands behind the first comma, folded."""
        return tuple(" ".join(written_out(tuple(search_name(part).split()))) for part in self.parts[1:])

    def beginnings(self, *, most: int) -> Iterator[tuple[tuple[str, ...], _Form]]:
        """ "Hàng Trống Hoàn Kiếm" may be one name or a name with its superior: all, longest first."""
        for reading, words in enumerate(self.readings):
            for count in range(min(len(words), most), 0, -1):
                yield words[:count], _Form(reading, count, words[count:])


@dataclass(frozen=True, slots=True)
class _Found:
    """A unit with the form it was found by and what counts for and against it."""

    unit: AdminUnit
    form: _Form
    slips: int
    points: int
    is_rest_explained: bool

    @property
    def unexplained(self) -> str:
        return "" if self.is_rest_explained else " ".join(self.form.rest)

    @property
    def order(self) -> tuple[int, int, int, int, int]:
        """The least unexplained first, then the fewest slips, the plainest reading, the longest name."""
        left = 0 if self.is_rest_explained else len(self.form.rest)
        return left, self.slips, self.form.reading, -self.form.used, -self.points


def find_units(
    text: str, *, on: date, limit: int, near: Place | None = None, with_slips: bool = True
) -> tuple[UnitMatch, ...]:
    """Units that the text may name, best first; superiors named after the unit narrow the choice.

    Asks once; again only where no whole name fits what was typed.
    """
    asked = _asked(text)
    if asked is None:
        return ()
    how, found = _best(asked, with_slips=with_slips)
    return _matches(found, how, asked, on=on, limit=limit, near=near)


def similar_units(
    text: str, *, unexplained: int | None, on: date, limit: int, near: Place | None = None
) -> tuple[UnitMatch, ...]:
    """Units that differ by a slip or two and leave fewer words unexplained than that many, if it is given."""
    asked = _asked(text)
    found = _alike(asked) if asked else []
    if asked is None or (found and unexplained is not None and found[0].order[0] >= unexplained):
        return ()
    return _matches(found, Naming.SIMILAR, asked, on=on, limit=limit, near=near)


def _asked(text: str) -> _Asked | None:
    parts = place_parts(text)
    readings = tuple(words[:_MOST_WORDS] for words in typed_words(parts[0]) if words) if parts else ()
    return _Asked(parts, readings) if readings else None


def _best(asked: _Asked, *, with_slips: bool) -> tuple[Naming, Sequence[_Found]]:
    whole = _named(asked)
    if whole and whole[0].is_rest_explained:
        return Naming.WHOLE, whole
    if begun := () if whole else _begun(asked):
        return Naming.BEGINNING, begun
    if short := _shortened(asked):
        return Naming.INITIALS, short
    alike = _alike(asked) if with_slips else ()
    if whole and (not alike or whole[0].order <= alike[0].order):
        return Naming.WHOLE, whole
    return Naming.SIMILAR, alike


def _matches(
    found: Sequence[_Found], how: Naming, asked: _Asked, *, on: date, limit: int, near: Place | None
) -> tuple[UnitMatch, ...]:
    """The best of them; those of slips also with a few of the next best, for nobody knows the slip."""
    if not found:
        return ()
    best = found[0].order
    chosen = [one for one in found if one.order == best]
    if how is Naming.SIMILAR:
        chosen = [one for one in found if one.order[0] == best[0] and one.slips <= best[1] + 1]
    ranks = _ranks([one.unit for one in chosen], typed=asked.parts[0], on=on, near=near)
    chosen.sort(key=lambda one: (one.slips, -one.points, ranks[one.unit.id]))
    return tuple(UnitMatch(one.unit, how, one.unexplained) for one in chosen[:limit])


def _named(asked: _Asked) -> list[_Found]:
    forms: dict[str, _Form] = {}
    for words, form in asked.beginnings(most=_MOST_WORDS):
        for spelling in spellings(words):
            forms.setdefault(spelling, form)
    if not forms:
        return []
    units = _lean(AdminUnit.objects.named(forms))
    found = [_weighed(unit, forms[unit.search_name], asked, slips=0) for unit in units]
    if asked.readings[0][0].isdigit():
        # "12 phố Dài" is a house in a street, not ward 12
        found = [one for one in found if one.points]
    return sorted(found, key=lambda one: one.order)


def _begun(asked: _Asked) -> list[_Found]:
    words = asked.readings[0]
    # one or two letters begin hundreds of names
    if len("".join(words)) < 3:
        return []
    form = _Form(0, len(words), ())
    units = _lean(AdminUnit.objects.whose_name_begins(spellings(words)))[:_MOST_ALIKE]
    return sorted((_weighed(unit, form, asked, slips=0) for unit in units), key=lambda one: one.order)


def _shortened(asked: _Asked) -> list[_Found]:
    """Provinces by their initials, as people write the largest."""
    if len(asked.readings[0]) > _MOST_AROUND_INITIALS or len(asked.readings[0][-1]) > _LONGEST_INITIALS:
        return []
    wanted = {words[-1]: _Form(index, len(words), ()) for index, words in enumerate(asked.readings)}
    provinces = _lean(AdminUnit.objects.filter(kind=AdminUnitKind.PROVINCE))
    return [
        _weighed(unit, form, asked, slips=0)
        for unit in provinces
        if (form := wanted.get(initials(without_kind(unit.search_name))))
    ]


def _alike(asked: _Asked) -> list[_Found]:
    """Units whose name differs from a beginning of the text by a slip or two."""
    forms: dict[str, _Form] = {}
    for words, form in asked.beginnings(most=_MOST_IN_NAME + 2):
        bare = without_kind(" ".join(words))
        if len(bare.replace(" ", "")) >= _SHORTEST_LIKE and len(bare.split()) <= _MOST_IN_NAME:
            forms.setdefault(bare, form)
    # a single word of several is seldom a name of its own
    names = [name for name in forms if " " in name or len(forms) == 1 or not forms[name].rest] or list(forms)
    if not names:
        return []
    units = _lean(AdminUnit.objects.like(names))[:_MOST_ALIKE]
    found = [one for unit in units if (one := _nearest(unit, names, forms, asked)) is not None]
    return sorted(found, key=lambda one: one.order)


def _nearest(unit: AdminUnit, names: Sequence[str], forms: dict[str, _Form], asked: _Asked) -> _Found | None:
    bare = without_kind(unit.search_name)
    differing = ((slips(name, bare), name) for name in names)
    weighed = [
        _weighed(unit, forms[name], asked, slips=count) for count, name in differing if count is not None
    ]
    return min(weighed, key=lambda one: one.order, default=None)


def _lean(units: AdminUnitQuerySet) -> AdminUnitQuerySet:
    return units.select_related(*_PARENTS).defer(*_BOUNDARIES)


def _weighed(unit: AdminUnit, form: _Form, asked: _Asked, *, slips: int) -> _Found:
    rest = " ".join(form.rest)
    explained = _lies_in(unit, rest) if rest else 0
    points = explained + sum(_lies_in(unit, place) for place in asked.context)
    return _Found(unit, form, slips, points, is_rest_explained=not rest or explained > 0)


def _lies_in(unit: AdminUnit, place: str) -> int:
    """How well the superiors of the unit are named in a text such as "quan hoan kiem ha noi"."""
    superiors = list(_superiors(unit))
    points = 2 * sum(naming(one.search_name, place) for one in superiors)
    return points or sum(nearly_naming(one.search_name, place) for one in superiors)


def naming_any(units: Iterable[AdminUnit], places: Iterable[str]) -> int:
    """How surely the folded texts name some of the units: with a slip only where none is named plainly."""
    names, texts = [unit.search_name for unit in units], list(places)
    plainly = 2 * sum(naming(name, text) for text in texts for name in names)
    return plainly or sum(nearly_naming(name, text) for text in texts for name in names)


def _superiors(unit: AdminUnit) -> Iterator[AdminUnit]:
    superior = unit.parent
    while superior is not None:
        yield superior
        superior = superior.parent


def _ranks(
    units: list[AdminUnit], *, typed: str, on: date, near: Place | None
) -> dict[str, tuple[bool, bool, bool, float, str]]:
    accented = normalise(typed).casefold() if has_diacritics(typed) else None
    return {
        unit.id: (
            accented is not None and _core(unit.name) not in accented,
            unit.kind != AdminUnitKind.COMMUNE,
            not _is_current(unit, on),
            _distance(unit, near),
            unit.id,
        )
        for unit in units
    }


def _distance(unit: AdminUnit, near: Place | None) -> float:
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


def units_around(places: Iterable[Place]) -> dict[Place, tuple[AdminUnit, ...]]:
    """By (lon, lat): the communes whose stored boundary covers it, newest list first."""
    points = {place: Point(*place, srid=4326) for place in dict.fromkeys(places)}
    if not points:
        return {}
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
