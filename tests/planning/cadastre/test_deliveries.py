"""A new delivery of the cadastre: what it changes is found by geometry, and nothing known before is lost.

Lots of 10 m by 20 m stand side by side on sheet 1; the first delivery is of 2020, the second of 2026.
"""

from datetime import date
from typing import Any

import pytest
import shapely

from planning import cadastre
from planning.answer import answer_parcel
from planning.cadastre import ChangeKind, Difference
from planning.errors import Forbidden, Refused
from planning.models import (
    CadastreDelivery,
    LayerUpload,
    LineageKind,
    Parcel,
    ParcelAlias,
    ParcelLineage,
    Publication,
    RefusedParcel,
    UploadState,
)
from planning.publication import publish
from tests import town

pytestmark = pytest.mark.django_db

FIRST, SECOND = date(2020, 1, 1), date(2026, 6, 1)
UNIT = "2004-00001"


def lot(x: float, width: float = 10, y: float = 0, height: float = 20) -> Any:
    return town.square(x, y, width, height)


def delivery(name: str, rows: list[tuple[str, Any]] | dict[str, Any], **fields: Any) -> LayerUpload:
    """A staged delivery: numbers and their land; duplicates get their suffix in the order of the file."""
    upload = town.upload(name=name)
    seen: dict[str, int] = {}
    for number, land in rows.items() if isinstance(rows, dict) else rows:
        place = seen.get(number, 0)
        seen[number] = place + 1
        town.parcel(
            number,
            land,
            upload=upload,
            code=f"{UNIT}-1-{number}" + ("", "-b", "-c", "-d")[place],
            existed_from=fields.get("as_of", SECOND),
        )
    CadastreDelivery.objects.create(
        upload=upload, **{"as_of": SECOND, "replaces": "units", "is_large_change_right": True, **fields}
    )
    return upload


@pytest.fixture
def stock(town_office: object) -> Publication:
    """Parcels 1 to 6 as of 2020, public."""
    return town.publish(delivery("first.gpkg", {str(one): lot(10 * one) for one in range(1, 7)}, as_of=FIRST))


def same(*numbers: int) -> dict[str, Any]:
    return {str(one): lot(10 * one) for one in numbers}


def codes(difference: Difference, kind: ChangeKind) -> list[tuple[list[str], list[str]]]:
    def short(found: tuple[str, ...]) -> list[str]:
        return [code.removeprefix(f"{UNIT}-1-") for code in found]

    return [(short(one.former), short(one.later)) for one in difference.of(kind)]


def code(number: str) -> str:
    return f"{UNIT}-1-{number}"


def known(number: str) -> list[Parcel]:
    return list(Parcel.objects.standing().filter(code=code(number)).order_by("valid"))


def test_every_kind_of_change_is_told_by_the_land(stock):
    upload = delivery(
        "second.gpkg",
        {
            "1": lot(10),
            "2": town.square(20.05, 0, 9.95, 20),  # within the accuracy of the surveys
            "30": lot(30, 4),  # 3 is split
            "31": lot(34, 6),
            "45": lot(40, 20),  # 4 and 5 are merged
            "7": lot(100),
        },
    )

    difference = cadastre.compare(upload)

    assert codes(difference, ChangeKind.UNCHANGED) == [(["1"], ["1"]), (["2"], ["2"])]
    assert codes(difference, ChangeKind.SPLIT) == [(["3"], ["30", "31"])]
    assert codes(difference, ChangeKind.MERGED) == [(["4", "5"], ["45"])]
    assert codes(difference, ChangeKind.NEW) == [([], ["7"])]
    assert codes(difference, ChangeKind.ENDED) == [(["6"], [])]
    assert sum(difference.counts.values()) == 6


