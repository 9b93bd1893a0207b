"""How coordinates get from one system into another; the only place that transforms in Python.

Between VN-2000 and WGS 84 the operation is EPSG:6960, spelt out step by step. Left to itself PROJ chooses
between two operations *per point* and tears a data set by 0.80 m. For all other pairs one operation is
chosen for the whole area of use, for the same reason. Every way leads through WGS 84, the frame in which
geometries are stored, so that there and back are always the same operation.
"""

import threading
import warnings
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj.aoi import AreaOfInterest
from pyproj.enums import TransformDirection
from pyproj.network import set_network_enabled
from pyproj.transformer import Transformer, TransformerGroup
from shapely.geometry.base import BaseGeometry

from planning.crs.systems import CRS, CRS84, WGS84, parse
from planning.errors import CannotMeasure

Coordinates = NDArray[np.float64]

# EPSG:6960 "VN-2000 to WGS 84 (2)": metres, arc-seconds, parts per million; a coordinate-frame rotation.
SHIFT_METRES = (-191.90441429, -39.30318279, -111.45032835)
SHIFT_ROTATION = (-0.00928836, 0.01975479, -0.00427372)
SHIFT_PPM = 0.252906278

_ELLIPSOID = "+ellps=WGS84"
_DATUM_STEPS = (
    # v_3: a plan has no heights, so the height between the two ellipsoids is dropped on the way.
    f"+step +proj=push +v_3 +step +proj=cart {_ELLIPSOID} "
    "+step +proj=helmert +convention=coordinate_frame "
    f"+x={SHIFT_METRES[0]} +y={SHIFT_METRES[1]} +z={SHIFT_METRES[2]} "
    f"+rx={SHIFT_ROTATION[0]} +ry={SHIFT_ROTATION[1]} +rz={SHIFT_ROTATION[2]} +s={SHIFT_PPM} "
    f"+step +inv +proj=cart {_ELLIPSOID} +step +proj=pop +v_3"
)
_FROM_DEGREES = "+step +proj=unitconvert +xy_in=deg +xy_out=rad"
_TO_DEGREES = "+step +proj=unitconvert +xy_in=rad +xy_out=deg"

_selecting = threading.Lock()

# A grid that appears on the network half-way through a year must not move anybody's boundary.
set_network_enabled(active=False)


def transform(geometry: BaseGeometry, source: CRS, target: CRS) -> BaseGeometry:
    """The geometry in the target system, two-dimensional, in GIS order (east, north or lon, lat).

    Raises CannotMeasure where a coordinate has no finite counterpart.
    """
    if not _steps(source, target):
        return shapely.force_2d(geometry)
    return shapely.transform(geometry, lambda pairs: transform_array(pairs, source, target))


def transform_array(coordinates: Coordinates, source: CRS, target: CRS) -> Coordinates:
    """Coordinates of shape (n, 2) in the target system, in GIS order; the given array stays as it is.

    Raises CannotMeasure where a coordinate is not a number or has no finite counterpart.
    """
    x, y = coordinates[:, 0], coordinates[:, 1]
    # PROJ wraps a longitude of 586 513 degrees round the earth and answers; those are metres.
    if not source.is_projected and not (np.abs(x) <= 360).all():
        raise CannotMeasure(source=source.code, target=target.code)
    for transformer, direction in _steps(source, target):
        x, y = transformer.transform(x, y, direction=direction)
    moved = np.column_stack((x, y))
    if not np.isfinite(moved).all():
        raise CannotMeasure(source=source.code, target=target.code)
    return moved


def metric_for(lon: float, lat: float) -> CRS:
    """The UTM zone (WGS 84) of a place: what to measure in where no territory says otherwise."""
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise CannotMeasure(lon=lon, lat=lat)
    zone = min(int((lon + 180) // 6) + 1, 60)
    return parse(f"EPSG:{(32600 if lat >= 0 else 32700) + zone}")


def projection_of(system: CRS) -> str:
    """The projection of a pinned system as one PROJ step, degrees aside."""
    zone = system.zone
    if zone is None:
        return f"+proj=longlat {_ELLIPSOID}"
    return (
        f"+proj=tmerc +lat_0={zone.origin_latitude:g} +lon_0={zone.central_meridian:g} +k={zone.scale:g} "
        f"+x_0={zone.false_easting:.10g} +y_0={zone.false_northing:.10g} {_ELLIPSOID}"
    )


@lru_cache(maxsize=1024)
def _steps(source: CRS, target: CRS) -> tuple[tuple[Transformer, TransformDirection], ...]:
    """What to apply one after the other; nothing when both are the same system, up to axis order.

    A pyproj Transformer keeps one PROJ object per thread, so one of ours serves all threads.
    """
    if source == target or (_is_wgs84(source) and _is_wgs84(target)):
        return ()
    if source.is_pinned and target.is_pinned:
        return ((_within_vn2000(source, target), TransformDirection.FORWARD),)
    there = () if _is_wgs84(source) else ((_to_wgs84(source), TransformDirection.FORWARD),)
    back = () if _is_wgs84(target) else ((_to_wgs84(target), TransformDirection.INVERSE),)
    return there + back


def _is_wgs84(system: CRS) -> bool:
    return system in (WGS84, CRS84)


@lru_cache(maxsize=512)
def _to_wgs84(system: CRS) -> Transformer:
    if system.is_pinned:
        return Transformer.from_pipeline(f"+proj=pipeline {_to_radians(system)} {_DATUM_STEPS} {_TO_DEGREES}")
    return _registered_operation(system)


def _within_vn2000(source: CRS, target: CRS) -> Transformer:
    """Between two zones of one datum: no shift, hence exact."""
    steps = f"+step {projection_of(target)}" if target.zone else _TO_DEGREES
    return Transformer.from_pipeline(f"+proj=pipeline {_to_radians(source)} {steps}")


def _to_radians(system: CRS) -> str:
    return f"+step +inv {projection_of(system)}" if system.zone else _FROM_DEGREES


def _registered_operation(system: CRS) -> Transformer:
    """The one operation that PROJ ranks first for the whole area of use, never a rough guess.

    Raises CannotMeasure where the registry knows no operation to WGS 84.
    """
    area: Any = AreaOfInterest(*system.area_of_use) if system.area_of_use else None
    # PROJ warns that a better operation would need a grid it does not ship; we know. The filter is
    # process-wide while it stands, hence the lock.
    with _selecting, warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Best transformation is not available")
        group = TransformerGroup(
            system.code, WGS84.code, always_xy=True, area_of_interest=area, allow_ballpark=False
        )
    if not group.transformers:
        raise CannotMeasure(source=system.code, target=WGS84.code)
    # The group's own transformers are bound to this thread; one made from the definition is not.
    return Transformer.from_pipeline(group.transformers[0].definition)
