"""`script/bench`: how fast the answer is over HTTP, on a large town and on a small one, in one run; and how
long publications of size take, with the answers that are given meanwhile.

A real server of the product in front of a database that `bench.make_data` fills once; one client that
keeps its connection. Ratios compare figures of the same run on the same machine: with the bare SQL that
finds the same candidates, and of the large town with the small one.
"""

import argparse
import http.client
import itertools
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from portal import cluster

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = 2_000
BLOCK = 200
WARM_UP = 50
SEED = 20261121
ANSWER = "/api/v1/parcels/{}/planning"
WHAT = "answer for one parcel, 5 themes, over HTTP"
Ask = Callable[[str], None]

PUBLISHED = 50_000
PAUSE = 0.05  # seconds between two questions while something is published: a light load

P50_TARGET_MS, P99_TARGET_MS, GROWTH_TARGET = 6.0, 30.0, 1.5


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


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds of many questions."""

    p50: float
    p99: float

    @classmethod
    def of(cls, times: Sequence[float]) -> "Measured":
        cuts = statistics.quantiles(times, n=100)
        return cls(cuts[49], cuts[98])


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/bench", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")
    parser.add_argument("--remake", action="store_true", help="make the data anew")
    options = parser.parse_args()
    say = _silent if options.json else _aloud
    with cluster.held(cluster.private_cluster()):
        for town in (SMALL, LARGE):
            _prepare(town, remake=options.remake, say=say)
        rows = _measure(say)
        rows += _measure_publications(say)
    print(json.dumps(rows, ensure_ascii=False, indent=2) if options.json else _table(rows))
    return 0


def _aloud(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _silent(text: str) -> None:
    pass


# --- Data ---


def _prepare(town: Town, *, remake: bool, say: Callable[[str], None]) -> None:
    """Make the town's database unless it is there whole; the name is given to it last."""
    maintenance = Town("postgres", 0, 0)
    unfinished = f"{town.database}_unfinished"
    with psycopg.connect(maintenance.address, autocommit=True) as connection:
        names = {name for (name,) in connection.execute("SELECT datname FROM pg_database")}
        if town.database in names and not remake:
            _python(town, "manage.py", "migrate", "--verbosity", "0")
            return
        connection.execute(f"DROP DATABASE IF EXISTS {unfinished}")
        connection.execute(f"CREATE DATABASE {unfinished} TEMPLATE template0 ENCODING 'UTF8'")
    began = time.perf_counter()
    say(f"making {town.name}")
    making = Town(unfinished, town.parcels, town.zones)
    _python(making, "-m", "bench.make_data", str(town.parcels), str(town.zones))
    with psycopg.connect(maintenance.address, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {town.database}")
        connection.execute(f"ALTER DATABASE {unfinished} RENAME TO {town.database}")
    say(f"made in {time.perf_counter() - began:.0f} s")


def _python(town: Town, *arguments: str) -> None:
    """Run Python with the town's database in view; what it prints is no part of the result."""
    command = [sys.executable, *arguments]
    subprocess.run(command, env=_environment(town), cwd=ROOT, check=True, stdout=sys.stderr)


def _environment(town: Town) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": town.address,
        "PUBLIC_URL": "http://127.0.0.1",
        "LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
    }


# --- Measuring ---


def _measure(say: Callable[[str], None]) -> list[dict[str, Any]]:
    """Both towns at once, block by block in turn, so that what else the machine does hits both."""
    towns = (SMALL, LARGE)
    with ExitStack() as running:
        codes = {town.database: _codes(town) for town in towns}
        floors = {town.database: running.enter_context(_bare(town)) for town in towns}
        ports = {town.database: running.enter_context(_served(town)) for town in towns}
        answers = {name: running.enter_context(_asking(port, ANSWER)) for name, port in ports.items()}
        empty = running.enter_context(_asking(ports[LARGE.database], "/healthz"))
        say(f"asking {SAMPLES} times each")
        took = _in_turn({f"floor {name}": (ask, codes[name]) for name, ask in floors.items()})
        took |= _in_turn({name: (ask, codes[name]) for name, ask in answers.items()})
        took |= _in_turn({"empty": (empty, codes[LARGE.database])})
    rows = [
        _row(f"{WHAT}; {town.name}", took[town.database], took[f"floor {town.database}"]) for town in towns
    ]
    small, large = (took[town.database] for town in towns)
    growth = _row("the answer, large town against small", large, small)
    return [*rows, growth, _row("an empty request (/healthz)", took["empty"], None)]


