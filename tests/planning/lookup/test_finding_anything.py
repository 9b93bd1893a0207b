"""Ended parcels, other schemes, steps of succession, corners, phones, decisions; and a town elsewhere."""

from datetime import date

import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.utils import translation

from planning import crs
from planning.codes import search_name
from planning.lookup import CandidateKind, UnderstoodAs, look_up
from planning.models import (
    AdminSuccession,
    EventKind,
    LineageKind,
    ParcelLineage,
    PlanIdentifier,
    Street,
)
from tests import town

ON = date(2026, 1, 1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def unit(code, name, **fields):
    made = town.unit(code, name=name, search_name=search_name(name), **fields)
    made.unit_list.valid_to = date(2025, 7, 1) if made.unit_list_id == "2004" else None
    made.unit_list.save()
    return made


def became(old, new, on, kind=LineageKind.SPLIT):
    return ParcelLineage.objects.create(
        predecessor_code=old, successor_code=new, kind=kind, on=on, known=(1, None)
    )


def ids(text, kind=CandidateKind.PARCEL, **options):
    return [one.id for one in look_up(text, on=ON, **options).candidates if one.kind is kind]


@pytest.fixture
def ward():
    return unit("00070", "Phường Hàng Tơ")


# parcels that have ended, other schemes


def test_an_ended_parcel_leads_to_those_that_took_its_land_over_several_steps(ward):
    town.territory()
    ended = date(2020, 1, 1)
    town.parcel("1", town.square(0, 0, 20, 10), within=ward, existed_to=ended)
    town.parcel("2", town.square(0, 0, 10), within=ward, existed_from=ended, feature=2)
    town.parcel(
        "3", town.square(10, 0, 10), within=ward, existed_from=ended, existed_to=date(2022, 1, 1), feature=3
    )
    town.parcel("4", town.square(10, 0, 10), within=ward, existed_from=date(2022, 1, 1), feature=4)
    town.publish()
    first = "2004-00070-1-1"
    became(first, "2004-00070-1-2", ended)
    became(first, "2004-00070-1-3", ended)
    became("2004-00070-1-3", "2004-00070-1-4", date(2022, 1, 1), LineageKind.RENUMBER)

    result = look_up("thửa 1 tờ 1 Hàng Tơ", on=ON)

    assert [one.id for one in result.candidates] == [first, "2004-00070-1-2", "2004-00070-1-4"]
    assert "existed until" in result.candidates[0].why
    assert "took land of parcel 2004-00070-1-1" in result.candidates[2].why
    assert "no longer exists" in result.hint
    assert ids(first) == [first, "2004-00070-1-2", "2004-00070-1-4"]


def test_a_number_of_any_scheme_is_found_however_its_marks_are_written(ward):
    town.territory()
    parcel = town.parcel("1", town.square(0, 0, 10), within=ward)
    town.alias(parcel, sheet="", number="", scheme="project", value="KĐT Tơ-A12/7")
    town.alias(parcel, sheet="", number="", scheme="PIN", value="17-09-410-014-0000")
    town.publish()

    for text in (
        "KĐT Tơ A12-7",
        "kđt tơ a12/7",
        "17-09-410-014-0000",
        "17094100140000",
        "17 09 410 014 0000",
    ):
        result = look_up(text, on=ON)
        assert [one.id for one in result.candidates] == [parcel.code], text
        assert result.understood_as is UnderstoodAs.OTHER_NUMBER


# units


def test_units_are_followed_over_every_step_and_a_divided_one_is_asked_about(ward):
    middle = unit("00800", "Phường Giữa Chừng", of="2010")
    heirs = [
        unit(code, name, of="2025")
        for code, name in (("00001", "Phường Đông Mới"), ("00002", "Phường Tây Mới"))
    ]
    AdminSuccession.objects.create(predecessor=ward, successor=middle, on=date(2010, 1, 1))
    for heir in heirs:
        AdminSuccession.objects.create(
            predecessor=middle, successor=heir, on=date(2025, 7, 1), is_partial=True
        )
    town.territory()
    parcel = town.parcel("45", town.square(0, 0, 10), within=ward, sheet="12")
    town.publish()

    result = look_up("phường Hàng Tơ", on=ON)

    assert [one.id for one in result.candidates] == [ward.id, "2025-00001", "2025-00002"]
    assert "divided among Phường Đông Mới, Phường Tây Mới" in result.candidates[0].why
    assert "was divided among" in result.hint
    for name in ("Hàng Tơ", "Giữa Chừng", "Đông Mới", "Tây Mới"):
        assert ids(f"thửa 45 tờ 12 phường {name}") == [parcel.code], name


def test_what_cannot_be_made_out_behind_a_name_is_said(ward):
    result = look_up("Hàng Tơ zzzz", on=ON)

    assert result.candidates[0].id == ward.id
    assert "could not make out “zzzz”" in result.hint


def test_a_commune_with_a_slip_is_named_before_its_parcels_are_believed(ward):
    town.territory()
    parcel = town.parcel("45", town.square(0, 0, 10), within=ward, sheet="12")
    town.publish()

    result = look_up("thửa 45 tờ 12 phường Hàng Tơi", on=ON)

    assert [one.id for one in result.candidates] == [parcel.code]
    assert "took it for Phường Hàng Tơ" in result.hint


# places


@pytest.fixture
def row(ward):
    """Five narrow parcels side by side."""
    town.territory()
    parcels = [
        town.parcel(str(place + 1), town.square(place * 5, 0, 5, 20), within=ward, feature=place + 1)
        for place in range(5)
    ]
    town.publish()
    return parcels


def test_a_phone_shows_all_parcels_in_reach_and_picks_none(row):
    centre = row[2].geometry.centroid
    text = f"{centre.y:.7f}, {centre.x:.7f}"
    near = look_up(text, on=ON, accuracy_m=4)
    far = look_up(f"{text} ±12 m", on=ON)

    assert near.candidates[0].kind is CandidateKind.POINT
    assert {one.id for one in near.candidates[1:]} >= {row[1].code, row[2].code, row[3].code}
    parcels = {one.id for one in far.candidates if one.kind is CandidateKind.PARCEL}
    assert parcels == {one.code for one in row}
    assert "cannot tell neighbouring parcels apart" in near.hint
    assert "may be off by 4 m" in near.candidates[1].why


def test_the_corners_of_a_parcel_find_it_in_our_territory_first(row):
    shape = shapely.from_wkb(bytes(row[1].geometry.wkb))
    outline = shapely.get_coordinates(crs.transform(shape, crs.WGS84, crs.parse(row[1].metric_crs)))[:-1]
    text = "\n".join(f"{index} {y:.2f} {x:.2f}" for index, (x, y) in enumerate(outline, 1))

    result = look_up(text, on=ON)
    first, second, *_ = result.candidates

    assert result.understood_as is UnderstoodAs.CORNERS
    assert first.kind is CandidateKind.POINT
    assert first.centre == pytest.approx(row[1].geometry.centroid.coords, abs=1e-6)
    assert "outline of 4 corners, about 100 m²" in first.why
    assert second.id == row[1].code
    assert second.why.startswith("The outline covers 100 % of it.")
    assert "several coordinate systems" in result.hint


def test_a_plus_code_finds_the_place_and_its_parcel(row):
    from planning.lookup.plus_code import _encoded  # the other way round, for the test alone

    centre = row[2].geometry.centroid
    result = look_up(f"{_encoded(centre.x, centre.y)}+22", on=ON)

    assert result.understood_as is UnderstoodAs.PLUS_CODE
    assert result.candidates[0].kind is CandidateKind.POINT


# plans and streets


def test_a_decision_or_an_identifier_finds_its_plan_once_it_is_public():
    plan = town.plan("old-quarter", title="Quy hoạch khu phố", search_title="quy hoach khu pho")
    PlanIdentifier.objects.create(plan=plan, scheme="national", value="QH-2026-0001")
    edition = town.edition(plan)
    town.event(edition, EventKind.APPROVED, date(2018, 1, 1), document=town.decision(plan, "3821/QĐ-UBND"))
    town.zone(edition, town.square(0, 0, 50))

    assert not ids("3821/QĐ-UBND", CandidateKind.PLAN)
    town.publish()
    for text in ("3821/QĐ-UBND", "Quyết định số 3821/QD-UBND ngày 1/1/2018", "QĐ 3821", "qh-2026-0001"):
        assert ids(text, CandidateKind.PLAN) == [plan.id], text
    assert not ids("382/QĐ-UBND", CandidateKind.PLAN)
    assert look_up("QĐ 9999/QĐ-UBND", on=ON).is_missed


def test_streets_come_from_addresses_and_staged_ones_are_not_shown(ward):
    town.territory()
    town.parcel(
        "1", town.square(0, 0, 10), within=ward, address="7 Phố Tô Hiến", search_address="7 pho to hien"
    )

    assert Street.objects.values_list("name", flat=True).get() == "Phố Tô Hiến"
    assert not ids("phố Tô Hiến", CandidateKind.STREET)
    town.publish()
    assert ids("phố Tô Hiến", CandidateKind.STREET) == ["2004-00070/pho-to-hien"]
    slip = look_up("7 phố Tô Hiếnn", on=ON)
    assert slip.candidates[0].id == "2004-00070-1-1"
    assert "similar names" in slip.hint


# somewhere else


def _several(shape):
    return GEOSGeometry(shapely.MultiPolygon([shape]).wkt, srid=4326)


def test_a_town_elsewhere_is_found_by_address_number_and_degrees():
    system = crs.parse("EPSG:32616")
    place = crs.transform(shapely.box(447_000, 4_636_000, 447_010, 4_636_040), system, crs.WGS84)
    around = crs.transform(shapely.box(446_000, 4_635_000, 448_000, 4_637_000), system, crs.WGS84)
    town.territory("lakeside", metric_crs=system.code, extent=_several(around))
    city = unit("14000", "Lakeside", of="us-2020", kind="commune")
    parcel = town.parcel(
        "0000",
        _several(place),
        within=city,
        sheet="410",
        metric_crs=system.code,
        address="1200 W Lake Street",
        search_address="1200 w lake street",
    )
    town.alias(parcel, sheet="", number="", scheme="PIN", value="17-09-410-014-0000")
    town.publish()
    inside = place.centroid

    for text in (
        "1200 W Lake Street",
        "1200 w lake st",
        "17-09-410-014-0000",
        f"{inside.y:.6f}, {inside.x:.6f}",
    ):
        assert parcel.code in ids(text), text
    assert ids("Lakesid", CandidateKind.COMMUNE) == [city.id]
