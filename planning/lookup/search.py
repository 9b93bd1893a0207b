"""`look_up`: one field for everything, its readings tried from the surest to the vaguest."""

from collections.abc import Callable, Iterable
from datetime import date

from planning.lookup import wording
from planning.lookup.accuracy import read_accuracy
from planning.lookup.by_number import as_other_number, as_parcel_code, as_parcel_number, as_unit_code
from planning.lookup.by_place import as_coordinates, as_corners, as_plus_code
from planning.lookup.by_words import as_decision, as_words
from planning.lookup.question import Found, Question
from planning.lookup.result import Candidate, CandidateKind, LookupResult, UnderstoodAs
from planning.models import Publication

LONGEST = 300
# a list of corners is longer than anything else people look for
LONGEST_LIST = 4_000
# letters and figures as wide as Chinese ones, which some keyboards type
_WIDE = {code + 0xFEE0: code for code in range(0x21, 0x7F)} | {0x3000: 0x20}
Place = tuple[float, float]
Reading = Callable[[Question], Found | None]

# A reading that the form of the text excludes gives None, and the next is tried.
_READINGS: tuple[Reading, ...] = (
    as_parcel_code,
    as_decision,
    as_corners,
    as_plus_code,
    as_coordinates,
    as_unit_code,
    as_parcel_number,
    as_other_number,
    as_words,
)


def look_up(
    text: str,
    *,
    on: date,
    limit: int = 20,
    near: Place | None = None,
    accuracy_m: float | None = None,
) -> LookupResult:
    """What the text may mean on the day, best first; at most `limit` candidates.

    `near` is (lon, lat) of what the person looks at: of equal candidates the nearer comes first.
    `accuracy_m` is how far a position from a phone may be off: then no parcel is picked, all in reach are
    shown. Nothing is raised for what cannot be understood: the hint says what to add.
    """
    written = _printable(text)
    query = " ".join(written.split())
    if not query:
        return _nothing("", wording.nothing_given())
    if len(written) > LONGEST_LIST:
        return _nothing(query[:LONGEST], wording.too_long())
    stated, query = read_accuracy(query) if len(query) <= LONGEST else (None, query)
    question = Question(
        query=query,
        written=written,
        on=on,
        limit=limit,
        near=near,
        accuracy_m=accuracy_m if accuracy_m is not None else stated,
        revision=Publication.objects.latest_revision(),
    )
    found = _read(question)
    if found is None:
        return _nothing(query[:LONGEST], wording.too_long())
    return LookupResult(
        query=" ".join(written.split()),
        understood_as=found.understood_as,
        candidates=_distinct(found.candidates)[:limit],
        hint=found.hint,
        is_missed=found.is_missed,
        missed_in=found.missed_in,
    )


def _read(question: Question) -> Found | None:
    """The first reading that fits; of a long text only a list of corners can be one."""
    readings = _READINGS if len(question.query) <= LONGEST else (as_corners,)
    return next((found for read in readings if (found := read(question)) is not None), None)


def _nothing(query: str, hint: str) -> LookupResult:
    return LookupResult(query=query, understood_as=UnderstoodAs.NOTHING, candidates=(), hint=hint)


def _printable(text: str) -> str:
    """Line by line, without control characters and lone surrogates, which no database takes."""
    lines = (
        "".join(letter for letter in line if letter.isprintable() or letter.isspace())
        for line in text.translate(_WIDE).splitlines()
    )
    return "\n".join(" ".join(line.split()) for line in lines).strip()


def _distinct(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    first: dict[tuple[CandidateKind, str], Candidate] = {}
    for candidate in candidates:
        first.setdefault((candidate.kind, candidate.id), candidate)
    return tuple(first.values())
