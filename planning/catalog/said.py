"""What is said of the data as a whole; see below."""

from collections.abc import Callable, Iterable, Mapping

from planning import crs
from planning.ogcapi.collections import Snapshot


def systems_of(collection_id: str) -> Callable[[], tuple[crs.CRS, ...]]:
    """The metric systems of the data of a collection."""
    return tuple


def notices_of_plans(snapshot: Snapshot) -> Iterable[Mapping[str, str]]:
    """What must be said of plans."""
    return ()


def notices_of_parcels(snapshot: Snapshot) -> Iterable[Mapping[str, str]]:
    """What must be said of parcels."""
    return ()


LICENCE = LICENCE_OF_PARCELS = ""
ATTRIBUTION = ATTRIBUTION_OF_PARCELS = ""
