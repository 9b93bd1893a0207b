"""`manage.py publish UPLOAD... --by X --approved-by Y`: checked uploads become public, all or none."""

from collections.abc import Sequence
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from planning.errors import NotFound
from planning.management.acts import ActCommand, pieces_changed
from planning.models import LayerUpload, Publication, User
from planning.publication import publish


class Command(ActCommand):
    help = "Publishes checked uploads in one revision. Two different members of the office stand for it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("uploads", nargs="+", type=int, metavar="UPLOAD", help="number of the upload")
        super().add_arguments(parser)

    def act(self, *, by: User, approved_by: User, **options: Any) -> Publication:
        return publish(uploads=_uploads(options["uploads"]), by=by, approved_by=approved_by)

    def in_words(self, made: Publication) -> str:
        facts = {
            "revision": made.revision,
            "editions": ", ".join(row["edition"] for row in made.summary["editions"]) or "–",
            **pieces_changed(made),
        }
        return (
            _(
                "Published as revision %(revision)s. "
                "Editions: %(editions)s; pieces: %(opened)s new, %(closed)s closed."
            )
            % facts
        )


def _uploads(numbers: Sequence[int]) -> list[LayerUpload]:
    rows = LayerUpload.objects.select_related("office").in_bulk(numbers)
    for number in numbers:
        if number not in rows:
            raise NotFound(_("upload"), str(number))
    return [rows[number] for number in dict.fromkeys(numbers)]
