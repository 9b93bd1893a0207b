"""`manage.py check_documents`: every file of a paper read anew and compared with its hash.

For a nightly run of the deployment's own; exit 1 where a file is missing or is not what was handed in.
"""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from planning.documents.upkeep import differences, unnamed_files


class Command(BaseCommand):
    help = "Reads the files of all documents anew and reports those that differ from their recorded hash."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, **options: Any) -> None:
        stock = list(differences())
        wrong = [one for one in stock if one.difference is not None]
        unnamed = unnamed_files()
        if options["json"]:
            self.stdout.write(json.dumps(_report(len(stock), wrong, unnamed)))
        else:
            for one in wrong:
                papers = ", ".join(map(str, one.documents))
                self.stdout.write(f"{one.name}: {one.difference} (documents {papers})")
            for name in unnamed:
                self.stdout.write(f"{name}: named by no document")
            self.stdout.write(f"{len(stock)} files, {len(wrong)} differ, {len(unnamed)} named by no document")
        if wrong:
            sys.exit(1)


def _report(files: int, wrong: list[Any], unnamed: list[str]) -> dict[str, object]:
    return {
        "files": files,
        "differing": [
            {"file": one.name, "difference": one.difference, "documents": list(one.documents)}
            for one in wrong
        ],
        "named_by_no_document": unnamed,
    }
