"""A collection as a page: what it is, how much, where, since when, and how to ask for it."""

from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from planning.ogcapi.collections import Bounds, Collection, Json
from planning.ogcapi.pages import maps
from planning.ogcapi.pages.features import common
from planning.ogcapi.pages.place import Place


@dataclass(frozen=True, slots=True)
class Example:
    """A request to copy: what it asks for, and its address."""

    name: str
    title: str
    address: str


def presented_all(document: Json, place: Place) -> dict[str, Any]:
    """Every collection with its number of features."""
    declared = {one.id: one for one in place.collections}
    rows = [
        {"document": one, "count": _count(declared.get(one["id"])), "interval": _interval(one)}
        for one in document.get("collections", ())
    ]
    return {"rows": rows}


def presented(document: Json, place: Place) -> dict[str, Any]:
    """One collection."""
    bounds = _bounds(document)
    links = {link.get("rel"): link for link in reversed(document.get("links", ()))}
    return {
        "count": _count(place.collection),
        "bounds": bounds,
        "interval": _interval(document),
        "map": maps.of_extent(bounds, place),
        "examples": _examples(place, bounds),
        "downloads": _downloads(document),
        "licence": _licence(place.collection, document, links),
        "systems": [one for one in document.get("crs", ()) if one],
    }


def _count(collection: Collection | None) -> int | None:
    if collection is None:
        return None
    return collection.source.figures(collection, collection.source.newest()).count


def _bounds(document: Json) -> Bounds | None:
    boxes = document.get("extent", {}).get("spatial", {}).get("bbox") or [None]
    box = boxes[0]
    return tuple(box) if box and len(box) == 4 else None


def _interval(document: Json) -> tuple[str | None, str | None] | None:
    """First and last day; None at either side where it is open, None where there is no time at all."""
    intervals = document.get("extent", {}).get("temporal", {}).get("interval") or [None]
    interval = intervals[0]
    if not interval:
        return None
    start, end = (str(moment)[:10] if moment else None for moment in interval)
    return (start, end)


def _downloads(document: Json) -> list[Json]:
    """The links to all features, one for each format but the page."""
    items = (link for link in document.get("links", ()) if link.get("rel") == "items")
    return [link for link in items if link.get("type") != "text/html"]


def _licence(collection: Collection | None, document: Json, links: Json) -> Json:
    """What it is called, and where its text is."""
    link = links.get("license", {})
    name = link.get("title") or document.get("license") or (collection.licence if collection else "")
    return {"name": name, "address": link.get("href", "")}


def _examples(place: Place, bounds: Bounds | None) -> list[Example]:
    """Requests that work as they stand, with values of this very collection."""
    collection = place.collection
    if collection is None:
        return []
    at = place.addresses
    found = [Example("first", _("The first ten"), at.items(collection.id, limit=10))]
    if bounds is not None:
        box = ",".join(f"{value:.5f}" for value in _middle(bounds))
        found.append(Example("bbox", _("Those that touch a box"), at.items(collection.id, bbox=box)))
    if collection.validity is not None:
        today = collection.source.newest().on.isoformat()
        found.append(Example("datetime", _("Those valid on a day"), at.items(collection.id, datetime=today)))
    if asked := _filter(collection):
        found.append(
            Example("filter", _("Those that meet a condition"), at.items(collection.id, filter=asked))
        )
    return [replace(one, address=_legible(one.address)) for one in found]


def _legible(address: str) -> str:
    """Signs that need no escape in a query, as people write them."""
    for escaped, sign in (("%2C", ","), ("%3A", ":"), ("%2F", "/")):
        address = address.replace(escaped, sign)
    return address


def _middle(bounds: Bounds) -> Bounds:
    """The middle quarter of a box."""
    west, south, east, north = bounds
    across, along = (east - west) / 4, (north - south) / 4
    return (west + across, south + along, east - across, north - along)


def _filter(collection: Collection) -> str:
    """A condition in CQL2 that some feature meets: a text that the first of them has."""
    asked = common(collection)
    rows = collection.rows(collection.source.newest()).order_by(collection.order)
    first = rows.values_list(*(one.expression for one in asked))[:1] if asked else ()
    values = [(one.name, value) for row in first for one, value in zip(asked, row, strict=True) if value]
    if not values:
        return ""
    name, value = values[-1]
    quoted = str(value).replace("'", "''")
    return f"{name} = '{quoted}'"
