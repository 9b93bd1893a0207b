"""Tiles that this process made lately, by version: what was made once is sent again without the database.

A key names the version of the data, so that nothing in here is ever wrong: what is no longer asked for
falls out at the end. Bounded by bytes; each process of the service keeps its own.
"""

import gzip
import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

from planning.ogcapi.tiles.statement import MadeTile

MOST_BYTES = 32 * 1024 * 1024
# What an entry takes beside its bytes, roughly; empty tiles are many.
_ENTRY_BYTES = 600
# Fast, and within a tenth of the smallest: tiles are pressed while somebody waits.
_LEVEL = 4


@dataclass(frozen=True, slots=True)
class KeptTile:
    """A tile ready to be sent, pressed; an empty one is empty."""

    pressed: bytes
    incomplete: tuple[str, ...]

    @classmethod
    def of(cls, made: MadeTile) -> "KeptTile":
        """The made tile, pressed; equal tiles give equal bytes."""
        return cls(gzip.compress(made.content, _LEVEL, mtime=0) if made.content else b"", made.incomplete)

    @property
    def content(self) -> bytes:
        """Its bytes for a reader who takes nothing pressed."""
        return gzip.decompress(self.pressed) if self.pressed else b""


class KeptTiles:
    """The tiles used last, up to a number of bytes; safe among threads."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._tiles: OrderedDict[Hashable, KeptTile] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> KeptTile | None:
        """The tile under that key, which is the newest again."""
        with self._lock:
            found = self._tiles.get(key)
            if found is not None:
                self._tiles.move_to_end(key)
            return found

    def put(self, key: Hashable, tile: KeptTile) -> None:
        """Keep the tile; the ones not asked for longest give way."""
        with self._lock:
            self._take_out(key)
            self._tiles[key] = tile
            self._bytes += _size(tile)
            while self._bytes > self._most_bytes and self._tiles:
                self._take_out(next(iter(self._tiles)))

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._tiles.clear()
            self._bytes = 0

    def _take_out(self, key: Hashable) -> None:
        gone = self._tiles.pop(key, None)
        if gone is not None:
            self._bytes -= _size(gone)


def _size(tile: KeptTile) -> int:
    return len(tile.pressed) + _ENTRY_BYTES


KEPT = KeptTiles()
