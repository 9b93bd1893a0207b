"""Domain errors -> `application/problem+json` (RFC 9457): the one table of status codes and sentences.

An error carries facts; here it gets its HTTP status (along the class's MRO) and its sentence in the
reader's language. The framework's own errors below `/api/` and `/ogc/` take the same shape. No problem
repeats the question asked but for the one parameter that is at fault.
"""

import math
from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import Any

import orjson
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.encoding import escape_uri_path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from rest_framework.views import set_rollback

from planning.errors import (
    BadParameter,
    CannotMeasure,
    Forbidden,
    Gone,
    NotFound,
    PlanningError,
    Reason,
    Refused,
    Unavailable,
    UnreadableFile,
)
from planning.ogcapi.language import language_of

CONTENT_TYPE = "application/problem+json"
# Where the kinds of problem are explained; the fragment is the kind.
TYPES = "/api/v1/docs#problem-"
ROOTS = ("/api/", "/ogc/")
RETRY_AFTER_SECONDS = 10
# A caller who is still sending reads no answer: so much is taken from the line and thrown away first.
MOST_DRAINED = 32 * 1024 * 1024
_CHUNK = 64 * 1024

STATUS: Mapping[type[PlanningError], int] = {
    NotFound: 404,
    Gone: 410,
    BadParameter: 400,
    Forbidden: 403,
    Refused: 409,
    Unavailable: 503,
    CannotMeasure: 422,
    UnreadableFile: 422,
    PlanningError: 422,
}
# A few reasons say more than their class does.
STATUS_OF_REASON: Mapping[Reason, int] = {Reason.BODY_TOO_LARGE: 413, Reason.FILE_TOO_LARGE: 413}

# The fragments of `type` where no reason says more; ours, because Python renames its own.
KINDS: Mapping[int, str] = {
    400: "bad-request",
    401: "unauthenticated",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    409: "refused",
    410: "gone",
    413: "body-too-large",
    415: "unsupported-media-type",
    422: "unprocessable",
    429: "too-many-requests",
    500: "service-failed",
    503: "service-unavailable",
}

TITLES: Mapping[int, Promise] = {
    400: gettext_lazy("The request cannot be understood"),
    401: gettext_lazy("Sign in first"),
    403: gettext_lazy("Not allowed"),
    404: gettext_lazy("Not found"),
    405: gettext_lazy("Method not allowed"),
    406: gettext_lazy("No such representation"),
    409: gettext_lazy("A rule forbids this"),
    410: gettext_lazy("No longer here"),
    413: gettext_lazy("The body is too large"),
    415: gettext_lazy("Media type not supported"),
    422: gettext_lazy("This cannot be processed"),
    429: gettext_lazy("Too many requests"),
    500: gettext_lazy("The service failed"),
    503: gettext_lazy("Not available at the moment"),
}

