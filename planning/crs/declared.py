"""What a file says about its own coordinate system -> one of ours, and how far to believe it.

Files that come from planners name their system in many spellings, lose the datum on the way through
MapInfo, or carry a deprecated code. Nothing is repaired here: the caller gets the system that is meant
and a confidence, and asks the planner where it is not certain.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import pyproj
from pyproj.exceptions import CRSError

from planning.crs.operations import SHIFT_METRES, SHIFT_PPM, SHIFT_ROTATION
from planning.crs.systems import (
    AUTHORITY,
    CRS,
    CRS84,
    DEPRECATED,
    VN2000_GEOGRAPHIC,
    TransverseMercator,
    parse,
    zone_named,
)
from planning.errors import BadParameter, Reason

# What a reader must tell GDAL before it opens a file: by default it turns a deprecated code into its
# replacement without a word, and numbers that are hundreds of kilometres off would count as declared.
GDAL_READER_OPTIONS: Mapping[str, str] = MappingProxyType({"OSR_USE_NON_DEPRECATED": "NO"})


class Confidence(StrEnum):
    """How sure it is that the file means `Declared.crs`."""

    EXACT = "exact"  # a registered system, by its code and by its numbers
    EQUIVALENT = "equivalent"  # another spelling with the same meaning
    DATUM_LOST = "datum_lost"  # a zone of VN-2000 in all but its datum: ask
    DEPRECATED = "deprecated"  # a withdrawn code; `crs` is its replacement: ask
    UNKNOWN = "unknown"  # cannot be used


class Doubt(StrEnum):
    """What keeps a declaration from being exact."""

    MISSING = "missing"  # the file declares nothing
    UNREADABLE = "unreadable"  # not a definition at all
    NOT_GEOREFERENCED = "not_georeferenced"  # a local drawing grid
    NOT_REGISTERED = "not_registered"  # a definition that no registry knows
    NO_SUCH_ZONE = "no_such_zone"  # VN-2000, but on a meridian that is not in use
    OTHER_NAME = "other_name"  # same numbers under another name or no code
    CODE_CONTRADICTS = "code_contradicts"  # the code says one system, the numbers another
    NAMED_BY_SHIFT = "named_by_shift"  # no datum name, but the seven official parameters
    OTHER_SHIFT = "other_shift"  # a datum shift that is not the official one; ours is used
    WITHOUT_DATUM = "without_datum"  # WGS 84 or nothing where VN-2000 must have stood
    SWAPPED_ORIGIN = "swapped_origin"  # false easting and northing exchanged


@dataclass(frozen=True, slots=True)
class Declared:
    """A file's own statement, judged. `crs` is None exactly when the confidence is UNKNOWN."""

    crs: CRS | None
    confidence: Confidence
    doubt: Doubt | None = None
    name: str = ""

    @property
    def reason(self) -> str:
        """The code of `doubt`, empty when there is none."""
        return self.doubt.value if self.doubt else ""


_VN2000_DATUMS = frozenset({"vn2000", "vietnam2000", "dvietnam2000", "dvn2000", "gcsvn2000"})
_WGS84_RADIUS, _WGS84_FLATTENING = 6378137.0, 298.257223563
_ZONE_PARAMETERS = {
    "Longitude of natural origin": "central_meridian",
    "Scale factor at natural origin": "scale",
    "False easting": "false_easting",
    "False northing": "false_northing",
    "Latitude of natural origin": "origin_latitude",
}
_SHIFT = (*SHIFT_METRES, *(-angle for angle in SHIFT_ROTATION), SHIFT_PPM)
# MapInfo and ESRI write fewer digits; 1e-5 of an arc-second is 0.3 mm on the ground, 1e-4 m is 0.1 mm.
_SHIFT_TOLERANCE = (1e-4, 1e-4, 1e-4, 1e-5, 1e-5, 1e-5, 1e-4)


def from_wkt(wkt: str) -> Declared:
    """What a definition (WKT of any kind, or the bare code that a reader reports) means."""
    text = wkt.strip()
    if not text:
        return Declared(None, Confidence.UNKNOWN, Doubt.MISSING)
    if re.fullmatch(r"[A-Za-z]+:\w+", text):
        return _from_code(text)
    try:
        found = pyproj.CRS.from_wkt(text)
    except (CRSError, UnicodeEncodeError):
        return Declared(None, Confidence.UNKNOWN, Doubt.UNREADABLE)
    horizontal, shift = _horizontal(found)
    if not (horizontal.is_geographic or horizontal.is_projected):
        return Declared(None, Confidence.UNKNOWN, Doubt.NOT_GEOREFERENCED, found.name)
    return next(judged for judged in _judgements(horizontal, shift) if judged is not None)


def _from_code(text: str) -> Declared:
    try:
        return Declared(parse(text), Confidence.EXACT, None, text)
    except BadParameter as refused:
        if refused.reason is not Reason.DEPRECATED_CRS:
            return Declared(None, Confidence.UNKNOWN, Doubt.NOT_REGISTERED, text)
        replacement = parse(refused.facts["replacement"])
        return Declared(replacement, Confidence.DEPRECATED, Doubt.SWAPPED_ORIGIN, text)


def _horizontal(found: pyproj.CRS) -> tuple[pyproj.CRS, tuple[float, ...]]:
    """The two-dimensional system inside, without heights and without the shift, and that shift."""
    shift: tuple[float, ...] = ()
    while found.is_compound or found.is_bound:
        if found.is_compound:
            found = found.sub_crs_list[0]
            continue
        operation, inner = found.coordinate_operation, found.source_crs
        if inner is None:
            break
        shift = tuple(operation.towgs84) if operation else ()
        found = inner
    return (found.to_2d() if len(found.axis_info) == 3 else found), shift


