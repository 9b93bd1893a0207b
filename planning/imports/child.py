"""The confined reader: opens a planner's file with GDAL and writes down what is in it.

Run as a program of its own in a fresh interpreter: no Django, no database, no project code, an
environment of its own, limits on memory, time and file size. The request comes as JSON on standard
input, the answer goes as JSON to standard output; geometries (WKB) and columns (JSON) go into files
of the working folder. Nothing is pickled, and whoever reads the answer checks it again.
"""

import ctypes
import errno
import json
import math
import os
import resource
import signal
import sqlite3
import sys
import time
from pathlib import Path
from typing import Any

_PR_SET_PDEATHSIG = 1
# One library asks for so much at a time; with less than that left, its failure is the limit's.
_ROOM = 64 * 1024 * 1024
# How the libraries below Python say that an allocation failed; they know no MemoryError.
_NO_MEMORY = (
    "out of memory",
    "not enough memory",
    "cannot allocate",
    "failed to allocate",
    "could not allocate",
    "unable to allocate",
    "memory allocation",
    "bad_alloc",
    "failed to map segment",
)


class Unreadable(Exception):
    """The file cannot be read; carries the rule and its facts."""

    def __init__(self, code: str, **facts: Any) -> None:
        self.code = code
        self.facts = facts
        super().__init__(code)


def main() -> None:
    request = json.load(sys.stdin)
    _die_with(request.get("parent"))
    _confine(request["limits"])
    try:
        answer: dict[str, Any] = {"layers": _read_all(request)}
    except Exception as error:
        answer = {"fault": _fault(error, request["limits"]["memory_bytes"])}
    json.dump(answer, sys.stdout)


def _fault(error: Exception, memory_bytes: int) -> dict[str, Any]:
    """What the parent is told; raises again what is nobody's fault but ours."""
    is_damage = not isinstance(error, Unreadable) or error.code == "F01"
    if _is_memory(error) or (is_damage and _is_tight(memory_bytes)):
        return {"code": "F05", "says": "F05/memory"}
    if isinstance(error, Unreadable):
        return {"code": error.code, **error.facts}
    raise error


def _is_memory(error: BaseException | None) -> bool:
    """Whether memory ran out, also where a library has made something else of it."""
    while error is not None:
        if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
            return True
        if any(words in str(error).lower() for words in _NO_MEMORY):
            return True
        error = error.__cause__ or error.__context__
    return False


def _is_tight(memory_bytes: int) -> bool:
    """Whether the limit was all but reached: libraries starved of memory report anything at all."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
        peak = int(status.partition("VmPeak:")[2].split(maxsplit=1)[0]) * 1024
    except (OSError, ValueError, IndexError):
        return False
    return memory_bytes - peak < _ROOM


def _die_with(parent: int | None) -> None:
    """Nobody waits for the answer of a reader whose parent was killed: it ends in the same moment."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if parent is not None and os.getppid() != parent:
        sys.exit(1)  # it was killed before we asked to be told


def _confine(limits: dict[str, int]) -> None:
    memory, cpu = limits["memory_bytes"], limits["cpu_seconds"]
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 5))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits["output_bytes"], limits["output_bytes"]))
    resource.setrlimit(resource.RLIMIT_NOFILE, (128, 128))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _read_all(request: dict[str, Any]) -> list[dict[str, Any]]:
    # only now: under the limits, and with the environment that the parent chose
    import pyogrio

    surplus = set(pyogrio.list_drivers()) - set(request["drivers"])
    if surplus:
        raise Unreadable("F05", says="F05/drivers", detail=",".join(sorted(surplus)))
    layers: list[dict[str, Any]] = []
    for source in request["sources"]:
        for name in _layer_names(source):
            if len(layers) >= request["limits"]["layers"]:
                raise Unreadable("F05", says="F05/layers", limit=request["limits"]["layers"])
            layers.append(_read_layer(source, name, len(layers), request["limits"]))
        if source["driver"] == "GPKG":
            layers += [
                _view(name, len(layers) + n) for n, name in enumerate(_contents(source["path"], "view"))
            ]
    return layers


def _layer_names(source: dict[str, Any]) -> list[str | None]:
    import pyogrio

    if source["driver"] == "ESRI Shapefile":
        return [None]
    if source["driver"] == "GPKG":
        return list(_contents(source["path"], "table"))
    try:
        return [str(name) for name in pyogrio.list_layers(source["path"])[:, 0]]
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise _unreadable(error) from error


def _view(name: str, index: int) -> dict[str, Any]:
    """A layer that is named and not read: a view may run for ever."""
    Path(f"{index}.columns.json").write_text("{}", encoding="ascii")
    return {
        "name": name,
        "driver": "GPKG",
        "crs": None,
        "encoding": "UTF-8",
        "encoding_is_guessed": False,
        "geometry_type": None,
        "rows": 0,
        "kinds": {},
        "missing": [],
    }


def _contents(path: str, kind: str) -> list[str]:
    """The layers of a GeoPackage that are tables, or those that are views."""
    try:
        opened = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
        deadline = time.monotonic() + 10
        opened.set_progress_handler(lambda: int(time.monotonic() > deadline), 100_000)
        rows = opened.execute(
            "SELECT c.table_name FROM gpkg_contents c JOIN sqlite_master m"
            " ON lower(m.name) = lower(c.table_name) AND m.type = ?"
            " WHERE c.data_type IN ('features', 'attributes') ORDER BY c.rowid",
            (kind,),
        ).fetchall()
        opened.close()
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            raise Unreadable("F02", detected="SQLite") from error
        raise Unreadable("F01", says="F01/unreadable") from error
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        raise Unreadable("F01", says="F01/unreadable") from error
    return [str(row[0]) for row in rows]


