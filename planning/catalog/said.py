"""What is said of the data as a whole: that some are invented, whose they are, under which licence, in
which systems they are measured, whom to ask.

These are descriptions and so today's, whatever revision is read.
"""

import re
from collections.abc import Callable, Iterable, Mapping

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import lazy

from planning import crs
from planning.api.notices import notices_of
from planning.catalog.source import PUBLISHED
from planning.models import LayerUpload, Office, Parcel, Plan
from planning.ogcapi.collections import Collection, Json, Snapshot

# `datetime` finds nothing of these days in a collection of what is law today.
TODAY_ALONE = {
    "vi": "Tìm trong những gì có hiệu lực hôm nay; những gì chỉ có hiệu lực vào ngày khác không có ở đây.",
    "en": "This searches what is in force today; what is in force on other days only is not here.",
}
ZONES_OF_OTHER_DAYS = {
    "vi": f"{TODAY_ALONE['vi']} Ô quy hoạch của mọi thời gian ở bộ dữ liệu zones-history.",
    "en": f"{TODAY_ALONE['en']} Zones of all times are in the collection zones-history.",
}
PARCELS_OF_OTHER_DAYS = {
    "vi": "Tìm trong những thửa đất có hôm nay; những thửa chỉ có vào ngày khác thì không có ở đây.",
    "en": "This searches the parcels of today; parcels of other days only are not here.",
}
NO_FEATURE = {
    "vi": "Không có đối tượng nào. Điều đó không có nghĩa là ở đó không có quy hoạch.",
    "en": "There is no feature. That does not mean that nothing is planned there.",
}
# "ODbL 1.0" is written "ODbL-1.0" where licences have addresses.
_NAME_AND_NUMBER = re.compile(r"([A-Za-z][A-Za-z0-9-]*) (\d[\d.]*)")


def systems_of(collection: Callable[[], Collection]) -> Callable[[], tuple[crs.CRS, ...]]:
    """The metric systems a collection is offered in: those of its own data, unless settings name others.

    It is part of the declaration of the collection, hence the function that names it.
    """

    def systems() -> tuple[crs.CRS, ...]:
        codes = settings.OGC_CRS or PUBLISHED.metric_systems(collection())
        return tuple(crs.parse(code) for code in codes)

    return systems


def offices_of_plans() -> QuerySet[Office]:
    """Offices with a public plan."""
    return Office.objects.filter(Exists(Plan.objects.public().filter(office=OuterRef("pk"))))


def offices_of_parcels() -> QuerySet[Office]:
    """Offices from whose files public parcels came."""
    public = Parcel.objects.filter(upload=OuterRef("pk"), known__isnull=False)
    return Office.objects.filter(Exists(LayerUpload.objects.filter(Exists(public), office=OuterRef("pk"))))


def notices_of_plans(snapshot: Snapshot) -> Iterable[Mapping[str, str]]:
    """What must be said of plans and of all that was cut from them."""
    offices = offices_of_plans().filter(is_demonstration=True)
    return PUBLISHED.remembered("notices of plans", snapshot, lambda: notices_of(offices))


def notices_of_parcels(snapshot: Snapshot) -> Iterable[Mapping[str, str]]:
    """What must be said of parcels."""
    offices = offices_of_parcels().filter(is_demonstration=True)
    return PUBLISHED.remembered("notices of parcels", snapshot, lambda: notices_of(offices))


def _named(offices: Callable[[], QuerySet[Office]]) -> str:
    return ", ".join(offices().order_by("name").values_list("name", flat=True))


def _only(licences: Iterable[str]) -> str:
    """The licence of all; empty where they differ: then each feature names its own."""
    found = {licence.strip() for licence in licences}
    if len(found) != 1:
        return ""
    return _NAME_AND_NUMBER.sub(r"\1-\2", found.pop())


def _licence_of_plans() -> str:
    """As the files say that zones and restrictions came from, and the plans themselves."""
    return _only(Plan.objects.public().order_by().values_list("licence", flat=True))


def _licence_of_parcels() -> str:
    public = Parcel.objects.filter(upload=OuterRef("pk"), known__isnull=False)
    uploads = LayerUpload.objects.filter(Exists(public)).order_by()
    return _only(uploads.values_list("licence", flat=True).distinct())


LICENCE = lazy(_licence_of_plans, str)()
LICENCE_OF_PARCELS = lazy(_licence_of_parcels, str)()
ATTRIBUTION = lazy(lambda: _named(offices_of_plans), str)()
ATTRIBUTION_OF_PARCELS = lazy(lambda: _named(offices_of_parcels), str)()


def contact() -> Json:
    """Whom to ask: the office that answers for the territory where it is one, else none by name."""
    offices = list(Office.objects.filter(~Q(territory=None)).distinct().order_by("pk")[:2])
    if len(offices) != 1:
        return {}
    return {name: value for name in ("name", "url", "email") if (value := getattr(offices[0], name))}
