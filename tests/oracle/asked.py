"""Many random questions to the product and to the oracle, in the database that Django is connected to.

Each town is built in a transaction that is rolled back, so the database stays empty. Every difference is
printed with the town and the question that show it, and after each town how many questions were asked.
"""

import sys
from datetime import date

import django

django.setup()

from django.db import transaction  # noqa: E402 - models need the settings first
from django.utils import timezone  # noqa: E402

from tests.oracle.compared import Examined, Question  # noqa: E402
from tests.oracle.soak import ASKED, arguments, questions, say, towns  # noqa: E402

STEPS = 24


def main() -> None:
    options = arguments()
    for number in towns(options):
        count = questions(options, number)
        for line in examine(options.seed, number, count):
            say(line)
        say(f"{ASKED} {count}")


def examine(seed: int, number: int, count: int) -> list[str]:
    """The questions on which product and oracle differ, in one town."""
    with transaction.atomic():
        examined = Examined(seed * 1_000_000 + number, today=timezone.localdate(), steps=STEPS)
        found = [f"town {number}, {line}" for line in _differing(examined, count)]
        transaction.set_rollback(True)
    return found


def _differing(examined: Examined, count: int) -> list[str]:
    lines = []
    for question in examined.questions(count):
        lines += [f"{told(question)}: {text}" for text in examined.differences(question)]
    return lines + [f"{told(question)}: the digest changed" for question in examined.changed()]


def told(question: Question) -> str:
    day: date = question.as_at
    return f"parcel {question.parcel} on {day} in r{question.revision}"


if __name__ == "__main__":
    sys.exit(main())
