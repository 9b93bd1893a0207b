"""Where every client begins: what the service is, what it conforms to, how it is asked."""

from collections.abc import Sequence
from typing import ClassVar

from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request

from planning.ogcapi import relations
from planning.ogcapi.addresses import link
from planning.ogcapi.collections import Json
from planning.ogcapi.conformance import CLASSES
from planning.ogcapi.cql2.functions import FUNCTIONS, Function
from planning.ogcapi.cql2.operands import Type
from planning.ogcapi.definition.document import Route, definition
from planning.ogcapi.documents import DocumentView, are_for_everybody
from planning.ogcapi.representations import HTML, JSON, OPENAPI, Representation


class Landing(DocumentView):
    """The root: links to everything else."""

    def get(self, request: Request) -> HttpResponse:
        return self.tell("landing", self.document)

    def document(self) -> Json:
        """Title, description and links."""
        told = {
            "title": self.catalogue.title,
            "description": self.catalogue.description,
            "attribution": self.catalogue.attribution,
            "links": [*self.own_links(), *self.links()],
        }
        return {name: value for name, value in told.items() if value}

    def links(self) -> list[Json]:
        """To everything below the root."""
        api, page = {"f": OPENAPI.name}, {"f": HTML.name}
        return [
            link(
                "service-desc", self.addresses.of("api", query=api), OPENAPI.media_type, _("API definition")
            ),
            link(
                "service-doc", self.addresses.of("api", query=page), HTML.media_type, _("API documentation")
            ),
            *self.links_to("conformance", _("Conformance classes"), "conformance", relations.CONFORMANCE),
            *self.links_to("collections", _("Collections"), "data", relations.DATA),
            *self.links_to("tiles", _("Vector tiles of all collections"), relations.TILESETS_VECTOR),
            *self.links_to("tileMatrixSets", _("Tiling schemes"), relations.TILING_SCHEMES),
            *self.links_to("styles", _("Styles"), relations.STYLES),
            *self.links_to("functions", _("Functions for filters"), relations.FUNCTIONS),
        ]

    def links_to(self, resource: str, title: str, *names: str) -> list[Json]:
        """The links to a resource, under each of the names by which clients look for it."""
        address = self.addresses.of(resource)
        return [link(name, address, JSON.media_type, title) for name in names]


class Conformance(DocumentView):
    """The conformance classes that the service claims."""

    def get(self, request: Request) -> HttpResponse:
        return self.tell("conformance", self.document)

    def document(self) -> Json:
        """Their addresses."""
        return {"links": self.own_links("conformance"), "conformsTo": [one.uri for one in CLASSES]}


class Api(DocumentView):
    """The API definition, of the routes that the server has."""

    offered: ClassVar[tuple[Representation, ...]] = (OPENAPI, HTML)
    routes: Sequence[Route] = ()  # given by the route

    def get(self, request: Request) -> HttpResponse:
        seen = self.catalogue.seen_by(self.http_request)
        contact = self.catalogue.contact()

        def document() -> Json:
            return definition(self.catalogue, seen, self.routes, self.addresses.root)

        ids = [one.id for one in seen]
        is_public = are_for_everybody(*self.catalogue.collections)
        return self.tell("api", document, (), ids, contact, is_public=is_public)


class Functions(DocumentView):
    """The functions that a filter may call."""

    def get(self, request: Request) -> HttpResponse:
        return self.tell("functions", self.document)

    def document(self) -> Json:
        """Names, arguments and results, as OGC 21-065 (Custom Functions) has them."""
        return {"links": self.own_links("functions"), "functions": [_function(one) for one in FUNCTIONS]}


def _function(function: Function) -> Json:
    """One function, its types by the names that the standard has for them."""
    return {
        "name": function.name,
        "description": function.description,
        "arguments": [{"title": one.title, "type": _types(*one.types)} for one in function.arguments],
        "returns": _types(function.returns),
    }


def _types(*types: Type) -> list[str]:
    """The standard knows no dates: they are times."""
    return list(dict.fromkeys((Type.DATETIME if one is Type.DATE else one).value for one in types))
