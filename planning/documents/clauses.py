"""Clauses (điều khoản): articles of a paper with an id that lasts, and what of the plan they speak about.

An article keeps its id from edition to edition; `clause_through_editions` follows it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from planning.documents.papers import require_member, text_of
from planning.errors import BadParameter, Reason, Refused
from planning.models import Clause, Document, Plan, RestrictionKind, User

_LASTING_ID = re.compile(r"[-a-zA-Z0-9_]{1,80}")
_LONGEST_TEXT = 50_000
_LONGEST_CODE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseInEdition:
    """One wording of a clause: where it stands, and in which edition.

    `edition` is None for a paper of the plan as a whole; `revision` is None while the paper is staged.
    """

    clause_id: str
    edition: int | None
    document_number: str
    document_title: str
    sha256: str
    revision: int | None
    article: str
    text: str
    page: int | None


@transaction.atomic
def add_clause(
    *,
    document: Document,
    clause_id: str,
    article: str,
    text: str,
    page: int | None = None,
    land_uses: Sequence[str] = (),
    zone_codes: Sequence[str] = (),
    restriction_kinds: Sequence[str] = (),
    by: User,
) -> Clause:
    """Add an article to a staged paper; with no codes it is about the whole plan.

    Raises Forbidden and BadParameter as `attach` does, Refused for a paper that is public: what was
    published is not added to afterwards.
    """
    require_member(by, document.plan)
    return record_clause(
        document,
        clause_id=clause_id,
        article=article,
        text=text,
        page=page,
        land_uses=land_uses,
        zone_codes=zone_codes,
        restriction_kinds=restriction_kinds,
    )


def record_clause(
    document: Document,
    *,
    clause_id: str,
    article: str,
    text: str,
    page: int | None = None,
    land_uses: Sequence[str] = (),
    zone_codes: Sequence[str] = (),
    restriction_kinds: Sequence[str] = (),
) -> Clause:
    """What `add_clause` does, for whoever has asked already who acts; call it in a transaction."""
    held = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    if held.publication_id is not None:
        raise Refused(Reason.WRONG_STATE, document=held.number or held.title, state="public")
    _require_lasting_id(held, clause_id)
    _require_page(held, page)
    return Clause.objects.create(
        document=held,
        clause_id=clause_id,
        article=text_of("article", article, Document, is_required=True, limit=60),
        text=text_of("text", text, Document, is_required=True, limit=_LONGEST_TEXT),
        page=page,
        land_uses=_codes("land_uses", land_uses),
        zone_codes=_codes("zone_codes", zone_codes),
        restriction_kinds=_kinds(restriction_kinds),
    )


def clause_through_editions(
    plan: Plan, clause_id: str, *, with_staged: bool = False
) -> tuple[ClauseInEdition, ...]:
    """Every wording of the clause, the earliest edition first; staged ones only where they are asked for.

    An edition's wording is that of the papers that came with it, or that its events name.
    """
    rows = Clause.objects.filter(document__plan=plan, clause_id=clause_id).select_related("document__edition")
    if not with_staged:
        rows = rows.filter(document__publication__isnull=False)
    rows = rows.prefetch_related("document__events__edition")
    found = [_in_edition(row) for row in rows]
    return tuple(
        sorted(found, key=lambda one: (one.edition or 0, one.revision or 0, one.document_number, one.article))
    )


def _in_edition(clause: Clause) -> ClauseInEdition:
    document = clause.document
    named = sorted(event.edition.number for event in document.events.all())
    number = document.edition.number if document.edition else next(iter(named), None)
    return ClauseInEdition(
        clause_id=clause.clause_id,
        edition=number,
        document_number=document.number,
        document_title=document.title,
        sha256=document.sha256,
        revision=document.publication_id,
        article=clause.article,
        text=clause.text,
        page=clause.page,
    )


def _require_lasting_id(document: Document, clause_id: str) -> None:
    if not _LASTING_ID.fullmatch(clause_id):
        raise BadParameter("clause_id", clause_id, Reason.BAD_CHARACTERS)
    if document.clauses.filter(clause_id=clause_id).exists():
        raise BadParameter("clause_id", clause_id, Reason.REPEATED)


def _require_page(document: Document, page: int | None) -> None:
    if page is None:
        return
    last = document.pages
    if page < 1 or (last is not None and page > last):
        raise BadParameter("page", page, Reason.OUT_OF_RANGE, low=1, high=last or "…")


def _codes(name: str, values: Iterable[str]) -> list[str]:
    return [text_of(name, value, Document, is_required=True, limit=_LONGEST_CODE) for value in values]


def _kinds(values: Iterable[str]) -> list[str]:
    for value in values:
        if value not in RestrictionKind.values:
            raise BadParameter(
                "restriction_kinds", value, Reason.NOT_A_CHOICE, choices=tuple(RestrictionKind.values)
            )
    return list(values)
