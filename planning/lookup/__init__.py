"""Words, numbers and coordinates -> candidates to choose from. Asks rather than guesses.

The first step of the flow: what a person typed becomes parcels, places, units and plans, each with the
reason why it may be meant. Pure readers (`coordinates`, `parcel_number`, `words`) come first; `units`
and `parcels` ask the database; `search` puts it together. It knows no HTTP, and nothing typed is kept.
"""

from planning.lookup.result import Candidate, CandidateKind, LookupResult, UnderstoodAs
from planning.lookup.search import look_up

__all__ = ["Candidate", "CandidateKind", "LookupResult", "UnderstoodAs", "look_up"]
