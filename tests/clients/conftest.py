"""The demonstration, published once for each file of tests and served over HTTP to other programs."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from planning.demonstration import load_demonstration
from planning.reference import load_reference

FIXTURES = Path(__file__).parents[2] / "fixtures"


@pytest.fixture(scope="package")
def _demonstration(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The town, committed once for the files that a worker runs; a flush leaves nothing to the next."""
    with django_db_blocker.unblock():
        load_reference(base=FIXTURES)
        load_demonstration(say=lambda step: None)
        yield
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(scope="package")
def server(_demonstration: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The address of the product; its links lead there, too."""
    with django_db_blocker.unblock(), override_settings(ALLOWED_HOSTS=["*"]):
        live = LiveServer("127.0.0.1")
        with override_settings(PUBLIC_URL=live.url):
            yield live.url
        live.stop()


@pytest.fixture
def base(server: str, db: None) -> str:
    """The root of the OGC APIs; the test itself may ask the database."""
    return f"{server}/ogc"
