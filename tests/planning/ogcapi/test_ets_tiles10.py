"""OGC's suite for OGC API - Tiles, its 16 methods against the town.

The Java original is run by `script/conformance`.
"""

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.conformance.server import Server
from tests.planning.ogcapi.suites import full_town_served, tiles10

pytestmark = pytest.mark.django_db

TILES = "ogcapi-tiles-1/1.0/conf"
MARKS = {
    "ApiDefinition": ("oas30",),
    "TilesetLlinks": ("tilesets-list",),
    "LandingPage": ("dataset-tilesets",),
    "GeospatialDataResource": ("geodata-tilesets",),
    "Tile": ("core", "tileset", "dataset-tilesets"),
}


def marks_of(name: str) -> list[pytest.MarkDecorator]:
    """The conformance classes that a method proves."""
    return [pytest.mark.conforms(f"{TILES}/{one}") for one in MARKS.get(name.split(".")[0], ("core",))]


@pytest.fixture(scope="module")
def server(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Server]:
    """The full town."""
    with full_town_served(django_db_blocker) as found:
        yield found


@pytest.mark.parametrize("name", [pytest.param(name, marks=marks_of(name)) for name in tiles10.METHODS])
def test_the_suite_would_pass(server: Server, name: str) -> None:
    tiles10.METHODS[name](server, tiles10.some_tiles(server))


@pytest.mark.conforms(f"{TILES}/geodata-tilesets")
def test_the_suite_would_pass_at_every_list_of_tilesets(server: Server) -> None:
    """The suite follows the first list alone."""
    lists = tiles10.lists(server)
    assert len(lists) > 1
    for address in lists:
        for entry, behind in tiles10.entries(server, address):
            for template, limits in tiles10.templates(entry, behind):
                for row, status in ((limits["maxTileRow"], 200), (limits["maxTileRow"] + 1, 404)):
                    tile = tiles10.filled(template, limits["tileMatrix"], row, limits["minTileCol"])
                    assert server.get(tile, "*/*").status == status, tile
