"""How these tests ask the OGC APIs and look into what they are told."""

import json
from typing import Any

from django.test import Client

Json = dict[str, Any]


def told(client: Client, address: str, **parameters: object) -> Json:
    """The document at the address."""
    response = client.get(address, parameters)
    body = response.getvalue()
    assert response.status_code == 200, body
    found: Json = json.loads(body)
    return found


def linked(document: Json, relation: str) -> list[Json]:
    """The links of that kind."""
    return [link for link in document["links"] if link["rel"] == relation]