def _measure_publications(say: Callable[[str], None]) -> list[dict[str, Any]]:
    """Publications of size in a copy of the large town, and what answers take meanwhile."""
    publishing = Town("bench_publishing", LARGE.parcels, LARGE.zones)
    _copy(LARGE, publishing)
    say(f"publishing {PUBLISHED} zones, then a local adjustment among them")
    command = [sys.executable, "-m", "bench.publish", str(PUBLISHED)]
    times: list[float] = []
    with _served(publishing) as port, _asking(port, ANSWER) as ask:
        codes = itertools.cycle(_codes(publishing))
        for code in itertools.islice(codes, WARM_UP):
            ask(code)
        running = subprocess.Popen(
            command, env=_environment(publishing), cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        while running.poll() is None:
            began = time.perf_counter()
            ask(next(codes))
            times.append((time.perf_counter() - began) * 1000)
            time.sleep(PAUSE)
        told = (running.stdout.read() if running.stdout else "").splitlines()
    if running.returncode:
        raise SystemExit(f"The publication ended with {running.returncode}.")
    rows = [json.loads(line) for line in told]
    published = [
        _row(row["what"], Measured(row["seconds"] * 1000, row["seconds"] * 1000), None) for row in rows
    ]
    return [*published, _row("the answer while this was published", Measured.of(times), None)]


def _copy(town: Town, copy: Town) -> None:
    """A fresh copy of a town's database: what is published into it is thrown away."""
    with psycopg.connect(Town("postgres", 0, 0).address, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {copy.database}")
        connection.execute(f"CREATE DATABASE {copy.database} TEMPLATE {town.database}")


def _in_turn(askers: Mapping[str, tuple[Ask, Sequence[str]]]) -> dict[str, Measured]:
    """Every asker with its own questions, a block of each after the other; every block is warmed first."""
    took: dict[str, list[float]] = {name: [] for name in askers}
    for start in range(0, SAMPLES, BLOCK):
        for name, (ask, questions) in askers.items():
            for question in questions[start - WARM_UP : start] or questions[-WARM_UP:]:
                ask(question)
            for question in questions[start : start + BLOCK]:
                began = time.perf_counter()
                ask(question)
                took[name].append((time.perf_counter() - began) * 1000)
    return {name: Measured.of(times) for name, times in took.items()}


def _row(what: str, ours: Measured, floor: Measured | None) -> dict[str, Any]:
    return {
        "what": what,
        "ours_ms": round(ours.p50, 3),
        "p99_ms": round(ours.p99, 3),
        "floor_ms": round(floor.p50, 3) if floor else None,
        "ratio": round(ours.p50 / floor.p50, 2) if floor else None,
        "peers": {},
    }


def _codes(town: Town) -> list[str]:
    """The same random parcels every time."""
    with psycopg.connect(town.address) as connection:
        codes = [code for (code,) in connection.execute("SELECT code FROM planning_parcel ORDER BY code")]
    return random.Random(SEED).sample(codes, SAMPLES)  # noqa: S311 - nothing secret


_BARE = """
    WITH asked AS (
        SELECT geometry FROM planning_parcel
        WHERE code = %s AND known @> 1::bigint AND valid @> current_date
    )
    SELECT s.theme_id, s.zone_id, ST_AsBinary(s.geometry) FROM asked a
    JOIN planning_zonepiece s ON s.geometry && a.geometry
        AND s.known @> 1::bigint AND s.valid @> current_date
    UNION ALL
    SELECT s.theme_id, s.restriction_id, ST_AsBinary(s.geometry) FROM asked a
    JOIN planning_restrictionpiece s ON s.geometry && a.geometry
        AND s.known @> 1::bigint AND s.valid @> current_date
    UNION ALL
    SELECT c.theme_id, c.id, ST_AsBinary(c.geometry) FROM asked a
    JOIN planning_coverage c ON c.geometry && a.geometry
        AND c.known @> 1::bigint AND c.valid @> current_date
"""


@contextmanager
def _bare(town: Town) -> Iterator[Ask]:
    """Ask the bare statement that finds a parcel and what touches its box: prepared, on one connection."""
    options = "-c jit=off"
    with psycopg.connect(town.address, autocommit=True, options=options, prepare_threshold=0) as connection:

        def ask(code: str) -> None:
            connection.execute(_BARE, [code]).fetchall()

        yield ask


@contextmanager
def _asking(port: int, path: str) -> Iterator[Ask]:
    """Ask the server over one connection that stays open."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:

        def ask(code: str) -> None:
            connection.request("GET", path.format(code))
            response = connection.getresponse()
            body = response.read()
            if response.status != 200:
                raise SystemExit(f"{path} gave {response.status}: {body[:300]!r}")

        yield ask


@contextmanager
def _served(town: Town) -> Iterator[int]:
    """The product's own web server, one process, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--config", "python:portal.gunicorn"]
    command += ["--workers", "1", "--bind", f"127.0.0.1:{port}"]
    server = subprocess.Popen(command, env=_environment(town), cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port, server)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise SystemExit(f"The server ended with {server.returncode}.")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("The server did not begin to listen.")


# --- Telling ---


def _table(rows: list[dict[str, Any]]) -> str:
    lines = [f"{'':72} {'p50 ms':>9} {'p99 ms':>9} {'floor ms':>9} {'ratio':>7}"]
    for row in rows:
        figures = (row["ours_ms"], row["p99_ms"], row["floor_ms"], row["ratio"])
        shown = ["" if figure is None else f"{figure:.2f}" for figure in figures]
        lines.append(f"{row['what']:72} {shown[0]:>9} {shown[1]:>9} {shown[2]:>9} {shown[3]:>7}")
    targets = (
        f"p50 <= {P50_TARGET_MS:g} ms, p99 <= {P99_TARGET_MS:g} ms, ratio large to small <= {GROWTH_TARGET:g}"
    )
    published = "new zones <= 60 s, a local adjustment <= 5 s, answers meanwhile p99 <= 30 ms"
    return "\n".join([*lines, f"targets for the answer: {targets}", f"for publications: {published}"])


if __name__ == "__main__":
    sys.exit(main())
