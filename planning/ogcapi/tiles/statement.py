"""The rows of some collections + a tile -> the bytes of the tile: one statement, made around the querysets.

The database cuts, scales, weighs and encodes. A tile has a budget of features and bytes; where more lies
in it, the rows of all layers take turns, the heaviest of each layer first, and what no longer fits is left
out and told of. Features stand in the order of their keys: equal data make equal bytes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections, models
from django.db.models import F, Func

from planning.ogcapi.collections import Drawn
from planning.ogcapi.tiles.addressing import Tile

# Units across a tile, and units beyond its edge that are drawn along, so that outlines are not seen to end.
EXTENT = 4096
BUFFER = 64
# A tile of so many bytes is a second's load on a slow phone.
MOST_BYTES = 500_000
# So many rows of one layer are looked at closely; the lighter ones could not be told apart.
MOST_FEATURES = 5_000
# Up to this matrix what is not generalised is simplified by itself, to half a pixel of a 512-pixel tile.
LAST_SIMPLIFIED = 12
_HALF_PIXEL = 0.5 / 512
# What is stored in the system of the map was generalised for it.
_GENERALISED = 3857

# About what a feature takes beside its texts: its head, each vertex, each property.
_HEAD_BYTES, _VERTEX_BYTES, _PROPERTY_BYTES = 12, 3, 3
# Every text stands in a layer once, and about half of them are told by many features.
_TEXT_SHARE = 2


@dataclass(frozen=True, slots=True)
class MadeTile:
    """A Mapbox vector tile, and the layers of which not everything is in it."""

    content: bytes
    incomplete: tuple[str, ...]


class _Plain(Func):
    """A geometry as the database holds it; selected by itself Django would have it in bytes."""

    template = "%(expressions)s"
    output_field = models.TextField()


@dataclass(frozen=True, slots=True)
class _Layer:
    """One layer on its way into the statement: its rows as SQL, and what they are called inside it."""

    number: int
    name: str
    rows: str
    parameters: tuple[Any, ...]
    properties: tuple[str, ...]
    shape: str

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(f"p{number}" for number in range(len(self.properties)))


def make(tile: Tile, drawn: Sequence[tuple[str, Drawn]]) -> MadeTile:
    """The tile with one layer for each of the named drawings; those without features leave no trace.

    What a feature takes is estimated. Where that was too little the tile is made again with less in it,
    so that none is ever sent that is too large.
    """
    layers = list(_layers(tile, drawn))
    made, budget = MadeTile(b"", ()), MOST_BYTES
    while layers and budget:
        made = _made(tile, layers, budget, drawn[0][1].rows.db)
        if len(made.content) <= MOST_BYTES:
            break
        budget //= 2
    return made


def _made(tile: Tile, layers: Sequence[_Layer], budget: int, using: str) -> MadeTile:
    sql, parameters = _statement(tile, layers, budget)
    with connections[using].cursor() as cursor:
        cursor.execute(sql, parameters)
        content, *is_incomplete = cursor.fetchone()
    names = (layer.name for layer, missing in zip(layers, is_incomplete, strict=True) if missing)
    return MadeTile(bytes(content), tuple(names))


def _layers(tile: Tile, drawn: Sequence[tuple[str, Drawn]]) -> Iterator[_Layer]:
    for number, (name, one) in enumerate(drawn):
        columns = {f"p{place}": source for place, source in enumerate(one.properties.values())}
        rows = (
            one.rows.filter(
                **{f"{one.geometry}__bboverlaps": tile.reach(srid=one.srid, margin=BUFFER / EXTENT)}
            )
            .annotate(
                own_key=F(one.key),
                own_weight=F(one.weight) if isinstance(one.weight, str) else one.weight,
                own_shape=_Plain(F(one.geometry)),
                **{
                    name: F(source) if isinstance(source, str) else source for name, source in columns.items()
                },
            )
            .order_by("-own_weight", "own_key")
            .values_list("own_key", "own_weight", "own_shape", *columns)
        )[: MOST_FEATURES + 1]
        try:
            sql, parameters = rows.query.get_compiler(rows.db).as_sql()
        except EmptyResultSet:
            continue
        yield _Layer(number, name, sql, tuple(parameters), tuple(one.properties), _shape(tile, one.srid))


def _statement(tile: Tile, layers: Sequence[_Layer], budget: int) -> tuple[str, list[Any]]:
    """Each layer's shapes with their cost; what the turns spend; the kept part of each layer, encoded."""
    shapes = ", ".join(_shapes_of(layer) for layer in layers)
    turns = " UNION ALL ".join(
        f"SELECT {one.number} AS layer, place, cost FROM l{one.number}" for one in layers
    )
    encoded = " || ".join(_encoded(layer) for layer in layers)
    incomplete = ", ".join(f"EXISTS (SELECT FROM l{one.number} WHERE place > {_kept(one)})" for one in layers)
    sql = (
        f"WITH cut AS (SELECT ST_MakeEnvelope(%s, %s, %s, %s, {tile.matrix_set.crs.srid}) AS box), {shapes}, "
        f"turns AS ({turns}), spent AS (SELECT layer, place, sum(cost) OVER (ORDER BY place, layer) AS bytes "
        f"FROM turns WHERE place <= {MOST_FEATURES}), kept AS (SELECT layer, max(place) AS last FROM spent "
        f"WHERE bytes <= {budget} GROUP BY layer) SELECT {encoded}, {incomplete}"
    )
    own = [value for layer in layers for value in layer.parameters]
    return sql, [*tile.bounds, *own, *(one.name for one in layers)]


