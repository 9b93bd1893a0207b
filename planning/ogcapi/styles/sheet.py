"""Drawings of collections -> a style for MapLibre (style specification 8), made anew at each request.

Land is filled in its official colour, with a dark outline and its code; kinds of restriction are lines in
their colours and dashes; what has no colour of its own is an outline. Where no colour is official the
ground is grey and crossed. There are no glyphs: the map library writes with the fonts of the reader.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from planning.ogcapi.collections import Bounds, Collection, Colour, Drawing, Family, Hatch, Json
from planning.ogcapi.labels import always_labelled
from planning.ogcapi.tiles.limits import drawing_of

TILES = "tiles"
ALWAYS = "always-labelled"
INK, HALO, GROUND, NO_COLOUR = "#14202B", "#FFFFFF", "#F3F6F8", "#D5DAE0"
WRITING = "#111111"
UNKNOWN = "unknown"
FONT = ["Be Vietnam Pro", "DejaVu Sans", "sans-serif"]
_LINE_PX = 2.0
_WRITTEN = {"text-color": WRITING, "text-halo-color": HALO, "text-halo-width": 1.5}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a style is made of. With `patterned` every main group is hatched as well as coloured."""

    name: str
    tilejson: str
    sprite: str
    bounds: Bounds
    collections: tuple[Collection, ...]
    hatches: Mapping[str, Hatch]
    patterned: bool

    def style(self) -> Json:
        """The style: what fills land lies lowest, labels lie on top, those of every map above all."""
        subjects = [_Subject.of(one, self.hatches) for one in self.collections]
        fills = [layer for one in subjects for layer in one.fills(patterned=self.patterned)]
        edges = [layer for one in reversed(subjects) for layer in one.edges()]
        labels = [layer for one in reversed(subjects) for layer in one.labels()]
        west, south, east, north = self.bounds
        return {
            "version": 8,
            "name": self.name,
            "center": [(west + east) / 2, (south + north) / 2],
            "zoom": 12,
            "sprite": self.sprite,
            "sources": {
                TILES: {"type": "vector", "url": self.tilejson, "bounds": list(self.bounds)},
                ALWAYS: {"type": "geojson", "data": _always()},
            },
            "layers": [_ground(), *fills, *edges, *labels, _always_layer()],
        }


@dataclass(frozen=True, slots=True)
class _Subject:
    """One collection on the map: its drawing, its colours, and whether they fill land."""

    name: str
    family: Family
    drawing: Drawing
    colours: tuple[Colour, ...]
    is_filled: bool

    @classmethod
    def of(cls, one: Collection, hatches: Mapping[str, Hatch]) -> "_Subject":
        drawing = drawing_of(one)
        colours = tuple(drawing.colours())
        is_filled = one.geometry.family is Family.POLYGON and any(each.pattern in hatches for each in colours)
        return cls(one.id, one.geometry.family, drawing, colours, is_filled)

    def layer(self, part: str, kind: str, **members: Any) -> Json:
        """A layer of the style over the tiles of the collection."""
        own = {"id": f"{self.name}-{part}", "type": kind, "source": TILES, "source-layer": self.name}
        return own | ({"minzoom": self.drawing.minzoom} if self.drawing.minzoom else {}) | members

    def fills(self, *, patterned: bool) -> Iterator[Json]:
        """Colour, and hatches above it: all of them, or only those of land without an official colour."""
        if not self.is_filled:
            return
        colour = _match(self.drawing.by, ((one.value, one.colour) for one in self.colours), NO_COLOUR)
        yield self.layer("fill", "fill", paint={"fill-color": colour, "fill-antialias": False})
        if patterned:
            hatch = _match(self.drawing.by, ((one.value, one.pattern) for one in self.colours), UNKNOWN)
            yield self.layer("hatch", "fill", paint={"fill-pattern": hatch})
        else:
            coloured = [one.value for one in self.colours if one.colour]
            uncoloured = ["!", ["in", ["get", self.drawing.by], ["literal", coloured]]]
            yield self.layer("hatch", "fill", filter=uncoloured, paint={"fill-pattern": UNKNOWN})

    def edges(self) -> Iterator[Json]:
        """Outlines of land, lines and points, by kind where there are kinds."""
        if self.family is Family.POINT:
            yield self.layer("point", "circle", paint=self._circle())
        elif self.is_filled or not self.colours:
            paint = {"line-color": INK, "line-width": 1 if self.is_filled else 0.7}
            yield self.layer("outline", "line", paint=paint)
        else:
            for one in self.colours:
                yield self._kind(one)

    def labels(self) -> Iterator[Json]:
        """What is written on it, never nearer to another label than it can be read."""
        if not self.drawing.label:
            return
        layout: Json = {
            "text-field": ["coalesce", ["get", self.drawing.label], ""],
            "text-font": FONT,
            "text-size": 12,
            "symbol-placement": "line" if self.family is Family.LINE else "point",
        }
        first = max(self.drawing.label_from, self.drawing.minzoom)
        yield self.layer("label", "symbol", minzoom=first, layout=layout, paint=_WRITTEN)

    def _kind(self, one: Colour) -> Json:
        """The lines of one kind. Dashes cannot be told by a property in every map library."""
        dashes = [float(length) / _LINE_PX for length in one.pattern.split()]
        paint: Json = {"line-color": one.colour or INK, "line-width": _LINE_PX}
        if dashes:
            paint["line-dasharray"] = dashes
        of_kind = ["==", ["get", self.drawing.by], one.value]
        return self.layer(one.value, "line", filter=of_kind, paint=paint)

    def _circle(self) -> Json:
        colour = _match(self.drawing.by, ((one.value, one.colour) for one in self.colours), INK)
        return {
            "circle-color": colour,
            "circle-radius": 5,
            "circle-stroke-color": HALO,
            "circle-stroke-width": 1.5,
        }


def _match(by: str, pairs: Iterable[tuple[str, str]], otherwise: str) -> Any:
    """An expression that gives each value of a property its own; values that share one stand together."""
    told = sorted(((own, value) for value, own in pairs if own))
    if not told:
        return otherwise
    branches: list[Any] = []
    for own, group in groupby(told, key=lambda pair: pair[0]):
        branches += [[value for _own, value in group], own]
    return ["match", ["get", by], *branches, otherwise]


def _ground() -> Json:
    return {"id": "ground", "type": "background", "paint": {"background-color": GROUND}}


def _always() -> Json:
    """The labels that no map is without, whatever version or collection it shows."""
    features: Sequence[Json] = [
        {
            "type": "Feature",
            "properties": {"label": one.text},
            "geometry": {"type": "Point", "coordinates": [one.longitude, one.latitude]},
        }
        for one in always_labelled()
    ]
    return {"type": "FeatureCollection", "features": features}


def _always_layer() -> Json:
    layout = {
        "text-field": ["get", "label"],
        "text-font": FONT,
        "text-size": 13,
        "text-allow-overlap": True,
        "text-ignore-placement": True,
    }
    return {"id": ALWAYS, "type": "symbol", "source": ALWAYS, "layout": layout, "paint": _WRITTEN}
