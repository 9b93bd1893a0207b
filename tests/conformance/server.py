"""A server of OGC APIs as the suites see it: found from its landing page through its OpenAPI document."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlencode

JSON, GEOJSON, HTML = "application/json", "application/geo+json", "text/html"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
SPEC = "http://www.opengis.net/spec/"
CORE = f"{SPEC}ogcapi-features-1/1.0/conf/core"
# encodings that a server claims, and the media type in which every resource then has an alternate
ENCODINGS = {
    f"{SPEC}ogcapi-features-1/1.0/conf/geojson": GEOJSON,
    f"{SPEC}ogcapi-features-1/1.0/conf/html": HTML,
}
Document = dict[str, Any]


class Skipped(Exception):
    """The suite itself would skip the method; the text says why."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; names of headers are in lower case."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The document; the answer must be a 200."""
        assert self.status == 200, f"{self.url} gave {self.status}: {self.body[:300]!r}"
        return json.loads(self.body)


# absolute address and the header Accept -> reply
Fetch = Callable[[str, str], Reply]


def links_with(document: Document, rel: str, media_type: str = "") -> list[Document]:
    """The links of that relation; of that type, spaces aside, where one is given."""
    wanted = media_type.replace(" ", "")
    return [
        link
        for link in document["links"]
        if link.get("rel") == rel and (not wanted or str(link.get("type")).replace(" ", "") == wanted)
    ]


def with_query(address: str, **query: object) -> str:
    """The address with more parameters, as clients add them: without a look at those it has."""
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query, safe=',:/')}" if query else address


class Server:
    """One server. `base` has no slash at its end; collections are those whose items are features."""

    def __init__(self, base: str, fetch: Fetch) -> None:
        self.base, self.fetch = base, fetch

    def get(self, address: str, accept: str = JSON, **query: object) -> Reply:
        return self.fetch(with_query(address, **query), accept)

    @cached_property
    def landing(self) -> Document:
        return dict(self.get(f"{self.base}/").json())

    @cached_property
    def api(self) -> Document:
        """The OpenAPI document."""
        found = links_with(self.landing, "service-desc", OPENAPI)
        assert found, f"no link service-desc of type {OPENAPI}"
        return dict(self.get(found[0]["href"], OPENAPI).json())

    def test_point(self, path: str) -> str:
        """The address of a path; it must stand in the API document, below a server that is this one."""
        assert self.path_item(path), f"{path} is in no path of the API document"
        servers = [str(server["url"]) for server in self.api["servers"]]
        # the suite takes the server's address as a pattern on its own
        found = [url for url in servers if re.match(url.rstrip("/"), self.base)]
        assert found, f"none of the servers {servers} is {self.base}"
        return found[0].rstrip("/") + path

    def path_item(self, path: str) -> Document | None:
        """What the API document says of a path, by template or by name; named ones first."""
        for template in sorted(self.api["paths"], key=lambda one: one.count("{")):
            if re.fullmatch(re.sub(r"\\{[^/]+?\\}", "[^/]+", re.escape(template)), path):
                found: Document = self.api["paths"][template]
                # without an answer that succeeds an operation is no test point
                return found if {"200", "default"} & set(found["get"]["responses"]) else None
        return None

    def resolved(self, node: Document) -> Document:
        """A node of the API document, or what its reference names."""
        while "$ref" in node:
            found: Any = self.api
            for part in node["$ref"].removeprefix("#/").split("/"):
                found = found[part.replace("~1", "/").replace("~0", "~")]
            node = found
        return node

    def parameter(self, collection_id: str, name: str) -> Document | None:
        """A parameter of the items of a collection, as the API document declares it."""
        item = self.path_item(f"/collections/{collection_id}/items")
        assert item, f"the items of {collection_id} are not in the API document"
        declared = [self.resolved(one) for one in [*item.get("parameters", ()), *item["get"]["parameters"]]]
        return next((one for one in declared if one["name"] == name), None)

    @cached_property
    def claims(self) -> set[str]:
        """The conformance classes."""
        return set(self.get(self.test_point("/conformance")).json()["conformsTo"])

    @cached_property
    def media_types(self) -> set[str]:
        """The media types of the encodings that are claimed."""
        return {media_type for claim, media_type in ENCODINGS.items() if claim in self.claims}

    @cached_property
    def listed(self) -> Document:
        """`/collections`."""
        return dict(self.get(self.test_point("/collections")).json())

    @cached_property
    def collections(self) -> dict[str, Document]:
        """`/collections/{id}` of every collection of features."""
        wanted = [
            one["id"]
            for one in self.listed["collections"]
            if links_with(one, "items") and one.get("itemType", "feature") == "feature"
        ]
        assert wanted, "no collection has items"
        return {name: self.get(self.test_point(f"/collections/{quote(name)}")).json() for name in wanted}

    def items_address(self, collection: Document) -> str:
        """Where the features of a collection are."""
        found = links_with(collection, "items", GEOJSON)
        assert found, f"{collection['id']} has no link items of type {GEOJSON}"
        return str(found[0]["href"])

    def items(self, collection: Document, **query: object) -> Reply:
        """Features as the suite asks for them: it adds a limit of ten where there is none."""
        return self.get(self.items_address(collection), GEOJSON, **{"limit": 10, **query})

    @cached_property
    def filled(self) -> list[Document]:
        """The collections that have features: of others there is no single one to ask for."""
        found = [one for one in self.collections.values() if self.items(one).json()["features"]]
        assert found, "no collection has features"
        return found

    def first_item_address(self, collection: Document) -> str:
        """The first feature, its id appended to the address of the items, cut at its query."""
        first = self.items(collection).json()["features"][0]
        return f"{self.items_address(collection).split('?')[0]}/{quote(str(first['id']))}"

    def systems(self, collection: Document) -> list[str]:
        """The coordinate reference systems of a collection, those of all collections resolved."""
        own = list(collection["crs"])
        shared = list(self.listed.get("crs", ())) if "#/crs" in own else []
        return [*(one for one in own if one != "#/crs"), *shared]
