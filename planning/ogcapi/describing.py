"""Collections and what they consist of: the documents from which a client learns what it may ask."""

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import ClassVar

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request

from planning import crs
from planning.ogcapi import relations
from planning.ogcapi.addresses import Addresses, link
from planning.ogcapi.collections import Bounds, Collection, Figures, Json, Snapshot
from planning.ogcapi.documents import DocumentView, are_for_everybody, newest
from planning.ogcapi.items.views import Items
from planning.ogcapi.representations import HTML, JSON, SCHEMA, Representation
from planning.ogcapi.schemas import feature_schema, queryables_schema

GREGORIAN = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"
# Seven decimals of a degree are a centimetre: what clients send back must still hold all features.
_STEP = Decimal("1e-7")
_SPDX = "https://spdx.org/licenses/"


class Collections(DocumentView):
    """All collections that the caller may see."""

    def get(self, request: Request) -> HttpResponse:
        seen = self.catalogue.seen_by(self.http_request)
        snapshots = newest(seen)

        def document() -> Json:
            return {
                "title": self.catalogue.title,
                "description": self.catalogue.description,
                "links": self.own_links("collections"),
                "collections": [
                    described(one, snapshots[one.id], self.addresses, self.own_links_of(one)) for one in seen
                ],
            }

        said = [said_today(one, snapshots[one.id]) for one in seen]
        is_public = are_for_everybody(*self.catalogue.collections)
        return self.tell("collections", document, list(snapshots.values()), *said, is_public=is_public)

    def own_links_of(self, collection: Collection) -> list[Json]:
        """How the list refers to the page of a collection."""
        address = self.addresses.of("collections", collection.id, query={"f": self.sent.name})
        return [link("self", address, self.sent.media_type, collection.title)]


class CollectionDetail(DocumentView):
    """One collection."""

    def get(self, request: Request, collection_id: str) -> HttpResponse:
        collection = self.collection(collection_id)
        snapshot = newest([collection])[collection.id]

        def document() -> Json:
            links = self.own_links("collections", collection.id)
            return described(collection, snapshot, self.addresses, links)

        said = said_today(collection, snapshot)
        is_public = are_for_everybody(collection)
        return self.tell("collection", document, [snapshot], said, is_public=is_public)


class Queryables(DocumentView):
    """What a filter on the collection may name."""

    offered: ClassVar[tuple[Representation, ...]] = (SCHEMA, HTML)

    def get(self, request: Request, collection_id: str) -> HttpResponse:
        collection = self.collection(collection_id)
        address = self.addresses.of("collections", collection.id, "queryables")
        is_public = are_for_everybody(collection)
        return self.tell("queryables", lambda: queryables_schema(collection, address), is_public=is_public)


class Schema(DocumentView):
    """What a feature of the collection has."""

    offered: ClassVar[tuple[Representation, ...]] = (SCHEMA, HTML)

    def get(self, request: Request, collection_id: str) -> HttpResponse:
        collection = self.collection(collection_id)
        address = self.addresses.of("collections", collection.id, "schema")
        is_public = are_for_everybody(collection)
        return self.tell("schema", lambda: feature_schema(collection, address), is_public=is_public)


def described(
    collection: Collection, snapshot: Snapshot, addresses: Addresses, own_links: Sequence[Json]
) -> Json:
    """A collection as `/collections` and `/collections/{id}` both show it, figure by figure alike."""
    document: Json = {
        "id": collection.id,
        "title": collection.title,
        "description": collection.description,
        "itemType": "feature",
        "extent": extent(collection.source.figures(collection, snapshot)),
        **said_today(collection, snapshot),
        "links": [*own_links, *_links(collection, addresses)],
    }
    return {name: value for name, value in document.items() if value}


def said_today(collection: Collection, snapshot: Snapshot) -> Json:
    """What may change without a publication, and costs little to say."""
    return {
        "crs": [system.uri for system in collection.crs_list],
        "storageCrs": crs.WGS84.uri,
        "license": str(collection.licence),
        "attribution": str(collection.attribution),
        "notices": [dict(notice) for notice in collection.notices(snapshot)],
    }


def extent(figures: Figures) -> Json:
    """Where and when the features are; nothing is said of a collection that has none."""
    found: Json = {}
    if figures.bbox is not None:
        found["spatial"] = {"bbox": [outward(figures.bbox)], "crs": crs.CRS84.uri}
    if figures.interval is not None and figures.count:
        found["temporal"] = {"interval": [[_moment(end) for end in figures.interval]], "trs": GREGORIAN}
    return found


def outward(bounds: Bounds) -> list[float]:
    """The box on its grid of seven decimals, no feature cut off."""
    west, south, east, north = (Decimal(repr(float(bound))) for bound in bounds)
    grown = (
        *(low.quantize(_STEP, ROUND_FLOOR) for low in (west, south)),
        *(high.quantize(_STEP, ROUND_CEILING) for high in (east, north)),
    )
    world = (Decimal(180), Decimal(90)) * 2
    return [float(max(-most, min(most, bound))) for bound, most in zip(grown, world, strict=True)]


def _moment(day: date | None) -> str | None:
    """The beginning of a day of the law; an open end is null."""
    if day is None:
        return None
    return datetime.combine(day, time(), tzinfo=timezone.get_default_timezone()).isoformat()


def _links(collection: Collection, addresses: Addresses) -> list[Json]:
    """What can be had of the collection."""
    return [
        *_items_links(collection, addresses),
        *_schema_links(collection, addresses),
        *(_drawing_links(collection, addresses) if collection.drawing else ()),
        *_licence_links(collection),
    ]


def _items_links(collection: Collection, addresses: Addresses) -> list[Json]:
    return [
        link(
            "items",
            addresses.items(collection.id, f=one.name),
            one.media_type,
            _("%(title)s as %(format)s") % {"title": collection.title, "format": one.title},
        )
        for one in Items.offered
    ]


def _schema_links(collection: Collection, addresses: Addresses) -> list[Json]:
    """The schema goes by three names: that of its standard, IANA's, and the one that GDAL looks for.

    The addresses are those that the documents give as their own, without a query (OGC 23-058r2, annex A).
    """
    of_schema = (relations.SCHEMA, "describedby", "describedBy")
    asked = (
        ("queryables", _("Properties that a filter may name"), (relations.QUERYABLES,)),
        ("schema", _("Schema of the features"), of_schema),
    )
    return [
        link(
            relation,
            addresses.of("collections", collection.id, resource),
            SCHEMA.media_type,
            title,
        )
        for resource, title, names in asked
        for relation in names
    ]


def _drawing_links(collection: Collection, addresses: Addresses) -> list[Json]:
    return [
        link(
            relations.TILESETS_VECTOR,
            addresses.of("collections", collection.id, "tiles"),
            JSON.media_type,
            _("Vector tiles"),
        ),
        link(relations.STYLES, addresses.of("styles"), JSON.media_type, _("Styles")),
    ]


def _licence_links(collection: Collection) -> list[Json]:
    """The licence by its own address, or by the name that SPDX keeps."""
    licence = str(collection.licence)
    if not licence:
        return []
    address = licence if licence.startswith(("https://", "http://")) else f"{_SPDX}{licence}.html"
    return [link("license", address, HTML.media_type, licence)]
