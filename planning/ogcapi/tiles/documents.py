"""What is said of tiles: lists of tilesets, a tileset (OGC 17-083r4, 20-057), the same as TileJSON 3.0."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from planning.ogcapi.addresses import Addresses, link
from planning.ogcapi.collections import Bounds, Catalogue, Collection, Family, Json, Kind, Property, Snapshot
from planning.ogcapi.representations import JSON, Representation
from planning.ogcapi.tiles.limits import drawing_of, extent_of, limits_of, zooms_of
from planning.ogcapi.tiles.matrices import MATRIX_SETS, TileMatrixSet

MVT = Representation("mvt", "application/vnd.mapbox-vector-tile", "Mapbox Vector Tile")
TILEJSON = Representation("tilejson", "application/json", "TileJSON")

_TILING_SCHEME = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"
_TEMPLATE = ("{tileMatrix}", "{tileRow}", "{tileCol}")
_DIMENSIONS = {Family.POINT: 0, Family.LINE: 1, Family.POLYGON: 2}
_TYPES = {Kind.INTEGER: "integer", Kind.NUMBER: "number", Kind.BOOLEAN: "boolean"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TilesetOf:
    """The tiles of some collections in one grid, as of one snapshot; `path` leads to its list of tilesets."""

    catalogue: Catalogue
    collections: tuple[Collection, ...]
    snapshot: Snapshot
    addresses: Addresses
    path: tuple[str, ...]

    @property
    def extent(self) -> Bounds:
        """Where anything lies."""
        return extent_of(self.collections, self.snapshot)

    @property
    def title(self) -> str:
        """The name of what is drawn."""
        alone = len(self.path) > 1
        return str(self.collections[0].title if alone else self.catalogue.title)

    @property
    def attribution(self) -> str:
        """Whom a map must name."""
        said = [self.catalogue.attribution, *(one.attribution for one in self.collections)]
        return " · ".join(dict.fromkeys(str(text) for text in said if text))

    def summary(self, grid: TileMatrixSet) -> Json:
        """An entry in the list of tilesets; its links lead to documents, the tiles are one step on."""
        return {
            "title": f"{self.title} · {grid.id}",
            "dataType": "vector",
            "crs": grid.crs.uri,
            "tileMatrixSetId": grid.id,
            "tileMatrixSetURI": grid.uri,
            "tileMatrixSetDefinition": self._definition(grid),
            "tileMatrixSetLimits": limits_of(self.collections, grid, self.extent),
            "links": [
                link("self", self.addresses.of(*self.path, grid.id, query={"f": "json"}), JSON.media_type),
                self._tiling_scheme(grid),
            ],
        }

    def document(self, grid: TileMatrixSet, own_links: Sequence[Json]) -> Json:
        """The tileset itself."""
        west, south, east, north = self.extent
        zooms = zooms_of(self.collections, grid)
        return self.summary(grid) | {
            "description": _(
                "Where more lies in a tile than it may carry, the largest features are in it; "
                "the header OGC-Tile-Dropped then names the layers from which features are missing."
            ),
            "attribution": self.attribution,
            "version": self.snapshot.version,
            "boundingBox": {
                "lowerLeft": [west, south],
                "upperRight": [east, north],
                "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
                "orderedAxes": ["Lon", "Lat"],
            },
            "centerPoint": {
                "coordinates": [(west + east) / 2, (south + north) / 2],
                "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
                "tileMatrix": str(zooms[len(zooms) // 2]),
            },
            "layers": [self._layer(one, grid) for one in self.collections],
            "links": [*own_links, *self._tile_links(grid)],
        }

    def tilejson(self, grid: TileMatrixSet) -> Json:
        """The tiles of this very version for map libraries (TileJSON 3.0.0)."""
        west, south, east, north = self.extent
        zooms = zooms_of(self.collections, grid)
        tiles = self.addresses.of("versions", self.snapshot.version, *self.path, grid.id, "{z}", "{y}", "{x}")
        return {
            "tilejson": "3.0.0",
            "name": self.title,
            "attribution": self.attribution,
            "scheme": "xyz",
            "tiles": [tiles],
            "minzoom": zooms[0],
            "maxzoom": zooms[-1],
            "bounds": [west, south, east, north],
            "center": [(west + east) / 2, (south + north) / 2, zooms[len(zooms) // 2]],
            "vector_layers": [self._vector_layer(one) for one in self.collections],
        }

    def _tile_links(self, grid: TileMatrixSet) -> list[Json]:
        tiles = self.addresses.of(*self.path, grid.id, *_TEMPLATE)
        return [
            link("item", tiles, MVT.media_type, _("Tiles"), templated=True),
            self._tiling_scheme(grid),
        ]

    def _tiling_scheme(self, grid: TileMatrixSet) -> Json:
        return link(_TILING_SCHEME, self._definition(grid), JSON.media_type, _("Definition of the grid"))

    def _definition(self, grid: TileMatrixSet) -> str:
        return self.addresses.of("tileMatrixSets", grid.id, query={"f": "json"})

    def _layer(self, one: Collection, grid: TileMatrixSet) -> Json:
        zooms = zooms_of((one,), grid)
        found: Json = {
            "id": one.id,
            "title": str(one.title),
            "description": str(one.description),
            "dataType": "vector",
            "minTileMatrix": str(zooms[0]),
            "maxTileMatrix": str(zooms[-1]),
            "propertiesSchema": {
                "type": "object",
                "properties": {name: _schema(one, name) for name in _names(one, self.snapshot)},
            },
            "links": [link("geodata", self.addresses.of("collections", one.id), JSON.media_type)],
        }
        if one.geometry.family in _DIMENSIONS:
            found["geometryDimension"] = _DIMENSIONS[one.geometry.family]
        return found

    def _vector_layer(self, one: Collection) -> Json:
        drawing = drawing_of(one)
        return {
            "id": one.id,
            "description": str(one.title),
            "minzoom": drawing.minzoom,
            "maxzoom": drawing.maxzoom,
            "fields": {name: _schema(one, name)["title"] for name in _names(one, self.snapshot)},
        }


def list_of_tilesets(of: TilesetOf, own_links: Sequence[Json]) -> Json:
    """The tilesets of the same collections, one for each grid."""
    return {
        "title": of.title,
        "links": list(own_links),
        "tilesets": [of.summary(grid) for grid in MATRIX_SETS.values()],
    }


def _names(one: Collection, snapshot: Snapshot) -> Sequence[str]:
    """The properties that its features carry at the last zoom, which is where there are most."""
    drawing = drawing_of(one)
    return tuple(drawing.rows(snapshot, drawing.maxzoom).properties)


def _schema(one: Collection, name: str) -> Json:
    declared = one.property_named(name) or Property(name=name)
    schema: Json = {"title": str(declared.title or name), "type": _TYPES.get(declared.kind, "string")}
    if declared.choices:
        schema["enum"] = list(declared.choices)
    return schema
