"""`script/soak`: 100 000 random questions of parcel, day and revision, against the slow oracle.

Makes a database of its own in the private cluster and lets one process per core ask; ends with 1 where any
answer differed. The arguments are those of `tests.oracle.asked`.
"""

import os
import subprocess
import sys
from pathlib import Path

import psycopg

from portal import cluster

ROOT = Path(__file__).resolve().parent.parent.parent
DATABASE = "soak"


def main() -> int:
    with cluster.held(cluster.private_cluster()):
        environment = {
            **os.environ,
            "DATABASE_URL": _address(DATABASE),
            "PUBLIC_URL": "http://127.0.0.1",
            "LOG_LEVEL": "WARNING",
            "DJANGO_SETTINGS_MODULE": "portal.settings",
        }
        _make_database()
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, env=environment, cwd=ROOT, check=True)
        return _ask(environment)


def _make_database() -> None:
    with psycopg.connect(_address("postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
        connection.execute(f"CREATE DATABASE {DATABASE} TEMPLATE template0 ENCODING 'UTF8'")


def _address(database: str) -> str:
    return f"host='{cluster.private_cluster().sockets}' user={cluster.USER} dbname={database}"


def _ask(environment: dict[str, str]) -> int:
    """One process per core, each with every n-th town; a run with `--from-town` stays in one."""
    command = [sys.executable, "-m", "tests.oracle.asked", *sys.argv[1:]]
    jobs = 1 if "--from-town" in sys.argv or "--help" in sys.argv else os.cpu_count() or 1
    shares = [["--from-town", str(job), "--every", str(jobs)] for job in range(jobs)] if jobs > 1 else [[]]
    running = [subprocess.Popen([*command, *share], env=environment, cwd=ROOT) for share in shares]
    return max(process.wait() for process in running)


if __name__ == "__main__":
    sys.exit(main())
