"""Routes and collections -> the whole OpenAPI 3.0 document."""

import re
from collections.abc import Iterable, Iterator, Sequence

from planning.ogcapi import problems
from planning.ogcapi.collections import Catalogue, Collection, Json
from planning.ogcapi.definition.answers import COMMON, FILE, TEXT, of_collection, to
from planning.ogcapi.definition.operations import OPERATIONS, PINNED, TILES, Told
from planning.ogcapi.definition.parameters import PLACES, Shelf, place
from planning.ogcapi.items.parameters import crs_parameter, parameters_of
from planning.ogcapi.parameters import Parameter
from planning.ogcapi.representations import HTML, Representation
from planning.ogcapi.tiles.views import VERSION
from planning.ogcapi.views import OgcView

# (route, view, name), as the server's routes are listed
Route = tuple[str, type[OgcView], str]

OPENAPI_VERSION = "3.0.3"
API_VERSION = "1.0.0"
_COLLECTION = "collection_id"
_VARIABLE = re.compile(r"<str:(\w+)>")
_PROBLEMS = (400, 404, 410, 503)


def definition(
    catalogue: Catalogue, collections: Sequence[Collection], routes: Iterable[Route], root: str
) -> Json:
    """The document for a caller who may see these collections; paths are relative to the root."""
    shelf = Shelf()
    paths = {
        path: {"get": operation}
        for route in routes
        for path, operation in _operations(route, collections, shelf)
    }
    schemas = dict(COMMON)
    for collection in collections:
        schemas |= of_collection(collection)
    return {
        "openapi": OPENAPI_VERSION,
        "info": _info(catalogue, root),
        "servers": [{"url": root}],
        "tags": [{"name": tag} for tag in dict.fromkeys(_tags(paths.values()))],
        "paths": paths,
        "components": {"parameters": shelf.kept, "schemas": schemas, "responses": _problems()},
    }


def _info(catalogue: Catalogue, root: str) -> Json:
    title = str(catalogue.title)
    return {
        "title": title,
        "description": str(catalogue.description),
        "version": API_VERSION,
        "contact": catalogue.contact() or {"name": title, "url": f"{root}/"},
    }


def _tags(items: Iterable[Json]) -> Iterator[str]:
    for item in items:
        yield from item["get"]["tags"]


def _operations(route: Route, collections: Sequence[Collection], shelf: Shelf) -> Iterator[tuple[str, Json]]:
    """The paths of a route: where it is about a collection, one for each."""
    template, view, name = route
    told = OPERATIONS[name]
    if f"<str:{_COLLECTION}>" not in template:
        yield _path(template), _operation(told, view, name, template, None, shelf)
        return
    for collection in collections:
        if collection.drawing or told.tag is not TILES:
            path = _path(template, collection.id)
            yield path, _operation(told, view, name, template, collection, shelf)


def _path(template: str, collection_id: str = "") -> str:
    def written(variable: re.Match[str]) -> str:
        return collection_id if variable[1] == _COLLECTION else f"{{{PLACES[variable[1]][0]}}}"

    return "/" + _VARIABLE.sub(written, template)


def _operation(
    told: Told, view: type[OgcView], name: str, template: str, collection: Collection | None, shelf: Shelf
) -> Json:
    variables = [one for one in _VARIABLE.findall(template) if one != _COLLECTION]
    parameters = _parameters(view, name, collection)
    answer = to(f"{collection.id}{told.answer}" if collection and told.answer[0] == "." else told.answer)
    is_about_one = bool(variables or collection)
    return {
        "operationId": f"{collection.id}.{told.id}" if collection else told.id,
        "summary": str(told.title),
        "tags": [str(collection.title if collection else told.tag)],
        "parameters": [
            *(place(one, is_shown=_has_far_tiles(collection)) for one in variables),
            *shelf.referred(parameters),
        ],
        "responses": {
            "200": {"description": str(told.title), "content": _content(view.offered, answer, told.files)},
            **_refused(is_about_one=is_about_one, is_pinned=name in PINNED or VERSION in parameters),
        },
    }


def _has_far_tiles(collection: Collection | None) -> bool:
    """Whether the tile that is the world, the example, is there."""
    return collection is None or collection.drawing is None or collection.drawing.minzoom <= 0


def _parameters(view: type[OgcView], name: str, collection: Collection | None) -> list[Parameter]:
    """Those of the collection's features before those that every resource has."""
    own: tuple[Parameter, ...] = ()
    if collection and name == "items":
        own = parameters_of(collection)
    elif collection and name == "item":
        own = (crs_parameter(collection),)
    common = view.documented_parameters("GET")
    return list({one.name: one for one in (*common, *own)}.values())


def _content(offered: Sequence[Representation], answer: Json, files: Sequence[str]) -> Json:
    chosen: Json = {}
    for one in offered:  # TileJSON is JSON, too: the first, the plain document, says what that is
        chosen.setdefault(one.media_type, {"schema": _body(one, answer)})
    return chosen | {media_type: {"schema": FILE} for media_type in files}


def _body(representation: Representation, answer: Json) -> Json:
    """What stands in the body: the document, a text, or a file."""
    if representation.name == "json":
        return answer
    is_text = representation.media_type.startswith("text/")
    return TEXT if is_text else FILE


def _refused(*, is_about_one: bool, is_pinned: bool) -> Json:
    """The problems that a caller may meet."""
    statuses = [400, *([404] if is_about_one else ()), *([410] if is_pinned else ()), 503]
    return {str(status): {"$ref": f"#/components/responses/{status}"} for status in statuses}


def _problems() -> Json:
    content = {problems.CONTENT_TYPE: {"schema": to("Problem")}, HTML.media_type: {"schema": TEXT}}
    return {
        str(status): {"description": str(problems.TITLES[status]), "content": content} for status in _PROBLEMS
    }
