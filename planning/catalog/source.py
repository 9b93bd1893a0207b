"""Published revisions as the versions of what the OGC APIs show.

A version is a revision (what was known) and a day (what was law). Most days change nothing: all days from
one change of the law to the next share the first of them, so that addresses and caches live as long as
what they show. A day changes the law by itself when something that is public begins or ends on it.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time

from django.db.models import Max
from django.utils import timezone

from planning.catalog.figures import kept_figures
from planning.catalog.memory import Memory, Value
from planning.errors import Gone, Reason
from planning.models import AuditEntry, Parcel, Publication, RestrictionPiece, ZonePiece
from planning.ogcapi.addresses import addresses
from planning.ogcapi.collections import Collection, Figures, Snapshot
from planning.ogcapi.kept import forget

_DATED = (ZonePiece, RestrictionPiece, Parcel)
_VERSION = re.compile(r"(\d{1,18})\.([1-9]\d{3})(\d{2})(\d{2})", re.ASCII)

# Nothing that is remembered ever becomes wrong but by taking the demonstration away.
_REMEMBERED_S = 60
_MOST_REMEMBERED = 512
# Another title is told everywhere as soon as this.
_HEARD_S = 5


class PublishedRevisions:
    """The newest revision as it is law today, and any earlier one as on any day."""

    def __init__(self) -> None:
        self._memory = Memory(most=_MOST_REMEMBERED, seconds=_REMEMBERED_S)
        self._heard = Memory(most=1, seconds=_HEARD_S)
        self._newest: tuple[int, datetime | None] = (0, None)

    def newest(self) -> Snapshot:
        """The newest revision, on the last day on which the law changed by itself."""
        today = timezone.localdate()
        revision = self._newest_revision()
        last, following = self._changes_around(today)
        return Snapshot(revision, last, _begin_of(following), self._described())

    def at(self, version: str) -> Snapshot:
        """Any revision that was made, on any day. Raises Gone for whatever names none."""
        snapshot = _read(version)
        if snapshot is None or snapshot.revision > self._newest_revision():
            raise Gone(Reason.NO_SUCH_VERSION, value=version[:80], restart=addresses().of())
        return replace(snapshot, described=self._described())

    def figures(self, collection: Collection, snapshot: Snapshot) -> Figures:
        """Counted once for all processes; days between two changes of the law share theirs."""
        return self._kept(collection, snapshot)[0]

    def metric_systems(self, collection: Collection) -> tuple[str, ...]:
        """In which systems the data of the collection are measured, as codes in their order."""
        return self._kept(collection, self.newest())[1]

    def remembered(self, what: str, snapshot: Snapshot, make: Callable[[], Value]) -> Value:
        """What is said of the data as a whole: asked again with each revision and each new description."""
        return self._memory.get((what, snapshot.revision, snapshot.described), make)

    def _kept(self, collection: Collection, snapshot: Snapshot) -> tuple[Figures, tuple[str, ...]]:
        resolved = Snapshot(snapshot.revision, self._changes_around(snapshot.on)[0])
        key = (collection.id, resolved.version)
        return self._memory.get(key, lambda: kept_figures(collection, resolved))

    def _newest_revision(self) -> int:
        """One look into an index; what is remembered of the revision before is forgotten."""
        newest = Publication.objects.order_by("-revision").values_list("revision", "at").first() or (0, None)
        if newest != self._newest:
            self._memory.clear()
            if newest[0] <= self._newest[0]:
                # a database made anew under the same numbers: what was drawn of the other is not its own
                forget()
            self._newest = newest
        return newest[0]

    def _described(self) -> int:
        """The newest change of a description, as far as this process has heard of it."""
        return self._heard.get("described", newest_description)

    def _changes_around(self, on: date) -> tuple[date, date | None]:
        """The last change of the law up to the day (the day itself where none is known), and the next."""
        found = self._memory.get(on, lambda: changes_around(on))
        return self._memory.get(found[0], lambda: found)


def newest_description() -> int:
    """The number of the last change of a title, a name or a colour; 0 where none was changed yet."""
    return AuditEntry.objects.of_descriptions().aggregate(newest=Max("id"))["newest"] or 0


def changes_around(on: date) -> tuple[date, date | None]:
    """The last day up to `on` on which something public begins or ends (else `on`), and the next one."""
    first, *others = (question for model in _DATED for question in model.objects.changes_around(on))
    days = [day for (day,) in first.union(*others, all=True) if day is not None]
    last = max((day for day in days if day <= on), default=on)
    return last, min((day for day in days if day > on), default=None)


def _begin_of(day: date | None) -> datetime | None:
    """The first moment of a day, where this service is."""
    return datetime.combine(day, time.min, timezone.get_default_timezone()) if day else None


def _read(version: str) -> Snapshot | None:
    """`13.20261122` as it is written and in no other way: nothing has two addresses."""
    parts = _VERSION.fullmatch(version)
    if parts is None:
        return None
    try:
        snapshot = Snapshot(int(parts[1]), date(int(parts[2]), int(parts[3]), int(parts[4])))
    except ValueError:
        return None
    return snapshot if snapshot.version == version else None


PUBLISHED = PublishedRevisions()
