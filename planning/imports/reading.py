"""The importer's side of reading: starts the confined child, trusts nothing that it says.

Comes after `identify` and `archives`; hands raw layers to the checks. The child gets a fresh
interpreter, an environment with nothing in it but what stops GDAL from reaching out, and no network.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from planning import gdal_drivers
from planning.errors import UnreadableFile
from planning.imports.archives import Source
from planning.imports.limits import Limits

_CHILD = Path(__file__).with_name("child.py")
Geometries = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class RawLayer:
    """A layer as delivered. Row n of the planner is index n - 1 everywhere.

    `geometry` holds None where there is none or where nothing could be made of it; rows in `unparsed`
    were no geometry as delivered (an unclosed ring), and what stands there is a closed one. `wkb` keeps
    the bytes as read. `columns` holds plain values: None, bool, int, float or text.
    """

    name: str
    driver: str
    crs: str
    encoding: str
    encoding_is_guessed: bool
    is_table: bool
    rows: int
    columns: Mapping[str, Sequence[Any]]
    kinds: Mapping[str, str]
    geometry: Geometries
    wkb: Sequence[bytes | None]
    unparsed: frozenset[int]
    missing: tuple[str, ...]


def read(
    sources: Sequence[Source], folder: Path, *, limits: Limits, encoding: str | None = None
) -> tuple[RawLayer, ...]:
    """All layers of the sources, read by the child in `folder`. Raises UnreadableFile (F01, F02, F05)."""
    answer = _run(sources, folder, limits, encoding)
    if "fault" in answer:
        fault = answer["fault"]
        raise UnreadableFile(str(fault.pop("code")), **fault)
    layers = tuple(_layer(folder, index, facts, limits) for index, facts in enumerate(answer["layers"]))
    if not layers:
        raise UnreadableFile("F01", says="F01/no_layers")
    return layers


def _run(sources: Sequence[Source], folder: Path, limits: Limits, encoding: str | None) -> dict[str, Any]:
    wanted = sorted({source.format.value for source in sources})
    request = {
        "sources": [
            {
                "path": str(source.path),
                "driver": source.format.value,
                "label": source.label,
                "missing": source.missing,
                "encoding": encoding,
            }
            for source in sources
        ],
        "drivers": wanted,
        "limits": asdict(limits),
        "parent": os.getpid(),
    }
    command = [*without_network(), sys.executable, "-I", str(_CHILD)]
    said = folder / "stderr"
    with said.open("wb") as errors:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd=folder,
            env=_environment(wanted),
            start_new_session=True,
        )
    try:
        output, _ = process.communicate(json.dumps(request).encode(), timeout=limits.wall_seconds)
    except subprocess.TimeoutExpired:
        raise UnreadableFile("F05", says="F05/time", limit=limits.wall_seconds) from None
    finally:
        _end(process)
    if process.returncode == -signal.SIGXCPU or process.returncode == 128 + signal.SIGXCPU:
        raise UnreadableFile("F05", says="F05/time", limit=limits.cpu_seconds)
    return _answer(process.returncode, output, said)


def _answer(returncode: int, output: bytes, said: Path) -> dict[str, Any]:
    if returncode != 0:
        raise UnreadableFile("F05", says="F05/memory" if _is_memory(said) else "F05/stopped")
    try:
        answer = json.loads(output)
    except ValueError as error:
        raise UnreadableFile("F05", says="F05/stopped") from error
    if not isinstance(answer, dict) or not ("fault" in answer or isinstance(answer.get("layers"), list)):
        raise UnreadableFile("F05", says="F05/stopped")
    return answer


def _is_memory(said: Path) -> bool:
    """Whether the last words of a reader that broke down were about memory; they are shown to nobody."""
    with said.open("rb") as errors:
        errors.seek(max(0, errors.seek(0, os.SEEK_END) - 4_096))
        last = errors.read()
    return any(words in last for words in (b"bad_alloc", b"MemoryError", b"annot allocate"))


def _end(process: subprocess.Popen[bytes]) -> None:
    """The whole group: `unshare` stands between us and the reader."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()


