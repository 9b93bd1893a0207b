"""The 16 methods of OGC's suite for OGC API - Tiles (ets-ogcapi-tiles10), by their names there.

Each is a function that takes a server and the tiles that the suite is told to ask for.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tests.conformance import features10
from tests.conformance.server import OPENAPI, SPEC, Document, Server, Skipped
from tests.conformance.server import links_with as links

TILESETS = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-"
MATRIX_SET = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
REGISTERED = {MATRIX_SET: "WebMercatorQuad"}
BEYOND = 2_147_483_647
PARTS = ("{tileMatrix}", "{tileRow}", "{tileCol}")


@dataclass(frozen=True, slots=True)
class Range:
    """The tiles that the suite is told to ask for."""

    template: str
    matrix: int
    rows: range
    columns: range

    def address(self, row: int, column: int) -> str:
        return filled(self.template, self.matrix, row, column)


Method = Callable[[Server, Range], None]
METHODS: dict[str, Method] = {}


def method(name: str) -> Callable[[Method], Method]:
    """Enter a function under the name that the suite gives to the method."""

    def enter(function: Method) -> Method:
        METHODS[name] = function
        return function

    return enter


def filled(template: str, matrix: object, row: object, column: object) -> str:
    """The address of a tile."""
    for part, value in zip(PARTS, (matrix, row, column), strict=True):
        template = template.replace(part, str(value))
    return template


def some_tiles(server: Server) -> Range:
    """Tiles of the whole dataset around its land: those that the first tileset has at its middle level."""
    document = server.get(_tilesets_links(server.landing)[0]).json()["tilesets"][0]
    entry = server.get(links(document, "self")[0]["href"]).json()
    limits = entry["tileMatrixSetLimits"]
    middle = limits[len(limits) // 2]
    return Range(
        next(link["href"] for link in entry["links"] if all(part in link["href"] for part in PARTS)),
        int(middle["tileMatrix"]),
        range(middle["minTileRow"], min(middle["maxTileRow"], middle["minTileRow"] + 1) + 1),
        range(middle["minTileCol"], min(middle["maxTileCol"], middle["minTileCol"] + 1) + 1),
    )


@method("Conformance.validateConformanceOperationAndResponse")
def _conformance(server: Server, tiles: Range) -> None:
    claims = server.get(f"{server.base}/conformance").json()["conformsTo"]
    assert f"{SPEC}ogcapi-tiles-1/1.0/conf/core" in claims


# --- the tiles that it was told ---


@method("MandatoryCore.verifyMinimalConformance")
def _told(server: Server, tiles: Range) -> None:
    assert f"/tiles/{REGISTERED[MATRIX_SET]}" in tiles.template


@method("MandatoryCore.validateSuccessfulTilesExecution")
def _all_tiles(server: Server, tiles: Range) -> None:
    for row in tiles.rows:
        for column in tiles.columns:
            assert server.get(tiles.address(row, column), "*/*").status == 200, (row, column)


@method("MandatoryCore.verifyErrorResponses")
def _no_tile(server: Server, tiles: Range) -> None:
    assert server.get(tiles.address(BEYOND, BEYOND), "*/*").status in {400, 404}


# --- the tiles that it finds by links ---


def _tilesets_links(document: Document) -> list[str]:
    # every link must have a relation: the suite looks at it without asking
    return [link["href"] for link in document["links"] if link["rel"].startswith(TILESETS)]


def lists(server: Server) -> list[str]:
    """The lists of tilesets of the landing page, then those of collections."""
    own = _tilesets_links(server.get(f"{server.base}/").json())
    collections = server.get(f"{server.base}/collections").json()["collections"]
    found = own + [href for one in collections for href in _tilesets_links(one)]
    assert found, "no tiles are linked"
    return found


def entries(server: Server, address: str) -> list[tuple[Document, list[Document]]]:
    """Each tileset of a list, with the documents behind all its links: the suite reads every one as JSON."""
    return [
        (entry, [server.get(link["href"]).json() for link in entry["links"]])
        for entry in server.get(address).json()["tilesets"]
    ]


def templates(entry: Document, behind: list[Document]) -> list[tuple[str, Document]]:
    """Templates of tile addresses of a tileset, with the first of its limits."""
    found = []
    for document in behind:
        limits = entry.get("tileMatrixSetLimits") or document.get("tileMatrixSetLimits")
        for link in document.get("links", ()):
            if limits and all(part in link["href"] for part in PARTS):
                found.append((link["href"], limits[0]))
                break
    return found


def _found(server: Server) -> list[tuple[str, Document]]:
    """All templates that are found by the first link to a list."""
    first = entries(server, lists(server)[0])
    found = [one for entry, behind in first for one in templates(entry, behind)]
    assert found, "no template of tile addresses"
    return found


@method("Tile.validateTilesAreAvailable")
def _available(server: Server, tiles: Range) -> None:
    for address in _tilesets_links(server.landing):
        assert any(templates(*entry) for entry in entries(server, address))


@method("Tile.validateSuccessfulTilesExecutionFollowingLinks")
def _by_links(server: Server, tiles: Range) -> None:
    for template, limits in _found(server):
        address = filled(template, limits["tileMatrix"], limits["maxTileRow"], limits["minTileCol"])
        assert server.get(address, "*/*").status in {200, 204}, address
        # of an address with this word in it the suite compares coordinates with the box of another tile
        assert "mvt" not in address.lower() or str(limits["tileMatrix"]) == "0", address


@method("Tile.validateTilesErrorConditions")
def _beyond_limits(server: Server, tiles: Range) -> None:
    for template, limits in _found(server):
        address = filled(template, limits["tileMatrix"], limits["maxTileRow"] + 1, limits["minTileCol"])
        assert server.get(address, "*/*").status in {400, 404}, address


def _has_template(part: str) -> Method:
    """The literal name stands in a link of the list, or in one of a tileset's own document."""

    def run(server: Server, tiles: Range) -> None:
        for address in lists(server):
            for entry in server.get(address).json()["tilesets"]:
                own = [link["href"] for link in entry["links"] if link.get("rel") == "self"]
                documents = [entry, *(server.get(href).json() for href in own)]
                if any(part in link["href"] for document in documents for link in document["links"]):
                    return
        raise AssertionError(f"{part} is in no link")

    return run


