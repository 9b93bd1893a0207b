"""Zip archives: judged from their directory, then unpacked under names of our own, bytes counted.

No library ever reads inside an archive that somebody handed in; only what is unpacked here is opened.
Names of entries are shown as text and used for nothing else.
"""

import stat
import struct
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from planning.errors import UnreadableFile
from planning.imports.identify import EXTENSIONS, Format, identify
from planning.imports.limits import Limits

_SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_LAYERS = {".gpkg", ".geojson", ".json", ".fgb"}
_ARCHIVES = {".zip", ".7z", ".rar", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".kmz"}
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_END_OF_DIRECTORY = b"PK\x05\x06"
_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to open: where it lies under our name, what it is, and what the planner calls it."""

    path: Path
    format: Format
    label: str
    missing: tuple[str, ...] = ()


def unpack(archive: Path, folder: Path, limits: Limits) -> tuple[Source, ...]:
    """The layers inside an archive, unpacked into `folder`. Raises UnreadableFile (F03, F02)."""
    _check_directory(archive, limits)
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = _checked_entries(opened.infolist(), limits)
            sources = tuple(_sources(opened, entries, folder, limits))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, RuntimeError) as error:
        raise UnreadableFile("F03", says="F03/damaged") from error
    if not sources:
        raise UnreadableFile("F02", detected="ZIP")
    return sources


def _check_directory(archive: Path, limits: Limits) -> None:
    """The directory's own size, before it is read into memory."""
    with archive.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - 65_557))
        tail = file.read()
    at = tail.rfind(_END_OF_DIRECTORY)
    if at < 0 or len(tail) - at < 22:
        raise UnreadableFile("F03", says="F03/damaged")
    entries, directory_bytes = struct.unpack("<HI", tail[at + 10 : at + 16])
    # 0xFFFF and 0xFFFFFFFF announce more than either limit allows
    if directory_bytes > limits.archive_directory_bytes or entries > limits.archive_entries:
        raise UnreadableFile("F03", says="F03/too_large")


def _checked_entries(entries: Iterable[zipfile.ZipInfo], limits: Limits) -> list[zipfile.ZipInfo]:
    seen: set[str] = set()
    total = 0
    kept = []
    for entry in entries:
        _check_name(entry)
        _check_kind(entry)
        name = entry.orig_filename.casefold()
        if name in seen:
            raise UnreadableFile("F03", says="F03/duplicate", entry=_shown(entry))
        seen.add(name)
        total += entry.file_size
        packed = max(entry.compress_size, 1)
        if entry.file_size > _CHUNK and entry.file_size / packed > limits.archive_ratio:
            raise UnreadableFile("F03", says="F03/bomb", entry=_shown(entry))
        if total > limits.archive_bytes or len(seen) > limits.archive_entries:
            raise UnreadableFile("F03", says="F03/too_large")
        if not entry.is_dir():
            kept.append(entry)
    return kept


def _check_name(entry: zipfile.ZipInfo) -> None:
    name = entry.orig_filename
    parts = PurePosixPath(name).parts
    if (
        "\\" in name
        or "\x00" in name
        or name.startswith("/")
        or ".." in parts
        or (parts and len(parts[0]) == 2 and parts[0][1] == ":")
    ):
        raise UnreadableFile("F03", says="F03/path", entry=_shown(entry))


def _check_kind(entry: zipfile.ZipInfo) -> None:
    mode = entry.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise UnreadableFile("F03", says="F03/link", entry=_shown(entry))
    if entry.flag_bits & 0x1:
        raise UnreadableFile("F03", says="F03/encrypted", entry=_shown(entry))
    if entry.compress_type not in _METHODS:
        raise UnreadableFile("F03", says="F03/damaged", entry=_shown(entry))
    if PurePosixPath(entry.filename).suffix.lower() in _ARCHIVES:
        raise UnreadableFile("F03", says="F03/nested", entry=_shown(entry))


def _shown(entry: zipfile.ZipInfo) -> str:
    return entry.orig_filename[:80].encode("utf-8", errors="replace").decode()


def _sources(
    opened: zipfile.ZipFile, entries: list[zipfile.ZipInfo], folder: Path, limits: Limits
) -> Iterable[Source]:
    sets: dict[tuple[str, str], dict[str, zipfile.ZipInfo]] = defaultdict(dict)
    budget = _Budget(limits.archive_bytes)
    for number, entry in enumerate(entries):
        path = PurePosixPath(entry.filename)
        suffix = path.suffix.lower()
        if path.name.startswith("._") or "__MACOSX" in path.parts:
            continue  # a Mac adds a shadow of every file
        if suffix in _SHAPEFILE_PARTS:
            sets[str(path.parent).casefold(), path.stem.casefold()][suffix] = entry
        elif suffix in _LAYERS:
            yield _single(opened, entry, folder / str(number), budget)
    for number, parts in enumerate(sets.values()):
        if ".shp" in parts:
            yield _shapefile(opened, parts, folder / f"set{number}", budget)


def _single(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path, budget: "_Budget") -> Source:
    unpacked = _extract(opened, entry, folder / "layer", budget)
    found = identify(unpacked)
    if found is Format.ZIP:
        raise UnreadableFile("F03", says="F03/nested", entry=_shown(entry))
    path = unpacked.rename(folder / f"layer{EXTENSIONS[found]}")
    return Source(path, found, PurePosixPath(entry.filename).stem)


def _shapefile(
    opened: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo], folder: Path, budget: "_Budget"
) -> Source:
    for suffix, entry in sorted(parts.items()):
        _extract(opened, entry, folder / f"layer{suffix}", budget)
    missing = tuple(suffix for suffix in _SHAPEFILE_PARTS if suffix not in parts)
    return Source(folder / "layer.shp", Format.SHAPEFILE, PurePosixPath(parts[".shp"].filename).stem, missing)


class _Budget:
    """Bytes that may still be unpacked: the sizes in the directory may lie."""

    def __init__(self, left: int) -> None:
        self.left = left

    def take(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise UnreadableFile("F03", says="F03/too_large")


def _extract(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, budget: _Budget) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    with opened.open(entry) as packed, target.open("wb") as unpacked:
        while chunk := packed.read(_CHUNK):
            budget.take(len(chunk))
            unpacked.write(chunk)
    return target
