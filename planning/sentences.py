"""Why an act on what is public was refused, in words: one table for commands and the admin.

The edge of whoever works here. What the public asks through the APIs has its own in
`planning.ogcapi.problems`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import DatabaseError, OperationalError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from psycopg import errors as postgres

from planning.errors import CannotMeasure, NotFound, PlanningError, Reason
from planning.models import LegalStatus, ProposalState, Role, UploadState, Visibility

# One sentence for each reason; the words in brackets are facts of the error.
SENTENCES: Mapping[Reason, Promise] = {
    Reason.NOT_A_MEMBER: _("%(user)s may not do this for the office %(office)s (needed: %(roles)s)."),
    Reason.SAME_PERSON: _(
        "%(user)s cannot both publish and approve: two different members must stand for it."
    ),
    Reason.WRONG_STATE: _("%(what)s cannot be published: its state is “%(state)s”."),
    Reason.WITHOUT_FINDINGS_SOLVED: _("%(what)s cannot be published: its checks ended with “%(result)s”."),
    Reason.WITHOUT_DECISION: _(
        "%(what)s needs a decision document, or, as a draft, an event that opened its consultation."
    ),
    Reason.REQUIRED: _("%(what)s cannot be published without: %(field)s."),
    Reason.FILE_MISSING: _("%(what)s cannot be published: its file is not there."),
    Reason.CONTRADICTS: _("%(what)s belongs to another office; publish it by itself."),
    Reason.INVALID_GEOMETRY: _("The geometry of %(what)s cannot be cut by the extents that replace it."),
    Reason.NOT_A_DATE: _("%(name)s must be a date such as 2026-11-21; “%(value)s” is none."),
    Reason.NOT_A_CHOICE: _("“%(value)s” is no %(name)s. Possible are: %(choices)s."),
    Reason.ALREADY_RECORDED: _("%(what)s has such an event already; correct the one that is recorded."),
    Reason.ALREADY_CORRECTED: _("This event is corrected already; correct its newest correction."),
    Reason.ALREADY_WITHDRAWN: _("This declaration is withdrawn already."),
    Reason.NEVER_IN_FORCE: _("%(what)s was never in force; it cannot come in force again."),
    Reason.WITHOUT_EFFECT: _("This would change nothing: the land has the status “%(state)s” on that day."),
    Reason.ENDS_BEFORE_IT_BEGINS: _("It ends before it begins: the first day without it must come later."),
    Reason.OUTSIDE_EDITION: _("The extent shares no land with the edition."),
    Reason.SHOWS_ITS_SHAPE: _("What is withheld is declared by whole units or whole cells of 1 km."),
    Reason.CHANGED_SINCE: _("Something was published since you looked. Look again at what will change."),
}
# What contradicts each other, where it is not the office.
CONTRADICTIONS: Mapping[str, Promise] = {
    "document": _("The document belongs to another plan."),
    "corrects": _("The event that is corrected belongs to another edition."),
    "effective_to": _("An event of this kind has no end of its own."),
    "other_plan": _("A plan does not conflict with itself, nor one that is invented with a real one."),
    "carried_out": _("Only one of the two plans can be the one that is carried out."),
}
# Codes that stand in facts of errors, with the words of their fields.
_LABELS: Mapping[str, Any] = {
    code: label
    for choices in (LegalStatus, ProposalState, UploadState, Visibility, Role)
    for code, label in choices.choices
}


def sentence_of(error: PlanningError, sentences: Mapping[Reason, Promise] = SENTENCES) -> str:
    """Why it was refused, in the active language."""
    if isinstance(error, NotFound):
        return str(_("There is no %(kind)s “%(code)s”.") % error.facts)
    facts = {"what": _subject(error.facts), "result": _("not checked"), **error.facts}
    facts["choices"] = ", ".join(error.facts.get("choices", ()))
    facts["roles"] = _labels(error.facts.get("roles", ()))
    facts["state"] = _labels(str(error.facts.get("state", "")).split(", "))
    sentence = _sentence(error, sentences)
    if sentence is None:
        kind = _("A geometry cannot be measured") if isinstance(error, CannotMeasure) else _("Refused")
        return f"{kind}: {error.reason or type(error).__name__} {error.facts}."
    return str(sentence % facts)


def database_sentence(error: DatabaseError) -> str:
    """Why the database did not carry it out; never its own words, which repeat what was asked."""
    cause = error.__cause__
    if isinstance(cause, postgres.DiskFull):
        return str(_("The disk of the database is full."))
    if isinstance(error, OperationalError):
        return str(_("The database cannot be reached, or the connection broke."))
    constraint = cause.diag.constraint_name if isinstance(cause, postgres.Error) else None
    return str(_("The database refused it (rule: %(rule)s).") % {"rule": constraint or type(cause).__name__})


def _sentence(error: PlanningError, sentences: Mapping[Reason, Promise]) -> Promise | None:
    if error.reason is None:
        return None
    if error.reason is Reason.CONTRADICTS and error.facts.get("field") in CONTRADICTIONS:
        return CONTRADICTIONS[error.facts["field"]]
    return sentences.get(error.reason)


def _labels(codes: Iterable[str]) -> str:
    return ", ".join(str(_LABELS.get(code, code)) for code in codes)


def _subject(facts: Mapping[str, Any]) -> str:
    if "edition" in facts:
        return str(_("The edition %(edition)s") % facts)
    if "document" in facts:
        return str(_("The document %(document)s") % facts)
    if "proposal" in facts:
        return str(_("The proposal %(proposal)s") % facts)
    if "upload" in facts:
        return str(_("The upload %(upload)s") % facts)
    return str(_("This"))
