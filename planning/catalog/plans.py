"""Public plans as features: where they speak, which of their statuses are found today, the papers behind.

A plan is shown where any of its public editions lies, drafts under consultation included; what is law on a
piece of land is said by the zones.
"""

from typing import Any

from django.conf import settings
from django.contrib.gis.db.models import GeometryField, Union
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat, JSONObject
from django.utils.translation import gettext_lazy as _

from planning.answer.reading import DOCUMENTS
from planning.catalog import drawn, pages, said
from planning.catalog.plan_content import InForceFrom, IsInForce, Statuses
from planning.catalog.source import PUBLISHED
from planning.models import (
    Document,
    Edition,
    Plan,
    PlanKind,
    VerticalLevel,
)
from planning.ogcapi.collections import Collection, Family, Geometry, Key, Kind, Property, Snapshot

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
        kind=Kind.LIST,
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
    Property(name="parent", source="public_parent", title=_("made under")),
    Property(name="editions", source="editions_shown", kind=Kind.JSON, title=_("public editions")),
    Property(name="decisions", kind=Kind.JSON, title=_("decisions and letters of acceptance")),
    Property(name="source", title=_("source")),
    Property(name="licence", title=_("licence")),
)


def public(snapshot: Snapshot) -> QuerySet[Any]:
    """Plans with an edition that is public in the revision, each with what is asked of its content."""
    known = Edition.objects.public().filter(publication__lte=snapshot.revision)
    editions = known.filter(plan=OuterRef("pk"))
    return Plan.objects.filter(Exists(editions)).annotate(
        geometry=_extent(editions),
        editions_shown=_editions(editions),
        decisions=_decisions(snapshot),
        public_parent=_parent(known),
        statuses=Statuses(snapshot),
        is_in_force=IsInForce(snapshot),
        in_force_from=InForceFrom(snapshot),
    )


def _extent(editions: QuerySet[Any]) -> Subquery:
    """Where the plan speaks: a later edition may be smaller, an adjustment may reach beyond.

    A multipolygon always: programs take a collection of one type for a layer.
    """
    united = Func(Union("extent"), function="ST_Multi", output_field=GeometryField(srid=4326))
    found = editions.order_by().values("plan").annotate(united=united).values("united")
    return Subquery(found, output_field=GeometryField(srid=4326))


def _editions(editions: QuerySet[Any]) -> ArraySubquery:
    shown = JSONObject(
        edition=Concat(F("plan_id"), Value("/"), Cast(F("number"), CharField())),
        title=F("title"),
        is_local_adjustment=F("is_local_adjustment"),
        published_in=F("publication_id"),
    )
    return ArraySubquery(editions.order_by("number").values_list(shown))


def _parent(known: QuerySet[Any]) -> Case:
    """The plan that it was made under; one that is prepared has no name yet."""
    return Case(When(Exists(known.filter(plan=OuterRef("parent"))), then=F("parent_id")), default=None)


def _decisions(snapshot: Snapshot) -> ArraySubquery:
    papers = Document.objects.public().filter(
        plan=OuterRef("pk"), publication__lte=snapshot.revision, kind__in=("decision", "acceptance")
    )
    shown = JSONObject(
        number=F("number"),
        date=F("date"),
        issuer=F("issuer"),
        title=F("title"),
        url=_address(),
        sha256=F("sha256"),
    )
    return ArraySubquery(papers.order_by("date", "pk").values_list(shown))


def _address() -> Case:
    """Where a paper can be read: here where its file is, else where its office keeps it."""
    kept_here = Concat(Value(f"{settings.PUBLIC_URL}{DOCUMENTS}"), F("sha256"))
    is_here = ~Q(file="") & ~Q(sha256="")
    return Case(When(is_here, then=kept_here), default=F("url"), output_field=CharField())


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
    of_none_found=said.NO_FEATURE,
    licence=said.LICENCE,
    attribution=said.ATTRIBUTION,
    drawing=drawn.PLANS,
    page_of=pages.of_plan,
)
