"""The plan file's plan, edition, documents, events and relations as staged rows.

Part of staging, for files whose result is `ok` alone: a territory is in force as soon as it is there,
the rest is not public before `planning.publication` says so. What exists already is left as it is; where
the plan file contradicts it, `contradictions` has said so.
"""

from django.contrib.gis.geos import MultiPolygon, Polygon

from planning.codes import search_name
from planning.errors import BadParameter, Forbidden, NotFound, Reason, Refused
from planning.imports.contradictions import overlapping
from planning.imports.papers import register_paper
from planning.imports.planfile import Bbox, PlanFile, PlanSection, RelationSection
from planning.models import (
    Edition,
    EventKind,
    Office,
    Plan,
    PlanEvent,
    PlanIdentifier,
    PlanKind,
    PlanRelation,
    RelationKind,
    Territory,
    User,
    VerticalLevel,
    Visibility,
)


def existing_edition(plan_file: PlanFile | None, *, office: Office) -> Edition | None:
    """The office's edition that the plan file speaks of, where it is already there."""
    if plan_file is None or plan_file.plan is None or plan_file.edition is None:
        return None
    found = Edition.objects.filter(plan=plan_file.plan.id, number=plan_file.edition.number)
    return found.filter(plan__office=office).first()


def register(plan_file: PlanFile | None, *, office: Office, by: User) -> Edition | None:
    """The staged edition of a plan file, made where it is missing; None where it names none.

    Raises Refused for a public edition, Forbidden for another office's plan, NotFound and BadParameter
    for what it names in vain.
    """
    if plan_file is None or plan_file.plan is None or plan_file.edition is None:
        return None
    plan = _plan(plan_file, plan_file.plan, office)
    stated = plan_file.edition
    edition, is_new = Edition.objects.get_or_create(
        plan=plan,
        number=stated.number,
        defaults={
            "title": stated.title,
            "is_local_adjustment": stated.is_local_adjustment,
            "extent": box(stated.extent) if stated.extent else None,
        },
    )
    if edition.visibility == Visibility.PUBLIC:
        raise Refused(Reason.WRONG_STATE, edition=edition.code, state=edition.visibility)
    if is_new:
        _papers(plan_file, edition, by)
    return edition


def _plan(plan_file: PlanFile, stated: PlanSection, office: Office) -> Plan:
    plan = Plan.objects.filter(pk=stated.id).first()
    if plan is None:
        plan = _new_plan(plan_file, stated, office)
    if plan.office_id != office.pk:
        raise Forbidden(Reason.NOT_A_MEMBER, office=plan.office_id)
    return plan


def _new_plan(plan_file: PlanFile, stated: PlanSection, office: Office) -> Plan:
    _choice("plan.kind", stated.kind, PlanKind.values)
    _choice("plan.level", stated.level, VerticalLevel.values)
    if stated.parent and not Plan.objects.filter(pk=stated.parent).exists():
        raise NotFound("plan", stated.parent)
    plan = Plan.objects.create(
        id=stated.id,
        kind=stated.kind,
        level=stated.level,
        title=stated.title,
        title_en=stated.title_en,
        search_title=search_name(f"{stated.title} {stated.title_en}")[:300],
        territory=_territory(plan_file, stated.territory, office),
        office=office,
        parent_id=stated.parent or None,
        scale=stated.scale,
        accuracy_m=stated.accuracy_m,
        metric_crs=stated.metric_crs,
        tiles_its_extent=stated.tiles_its_extent,
        licence=stated.licence,
        source=stated.source,
    )
    PlanIdentifier.objects.bulk_create(
        PlanIdentifier(plan=plan, scheme=scheme, value=value) for scheme, value in stated.identifiers.items()
    )
    return plan


def _territory(plan_file: PlanFile, code: str, office: Office) -> Territory:
    stored = Territory.objects.filter(pk=code).first()
    if stored is not None:
        return stored
    stated = plan_file.territory
    if stated is None or stated.code != code:
        raise NotFound("territory", code)
    # asked again: another import may have come in between
    for other in overlapping(code, stated.extent):
        raise Refused(Reason.WRONG_STATE, territory=code, overlaps=other)
    return Territory.objects.create(
        code=code, name=stated.name, metric_crs=stated.metric_crs, extent=box(stated.extent), office=office
    )


def _papers(plan_file: PlanFile, edition: Edition, by: User) -> None:
    documents = {one.key: register_paper(one, edition) for one in plan_file.documents}
    for event in plan_file.events:
        # What is corrected is public, and a plan file speaks of an edition that is not.
        _choice("events.kind", event.kind, [k for k in EventKind.values if k != EventKind.CORRECTED])
        PlanEvent.objects.create(
            edition=edition,
            kind=event.kind,
            on=event.on,
            effective_from=event.effective_from,
            effective_to=event.effective_to,
            document=documents.get(event.document),
            note=event.note,
            extent=box(event.extent) if event.extent else None,
            recorded_by=by,
        )
    for relation in plan_file.relations:
        _choice("relations.kind", relation.kind, RelationKind.values)
        _contents(relation)
        if not Plan.objects.filter(pk=relation.target).exists():
            raise NotFound("plan", relation.target)
        PlanRelation.objects.create(
            edition=edition,
            kind=relation.kind,
            target_id=relation.target,
            document=documents[relation.document],
            extent=box(relation.extent) if relation.extent else None,
            contents=list(relation.contents),
        )


def _contents(relation: RelationSection) -> None:
    """Single contents are named where they are replaced or struck, and nowhere else."""
    if relation.kind in RelationKind.of_single_contents():
        if not relation.contents:
            raise BadParameter("relations.contents", "", Reason.REQUIRED)
    elif relation.contents:
        raise BadParameter(
            "relations.contents", relation.contents[0], Reason.CONTRADICTS, other="relations.kind"
        )


def box(extent: Bbox) -> MultiPolygon:
    """A box of degrees as a stored area."""
    return MultiPolygon(Polygon.from_bbox(extent), srid=4326)


def _choice(place: str, value: str, choices: list[str]) -> None:
    if value not in choices:
        raise BadParameter(place, value, Reason.NOT_A_CHOICE, choices=choices)
