"""`GET lookup`: what somebody typed -> candidates, each with the address that says more about it."""

from django.http import HttpRequest
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from planning.api import declared
from planning.api.lists import Json, address, today
from planning.api.schemas import ref
from planning.lookup import look_up
from planning.lookup.result import Candidate, CandidateKind
from planning.ogcapi.base import PublicView
from planning.ogcapi.operations import Operation


class Lookup(PublicView):
    """Candidates for a text, best first; nothing is decided for the asker."""

    parameters = (declared.Q, declared.LOOKUP_LIMIT)
    operations = {
        "GET": Operation(
            id="lookup",
            summary=_("Find a parcel, a commune, a street, a plan or a point"),
            description=_(
                "By sheet and parcel number with a commune, by coordinates in WGS 84 or VN-2000, by name. "
                "What may mean several things gives several candidates, each with its reason."
            ),
            result=ref("Lookup"),
            example="lookup?q={sheet}/{number}",
        )
    }

    def get(self, request: Request) -> Response:
        found = look_up(self.given["q"], on=today(), limit=self.given["limit"])
        return Response(
            {
                "query": found.query,
                "understood_as": found.understood_as.value,
                "candidates": [candidate_json(request._request, candidate) for candidate in found.candidates],
                "hint": found.hint,
            }
        )


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
        case CandidateKind.COMMUNE:
            return f"{address(request, 'parcels')}?{urlencode({'commune': candidate.id})}"
        case CandidateKind.POINT if candidate.centre:
            lon, lat = candidate.centre
            return f"{address(request, 'planning')}?{urlencode({'lon': str(lon), 'lat': str(lat)})}"
        case _:
            return None
