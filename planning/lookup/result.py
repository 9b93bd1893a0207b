"""What a look-up gives: candidates to choose from, each with its reason. Frozen; knows no address."""

from dataclasses import dataclass
from enum import StrEnum


class CandidateKind(StrEnum):
    """What was found; an administrative unit of any tier is a commune on the wire."""

    PARCEL = "parcel"
    COMMUNE = "commune"
    STREET = "street"
    PLAN = "plan"
    POINT = "point"


class UnderstoodAs(StrEnum):
    """How the text was taken."""

    PARCEL_CODE = "parcel_code"
    PARCEL_NUMBER = "parcel_number"
    OTHER_NUMBER = "other_number"
    COORDINATES = "coordinates"
    CORNERS = "corners"
    PLUS_CODE = "plus_code"
    DECISION = "decision"
    WORDS = "words"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One thing that may be meant. `id` is the public code; of a point, "lon,lat". `centre` is (lon, lat)."""

    kind: CandidateKind
    id: str
    label: str
    why: str
    centre: tuple[float, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupResult:
    """Candidates, best first, and what to add or to heed, in the reader's language.

    `is_missed` says that what was looked for is not held, whatever else is offered instead; `missed_in`
    is the id of the unit it was looked for in, where one was named.
    """

    query: str
    understood_as: UnderstoodAs
    candidates: tuple[Candidate, ...]
    hint: str | None
    is_missed: bool = False
    missed_in: str | None = None
