"""What a collection publishes -> JSON Schema: its logical schema, and what of it may be asked for.

The schema is that of the feature itself, whatever the format (OGC 23-058r2): id, geometry and properties
stand beside each other, and what a feature lacks is left out, where GeoJSON writes null.
"""

from typing import Any

from django.utils.translation import gettext as _

from planning.ogcapi.collections import Collection, Geometry, Json, Kind, Property

DIALECT = "https://json-schema.org/draft/2020-12/schema"
ID = "id"

# What a property of each kind is, in the words of JSON Schema.
TYPES: dict[Kind, Json] = {
    Kind.TEXT: {"type": "string"},
    Kind.INTEGER: {"type": "integer"},
    Kind.NUMBER: {"type": "number"},
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.DATETIME: {"type": "string", "format": "date-time"},
    Kind.LIST: {"type": "array", "items": {"type": "string"}},
    Kind.JSON: {"type": ["object", "array"]},
}


def feature_schema(collection: Collection, address: str) -> Json:
    """All that a feature of the collection has; `address` is that of the schema, without a query."""
    identity: Json = {"type": "string", "x-ogc-role": "id", "readOnly": True}
    own = {one.name: property_schema(one, collection) for one in collection.properties}
    named = own.pop(ID, {"title": _("Id of the feature")})
    properties = {ID: named | identity, **_geometry(collection.geometry), **own}
    return _document(collection, address, properties) | {"required": [ID]}


def queryables_schema(collection: Collection, address: str) -> Json:
    """All that may be asked for. Nothing else may: another name in a filter is a mistake."""
    own = {one.name: property_schema(one, collection) for one in collection.queryables}
    return _document(collection, address, _geometry(collection.geometry) | own)


def _document(collection: Collection, address: str, properties: Json) -> Json:
    return {
        "$schema": DIALECT,
        "$id": address,
        "type": "object",
        "title": collection.title,
        "description": collection.description,
        "properties": properties,
        "additionalProperties": False,
    }


def _geometry(geometry: Geometry) -> Json:
    """Without a type: how a geometry is written is a matter of the format."""
    spatial = {"format": f"geometry-{geometry.family}", "x-ogc-role": "primary-geometry"}
    return {geometry.name: {"title": _("Geometry")} | spatial}


def property_schema(published: Property, collection: Collection) -> Json:
    """One property: its type, what it may be, and what people call it."""
    more: dict[str, Any] = {
        "title": published.title or published.name,
        "description": published.description,
        "enum": list(published.choices),
        "x-ogc-unit": published.unit,
        "x-ogc-role": _role(published, collection),
    }
    return TYPES[published.kind] | {word: value for word, value in more.items() if value}


def _role(published: Property, collection: Collection) -> str:
    """Whether it tells when the feature is valid."""
    validity = collection.validity
    if validity is None:
        return ""
    roles = {validity.start: "primary-interval-start", validity.end: "primary-interval-end"}
    return roles.get(published.name, "")
