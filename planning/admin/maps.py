"""Geometry in the admin: drawn on the server as an outline, and by MapLibre where the browser can.

Nothing comes from elsewhere: the map shows the row and, around it, what the own office has in the same
edition. Without WebGL or JavaScript the outline stays, and an extent is typed or pasted as GeoJSON.
"""

import json
import math
from collections.abc import Iterator, Sequence
from typing import Any, cast

import orjson
import shapely
from django import forms
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.core.exceptions import ValidationError
from django.forms.widgets import Script
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from shapely.geometry.base import BaseGeometry

from planning.errors import BadParameter, Reason
from planning.ogcapi.problems import sentence

MOST_VERTICES = 20_000
_LARGEST_TEXT = 2_000_000
_DRAWING = 600  # units of the drawing's longer side
_EMPTY = gettext_lazy("no geometry")
# What the API says of a body or of a parameter, as it is said of a field.
_SENTENCES = {
    Reason.NOT_JSON: gettext_lazy("The text is no GeoJSON: it cannot be read as JSON."),
    Reason.NOT_GEOJSON: gettext_lazy("The text is no GeoJSON with polygons."),
    Reason.OUT_OF_RANGE: gettext_lazy(
        "“%(value)s” is no longitude and latitude. Longitude comes first, and both in degrees, not in metres."
    ),
}


def words() -> dict[str, str]:
    """What the map and its buttons say, in the active language."""
    return {
        "Map.Title": _("Map"),
        "NavigationControl.ZoomIn": _("Zoom in"),
        "NavigationControl.ZoomOut": _("Zoom out"),
        "NavigationControl.ResetBearing": _("Turn north up"),
        "ScaleControl.Meters": "m",
        "ScaleControl.Kilometers": "km",
    }


def media() -> forms.Media:
    """The files of a page with a map."""
    return forms.Media(
        css={
            "all": ["vendor/maplibre-gl/maplibre-gl.css", "planning/admin/map.css", "planning/admin/acts.css"]
        },
        js=[Script("planning/admin/map.js", type="module")],  # type: ignore[list-item]
    )


def shown(geometry: GEOSGeometry | None, *, label: str = "", around: str = "") -> SafeString | str:
    """The geometry as figure; `around` is the address of what lies beside it, as GeoJSON."""
    if geometry is None or geometry.empty:
        return str(_EMPTY)
    shape = shapely.from_wkb(bytes(geometry.wkb))
    return render_to_string("planning/admin/map.html", {"label": label, **_figure(shape), **_library(around)})


def _figure(shape: BaseGeometry) -> dict[str, Any]:
    west, south, east, north = shape.bounds
    span = max(east - west, north - south) or 1e-6
    fine = shape if shapely.get_num_coordinates(shape) <= MOST_VERTICES else shape.simplify(span / 5_000)
    return {
        "outline": _outline(shape, span),
        "geojson": json.loads(shapely.to_geojson(shapely.set_precision(fine, 1e-7, mode="pointwise"))),
        "vertices": int(shapely.get_num_coordinates(shape)),
    }


def _outline(shape: BaseGeometry, span: float) -> dict[str, Any]:
    """Paths in a drawing whose north is up, as wide as the land is on the ground."""
    coarse = shape.simplify(span / _DRAWING) if shape.area or shape.length else shape
    west, south, east, north = shape.bounds
    narrowing = math.cos(math.radians((south + north) / 2))
    scale = _DRAWING / max((east - west) * narrowing, north - south, 1e-9)
    width, height = (east - west) * narrowing * scale, (north - south) * scale

    def place(position: Sequence[float]) -> str:
        return f"{(position[0] - west) * narrowing * scale:.1f} {(north - position[1]) * scale:.1f}"

    rings = [list(ring) for ring in _rings(coarse)]
    return {
        "box": f"-20 -20 {width + 40:.0f} {height + 40:.0f}",
        "path": " ".join("M" + "L".join(place(position) for position in ring) for ring in rings),
        "dots": [place(ring[0]).split() for ring in rings if len(ring) == 1],
        "is_area": bool(shape.area),
    }


def _rings(shape: BaseGeometry) -> Iterator[Sequence[Sequence[float]]]:
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon":
            yield from (list(ring.coords) for ring in (part.exterior, *part.interiors))
        elif part.geom_type.startswith(("Multi", "Geometry")):
            yield from _rings(part)
        else:
            yield list(part.coords)


