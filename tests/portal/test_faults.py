"""What goes wrong is said on a page with ways on, and as a problem to machines."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import translation
from pytest_django import Settings

from planning.errors import Unavailable
from portal import faults
from portal.views import answering
from tests import town

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize(
    "address",
    [
        "/parcels/2004-00070-1-1",
        "/parcels/a%00b",
        "/parcels/" + "x" * 500,
        "/plans/none",
        "/plans/%F0%9F%8F%A0",
        "/zones/none.1.1",
        "/nowhere",
        "/parcels/",
    ],
)
def test_what_is_not_there_is_a_404_with_ways_on(client: Client, address: str, prefix: str) -> None:
    page = client.get(prefix + address)

    assert page.status_code == 404
    assert f'href="{prefix}/plans/"' in page.content.decode()


def test_a_parcel_that_we_do_not_hold_is_not_called_free_of_plans(client: Client) -> None:
    page = client.get("/en/parcels/2004-00070-1-1").content.decode()

    assert "That does not mean that nothing is planned there" in page


@pytest.mark.parametrize(
    "address",
    [
        "/points/x",
        "/points/21.03,105.85",
        "/points/nan,nan",
        "/points/1e400,1",
        "/points/105.85,21.03?as_at=yesterday",
        "/points/105.85,21.03?known_at=x",
        "/points/105.85,21.03?known_at=2999-01-01T00:00:00Z",
        "/?q=x&as_at=31/02/2026",
        "/?q=" + "x" * 5000,
        "/?q=%00",
    ],
)
def test_what_cannot_be_read_is_a_400_that_says_how_to_write_it(client: Client, address: str) -> None:
    page = client.get(address)

    assert page.status_code == 400
    assert "<h1" in page.content.decode()


def test_a_search_with_a_fault_keeps_what_was_typed(client: Client) -> None:
    page = client.get("/en/", {"q": "sheet <3>", "as_at": "yesterday"}).content.decode()

    assert 'value="sheet &lt;3&gt;"' in page
    assert 'value="yesterday"' in page
    assert "This is not a date. Write day/month/year" in page


def test_a_failed_question_is_a_503_and_no_answer() -> None:
    @answering
    def failing(request: HttpRequest) -> HttpResponse:
        raise Unavailable

    with translation.override("vi"):
        page = failing(RequestFactory().get("/parcels/x"))

    assert page.status_code == 503
    assert page["Retry-After"]
    assert "không nói lên việc ở đó có quy hoạch hay không" in page.content.decode()


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_a_page_takes_no_other_method(client: Client, method: str) -> None:
    page = getattr(client, method)("/")

    assert page.status_code == 405
    assert page["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("address", ["/api/v1/nowhere", "/api/nowhere", "/ogc/nowhere"])
def test_machines_get_a_problem(client: Client, address: str) -> None:
    answer = client.get(address)

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("handler", "status"),
    [
        (lambda request: faults.handler400(request, ValueError()), 400),
        (lambda request: faults.handler403(request, PermissionDenied()), 403),
        (lambda request: faults.handler404(request, ValueError()), 404),
        (faults.handler500, 500),
    ],
)
def test_the_framework_s_own_errors_are_pages_too(handler, status: int) -> None:
    page = handler(RequestFactory().get("/en/x"))

    assert page.status_code == status
    assert "<main" in page.content.decode()


def test_a_crash_is_a_page_without_details(client: Client, settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.portal.sample_urls"
    client.raise_request_exception = False

    page = client.get("/samples/none")

    assert page.status_code == 500
    assert "KeyError" not in page.content.decode()


def test_a_broken_database_gives_a_503_and_never_an_empty_answer(client: Client) -> None:
    found = town.parcel("1", town.square(0, 0, 10))
    town.publish()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE planning_coverage RENAME TO planning_coverage_gone")

    page = client.get(f"/en/parcels/{found.code}")

    assert page.status_code == 503
    assert "This says nothing about whether something is planned there." in page.content.decode()
