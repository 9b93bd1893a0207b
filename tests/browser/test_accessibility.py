"""Every page and every state of an answer in a real browser: nothing for axe to find, in both languages.

`watched_page` fails a test on a script or console error, a breach of the content policy and a request
to another host, so each visit proves these too.
"""

from collections.abc import Iterable, Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests import browser_page, town
from tests.portal import lives
from tests.portal.samples import SAMPLES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIZES = {"1280": browser_page.DESKTOP, "360": browser_page.PHONE}


@pytest.fixture
def sample_addresses(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.portal.sample_urls"


@pytest.fixture(params=SIZES)
def sized(request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A page at desktop width, then at the width of a small phone."""
    with browser_page.watched_page(browser, live_server.url, **SIZES[request.param]) as found:
        yield found


@pytest.fixture
def parcel() -> str:
    """A parcel on two zones, under a plan with a decision and a local adjustment beside it."""
    plan = town.plan("zoning", scale=2000)
    first = town.edition(plan, in_force=date(2018, 1, 1))
    town.zone(first, town.square(-50, -50, 66, 200), "ODT")
    town.zone(first, town.square(16, -50, 60, 200), "DGT")
    town.restriction(first, town.line((-50, 8), (80, 8)))
    town.cover(town.square(-100, -100, 300))
    found = town.parcel("45", town.square(0, 0, 20, 10), sheet="3")
    town.publish()
    return found.code


def faults_of(page: Page) -> list[str]:
    """What axe finds, and whether the page must be pushed sideways to be read."""
    found = [fault for fault in browser_page.axe_violations(page) if not _is_about_map_labels(fault)]
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [*found, *([f"{wide} px wider than the screen"] if wide > 0 else [])]


def _is_about_map_labels(fault: str) -> bool:
    """Whether axe only could not decide on text over a drawing; `tests.portal.test_drawing` judges that."""
    places = fault.partition(" at ")[2].split("; ")
    return fault.startswith("incomplete color-contrast") and all("text[" in each for each in places)


def faults_by_address(page: Page, addresses: Iterable[str]) -> dict[str, list[str]]:
    found = {}
    for address in addresses:
        page.goto(address)
        found[address] = faults_of(page)
    return {address: faults for address, faults in found.items() if faults}


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.usefixtures("sample_addresses")
def test_every_state_of_an_answer_is_accessible(sized: Page, prefix: str) -> None:
    assert faults_by_address(sized, (f"{prefix}/samples/{name}" for name in SAMPLES)) == {}


PAGES = (
    "/",
    "/?q=khong+co+gi+nhu+the",
    "/?q=3+45",
    "/?q=21.0336,+105.85",
    "/?q=thua&as_at=hom+qua",
    "/plans/",
    "/plans/?q=khong",
    "/plans/zoning",
    "/zones/zoning.1.1",
    "/zones/zoning.1.r1",
    "/about",
    "/points/105.838,21.016",
    "/points/x",
    "/parcels/{parcel}",
    "/parcels/{parcel}?as_at=2019-05-01&known_at=2020-01-01",
    "/parcels/{parcel}?as_at=hom+qua",
    "/parcels/{parcel}/history",
    "/parcels/none",
    "/nowhere",
)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_page_is_accessible(sized: Page, parcel: str, prefix: str) -> None:
    addresses = (prefix + address.format(parcel=parcel) for address in PAGES)

    assert faults_by_address(sized, addresses) == {}


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_life_full_of_decisions_is_accessible(sized: Page, prefix: str) -> None:
    parcel = lives.busy_parcel()
    pages = (f"/parcels/{parcel}", f"/parcels/{parcel}/history", "/plans/zoning", "/plans/below")
    zones = ("/zones/zoning.1.1", "/zones/zoning.2.1?as_at=2025-01-01", "/zones/zoning.1.r1")

    assert faults_by_address(sized, (prefix + address for address in (*pages, *zones))) == {}


def test_dark_colours_are_accessible_too(
    browser: Browser, live_server: LiveServer, sample_addresses: None
) -> None:
    options = {**browser_page.DESKTOP, "color_scheme": "dark"}

    with browser_page.watched_page(browser, live_server.url, **options) as page:
        page.goto("/samples/concerned")

        assert faults_of(page) == []


def test_twice_the_size_still_fits(browser: Browser, live_server: LiveServer, sample_addresses: None) -> None:
    # 1280 CSS pixels at 200 % are 640 of them
    options = {**browser_page.DESKTOP, "viewport": {"width": 640, "height": 450}}

    with browser_page.watched_page(browser, live_server.url, **options) as page:
        page.goto("/samples/concerned")

        assert faults_of(page) == []


def test_the_form_is_reached_and_sent_with_the_keyboard_alone(page: Page, parcel: str) -> None:
    page.goto("/")
    assert page.evaluate("document.activeElement.id") == "q"

    page.keyboard.type(parcel)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "as_at"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    page.wait_for_url(f"**/parcels/{parcel}")
    assert page.locator("h1").inner_text().startswith("Thửa đất số 45")


def test_the_first_stop_of_the_keyboard_skips_to_the_content(page: Page, parcel: str) -> None:
    page.goto(f"/parcels/{parcel}")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "content"


def test_the_whole_way_needs_no_script(page_without_javascript: Page, parcel: str) -> None:
    page = page_without_javascript
    page.goto("/en/")

    page.fill("#q", "sheet 3 parcel 45")
    page.click("form.search button")
    page.click(f"a[href='/en/parcels/{parcel}']")

    assert "of this parcel is planned as Urban housing (ODT)" in page.locator(".lead").inner_text()
    page.click("a[href='#theme-construction']")
    page.click("text=Tiếng Việt")
    assert page.url.endswith(f"/parcels/{parcel}")
    assert "/en/" not in page.url


def test_everything_that_is_pressed_is_large_enough(phone: Page, sample_addresses: None) -> None:
    phone.goto("/samples/concerned")

    small = phone.evaluate(
        """() => [...document.querySelectorAll('a, button, input, select, summary')]
            .filter(e => !e.closest('.skip, p, li:not(.site-header li)') || e.closest('.badges'))
            .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect().height])
            .filter(([, height]) => height > 0 && height < 43.5)"""
    )

    assert small == []


def test_no_two_landmarks_have_the_same_name(page: Page, sample_addresses: None) -> None:
    page.goto("/en/samples/concerned")

    names = page.evaluate(
        """() => [...document.querySelectorAll('section[aria-labelledby], [role=region]')].map(each =>
            each.tagName + ' ' + each.getAttribute('aria-labelledby').split(' ')
                .map(id => document.getElementById(id).textContent.trim()).join(' '))"""
    )

    assert len(set(names)) == len(names)
