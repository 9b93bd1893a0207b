"""What a look-up found, grouped by kind and with addresses, ready to be chosen from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import shapely
from django.urls import reverse
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from planning import crs
from planning.codes import search_name
from planning.lookup import Candidate, CandidateKind, LookupResult, UnderstoodAs
from planning.models import Parcel, Plan
from portal import figures

_MOST_CORNERS = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """A candidate with the page it leads to; units and streets have none and are told apart in words."""

    candidate: Candidate
    address: str


@dataclass(frozen=True, slots=True)
class Group:
    """Candidates of one kind, best first."""

    kind: str
    heading: str
    choices: tuple[Choice, ...]


def grouped(found: LookupResult, *, date_query: str) -> tuple[Group, ...]:
    """Groups in the order of their best candidate, so that the likeliest kind stands first."""
    headings = _headings()
    kinds = dict.fromkeys(candidate.kind for candidate in found.candidates)
    return tuple(
        Group(
            kind.value,
            headings[kind],
            tuple(
                Choice(candidate, _address(candidate, date_query))
                for candidate in found.candidates
                if candidate.kind is kind
            ),
        )
        for kind in kinds
    )


def shown(found: LookupResult, groups: tuple[Group, ...]) -> dict[str, Any]:
    """What the page of results prints; where nothing was found, how the text was understood."""
    return {"found": found, "groups": groups, "understood": _understood(found)}


def _understood(found: LookupResult) -> str:
    return {
        UnderstoodAs.PARCEL_CODE: _("We took it for the code of a parcel."),
        UnderstoodAs.PARCEL_NUMBER: _("We took it for a map sheet and a parcel number."),
        UnderstoodAs.OTHER_NUMBER: _("We took it for a parcel number of another scheme."),
        UnderstoodAs.COORDINATES: _("We took it for coordinates."),
        UnderstoodAs.CORNERS: _("We took it for a list of corner points."),
        UnderstoodAs.PLUS_CODE: _("We took it for a plus code."),
        UnderstoodAs.DECISION: _("We took it for the number of a decision."),
        UnderstoodAs.WORDS: _("We took it for a name or an address."),
        UnderstoodAs.NOTHING: _("We could not make out what it means."),
    }[found.understood_as]


@dataclass(frozen=True, slots=True)
class Examples:
    """Searches that work here, made from what is stored; empty where nothing is."""

    parcel: str = ""
    degrees: str = ""
    metres: str = ""
    corners: str = ""
    place: str = ""
    plan: str = ""


def examples(language: str) -> Examples:
    """One search of each kind, so that people see how to write what they have."""
    plan = Plan.objects.public().order_by("id").first()
    title = (plan.title_en if language == "en" else "") or plan.title if plan else ""
    parcel = Parcel.objects.filter(known__isnull=False).select_related("unit").order_by("pk").first()
    if parcel is None:
        return Examples(plan=title)
    inside = shapely.point_on_surface(shapely.from_wkb(bytes(parcel.geometry.wkb)))
    system = crs.parse(parcel.metric_crs)
    ((easting, northing),) = shapely.get_coordinates(crs.transform(inside, crs.WGS84, system))
    outline = crs.transform(shapely.from_wkb(bytes(parcel.geometry.wkb)), crs.WGS84, system)
    return Examples(
        parcel=f"tờ {parcel.sheet} thửa {parcel.number} {parcel.unit.name}",
        degrees=f"{inside.y:.6f}, {inside.x:.6f}",
        metres=f"X={figures.number(northing, 1, 'vi')} Y={figures.number(easting, 1, 'vi')}",
        corners=_corners(outline),
        place=search_name(parcel.unit.name),
        plan=title,
    )


def _corners(outline: BaseGeometry) -> str:
    """The corners as a land certificate lists them: number, X (north), Y (east)."""
    ring = shapely.get_coordinates(shapely.get_exterior_ring(shapely.get_geometry(outline, 0)))[:-1]
    rows = (f"{index} {north:.2f} {east:.2f}" for index, (east, north) in enumerate(ring[:_MOST_CORNERS], 1))
    return "\n".join(rows)


def _headings() -> Mapping[CandidateKind, str]:
    return {
        CandidateKind.PARCEL: _("Parcels"),
        CandidateKind.POINT: _("Places by coordinates"),
        CandidateKind.COMMUNE: _("Communes, wards and provinces"),
        CandidateKind.STREET: _("Streets"),
        CandidateKind.PLAN: _("Plans"),
    }


def _address(candidate: Candidate, date_query: str) -> str:
    match candidate.kind:
        case CandidateKind.PARCEL:
            address = reverse("parcel", args=[candidate.id])
        case CandidateKind.POINT:
            address = reverse("point", args=[candidate.id])
        case CandidateKind.PLAN:
            return reverse("plan", args=[candidate.id])
        case CandidateKind.STREET:
            # the same question with the town behind it: what lies along this very street
            address = f"{reverse('home')}?{urlencode({'q': candidate.label})}"
            return f"{address}&{date_query}" if date_query else address
        case _:
            return ""
    return f"{address}?{date_query}" if date_query else address
