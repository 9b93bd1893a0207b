"""`manage.py record_ruling PLAN OTHER --text T --on DATE --document ID`: a ruling between two plans."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planning.errors import Reason
from planning.lifecycle import record_ruling
from planning.management import words
from planning.management.acts import SENTENCES, ActCommand
from planning.models import Publication, User


class Command(ActCommand):
    help = (
        "Records what the competent authority ruled in writing where two public plans conflict. Neither plan "
        "is changed by it. Two different members of the office of the first plan stand for it."
    )
    sentences = {
        **SENTENCES,
        **words.EXTENT_SENTENCES,
        Reason.WRONG_STATE: gettext_lazy("The plan %(plan)s is not public."),
        Reason.REQUIRED: gettext_lazy("The words of the ruling are missing: --text."),
    }

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("plan", metavar="PLAN", help="plan of the office that records the ruling")
        parser.add_argument("other", metavar="OTHER", help="plan that it conflicts with")
        parser.add_argument("--text", required=True, help="the ruling, in its words")
        parser.add_argument("--on", required=True, metavar="DATE", help="day of the ruling, like 2026-11-21")
        parser.add_argument("--document", required=True, metavar="ID", help="id of the paper that rules")
        parser.add_argument(
            "--effective-from", metavar="DATE", help="day from which it works; by default --on"
        )
        parser.add_argument("--effective-to", metavar="DATE", help="first day on which it no longer works")
        parser.add_argument(
            "--extent", metavar="FILE", help="GeoJSON polygons; by default where they conflict"
        )
        parser.add_argument("--carried-out", metavar="PLAN", help="the plan that the paper says prevails")
        super().add_arguments(parser)

    def act(self, *, by: User, approved_by: User, **options: Any) -> Publication:
        carried_out = options["carried_out"]
        return record_ruling(
            plan=words.plan(options["plan"]),
            other_plan=words.plan(options["other"]),
            text=options["text"],
            on=words.day("--on", options["on"]),
            effective_from=words.optional_day("--effective-from", options["effective_from"]),
            effective_to=words.optional_day("--effective-to", options["effective_to"]),
            extent=words.extent(options["extent"]),
            carried_out=words.plan(carried_out) if carried_out else None,
            document=words.document(options["document"]),
            by=by,
            approved_by=approved_by,
        )

    def in_words(self, made: Publication) -> str:
        (fact,) = made.summary["rulings"]
        facts = {"revision": made.revision, **fact}
        return (
            _("Published as revision %(revision)s: the ruling of %(on)s on %(plan)s and %(other_plan)s.")
            % facts
        )