def _library(around: str) -> dict[str, str]:
    return {
        "library": static("vendor/maplibre-gl/maplibre-gl.mjs"),
        "worker": static("vendor/maplibre-gl/maplibre-gl-worker.mjs"),
        "locale": json.dumps(words(), ensure_ascii=False),
        "around": around,
    }


class ExtentInput(forms.Textarea):
    """GeoJSON as text, and a map beside it on which the corners are set by click or by key."""

    template_name = "planning/admin/extent_input.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, around: str = "") -> None:
        super().__init__({"rows": 5, "spellcheck": "false", "autocomplete": "off", **(attrs or {})})
        self.around = around

    @property
    def media(self) -> forms.Media:
        return media()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        return {**context, **_library(self.around)}


class ExtentField(forms.CharField):
    """GeoJSON (Polygon, MultiPolygon, Feature, FeatureCollection) -> MultiPolygon in EPSG:4326, or None."""

    widget = ExtentInput
    default_error_messages = {
        "too_long": gettext_lazy("This is too much text for an extent: at most %(limit)s characters.")
    }

    def prepare_value(self, value: Any) -> Any:
        return value.geojson if isinstance(value, GEOSGeometry) else value

    def clean(self, value: Any) -> MultiPolygon | None:
        text = super().clean(value)
        if not text:
            return None
        if len(text) > _LARGEST_TEXT:
            raise ValidationError(self.error_messages["too_long"], params={"limit": _LARGEST_TEXT})
        try:
            return extent_from(text)
        except BadParameter as error:
            words = _SENTENCES.get(error.reason) if error.reason else None
            raise ValidationError(str(words) % error.facts if words else sentence(error)) from None


def extent_from(text: str) -> MultiPolygon:
    """The polygons of a GeoJSON text as one valid extent; raises BadParameter with what is wrong."""
    try:
        given = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise BadParameter("extent", "", Reason.NOT_JSON) from None
    polygons = [_polygon(rings) for rings in _polygons_in(given)]
    if not polygons:
        raise BadParameter("extent", "", Reason.EMPTY_GEOMETRY)
    whole = shapely.MultiPolygon(polygons)
    if shapely.get_num_coordinates(whole) > MOST_VERTICES:
        raise BadParameter("extent", "", Reason.TOO_MANY_VERTICES, limit=MOST_VERTICES)
    if not whole.is_valid:
        place = shapely.is_valid_reason(whole).partition("[")[2].rstrip("]").replace(" ", ", ")
        raise BadParameter("extent", "", Reason.INVALID_GEOMETRY, place=place or "?")
    stored: Any = GEOSGeometry(memoryview(whole.wkb), srid=4326)
    return cast("MultiPolygon", stored)


def _polygons_in(given: Any) -> Iterator[Any]:
    """The coordinates of each polygon in whatever GeoJSON was given."""
    match given:
        case {"type": "FeatureCollection", "features": [*features]}:
            for feature in features:
                yield from _polygons_in(feature)
        case {"type": "Feature", "geometry": geometry}:
            yield from _polygons_in(geometry)
        case {"type": "Polygon", "coordinates": coordinates}:
            yield coordinates
        case {"type": "MultiPolygon", "coordinates": [*coordinates]}:
            yield from coordinates
        case {"type": str(kind)}:
            raise BadParameter("extent", kind, Reason.NOT_A_POLYGON)
        case _:
            raise BadParameter("extent", "", Reason.NOT_GEOJSON)


def _polygon(rings: Any) -> shapely.Polygon:
    if not isinstance(rings, list) or not rings:
        raise BadParameter("extent", "", Reason.NOT_GEOJSON)
    outer, *holes = ([_position(position) for position in _listed(ring)] for ring in rings)
    for ring in (outer, *holes):
        if len(ring) < 4 or ring[0] != ring[-1]:
            raise BadParameter("extent", "", Reason.RING_NOT_CLOSED)
    return shapely.Polygon(outer, holes)


def _listed(ring: Any) -> list[Any]:
    if not isinstance(ring, list):
        raise BadParameter("extent", "", Reason.NOT_GEOJSON)
    return ring


def _position(position: Any) -> tuple[float, float]:
    match position:
        case [int() | float() as lon, int() | float() as lat, *_rest]:
            if abs(lon) > 180 or abs(lat) > 90:
                raise BadParameter(
                    "extent", f"{lon:.10g},{lat:.10g}", Reason.OUT_OF_RANGE, low=-180, high=180
                )
            return float(lon), float(lat)
        case _:
            raise BadParameter("extent", "", Reason.NOT_GEOJSON)
