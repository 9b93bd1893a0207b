"""A town of any size, made inside the database by SQL: parcels of 5 x 20 m, five themes, wavy zones.

Density is the same at every size, so that a larger town differs in nothing but its size. What the rules
of the database hold for published rows they hold here too: constraints are checked, the edition is
filled before it becomes public, the triggers stay on.
"""

import math
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import django

django.setup()

from django.conf import settings  # noqa: E402 - models need the settings first
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from planning import crs  # noqa: E402
from planning.models import (  # noqa: E402
    Coverage,
    Document,
    Edition,
    LayerUpload,
    Office,
    Plan,
    PlanEvent,
    Publication,
    Territory,
    Theme,
    User,
)
from planning.publication.generalise import generalise  # noqa: E402

# the ground of the demonstration: a place where its system of coordinates is good
_GROUND = tomllib.loads((settings.DEMONSTRATION / "town.toml").read_text(encoding="utf-8"))
METRIC_CRS: str = _GROUND["metric_crs"]
ORIGIN_EAST, ORIGIN_NORTH = 580_000, 2_320_000
PARCEL_WIDTH, PARCEL_DEPTH = 5, 20
PARCELS_PER_UNIT = 10_000
USES = 10  # of the codes of the newest list
IN_FORCE = date(2018, 1, 1)
REVISION = 1
# Waves of this height and length: no edge of a zone is parallel to an edge of a parcel.
WAVE_HEIGHT, WAVE_LENGTH = 4.0, 47.0
VERTEX_EVERY = 10.0


@dataclass(frozen=True, slots=True)
class Layer:
    """Zones of one plan; `part` is the plan's part of all zones."""

    theme: str
    plan: str
    kind: str
    part: float
    scale: int


