"""The base of every API view: language, parameters, errors as problems, open to other origins.

What a view adds is its declared parameters and one function per method.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

import orjson
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from planning.ogcapi import problems
from planning.ogcapi.language import LANGUAGES, activate_language
from planning.ogcapi.openapi import OperationSchema
from planning.ogcapi.operations import Operation
from planning.ogcapi.parameters import Parameter, choice, read

LANG = Parameter(
    name="lang",
    read=choice(*LANGUAGES),
    description=_("Language of texts and errors; without it the header Accept-Language decides."),
    examples=("en", "vi"),
    schema={"type": "string", "enum": list(LANGUAGES)},
)


def _as_text(value: object) -> str:
    if isinstance(value, Promise):
        return str(value)
    raise TypeError


class OrjsonRenderer(BaseRenderer):
    """JSON by orjson: dates, numbers and our own dictionaries, nothing else."""

    media_type = "application/json"
    format = "json"
    charset = None
    render_style = "binary"

    def render(self, data: Any, *_args: Any, **_kwargs: Any) -> bytes:
        return orjson.dumps(data, default=_as_text)


class OneRepresentation(BaseContentNegotiation):
    """There is one representation, so it is sent whatever Accept says (RFC 9110, 12.5.1 allows it)."""

    def select_parser(self, request: Request, parsers: Iterable[Any]) -> Any:
        return next(iter(parsers), None)

    def select_renderer(
        self, request: Request, renderers: Iterable[Any], format_suffix: str | None = None
    ) -> tuple[Any, str]:
        renderer = next(iter(renderers))
        return renderer, renderer.media_type


class PublicView(APIView):
    """A view that anyone may ask from anywhere; nobody signs in and no cookie is read.

    `self.given` holds the parsed parameters by name.
    """

    parameters: ClassVar[tuple[Parameter, ...]] = ()
    # Nothing about a parcel or a place stays behind in a cache or on a shared computer.
    cache_control: ClassVar[str] = "no-store"

    authentication_classes = ()
    permission_classes = ()
    parser_classes = ()
    renderer_classes = (OrjsonRenderer,)
    content_negotiation_class = OneRepresentation
    schema = OperationSchema()

    # Whether the last of repeated values counts; otherwise they are refused.
    takes_last: ClassVar[bool] = False

    # Empty for a method that the view does not take: it is refused before anything is asked of it.
    given: Mapping[str, Any] = {}
    operations: ClassVar[Mapping[str, Operation]] = {}

    @classmethod
    def parameters_of(cls, method: str) -> Sequence[Parameter]:
        """The parameters that the view takes with that method, the language aside."""
        return cls.parameters

    @classmethod
    def documented_parameters(cls, method: str) -> Sequence[Parameter]:
        """All parameters of that method, as the API document lists them."""
        return (*cls.parameters_of(method), LANG)

    def accepted_parameters(self, request: Request) -> Sequence[Parameter]:
        """The parameters that this very address takes."""
        return self.documented_parameters(request.method or "")

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        activate_language(request._request)
        super().initial(request, *args, **kwargs)
        if request.method in self.allowed_methods and request.method != "OPTIONS":
            self.given = read(
                request._request.GET, self.accepted_parameters(request), takes_last=self.takes_last
            )

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """What a browser asks before it posts from another origin."""
        response = HttpResponse(status=204)
        response["Access-Control-Allow-Methods"] = ", ".join(self.allowed_methods)
        response["Access-Control-Allow-Headers"] = "Content-Type, Accept-Language"
        response["Access-Control-Max-Age"] = "86400"
        return response

    def get_exception_handler(self) -> Any:
        return problems.handle

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        if "Cache-Control" not in response:
            response["Cache-Control"] = self.cache_control
        return response
