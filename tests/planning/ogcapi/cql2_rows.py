"""A small table of places of every type, and how many of them a filter finds."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import cql2
from django.contrib.gis.db import models
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from django.db.models import F

from planning import crs
from planning.ogcapi.collections import Collection, Family, Geometry, Key, Kind, Property
from planning.ogcapi.cql2 import condition


class Place(models.Model):
    """A row with a value of each kind; every column may be empty."""

    name = models.TextField(null=True)
    other = models.TextField(null=True)
    people = models.IntegerField(null=True)
    share = models.FloatField(null=True)
    price = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    is_open = models.BooleanField(null=True)
    day = models.DateField(null=True)
    last = models.DateField(null=True)
    moment = models.DateTimeField(null=True)
    secret = models.TextField(default="hidden")
    shape = models.GeometryField(srid=4326, null=True)

    class Meta:
        app_label = "cql2_rows"

    def __str__(self) -> str:
        return str(self.name)


def _square(west: float, south: float, size: float) -> GEOSGeometry:
    east, north = west + size, south + size
    return GEOSGeometry(
        f"SRID=4326;POLYGON(({west} {south},{east} {south},{east} {north},{west} {north},{west} {south}))"
    )


ROWS: tuple[dict[str, Any], ...] = (
    {"name": "Đất ở đô thị", "other": "x", "people": 10, "share": 0.5, "price": "0.10", "is_open": True,
     "day": date(2020, 1, 1), "last": date(2020, 12, 31),
     "moment": datetime(2020, 1, 1, 12, tzinfo=UTC), "shape": _square(0, 0, 10)},
    {"name": "straße", "other": "straße", "people": 21, "share": 2.0, "price": "5.00", "is_open": False,
     "day": date(2021, 1, 1), "last": None,
     "moment": datetime(2020, 12, 31, 18, tzinfo=UTC), "shape": _square(10, 0, 10)},
    {"name": "100%_\\", "other": "a", "people": 0, "share": 0.0, "price": "9.99", "is_open": True,
     "day": date(2022, 6, 1), "last": date(2022, 6, 1),
     "moment": datetime(2022, 6, 1, tzinfo=UTC), "shape": _square(170, -20, 9)},
    {"name": "Zebra", "other": "zebra", "people": -7, "share": 1e308, "price": "1.00", "is_open": False,
     "day": date(2023, 1, 1), "last": date(2024, 1, 1),
     "moment": datetime(2023, 1, 1, tzinfo=UTC), "shape": _square(2, 2, 2)},
    {},
)  # fmt: skip
COLLECTION = Collection(
    id="places",
    title="Places",
    description="",
    source=None,  # type: ignore[arg-type]  # a filter asks no source
    rows=lambda snapshot: Place.objects.all(),
    key=Key(source="pk", find=lambda text: None),
    geometry=Geometry(family=Family.ANY, field="shape", name="geometry"),
    properties=(
        Property(name="name"),
        Property(name="other"),
        Property(name="people", kind=Kind.INTEGER),
        Property(name="share", kind=Kind.NUMBER),
        Property(name="price", kind=Kind.NUMBER),
        Property(name="open", kind=Kind.BOOLEAN, source="is_open"),
        Property(name="day", kind=Kind.DATE),
        Property(name="last", kind=Kind.DATE),
        Property(name="moment", kind=Kind.DATETIME),
        Property(name="a.b", source=F("other")),
        Property(name="unasked", source="secret", is_queryable=False),
    ),
)

Count = Callable[..., int]


def filled() -> None:
    """The table with its rows, for the length of a test."""
    with connection.schema_editor() as editor:
        editor.create_model(Place)
    Place.objects.bulk_create(Place(**row) for row in ROWS)


def found(text: str, *, language: str = "cql2-text", system: crs.CRS = crs.CRS84) -> int:
    """How many rows a filter finds."""
    asked = condition(text, language=language, collection=COLLECTION, geometry_crs=system)
    return Place.objects.filter(asked).count()


def found_in_both(text: str) -> int:
    """How many rows a filter finds, in text and in the JSON that the foreign parser makes of it."""
    count = found(text)
    assert found(json.dumps(cql2.parse_text(text).to_json()), language="cql2-json") == count
    return count
