"""What the office of a plan declared about its data of that kind, and of which communes it speaks."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.gis.db.models import GeometryField
from django.db.models import Exists, F, FloatField, Func, OuterRef, Value
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from planning.models import AdminSuccession, AdminUnit, AdminUnitKind, Coverage, Plan
from portal import figures, wording
from portal.voice import named

MOST_COVERAGE = 20
MOST_COMMUNES = 30
# A declaration that reaches less of a commune than this only shares its boundary.
_MORE_THAN_AN_EDGE = 0.01
_NEARLY_ALL = 0.99


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """One declaration in a sentence; `where` is empty where all of them say the same."""

    sentence: SafeString
    theme: str
    source: str
    where: str
    communes: tuple[SafeString, ...]


def declared_of(plan: Plan, day: date, revision: int, language: str) -> list[Declared]:
    rows = list(_rows(plan, day, revision))
    states: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        states[row.theme_id].add(row.state)
    return [_declared(row, day, language, differs=len(states[row.theme_id]) > 1) for row in rows]


def _rows(plan: Plan, day: date, revision: int) -> Any:
    square_metres = Func(
        F("geometry"), template="ST_Area(%(expressions)s::geography)", output_field=FloatField()
    )
    return (
        Coverage.objects.known_at(revision)
        .valid_on(day)
        .filter(office=plan.office, theme__plan_kinds__contains=[plan.kind], plan_kind__in=("", plan.kind))
        .select_related("theme", "office")
        .annotate(square_metres=square_metres)
        .defer("geometry")
        .order_by("theme__order", "state", "-as_of", "pk")[:MOST_COVERAGE]
    )


def _declared(row: Any, day: date, language: str, *, differs: bool) -> Declared:
    sentence = format_html(
        wording.said(wording.COVERAGE[row.state], language),
        office=named(row.office.name_en, row.office.name, language),
        as_of=figures.day(row.as_of, language),
    )
    return Declared(
        sentence=sentence,
        theme=row.theme.title_vi if language == "vi" else row.theme.title_en,
        source=row.source,
        where=_size(row, language) if differs else "",
        communes=tuple(_communes(row.pk, day, language)) if differs else (),
    )


def _size(row: Any, language: str) -> str:
    words = wording.said(wording.PART_OF_EXTENT, language)
    return f"{words} ({figures.extent(row.square_metres, language)})"


class ShareWithin(Func):
    """How much of a geometry lies in another; degrees squared serve for comparing only."""

    template = "ST_Area(ST_Intersection(%(expressions)s)) / ST_Area(geometry)"
    output_field = FloatField()


def _communes(coverage: int, day: date, language: str) -> list[SafeString]:
    """The communes the declaration reaches, where their boundaries are known; those in part say so."""
    declared = Coverage.objects.values_list("geometry", flat=True).get(pk=coverage)
    place = Value(declared, output_field=GeometryField(srid=4326))
    passed = AdminSuccession.objects.filter(predecessor=OuterRef("pk"), on__lte=day)
    found = list(
        AdminUnit.objects.filter(kind=AdminUnitKind.COMMUNE, geometry__intersects=declared)
        .annotate(reach=ShareWithin(F("geometry"), place), is_former=Exists(passed))
        .filter(reach__gt=_MORE_THAN_AN_EDGE)
        .order_by("name", "id")
        .values_list("name", "reach", "is_former")
    )
    # units of that day, unless the boundaries of their predecessors are all that is known
    shown = [one for one in found if not one[2]] or found
    return [_commune(name, reach, language) for name, reach, _is_former in shown[:MOST_COMMUNES]]


def _commune(name: str, reach: float, language: str) -> SafeString:
    shown = named("", name, language)
    return shown if reach >= _NEARLY_ALL else format_html(_("{commune} (in part)"), commune=shown)
