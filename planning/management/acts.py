"""What the commands share that change what is public: two members, one sentence for each refusal, exit 1."""

import json
import sys
from collections.abc import Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from planning.errors import NotFound, PlanningError, Reason
from planning.models import Publication, User
from planning.sentences import SENTENCES, database_sentence, sentence_of

__all__ = ["SENTENCES", "ActCommand", "database_sentence", "pieces_changed", "sentence_of"]

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


def pieces_changed(made: Publication) -> dict[str, int]:
    """How many pieces the revision opened and closed."""
    pieces = made.summary.get("pieces", {}).values()
    return {
        "opened": sum(row["opened"] for row in pieces),
        "closed": sum(row["closed"] for row in pieces),
    }


def _user(name: str) -> User:
    user = User.objects.filter(username=name).first()
    if user is None:
        raise NotFound(str(_("user")), name)
    return user


def _as_json(made: Publication) -> str:
    return json.dumps(
        {"revision": made.revision, "at": made.at.isoformat(), "summary": made.summary}, ensure_ascii=False
    )