def test_a_boundary_that_moved_and_a_new_number_are_told_apart(stock):
    upload = delivery("second.gpkg", same(1, 2, 5) | {"3": lot(30, 12), "4": lot(42, 8), "106": lot(60)})

    difference = cadastre.compare(upload)

    assert codes(difference, ChangeKind.NEW_BOUNDARY) == [(["3"], ["3"]), (["4"], ["4"])]
    assert codes(difference, ChangeKind.NEW_NUMBER) == [(["6"], ["106"])]
    town.publish(upload)
    strip = ParcelLineage.objects.get(predecessor_code=code("4"), successor_code=code("3"))
    assert (strip.kind, strip.shared_area_m2) == (LineageKind.BOUNDARY, pytest.approx(40, abs=0.05))


def test_land_that_was_cut_anew_altogether_is_called_ambiguous(stock):
    # most of 1 and most of 2 are in 12, and 11 is what is left of 1
    upload = delivery("second.gpkg", {"11": lot(10, 3), "12": lot(13, 13), "3": lot(26, 14)} | same(4, 5, 6))

    difference = cadastre.compare(upload)

    assert codes(difference, ChangeKind.AMBIGUOUS) == [(["1", "2"], ["11", "12"])]
    assert codes(difference, ChangeKind.NEW_BOUNDARY) == [(["3"], ["3"])]


def test_an_unchanged_parcel_keeps_its_very_row(stock):
    before = Parcel.objects.get(code=code("1"))

    town.publish(delivery("second.gpkg", same(1, 2, 3, 4, 5, 6)))

    after = Parcel.objects.get(code=code("1"))
    assert (after.pk, after.known.lower, after.upload_id) == (before.pk, stock.revision, before.upload_id)
    assert not ParcelLineage.objects.exists()


def test_a_new_attribute_makes_a_new_version_and_a_column_nobody_delivered_takes_nothing_away(stock):
    upload = delivery("second.gpkg", same(1, 2, 3, 4, 5, 6))
    Parcel.objects.staged().filter(code=code("2")).update(registry_area=201)

    difference = cadastre.compare(upload)
    town.publish(upload)

    assert codes(difference, ChangeKind.NEW_ATTRIBUTES) == [(["2"], ["2"])]
    old, new = known("2")
    assert (old.valid.lower, old.valid.upper, old.registry_area) == (FIRST, SECOND, None)
    assert (new.valid.lower, new.valid.upper, new.registry_area) == (SECOND, None, 201)


def test_what_ends_ends_on_the_day_of_the_delivery_and_nothing_is_overwritten(stock):
    row = Parcel.objects.get(code=code("6"))

    second = town.publish(delivery("second.gpkg", same(1, 2, 3, 4, 5)))

    closed = Parcel.objects.get(pk=row.pk)
    (standing,) = known("6")
    assert (closed.valid.upper, closed.known.upper) == (None, second.revision)
    assert (standing.valid.lower, standing.valid.upper) == (FIRST, SECOND)
    assert standing.geometry.wkb == row.geometry.wkb


def test_lineage_says_how_much_land_went_where(stock):
    town.publish(delivery("second.gpkg", same(1, 2, 4, 5, 6) | {"30": lot(30, 4), "31": lot(34, 6)}))

    rows = ParcelLineage.objects.of_parcel(code("3")).order_by("successor_code")
    assert [(row.successor_code, row.kind, row.on) for row in rows] == [
        (code("30"), LineageKind.SPLIT, SECOND),
        (code("31"), LineageKind.SPLIT, SECOND),
    ]
    assert [row.shared_area_m2 for row in rows] == [pytest.approx(80, abs=0.05), pytest.approx(120, abs=0.05)]


def test_an_old_number_leads_to_its_successors_over_several_deliveries(stock):
    town.publish(delivery("second.gpkg", same(1, 2, 3, 4, 5) | {"106": lot(60)}))
    later = {"206": lot(60, 5), "207": lot(65, 5)}
    town.publish(delivery("third.gpkg", same(1, 2, 3, 4, 5) | later, as_of=date(2026, 7, 1)))

    found = ParcelAlias.objects.standing().numbered(sheet="1", number="6")
    assert set(found.values_list("parcel_code", flat=True)) == {code("106"), code("206"), code("207")}
    assert set(found.values_list("scheme", flat=True)) == {"former number"}


