"""Texts as people really type them: never another place than the one named, and always a way on."""

from datetime import date

import pytest
from django.utils import translation

from planning.codes import search_name
from planning.lookup import CandidateKind, UnderstoodAs, look_up
from tests import town

ON = date(2026, 1, 1)

pytestmark = pytest.mark.django_db


def unit(code, name, **fields):
    return town.unit(code, name=name, search_name=search_name(name), **fields)


def parcels(text):
    return [one.id for one in look_up(text, on=ON).candidates if one.kind is CandidateKind.PARCEL]


def units(text):
    return [one.id for one in look_up(text, on=ON).candidates if one.kind is CandidateKind.COMMUNE]


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def two_towns():
    """A house 7 in the street Tơ of one town and an alley there; the other town is known by name alone."""
    here = unit("01", "Thành phố Mẫu", kind="province")
    unit("02", "Thành phố Khác", kind="province")
    middle = unit("001", "Quận 3", kind="district", parent=here)
    unit("00072", "Phường 1", parent=middle)
    ward = unit("00070", "Phường Giấy", parent=middle)
    town.territory()
    addresses = ("7 Phố Tơ Tằm", "9 Phố Tơ Tằm", "5 Ngõ 353 Đường Lụa")
    for place, address in enumerate(addresses):
        town.parcel(
            str(place + 1),
            town.square(place * 20, 0, 10),
            within=ward,
            feature=place + 1,
            address=address,
            search_address=search_name(address),
        )
    return town.publish()


@pytest.mark.parametrize("text", ["7 Tơ Tằm, Thành phố Khác", "7 to tam khac", "số 7 phố Tơ Tằm, TP Khác"])
def test_an_address_in_a_town_that_has_none_such_is_not_answered_by_another_town(two_towns, text):
    result = look_up(text, on=ON)

    assert "no such address in Thành phố Khác" in result.hint
    assert result.is_missed
    assert result.missed_in == "2004-02"


@pytest.mark.parametrize(
    "text", ["7 Tơ Tằm, Mẫu", "nhà 7 Tơ Tằm", "địa chỉ: 7 Tơ Tằm", "７ Tơ Tằm", "7 tơ tằm, quận 3"]
)
def test_a_house_is_found_however_it_is_introduced(two_towns, text):
    assert parcels(text) == ["2004-00070-1-1"]


def test_a_street_named_without_its_kind_is_known_and_not_merely_similar(two_towns):
    result = look_up("to tam", on=ON)

    assert [one.kind for one in result.candidates] == [CandidateKind.STREET] + [CandidateKind.PARCEL] * 2
    assert "similar" not in result.hint


@pytest.mark.parametrize("text", ["ngõ 353 Lụa", "hẻm 353 đường Lụa", "5 ngõ 353 lụa", "5/353 Lụa"])
def test_an_alley_is_found_with_or_without_the_kind_of_street_it_leaves(two_towns, text):
    assert parcels(text) == ["2004-00070-1-3"]


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("xóm 4 phường Giấy", "2004-00070"),
        ("tổ 5 khu phố 2, phường Giấy, Quận 3", "2004-00070"),
        ("12 Không Đâu P. Giấy", "2004-00070"),
        ("phường 9 quận 3", "2004-001"),
    ],
)
def test_where_only_the_unit_at_the_end_is_known_it_is_offered_and_counted(two_towns, text, last):
    result = look_up(text, on=ON)

    assert units(text) == [last]
    assert "We found only" in result.hint
    assert (result.is_missed, result.missed_in) == (True, last)


def test_a_figure_somewhere_in_the_text_names_no_numbered_unit(two_towns):
    assert units("1 2326 622.31 588245.67 2 2326 620.23 588228.29 3 2326 613.74") == []
    assert units("phường 1 quận 3") == ["2004-00072"]


@pytest.mark.parametrize("text", ["615/2022", "12-1999"])
def test_two_small_whole_numbers_are_no_coordinates(two_towns, text):
    assert look_up(text, on=ON).understood_as is UnderstoodAs.PARCEL_NUMBER


def test_the_id_of_a_unit_finds_it(two_towns):
    assert units("2004-00070") == ["2004-00070"]


def test_no_text_makes_the_database_work_for_long(two_towns, django_assert_max_num_queries):
    with django_assert_max_num_queries(40):
        look_up("9,9 " * 48, on=ON)
    with django_assert_max_num_queries(40):
        look_up("p 1 " * 48, on=ON)
