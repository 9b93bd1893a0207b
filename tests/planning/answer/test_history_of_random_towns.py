"""Random towns: on every day a history says what the answer of that day says, as known at any time."""

from datetime import timedelta
from random import Random

import pytest
from django.utils import timezone

from planning.answer import answer_parcel, history_of_parcel
from planning.errors import NotFound
from planning.models import Parcel, Publication
from tests.oracle.invented import Inventor

pytestmark = pytest.mark.django_db

STEPS = 14
DAYS = 25


@pytest.mark.parametrize("seed", [3, 11])
def test_on_every_day_a_history_says_what_the_answer_says(seed):
    today = timezone.localdate()
    Inventor(seed, today).town(STEPS)
    random = Random(seed)
    codes = sorted(set(Parcel.objects.values_list("code", flat=True)))
    moments = [None, *Publication.objects.order_by("revision").values_list("at", flat=True)]

    for code in random.sample(codes, min(3, len(codes))):
        for moment in (None, random.choice(moments)):
            compare(code, moment, today, random)


def compare(code, moment, today, random):
    try:
        history = history_of_parcel(code, known_at=moment)
    except NotFound:
        return
    days = [today + timedelta(days=random.randint(-90, 70)) for _ in range(DAYS)]
    days += [period.begins for period in history.periods if period.begins is not None]
    for day in days:
        (period,) = [
            p
            for p in history.periods
            if (p.begins is None or p.begins <= day) and (p.ends is None or day < p.ends)
        ]
        answer = answer_parcel(code, as_at=day, known_at=history.known_at)
        said = (answer.themes, answer.upcoming, answer.superseded, answer.not_checked, answer.subject)
        told = (period.themes, period.upcoming, period.superseded, period.not_checked, period.subject)
        assert told == said, (code, moment, day)
