"""What every test may ask for: the database, a browser, a page that is watched for faults.

`client`, `db`, `live_server`, `settings` and `django_assert_num_queries` come from pytest-django.
"""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.utils import translation
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from planning.ogcapi.kept import forget
from portal import cluster
from tests import browser_page

pytest_plugins = ["tests.town"]


@pytest.fixture(scope="session", autouse=True)
def _keep_the_cluster_running() -> Iterator[None]:
    """Start the private cluster if need be and hold it: a server that stops leaves it to us."""
    if not cluster.is_wanted():
        yield
        return
    with cluster.held(cluster.private_cluster()):
        yield


@pytest.fixture(autouse=True)
def _speak_no_language_of_before() -> Iterator[None]:
    """What a request spoke is not spoken after its test: addresses would begin with it."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _keep_no_tiles_of_before() -> Iterator[None]:
    """Tiles are kept by version, and every test begins anew at the first one."""
    yield
    forget()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The tests' database, which nobody keeps from being dropped.

    Tests kill processes and leave threads of servers behind; a session that one of them still holds at
    the very end would make PostgreSQL refuse the drop, and a green run red.
    """
    yield
    with django_db_blocker.unblock():
        connection.close_pool()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, started once for each worker."""
    with sync_playwright() as playwright:
        chromium = browser_page.launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A desktop browser in Vietnamese at our own address."""
    with browser_page.watched_page(browser, live_server.url, **browser_page.DESKTOP) as found:
        yield found


@pytest.fixture
def phone(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A small phone with touch."""
    with browser_page.watched_page(browser, live_server.url, **browser_page.PHONE) as found:
        yield found


@pytest.fixture
def page_without_javascript(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A desktop browser with scripts switched off (axe cannot run there)."""
    options = {**browser_page.DESKTOP, "java_script_enabled": False}
    with browser_page.watched_page(browser, live_server.url, **options) as found:
        yield found
