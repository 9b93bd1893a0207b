"""`GET coverage`: what publishers declare about their data, that is, where a "no" may be said at all."""

from typing import Any

import orjson
from django.contrib.gis.db.models.functions import AsGeoJSON
from django.contrib.gis.geos import Point
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from planning.api import declared
from planning.api.lists import Json, office_ref, page, today
from planning.api.notices import notices_of
from planning.api.places import refuse_swapped
from planning.api.schemas import ref
from planning.errors import BadParameter, Reason
from planning.models import Coverage, Publication
from planning.ogcapi.base import PublicView
from planning.ogcapi.operations import Operation


def _key(row: Coverage) -> str:
    return str(row.pk)


class CoverageList(PublicView):
    """Declarations of coverage that speak for a day, at a place if one is given."""

    parameters = (
        declared.THEME,
        declared.STATE,
        declared.LON,
        declared.LAT,
        declared.AS_AT,
        declared.GEOMETRY,
        declared.LIMIT,
        declared.CURSOR,
    )
    operations = {
        "GET": Operation(
            id="list_coverage",
            summary=_("Where data are complete, partial, withheld or missing"),
            description=_(
                "Where declarations overlap, the least certain holds: withheld, partial, not_loaded, "
                "none_exists, complete. Where nothing is declared, nothing is known."
            ),
            result=ref("CoverageList"),
            example="coverage?limit=5",
        )
    }

    def get(self, request: Request) -> Response:
        limit = self.given["limit"]
        rows = list(self._wanted()[: limit + 1])
        items = [coverage_json(row) for row in rows[:limit]]
        notices = notices_of(row.office for row in rows[:limit])
        return Response(page(request._request, rows, limit=limit, key=_key, items=items, notices=notices))

    def _wanted(self) -> QuerySet[Coverage]:
        given = self.given
        revision = Publication.objects.latest_revision()
        found = Coverage.objects.known_at(revision).valid_on(given["as_at"] or today())
        if given["theme"]:
            found = found.filter(theme_id=given["theme"])
        if given["state"]:
            found = found.filter(state=given["state"])
        if point := self._point():
            found = found.filter(geometry__covers=point)
        if given["cursor"]:
            found = found.filter(pk__gt=_primary_key(given["cursor"]))
        if given["geometry"]:
            found = found.annotate(geojson=AsGeoJSON("geometry", precision=7))
        return found.select_related("office", "edition").order_by("pk")

    def _point(self) -> Point | None:
        lon, lat = self.given["lon"], self.given["lat"]
        if lon is None and lat is None:
            return None
        for name in ("lon", "lat"):
            if self.given[name] is None:
                raise BadParameter(name, "", Reason.REQUIRED)
        refuse_swapped((lon, lat), name="lon")
        return Point(lon, lat, srid=4326)


def _primary_key(cursor: str) -> int:
    if not cursor.isascii() or not cursor.isdecimal() or len(cursor) > 18:
        raise BadParameter("cursor", cursor, Reason.BAD_CURSOR)
    return int(cursor)


def coverage_json(row: Coverage) -> Json:
    """A declaration; `valid_to` is the first day it no longer speaks for."""
    found: dict[str, Any] = {
        "theme": row.theme_id,
        "plan_kind": row.plan_kind or None,
        "state": row.state,
        "as_of": row.as_of,
        "valid_from": row.valid.lower,
        "valid_to": row.valid.upper,
        "source": row.source,
        "office": office_ref(row.office),
        "edition": row.edition.code if row.edition else None,
        "bbox": [round(number, 7) for number in row.geometry.extent],
    }
    if geojson := getattr(row, "geojson", None):
        found["geometry"] = orjson.Fragment(geojson)
    return found
