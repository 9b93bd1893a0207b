"""A document of the API -> the page that shows it to people. Works without JavaScript.

`page` fills a template with the very document that programs are sent. What only people need beside it is
added here by the kind of page: where they stand (`place`), a drawing (`drawing`), readable values (`values`).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from planning.ogcapi.addresses import Addresses
from planning.ogcapi.collections import Catalogue, Json
from planning.ogcapi.language import LANGUAGES
from planning.ogcapi.pages import api, collection, features, maps
from planning.ogcapi.pages.place import Place
from planning.ogcapi.representations import Representation

Presenter = Callable[[Json, Place], dict[str, Any]]

_PRESENTERS: Mapping[str, Presenter] = {
    "api": api.presented,
    "collections": collection.presented_all,
    "collection": collection.presented,
    "items": features.presented_page,
    "item": features.presented_one,
    "tileset": maps.presented_tileset,
    "style": maps.presented_style,
}


def page(
    request: HttpRequest,
    name: str,
    document: Json,
    catalogue: Catalogue,
    addresses: Addresses,
    offered: Sequence[Representation] = (),
    **shown: Any,
) -> HttpResponse:
    """The template `ogcapi/<name>.html` filled with the document."""
    place = Place.of(request, catalogue, addresses)
    presenter = _PRESENTERS.get(name)
    filled = {
        "document": document,
        "catalogue": catalogue,
        "place": place,
        "collection": place.collection,
        "formats": place.formats(document, offered),
        "notices": place.notices(document),
        "languages": [(code, translation.get_language_info(code)["name_local"]) for code in LANGUAGES],
        **(presenter(document, place) if presenter else {}),
        **shown,
    }
    return render(request, f"ogcapi/{name}.html", filled)


def problem_page(
    request: HttpRequest, problem: HttpResponse, document: Json, catalogue: Catalogue, addresses: Addresses
) -> HttpResponse:
    """A problem as a page, with the status and the headers of the problem itself; the data are not asked."""
    found = page(request, "problem", document | {"notices": []}, catalogue, addresses)
    found.status_code = problem.status_code
    for header, value in problem.items():
        if header != "Content-Type":
            found[header] = value
    return found
