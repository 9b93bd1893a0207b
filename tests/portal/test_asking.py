"""What a page is asked, read at the edge."""

from datetime import UTC, date, datetime

import pytest

from planning.errors import BadParameter, NotFound, Reason
from portal import asking


@pytest.mark.parametrize("text", ["2026-11-21", "21/11/2026", "21-11-2026", "21.11.2026", " 21/11/2026 "])
def test_a_day_is_read_as_fields_send_it_and_as_people_write_it(text: str) -> None:
    assert asking.day_of(text) == date(2026, 11, 21)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "31/02/2026", "2026-13-01", "1/1/26", "٢١/١١/٢٠٢٦x", "0/0/0000"]
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(BadParameter) as refused:
        asking.day_of(text)

    assert refused.value.reason is Reason.NOT_A_DATE


@pytest.mark.parametrize(
    "text", ["2026-11-21T09:00:00+07:00", "2026-11-21T09:00:00 07:00", "2026-11-21T02:00:00Z"]
)
def test_a_moment_is_read_with_its_zone(text: str) -> None:
    when = asking.When.parse({"known_at": text})

    assert when.known_at is not None
    assert when.known_at.astimezone(UTC) == datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


def test_a_day_of_knowledge_means_its_end() -> None:
    when = asking.When.parse({"known_at": "2020-05-01"})

    assert when.known_at is not None
    assert when.known_at.isoformat().startswith("2020-05-01T23:59:59")


@pytest.mark.parametrize("text", ["now", "2026-99-99T00:00:00Z", "2026-02-31"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(BadParameter):
        asking.When.parse({"known_at": text})


def test_a_search_keeps_what_was_typed_and_what_is_wrong_with_it() -> None:
    search = asking.Search.parse({"q": "tờ 3 thửa 45", "as_at": "hôm qua"})

    assert (search.text, search.as_at_text) == ("tờ 3 thửa 45", "hôm qua")
    assert search.fault is not None
    assert search.fault.name == "as_at"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Hàng\u00a0Tơ", "Hàng Tơ"),
        ("\u202eHàng Tơ\u200b\ufeff", "Hàng Tơ"),
        ("1\t2325000\t587000\r\n2\t2325010\t587000", "1 2325000 587000; 2 2325010 587000"),
    ],
)
def test_what_comes_along_when_text_is_copied_is_no_fault(text: str, read: str) -> None:
    search = asking.Search.parse({"q": text})

    assert search.fault is None
    assert search.text == read


@pytest.mark.parametrize(
    ("text", "reason"), [("x" * 201, Reason.TOO_LONG), ("a\x00b", Reason.BAD_CHARACTERS)]
)
def test_a_search_that_nobody_could_answer_is_refused_before_it_is_asked(text: str, reason: Reason) -> None:
    search = asking.Search.parse({"q": text})

    assert search.fault is not None
    assert search.fault.reason is reason


def test_a_place_is_longitude_and_latitude() -> None:
    assert asking.place_of("105.85,21.03") == (105.85, 21.03)


@pytest.mark.parametrize("text", ["", "105.85", "a,b", "nan,1", "inf,1", "1,2,3", "1e999,0"])
def test_what_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(BadParameter):
        asking.place_of(text)


def test_swapped_coordinates_are_called_so() -> None:
    with pytest.raises(BadParameter) as refused:
        asking.place_of("21.03,105.85")

    assert refused.value.reason is Reason.SWAPPED_AXES


@pytest.mark.parametrize("code", ["", "a b", "a\x00", "x" * 121])
def test_a_code_that_nothing_can_bear_is_not_found(code: str) -> None:
    with pytest.raises(NotFound):
        asking.check_code("parcel", code)


@pytest.mark.parametrize("name", ["as_at", "known_at"])
@pytest.mark.parametrize("text", ["0001-01-01", "0001-01-01T00:00:00+14:00", "0999-12-31"])
def test_a_year_before_any_plan_is_refused_not_a_crash(name: str, text: str) -> None:
    with pytest.raises(BadParameter):
        asking.When.parse({name: text})


@pytest.mark.parametrize("text", ["21/11/2020 08:00", "21/11/2020, 8:00", "21.11.2020 08:00:00"])
def test_a_moment_is_read_as_people_write_it(text: str) -> None:
    known_at = asking.When.parse({"known_at": text}).known_at

    assert known_at is not None
    assert known_at.isoformat() == "2020-11-21T08:00:00+07:00"


def test_both_dates_travel_to_other_pages() -> None:
    asked = {"as_at": "1/5/2019", "known_at": "21/11/2020"}

    assert asking.When.parse(asked).query == "?as_at=2019-05-01&known_at=21%2F11%2F2020"
    assert asking.When.parse({}).query == ""