SENTENCES: Mapping[Reason, Promise] = {
    Reason.REQUIRED: gettext_lazy("“%(name)s” is missing."),
    Reason.UNKNOWN_PARAMETER: gettext_lazy("There is no parameter “%(name)s” here. Known are: %(choices)s."),
    Reason.REPEATED: gettext_lazy("“%(name)s” is given more than once; give it once."),
    Reason.NOT_A_NUMBER: gettext_lazy("“%(name)s” must be a number such as 105.85; “%(value)s” is none."),
    Reason.NOT_AN_INTEGER: gettext_lazy("“%(name)s” must be a whole number; “%(value)s” is none."),
    Reason.NOT_A_DATE: gettext_lazy("“%(name)s” must be a date such as 2026-11-21; “%(value)s” is none."),
    Reason.NOT_A_DATETIME: gettext_lazy(
        "“%(name)s” must be a date such as 2026-11-21 or a time with its zone such as "
        "2026-11-21T09:30:00+07:00; “%(value)s” is neither."
    ),
    Reason.NOT_A_CHOICE: gettext_lazy("“%(value)s” is not a value of “%(name)s”. Possible are: %(choices)s."),
    Reason.UNKNOWN_CODE: gettext_lazy("“%(value)s” (“%(name)s”) is not known here."),
    Reason.OUT_OF_RANGE: gettext_lazy(
        "“%(name)s” must lie between %(low)s and %(high)s; “%(value)s” does not."
    ),
    Reason.TOO_LONG: gettext_lazy("“%(name)s” is too long: at most %(limit)s characters."),
    Reason.BAD_CHARACTERS: gettext_lazy(
        "“%(name)s” contains characters that are not text (a NUL, a control character, broken UTF-8)."
    ),
    Reason.IN_THE_FUTURE: gettext_lazy(
        "“%(name)s” lies in the future; nobody knows yet what we shall know then."
    ),
    Reason.CONTRADICTS: gettext_lazy("“%(name)s” and “%(other)s” contradict each other; give one of them."),
    Reason.UNKNOWN_CRS: gettext_lazy(
        "“%(value)s” is no coordinate reference system known here. Write it like EPSG:4326."
    ),
    Reason.DEPRECATED_CRS: gettext_lazy(
        "“%(value)s” is deprecated: its false easting and northing were exchanged. Use %(replacement)s."
    ),
    Reason.NOT_PROJECTED_CRS: gettext_lazy(
        "“%(value)s” counts in degrees. For easting and northing give a projected system such as "
        "EPSG:3857, for degrees use lon and lat."
    ),
    Reason.OUTSIDE_CRS: gettext_lazy(
        "The coordinates %(value)s lie outside the area where %(crs)s is used. "
        "Check the system and the digits."
    ),
    Reason.SWAPPED_AXES: gettext_lazy(
        "The coordinates %(value)s seem to be swapped: they make sense only in the other order."
    ),
    Reason.NOT_JSON: gettext_lazy("The body is not JSON."),
    Reason.NOT_GEOJSON: gettext_lazy("“%(name)s” is not GeoJSON as RFC 7946 has it."),
    Reason.NOT_A_POLYGON: gettext_lazy(
        "“%(name)s” must be a Polygon, a MultiPolygon or a Feature with one of them; “%(value)s” is none."
    ),
    Reason.RING_NOT_CLOSED: gettext_lazy(
        "Every ring in “%(name)s” must be closed: at least four positions, the last one equal to the first."
    ),
    Reason.EMPTY_GEOMETRY: gettext_lazy("“%(name)s” is empty: it has no area."),
    Reason.INVALID_GEOMETRY: gettext_lazy(
        "The polygon is not valid (it crosses or touches itself, or a hole lies outside) near %(place)s."
    ),
    Reason.TOO_MANY_VERTICES: gettext_lazy("The geometry has too many vertices: at most %(limit)s."),
    Reason.TOO_LARGE_AREA: gettext_lazy("The area is too large: at most %(limit)s square kilometres."),
    Reason.TOO_SPREAD_OUT: gettext_lazy(
        "The site is too spread out: the rectangle around it may have at most %(limit)s square kilometres."
    ),
    Reason.BODY_TOO_LARGE: gettext_lazy("The body is too large: at most %(limit)s bytes."),
    Reason.BAD_CURSOR: gettext_lazy(
        "“%(name)s” is not one that this service gave out. Follow the address in “next” as it is."
    ),
    Reason.NOT_A_BOX: gettext_lazy(
        "“%(name)s” must be four numbers (west,south,east,north in the order of the axes of its coordinate "
        "system), or six with heights; “%(value)s” is not."
    ),
    Reason.NOT_AN_INTERVAL: gettext_lazy(
        "“%(name)s” must be a date, a time with its zone, or an interval such as 2026-01-01/2026-12-31, "
        "2026-01-01/.. or 2026-01-01/P30D, its beginning first; “%(value)s” is not."
    ),
    Reason.NOT_OFFERED_CRS: gettext_lazy(
        "“%(value)s” is not a coordinate reference system of this collection. Possible are: %(choices)s."
    ),
    Reason.FILTER_SYNTAX: gettext_lazy("The filter cannot be read as CQL2: %(detail)s"),
    Reason.FILTER_TOO_DEEP: gettext_lazy("The filter is nested too deeply: at most %(limit)s levels."),
    Reason.FILTER_TOO_LARGE: gettext_lazy("The filter is too large: at most %(limit)s %(what)s."),
    Reason.UNKNOWN_PROPERTY: gettext_lazy("There is no property “%(value)s” here. Known are: %(choices)s."),
    Reason.UNKNOWN_FUNCTION: gettext_lazy("There is no function “%(value)s” here. Known are: %(choices)s."),
    Reason.WRONG_TYPE: gettext_lazy("In the filter, %(detail)s"),
    Reason.FOLLOW_NEXT: gettext_lazy(
        "“%(name)s” goes up to %(limit)s. To read on, follow the address in the link “next” of each page."
    ),
    Reason.TOO_EXPENSIVE: gettext_lazy(
        "The question would take too long. Ask for a smaller area, or filter by fewer or simpler conditions."
    ),
    Reason.NO_SUCH_VERSION: gettext_lazy(
        "The version “%(value)s” is not here. Begin anew at the first page: %(restart)s"
    ),
    Reason.FILE_MISSING: gettext_lazy("The file “%(value)s” of “%(name)s” is not there."),
    Reason.FILE_TOO_LARGE: gettext_lazy("The file “%(value)s” is too large: at most %(limit)s MiB."),
    Reason.FILE_NOT_ACCEPTED: gettext_lazy(
        "The file “%(value)s” is empty or of a kind that is not accepted. Accepted are: %(choices)s."
    ),
    Reason.FILE_NOT_READABLE: gettext_lazy(
        "The file “%(value)s” begins like a PDF but cannot be opened. Save it anew and check it."
    ),
    Reason.NOT_A_MEMBER: gettext_lazy("Only a member of the office that owns this may do it."),
    Reason.SAME_PERSON: gettext_lazy("A second member must approve this; nobody approves the own work."),
    Reason.WRONG_STATE: gettext_lazy("This is not possible in its present state."),
    Reason.WITHOUT_DECISION: gettext_lazy("This needs a decision with number and date."),
    Reason.WITHOUT_FINDINGS_SOLVED: gettext_lazy("There are findings that block this; solve them first."),
    Reason.ALREADY_RECORDED: gettext_lazy("This is recorded already; correct what is recorded instead."),
    Reason.ALREADY_CORRECTED: gettext_lazy("This is corrected already; correct its newest correction."),
    Reason.ALREADY_WITHDRAWN: gettext_lazy("This declaration is withdrawn already."),
    Reason.NEVER_IN_FORCE: gettext_lazy("What was never in force cannot come in force again."),
    Reason.WITHOUT_EFFECT: gettext_lazy("This would change nothing in the law."),
    Reason.ENDS_BEFORE_IT_BEGINS: gettext_lazy("It ends before it begins; its last day must come later."),
    Reason.OUTSIDE_EDITION: gettext_lazy("The extent shares no land with the edition."),
    Reason.SHOWS_ITS_SHAPE: gettext_lazy(
        "What is withheld is declared by whole units or whole cells of 1 km."
    ),
    Reason.CHANGED_SINCE: gettext_lazy("Something was published meanwhile; look again."),
}

