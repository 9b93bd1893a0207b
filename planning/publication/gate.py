"""What may be published: the conditions checked under the lock, before anything is written.

Nothing becomes public without a decision (or, for a draft, its consultation), an office, a source and a
licence, and no upload whose checks left something open.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from planning.errors import Reason, Refused
from planning.models import (
    Document,
    DocumentKind,
    Edition,
    EventKind,
    LayerUpload,
    Office,
    Restriction,
    UploadResult,
    UploadState,
    Visibility,
    Zone,
)
from planning.publication.rules import require_staged_recordable
from planning.querysets import DocumentQuerySet, EditionQuerySet, LayerUploadQuerySet

READY = (UploadState.CHECKED, UploadState.IN_REVIEW)
_APPROVING = (EventKind.APPROVED, EventKind.IN_FORCE)
_DECIDING = (DocumentKind.DECISION, DocumentKind.ACCEPTANCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What goes public together: uploads of one office, the editions among them with all their uploads."""

    office: Office
    uploads: tuple[LayerUpload, ...]
    editions: tuple[Edition, ...]


def admit(asked: Sequence[LayerUpload]) -> Release:
    """The release that these uploads make; raises Refused with the reason where they may not go public.

    Reads everything anew, once the editions are held: between the caller's look and the lock somebody else
    may have published, and an import may have added to what goes public.
    """
    own = [upload.pk for upload in asked]
    _hold(Edition.objects.filter(pk__in=LayerUpload.objects.filter(pk__in=own).values("edition")))
    rows = {row.pk: row for row in _fresh().filter(pk__in=own)}
    editions = {row.edition_id: row.edition for row in rows.values() if row.edition}
    for row in _with_staged_rows(editions):
        rows.setdefault(row.pk, row)
    if not rows:
        raise Refused(Reason.REQUIRED, field="upload")
    office = next(iter(rows.values())).office
    for row in rows.values():
        _admit_upload(row, office)
    for edition in editions.values():
        _admit_edition(edition, [row for row in rows.values() if row.edition_id == edition.pk])
    return Release(
        office=office,
        uploads=tuple(sorted(rows.values(), key=lambda row: row.pk)),
        editions=tuple(sorted(editions.values(), key=lambda edition: (edition.plan_id, edition.number))),
    )


def held_edition(key: int) -> Edition:
    """The edition as it stands once nobody else writes into it; held to the end of the transaction."""
    _hold(Edition.objects.filter(pk=key))
    return Edition.objects.select_related("plan__office").get(pk=key)


def require_decision(edition: Edition) -> None:
    """An approved edition names the document that approved it, a draft the consultation it is open to."""
    events = list(edition.events.select_related("document"))
    deciding = [event for event in events if event.kind in _APPROVING]
    if any(event.document and event.document.kind in _DECIDING for event in deciding):
        return
    if deciding:
        raise Refused(Reason.WITHOUT_DECISION, edition=edition.code)
    if not any(event.kind == EventKind.CONSULTATION_OPENED for event in events):
        raise Refused(
            Reason.WITHOUT_DECISION, edition=edition.code, event=EventKind.CONSULTATION_OPENED.value
        )


def require_whole(document: Document) -> None:
    """What stands for a decision says which one it is, and can be read; what has a file has its hash.

    Where law has no decision numbers, the number is how the ordinance is cited.
    """
    facts = {"document": document.number or document.title}
    if document.kind in _DECIDING:
        _require(document.number, "number", **facts)
        _require(document.date, "date", **facts)
        _require(document.issuer, "issuer", **facts)
        _require(document.file or document.url, "file or address", **facts)
    if document.file:
        _require(document.sha256 and document.size, "sha256", **facts)
        if not document.file.storage.exists(document.file.name):
            raise Refused(Reason.FILE_MISSING, value=document.file.name, name=facts["document"], **facts)


def papers_of(edition: Edition) -> DocumentQuerySet:
    """The staged papers that go public with the edition."""
    staged = Document.objects.staged()
    return staged.filter(
        Q(pk__in=Document.objects.of_edition(edition).values("pk"))
        | Q(pk__in=Document.objects.of_no_edition().filter(plan=edition.plan).values("pk"))
    )


def _hold(editions: EditionQuerySet) -> None:
    """Wait for whoever is writing into the editions or their plans, and keep others out to the end.

    In the order of their keys, lest two wait for each other. Values are read by later statements: this one
    still looks at what stood before it waited.
    """
    held = editions.select_related("plan").select_for_update(of=("self", "plan"), no_key=True)
    list(held.order_by("pk"))


def _fresh() -> LayerUploadQuerySet:
    return LayerUpload.objects.select_related("office", "edition__plan__office")


def _with_staged_rows(editions: Iterable[int]) -> Iterable[LayerUpload]:
    """All uploads that hold something of these editions: they become public together or not at all."""
    return _fresh().holding_rows_of(list(editions)).exclude(state=UploadState.PUBLISHED)


def _admit_upload(row: LayerUpload, office: Office) -> None:
    if row.state not in READY:
        raise Refused(Reason.WRONG_STATE, upload=row.pk, state=row.state)
    if row.result != UploadResult.OK:
        raise Refused(Reason.WITHOUT_FINDINGS_SOLVED, upload=row.pk, result=row.result)
    if row.office_id != office.pk:
        raise Refused(Reason.CONTRADICTS, field="office", upload=row.pk, office=office.name)
    if row.edition is None:
        _require(row.licence, "licence", upload=row.pk)
        _require(row.publisher, "source", upload=row.pk)


def _admit_edition(edition: Edition, uploads: Sequence[LayerUpload]) -> None:
    plan = edition.plan
    if edition.visibility == Visibility.PUBLIC:
        raise Refused(Reason.WRONG_STATE, edition=edition.code, state=edition.visibility)
    if any(upload.office_id != plan.office_id for upload in uploads):
        raise Refused(Reason.CONTRADICTS, field="office", edition=edition.code, office=plan.office.name)
    _require(plan.licence or all(upload.licence for upload in uploads), "licence", edition=edition.code)
    _require(plan.source or all(upload.publisher for upload in uploads), "source", edition=edition.code)
    require_decision(edition)
    require_staged_recordable(edition)
    _require_named_contents(edition)
    for paper in papers_of(edition).order_by("pk"):
        require_whole(paper)
    has_zones = Zone.objects.of_edition(edition).exists()
    _require(has_zones or Restriction.objects.of_edition(edition).exists(), "zones", edition=edition.code)
    if edition.is_local_adjustment and not has_zones:
        _require(edition.extent, "extent", edition=edition.code)


def _require_named_contents(edition: Edition) -> None:
    """An edition acts on other plans alone, and the single contents it replaces are theirs."""
    for relation in edition.relations.staged():
        if relation.target_id == edition.plan_id:
            raise Refused(
                Reason.CONTRADICTS, field="relation", edition=edition.code, target=relation.target_id
            )
        unknown = set(relation.contents)
        for rows in (Zone.objects, Restriction.objects):
            named = rows.filter(public_id__in=relation.contents, edition__plan=relation.target_id)
            unknown -= set(named.values_list("public_id", flat=True))
        if unknown:
            raise Refused(
                Reason.UNKNOWN_CODE, name="contents", value=", ".join(sorted(unknown)), edition=edition.code
            )


def _require(value: object, field: str, **facts: object) -> None:
    if not value:
        raise Refused(Reason.REQUIRED, field=field, **facts)
