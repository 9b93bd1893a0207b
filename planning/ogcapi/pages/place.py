"""Request -> where its page stands: the way from the start to it, its addresses, what must be said there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from planning.ogcapi.addresses import Addresses
from planning.ogcapi.collections import Catalogue, Collection, Json, Text
from planning.ogcapi.language import LANGUAGES
from planning.ogcapi.representations import HTML, JSON, Representation

# What the parts of an address are called; what is not here is called by its own name.
_NAMES: Mapping[str, Text] = {
    "api": _("API description"),
    "conformance": _("Conformance"),
    "functions": _("Functions"),
    "collections": _("Collections"),
    "items": _("Items"),
    "queryables": _("Queryables"),
    "schema": _("Schema"),
    "tiles": _("Tiles"),
    "tileMatrixSets": _("Tile matrix sets"),
    "styles": _("Styles"),
}
# The parameters that lead through the pages of one result.
_STEPS = ("offset", "next")


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the way to a page."""

    name: Text
    address: str


@dataclass(frozen=True, slots=True)
class Format:
    """One form of a resource, with the address to copy."""

    name: str
    title: str
    media_type: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """`segments` is the path below the root; `asked` the query as it was written, the last value of each."""

    segments: tuple[str, ...]
    asked: Mapping[str, str]
    catalogue: Catalogue
    collections: tuple[Collection, ...]
    addresses: Addresses

    @classmethod
    def of(cls, request: HttpRequest, catalogue: Catalogue, addresses: Addresses) -> "Place":
        """The place of the page that answers the request."""
        below = request.path.removeprefix(reverse("ogc:landing").rstrip("/")).strip("/")
        return cls(
            segments=tuple(below.split("/")) if below else (),
            asked=request.GET.dict(),
            catalogue=catalogue,
            collections=catalogue.seen_by(request),
            addresses=addresses,
        )

    @property
    def collection(self) -> Collection | None:
        """The collection that the page is about."""
        if self.segments[:1] != ("collections",) or len(self.segments) < 2:
            return None
        return next((one for one in self.collections if one.id == self.segments[1]), None)

    @property
    def crumbs(self) -> list[Crumb]:
        """The way from the start of the site to here; every step is a resource of its own."""
        steps = [
            Crumb(self._name(number, segment), self.to(*self.segments[: number + 1]))
            for number, segment in enumerate(self.segments)
        ]
        return [Crumb(self.catalogue.title, "/"), Crumb("OGC API", self.to()), *steps]

    def _name(self, number: int, segment: str) -> Text:
        if number == 1 and self.collection is not None:
            return self.collection.title
        return _NAMES.get(segment, segment) if number != 1 else segment

    @property
    def language(self) -> str:
        """The language of the page."""
        return (translation.get_language() or LANGUAGES[0]).split("-")[0]

    def to(self, *segments: object, **query: Any) -> str:
        """The address of another page, for a link: a path, in the language that was asked for by name."""
        return self.followed(self.addresses.of(*segments, query=query))

    def followed(self, address: str) -> str:
        """An address of a document as a link of this page; "" for what leads nowhere good.

        Our own become paths, so that pages work under whatever name the server was reached. A chosen
        language goes along.
        """
        if not address.startswith(("https://", "http://", "/")) or address.startswith("//"):
            return ""
        path = address.removeprefix(self.origin)
        chosen = self.asked.get("lang")
        if chosen not in LANGUAGES or not path.startswith("/") or "lang=" in path:
            return path
        path, hash_sign, fragment = path.partition("#")
        return f"{path}{'&' if '?' in path else '?'}lang={chosen}{hash_sign}{fragment}"

    @property
    def origin(self) -> str:
        """Scheme and host that all addresses in documents begin with."""
        parts = urlsplit(self.addresses.root)
        return f"{parts.scheme}://{parts.netloc}"

    def in_language(self, code: str) -> str:
        """The query that shows this very page in that language."""
        return "?" + urlencode({**self.asked, "lang": code})

    @property
    def is_first(self) -> bool:
        """Whether nothing was asked for that lies behind the first page of a result."""
        return not any(self.asked.get(step) for step in _STEPS)

    @property
    def first(self) -> str:
        """The query of the first page of this result."""
        kept = {name: value for name, value in self.asked.items() if name not in _STEPS}
        return "?" + urlencode(kept)

    def formats(self, document: Json, offered: Sequence[Representation] = ()) -> list[Format]:
        """Every form in which this resource is given, the page last.

        A document without links (a schema, a style) is known by what its resource offers.
        """
        links = [
            link
            for link in document.get("links", ())
            if isinstance(link, dict) and link.get("rel") in ("self", "alternate") and "href" in link
        ]
        links = links or [self._guessed(one) for one in offered or (JSON,)]
        pages = [link for link in links if _essence(link.get("type", "")) == HTML.media_type]
        data = [link for link in links if link not in pages]
        return [_format(link) for link in (*data, *(pages or [self._guessed(HTML)]))]

    def _guessed(self, form: Representation) -> Json:
        asked = {**self.asked, "f": form.name}
        address = self.addresses.of(*self.segments, query=asked)
        return {"href": address, "type": form.media_type, "title": str(form.title)}

    def notices(self, document: Json) -> list[str]:
        """What must be said of the data, in the language of the page."""
        given = document.get("notices")
        about = (self.collection,) if self.collection else self.collections
        if given is None:
            given = [notice for one in about for notice in one.notices(one.source.newest())]
        found = (notice.get(self.language) or next(iter(notice.values()), "") for notice in given)
        return list(dict.fromkeys(text for text in found if text))


def _essence(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()


def _format(link: Json) -> Format:
    media_type = str(link.get("type", ""))
    return Format(
        name=_essence(media_type).rpartition("/")[2].replace("+", "-"),
        title=str(link.get("title") or media_type),
        media_type=media_type,
        address=str(link["href"]),
    )
