"""GDAL as a client: the one of pyogrio's wheel, in a process and an environment of its own."""

import base64
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

READER = Path(__file__).with_name("gdal_reads.py")
# No proxy, no drivers switched off, nothing kept on disk.
CLEAN = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}


@dataclass(frozen=True)
class Read:
    """A layer as GDAL gives it to a program."""

    driver: str
    count: int
    crs: str
    geometry_type: str
    types: dict[str, str]
    geometries: list[BaseGeometry | None]
    columns: dict[str, list[Any]]

    def rows(self) -> list[dict[str, Any]]:
        """Feature by feature."""
        return [dict(zip(self.columns, row, strict=True)) for row in zip(*self.columns.values(), strict=True)]

    def by_id(self) -> dict[str, tuple[dict[str, Any], BaseGeometry | None]]:
        """Values and geometry by the id of the feature; no id comes twice."""
        rows = self.rows()
        found = {row.pop("id"): (row, geometry) for row, geometry in zip(rows, self.geometries, strict=True)}
        assert len(found) == len(rows)
        return found


def read(
    path: str | Path, layer: str | None = None, *, bbox: Any = None, where: str = "", **options: str
) -> Read:
    """Read a layer; `options` are open options of the driver."""
    asked: dict[str, Any] = {"path": str(path), "options": options}
    asked |= {name: value for name, value in (("layer", layer), ("bbox", bbox), ("where", where)) if value}
    done = subprocess.run(
        [sys.executable, READER],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        env=CLEAN,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    told["geometries"] = [
        None if one is None else shapely.from_wkb(base64.b64decode(one)) for one in told["geometries"]
    ]
    return Read(**told)
