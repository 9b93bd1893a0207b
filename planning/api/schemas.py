"""JSON Schemas of what `/api/v1/` gives, the answer aside, whose schema is published by itself."""

from typing import Any

Schema = dict[str, Any]


def ref(name: str) -> Schema:
    """A reference to one of `COMPONENTS`."""
    return {"$ref": f"#/components/schemas/{name}"}


def _object(properties: Schema, *, optional: tuple[str, ...] = ()) -> Schema:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required}


def _array(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _or_null(kind: str, **more: Any) -> Schema:
    return {"type": [kind, "null"], **more}


TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
INTEGER: Schema = {"type": "integer"}
BOOLEAN: Schema = {"type": "boolean"}
DATE: Schema = {"type": "string", "format": "date"}
URI: Schema = {"type": "string", "format": "uri"}
POSITION: Schema = {"type": "array", "items": NUMBER, "minItems": 2, "maxItems": 2}
BBOX: Schema = {"type": "array", "items": NUMBER, "minItems": 4, "maxItems": 4}
LINKS: Schema = {"type": "object", "additionalProperties": URI}
NOTICES = _array(ref("Text"))


def _list(item: str) -> Schema:
    return _object({"items": _array(ref(item)), "next": _or_null("string", format="uri"), "notices": NOTICES})


_PARCEL = {
    "id": TEXT,
    "commune": ref("Commune"),
    "commune_now": _array(ref("Commune")),
    "sheet": TEXT,
    "number": TEXT,
    "aliases": _array(_object({"scheme": TEXT, "value": TEXT})),
    "existed_from": _or_null("string", format="date"),
    "existed_to": _or_null("string", format="date"),
    "predecessors": _array(ref("Relative")),
    "successors": _array(ref("Relative")),
    "registry_area_m2": _or_null("number"),
    "area_m2": NUMBER,
    "metric_crs": TEXT,
    "address": TEXT,
    "centre": POSITION,
    "links": LINKS,
    "notices": NOTICES,
}
_PLAN = {
    "id": TEXT,
    "title": TEXT,
    "title_en": TEXT,
    "kind": TEXT,
    "level": TEXT,
    "scale": _or_null("integer"),
    "accuracy_m": NUMBER,
    "stated_accuracy_m": _or_null("number"),
    "metric_crs": TEXT,
    "territory": _object({"id": TEXT, "name": TEXT}),
    "office": ref("Office"),
    "links": LINKS,
}

_DOCUMENT = {
    "kind": TEXT,
    "number": TEXT,
    "date": _or_null("string", format="date"),
    "issuer": TEXT,
    "title": TEXT,
    "url": _or_null("string", format="uri"),
    "sha256": _or_null("string"),
}
_PARTICULARS = {
    "on": DATE,
    "effective_from": DATE,
    "effective_to": _or_null("string", format="date"),
    "is_local": BOOLEAN,
    "decision": {"oneOf": [ref("Document"), {"type": "null"}]},
    "published_in": _or_null("integer"),
}

COMPONENTS: dict[str, Schema] = {
    "Text": _object({"vi": TEXT, "en": TEXT}),
    "Commune": _object({"id": TEXT, "code": TEXT, "name": TEXT}),
    "Office": _object({"id": TEXT, "name": TEXT, "name_en": TEXT}),
    "Problem": _object(
        {
            "type": {"type": "string", "format": "uri-reference"},
            "title": TEXT,
            "status": INTEGER,
            "detail": TEXT,
            "instance": {"type": "string", "format": "uri-reference"},
            "parameter": TEXT,
        },
        optional=("parameter",),
    ),
    "Relative": _object({"id": TEXT, "kind": TEXT, "on": DATE, "shared_area_m2": _or_null("number")}),
    "Parcel": _object(_PARCEL, optional=("notices",)),
    "ParcelList": _list("Parcel"),
    "Candidate": _object(
        {
            "kind": {"type": "string", "enum": ["parcel", "commune", "street", "plan", "point"]},
            "id": _or_null("string"),
            "label": TEXT,
            "why": TEXT,
            "centre": {"oneOf": [POSITION, {"type": "null"}]},
            "url": _or_null("string", format="uri"),
        }
    ),
    "Lookup": _object(
        {
            "query": TEXT,
            "understood_as": _or_null("string"),
            "candidates": _array(ref("Candidate")),
            "hint": _or_null("string"),
        }
    ),
    "Coverage": _object(
        {
            "theme": TEXT,
            "plan_kind": _or_null("string"),
            "state": TEXT,
            "as_of": DATE,
            "valid_from": _or_null("string", format="date"),
            "valid_to": _or_null("string", format="date"),
            "source": TEXT,
            "office": ref("Office"),
            "edition": _or_null("string"),
            "bbox": BBOX,
            "geometry": {"type": "object"},
        },
        optional=("geometry",),
    ),
    "CoverageList": _list("Coverage"),
    "Plan": _object(_PLAN),
    "PlanList": _list("Plan"),
    "Document": _object(_DOCUMENT),
    "Clause": _object(
        {
            "id": TEXT,
            "article": TEXT,
            "text": TEXT,
            "page": _or_null("integer"),
            "url": _or_null("string", format="uri"),
            "land_uses": _array(TEXT),
            "zone_codes": _array(TEXT),
            "restriction_kinds": _array(TEXT),
        }
    ),
    "Paper": _object(_DOCUMENT | {"pages": _or_null("integer"), "clauses": _array(ref("Clause"))}),
    "Particulars": _object(_PARTICULARS),
    "Event": _object(
        {"kind": TEXT}
        | _PARTICULARS
        | {
            "is_void": BOOLEAN,
            "is_corrected": BOOLEAN,
            "recorded": {"oneOf": [ref("Particulars"), {"type": "null"}]},
        }
    ),
    "Act": _object({"edition": TEXT, "event": TEXT, "decision": TEXT}),
    "LegalState": _object(
        {
            "status": TEXT,
            "of": {"type": "string", "enum": ["zones", "restrictions"]},
            "pieces": INTEGER,
            "valid_from": _or_null("string", format="date"),
            "valid_to": _or_null("string", format="date"),
            "acts": _array(ref("Act")),
            "bbox": BBOX,
        }
    ),
    "Edition": _object(
        {
            "id": TEXT,
            "number": INTEGER,
            "title": TEXT,
            "is_local_adjustment": BOOLEAN,
            "published_in": _or_null("integer"),
            "statuses": _array(TEXT),
            "legal_state": _array(ref("LegalState")),
            "bbox": {"oneOf": [BBOX, {"type": "null"}]},
            "events": _array(ref("Event")),
        }
    ),
    "Relation": _object(
        {
            "kind": TEXT,
            "is_acting": BOOLEAN,
            "plan": _object({"id": TEXT, "title": TEXT, "title_en": TEXT}),
            "edition": TEXT,
            "is_local": BOOLEAN,
            "contents": _array(TEXT),
            "document": ref("Document"),
        }
    ),
    "PlanDetail": _object(
        _PLAN
        | {
            "licence": TEXT,
            "source": TEXT,
            "parent": _or_null("string"),
            "identifiers": _array(_object({"scheme": TEXT, "value": TEXT})),
            "editions": _array(ref("Edition")),
            "documents": _array(ref("Paper")),
            "relations": _array(ref("Relation")),
            "notices": NOTICES,
        }
    ),
    "Index": _object({"title": TEXT, "description": TEXT, "links": LINKS}),
}
