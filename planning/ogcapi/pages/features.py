"""Features as a page: a form to ask with, a table to read, one feature with everything it says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from planning import crs
from planning.ogcapi.collections import Collection, Json, Kind, Property, Text
from planning.ogcapi.pages import maps
from planning.ogcapi.pages.place import Place
from planning.ogcapi.pages.values import Value, in_brief, is_missing, shown

# The first queryables of a declaration have fields of their own; a filter reaches the others.
_FIELDS = 3
_ASKED_BY_THE_FORM = ("bbox", "datetime", "filter", "limit")


@dataclass(frozen=True, slots=True)
class Row:
    """A feature in the table: its id, where its pages are, its values in the order of the columns."""

    id: str
    address: str
    page: str
    cells: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form, asking for one property."""

    name: str
    title: Text
    choices: tuple[str, ...]
    value: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A property of one feature, in full."""

    name: str
    title: Text
    description: Text
    unit: str
    value: Value


def presented_page(document: Json, place: Place) -> dict[str, Any]:
    """A page of features."""
    features = document.get("features", [])
    collection = place.collection
    declared = _declared(collection, features)
    columns = [one for one in declared if any(_given(feature, one) for feature in features)]
    link = {link.get("rel"): link for link in document.get("links", ())}
    return {
        "position": 0,
        "columns": columns,
        "without_value": [one for one in declared if one not in columns] if features else [],
        "rows": [_row(feature, columns, place) for feature in features],
        "map": _map(features, place),
        "other_system": _other_system(place),
        "fields": _fields(collection, place.asked),
        "kept": {
            name: value
            for name, value in place.asked.items()
            if value and name in ("crs", "bbox-crs", "filter-lang", "filter-crs", "lang")
        },
        "is_asked": any(place.asked.get(name) for name in _names_asked(collection)),
        "next": place.followed(link["next"]["href"]) if "next" in link else "",
        "previous": place.followed(link["prev"]["href"]) if "prev" in link else "",
    }


def presented_one(document: Json, place: Place) -> dict[str, Any]:
    """One feature."""
    feature_id = str(document.get("id", ""))
    return {
        "entries": _entries(place.collection, document.get("properties") or {}),
        "map": _map([document], place),
        "other_system": _other_system(place),
        "page": _page_of(place.collection, feature_id),
        "heading": maps.Look.of(place.collection).label(document),
    }


def _map(features: Sequence[Json], place: Place) -> maps.Map | None:
    """A map of them, unless their coordinates are in another system or order."""
    title = str(place.collection.title) if place.collection else ""
    named = _("Map: %(title)s") % {"title": title}
    return None if _other_system(place) else maps.of_features(features, place.collection, named)


def _other_system(place: Place) -> str:
    """The system that was asked for, if it is not the one in which maps are drawn here."""
    asked = place.asked.get("crs", "").strip()
    return "" if not asked or crs.parse(asked) == crs.CRS84 else asked


def _declared(collection: Collection | None, features: Sequence[Json]) -> Sequence[Property]:
    """The properties that features have; without a declaration those of the first one."""
    if collection is not None:
        return collection.properties
    return [Property(name=name) for name in (features[0].get("properties") or {})] if features else []


def _given(feature: Json, one: Property) -> bool:
    """Whether the feature has a value there; a column without any would be noise."""
    return not is_missing((feature.get("properties") or {}).get(one.name))


def _row(feature: Json, columns: Sequence[Property], place: Place) -> Row:
    feature_id = str(feature.get("id", ""))
    properties = feature.get("properties") or {}
    return Row(
        id=feature_id,
        address=place.to(*place.segments[:3], feature_id),
        page=_page_of(place.collection, feature_id),
        cells=tuple(in_brief(properties.get(column.name)) for column in columns),
    )


def _page_of(collection: Collection | None, feature_id: str) -> str:
    """The address of the page that tells people of it."""
    return collection.page_of(feature_id) if collection and collection.page_of else ""


def _entries(collection: Collection | None, properties: Json) -> list[Entry]:
    declared = {one.name: one for one in collection.properties} if collection else {}
    found = []
    for name, value in properties.items():
        one = declared.get(name, Property(name=name))
        found.append(Entry(name, one.title or name, one.description, one.unit, shown(value)))
    return found


def _fields(collection: Collection | None, asked: Mapping[str, str]) -> list[Field]:
    return [
        Field(one.name, one.title or one.name, one.choices, asked.get(one.name, ""))
        for one in common(collection)
    ]


def common(collection: Collection | None) -> Sequence[Property]:
    """What people ask for first: the first texts that the collection declares."""
    texts = (one for one in (collection.queryables if collection else ()) if one.kind is Kind.TEXT)
    return list(texts)[:_FIELDS]


def _names_asked(collection: Collection | None) -> set[str]:
    names = {one.name for one in collection.queryables} if collection else set()
    return names | {name for name in _ASKED_BY_THE_FORM if name != "limit"}
