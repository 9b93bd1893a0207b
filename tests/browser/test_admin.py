"""The admin in a real browser: an extent is drawn, a second member publishes, the public page says so.

`watched_page` fails a test on a script or console error, a breach of the content policy and a request to
another host, so each visit proves these too.
"""

from datetime import date

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from planning.models import Edition, PlanEvent, Proposal, User
from tests import browser_page, town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def public_edition() -> Edition:
    """An edition in force with two zones, a decision to suspend it by, and members who may sign in."""
    town.planner()
    town.reviewer()
    User.objects.update(is_staff=True)
    plan = town.plan("zoning")
    first = town.edition(plan)
    town.zone(first, town.square(0, 0, 100), "ODT")
    town.zone(first, town.square(100, 0, 100), "DGT")
    town.parcel("1", town.square(10, 10, 20))
    town.cover(town.square(-500, -500, 1000))
    town.publish()
    town.decision(plan, "7/QĐ-UBND", date(2026, 3, 1))
    return Edition.objects.get(pk=first.pk)


# What axe cannot decide in the frame of Django's admin: icons behind links, the heads of its menu.
UNDECIDED = frozenset({"color-contrast", "th-has-data-cells"})


def faults_of(page: Page) -> list[str]:
    return browser_page.axe_violations(page, UNDECIDED, preload=False)


def sign_in(page: Page, user: User, origin: str) -> None:
    client = Client()
    client.force_login(user)
    page.context.clear_cookies()
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": origin}]
    )


def fill_suspension(page: Page, edition: Edition) -> None:
    page.goto(f"/en/admin/planning/proposal/propose/event/?edition={edition.pk}&kind=suspended")
    page.fill("#id_on", "2026-03-01")
    page.fill("#id_effective_from", "2026-04-01")
    paper = edition.plan.documents.get(number="7/QĐ-UBND")
    page.select_option("#id_document", str(paper.pk))


def test_a_drawn_extent_is_previewed_published_by_a_second_member_and_shown(
    page: Page, live_server: LiveServer, public_edition: Edition
) -> None:
    sign_in(page, town.planner(), live_server.url)
    fill_suspension(page, public_edition)
    page.wait_for_selector('[data-planning-extent][data-ready="yes"]')
    canvas = page.locator(".planning-drawing canvas").bounding_box()
    assert canvas is not None
    middle_x, middle_y = canvas["x"] + canvas["width"] / 2, canvas["y"] + canvas["height"] / 2
    for x, y in ((-60, -60), (60, -60), (60, 60), (-60, 60)):
        page.mouse.click(middle_x + x, middle_y + y)
    page.click('[data-do="close"]')
    assert '"MultiPolygon"' in page.input_value("#id_extent")
    assert faults_of(page) == []

    page.click("input[name=preview]")
    page.wait_for_selector('[data-planning-map][data-ready="yes"]')
    assert "zoning/1" in page.inner_text("section[aria-labelledby=effect-title]")
    assert faults_of(page) == []
    page.click("input[name=propose]")
    page.wait_for_url("**/proposal/*/change/")
    assert page.locator("input[name=publish]").count() == 0
    assert faults_of(page) == []

    sign_in(page, town.reviewer(), live_server.url)
    page.goto("/en/admin/")
    assert faults_of(page) == []
    page.click("section[aria-labelledby=waiting-title] a")
    page.click("input[name=publish]")
    page.wait_for_selector(".messagelist .success")

    event = PlanEvent.objects.get(kind="suspended")
    assert event.extent is not None
    assert event.publication.approved_by == town.reviewer()
    page.goto(f"/en/admin/planning/edition/{public_edition.pk}/change/")
    page.wait_for_selector('[data-planning-map][data-ready="yes"]')
    assert "Suspended" in page.inner_text("section[aria-labelledby=timeline-title]").title()
    assert faults_of(page) == []
    page.goto("/en/plans/zoning")
    assert "suspended" in page.inner_text("body").lower()


def test_corners_are_set_by_keyboard_alone(
    page: Page, live_server: LiveServer, public_edition: Edition
) -> None:
    sign_in(page, town.planner(), live_server.url)
    fill_suspension(page, public_edition)
    page.wait_for_selector('[data-planning-extent][data-ready="yes"]')
    canvas = page.locator(".planning-drawing canvas")
    corner = page.locator('[data-do="corner"]')

    for key in ("ArrowLeft", "ArrowUp", "ArrowRight"):
        corner.focus()
        page.keyboard.press("Enter")
        canvas.focus()
        page.keyboard.press(key)
    corner.focus()
    page.keyboard.press("Enter")
    assert "4" in page.inner_text(".planning-status")
    page.locator('[data-do="undo"]').press("Enter")
    assert "3" in page.inner_text(".planning-status")
    page.locator('[data-do="close"]').press("Enter")

    assert page.input_value("#id_extent").count("[1") >= 4


def test_without_javascript_an_extent_is_pasted_and_what_is_wrong_is_said(
    page_without_javascript: Page, live_server: LiveServer, public_edition: Edition
) -> None:
    page = page_without_javascript
    sign_in(page, town.planner(), live_server.url)
    fill_suspension(page, public_edition)

    page.fill("#id_extent", '{"type": "Polygon", "coordinates": [[[0,0],[1,0],[1,1]]]}')
    page.click("input[name=preview]")
    assert "closed" in page.inner_text(".field-extent .errorlist")
    page.fill("#id_extent", town.square(0, 0, 50).geojson)
    page.click("input[name=preview]")
    page.click("input[name=propose]")

    assert Proposal.objects.get().extent is not None


def test_a_row_is_shown_as_outline_where_the_browser_has_no_webgl(
    browser: Browser, live_server: LiveServer, public_edition: Edition
) -> None:
    with browser_page.watched_page(browser, live_server.url, **browser_page.DESKTOP) as page:
        page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
        sign_in(page, town.planner(), live_server.url)
        page.goto(f"/en/admin/planning/zone/{public_edition.zones.first().pk}/change/")

        assert page.locator(".planning-outline").is_visible()
        assert not page.locator(".planning-canvas").is_visible()


PAGES = (
    "/admin/",
    "/admin/planning/plan/zoning/change/",
    "/admin/planning/plan/add/",
    "/admin/planning/edition/{edition}/change/",
    "/admin/planning/edition/add/",
    "/admin/planning/edition/{edition}/history/",
    "/admin/planning/auditentry/",
    "/admin/planning/coverage/",
    "/admin/planning/proposal/",
    "/admin/planning/proposal/propose/coverage/",
    "/admin/planning/proposal/propose/ruling/",
    "/admin/planning/document/",
)


def test_pages_of_the_admin_break_no_policy(
    page: Page, live_server: LiveServer, public_edition: Edition
) -> None:
    sign_in(page, town.reviewer(), live_server.url)

    for address in PAGES:
        answer = page.goto(address.format(edition=public_edition.pk))
        assert answer is not None, address
        assert answer.status == 200, address
