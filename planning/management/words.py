"""What commands are told in words, read into values: dates, codes, numbers of rows, files with an extent.

Each raises BadParameter or NotFound with what was given; `acts` turns them into sentences.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import cast
from uuid import UUID

import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planning.errors import BadParameter, NotFound, Reason
from planning.models import Document, Edition, EventKind, Office, Plan, PlanEvent, Theme

_LARGEST_FILE = 10_000_000
# What may be wrong with the file of `--extent`.
EXTENT_SENTENCES: Mapping[Reason, Promise] = {
    Reason.INVALID_GEOMETRY: gettext_lazy("The polygons of --extent are empty or cross themselves."),
    Reason.NOT_GEOJSON: gettext_lazy("%(value)s is no GeoJSON file of at most 10 MB."),
    Reason.NOT_A_POLYGON: gettext_lazy("%(value)s must hold polygons and nothing else."),
    Reason.OUT_OF_RANGE: gettext_lazy("%(value)s must be in longitude and latitude (EPSG:4326)."),
}


def day(name: str, value: str) -> date:
    """A date as ISO 8601 writes it."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise BadParameter(name, value, Reason.NOT_A_DATE) from None


def optional_day(name: str, value: str | None) -> date | None:
    return day(name, value) if value else None


def event_kind(value: str) -> EventKind:
    if value not in EventKind.values:
        raise BadParameter("KIND", value, Reason.NOT_A_CHOICE, choices=EventKind.values)
    return EventKind(value)


def edition(code: str) -> Edition:
    """An edition by its code, like some-plan/2."""
    slug, _slash, number = code.rpartition("/")
    # longer numbers do not fit the column
    is_number = number.isdecimal() and len(number) < 6
    editions = Edition.objects.select_related("plan__office").filter(plan=slug)
    found = editions.filter(number=int(number)).first() if is_number else None
    if found is None:
        raise NotFound(_("edition"), code)
    return found


def plan(code: str) -> Plan:
    found = Plan.objects.select_related("office").filter(pk=code).first()
    if found is None:
        raise NotFound(_("plan"), code)
    return found


def document(number: str) -> Document:
    found = Document.objects.filter(pk__in=_keys(number)).first()
    if found is None:
        raise NotFound(_("document"), number)
    return found


def event(number: str) -> PlanEvent:
    events = PlanEvent.objects.select_related("edition__plan__office", "document")
    found = events.filter(pk__in=_keys(number)).first()
    if found is None:
        raise NotFound(_("event"), number)
    return found


def office(code: str) -> Office:
    found = Office.objects.filter(pk=code).first()
    if found is None:
        raise NotFound(_("office"), code)
    return found


def theme(code: str) -> Theme:
    found = Theme.objects.filter(pk=code).first()
    if found is None:
        raise NotFound(_("theme"), code)
    return found


def declaration(number: str) -> UUID:
    try:
        return UUID(number)
    except ValueError:
        raise NotFound(_("declaration"), number) from None


def extent(path: str | None) -> MultiPolygon | None:
    """The polygons of a GeoJSON file in longitude and latitude; None where no file is named."""
    if not path:
        return None
    given = shapely.from_geojson(_text(path), on_invalid="ignore")
    if given is None:
        raise BadParameter("--extent", path, Reason.NOT_GEOJSON)
    parts = list(shapely.get_parts(shapely.get_parts(given)))
    if not parts or any(part.geom_type != "Polygon" for part in parts):
        raise BadParameter("--extent", path, Reason.NOT_A_POLYGON)
    whole = shapely.MultiPolygon(parts)
    west, south, east, north = whole.bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise BadParameter("--extent", path, Reason.OUT_OF_RANGE)
    found = GEOSGeometry(memoryview(shapely.to_wkb(shapely.force_2d(whole))), srid=4326)
    return cast(MultiPolygon, found)


def _text(path: str) -> str:
    file = Path(path)
    try:
        if file.stat().st_size > _LARGEST_FILE:
            raise BadParameter("--extent", path, Reason.NOT_GEOJSON)
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise NotFound(_("file"), path) from None
    except (OSError, UnicodeDecodeError):
        raise BadParameter("--extent", path, Reason.NOT_GEOJSON) from None


def _keys(number: str) -> list[int]:
    """The number of a row as typed; none for what cannot be one."""
    return [int(number)] if number.isdecimal() and len(number) < 19 else []
