"""Two numbers or a posted polygon -> a place in WGS 84 (lon, lat), or a sentence that says what is wrong.

Swapped axes are noticed and never silently mended: the caller is told.
"""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson
import shapely
from django.contrib.gis.geos import Point
from django.http import HttpRequest
from django.http.request import UnreadablePostError
from rest_framework.exceptions import UnsupportedMediaType
from shapely import MultiPolygon, Polygon

from planning import crs
from planning.errors import BadParameter, CannotMeasure, Reason
from planning.models import Territory

MEDIA_TYPES = ("application/geo+json", "application/json")
LARGEST_BODY = 1_048_576  # bytes
# What a site may cost: the spikiest one within these limits, over a dense old quarter, is measured in
# about two seconds; the time grows with the square of the vertices.
MOST_VERTICES = 500
LARGEST_SITE_KM2 = 1
# A site may be long and thin, but zones are searched for in the whole rectangle around it.
LARGEST_RECTANGLE_KM2 = 9
# Beyond this no metric system fits, and the rectangle is surely too large.
_WIDEST_DEGREES = 1.0
_KM2 = 1_000_000

_PLACE = re.compile(r"\[(-?[0-9.e+-]+) (-?[0-9.e+-]+)\]")
_BODY = "body"

Position = tuple[float, float]


# --- Points ---


def point_from(given: Mapping[str, Any]) -> Position:
    """The point asked about, from lon and lat or from easting, northing and crs."""
    degrees, metres = ("lon", "lat"), ("easting", "northing", "crs")
    named = [name for name in degrees + metres if given[name] is not None]
    mixed = [name for name in named if name in metres]
    if mixed and len(mixed) < len(named):
        raise BadParameter(named[0], given[named[0]], Reason.CONTRADICTS, other=mixed[0])
    for name in metres if mixed else degrees:
        if given[name] is None:
            raise BadParameter(name, "", Reason.REQUIRED)
    if mixed:
        return _from_metres(given["easting"], given["northing"], given["crs"])
    refuse_swapped((given["lon"], given["lat"]), name="lon")
    return given["lon"], given["lat"]


def _from_metres(easting: float, northing: float, system: crs.CRS) -> Position:
    if not system.is_projected:
        raise BadParameter("crs", system.code, Reason.NOT_PROJECTED_CRS)
    place = crs.locate(easting, northing, system, parameter="easting")
    return place.lon, place.lat


def refuse_swapped(position: Position, *, name: str) -> None:
    """Raise BadParameter where only the other order gives a place, or one in a territory of ours."""
    lon, lat = position
    if abs(lon) > 90 and abs(lat) > 90:
        raise BadParameter("lat", lat, Reason.OUT_OF_RANGE, low=-90, high=90)
    is_possible = abs(lon) <= 90
    if abs(lat) > 90 or (is_possible and not _is_served(lon, lat) and _is_served(lat, lon)):
        raise BadParameter(name, f"{lon:.10g},{lat:.10g}", Reason.SWAPPED_AXES)


def _is_served(lon: float, lat: float) -> bool:
    return Territory.objects.around(Point(lon, lat, srid=4326)).exists()


# --- Posted polygons ---


def site_from(request: HttpRequest) -> Polygon | MultiPolygon:
    """The polygon that was posted, valid and of a measurable size, in lon, lat.

    Raises BadParameter for anything else, UnsupportedMediaType for other content.
    """
    site = _polygon(_geometry(_json(_body(request))))
    _refuse_invalid(site)
    _refuse_too_large(site)
    west, south, east, north = site.bounds
    refuse_swapped(((west + east) / 2, (south + north) / 2), name="coordinates")
    return site


def _body(request: HttpRequest) -> bytes:
    if request.content_type not in MEDIA_TYPES:
        raise UnsupportedMediaType(request.content_type or "")
    announced = request.headers.get("Content-Length", "")
    too_large = announced.isdigit() and int(announced) > LARGEST_BODY
    try:
        # One byte more than allowed tells whether there is more, whatever was announced.
        body = b"" if too_large else _stream(request, announced).read(LARGEST_BODY + 1)
    except UnreadablePostError:
        raise BadParameter(_BODY, "", Reason.NOT_JSON) from None
    if too_large or len(body) > LARGEST_BODY:
        raise BadParameter(_BODY, "", Reason.BODY_TOO_LARGE, limit=LARGEST_BODY)
    return body


def _stream(request: HttpRequest, announced: str) -> Any:
    """The body; one that comes in chunks of unannounced length is ended by the server, not by Django."""
    if not announced and request.META.get("wsgi.input_terminated"):
        return request.META["wsgi.input"]
    return request


def _json(body: bytes) -> Any:
    if not body.strip():
        raise BadParameter(_BODY, "", Reason.REQUIRED)
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        raise BadParameter(_BODY, "", Reason.NOT_JSON) from None


