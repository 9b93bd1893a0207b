"""GeoPackage -> tables, models made at run time, and a catalogue in which every property can be asked for.

Nothing here is the product's data: it shows that a server of OGC APIs is told nothing but a queryset and a
list of properties.
"""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyogrio
from django.apps.registry import Apps
from django.contrib.gis.db import models
from django.contrib.gis.db.models import Extent
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from django.db.models import Q
from django.utils.dateparse import parse_date, parse_datetime

from planning.errors import Gone
from planning.ogcapi.collections import (
    Catalogue,
    Collection,
    Family,
    Figures,
    Geometry,
    Key,
    Kind,
    Property,
    Snapshot,
)

APP = "cql2_suite"
SNAPSHOT = Snapshot(1, date(2000, 1, 1))
WORLD = ("EPSG:4326", "OGC:CRS84")
FAMILIES = {"Point": Family.POINT, "LineString": Family.LINE, "Polygon": Family.POLYGON}


class NotADataset(Exception):
    """The file cannot be used; the text is one line."""


def _text(value: Any) -> str:
    # As our imports do: letters are stored composed.
    return unicodedata.normalize("NFC", str(value))


def _moment(value: str) -> datetime | None:
    """A moment; one that names no zone is in UTC, as GeoPackage has it."""
    found = parse_datetime(value)
    return found.replace(tzinfo=UTC) if found and found.tzinfo is None else found


@dataclass(frozen=True, slots=True)
class Type:
    """What becomes of a type of GDAL."""

    kind: Kind
    field: type[models.Field]  # type: ignore[type-arg]
    read: Callable[[Any], Any]


_TYPES = {
    "OFTString": Type(Kind.TEXT, models.TextField, _text),
    "OFTInteger": Type(Kind.INTEGER, models.BigIntegerField, int),
    "OFTInteger64": Type(Kind.INTEGER, models.BigIntegerField, int),
    "OFTReal": Type(Kind.NUMBER, models.FloatField, float),
    "OFTDate": Type(Kind.DATE, models.DateField, parse_date),
    "OFTDateTime": Type(Kind.DATETIME, models.DateTimeField, _moment),
}
_BOOLEAN = Type(Kind.BOOLEAN, models.BooleanField, bool)


@dataclass(frozen=True, slots=True)
class Column:
    """A property of a layer. Its name may be a word of SQL or end oddly: the model's field has another."""

    name: str
    field: str
    type: Type


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of the file, and the model over its table."""

    file: Path
    name: str
    geometry: str
    columns: tuple[Column, ...]
    model: type[models.Model]
    family: Family

    @property
    def collection(self) -> Collection:
        """The layer as it is published."""
        return Collection(
            id=self.name,
            title=self.name,
            description=f"Layer {self.name} of {self.file.name}.",
            source=_OneVersion(),
            rows=lambda _: self.model._default_manager.all(),
            key=Key(source="pk", find=lambda text: Q(pk=int(text)) if text.isdecimal() else None),
            geometry=Geometry(family=self.family, field="geometry", name=self.geometry),
            properties=tuple(
                Property(name=column.name, kind=column.type.kind, source=column.field)
                for column in self.columns
            ),
        )

    def rows(self) -> Iterator[models.Model]:
        """The features of the file."""
        meta, fids, geometries, values = pyogrio.raw.read(
            self.file, layer=self.name, return_fids=True, datetime_as_string=True, force_2d=True
        )
        order = {name: number for number, name in enumerate(meta["fields"])}
        for row, (fid, geometry) in enumerate(zip(fids, geometries, strict=True)):
            found = {column.field: _value(column, values[order[column.name]][row]) for column in self.columns}
            shape = GEOSGeometry(memoryview(geometry), srid=4326) if geometry is not None else None
            yield self.model(pk=int(fid), geometry=shape, **found)


def _value(column: Column, value: Any) -> Any:
    # GDAL's arrays hold None, or what is not equal to itself (NaN), where the file holds NULL.
    return None if value is None or value != value else column.type.read(value)


class _OneVersion:
    """Data that never change."""

    def newest(self) -> Snapshot:
        return SNAPSHOT

    def at(self, version: str) -> Snapshot:
        if version != SNAPSHOT.version:
            raise Gone
        return SNAPSHOT

    def figures(self, collection: Collection, snapshot: Snapshot) -> Figures:
        rows = collection.rows(snapshot)
        return Figures(count=rows.count(), bbox=rows.aggregate(box=Extent("geometry"))["box"])


def layers_of(file: Path) -> tuple[Layer, ...]:
    """The layers of a GeoPackage. Raises NotADataset."""
    registry = Apps()
    try:
        named = [str(name) for name, geometry in pyogrio.list_layers(file) if geometry]
        return tuple(_layer(file, name, registry) for name in named)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise NotADataset(f"{file} cannot be read: {error}") from None


def _layer(file: Path, name: str, registry: Apps) -> Layer:
    info = pyogrio.read_info(file, layer=name)
    if info["crs"] not in WORLD:
        raise NotADataset(f"Layer {name} is in {info['crs']}; it must be in EPSG:4326.")
    described = zip(info["fields"], info["ogr_types"], info["ogr_subtypes"], strict=True)
    columns = tuple(
        Column(str(column), f"column_{number}", _BOOLEAN if subtype == "OFSTBoolean" else _TYPES[kind])
        for number, (column, kind, subtype) in enumerate(described)
        if kind in _TYPES
    )
    family = FAMILIES.get(info["geometry_type"].removeprefix("Multi"), Family.ANY)
    model = _model(name, info["geometry_name"] or "geom", columns, registry)
    return Layer(file, name, info["geometry_name"] or "geom", columns, model, family)


def _model(name: str, geometry: str, columns: tuple[Column, ...], registry: Apps) -> type[models.Model]:
    options = {"app_label": APP, "db_table": f"{APP}_{name}", "managed": False, "apps": registry}
    members: dict[str, Any] = {
        "__module__": __name__,
        "Meta": type("Meta", (), options),
        "id": models.BigIntegerField(primary_key=True),
        "geometry": models.GeometryField(srid=4326, null=True, db_column=geometry),
    }
    for column in columns:
        members[column.field] = column.type.field(null=True, db_column=column.name)
    return type(name, (models.Model,), members)


def catalogue(layers: tuple[Layer, ...]) -> Catalogue:
    """All layers, published."""
    return Catalogue(
        title="Test data",
        description="Layers of a GeoPackage, published to be asked.",
        collections=tuple(layer.collection for layer in layers),
    )


def make_tables(layers: tuple[Layer, ...]) -> None:
    """Make the tables and fill them."""
    with connection.schema_editor() as editor:
        for layer in layers:
            editor.create_model(layer.model)
    for layer in layers:
        layer.model._default_manager.bulk_create(layer.rows(), batch_size=500)


def drop_tables(layers: tuple[Layer, ...]) -> None:
    """Drop the tables again."""
    with connection.schema_editor() as editor:
        for layer in layers:
            editor.delete_model(layer.model)
