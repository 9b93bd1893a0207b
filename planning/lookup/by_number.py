"""Readings as a parcel: by its code, by sheet and number in a unit, by a number of any other scheme."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from planning.lookup import parcels, wording
from planning.lookup.addresses import read_address
from planning.lookup.by_words import houses_found
from planning.lookup.parcel_number import ParcelWords, read_parcel_numbers
from planning.lookup.parcels import Hit
from planning.lookup.question import Found, Question, has_ended, parcel_candidates, unit_candidates
from planning.lookup.result import Candidate, UnderstoodAs
from planning.lookup.succession import surveyed_in
from planning.lookup.units import Naming, UnitMatch
from planning.models import AdminUnit

_LONGEST_NUMBER = 40
_UNIT_CODE = re.compile(r"[0-9A-Za-z]+-[0-9A-Za-z]+")
_SHORTEST_NUMBER = 3


def as_parcel_code(question: Question) -> Found | None:
    """`<list>-<unit>-<sheet>-<number>`; a new unit's id before an old sheet is understood too."""
    if not parcels.is_code(question.query):
        return None
    hits = parcels.by_code(question.query, revision=question.revision, on=question.on, limit=question.limit)
    why = wording.by_code()
    if not hits:
        unit_list, unit, sheet, number = question.query.split("-", maxsplit=3)
        matches = _with_id(f"{unit_list}-{unit}")
        if not matches:
            return None
        hits = _numbered(question, ParcelWords(sheet, number, ""), matches)
        why = wording.by_number()
        if not hits:
            return Found(UnderstoodAs.PARCEL_CODE, (), wording.nothing_found(), True, matches[0].unit.id)
    hint = wording.which_of_these() if len(hits) > 1 else None
    if has_ended(hits, question.on):
        hint = wording.parcel_has_ended()
    return Found(UnderstoodAs.PARCEL_CODE, parcel_candidates(hits, question, why=why), hint)


def as_unit_code(question: Question) -> Found | None:
    """`<list>-<unit>`, the id of a commune, district or province as pages and the API show it."""
    matches = _with_id(question.query) if _UNIT_CODE.fullmatch(question.query) else ()
    if not matches:
        return None
    candidates = unit_candidates(matches, question.succession(match.unit for match in matches))
    return Found(UnderstoodAs.WORDS, candidates, None)


def as_other_number(question: Question) -> Found | None:
    """A number as another scheme writes it."""
    query = question.query
    if not _SHORTEST_NUMBER <= len(query) <= _LONGEST_NUMBER or not any(one.isdigit() for one in query):
        return None
    hits = parcels.by_written(query, revision=question.revision, on=question.on, limit=question.limit)
    if not hits:
        return None
    hint = wording.which_of_these() if len(hits) > 1 else None
    candidates = parcel_candidates(hits, question, why=wording.other_number())
    return Found(UnderstoodAs.OTHER_NUMBER, candidates, hint)


def as_parcel_number(question: Question) -> Found | None:
    """Sheet and number; where no such parcel is held, the text may be a number of another scheme."""
    found = _as_sheet_and_number(question)
    is_held = found is None or (found.candidates and not found.is_missed)
    return found if is_held else as_other_number(question) or found


def _as_sheet_and_number(question: Question) -> Found | None:
    """In the units named or, if none is, in all."""
    readings = read_parcel_numbers(question.query)
    if not readings:
        return None
    first = readings[0]
    matches = question.units(first.unit_words)
    if not matches and not (first.sheet and first.number):
        missing = wording.which_number() if first.sheet else wording.which_sheet()
        return Found(UnderstoodAs.PARCEL_NUMBER, (), missing)
    if first.unit_words and not matches:
        return _in_unknown_unit(question, readings)
    found = _Numbers(*_by_readings(question, readings, matches))
    houses = _houses(question, readings)
    if houses and not found.candidates:
        return houses
    candidates = [*found.candidates, *(houses.candidates if houses else ())]
    if candidates:
        return Found(
            UnderstoodAs.PARCEL_NUMBER, candidates, _hint(first, matches, candidates, found.has_ended)
        )
    return _not_held(question, first, matches)


@dataclass(frozen=True, slots=True)
class _Numbers:
    candidates: list[Candidate]
    has_ended: bool


def _by_readings(
    question: Question, readings: Sequence[ParcelWords], matches: Sequence[UnitMatch]
) -> tuple[list[Candidate], bool]:
    candidates: list[Candidate] = []
    ended = False
    for index, words in enumerate(readings):
        hits = _numbered(question, words, matches)
        ended = ended or has_ended(hits, question.on)
        why = wording.by_swapped_number(words.sheet, words.number) if index else wording.by_number()
        candidates += parcel_candidates(hits, question, why=why) if hits else []
    return candidates, ended


def _houses(question: Question, readings: Sequence[ParcelWords]) -> Found | None:
    """ "12 45 Mẫu" may be a house as well."""
    address = read_address(question.query) if len(readings) > 1 else None
    return houses_found(question, address) if address and address.leads else None


def _in_unknown_unit(question: Question, readings: Sequence[ParcelWords]) -> Found | None:
    """Never parcels of some other commune for one that we do not know; it may be an address, though."""
    if houses := _houses(question, readings):
        return houses
    words = readings[0].unit_words
    if len(readings) > 1 and read_address(question.query):
        # "57/62 phố Mẫu": numbers without words before them are as likely a house
        return None
    return Found(UnderstoodAs.PARCEL_NUMBER, (), wording.unknown_commune(words), True)


def _not_held(question: Question, words: ParcelWords, matches: Sequence[UnitMatch]) -> Found:
    if not matches:
        hint = wording.no_such_number(words.sheet, words.number)
        return Found(UnderstoodAs.PARCEL_NUMBER, (), hint, True)
    units = [match.unit for match in matches]
    hint = wording.no_such_parcel(words.sheet, words.number, units)
    candidates = unit_candidates(matches, question.succession(units))
    return Found(UnderstoodAs.PARCEL_NUMBER, candidates, hint, True, units[0].id)


def _with_id(unit_id: str) -> tuple[UnitMatch, ...]:
    found = AdminUnit.objects.filter(id=unit_id).defer("geometry")
    return tuple(UnitMatch(unit, Naming.WHOLE) for unit in found)


def _numbered(question: Question, words: ParcelWords, matches: Sequence[UnitMatch]) -> tuple[Hit, ...]:
    """Parcels of that number by commune, or nearest first to what the person looks at."""
    units = [match.unit for match in matches]
    ids = surveyed_in(units, question.succession(units)) if units else None
    hits = parcels.by_number(
        words, unit_ids=ids, revision=question.revision, on=question.on, limit=question.limit
    )
    if units:
        hits = tuple(sorted(hits, key=lambda hit: hit.parcel.unit_id != units[0].id))
    if question.near is None:
        return hits
    near = question.near
    return tuple(sorted(hits, key=lambda hit: math.dist(hit.centre, near)))


def _hint(
    words: ParcelWords, matches: Sequence[UnitMatch], candidates: Sequence[Candidate], has_ended: bool
) -> str | None:
    if has_ended:
        return wording.parcel_has_ended()
    if matches and matches[0].naming is Naming.SIMILAR:
        return wording.read_commune_as(words.unit_words, [match.unit.name for match in matches])
    if not words.sheet or not words.number:
        return wording.which_number() if words.sheet else wording.which_sheet()
    if not words.unit_words:
        return wording.which_commune() if len(candidates) > 1 else wording.only_one_held()
    return wording.which_of_these() if len(candidates) > 1 else None
