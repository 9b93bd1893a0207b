"""Declared operations and parameters -> the operations of an OpenAPI 3.1 document.

drf-spectacular walks the routes and builds the document; what stands in an operation comes from the
same `Operation` and `Parameter` that serve the request, so that documentation cannot fall behind.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, cast

import uritemplate
from drf_spectacular.openapi import AutoSchema

from planning.ogcapi.operations import Operation
from planning.ogcapi.parameters import Parameter
from planning.ogcapi.problems import CONTENT_TYPE, TITLES

Json = dict[str, Any]

_MEMBERS_OF_BODY = ("application/geo+json", "application/json")


class DescribedView(Protocol):
    """What a view must declare to be described."""

    operations: Mapping[str, Operation]

    def documented_parameters(self, method: str) -> Sequence[Parameter]: ...


class OperationSchema(AutoSchema):
    """Describes a view by what it declares; a view without operations stays out of the document."""

    def get_operation(
        self, path: str, path_regex: str, path_prefix: str, method: str, registry: Any
    ) -> Json | None:
        view = cast(DescribedView, self.view)
        operation = view.operations.get(method)
        if operation is None:
            return None
        described: Json = {
            "operationId": operation.id,
            "summary": operation.summary,
            "description": operation.description,
            "parameters": [
                *_path_parameters(path, operation.path_examples),
                *_query_parameters(view.documented_parameters(method)),
            ],
            "responses": _responses(operation, is_named=bool(operation.path_examples)),
        }
        if operation.example:
            described["x-example"] = operation.example
        if operation.body:
            described["requestBody"] = _body(operation)
        return described


def _path_parameters(path: str, examples: Mapping[str, str]) -> list[Json]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string"},
            "example": examples.get(name, ""),
        }
        for name in uritemplate.variables(path)
    ]


def _query_parameters(parameters: Sequence[Parameter]) -> list[Json]:
    return [
        {
            "name": parameter.name,
            "in": "query",
            "required": parameter.required,
            "allowEmptyValue": not parameter.required,  # an empty one is as good as none
            "description": parameter.description,
            "schema": dict(parameter.schema),
            "examples": {f"example{n}": {"value": text} for n, text in enumerate(parameter.examples, 1)},
        }
        for parameter in parameters
    ]


def _body(operation: Operation) -> Json:
    content = {"schema": operation.body, "examples": {"example1": {"value": operation.body_example}}}
    return {"required": True, "content": dict.fromkeys(_MEMBERS_OF_BODY, content)}


def _responses(operation: Operation, *, is_named: bool) -> Json:
    """What may come back: the answer, and every problem that the caller can meet."""
    problem = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    statuses = [400, *([404] if is_named else []), 405, *((413, 415) if operation.body else ()), 503]
    problems = {str(status): {"description": TITLES[status], "content": problem} for status in statuses}
    return {
        "200": {
            "description": operation.summary,
            "content": {operation.result_type: {"schema": dict(operation.result)}},
        },
        **problems,
        "default": {"description": "RFC 9457", "content": problem},
    }
