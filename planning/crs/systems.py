"""Which coordinate reference systems there are, and how their names are read.

A `CRS` is a frozen value: two of them are the same system when they are equal. The VN-2000 systems come
from `fixtures/crs/vn2000.csv`, so that no later edition of the EPSG registry changes them silently; all
others come from the registry that PROJ carries.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import pyproj
from pyproj.exceptions import CRSError

from planning.errors import BadParameter, Reason

FACTS = Path(__file__).resolve().parents[2] / "fixtures" / "crs"

# The pinned systems live in PostGIS under numbers of our own: PostGIS ignores the datum shift of a row
# while its auth_name is 'EPSG', and a changed row of the shipped table is lost by dump and restore.
PRIVATE_SRID_BASE = 900_000
AUTHORITY = "PLANNING"

# Web maps stretch by 1/cos(latitude); a sheet for measuring stays far below this everywhere.
LARGEST_SCALE_ERROR = 0.02

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class TransverseMercator:
    """The five numbers of a zone: degrees, then scale at the meridian, then metres."""

    central_meridian: float
    scale: float
    false_easting: float
    false_northing: float
    origin_latitude: float = 0.0


@dataclass(frozen=True, slots=True)
class CRS:
    """One horizontal coordinate reference system.

    `srid` is the number to use in PostGIS, `area_of_use` is (west, south, east, north) in degrees (west
    is greater than east across the antimeridian), `axes` the order on the wire: "EN" or "NE". `zone` is
    set for the pinned systems with a projection.
    """

    code: str
    srid: int
    name: str
    is_projected: bool
    area_of_use: Bounds | None
    axes: str
    unit: str
    zone: TransverseMercator | None = field(default=None, repr=False)

    @property
    def uri(self) -> str:
        """The address that OGC gives to the system."""
        authority, number = self.code.split(":")
        version = "1.3" if authority == "OGC" else "0"
        return f"http://www.opengis.net/def/crs/{authority}/{version}/{number}"

    @property
    def epsg(self) -> int:
        """EPSG's number; that of WGS 84 for CRS84, which differs from it by the order of the axes alone."""
        return self.srid - PRIVATE_SRID_BASE if self.is_pinned else self.srid

    @property
    def is_metric(self) -> bool:
        """Whether lengths and areas may be measured in it: metres, and true to scale over its area of use."""
        return self.is_projected and self.unit == "metre" and _is_true_to_scale(self.code)

    @property
    def is_pinned(self) -> bool:
        """Whether it is one of the VN-2000 systems, whose way to WGS 84 is fixed by us."""
        return self.srid > PRIVATE_SRID_BASE

    def covers(self, lon: float, lat: float, *, margin: float = 0.0) -> bool:
        """Whether the point (degrees) lies in the area of use; a system without one covers the world."""
        if self.area_of_use is None:
            return True
        west, south, east, north = self.area_of_use
        if not south - margin <= lat <= north + margin:
            return False
        if west > east:
            return lon >= west - margin or lon <= east + margin
        return west - margin <= lon <= east + margin

    def __str__(self) -> str:
        return self.code


