"""What may be asked of tiles: the part of a grid where anything lies, and the time that one tile may take."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connections, transaction

from planning.errors import NotFound
from planning.ogcapi.collections import Bounds, Collection, Drawing, Json, Snapshot
from planning.ogcapi.tiles.addressing import Tile
from planning.ogcapi.tiles.matrices import TileMatrixSet

# A tile that takes longer is not made: a map asks for dozens at once.
STATEMENT_MS = 2_000
WORLD: Bounds = (-180.0, -90.0, 180.0, 90.0)

# Many tiles are made at once: one that takes the other processors makes the rest wait.
_SETTINGS = (
    "SELECT set_config('statement_timeout', %s, true), "
    "set_config('max_parallel_workers_per_gather', '0', true), "
    "set_config('plan_cache_mode', %s, true)"
)


def drawing_of(collection: Collection) -> Drawing:
    """How the collection is drawn. Raises NotFound for one that has no tiles."""
    if collection.drawing is None:
        raise NotFound("tileset", collection.id)
    return collection.drawing


def extent_of(collections: Sequence[Collection], snapshot: Snapshot) -> Bounds:
    """The box around all that the collections hold, in degrees; the world where they hold nothing."""
    boxes = [box for one in collections if (box := one.source.figures(one, snapshot).bbox) is not None]
    if not boxes:
        return WORLD
    wests, souths, easts, norths = zip(*boxes, strict=True)
    return min(wests), min(souths), max(easts), max(norths)


def zooms_of(collections: Sequence[Collection], grid: TileMatrixSet) -> range:
    """The matrices of the grid that have tiles of any of the collections."""
    drawings = [drawing_of(one) for one in collections]
    first = min(one.minzoom for one in drawings) - grid.ahead
    last = max(one.maxzoom for one in drawings) - grid.ahead
    return range(max(first, 0), min(last, grid.deepest) + 1)


def limits_of(collections: Sequence[Collection], grid: TileMatrixSet, extent: Bounds) -> list[Json]:
    """The limits of each matrix (OGC 17-083r4, 7.3)."""
    found = []
    for zoom in zooms_of(collections, grid):
        first_row, last_row, first_col, last_col = grid.covering(zoom, extent)
        found.append(
            {
                "tileMatrix": str(zoom),
                "minTileRow": first_row,
                "maxTileRow": last_row,
                "minTileCol": first_col,
                "maxTileCol": last_col,
            }
        )
    return found


def refuse_outside(tile: Tile, collections: Sequence[Collection], extent: Bounds) -> None:
    """Raises NotFound for a tile beyond the limits."""
    first_row, last_row, first_col, last_col = tile.matrix_set.covering(tile.zoom, extent)
    is_inside = first_row <= tile.row <= last_row and first_col <= tile.col <= last_col
    if not is_inside or tile.zoom not in zooms_of(collections, tile.matrix_set):
        raise NotFound("tile", str(tile))


@contextmanager
def within_time(using: str, milliseconds: int = STATEMENT_MS, *, by_one_plan: bool = False) -> Iterator[None]:
    """Statements inside are cancelled by the database when they take longer.

    `by_one_plan` has it plan once for all tiles: planning takes half as long as a near tile itself. A plan
    for any tile at all is a bad one for the far ones, which show much of what there is (measured: 350 ms
    where 45 are enough).
    """
    mode = "force_generic_plan" if by_one_plan else "force_custom_plan"
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(_SETTINGS, [str(milliseconds), mode])
        yield
