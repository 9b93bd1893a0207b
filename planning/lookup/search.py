"""`look_up`: one field for everything, its readings tried from the surest to the vaguest."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from planning.codes import search_name
from planning.lookup import parcels, wording
from planning.lookup.addresses import AddressWords, read_address
from planning.lookup.coordinates import read_coordinates
from planning.lookup.parcel_number import ParcelWords, read_parcel_numbers
from planning.lookup.parcels import Hit
from planning.lookup.positions import Position, positions_of
from planning.lookup.result import Candidate, CandidateKind, LookupResult, UnderstoodAs
from planning.lookup.units import (
    Succession,
    UnitMatch,
    centre_of,
    find_units,
    succession_of,
    surveyed_in,
    units_around,
)
from planning.models import AdminUnit, Plan, Publication

LONGEST = 300
_POSITIONS_WITH_PARCELS = 3
_PARCELS_AT_POSITION = 8
Place = tuple[float, float]


def look_up(text: str, *, on: date, limit: int = 20, near: Place | None = None) -> LookupResult:
    """What the text may mean on the day, best first; at most `limit` candidates.

    `near` is (lon, lat) of what the person looks at: of equal candidates the nearer comes first.
    Nothing is raised for what cannot be understood: the hint says what to add.
    """
    query = _printable(text)
    if not query:
        return LookupResult(
            query="", understood_as=UnderstoodAs.NOTHING, candidates=(), hint=wording.nothing_given()
        )
    if len(query) > LONGEST:
        return LookupResult(
            query=query[:LONGEST], understood_as=UnderstoodAs.NOTHING, candidates=(), hint=wording.too_long()
        )
    question = _Question(query, on, limit, near, Publication.objects.latest_revision())
    # a reading that the form of the text excludes gives None, and the next is tried
    found = (
        question.as_parcel_code()
        or question.as_coordinates()
        or question.as_parcel_number()
        or question.as_words()
    )
    return LookupResult(
        query=query,
        understood_as=found.understood_as,
        candidates=_distinct(found.candidates)[:limit],
        hint=found.hint,
    )


def _printable(text: str) -> str:
    """Without control characters and lone surrogates, which no database takes."""
    return " ".join("".join(letter for letter in text if letter.isprintable() or letter.isspace()).split())


def _distinct(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    first: dict[tuple[CandidateKind, str], Candidate] = {}
    for candidate in candidates:
        first.setdefault((candidate.kind, candidate.id), candidate)
    return tuple(first.values())


@dataclass(frozen=True, slots=True)
class _Found:
    """What one reading of the text gave."""

    understood_as: UnderstoodAs
    candidates: Sequence[Candidate]
    hint: str | None


@dataclass(frozen=True, slots=True)
class _Question:
    """The text with the circumstances in which it is asked."""

    query: str
    on: date
    limit: int
    near: Place | None
    revision: int

    def as_parcel_code(self) -> _Found | None:
        """`<list>-<unit>-<sheet>-<number>`; a new unit's id before an old sheet is understood too."""
        if not parcels.is_code(self.query):
            return None
        hits = parcels.by_code(self.query, revision=self.revision, on=self.on, limit=self.limit)
        why = wording.by_code()
        if not hits:
            unit_list, unit, sheet, number = self.query.split("-", maxsplit=3)
            matches = self._with_id(f"{unit_list}-{unit}")
            if not matches:
                return None
            hits = self._numbered(ParcelWords(sheet, number, ""), matches)
            why = wording.by_number()
        hint = None if hits else wording.nothing_found()
        if len(hits) > 1:
            hint = wording.which_of_these()
        return _Found(UnderstoodAs.PARCEL_CODE, self._parcels(hits, why=why), hint)

    def as_coordinates(self) -> _Found | None:
        """Every system and order that fits; parcels at the likeliest positions, with their neighbours."""
        if not read_coordinates(self.query):
            return None
        positions = positions_of(self.query)
        likely = [position for position in positions if position.is_likely][:_POSITIONS_WITH_PARCELS]
        groups = parcels.around(
            [position.place for position in likely],
            revision=self.revision,
            on=self.on,
            limit=_PARCELS_AT_POSITION,
        )
        units = self._units_at(positions)
        candidates: list[Candidate] = []
        nows = self._nows([hit for group in groups for hit, _ in group])
        for index, position in enumerate(positions):
            candidates.append(_point(position, units[index]))
            for hit, is_inside in groups[index] if index < len(groups) else ():
                why = wording.at_point() if is_inside else wording.beside_point()
                if len(positions) > 1 and position.candidate.crs.is_projected:
                    why = f"{wording.if_read_as(position.candidate)} {why}"
                candidates.append(self._parcel(hit, nows, why=why))
        return _Found(UnderstoodAs.COORDINATES, candidates, _hint_for(positions, has_parcels=any(groups)))

    def _units_at(self, positions: Sequence[Position]) -> list[tuple[AdminUnit, ...]]:
        """For each position the communes whose known boundary holds it; asked in our territory alone."""
        places = [position.place for position in positions if position.is_in_territory]
        found = units_around(places)
        return [found.get(position.place, ()) for position in positions]

    def as_parcel_number(self) -> _Found | None:
        """Sheet and number, in the units named or, if none is, in all."""
        readings = read_parcel_numbers(self.query)
        if not readings:
            return None
        unit_words = readings[0].unit_words
        matches = find_units(unit_words, on=self.on, limit=self.limit, near=self.near) if unit_words else ()
        if not matches and not (readings[0].sheet and readings[0].number):
            missing = wording.which_number() if readings[0].sheet else wording.which_sheet()
            return _Found(UnderstoodAs.PARCEL_NUMBER, (), missing)
        candidates: list[Candidate] = []
        for index, words in enumerate(readings):
            hits = self._numbered(words, matches)
            is_swapped = index > 0
            why = wording.by_swapped_number(words.sheet, words.number) if is_swapped else wording.by_number()
            candidates += self._parcels(hits, why=why)
        address = read_address(self.query) if len(readings) > 1 else None
        if address and address.leads and (houses := self._at_address(address)):
            if not candidates:
                return _Found(UnderstoodAs.WORDS, houses, _hint_for_houses(houses))
            candidates += houses
        hint = self._hint_for_number(readings[0], matches, found=len(candidates))
        if not candidates:
            candidates = self._units(matches)
        return _Found(UnderstoodAs.PARCEL_NUMBER, candidates, hint)

    def as_words(self) -> _Found:
        """Addresses, units of any list, titles of plans, and what lies along a street."""
        address = read_address(self.query)
        houses = self._at_address(address) if address else []
        if houses and address and address.leads:
            return _Found(UnderstoodAs.WORDS, houses, _hint_for_houses(houses))
        matches = find_units(self.query, on=self.on, limit=self.limit, near=self.near)
        whole = self._units([match for match in matches if match.is_whole])
        begun = self._units([match for match in matches if not match.is_whole])
        along, hint = self._along_street(address, houses)
        if address and address.is_street_named:
            candidates = [*along, *whole, *self._plans(), *begun]
        else:
            candidates = [*whole, *self._plans(), *begun, *along]
            # where a commune is meant as likely, nothing is missing
            hint = None if whole else hint
        if sum(match.is_whole for match in matches) > 1:
            hint = wording.which_unit()
        return _Found(UnderstoodAs.WORDS, candidates, hint if candidates else wording.nothing_found())

    def _along_street(
        self, address: AddressWords | None, houses: list[Candidate]
    ) -> tuple[list[Candidate], str | None]:
        """The parcels of a street: those found, or where the house is not held, its neighbours."""
        if houses:
            return houses, wording.which_house()
        if address is None or not address.leads:
            return [], None
        neighbours = self._at_address(replace(address, leads=(), is_street_named=True))
        return neighbours, wording.no_such_house() if neighbours else None

    # --- parts ---

    def _with_id(self, unit_id: str) -> tuple[UnitMatch, ...]:
        found = AdminUnit.objects.filter(id=unit_id).defer("geometry")
        return tuple(UnitMatch(unit, is_whole=True) for unit in found)

    def _numbered(self, words: ParcelWords, matches: Sequence[UnitMatch]) -> tuple[Hit, ...]:
        """Parcels of that number by commune, or nearest first to what the person looks at."""
        units = [match.unit for match in matches]
        succession = succession_of(units, on=self.on)
        ids = surveyed_in(units, succession) if units else None
        hits = parcels.by_number(words, unit_ids=ids, revision=self.revision, on=self.on, limit=self.limit)
        if self.near is None:
            return hits
        near = self.near
        return tuple(sorted(hits, key=lambda hit: math.dist(hit.centre, near)))

    def _at_address(self, address: AddressWords) -> list[Candidate]:
        hits = parcels.by_address(address, revision=self.revision, on=self.on, limit=self.limit)
        nows = self._nows(hits)
        return [self._parcel(hit, nows, why="") for hit in hits]

    def _nows(self, hits: Sequence[Hit]) -> Succession:
        return succession_of({hit.parcel.unit_id: hit.parcel.unit for hit in hits}.values(), on=self.on)

    def _parcels(self, hits: Sequence[Hit], *, why: str) -> list[Candidate]:
        nows = self._nows(hits)
        return [self._parcel(hit, nows, why=why) for hit in hits]

    def _parcel(self, hit: Hit, nows: Succession, *, why: str) -> Candidate:
        parcel = hit.parcel
        reasons = [wording.by_alias(hit.alias) if hit.alias else why]
        if self.on not in parcel.valid and parcel.valid.upper is not None:
            reasons.append(wording.no_longer(parcel.valid.upper))
        reasons.append(wording.told_apart(parcel.address, hit.area_m2))
        return Candidate(
            kind=CandidateKind.PARCEL,
            id=parcel.code,
            label=wording.parcel_label(parcel, nows.now(parcel.unit)),
            why=" ".join(reason for reason in reasons if reason),
            centre=hit.centre,
        )

    def _units(self, matches: Sequence[UnitMatch]) -> list[Candidate]:
        """The units named, each followed by those that took over its land."""
        succession = succession_of([match.unit for match in matches], on=self.on)
        candidates = []
        for match in matches:
            now = succession.now(match.unit)
            why = wording.by_name() if match.is_whole else wording.by_beginning_of_name()
            if now:
                why = wording.former_unit(match.unit.unit_list.valid_to, now)
            candidates.append(_unit(match.unit, succession, why=why))
            candidates += [_unit(heir, succession, why=wording.formed_from(match.unit)) for heir in now]
        return candidates

    def _plans(self) -> list[Candidate]:
        words = search_name(self.query).split()
        if not any(len(word) > 1 for word in words):
            return []
        found = Plan.objects.public().called(self.query.casefold(), words)[: self.limit]
        return [
            Candidate(
                kind=CandidateKind.PLAN, id=plan.id, label=plan.title, why=wording.by_title(), centre=None
            )
            for plan in found
        ]

    def _hint_for_number(self, words: ParcelWords, matches: Sequence[UnitMatch], *, found: int) -> str | None:
        if words.unit_words and not matches:
            return wording.unknown_commune(words.unit_words)
        if not found and not matches:
            return wording.no_such_number(words.sheet, words.number)
        if not found:
            return wording.no_such_parcel(words.sheet, words.number, [match.unit for match in matches])
        if not words.unit_words and found > 1:
            return wording.which_commune()
        return wording.which_of_these() if found > 1 else None


