"""The OpenAPI document as a page: every resource with its parameters and an example; no script draws it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from planning.ogcapi.collections import Json
from planning.ogcapi.pages.place import Place

_METHODS = ("get", "post", "put", "patch", "delete")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter as the page shows it."""

    name: str
    place: str
    is_required: bool
    description: str
    choices: tuple[str, ...]
    default: str
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One resource with one method."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    parameters: Sequence[Parameter]
    formats: Sequence[str]
    example: str


def presented(document: Json, place: Place) -> dict[str, Any]:
    """The operations by their tags, in the order of the document."""
    server = next((str(one.get("url", "")) for one in document.get("servers", ())), "").rstrip("/")
    groups: dict[str, list[Operation]] = {}
    for tag, operation in _operations(document, server):
        groups.setdefault(tag, []).append(operation)
    described = {one["name"]: one.get("description", "") for one in document.get("tags", ())}
    return {
        "groups": [(tag, described.get(tag, ""), found) for tag, found in groups.items()],
        "server": server,
    }


def _operations(document: Json, server: str) -> Iterator[tuple[str, Operation]]:
    for path, item in document.get("paths", {}).items():
        for method in _METHODS:
            if method in item:
                given = [*item.get("parameters", ()), *item[method].get("parameters", ())]
                parameters = [_resolved(document, one) for one in given]
                tag = next(iter(item[method].get("tags", ())), "")
                yield tag, _operation(document, server, path, method, item[method], parameters)


def _operation(
    document: Json, server: str, path: str, method: str, found: Json, parameters: Sequence[Json]
) -> Operation:
    return Operation(
        id=str(found.get("operationId", f"{method}{path}")),
        method=method.upper(),
        path=path,
        summary=str(found.get("summary", path)),
        description=str(found.get("description", "")),
        parameters=[_parameter(document, one) for one in parameters],
        formats=sorted(_resolved(document, found.get("responses", {}).get("200", {})).get("content", {})),
        example=_example(server, path, parameters) if method == "get" else "",
    )


def _resolved(document: Json, value: Json) -> Json:
    """What stands behind a reference within the document."""
    reference = value.get("$ref", "")
    if not reference.startswith("#/"):
        return value
    found: Any = document
    for part in reference[2:].split("/"):
        found = found.get(part, {}) if isinstance(found, dict) else {}
    return found if isinstance(found, dict) else {}


def _parameter(document: Json, given: Json) -> Parameter:
    schema = _resolved(document, given.get("schema", {}))
    return Parameter(
        name=str(given.get("name", "")),
        place=str(given.get("in", "")),
        is_required=bool(given.get("required")),
        description=str(given.get("description", "")),
        choices=tuple(str(one) for one in schema.get("enum", ())),
        default=str(schema.get("default", "")),
        examples=tuple(_examples_of(given)),
    )


def _examples_of(given: Json) -> Iterator[str]:
    if "example" in given:
        yield _as_written(given["example"])
    for one in given.get("examples", {}).values():
        yield _as_written(one.get("value", ""))


def _as_written(value: Any) -> str:
    """A value as it stands in an address: lists with commas."""
    return ",".join(str(one) for one in value) if isinstance(value, list) else str(value)


def _example(server: str, path: str, parameters: Sequence[Json]) -> str:
    """An address that works as it stands; "" where the document gives no value for a part of it."""
    values = {str(one.get("name")): next(_examples_of(one), "") for one in parameters}
    names = _PLACEHOLDER.findall(path)
    if any(not values.get(name) for name in names):
        return ""
    filled = _PLACEHOLDER.sub(lambda name: quote(values[name[1]]), path)
    return f"{server}{filled}" + _question(parameters, values)


def _question(parameters: Sequence[Json], values: Mapping[str, str]) -> str:
    """What cannot be left out."""
    required = [one["name"] for one in parameters if one.get("in") == "query" and one.get("required")]
    return f"?{urlencode({name: values[name] for name in required})}" if required else ""
