"""A body that is too large is answered, not cut off: the caller reads why, over a real connection."""

import http.client
import json
from urllib.parse import urlsplit

import pytest
from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("path", "content_type", "status"),
    [
        ("/api/v1/planning", "application/geo+json", 413),
        ("/api/v1/planning", "text/plain", 415),
        ("/api/v1/plans", "application/json", 405),
        ("/api/v1/nothing", "application/json", 404),
    ],
)
def test_ten_megabytes_are_refused_with_a_problem(
    live_server: LiveServer, path: str, content_type: str, status: int
) -> None:
    address = urlsplit(live_server.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=30)

    connection.request("POST", path, body=b" " * 10_000_000, headers={"Content-Type": content_type})
    response = connection.getresponse()
    problem = json.loads(response.read())
    connection.close()

    assert response.status == problem["status"] == status
