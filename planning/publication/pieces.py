"""The pieces of a plan brought up to what the law says now, in one revision.

Nearly all zones lie clear of every bounded region, or wholly within some: those of one history share its
timeline and are written by the database alone. Only zones that an extent cuts through are cut, one by one.
Pieces that are still true stay as they are; the others are closed at the revision and their successors
opened.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange  # type: ignore[import-untyped]
from django.db.models import Q

from planning import crs
from planning.errors import CannotMeasure, Reason, Refused
from planning.models import Edition, Plan, Restriction, RestrictionPiece, Theme, Zone, ZonePiece
from planning.publication import law
from planning.publication.cut import Slice, slices
from planning.publication.facts import acts_by_edition
from planning.publication.generalise import generalise
from planning.publication.places import Inside, Places
from planning.publication.revision import Revision, closed_at, open_from
from planning.publication.shapes import all_in_metres, box_around, metres, stored
from planning.querysets import PublishedRowQuerySet

BATCH = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One kind of subject and its pieces; the names are table and column names, never input."""

    subjects: type[Zone] | type[Restriction]
    pieces: type[ZonePiece] | type[RestrictionPiece]
    subject: str  # column of the piece that names the subject
    carried: str  # column that the piece repeats from the subject
    themed_by: str  # what decides the theme: SQL over `subject` and `plan`


ZONES = Family(subjects=Zone, pieces=ZonePiece, subject="zone", carried="land_use_id", themed_by="%(kind)s")
RESTRICTIONS = Family(
    subjects=Restriction,
    pieces=RestrictionPiece,
    subject="restriction",
    carried="kind",
    themed_by="subject.kind",
)

