"""What is not law yet says from which day it will be; what is not law again says so too."""

from dataclasses import replace
from datetime import date

import pytest
from django.utils import translation

from portal.reading import read
from tests.portal.samples import SAMPLES

STARTS = date(2027, 9, 1)


def told(status: str, starts: date | None) -> tuple[str, str]:
    """Status and sentence of an item that is to come, and of nothing else."""
    item = replace(SAMPLES["concerned"].upcoming[0], status=status, valid_from=starts)
    answer = replace(SAMPLES["concerned"], upcoming=(item,))
    with translation.override("en"):
        (shown,) = read(answer, "en").upcoming
    return shown.status, shown.sentence.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("status", "starts", "expected"),
    [
        ("draft", None, "Draft: not in force, and it may change."),
        ("draft", STARTS, "Draft; it would come into force on 1 September 2027."),
        ("approved", None, "Approved; the day on which it comes into force is not set."),
        ("approved", STARTS, "Approved; it comes into force on 1 September 2027."),
        ("suspended", STARTS, "In force again from 1 September 2027."),
    ],
)
def test_what_comes_names_the_day_of_its_force(status: str, starts: date | None, expected: str) -> None:
    assert told(status, starts)[1] == expected


def test_a_suspension_that_ends_is_not_said_to_begin_then() -> None:
    assert told("suspended", STARTS)[0] == "In force again later"
