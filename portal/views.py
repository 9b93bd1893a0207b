"""The citizens' pages: request in, one domain question, a page out; every page works without a script.

A view reads its parameters once at the edge (`portal.asking`), asks, and prints. What cannot be
answered becomes a page that says so: 400 and 404 with ways on, 503 for a failed question, never an
empty result.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from urllib.parse import urlencode

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from planning.answer import answer_parcel, answer_point
from planning.answer.texts import DEMONSTRATION
from planning.api.lookups import is_meant
from planning.errors import BadParameter, NotFound, Unavailable
from planning.lookup import CandidateKind, LookupResult, UnderstoodAs, count_missed, look_up
from planning.models import Office, Publication
from portal import about as content
from portal import asking, dates, faults, lineage, results, wording
from portal.reading import Reading, read
from portal.surroundings import around

Page = Callable[..., HttpResponse]


def answering(page: Page) -> Page:
    """Turn the errors of the domain into pages; anything else is a fault of ours and a 500."""

    @wraps(page)
    @require_safe
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return page(request, *args, **kwargs)
        except NotFound as error:
            return faults.not_found_page(request, error)
        except BadParameter as error:
            return faults.bad_parameter_page(request, error)
        except (Unavailable, OperationalError, InterfaceError):
            return faults.unavailable_page(request)

    return guarded


def language_of(request: HttpRequest) -> str:
    """The language of the path: Vietnamese, or English below /en/."""
    return "en" if (get_language() or "").startswith("en") else "vi"


@answering
def home(request: HttpRequest) -> HttpResponse:
    """The search field and, with `q`, what it may mean. A parcel's own code leads straight to it."""
    search = asking.Search.parse(request.GET)
    shown = {
        "here": "home",
        "search": search,
        "search_fault": faults.sentence_of(search.fault) if search.fault else "",
        "today": timezone.localdate(),
        "notices": demonstration_notices(request),
    }
    if not search.text or search.fault:
        shown["examples"] = results.examples(language_of(request))
        status = 400 if search.fault else 200
        return render(request, "portal/home.html", shown, status=status)
    found = look_up(search.text, on=search.as_at)
    if is_meant(request):
        count_missed(found, day=timezone.localdate())
    if code := _only_parcel(found, search.text):
        return redirect(_with_date(reverse("parcel", args=[code]), search))
    groups = results.grouped(found, date_query=search.date_query)
    return render(request, "portal/home.html", {**shown, **results.shown(found, groups)})


def _only_parcel(found: LookupResult, text: str) -> str | None:
    """The parcel whose code was typed letter for letter; everything else is for the person to choose."""
    parcels = [each for each in found.candidates if each.kind is CandidateKind.PARCEL]
    is_code = found.understood_as is UnderstoodAs.PARCEL_CODE and len(parcels) == 1
    return parcels[0].id if is_code and parcels[0].id.casefold() == text.casefold() else None


def _with_date(address: str, search: asking.Search) -> str:
    return f"{address}?{search.date_query}" if search.date_query else address


@answering
def parcel(request: HttpRequest, parcel_id: str) -> HttpResponse:
    """What is planned for one parcel on a day."""
    when = asking.When.parse(request.GET)
    asking.check_code("parcel", parcel_id)
    answer = answer_parcel(parcel_id, as_at=when.as_at, known_at=when.known_at)
    return answer_page(request, read(answer, language_of(request), around(answer)), when)


@answering
def point(request: HttpRequest, place: str) -> HttpResponse:
    """What is planned at one point, `/points/<longitude>,<latitude>`."""
    when = asking.When.parse(request.GET)
    longitude, latitude = asking.place_of(place)
    answer = answer_point(longitude, latitude, as_at=when.as_at, known_at=when.known_at)
    return answer_page(request, read(answer, language_of(request), around(answer)), when)


def answer_page(request: HttpRequest, reading: Reading, when: asking.When) -> HttpResponse:
    subject = reading.answer.subject
    lasting = {"as_at": reading.answer.as_at.isoformat()}
    if reading.answer.known_at is not None:
        lasting["known_at"] = _moment_to_cite(reading.answer.known_at)
    if subject.type == "parcel":
        path = f"/api/v1/parcels/{subject.id}/planning"
        question = lasting
    else:
        corner = subject.geometry.representative_point()
        path = "/api/v1/planning"
        question = {"lon": f"{corner.x:.8f}", "lat": f"{corner.y:.8f}", **lasting}
    shown = {
        "reading": reading,
        "dates": dates.of_page(request, when, language_of(request)),
        "lineage": lineage.reading_of(subject, when, language_of(request)),
        "notices": reading.notices,
        "json_address": f"{path}?{urlencode(question)}",
        "lasting_address": request.build_absolute_uri(f"{request.path}?{urlencode(lasting)}"),
        "today": timezone.localdate(),
    }
    return render(request, "portal/answer.html", shown)


def _moment_to_cite(moment: datetime) -> str:
    """Whole seconds in UTC, unless something was published within the second that is cut off."""
    whole = moment.replace(microsecond=0)
    if whole != moment and Publication.objects.filter(at__gt=whole, at__lte=moment).exists():
        whole = moment
    return whole.astimezone(UTC).isoformat().replace("+00:00", "Z")


def demonstration_notices(request: HttpRequest) -> tuple[str, ...]:
    """The notice that invented data are shown, as long as an office of the demonstration is here."""
    if Office.objects.filter(is_demonstration=True).exists():
        return (wording.said(DEMONSTRATION, language_of(request)),)
    return ()


@require_safe
def without_slash(request: HttpRequest, path: str) -> HttpResponse:
    """An address typed with a slash at its end leads to the page without one."""
    address = request.path.rstrip("/")
    # a path with two slashes in front would be read as another host
    address = "/" + address.lstrip("/")
    query = request.META.get("QUERY_STRING", "")
    return redirect(f"{address}?{query}" if query else address, permanent=True)


@require_safe
def robots(_request: HttpRequest) -> HttpResponse:
    """What programs that read whole sites may read: pages, not every point and day there is."""
    places = ("/admin/", "/api/", "/points/", "/en/admin/", "/en/points/", "/*?")
    lines = ["User-agent: *", *(f"Disallow: {place}" for place in places), ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def favicon(_request: HttpRequest) -> HttpResponse:
    """Where browsers look without reading a page."""
    return redirect(static("portal/icon.svg"))


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What this service is, what its words mean, where its data come from."""
    language = language_of(request)
    shown = {**content.shown(language), "here": "about", "notices": demonstration_notices(request)}
    return render(request, "portal/about.html", shown)
