"""All that may matter for one subject, of all themes, in one statement: hence in one snapshot.

Pieces of zones and restrictions that are law on the day or after it, coverage of the day, and the
plans, editions, events, relations, rulings, documents and offices behind them; for a history the same of
all days. The database only searches by boxes, as widely as the coarsest plan demands; nothing is cut off
by a limit and nothing is measured here.
"""

import math
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from planning.answer.reading import Reader
from planning.answer.snapshot import Candidates, Timeless
from planning.answer.statements import rows_of
from planning.answer.subjects import Asked
from planning.errors import Unavailable
from planning.geometry.tolerance import LINE_WIDTH, UNKNOWN_SCALE

# Added to every tolerance when searching: the grid, and how far an edge of some kilometres that is
# straight in metres bulges in degrees.
SLACK = 2.0
# Above so many vertices only the parts of a piece around the subject are fetched, and nothing of one that
# holds all that can be seen around it.
MANY_VERTICES = 64

# How far the lines of plan p may be off, and how far from the subject its pieces matter; metres.
_ACCURACY = f"coalesce(p.accuracy_m, nullif(p.scale, 0) * {LINE_WIDTH}, {LINE_WIDTH * UNKNOWN_SCALE})"
_REACH = f"sqrt({_ACCURACY} ^ 2 + %(tolerance)s::float8 ^ 2) + {SLACK}"
_REACHED = f"ST_Expand(r.box, r.lon * ({_REACH}), r.lat * ({_REACH}))"


# Ranges spelt out end by end: of `@>` and `&&` the database believes that hardly any row satisfies
# them. It would search by dates rather than by place, or find the statement too dear to plan it once.
_KNOWN = "lower(s.known) <= %(revision)s::bigint AND coalesce(upper(s.known) > %(revision)s::bigint, true)"
_NOT_OVER = "coalesce(upper(s.valid) > %(as_at)s::date, true)"
_BEGUN = "coalesce(lower(s.valid) <= %(as_at)s::date, true)"
_PUBLIC = "e.visibility = 'public' AND e.publication_id <= %(revision)s::bigint"


@dataclass(frozen=True, slots=True)
class _Span:
    """Which days a statement is about, in SQL: what it leaves out of pieces, declarations and themes."""

    pieces: str
    declared: str
    themes: str
    loaded: str


def _near(kind: str, what: str, span: _Span) -> str:
    """Pieces of zones or restrictions in the widest box, known in the revision, of the days asked about."""
    return f"""
    SELECT s.*, s.{kind}_id AS feature_id, s.{what} AS what FROM planning_{kind}piece s
    WHERE s.geometry && (SELECT widest FROM reach) AND {_KNOWN} AND {span.pieces}"""  # noqa: S608 - made of constants


def _loaded(kind: str) -> str:
    """Whether plan p has any piece in force in theme t, by one leap into the index that is made for it.

    From the newest day backwards: what was replaced since lies at the other end.
    """
    return f"""EXISTS (SELECT FROM (SELECT FROM planning_{kind}piece s
        WHERE s.theme_id = t.code AND s.plan_id = p.id AND s.status = 'in_force'
          AND lower(s.valid) <= %(as_at)s::date AND {_NOT_OVER} AND {_KNOWN}
        ORDER BY s.theme_id, s.plan_id, lower(s.valid) DESC LIMIT 1) newest)"""  # noqa: S608 - made of constants


