"""The API about itself: the index, the OpenAPI document, the schema of the answer, the documentation page.

The page is made on the server from the OpenAPI document: no script, nothing from elsewhere.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.generators import SchemaGenerator
from rest_framework.request import Request
from rest_framework.response import Response

from planning.answer.render import SCHEMA
from planning.answer.render_history import history_schema
from planning.api.examples import stored_examples, with_examples
from planning.api.lists import Json, address
from planning.api.notices import notices_of
from planning.api.schemas import COMPONENTS, ref
from planning.models import Office
from planning.ogcapi import problems
from planning.ogcapi.base import PublicView
from planning.ogcapi.language import LANGUAGES
from planning.ogcapi.operations import Operation

ROOT = "/api/v1/"
DESCRIPTION = gettext_lazy("What is planned on a piece of land, how sure that is and who decided it.")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_BREAKS = re.compile(r"(?<=[/?&=])(?=.)")


class Index(PublicView):
    """The root: where everything is."""

    cache_control = "no-cache"
    operations = {
        "GET": Operation(
            id="get_index",
            summary=gettext_lazy("Where everything is"),
            description=gettext_lazy("Links to the documentation, the schemas and the lists."),
            result=ref("Index"),
            example="./",
        )
    }

    def get(self, request: Request) -> Response:
        names = (
            "openapi",
            "docs",
            "planning-schema",
            "history-schema",
            "lookup",
            "parcels",
            "planning",
            "coverage",
            "plans",
        )
        return Response(
            {
                "title": "Quy hoạch mở · Open Planning",
                "description": DESCRIPTION,
                "links": {name.replace("-", "_"): address(request._request, name) for name in names},
            }
        )


class PlanningSchema(PublicView):
    """The JSON Schema of the answer, as published beside `planning.answer`."""

    cache_control = "no-cache"
    operations = {
        "GET": Operation(
            id="get_planning_schema",
            summary=gettext_lazy("JSON Schema of the answer"),
            description=gettext_lazy(
                "Every answer of this service validates against it. It also says how to compute the digest "
                "of an answer again: what is marked “x-legal-core”: false is left out, the rest is hashed."
            ),
            result={"type": "object"},
            result_type="application/schema+json",
            example="schemas/planning.json",
        )
    }

    def get(self, request: Request) -> HttpResponse:
        # its name is where it is published, which the file cannot know
        named = {"$id": address(request._request, "planning-schema"), **answer_schema()}
        return HttpResponse(orjson.dumps(named), content_type="application/schema+json")


class HistorySchema(PublicView):
    """The JSON Schema of a parcel's history."""

    cache_control = "no-cache"
    operations = {
        "GET": Operation(
            id="get_history_schema",
            summary=gettext_lazy("JSON Schema of the history"),
            description=gettext_lazy("Every history of this service validates against it."),
            result={"type": "object"},
            result_type="application/schema+json",
            example="schemas/history.json",
        )
    }

    def get(self, request: Request) -> HttpResponse:
        named = {"$id": address(request._request, "history-schema"), **history_schema()}
        return HttpResponse(orjson.dumps(named), content_type="application/schema+json")


class OpenApi(PublicView):
    """The OpenAPI document of `/api/v1/`, in the language of the request."""

    cache_control = "no-cache"

    def get(self, request: Request) -> HttpResponse:
        found = with_examples(openapi_document(_language()), stored_examples())
        return HttpResponse(orjson.dumps(found), content_type="application/vnd.oai.openapi+json;version=3.1")


class Docs(PublicView):
    """The documentation page."""

    cache_control = "no-cache"

    def get(self, request: Request) -> HttpResponse:
        stored = stored_examples()
        document = with_examples(openapi_document(_language()), stored)
        context = {
            "title": document["info"]["title"],
            "description": DESCRIPTION,
            "groups": _described(document, stored.values),
            "notices": _notices(),
            "problems": _problem_kinds(),
            "languages": [(code, translation.get_language_info(code)["name_local"]) for code in LANGUAGES],
        }
        return render(request._request, "planning/api_docs.html", context)


@lru_cache(maxsize=1)
def answer_schema() -> Mapping[str, Any]:
    """The JSON Schema of the answer."""
    found: Json = orjson.loads(SCHEMA.read_bytes())
    return found


@lru_cache(maxsize=len(LANGUAGES))
def openapi_document(language: str) -> Json:
    """The OpenAPI 3.1 document; made once per language, the routes do not change while we run."""
    with translation.override(language):
        generator = SchemaGenerator(patterns=_patterns())
        document: Json = generator.get_schema(request=None, public=True)
        # Through bytes: lazy texts become texts of this language.
        document = orjson.loads(orjson.dumps(document, default=str))
    return document | {
        "openapi": "3.1.0",
        "info": document["info"] | {"description": _description(language)},
        "components": {"schemas": COMPONENTS},
        "servers": [{"url": "/"}],
    }


def _description(language: str) -> str:
    with translation.override(language):
        return str(DESCRIPTION)


def _patterns() -> Sequence[URLPattern]:
    # The routes name these very views, hence not at the top.
    from planning.urls import urlpatterns

    return [path(f"{ROOT.lstrip('/')}{entry.pattern}", entry.callback) for entry in urlpatterns]


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedOperation:
    """One operation as the page shows it."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    parameters: Sequence[Mapping[str, Any]]
    example: str
    body: str

    @property
    def path_parts(self) -> list[str]:
        """The address in pieces after which a narrow screen may break it."""
        return _BREAKS.split(self.path)

    @property
    def example_parts(self) -> list[str]:
        return _BREAKS.split(self.example)


def _described(document: Json, values: Mapping[str, str]) -> list[DescribedOperation]:
    found = []
    for route, methods in document["paths"].items():
        for method, operation in methods.items():
            found.append(_described_one(route, method, operation, values))
    return found


def _described_one(route: str, method: str, operation: Json, values: Mapping[str, str]) -> DescribedOperation:
    body = next(iter(operation.get("requestBody", {}).get("content", {}).values()), None)
    example = body["examples"]["example1"]["value"] if body else None
    return DescribedOperation(
        id=operation["operationId"],
        method=method.upper(),
        path=route,
        summary=operation["summary"],
        description=operation["description"],
        parameters=operation["parameters"],
        example="" if method == "post" else _example_address(operation, values),
        body=orjson.dumps(example, option=orjson.OPT_INDENT_2).decode() if example else "",
    )


def _example_address(operation: Json, values: Mapping[str, str]) -> str:
    """The example's address with real data in it, "" where there are none yet."""
    template = operation.get("x-example", "")
    if not template or any(name not in values for name in _PLACEHOLDER.findall(template)):
        return ""
    return ROOT + _PLACEHOLDER.sub(lambda name: values[name[1]], template).removeprefix("./")


def _notices() -> list[str]:
    """What must be said of the data that the examples come from, in the language of the page."""
    return [notice[_language()] for notice in notices_of(Office.objects.filter(is_demonstration=True)[:1])]


def _language() -> str:
    return translation.get_language() or LANGUAGES[0]


def _problem_kinds() -> list[tuple[str, str]]:
    """Fragment and sentence of every kind of problem, for the addresses in `type`."""
    kinds = {problems.KINDS[status]: str(text) for status, text in problems.TITLES.items()}
    kinds |= {problems.kind_of(reason): str(text) for reason, text in problems.SENTENCES.items()}
    missing = _("a value")
    return [(kind, re.sub(r"%\(\w+\)s", missing, text)) for kind, text in kinds.items()]
