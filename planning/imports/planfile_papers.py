"""The papers of a plan file: [[documents]] with their files, and the clauses in them.

Beside `planfile`. A file lies below the folder of the plan file; what it is and how many pages it has is
looked at here already, so that a mere check finds what an import would refuse.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings

from planning.documents.contents import content_of
from planning.errors import BadParameter, Reason
from planning.imports.planfile_values import Section
from planning.models import DocumentKind, RestrictionKind

_MOST_PAGES = 100_000
_LONGEST_TEXT = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseSection:
    """An article of a paper; the lists say what of the plan it is about, none: all of it."""

    id: str
    article: str
    text: str
    page: int | None = None
    land_uses: tuple[str, ...] = ()
    zone_codes: tuple[str, ...] = ()
    restriction_kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSection:
    """A paper behind the plan; `key` is its name inside this file, `file` where it lies.

    `pages` is counted where the file says it, else what was stated.
    """

    key: str
    kind: str
    number: str
    date: date | None
    issuer: str
    title: str
    url: str
    file: Path | None = None
    pages: int | None = None
    clauses: tuple[ClauseSection, ...] = ()


def read_document(section: Section, folder: Path | None) -> DocumentSection:
    """Raises BadParameter; `folder` is None for a plan file that came alone and can bring no files."""
    kind = section.text("kind", "decision")
    _require_one_of(section.at("kind"), kind, DocumentKind.values)
    file = _file(section, folder)
    pages = _pages(section, file)
    return section.ended(
        DocumentSection(
            key=section.text("key"),
            kind=kind,
            number=section.text("number", "", longest=100),
            date=section.day("date"),
            issuer=section.text("issuer", "", longest=200),
            title=section.text("title", longest=300),
            url=_address(section),
            file=file,
            pages=pages,
            clauses=_clauses(section, pages),
        )
    )


def _file(section: Section, folder: Path | None) -> Path | None:
    stated = section.text("file", "", longest=500)
    if not stated:
        return None
    place = section.at("file")
    top = folder.resolve() if folder else None
    path = (top / stated).resolve() if top else None
    if top is None or path is None or not path.is_relative_to(top):
        raise BadParameter(place, stated, Reason.NOT_A_CHOICE, choices=("decisions/12.pdf",))
    if not path.is_file():
        raise BadParameter(place, stated, Reason.FILE_MISSING)
    limit = settings.DOCUMENT_MAX_BYTES
    if path.stat().st_size > limit:
        raise BadParameter(place, stated, Reason.FILE_TOO_LARGE, limit=limit // 1024**2)
    return path


def _pages(section: Section, file: Path | None) -> int | None:
    stated = section.integer("pages", high=_MOST_PAGES)
    counted = content_of(file, name=file.name, parameter=section.at("file")).pages if file else None
    if stated is not None and counted is not None and stated != counted:
        raise BadParameter(section.at("pages"), stated, Reason.OUT_OF_RANGE, low=counted, high=counted)
    return counted or stated


def _address(section: Section) -> str:
    url = section.text("url", "", longest=500)
    if url and not url.lower().startswith(("https://", "http://")):
        raise BadParameter(section.at("url"), url, Reason.NOT_A_CHOICE, choices=("https://…", "http://…"))
    return url


def _clauses(section: Section, pages: int | None) -> tuple[ClauseSection, ...]:
    found: dict[str, ClauseSection] = {}
    for one in section.sections("clauses"):
        clause = _clause(one, pages)
        if clause.id in found:
            raise BadParameter(one.at("id"), clause.id, Reason.REPEATED)
        found[clause.id] = clause
    return tuple(found.values())


def _clause(section: Section, pages: int | None) -> ClauseSection:
    kinds = section.listed("restriction_kinds")
    for kind in kinds:
        _require_one_of(section.at("restriction_kinds"), kind, RestrictionKind.values)
    return section.ended(
        ClauseSection(
            id=section.slug("id", longest=80),
            article=section.text("article", longest=60),
            text=section.text("text", longest=_LONGEST_TEXT),
            page=section.integer("page", high=pages or _MOST_PAGES),
            land_uses=section.listed("land_uses"),
            zone_codes=section.listed("zone_codes"),
            restriction_kinds=kinds,
        )
    )


def _require_one_of(place: str, value: str, choices: list[str]) -> None:
    if value not in choices:
        raise BadParameter(place, value, Reason.NOT_A_CHOICE, choices=choices)
