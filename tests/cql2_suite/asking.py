"""How a server is asked: a predicate and its language in, status and features out."""

import http.client
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

TEXT, JSON = "cql2-text", "cql2-json"
LIMIT = 10_000

# path with query -> status and body
Get = Callable[[str], tuple[int, bytes]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `ids` in their order, `document` of a refusal for whoever looks for its reason."""

    status: int
    matched: int | None
    ids: tuple[Any, ...]
    document: dict[str, Any]

    def __str__(self) -> str:
        if self.status != 200:
            return f"{self.status} {self.document.get('detail') or self.document.get('title') or ''}".strip()
        return f"numberMatched {self.matched}, {len(self.ids)} features"


def ask(get: Get, layer: str, predicate: str, language: str = TEXT) -> Answer:
    """The features of the layer for which the predicate holds."""
    query = urlencode({"filter": predicate, "filter-lang": language, "limit": LIMIT, "f": "json"})
    status, body = get(f"/ogc/collections/{quote(layer)}/items?{query}")
    try:
        document = json.loads(body)
    except ValueError:
        document = {"title": body[:200].decode(errors="replace")}
    ids = tuple(feature["id"] for feature in document.get("features", ()))
    return Answer(status, document.get("numberMatched"), ids, document)


@contextmanager
def connected(port: int) -> Iterator[Get]:
    """Ask the server at that port over one connection, made anew where the server closed it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def get(address: str) -> tuple[int, bytes]:
        for is_last in (False, True):
            try:
                connection.request("GET", address)
                response = connection.getresponse()
                return response.status, response.read()
            except (http.client.HTTPException, OSError) as error:
                connection.close()
                if is_last:
                    return 0, f"no answer: {error}".encode()
        raise AssertionError

    yield get
    connection.close()