def _shapes_of(layer: _Layer) -> str:
    """The rows with their shapes in units of the tile; OFFSET keeps each shape from being cut twice."""
    columns = "".join(f", {column}" for column in layer.columns)
    texts = "".join(f" + coalesce(octet_length({column}::text), 0)" for column in layer.columns) or " + 0"
    fixed = _HEAD_BYTES + _PROPERTY_BYTES * len(layer.columns)
    return (
        f"l{layer.number} AS MATERIALIZED (SELECT own_key, shape{columns}, "
        f"row_number() OVER (ORDER BY own_weight DESC, own_key) AS place, "
        f"{fixed} + {_VERTEX_BYTES} * ST_NPoints(shape) + (0{texts}) / {_TEXT_SHARE} AS cost FROM ("
        f"SELECT own_key, own_weight{columns}, {layer.shape} AS shape FROM ({layer.rows}) AS rows, cut "
        f"OFFSET 0) AS cut_rows WHERE shape IS NOT NULL)"
    )


def _encoded(layer: _Layer) -> str:
    named = "".join(
        f", {column} AS {_quoted(name)}" for column, name in zip(layer.columns, layer.properties, strict=True)
    )
    return (
        f"(SELECT ST_AsMVT(feature, %s, {EXTENT}, 'shape', 'own_key' ORDER BY own_key) FROM ("
        f"SELECT own_key, shape{named} FROM l{layer.number} WHERE place <= {_kept(layer)}) AS feature)"
    )


def _kept(layer: _Layer) -> str:
    return f"coalesce((SELECT last FROM kept WHERE layer = {layer.number}), 0)"


def _shape(tile: Tile, srid: int) -> str:
    """The SQL that turns a stored geometry into the units of the tile."""
    target, shape = tile.matrix_set.crs.srid, "own_shape"
    if srid != target:
        shape = f"ST_Transform({shape}, {target})"
    if srid != _GENERALISED and tile.map_zoom <= LAST_SIMPLIFIED:
        west, _south, east, _north = tile.bounds
        shape = f"ST_Simplify({shape}, {(east - west) * _HALF_PIXEL!r}, true)"
    return f"ST_AsMVTGeom({shape}, box, {EXTENT}, {BUFFER}, true)"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""').replace("%", "%%") + '"'