def _geometry(value: Any) -> dict[str, Any]:
    """The geometry of the body: the body itself or, of a Feature, its geometry."""
    _refuse_other_crs(value)
    if isinstance(value, dict) and value.get("type") == "Feature":
        value = value.get("geometry")
        if value is None:
            raise BadParameter("geometry", "", Reason.EMPTY_GEOMETRY)
        _refuse_other_crs(value)
    if not isinstance(value, dict) or not isinstance(value.get("type"), str):
        raise BadParameter(_BODY, "", Reason.NOT_GEOJSON)
    if value["type"] not in ("Polygon", "MultiPolygon"):
        raise BadParameter("type", value["type"], Reason.NOT_A_POLYGON)
    return value


def _refuse_other_crs(value: Any) -> None:
    """GeoJSON is WGS 84; an old file that says otherwise must not be read as if it were."""
    if isinstance(value, dict) and value.get("crs") is not None:
        named = value["crs"].get("properties") if isinstance(value["crs"], dict) else None
        name = named.get("name") if isinstance(named, dict) else None
        if not isinstance(name, str) or crs.parse(name) not in (crs.CRS84, crs.WGS84):
            raise BadParameter("crs", name or "", Reason.NOT_A_CHOICE, choices=(crs.CRS84.code,))


def _polygon(geometry: dict[str, Any]) -> Polygon | MultiPolygon:
    coordinates = geometry.get("coordinates")
    polygons = coordinates if geometry["type"] == "MultiPolygon" else [coordinates]
    if not isinstance(polygons, list):
        raise BadParameter("coordinates", "", Reason.NOT_GEOJSON)
    if not polygons:
        raise BadParameter("coordinates", "", Reason.EMPTY_GEOMETRY)
    if _vertices(polygons) > MOST_VERTICES:
        raise BadParameter("coordinates", "", Reason.TOO_MANY_VERTICES, limit=MOST_VERTICES)
    parts = [_one_polygon(rings) for rings in polygons]
    return parts[0] if geometry["type"] == "Polygon" else MultiPolygon(parts)


def _vertices(polygons: list[Any]) -> int:
    """How many positions there are; what is no list counts for nothing and is refused later."""
    rings = (ring for rings in polygons if isinstance(rings, list) for ring in rings)
    return sum(len(ring) for ring in rings if isinstance(ring, list))


def _one_polygon(rings: Any) -> Polygon:
    if not isinstance(rings, list):
        raise BadParameter("coordinates", "", Reason.NOT_GEOJSON)
    if not rings:
        raise BadParameter("coordinates", "", Reason.EMPTY_GEOMETRY)
    shell, *holes = (list(_ring(ring)) for ring in rings)
    return Polygon(shell, holes)


def _ring(ring: Any) -> Iterator[Position]:
    """The positions of a closed ring of at least four (RFC 7946, 3.1.6)."""
    if not isinstance(ring, list) or len(ring) < 4 or _position(ring[0]) != _position(ring[-1]):
        raise BadParameter("coordinates", "", Reason.RING_NOT_CLOSED)
    for position in ring:
        yield _position(position)


def _position(position: Any) -> Position:
    if not isinstance(position, list) or not 2 <= len(position) <= 4:
        raise BadParameter("coordinates", position, Reason.NOT_GEOJSON)
    lon, lat = position[0], position[1]
    for number in (lon, lat):
        if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
            raise BadParameter("coordinates", number, Reason.NOT_A_NUMBER)
    if abs(lon) <= 180 and abs(lat) <= 90:
        return float(lon), float(lat)
    shown = f"{lon:.10g},{lat:.10g}"
    if abs(lon) <= 90 and abs(lat) <= 180:
        raise BadParameter("coordinates", shown, Reason.SWAPPED_AXES)
    raise BadParameter("coordinates", shown, Reason.OUTSIDE_CRS, crs=crs.CRS84.code)


def _refuse_invalid(site: Polygon | MultiPolygon) -> None:
    # Corners on one line, not a bow-tie: that has a signed area of nothing too.
    if site.is_empty or site.convex_hull.area == 0:
        raise BadParameter("coordinates", "", Reason.EMPTY_GEOMETRY)
    if site.is_valid:
        return
    found = _PLACE.search(shapely.is_valid_reason(site))
    place = (round(float(found[1]), 7), round(float(found[2]), 7)) if found else None
    raise BadParameter("coordinates", "", Reason.INVALID_GEOMETRY, place=place)


def _refuse_too_large(site: Polygon | MultiPolygon) -> None:
    too_spread_out = BadParameter("coordinates", "", Reason.TOO_SPREAD_OUT, limit=LARGEST_RECTANGLE_KM2)
    west, south, east, north = site.bounds
    if max(east - west, north - south) > _WIDEST_DEGREES:
        raise too_spread_out
    try:
        metric = crs.metric_for((west + east) / 2, (south + north) / 2)
        measured = crs.transform(site, crs.WGS84, metric)
    except CannotMeasure:
        raise BadParameter("coordinates", "", Reason.OUTSIDE_CRS, crs=crs.CRS84.code) from None
    if measured.area > LARGEST_SITE_KM2 * _KM2:
        raise BadParameter("coordinates", "", Reason.TOO_LARGE_AREA, limit=LARGEST_SITE_KM2)
    if measured.envelope.area > LARGEST_RECTANGLE_KM2 * _KM2:
        raise too_spread_out
