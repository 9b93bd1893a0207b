"""Formats that are whole only once their last row is known: made as a file, sent in pieces.

The file is finished before the answer begins, so that a fault on the way is an error and not half a
file. It has no name any more when its first byte is sent: nothing is left behind, whoever hangs up.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

PIECE = 256 * 1024


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


def spooled(name: str, make: Callable[[Path], None]) -> Spool:
    """What `make` writes to the path it is given."""
    with TemporaryDirectory(prefix="ogcapi-", dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        path = Path(folder, name)
        make(path)
        return Spool(path)
