"""`manage.py withdraw_coverage DECLARATION --reason T --by X --approved-by Y`: it is taken back."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planning.errors import Reason
from planning.management import words
from planning.management.acts import SENTENCES, ActCommand
from planning.models import Publication, User
from planning.publication import withdraw_coverage


class Command(ActCommand):
    help = (
        "Takes back what was declared about coverage: from this revision on it says nothing. "
        "Two different members of the office that declared it stand for it."
    )
    sentences = {**SENTENCES, Reason.REQUIRED: gettext_lazy("Say why it is taken back: --reason.")}

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("declaration", metavar="DECLARATION", help="number of the declaration")
        parser.add_argument("--reason", required=True, help="why it is taken back; shown to everyone")
        super().add_arguments(parser)

    def act(self, *, by: User, approved_by: User, **options: Any) -> Publication:
        return withdraw_coverage(
            declaration=words.declaration(options["declaration"]),
            reason=options["reason"],
            by=by,
            approved_by=approved_by,
        )

    def in_words(self, made: Publication) -> str:
        (number,) = made.summary["withdrawn"]
        facts = {"revision": made.revision, "declaration": number}
        return _("Published as revision %(revision)s: the declaration %(declaration)s is withdrawn.") % facts
