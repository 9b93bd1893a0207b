"""Two plans in force that disagree, and what an authority ruled about it in writing.

Both plans stay where they are. A ruling is shown in its own words with number, date and issuer; which plan
is carried out is said only as the ruling's own statement.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from planning.answer.model import Conflict, DocumentRef, RulingRef
from portal import figures, wording
from portal.voice import Voice, named


@dataclass(frozen=True, slots=True, kw_only=True)
class RulingReading:
    """A ruling: the paper, its words, from when to when, and what it names."""

    paper: SafeString
    document: DocumentRef
    words: str
    dates: str
    carried_out: SafeString | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictReading:
    """One disagreement in a sentence, with the rulings on it."""

    sentence: SafeString
    rulings: tuple[RulingReading, ...]


def reading_of(conflict: Conflict, voice: Voice) -> ConflictReading:
    return ConflictReading(
        sentence=_sentence(conflict, voice),
        rulings=tuple(_ruling(ruling, conflict, voice) for ruling in conflict.rulings),
    )


def conflict_sentence(conflict: Conflict, voice: Voice) -> SafeString:
    """Both plans and what each says; that there is a ruling, but never what follows from it."""
    sentence = _sentence(conflict, voice)
    if not conflict.rulings:
        return sentence
    papers = "; ".join(_paper_text(ruling.document, voice.language) for ruling in conflict.rulings)
    return format_html(
        "{} {}", sentence, format_html(_("There is a written ruling on it: {papers}."), papers=papers)
    )


def _sentence(conflict: Conflict, voice: Voice) -> SafeString:
    is_measured = conflict.area_m2 is not None and conflict.share is not None
    return voice.say(
        wording.CONFLICT if is_measured else wording.CONFLICT_AT_POINT,
        area=voice.area(conflict.area_m2 or 0.0),
        share=figures.share(conflict.share or 0.0, voice.language),
        first_plan=voice.plan(conflict.plans[0]),
        first_use=voice.use(conflict.land_uses[0]),
        second_plan=voice.plan(conflict.plans[1]),
        second_use=voice.use(conflict.land_uses[1]),
        office=voice.office(conflict.plans[0].office),
    )


def _ruling(ruling: RulingRef, conflict: Conflict, voice: Voice) -> RulingReading:
    chosen = next((plan for plan in conflict.plans if plan.id == ruling.carried_out), None)
    return RulingReading(
        paper=named("", _paper_text(ruling.document, voice.language), voice.language),
        document=ruling.document,
        words=ruling.text,
        dates=effect(ruling.effective_from, ruling.effective_to, voice.language),
        carried_out=voice.plan(chosen) if chosen else None,
    )


def effect(begins: date, ends: date | None, language: str) -> str:
    """From when on something works, and until when if it says so."""
    days = {"begins": figures.day(begins, language), "ends": figures.day(ends, language) if ends else ""}
    return (_("from %(begins)s until %(ends)s") if ends else _("from %(begins)s on")) % days


def _paper_text(document: DocumentRef, language: str) -> str:
    """Number, date and issuer, as people cite a paper; else its title."""
    parts = [document.number or document.title]
    parts += [figures.day(document.date, language)] if document.date else []
    parts += [document.issuer] if document.issuer else []
    return " · ".join(parts)
