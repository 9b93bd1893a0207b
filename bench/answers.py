"""The answer for one parcel over HTTP, in a large town and a small one, and while others publish."""

import itertools
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import psycopg

from bench.measuring import SAMPLES, WARM_UP, Ask, Measured, Row, in_turn, timed
from bench.serving import asking, served
from bench.towns import LARGE, PUBLISHING, ROOT, SMALL, Say, Town, copy, environment

SEED = 20261121
ANSWER = "/api/v1/parcels/{}/planning"
WHAT = "answer, 5 themes"
PUBLISHED = 50_000
PAUSE = 0.05  # seconds between two questions while something is published: a light load


def answers(say: Say) -> list[Row]:
    """Both towns at once, block by block in turn."""
    towns = (SMALL, LARGE)
    with ExitStack() as opened:
        codes = {town.database: parcel_codes(town) for town in towns}
        floors = {town.database: opened.enter_context(_bare(town)) for town in towns}
        ports = {town.database: opened.enter_context(served(town)) for town in towns}
        asked = {name: opened.enter_context(asking(port, ANSWER)) for name, port in ports.items()}
        empty = opened.enter_context(asking(ports[LARGE.database], "/healthz"))
        say(f"answers, {SAMPLES} of each")
        took = in_turn({f"floor {name}": (ask, codes[name]) for name, ask in floors.items()})
        took |= in_turn({name: (ask, codes[name]) for name, ask in asked.items()})
        took |= in_turn({"empty": (empty, codes[LARGE.database])})
    small, large = (took[town.database] for town in towns)
    return [
        Row(what=f"{WHAT}; {SMALL.name}", ours=small, floor=took[f"floor {SMALL.database}"]),
        Row(
            what=f"{WHAT}; {LARGE.name}",
            ours=large,
            floor=took[f"floor {LARGE.database}"],
            target="p50 <= 6 ms, p99 <= 30 ms",
        ),
        Row(what=f"{WHAT}; large against small", ours=large, floor=small, target="<= 1.5 x"),
        Row(what="an empty request (/healthz)", ours=took["empty"]),
    ]


def publications(say: Say) -> list[Row]:
    """Publications of size in a copy of the large town, and what answers take before and meanwhile."""
    copy(LARGE, PUBLISHING)
    say(f"publishing {PUBLISHED} zones, then a local adjustment among them")
    command = [sys.executable, "-m", "bench.publish", str(PUBLISHED)]
    with served(PUBLISHING) as port, asking(port, ANSWER) as ask:
        codes = itertools.cycle(parcel_codes(PUBLISHING))
        for code in itertools.islice(codes, WARM_UP):
            ask(code)
        idle = [_paced(ask, next(codes)) for _ in range(200)]
        publishing = subprocess.Popen(
            command, env=environment(PUBLISHING), cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        meanwhile = []
        while publishing.poll() is None:
            meanwhile.append(_paced(ask, next(codes)))
        told = (publishing.stdout.read() if publishing.stdout else "").splitlines()
    if publishing.returncode:
        raise SystemExit(f"The publication ended with {publishing.returncode}.")
    aims = ("<= 60 s", "<= 5 s")
    took = [json.loads(line) for line in told]
    rows = [
        Row(what=one["what"], ours=Measured(one["seconds"] * 1000, one["seconds"] * 1000), target=aim)
        for one, aim in zip(took, aims, strict=True)
    ]
    before = Row(what=f"{WHAT}; the same copy before that", ours=Measured.of(idle))
    during = Row(what=f"{WHAT}; while this was published", ours=Measured.of(meanwhile), target="p99 <= 30 ms")
    return [*rows, before, during]


def _paced(ask: Ask, question: str) -> float:
    took = timed(ask, question)
    time.sleep(PAUSE)
    return took


def parcel_codes(town: Town) -> list[str]:
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
    """Ask the bare statement that finds a parcel and what touches its box."""
    with prepared(town) as connection:

        def ask(code: str) -> None:
            connection.execute(_BARE, [code]).fetchall()

        yield ask


@contextmanager
def prepared(town: Town) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """A connection on which every statement is prepared at its first use."""
    options = "-c jit=off"
    with psycopg.connect(town.address, autocommit=True, options=options, prepare_threshold=0) as connection:
        yield connection
