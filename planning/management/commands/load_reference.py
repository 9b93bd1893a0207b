"""`manage.py load_reference`: themes, administrative units and land-use codes from the fixtures."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from planning.reference import Selection, load_reference


class Command(BaseCommand):
    help = "Loads or updates themes, administrative units and land-use code lists. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--base", type=Path, default=Path(settings.BASE_DIR) / "fixtures", help="folder of the CSV files"
        )
        parser.add_argument(
            "--for",
            dest="folder",
            type=Path,
            default=settings.DEMONSTRATION,
            help="folder whose reference.toml says what of it is needed; by default the demonstration's",
        )

    def handle(self, *, base: Path, folder: Path, verbosity: int, **options: Any) -> None:
        written = load_reference(base=base, selection=Selection.read(folder, base=base))
        if verbosity:
            counts = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in asdict(written).items())
            self.stdout.write(f"Reference data written: {counts}")
