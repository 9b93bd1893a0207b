"""The pinned systems as rows of `spatial_ref_sys`, and the points that prove them.

PostGIS looks at `auth_name:auth_srid` first, then `srtext`, then `proj4text`. Only a row whose authority
PROJ does not know *and* whose text carries the datum shift transforms as we say; the migration writes
these rows, dump and restore keep them, and the system check and /readyz measure the control points.
"""

from dataclasses import dataclass
from functools import cache

import pyproj

from planning.crs.operations import SHIFT_METRES, SHIFT_PPM, SHIFT_ROTATION, projection_of
from planning.crs.systems import AUTHORITY, CRS, VN2000, from_srid, parse, read_facts

TOLERANCE_METRES = 0.001

# TOWGS84 is a position-vector rotation: the signs of EPSG's coordinate-frame rotation are reversed.
_TOWGS84 = ",".join(
    repr(number) for number in (*SHIFT_METRES, *(-angle for angle in SHIFT_ROTATION), SHIFT_PPM)
)
_EAST_FIRST = 'AXIS["Longitude",EAST],AXIS["Latitude",NORTH],'


@dataclass(frozen=True, slots=True)
class SpatialReferenceRow:
    """One row of `spatial_ref_sys`, its columns by name."""

    srid: int
    auth_name: str
    auth_srid: int
    srtext: str
    proj4text: str


@dataclass(frozen=True, slots=True)
class ControlPoint:
    """A place known in WGS 84 (degrees) and in a pinned system (metres); srid is PostGIS's number for it."""

    name: str
    lon: float
    lat: float
    srid: int
    easting: float
    northing: float
    tolerance: float = TOLERANCE_METRES

    @property
    def crs(self) -> CRS:
        return from_srid(self.srid)


def srs_rows() -> tuple[SpatialReferenceRow, ...]:
    """The rows that a database must hold, one per pinned system."""
    return tuple(
        SpatialReferenceRow(
            srid=system.srid,
            auth_name=AUTHORITY,
            auth_srid=system.epsg,
            # With EPSG's number at its root, GDAL (and so Django) would take a geometry for one of the
            # unpinned system.
            srtext=_wkt(system, f'AUTHORITY["{AUTHORITY}","{system.srid}"]', _EAST_FIRST),
            proj4text=f"{projection_of(system)} +towgs84={_TOWGS84}"
            + (" +units=m +no_defs" if system.zone else " +no_defs"),
        )
        for system in VN2000
    )


@cache
def control_points() -> tuple[ControlPoint, ...]:
    """Places known in both frames to the millimetre; any of them tells a pinned operation from another."""
    return tuple(
        ControlPoint(
            name=row["place"],
            lon=float(row["lon"]),
            lat=float(row["lat"]),
            srid=parse(f"EPSG:{row['code']}").srid,
            easting=float(row["easting"]),
            northing=float(row["northing"]),
        )
        for row in read_facts("control_points.csv")
    )


def postgis_control_points() -> tuple[ControlPoint, ...]:
    """What the database must reproduce: `ST_Transform(lon lat, srid)` within `tolerance` metres."""
    return control_points()


@cache
def definition(system: CRS) -> str:
    """WKT 1 for files that others read: under EPSG's number, the pinned systems with the shift in it.

    Of axes in degrees nothing is said, for a file's own standard settles them.
    """
    if system.is_pinned:
        return _wkt(system, f'AUTHORITY["EPSG","{system.epsg}"]')
    return pyproj.CRS.from_epsg(system.epsg).to_wkt("WKT1_GDAL")


def _wkt(system: CRS, root: str, degree_axes: str = "") -> str:
    """WKT 1 with the shift in it, `root` as its authority."""
    degrees = (
        'DATUM["Vietnam_2000",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],'
        f'TOWGS84[{_TOWGS84}]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],'
        'UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]]'
    )
    zone = system.zone
    if zone is None:
        return f'GEOGCS["{system.name}",{degrees},{degree_axes}{root}]'
    return (
        f'PROJCS["{system.name}",GEOGCS["VN-2000",{degrees}],PROJECTION["Transverse_Mercator"],'
        f'PARAMETER["latitude_of_origin",{zone.origin_latitude:g}],'
        f'PARAMETER["central_meridian",{zone.central_meridian:g}],PARAMETER["scale_factor",{zone.scale:g}],'
        f'PARAMETER["false_easting",{zone.false_easting:.10g}],'
        f'PARAMETER["false_northing",{zone.false_northing:.10g}],'
        f'UNIT["metre",1,AUTHORITY["EPSG","9001"]],AXIS["Easting",EAST],AXIS["Northing",NORTH],{root}]'
    )