def _days_loaded(kind: str) -> str:
    """The days on which plan p has any piece in force in theme t.

    From one first day to the next, by leaps in the index that is made for it; after one that has a piece
    without end no later one adds anything. Only where all pieces of a first day end are they read.
    """
    own = f"""FROM planning_{kind}piece s
            WHERE s.theme_id = t.code AND s.plan_id = p.id AND s.status = 'in_force'"""
    endless = f"""EXISTS (SELECT {own} AND lower(s.valid) = {{day}} AND upper(s.valid) IS NULL
            AND {_KNOWN})"""
    return f"""SELECT p.kind, days.valid FROM here p, LATERAL (
        WITH RECURSIVE begun AS (
            SELECT f.day, {endless.format(day="f.day")} AS is_endless
            FROM (SELECT min(lower(s.valid)) AS day {own}) f WHERE f.day IS NOT NULL
            UNION ALL SELECT n.day, {endless.format(day="n.day")}
            FROM begun b, LATERAL (SELECT min(lower(s.valid)) AS day {own} AND lower(s.valid) > b.day) n
            WHERE NOT b.is_endless AND n.day IS NOT NULL)
        SELECT daterange(b.day, NULL) AS valid FROM begun b WHERE b.is_endless
        UNION ALL SELECT v.valid FROM begun b, LATERAL (
            SELECT s.valid {own} AND lower(s.valid) = b.day AND {_KNOWN}) v WHERE NOT b.is_endless
        UNION ALL SELECT s.valid {own} AND lower(s.valid) IS NULL AND {_KNOWN}) days
        WHERE true"""  # noqa: S608 - made of constants


_DAY = _Span(
    pieces=_NOT_OVER,
    declared=f"{_BEGUN} AND {_NOT_OVER}",
    themes="""coalesce(t.valid_from <= %(as_at)s::date, true)
        AND coalesce(t.valid_to > %(as_at)s::date, true)""",
    loaded=f"""SELECT json_agg(json_build_array(k.kind, NULL, NULL)) FROM (SELECT DISTINCT kind FROM here) k
        WHERE EXISTS (SELECT FROM here p WHERE p.kind = k.kind AND (
            p.kind = ANY(t.plan_kinds) AND {_loaded("zone")}
            OR t.restriction_kinds <> '{{}}' AND {_loaded("restriction")}))""",  # noqa: S608 - made of constants
)
_ALL_DAYS = _Span(
    pieces="true",
    declared="true",
    themes="true",
    loaded=f"""SELECT json_agg(json_build_array(d.kind, lower(d.days), upper(d.days))) FROM (
        SELECT k.kind, unnest(range_agg(k.valid)) AS days FROM (
            SELECT DISTINCT * FROM ({_days_loaded("zone")} AND p.kind = ANY(t.plan_kinds)
                UNION ALL {_days_loaded("restriction")} AND t.restriction_kinds <> '{{}}') every) k
        GROUP BY k.kind) d""",  # noqa: S608 - made of constants
)


def _piece_rows(kind: str, facts: str, joins: str) -> str:
    return f"""
SELECT '{kind}', s.theme_id, s.plan_id, s.edition_id, s.status, lower(s.valid), upper(s.valid),
    json_build_object('id', f.public_id, 'code', f.code, 'name', f.name, 'indicators', f.indicators,
        'feature', f.feature, 'causes', s.causes, 'upload', u.id, 'sha256', u.sha256,
        'publisher', u.publisher, 'licence', u.licence, {facts})::text,
    CASE WHEN ST_NPoints(s.geometry) < {MANY_VERTICES} THEN ST_AsBinary(s.geometry)
        WHEN ST_Covers(s.geometry, r.seen) THEN NULL
        WHEN ST_NumGeometries(s.geometry) > 1 THEN ST_AsBinary(coalesce((SELECT ST_Collect(d.geom)
            FROM ST_Dump(s.geometry) d WHERE d.geom && r.seen), 'POLYGON EMPTY'))
        ELSE ST_AsBinary(s.geometry) END
FROM reach r, {kind}s s
JOIN planning_plan p ON p.id = s.plan_id
JOIN planning_{kind} f ON f.id = s.feature_id
JOIN planning_layerupload u ON u.id = f.upload_id {joins}
WHERE s.geometry && {_REACHED}"""  # noqa: S608 - made of constants


_USE = """'allowed', f.uses_allowed, 'conditional', f.uses_conditional, 'forbidden', f.uses_forbidden,
    'hilucs', l.hilucs, 'text', f.land_use_text, 'use', json_build_object('list', l.code_list_id,
        'code', l.code, 'vi', l.name_vi, 'en', l.name_en, 'color', l.colour, 'group', l.group)"""

_DOCUMENT = """'id', d.id, 'kind', d.kind, 'number', d.number, 'date', d.date, 'issuer', d.issuer,
    'title', d.title, 'url', d.url, 'file', CASE WHEN d.file <> '' THEN d.sha256 END"""