METHODS["Tile.validateTileMatrixDefinitionIsAvailable"] = _has_template(PARTS[0])
METHODS["Tile.validateTileRowDefinitionIsAvailable"] = _has_template(PARTS[1])
METHODS["Tile.validateTileColDefinitionIsAvailable"] = _has_template(PARTS[2])


@method("LandingPage.tilesLandingPageValidation")
def _landing(server: Server, tiles: Range) -> None:
    assert _tilesets_links(server.landing)
    assert links(server.landing, "data")


@method("TilesetLlinks.validateTilesetsListResponse")
def _tilesets_lists(server: Server, tiles: Range) -> None:
    for address in lists(server):
        assert "/tiles" in address
        for entry in server.get(address).json()["tilesets"]:
            assert entry["tileMatrixSetURI"]


# --- tiles of collections ---


@method("GeospatialDataResource.geospatialResourceTilesetsLinksCheck")
def _collections_link(server: Server, tiles: Range) -> None:
    assert any(_tilesets_links(one) for one in server.listed["collections"])


@method("GeospatialDataResource.geospatialResourceTilesetsRetrieval")
def _collections_lists(server: Server, tiles: Range) -> None:
    found = [href for one in server.listed["collections"] for href in _tilesets_links(one)]
    wanted = [href for href in found if href.endswith("/tiles") or "/tiles?" in href]
    if not wanted:
        raise Skipped("no collection has tiles")
    for href in wanted:
        assert server.get(href).json()["tilesets"]


# --- API document ---


@method("ApiDefinition.apiDefinitionValidation")
def _api(server: Server, tiles: Range) -> None:
    # here the type is compared as it is, spaces and all
    assert OPENAPI in {link["type"] for link in links(server.landing, "service-desc")}
    features10.METHODS["ApiDefinition.apiDefinitionValidation"](server)


@method("ApiDefinition.apiDefinitionOperationIdValidation")
def _operation_ids(server: Server, tiles: Range) -> None:
    names = [item["get"].get("operationId", "") for item in server.api["paths"].values()]
    assert any(".getTile" in name for name in names)


assert len(METHODS) == 16, len(METHODS)
