"""`manage.py record_event EDITION KIND --on DATE --by X --approved-by Y`: a fact about a public edition.

With `--corrects ID` the facts of an event that is public already are recorded anew, or with `--void` it is
said that it never happened.
"""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planning.errors import Reason
from planning.lifecycle import record_event
from planning.management import words
from planning.management.acts import SENTENCES, ActCommand, pieces_changed
from planning.models import EventKind, Publication, User


class Command(ActCommand):
    help = (
        "Records a dated fact about a public edition and publishes it in a revision of its own. "
        "Two different members of the office stand for it."
    )
    sentences = {
        **SENTENCES,
        **words.EXTENT_SENTENCES,
        Reason.WRONG_STATE: gettext_lazy("%(what)s is not public: its events go public together with it."),
        Reason.WITHOUT_DECISION: gettext_lazy(
            "An event “%(event)s” needs a decision or a letter of acceptance behind it: --document ID."
        ),
        Reason.REQUIRED: gettext_lazy("A correction names the event that it corrects: --corrects ID."),
        Reason.ALREADY_RECORDED: gettext_lazy(
            "%(what)s has such an event already (“%(state)s”); correct the recorded one: --corrects ID."
        ),
        Reason.ALREADY_CORRECTED: gettext_lazy(
            "The event %(event)s is corrected already; correct its newest correction: --corrects %(newest)s."
        ),
    }

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("edition", metavar="EDITION", help="public edition, like some-plan/2")
        parser.add_argument("kind", metavar="KIND", help=", ".join(EventKind.values))
        parser.add_argument("--on", required=True, metavar="DATE", help="day of the act, like 2026-11-21")
        parser.add_argument(
            "--effective-from", metavar="DATE", help="day from which it works; by default --on"
        )
        parser.add_argument(
            "--effective-to", metavar="DATE", help="first day on which it no longer works; by default none"
        )
        parser.add_argument(
            "--extent", metavar="FILE", help="GeoJSON polygons (EPSG:4326); by default the whole edition"
        )
        parser.add_argument("--document", metavar="ID", help="id of the decision among the documents")
        parser.add_argument("--note", default="", metavar="TEXT", help="a word on it, shown with it")
        parser.add_argument("--corrects", metavar="ID", help="number of the event that this corrects")
        parser.add_argument("--void", action="store_true", help="the event that this corrects never happened")
        super().add_arguments(parser)

    def act(self, *, by: User, approved_by: User, **options: Any) -> Publication:
        number, corrected = options["document"], options["corrects"]
        return record_event(
            edition=words.edition(options["edition"]),
            kind=words.event_kind(options["kind"]),
            on=words.day("--on", options["on"]),
            effective_from=words.optional_day("--effective-from", options["effective_from"]),
            effective_to=words.optional_day("--effective-to", options["effective_to"]),
            extent=words.extent(options["extent"]),
            document=words.document(number) if number else None,
            note=options["note"],
            corrects=words.event(corrected) if corrected else None,
            is_void=options["void"],
            by=by,
            approved_by=approved_by,
        )

    def in_words(self, made: Publication) -> str:
        (fact,) = made.summary["events"]
        facts = {
            "revision": made.revision,
            "edition": fact["edition"],
            "event": EventKind(fact["kind"]).label,
            "day": fact["effective_from"],
            **pieces_changed(made),
        }
        return (
            _(
                "Published as revision %(revision)s. "
                "%(edition)s: %(event)s, effective from %(day)s; pieces: %(opened)s new, %(closed)s closed."
            )
            % facts
        )
