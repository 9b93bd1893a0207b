"""Examples from what is stored, so that what the documentation shows can be followed here and now.

Without data the declared examples stay: they show the form, and nothing else can be shown.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import shapely
from django.utils import timezone

from planning import crs
from planning.api.lists import Json
from planning.models import Coverage, Parcel, Plan, Publication
from planning.ogcapi.parameters import written_cursor

# half the side of the example site, in degrees: about 20 m
_HALF_SITE = 0.0001


@dataclass(frozen=True, slots=True)
class StoredExamples:
    """By parameter (or operation and parameter) the example value, and a site to post.

    Empty where nothing is public.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    site: Json | None = None


def stored_examples() -> StoredExamples:
    """A public parcel with its place and numbers, a plan, a declaration, the day of the newest revision."""
    newest = Publication.objects.order_by("revision").last()
    if newest is None:
        return StoredExamples()
    # a moment counts as its day's end, and no day may end in the future
    values = {"known_at": timezone.localtime(newest.at).isoformat(timespec="seconds")}
    if plan := Plan.objects.public().order_by("id").first():
        values |= {"plan_id": plan.id, "kind": plan.kind, "list_plans.cursor": written_cursor(plan.id)}
    if row := Coverage.objects.standing().order_by("pk").first():
        values |= {"theme": row.theme_id, "themes": row.theme_id, "state": row.state}
        values["list_coverage.cursor"] = written_cursor(str(row.pk))
    known = Parcel.objects.known_at(newest.revision).select_related("unit").defer("unit__geometry")
    parcel = known.order_by("code").first()
    if parcel is None:
        return _of_land(values, plan)
    inside = shapely.point_on_surface(shapely.from_wkb(bytes(parcel.geometry.wkb)))
    return StoredExamples(values | _of_parcel(parcel, inside), _site(inside))


def _of_land(values: Mapping[str, str], plan: Plan | None) -> StoredExamples:
    """Where there are no parcels a place within a plan can still be asked about."""
    edition = plan.editions.public().exclude(extent=None).first() if plan else None
    if plan is None or edition is None:
        return StoredExamples(values)
    inside = shapely.point_on_surface(shapely.from_wkb(bytes(edition.extent.wkb)))
    place = _of_place(inside, plan.metric_crs)
    return StoredExamples({**values, **place, "q": f"{place['lat']} {place['lon']}"}, _site(inside))


def _of_parcel(parcel: Parcel, inside: shapely.Point) -> dict[str, str]:
    return {
        "parcel_id": parcel.code,
        "commune": parcel.unit_id,
        "sheet": parcel.sheet,
        "number": parcel.number,
        "q": f"tờ {parcel.sheet} thửa {parcel.number} {parcel.unit.name}",
        "list_parcels.cursor": written_cursor(parcel.code),
        **_of_place(inside, parcel.metric_crs),
    }


def _of_place(inside: shapely.Point, metric: str) -> dict[str, str]:
    ((easting, northing),) = shapely.get_coordinates(crs.transform(inside, crs.WGS84, crs.parse(metric)))
    return {
        "lon": f"{inside.x:.7f}",
        "lat": f"{inside.y:.7f}",
        "easting": f"{easting:.3f}",
        "northing": f"{northing:.3f}",
        "crs": metric,
    }


def _site(inside: shapely.Point) -> Json:
    box = shapely.box(
        inside.x - _HALF_SITE, inside.y - _HALF_SITE, inside.x + _HALF_SITE, inside.y + _HALF_SITE
    )
    ring = [[round(x, 7), round(y, 7)] for x, y in shapely.get_coordinates(box).tolist()]
    return {"type": "Polygon", "coordinates": [ring]}


def with_examples(document: Json, stored: StoredExamples) -> Json:
    """A copy of the OpenAPI document whose examples are those that are stored."""
    shown = deepcopy(document)
    for methods in shown["paths"].values():
        for operation in methods.values():
            for parameter in operation["parameters"]:
                name = parameter["name"]
                own = stored.values.get(f"{operation['operationId']}.{name}")
                _put(parameter, own or stored.values.get(name))
            for content in operation.get("requestBody", {}).get("content", {}).values():
                if stored.site:
                    content["examples"] = {"example1": {"value": stored.site}}
    return shown


def _put(parameter: dict[str, Any], value: str | None) -> None:
    if value is None:
        return
    if parameter["in"] == "path":
        parameter["example"] = value
    else:
        parameter["examples"] = {"example1": {"value": value}}
