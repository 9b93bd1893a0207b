"""What is planned for a parcel, a point or a posted site, and what was: as it leaves `planning.answer`."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.http import HttpResponse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from planning.answer import answer_parcel, answer_point, answer_site, history_of_parcel, render_history
from planning.answer.model import Answer
from planning.answer.render import to_json
from planning.api import declared
from planning.api.lists import today
from planning.api.places import LARGEST_SITE_KM2, MOST_VERTICES, point_from, site_from
from planning.errors import Unavailable
from planning.ogcapi.base import PublicView
from planning.ogcapi.operations import Operation
from planning.ogcapi.parameters import refuse_bad_characters

_SITES = threading.BoundedSemaphore(1)
_HISTORIES = threading.BoundedSemaphore(1)
_LONGEST_WAIT_S = 5.0
_WHEN = (declared.AS_AT, declared.KNOWN_AT, declared.THEMES)
_RESULT = {"$ref": "/api/v1/schemas/planning.json"}
_POSITION: dict[str, Any] = {"type": "array", "items": {"type": "number"}, "minItems": 2}
_RINGS = {"type": "array", "items": {"type": "array", "items": _POSITION, "minItems": 4}}
_SITE: dict[str, Any] = {
    "type": "object",
    "required": ["type", "coordinates"],
    "properties": {
        "type": {"type": "string", "enum": ["Polygon", "MultiPolygon"]},
        "coordinates": {"anyOf": [_RINGS, {"type": "array", "items": _RINGS}]},
    },
}
_SITE_AS_FEATURE = {
    "type": "object",
    "required": ["type", "geometry"],
    "properties": {"type": {"type": "string", "enum": ["Feature"]}, "geometry": _SITE},
}
_SITE_EXAMPLE = {
    "type": "Polygon",
    "coordinates": [
        [
            [105.8513, 21.0313],
            [105.8515, 21.0313],
            [105.8515, 21.0315],
            [105.8513, 21.0315],
            [105.8513, 21.0313],
        ]
    ],
}


class ParcelPlanning(PublicView):
    """What is planned for a stored parcel."""

    parameters = _WHEN
    operations = {
        "GET": Operation(
            id="get_parcel_planning",
            summary=_("What is planned for a parcel"),
            description=_(
                "Every theme says whether it concerns the parcel, with areas, shares and their bands, the "
                "plan, the decision and the source. “unknown” is never “nothing planned”."
            ),
            result=_RESULT,
            example="parcels/{parcel_id}/planning",
            path_examples={"parcel_id": "2004-00070-12-34"},
        )
    }

    def get(self, request: Request, parcel_id: str) -> HttpResponse:
        refuse_bad_characters("parcel_id", parcel_id)
        return _json(request, answer_parcel(parcel_id, **_when(self.given)))


class ParcelHistory(PublicView):
    """What applied to a stored parcel over time, and how that came to be known."""

    parameters = (declared.KNOWN_AT,)
    operations = {
        "GET": Operation(
            id="get_parcel_history",
            summary=_("What applied to a parcel over time"),
            description=_(
                "Periods of legal time, each with what the answer of its days says, the dated facts behind "
                "them and the publications that changed something about the parcel."
            ),
            result={"$ref": "/api/v1/schemas/history.json"},
            example="parcels/{parcel_id}/history",
            path_examples={"parcel_id": "2004-00070-12-34"},
        )
    }

    def get(self, request: Request, parcel_id: str) -> HttpResponse:
        refuse_bad_characters("parcel_id", parcel_id)
        with _one_at_a_time(_HISTORIES, "histories"):
            history = history_of_parcel(parcel_id, known_at=self.given["known_at"])
        content = render_history.to_json(history, site=_site(request))
        return HttpResponse(content, content_type="application/json")


class PlacePlanning(PublicView):
    """What is planned at a point, or for a site somebody drew."""

    parameters = _WHEN
    operations = {
        "GET": Operation(
            id="get_point_planning",
            summary=_("What is planned at a point"),
            description=_(
                "The point by lon and lat, or by easting, northing and crs. Swapped axes are noticed."
            ),
            result=_RESULT,
            example="planning?lon={lon}&lat={lat}",
        ),
        "POST": Operation(
            id="post_site_planning",
            summary=_("What is planned for a drawn site"),
            description=_(
                "Post a GeoJSON Polygon or MultiPolygon, or a Feature with one. It is measured and forgotten."
            ),
            result=_RESULT,
            body={
                "description": format_lazy(
                    _("Polygon, MultiPolygon or Feature with one; at most {most} vertices and {area} km²."),
                    most=MOST_VERTICES,
                    area=LARGEST_SITE_KM2,
                ),
                "oneOf": [_SITE, _SITE_AS_FEATURE],
            },
            body_example=_SITE_EXAMPLE,
        ),
    }
    _POINT = (declared.LON, declared.LAT, declared.EASTING, declared.NORTHING, declared.CRS)

    @classmethod
    def parameters_of(cls, method: str) -> Any:
        return (*cls._POINT, *_WHEN) if method in ("GET", "HEAD") else _WHEN

    def get(self, request: Request) -> HttpResponse:
        lon, lat = point_from(self.given)
        return _json(request, answer_point(lon, lat, **_when(self.given)))

    def post(self, request: Request) -> HttpResponse:
        when = _when(self.given)
        site = site_from(request._request)
        with _one_at_a_time(_SITES, "sites"):
            return _json(request, answer_site(site, **when))


@contextmanager
def _one_at_a_time(gate: threading.Semaphore, name: str) -> Iterator[None]:
    """Sites cost a hundred times what a parcel costs: they wait for each other, never parcels for them.

    So do histories. Raises Unavailable where the queue of this process does not move.
    """
    if not gate.acquire(timeout=_LONGEST_WAIT_S):
        raise Unavailable(cause=name)
    try:
        yield
    finally:
        gate.release()


def _json(request: Request, answer: Answer) -> HttpResponse:
    return HttpResponse(to_json(answer, site=_site(request)), content_type="application/json")


def _site(request: Request) -> str:
    """Scheme and host under which we were asked."""
    return request._request.build_absolute_uri("/").rstrip("/")


def _when(given: Mapping[str, Any]) -> dict[str, Any]:
    """The dates and themes of the question."""
    return {
        "as_at": given["as_at"] or today(),
        "known_at": given["known_at"],
        "themes": given["themes"],
    }
