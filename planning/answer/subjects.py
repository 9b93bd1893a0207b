"""What was asked about, found or taken over, with the revision and the system to measure in.

One statement each. A stored parcel is taken in the version of the asked dates, else the nearest one;
a drawn site and a point are taken as they come. Nothing is said of plans here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import orjson
import shapely
from shapely import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from planning import crs, geometry
from planning.answer.model import CommuneRef, LineageRef, Subject
from planning.answer.statements import rows_of
from planning.crs import CRS
from planning.errors import BadParameter, CannotMeasure, NotFound, Reason

_REVISION = """
    SELECT coalesce((
        SELECT p.revision FROM planning_publication p
        WHERE %(known_at)s::timestamptz IS NULL OR p.at <= %(known_at)s::timestamptz
        ORDER BY p.revision DESC LIMIT 1
    ), 0) AS revision
"""

# The smallest territory around a point; degrees squared serve for comparing only.
_TERRITORY = """
    SELECT t.metric_crs, t.office_id FROM planning_territory t
    WHERE ST_Covers(t.extent, {point}) ORDER BY ST_Area(t.extent), t.code LIMIT 1
"""

_UNIT = "json_build_object('id', u.id, 'code', u.code, 'name', u.name)"

_BECAME = """json_build_object('id', b.{other}, 'kind', b.kind, 'on', b."on",
    'shared_area_m2', b.shared_area_m2) ORDER BY b."on", b.{other}, b.kind"""
_THEN = "b.known @> (SELECT revision FROM asked)"

# What was known before goes first: no later delivery moves a past answer.
_NEAREST_KNOWN = """a.revision < lower(p.known),
        CASE WHEN p.known @> a.revision THEN 0 WHEN a.revision < lower(p.known)
             THEN lower(p.known) - a.revision ELSE a.revision - upper(p.known) + 1 END"""
_VERSIONS = """
    SELECT p.*, p.known @> a.revision AS was_known, p.valid @> %(as_at)s::date AS existed,
           ST_PointOnSurface(p.geometry) AS inner_point
    FROM planning_parcel p, asked a
    WHERE p.code = %(code)s AND p.known IS NOT NULL"""
_VERSION_OF_DAY = f"""{_VERSIONS}
    ORDER BY {_NEAREST_KNOWN},
        CASE WHEN p.valid @> %(as_at)s::date THEN 0 WHEN %(as_at)s::date < lower(p.valid)
             THEN lower(p.valid) - %(as_at)s::date ELSE %(as_at)s::date - upper(p.valid) + 1 END,
        p.id
    LIMIT 1"""
_ALL_VERSIONS = f"""
    SELECT v.* FROM ({_VERSIONS}) v WHERE v.id IN (
        SELECT n.id FROM (SELECT p.id, rank() OVER (ORDER BY {_NEAREST_KNOWN}) AS place
            FROM planning_parcel p, asked a WHERE p.code = %(code)s AND p.known IS NOT NULL) n
        WHERE n.place = 1)
    ORDER BY v.id"""  # noqa: S608 - made of constants; every value is bound


def _parcel_statement(found: str) -> str:
    return f"""
WITH RECURSIVE asked AS ({_REVISION}),
found AS ({found}),
lineage AS (
    SELECT f.unit_id AS id FROM found f
    UNION
    SELECT s.successor_id FROM lineage l
    JOIN planning_adminsuccession s ON s.predecessor_id = l.id AND s."on" <= %(today)s::date
)
SELECT a.revision, f.code, f.sheet, f.number, f.address, f.registry_area::float8, f.metric_crs,
       f.survey_scale, f.accuracy_m, f.was_known, f.existed, lo.office_id, ST_AsBinary(f.geometry),
       (SELECT {_UNIT}::text FROM planning_adminunit u WHERE u.id = f.unit_id),
       (SELECT json_agg({_UNIT} ORDER BY u.id)::text
        FROM lineage l JOIN planning_adminunit u ON u.id = l.id
        WHERE (u.geometry IS NULL OR u.id = f.unit_id OR ST_Intersects(u.geometry, f.inner_point))
          AND NOT EXISTS (SELECT 1 FROM planning_adminsuccession s
                          WHERE s.predecessor_id = u.id AND s."on" <= %(today)s::date)),
       t.metric_crs, t.office_id, lower(f.valid), upper(f.valid),
       (SELECT json_agg({_BECAME.format(other="predecessor_code")})::text
        FROM planning_parcellineage b WHERE b.successor_code = %(code)s AND {_THEN}),
       (SELECT json_agg({_BECAME.format(other="successor_code")})::text
        FROM planning_parcellineage b WHERE b.predecessor_code = %(code)s AND {_THEN})
