"""Public plans as features: where they speak, which of their statuses are found today, the papers behind.

A plan is shown where any of its public editions lies, drafts under consultation included; what is law on a
piece of land is said by the zones.
"""

from typing import Any

from django.contrib.gis.db.models import GeometryField, Union
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Case,
    CharField,
    DateField,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat, JSONObject, Least
from django.utils.translation import gettext_lazy as _

from planning.catalog import drawn, pages, said
from planning.catalog.source import PUBLISHED
from planning.models import (
    Document,
    Edition,
    LegalStatus,
    Plan,
    PlanKind,
    RestrictionPiece,
    VerticalLevel,
    ZonePiece,
)
from planning.ogcapi.collections import Collection, Family, Geometry, Key, Kind, Property, Snapshot

PIECES = (ZonePiece, RestrictionPiece)

PROPERTIES: tuple[Property, ...] = (
    Property(name="title", title=_("title")),
    Property(name="title_en", title=_("title in English")),
    Property(name="kind", choices=tuple(PlanKind.values), title=_("kind of plan")),
    Property(name="level", choices=tuple(VerticalLevel.values), title=_("level")),
    Property(
        name="is_in_force",
        kind=Kind.BOOLEAN,
        title=_("in force"),
        description=_("Whether any of its content is in force today."),
    ),
    Property(
        name="in_force_from",
        kind=Kind.DATE,
        title=_("in force from"),
        description=_("Since when the oldest of its content in force today has been so."),
    ),
    Property(
        name="statuses",
        kind=Kind.JSON,
        title=_("legal statuses"),
        description=_("Those that its content has today, draft first."),
    ),
    Property(name="scale", kind=Kind.INTEGER, title=_("scale 1:")),
    Property(
        name="accuracy_m",
        kind=Kind.NUMBER,
        unit="m",
        title=_("stated accuracy"),
        description=_("Empty where the authority states none; then 0.2 mm at the scale of the map counts."),
    ),
    Property(name="metric_crs", title=_("metric coordinate system")),
    Property(name="office", source="office__name", title=_("office")),
    Property(name="territory", source="territory__name", title=_("territory")),
    Property(name="parent", source="parent_id", title=_("made under")),
    Property(name="editions", source="editions_shown", kind=Kind.JSON, title=_("public editions")),
    Property(name="decisions", kind=Kind.JSON, title=_("decisions and letters of acceptance")),
    Property(name="source", title=_("source")),
    Property(name="licence", title=_("licence")),
)


def public(snapshot: Snapshot) -> QuerySet[Any]:
    """Plans with an edition that is public in the revision, each with what is asked of its content."""
    editions = Edition.objects.public().filter(plan=OuterRef("pk"), publication__lte=snapshot.revision)
    return Plan.objects.filter(Exists(editions)).annotate(
        geometry=_extent(editions),
        editions_shown=_editions(editions),
        decisions=_decisions(snapshot),
        statuses=_statuses(snapshot),
        is_in_force=_has_content(snapshot, LegalStatus.IN_FORCE),
        in_force_from=_in_force_from(snapshot),
    )


def _extent(editions: QuerySet[Any]) -> Subquery:
    """Where the plan speaks: a later edition may be smaller, an adjustment may reach beyond."""
    united = editions.order_by().values("plan").annotate(united=Union("extent")).values("united")
    return Subquery(united, output_field=GeometryField(srid=4326))


def _editions(editions: QuerySet[Any]) -> ArraySubquery:
    shown = JSONObject(
        edition=Concat(F("plan_id"), Value("/"), Cast(F("number"), CharField())),
        title=F("title"),
        is_local_adjustment=F("is_local_adjustment"),
        published_in=F("publication_id"),
    )
    return ArraySubquery(editions.order_by("number").values_list(shown))


def _decisions(snapshot: Snapshot) -> ArraySubquery:
    papers = Document.objects.public().filter(
        plan=OuterRef("pk"), publication__lte=snapshot.revision, kind__in=("decision", "acceptance")
    )
    shown = JSONObject(
        number=F("number"),
        date=F("date"),
        issuer=F("issuer"),
        title=F("title"),
        url=F("url"),
        sha256=F("sha256"),
    )
    return ArraySubquery(papers.order_by("date", "pk").values_list(shown))


def _has_content(snapshot: Snapshot, status: LegalStatus) -> Q:
    """Whether some zone or restriction of the plan has the status on the day."""
    zones, restrictions = (_pieces(model, snapshot, status) for model in PIECES)
    return Exists(zones) | Exists(restrictions)


def _statuses(snapshot: Snapshot) -> Func:
    found = (
        Case(
            When(_has_content(snapshot, status), then=Value(status.value)),
            default=None,
            output_field=TextField(),
        )
        for status in LegalStatus
    )
    return Func(
        *found, template="array_remove(ARRAY[%(expressions)s], NULL)", output_field=ArrayField(TextField())
    )


def _in_force_from(snapshot: Snapshot) -> Least:
    """The first day of the oldest content in force; pieces without a first day do not tell."""
    return Least(*(_first_day(model, snapshot) for model in PIECES))


def _first_day(model: Any, snapshot: Snapshot) -> Subquery:
    begun = _pieces(model, snapshot, LegalStatus.IN_FORCE).filter(valid__startswith__isnull=False)
    first = begun.order_by("valid__startswith").values("valid__startswith")[:1]
    return Subquery(first, output_field=DateField())


def _pieces(model: Any, snapshot: Snapshot, status: LegalStatus) -> QuerySet[Any]:
    pieces = model.objects.known_at(snapshot.revision).valid_on(snapshot.on)
    return pieces.filter(plan=OuterRef("pk"), status=status)


def _named(feature_id: str) -> Q | None:
    return Q(pk=feature_id)


PLANS: Collection = Collection(
    id="plans",
    title=_("Plans"),
    description=_("Public plans, drafts under consultation included, each with the land it speaks of."),
    source=PUBLISHED,
    rows=public,
    key=Key(source="pk", find=_named),
    geometry=Geometry(family=Family.POLYGON),
    properties=PROPERTIES,
    systems=said.systems_of(lambda: PLANS),
    notices=said.notices_of_plans,
    licence=said.LICENCE,
    attribution=said.ATTRIBUTION,
    drawing=drawn.PLANS,
    page_of=pages.of_plan,
)
