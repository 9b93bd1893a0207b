"""Plus codes name the cells of their specification; a short one is completed near a place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.lookup.plus_code import PlusCode, _encoded, middle, read_plus_code


@pytest.mark.parametrize(
    ("code", "lat", "lon"),
    [
        # of the specification's own test data
        ("7FG49Q00+", None, None),
        ("8FVC2222+22", 47.0000625, 8.0000625),
        ("4VCPPQGP+Q9", -41.2730625, 174.7859375),
        ("62G20000+", None, None),
        ("6FH32222+222", 1.0000125, 1.000015625),
        ("7PH72RJX+4C", 21.0303125, 105.8485625),
    ],
)
def test_a_full_code_names_the_middle_of_its_cell(code, lat, lon):
    read = read_plus_code(code)
    if lat is None:
        # padded codes are cells of kilometres: nobody looks for a parcel by them
        assert read is None
    else:
        assert middle(read) == pytest.approx((lon, lat), abs=1e-7)


@given(lon=st.floats(102, 110), lat=st.floats(8, 23.5), near=st.floats(-0.2, 0.2))
def test_a_short_code_means_the_nearest_such_cell(lon, lat, near):
    whole = f"{_encoded(lon, lat)}+22"
    expected = middle(PlusCode(whole, ""))
    found = middle(PlusCode(whole[4:], ""), (expected[0] + near, expected[1] - near))

    assert found == pytest.approx(expected, abs=1e-7)


def test_a_short_code_alone_names_no_place():
    code = read_plus_code("2RJX+4C")

    assert code.is_short
    assert middle(code) is None


def test_words_beside_a_code_are_kept():
    assert read_plus_code("2rjx+4c, phường Hàng Tơ").words == "phường Hàng Tơ"


@pytest.mark.parametrize("text", ["A+B", "C++", "12+34", "1+1=2", "2RJ+4C", "hàng+tơ", "AAAA+22"])
def test_other_signs_of_addition_are_no_plus_code(text):
    assert read_plus_code(text) is None
