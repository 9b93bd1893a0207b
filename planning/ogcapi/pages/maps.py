"""What a page shows on its small map: features, or tiles in a style.

The map is a MapLibre style made here, so that the script in the browser has little to decide; the features
are drawn as SVG, too, for everybody else.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
import shapely
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from planning.ogcapi.collections import Bounds, Collection, Drawing, Json
from planning.ogcapi.labels import always_labelled
from planning.ogcapi.pages import drawing
from planning.ogcapi.pages.place import Place
from planning.ogcapi.pages.values import COLOUR

MOST_DRAWN = 500
NO_COLOUR = "#D5DBE1"
_OWN_COLOURS = ("colour", "color")
_FONT = ["Be Vietnam Pro", "sans-serif"]
_LABELS = "always-labelled"
_FIRST_ZOOM_OF_NAMES = 15
_QUAD = "WebMercatorQuad"
_MVT = "application/vnd.mapbox-vector-tile"


@dataclass(frozen=True, slots=True, kw_only=True)
class Map:
    """A map on a page: `style` for MapLibre, the box it opens on, the drawing that everybody sees first."""

    style: Json
    bounds: Bounds | None
    title: str
    svg: SafeString | str = ""
    drawn: int = 0

    @property
    def settings(self) -> Json:
        """What the script reads."""
        return {
            "style": self.style,
            "bounds": self.bounds,
            "words": {
                "Map.Title": self.title,
                "NavigationControl.ZoomIn": _("Zoom in"),
                "NavigationControl.ZoomOut": _("Zoom out"),
                "ScaleControl.Meters": "m",
                "ScaleControl.Kilometers": "km",
            },
        }


# --- Features ---


def of_features(features: Sequence[Json], collection: Collection | None, title: str) -> Map | None:
    """The map of those features; None where not one of them has a place in degrees."""
    look = Look.of(collection)
    found = [(feature, _shape_of(feature.get("geometry"))) for feature in features[:MOST_DRAWN]]
    drawn = [(feature, shape) for feature, shape in found if shape is not None]
    if not drawn:
        return None
    shapes = [
        drawing.Shape(shape, look.label(feature), look.colour(feature.get("properties") or {}))
        for feature, shape in drawn
    ]
    bounds = _bounds(shape for _feature, shape in drawn)
    return Map(
        style=_style({"features": {"type": "geojson", "data": _geojson(shapes)}}, _layers("features")),
        bounds=bounds,
        title=title,
        svg=drawing.draw(shapes, bounds, always_labelled(), title),
        drawn=len(shapes),
    )


def of_extent(bounds: Bounds | None, place: Place) -> Map | None:
    """The map of an extent: its box and, where the browser can, the tiles of the collection within."""
    if bounds is None:
        return None
    box = {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(shapely.box(*bounds))}
    found = of_features([box], None, _("Map of the extent"))
    of = place.collection
    if found is None or of is None or of.drawing is None:
        return found
    template = place.addresses.of("collections", of.id, "tiles", _QUAD, "{z}", "{y}", "{x}")
    limits = {"minzoom": of.drawing.minzoom, "maxzoom": of.drawing.maxzoom, "bounds": bounds}
    edge = [layer for layer in found.style["layers"] if layer["id"] in ("ground", "features-edge")]
    sources = found.style["sources"] | {"tiles": {"type": "vector", "tiles": [template], **limits}}
    layers = [*edge, *_layers("tiles", of.id, Look.of(of)), found.style["layers"][-1]]
    return replace(found, style=found.style | {"sources": sources, "layers": layers})


@dataclass(frozen=True, slots=True)
class Look:
    """How the features of a collection are told apart on a map."""

    drawing: Drawing | None
    colours: Mapping[str, str]

    @classmethod
    def of(cls, collection: Collection | None) -> "Look":
        """As the collection declares it."""
        declared = collection.drawing if collection else None
        colours = {one.value: one.colour for one in declared.colours()} if declared else {}
        return cls(declared, colours)

    def colour(self, properties: Json) -> str:
        """Its own colour, else that of the property it is drawn by, else none."""
        by = properties.get(self.drawing.by) if self.drawing and self.drawing.by else None
        candidates = [*(properties.get(name) for name in _OWN_COLOURS), self.colours.get(str(by))]
        return next((str(one) for one in candidates if one and COLOUR.fullmatch(str(one))), NO_COLOUR)

    @property
    def colour_in_tiles(self) -> list[Any]:
        """The same as an expression of MapLibre, "" for none."""
        own = ["coalesce", ["get", "colour"], ""]
        known = [part for value, colour in self.colours.items() if colour for part in (value, colour)]
        if not self.drawing or not known:
            return own
        return ["case", ["!=", own, ""], own, ["match", ["get", self.drawing.by], *known, ""]]

    def label(self, feature: Json) -> str:
        """What is written on it."""
        name = self.drawing.label if self.drawing else ""
        return str((feature.get("properties") or {}).get(name) or feature.get("id") or "")


def _shape_of(geometry: Any) -> BaseGeometry | None:
    """A geometry in degrees; None for none, and for coordinates in another system."""
    if not isinstance(geometry, dict):
        return None
    shape = shapely.from_geojson(orjson.dumps(geometry), on_invalid="ignore")
    if shape is None or shape.is_empty:
        return None
    west, south, east, north = shape.bounds
    return shape if west >= -180 and south >= -90 and east <= 180 and north <= 90 else None


def _bounds(shapes: Iterable[BaseGeometry]) -> Bounds:
    west, south, east, north = shapely.total_bounds(list(shapes)).tolist()
    return (west, south, east, north)


def _geojson(shapes: Sequence[drawing.Shape]) -> Json:
    """The features as the browser draws them; `row` leads to their row in the table."""
    features = [
        {
            "type": "Feature",
            "properties": {"label": shape.label, "colour": shape.colour, "row": number},
            "geometry": shapely.geometry.mapping(shape.geometry),
        }
        for number, shape in enumerate(shapes, 1)
    ]
    return {"type": "FeatureCollection", "features": features}


# --- Tiles and styles ---


def presented_tileset(document: Json, place: Place) -> dict[str, Any]:
    """A preview of the tiles: every layer in the colours that its features carry."""
    templates = [link for link in document.get("links", ()) if link.get("rel") == "item"]
    template = next((link for link in templates if link.get("type") == _MVT), None)
    if template is None:
        return {}
    limits = document.get("tileMatrixSetLimits") or []
    zooms = [int(limit["tileMatrix"]) for limit in limits if str(limit.get("tileMatrix", "")).isdigit()]
    source = {"type": "vector", "tiles": [_as_maplibre(template["href"])], "minzoom": min(zooms, default=0)}
    source["maxzoom"] = max(zooms, default=14)
    looks = {one.id: Look.of(one) for one in place.collections}
    names = [str(one["id"]) for one in document.get("layers", ())]
    layers = [layer for name in names for layer in _layers("tiles", name, looks.get(name))]
    bounds = _bounds_of_document(document)
    source |= {"bounds": bounds} if bounds else {}
    title = _("Preview of the tiles")
    return {"map": Map(style=_style({"tiles": source}, layers), bounds=bounds, title=title)}


def presented_style(document: Json, place: Place) -> dict[str, Any]:
    """A preview of the style, which carries its sources; the layers in the order in which they are drawn."""
    bounds = next((one["bounds"] for one in document.get("sources", {}).values() if one.get("bounds")), None)
    labelled = all(label.text in str(document) for label in always_labelled())
    style = document if labelled else _labelled(document)
    return {"map": Map(style=style, bounds=bounds, title=_("Preview of the style"))}


def _as_maplibre(template: str) -> str:
    for ours, theirs in (("{tileMatrix}", "{z}"), ("{tileRow}", "{y}"), ("{tileCol}", "{x}")):
        template = template.replace(ours, theirs)
    return template


def _bounds_of_document(document: Json) -> Bounds | None:
    box = document.get("boundingBox")
    if not box:
        return None
    (west, south), (east, north) = box["lowerLeft"], box["upperRight"]
    return (west, south, east, north)


def _layers(source: str, layer: str = "", look: Look | None = None) -> list[Json]:
    """Areas, lines, points and their labels; what has no colour is no more than outlined."""
    of = {"source": source, **({"source-layer": layer} if layer else {})}
    name = layer or source
    given = look.colour_in_tiles if look else ["get", "colour"]
    has_colour = ["!=", given, ""]
    colour = ["case", has_colour, ["to-color", given, NO_COLOUR], NO_COLOUR]
    written = look.drawing.label if look and look.drawing and layer else "label"
    paint = {
        "area": ("fill", "Polygon", {"fill-color": colour, "fill-opacity": ["case", has_colour, 0.8, 0.1]}),
        "edge": ("line", "Polygon", {"line-color": drawing.INK, "line-opacity": 0.6, "line-width": 1}),
        "casing": ("line", "LineString", {"line-color": drawing.INK, "line-width": 3}),
        "line": ("line", "LineString", {"line-color": colour, "line-width": 1.5}),
        "point": ("circle", "Point", {"circle-color": colour, "circle-radius": 6, **_RIM}),
    }
    drawn = [
        {"id": f"{name}-{part}", "type": kind, **of, "filter": _is(family), "paint": values}
        for part, (kind, family, values) in paint.items()
    ]
    words = {"text-field": ["to-string", ["coalesce", ["get", written], ""]], "text-size": 12}
    label = {"id": f"{name}-label", "type": "symbol", **of, "layout": words | {"text-font": _FONT}}
    # the names of a whole town at once would hide it
    return [*drawn, label | {"paint": _WRITING, "minzoom": _FIRST_ZOOM_OF_NAMES if layer else 0}]


_RIM = {"circle-stroke-color": drawing.INK, "circle-stroke-width": 1}
_WRITING = {"text-color": drawing.INK, "text-halo-color": drawing.HALO, "text-halo-width": 1.5}


def _is(kind: str) -> list[Any]:
    return ["==", ["geometry-type"], kind]


def _style(sources: Json, layers: Sequence[Json]) -> Json:
    ground = {"id": "ground", "type": "background", "paint": {"background-color": drawing.GROUND}}
    return _labelled({"version": 8, "sources": sources, "layers": [ground, *layers]})


def _labelled(style: Json) -> Json:
    """The style with the labels that no map is without, above everything else."""
    features = [
        {
            "type": "Feature",
            "properties": {"label": label.text},
            "geometry": {"type": "Point", "coordinates": [label.longitude, label.latitude]},
        }
        for label in always_labelled()
    ]
    data = {"type": "FeatureCollection", "features": features}
    words = {"text-field": ["get", "label"], "text-size": 13, "text-allow-overlap": True, "text-font": _FONT}
    layer = {"id": _LABELS, "type": "symbol", "source": _LABELS, "layout": words, "paint": _WRITING}
    return style | {
        "sources": {**style.get("sources", {}), _LABELS: {"type": "geojson", "data": data}},
        "layers": [*style.get("layers", ()), layer],
    }
