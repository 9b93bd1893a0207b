"""Styles as resources (OGC API - Styles, draft): how all collections look together, and each by itself."""

import hashlib
from http import HTTPStatus
from typing import ClassVar

import orjson
from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request

from planning.errors import NotFound
from planning.ogcapi.addresses import link
from planning.ogcapi.base import LANG
from planning.ogcapi.caching import is_fresh
from planning.ogcapi.collections import Json
from planning.ogcapi.parameters import Parameter
from planning.ogcapi.representations import HTML, JSON, Representation
from planning.ogcapi.styles import sprite
from planning.ogcapi.styles.sheet import Sheet
from planning.ogcapi.tiles.limits import extent_of
from planning.ogcapi.tiles.matrices import WEB_MERCATOR_QUAD
from planning.ogcapi.tiles.views import VERSION, OfTiles
from planning.ogcapi.views import OgcView

STYLE = Representation("json", "application/vnd.mapbox.style+json", "MapLibre", ("application/json",))
COLOURS, PATTERNS = "land-use", "land-use-patterns"
SPRITE = "sprite"
_A_DAY = "public, max-age=86400"


def _titles() -> dict[str, str]:
    """The styles of everything together, the default first."""
    return {COLOURS: _("Official colours"), PATTERNS: _("Colours and patterns")}


class Styles(OfTiles):
    """All styles: of everything, in colours and with patterns, then of each collection."""

    def get(self, request: Request) -> HttpResponse:
        titles = _titles() | {one.id: str(one.title) for one in self.drawn(None)}
        document = {
            "default": COLOURS,
            "styles": [self._entry(style_id, title) for style_id, title in titles.items()],
            "links": self.own_links("styles"),
        }
        return self.respond(document, "styles")

    def _entry(self, style_id: str, title: str) -> Json:
        def of(rel: str, representation: Representation) -> Json:
            address = self.addresses.of("styles", style_id, query={"f": representation.name})
            return link(rel, address, representation.media_type, representation.title)

        return {"id": style_id, "title": title, "links": [of("stylesheet", STYLE), of("alternate", HTML)]}


class Style(OfTiles):
    """One style, with the tiles of the newest version, or of the version asked for."""

    offered: ClassVar[tuple[Representation, ...]] = (STYLE, HTML)
    parameters = (VERSION,)

    def get(self, request: Request, style_id: str) -> HttpResponse:
        of = self.tileset(None if style_id in (COLOURS, PATTERNS) else style_id)
        tilejson = {"f": "tilejson", "lang": self.given["lang"], "version": self.given["version"]}
        sheet = Sheet(
            name=_titles().get(style_id, of.title),
            tilejson=self.addresses.of(*of.path, WEB_MERCATOR_QUAD.id, query=tilejson),
            sprite=self.addresses.of("styles", style_id, SPRITE),
            bounds=extent_of(of.collections, of.snapshot),
            collections=of.collections,
            hatches=self.catalogue.hatches,
            patterned=style_id == PATTERNS,
        )
        response = self.respond(sheet.style(), "style")
        # Colours are today's, whatever the version.
        return self.kept(response, of, hashlib.sha256(response.content).hexdigest())


class Sprite(OgcView):
    """The hatches of a style: `sprite.json` and `sprite.png`, and both with `@2x` for fine screens."""

    offered: ClassVar[tuple[Representation, ...]] = (JSON,)

    @classmethod
    def documented_parameters(cls, method: str) -> tuple[Parameter, ...]:
        return (LANG,)

    def get(self, request: Request, style_id: str, sprite: str) -> HttpResponse:
        content, media_type = self._file(sprite)
        tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        response = HttpResponse(content, content_type=media_type)
        if is_fresh(self.http_request, tag):
            response = HttpResponse(status=HTTPStatus.NOT_MODIFIED)
        response["ETag"] = tag
        response["Cache-Control"] = _A_DAY
        return response

    def _file(self, name: str) -> tuple[bytes, str]:
        hatches = self.catalogue.hatches
        match name:
            case "sprite.json":
                return orjson.dumps(sprite.index(hatches, 1)), JSON.media_type
            case "sprite@2x.json":
                return orjson.dumps(sprite.index(hatches, 2)), JSON.media_type
            case "sprite.png":
                return sprite.png(hatches, 1), "image/png"
            case "sprite@2x.png":
                return sprite.png(hatches, 2), "image/png"
        raise NotFound("sprite", name)
