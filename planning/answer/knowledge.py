"""How what is said of a parcel came to be known: the publications that changed something about it.

Pieces and declarations near the parcel are compared from revision to revision, cut to its surroundings: a
zone that was cut a kilometre away is no news here. So are relations and rulings of the plans found here.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from planning.answer.candidates import degrees_per_metre
from planning.answer.over_time import RevisionRef
from planning.answer.snapshot import Timeless
from planning.answer.statements import rows_of
from planning.answer.subjects import Asked
from planning.geometry import GRID, pair_tolerance

_BOX = """ST_MakeEnvelope(%(west)s::float8, %(south)s::float8, %(east)s::float8, %(north)s::float8, 4326)"""
_SINCE = "lower(s.known) <= %(revision)s::bigint"
_KNOWN = "lower(s.known), upper(s.known)"


def _pieces(kind: str) -> str:
    return f"""
SELECT '{kind}s', s.plan_id, concat_ws('|', s.{kind}_id, s.status, s.causes),
    lower(s.valid), upper(s.valid), {_KNOWN},
    ST_AsBinary(s.geometry)
FROM planning_{kind}piece s WHERE s.geometry && {_BOX} AND {_SINCE}"""  # noqa: S608 - made of constants


_STATEMENT = f"""{_pieces("zone")}
UNION ALL {_pieces("restriction")}
UNION ALL SELECT 'coverage', '', concat_ws('|', s.theme_id, s.plan_kind, s.state, s.as_of, s.source),
    lower(s.valid), upper(s.valid), {_KNOWN}, ST_AsBinary(s.geometry)
FROM planning_coverage s WHERE s.geometry && {_BOX} AND {_SINCE}
UNION ALL SELECT 'parcel', '', s.id::text, NULL::date, NULL::date, {_KNOWN}, NULL
FROM planning_parcel s WHERE s.code = %(code)s AND {_SINCE}
UNION ALL SELECT 'lineage', '', s.id::text, NULL, NULL, {_KNOWN}, NULL
FROM planning_parcellineage s
WHERE (s.predecessor_code = %(code)s OR s.successor_code = %(code)s) AND {_SINCE}
UNION ALL SELECT 'relations', e.plan_id, i.id::text, NULL, NULL, i.publication_id, NULL, ST_AsBinary(i.extent)
FROM planning_planrelation i JOIN planning_edition e ON e.id = i.edition_id
WHERE i.publication_id <= %(revision)s::bigint
    AND (e.plan_id = ANY(%(plans)s) OR i.target_id = ANY(%(plans)s))
UNION ALL SELECT 'rulings', between.plan, g.id::text, NULL, NULL, g.publication_id, NULL,
    ST_AsBinary(g.extent)
FROM planning_conflictruling g, unnest(ARRAY[g.plan_id, g.other_plan_id]) AS between(plan)
WHERE g.publication_id <= %(revision)s::bigint
    AND g.plan_id = ANY(%(plans)s) AND g.other_plan_id = ANY(%(plans)s)
"""  # noqa: S608 - made of constants; every value is bound

_PUBLICATIONS = """
SELECT p.revision, p.at, p.office_id FROM planning_publication p
WHERE p.revision = ANY(%(revisions)s::bigint[]) ORDER BY p.revision
"""


@dataclass(frozen=True, slots=True)
class _Known:
    """A statement about the parcel's surroundings, and the revisions in which it stood."""

    what: str
    plan: str
    says: tuple[str, bytes]
    days: tuple[date | None, date | None]
    begins: int
    ends: int | None

    def stood(self, revision: int) -> bool:
        return self.begins <= revision and (self.ends is None or revision < self.ends)


def revisions_of(versions: Sequence[Asked], found: Sequence[Timeless]) -> tuple[RevisionRef, ...]:
    """The publications up to the one asked about that changed something here, in their order."""
    asked = versions[-1]
    coarsest = max((metres for one in found for metres in one.around.values()), default=0.0)
    plans = sorted({plan for one in found for plan in one.plans})
    known = list(_near(versions, pair_tolerance(coarsest, asked.tolerance), plans))
    changes = _changes(known, asked.revision)
    rows = rows_of(_PUBLICATIONS, {"revisions": sorted(changes)})
    return tuple(
        RevisionRef(
            revision=revision,
            at=at,
            office=office,
            what=tuple(sorted({what for what, _ in changes[revision]})),
            plans=tuple(sorted({plan for _, plan in changes[revision] if plan})),
        )
        for revision, at, office in rows
    )


def _near(versions: Sequence[Asked], reach: float, plans: Sequence[str]) -> Iterator[_Known]:
    asked = versions[-1]
    land = shapely.union_all([one.subject.geometry for one in versions])
    lon, lat = degrees_per_metre(asked)
    west, south, east, north = land.bounds
    parameters: Mapping[str, Any] = {
        "west": west - reach * lon,
        "south": south - reach * lat,
        "east": east + reach * lon,
        "north": north + reach * lat,
        "code": asked.subject.id,
        "plans": plans,
        "revision": asked.revision,
    }
    window = shapely.buffer(asked.in_metres(land), reach)
    for what, plan, says, first, last, begins, ends, wkb in rows_of(_STATEMENT, parameters):
        seen = b"" if wkb is None else _seen(asked.in_metres(shapely.from_wkb(bytes(wkb))), window)
        if seen is not None:
            yield _Known(what, plan, (says, seen), (first, last), begins, ends)


def _seen(shape: BaseGeometry, window: BaseGeometry) -> bytes | None:
    """What of a geometry lies in the surroundings, comparable; None where nothing does."""
    if not shapely.intersects(shape, window):
        return None
    common = shapely.intersection(shapely.set_precision(shape, GRID), window, grid_size=GRID)
    return shapely.to_wkb(shapely.normalize(common))


def _changes(known: Sequence[_Known], newest: int) -> dict[int, set[tuple[str, str]]]:
    """By revision what it changed: the kind of thing and, of pieces, the plan."""
    bounds = {row.begins for row in known} | {row.ends for row in known if row.ends is not None}
    changes: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for revision in sorted(bound for bound in bounds if bound <= newest):
        before, after = _said(known, revision - 1), _said(known, revision)
        for what, plan, *_ in before ^ after:
            changes[revision].add((what, plan))
    return dict(changes)


def _said(known: Iterable[_Known], revision: int) -> set[tuple[Any, ...]]:
    """What was said in a revision; days that follow each other and say the same are put together."""
    days: dict[tuple[Any, ...], list[tuple[date, date]]] = defaultdict(list)
    for row in known:
        if row.stood(revision):
            first, last = row.days
            days[(row.what, row.plan, row.says)].append((first or date.min, last or date.max))
    return {(*key, _together(own)) for key, own in days.items()}


def _together(days: Iterable[tuple[date, date]]) -> tuple[tuple[date, date], ...]:
    runs: list[tuple[date, date]] = []
    for first, last in sorted(days):
        if runs and first <= runs[-1][1]:
            runs[-1] = (runs[-1][0], max(runs[-1][1], last))
        else:
            runs.append((first, last))
    return tuple(runs)
