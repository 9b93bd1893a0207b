"""Schemas of the answers, in the dialect of OpenAPI 3.0 (null is `nullable`, one type for each value)."""

from collections.abc import Iterable

from planning.ogcapi.collections import Collection, Family, Json, Kind, Property
from planning.ogcapi.schemas import property_schema

TEXT: Json = {"type": "string"}
FILE: Json = {"type": "string", "format": "binary"}
ADDRESS: Json = {"type": "string", "format": "uri"}
COUNT: Json = {"type": "integer", "minimum": 0}
NUMBER: Json = {"type": "number"}

_SHAPES = {
    Family.POINT: ["Point", "MultiPoint"],
    Family.LINE: ["LineString", "MultiLineString"],
    Family.POLYGON: ["Polygon", "MultiPolygon"],
}
_ALL_SHAPES = [*(shape for shapes in _SHAPES.values() for shape in shapes), "GeometryCollection"]


def to(name: str) -> Json:
    """A reference to a schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def listed(items: Json) -> Json:
    """A list of such values."""
    return {"type": "array", "items": items}


def thing(required: Iterable[str] = (), **members: Json) -> Json:
    """An object with at least the required members."""
    found: Json = {"type": "object", "properties": members}
    needed = list(required)
    return found | {"required": needed} if needed else found


LINKS = listed(to("Link"))
_TITLED = {"title": TEXT, "description": TEXT, "attribution": TEXT, "links": LINKS}
_EXTENT = thing(
    spatial=thing(["bbox"], bbox=listed(listed(NUMBER) | {"minItems": 4, "maxItems": 4}), crs=ADDRESS),
    temporal=thing(
        ["interval"],
        interval=listed(
            listed({"type": "string", "format": "date-time", "nullable": True})
            | {"minItems": 2, "maxItems": 2}
        ),
        trs=ADDRESS,
    ),
)

COMMON: Json = {
    "Link": thing(["href", "rel"], href=TEXT, rel=TEXT, type=TEXT, title=TEXT, templated={"type": "boolean"}),
    "Notice": {"type": "object", "additionalProperties": TEXT},
    "LandingPage": thing(["title", "links"], **_TITLED),
    "Conformance": thing(["conformsTo"], conformsTo=listed(ADDRESS), links=LINKS),
    "Collections": thing(["links", "collections"], **_TITLED, collections=listed(to("Collection"))),
    "Collection": thing(
        ["id", "links"],
        **_TITLED,
        id=TEXT,
        itemType={"type": "string", "enum": ["feature"]},
        extent=_EXTENT,
        crs=listed(ADDRESS),
        storageCrs=ADDRESS,
        notices=listed(to("Notice")),
    ),
    "Functions": thing(
        ["functions"],
        functions=listed(
            thing(
                ["name", "returns"],
                name=TEXT,
                description=TEXT,
                arguments=listed(thing(["type"], title=TEXT, type=listed(TEXT))),
                returns=listed(TEXT),
            )
        ),
        links=LINKS,
    ),
    "JsonSchema": thing(["type", "properties"], type=TEXT, properties={"type": "object"}),
    "Document": {"type": "object"},
    "Problem": thing(
        ["type", "title", "status"],
        type=TEXT,
        title=TEXT,
        status={"type": "integer"},
        detail=TEXT,
        instance=TEXT,
        parameter=TEXT,
    ),
}


def of_collection(collection: Collection) -> Json:
    """The schemas of its features and of a page of them."""
    name = collection.id
    properties = {one.name: _value(one, collection) for one in collection.properties}
    kind = {"type": "string", "enum": ["Feature"]}
    kinds = {"type": "string", "enum": ["FeatureCollection"]}
    feature = thing(
        ["type", "id", "geometry", "properties"],
        type=kind,
        id=TEXT,
        geometry=_geometry(collection.geometry.family),
        properties=thing(properties, **properties),
        links=LINKS,
    )
    features = thing(
        ["type", "features", "links", "numberReturned"],
        type=kinds,
        features=listed(to(f"{name}.feature")),
        links=LINKS,
        numberMatched=COUNT,
        numberReturned=COUNT,
        timeStamp={"type": "string", "format": "date-time"},
    )
    return {f"{name}.feature": feature, f"{name}.features": features}


def _geometry(family: Family) -> Json:
    shapes = _SHAPES.get(family, _ALL_SHAPES)
    coordinates = {"type": "array", "items": {}}
    found = thing(["type"], type={"type": "string", "enum": shapes}, coordinates=coordinates)
    return found | {"nullable": True}


def _value(published: Property, collection: Collection) -> Json:
    """A property as GeoJSON has it: always there, null where the feature lacks it."""
    schema = property_schema(published, collection) | {"nullable": True}
    if published.kind is Kind.JSON:
        del schema["type"]
        del schema["nullable"]
    elif "enum" in schema:
        schema["enum"] = [*schema["enum"], None]
    return schema
