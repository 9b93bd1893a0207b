"""`GET parcels`, `GET parcels/{id}`: parcels as the cadastre delivered them, not what is planned there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import shapely
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response
from shapely.geometry.base import BaseGeometry

from planning import crs
from planning.api import declared
from planning.api.communes import commune_ref, communes_now, surveyed_within
from planning.api.lists import Json, address, page, today
from planning.api.notices import notices_of
from planning.api.schemas import ref
from planning.errors import NotFound
from planning.geometry import Subject
from planning.models import Parcel, ParcelAlias, ParcelLineage, Publication
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
            page(request._request, rows, limit=limit, key=lambda row: row.code, items=items, notices=notices)
        )

    def _wanted(self) -> QuerySet[Parcel]:
        revision = Publication.objects.latest_revision()
        found = Parcel.objects.known_at(revision).valid_on(today())
        if self.given["commune"]:
            found = found.filter(unit_id__in=surveyed_within([self.given["commune"]]))
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
            description=_(
                "A parcel by its code, with the commune of its survey and that of today, its other numbers, "
                "what it came from and what it became."
            ),
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
    """Parcels on the wire, in a fixed number of questions however many they are."""
    shapes = [shapely.from_wkb(bytes(parcel.geometry.wkb)) for parcel in parcels]
    inner = [shapely.point_on_surface(shape) for shape in shapes]
    units = [parcel.unit_id for parcel in parcels]
    now = communes_now(list(zip(units, inner, strict=True)), on=today())
    revision = Publication.objects.latest_revision()
    aliases, lineage = _aliases(parcels, revision), _lineage(parcels, revision)
    return [
        {
            "id": parcel.code,
            "commune": commune_ref(parcel.unit),
            "commune_now": communes,
            "sheet": parcel.sheet,
            "number": parcel.number,
            "aliases": aliases[parcel.code],
            "existed_from": parcel.valid.lower,
            "existed_to": parcel.valid.upper,
            "predecessors": lineage[parcel.code].predecessors,
            "successors": lineage[parcel.code].successors,
            "registry_area_m2": None if parcel.registry_area is None else float(parcel.registry_area),
            "area_m2": _area(parcel, shape),
            "metric_crs": parcel.metric_crs,
            "address": parcel.address,
            "centre": [round(point.x, 7), round(point.y, 7)],
            "links": {
                "self": address(request, "parcel", parcel.code),
                "planning": address(request, "parcel-planning", parcel.code),
                "history": address(request, "parcel-history", parcel.code),
            },
        }
        for parcel, shape, point, communes in zip(parcels, shapes, inner, now, strict=True)
    ]


def _aliases(parcels: Sequence[Parcel], revision: int) -> Mapping[str, list[Json]]:
    """Other numbers of each parcel, in the order in which they came."""
    found: dict[str, list[Json]] = {parcel.code: [] for parcel in parcels}
    for alias in ParcelAlias.objects.known_at(revision).filter(parcel_code__in=found).order_by("pk"):
        found[alias.parcel_code].append({"scheme": alias.scheme, "value": alias.value})
    return found


@dataclass(frozen=True, slots=True)
class _Line:
    """What a parcel came from and what it became."""

    predecessors: list[Json] = field(default_factory=list)
    successors: list[Json] = field(default_factory=list)


def _lineage(parcels: Sequence[Parcel], revision: int) -> Mapping[str, _Line]:
    """The lineage of each parcel as known in the revision, by date."""
    found = {parcel.code: _Line() for parcel in parcels}
    known = ParcelLineage.objects.known_at(revision)
    related = known.filter(Q(predecessor_code__in=found) | Q(successor_code__in=found))
    for row in related.order_by("on", "predecessor_code", "successor_code", "pk"):
        if row.successor_code in found:
            found[row.successor_code].predecessors.append(_relative(row, row.predecessor_code))
        if row.predecessor_code in found:
            found[row.predecessor_code].successors.append(_relative(row, row.successor_code))
    return found


def _relative(row: ParcelLineage, code: str) -> Json:
    return {"id": code, "kind": row.kind, "on": row.on, "shared_area_m2": row.shared_area_m2}


def _area(parcel: Parcel, shape: BaseGeometry) -> float:
    """Square metres on the same basis as the answer: the parcel's own metric system, 1 mm grid."""
    metric = crs.transform(shape, crs.WGS84, crs.parse(parcel.metric_crs))
    return round(Subject.of(metric).area, 3)
