"""`manage.py declare_coverage THEME STATE --extent FILE --as-of DATE ...`: what the data of a theme cover."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from planning.errors import BadParameter, Reason
from planning.management import words
from planning.management.acts import SENTENCES, ActCommand
from planning.models import CoverageState, Publication, User
from planning.publication import declare_coverage


class Command(ActCommand):
    help = (
        "Declares how far the data of a theme reach within an area, in a revision of its own. "
        "Two different members of the office stand for it."
    )
    sentences = {**SENTENCES, **words.EXTENT_SENTENCES}

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("theme", metavar="THEME", help="code of the theme, like construction")
        parser.add_argument("state", metavar="STATE", help=", ".join(CoverageState.values))
        parser.add_argument("--plan-kind", default="", metavar="KIND", help="by default all of the theme")
        parser.add_argument("--extent", required=True, metavar="FILE", help="GeoJSON polygons (EPSG:4326)")
        parser.add_argument("--as-of", required=True, metavar="DATE", help="the day of which it is true")
        parser.add_argument(
            "--valid-from", metavar="DATE", help="first day it speaks for; by default --as-of"
        )
        parser.add_argument("--valid-to", metavar="DATE", help="first day it no longer speaks for")
        parser.add_argument("--source", required=True, help="what the declaration rests on")
        parser.add_argument("--office", required=True, metavar="OFFICE", help="the office that declares it")
        super().add_arguments(parser)

    def act(self, *, by: User, approved_by: User, **options: Any) -> Publication:
        area = words.extent(options["extent"])
        if area is None:
            raise BadParameter("--extent", "", Reason.REQUIRED)
        as_of = words.day("--as-of", options["as_of"])
        begins = words.optional_day("--valid-from", options["valid_from"])
        return declare_coverage(
            theme=words.theme(options["theme"]),
            plan_kind=options["plan_kind"],
            state=options["state"],
            geometry=area,
            as_of=as_of,
            valid=(begins or as_of, words.optional_day("--valid-to", options["valid_to"])),
            source=options["source"],
            office=words.office(options["office"]),
            by=by,
            approved_by=approved_by,
        )

    def in_words(self, made: Publication) -> str:
        (number,) = made.summary["declared"]
        facts = {"revision": made.revision, "declaration": number}
        return _("Published as revision %(revision)s: the declaration %(declaration)s.") % facts
