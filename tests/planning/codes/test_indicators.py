"""Indicators keep their text; numbers are read only where the whole text is understood."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.codes import PARAMETERS, IndicatorState, read_indicator


@pytest.mark.parametrize(
    ("name", "text", "minimum", "maximum"),
    [
        ("storeys", "3-5", "3", "5"),
        ("coverage", "40-60", "40", "60"),
        ("coverage", "40÷60", "40", "60"),
        ("coverage", "40 đến 60", "40", "60"),
        ("coverage", "40% - 60%", "40", "60"),
        ("storeys", "từ 3 đến 5", "3", "5"),
        ("storeys", "0 đến 2", "0", "2"),
        ("storeys", "1 đến2", "1", "2"),
        ("storeys", "từ 3 tầng đến 5 tầng", "3", "5"),
        ("floor_area_ratio", "<= 4,5", None, "4.5"),
        ("floor_area_ratio", "≤ 4,5 lần", None, "4.5"),
        ("storeys", ">=2", "2", None),
        ("storeys", "≥ 2 tầng", "2", None),
        ("storeys", "tối đa 5 tầng", None, "5"),
        ("storeys", "không quá 5 tầng", None, "5"),
        ("storeys", "từ 3 tầng trở lên", "3", None),
        ("storeys", "≥ 2, ≤ 5 tầng", "2", "5"),
        ("lot_area", "1.200,5", "1200.5", "1200.5"),
        ("lot_area", "1 200,5 m²", "1200.5", "1200.5"),
        ("lot_area", "1,5 ha", "15000", "15000"),
        ("height", "6 m", "6", "6"),
        ("coverage", "60%", "60", "60"),
        ("population", "1.200 - 1.500 người", "1200", "1500"),
    ],
)
def test_numbers_are_read_as_they_are_written_in_vietnam(name, text, minimum, maximum):
    indicator = read_indicator(name, text)

    assert indicator.state is IndicatorState.STATED
    assert indicator.minimum == (minimum and Decimal(minimum))
    assert indicator.maximum == (maximum and Decimal(maximum))
    assert indicator.unit == PARAMETERS[name].unit
    assert not indicator.is_ambiguous


@pytest.mark.parametrize("text", ["không quy định", "Không quy định.", "khong quy dinh", "không khống chế"])
def test_not_regulated_is_said_only_by_the_plan(text):
    assert read_indicator("storeys", text).state is IndicatorState.NOT_REGULATED


@pytest.mark.parametrize(
    "text",
    [
        "theo quy hoạch chi tiết",
        "theo QCVN 01:2021/BXD",
        "Xác định theo quy hoạch chi tiết",
        "xem bản vẽ QH-05",
        "không quy định, theo quy hoạch chi tiết",
    ],
)
def test_a_value_stated_elsewhere_refers_there(text):
    assert read_indicator("coverage", text).state is IndicatorState.REFERS_ELSEWHERE


@pytest.mark.parametrize(
    "text",
    [None, "", "  ", "\u00a0", "-", "–", "N/A", "null", float("nan"), "chưa xác định"],
)
def test_a_blank_is_unknown_and_never_no_limit(text):
    indicator = read_indicator("height", text)

    assert indicator.state is IndicatorState.UNKNOWN
    assert not indicator.is_read


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("storeys", "5-3"),
        ("storeys", "-5"),
        ("storeys", "1-3/5"),
        ("storeys", "khoảng 5"),
        ("storeys", "≤ 5 tầng theo QĐ 12"),
        ("coverage", "6 m"),
        ("coverage", "101"),
        ("population", "12,5"),
        ("height", "inf"),
        ("storeys", "không quy định tầng hầm; ≤ 5"),
    ],
)
def test_what_is_not_wholly_understood_is_kept_as_stated_but_not_read(name, text):
    indicator = read_indicator(name, text)

    assert indicator.state is IndicatorState.STATED
    assert indicator.text == text
    assert not indicator.is_read


def test_a_point_before_three_digits_is_taken_for_thousands_and_said_to_be_doubtful():
    indicator = read_indicator("lot_area", "1.200")

    assert indicator.maximum == 1200
    assert indicator.is_ambiguous


def test_doubt_ends_where_only_one_reading_is_possible():
    ratio, people = (
        read_indicator("floor_area_ratio", "1.200"),
        read_indicator("population", "1.200"),
    )

    assert (ratio.maximum, ratio.is_ambiguous) == (Decimal("1.2"), False)
    assert (people.maximum, people.is_ambiguous) == (1200, False)


@pytest.mark.parametrize("value", ["0,6", "0.6", 0.6])
def test_coverage_written_as_a_bare_ratio_is_doubtful(value):
    assert read_indicator("coverage", value).is_ambiguous


def test_a_number_cell_has_no_doubtful_mark():
    indicator = read_indicator("lot_area", 1.235)

    assert (indicator.text, indicator.maximum, indicator.is_ambiguous) == (
        "1.235",
        Decimal("1.235"),
        False,
    )


def test_an_unlisted_name_is_kept_too():
    assert read_indicator("balconies", "2").maximum == 2


def test_the_wire_shape_names_text_bounds_unit_and_state():
    assert read_indicator("storeys", "3-5 tầng").to_json() == {
        "text": "3-5 tầng",
        "min": 3,
        "max": 5,
        "unit": "storeys",
        "state": "stated",
    }


_FRAGMENTS = st.sampled_from(
    [
        "3",
        "5",
        "4,5",
        "1.200",
        "1.200,5",
        "-",
        "÷",
        " đến ",
        "từ ",
        "≤",
        ">=",
        "%",
        " m",
        " tầng",
        " ha",
        "theo ",
        "tối đa ",
    ]
)
_TEXTS = st.one_of(st.text(max_size=30), st.lists(_FRAGMENTS, max_size=7).map("".join))
_NAMES = st.sampled_from([*PARAMETERS, "something_else"])


@given(name=_NAMES, text=_TEXTS)
def test_any_text_is_kept_untouched_and_bounds_are_ordered_and_possible(name, text):
    indicator = read_indicator(name, text)

    assert indicator.text == text
    if indicator.minimum is not None and indicator.maximum is not None:
        assert indicator.minimum <= indicator.maximum
    if name in PARAMETERS:
        for bound in (indicator.minimum, indicator.maximum):
            assert bound is None or 0 <= bound <= PARAMETERS[name].limit
    if indicator.is_read:
        assert indicator.state is IndicatorState.STATED
        assert any(digit in text for digit in "0123456789")


@given(name=_NAMES, text=_TEXTS)
def test_an_indicator_survives_the_way_through_json(name, text):
    indicator = read_indicator(name, text)

    stored = json.loads(json.dumps(indicator.to_json()))

    assert (stored["text"], stored["unit"], stored["state"]) == (
        indicator.text,
        indicator.unit,
        indicator.state,
    )
    for key, bound in (("min", indicator.minimum), ("max", indicator.maximum)):
        assert (stored[key] is None) == (bound is None)
        assert bound is None or Decimal(str(stored[key])) == bound


@given(
    low=st.integers(0, 99),
    more=st.integers(0, 100),
    separator=st.sampled_from(["-", " - ", "÷", " đến ", "–"]),
)
def test_every_way_of_writing_a_range_means_the_same(low, more, separator):
    high = min(low + more, 100)

    indicator = read_indicator("coverage", f"{low}{separator}{high}")

    assert (indicator.minimum, indicator.maximum) == (low, high)
