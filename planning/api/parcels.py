"""`GET parcels`, `GET parcels/{id}`: parcels as the cadastre delivered them, without what is planned there."""

from collections.abc import Sequence

import shapely
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from planning import crs
from planning.api import declared
from planning.api.communes import commune_ref, communes_now, surveyed_within
from planning.api.lists import Json, address, links, page, today
from planning.api.notices import notices_of
from planning.api.schemas import ref
from planning.errors import NotFound
from planning.geometry import Subject
from planning.models import Parcel, ParcelAlias, Publication
from planning.ogcapi.base import PublicView
from planning.ogcapi.operations import Operation
from planning.ogcapi.parameters import refuse_bad_characters

_EXAMPLE = {"parcel_id": "2004-00070-12-34"}


class ParcelList(PublicView):
    """Parcels of today by commune, sheet and number, in the order of their codes."""

    parameters = (
        declared.COMMUNE,
        declared.SHEET,
        declared.NUMBER_ON_SHEET,
        declared.LIMIT,
        declared.CURSOR,
    )
    operations = {
        "GET": Operation(
            id="list_parcels",
            summary=_("Parcels by commune, sheet and number"),
            description=_("The parcels that exist today, in the order of their codes. Several may fit."),
            result=ref("ParcelList"),
            example="parcels?limit=5",
        )
    }

    def get(self, request: Request) -> Response:
        limit = self.given["limit"]
        rows = list(self._wanted()[: limit + 1])
        items = parcels_json(request._request, rows[:limit])
        notices = notices_of(row.upload.office for row in rows[:limit])
        return Response(
            page(
                request._request, rows, limit=limit, key=lambda row: row.code, items=items, notices=notices
            )
        )

    def _wanted(self) -> QuerySet[Parcel]:
        revision = Publication.objects.latest_revision()
        found = Parcel.objects.known_at(revision).valid_on(today())
        if self.given["commune"]:
            found = found.filter(unit_id__in=surveyed_within(self.given["commune"]))
        for name in ("sheet", "number"):
            if self.given[name]:
                found = found.filter(**{name: self.given[name]})
        if self.given["cursor"]:
            found = found.filter(code__gt=self.given["cursor"])
        return found.select_related("unit", "upload__office").order_by("code")


class ParcelDetail(PublicView):
    """One parcel; where it no longer exists, its last description."""

    operations = {
        "GET": Operation(
            id="get_parcel",
            summary=_("One parcel"),
            description=_("A parcel by its code, with the commune of its survey and that of today."),
            result=ref("Parcel"),
            example="parcels/{parcel_id}",
            path_examples=_EXAMPLE,
        )
    }

    def get(self, request: Request, parcel_id: str) -> Response:
        refuse_bad_characters("parcel_id", parcel_id)
        parcel = current_version(parcel_id)
        (found,) = parcels_json(request._request, [parcel])
        return Response(found | {"notices": notices_of([parcel.upload.office])})


def current_version(code: str) -> Parcel:
    """The version of today, else the last one that was known; raises NotFound."""
    versions = Parcel.objects.filter(code=code, known__isnull=False).select_related("unit", "upload__office")
    on, revision = today(), Publication.objects.latest_revision()
    present = versions.known_at(revision).valid_on(on).first()
    found: Parcel | None = present or versions.order_by("-known__startswith", "-valid__startswith").first()
    if found is None:
        raise NotFound("parcel", code)
    return found


def parcels_json(request: HttpRequest, parcels: Sequence[Parcel]) -> list[Json]:
    """Parcels as DESIGN has them on the wire, in three questions however many they are."""
    now = communes_now({parcel.unit_id for parcel in parcels}, on=today())
    aliases: dict[str, list[Json]] = {parcel.code: [] for parcel in parcels}
    revision = Publication.objects.latest_revision()
    for alias in ParcelAlias.objects.known_at(revision).filter(parcel_code__in=aliases).order_by("pk"):
        aliases[alias.parcel_code].append({"scheme": alias.scheme, "value": alias.value})
    return [
        _parcel_json(request, parcel, now=now[parcel.unit_id], aliases=aliases[parcel.code])
        for parcel in parcels
    ]


def _parcel_json(request: HttpRequest, parcel: Parcel, *, now: list[Json], aliases: list[Json]) -> Json:
    shape = shapely.from_wkb(bytes(parcel.geometry.wkb))
    registered = parcel.registry_area
    return {
        "id": parcel.code,
        "commune": commune_ref(parcel.unit),
        "commune_now": now,
        "sheet": parcel.sheet,
        "number": parcel.number,
        "aliases": aliases,
        "registry_area_m2": None if registered is None else float(registered),
        "area_m2": _area(parcel, shape),
        "metric_crs": parcel.metric_crs,
        "address": parcel.address,
        "centre": centre_of(shape),
        "links": links(
            self=address(request, "parcel", parcel.code),
            planning=address(request, "parcel-planning", parcel.code),
        ),
    }


def _area(parcel: Parcel, shape: shapely.Geometry) -> float:
    """Square metres on the same basis as the answer: the parcel's own metric system, 1 mm grid."""
    metric = crs.transform(shape, crs.WGS84, crs.parse(parcel.metric_crs))
    return round(Subject.of(metric).area, 3)


def centre_of(shape: shapely.Geometry) -> list[float]:
    """A point that surely lies in the shape, as [lon, lat]."""
    point = shapely.point_on_surface(shape)
    return [round(point.x, 7), round(point.y, 7)]
