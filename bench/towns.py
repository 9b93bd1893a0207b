"""The databases that are measured: two towns of different size, made once, and copies of them."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg

from portal import cluster

ROOT = Path(__file__).resolve().parent.parent
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Town:
    """A database of a size."""

    database: str
    parcels: int
    zones: int

    @property
    def address(self) -> str:
        return f"host='{cluster.private_cluster().sockets}' user={cluster.USER} dbname={self.database}"

    @property
    def name(self) -> str:
        return f"{self.parcels:,} parcels, {self.zones:,} zones".replace(",", " ")


LARGE = Town("bench_large", 1_000_000, 50_000)
SMALL = Town("bench_small", 10_000, 500)
PUBLISHING = Town("bench_publishing", LARGE.parcels, LARGE.zones)
_MAINTENANCE = Town("postgres", 0, 0)


def prepare(town: Town, *, remake: bool, say: Say) -> None:
    """Make the town's database unless it is there whole; the name is given to it last."""
    unfinished = f"{town.database}_unfinished"
    with psycopg.connect(_MAINTENANCE.address, autocommit=True) as connection:
        names = {name for (name,) in connection.execute("SELECT datname FROM pg_database")}
        if town.database in names and not remake:
            python(town, "manage.py", "migrate", "--verbosity", "0")
            return
        connection.execute(f"DROP DATABASE IF EXISTS {unfinished}")
        connection.execute(f"CREATE DATABASE {unfinished} TEMPLATE template0 ENCODING 'UTF8'")
    began = time.perf_counter()
    say(f"making {town.name}")
    making = Town(unfinished, town.parcels, town.zones)
    python(making, "-m", "bench.make_data", str(town.parcels), str(town.zones))
    with psycopg.connect(_MAINTENANCE.address, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {town.database}")
        connection.execute(f"ALTER DATABASE {unfinished} RENAME TO {town.database}")
    say(f"made in {time.perf_counter() - began:.0f} s")


def copy(town: Town, to: Town) -> None:
    """A fresh copy of a town's database: what is published into it is thrown away."""
    with psycopg.connect(_MAINTENANCE.address, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {to.database}")
        connection.execute(f"CREATE DATABASE {to.database} TEMPLATE {town.database}")


def python(town: Town, *arguments: str) -> None:
    """Run Python with the town's database in view; what it prints is no part of the result."""
    command = [sys.executable, *arguments]
    subprocess.run(command, env=environment(town), cwd=ROOT, check=True, stdout=sys.stderr)


def environment(town: Town) -> dict[str, str]:
    """What the product reads from the environment to serve that town."""
    return {
        **os.environ,
        "DATABASE_URL": town.address,
        "PUBLIC_URL": "http://127.0.0.1",
        "LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
    }
