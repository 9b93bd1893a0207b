"""What a file is, by its first bytes; its name decides nothing.

Second step of an import. Only formats of `Format` are opened afterwards, each with its own driver and
no other, so that a text that merely points elsewhere never reaches a driver that would follow it.
"""

from enum import StrEnum
from pathlib import Path

from planning.errors import UnreadableFile

_HEAD = 4096


class Format(StrEnum):
    """Accepted formats; the value is the name of the GDAL driver, or the archive that holds one."""

    GEOPACKAGE = "GPKG"
    GEOJSON = "GeoJSON"
    SHAPEFILE = "ESRI Shapefile"
    FLATGEOBUF = "FlatGeobuf"
    ZIP = "ZIP"


EXTENSIONS = {
    Format.GEOPACKAGE: ".gpkg",
    Format.GEOJSON: ".geojson",
    Format.FLATGEOBUF: ".fgb",
    Format.ZIP: ".zip",
}

# Recognised so that the refusal can name it; the first that fits.
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"%PDF", "PDF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"PAR1", "GeoParquet"),
    (b"\xd0\xcf\x11\xe0", "DGN V8"),
    (b"\x00\x00\x27\x0a", "SHP"),
    (b"\x7fELF", "ELF"),
    (b"MZ", "EXE"),
)
_XML_ROOTS = (
    (b"<ogrvrt", "VRT"),
    (b"<vrtdataset", "VRT"),
    (b"<ogrwfs", "WFS"),
    (b"<wfs", "WFS"),
    (b"<html", "HTML"),
    (b"<!doctype html", "HTML"),
    (b"<kml", "KML"),
    (b"<gpx", "GPX"),
    (b"featurecollection", "GML"),
)


def identify(path: Path) -> Format:
    """The format of a file. Raises UnreadableFile: F01 (empty), F02 (not accepted), F04 (DOCTYPE)."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head.strip(b"\x00 \t\r\n"):
        raise UnreadableFile("F01", says="F01/empty")
    if head.startswith(b"SQLite format 3\x00"):
        return Format.GEOPACKAGE
    if head.startswith(b"fgb\x03"):
        return Format.FLATGEOBUF
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Format.ZIP
    text = _as_utf8(head).lstrip()
    if text.startswith((b"{", b"[")):
        return Format.GEOJSON
    raise _refusal(head, text)


def _as_utf8(head: bytes) -> bytes:
    """Byte order marks removed; UTF-16 made UTF-8, because a search for bytes misses it."""
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if head.startswith(mark):
            return head[2:].decode(encoding, errors="ignore").encode()
    return head.removeprefix(b"\xef\xbb\xbf")


def _refusal(head: bytes, text: bytes) -> UnreadableFile:
    if text.startswith(b"<"):
        lower = text.lower()
        kind = next((name for mark, name in _XML_ROOTS if mark in lower), "XML")
        if b"<!doctype" in lower and kind != "HTML":
            return UnreadableFile("F04", detected=kind)
        return UnreadableFile("F02", detected=kind)
    return UnreadableFile("F02", detected=_other(head))


def _other(head: bytes) -> str:
    if head[:4] == b"AC10":
        return f"DWG ({head[:6].decode('ascii', errors='replace')})"
    if head.lstrip()[:2] == b"0\n" or head.lstrip()[:3] == b"0\r\n" or b"SECTION" in head[:80]:
        return "DXF"
    return next((name for mark, name in _OTHERS if head.startswith(mark)), "?")
