"""Slips of the pen and of the keyboard are forgiven; another name or another number is not taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.lookup.spelling import slips, without_input_marks
from planning.lookup.words import initials, nearly_naming, spellings, typed_words, written_out


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hoafn kieems", "hoan kiem"),
        ("hafng troosng", "hang trong"),
        ("ddoosng dda", "dong da"),
        ("phuowfng", "phuong"),
        ("quaajn", "quan"),
        ("hoa2n kie61m", "hoan kiem"),
        ("d9a2o", "dao"),
        ("phu7o7ng2", "phuong"),
    ],
)
def test_what_an_input_method_left_behind_is_taken_out(typed, meant):
    assert without_input_marks(typed) == meant


@pytest.mark.parametrize(
    "text", ["hang trong", "phuong 14", "p14", "12a", "ea h leo", "binh hung hoa a", "f5"]
)
def test_words_that_are_right_stay_as_they_are(text):
    assert without_input_marks(text) == text


@pytest.mark.parametrize(
    ("typed", "name", "count"),
    [
        ("hang trogn", "hang trong", 1),
        ("nguyen cu chinh", "nguyen cu trinh", 2),
        # to many these letters are one
        ("pleicu", "pleiku", 0),
        ("dac lac", "dak lak", 0),
        ("sapa", "sa pa", 0),
        ("phuong 14", "phuong 15", None),
        ("vinh", "ninh", None),
        ("hai ba trung", "hai chau", None),
    ],
)
def test_a_long_name_bears_more_slips_than_a_short_one_and_a_number_none(typed, name, count):
    assert slips(typed, name) == count


@given(st.text(alphabet="abcdeghiklmnopqrstuvxy ", max_size=20))
def test_a_name_is_no_slip_away_from_itself(text):
    assert slips(text, text) == 0


@given(st.text(max_size=40))
def test_any_text_is_read_without_a_fault(text):
    assert all(isinstance(word, str) for words in typed_words(text) for word in words)


def test_abbreviated_kinds_of_units_are_written_out_wherever_they_stand():
    assert written_out(("p", "hang", "q1", "tphcm")) == tuple("phuong hang quan 1 thanh pho hcm".split())


def test_words_of_english_for_a_unit_stand_before_or_behind_its_name():
    assert spellings(("mau", "district"))[0] == "quan mau"
    assert spellings(("district", "1"))[0] == "quan 1"
    assert spellings(("phuong", "01")) == ("phuong 1",)


def test_a_superior_is_known_by_a_slip_by_its_initials_or_in_one_word():
    assert initials("ba ria vung tau") == "brvt"
    assert nearly_naming("tinh ba ria vung tau", "o dau do brvt")
    assert nearly_naming("quan giua dong", "pho giuadong")
    assert nearly_naming("quan giua dong", "pho giua dogn")
    assert not nearly_naming("quan giua dong", "pho ben kia song")
