"""Declared parameters -> parameter objects, each described once."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from planning.ogcapi.collections import Json, Text
from planning.ogcapi.parameters import Parameter

_TEXT = {"type": "string"}
_COUNTED = {"type": "integer", "minimum": 0}
# The variables of the routes: name on the wire, schema, description, an example.
PLACES: Mapping[str, tuple[str, Json, Text, object]] = {
    "feature_id": ("featureId", _TEXT, _("Id of a feature."), None),
    "matrix_set": ("tileMatrixSetId", _TEXT, _("Id of a tiling scheme."), "WebMercatorQuad"),
    "tile_matrix": ("tileMatrix", _TEXT, _("Zoom level of the tile."), "0"),
    "tile_row": ("tileRow", _COUNTED, _("Row of the tile, counted from the north."), 0),
    "tile_col": ("tileCol", _COUNTED, _("Column of the tile, counted from the west."), 0),
    "version": ("version", _TEXT, _("Version of the data, as the addresses of tiles name it."), None),
    "style_id": ("styleId", _TEXT, _("Id of a style."), None),
    "sprite": ("sprite", _TEXT, _("File of the style's patterns."), "sprite.json"),
}

_READ_EXAMPLE: Mapping[str, Callable[[str], Any]] = {
    "integer": int,
    "number": float,
    "boolean": lambda text: text == "true",
    "array": lambda text: [float(part) for part in text.split(",")],
}


class Shelf:
    """Parameters by name. The first of a name is kept here and referred to; one that differs from it is
    written where it is used."""

    def __init__(self) -> None:
        self.kept: dict[str, Json] = {}

    def referred(self, parameters: Iterable[Parameter]) -> list[Json]:
        """How an operation lists these parameters."""
        return [self._referred(written(one)) for one in parameters]

    def _referred(self, parameter: Json) -> Json:
        name = parameter["name"]
        is_kept = self.kept.setdefault(name, parameter) == parameter
        return {"$ref": f"#/components/parameters/{name}"} if is_kept else parameter


def written(parameter: Parameter) -> Json:
    """A query parameter; what the specification takes for granted is spelled out, for some clients do not."""
    schema = dict(parameter.schema)
    read = _READ_EXAMPLE.get(str(schema.get("type")), str)
    found: Json = {
        "name": parameter.name,
        "in": "query",
        "description": str(parameter.description),
        "required": parameter.required,
        "allowEmptyValue": not parameter.required,  # an empty one is as good as none
        "style": "form",
        "explode": False,
        "schema": schema,
    }
    if parameter.examples:
        values = enumerate(parameter.examples, 1)
        found["examples"] = {f"example{n}": {"value": read(text)} for n, text in values}
    return found


def place(variable: str, *, is_shown: bool = True) -> Json:
    """A variable of a path; with an example where that leads somewhere."""
    name, schema, description, example = PLACES[variable]
    found = {
        "name": name,
        "in": "path",
        "description": str(description),
        "required": True,
        "schema": dict(schema),
    }
    return found if example is None or not is_shown else found | {"example": example}