_EVENTS = f"""SELECT json_agg(json_build_object('id', v.id, 'kind', v.kind, 'on', v.on,
        'from', v.effective_from, 'to', v.effective_to, 'corrects', v.corrects_id, 'is_void', v.is_void,
        'is_partial', v.extent IS NOT NULL,
        'is_near', coalesce(v.extent && r.near, true), 'revision', v.publication_id,
        'document', CASE WHEN d.id > 0 THEN json_build_object({_DOCUMENT}) END)
        ORDER BY v.effective_from, v.on, v.id)
    FROM planning_planevent v LEFT JOIN planning_document d ON d.id = v.document_id
    WHERE v.edition_id = e.id AND v.publication_id <= %(revision)s::bigint"""  # noqa: S608 - made of constants
# Of a document the editions it came with or whose acts name it; one of a ruling belongs to the ruling alone.
_DOCUMENTS = f"""SELECT json_agg(json_build_object({_DOCUMENT}, 'editions', (
        SELECT json_agg(DISTINCT named.edition_id) FROM (
            SELECT v.edition_id FROM planning_planevent v
            WHERE v.document_id = d.id AND v.publication_id <= %(revision)s::bigint
            UNION ALL SELECT i.edition_id FROM planning_planrelation i
            WHERE i.document_id = d.id AND i.publication_id <= %(revision)s::bigint
            UNION ALL SELECT d.edition_id WHERE d.edition_id IS NOT NULL) named),
        'clauses', (SELECT json_agg(json_build_object('clause', c.clause_id, 'article', c.article,
                'text', c.text, 'page', c.page, 'land_uses', c.land_uses, 'zone_codes', c.zone_codes,
                'restriction_kinds', c.restriction_kinds) ORDER BY c.page, c.id)
            FROM planning_clause c WHERE c.document_id = d.id))
        ORDER BY d.kind, d.date, d.id)
    FROM planning_document d
    WHERE d.plan_id = p.id AND d.publication_id <= %(revision)s::bigint
        AND NOT EXISTS (SELECT FROM planning_conflictruling g WHERE g.document_id = d.id)"""  # noqa: S608 - made of constants
_RELATION_ROWS = f"""
SELECT 'relation', '', e.plan_id, i.edition_id, i.kind, NULL, NULL,
    json_build_object('target', i.target_id, 'number', e.number, 'title', p.title, 'title_en', p.title_en,
        'target_title', q.title, 'target_title_en', q.title_en,
        'document', json_build_object({_DOCUMENT}))::text, NULL
FROM planning_planrelation i
JOIN planning_edition e ON e.id = i.edition_id
JOIN planning_plan p ON p.id = e.plan_id
JOIN planning_plan q ON q.id = i.target_id
JOIN planning_document d ON d.id = i.document_id
WHERE i.publication_id <= %(revision)s::bigint
    AND (e.plan_id IN (SELECT id FROM plans) OR i.target_id IN (SELECT id FROM plans))"""  # noqa: S608 - made of constants
_RULING_ROWS = f"""
SELECT 'ruling', g.other_plan_id, g.plan_id, 0, '', g.effective_from, g.effective_to,
    json_build_object('on', g.on, 'text', g.text, 'carried_out', g.carried_out_id,
        'document', json_build_object({_DOCUMENT}))::text, ST_AsBinary(g.extent)
FROM planning_conflictruling g JOIN planning_document d ON d.id = g.document_id
WHERE g.publication_id <= %(revision)s::bigint
    AND g.plan_id IN (SELECT id FROM plans) AND g.other_plan_id IN (SELECT id FROM plans)"""  # noqa: S608 - made of constants
# Land uses of different lists that may stand for one another: whoever compares plans needs to know.
_MATCH_ROWS = """
SELECT 'match', '', '', 0, '', NULL, NULL, json_build_array(one.code_list_id || ':' || one.code,
    other.code_list_id || ':' || other.code)::text, NULL
FROM planning_landusematch m
JOIN planning_landuse one ON one.id = m.land_use_id
JOIN planning_landuse other ON other.id = m.other_id
WHERE m.kind IN ('exact', 'broader', 'narrower')
    AND m.land_use_id IN (SELECT what FROM zones) AND m.other_id IN (SELECT what FROM zones)"""


