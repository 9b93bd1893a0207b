"""Corner lists are read in whatever form they are pasted; what is no list is not taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.lookup.corners import read_corners

SQUARE = ((2325000.0, 587000.0), (2325010.0, 587000.0), (2325010.0, 587010.5))


@pytest.mark.parametrize(
    "text",
    [
        "1 2325000.00 587000.00\n2 2325010.00 587000.00\n3 2325010.00 587010.50",
        "Điểm X(m) Y(m)\n1 2325000 587000\n2 2325010 587000\n3 2325010 587010.5\n1 2325000 587000",
        "2325000 587000; 2325010 587000; 2325010 587010,5",
        "M1: X=2.325.000,00 Y=587.000,00; M2: X=2.325.010,00 Y=587.000,00; M3: X=2.325.010 Y=587.010,5",
        "X1=2325000 Y1=587000 X2=2325010 Y2=587000 X3=2325010 Y3=587010.5",
        "STT;X;Y;Cạnh\n1;2325000.0;587000.0;10.00\n2;2325010.0;587000.0;10.50\n3;2325010.0;587010.5;14.50",
        "X: 2325000 2325010 2325010 Y: 587000 587000 587010.5",
        "1\t2,325,000.00\t587,000.00\r\n2\t2,325,010.00\t587,000.00\r\n3\t2,325,010.00\t587,010.50",
        "2325000.00,587000.00; 2325010.00,587000.00; 2325010.00,587010.5",
        "2325000,587000; 2325010,587000; 2325010,587010.5",
        "(1) 2 325 000 587 000\n(2) 2 325 010 587 000\n(3) 2 325 010 587 010,5",
    ],
)
def test_the_same_corners_however_they_are_written(text):
    assert read_corners(text).pairs == SQUARE


def test_corners_in_degrees_with_points_commas_or_signs():
    assert len(read_corners("21.0302,105.8486 21.0303,105.8485 21.0301,105.8484").pairs) == 3
    assert len(read_corners("21,0302 105,8486; 21,0303 105,8485; 21,0301 105,8484").pairs) == 3
    by_signs = read_corners("21°01'49\" 105°50'55\"\n21°01'50\" 105°50'55\"\n21°01'50\" 105°50'56\"")
    assert by_signs.pairs[0] == pytest.approx((21.030278, 105.848611), abs=1e-6)


def test_a_named_system_and_the_name_of_a_place_are_kept():
    rows = "\n1 2325000 587000\n2 2325010 587000\n3 2325010 587010.5"
    corners = read_corners(f"Bảng kê tọa độ, kinh tuyến trục 105°00', phường Hàng Tơ{rows}")

    assert corners.system.zone.central_meridian == 105
    assert "hang to" in corners.words


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2325000 587000",
        "2325000 587000; 2325010 587000",
        "thửa 45 tờ 12 phường Hàng Tơ",
        "0912 345 678",
        "2325000 587000; 2325000 587000; 2325000 587000",
        "51 Hàng Bạc",
    ],
)
def test_what_is_no_list_of_corners_is_not_taken_for_one(text):
    assert read_corners(text) is None


@given(st.text(alphabet="0123456789 .,;:XY=\n°'\"", max_size=300))
def test_any_text_is_read_without_a_fault(text):
    corners = read_corners(text)
    assert corners is None or len(corners.pairs) >= 3