def test_numbers_that_changed_places_are_seen(stock):
    upload = delivery("second.gpkg", same(1, 2, 3, 4) | {"5": lot(60), "6": lot(50)})

    difference = cadastre.compare(upload)
    town.publish(upload)

    assert codes(difference, ChangeKind.NEW_NUMBER) == [(["5"], ["6"]), (["6"], ["5"])]
    assert difference.reused == (code("5"), code("6"))
    old, new = known("5")
    assert (old.valid.upper, new.valid.lower) == (SECOND, SECOND)
    assert town.metres(new.geometry).centroid.x == pytest.approx(65, abs=0.01)


def test_true_duplicates_keep_their_letters_whatever_the_order_of_the_file(town_office):
    twins = [("1", lot(0)), ("1", lot(100)), ("1", lot(200))]
    town.publish(delivery("first.gpkg", twins, as_of=FIRST))
    before = {row.code: row.pk for row in Parcel.objects.standing()}

    town.publish(delivery("second.gpkg", [twins[2], ("1", lot(300)), twins[0], twins[1]]))

    after = {row.code: row.pk for row in Parcel.objects.standing()}
    assert before.items() <= after.items()
    assert after.keys() - before.keys() == {code("1-d")}


def test_a_delivery_of_single_parcels_leaves_the_others_of_the_unit_alone(stock):
    upload = delivery("second.gpkg", {"30": lot(30, 4), "31": lot(34, 6)}, replaces="contents")

    difference = cadastre.compare(upload)
    town.publish(upload)

    assert difference.counts == dict.fromkeys(difference.counts, 0) | {"split": 1}
    alive = Parcel.objects.standing().valid_on(SECOND).values_list("number", flat=True)
    assert sorted(alive) == ["1", "2", "30", "31", "4", "5", "6"]


def test_a_delivery_of_a_new_commune_replaces_the_parcels_of_the_former_ones(stock):
    new = town.unit("00009", of="2025", name="phường Mới", search_name="phuong moi")
    upload = town.upload(name="second.gpkg")
    for number in range(1, 7):
        town.parcel(str(number), lot(10 * number), within=new, upload=upload, existed_from=SECOND)
    CadastreDelivery.objects.create(upload=upload, as_of=SECOND, replaces="units", units=[UNIT])

    difference = cadastre.compare(upload)
    town.publish(upload)

    assert difference.counts["new_number"] == 6
    assert set(Parcel.objects.standing().valid_on(SECOND).values_list("unit", flat=True)) == {new.pk}
    assert ParcelAlias.objects.standing().filter(unit=UNIT, parcel_code="2025-00009-1-3").exists()


# the wrong file


def test_a_refused_row_ends_no_parcel(stock):
    upload = delivery("second.gpkg", same(1, 2, 3))
    shape = lot(40)
    RefusedParcel.objects.create(upload=upload, row=4, geometry=shape)
    RefusedParcel.objects.create(upload=upload, row=5, unit_code=UNIT, sheet="1", number="5")

    difference = cadastre.compare(upload)
    town.publish(upload)

    assert codes(difference, ChangeKind.HELD) == [(["4"], []), (["5"], [])]
    assert codes(difference, ChangeKind.ENDED) == [(["6"], [])]
    assert [len(known(number)) for number in "456"] == [1, 1, 1]
    assert [known(number)[0].valid.upper for number in "456"] == [None, None, SECOND]


def test_a_refused_row_that_says_nothing_of_itself_ends_nothing_at_all(stock):
    upload = delivery("second.gpkg", same(1, 2, 3))
    RefusedParcel.objects.create(upload=upload, row=4)

    assert cadastre.compare(upload).counts["held"] == 3


