"""The links of a page of items and of one item: every href absolute, every type exact."""

from collections.abc import Sequence

from planning.ogcapi.addresses import Addresses, link
from planning.ogcapi.collections import Collection, Json
from planning.ogcapi.items import places
from planning.ogcapi.items.places import Place
from planning.ogcapi.items.question import Question
from planning.ogcapi.representations import GEOJSON, HTML, JSON, SCHEMA, Representation

FORMATS_OF_ONE = (GEOJSON, HTML)


def of_page(
    addresses: Addresses,
    question: Question,
    sent: Representation,
    offered: Sequence[Representation],
    *,
    following: Place | None,
    preceding: Place | None,
) -> tuple[Json, ...]:
    """Its own address in every format, its neighbours, its collection and the schema."""
    asked = dict(question.asked)
    asked.pop("f", None)

    def address(representation: Representation, place: Place | None = None) -> str:
        query = asked | ({"next": places.written(place)} if place else {})
        return addresses.items(question.collection.id, **query, f=representation.name)

    links = [
        link("self" if one is sent else "alternate", address(one), one.media_type, one.title)
        for one in offered
    ]
    for rel, place in (("next", following), ("prev", preceding)):
        if place is not None:
            links.append(link(rel, address(sent, place), sent.media_type))
    return (*links, *_around(addresses, question.collection))


def of_item(
    addresses: Addresses, collection: Collection, feature_id: str, sent: Representation, asked: Json
) -> list[Json]:
    """Its own address in every format, its collection, the schema, and the page that tells people of it."""
    links = [
        link(
            "self" if one is sent else "alternate",
            addresses.items(collection.id, feature_id, **asked | {"f": one.name}),
            one.media_type,
            one.title,
        )
        for one in FORMATS_OF_ONE
    ]
    links += _around(addresses, collection)
    if collection.page_of is not None:
        links.append(link("canonical", collection.page_of(feature_id), HTML.media_type))
    return links


def _around(addresses: Addresses, collection: Collection) -> tuple[Json, ...]:
    schema = addresses.of("collections", collection.id, "schema", query={"f": SCHEMA.name})
    home = addresses.of("collections", collection.id)
    return (
        link("collection", home, JSON.media_type, collection.title),
        # both spellings: the registered one, and the one that GDAL looks for
        link("describedby", schema, SCHEMA.media_type),
        link("describedBy", schema, SCHEMA.media_type),
    )
