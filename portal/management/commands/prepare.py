"""`manage.py prepare`: bring a database up to date before the service uses it.

The one place that says what a database needs: the schema, the code lists and units, a look at what must
be right, and, where it is empty and the caller wishes, the demonstration town. Each step tells whether
it had anything to do.
"""

import time
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from procrastinate.contrib.django.utils import connector_params

from planning.models import Publication
from planning.system_checks import gdal_library


class Command(BaseCommand):
    help = "Migrates the database, loads code lists and units, checks, and with --demo loads the town."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--demo", action="store_true", help="load the demonstration into an empty database"
        )

    def handle(self, *args: Any, demo: bool, **options: Any) -> None:
        self._refuse_unreachable()
        self._step("schema", self._migrate)
        self._step("code lists and units", self._load_reference)
        self._step("system checks", self._check)
        if demo:
            self._step("demonstration town", self._load_demonstration)

    def _refuse_unreachable(self) -> None:
        # Past the pool, which would try for long and then say only that it waited in vain.
        try:
            psycopg.connect(**connector_params()).close()
        except psycopg.OperationalError as error:
            # The first line names host and cause; the driver leaves passwords out of it.
            reason = str(error).strip().splitlines()[0]
            raise CommandError(f"The database cannot be reached ({reason}). Check DATABASE_URL.") from None

    def _step(self, name: str, work: Callable[[], str]) -> None:
        began = time.perf_counter()
        outcome = work()
        self.stdout.write(f"database: {name}: {outcome} ({time.perf_counter() - began:.1f} s)")
        self.stdout.flush()

    def _migrate(self) -> str:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if not pending:
            return "there"
        call_command("migrate", verbosity=0, interactive=False)
        return f"{len(pending)} migrations applied"

    def _load_reference(self) -> str:
        if "load_reference" not in get_commands():
            return "nothing to load"
        call_command("load_reference", verbosity=0)
        return "there"

    def _check(self) -> str:
        """Refuse to go on with libraries, folders or coordinates that are not as they must be."""
        self.check(databases=["default"])
        return f"passed, with {Path(gdal_library()).name}"

    def _load_demonstration(self) -> str:
        # Any publication, a removed demonstration's too, means that somebody has taken over.
        if Publication.objects.exists():
            return "left alone, the database is in use"
        if "demo" not in get_commands():
            return "nothing to load"
        # All of it or nothing: cut off half-way, the next start finds the database as empty as before.
        with transaction.atomic():
            call_command("demo", "load", stdout=self.stdout)
        return "loaded"
