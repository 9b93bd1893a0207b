"""Published revisions as the versions of what the OGC APIs show."""

from datetime import date, datetime

from django.contrib.gis.db.models import Extent
from django.utils import timezone

from planning.errors import Gone, Reason
from planning.models import Publication
from planning.ogcapi.collections import Collection, Figures, Snapshot


class PublishedRevisions:
    """The newest revision as it is law today, and any earlier one."""

    def newest(self) -> Snapshot:
        """The newest revision, on the last day on which the law changed by itself."""
        return Snapshot(Publication.objects.latest_revision(), timezone.localdate())

    def at(self, version: str) -> Snapshot:
        """Raises Gone for a revision that is not here."""
        number, _, day = version.partition(".")
        try:
            revision, on = int(number), datetime.strptime(day, "%Y%m%d").date()
        except ValueError:
            raise Gone(Reason.NO_SUCH_VERSION, value=version) from None
        if not 0 <= revision <= Publication.objects.latest_revision():
            raise Gone(Reason.NO_SUCH_VERSION, value=version)
        return Snapshot(revision, on)

    def figures(self, collection: Collection, snapshot: Snapshot) -> Figures:
        """Asked of the rows themselves."""
        rows = collection.rows(snapshot).order_by()
        found = rows.aggregate(box=Extent(collection.geometry.field))
        interval: tuple[date | None, date | None] | None = None
        return Figures(count=rows.count(), bbox=found["box"], interval=interval)


PUBLISHED = PublishedRevisions()
