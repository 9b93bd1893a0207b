"""Readings as words: a decision's number, an address or street, a unit, the title of a plan."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from planning.codes import normalise, search_name
from planning.lookup import parcels, plans, wording
from planning.lookup.addresses import AddressWords, read_address
from planning.lookup.question import (
    Found,
    Question,
    parcel_candidates,
    plan_candidate,
    street_candidate,
    unit_candidates,
)
from planning.lookup.result import Candidate, UnderstoodAs
from planning.lookup.streets import StreetMatch, find_streets, named_behind, streets_like
from planning.lookup.succession import Succession
from planning.lookup.units import Naming, UnitMatch
from planning.lookup.words import place_parts, without_kind, written_out

_MOST_STREETS = 10
# a unit and its superiors
_MOST_ENDINGS = 3
Context = tuple[str, ...] | None


def as_decision(question: Question) -> Found | None:
    """The plans that a decision of that number belongs to."""
    words = plans.read_decision(question.query)
    if words is None:
        return None
    found = plans.by_decision(words, limit=question.limit)
    candidates = [plan_candidate(plan, why=wording.by_decision(number)) for plan, number in found]
    if not candidates:
        hint = wording.no_such_decision(words.number)
        return Found(UnderstoodAs.DECISION, (), hint, is_missed=True)
    return Found(UnderstoodAs.DECISION, candidates, None)


def houses_found(question: Question, address: AddressWords) -> Found | None:
    """The parcels at the house number; None where none is held."""
    hits = parcels.by_address(address, revision=question.revision, on=question.on, limit=question.limit)
    if not hits:
        return None
    houses = parcel_candidates(hits, question, why="")
    if named := _named_elsewhere(question, [parcels.named_behind(hit, address) for hit in hits]):
        return _elsewhere(houses, named)
    hint = wording.which_of_these_houses() if len(houses) > 1 else None
    return Found(UnderstoodAs.WORDS, houses, hint)


def _elsewhere(candidates: Sequence[Candidate], named: Sequence[UnitMatch]) -> Found:
    """What bears the name, though not where it was looked for."""
    hint = wording.none_there([match.unit.name for match in named])
    return Found(UnderstoodAs.WORDS, candidates, hint, is_missed=True, missed_in=named[0].unit.id)


def _named_elsewhere(question: Question, behind: Sequence[Context]) -> tuple[UnitMatch, ...]:
    """The units that were named behind a street, where nothing of that name lies in them.

    `behind` is for each thing found what was typed behind its street, None where it lies there.
    """
    if not all(behind):
        return ()
    texts = {", ".join(context) for context in behind if context}
    return next((found for text in texts if (found := _sure(question, text))), ())


def _sure(question: Question, words: str) -> tuple[UnitMatch, ...]:
    found = question.units(words, with_slips=False)
    return found if found and found[0].naming in (Naming.WHOLE, Naming.INITIALS) else ()


def _named_behind(question: Question) -> tuple[UnitMatch, ...]:
    """Units named at the end of a text whose beginning nobody knows: "xóm 4, xã Mẫu", "12 Dài quận 1"."""
    for rest in _endings(question.query):
        if (found := _sure(question, rest)) and not found[0].unexplained:
            return found
    return ()


def _endings(text: str) -> Iterator[str]:
    """What stands behind the last commas, then behind the beginning, wherever a kind of unit is named."""
    parts = place_parts(text)[-_MOST_ENDINGS - 1 :]
    yield from (", ".join(parts[place:]) for place in range(1, len(parts)))
    words = written_out(tuple(search_name(normalise(text)).split()))
    spelt = [" ".join(words[place:]) for place in range(1, len(words))]
    yield from [ending for ending in spelt if without_kind(ending) != ending][-_MOST_ENDINGS:]


def as_words(question: Question) -> Found:
    """Addresses, units of any list, streets, titles of plans."""
    address = read_address(question.query)
    if address and address.leads and (houses := houses_found(question, address)):
        return houses
    along = _along(question, address)
    if along.is_answer:
        return along.found
    units = _units(question, question.units(question.query, with_slips=False))
    titled = [
        plan_candidate(plan, why=wording.by_title())
        for plan in plans.by_title(question.query, limit=question.limit)
    ]
    is_sure = units.is_whole and not (titled and units.unexplained)
    sure, vague = (units.candidates, []) if is_sure else ([], units.candidates)
    candidates = [*along.first, *sure, *titled, *vague, *along.after]
    hint = along.hint if along.first else (units.hint if sure or not titled else None)
    if titled or along.first or (units.candidates and not units.unexplained):
        return Found(UnderstoodAs.WORDS, candidates, hint)
    if along.is_exact and not units.candidates and address is not None:
        return _whole_street(question, address, along)
    guessed = _guessed(question, address, along, unexplained=units.unexplained)
    # a name with something behind it that nobody can make out is better than nothing
    return Found(UnderstoodAs.WORDS, candidates, hint) if candidates and not guessed.candidates else guessed


@dataclass(frozen=True, slots=True)
class _Along:
    """What was found of a street: candidates before and after the units of that name."""

    found: Found
    first: Sequence[Candidate] = ()
    after: Sequence[Candidate] = ()
    hint: str | None = None
    is_answer: bool = False
    streets: Sequence[StreetMatch] = ()

    @property
    def is_exact(self) -> bool:
        """Whether a street bears just the name that was typed, though not as a street."""
        return bool(self.streets and self.after)


_NOTHING = _Along(Found(UnderstoodAs.WORDS, (), None))


def _along(question: Question, address: AddressWords | None) -> _Along:
    """The street of the address, with its parcels; where a house was asked for, that it is not held."""
    if address is None:
        return _NOTHING
    streets = find_streets(address, revision=question.revision, limit=_MOST_STREETS)
    if not streets:
        return _NOTHING
    shown = [street_candidate(street) for street in streets]
    if address.leads:
        beside = _at_address(question, replace(_named(address, streets[0]), leads=()))
        if named := _named_elsewhere(question, [named_behind(street, address) for street in streets]):
            return _Along(_elsewhere(shown, named), streets=streets, is_answer=True)
        found = Found(
            UnderstoodAs.WORDS,
            [*shown, *beside],
            wording.no_such_house(),
            is_missed=True,
            missed_in=streets[0].units[0].id if len(streets[0].units) == 1 else None,
        )
        return _Along(found, is_answer=True)
    if not address.is_street_named:
        return _Along(_NOTHING.found, after=shown, streets=streets)
    beside = _at_address(question, _named(address, streets[0]))
    return _Along(_NOTHING.found, first=[*shown, *beside], hint=wording.which_house())


def _whole_street(question: Question, address: AddressWords, along: _Along) -> Found:
    """A street that was named without saying that it is one, with its parcels."""
    beside = _at_address(question, _named(address, along.streets[0]))
    return Found(UnderstoodAs.WORDS, [*along.after, *beside], wording.which_house())


def _named(address: AddressWords, street: StreetMatch) -> AddressWords:
    """The address with the street as it is stored; what followed its name narrows on."""
    context = address.after(street.search_name)
    kind = street.search_name.removesuffix(street.bare)
    return AddressWords(address.leads, street.bare, (kind,), True, context)


@dataclass(frozen=True, slots=True)
class _Units:
    candidates: list[Candidate]
    hint: str | None
    is_whole: bool
    unexplained: int


def _units(question: Question, matches: Sequence[UnitMatch]) -> _Units:
    succession = question.succession(match.unit for match in matches)
    candidates = unit_candidates(matches, succession)
    is_whole = bool(matches) and matches[0].naming is not Naming.BEGINNING
    unexplained = len(matches[0].unexplained.split()) if matches else 0
    return _Units(candidates, _hint_for_units(matches, succession), is_whole, unexplained)


def _hint_for_units(matches: Sequence[UnitMatch], succession: Succession) -> str | None:
    if not matches:
        return None
    first = matches[0]
    if first.unexplained:
        return wording.not_understood(first.unexplained)
    if len(matches) > 1 and first.is_whole:
        return wording.which_unit()
    now = succession.now(first.unit)
    return wording.was_divided(first.unit, now) if len(now) > 1 and first.is_whole else None


def _guessed(question: Question, address: AddressWords | None, along: _Along, *, unexplained: int) -> Found:
    """Only where nothing has just these words: streets, units and plans that are nearly called so."""
    streets = _like_street(question, address) if address else []
    is_house = bool(streets) and address is not None and bool(address.leads)
    matches = () if is_house else question.similar_units(unexplained=unexplained or None)
    units = unit_candidates(matches, question.succession(match.unit for match in matches))
    if streets or units:
        is_street = bool(streets) and (not units or (address is not None and address.is_street_named))
        hint = wording.similar_streets() if is_street else wording.similar_units(question.query)
        both = [*streets, *units] if is_street or (address and address.leads) else [*units, *streets]
        return Found(UnderstoodAs.WORDS, [*both, *along.after], hint)
    titled = plans.like_title(question.query, limit=question.limit)
    if titled:
        like = [plan_candidate(plan, why=wording.by_similar_title()) for plan in titled]
        return Found(UnderstoodAs.WORDS, like, wording.similar_plans())
    if along.after:
        return Found(UnderstoodAs.WORDS, along.after, wording.add_house())
    if behind := _named_behind(question):
        return _in_named(question, behind)
    return Found(UnderstoodAs.WORDS, (), wording.nothing_found(), is_missed=True)


def _in_named(question: Question, named: Sequence[UnitMatch]) -> Found:
    """The commune of something that is not held, so that the reader can go on from there."""
    candidates = unit_candidates(named, question.succession(match.unit for match in named))
    hint = wording.only_the_unit([match.unit.name for match in named])
    return Found(UnderstoodAs.WORDS, candidates, hint, is_missed=True, missed_in=named[0].unit.id)


def _like_street(question: Question, address: AddressWords) -> list[Candidate]:
    """The house in streets of a similar name, or these streets."""
    streets = streets_like(address, revision=question.revision, limit=_MOST_STREETS)
    beginnings = [f"{lead} {street.search_name}" for lead in address.leads for street in streets]
    houses: list[Candidate] = []
    if beginnings:
        hits = parcels.at_houses(beginnings, revision=question.revision, on=question.on, limit=question.limit)
        houses = parcel_candidates(hits, question, why=wording.by_similar_name()) if hits else []
    return [*houses, *(street_candidate(street) for street in streets)]


def _at_address(question: Question, address: AddressWords) -> list[Candidate]:
    hits = parcels.by_address(address, revision=question.revision, on=question.on, limit=question.limit)
    return parcel_candidates(hits, question, why="") if hits else []
