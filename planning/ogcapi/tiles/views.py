"""Tiles as resources: grids, tilesets of everything or of one collection, and the tiles themselves.

Addresses without a version show what is public now and are asked for again after a minute; addresses that
name a version never change. Both are answered from the same statement.
"""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy
from rest_framework.request import Request

from planning.errors import NotFound
from planning.ogcapi.addresses import link
from planning.ogcapi.caching import is_fresh, keep, tag_of
from planning.ogcapi.collections import Collection, Snapshot
from planning.ogcapi.language import language_of
from planning.ogcapi.parameters import Parameter, text
from planning.ogcapi.representations import HTML, JSON, Representation
from planning.ogcapi.tiles.addressing import Tile as Address
from planning.ogcapi.tiles.addressing import matrix_set_named, tile_at
from planning.ogcapi.tiles.documents import MVT, TILEJSON, TilesetOf, list_of_tilesets
from planning.ogcapi.tiles.kept import KEPT, KeptTile
from planning.ogcapi.tiles.limits import WORLD, drawing_of, extent_of, refuse_outside
from planning.ogcapi.tiles.matrices import MATRIX_SETS
from planning.ogcapi.tiles.statement import make
from planning.ogcapi.views import OgcView

# Names the layers from which a tile has left features out.
DROPPED = "OGC-Tile-Dropped"

VERSION = Parameter(
    name="version",
    read=text(40),
    description=gettext_lazy("Version of the data, as `version` of a tileset has it; without it the newest."),
    examples=("13.20261122",),
)


class OfTiles(OgcView):
    """What the resources of tiles share: which collections are drawn, and as of when."""

    def drawn(self, collection_id: str | None) -> tuple[Collection, ...]:
        """The collection of that id, or all that the caller may see; those that have tiles.

        Raises NotFound where there is none.
        """
        if collection_id is not None:
            found = (self.collection(collection_id),)
            drawing_of(found[0])
            return found
        everything = self.catalogue.seen_by(self.http_request)
        return tuple(one for one in everything if one.drawing is not None) or _no_tiles()

    def snapshot(self, collections: Sequence[Collection], version: str | None) -> Snapshot:
        """That version, or the newest. Raises Gone."""
        source = collections[0].source
        return source.at(version) if version else source.newest()

    def tileset(self, collection_id: str | None) -> TilesetOf:
        """The tiles that the request speaks of."""
        collections = self.drawn(collection_id)
        return TilesetOf(
            catalogue=self.catalogue,
            collections=collections,
            snapshot=self.snapshot(collections, self.given.get("version")),
            addresses=self.addresses,
            path=("collections", collection_id, "tiles") if collection_id is not None else ("tiles",),
        )

    def kept(self, response: HttpResponse, of: TilesetOf, *parts: object) -> HttpResponse:
        """The document with how long it holds; `parts` are what it is made of beside the version."""
        ids = [one.id for one in of.collections]
        tag = tag_of(
            of.snapshot, self.request.path, self.sent.name, language_of(self.http_request), ids, *parts
        )
        if is_fresh(self.http_request, tag):
            response = HttpResponse(status=HTTPStatus.NOT_MODIFIED)
        keep(response, of.snapshot, tag)
        return response


class TileMatrixSets(OgcView):
    """The grids that there are."""

    def get(self, request: Request) -> HttpResponse:
        found = [
            {
                "id": grid.id,
                "title": grid.title,
                "uri": grid.uri,
                "crs": grid.crs.uri,
                "links": [
                    link(
                        "self",
                        self.addresses.of("tileMatrixSets", grid.id, query={"f": "json"}),
                        JSON.media_type,
                    )
                ],
            }
            for grid in MATRIX_SETS.values()
        ]
        links = self.own_links("tileMatrixSets")
        return self.respond({"links": links, "tileMatrixSets": found}, "tile-matrix-sets")


class TileMatrixSet(OgcView):
    """One grid."""

    def get(self, request: Request, matrix_set: str) -> HttpResponse:
        links = self.own_links("tileMatrixSets", matrix_set)
        return self.respond(matrix_set_named(matrix_set).document() | {"links": links}, "tile-matrix-set")


class Tilesets(OfTiles):
    """The tilesets of everything, or of one collection."""

    def get(self, request: Request, collection_id: str | None = None) -> HttpResponse:
        of = self.tileset(collection_id)
        document = list_of_tilesets(of, self.own_links(*of.path))
        return self.kept(self.respond(document, "tilesets"), of)


class Tileset(OfTiles):
    """One tileset, for people, for programs, and as TileJSON."""

    offered: ClassVar[tuple[Representation, ...]] = (JSON, HTML, TILEJSON)
    parameters = (VERSION,)

    def get(self, request: Request, matrix_set: str, collection_id: str | None = None) -> HttpResponse:
        grid, of = matrix_set_named(matrix_set), self.tileset(collection_id)
        if self.sent is TILEJSON:
            return self.kept(self.respond(of.tilejson(grid), "tileset"), of)
        own_links = self.own_links(*of.path, grid.id, query={"version": self.given["version"]})
        return self.kept(self.respond(of.document(grid, own_links), "tileset"), of)


class Tile(OfTiles):
    """One tile. An empty one within the limits is empty, beyond them there is none."""

    offered: ClassVar[tuple[Representation, ...]] = (MVT,)

    def get(
        self,
        request: Request,
        matrix_set: str,
        tile_matrix: str,
        tile_row: str,
        tile_col: str,
        collection_id: str | None = None,
        version: str | None = None,
    ) -> HttpResponse:
        tile = tile_at(matrix_set, tile_matrix, tile_row, tile_col)
        collections = self.drawn(collection_id)
        snapshot = self.snapshot(collections, version)
        # What an old version held is not known beforehand; its tiles may lie anywhere.
        refuse_outside(tile, collections, WORLD if version else extent_of(collections, snapshot))
        ids = ",".join(one.id for one in collections)
        tag = tag_of(snapshot, "tile", tile, ids)
        if is_fresh(self.http_request, tag):
            response = HttpResponse(status=HTTPStatus.NOT_MODIFIED)
        else:
            response = _sent(self.http_request, _tile(tile, collections, snapshot, ids))
        keep(response, snapshot, tag, for_good=version is not None)
        return response


def _tile(address: Address, collections: Sequence[Collection], snapshot: Snapshot, ids: str) -> KeptTile:
    """The tile as this process has it, or as the database makes it now."""
    key = (ids, snapshot.version, str(address))
    found = KEPT.get(key)
    if found is None:
        found = KeptTile.of(make(address, collections, snapshot))
        KEPT.put(key, found)
    return found


def _sent(request: HttpRequest, tile: KeptTile) -> HttpResponse:
    """The tile, pressed where the reader takes that."""
    is_pressed = bool(tile.pressed) and _takes_gzip(request)
    response = HttpResponse(tile.pressed if is_pressed else tile.content, content_type=MVT.media_type)
    if is_pressed:
        response["Content-Encoding"] = "gzip"
    if tile.incomplete:
        response[DROPPED] = ",".join(tile.incomplete)
        response["Access-Control-Expose-Headers"] = DROPPED
    return response


def _takes_gzip(request: HttpRequest) -> bool:
    for part in request.headers.get("Accept-Encoding", "").split(","):
        coding, _semicolon, quality = part.replace(" ", "").partition(";")
        if coding in {"gzip", "*"}:
            return quality not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False


def _no_tiles() -> Any:
    raise NotFound("tileset", "")
