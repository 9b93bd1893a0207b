"""The absolute addresses of everything that a server of OGC APIs offers.

They begin with the one configured public address, never with what a request claims its host to be: a
document that is cached must not carry the name of whoever asked first.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.urls import reverse

from planning.ogcapi.collections import Text


@dataclass(frozen=True, slots=True)
class Addresses:
    """Addresses below `root`, the address of the landing page without a slash at its end."""

    root: str

    def of(self, *segments: object, query: dict[str, Any] | None = None) -> str:
        """The address of the resource at that path; segments are escaped, values of None left out."""
        path = "".join(f"/{quote(str(segment), safe='{}')}" for segment in segments)
        wanted = {name: value for name, value in (query or {}).items() if value not in (None, "")}
        return f"{self.root}{path or '/'}" + (f"?{urlencode(wanted)}" if wanted else "")

    def items(self, collection_id: str, *segments: object, **query: Any) -> str:
        """The address of the items of a collection, or of one of them."""
        return self.of("collections", collection_id, "items", *segments, query=query)


def addresses() -> Addresses:
    """The addresses of this server."""
    return Addresses(settings.PUBLIC_URL + reverse("ogc:landing").rstrip("/"))


def link(rel: str, href: str, media_type: str, title: Text = "", **more: Any) -> dict[str, Any]:
    """A link object as all OGC APIs write it."""
    found: dict[str, Any] = {"rel": rel, "href": href, "type": media_type}
    if title:
        found["title"] = str(title)
    return found | more
