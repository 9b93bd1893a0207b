"""Papers behind plans and their clauses as pages show them: cited, sized, linked, followed over editions.

Public papers alone. A clause keeps its id from edition to edition: its anchor `#clause-<id>` lasts, its
newest text stands first and the earlier ones under it.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from planning.models import Clause, Document, DocumentKind, Plan, Restriction, Zone
from portal import figures, wording
from portal.voice import named


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperReading:
    """A paper: how it is cited, where it can be opened, how large it is, its hash."""

    kind: str
    title: SafeString
    citation: SafeString
    address: str
    measures: tuple[str, ...]
    sha256: str
    edition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseText:
    """One wording of a clause and where it stands."""

    article: str
    text: str
    address: str
    page: int | None
    paper: SafeString
    edition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseReading:
    """A clause by its lasting id: the newest text, what it is about, the earlier texts."""

    id: str
    about: str
    newest: ClauseText
    earlier: tuple[ClauseText, ...]


def reading_of(document: Document, language: str) -> PaperReading:
    measures = []
    if document.pages:
        measures.append(_("pages: %(count)s") % {"count": figures.number(document.pages, 0, language)})
    if document.size:
        measures.append(figures.size(document.size, language))
    return PaperReading(
        kind=str(DocumentKind(document.kind).label),
        title=named("", document.title, language),
        citation=cited(document, language),
        address=address_of(document),
        measures=tuple(measures),
        sha256=document.sha256,
        edition=_edition_words(document),
    )


def address_of(document: Document) -> str:
    """Where the paper can be opened: here where its file is kept, else where its office keeps it."""
    if document.file and document.sha256 and document.publication_id is not None:
        return f"/documents/{document.sha256}"
    return document.url


def cited(document: Document | None, language: str) -> SafeString:
    """Number, date, issuer, as people cite it; what is missing is said to be missing."""
    if document is None:
        return format_html("{}", _("no paper in the data"))
    missing = wording.said(wording.NOT_IN_DATA, language)
    parts = [named("", document.number, language) if document.number else format_html("{}", missing)]
    parts.append(format_html("{}", figures.day(document.date, language) if document.date else missing))
    if document.issuer:
        parts.append(named("", document.issuer, language))
    return format_html_join(" · ", "{}", ((part,) for part in parts))


def of_plan(plan: Plan, revision: int, language: str) -> list[PaperReading]:
    """The public papers of a plan, those of later editions last."""
    rows = Document.objects.public().filter(plan=plan, publication__lte=revision)
    ordered = rows.select_related("edition").order_by("edition__number", "date", "kind", "pk")
    return [reading_of(document, language) for document in ordered]


def clauses_of_plan(plan: Plan, revision: int, language: str) -> list[tuple[str, list[ClauseReading]]]:
    """All clauses of a plan, by what they are about: first those about the whole plan."""
    groups: dict[tuple[int, str], list[ClauseReading]] = defaultdict(list)
    for reading, place in _followed(_clauses(plan, revision), language):
        groups[place, reading.about].append(reading)
    return [(about, groups[place, about]) for place, about in sorted(groups)]


def clauses_of_zone(found: Zone | Restriction, revision: int, language: str) -> list[ClauseReading]:
    """The clauses that speak of a zone or restriction in the papers of its own edition or of the plan."""
    plan = found.edition.plan
    rows = [row for row in _clauses(plan, revision) if _speaks_of(row, found)]
    own = [row for row in rows if _number(row) in (0, found.edition.number)]
    return [reading for reading, _place in _followed(own or rows, language)]


def _clauses(plan: Plan, revision: int) -> list[Clause]:
    rows = Clause.objects.filter(document__plan=plan, document__publication__lte=revision)
    return list(
        rows.select_related("document__edition").prefetch_related("document__events__edition").order_by("pk")
    )


def _speaks_of(clause: Clause, found: Zone | Restriction) -> bool:
    if isinstance(found, Restriction):
        return found.kind in clause.restriction_kinds or _is_general(clause)
    uses = {found.land_use_text, found.land_use.code} - {""}
    return bool(uses & set(clause.land_uses)) or found.code in clause.zone_codes or _is_general(clause)


def _is_general(clause: Clause) -> bool:
    return not (clause.land_uses or clause.zone_codes or clause.restriction_kinds)


def _number(clause: Clause) -> int:
    """The edition whose paper it stands in; 0 for a paper of the plan as a whole."""
    document = clause.document
    if document.edition is not None:
        return int(document.edition.number)
    return min((event.edition.number for event in document.events.all()), default=0)


def _followed(rows: Iterable[Clause], language: str) -> list[tuple[ClauseReading, int]]:
    """Clauses by their lasting id, in the order in which they stand in the papers, with their group."""
    by_id: dict[str, list[Clause]] = defaultdict(list)
    for row in rows:
        by_id[row.clause_id].append(row)
    told = []
    for clause_id, texts in by_id.items():
        texts.sort(key=lambda row: (_number(row), str(row.document.date), row.pk), reverse=True)
        place, about = _about(texts[0], language)
        reading = ClauseReading(
            id=clause_id,
            about=about,
            newest=_text(texts[0], language),
            earlier=tuple(_text(row, language) for row in texts[1:]),
        )
        told.append((reading, place))
    return told


def _about(clause: Clause, language: str) -> tuple[int, str]:
    if _is_general(clause):
        return 0, _("About the whole plan")
    kinds = [wording.said(wording.RESTRICTION_LABELS[kind], language) for kind in clause.restriction_kinds]
    named_things = [*clause.land_uses, *clause.zone_codes, *kinds]
    place = 1 if clause.land_uses else 2 if clause.zone_codes else 3
    return place, _("About %(things)s") % {"things": ", ".join(named_things)}


def _text(clause: Clause, language: str) -> ClauseText:
    return ClauseText(
        article=clause.article,
        text=clause.text,
        address=address_of(clause.document),
        page=clause.page,
        paper=cited(clause.document, language),
        edition=_edition_number(_number(clause)),
    )


def _edition_words(document: Document) -> str:
    return _edition_number(document.edition.number if document.edition else 0)


def _edition_number(number: int) -> str:
    return _("Edition %(number)s") % {"number": number} if number else _("the plan as a whole")
