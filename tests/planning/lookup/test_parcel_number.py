"""A parcel is found in every way that people write sheet, number and unit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.lookup.parcel_number import ParcelWords, read_parcel_numbers


@pytest.mark.parametrize(
    ("text", "unit_words"),
    [
        ("thửa 45 tờ 12 phường Hàng Trống", "phường Hàng Trống"),
        ("Thửa đất số 45, tờ bản đồ số 12, phường Hàng Trống", "phường Hàng Trống"),
        ("tờ 12 thửa 45", ""),
        ("to ban do so 12, thua so 45, Hang Trong", "Hang Trong"),
        ("TBĐ: 012 - Thửa: 045 - P. Hàng Trống", "P. Hàng Trống"),
        ("phường Hàng Trống, quận Hoàn Kiếm, thửa số 45, tờ số 12", "phường Hàng Trống, quận Hoàn Kiếm"),
        ("số thửa 45; số tờ 12; Hàng Trống", "Hàng Trống"),
        ("parcel 45 sheet 12 in Hang Trong", "Hang Trong"),
    ],
)
def test_named_numbers_are_read_in_any_order(text, unit_words):
    assert read_parcel_numbers(text) == (ParcelWords("12", "45", unit_words),)


@pytest.mark.parametrize(
    "text", ["12/45 Hàng Trống", "12-45 Hàng Trống", "12, 45 Hàng Trống", "Hàng Trống 12/45"]
)
def test_two_bare_numbers_are_sheet_and_parcel_and_perhaps_the_reverse(text):
    assert read_parcel_numbers(text) == (
        ParcelWords("12", "45", "Hàng Trống"),
        ParcelWords("45", "12", "Hàng Trống"),
    )


def test_letters_and_subnumbers_belong_to_the_number():
    assert read_parcel_numbers("thửa 45a tờ DC12")[0] == ParcelWords("DC12", "45A", "")
    assert read_parcel_numbers("thửa 45-1 tờ 12")[0] == ParcelWords("12", "45-1", "")


def test_a_missing_sheet_is_left_open():
    assert read_parcel_numbers("thửa 45 Hàng Trống") == (ParcelWords("", "45", "Hàng Trống"),)


@pytest.mark.parametrize("text", ["", "Hàng Trống", "phường 5", "45", "tờ trình 12", "Toà nhà 45 tầng"])
def test_other_words_are_no_parcel(text):
    assert read_parcel_numbers(text) == ()


@given(st.text(max_size=80))
def test_any_text_is_read_without_a_fault(text):
    for words in read_parcel_numbers(text):
        assert words.sheet or words.number


@pytest.mark.parametrize("text", ["tờ bđ 1, thửa 5", "số bđ 1 thửa 5", "BĐ số 1, thửa 5"])
def test_the_map_may_be_abbreviated(text):
    assert read_parcel_numbers(text) == (ParcelWords("1", "5", ""),)


def test_no_register_counts_from_nought():
    assert read_parcel_numbers("0, 105") == ()