def _unit(unit: AdminUnit, succession: Succession, *, why: str) -> Candidate:
    return Candidate(
        kind=CandidateKind.COMMUNE,
        id=unit.id,
        label=wording.unit_label(unit),
        why=why,
        centre=centre_of(unit, succession),
    )


def _point(position: Position, units: Sequence[AdminUnit]) -> Candidate:
    lon, lat = position.place
    where = wording.where(units, is_in_territory=position.is_in_territory)
    return Candidate(
        kind=CandidateKind.POINT,
        id=f"{lon:.8f},{lat:.8f}",
        label=wording.place_label(position.candidate, units),
        why=" ".join(part for part in (wording.read_as(position.candidate), where) if part),
        centre=position.place,
    )


def _hint_for_houses(houses: Sequence[Candidate]) -> str | None:
    return wording.which_of_these_houses() if len(houses) > 1 else None


def _hint_for(positions: Sequence[Position], *, has_parcels: bool) -> str | None:
    if not positions:
        return wording.no_such_position()
    likely = [position for position in positions if position.is_likely]
    if len(likely) > 1 and positions[0].candidate.crs.is_projected:
        inside = sum(position.is_in_territory for position in likely)
        if 0 < inside < len(likely):
            return wording.which_system() + " " + wording.others_lie_outside()
        return wording.which_system()
    return wording.check_on_map() if has_parcels else None