FROM asked a
LEFT JOIN found f ON true
LEFT JOIN planning_layerupload lo ON lo.id = f.upload_id
LEFT JOIN LATERAL ({_TERRITORY.format(point="f.inner_point")}) t ON true
"""  # noqa: S608 - made of constants; every value is bound


_PARCEL = _parcel_statement(_VERSION_OF_DAY)
_PARCEL_VERSIONS = _parcel_statement(_ALL_VERSIONS)

_PLACE = f"""
WITH asked AS ({_REVISION}),
place AS (SELECT ST_SetSRID(ST_MakePoint(%(lon)s::float8, %(lat)s::float8), 4326) AS point)
SELECT a.revision,
       (SELECT json_agg({_UNIT} ORDER BY u.id)::text FROM planning_adminunit u
        WHERE u.kind = 'commune' AND ST_Covers(u.geometry, pl.point)
          AND NOT EXISTS (SELECT 1 FROM planning_adminsuccession s
                          WHERE s.predecessor_id = u.id AND s."on" <= %(today)s::date)),
       t.metric_crs, t.office_id
FROM asked a CROSS JOIN place pl
LEFT JOIN LATERAL ({_TERRITORY.format(point="pl.point")}) t ON true
"""  # noqa: S608 - made of constants; every value is bound


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question, ready to be measured.

    `land` is the subject in its metric system (a Point for a point), `tolerance` how far its own lines
    may be off, `today` the day on which it is asked or, of a past question, was.
    """

    subject: Subject
    land: geometry.Subject | Point
    tolerance: float
    system: CRS
    as_at: date
    today: date
    known_at: datetime
    revision: int
    office: str | None
    source_office: str | None = None
    was_known: bool = True
    existed: bool = True

    def in_metres(self, stored: Any) -> Any:
        """An array of stored geometries (EPSG:4326) in the subject's metric system."""
        return shapely.transform(stored, lambda pairs: crs.transform_array(pairs, crs.WGS84, self.system))

    def in_degrees(self, measured: BaseGeometry) -> BaseGeometry:
        """A geometry in the metric system as it would be stored."""
        return crs.transform(measured, self.system, crs.WGS84)


def parcel(code: str, *, as_at: date, known_at: datetime | None, now: datetime, today: date) -> Asked:
    """The parcel in its version of those dates, else the nearest. Raises NotFound."""
    (row,) = rows_of(_PARCEL, {"code": code, "as_at": as_at, "known_at": known_at, "today": today})
    return _parcel(code, row, as_at=as_at, known_at=known_at or now, today=today)


def parcel_versions(code: str, *, known_at: datetime | None, now: datetime, today: date) -> tuple[Asked, ...]:
    """All versions of the parcel as known then, else as known nearest to it. Raises NotFound."""
    rows = rows_of(_PARCEL_VERSIONS, {"code": code, "as_at": today, "known_at": known_at, "today": today})
    return tuple(_parcel(code, row, as_at=today, known_at=known_at or now, today=today) for row in rows)


def _parcel(code: str, found: tuple[Any, ...], *, as_at: date, known_at: datetime, today: date) -> Asked:
    revision, *row = found
    if row[0] is None:
        raise NotFound("parcel", code)
    (
        _, sheet, number, address, registry, metric, scale, accuracy, was_known, existed, source_office,
        wkb, unit, units_now, _, office, existed_from, existed_to, predecessors, successors,
    ) = row  # fmt: skip
    system = crs.parse(metric)
    stored = shapely.from_wkb(bytes(wkb))
    land = geometry.Subject.of(crs.transform(stored, crs.WGS84, system))
    tolerance = geometry.line_tolerance(scale, accuracy)
    subject = Subject(
        type="parcel",
        id=code,
        commune=CommuneRef(**orjson.loads(unit)),
        commune_now=_communes(units_now),
        sheet=sheet,
        number=number,
        address=address,
        registry_area_m2=registry,
        area_m2=round(land.area, 3),
        metric_crs=system.code,
        accuracy_m=tolerance,
        geometry=stored,
        shape=land.geometry,
        existed_from=existed_from,
        existed_to=existed_to,
        predecessors=_lineage(predecessors),
        successors=_lineage(successors),
    )
    return Asked(
        subject=subject,
        land=land,
        tolerance=tolerance,
        system=system,
        as_at=as_at,
        today=today,
        known_at=known_at,
        revision=revision,
        office=office,
        source_office=source_office,
        was_known=was_known,
        existed=existed,
    )


