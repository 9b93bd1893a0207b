"""Service addresses: does the process live (`/healthz`), may it get traffic (`/readyz`).

Neither shows data; both answer JSON without a language. `/readyz` names every part and what is wrong
with it, so that an operator reads the cause and not only a status.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from planning.system_checks import coordinate_faults

# Workers report every ten seconds; a restarted one has been seen again long before this.
LONGEST_SILENCE_S = 60


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that must work, and what is wrong with it (empty: nothing)."""

    name: str
    fault: str


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers; it asks nothing else, so that a broken database ends no web worker."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Database, migrations, coordinates and jobs; 503 where one of them is not right."""
    parts = [
        Part(name, _asked(question))
        for name, question in (
            ("database", _database_fault),
            ("migrations", _migration_fault),
            ("coordinates", _coordinate_fault),
            ("jobs", _job_fault),
        )
    ]
    is_ready = not any(part.fault for part in parts)
    return JsonResponse(
        {"status": "ok" if is_ready else "not ready", **{part.name: part.fault or "ok" for part in parts}},
        status=200 if is_ready else 503,
    )


def _asked(question: Callable[[], str]) -> str:
    """The fault found, or that the question itself failed: a failed question is never an "ok"."""
    try:
        with _short_statements():
            return question()
    except (DatabaseError, InterfaceError) as error:
        return f"cannot be asked ({type(error).__name__})"


@contextmanager
def _short_statements() -> Iterator[None]:
    """A probe that waits for long is an answer too: no."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', '3000', true)")
        yield


def _database_fault() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT postgis_lib_version()")
        cursor.fetchone()
    return ""


def _migration_fault() -> str:
    missing = known_migrations() - set(MigrationRecorder(connection).applied_migrations())
    return f"{len(missing)} not applied; run manage.py migrate" if missing else ""


@cache
def known_migrations() -> frozenset[tuple[str, str]]:
    """What this program's files ask for; they do not change while it runs."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return frozenset(loader.disk_migrations)


def _coordinate_fault() -> str:
    return " ".join(coordinate_faults(connection))


def _job_fault() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers")
        (silence,) = cursor.fetchone()
    if silence is None:
        return "no worker runs"
    if silence > LONGEST_SILENCE_S:
        return f"no worker has been heard of for {silence:.0f} s"
    return ""
