"""`script/soak`: 100 000 random questions of parcel, day and revision, against the slow oracle.

One process per core asks (`tests.oracle.asked`), each in a database of its own in the private cluster: a
town is one open transaction, and publication is for one at a time. Every difference is printed at once, how
far it is now and then; ends with 1 where any answer differed.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from threading import Thread

import psycopg

from portal import cluster

ROOT = Path(__file__).resolve().parent.parent.parent
PER_TOWN = 1_000
# What a child says after each town: this word, and how many questions it has asked there.
ASKED = "asked"
SAID_EVERY = 20.0  # seconds


def main() -> int:
    options = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    numbers = towns(options)
    total = sum(questions(options, number) for number in numbers)
    jobs = min(options.jobs or os.cpu_count() or 1, len(numbers))
    say(f"soak: seed {options.seed}, {total} questions in {len(numbers)} towns, {jobs} towns at a time")
    with cluster.held(cluster.private_cluster()), databases(jobs) as names:
        return Soak(options, total).run(names)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/soak", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--triples", type=int, default=100_000, help="parcel, as_at and known_at: how many")
    parser.add_argument("--per-town", type=int, default=PER_TOWN, help="how many of them in one town")
    parser.add_argument("--seed", type=int, default=1, help="other towns and other questions")
    parser.add_argument("--town", type=int, help="one town alone, again")
    parser.add_argument("--from-town", type=int, default=0, help="go on where a run was stopped")
    parser.add_argument("--every", type=int, default=1, help="take one town in so many")
    parser.add_argument("--jobs", type=int, help="towns at a time; one per core unless told")
    parser.add_argument(
        "--keep-going", action="store_true", help="do not stop at the first town that differs"
    )
    return parser.parse_args()


def towns(options: argparse.Namespace) -> range:
    """The numbers of the towns to be made."""
    if options.town is not None:
        return range(options.town, options.town + 1)
    return range(options.from_town, -(-options.triples // options.per_town), options.every)


def questions(options: argparse.Namespace, town: int) -> int:
    """How many are asked in the town: the last one gets the rest."""
    if options.town is not None:
        return int(options.per_town)
    return int(min(options.per_town, options.triples - town * options.per_town))


def say(text: str) -> None:
    print(text, flush=True)


class Soak:
    """Children at work, and what they have said so far."""

    def __init__(self, options: argparse.Namespace, total: int) -> None:
        self.options, self.total = options, total
        self.asked = self.differing = 0
        self.began = self.said = time.monotonic()

    def run(self, databases: list[str]) -> int:
        lines: Queue[str | None] = Queue()
        children = [self._start(name, job, len(databases)) for job, name in enumerate(databases)]
        for child in children:
            Thread(target=_read, args=(child, lines), daemon=True).start()
        try:
            self._listen(lines, len(children))
        finally:
            for child in children:
                child.terminate()
            codes = [child.wait() for child in children]
        return self._end(codes)

    def _start(self, database: str, job: int, jobs: int) -> subprocess.Popen[str]:
        own = self.options
        command = [
            sys.executable,
            "-m",
            "tests.oracle.asked",
            f"--seed={own.seed}",
            f"--triples={own.triples}",
        ]
        command += [f"--per-town={own.per_town}", f"--every={own.every * jobs}"]
        command += [f"--from-town={own.from_town + job * own.every}"]
        command += [f"--town={own.town}"] if own.town is not None else []
        return subprocess.Popen(
            command, env=_environment(database), cwd=ROOT, stdout=subprocess.PIPE, text=True
        )

    def _listen(self, lines: "Queue[str | None]", speaking: int) -> None:
        while speaking:
            line = lines.get()
            if line is None:
                speaking -= 1
                continue
            self._heard(line)
            if self.differing and not self.options.keep_going and line.startswith(ASKED):
                return

    def _heard(self, line: str) -> None:
        word, _, number = line.partition(" ")
        if word == ASKED:
            self.asked += int(number)
            if time.monotonic() - self.said > SAID_EVERY:
                self.said = time.monotonic()
                left = self.minutes * (self.total / self.asked - 1)
                so_far = f"{self.asked} of {self.total} asked, {self.differing} differ"
                say(f"soak: {so_far}, {left:.1f} minutes left")
        else:
            self.differing += 1
            say(line)

    def _end(self, codes: list[int]) -> int:
        is_done = self.asked == self.total
        verdict = "no difference" if not self.differing else f"{self.differing} DIFFERENCES"
        verdict += "" if is_done else f" in {self.asked}, stopped there"
        own = self.options
        say(f"soak: seed {own.seed}, {self.total} questions: {verdict}, {self.minutes:.1f} minutes")
        if self.differing:
            again = f"script/soak --seed {own.seed} --per-town {own.per_town} --town NUMBER"
            say(f"soak: one of these towns again: {again}")
        elif not is_done:
            say(f"soak: a process ended early: {codes}")
        return 0 if is_done and not self.differing else 1

    @property
    def minutes(self) -> float:
        return (time.monotonic() - self.began) / 60


def _read(child: "subprocess.Popen[str]", lines: "Queue[str | None]") -> None:
    for line in child.stdout or ():
        lines.put(line.rstrip("\n"))
    lines.put(None)


@contextmanager
def databases(jobs: int) -> Iterator[list[str]]:
    """One empty database per process, with all tables; dropped afterwards."""
    names = [f"soak_{os.getpid()}_{job}" for job in range(jobs)]
    with psycopg.connect(_address("postgres"), autocommit=True) as connection:
        try:
            connection.execute(f"CREATE DATABASE {names[0]} TEMPLATE template0 ENCODING 'UTF8'")
            migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
            subprocess.run(migrate, env=_environment(names[0]), cwd=ROOT, check=True)
            for name in names[1:]:
                connection.execute(f"CREATE DATABASE {name} TEMPLATE {names[0]}")
            yield names
        finally:
            for name in names:
                connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _address(database: str) -> str:
    return f"host='{cluster.private_cluster().sockets}' user={cluster.USER} dbname={database}"


def _environment(database: str) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": _address(database),
        "PUBLIC_URL": "http://127.0.0.1",
        "LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
    }


if __name__ == "__main__":
    sys.exit(main())
