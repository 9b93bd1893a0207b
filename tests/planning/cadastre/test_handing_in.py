"""A delivery from the file on: declared in the plan file, weighed in the report, carried out at last."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from planning.errors import BadParameter
from planning.imports import check_file, import_file
from planning.imports.findings_text import message
from planning.imports.planfile import PlanFile, parse_plan_file
from planning.imports.stored_report import report_of
from planning.models import LayerUpload, Level, Parcel, ParcelAlias, RefusedParcel, UploadResult
from tests import town
from tests.planning.imports import drawn

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ground(town_office):
    town.territory()
    town.unit()


def plan_file(as_of: date | None = date(2026, 6, 1), **cadastre: Any) -> PlanFile:
    data: dict[str, Any] = {
        "source": {"publisher": "invented", "licence": "CC-BY-4.0", "crs": "EPSG:4326", "survey_scale": 500},
        "layers": [{"target": "parcels", "unit_list": "2004", "metric_crs": town.METRIC.code}],
    }
    if as_of is not None:
        data["cadastre"] = {"as_of": as_of, "replaces": "units"} | cadastre
    return parse_plan_file(data)


def rows(*numbers: int, **special: Any) -> list[dict[str, Any]]:
    drawn_ones = [
        drawn.feature(drawn.box(10 * n, 0, 10, 20), unit="00001", sheet="1", number=str(n)) for n in numbers
    ]
    return drawn_ones + [
        drawn.feature(shape, unit="00001", sheet="1", number=name.strip("_"))
        for name, shape in special.items()
    ]


def hand_in(path: Path, features: list[dict[str, Any]], order: PlanFile, **options: Any) -> LayerUpload:
    return import_file(
        drawn.geojson(path, *features),
        office=town.office(),
        by=town.planner(),
        plan_file=order,
        **options,
    )


@pytest.fixture
def stock(tmp_path: Path) -> LayerUpload:
    upload = hand_in(tmp_path / "first.geojson", rows(1, 2, 3, 4, 5, 6), plan_file(date(2020, 1, 1)))
    town.publish(upload)
    return upload


def rules(upload: LayerUpload) -> set[tuple[str, str]]:
    return {(one.code, one.level) for one in report_of(upload).findings if one.code.startswith("D")}


def test_the_first_delivery_of_a_unit_is_all_new(stock):
    stock.refresh_from_db()

    assert stock.report["cadastre"]["counts"]["new"] == 6
    assert Parcel.objects.standing().filter(valid__startswith=date(2020, 1, 1)).count() == 6
    assert ("D01", Level.INFO) in rules(stock)


def test_the_report_says_what_the_delivery_changes_and_so_does_the_command(stock, tmp_path, capsys):
    split = {"_30": drawn.box(30, 0, 4, 20), "_31": drawn.box(34, 0, 6, 20)}
    upload = hand_in(tmp_path / "second.geojson", rows(1, 2, 4, 5, **split), plan_file())

    counts = upload.report["cadastre"]["counts"]
    assert (counts["unchanged"], counts["split"], counts["ended"]) == (4, 1, 1)
    (change,) = upload.report["cadastre"]["changes"]["split"]
    assert change["later"] == ["2004-00001-1-30", "2004-00001-1-31"]
    assert report_of(upload).to_json()["cadastre"] == upload.report["cadastre"]

    call_command("compare_parcels", str(upload.pk), "--json")
    document = json.loads(capsys.readouterr().out)
    assert document == json.loads(json.dumps(upload.report["cadastre"]))
    call_command("compare_parcels", str(upload.pk))
    assert "split 2004-00001-1-3 -> 2004-00001-1-30, 2004-00001-1-31" in capsys.readouterr().out


def test_the_command_says_when_an_upload_is_no_delivery(stock, tmp_path):
    other = hand_in(tmp_path / "more.geojson", rows(7), plan_file(None))

    for upload in (other.pk, 10**6):
        with pytest.raises(CommandError):
            call_command("compare_parcels", str(upload))


def test_a_published_delivery_leads_from_old_numbers_to_new_ones(stock, tmp_path):
    renumbered = {"_106": drawn.box(60, 0, 10, 20)}
    upload = hand_in(tmp_path / "second.geojson", rows(1, 2, 3, 4, 5, **renumbered), plan_file())

    town.publish(upload)

    (alias,) = ParcelAlias.objects.standing().numbered(sheet="1", number="6")
    assert (alias.parcel_code, alias.value) == ("2004-00001-1-106", "1/6")


def test_whoever_types_an_old_number_finds_the_parcel_of_today(stock, tmp_path, client):
    renumbered = {"_106": drawn.box(60, 0, 10, 20)}
    town.publish(hand_in(tmp_path / "second.geojson", rows(1, 2, 3, 4, 5, **renumbered), plan_file()))

    found = client.get("/api/v1/lookup", {"q": "tờ 1 thửa 6 phường Mẫu"}).json()["candidates"]

    assert "2004-00001-1-106" in [one["id"] for one in found]


@pytest.mark.parametrize("numbers", [(1, 2), (50, 51)])
def test_the_wrong_file_is_a_question_until_somebody_says_it_is_right(stock, tmp_path, numbers):
    upload = hand_in(tmp_path / "second.geojson", rows(*numbers), plan_file())
    assert upload.result == UploadResult.NEEDS_ANSWER
    assert ("D03", Level.QUESTION) in rules(upload)
    assert not Parcel.objects.staged().exists()

    again = hand_in(tmp_path / "again.geojson", rows(*numbers), plan_file(large_change_is_right=True))
    assert again.result == UploadResult.OK
    assert ("D03", Level.WARNING) in rules(again)


def test_a_check_alone_says_the_same_and_writes_nothing(stock, tmp_path):
    path = drawn.geojson(tmp_path / "second.geojson", *rows(1, 2))

    report = check_file(path, plan_file=plan_file())

    assert report.result is UploadResult.NEEDS_ANSWER
    assert report.difference is not None
    assert report.difference["counts"]["ended"] == 4
    assert not Parcel.objects.staged().exists()


def test_rows_that_were_left_out_are_noted_and_hold_what_stands_there(stock, tmp_path):
    bow_tie = drawn.placed(drawn.shapely.Polygon([(40, 0), (50, 20), (50, 0), (40, 20)]))
    no_number = drawn.feature(drawn.box(50, 0, 10, 20), unit="00001", sheet="1", number="")
    no_place = drawn.feature(None, unit="00001", sheet="1", number="6")
    features = [*rows(1, 2, 3, _4=bow_tie), no_number, no_place]

    upload = hand_in(tmp_path / "second.geojson", features, plan_file(), leave_out_refused=True)

    assert upload.result == UploadResult.OK
    assert RefusedParcel.objects.filter(upload=upload).count() == 3
    assert upload.report["cadastre"]["counts"]["held"] == 3
    town.publish(upload)
    assert Parcel.objects.standing().filter(valid__upper_inf=True).count() == 6


@pytest.mark.parametrize(("as_of", "rule"), [(date(2019, 1, 1), "D04"), (date(2099, 1, 1), "D04/future")])
def test_a_day_that_cannot_be_right_blocks_the_delivery(stock, tmp_path, as_of, rule):
    upload = hand_in(tmp_path / "second.geojson", rows(1, 2, 3, 4, 5, 7), plan_file(as_of))

    assert upload.result == UploadResult.BLOCKED
    found = [one for one in report_of(upload).findings if (one.says or one.code) == rule]
    assert as_of.isoformat() in message(found[0])


def test_parcels_of_another_office_are_not_replaced(stock, tmp_path):
    other = town.office("elsewhere")

    upload = import_file(
        drawn.geojson(tmp_path / "second.geojson", *rows(1, 2, 3, 4, 5, 6)),
        office=other,
        by=town.planner(other),
        plan_file=plan_file(),
    )

    assert upload.result == UploadResult.BLOCKED
    assert ("D04", Level.ERROR) in rules(upload)


@pytest.mark.parametrize(
    "section", [{"replaces": "everything"}, {"as_of": "soon"}, {"unit": "x"}, {"replaces": 1}]
)
def test_a_section_with_a_slip_is_refused(section):
    data = {"cadastre": {"as_of": date(2026, 6, 1), "replaces": "units"} | section}

    with pytest.raises(BadParameter):
        parse_plan_file(data)