def read_facts(name: str) -> list[dict[str, str]]:
    """The rows of a file in `fixtures/crs/`, all values as text."""
    with (FACTS / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _pinned(row: Mapping[str, str]) -> CRS:
    zone = None
    if row["central_meridian"]:
        numbers = ("central_meridian", "scale", "false_easting", "false_northing")
        zone = TransverseMercator(*(float(row[number]) for number in numbers))
    west, south, east, north = (float(row[side]) for side in ("west", "south", "east", "north"))
    return CRS(
        code=f"EPSG:{row['code']}",
        srid=PRIVATE_SRID_BASE + int(row["code"]),
        name=row["name"],
        is_projected=zone is not None,
        area_of_use=(west, south, east, north),
        axes="EN" if zone else "NE",
        unit="metre" if zone else "degree",
        zone=zone,
    )


_FACT_ROWS = read_facts("vn2000.csv")

VN2000: tuple[CRS, ...] = tuple(_pinned(row) for row in _FACT_ROWS if not row["replacement"])
VN2000_GEOGRAPHIC: CRS = next(system for system in VN2000 if not system.is_projected)

# False easting and northing were exchanged in these; taken literally they are hundreds of kilometres off.
DEPRECATED: Mapping[str, str] = MappingProxyType(
    {f"EPSG:{row['code']}": f"EPSG:{row['replacement']}" for row in _FACT_ROWS if row["replacement"]}
)

_WORLD: Bounds = (-180.0, -90.0, 180.0, 90.0)
WGS84 = CRS("EPSG:4326", 4326, "WGS 84", False, _WORLD, "NE", "degree")
CRS84 = CRS("OGC:CRS84", 4326, "WGS 84 (longitude, latitude)", False, _WORLD, "EN", "degree")

_KNOWN: Mapping[str, CRS] = MappingProxyType({system.code: system for system in (*VN2000, WGS84, CRS84)})

# By name and not by direction: near a pole the easting, too, points north.
_NORTH_FIRST = ("northing", "southing", "latitude")

_EPSG_NAME = re.compile(
    r"(?:\[?EPSG:|urn:(?:x-)?ogc:def:crs:EPSG:[\d.]*:|https?://www\.opengis\.net/def/crs/EPSG/[\d.]+/)?"
    r"(\d{4,6})\]?",
    re.IGNORECASE | re.ASCII,
)
_CRS84_NAME = re.compile(
    r"(?:\[?OGC:|urn:(?:x-)?ogc:def:crs:OGC:[\d.]*:|https?://www\.opengis\.net/def/crs/OGC/[\d.]+/)?CRS84\]?",
    re.IGNORECASE | re.ASCII,
)


def parse(text: str, *, parameter: str = "crs") -> CRS:
    """The system that a name means: EPSG:3857, 3857, a URN, an OGC address, CRS84.

    Only names are read, never definitions: a caller cannot hand in a PROJ string or a file. Raises
    BadParameter with UNKNOWN_CRS, or with DEPRECATED_CRS and the fact `replacement`.
    """
    name = text.strip()
    if _CRS84_NAME.fullmatch(name):
        return CRS84
    match = _EPSG_NAME.fullmatch(name)
    if match is None:
        raise BadParameter(parameter, text, Reason.UNKNOWN_CRS)
    code = f"EPSG:{int(match[1])}"
    if code in DEPRECATED:
        raise BadParameter(parameter, text, Reason.DEPRECATED_CRS, replacement=DEPRECATED[code])
    system = _KNOWN.get(code) or _registered(int(match[1]))
    if system is None:
        raise BadParameter(parameter, text, Reason.UNKNOWN_CRS)
    return system


def from_srid(srid: int) -> CRS:
    """The system behind a number in the database; raises BadParameter for one that we never store."""
    code = srid - PRIVATE_SRID_BASE if srid > PRIVATE_SRID_BASE else srid
    system = parse(str(code), parameter="srid")
    if system.srid != srid:
        raise BadParameter("srid", srid, Reason.UNKNOWN_CRS)
    return system


def zone_named(zone: TransverseMercator) -> CRS | None:
    """The current VN-2000 system with exactly these numbers, if there is one."""
    return next((system for system in VN2000 if system.zone == zone), None)


@lru_cache(maxsize=256)
def _registered(code: int) -> CRS | None:
    """A horizontal system of the EPSG registry; None for any other kind (height, 3D, compound)."""
    try:
        found = pyproj.CRS.from_epsg(code)
    except CRSError:
        return None
    if not (found.is_geographic or found.is_projected) or found.is_compound or len(found.axis_info) != 2:
        return None
    area = found.area_of_use
    first = found.axis_info[0]
    return CRS(
        code=f"EPSG:{code}",
        srid=code,
        name=found.name,
        is_projected=found.is_projected,
        area_of_use=(area.west, area.south, area.east, area.north) if area else None,
        axes="NE" if first.name.lower().endswith(_NORTH_FIRST) else "EN",
        unit=first.unit_name,
    )


@lru_cache(maxsize=256)
def _is_true_to_scale(code: str) -> bool:
    system = _KNOWN.get(code) or _registered(int(code.removeprefix("EPSG:")))
    if system is None or system.area_of_use is None:
        return False
    west, south, east, north = system.area_of_use
    projection = pyproj.Proj(pyproj.CRS.from_user_input(code))
    corners = ((lon, lat) for lon in (west, east) for lat in (south, north))
    scales = [projection.get_factors(lon, lat) for lon, lat in corners]
    return all(
        abs(scale - 1) <= LARGEST_SCALE_ERROR
        for point in scales
        for scale in (point.meridional_scale, point.parallel_scale)
    )
