"""Formats that are whole only once their last row is known: made as a file, sent in pieces.

The file is finished before the answer begins, so that a fault on the way is an error and not half a
file. It has no name any more when its first byte is sent: nothing is left behind, whoever hangs up.
"""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from planning.ogcapi.items.turns import SLOW_AFTER_S, Turns

PIECE = 256 * 1024
# Rows of about a kilobyte: so many are written in a quarter of a second, and memory holds them easily.
LARGE = 10_000
# Making a file keeps a processor busy: two at once take twice as long, and all others wait for both.
LARGE_FILES = Turns(1, SLOW_AFTER_S)


class Spool(Iterator[bytes]):
    """The bytes of a file, which is gone once they are sent or `close` is called."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")

    def __next__(self) -> bytes:
        if not self._file.closed and (piece := self._file.read(PIECE)):
            return piece
        self.close()
        raise StopIteration

    def close(self) -> None:
        """Django calls it at the end of every answer, a broken one included."""
        self._file.close()


def spooled(name: str, make: Callable[[Path], None], *, rows: int) -> Spool:
    """What `make` writes to the path it is given. Raises Unavailable while another large file is made."""
    turn = LARGE_FILES.taken() if rows > LARGE else nullcontext()
    with turn, TemporaryDirectory(prefix="ogcapi-", dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        path = Path(folder, name)
        make(path)
        return Spool(path)