def _judgements(found: pyproj.CRS, shift: tuple[float, ...]) -> Iterator[Declared | None]:
    zone = _zone_of(found)
    yield _as_deprecated(found, zone)
    yield _as_vn2000(found, zone, shift)
    yield _as_datum_lost(found, zone, shift)
    yield _as_registered(found)


def _as_deprecated(found: pyproj.CRS, zone: TransverseMercator | None) -> Declared | None:
    """False origin exchanged: by the withdrawn code itself, or by its numbers on this ellipsoid."""
    by_code = _code_of(found)
    if by_code in DEPRECATED:
        replacement = parse(DEPRECATED[by_code])
    elif zone and zone.false_northing and _has_wgs84_ellipsoid(found):
        turned = TransverseMercator(
            zone.central_meridian, zone.scale, zone.false_northing, zone.false_easting, zone.origin_latitude
        )
        system = zone_named(turned)
        if system is None:
            return None
        replacement = system
    else:
        return None
    return Declared(replacement, Confidence.DEPRECATED, Doubt.SWAPPED_ORIGIN, found.name)


def _as_vn2000(
    found: pyproj.CRS, zone: TransverseMercator | None, shift: tuple[float, ...]
) -> Declared | None:
    """VN-2000 by the name of its datum or, where MapInfo left none, by the seven official parameters."""
    named = _datum_name(found) in _VN2000_DATUMS
    official = _is_official(shift)
    if not named and not (official and _has_wgs84_ellipsoid(found)):
        return None
    system = VN2000_GEOGRAPHIC if found.is_geographic else (zone_named(zone) if zone else None)
    if system is None:
        return Declared(None, Confidence.UNKNOWN, Doubt.NO_SUCH_ZONE, found.name)
    if not named:
        return Declared(system, Confidence.EQUIVALENT, Doubt.NAMED_BY_SHIFT, found.name)
    if shift and not official:
        return Declared(system, Confidence.EQUIVALENT, Doubt.OTHER_SHIFT, found.name)
    return _by_code(system, found)


def _as_datum_lost(
    found: pyproj.CRS, zone: TransverseMercator | None, shift: tuple[float, ...]
) -> Declared | None:
    """A 3 degree zone (scale 0.9999) on the WGS 84 ellipsoid: nobody but VN-2000 uses these numbers.

    A UTM zone is not judged so: WGS 84 / UTM is a system of its own.
    """
    system = zone_named(zone) if zone and zone.scale == 0.9999 else None
    if system is None or not _has_wgs84_ellipsoid(found):
        return None
    doubt = Doubt.OTHER_SHIFT if any(shift) else Doubt.WITHOUT_DATUM
    return Declared(system, Confidence.DATUM_LOST, doubt, found.name)


def _as_registered(found: pyproj.CRS) -> Declared:
    authority = found.to_authority(min_confidence=70)
    if authority == ("OGC", "CRS84"):
        return Declared(CRS84, Confidence.EXACT, None, found.name)
    if authority is None or authority[0] != "EPSG":
        return Declared(None, Confidence.UNKNOWN, Doubt.NOT_REGISTERED, found.name)
    judged = _from_code(":".join(authority))
    return _by_code(judged.crs, found) if judged.crs else judged


def _by_code(system: CRS, found: pyproj.CRS) -> Declared:
    code = _code_of(found)
    if code in (system.code, f"{AUTHORITY}:{system.srid}"):
        return Declared(system, Confidence.EXACT, None, found.name)
    doubt = Doubt.CODE_CONTRADICTS if code else Doubt.OTHER_NAME
    return Declared(system, Confidence.EQUIVALENT, doubt, found.name)


def _code_of(found: pyproj.CRS) -> str:
    """The code that the definition itself carries, not what its numbers would suggest."""
    stated = found.to_json_dict().get("id", {})
    return f"{stated['authority']}:{stated['code']}" if stated else ""


def _zone_of(found: pyproj.CRS) -> TransverseMercator | None:
    operation = found.coordinate_operation
    if operation is None or operation.method_name != "Transverse Mercator":
        return None
    if any(axis.unit_name not in ("metre", "meter") for axis in found.axis_info):
        return None  # a zone in feet or kilometres is none of ours
    numbers = {
        _ZONE_PARAMETERS[parameter.name]: round(float(parameter.value), 9)
        for parameter in operation.params
        if parameter.name in _ZONE_PARAMETERS
    }
    return TransverseMercator(**numbers) if len(numbers) == len(_ZONE_PARAMETERS) else None


def _datum_name(found: pyproj.CRS) -> str:
    return re.sub(r"[^a-z0-9]", "", found.datum.name.lower()) if found.datum else ""


def _has_wgs84_ellipsoid(found: pyproj.CRS) -> bool:
    ellipsoid = found.ellipsoid
    return (
        ellipsoid is not None
        and abs(ellipsoid.semi_major_metre - _WGS84_RADIUS) < 0.001
        and abs(ellipsoid.inverse_flattening - _WGS84_FLATTENING) < 1e-6
    )


def _is_official(shift: tuple[float, ...]) -> bool:
    return len(shift) == 7 and all(
        abs(number - official) <= tolerance
        for number, official, tolerance in zip(shift, _SHIFT, _SHIFT_TOLERANCE, strict=True)
    )
