"""Writes drawings as the GeoPackages that a planner would hand in: the import reads nothing else."""

from pathlib import Path

import numpy as np
import pyogrio

from planning import crs
from planning.demonstration.drawings import Drawing


def write_layers(path: Path, drawings: list[Drawing], system: crs.CRS) -> Path:
    """One file with a layer per drawing, in the system named; the same drawings give the same rows."""
    path.unlink(missing_ok=True)
    # GeoPackage notes the time of writing; a fixed one makes the bytes, and so the hash, repeatable.
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "2026-01-01T00:00:00Z"})
    for drawing in drawings:
        columns = list(drawing.rows[0])
        pyogrio.raw.write(
            path,
            geometry=np.array([shape.wkb for shape in drawing.shapes], dtype=object),
            field_data=[_column(drawing, name) for name in columns],
            fields=np.array(columns),
            layer=drawing.name,
            driver="GPKG",
            geometry_type=drawing.geometry_type,
            crs=system.code,
            promote_to_multi=drawing.geometry_type.startswith("Multi"),
            append=path.exists(),
        )
    return path


def _column(drawing: Drawing, name: str) -> np.ndarray:
    values = [row[name] for row in drawing.rows]
    if any(isinstance(value, float) for value in values):
        return np.array([np.nan if value is None else value for value in values], dtype=float)
    return np.array(values, dtype=object)