LAYERS = (
    Layer("construction", "bench-zoning", "zoning", 0.4, 2000),
    Layer("land_use", "bench-land-use", "land_use", 0.4, 5000),
    Layer("infrastructure", "bench-infrastructure", "infrastructure", 0.2, 2000),
)
# One red line and one protected area for so many zones.
ZONES_PER_RESTRICTION = 10


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is; the town is as wide as it is many parcels wide."""

    parcels: int
    zones: int

    @property
    def columns(self) -> int:
        return math.isqrt(self.parcels)

    @property
    def rows(self) -> int:
        return math.ceil(self.parcels / self.columns)

    @property
    def width(self) -> float:
        return float(self.columns * PARCEL_WIDTH)

    @property
    def height(self) -> float:
        return float(self.rows * PARCEL_DEPTH)


INDICATORS = (
    '{"coverage": {"text": "40-60", "min": 40, "max": 60, "unit": "%", "state": "stated"}, '
    '"storeys": {"text": "3-5", "min": 3, "max": 5, "unit": "", "state": "stated"}}'
)

Say = Callable[[str], None]


def make(size: Size, say: Say) -> None:
    """Fill the empty database that Django is connected to."""
    say("migrations")
    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '1GB'")
        cursor.execute("SET work_mem = '256MB'")
        cursor.execute("SET synchronous_commit = off")
    with transaction.atomic():
        town_functions()
        upload = _actors(size)
        say(f"{size.zones} zones")
        with _without_indexes("planning_zone", "planning_zonepiece"):
            for layer in LAYERS:
                _zones(size, layer, upload)
        _restrictions(size, upload)
        say(f"{size.parcels} parcels")
        with _without_indexes("planning_parcel"):
            _parcels(size, upload)
        say("indexes and constraints")
    say("outlines for maps")
    for edition in Edition.objects.order_by("pk"):
        with transaction.atomic():
            generalise(edition, opened=1)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def town_functions() -> None:
    """Metres of the town -> stored geometry; a straight line -> a wavy one."""
    srid = crs.parse(METRIC_CRS).srid
    with connection.cursor() as cursor:
        cursor.execute(f"""
            CREATE FUNCTION pg_temp.stored(shape geometry) RETURNS geometry LANGUAGE sql IMMUTABLE AS $$
                SELECT ST_Transform(
                    ST_SetSRID(ST_Translate(shape, {ORIGIN_EAST}, {ORIGIN_NORTH}), {srid}), 4326)
            $$""")
        cursor.execute(f"""
            CREATE FUNCTION pg_temp.wavy(x float8, y float8) RETURNS geometry LANGUAGE sql IMMUTABLE AS $$
                SELECT ST_Point(x + {WAVE_HEIGHT} * sin(y / {WAVE_LENGTH}),
                                y + {WAVE_HEIGHT} * sin(x / {WAVE_LENGTH}))
            $$""")


def _actors(size: Size) -> LayerUpload:
    """Everything that there are few of: people, revision, plans, land uses, coverage."""
    office = Office.objects.create(id="bench", name="Văn phòng đo", name_en="Bench office")
    planner, reviewer = (User.objects.create(username=name) for name in ("planner", "reviewer"))
    publication = Publication.objects.create(
        revision=REVISION, at=timezone.now(), office=office, by=planner, approved_by=reviewer
    )
    uploads = LayerUpload.objects
    upload = uploads.create(
        office=office, file="bench", original_name="bench", sha256="0" * 64, size=1, format="GPKG",
        declared_crs=METRIC_CRS, confirmed_crs=METRIC_CRS, licence="CC0-1.0", publisher="bench",
        state="published", result="ok", uploaded_by=planner,
    )  # fmt: skip
    extent = _box(0, 0, size.width, size.height, margin=0)
    around = _box(0, 0, size.width, size.height, margin=1000)
    territory = Territory.objects.create(
        code="bench", name="Bench", metric_crs=METRIC_CRS, extent=around, office=office
    )
    for layer in LAYERS:
        plan = Plan.objects.create(
            id=layer.plan, kind=layer.kind, title=layer.plan, title_en=layer.plan, territory=territory,
            office=office, scale=layer.scale, metric_crs=METRIC_CRS, licence="CC0-1.0", source="bench",
        )  # fmt: skip
        _edition(plan, publication, around)
    for theme in Theme.objects.all():
        Coverage.objects.create(
            theme=theme, state="complete", geometry=extent, as_of=IN_FORCE, valid=(IN_FORCE, None),
            source="bench", office=office, upload=upload, known=(REVISION, None),
        )  # fmt: skip
    return upload


def _edition(plan: Plan, publication: Publication, extent: MultiPolygon) -> None:
    """A staged edition in force since 2018; it becomes public once it is filled."""
    decision = Document.objects.create(
        plan=plan, kind="decision", number="1/QĐ", date=IN_FORCE, issuer="bench", title="Quyết định",
        publication=publication,
    )  # fmt: skip
    edition = Edition.objects.create(plan=plan, number=1, extent=extent, publication=publication)
    PlanEvent.objects.create(
        edition=edition, kind="in_force", on=IN_FORCE, effective_from=IN_FORCE, document=decision,
        publication=publication,
    )  # fmt: skip


def _box(west: float, south: float, east: float, north: float, *, margin: float) -> MultiPolygon:
    """A rectangle in metres of the town, as it is stored."""
    corners = (west - margin, south - margin, east + margin, north + margin)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_AsEWKB(ST_Multi(pg_temp.stored(ST_MakeEnvelope("
            "%s::float8, %s::float8, %s::float8, %s::float8))))",
            corners,
        )
        found = GEOSGeometry(memoryview(cursor.fetchone()[0]))
    assert isinstance(found, MultiPolygon)  # noqa: S101 - ST_Multi gives nothing else
    return found


def _zones(size: Size, layer: Layer, upload: LayerUpload) -> None:
    """A tessellation of wavy squares; every zone is one piece in force."""
    count = round(size.zones * layer.part)
    columns = max(1, round(math.sqrt(count * size.width / size.height)))
    rows = math.ceil(count / columns)
    east, north = size.width / columns, size.height / rows
    box = (
        f"ST_MakeEnvelope((k % {columns}) * {east}, (k / {columns}) * {north},"
        f" (k % {columns} + 1) * {east}, (k / {columns} + 1) * {north})"
    )
    corners = f"ST_DumpPoints(ST_Segmentize(ST_ExteriorRing({box}), {VERTEX_EVERY})) AS corner"
    line = "ST_MakeLine(pg_temp.wavy(ST_X(corner.geom), ST_Y(corner.geom)) ORDER BY corner.path)"
    drawn = f"""
        SELECT k, pg_temp.stored(ST_MakePolygon({line})) AS shape
        FROM generate_series(0, {count - 1}) AS k, LATERAL {corners} GROUP BY k"""  # noqa: S608 - numbers
    with connection.cursor() as cursor:
        cursor.execute(f"""
            INSERT INTO planning_zone (public_id, code, name, indicators, feature, layer, edition_id,
                land_use_id, land_use_text, geometry, uses_allowed, uses_conditional, uses_forbidden,
                upload_id)
            SELECT '{layer.plan}.1.' || k, 'Z' || k, 'Ô ' || k, '{INDICATORS}'::jsonb, k, 'zones', e.id,
                uses.ids[1 + (k * 7) % {USES}], '', ST_Multi(shape), '{{}}', '{{}}', '{{}}', {upload.pk}
            FROM planning_edition e, ({LAND_USES}) uses, LATERAL ({drawn}) AS drawn
            WHERE e.plan_id = '{layer.plan}'""")  # noqa: S608 - constants and numbers of our own
        cursor.execute(f"""
            INSERT INTO planning_zonepiece (edition_id, plan_id, theme_id, level, status, causes, valid,
                known, zone_id, land_use_id, geometry)
            SELECT z.edition_id, '{layer.plan}', '{layer.theme}', 'surface', 'in_force', '[]',
                daterange('{IN_FORCE}', NULL), int8range({REVISION}, NULL), z.id, z.land_use_id, z.geometry
            FROM planning_zone z JOIN planning_edition e ON e.id = z.edition_id
            WHERE e.plan_id = '{layer.plan}'""")  # noqa: S608 - constants of our own


LAND_USES = """SELECT array_agg(id ORDER BY code) AS ids FROM planning_landuse WHERE code_list_id = (
    SELECT max(code_list_id) FROM planning_landuse WHERE code_list_id LIKE 'vn-2%')"""


def _restrictions(size: Size, upload: LayerUpload) -> None:
    """Red lines of 120 m and protected squares of 40 m, spread over the town."""
    count = size.zones // ZONES_PER_RESTRICTION
    columns = max(1, round(math.sqrt(count * size.width / size.height)))
    step_east, step_north = size.width / columns, size.height / math.ceil(count / columns)
    x, y = f"(k % {columns}) * {step_east} + 13", f"(k / {columns}) * {step_north} + 7"
    line = f"ST_MakeLine(pg_temp.wavy({x}, {y}), pg_temp.wavy({x} + 110, {y} + 41))"
    square = f"ST_MakeEnvelope({x}, {y}, {x} + 40, {y} + 40)"
    with connection.cursor() as cursor:
        for kind, theme, shape in (("red_line", "lines", line), ("heritage", "corridors", square)):
            cursor.execute(f"""
                INSERT INTO planning_restriction (public_id, code, name, indicators, feature, layer,
                    edition_id, kind, geometry, upload_id)
                SELECT '{kind}.' || k, '', '', '{{}}', k, '{kind}', e.id, '{kind}',
                    pg_temp.stored({shape}), {upload.pk}
                FROM generate_series(0, {count - 1}) AS k, planning_edition e
                WHERE e.plan_id = '{LAYERS[0].plan}'""")  # noqa: S608 - constants and numbers of our own
            cursor.execute(f"""
                INSERT INTO planning_restrictionpiece (edition_id, plan_id, theme_id, level, status,
                    causes, valid, known, restriction_id, kind, geometry)
                SELECT r.edition_id, '{LAYERS[0].plan}', '{theme}', 'surface', 'in_force', '[]',
                    daterange('{IN_FORCE}', NULL), int8range({REVISION}, NULL), r.id, r.kind, r.geometry
                FROM planning_restriction r WHERE r.kind = '{kind}'""")  # noqa: S608 - constants of our own
        cursor.execute("UPDATE planning_edition SET visibility = 'public'")


def _parcels(size: Size, upload: LayerUpload) -> None:
    """Tube houses side by side, under real wards of 2004, a hundred sheets to a ward."""
    with connection.cursor() as cursor:
        cursor.execute(f"""
            INSERT INTO planning_parcel (code, unit_id, sheet, number, registry_area, address,
                search_address, geometry, metric_crs, survey_crs, survey_scale, accuracy_m, valid, known,
                upload_id, feature)
            SELECT u.id || '-' || sheet || '-' || number, u.id, sheet, number, 100, '', '',
                ST_Multi(pg_temp.stored(ST_MakeEnvelope(x, y, x + {PARCEL_WIDTH}, y + {PARCEL_DEPTH}))),
                '{METRIC_CRS}', '{METRIC_CRS}', 500, NULL, daterange('2000-01-01', NULL),
                int8range({REVISION}, NULL), {upload.pk}, k
            FROM (
                SELECT k, (k % {PARCELS_PER_UNIT}) / 100 + 1 AS sheet, k % 100 + 1 AS number,
                       k / {PARCELS_PER_UNIT} AS ward,
                       (k % {size.columns}) * {PARCEL_WIDTH}::float8 AS x,
                       (k / {size.columns}) * {PARCEL_DEPTH}::float8 AS y
                FROM generate_series(0, {size.parcels - 1}) AS k
            ) AS laid
            JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM planning_adminunit
                  WHERE unit_list_id = '2004' AND kind = 'commune') AS u
                ON u.n = ward""")  # noqa: S608 - constants and numbers of our own


@contextmanager
def _without_indexes(*tables: str) -> Iterator[None]:
    """Filling first and indexing after is several times faster; every constraint is checked at the end."""
    with connection.cursor() as cursor:
        cursor.execute(_INDEXES, [list(tables)])
        indexes = cursor.fetchall()
        cursor.execute(_EXCLUSIONS, [list(tables)])
        exclusions = cursor.fetchall()
        for table, name, _ in exclusions:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        # Foreign keys are checked at commit; an index cannot be made while such checks wait.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for _, definition in indexes:
            cursor.execute(definition)
        for table, name, definition in exclusions:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


_INDEXES = """
    SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
    WHERE i.indrelid::regclass::text = ANY(%s) AND NOT i.indisprimary
      AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)"""
_EXCLUSIONS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE contype = 'x' AND conrelid::regclass::text = ANY(%s)"""


if __name__ == "__main__":
    make(Size(int(sys.argv[1]), int(sys.argv[2])), print)
