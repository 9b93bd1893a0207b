"""MapLibre in a real browser draws the style from its address, in the official colours."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests import browser_page
from tests.clients import truth

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

LIBRARY = "/static/vendor/maplibre-gl/maplibre-gl"
PLACE = [105.8495, 21.0285]
# The map as a reader of the manual makes it, on a page of our own origin: the content policy holds here, too.
DRAW = """
async ([library, style, center]) => {
  const maplibre = await import(`${library}.mjs`);
  maplibre.setWorkerUrl(`${library}-worker.mjs`);
  const container = document.createElement('div');
  container.style.cssText = 'position: fixed; inset: 0; width: 600px; height: 400px';
  document.body.append(container);
  const map = new maplibre.Map({container, style, center, zoom: 16, fadeDuration: 0});
  await new Promise((resolve, reject) => {
    map.once('idle', resolve);
    map.once('error', (event) => reject(event.error));
  });
  const hex = (part) => Math.round(255 * part).toString(16).padStart(2, '0').toUpperCase();
  return map.queryRenderedFeatures({layers: ['zones-fill']}).map((one) => {
    const {r, g, b} = one.layer.paint['fill-color'];
    return {...one.properties, drawn: `#${hex(r)}${hex(g)}${hex(b)}`};
  });
}
"""


def test_the_style_is_drawn_in_the_official_colours(browser: Browser, server: str, base: str) -> None:
    with browser_page.watched_page(browser, server, **browser_page.DESKTOP) as page:
        page.goto("/ogc/conformance?f=html")

        drawn: list[dict[str, Any]] = page.evaluate(DRAW, [LIBRARY, f"{base}/styles/land-use", PLACE])

    rows = truth.rows("zones")
    assert len({one["land_use"] for one in drawn}) > 2
    for one in drawn:
        assert one["drawn"] == one["colour"] == rows[one["id"]][0]["colour"]
