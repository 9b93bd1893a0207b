"""The papers of a plan file as staged rows, with their files in the vault and their clauses.

Part of registering. A later edition may name a decision that is there already: it stays the same paper
as long as it says the same. One that is staged is completed; one that is public is never changed, so more
than it says (a file, another clause) makes a paper of its own.
"""

from dataclasses import asdict
from typing import Any

from planning.documents import Kept, keep
from planning.documents.clauses import record_clause
from planning.imports.planfile_papers import ClauseSection, DocumentSection
from planning.models import Document, Edition


def register_paper(stated: DocumentSection, edition: Edition) -> Document:
    """The paper of the edition's plan; call it in the transaction that stages the edition."""
    kept = keep(stated.file) if stated.file else None
    document = _known(stated, kept, edition) or _new(stated, kept, edition)
    known = set(document.clauses.values_list("clause_id", flat=True))
    for clause in stated.clauses:
        if clause.id not in known:
            record_clause(document, **_columns(clause))
    return document


def _known(stated: DocumentSection, kept: Kept | None, edition: Edition) -> Document | None:
    """The paper that is there already and says what is stated, or may still be made to."""
    same = Document.objects.filter(
        plan=edition.plan, kind=stated.kind, number=stated.number, date=stated.date, title=stated.title
    )
    for document in same.order_by("pk").select_for_update(of=("self",)):
        if document.publication_id is None and _is_completed(document, stated, kept):
            return document
        if document.publication_id is not None and _says_all(document, stated, kept):
            return document
    return None


def _is_completed(document: Document, stated: DocumentSection, kept: Kept | None) -> bool:
    """Whether the staged paper has the file, given to it now where it had none."""
    if kept is not None and document.file and document.sha256 != kept.sha256:
        return False
    if kept is not None:
        for column, value in kept.columns().items():
            setattr(document, column, value)
    document.issuer = document.issuer or stated.issuer
    document.url = document.url or stated.url
    document.pages = document.pages or stated.pages
    document.save()
    return True


def _says_all(document: Document, stated: DocumentSection, kept: Kept | None) -> bool:
    known = set(document.clauses.values_list("clause_id", flat=True))
    has_file = kept is None or document.sha256 == kept.sha256
    return has_file and {clause.id for clause in stated.clauses} <= known


def _new(stated: DocumentSection, kept: Kept | None, edition: Edition) -> Document:
    return Document.objects.create(
        plan=edition.plan,
        kind=stated.kind,
        number=stated.number,
        date=stated.date,
        title=stated.title,
        issuer=stated.issuer,
        url=stated.url,
        edition=edition,
        **({"pages": stated.pages} if kept is None else kept.columns()),
    )


def _columns(clause: ClauseSection) -> dict[str, Any]:
    values = asdict(clause)
    return {"clause_id": values.pop("id"), **values}
