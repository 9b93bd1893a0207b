"""The base of every resource below the root of the OGC APIs: one document, as JSON or as a page.

A resource makes its document once; the page is rendered from that very document (`planning.ogcapi.pages`),
so that people and programs are told the same.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import orjson
from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request

from planning.ogcapi import pages, problems
from planning.ogcapi.addresses import Addresses, addresses, link
from planning.ogcapi.base import LANG, PublicView
from planning.ogcapi.collections import Catalogue, Collection, Json
from planning.ogcapi.compression import compress
from planning.ogcapi.parameters import Parameter, refuse_bad_characters
from planning.ogcapi.representations import HTML, JSON, Representation, chosen, parameter_f


class OgcView(PublicView):
    """A resource. `self.sent` is the representation to send, `self.addresses` names all others."""

    catalogue: Catalogue = None  # type: ignore[assignment] # given by the route
    offered: ClassVar[tuple[Representation, ...]] = (JSON, HTML)
    takes_last = True
    cache_control = "no-cache"

    sent: Representation
    addresses: Addresses

    @classmethod
    def documented_parameters(cls, method: str) -> Sequence[Parameter]:
        """Its own parameters, the format and the language."""
        return (*cls.parameters_of(method), parameter_f(cls.offered), LANG)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        for name, value in kwargs.items():
            refuse_bad_characters(name, str(value))
        self.addresses = addresses()
        super().initial(request, *args, **kwargs)
        self.sent = chosen(request._request, self.given.get("f"), self.offered)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        compress(request._request, response)
        return response

    def get_exception_handler(self) -> Any:
        return self._told

    def _told(self, error: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
        """The error as a problem, which readers of pages read as a page."""
        problem = problems.handle(error, context)
        if problem is None or not self._is_read_by_people():
            return problem
        document = orjson.loads(problem.content)
        return pages.problem_page(self.http_request, problem, document, self.catalogue, addresses())

    def _is_read_by_people(self) -> bool:
        wished = self.http_request.GET.get("f")
        chooses_page = chosen(self.http_request, None, self.offered) is HTML
        return wished == HTML.name or (wished not in {one.name for one in self.offered} and chooses_page)

    @property
    def http_request(self) -> HttpRequest:
        """Django's own request."""
        return self.request._request

    def collection(self, collection_id: str) -> Collection:
        """The collection of that id. Raises NotFound."""
        return self.catalogue.named(collection_id, self.http_request)

    def respond(self, document: Json, page: str, **shown: Any) -> HttpResponse:
        """The document in the representation that was asked for; `page` names the template."""
        if self.sent is HTML:
            return pages.page(
                self.http_request, page, document, self.catalogue, self.addresses, self.offered, **shown
            )
        return HttpResponse(orjson.dumps(document, default=str), content_type=self.sent.media_type)

    def own_links(self, *segments: object, query: Json | None = None) -> list[Json]:
        """`self` and an `alternate` for every other representation of the resource at that path."""
        asked = dict(query or {})
        return [
            link(
                "self" if one is self.sent else "alternate",
                self.addresses.of(*segments, query=asked | {"f": one.name}),
                one.media_type,
                one.title,
            )
            for one in self.offered
        ]