NOT_FOUND: Mapping[str, Promise] = {
    "parcel": gettext_lazy("There is no parcel “%(code)s” here."),
    "plan": gettext_lazy("There is no public plan “%(code)s” here."),
}
NOTHING_FOUND = gettext_lazy("There is nothing with the code “%(code)s” here.")

FRAMEWORK: Mapping[int, Promise] = {
    400: gettext_lazy("The request is malformed or has too many fields."),
    401: gettext_lazy("This needs a valid token."),
    403: gettext_lazy("You may not do this."),
    404: gettext_lazy("There is nothing at this address."),
    410: gettext_lazy("What was at this address is here no longer."),
    405: gettext_lazy("This address does not take the method %(method)s."),
    406: gettext_lazy("This address has no representation of the kind asked for."),
    413: gettext_lazy("The body is too large."),
    415: gettext_lazy("This address takes GeoJSON (application/geo+json or application/json)."),
    429: gettext_lazy("Too many requests from your address. Try again a little later."),
    500: gettext_lazy("This is our fault, not yours; it has been recorded. No answer was given."),
    503: gettext_lazy(
        "The question could not be answered now. This says nothing about the land. Try again soon."
    ),
}

# Facts a program can use, handed on beside the sentence.
_MEMBERS = ("place", "replacement", "limit", "low", "high", "choices", "restart")


class _Facts(dict[str, Any]):
    """What a sentence is filled with; a fact that nobody gave leaves an ellipsis, never a crash."""

    def __missing__(self, key: str) -> str:
        return "…"


def problem_response(request: HttpRequest, error: Exception) -> HttpResponse:
    """The error as problem+json in the language of the request; the only way an error leaves an API."""
    with translation.override(language_of(request)):
        match error:
            case PlanningError():
                return _of_domain(request, error)
            case exceptions.APIException():
                return _of_rest_framework(request, error)
            case _:
                return framework_problem(request, _status_of(error))


