"""The verbs of publication: staged content, or a new fact about public content, in one revision.

All or nothing: one transaction, one lock held to its end. The revision itself is written last.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from planning import crs
from planning.audit import traced
from planning.errors import Reason, Refused
from planning.geometry import line_tolerance
from planning.models import (
    ConflictRuling,
    Document,
    Edition,
    LayerUpload,
    PlanEvent,
    Publication,
    Restriction,
    Role,
    Theme,
    UploadState,
    User,
    Visibility,
    Zone,
)
from planning.publication.coverage import follow_law
from planning.publication.facts import affected_plans
from planning.publication.gate import admit, held_edition, papers_of, require_whole
from planning.publication.opening import open_rows
from planning.publication.pieces import Counts, rebuild, theme_by_kind
from planning.publication.revision import PUBLISHING, Revision, begin, lock, require_two_members
from planning.publication.rules import meant, require_recordable, require_rulable
from planning.publication.shapes import extent_of


@transaction.atomic
@traced("publish")
def publish(*, uploads: Sequence[LayerUpload], by: User, approved_by: User) -> Publication:
    """Make the uploads public: their editions with events and relations, parcels, coverage.

    An edition goes public with all its uploads. Raises Forbidden where one of the two is not a member of
    the office in the right role, Refused where they are the same person or a condition is not met.
    """
    if not uploads:
        raise Refused(Reason.REQUIRED, field="upload")
    require_two_members(uploads[0].office, by=by, approved_by=approved_by)
    lock()
    release = admit(uploads)
    # What the caller holds may be out of date: the office that is written down is the one that counts.
    require_two_members(release.office, by=by, approved_by=approved_by)
    revision = begin(release.office, by=by, approved_by=approved_by)
    content = [_open_edition(edition, revision) for edition in release.editions]
    ended = _end_superseded(release.editions, revision)
    rows = open_rows(release.uploads, release.editions, revision=revision.number)
    pieces = _rebuild_affected(release.editions, revision)
    own = [upload.pk for upload in release.uploads]
    LayerUpload.objects.filter(pk__in=own).update(state=UploadState.PUBLISHED)
    return revision.record({"uploads": own, "editions": content, **rows, **ended, "pieces": pieces})


@transaction.atomic
@traced("record event")
def publish_event(event: PlanEvent, *, by: User, approved_by: User) -> Publication:
    """Record a fact about a public edition and bring the pieces that it concerns up to the law.

    `event` is not saved yet. Raises Forbidden and Refused as `publish` does.
    """
    require_two_members(event.edition.plan.office, by=by, approved_by=approved_by)
    lock()
    edition = held_edition(event.edition_id)
    office = edition.plan.office
    require_two_members(office, by=by, approved_by=approved_by)
    if edition.visibility != Visibility.PUBLIC:
        raise Refused(Reason.WRONG_STATE, edition=edition.code, state=edition.visibility)
    require_recordable(event, edition)
    for paper in Document.objects.staged().filter(pk=event.document_id):
        require_whole(paper)
    revision = begin(office, by=by, approved_by=approved_by)
    event.publication_id = revision.number
    event.recorded_by = by
    event.save(force_insert=True)
    Document.objects.staged().filter(pk=event.document_id).update(publication_id=revision.number)
    ended = _end_superseded([edition], revision)
    pieces = _rebuild_affected([edition], revision)
    return revision.record({"events": [_as_fact(event, edition)], **ended, "pieces": pieces})


@transaction.atomic
@traced("record ruling")
def publish_ruling(ruling: ConflictRuling, *, by: User, approved_by: User) -> Publication:
    """Record what an authority ruled between two public plans; it changes no piece.

    `ruling` is not saved yet. Raises Forbidden and Refused as `publish` does; an officer may record it, too.
    """
    roles = {*PUBLISHING, Role.OFFICER}
    office = ruling.plan.office
    require_two_members(office, by=by, approved_by=approved_by, roles=roles)
    lock()
    require_rulable(ruling)
    for paper in Document.objects.staged().filter(pk=ruling.document_id):
        require_whole(paper)
    revision = begin(office, by=by, approved_by=approved_by)
    ruling.publication_id = revision.number
    ruling.recorded_by = by
    ruling.save(force_insert=True)
    Document.objects.staged().filter(pk=ruling.document_id).update(publication_id=revision.number)
    fact = {"plan": ruling.plan_id, "other_plan": ruling.other_plan_id, "on": ruling.on.isoformat()}
    return revision.record({"rulings": [fact]})


def _as_fact(event: PlanEvent, edition: Edition) -> dict[str, object]:
    """The event as the revision writes it down."""
    fact: dict[str, object] = {
        "edition": edition.code,
        "kind": event.kind,
        "on": event.on.isoformat(),
        "effective_from": event.effective_from.isoformat(),
    }
    if event.effective_to is not None:
        fact["effective_to"] = event.effective_to.isoformat()
    if event.corrects is not None:
        fact |= {"corrects": meant(event).value, "is_void": event.is_void}
    return fact


def _open_edition(edition: Edition, revision: Revision) -> dict[str, object]:
    """The edition with its extent, events and relations goes public; what it holds."""
    zones = Zone.objects.of_edition(edition)
    restrictions = Restriction.objects.of_edition(edition)
    if edition.extent is None:
        edition.extent = extent_of(
            zones.order_by("pk").values_list("geometry", flat=True),
            restrictions.order_by("pk").values_list("geometry", flat=True),
            crs.parse(edition.plan.metric_crs),
            tolerance=line_tolerance(edition.plan.scale, edition.plan.accuracy_m),
        )
    edition.visibility = Visibility.PUBLIC
    edition.publication_id = revision.number
    edition.save(update_fields=["extent", "visibility", "publication"])
    return {
        "edition": edition.code,
        "zones": zones.count(),
        "restrictions": restrictions.count(),
        "documents": papers_of(edition).update(publication_id=revision.number),
        "events": edition.events.staged().update(publication_id=revision.number),
        "relations": edition.relations.staged().update(publication_id=revision.number),
    }


def _rebuild_affected(editions: Iterable[Edition], revision: Revision) -> dict[str, dict[str, int]]:
    """Pieces opened and closed, per edition whose pieces changed."""
    themes = theme_by_kind(Theme.objects.valid_on(timezone.localdate(revision.at)))
    changed: dict[str, Counts] = {}
    for plan in affected_plans(editions):
        for edition, counts in rebuild(plan, revision=revision, themes=themes).items():
            if counts != Counts():
                changed[edition.code] = counts
    return _as_json(changed)


def _end_superseded(editions: Iterable[Edition], revision: Revision) -> dict[str, dict[str, dict[str, int]]]:
    """Declarations closed and reopened because a whole edition took the place of theirs; empty for none."""
    plans = {edition.plan_id: edition.plan for edition in editions}
    changed = follow_law([plans[key] for key in sorted(plans)], revision)
    return {"superseded_coverage": _as_json(changed)} if changed else {}


def _as_json(changed: Mapping[str, Counts]) -> dict[str, dict[str, int]]:
    return {
        code: {"opened": counts.opened, "closed": counts.closed} for code, counts in sorted(changed.items())
    }