def _statement(span: _Span) -> str:
    text = f"""
WITH reach AS MATERIALIZED (
    SELECT r.*, m.metres, ST_Expand(r.box, m.metres * r.lon, m.metres * r.lat) AS widest,
        ST_Expand(r.box, m.own * r.lon, m.own * r.lat) AS near,
        ST_Expand(r.box, (m.metres + %(seen)s::float8) * r.lon, (m.metres + %(seen)s::float8) * r.lat) AS seen
    FROM (SELECT ST_MakeEnvelope(%(west)s::float8, %(south)s::float8, %(east)s::float8,
            %(north)s::float8, 4326) AS box, %(lon_per_m)s::float8 AS lon, %(lat_per_m)s::float8 AS lat) r,
        (SELECT coalesce(max({_REACH}), {SLACK}) AS metres, %(tolerance)s::float8 + {SLACK} AS own
         FROM planning_plan p
         -- what is staged must not move a public answer
         WHERE EXISTS (SELECT FROM planning_edition e WHERE e.plan_id = p.id AND {_PUBLIC})) m
),
zones AS MATERIALIZED ({_near("zone", "land_use_id", span)}),
restrictions AS MATERIALIZED ({_near("restriction", "kind", span)}),
plans AS MATERIALIZED (
    SELECT * FROM planning_plan p
    WHERE p.id IN (SELECT plan_id FROM zones) OR p.id IN (SELECT plan_id FROM restrictions)
),
declared AS MATERIALIZED (
    SELECT s.* FROM planning_coverage s
    WHERE s.geometry && (SELECT widest FROM reach) AND {_KNOWN} AND {span.declared}
),
here AS MATERIALIZED (
    SELECT p.id, p.kind FROM planning_plan p WHERE p.territory_id IN (
        SELECT y.code FROM planning_territory y, reach r WHERE ST_Intersects(y.extent, r.near))
)
SELECT 'reach', '', '', 0, '', NULL::date, NULL::date,
    json_build_object('metres', r.metres, 'coarsest', (
        SELECT json_object_agg(a.kind, a.metres) FROM (
            SELECT p.kind, max({_ACCURACY}) AS metres
            FROM planning_edition e JOIN planning_plan p ON p.id = e.plan_id
            WHERE e.extent && r.widest AND {_PUBLIC} GROUP BY p.kind) a))::text, NULL::bytea
FROM reach r
UNION ALL {_piece_rows("zone", _USE, "JOIN planning_landuse l ON l.id = s.what")}
UNION ALL {_piece_rows("restriction", "'kind', s.what", "")}
UNION ALL SELECT 'theme', t.code, '', 0, '', NULL, NULL,
    json_build_object('vi', t.title_vi, 'en', t.title_en, 'order', t.order, 'plan_kinds', t.plan_kinds,
        'from', t.valid_from, 'to', t.valid_to, 'loaded', ({span.loaded}))::text, NULL
FROM planning_theme t WHERE {span.themes}
UNION ALL SELECT 'coverage', c.theme_id, '', 0, c.state, lower(c.valid), upper(c.valid),
    json_build_object('plan_kind', c.plan_kind, 'as_of', c.as_of, 'source', c.source,
        'office', c.office_id, 'accuracy', (
            SELECT {_ACCURACY} FROM planning_edition e JOIN planning_plan p ON p.id = e.plan_id
            WHERE e.id = c.edition_id))::text,
    CASE WHEN NOT ST_Covers(c.geometry, r.near) THEN ST_AsBinary(c.geometry) END
FROM declared c, reach r
UNION ALL SELECT 'plan', '', p.id, 0, '', NULL, NULL,
    json_build_object('title', p.title, 'title_en', p.title_en, 'kind', p.kind, 'level', p.level,
        'scale', p.scale, 'accuracy', p.accuracy_m, 'office', p.office_id, 'licence', p.licence,
        'parent', p.parent_id, 'implements', (
            SELECT json_agg(DISTINCT i.target_id) FROM planning_planrelation i
            JOIN planning_edition e ON e.id = i.edition_id
            WHERE e.plan_id = p.id AND i.kind = 'implements' AND i.publication_id <= %(revision)s::bigint),
        'documents', ({_DOCUMENTS}))::text, NULL
FROM plans p
UNION ALL SELECT 'edition', '', e.plan_id, e.id, '', NULL, NULL,
    json_build_object('number', e.number, 'is_local', e.is_local_adjustment, 'events', ({_EVENTS}))::text,
    CASE WHEN NOT ST_Covers(e.extent, r.near) THEN ST_AsBinary(e.extent) END
FROM reach r, planning_edition e
WHERE e.plan_id IN (SELECT id FROM plans) AND {_PUBLIC}
UNION ALL {_RELATION_ROWS}
UNION ALL {_RULING_ROWS}
UNION ALL {_MATCH_ROWS}
UNION ALL SELECT 'office', o.id, '', 0, '', NULL, NULL,
    json_build_object('id', o.id, 'name', o.name, 'name_en', o.name_en, 'address', o.address,
        'phone', o.phone, 'email', o.email, 'url', o.url, 'hours', o.hours,
        'answer_days', o.answer_days, 'is_demonstration', o.is_demonstration)::text, NULL
FROM planning_office o
WHERE o.id = ANY(%(offices)s::text[]) OR o.id IN (SELECT office_id FROM declared)
    OR o.id IN (SELECT office_id FROM plans)
"""  # noqa: S608 - made of constants; every value is bound
    # Without comments and indentation: the driver reads through it at every question.
    return " ".join(line.strip() for line in text.splitlines() if not line.strip().startswith("--"))


