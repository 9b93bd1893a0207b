"""`manage.py demo load [FOLDER]|remove`: a demonstration in, or out again."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from planning.demonstration import is_loaded, load_demonstration, remove_demonstration
from planning.errors import PlanningError
from planning.models import Plan


class Command(BaseCommand):
    help = "Loads a demonstration, or removes it; real data are never touched."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["load", "remove"])
        parser.add_argument(
            "folder",
            nargs="?",
            type=Path,
            default=settings.DEMONSTRATION,
            help="what to show; by default the folder that the setting DEMONSTRATION names",
        )
        parser.add_argument(
            "--if-empty", action="store_true", help="load only into a database that holds no plan at all"
        )

    def handle(self, *args: Any, action: str, folder: Path, if_empty: bool, **options: Any) -> None:
        if action == "remove":
            self._remove()
        elif is_loaded() or (if_empty and Plan.objects.exists()):
            self.stdout.write(_("The database holds plans already; nothing was loaded."))
        else:
            self._load(folder)

    def _load(self, folder: Path) -> None:
        started = time.monotonic()

        def say(step: str) -> None:
            self.stdout.write(f"{time.monotonic() - started:6.1f} s  {step}")
            self.stdout.flush()

        try:
            publications = load_demonstration(say=say, folder=folder)
        except PlanningError as error:
            raise CommandError(_("The demonstration could not be loaded: %s") % error) from error
        say(_("done: %d revisions published") % len(publications))

    def _remove(self) -> None:
        removed = remove_demonstration()
        rows = sum(removed.values())
        self.stdout.write(_("The demonstration was removed: %d rows.") % rows)
