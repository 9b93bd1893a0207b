"""What several collections show alike, and the few SQL functions that this takes.

Every join costs at each page: what is shown of a feature comes from its own row, the row it was cut from,
and from tables so small that they are held in memory.
"""

from typing import Any

from django.db.models import CharField, F, Func, IntegerField, TextField, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Concat, NullIf
from django.utils.translation import gettext_lazy as _

from planning.models import LegalStatus, PlanKind, VerticalLevel
from planning.ogcapi.collections import Kind, Property, Validity

# Both ends of the legal validity, under the names of the properties that show them.
VALIDITY = Validity(field="valid", start="valid_from", end="valid_to")


class Dimension(Func):
    """Of a geometry: 0 for points, 1 for lines, 2 for areas."""

    function = "ST_Dimension"
    arity = 1
    output_field = IntegerField()


class IsoDay(Func):
    """A day as text, whatever the session thinks of dates."""

    function = "to_char"
    template = "%(function)s(%(expressions)s, 'YYYY-MM-DD')"
    arity = 1
    output_field = CharField()


def edition_code(edition: str = "edition") -> Concat:
    """The public name of an edition: `<plan>/<n>`."""
    return Concat(F("plan_id"), Value("/"), Cast(F(f"{edition}__number"), CharField()))


STATUS = Property(name="status", choices=tuple(LegalStatus.values), title=_("legal status"))
DATES: tuple[Property, ...] = (
    Property(
        name="valid_from",
        source="valid__startswith",
        kind=Kind.DATE,
        title=_("first day of the status"),
        description=_("Empty where no day is known on which it began."),
    ),
    Property(
        name="valid_to",
        source="valid__endswith",
        kind=Kind.DATE,
        title=_("first day after the status"),
        description=_("Empty where it has no end that is known."),
    ),
)
# The act that gave the status, by the number of its decision (its title where it has none); all of them,
# with edition and kind of event, under `causes`.
DECISION: tuple[Property, ...] = (
    Property(
        name="decision",
        source=NullIf(KT("causes__0__document"), Value("", output_field=TextField())),
        title=_("decision"),
        description=_(
            "Number of the decision behind the status; where there are several, “causes” has all of them."
        ),
    ),
    Property(name="causes", kind=Kind.JSON, title=_("events behind the status")),
)
PLAN: tuple[Property, ...] = (
    Property(name="plan", source="plan_id", title=_("plan")),
    Property(name="plan_title", source="plan__title", title=_("title of the plan")),
    Property(name="plan_kind", source="plan__kind", choices=tuple(PlanKind.values), title=_("kind of plan")),
    Property(name="level", choices=tuple(VerticalLevel.values), title=_("level")),
    Property(name="edition", source=edition_code(), title=_("edition")),
    Property(name="theme", source="theme_id", title=_("theme")),
    Property(name="office", source="plan__office__name", title=_("office")),
)


def from_upload(path: str) -> tuple[Property, ...]:
    """Where a row came from: who published the file, under which licence, its hash, the row in it."""
    return (
        Property(name="publisher", source=f"{path}upload__publisher", title=_("publisher")),
        Property(name="licence", source=f"{path}upload__licence", title=_("licence")),
        Property(name="sha256", source=f"{path}upload__sha256", title=_("SHA-256 of the file")),
        Property(name="feature", source=f"{path}feature", kind=Kind.INTEGER, title=_("row in the file")),
    )


def _indicator(row: str, key: str, unit: str, *titles: Any) -> tuple[Property, ...]:
    return tuple(
        Property(
            name=f"{key}_{part}",
            source=f"{row}{key}_{part}",
            kind=Kind.NUMBER,
            unit=unit,
            title=title,
        )
        for part, title in zip(("min", "max"), titles, strict=True)
    )


def indicators(row: str) -> tuple[Property, ...]:
    """What a plan says in numbers: all of it with the published text, the main ones as numbers.

    `row` is the path to the published row, underscores included.
    """
    return (
        *_indicator(row, "coverage", "%", _("coverage, at least"), _("coverage, at most")),
        *_indicator(
            row, "floor_area_ratio", "", _("floor-area ratio, at least"), _("floor-area ratio, at most")
        ),
        *_indicator(row, "storeys", "", _("storeys, at least"), _("storeys, at most")),
        *_indicator(row, "height", "m", _("height, at least"), _("height, at most")),
        Property(
            name="indicators",
            source=f"{row}indicators",
            kind=Kind.JSON,
            title=_("indicators"),
            description=_(
                "Each as published, with the numbers read from it. A blank means unknown, never no limit."
            ),
        ),
    )