def framework_problem(request: HttpRequest, status: int) -> HttpResponse:
    """A problem that the framework found: unrouted path, malformed request, crash, lost database."""
    with translation.override(language_of(request)):
        facts = _Facts(method=request.method)
        response = _problem(request, status, KINDS[status], str(FRAMEWORK[status]) % facts)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def wants_problem(request: HttpRequest) -> bool:
    """Whether errors at this path are problems rather than pages."""
    return request.path.startswith(ROOTS)


def handle(error: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """DRF's exception handler; None, which re-raises, for what only a bug can cause."""
    if not isinstance(error, _HANDLED):
        return None
    set_rollback()
    return problem_response(context["request"]._request, error)


_HANDLED = (
    PlanningError,
    exceptions.APIException,
    Http404,
    PermissionDenied,
    BadRequest,
    SuspiciousOperation,
    OperationalError,
    InterfaceError,
)


def status_of(error: PlanningError) -> int:
    """The HTTP status of a domain error: by its reason, else by its class, the nearest first."""
    if error.reason is not None and error.reason in STATUS_OF_REASON:
        return STATUS_OF_REASON[error.reason]
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def kind_of(reason: Reason) -> str:
    """The fragment of `type` for a reason."""
    return reason.value.replace("_", "-")


def sentence(error: PlanningError) -> str:
    """What the error says to a person, in the active language."""
    facts = _Facts({name: _shown(value) for name, value in error.facts.items()})
    if isinstance(error, NotFound):
        return str(NOT_FOUND.get(error.kind, NOTHING_FOUND)) % facts
    if error.reason is not None:
        return str(SENTENCES[error.reason]) % facts
    if isinstance(error, CannotMeasure):
        return _("This geometry cannot be measured.")
    if isinstance(error, UnreadableFile):
        return _("The file cannot be read (rule %(code)s).") % facts
    return str(FRAMEWORK[503] if isinstance(error, Unavailable) else TITLES[422])


def _of_domain(request: HttpRequest, error: PlanningError) -> HttpResponse:
    status = status_of(error)
    members = {name: _plain(error.facts[name]) for name in _MEMBERS if error.facts.get(name) is not None}
    if isinstance(error, BadParameter):
        members["parameter"] = error.name
    kind = kind_of(error.reason) if error.reason else KINDS[status]
    response = _problem(request, status, kind, sentence(error), members)
    if isinstance(error, Unavailable):
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _of_rest_framework(request: HttpRequest, error: exceptions.APIException) -> HttpResponse:
    response = framework_problem(request, error.status_code if error.status_code in FRAMEWORK else 400)
    if (wait := getattr(error, "wait", None)) is not None:
        response["Retry-After"] = str(math.ceil(wait))
    if authenticate := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = authenticate
    return response


def _status_of(error: Exception) -> int:
    match error:
        case Http404():
            return 404
        case PermissionDenied():
            return 403
        case BadRequest() | SuspiciousOperation():
            return 400
        case OperationalError() | InterfaceError():
            return 503
        case _:
            return 500


def _problem(
    request: HttpRequest, status: int, kind: str, detail: str, members: Mapping[str, Any] | None = None
) -> HttpResponse:
    _drain(request)
    body = {
        "type": TYPES + kind,
        "title": str(TITLES[status]),
        "status": status,
        "detail": detail,
        # A path may hold lone surrogates that no address can carry.
        "instance": escape_uri_path(request.path.encode("utf-8", "replace").decode("utf-8")),
        **(members or {}),
    }
    response = HttpResponse(orjson.dumps(body), status=status, content_type=CONTENT_TYPE)
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "no-store"
    response["Content-Language"] = translation.get_language() or ""
    return response


def _drain(request: HttpRequest) -> None:
    """Read what is left of the body, up to a bound, so that no connection breaks before the answer."""
    with suppress(OSError):  # the caller has gone
        for _chunk in range(MOST_DRAINED // _CHUNK):
            if not request.read(_CHUNK):
                return


def _shown(value: object) -> object:
    """A fact as a person reads it."""
    if isinstance(value, tuple | list):
        return ", ".join(str(part) for part in value)
    return value


def _plain(value: object) -> object:
    """A fact as JSON carries it."""
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    return value if isinstance(value, int | float | bool) else str(value)
