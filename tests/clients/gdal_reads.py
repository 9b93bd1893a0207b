"""A program of its own: what pyogrio's GDAL reads, told as JSON.

It knows nothing of the product, whose process lets GDAL open a few formats only.
"""

import base64
import json
import sys
from typing import Any

import numpy as np
import pyogrio


def main() -> None:
    asked = json.load(sys.stdin)
    path, options = asked.pop("path"), asked.pop("options", {})
    if box := asked.pop("bbox", None):
        asked["bbox"] = tuple(box)
    info = pyogrio.read_info(path, layer=asked.get("layer"), **options)
    meta, _, geometries, columns = pyogrio.raw.read(path, **asked, **options)
    json.dump(
        {
            "driver": info["driver"],
            "count": info["features"],
            "crs": meta["crs"],
            "geometry_type": meta["geometry_type"],
            "types": dict(
                zip(info["fields"], map(_type, info["ogr_types"], info["ogr_subtypes"]), strict=True)
            ),
            "geometries": [None if one is None else base64.b64encode(one).decode() for one in geometries],
            "columns": {
                name: [_plain(value) for value in column]
                for name, column in zip(meta["fields"], columns, strict=True)
            },
        },
        sys.stdout,
    )


def _type(kind: str, subtype: str) -> str:
    return kind if subtype == "OFSTNone" else f"{kind}({subtype})"


def _plain(value: Any) -> Any:
    if isinstance(value, np.datetime64):
        return None if np.isnat(value) else str(value)
    if isinstance(value, np.ndarray):
        return [_plain(one) for one in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if value != value else value


if __name__ == "__main__":
    main()
