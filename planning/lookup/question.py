"""A text with the circumstances in which it is asked, and how what is found becomes candidates."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from planning.lookup import parcels, wording
from planning.lookup.parcels import Hit
from planning.lookup.result import Candidate, CandidateKind, UnderstoodAs
from planning.lookup.streets import StreetMatch
from planning.lookup.succession import Succession, centre_of, succession_of
from planning.lookup.units import Naming, UnitMatch, find_units, similar_units
from planning.models import AdminUnit, Plan

_MOST_WITH_HEIRS = 6
Place = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, on one line and as `written`; `near` is what is looked at, `accuracy_m` a phone's."""

    query: str
    written: str
    on: date
    limit: int
    near: Place | None
    accuracy_m: float | None
    revision: int

    def units(self, words: str, *, with_slips: bool = True) -> tuple[UnitMatch, ...]:
        """The units that these words may name."""
        if not words:
            return ()
        return find_units(words, on=self.on, limit=self.limit, near=self.near, with_slips=with_slips)

    def similar_units(self, *, unexplained: int | None) -> tuple[UnitMatch, ...]:
        """The units that the text may name with a slip."""
        return similar_units(
            self.query, unexplained=unexplained, on=self.on, limit=self.limit, near=self.near
        )

    def succession(self, units: Iterable[AdminUnit]) -> Succession:
        return succession_of(units, on=self.on)


@dataclass(frozen=True, slots=True)
class Found:
    """What one reading of the text gave; `is_missed` where the very thing asked for is not held."""

    understood_as: UnderstoodAs
    candidates: Sequence[Candidate]
    hint: str | None
    is_missed: bool = False
    missed_in: str | None = None


def parcel_candidates(
    hits: Sequence[Hit], question: Question, *, why: str | Callable[[Hit], str]
) -> list[Candidate]:
    """The parcels as candidates, ended ones followed by what became of them."""
    shown = parcels.with_successors(hits, revision=question.revision, on=question.on, limit=question.limit)
    nows = question.succession({hit.parcel.unit_id: hit.parcel.unit for hit in shown}.values())
    reason = why if callable(why) else lambda _hit: why
    return [_parcel(hit, nows, question.on, reason(hit)) for hit in shown]


def has_ended(hits: Sequence[Hit], on: date) -> bool:
    """Whether nothing that was asked for still exists."""
    return bool(hits) and all(on not in hit.parcel.valid and hit.parcel.valid.upper for hit in hits)


def _parcel(hit: Hit, nows: Succession, on: date, why: str) -> Candidate:
    parcel = hit.parcel
    reasons = [wording.by_alias(hit.alias) if hit.alias else why]
    if hit.formed_from:
        reasons = [wording.formed_from_parcel(hit.formed_from)]
    if on not in parcel.valid and parcel.valid.upper is not None:
        reasons.append(wording.no_longer(parcel.valid.upper))
    reasons.append(wording.told_apart(parcel.address, hit.area_m2))
    return Candidate(
        kind=CandidateKind.PARCEL,
        id=parcel.code,
        label=wording.parcel_label(parcel, nows.now(parcel.unit)),
        why=" ".join(reason for reason in reasons if reason),
        centre=hit.centre,
    )


def unit_candidates(matches: Sequence[UnitMatch], succession: Succession) -> list[Candidate]:
    """The units named, each followed by those that took over its land."""
    candidates = []
    for match in matches:
        now = succession.now(match.unit)
        candidates.append(_unit(match.unit, succession, why=_why_unit(match, now)))
        # among many of one name the reader first says which
        if len(matches) <= _MOST_WITH_HEIRS:
            candidates += [_unit(heir, succession, why=wording.formed_from(match.unit)) for heir in now]
    return candidates


def _why_unit(match: UnitMatch, now: Sequence[AdminUnit]) -> str:
    how = {
        Naming.WHOLE: wording.by_name,
        Naming.BEGINNING: wording.by_beginning_of_name,
        Naming.INITIALS: wording.by_initials,
        Naming.SIMILAR: wording.by_similar_name,
    }[match.naming]()
    if not now:
        return how
    former = wording.former_unit(match.unit.unit_list.valid_to, now)
    return former if match.is_whole else f"{how} {former}"


def _unit(unit: AdminUnit, succession: Succession, *, why: str) -> Candidate:
    return Candidate(
        kind=CandidateKind.COMMUNE,
        id=unit.id,
        label=wording.unit_label(unit),
        why=why,
        centre=centre_of(unit, succession),
    )


def street_candidate(street: StreetMatch) -> Candidate:
    names = [unit.name for unit in street.units]
    return Candidate(
        kind=CandidateKind.STREET,
        id=street.id,
        label=", ".join((street.name, wording.unit_label(street.superior))),
        why=wording.street_runs_through(names, is_similar=street.is_similar),
        centre=street.centre,
    )


def plan_candidate(plan: Plan, *, why: str) -> Candidate:
    return Candidate(kind=CandidateKind.PLAN, id=plan.id, label=plan.title, why=why, centre=None)
