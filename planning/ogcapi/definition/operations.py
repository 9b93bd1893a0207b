"""What is asked at each route: its name in the API definition, its title, and the schema of the answer."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from planning.ogcapi.collections import Text

SERVICE, TILES, STYLES = _("Service"), _("Tiles"), _("Styles")


@dataclass(frozen=True, slots=True)
class Told:
    """One operation. `answer` names a schema; one that begins with a dot belongs to the collection. `files`
    are media types of what is sent beside the representations that a caller chooses from."""

    id: str
    title: Text
    tag: Text
    answer: str = "Document"
    files: tuple[str, ...] = ()


# OGC 20-057 asks for the ends of the names of what concerns tiles.
OPERATIONS: Mapping[str, Told] = {
    "landing": Told("getLandingPage", _("Landing page"), SERVICE, "LandingPage"),
    "conformance": Told("getConformance", _("Conformance classes"), SERVICE, "Conformance"),
    "api": Told("getApi", _("This API definition"), SERVICE),
    "functions": Told("getFunctions", _("Functions for filters"), SERVICE, "Functions"),
    "collections": Told("getCollections", _("All collections"), SERVICE, "Collections"),
    "collection": Told("getCollection", _("The collection"), SERVICE, "Collection"),
    "queryables": Told("getQueryables", _("Properties that a filter may name"), SERVICE, "JsonSchema"),
    "schema": Told("getSchema", _("Schema of the features"), SERVICE, "JsonSchema"),
    "items": Told("getFeatures", _("Features"), SERVICE, ".features"),
    "item": Told("getFeature", _("One feature"), SERVICE, ".feature"),
    "tile-matrix-sets": Told("getTileMatrixSetsList", _("Tiling schemes"), TILES),
    "tile-matrix-set": Told("getTileMatrixSet", _("A tiling scheme"), TILES),
    "tilesets": Told("dataset.vector.getTileSetsList", _("Vector tiles of all collections"), TILES),
    "tileset": Told("dataset.vector.getTileSet", _("Tileset of all collections"), TILES),
    "tile": Told("dataset.vector.getTile", _("Tile of all collections"), TILES),
    "collection-tilesets": Told("collection.vector.getTileSetsList", _("Vector tiles"), TILES),
    "collection-tileset": Told("collection.vector.getTileSet", _("Tileset"), TILES),
    "collection-tile": Told("collection.vector.getTile", _("Tile"), TILES),
    "tile-of-version": Told(
        "version.dataset.vector.getTile", _("Tile of all collections in one version of the data"), TILES
    ),
    "collection-tile-of-version": Told(
        "version.collection.vector.getTile", _("Tile in one version of the data"), TILES
    ),
    "styles": Told("getStyles", _("Styles"), STYLES),
    "style": Told("getStyle", _("A style"), STYLES),
    "sprite": Told("getSprite", _("Patterns of a style"), STYLES, files=("image/png",)),
}

# Where the version asked for may be kept no longer.
PINNED = frozenset({"items", "tile-of-version", "collection-tile-of-version"})
