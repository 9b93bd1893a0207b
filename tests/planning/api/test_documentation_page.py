"""The documentation page in a real browser: reachable for everyone, wide or narrow."""

import pytest
from playwright.sync_api import Page

from planning.models import Publication
from tests.browser_page import axe_violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_is_accessible(page: Page, small_town: Publication, language: str) -> None:
    page.goto(f"/api/v1/docs?lang={language}")

    assert axe_violations(page) == []


def test_the_page_does_not_scroll_sideways_on_a_phone(phone: Page, small_town: Publication) -> None:
    phone.goto("/api/v1/docs")

    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
