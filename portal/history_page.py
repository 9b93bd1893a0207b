"""The page of a parcel's history: what applied when, what happened, and since when we know it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from planning.answer import history_of_parcel
from portal import asking, dates, history
from portal.asking import When
from portal.views import answering, language_of


@answering
def history_page(request: HttpRequest, parcel_id: str) -> HttpResponse:
    """Everything that applied to a parcel from its first known law on."""
    when = dates.checked(When.parse({"known_at": request.GET.get("known_at", "")}))
    asking.check_code("parcel", parcel_id)
    language = language_of(request)
    reading = history.read(history_of_parcel(parcel_id, known_at=when.known_at), when, language)
    shown = {
        "reading": reading,
        "dates": dates.of_page(request, when, language, has_day=False),
        "lineage": reading.lineage,
        "notices": reading.notices,
        "json_address": f"/api/v1/parcels/{parcel_id}/history{when.query}",
    }
    return render(request, "portal/history.html", shown)
