"""A collection as a page: what it is, how much, where, since when, and how to ask for it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from planning.ogcapi.collections import Bounds, Collection, Json
from planning.ogcapi.pages import maps
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
        "map": maps.of_box(bounds, _("Map of the extent")),
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
    """The links to all features, one for each format."""
    return [link for link in document.get("links", ()) if link.get("rel") == "items"]


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
        address = at.items(collection.id, datetime="2026-01-01")
        found.append(Example("datetime", _("Those valid on a day"), address))
    if asked := _filter(collection):
        found.append(
            Example("filter", _("Those that meet a condition"), at.items(collection.id, filter=asked))
        )
    return found


def _middle(bounds: Bounds) -> Bounds:
    """The middle quarter of a box."""
    west, south, east, north = bounds
    across, along = (east - west) / 4, (north - south) / 4
    return (west + across, south + along, east - across, north - along)


def _filter(collection: Collection) -> str:
    """A condition in CQL2 on the first property with known values, else on any text."""
    known = next((one for one in collection.queryables if one.choices), None)
    if known is not None:
        value = known.choices[0].replace("'", "''")
        return f"{known.name} = '{value}'"
    any_text = next((one for one in collection.queryables if one.kind == "text"), None)
    return f"{any_text.name} IS NOT NULL" if any_text else ""