def site(
    drawn: Polygon | MultiPolygon, *, as_at: date, known_at: datetime | None, now: datetime, today: date
) -> Asked:
    """A drawn site (EPSG:4326), exact as drawn. Raises BadParameter for one that has no area."""
    if not isinstance(drawn, Polygon | MultiPolygon):
        raise BadParameter("geometry", drawn.geom_type, Reason.NOT_A_POLYGON)
    if drawn.is_empty:
        raise BadParameter("geometry", drawn.geom_type, Reason.EMPTY_GEOMETRY)
    if not drawn.is_valid:
        raise BadParameter("geometry", drawn.geom_type, Reason.INVALID_GEOMETRY)
    inner = shapely.point_on_surface(drawn)
    place = _place(inner, as_at=as_at, known_at=known_at, today=today)
    try:
        land = geometry.Subject.of(crs.transform(drawn, crs.WGS84, place.system))
    except CannotMeasure as error:
        raise BadParameter(
            "geometry", drawn.geom_type, error.reason or Reason.OUTSIDE_CRS, crs=place.system.code
        ) from error
    subject = _drawn("site", place, drawn, land.geometry, round(land.area, 3))
    return _asked(subject, land, place, as_at=as_at, known_at=known_at or now, today=today)


def point(
    lon: float, lat: float, *, as_at: date, known_at: datetime | None, now: datetime, today: date
) -> Asked:
    """A point (EPSG:4326), exact as given. Raises BadParameter for one that is not on the earth."""
    if not -180 <= lon <= 180:
        raise BadParameter("lon", lon, Reason.OUT_OF_RANGE, low=-180, high=180)
    if not -90 <= lat <= 90:
        raise BadParameter("lat", lat, Reason.OUT_OF_RANGE, low=-90, high=90)
    stored = Point(lon, lat)
    place = _place(stored, as_at=as_at, known_at=known_at, today=today)
    try:
        land = Point(*crs.transform_array(np.array([[lon, lat]]), crs.WGS84, place.system)[0])
    except CannotMeasure as error:
        raise BadParameter("lon", lon, Reason.OUTSIDE_CRS, crs=place.system.code) from error
    subject = _drawn("point", place, stored, land, None)
    return _asked(subject, land, place, as_at=as_at, known_at=known_at or now, today=today)


@dataclass(frozen=True, slots=True)
class _Place:
    """What is known of a place that is no parcel."""

    revision: int
    system: CRS
    communes: tuple[CommuneRef, ...]
    office: str | None


def _place(at: Point, *, as_at: date, known_at: datetime | None, today: date) -> _Place:
    ((revision, communes, metric, office),) = rows_of(
        _PLACE, {"lon": at.x, "lat": at.y, "known_at": known_at, "today": today}
    )
    system = crs.parse(metric) if metric else crs.metric_for(at.x, at.y)
    return _Place(revision, system, _communes(communes), office)


def _drawn(
    kind: str, place: _Place, stored: BaseGeometry, measured: BaseGeometry, area: float | None
) -> Subject:
    return Subject(
        type=kind,
        id=None,
        commune=place.communes[0] if len(place.communes) == 1 else None,
        commune_now=place.communes,
        sheet=None,
        number=None,
        address="",
        registry_area_m2=None,
        area_m2=area,
        metric_crs=place.system.code,
        accuracy_m=None,
        geometry=stored,
        shape=measured,
    )


def _asked(
    subject: Subject,
    land: geometry.Subject | Point,
    place: _Place,
    *,
    as_at: date,
    known_at: datetime,
    today: date,
) -> Asked:
    return Asked(
        subject=subject,
        land=land,
        tolerance=0.0,
        system=place.system,
        as_at=as_at,
        today=today,
        known_at=known_at,
        revision=place.revision,
        office=place.office,
    )


def _communes(text: str | None) -> tuple[CommuneRef, ...]:
    rows: list[Mapping[str, str]] = orjson.loads(text) if text else []
    return tuple(CommuneRef(**row) for row in rows)


def _lineage(text: str | None) -> tuple[LineageRef, ...]:
    rows: list[dict[str, Any]] = orjson.loads(text) if text else []
    return tuple(LineageRef(**row | {"on": date.fromisoformat(row["on"])}) for row in rows)
