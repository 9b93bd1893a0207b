"""Where files of papers lie: each once, under the name of its content, exactly as it was handed in.

`keep` writes the file whole before any row can name it; the row is the caller's. A file that no row came
to name does no harm: `planning.documents.upkeep` lists it, and the next to hand in the same bytes uses it.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage
from django.db import connection

from planning.documents.contents import ACCEPTED, content_of
from planning.errors import BadParameter, Reason, Unavailable
from planning.models import Document

FOLDER = "documents"
_CHUNK = 1024 * 1024
# Any constant will do; with the beginning of the hash it names the lock of one content.
_LOCK = 0x646F63

Source = str | Path | File


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A file in the vault: its name there, and what the row that names it records."""

    name: str
    sha256: str
    size: int
    media_type: str
    pages: int | None

    def columns(self) -> dict[str, Any]:
        return {
            "file": self.name,
            "sha256": self.sha256,
            "size": self.size,
            "media_type": self.media_type,
            "pages": self.pages,
        }


def storage() -> Storage:
    """The storage of the model's field: one folder of the deployment, never below its static files."""
    field: Any = Document._meta.get_field("file")
    return field.storage


def keep(source: Source) -> Kept:
    """Write the file down under the name of its content; the same content stays one file.

    Call it in the transaction that makes the row: until its end nobody forgets the file. Raises
    BadParameter for what is empty, too large, of no accepted kind or no longer there.
    """
    name = Path(source.name or "").name if isinstance(source, File) else Path(source).name
    with _read(source, name) as file, _own_copy() as copy:
        sha256, size = _copied(file, copy, name)
        content = content_of(copy, name=name)
        kept = Kept(
            name=f"{FOLDER}/{sha256[:2]}/{sha256}{content.extension}",
            sha256=sha256,
            size=size,
            media_type=content.media_type,
            pages=content.pages,
        )
        lock(sha256, is_shared=True)
        _place(copy, Path(storage().path(kept.name)), kept)
    return kept


def opened(document: Document) -> IO[bytes]:
    """The file of a paper, at its first byte. Raises Unavailable where it is missing or of another size."""
    try:
        file = Path(document.file.path).open("rb")  # noqa: SIM115 - the caller reads and closes it
    except OSError as error:
        raise Unavailable(Reason.FILE_MISSING, document=document.pk, happened=error.strerror) from error
    size = os.fstat(file.fileno()).st_size
    if size == document.size:
        return file
    file.close()
    raise Unavailable(Reason.FILE_MISSING, document=document.pk, size=size, recorded=document.size)


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def lock(sha256: str, *, is_shared: bool) -> None:
    """Held to the end of the transaction: many may hand in one content, one at a time may forget it."""
    shared, alone = "SELECT pg_advisory_xact_lock_shared(%s, %s)", "SELECT pg_advisory_xact_lock(%s, %s)"
    with connection.cursor() as cursor:
        key = int.from_bytes(bytes.fromhex(sha256[:8]), "big", signed=True)
        cursor.execute(shared if is_shared else alone, [_LOCK, key])


@contextmanager
def _read(source: Source, name: str) -> Iterator[IO[bytes]]:
    if isinstance(source, File):
        source.seek(0)
        yield source
        return
    try:
        file = Path(source).open("rb")  # noqa: SIM115 - closed below; only the opening is forgiven
    except OSError as error:
        raise BadParameter("file", name, Reason.FILE_MISSING) from error
    with file:
        yield file


@contextmanager
def _own_copy() -> Iterator[Path]:
    """A file of ours to write to; what a kill leaves here the nightly job clears."""
    handle, name = tempfile.mkstemp(prefix="document-", dir=settings.FILE_UPLOAD_TEMP_DIR)
    os.close(handle)
    copy = Path(name)
    try:
        yield copy
    finally:
        copy.unlink(missing_ok=True)


def _copied(file: IO[bytes], copy: Path, name: str) -> tuple[str, int]:
    """Hash and size of what was written to the disk, and is there to stay."""
    digest, size, limit = hashlib.sha256(), 0, settings.DOCUMENT_MAX_BYTES
    with copy.open("wb") as out:
        while chunk := file.read(_CHUNK):
            size += len(chunk)
            if size > limit:
                raise BadParameter("file", name, Reason.FILE_TOO_LARGE, limit=limit // 1024**2)
            digest.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    if not size:
        raise BadParameter("file", name, Reason.FILE_NOT_ACCEPTED, choices=ACCEPTED)
    return digest.hexdigest(), size


def _place(copy: Path, target: Path, kept: Kept) -> None:
    """Under its lasting name at once and whole; a damaged file of that name is healed by it."""
    if target.exists() and target.stat().st_size == kept.size and sha256_of(target) == kept.sha256:
        return
    target.parent.mkdir(mode=settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS, parents=True, exist_ok=True)
    copy.chmod(settings.FILE_UPLOAD_PERMISSIONS)
    copy.replace(target)
    _flush_folder(target.parent)


def _flush_folder(folder: Path) -> None:
    """The name itself must outlive a power cut, not the bytes alone."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
