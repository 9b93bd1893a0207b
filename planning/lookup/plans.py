"""Plans by their decision, by the numbers that schemes gave them, by id and by the words of the title."""

import re
from dataclasses import dataclass

from planning.codes import fold, normalise, search_name
from planning.models import Document, DocumentKind, Plan

# "3821/QĐ-UBND", "Quyết định số 3821", "QĐ 3821/QĐ-TTg ngày ..."
_PAPER = r"quyet dinh|nghi quyet|van ban|thong bao|cong van|qd|nq|decision|resolution"
_DECISION = re.compile(
    rf"^(?P<word>(?:{_PAPER})\b)?\s*(?:so|no\.?|number)?\s*[:.]?\s*(?P<number>[0-9]{{1,6}})"
    r"(?P<tail>\s*/\s*(?:[0-9]{4}\s*/\s*)?[a-z][a-z0-9]{0,9}(?:\s*-\s*[a-z0-9&]{1,14})*)?(?P<rest>.*)$"
)
_KIND = re.compile(r"qd|nq|ubnd|hdnd|ttg|bxd|cp\b|tb|cv|kh")
_MOST = 50
_LEAST_LIKE = 8


@dataclass(frozen=True, slots=True)
class DecisionWords:
    """The number of a decision and what follows its stroke, folded."""

    number: str
    tail: str


def read_decision(text: str) -> DecisionWords | None:
    """The text as the number of a decision; None where it does not have that form."""
    match = _DECISION.match(fold(normalise(text)))
    if match is None or not (match["word"] or match["tail"]):
        return None
    tail = re.sub(r"\s+", "", match["tail"] or "").lower()
    if not match["word"] and (not _KIND.search(tail) or re.match(r"\s*[0-9]", match["rest"])):
        return None
    return DecisionWords(match["number"], tail)


def by_decision(words: DecisionWords, *, limit: int) -> list[tuple[Plan, str]]:
    """Public plans with a public paper of that number, and the number as written."""
    papers = (
        Document.objects.public()
        .beginning(words.number)
        .filter(plan__in=Plan.objects.public())
        .select_related("plan")
        .order_by("plan_id", "-date", "number")[:_MOST]
    )
    found: dict[str, tuple[Plan, str]] = {}
    # a regulation may bear the number of its decision
    for paper in sorted(papers, key=lambda paper: paper.kind != DocumentKind.DECISION):
        written = re.sub(r"\s+", "", fold(paper.number))
        if re.match(rf"{words.number}(?![0-9])", written) and words.tail in written:
            found.setdefault(paper.plan_id, (paper.plan, paper.number))
    return list(found.values())[:limit]


def by_title(text: str, *, limit: int) -> list[Plan]:
    """Public plans of that id or number, or whose title holds every word."""
    words = search_name(text).split()
    if not any(len(word) > 1 for word in words):
        return []
    return list(Plan.objects.public().called(text.casefold(), words)[:limit])


def like_title(text: str, *, limit: int) -> list[Plan]:
    """Public plans in whose title nearly these words stand."""
    words = search_name(text)
    if len(words) < _LEAST_LIKE or " " not in words:
        return []
    return list(Plan.objects.public().titled_like(words)[:limit])
