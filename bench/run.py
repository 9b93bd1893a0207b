"""`script/bench`: how fast the answer is over HTTP, on a large town and on a small one, in one run.

A real server of the product in front of a database that `bench.make_data` fills once; one client that
keeps its connection. Ratios compare figures of the same run on the same machine: with the bare SQL that
finds the same candidates, and of the large town with the small one.
"""

import argparse
import http.client
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from portal import cluster

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = 2_000
WARM_UP = 300
SEED = 20261121
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
    def of(cls, ask: Callable[[str], None], questions: list[str]) -> "Measured":
        for question in questions[:WARM_UP]:
            ask(question)
        took = []
        for question in questions:
            began = time.perf_counter()
            ask(question)
            took.append((time.perf_counter() - began) * 1000)
        cuts = statistics.quantiles(took, n=100)
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
            return
        connection.execute(f"DROP DATABASE IF EXISTS {unfinished}")
        connection.execute(f"CREATE DATABASE {unfinished} TEMPLATE template0 ENCODING 'UTF8'")
    began = time.perf_counter()
    say(f"making {town.name}")
    making = Town(unfinished, town.parcels, town.zones)
    subprocess.run(
        [sys.executable, "-m", "bench.make_data", str(town.parcels), str(town.zones)],
        env=_environment(making),
        cwd=ROOT,
        check=True,
        stdout=sys.stderr,
    )
    with psycopg.connect(maintenance.address, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {town.database}")
        connection.execute(f"ALTER DATABASE {unfinished} RENAME TO {town.database}")
    say(f"made in {time.perf_counter() - began:.0f} s")


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
    rows, medians = [], {}
    for town in (SMALL, LARGE):
        say(f"measuring {town.name}")
        codes = _codes(town)
        floor = _floor(town, codes)
        with _served(town) as port:
            ours = _over_http(port, codes)
            empty = _over_http(port, ["/healthz"] * SAMPLES, root="")
        medians[town.database] = ours.p50
        rows.append(_row(f"answer for one parcel, 5 themes, over HTTP; {town.name}", ours, floor.p50))
        rows.append(_row(f"empty request (/healthz); {town.name}", empty, None))
    growth = medians[LARGE.database] / medians[SMALL.database]
    rows.append(
        {
            "what": "the large town against the small one, medians",
            "ours_ms": round(medians[LARGE.database], 3),
            "p99_ms": None,
            "floor_ms": round(medians[SMALL.database], 3),
            "ratio": round(growth, 3),
            "peers": {},
        }
    )
    return rows


def _row(what: str, ours: Measured, floor: float | None) -> dict[str, Any]:
    return {
        "what": what,
        "ours_ms": round(ours.p50, 3),
        "p99_ms": round(ours.p99, 3),
        "floor_ms": None if floor is None else round(floor, 3),
        "ratio": None if floor is None else round(ours.p50 / floor, 2),
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


def _floor(town: Town, codes: list[str]) -> Measured:
    """The bare statement that finds a parcel and what touches its box, prepared, on one connection."""
    options = "-c jit=off"
    with psycopg.connect(town.address, autocommit=True, options=options, prepare_threshold=0) as connection:

        def ask(code: str) -> None:
            connection.execute(_BARE, [code]).fetchall()

        return Measured.of(ask, codes)


def _over_http(port: int, questions: list[str], *, root: str = "/api/v1/parcels/{}/planning") -> Measured:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(question: str) -> None:
        connection.request("GET", root.format(question) or question)
        response = connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise SystemExit(f"{question} gave {response.status}: {body[:300]!r}")

    try:
        return Measured.of(ask, questions)
    finally:
        connection.close()


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
    return "\n".join([*lines, f"targets for the answer: {targets}"])


if __name__ == "__main__":
    sys.exit(main())