def _read_layer(
    source: dict[str, Any], name: str | None, index: int, limits: dict[str, int]
) -> dict[str, Any]:
    import pyogrio

    encoding = _encoding(source)
    try:
        info = pyogrio.read_info(source["path"], layer=name, force_feature_count=True, encoding=encoding)
        if info["driver"] != source["driver"]:
            raise Unreadable("F02", detected=info["driver"])
        if len(info["fields"]) > limits["fields"]:
            raise Unreadable("F05", says="F05/fields", limit=limits["fields"], count=len(info["fields"]))
        if info["features"] > limits["features"]:
            raise Unreadable(
                "F05", says="F05/features", limit=limits["features"], count=int(info["features"])
            )
        return _read_rows(source, name, index, limits, encoding, info)
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        pyogrio.errors.FeatureError,
        pyogrio.errors.GeometryError,
        pyogrio.errors.FieldError,
        pyogrio.errors.CRSError,
    ) as error:
        raise _unreadable(error) from error


def _read_rows(
    source: dict[str, Any],
    name: str | None,
    index: int,
    limits: dict[str, int],
    encoding: str | None,
    info: dict[str, Any],
) -> dict[str, Any]:
    from pyogrio.raw import read

    guessed = source.get("encoding") is None and encoding is not None
    try:
        meta, _, wkb, data = read(source["path"], layer=name, encoding=encoding)
    except UnicodeDecodeError:
        # bytes that are not the text they claim to be: read as they are, the parent asks
        guessed, encoding = True, "ISO-8859-1"
        meta, _, wkb, data = read(source["path"], layer=name, encoding=encoding)
    rows = len(data[0]) if data else (len(wkb) if wkb is not None else 0)
    columns: dict[str, list[Any]] = {}
    for field, values, kind in zip(meta["fields"], data, meta["ogr_types"], strict=True):
        if kind != "OFTBinary":
            columns[str(field)] = [_plain(value, kind, limits) for value in values]
    # a GeoJSON whose features all lack a geometry is a layer with missing geometries, not a table
    is_table = wkb is None and source["driver"] != "GeoJSON"
    if not is_table:
        _write_wkb(index, wkb if wkb is not None else [None] * rows)
    Path(f"{index}.columns.json").write_text(json.dumps(columns), encoding="ascii")
    return {
        # a layer that bears the name we gave the file is called as the planner called the file
        "name": source["label"] if name in (None, Path(source["path"]).stem) else name,
        "driver": info["driver"],
        "crs": meta["crs"],
        "encoding": encoding or meta["encoding"],
        "encoding_is_guessed": guessed,
        "geometry_type": None if is_table else str(meta["geometry_type"]),
        "rows": rows,
        "kinds": dict(zip(map(str, meta["fields"]), meta["ogr_types"], strict=True)),
        "missing": source.get("missing", []),
    }


def _write_wkb(index: int, wkb: Any) -> None:
    with Path(f"{index}.wkb").open("wb") as file:
        for shape in wkb:
            if shape is not None:
                file.write(shape)
    lengths = [-1 if shape is None else len(shape) for shape in wkb]
    Path(f"{index}.lengths.json").write_text(json.dumps(lengths), encoding="ascii")


def _plain(value: Any, kind: str, limits: dict[str, int]) -> Any:
    """A cell as JSON knows it; what is not a number there becomes text and is judged by the parent."""
    if hasattr(value, "item") and not hasattr(value, "__len__"):
        if "datetime64" in str(value.dtype):
            return None if str(value) == "NaT" else str(value)
        value = value.item()
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return _number(value, kind)
    text = str(value)
    if len(text) > limits["text_characters"]:
        raise Unreadable("F05", says="F05/text", limit=limits["text_characters"])
    return text


def _number(value: float, kind: str) -> float | int | str | None:
    """NULL comes as NaN, and makes decimals of a column of whole numbers."""
    if math.isnan(value):
        return None
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return int(value) if kind.startswith("OFTInteger") else value


def _encoding(source: dict[str, Any]) -> str | None:
    """The encoding of a shapefile's table: as stated, by its .cpg, by its language byte, else a guess."""
    if source["driver"] != "ESRI Shapefile":
        return None
    if source.get("encoding"):
        return str(source["encoding"])
    table = Path(source["path"]).with_suffix(".dbf")
    if table.with_suffix(".cpg").exists() or not table.exists():
        return None
    content = table.read_bytes()
    # 0x57 says "whatever this Windows speaks", which is nothing
    if len(content) > 29 and content[29] not in (0, 0x57):
        return None
    try:
        content[32:].decode("utf-8")
    except UnicodeDecodeError:
        return "ISO-8859-1"
    return "UTF-8"


def _unreadable(error: Exception) -> Unreadable:
    text = str(error)
    if "not recognized as being in a supported file format" in text:
        return Unreadable("F02", detected="?")
    if "WKB type" in text:
        return Unreadable("F01", says="F01/geometry_type")
    return Unreadable("F01", says="F01/unreadable")


if __name__ == "__main__":
    main()