def _environment(wanted: Sequence[str]) -> dict[str, str]:
    """Nothing of ours goes in: no database address, no key. Only the drivers of this file stay."""
    others = [name for name in gdal_drivers.ALLOWED if name not in wanted]
    found = gdal_drivers.environment()
    found["GDAL_SKIP"] = ",".join([found["GDAL_SKIP"], *others])
    return {
        **found,
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "PROJ_NETWORK": "OFF",
        # a withdrawn code is a question to the planner; GDAL would exchange it without a word
        "OSR_USE_NON_DEPRECATED": "NO",
        "OPENBLAS_NUM_THREADS": "1",
        "SHAPE_RESTORE_SHX": "YES",
    }


@lru_cache(maxsize=1)
def without_network() -> tuple[str, ...]:
    """The prefix that cuts the network off; empty where the system has no such means (planning.W002)."""
    for prefix in (("unshare", "-n", "--"), ("unshare", "-rn", "--")):
        try:
            tried = subprocess.run([*prefix, "true"], capture_output=True, timeout=10, check=False)
        except (OSError, subprocess.TimeoutExpired):
            continue
        if tried.returncode == 0:
            return prefix
    return ()


def _layer(folder: Path, index: int, facts: Mapping[str, Any], limits: Limits) -> RawLayer:
    rows = int(facts["rows"])
    columns = _handed_over(folder / f"{index}.columns.json", limits)
    if any(len(values) != rows for values in columns.values()):
        raise UnreadableFile("F05", says="F05/stopped")
    is_table = facts["geometry_type"] is None
    wkb: list[bytes | None] = [None] * rows if is_table else _read_wkb(folder, index, rows, limits)
    geometry, unparsed = _parse(wkb)
    if int(shapely.get_num_coordinates(geometry).sum()) > limits.vertices:
        raise UnreadableFile("F05", says="F05/vertices", limit=limits.vertices)
    return RawLayer(
        name=str(facts["name"])[:120],
        driver=str(facts["driver"]),
        crs=str(facts["crs"] or ""),
        encoding=str(facts["encoding"]),
        encoding_is_guessed=bool(facts["encoding_is_guessed"]),
        is_table=is_table,
        rows=rows,
        columns=columns,
        kinds=facts["kinds"],
        geometry=geometry,
        wkb=wkb,
        unparsed=unparsed,
        missing=tuple(facts["missing"]),
    )


def _handed_over(path: Path, limits: Limits) -> Any:
    """What the reader wrote down as JSON. Raises UnreadableFile (F05) where that is too much to parse."""
    if path.stat().st_size > limits.parsed_bytes:
        raise UnreadableFile("F05", says="F05/memory")
    return json.loads(path.read_bytes())


def _read_wkb(folder: Path, index: int, rows: int, limits: Limits) -> list[bytes | None]:
    lengths = _handed_over(folder / f"{index}.lengths.json", limits)
    content = (folder / f"{index}.wkb").read_bytes()
    if len(lengths) != rows or sum(length for length in lengths if length > 0) != len(content):
        raise UnreadableFile("F05", says="F05/stopped")
    shapes: list[bytes | None] = []
    at = 0
    for length in lengths:
        shapes.append(None if length < 0 else content[at : at + length])
        at += max(length, 0)
    return shapes


def _parse(wkb: Sequence[bytes | None]) -> tuple[Geometries, frozenset[int]]:
    """Shapes, and the rows whose bytes are no geometry (an unclosed ring, too few points)."""
    cells = np.empty(len(wkb), dtype=object)
    cells[:] = wkb
    geometry = np.asarray(shapely.from_wkb(cells, on_invalid="ignore"), dtype=object)
    unparsed = [i for i, shape in enumerate(geometry) if shape is None and wkb[i] is not None]
    if unparsed:
        closed = shapely.from_wkb(cells[unparsed], on_invalid="fix")
        geometry[unparsed] = [shape or None for shape in closed]
    return geometry, frozenset(unparsed)
