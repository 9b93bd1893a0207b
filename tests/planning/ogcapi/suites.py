"""The ported suites of OGC with their assertions explained, and the full town that they ask."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

pytest.register_assert_rewrite("tests.conformance.features10", "tests.conformance.tiles10")

from tests.conformance import features10, tiles10  # noqa: E402 - only now are their assertions explained
from tests.conformance.server import Reply, Server  # noqa: E402
from tests.planning.ogcapi import full_town  # noqa: E402

__all__ = ["features10", "fetch", "full_town_served", "tiles10"]


def fetch(address: str, accept: str) -> Reply:
    """Ask Django's test client, which does not care for hosts."""
    parts = urlsplit(address)
    response = Client().get(f"{parts.path}?{parts.query}", headers={"Accept": accept})
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Reply(address, response.status_code, headers, response.getvalue())


@contextmanager
def full_town_served(blocker: DjangoDbBlocker) -> Iterator[Server]:
    """The full town, published once for a whole file of tests and rolled back after them."""
    with blocker.unblock(), transaction.atomic():
        full_town.publish()
        yield Server("http://testserver/ogc", fetch)
        transaction.set_rollback(True)
