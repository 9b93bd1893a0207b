"""A document of the API -> the page that shows it to people. Works without JavaScript."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from planning.ogcapi.addresses import Addresses
from planning.ogcapi.collections import Catalogue, Json


def page(
    request: HttpRequest,
    name: str,
    document: Json,
    catalogue: Catalogue,
    addresses: Addresses,
    **shown: Any,
) -> HttpResponse:
    """The template `ogcapi/<name>.html` filled with the document."""
    filled = {"document": document, "catalogue": catalogue, "root": addresses, **shown}
    return render(request, f"ogcapi/{name}.html", filled)
