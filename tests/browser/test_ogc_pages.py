"""The pages of the OGC APIs in a real browser: with a map and without a script, copied from, walked through.

`watched_page` fails a test on a script or console error, a breach of the content policy and a request to
another host, so each visit proves these too.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from planning.models import Publication
from tests import browser_page
from tests.planning.ogcapi import full_town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIZES = {"1280": browser_page.DESKTOP, "360": browser_page.PHONE}
PAGES = (
    "/ogc/",
    "/ogc/api",
    "/ogc/functions",
    "/ogc/collections",
    "/ogc/collections/zones",
    "/ogc/collections/zones/queryables",
    "/ogc/collections/zones/items",
    "/ogc/collections/zones/items?code=none",
    "/ogc/collections/zones/items?bbox=1",
    "/ogc/collections/zones/items/zoning.1.4",
    "/ogc/collections/restriction-lines/items",
    "/ogc/tiles",
    "/ogc/tiles/WebMercatorQuad",
    "/ogc/tileMatrixSets/WebMercatorQuad",
    "/ogc/styles",
    "/ogc/styles/land-use",
)
IS_READY = "figure[data-map][data-ready=yes]"


@pytest.fixture(autouse=True)
def public_town(live_server: LiveServer, settings: Settings) -> Publication:
    """A town with more features than a page, served under the name that the browser uses."""
    settings.PUBLIC_URL = live_server.url
    return full_town.publish()


@pytest.fixture(params=SIZES)
def sized(request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A page at desktop width, then at the width of a small phone."""
    with browser_page.watched_page(browser, live_server.url, **SIZES[request.param]) as found:
        yield found


def visit(page: Page, address: str) -> None:
    """The page with its map drawn, where it has one."""
    page.goto(address)
    if page.locator("figure[data-map]").count():
        page.wait_for_selector(IS_READY, state="attached")


def faults_of(page: Page) -> list[str]:
    """What axe finds, and whether the page must be pushed sideways to be read."""
    found = [fault for fault in browser_page.axe_violations(page) if not _is_out_of_sight(page, fault)]
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [*found, *([f"{wide} px wider than the screen"] if wide > 0 else [])]


def _is_out_of_sight(page: Page, fault: str) -> bool:
    """Whether axe could not decide on the contrast of a map, or of what a wide table has scrolled away."""
    places = [place.strip("[]'\"") for place in fault.partition(" at ")[2].split("; ")]
    return fault.startswith("incomplete color-contrast") and all(
        page.locator(place.replace("\\'", "'")).first.evaluate("each => !!each.closest('.scroll, .map')")
        for place in places
    )


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_is_accessible_and_fits(sized: Page, language: str) -> None:
    found = {}
    for address in PAGES:
        visit(sized, f"{address}{'&' if '?' in address else '?'}lang={language}")
        found[address] = faults_of(sized)

    assert {address: faults for address, faults in found.items() if faults} == {}


def test_dark_colours_are_accessible_too(browser: Browser, live_server: LiveServer) -> None:
    options: dict[str, Any] = {**browser_page.DESKTOP, "color_scheme": "dark"}

    with browser_page.watched_page(browser, live_server.url, **options) as page:
        for address in ("/ogc/collections/zones/items", "/ogc/collections/zones", "/ogc/collections/x"):
            visit(page, address)
            assert faults_of(page) == []


def test_everything_that_is_pressed_is_large_enough(phone: Page) -> None:
    for address in ("/ogc/", "/ogc/collections/zones", "/ogc/collections/zones/items", "/ogc/api"):
        visit(phone, address)

        small = phone.evaluate(
            """() => [...document.querySelectorAll('a, button, input, select, summary')]
                .filter(each => !each.closest('.skip, p:not(.actions, .next-to, .name)'))
                .map(each => [each.outerHTML.slice(0, 80), each.getBoundingClientRect().height])
                .filter(([, height]) => height > 0 && height < 43.5)"""
        )

        assert small == [], address


def test_an_address_is_copied_with_one_press(page: Page, live_server: LiveServer) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live_server.url)
    page.goto("/ogc/collections/zones/items?limit=5&lang=en")

    page.locator(".address", has_text="GeoPackage").get_by_role("button").click()
    page.get_by_role("button", name="Copied").wait_for()

    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator(".address", has_text="GeoPackage").locator("input").input_value()
    assert copied.startswith(f"{live_server.url}/ogc/collections/zones/items?")
    assert copied.endswith("f=gpkg")


def test_an_address_is_marked_when_its_field_is_entered(page: Page) -> None:
    page.goto("/ogc/")

    field = page.locator("input[data-copy]").first
    field.focus()

    assert page.evaluate("getSelection().toString()") == field.input_value()


def test_the_live_map_shows_the_features_of_the_page_in_their_colours(page: Page) -> None:
    visit(page, "/ogc/collections/zones/items?limit=1")

    assert page.locator("svg.overview").is_hidden()
    canvas = page.locator(".maplibregl-canvas")
    assert canvas.get_attribute("role") == "region"
    assert canvas.get_attribute("tabindex") == "0"
    # a press on an area leads to its row
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_function("() => location.hash.startsWith('#row-')")


def test_a_page_without_webgl_keeps_the_drawing(
    browser: Browser, live_server: LiveServer, public_town: Publication
) -> None:
    with browser_page.watched_page(browser, live_server.url, **browser_page.DESKTOP) as page:
        page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
        page.goto("/ogc/collections/zones/items")

        assert page.locator("svg.overview").is_visible()
        assert page.locator(".canvas").is_hidden()


def test_a_paper_shows_the_drawing_and_no_live_map(page: Page) -> None:
    visit(page, "/ogc/collections/zones/items?limit=6")

    page.emulate_media(media="print")

    assert page.locator("svg.overview").is_visible()
    assert page.locator(".canvas").is_hidden()


def test_the_whole_way_needs_no_script(page_without_javascript: Page, live_server: LiveServer) -> None:
    page = page_without_javascript
    page.goto("/ogc/?lang=en")
    page.click(".boxes a:has-text('Collections')")
    page.click("a:has-text('Zones in force')")
    page.click("text=Look at the items")
    assert page.locator("svg.overview").is_visible()

    page.click("summary")
    page.fill("#ask-limit", "10")
    page.click(".ask button")
    assert page.locator("#count").inner_text().startswith("Features 1 to 10 of")
    page.click("a[rel=next] >> nth=0")
    assert page.locator("#count").inner_text().startswith("Features 11 to 20 of")
    page.click("a[rel=prev] >> nth=0")
    assert page.locator("#count").inner_text().startswith("Features 1 to 10 of")

    page.click("tbody th a >> nth=0")
    assert page.locator("dl.facts").is_visible()
    assert page.locator("input[data-copy]").first.input_value().startswith(live_server.url)
    page.click("a[hreflang=vi]")
    assert page.locator("html").get_attribute("lang") == "vi"


def test_a_caption_stands_below_a_map_and_not_below_the_word_that_there_is_none(
    page: Page, page_without_javascript: Page
) -> None:
    visit(page, "/ogc/styles/land-use")
    page_without_javascript.goto("/ogc/styles/land-use")

    assert page.locator("figure[data-map] figcaption").is_visible()
    assert page_without_javascript.locator(".needed").is_visible()
    assert not page_without_javascript.locator("figure[data-map] figcaption").is_visible()
