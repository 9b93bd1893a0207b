"""The rows of some collections + a tile -> the bytes of the tile: one statement, made around the querysets.

The database cuts, scales, weighs and encodes. A tile has a budget of features and bytes; where more lies
in it, the rows of all layers take turns, the heaviest of each layer first, and what no longer fits is left
out and told of. Features stand in the order of their keys: equal data make equal bytes.

To put the statement together takes longer than many a tile: it is written once for all tiles of a zoom,
and the place of the tile is filled in.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.contrib.gis.db.models import PolygonField
from django.core.exceptions import EmptyResultSet
from django.db import connections, models
from django.db.models import Expression, F, Func

from planning.ogcapi.collections import Bounds, Collection, Drawn, Snapshot
from planning.ogcapi.tiles.addressing import Tile
from planning.ogcapi.tiles.limits import drawing_of, within_time
from planning.ogcapi.tiles.matrices import TileMatrixSet

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
class _Side:
    """A parameter that is known when there is a tile: one of the four sides of its box in a system."""

    srid: int
    margin: float
    number: int


class _Box(Expression):
    """The box of the tile to come, with a margin (a share of its side), in a system."""

    def __init__(self, srid: int, margin: float = 0) -> None:
        super().__init__(output_field=PolygonField(srid=srid))
        self.srid, self.margin = srid, margin

    @property
    def sides(self) -> list[Any]:
        return [_Side(self.srid, self.margin, number) for number in range(4)]

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return f"ST_MakeEnvelope(%s, %s, %s, %s, {self.srid})", self.sides


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


@dataclass(frozen=True, slots=True)
class _Statement:
    """The statement for all tiles of a zoom, as of a snapshot; `_Side`s stand among its parameters."""

    using: str
    layers: tuple[str, ...]
    sql: str
    parameters: tuple[Any, ...]

    def about(self, tile: Tile) -> list[Any]:
        """The parameters for a tile."""
        boxes: dict[tuple[int, float], Bounds] = {}
        found = []
        for value in self.parameters:
            if isinstance(value, _Side):
                kind = value.srid, value.margin
                if kind not in boxes:
                    boxes[kind] = tile.reach(srid=value.srid, margin=value.margin)
                value = boxes[kind][value.number]
            found.append(value)
        return found


def make(tile: Tile, collections: Sequence[Collection], snapshot: Snapshot) -> MadeTile:
    """The tile with one layer for each of the collections; those without features leave no trace.

    What a feature takes is estimated. Where that was too little the tile is made again with less in it,
    so that none is ever sent that is too large.
    """
    made, budget = MadeTile(b"", ()), MOST_BYTES
    while budget:
        statement = _statement(
            tile.matrix_set, tile.zoom, tuple(collections), snapshot, MOST_FEATURES, budget
        )
        if statement is None:
            break
        made = _made(statement, tile)
        if len(made.content) <= MOST_BYTES:
            break
        budget //= 2
    return made


def _made(statement: _Statement, tile: Tile) -> MadeTile:
    is_near = tile.map_zoom > LAST_SIMPLIFIED
    using = statement.using
    with within_time(using, by_one_plan=is_near), connections[using].cursor() as cursor:
        cursor.execute(statement.sql, statement.about(tile))
        content, *is_incomplete = cursor.fetchone()
    names = (name for name, missing in zip(statement.layers, is_incomplete, strict=True) if missing)
    return MadeTile(bytes(content), tuple(names))


# A version is asked for at some twenty zooms, alone and together.
@lru_cache(maxsize=512)
def _statement(
    grid: TileMatrixSet,
    zoom: int,
    collections: tuple[Collection, ...],
    snapshot: Snapshot,
    most: int,
    budget: int,
) -> _Statement | None:
    """Each layer's shapes with their cost; whether all fit, or what the turns spend; what is kept of each
    layer, encoded. None where nothing is drawn."""
    drawn = [*_drawn(collections, snapshot, zoom + grid.ahead)]
    layers = [*_layers(grid, zoom, drawn, most)]
    if not layers:
        return None
    shapes = ", ".join(_shapes_of(layer) for layer in layers)
    turns = " UNION ALL ".join(
        f"SELECT {one.number} AS layer, place, cost FROM l{one.number}" for one in layers
    )
    encoded = " || ".join(_encoded(layer, most) for layer in layers)
    incomplete = ", ".join(
        f"EXISTS (SELECT FROM l{one.number} WHERE place > {_kept(one, most)})" for one in layers
    )
    # Nearly always all fit: then nobody takes turns, and what is not asked for the database does not do.
    sql = (
        f"WITH {shapes}, turns AS NOT MATERIALIZED ({turns}), "
        f"whole AS MATERIALIZED (SELECT sum(cost) <= {budget} AS fits FROM turns WHERE place <= {most}), "
        f"spent AS (SELECT layer, place, sum(cost) OVER (ORDER BY place, layer) AS bytes "
        f"FROM turns WHERE place <= {most}), kept AS (SELECT layer, max(place) AS last FROM spent "
        f"WHERE bytes <= {budget} GROUP BY layer) SELECT {encoded}, {incomplete}"
    )
    names = tuple(layer.name for layer in layers)
    own = [value for layer in layers for value in layer.parameters]
    return _Statement(drawn[0][1].rows.db, names, sql, (*own, *names))


def _drawn(
    collections: Sequence[Collection], snapshot: Snapshot, map_zoom: int
) -> Iterator[tuple[str, Drawn]]:
    """What is drawn of each collection at this zoom."""
    for one in collections:
        drawing = drawing_of(one)
        if drawing.minzoom <= map_zoom <= drawing.maxzoom:
            yield one.id, drawing.rows(snapshot, map_zoom)


def _layers(
    grid: TileMatrixSet, zoom: int, drawn: Iterable[tuple[str, Drawn]], most: int
) -> Iterator[_Layer]:
    for number, (name, one) in enumerate(drawn):
        columns = {f"p{place}": source for place, source in enumerate(one.properties.values())}
        rows = (
            one.rows.filter(**{f"{one.geometry}__bboverlaps": _Box(one.srid, BUFFER / EXTENT)})
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
        )[: most + 1]
        try:
            sql, parameters = rows.query.get_compiler(rows.db).as_sql()
        except EmptyResultSet:
            continue
        box = _Box(grid.crs.srid)
        yield _Layer(
            number,
            name,
            sql,
            (*box.sides, *parameters),
            tuple(one.properties),
            _shape(grid, zoom, one.srid, box.as_sql(None, None)[0]),
        )


def _shapes_of(layer: _Layer) -> str:
    """The rows with their shapes in units of the tile; OFFSET keeps each shape from being cut twice."""
    columns = "".join(f", {column}" for column in layer.columns)
    texts = "".join(f" + coalesce(octet_length({column}::text), 0)" for column in layer.columns) or " + 0"
    fixed = _HEAD_BYTES + _PROPERTY_BYTES * len(layer.columns)
    return (
        f"l{layer.number} AS MATERIALIZED (SELECT own_key, shape{columns}, "
        f"row_number() OVER (ORDER BY own_weight DESC, own_key) AS place, "
        f"{fixed} + {_VERTEX_BYTES} * ST_NPoints(shape) + (0{texts}) / {_TEXT_SHARE} AS cost FROM ("
        f"SELECT own_key, own_weight{columns}, {layer.shape} AS shape FROM ({layer.rows}) AS rows "
        f"OFFSET 0) AS cut_rows WHERE shape IS NOT NULL)"
    )


def _encoded(layer: _Layer, most: int) -> str:
    named = "".join(
        f", {column} AS {_quoted(name)}" for column, name in zip(layer.columns, layer.properties, strict=True)
    )
    return (
        f"(SELECT ST_AsMVT(feature, %s, {EXTENT}, 'shape', 'own_key' ORDER BY own_key) FROM ("
        f"SELECT own_key, shape{named} FROM l{layer.number} WHERE place <= {_kept(layer, most)}) AS feature)"
    )


def _kept(layer: _Layer, most: int) -> str:
    return (
        f"CASE WHEN (SELECT fits FROM whole) THEN {most} "
        f"ELSE coalesce((SELECT last FROM kept WHERE layer = {layer.number}), 0) END"
    )


def _shape(grid: TileMatrixSet, zoom: int, srid: int, box: str) -> str:
    """The SQL that turns a stored geometry into the units of the tile."""
    target, shape = grid.crs.srid, "own_shape"
    if srid != target:
        shape = f"ST_Transform({shape}, {target})"
    if srid != _GENERALISED and zoom + grid.ahead <= LAST_SIMPLIFIED:
        west, _south, east, _north = grid.bounds(zoom, 0, 0)
        shape = f"ST_Simplify({shape}, {(east - west) * _HALF_PIXEL!r}, true)"
    return f"ST_AsMVTGeom({shape}, {box}, {EXTENT}, {BUFFER}, true)"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""').replace("%", "%%") + '"'
