"""Coordinate reference systems by name, and the only place that transforms coordinates in Python.

Lowest layer: it knows no Django, no plan and no parcel. `systems` says which systems there are and
parses their names; `operations` turns coordinates from one into another; `declared` judges what a file
says of itself; `places` reads two numbers as a place; `postgis` describes the same systems to the
database. Inside, coordinates are always in GIS order (x, y: east, north or lon, lat); the order on the
wire is `CRS.axes`. The Vietnamese systems (hệ tọa độ VN-2000) are facts in `fixtures/crs/`.
"""

from planning.crs.declared import GDAL_READER_OPTIONS, Confidence, Declared, Doubt, from_wkt
from planning.crs.operations import metric_for, transform, transform_array
from planning.crs.places import Fit, PlaceCandidate, candidates_for, locate
from planning.crs.postgis import (
    ControlPoint,
    SpatialReferenceRow,
    control_points,
    definition,
    postgis_control_points,
    srs_rows,
)
from planning.crs.systems import CRS, CRS84, DEPRECATED, VN2000, WGS84, from_srid, parse

__all__ = [
    "CRS",
    "CRS84",
    "DEPRECATED",
    "GDAL_READER_OPTIONS",
    "VN2000",
    "WGS84",
    "Confidence",
    "ControlPoint",
    "Declared",
    "Doubt",
    "Fit",
    "PlaceCandidate",
    "SpatialReferenceRow",
    "candidates_for",
    "control_points",
    "definition",
    "from_srid",
    "from_wkt",
    "locate",
    "metric_for",
    "parse",
    "postgis_control_points",
    "srs_rows",
    "transform",
    "transform_array",
]
