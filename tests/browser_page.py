"""A citizen's browser for tests: the system's Chromium, watched for everything that must not happen."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

AXE = Path(__file__).resolve().parent.parent / "node_modules" / "axe-core" / "axe.min.js"
WCAG_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

# The first flag pins pixels; the others keep Chromium's own services from calling home, which a
# machine without network answers slowly and a test that counts requests would see.
FLAGS = [
    "--use-angle=swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
]
DESKTOP: dict[str, Any] = {
    "locale": "vi-VN",
    "timezone_id": "Asia/Ho_Chi_Minh",
    "viewport": {"width": 1280, "height": 900},
    "reduced_motion": "reduce",
}
PHONE: dict[str, Any] = {
    **DESKTOP,
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}


def chromium_path() -> str:
    """The system's Chromium; without one the test is skipped, in CI it fails."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found:
        return found
    reason = "Chromium is not installed; script/setup --tests installs it."
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)


@contextmanager
def watched_page(browser: Browser, origin: str, **options: Any) -> Iterator[Page]:
    """A page whose test fails on a script error, a console error, a CSP breach or a foreign request."""
    context: BrowserContext = browser.new_context(base_url=origin, **options)
    faults: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
    # A policy breach is reported here too; a page refused with 404 on purpose is not a fault.
    page.on("console", lambda message: faults.extend(_console_fault(message.type, message.text)))
    page.on("request", lambda request: faults.extend(_foreign(request.url, origin)))
    yield page
    context.close()
    assert not faults, faults


def _console_fault(kind: str, text: str) -> list[str]:
    expected = text.startswith("Failed to load resource: the server responded with a status of 4")
    return [f"console: {text}"] if kind == "error" and not expected else []


def _foreign(url: str, origin: str) -> list[str]:
    parts = urlsplit(url)
    own = parts.scheme in {"data", "about"} or parts.netloc == urlsplit(origin).netloc
    return [] if own else [f"foreign request: {url}"]


def axe_violations(
    page: Page, allowed_incomplete: frozenset[str] = frozenset(), *, preload: bool = True
) -> list[str]:
    """What axe-core finds against WCAG 2.2 AA on the page as it stands; empty when nothing.

    Where style sheets import others, `preload` would have axe itself write styles into the page, which the
    content policy refuses and the console reports.
    """
    if not AXE.exists():
        pytest.fail("axe-core is not there; script/setup --tests installs it.")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result = page.evaluate(
        "([tags, preload]) => axe.run(document, {preload, runOnly: {type: 'tag', values: tags}})",
        [WCAG_TAGS, preload],
    )
    found = [_described(rule, "violation") for rule in result["violations"]]
    undecided = [rule for rule in result["incomplete"] if rule["id"] not in allowed_incomplete]
    return found + [_described(rule, "incomplete") for rule in undecided]


def _described(rule: dict[str, Any], kind: str) -> str:
    places = "; ".join(str(node["target"]) for node in rule["nodes"][:5])
    return f"{kind} {rule['id']}: {rule['help']} at {places}"
