"""`GET lookup`: what somebody typed -> candidates, each with the address that says more about it.

What was not found is counted by day, commune and kind; the text goes nowhere.
"""

import re
from dataclasses import replace

from django.http import HttpRequest
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from planning.api import declared
from planning.api.lists import Json, address, today
from planning.api.schemas import ref
from planning.errors import BadParameter, Reason
from planning.lookup import count_missed, look_up
from planning.lookup.result import Candidate, CandidateKind
from planning.ogcapi import parameters
from planning.ogcapi.base import PublicView
from planning.ogcapi.operations import Operation
from planning.ogcapi.parameters import Parameter

_ROBOT = re.compile(r"bot\b|crawl|spider|slurp|preview|monitor", re.IGNORECASE)
# the longest list of corner points that fits into an address
LONGEST_LIST = 2_000


def _question(name: str, value: str) -> str:
    """A question on one line, or a list of corner points with its rows."""
    is_list = ";" in value or "\n" in value
    return str(parameters.text(LONGEST_LIST if is_list else declared.LONGEST_QUESTION)(name, value))


QUESTION = replace(
    declared.Q, read=_question, required=False, schema={"type": "string", "maxLength": LONGEST_LIST}
)
LAT = replace(declared.LAT, read=parameters.number(-90, 90))
ACCURACY = Parameter(
    name="accuracy_m",
    read=parameters.number(0, 10_000),
    description=_(
        "How far the position may be off, metres, as a phone says: all parcels in reach are given."
    ),
    examples=("8",),
    schema={**declared.NUMBER, "minimum": 0, "maximum": 10_000},
)


class Lookup(PublicView):
    """Candidates for a text, best first; nothing is decided for the asker."""

    parameters = (QUESTION, declared.LON, LAT, ACCURACY, declared.LOOKUP_LIMIT)
    operations = {
        "GET": Operation(
            id="lookup",
            summary=_("Find a parcel, a commune, a street, a plan or a point"),
            description=_(
                "By sheet and parcel number with a commune of today or before, by address, by coordinates in "
                "degrees or in metres of a national grid, a list of corner points or a plus code, by the "
                "name of a unit, a street or a plan, by the number of a decision; slips of the pen are "
                "forgiven. Or by “lon” and “lat”, with “accuracy_m” where a phone gave them. "
                "What may mean several things gives several candidates, each with its reason."
            ),
            result=ref("Lookup"),
            example="lookup?q={sheet}/{number}",
        )
    }

    def get(self, request: Request) -> Response:
        found = look_up(
            self._text(), on=today(), limit=self.given["limit"], accuracy_m=self.given["accuracy_m"]
        )
        if is_meant(request._request):
            count_missed(found, day=today())
        return Response(
            {
                "query": found.query,
                "understood_as": found.understood_as.value,
                "candidates": [candidate_json(request._request, candidate) for candidate in found.candidates],
                "hint": found.hint,
            }
        )

    def _text(self) -> str:
        """The question, or the position as one."""
        q, lon, lat = (self.given[name] for name in ("q", "lon", "lat"))
        position = next((name for name in ("lon", "lat") if self.given[name] is not None), None)
        if q is None and position is None:
            raise BadParameter("q", "", Reason.REQUIRED)
        if q is not None and position is not None:
            raise BadParameter("q", q, Reason.CONTRADICTS, other=position)
        if q is not None:
            return str(q)
        for name, value in (("lon", lon), ("lat", lat)):
            if value is None:
                raise BadParameter(name, "", Reason.REQUIRED)
        return f"lat {lat:.8f} lon {lon:.8f}"


def is_meant(request: HttpRequest) -> bool:
    """Whether somebody looks for something: no HEAD, no page fetched in case, no program that reads all."""
    headers = request.headers
    in_case = " ".join(headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"))
    if request.method != "GET" or re.search("prefetch|prerender|preview", in_case, re.IGNORECASE):
        return False
    return not _ROBOT.search(headers.get("User-Agent", ""))


def candidate_json(request: HttpRequest, candidate: Candidate) -> Json:
    """A candidate as DESIGN has it on the wire."""
    return {
        "kind": candidate.kind.value,
        "id": candidate.id,
        "label": candidate.label,
        "why": candidate.why,
        "centre": list(candidate.centre) if candidate.centre else None,
        "url": _url(request, candidate),
    }


def _url(request: HttpRequest, candidate: Candidate) -> str | None:
    match candidate.kind:
        case CandidateKind.PARCEL:
            return address(request, "parcel-planning", candidate.id)
        case CandidateKind.PLAN:
            return address(request, "plan", candidate.id)
        case CandidateKind.STREET:
            return f"{address(request, 'lookup')}?{urlencode({'q': candidate.label})}"
        case CandidateKind.COMMUNE:
            return f"{address(request, 'parcels')}?{urlencode({'commune': candidate.id})}"
        case CandidateKind.POINT if candidate.centre:
            lon, lat = candidate.centre
            return f"{address(request, 'planning')}?{urlencode({'lon': str(lon), 'lat': str(lat)})}"
        case _:
            return None
