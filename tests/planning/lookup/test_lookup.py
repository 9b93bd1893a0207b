"""From what people type to candidates with reasons: hits told apart, old names resolved, never guessed."""

from datetime import date

import pytest
from django.utils import translation

from planning import crs
from planning.codes import search_name
from planning.lookup import CandidateKind, UnderstoodAs, look_up
from planning.models import AdminSuccession, AdminUnit
from tests import town

ON = date(2026, 1, 1)
MERGED = date(2025, 7, 1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def unit(code: str, name: str, *, of: str = "2004", **fields) -> AdminUnit:
    made = town.unit(code, of=of, name=name, search_name=search_name(name), **fields)
    made.unit_list.valid_to = MERGED if of == "2004" else None
    made.unit_list.save()
    return made


@pytest.fixture
def wards():
    """Two old wards merged into a new one; a third one elsewhere has the same name as the first."""
    province = unit("01", "Thành phố Mẫu", kind="province")
    district = unit("001", "Quận Giữa", kind="district", parent=province)
    silk = unit("00070", "Phường Hàng Tơ", parent=district)
    paper = unit("00071", "Phường Hàng Giấy", parent=district)
    unit("00900", "Xã Hàng Tơ", parent=unit("009", "Huyện Xa", kind="district", parent=province))
    lake = unit(
        "00070", "Phường Hồ Lớn", of="2025", parent=unit("01", "Thành phố Mẫu", of="2025", kind="province")
    )
    for old in (silk, paper):
        AdminSuccession.objects.create(predecessor=old, successor=lake, on=MERGED)
    return silk, paper, lake


@pytest.fixture
def parcels(wards):
    """Parcel 45 on sheet 12 in both merged wards, an alias, and an address; published."""
    silk, paper, _ = wards
    town.territory()
    town.parcel(
        "45", town.square(0, 0, 10), sheet="12", within=silk, address="7 phố Tơ", search_address="7 pho to"
    )
    town.parcel("45", town.square(100, 0, 10), sheet="12", within=paper, feature=2)
    third = town.parcel("46", town.square(10, 0, 10), sheet="12", within=silk, feature=3)
    town.alias(third, sheet="3", number="7")
    return town.publish()


def found(text, kind=CandidateKind.PARCEL, **options):
    return [one.id for one in look_up(text, on=ON, **options).candidates if one.kind is kind]


@pytest.mark.parametrize(
    "text",
    [
        "thửa 45 tờ 12 phường Hàng Tơ",
        "tờ 12 thửa 45 Hang To",
        "to ban do so 12, thua so 45, Hang To, quan Giua",
        "12/45 Hàng Tơ, Quận Giữa",
        "P. Hàng Tơ, tờ 12, thửa 45",
        "2004-00070-12-45",
        "sheet 12 parcel 45 Hang To ward",
        "sheet 012 parcel 045 hang to",
    ],
)
def test_a_parcel_is_found_by_its_old_commune(parcels, text):
    assert found(text)[0] == "2004-00070-12-45"


@pytest.mark.parametrize("text", ["thửa 45 tờ 12 phường Hồ Lớn", "12/45 ho lon", "2025-00070-12-45"])
def test_the_new_commune_gives_every_parcel_of_that_number_told_apart(parcels, text):
    result = look_up(text, on=ON)

    labels = [one.label for one in result.candidates]
    assert labels == [
        "Parcel 45, sheet 12, Phường Hàng Tơ (now Phường Hồ Lớn)",
        "Parcel 45, sheet 12, Phường Hàng Giấy (now Phường Hồ Lớn)",
    ]
    assert "Choose by the commune" in result.hint


def test_without_a_commune_all_hits_are_given_and_the_commune_is_asked_for(parcels):
    result = look_up("tờ 12 thửa 45", on=ON)

    assert [one.id for one in result.candidates] == ["2004-00070-12-45", "2004-00071-12-45"]
    assert "Add its name" in result.hint


def test_of_equal_hits_the_nearer_comes_first(parcels):
    centre = town.square(100, 0, 10).centroid

    assert found("tờ 12 thửa 45", near=centre.coords)[0] == "2004-00071-12-45"


def test_a_former_number_finds_the_parcel_and_says_so(parcels):
    result = look_up("thửa 7 tờ 3 Hàng Tơ", on=ON)

    assert [one.id for one in result.candidates] == ["2004-00070-12-46"]
    assert "3/7" in result.candidates[0].why


def test_two_bare_numbers_are_also_read_the_other_way_round_with_a_word_of_warning(parcels):
    (candidate,) = look_up("45/12 Hàng Giấy", on=ON).candidates

    assert candidate.id == "2004-00071-12-45"
    assert candidate.why == "If sheet 12 and parcel 45 are meant. About 100 m²."


def test_a_number_that_we_do_not_hold_shows_the_commune_and_never_says_that_it_does_not_exist(parcels):
    result = look_up("thửa 99 tờ 12 phường Hàng Tơ", on=ON)

    assert result.candidates[0].kind is CandidateKind.COMMUNE
    assert "our data may lack it" in result.hint


def test_a_missing_sheet_and_an_unknown_commune_are_asked_for(parcels):
    assert "map sheet" in look_up("thửa 45", on=ON).hint
    assert "“Hàng Muối”" in look_up("thửa 45 tờ 12 Hàng Muối", on=ON).hint


def test_a_parcel_that_ended_is_still_found_with_its_last_day(wards):
    town.parcel("8", town.square(0, 0, 10), within=wards[0], existed_to=date(2020, 5, 1))
    town.publish()

    (candidate,) = look_up("tờ 1 thửa 8 Hàng Tơ", on=ON).candidates

    assert "existed until" in candidate.why


def test_staged_parcels_are_not_found(wards):
    town.parcel("8", town.square(0, 0, 10), within=wards[0])

    assert found("tờ 1 thửa 8 Hàng Tơ") == []


def test_a_house_number_finds_the_address(parcels):
    result = look_up("7 Tơ", on=ON)

    assert [one.id for one in result.candidates] == ["2004-00070-12-45"]
    assert result.candidates[0].why == "Address: 7 phố Tơ; about 100 m²."


@pytest.mark.parametrize("text", ["21.0000 105.8"])
def test_degrees_far_from_any_parcel_give_a_point(parcels, text):
    result = look_up(text, on=ON)

    assert result.understood_as is UnderstoodAs.COORDINATES
    assert {one.kind for one in result.candidates} == {CandidateKind.POINT}


def test_metres_in_either_order_find_the_parcel_its_neighbour_and_say_the_system(parcels):
    for text in ("2325005,000 587005,000", "587005.0 2325005.0", "X=2325005 Y=587005"):
        result = look_up(text, on=ON)

        point, parcel, neighbour = result.candidates[:3]
        assert (point.kind, point.why[:47]) == (
            CandidateKind.POINT,
            "Read as VN-2000, central meridian 105° (EPSG:58",
        )
        assert (parcel.id, neighbour.id) == ("2004-00070-12-45", "2004-00070-12-46")
        assert "Neighbour" in neighbour.why
        assert "several coordinate systems" in result.hint


def test_the_same_place_in_degrees_finds_the_same_parcel(parcels):
    lon, lat = town.point(5, 5).coords

    for text in (f"{lat:.7f}, {lon:.7f}", f"{lon:.7f} {lat:.7f}".replace(".", ",")):
        assert found(text)[0] == "2004-00070-12-45"


def test_coordinates_in_a_neighbouring_zone_are_kept_as_a_candidate(parcels):
    points = found("2325005 587005", kind=CandidateKind.POINT)

    assert len(points) > 2
    assert len(points) == len(set(points))


def test_an_old_name_gives_the_old_unit_and_its_successor(wards):
    result = look_up("phường Hàng Tơ", on=ON)

    assert [one.id for one in result.candidates] == ["2004-00070", "2025-00070"]
    assert "now Phường Hồ Lớn" in result.candidates[0].why
    assert result.candidates[1].why == "Took over land of Phường Hàng Tơ."


@pytest.mark.parametrize("text", ["Hàng Tơ", "hang to", "HÀNG TƠ", "Ha\u0300ng To\u031b"])
def test_names_are_found_with_and_without_diacritics_in_all_lists(wards, text):
    assert set(found(text, CandidateKind.COMMUNE)) == {"2004-00070", "2025-00070", "2004-00900"}


@pytest.mark.parametrize(
    "text", ["Hàng Tơ, Huyện Xa", "hang to xa", "xã Hàng Tơ", "Hàng Tơ huyện Xa Thành phố Mẫu"]
)
def test_a_superior_or_the_kind_of_unit_narrows_the_choice(wards, text):
    assert found(text, CandidateKind.COMMUNE) == ["2004-00900"]


def test_the_beginning_of_a_name_is_enough(wards):
    assert set(found("hàng gi", CandidateKind.COMMUNE)) == {"2004-00071", "2025-00070"}


def test_a_plan_is_found_by_the_words_of_its_title_once_it_is_public(wards):
    plan = town.plan(
        "khu-pho-co", title="Quy hoạch phân khu phố cổ", search_title="quy hoach phan khu pho co"
    )
    edition = town.edition(plan)
    town.zone(edition, town.square(0, 0, 10))
    assert found("phan khu pho co", CandidateKind.PLAN) == []

    town.publish()

    assert found("phân khu phố cổ", CandidateKind.PLAN) == ["khu-pho-co"]
    assert found("khu-pho-co", CandidateKind.PLAN) == ["khu-pho-co"]


@pytest.mark.parametrize(
    "text", ["", " \u00a0", "\x00", "\ud800", "x" * 301, "%", "_", "'", "999999999 999999", "zzz"]
)
def test_what_cannot_be_understood_gets_a_hint_and_no_fault(parcels, text):
    result = look_up(text, on=ON)

    assert result.candidates == ()
    assert result.hint


def test_no_more_than_the_limit_is_given(parcels):
    assert len(look_up("2325005 587005", on=ON, limit=3).candidates) == 3


def test_few_questions_are_asked(parcels, django_assert_num_queries):
    # revision, parcels, what their units became
    with django_assert_num_queries(3):
        look_up("2004-00070-12-45", on=ON)
    # revision, units, their succession, aliases, parcels, what their units became
    with django_assert_num_queries(6):
        look_up("thửa 45 tờ 12 phường Hồ Lớn", on=ON)
    # revision, territories, parcels, communes there, what the parcels' units became
    with django_assert_num_queries(5):
        look_up("2325005 587005", on=ON)
    # nothing has the name: revision, streets, units, what begins so, provinces by initials, similar
    # units, plans, similar streets, similar titles
    with django_assert_num_queries(9):
        look_up("Hòng Tớp", on=ON)
    # revision, streets, units, their succession, plans
    with django_assert_num_queries(5):
        look_up("Hàng Tơ", on=ON)
    # revision, numbers of other schemes, parcels, what their units became
    with django_assert_num_queries(4):
        look_up("số 7 phố Tơ, phường Hàng Tơ", on=ON)


def test_every_system_in_use_is_named_where_a_point_was_read_in_it(parcels):
    systems = {
        one.why.split("(")[1].split(")")[0]
        for one in look_up("2325005 587005", on=ON).candidates
        if one.kind is CandidateKind.POINT
    }

    assert systems <= {system.code for system in crs.VN2000}


@pytest.fixture
def street(wards):
    """Tô Street through both wards with house 7 in each, and alley 62 off it; published."""
    silk, paper, _ = wards
    town.territory()
    written = [
        ("1", silk, "7 Phố Tô"),
        ("2", paper, "7 Phố Tô"),
        ("3", silk, "11 Phố Tô"),
        ("4", silk, "57 Ngõ 62 Phố Tô"),
        ("5", silk, "7 Phố Tô Hiến Thành"),
    ]
    for place, (number, within, address) in enumerate(written):
        town.parcel(
            number,
            town.square(place * 20, 0, 10),
            within=within,
            feature=place + 1,
            address=address,
            search_address=search_name(address),
        )
    return town.publish()


@pytest.mark.parametrize(
    "text",
    [
        "7 Tô",
        "số 7 phố Tô",
        "số nhà 7, phố Tô",
        "7 Tô, Quận Giữa, Thành phố Mẫu",
        "7 to quan giua",
        "Số 7 đường Tô, Thành phố Mẫu",
        "7 To street",
    ],
)
def test_an_address_is_found_however_it_is_written(street, text):
    assert found(text)[:2] == ["2004-00070-1-1", "2004-00071-1-2"]


@pytest.mark.parametrize(
    "text", ["7 phố Tô, phường Hàng Giấy", "số 7 Tô, P. Hàng Giấy, Thành phố Mẫu", "7 to hang giay"]
)
def test_the_ward_behind_an_address_narrows_the_choice(street, text):
    assert found(text) == ["2004-00071-1-2"]


@pytest.mark.parametrize(
    "text",
    [
        "57 Ngõ 62 Phố Tô",
        "57 ngõ 62 Tô",
        "57/62 Tô",
        "62/57 phố Tô",
        "số 57/62 phố Tô, phường Hàng Tơ",
        "số 57, ngõ 62, phố Tô",
    ],
)
def test_a_house_in_an_alley_is_found_however_it_is_written(street, text):
    assert found(text) == ["2004-00070-1-4"]


def test_a_street_lists_its_parcels_by_house_number_and_asks_for_it(street):
    result = look_up("phố Tô", on=ON)

    first, *parcels = result.candidates
    assert (first.kind, first.label) == (CandidateKind.STREET, "Phố Tô, Quận Giữa, Thành phố Mẫu")
    addresses = [one.why.split(";")[0] for one in parcels]
    assert addresses[:3] == ["Address: 7 Phố Tô", "Address: 7 Phố Tô", "Address: 11 Phố Tô"]
    assert "Add the house number" in result.hint


def test_a_house_number_that_we_do_not_hold_shows_the_street_and_says_so(street):
    result = look_up("99 phố Tô", on=ON)

    street_first, parcel, *_ = result.candidates
    assert (street_first.id, parcel.id) == ("2004-001/pho-to", "2004-00070-1-1")
    assert "no parcel with this house number" in result.hint


def test_several_parcels_of_one_address_are_told_apart_by_ward_address_and_area(street):
    result = look_up("7 phố Tô", on=ON)

    assert len({one.label for one in result.candidates[:2]}) == 2
    assert all("about 100 m²" in one.why for one in result.candidates)
    assert "Compare the commune" in result.hint


def test_of_a_divided_ward_each_new_one_is_possible_and_not_all(parcels, wards):
    hill = unit("00080", "Phường Đồi Cao", of="2025")
    AdminSuccession.objects.create(predecessor=wards[0], successor=hill, on=MERGED)

    (candidate,) = look_up("2004-00070-12-45", on=ON).candidates

    assert candidate.label.endswith("(now Phường Hồ Lớn or Phường Đồi Cao)")


def test_a_point_names_its_commune_and_those_outside_our_data_stand_last(parcels, wards):
    silk = wards[0]
    silk.geometry = town.square(-50, -50, 100)
    silk.save()

    result = look_up("2325005 587005", on=ON)

    points = [one for one in result.candidates if one.kind is CandidateKind.POINT]
    assert points[0].label.endswith("(Phường Hàng Tơ)")
    assert points[0].why.endswith("In Phường Hàng Tơ.")
    outside = ["Outside the area" in one.why for one in points]
    assert outside == sorted(outside)
    assert outside[-1]
    assert "stand last" in result.hint
    (parcel,) = [one for one in result.candidates if one.id == "2004-00070-12-45"]
    assert parcel.why.startswith("If read as EPSG:5897, north first: The point lies in this parcel")


def test_vietnamese_readers_see_a_decimal_comma_and_others_the_month_in_words(parcels):
    with translation.override("vi"):
        reasons = " ".join(one.why for one in look_up("2325005 587005", on=ON).candidates)
    assert "105,75°" in reasons
    assert "105.75°" not in reasons

    assert "Unit until 1 July 2025" in look_up("phường Hàng Tơ", on=ON).candidates[0].why


@pytest.mark.parametrize("text", ["21.03", "0, 105", "nan nan", "20 21"])
def test_figures_are_not_taken_for_part_of_a_year_or_for_sheet_nought(wards, text):
    plan = town.plan(
        "plan", title="Quy hoạch 2021-2030 ordinance", search_title="quy hoach 2021 2030 ordinance"
    )
    town.zone(town.edition(plan), town.square(0, 0, 10))
    town.publish()

    assert look_up(text, on=ON).candidates == ()
    assert found("quy hoạch 2030", CandidateKind.PLAN) == ["plan"]
