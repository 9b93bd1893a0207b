"""What the lists have in common: `{"items", "next", "notices"}`, paged by key and never by offset.

A key keeps its place while others publish, and page 1 000 costs what page 1 costs.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from planning.models import Office
from planning.ogcapi.parameters import written_cursor

Json = dict[str, Any]


def today() -> date:
    """The day here, in the time zone of the service."""
    return timezone.localdate()


def address(request: HttpRequest, name: str, *args: str) -> str:
    """The absolute address of one of our views."""
    return request.build_absolute_uri(reverse(f"api:{name}", args=args))


def page(
    request: HttpRequest,
    rows: Sequence[Any],
    *,
    limit: int,
    key: Callable[[Any], str],
    items: Sequence[Json],
    notices: Sequence[Json] = (),
) -> Json:
    """One page out of rows of which one more than `limit` was asked for; `items` belong to `rows[:limit]`."""
    following = next_page(request, key(rows[limit - 1])) if len(rows) > limit else None
    return {"items": list(items), "next": following, "notices": list(notices)}


def next_page(request: HttpRequest, last_key: str) -> str:
    query = request.GET.copy()
    query["cursor"] = written_cursor(last_key)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def office_ref(office: Office) -> Json:
    """An office as lists name it."""
    return {"id": office.id, "name": office.name, "name_en": office.name_en}
