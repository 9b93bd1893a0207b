"""The routes of a server of OGC APIs; the project mounts them, with its catalogue, as the namespace `ogc`."""

from typing import Any

from django.urls import URLPattern, URLResolver, include, path

from planning.ogcapi import describing, landing
from planning.ogcapi.collections import Catalogue
from planning.ogcapi.definition.document import Route
from planning.ogcapi.items import views as items
from planning.ogcapi.styles import views as styles
from planning.ogcapi.tiles import views as tiles
from planning.ogcapi.views import OgcView

_TILES = "tiles/<str:matrix_set>"
_TILE = f"{_TILES}/<str:tile_matrix>/<str:tile_row>/<str:tile_col>"
_OF = "collections/<str:collection_id>"

_ROUTES: tuple[Route, ...] = (
    ("", landing.Landing, "landing"),
    ("conformance", landing.Conformance, "conformance"),
    ("api", landing.Api, "api"),
    ("functions", landing.Functions, "functions"),
    ("collections", describing.Collections, "collections"),
    (_OF, describing.CollectionDetail, "collection"),
    (f"{_OF}/queryables", describing.Queryables, "queryables"),
    (f"{_OF}/schema", describing.Schema, "schema"),
    (f"{_OF}/items", items.Items, "items"),
    (f"{_OF}/items/<str:feature_id>", items.Item, "item"),
    ("tileMatrixSets", tiles.TileMatrixSets, "tile-matrix-sets"),
    ("tileMatrixSets/<str:matrix_set>", tiles.TileMatrixSet, "tile-matrix-set"),
    ("tiles", tiles.Tilesets, "tilesets"),
    (_TILES, tiles.Tileset, "tileset"),
    (_TILE, tiles.Tile, "tile"),
    (f"{_OF}/tiles", tiles.Tilesets, "collection-tilesets"),
    (f"{_OF}/{_TILES}", tiles.Tileset, "collection-tileset"),
    (f"{_OF}/{_TILE}", tiles.Tile, "collection-tile"),
    # the same tiles of one version of the data: these never change
    (f"versions/<str:version>/{_TILE}", tiles.Tile, "tile-of-version"),
    (f"versions/<str:version>/{_OF}/{_TILE}", tiles.Tile, "collection-tile-of-version"),
    ("styles", styles.Styles, "styles"),
    ("styles/<str:style_id>", styles.Style, "style"),
    ("styles/<str:style_id>/<str:sprite>", styles.Sprite, "sprite"),
)


# The API definition tells of all of them.
_TOLD_MORE: dict[type[OgcView], dict[str, Any]] = {landing.Api: {"routes": _ROUTES}}


def mounted(prefix: str, catalogue: Catalogue) -> list[URLPattern | URLResolver]:
    """All resources below `<prefix>/`, serving that catalogue; the landing page without the slash, too."""
    routes = [
        path(route, view.as_view(catalogue=catalogue, **_TOLD_MORE.get(view, {})), name=name)
        for route, view, name in _ROUTES
    ]
    bare = path(prefix, landing.Landing.as_view(catalogue=catalogue))
    return [bare, path(f"{prefix}/", include((routes, "ogc")))]
