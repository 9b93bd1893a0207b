"""Count and extents of a collection, counted once per version and kept for all processes.

Among a million parcels that takes most of a second: a job does it right after a publication. Whoever comes
before the job counts, and those who come meanwhile wait for that one rather than counting, too.
"""

import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.gis.db.models import Extent
from django.db import connection, transaction
from django.db.models import Count, F, Max, Min, Q, QuerySet

from planning.models import CollectionFigures, Parcel, Plan
from planning.ogcapi.collections import Bounds, Collection, Figures, Snapshot

# Names these locks among PostgreSQL's advisory locks; the second number names the version.
_LOCK = 0x6F67_6366
KEPT = timedelta(days=30)


def kept_figures(collection: Collection, snapshot: Snapshot) -> tuple[Figures, tuple[str, ...]]:
    """The figures of that version and the metric systems of its rows, counted now if never before."""
    row = _found(collection, snapshot)
    if row is None:
        with transaction.atomic():
            _wait_for_who_counts(collection, snapshot)
            row = _found(collection, snapshot) or _counted(collection, snapshot)
            if row.pk is None:
                CollectionFigures.objects.bulk_create([row], ignore_conflicts=True)
    return _as_figures(collection, row), tuple(row.metric_systems)


def keep_newest(collections: Iterable[Collection]) -> None:
    """Have the figures of what is public now, so that no reader waits for them."""
    for collection in collections:
        collection.source.figures(collection, collection.source.newest())


def forget_old(collections: Sequence[Collection], *, now: datetime) -> int:
    """Delete figures counted long ago that are not those of today; how many."""
    newest = {one.id: one.source.newest() for one in collections}
    kept = (Q(collection=name, revision=at.revision, on=at.on) for name, at in newest.items())
    old = CollectionFigures.objects.computed_before(now - KEPT)
    return old.exclude(reduce(or_, kept, Q(pk=None))).delete()[0]


def _found(collection: Collection, snapshot: Snapshot) -> CollectionFigures | None:
    return CollectionFigures.objects.of_version(collection.id, snapshot.revision, snapshot.on).first()


def _wait_for_who_counts(collection: Collection, snapshot: Snapshot) -> None:
    key = zlib.crc32(f"{collection.id} {snapshot.version}".encode()) - 2**31
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s::int, %s::int)", [_LOCK, key])


def _counted(collection: Collection, snapshot: Snapshot) -> CollectionFigures:
    """Asked of the rows themselves, in one pass; not saved."""
    groups = list(_by_metric_system(collection, collection.rows(snapshot).order_by()))
    return CollectionFigures(
        collection=collection.id,
        revision=snapshot.revision,
        on=snapshot.on,
        count=sum(group["number"] for group in groups),
        bbox=_around(group["box"] for group in groups),
        first=_end(groups, "first", min),
        last=_end(groups, "last", max),
        metric_systems=sorted(group["system"] for group in groups),
    )


def _by_metric_system(collection: Collection, rows: QuerySet[Any]) -> QuerySet[Any, dict[str, Any]]:
    """A row per metric system: they are few, and grouping by hash costs far less than sorting."""
    system = "metric_crs" if rows.model in (Parcel, Plan) else "plan__metric_crs"
    asked: dict[str, Any] = {"number": Count("pk"), "box": Extent(collection.geometry.field)}
    if collection.validity is not None:
        first, last = (f"{collection.validity.field}__{end}" for end in ("startswith", "endswith"))
        asked |= {
            "first": Min(first),
            "with_first": Count(first),
            "last": Max(last),
            "with_last": Count(last),
        }
    return rows.values(system=F(system)).annotate(**asked)


def _end(groups: Sequence[Mapping[str, Any]], name: str, extreme: Callable[..., date | None]) -> date | None:
    """The outermost day; None where some row has none, so that the interval is open there."""
    if any(group.get(f"with_{name}") != group["number"] for group in groups):
        return None
    return extreme((group[name] for group in groups), default=None)


def _around(boxes: Iterable[Bounds | None]) -> list[float] | None:
    """The box around all boxes."""
    found = [box for box in boxes if box is not None]
    if not found:
        return None
    west, south, east, north = zip(*found, strict=True)
    return [min(west), min(south), max(east), max(north)]


def _as_figures(collection: Collection, row: CollectionFigures) -> Figures:
    bbox: Bounds | None = None
    if row.bbox is not None:
        west, south, east, north = row.bbox
        bbox = (west, south, east, north)
    is_dated = collection.validity is not None and row.count > 0
    return Figures(count=row.count, bbox=bbox, interval=(row.first, row.last) if is_dated else None)
