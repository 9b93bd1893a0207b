"""The acts in the life of a public plan, in an officer's words: approve, put in force, suspend, annul...

Each records a dated fact with its decision and publishes it in a revision of its own, for which two
members of the office stand. What the facts mean in law is computed in `planning.publication.law`, which of
them may be recorded is said in `planning.publication.rules`.
"""

from datetime import date

from django.contrib.gis.geos import MultiPolygon
from django.db import transaction

from planning.models import ConflictRuling, Document, Edition, EventKind, Plan, PlanEvent, Publication, User
from planning.publication import publish_event, publish_ruling
from planning.publication.facts import newest_correction


def approve(
    *,
    edition: Edition,
    on: date,
    document: Document,
    extent: MultiPolygon | None = None,
    note: str = "",
    by: User,
    approved_by: User,
) -> Publication:
    """Record that the edition was approved; it is law only from its entry into force."""
    return record_event(
        edition=edition,
        kind=EventKind.APPROVED,
        on=on,
        document=document,
        extent=extent,
        note=note,
        by=by,
        approved_by=approved_by,
    )


def put_in_force(
    *,
    edition: Edition,
    effective_from: date,
    effective_to: date | None = None,
    on: date | None = None,
    extent: MultiPolygon | None = None,
    document: Document | None = None,
    note: str = "",
    by: User,
    approved_by: User,
) -> Publication:
    """Record from which day the edition is law; the day may lie before (retroactive) or after today.

    Without a document of its own the decision that approved the edition stands behind it.
    """
    return record_event(
        edition=edition,
        kind=EventKind.IN_FORCE,
        on=on or effective_from,
        effective_from=effective_from,
        effective_to=effective_to,
        extent=extent,
        document=document or _decision_behind(edition, EventKind.APPROVED),
        note=note,
        by=by,
        approved_by=approved_by,
    )


def suspend(
    *,
    edition: Edition,
    on: date,
    effective_from: date | None = None,
    effective_to: date | None = None,
    extent: MultiPolygon | None = None,
    document: Document | None = None,
    note: str = "",
    by: User,
    approved_by: User,
) -> Publication:
    """Record that the edition does not work for a while, or until it is reinstated.

    Suspended before its entry into force, it waits from that entry on.
    """
    return record_event(
        edition=edition,
        kind=EventKind.SUSPENDED,
        on=on,
        effective_from=effective_from,
        effective_to=effective_to,
        extent=extent,
        document=document,
        note=note,
        by=by,
        approved_by=approved_by,
    )


def reinstate(
    *,
    edition: Edition,
    on: date,
    effective_from: date | None = None,
    effective_to: date | None = None,
    extent: MultiPolygon | None = None,
    document: Document | None = None,
    note: str = "",
    by: User,
    approved_by: User,
) -> Publication:
    """Record that what was suspended, superseded, expired or annulled is in force again, from a day on.

    It replaces nothing by itself: what has taken its place meanwhile stands beside it until a fact of its
    own ends it.
    """
    return record_event(
        edition=edition,
        kind=EventKind.REINSTATED,
        on=on,
        effective_from=effective_from,
        effective_to=effective_to,
        extent=extent,
        document=document,
        note=note,
        by=by,
        approved_by=approved_by,
    )


def expire(
    *,
    edition: Edition,
    on: date,
    effective_from: date | None = None,
    extent: MultiPolygon | None = None,
    document: Document | None = None,
    note: str = "",
    by: User,
    approved_by: User,
) -> Publication:
    """Record that the time of the edition is over; without a document, as the decision behind it has it."""
    decisions = (EventKind.IN_FORCE, EventKind.APPROVED)
    return record_event(
        edition=edition,
        kind=EventKind.EXPIRED,
        on=on,
        effective_from=effective_from,
        extent=extent,
        document=document or _decision_behind(edition, *decisions),
        note=note,
        by=by,
        approved_by=approved_by,
    )


