"""Figures as people of either language write them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import figures

NB = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(("language", "shown"), [("vi", f"1.234,5{NB}m²"), ("en", f"1,234.5{NB}m²")])
def test_areas_are_written_as_in_the_country(language: str, shown: str) -> None:
    assert figures.area(1234.5, language) == shown


def test_what_exists_is_never_printed_as_nothing() -> None:
    assert figures.area(0.04, "vi") == f"<{NB}0,1{NB}m²"
    assert figures.share(0.0004, "en") == f"<{NB}0.1{NB}%"
    assert figures.area(0, "vi") == f"0,0{NB}m²"


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [(0.78, 0.84, "78–84"), (0.7801, 0.8399, "78–84"), (0.4, 0.4, "40"), (0.0, 0.013, "0.0–1.3")],
)
def test_a_band_is_rounded_outwards(low: float, high: float, shown: str) -> None:
    assert figures.band(low, high, "en") == f"{shown}{NB}%"


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_printed_band_always_holds_the_true_one(one: float, other: float) -> None:
    low, high = sorted((one, other))

    ends = [float(end) for end in figures.band(low, high, "en").removesuffix(f"{NB}%").split("–")]

    assert ends[0] <= low * 100 + 1e-5
    assert ends[-1] >= high * 100 - 1e-5


def test_days_and_moments() -> None:
    zone = ZoneInfo("Asia/Ho_Chi_Minh")

    assert figures.day(date(2026, 11, 2), "vi") == "02/11/2026"
    assert figures.day(date(2026, 11, 2), "en") == f"2{NB}November 2026"
    assert figures.moment(datetime(2026, 11, 1, 20, 5, tzinfo=UTC), zone, "vi") == "03:05, 02/11/2026"


def test_a_scale_is_written_with_thousands() -> None:
    assert figures.scale(10_000, "vi") == "1:10.000"
