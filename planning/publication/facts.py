"""Public events, relations and extents of a plan, read from the database into the values of `law`.

Everything is in metres, in the metric system of the plan whose law is asked for, also the extents of
other plans that replace it.
"""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from django.contrib.gis.geos import GEOSGeometry
from django.utils import timezone

from planning import crs
from planning.corrections import Recorded, counting_correction, resolved
from planning.models import Document, Edition, EventKind, Plan, PlanEvent, PlanRelation, RelationKind
from planning.publication import law
from planning.publication.revision import Revision
from planning.publication.shapes import metres


def acts_by_edition(
    plan: Plan, *, now: Revision | None = None, supposing: PlanEvent | None = None
) -> dict[Edition, tuple[law.Act, ...]]:
    """Every public edition of the plan with all the acts on it, in the order of the law.

    `now` is the revision being made, which is not written down yet. The event `supposing` counts as if it
    were public.
    """
    system = crs.parse(plan.metric_crs)
    replacements = tuple(_replacements(plan, system, now, supposing))
    editions = _editions(plan, now, supposing)
    return {row: law.acts_on(own, others, replacements) for row, own, others in editions}


def successions(plan: Plan, *, now: Revision | None = None) -> dict[Edition, date | None]:
    """Every public edition of the plan with the day on which a whole edition took its place everywhere."""
    return {row: law.succeeded_on(own, others) for row, own, others in _editions(plan, now)}


def affected_plans(editions: Iterable[Edition]) -> list[Plan]:
    """The plans of the editions, and those that the editions replace by a recorded relation."""
    plans = {edition.plan_id: edition.plan for edition in editions}
    for edition in editions:
        for relation in edition.relations.public().replacing().select_related("target"):
            plans[relation.target_id] = relation.target
    return [plans[key] for key in sorted(plans)]


def code_of(document: Document | None) -> str:
    """How a document is called in answers: by its number, by its title where it has none."""
    return (document.number or document.title) if document else ""


def _editions(
    plan: Plan, now: Revision | None, supposing: PlanEvent | None = None
) -> Iterator[tuple[Edition, law.Edition, Sequence[law.Edition]]]:
    """Every public edition of the plan, as row and as value, beside the others."""
    system = crs.parse(plan.metric_crs)
    values = {row: _edition(row, system, now, supposing) for row in plan.editions.public().with_facts()}
    for row, own in values.items():
        yield row, own, [other for other in values.values() if other is not own]


def _edition(
    row: Edition, system: crs.CRS, now: Revision | None, supposing: PlanEvent | None = None
) -> law.Edition:
    events = [event for event in row.events.all() if event.publication_id is not None]
    if supposing is not None and supposing.edition_id == row.pk:
        events.append(supposing)
    return law.Edition(
        code=row.code,
        number=row.number,
        is_local=row.is_local_adjustment,
        extent=_region(row.extent, system),
        published_on=timezone.localdate(_published_at(row, now)),
        events=tuple(counting(events, system).values()),
    )


def counting(events: Iterable[PlanEvent], system: crs.CRS) -> dict[Hashable, law.Event]:
    """The facts that count once corrections are applied, by the key of the event first recorded."""
    standing = resolved((_recorded(event, system) for event in events), rank=law.rank_of_facts)
    return {
        one.recorded.key: replace(one.facts, kind=one.recorded.facts.kind)
        for one in standing
        if one.facts is not None
    }


def newest_correction(event: PlanEvent) -> PlanEvent:
    """The public correction that says what is true of the event; itself where none does."""
    rows = {row.pk: row for row in event.edition.events.public().select_related("document")}
    system = crs.parse(event.edition.plan.metric_crs)
    recorded = [_recorded(row, system) for row in rows.values()]
    found = counting_correction(event.pk, recorded, rank=law.rank_of_facts)
    return event if found is None else next(row for key, row in rows.items() if key == found.key)


def _recorded(event: PlanEvent, system: crs.CRS) -> Recorded[law.Event]:
    return Recorded(
        key=event.pk,
        facts=law.Event(
            kind=EventKind(event.kind),
            on=event.on,
            effective_from=event.effective_from,
            effective_to=event.effective_to,
            region=_region(event.extent, system),
            decision=code_of(event.document),
        ),
        corrects=event.corrects_id,
        is_void=event.is_void,
    )


def _replacements(
    plan: Plan, system: crs.CRS, now: Revision | None, supposing: PlanEvent | None
) -> Iterator[law.Replacement]:
    """What editions of other plans replace of this one, each from the day it came in force."""
    for relation in plan.affected_by.replacing().public().with_facts():
        if relation.edition.plan_id != plan.pk:
            yield from _replaced_by(relation, _edition(relation.edition, system, now, supposing), system)


def _replaced_by(relation: PlanRelation, acting: law.Edition, system: crs.CRS) -> Iterator[law.Replacement]:
    is_named = relation.kind in RelationKind.of_single_contents()
    extent = relation.extent if is_named else relation.extent or relation.edition.extent
    region = _region(extent, system)
    is_stated = is_named or relation.extent is not None
    for entry in law.entries_into_force(acting, over=region, beyond_extent=is_stated):
        yield law.Replacement(
            on=entry.on,
            region=law.meet(region, entry.region),
            cause=_cause(relation),
            contents=frozenset(relation.contents),
        )


def _published_at(row: Edition, now: Revision | None) -> datetime:
    if now is not None and row.publication_id == now.number:
        return now.at
    if row.publication is None:
        raise ValueError(f"{row.code} is not public")
    return row.publication.at


def _cause(relation: PlanRelation) -> law.Cause:
    return law.Cause(
        edition=relation.edition.code,
        event=relation.kind,
        document=code_of(relation.document),
    )


def _region(extent: GEOSGeometry | None, system: crs.CRS) -> law.Region:
    return None if extent is None else metres(extent, system)