_CANDIDATES = _statement(_DAY)
_OF_ALL_DAYS = _statement(_ALL_DAYS)


def candidates(asked: Asked) -> Candidates:
    """Everything that may matter for the question.

    Raises Unavailable where the statement failed, or where nobody can say how far to search.
    """
    return _read(_CANDIDATES, asked).read().on(asked.as_at)


def candidates_of_all_days(asked: Asked) -> Timeless:
    """The same for every day at once; raises the same."""
    return _read(_OF_ALL_DAYS, asked).read()


def _read(statement: str, asked: Asked) -> Reader:
    parameters = _parameters(asked)
    numbers = [value for value in parameters.values() if isinstance(value, float)]
    if not all(map(math.isfinite, numbers)):
        raise Unavailable(cause="subject_not_finite")
    reader = Reader(rows_of(statement, parameters))
    if not math.isfinite(reader.reach):
        # A box without end is a box around nothing: all that lies near would be overlooked.
        raise Unavailable(cause="reach_not_finite")
    return reader


def _parameters(asked: Asked) -> dict[str, Any]:
    west, south, east, north = asked.subject.geometry.bounds
    lon_per_m, lat_per_m = degrees_per_metre(asked)
    return {
        "west": west,
        "south": south,
        "east": east,
        "north": north,
        "lon_per_m": lon_per_m,
        "lat_per_m": lat_per_m,
        "tolerance": asked.tolerance,
        "seen": seen_around(asked),
        "revision": asked.revision,
        "as_at": asked.as_at,
        "offices": [office for office in (asked.office, asked.source_office) if office],
    }


def degrees_per_metre(asked: Asked) -> tuple[float, float]:
    """How many degrees a metre at the subject is at most; one per cent more than on the ellipsoid."""
    _, south, _, north = asked.subject.geometry.bounds
    farthest = math.radians(min(max(abs(south), abs(north)), 89))
    return 1.01 / (111_319 * math.cos(farthest)), 1.01 / 110_574


def seen_around(asked: Asked) -> float:
    """How far around the subject a map of it may show, in metres."""
    west, south, east, north = asked.subject.shape.bounds
    return max(east - west, north - south) + 100


def stored_shape(wkb: bytes | None, asked: Asked) -> BaseGeometry:
    """The stored geometry (EPSG:4326); a box around all that can be seen where that is inside the piece."""
    if wkb is not None:
        return shapely.from_wkb(wkb)
    margin = seen_around(asked)
    west, south, east, north = asked.subject.shape.bounds
    return asked.in_degrees(shapely.box(west - margin, south - margin, east + margin, north + margin))