@pytest.mark.parametrize("numbers", [(1, 2), ()])
def test_a_delivery_that_would_end_most_of_a_unit_waits_for_a_word(stock, numbers):
    far = {str(one): lot(1_000 + 10 * one) for one in range(50, 53)}
    upload = delivery("second.gpkg", same(*numbers) | far, is_large_change_right=False)

    (doubt,) = cadastre.compare(upload).doubts
    assert (doubt.unit, doubt.standing, doubt.in_common) == (UNIT, 6, len(numbers))
    with pytest.raises(Refused) as refused:
        town.publish(upload)
    assert refused.value.facts["unit"] == UNIT
    assert not Parcel.objects.standing().filter(upload=upload).exists()


def test_an_older_delivery_cannot_replace_a_newer_one(stock):
    town.publish(delivery("second.gpkg", same(1, 2, 3, 4, 5) | {"6": lot(60, 9)}))
    late = delivery("late.gpkg", same(1, 2, 3, 4, 5, 6), as_of=date(2023, 1, 1))

    with pytest.raises(Refused) as refused:
        town.publish(late)

    assert refused.value.facts["parcel"] == code("6")


def test_no_office_replaces_the_parcels_of_another(stock):
    other = town.office("elsewhere")
    upload = town.upload(name="foreign.gpkg", by=other)
    town.parcel("1", lot(10), upload=upload, existed_from=SECOND)
    CadastreDelivery.objects.create(upload=upload, as_of=SECOND, replaces="units", is_large_change_right=True)

    with pytest.raises(Forbidden):
        publish(uploads=[upload], by=town.planner(other), approved_by=town.reviewer(other))


def test_the_second_of_two_deliveries_is_compared_with_what_the_first_made(stock):
    one = delivery("one.gpkg", same(1, 2, 3, 4, 5) | {"106": lot(60)})
    other = delivery("other.gpkg", same(1, 2, 3, 4, 5) | {"106": lot(60)}, as_of=date(2026, 7, 1))
    assert cadastre.compare(other).counts["new_number"] == 1

    town.publish(one)
    revision = town.publish(other)

    assert "lineage" not in revision.summary
    assert revision.summary["cadastre"]["unchanged"] == 6
    assert LayerUpload.objects.filter(state=UploadState.PUBLISHED).count() == 3


# past answers


def test_past_answers_stay_what_they_were_byte_for_byte(small_town):
    numbers = ("1", "2")
    day = date(2024, 5, 1)
    past = {n: answer_parcel(code(n), as_at=day) for n in numbers}
    today = {n: answer_parcel(code(n), as_at=date(2026, 8, 1)) for n in numbers}
    upload = delivery(
        "second.gpkg",
        {"11": town.square(10, 10, 10, 9), "12": town.square(10, 19, 10, 11), "2": lot(55, 12, 10)},
    )

    town.publish(upload)

    for n in numbers:
        # what is known today of a past day: the parcel's end is new, what applied to it is not
        assert answer_parcel(code(n), as_at=day).themes == past[n].themes
        assert answer_parcel(code(n), as_at=day, known_at=small_town.at).digest == past[n].digest
        again = answer_parcel(code(n), as_at=date(2026, 8, 1), known_at=small_town.at)
        assert again.digest == today[n].digest
    now = answer_parcel(code("2"), as_at=date(2026, 8, 1))
    assert now.subject.area_m2 == pytest.approx(240, abs=0.05)
    assert now.digest != today["2"].digest


def test_the_comparison_is_in_metres_of_the_delivery(stock):
    upload = delivery("second.gpkg", same(1))
    (change,) = cadastre.compare(upload).of(ChangeKind.UNCHANGED)

    assert change.shared_m2 == pytest.approx(200, abs=0.01)
    assert shapely.area(town.metres(lot(10))) == pytest.approx(200, abs=0.01)
