"""What the commands share that change what is public: two members, one sentence for each refusal, exit 1."""

import json
import sys
from collections.abc import Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, OperationalError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from psycopg import errors as postgres

from planning.errors import CannotMeasure, NotFound, PlanningError, Reason
from planning.models import Publication, User

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
}
NOTHING_CHANGED = _("Nothing was changed.")


class ActCommand(BaseCommand):
    """A command for which two members stand; what it does is said by `act`, which returns the revision."""

    sentences: Mapping[Reason, Promise] = SENTENCES

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--by", required=True, help="user name of the planner or reviewer who publishes")
        parser.add_argument("--approved-by", required=True, help="user name of the reviewer who approves")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *, by: str, approved_by: str, verbosity: int, **options: Any) -> None:
        as_json = options["json"]
        try:
            made = self.act(by=_user(by), approved_by=_user(approved_by), **options)
        except PlanningError as error:
            self._fail(sentence_of(error, self.sentences), as_json, reason=error.reason, facts=error.facts)
        except DatabaseError as error:
            self._fail(database_sentence(error), as_json, reason="unavailable", facts={})
        else:
            if as_json or verbosity:
                self.stdout.write(_as_json(made) if as_json else self.style.SUCCESS(self.in_words(made)))

    def act(self, *, by: User, approved_by: User, **options: Any) -> Publication:
        """Carry out the verb; raises PlanningError where it is refused."""
        raise NotImplementedError

    def in_words(self, made: Publication) -> str:
        """What was done, for whoever reads the terminal."""
        raise NotImplementedError

    def _fail(self, sentence: str, as_json: bool, **facts: Any) -> None:
        sentence = f"{sentence} {NOTHING_CHANGED}"
        if as_json:
            self.stdout.write(json.dumps({"error": sentence, **facts}, ensure_ascii=False, default=str))
        else:
            self.stderr.write(sentence)
        sys.exit(1)


def sentence_of(error: PlanningError, sentences: Mapping[Reason, Promise] = SENTENCES) -> str:
    """Why it was refused, in the active language."""
    if isinstance(error, NotFound):
        return str(_("There is no %(kind)s “%(code)s”.") % error.facts)
    facts = {"what": _subject(error.facts), "result": _("not checked"), **error.facts}
    for listed in ("roles", "choices"):
        facts[listed] = ", ".join(error.facts.get(listed, ()))
    sentence = sentences.get(error.reason) if error.reason else None
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


def pieces_changed(made: Publication) -> dict[str, int]:
    """How many pieces the revision opened and closed."""
    pieces = made.summary.get("pieces", {}).values()
    return {
        "opened": sum(row["opened"] for row in pieces),
        "closed": sum(row["closed"] for row in pieces),
    }


def _subject(facts: Mapping[str, Any]) -> str:
    if "edition" in facts:
        return str(_("The edition %(edition)s") % facts)
    if "document" in facts:
        return str(_("The document %(document)s") % facts)
    if "upload" in facts:
        return str(_("The upload %(upload)s") % facts)
    return str(_("This"))


def _user(name: str) -> User:
    user = User.objects.filter(username=name).first()
    if user is None:
        raise NotFound(str(_("user")), name)
    return user


def _as_json(made: Publication) -> str:
    return json.dumps(
        {"revision": made.revision, "at": made.at.isoformat(), "summary": made.summary}, ensure_ascii=False
    )
