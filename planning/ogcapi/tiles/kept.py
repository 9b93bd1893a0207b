"""Tiles that this process made lately, by version: what was made once is sent again without the database."""

import gzip
from dataclasses import dataclass

from planning.ogcapi.kept import kept
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


def _size(tile: KeptTile) -> int:
    return len(tile.pressed) + _ENTRY_BYTES


KEPT = kept(MOST_BYTES, _size)
