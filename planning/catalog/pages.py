"""Where people read about a feature: the absolute addresses of its page."""

from urllib.parse import quote

from django.conf import settings


def of_zone(feature_id: str) -> str:
    """The page of a zone."""
    return _page("zones", feature_id)


def of_piece(feature_id: str) -> str:
    """The page of the zone that a piece was cut from."""
    return of_zone(feature_id.rsplit(".", 2)[0])


def of_plan(feature_id: str) -> str:
    """The page of a plan."""
    return _page("plans", feature_id)


def of_parcel(feature_id: str) -> str:
    """The page of a parcel."""
    return _page("parcels", feature_id)


def _page(kind: str, feature_id: str) -> str:
    return f"{settings.PUBLIC_URL}/{kind}/{quote(feature_id, safe='')}"
