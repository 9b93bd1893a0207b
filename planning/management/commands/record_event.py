"""`manage.py record_event EDITION KIND --on DATE --by X --approved-by Y`: a fact about a public edition."""

from datetime import date
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planning.errors import BadParameter, NotFound, Reason
from planning.lifecycle import record_event
from planning.management.acts import SENTENCES, ActCommand, pieces_changed
from planning.models import Document, Edition, EventKind, Publication, User


class Command(ActCommand):
    help = (
        "Records a dated fact about a public edition and publishes it in a revision of its own. "
        "Two different members of the office stand for it."
    )
    sentences = {
        **SENTENCES,
        Reason.WRONG_STATE: gettext_lazy("%(what)s is not public: its events go public together with it."),
        Reason.WITHOUT_DECISION: gettext_lazy(
            "An event “%(event)s” needs a decision or a letter of acceptance behind it: --document ID."
        ),
        Reason.CONTRADICTS: gettext_lazy("The document does not belong to the plan of %(edition)s."),
    }

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("edition", metavar="EDITION", help="public edition, like some-plan/2")
        parser.add_argument("kind", metavar="KIND", help=", ".join(EventKind.values))
        parser.add_argument("--on", required=True, metavar="DATE", help="day of the act, like 2026-11-21")
        parser.add_argument(
            "--effective-from", metavar="DATE", help="day from which it works; by default --on"
        )
        parser.add_argument("--document", metavar="ID", help="number of the decision among the documents")
        super().add_arguments(parser)

    def act(self, *, by: User, approved_by: User, **options: Any) -> Publication:
        effective_from = options["effective_from"]
        return record_event(
            edition=_edition(options["edition"]),
            kind=_kind(options["kind"]),
            on=_date("--on", options["on"]),
            effective_from=_date("--effective-from", effective_from) if effective_from else None,
            document=_document(options["document"]) if options["document"] else None,
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


def _edition(code: str) -> Edition:
    plan, _slash, number = code.rpartition("/")
    # longer numbers do not fit the column
    is_number = number.isdecimal() and len(number) < 6
    editions = Edition.objects.select_related("plan__office").filter(plan=plan)
    edition = editions.filter(number=int(number)).first() if is_number else None
    if edition is None:
        raise NotFound(_("edition"), code)
    return edition


def _kind(value: str) -> EventKind:
    if value not in EventKind.values:
        raise BadParameter("KIND", value, Reason.NOT_A_CHOICE, choices=EventKind.values)
    return EventKind(value)


def _date(name: str, value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise BadParameter(name, value, Reason.NOT_A_DATE) from None


def _document(number: str) -> Document:
    is_number = number.isdecimal() and len(number) < 19
    document = Document.objects.filter(pk=int(number)).first() if is_number else None
    if document is None:
        raise NotFound(_("document"), number)
    return document
