"""Words, numbers and coordinates -> candidates to choose from. Asks rather than guesses.

The first step of the flow: what a person typed becomes parcels, places, units, streets and plans, each
with the reason why it may be meant. Pure readers come first (`coordinates`, `corners`, `plus_code`,
`parcel_number`, `addresses`, `words`, `spelling`, `accuracy`); `units`, `succession`, `streets`,
`parcels`, `ground`, `positions` and `plans` ask the database; `by_number`, `by_place` and `by_words` are
the readings of a text, `search` tries them in turn. It knows no HTTP. Nothing typed is kept: `demand`
counts what was not found by day, commune and kind alone.
"""

from planning.lookup.demand import count_missed
from planning.lookup.result import Candidate, CandidateKind, LookupResult, UnderstoodAs
from planning.lookup.search import LONGEST_LIST, look_up

__all__ = [
    "LONGEST_LIST",
    "Candidate",
    "CandidateKind",
    "LookupResult",
    "UnderstoodAs",
    "count_missed",
    "look_up",
]
