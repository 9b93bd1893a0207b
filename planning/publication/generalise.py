"""Outlines of the pieces that a map shows, one per zoom band, made when a revision opens them.

Simplified together, so that zones which share an edge go on sharing it: neither slits nor overlaps appear
between neighbours. Only new pieces are drawn; the standing pieces beside them are laid along for the sake
of the edges they share, and keep the outline they have. Answers never read these shapes.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from django.db import connection
from numpy.typing import NDArray

from planning.models import Edition, GeneralisedZone, LegalStatus, ZonePiece, ZoomBand

WEB_MERCATOR = 3857
# What a map draws; the rest is history, shown on demand in full.
SHOWN = (LegalStatus.DRAFT, LegalStatus.APPROVED, LegalStatus.IN_FORCE)
# Maps enlarge the tiles of the last zoom, so that nothing is taken from them.
IN_FULL = max(ZoomBand)
# Half a pixel of a 512-pixel tile at the last zoom of the band, in metres on the map; the finest first.
WORLD = 2 * 20_037_508.342789244
TOLERANCES = {
    band: WORLD / 2**band.value / 512 / 2 for band in sorted(ZoomBand, reverse=True) if band != IN_FULL
}

Shapes = NDArray[np.object_]

_NEW = """
    SELECT piece.id, piece.status, piece.valid::text, ST_AsBinary(ST_Transform(piece.geometry, {mercator}))
    FROM {pieces} AS piece
    WHERE piece.edition_id = %(edition)s AND upper_inf(piece.known) AND piece.status = ANY (%(shown)s)
        AND NOT EXISTS (SELECT 1 FROM {generalised} AS drawn WHERE drawn.piece_id = piece.id)
    ORDER BY piece.status, piece.valid, piece.id
"""
# Boxes in degrees only find candidates: what is laid along without need does no harm.
_BESIDE = """
    SELECT ST_AsBinary(ST_Transform(piece.geometry, {mercator}))
    FROM {pieces} AS piece
    WHERE piece.edition_id = %(edition)s AND upper_inf(piece.known) AND piece.status = %(status)s
        AND piece.valid && %(valid)s::daterange AND piece.id <> ALL (%(own)s::bigint[])
        AND EXISTS (SELECT 1 FROM {pieces} AS new
            WHERE new.id = ANY (%(own)s::bigint[]) AND new.geometry && piece.geometry)
    ORDER BY piece.id
"""
_COPY = "COPY {generalised} (piece_id, band, area, geometry) FROM STDIN"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """New pieces that are law at the same time under the same status, in EPSG:3857."""

    status: str
    valid: str
    pieces: tuple[int, ...]
    shapes: Shapes


def generalise(edition: Edition, *, opened: int) -> int:
    """Draw the pieces of the edition that have no outlines yet; how many rows were written.

    `opened` is how many pieces the revision opened: nothing is asked where there are none.
    """
    if not opened:
        return 0
    drawn: dict[tuple[int, bytes], dict[ZoomBand, Shapes]] = {}
    written = 0
    for group in _groups(edition):
        beside = _beside(edition, group)
        # A draft and the law that it became often have the same outlines.
        # The same pieces may stand in the group or beside it: only how many are its own tells the two apart.
        key = (len(group.shapes), _digest([*group.shapes, *beside]))
        if key not in drawn:
            drawn[key] = _simplified(group.shapes, beside)
        for band, shapes in drawn[key].items():
            written += _write(group.pieces, band, shapes)
    return written


def _groups(edition: Edition) -> Iterator[_Group]:
    rows = _asked(_NEW, {"edition": edition.pk, "shown": [status.value for status in SHOWN]})
    by_time: dict[tuple[str, str], list[tuple[int, bytes]]] = {}
    for key, status, valid, wkb in rows:
        by_time.setdefault((status, valid), []).append((key, bytes(wkb)))
    for (status, valid), own in by_time.items():
        yield _Group(
            status=status,
            valid=valid,
            pieces=tuple(key for key, _ in own),
            shapes=np.asarray(shapely.from_wkb([wkb for _, wkb in own]), dtype=object),
        )


def _beside(edition: Edition, group: _Group) -> Shapes:
    """The pieces beside those of the group that are law at the same time."""
    values = {
        "edition": edition.pk,
        "status": group.status,
        "valid": group.valid,
        "own": list(group.pieces),
    }
    found = [bytes(wkb) for (wkb,) in _asked(_BESIDE, values)]
    return np.asarray(shapely.from_wkb(found), dtype=object)


def _simplified(shapes: Shapes, beside: Shapes) -> dict[ZoomBand, Shapes]:
    """The shapes for every band, the finest first: each is drawn from the one before."""
    whole, bands = np.concatenate([shapes, beside]), {IN_FULL: shapes}
    for band, tolerance in TOLERANCES.items():
        whole = np.asarray(shapely.coverage_simplify(whole, tolerance), dtype=object)
        bands[band] = _valid(whole[: len(shapes)])
    return bands


def _valid(shapes: Shapes) -> Shapes:
    """Where zones overlap, the simplification may cross an edge with itself; the crossing is taken apart."""
    is_valid = shapely.is_valid(shapes)
    if is_valid.all():
        return shapes
    mended = shapes.copy()
    mended[~is_valid] = shapely.make_valid(shapes[~is_valid], method="structure", keep_collapsed=False)
    return mended


def _write(pieces: Sequence[int], band: ZoomBand, shapes: Shapes) -> int:
    """Write the outlines by COPY; what has no area left at this scale is not drawn at all."""
    areas = shapely.area(shapes)
    texts = shapely.to_wkb(shapely.set_srid(shapes, WEB_MERCATOR), hex=True, include_srid=True)
    rows = [row for row in zip(pieces, areas.tolist(), texts.tolist(), strict=True) if row[1] > 0]
    with connection.cursor() as cursor, cursor.copy(_sql(_COPY)) as copy:
        for piece, area, text in rows:
            copy.write_row((piece, band.value, area, text))
    return len(rows)


def _digest(shapes: Iterable[Any]) -> bytes:
    digest = hashlib.sha256()
    for wkb in shapely.to_wkb(np.asarray(list(shapes), dtype=object)):
        digest.update(wkb)
    return digest.digest()


def _asked(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_sql(statement), values)
        return list(cursor.fetchall())


def _sql(statement: str) -> str:
    return statement.format(
        pieces=ZonePiece._meta.db_table,
        generalised=GeneralisedZone._meta.db_table,
        mercator=WEB_MERCATOR,
    )
