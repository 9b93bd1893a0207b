"""What a paper is, by its bytes: its media type and, of a PDF, how many pages it has.

The name of a file decides nothing. Only what browsers and offices show without running it is taken in;
pages are counted by pypdf, because the page tree of real PDF files is mended by more rules than we know.
"""

import zipfile
from dataclasses import dataclass
from pathlib import Path

from pypdf import PdfReader
from pypdf.errors import DependencyError, EmptyFileError, PyPdfError

from planning.errors import BadParameter, Reason

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# What is accepted, with the ending its files get; a word processor's macros are not.
EXTENSIONS = {PDF: ".pdf", "image/png": ".png", "image/jpeg": ".jpg", "image/tiff": ".tif", DOCX: ".docx"}
ACCEPTED = ("PDF", "PNG", "JPEG", "TIFF", "DOCX")

_MARKS = (
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"II+\x00", "image/tiff"),  # BigTIFF: plan drawings scanned whole
    (b"MM\x00+", "image/tiff"),
)
_MACROS = "vbaproject.bin"
# What pypdf raises over files that are no PDF behind their first bytes, beside errors of its own.
_BROKEN = (
    PyPdfError,
    AssertionError,
    AttributeError,
    LookupError,
    OSError,
    OverflowError,
    RecursionError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Content:
    """Media type; pages only of a PDF whose pages can be counted."""

    media_type: str
    pages: int | None = None

    @property
    def extension(self) -> str:
        return EXTENSIONS[self.media_type]


def content_of(path: Path, *, name: str, parameter: str = "file") -> Content:
    """What the file is. Raises BadParameter, naming `name`: not accepted, or a PDF that nobody can open."""
    media_type = _media_type(path)
    if media_type is None:
        raise BadParameter(parameter, name, Reason.FILE_NOT_ACCEPTED, choices=ACCEPTED)
    if media_type != PDF:
        return Content(media_type)
    try:
        return Content(media_type, _pages(path))
    except _BROKEN as error:
        raise BadParameter(parameter, name, Reason.FILE_NOT_READABLE) from error


def _media_type(path: Path) -> str | None:
    with path.open("rb") as file:
        head = file.read(16)
    if found := next((kind for mark, kind in _MARKS if head.startswith(mark)), None):
        return found
    return DOCX if head.startswith(b"PK\x03\x04") and _is_text_document(path) else None


def _is_text_document(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.lower() for name in archive.namelist()}
    except (zipfile.BadZipFile, OSError, ValueError):
        return False
    has_macros = any(name.endswith(_MACROS) for name in names)
    return {"[content_types].xml", "word/document.xml"} <= names and not has_macros


def _pages(path: Path) -> int | None:
    """None where a cipher that we lack locks the pages, though browsers may open them."""
    try:
        with PdfReader(path) as reader:
            pages = len(reader.pages)
    except DependencyError:
        return None
    if not pages:
        raise EmptyFileError("no page")
    return pages
