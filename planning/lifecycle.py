"""The acts in the life of a public plan, in an officer's words: approve, put in force, annul.

Each records a dated fact with its decision and publishes it in a revision of its own, for which two
members of the office stand. What the facts mean in law is computed in `planning.publication.law`.
"""

from datetime import date

from django.contrib.gis.geos import MultiPolygon
from django.db import transaction

from planning.errors import Reason, Refused
from planning.models import Document, DocumentKind, Edition, EventKind, PlanEvent, Publication, User
from planning.publication import publish_event
from planning.publication.revision import lock

_DECIDING = (DocumentKind.DECISION, DocumentKind.ACCEPTANCE)


@transaction.atomic
def approve(*, edition: Edition, on: date, document: Document, by: User, approved_by: User) -> Publication:
    """Record that the edition was approved; it is law only from its entry into force."""
    _refuse_repetition(edition, EventKind.APPROVED, EventKind.IN_FORCE)
    return record_event(
        edition=edition, kind=EventKind.APPROVED, on=on, document=document, by=by, approved_by=approved_by
    )


@transaction.atomic
def put_in_force(
    *,
    edition: Edition,
    effective_from: date,
    on: date | None = None,
    document: Document | None = None,
    by: User,
    approved_by: User,
) -> Publication:
    """Record from which day the edition is law; the day may lie before (retroactive) or after today.

    Without a document of its own the decision that approved the edition stands behind it.
    """
    _refuse_repetition(edition, EventKind.IN_FORCE)
    return record_event(
        edition=edition,
        kind=EventKind.IN_FORCE,
        on=on or effective_from,
        effective_from=effective_from,
        document=document or _approval_of(edition),
        by=by,
        approved_by=approved_by,
    )


@transaction.atomic
def annul(
    *,
    edition: Edition,
    on: date,
    effective_from: date | None = None,
    extent: MultiPolygon | None = None,
    document: Document | None = None,
    ex_tunc: bool = False,
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
    extent: MultiPolygon | None = None,
    document: Document | None = None,
    note: str = "",
    by: User,
    approved_by: User,
) -> Publication:
    """Record any dated fact about a public edition and publish it.

    Raises Refused without a decision (a consultation needs none), for a decision of another plan, or
    for an edition that is not public.
    """
    if kind != EventKind.CONSULTATION_OPENED and (document is None or document.kind not in _DECIDING):
        raise Refused(Reason.WITHOUT_DECISION, edition=edition.code, event=kind.value)
    if document is not None and document.plan_id != edition.plan_id:
        raise Refused(Reason.CONTRADICTS, field="document", edition=edition.code)
    event = PlanEvent(
        edition=edition,
        kind=kind,
        on=on,
        effective_from=effective_from or on,
        extent=extent,
        document=document,
        note=note,
    )
    return publish_event(event, by=by, approved_by=approved_by)


def _refuse_repetition(edition: Edition, *kinds: EventKind) -> None:
    """An edition is approved once and comes in force once; asked under the lock, lest two record it."""
    lock()
    earlier = edition.events.public().filter(kind__in=kinds).first()
    if earlier is not None:
        raise Refused(Reason.WRONG_STATE, edition=edition.code, state=earlier.kind)


def _approval_of(edition: Edition) -> Document | None:
    approval = edition.events.public().filter(kind=EventKind.APPROVED, document__isnull=False).first()
    return approval.document if approval else None