def annul(
    *,
    edition: Edition,
    on: date,
    effective_from: date | None = None,
    extent: MultiPolygon | None = None,
    document: Document | None = None,
    ex_tunc: bool = False,
    note: str = "",
    by: User,
    approved_by: User,
) -> Publication:
    """Record that the edition was annulled, from a day on or (`ex_tunc`) from the beginning of its force.

    With `extent` (EPSG:4326) only there. What the edition had replaced does not come back by itself.
    """
    return record_event(
        edition=edition,
        kind=EventKind.ANNULLED_EX_TUNC if ex_tunc else EventKind.ANNULLED,
        on=on,
        effective_from=effective_from,
        extent=extent,
        document=document,
        note=note,
        by=by,
        approved_by=approved_by,
    )


def correct(
    *,
    event: PlanEvent,
    on: date,
    effective_from: date | None = None,
    effective_to: date | None = None,
    extent: MultiPolygon | None = None,
    document: Document | None = None,
    is_void: bool = False,
    note: str = "",
    by: User,
    approved_by: User,
) -> Publication:
    """Record all facts of a public event anew, or (`is_void`) that it never happened.

    What is left out is empty from now on: without `extent` the event reaches the whole edition. `on` is the
    day of the act as it is now known. Without a document the one of the event stands. An event that is
    corrected already is corrected by correcting its newest correction.
    """
    return record_event(
        edition=event.edition,
        kind=EventKind.CORRECTED,
        on=on,
        effective_from=effective_from,
        effective_to=effective_to,
        extent=extent,
        document=document or event.document,
        note=note,
        corrects=event,
        is_void=is_void,
        by=by,
        approved_by=approved_by,
    )


@transaction.atomic
def record_event(
    *,
    edition: Edition,
    kind: EventKind,
    on: date,
    effective_from: date | None = None,
    effective_to: date | None = None,
    extent: MultiPolygon | None = None,
    document: Document | None = None,
    note: str = "",
    corrects: PlanEvent | None = None,
    is_void: bool = False,
    by: User,
    approved_by: User,
) -> Publication:
    """Record any dated fact about a public edition and publish it.

    `on` is the day of the act, `effective_from` the day from which it works (by default the same),
    `effective_to` the first day on which it no longer does. Raises Forbidden and Refused with the rule that
    forbids it (`planning.publication.rules`).
    """
    event = PlanEvent(
        edition=edition,
        kind=kind,
        on=on,
        effective_from=effective_from or on,
        effective_to=effective_to,
        extent=extent,
        document=document,
        note=note,
        corrects=corrects,
        is_void=is_void,
    )
    return publish_event(event, by=by, approved_by=approved_by)


@transaction.atomic
def record_ruling(
    *,
    plan: Plan,
    other_plan: Plan,
    text: str,
    on: date,
    effective_from: date | None = None,
    effective_to: date | None = None,
    extent: MultiPolygon | None = None,
    carried_out: Plan | None = None,
    document: Document,
    by: User,
    approved_by: User,
) -> Publication:
    """Record what the competent authority ruled where two public plans conflict.

    An officer, planner or reviewer of the office of `plan` records it, a reviewer approves. Both plans stay
    what they are: the ruling is shown beside their conflict. Raises Forbidden and Refused.
    """
    ruling = ConflictRuling(
        plan=plan,
        other_plan=other_plan,
        text=text,
        on=on,
        effective_from=effective_from or on,
        effective_to=effective_to,
        extent=extent,
        carried_out=carried_out,
        document=document,
    )
    return publish_ruling(ruling, by=by, approved_by=approved_by)


def _decision_behind(edition: Edition, *kinds: EventKind) -> Document | None:
    """The decision of the first of these events that has one."""
    for kind in kinds:
        for event in edition.events.public().filter(kind=kind):
            counts = newest_correction(event)
            if counts.document is not None and not counts.is_void:
                return counts.document
    return None