# The zones that a statement is about.
_THESE, _OTHERS = "= ANY", "<> ALL"
_SEGMENTS = """
    SELECT status, daterange(begins, ends) AS valid, causes
    FROM unnest(%(statuses)s::text[], %(begins)s::date[], %(ends)s::date[], %(causes)s::jsonb[])
        AS segment (status, begins, ends, causes)
"""
_CLOSE = """
    UPDATE {pieces} AS piece SET known = int8range(lower(piece.known), %(revision)s)
    FROM {subjects} AS subject
    WHERE piece.edition_id = %(edition)s AND upper_inf(piece.known) AND subject.id = piece.{subject}_id
        AND subject.id {which} (%(keys)s::bigint[])
        AND NOT EXISTS (
            SELECT 1 FROM ({segments}) AS segment
            WHERE segment.status = piece.status AND segment.valid = piece.valid
                AND segment.causes = piece.causes AND subject.geometry = piece.geometry
        )
"""
_OPEN = """
    INSERT INTO {pieces} ({subject}_id, {carried}, edition_id, plan_id, theme_id, level, status, causes,
        valid, known, geometry)
    SELECT subject.id, subject.{carried}, subject.edition_id, %(plan)s, theme.code, %(level)s, segment.status,
        segment.causes, segment.valid, int8range(%(revision)s, NULL), subject.geometry
    FROM {subjects} AS subject
    CROSS JOIN ({segments}) AS segment
    JOIN unnest(%(kinds)s::text[], %(themes)s::text[]) AS theme (kind, code) ON theme.kind = {themed_by}
    WHERE subject.edition_id = %(edition)s AND subject.id {which} (%(keys)s::bigint[])
        AND NOT EXISTS (
            SELECT 1 FROM {pieces} AS piece
            WHERE piece.{subject}_id = subject.id AND upper_inf(piece.known)
                AND piece.status = segment.status AND piece.valid = segment.valid
                AND piece.causes = segment.causes AND piece.geometry = subject.geometry
        )
    ORDER BY subject.id, segment.valid
"""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many pieces a revision opened and closed."""

    opened: int = 0
    closed: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.opened + other.opened, self.closed + other.closed)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """One edition to be brought up to date at a revision."""

    edition: Edition
    plan: Plan
    system: crs.CRS
    acts: tuple[law.Act, ...]
    themes: Mapping[str, str]  # plan or restriction kind -> theme
    revision: int


def rebuild(plan: Plan, *, revision: Revision, themes: Mapping[str, str]) -> dict[Edition, Counts]:
    """Bring the pieces of all public editions of the plan up to the law; what changed, per edition."""
    system = crs.parse(plan.metric_crs)
    counts = {}
    for edition, acts in acts_by_edition(plan, now=revision).items():
        task = _Task(
            edition=edition, plan=plan, system=system, acts=acts, themes=themes, revision=revision.number
        )
        _require_themes(task)
        zones = _bring_up(task, ZONES)
        counts[edition] = zones + _bring_up(task, RESTRICTIONS)
        generalise(edition, opened=zones.opened)
    return counts


def theme_by_kind(themes: Iterable[Theme]) -> dict[str, str]:
    """The theme of each plan kind and restriction kind: the first in their order that gathers it."""
    found: dict[str, str] = {}
    for theme in themes:
        for kind in (*theme.plan_kinds, *theme.restriction_kinds):
            found.setdefault(kind, theme.code)
    return found


def _require_themes(task: _Task) -> None:
    """Refuse what no theme gathers: nobody would ever be shown it."""
    kinds = set(
        Restriction.objects.of_edition(task.edition).order_by().values_list("kind", flat=True).distinct()
    )
    if Zone.objects.of_edition(task.edition).exists():
        kinds.add(task.plan.kind)
    for kind in sorted(kinds - set(task.themes)):
        raise Refused(Reason.REQUIRED, field="theme", kind=kind, edition=task.edition.code)


def _bring_up(task: _Task, family: Family) -> Counts:
    touched = _touched(task, family)
    alike, apart = _by_history(task, touched)
    everywhere = law.timeline(law.everywhere(task.acts))
    total = _share_timeline(task, family, everywhere, _OTHERS, [row.pk for row in touched])
    for timeline, keys in alike.items():
        total += _share_timeline(task, family, timeline, _THESE, keys)
    return total + _cut(task, family, apart)


def _by_history(
    task: _Task, touched: Sequence[Any]
) -> tuple[dict[tuple[law.Segment, ...], list[int]], list[Any]]:
    """Zones that lie wholly in or out of every region, by their history; and those to be cut one by one."""
    alike: dict[tuple[law.Segment, ...], list[int]] = {}
    apart: list[Any] = []
    if not touched:
        return alike, apart
    places, named = Places.of(task.acts), law.contents(task.acts)

    @cache
    def history(inside: Inside) -> tuple[law.Segment, ...]:
        return law.timeline(places.reaching(task.acts, inside, ""))

    held = places.whole(all_in_metres([row.geometry for row in touched], task.system))
    for row, inside in zip(touched, held, strict=True):
        if inside is None or row.public_id in named:
            apart.append(row)
        else:
            alike.setdefault(history(inside), []).append(row.pk)
    return alike, apart


def _touched(task: _Task, family: Family) -> Sequence[Any]:
    """Zones whose box meets a bounded region or that are named: what may have another history."""
    rows = family.subjects.objects.of_edition(task.edition)
    return list(touched_rows(rows, task.acts, task.system))


def touched_rows(rows: PublishedRowQuerySet, acts: Sequence[law.Act], system: crs.CRS) -> Iterable[Any]:
    """Those of the rows that some act does not reach like all others."""
    boxes = [box_around(region, system) for region in law.regions(acts) if not region.is_empty]
    named = Q(public_id__in=sorted(law.contents(acts)))
    near = rows.near_any(boxes) if boxes else rows.none()
    return (near | rows.filter(named)).order_by("pk")


def _share_timeline(
    task: _Task, family: Family, timeline: Sequence[law.Segment], which: str, keys: Sequence[int]
) -> Counts:
    """Bring up zones of one history, each as a whole: those of the keys or all others."""
    values: dict[str, Any] = {
        "revision": task.revision,
        "edition": task.edition.pk,
        "plan": task.plan.pk,
        "level": task.plan.level,
        "kind": task.plan.kind,
        "kinds": list(task.themes),
        "themes": list(task.themes.values()),
        "keys": list(keys),
        "statuses": [segment.status.value for segment in timeline],
        "begins": [segment.begins for segment in timeline],
        "ends": [segment.ends for segment in timeline],
        "causes": [json.dumps(causes_as_json(segment.causes)) for segment in timeline],
    }
    with connection.cursor() as cursor:
        # Right after an import the tables have no statistics; a nested loop then takes a minute.
        cursor.execute("SELECT set_config('enable_nestloop', 'off', true)")
        cursor.execute(_sql(_CLOSE, family, which), values)
        closed = cursor.rowcount
        cursor.execute(_sql(_OPEN, family, which), values)
        opened = cursor.rowcount
        cursor.execute("SELECT set_config('enable_nestloop', 'on', true)")
    return Counts(opened=opened, closed=closed)


def _sql(statement: str, family: Family, which: str) -> str:
    return statement.format(
        pieces=family.pieces._meta.db_table,
        subjects=family.subjects._meta.db_table,
        subject=family.subject,
        carried=family.carried,
        themed_by=family.themed_by,
        segments=_SEGMENTS,
        which=which,
    )


def causes_as_json(causes: Iterable[law.Cause]) -> list[dict[str, str]]:
    """Causes as pieces store them."""
    return [
        {"edition": cause.edition, "event": str(cause.event), "document": cause.document} for cause in causes
    ]


def _cut(task: _Task, family: Family, touched: Sequence[Any]) -> Counts:
    total = Counts()
    for act in task.acts:
        if act.region is not None:
            shapely.prepare(act.region)
    for start in range(0, len(touched), BATCH):
        total += _cut_batch(task, family, touched[start : start + BATCH])
    return total


def _cut_batch(task: _Task, family: Family, subjects: Sequence[Any]) -> Counts:
    wanted = {_identity(piece, family): piece for row in subjects for piece in _pieces(task, family, row)}
    standing = family.pieces.objects.standing().filter(**{f"{family.subject}__in": subjects})
    outdated = []
    for piece in standing:
        if wanted.pop(_identity(piece, family), None) is None:
            outdated.append(piece.pk)
    closed = family.pieces.objects.filter(pk__in=outdated).update(known=closed_at(task.revision))
    family.pieces.objects.bulk_create(wanted.values(), batch_size=BATCH)
    return Counts(opened=len(wanted), closed=closed)


def _pieces(task: _Task, family: Family, row: Any) -> Iterable[Any]:
    """The pieces of one zone as the law wants them, not saved."""
    theme_kind = task.plan.kind if family is ZONES else row.kind
    for part, geometry in _parts(task, row):
        yield family.pieces(
            **{family.subject: row, family.carried: getattr(row, family.carried)},
            edition=task.edition,
            plan=task.plan,
            theme_id=task.themes[theme_kind],
            level=task.plan.level,
            status=part.status,
            causes=causes_as_json(part.causes),
            valid=DateRange(part.begins, part.ends),
            known=open_from(task.revision),
            geometry=geometry,  # type: ignore[misc]
        )


def _parts(task: _Task, row: Any) -> list[tuple[Slice, GEOSGeometry]]:
    """The slices of one zone with the geometry to be stored; a whole zone keeps its own."""
    try:
        return [
            (part, row.geometry if part.geometry is None else stored(part.geometry, task.system))
            for part in slices(metres(row.geometry, task.system), law.reaching(task.acts, row.public_id))
        ]
    except (shapely.GEOSException, CannotMeasure) as error:
        raise CannotMeasure(Reason.INVALID_GEOMETRY, what=row.public_id) from error


def _identity(piece: Any, family: Family) -> tuple[object, ...]:
    """What makes two pieces the same statement, whatever the revision."""
    return (
        getattr(piece, f"{family.subject}_id"),
        str(piece.status),
        piece.valid.lower,
        piece.valid.upper,
        json.dumps(piece.causes, sort_keys=True),
        _bytes(piece.geometry),
    )


def _bytes(geometry: GEOSGeometry) -> bytes:
    return bytes(geometry.wkb)
