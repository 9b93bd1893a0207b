"""What the text of `datetime` means in days of the place."""

from datetime import date

import pytest

from planning.errors import BadParameter, Reason
from planning.ogcapi.items.temporal import Days, read_days

FIRST, LAST = date.min, date.max


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024-02-29", date(2024, 2, 29), date(2024, 2, 29)),
        ("2024-01-01/2024-12-31", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-01-01/..", date(2024, 1, 1), None),
        ("2024-01-01/", date(2024, 1, 1), None),
        ("../2024-01-01", None, date(2024, 1, 1)),
        ("/2024-01-01", None, date(2024, 1, 1)),
        ("../..", None, None),
    ],
)
def test_dates_are_whole_days_and_ends_may_be_open(text: str, first: date | None, last: date | None) -> None:
    assert read_days("datetime", text) == Days(first, last)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-02-20T16:59:59Z", date(2024, 2, 20)),
        ("2024-02-20T17:00:00Z", date(2024, 2, 21)),  # midnight in the east
        ("2024-02-20t17:00:00.123456789z", date(2024, 2, 21)),
        ("2024-02-21T00:00:00+07:00", date(2024, 2, 21)),
        ("2024-02-21T00:00:00 07:00", date(2024, 2, 21)),  # "+" not escaped
        ("2016-12-31T23:59:60Z", date(2017, 1, 1)),
    ],
)
def test_an_instant_is_its_day_where_the_service_is_at_home(text: str, day: date) -> None:
    assert read_days("datetime", text) == Days(day, day)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024-03-01/P2D", date(2024, 3, 1), date(2024, 3, 2)),
        ("P2D/2024-03-02", date(2024, 3, 1), date(2024, 3, 2)),
        ("2024-03-01/PT36H", date(2024, 3, 1), date(2024, 3, 2)),
        ("2024-03-01/p1w", date(2024, 3, 1), date(2024, 3, 7)),
        ("2024-02-29/P1Y", date(2024, 2, 29), date(2025, 2, 27)),
        ("2024-01-31/P1M", date(2024, 1, 31), date(2024, 2, 28)),
        ("2024-03-01/P0D", date(2024, 3, 1), date(2024, 3, 1)),
        ("2024-03-01/P99999Y", date(2024, 3, 1), LAST),
        ("P99999Y/2024-03-01", FIRST, date(2024, 3, 1)),
    ],
)
def test_a_duration_reaches_as_far_as_it_lasts(text: str, first: date, last: date) -> None:
    assert read_days("datetime", text) == Days(first, last)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("0000-01-01T00:00:00Z/..", FIRST, None),
        ("0000-01-01T00:00:00Z/9999-12-31T23:59:59Z", FIRST, LAST),
        ("0000-02-29", FIRST, FIRST),
        ("0001-01-01T00:00:00+14:00", FIRST, FIRST),
        ("9999-12-31", LAST, LAST),
    ],
)
def test_the_ends_of_the_calendar_are_days_like_others(text: str, first: date, last: date | None) -> None:
    assert read_days("datetime", text) == Days(first, last)


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-02/2024-01-01",
        "2024-02-20T17:00:01Z/2024-02-20T17:00:00Z",
        "..",
        "2024-02-30",
        "0000-13-01",
        "2024-01-01T00:00:00",
        "2024-01-01T25:00:00Z",
        "2024-01-01T00:00:00+99:99",
        "2024-01-01/P",
        "2024-01-01/PT",
        "P1D/P1D",
        "P1D",
        "../P1D",
        "2024-01-01/2024-01-02/2024-01-03",
        "today",
        "２０２４-01-01",
        "2024-01-01/" + "9" * 200,
    ],
)
def test_what_is_no_interval_is_refused(text: str) -> None:
    with pytest.raises(BadParameter) as refused:
        read_days("datetime", text)
    assert refused.value.reason is Reason.NOT_AN_INTERVAL
