"""Pages for what went wrong: what happened, in plain words, and ways on. Nothing here asks the database.

Below `/api/` and `/ogc/` machines read the answer: there the same errors are problem+json.
"""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from planning.errors import BadParameter, NotFound, Reason
from planning.ogcapi.problems import framework_problem, wants_problem
from portal import dates


def not_found_page(request: HttpRequest, error: NotFound | None = None) -> HttpResponse:
    """404: what was looked for, and that not finding it says nothing about planning."""
    kinds = {
        "parcel": _("We hold no parcel with this code."),
        "plan": _("There is no public plan at this address."),
        "zone": _("There is no public zone at this address."),
    }
    said = kinds.get(error.kind if error else "", _("There is no page at this address."))
    return _page(
        request,
        HTTPStatus.NOT_FOUND,
        heading=_("Not found"),
        said=said,
        typed=error.code if error else "",
        remark=_(
            "That does not mean that nothing is planned there: the number may have changed, or our data "
            "may lack it."
        )
        if error and error.kind == "parcel"
        else "",
    )


def bad_parameter_page(request: HttpRequest, error: BadParameter) -> HttpResponse:
    """400: which value cannot be read, and how to write it; a date can be mended right there."""
    said = sentence_of(error)
    shown: dict[str, object] = {"heading": _("We could not read that"), "typed": error.value, "remark": ""}
    if error.name in ("as_at", "known_at"):
        form = dates.refused(request, error, said, has_day=not request.path.endswith("/history"))
        shown |= {"dates": form, "typed": ""}
    return _page(request, HTTPStatus.BAD_REQUEST, said=said, same_page=request.path, **shown)


def unavailable_page(request: HttpRequest) -> HttpResponse:
    """503: the question could not be answered now; that is neither a yes nor a no."""
    response = _page(
        request,
        HTTPStatus.SERVICE_UNAVAILABLE,
        heading=_("No answer just now"),
        said=_("The system could not answer this question just now. Please try again in a minute."),
        typed="",
        remark=_("This says nothing about whether something is planned there."),
        same_page=request.get_full_path(),
    )
    response["Retry-After"] = "60"
    return response


def sentence_of(error: BadParameter) -> str:
    """What is wrong with a value and how to write it instead."""
    if error.name == "q" and error.reason is Reason.TOO_LONG:
        return _("Your search is too long: use at most %(limit)s characters.") % error.facts
    if error.name == "q":
        return _("Your search contains characters that cannot be read. Type it again by hand.")
    if error.name == "as_at" and error.reason is Reason.OUT_OF_RANGE:
        return _("We hold nothing about such early years. Write a later date, for example 21/11/2026.")
    if error.name == "as_at":
        return _("This is not a date. Write day/month/year, for example 21/11/2026.")
    if error.name == "known_at":
        return _of_known_at(error)
    return _of_place(error)


def _of_known_at(error: BadParameter) -> str:
    if error.reason is Reason.IN_THE_FUTURE:
        return _("This moment lies in the future. We can only tell what we know by now.")
    if error.reason is Reason.OUT_OF_RANGE:
        return _("So long ago nothing was known here. Write a later day, for example 21/11/2026.")
    return _("This is not a moment in time. Write a day like 21/11/2026, or day and time: 21/11/2026 08:00.")


def _of_place(error: BadParameter) -> str:
    if error.reason is Reason.SWAPPED_AXES:
        return _("The two numbers seem to be swapped: the longitude comes first, then the latitude.")
    if error.reason in (Reason.OUT_OF_RANGE, Reason.OUTSIDE_CRS):
        return _("These numbers lie outside the earth: longitude is -180 to 180, latitude -90 to 90.")
    if error.name in ("place", "lon", "lat"):
        return _("Write longitude and latitude as numbers with a comma between, like 105.85,21.03.")
    return _("One of the values in the address cannot be read.")


def _page(request: HttpRequest, status: HTTPStatus, **shown: object) -> HttpResponse:
    return render(request, "portal/fault.html", shown, status=status)


def handler400(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _handled(
        request,
        HTTPStatus.BAD_REQUEST,
        _("We could not read that"),
        _("Your browser sent a request that cannot be read."),
    )


def handler403(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _handled(
        request,
        HTTPStatus.FORBIDDEN,
        _("Not allowed"),
        _("This page is only for members of the office that publishes these plans."),
    )


def handler404(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _handled(request, HTTPStatus.NOT_FOUND, _("Not found"), _("There is no page at this address."))


def handler500(request: HttpRequest) -> HttpResponse:
    return _handled(
        request,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        _("Something went wrong"),
        _("The fault is ours and has been recorded. Nothing that you typed is wrong."),
    )


def _handled(request: HttpRequest, status: HTTPStatus, heading: str, said: str) -> HttpResponse:
    if wants_problem(request):
        return framework_problem(request, status)
    return _page(request, status, heading=heading, said=said, typed="", remark="")
