"""Where people read about a feature: the addresses of the pages, as paths of this service."""

from urllib.parse import quote


def of_zone(feature_id: str) -> str:
    """The page of a zone."""
    return f"/zones/{quote(feature_id, safe='')}"


def of_piece(feature_id: str) -> str:
    """The page of the zone that a piece was cut from."""
    return of_zone(feature_id.rsplit(".", 2)[0])


def of_plan(feature_id: str) -> str:
    """The page of a plan."""
    return f"/plans/{quote(feature_id, safe='')}"


def of_parcel(feature_id: str) -> str:
    """The page of a parcel."""
    return f"/parcels/{quote(feature_id, safe='')}"
