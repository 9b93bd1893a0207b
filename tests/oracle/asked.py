"""Many random questions to the product and to the oracle, in the database that Django is connected to.

Each town is built in a transaction that is rolled back, so the database stays empty. Every difference is
printed with the town and the question that show it; a town is made again from its number alone.
"""

import argparse
import sys
import time
from datetime import date

import django

django.setup()

from django.db import transaction  # noqa: E402 - models need the settings first
from django.utils import timezone  # noqa: E402

from tests.oracle.compared import Examined, Question  # noqa: E402

STEPS = 24
PER_TOWN = 1_000


def main() -> int:
    options = arguments().parse_args()
    say(f"seed {options.seed}: {options.triples} questions in {towns(options)} towns")
    began, asked, differing = time.monotonic(), 0, 0
    for number in range(options.from_town, towns(options), options.every):
        count = min(options.per_town, options.triples - number * options.per_town)
        found = examine(options.seed * 1_000_000 + number, count)
        asked, differing = asked + count, differing + len(found)
        for line in found:
            say(line)
        minutes = (time.monotonic() - began) / 60
        say(f"town {number} of {towns(options)}: {asked} asked, {differing} differ, {minutes:.1f} minutes")
        if found and not options.keep_going:
            break
    return 1 if differing else 0


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="script/soak", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--triples", type=int, default=100_000, help="parcel, as_at and known_at: how many")
    parser.add_argument("--per-town", type=int, default=PER_TOWN, help="how many of them in one town")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--from-town", type=int, default=0, help="go on where a run was stopped")
    parser.add_argument("--every", type=int, default=1, help="take one town in so many")
    parser.add_argument(
        "--keep-going", action="store_true", help="do not stop at the first town that differs"
    )
    return parser


def towns(options: argparse.Namespace) -> int:
    return -(-options.triples // options.per_town)


def say(text: str) -> None:
    print(text, flush=True)


def examine(seed: int, count: int) -> list[str]:
    """The questions on which product and oracle differ, in one town."""
    with transaction.atomic():
        found = _differing(Examined(seed, today=timezone.localdate(), steps=STEPS), count)
        transaction.set_rollback(True)
    return found


def _differing(examined: Examined, count: int) -> list[str]:
    lines = []
    for question in examined.questions(count):
        lines += [f"{told(examined, question)}: {text}" for text in examined.differences(question)]
    return lines + [f"{told(examined, question)}: the digest changed" for question in examined.changed()]


def told(examined: Examined, question: Question) -> str:
    day: date = question.as_at
    return f"town {examined.seed}, parcel {question.parcel} on {day} in r{question.revision}"


if __name__ == "__main__":
    sys.exit(main())
