"""`manage.py compare_parcels UPLOAD`: what a delivery of the cadastre would change. Writes nothing."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from planning.cadastre import Change, ChangeKind, Difference, compare
from planning.errors import NotFound, PlanningError
from planning.management.acts import sentence_of
from planning.models import LayerUpload

_QUIET = (ChangeKind.UNCHANGED, ChangeKind.UNTOUCHED)


class Command(BaseCommand):
    help = "Compares a staged delivery of the cadastre with the parcels that are public now."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("upload", type=int, help="number of the upload")
        parser.add_argument("--json", action="store_true", help="one JSON document with all changes")
        parser.add_argument("--limit", type=int, default=20, help="changes shown of each kind")

    def handle(self, *, upload: int, limit: int, **options: Any) -> None:
        try:
            difference = compare(_upload(upload))
        except PlanningError as error:
            raise CommandError(sentence_of(error)) from None
        if options["json"]:
            self.stdout.write(json.dumps(difference.to_json(limit=None), ensure_ascii=False))
        else:
            self._say(difference, limit)

    def _say(self, difference: Difference, limit: int) -> None:
        self.stdout.write(
            _("Delivery of %(as_of)s against revision %(revision)d:")
            % {"as_of": difference.as_of, "revision": difference.revision}
        )
        for name, count in difference.counts.items():
            self.stdout.write(f"  {name}: {count}")
        for kind in ChangeKind:
            if kind not in _QUIET:
                for change in difference.of(kind)[:limit]:
                    self.stdout.write(f"  {kind.value} {_in_words(change)}")
        for doubt in difference.doubts:
            self.stdout.write(
                _("  %(unit)s: %(ended)d of %(standing)d parcels would end")
                % {"unit": doubt.unit, "ended": doubt.ended, "standing": doubt.standing}
            )


def _in_words(change: Change) -> str:
    passage = f"{', '.join(change.former) or '-'} -> {', '.join(change.later) or '-'}"
    return passage if change.shared_m2 is None else f"{passage} ({change.shared_m2:.1f} m²)"


def _upload(number: int) -> LayerUpload:
    upload = LayerUpload.objects.filter(pk=number).first()
    if upload is None:
        raise NotFound("upload", str(number))
    return upload
