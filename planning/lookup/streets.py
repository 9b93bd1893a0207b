"""Streets by name, exact or with a slip, gathered over the communes they run through."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.db.models.functions import PointOnSurface
from django.db.models import OuterRef, Subquery

from planning.lookup.addresses import AddressWords
from planning.lookup.spelling import slips
from planning.lookup.units import naming_any
from planning.models import AdminUnit, Parcel, Street
from planning.querysets import StreetOf, StreetQuerySet

_MOST = 40
_MOST_ALIKE = 3
_SHORTEST_LIKE = 5
_KINDS = ("pho ", "duong ", "dai lo ", "ngo ", "hem ")
_UNITS = ("unit", "unit__parent", "unit__parent__parent")
# of the units only names are shown: reading their shapes takes longer than finding them
_BOUNDARIES = tuple(f"{unit}__{shape}" for unit in _UNITS for shape in ("geometry", "centre"))


@dataclass(frozen=True, slots=True)
class StreetMatch:
    """A street in one district or town: its communes and a place in it."""

    name: str
    search_name: str
    units: tuple[AdminUnit, ...]
    centre: tuple[float, float]
    is_similar: bool

    @property
    def superior(self) -> AdminUnit:
        """What all its communes belong to; the commune itself where it stands alone."""
        unit = self.units[0]
        return unit.parent or unit

    @property
    def id(self) -> str:
        return f"{self.superior.id}/{self.search_name.replace(' ', '-')}"

    @property
    def bare(self) -> str:
        return bare(self.search_name)


def find_streets(address: AddressWords, *, revision: int, limit: int) -> tuple[StreetMatch, ...]:
    """Streets of that name along which public parcels lie; units named behind it narrow the choice."""
    rows = list(_held(Street.objects.named(_forms(address)), revision)[:_MOST])
    return _gathered(rows, address, is_similar=False)[:limit]


def streets_like(address: AddressWords, *, revision: int, limit: int) -> tuple[StreetMatch, ...]:
    """Streets whose name differs by a slip or two; () for names too short to tell."""
    wanted = address.street
    if len(wanted.replace(" ", "")) < _SHORTEST_LIKE:
        return ()
    names = [row["search_name"] for row in Street.objects.like(wanted)[:_MOST]]
    differing = [(count, name) for name in names if (count := slips(wanted, bare(name))) is not None]
    if not differing:
        return ()
    fewest = min(count for count, _ in differing)
    alike = list(dict.fromkeys(name for count, name in differing if count == fewest))[:_MOST_ALIKE]
    rows = list(_held(Street.objects.named(alike), revision)[:_MOST])
    return _gathered(rows, address, is_similar=True)[:limit]


def bare(street: str) -> str:
    """The folded street without its kind."""
    kind = next((kind for kind in _KINDS if street.startswith(kind)), "")
    return street[len(kind) :]


def _forms(address: AddressWords) -> set[str]:
    """The name as it may be stored; units may follow it without a comma."""
    words = address.street.split()
    names = [" ".join(words[:count]) for count in range(len(words), 0, -1)]
    return {
        f"{kind}{form}"
        for name in names[:4]
        if len(name) > 1
        for form in address.named_as(name)
        for kind in address.kinds
    }


def _held(streets: StreetQuerySet, revision: int) -> StreetQuerySet:
    """Those with a public parcel, and where one of these lies."""
    along = (
        Parcel.objects.known_at(revision)
        .alias(street=StreetOf("search_address"))
        .filter(street=OuterRef("search_name"), unit=OuterRef("unit"))
        .order_by()
    )
    point: Any = Subquery(along.annotate(inside=PointOnSurface("geometry")).values("inside")[:1])
    return (
        streets.select_related("unit__parent__parent")
        .defer(*_BOUNDARIES)
        .annotate(inside=point)
        .filter(inside__isnull=False)
    )


def _gathered(rows: Iterable[Street], address: AddressWords, *, is_similar: bool) -> tuple[StreetMatch, ...]:
    """One match for each name and district; the longest name and the best context first."""
    groups: dict[tuple[str, str], list[Street]] = {}
    for row in rows:
        groups.setdefault((row.search_name, row.unit.parent_id or row.unit_id), []).append(row)
    matches = [
        StreetMatch(
            name=rows_of[0].name,
            search_name=search_name,
            units=tuple(row.unit for row in sorted(rows_of, key=lambda row: row.unit_id)),
            centre=(rows_of[0].inside.x, rows_of[0].inside.y),  # type: ignore[attr-defined]  # annotated
            is_similar=is_similar,
        )
        for (search_name, _), rows_of in groups.items()
    ]
    if not is_similar and matches:
        longest = max(len(match.bare) for match in matches)
        matches = [match for match in matches if len(match.bare) == longest]
    points = {id(match): _points(match, address) for match in matches}
    most = max(points.values(), default=0)
    if not (most or is_similar or address.leads or address.is_street_named):
        # of "huyện Mẫu" the first word is no alley: a bare name is a street's as a whole or not at all
        matches = [match for match in matches if match.bare == address.street]
    return tuple(match for match in matches if points[id(match)] == most)


def named_behind(match: StreetMatch, address: AddressWords) -> tuple[str, ...] | None:
    """What was typed behind the street and does not name what it lies in; None where it does."""
    return None if _points(match, address) else address.after(match.search_name) or None


def _points(match: StreetMatch, address: AddressWords) -> int:
    places = address.after(match.search_name)
    units: dict[str, AdminUnit] = {}
    for unit in match.units:
        superior: AdminUnit | None = unit
        while superior is not None:
            units[superior.id] = superior
            superior = superior.parent
    return naming_any(units.values(), places)
