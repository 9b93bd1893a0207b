"""Pages of features as the writers get them, made by hand: what the database would hand out, and worse."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import shapely
from django.db.models import Q
from shapely.geometry.base import BaseGeometry

from planning import crs
from planning.ogcapi.collections import Collection, Family, Geometry, Key, Kind, Property, Snapshot
from planning.ogcapi.items.page import Encoding, FeaturePage, Writer

KINDS = (
    ("name", Kind.TEXT),
    ("storeys", Kind.INTEGER),
    ("share", Kind.NUMBER),
    ("is_public", Kind.BOOLEAN),
    ("valid_from", Kind.DATE),
    ("recorded", Kind.DATETIME),
    ("uses", Kind.JSON),
    ("allowed", Kind.LIST),
)
FIRST = {
    "name": "Đất ở đô thị 🏙",
    "storeys": 5,
    "share": Decimal("0.25"),
    "is_public": True,
    "valid_from": date(2025, 3, 1),
    "recorded": datetime(2025, 3, 1, 17, 30, 15, 123000, tzinfo=UTC),
    "uses": {"allowed": ["nhà ở"]},
    "allowed": ["nhà ở", "chợ"],
}
SQUARE = shapely.box(105.8, 21.0, 105.9, 21.1)
HOLED = shapely.Polygon(
    shapely.box(106.0, 20.0, 106.3, 20.3).exterior, [shapely.box(106.1, 20.1, 106.2, 20.2).exterior]
)
TWO = shapely.MultiPolygon([SQUARE, HOLED])


@dataclass(frozen=True)
class Feature:
    """A feature before it is encoded: its geometry with the east first."""

    id: str
    geometry: BaseGeometry | None
    values: Mapping[str, Any]


def feature(number: int = 1, geometry: BaseGeometry | None = SQUARE, **values: Any) -> Feature:
    return Feature(f"zone-{number}", geometry, {**FIRST, **values})


def empty_feature(number: int = 1, geometry: BaseGeometry | None = SQUARE) -> Feature:
    return Feature(f"zone-{number}", geometry, dict.fromkeys(FIRST))


def no_rows(snapshot: Snapshot) -> Any:
    raise AssertionError("a writer asks the database for nothing")


def never(text: str) -> Q | None:
    raise AssertionError("a writer looks nothing up")


def collection(family: Family = Family.POLYGON, **changes: Any) -> Collection:
    return Collection(
        id="zones-history",
        title="Zones “of old”",
        description="All zones there were.",
        source=None,  # type: ignore[arg-type]
        rows=no_rows,
        key=Key(source="id", find=never),
        geometry=Geometry(family=family),
        properties=changes.pop("properties", tuple(Property(name=name, kind=kind) for name, kind in KINDS)),
        **changes,
    )


def page(
    features: Iterable[Feature],
    writer: Writer,
    *,
    system: crs.CRS = crs.CRS84,
    family: Family = Family.POLYGON,
    notices: tuple[dict[str, Any], ...] = (),
    **changes: Any,
) -> FeaturePage:
    told = collection(family, **changes)
    names = [one.name for one in told.properties]
    rows = [
        (one.id, encoded(one.geometry, writer.encoding, system), *(one.values[name] for name in names))
        for one in features
    ]
    return FeaturePage(
        collection=told,
        snapshot=Snapshot(7, date(2026, 11, 22)),
        crs=system,
        properties=told.properties,
        rows=iter(rows),
        number_returned=len(rows),
        number_matched=len(rows),
        links=(),
        notices=notices,
    )


def encoded(geometry: BaseGeometry | None, encoding: Encoding, system: crs.CRS) -> str | bytes | None:
    """As the database encodes it."""
    if geometry is None:
        return None
    if encoding is Encoding.WKB:
        return shapely.to_wkb(geometry)
    if system.axes == "NE":
        geometry = shapely.transform(geometry, lambda pairs: pairs[:, ::-1])
    if encoding is Encoding.WKT:
        return shapely.to_wkt(geometry, rounding_precision=-1)
    return json.dumps(shapely.geometry.mapping(geometry))


def written(features: Iterable[Feature], writer: Writer, **how: Any) -> bytes:
    return b"".join(writer.write(page(features, writer, **how)))
