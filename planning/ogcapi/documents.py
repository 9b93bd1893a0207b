"""The base of resources that describe: one document, made anew only when what it tells of has changed."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime

from django.http import HttpResponse
from django.utils import translation

from planning.ogcapi.caching import is_fresh, keep, tag_of
from planning.ogcapi.collections import Collection, Json, Snapshot, everybody
from planning.ogcapi.views import OgcView

# What is told without a look at the data.
TIMELESS = Snapshot(0, date.min)
_NEVER = datetime.max.replace(tzinfo=UTC)


class DocumentView(OgcView):
    """A resource whose document depends on versions of the data and on nothing that a caller sends but
    format and language."""

    def tell(
        self,
        page: str,
        make: Callable[[], Json],
        snapshots: Sequence[Snapshot] = (),
        *parts: object,
        is_public: bool = True,
    ) -> HttpResponse:
        """The document, or 304 to a reader who holds it; `parts` is what else it depends on."""
        soonest = min(snapshots, key=lambda one: one.until or _NEVER, default=TIMELESS)
        versions = (one.version for one in snapshots)
        asked = (self.addresses.root, self.http_request.path, self.sent.name, translation.get_language())
        tag = tag_of(soonest, *asked, *versions, *parts)
        is_held = is_fresh(self.http_request, tag)
        response = HttpResponse(status=304) if is_held else self.respond(make(), page)
        keep(response, soonest, tag, is_public=is_public)
        return response


def newest(collections: Iterable[Collection]) -> dict[str, Snapshot]:
    """What each collection shows now, by its id. Every source is asked once: two collections of one source
    are told of in one version."""
    asked: dict[int, Snapshot] = {}
    found = {}
    for collection in collections:
        source = collection.source
        if id(source) not in asked:
            asked[id(source)] = source.newest()
        found[collection.id] = asked[id(source)]
    return found


def are_for_everybody(*collections: Collection) -> bool:
    """Whether every caller is told the same of them; else nobody may keep what one was told."""
    return all(one.is_visible is everybody for one in collections)
