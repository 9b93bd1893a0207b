"""A plan file against what is stored: nothing changes by an import, and nothing is dropped in silence."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry

from planning.errors import BadParameter
from planning.imports import check_file, import_file
from planning.imports.planfile import PlanFile, parse_plan_file
from planning.models import Coverage, LayerUpload, Plan, Territory, UploadResult
from tests import town
from tests.planning.imports.drawn import box, feature, geojson, ground, zoning

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    ground()


def handed_in(path: Path, plan_file: PlanFile, **options: Any) -> LayerUpload:
    return import_file(path, office=town.office(), by=town.planner(), plan_file=plan_file, **options)


def zones(folder: Path, *more: dict, x: float = 0, name: str = "zones") -> Path:
    rows = [feature(box(x, 0, 100), code="A", land_use="ODT"), *more]
    return geojson(folder / f"{name}.geojson", *rows)


def said(upload: LayerUpload, code: str = "IMP-P02") -> list[tuple[str, str, str]]:
    rows = upload.findings.filter(code=code)
    return [(one.level, one.field, one.value) for one in rows]


def territory(code: str, x: float, **changes: Any) -> dict[str, Any]:
    """A [territory] of a square kilometre and the plan that lies in it."""
    section = {
        "code": code,
        "name": "Mới",
        "metric_crs": town.METRIC.code,
        "extent": list(box(x, 0, 1_000).bounds),
    }
    return {"plan__territory": code, "territory": section | changes}


@pytest.mark.parametrize(
    ("entry", "value"),
    [
        ("kind", "detailed"),
        ("level", "underground"),
        ("scale", 500),
        ("accuracy_m", 12.5),
        ("metric_crs", "EPSG:5898"),
        ("territory", "neighbour"),
    ],
)
def test_an_entry_that_contradicts_the_stored_plan_is_an_error(
    tmp_path: Path, entry: str, value: object
) -> None:
    town.territory("neighbour", extent=town.square(20_000, 0, 100))
    handed_in(zones(tmp_path), zoning())
    again = zoning(**{f"plan__{entry}": value, "edition__number": 2})

    upload = handed_in(zones(tmp_path, x=10), again)

    assert upload.result == UploadResult.BLOCKED
    assert said(upload) == [("error", f"plan.{entry}", str(value))]
    assert Plan.objects.get().scale == 2000


def test_the_stored_and_the_given_value_are_both_named(tmp_path: Path) -> None:
    handed_in(zones(tmp_path), zoning())

    found = check_file(zones(tmp_path, x=10), plan_file=zoning(plan__scale=500, edition__number=2))

    (finding,) = [one for one in found.to_json()["findings"] if one["code"] == "IMP-P02"]
    assert "plan.scale" in finding["message"]
    assert "500" in finding["message"]
    assert "2000" in finding["message"]


def test_a_plan_of_another_office_is_an_error_that_shows_nothing_of_it(tmp_path: Path) -> None:
    town.plan("old-town", of=town.office("elsewhere"), licence="CC-BY-4.0", title="Quy hoạch phân khu")

    upload = handed_in(zones(tmp_path), zoning())

    assert (upload.result, upload.edition) == (UploadResult.BLOCKED, None)
    assert ("error", "plan.office", "town") in said(upload)


def test_another_title_is_a_remark(tmp_path: Path) -> None:
    handed_in(zones(tmp_path), zoning())

    upload = handed_in(zones(tmp_path, x=10), zoning(plan__title="Khác", edition__number=2))

    assert upload.result == UploadResult.OK
    assert said(upload) == [("info", "plan.title", "Khác")]


def test_a_local_adjustment_does_not_become_a_whole_edition_by_a_slip(tmp_path: Path) -> None:
    handed_in(zones(tmp_path), zoning())

    upload = handed_in(zones(tmp_path, x=10), zoning(edition__is_local_adjustment=True))

    assert said(upload) == [("error", "edition.is_local_adjustment", "true")]


def test_a_territory_is_made_by_a_file_that_is_staged_and_by_no_other(tmp_path: Path) -> None:
    plan_file = zoning(**territory("new", 10_000))
    bad = feature(box(10_200, 0, 100), code="B", land_use="XYZ")

    blocked = handed_in(zones(tmp_path, bad, x=10_000), plan_file)
    assert blocked.result == UploadResult.BLOCKED
    assert not Territory.objects.filter(code="new").exists()
    assert not Plan.objects.exists()

    staged = handed_in(zones(tmp_path, x=10_000), plan_file)
    assert staged.result == UploadResult.OK
    assert Territory.objects.get(code="new").metric_crs == town.METRIC.code


def test_a_territory_over_another_one_is_refused_by_its_name(tmp_path: Path) -> None:
    upload = handed_in(zones(tmp_path), zoning(**territory("new", 0)))

    assert upload.result == UploadResult.BLOCKED
    assert upload.findings.get(code="IMP-P02").facts == {"says": "P02/overlaps", "other": "town"}
    assert not Territory.objects.filter(code="new").exists()


def test_a_territory_that_touches_its_neighbour_is_none_over_it(tmp_path: Path) -> None:
    south = box(10_000, 0, 1_000)
    west, _, east, north = south.bounds
    beside = GEOSGeometry(shapely.MultiPolygon([shapely.box(west, north, east, north + 1)]).wkt, srid=4326)
    town.territory("beside", extent=beside)

    upload = handed_in(zones(tmp_path, x=10_000), zoning(**territory("new", 10_000)))

    assert upload.result == UploadResult.OK


@pytest.mark.parametrize(
    ("entry", "value"), [("metric_crs", "EPSG:5898"), ("extent", [105.0, 20.0, 107.0, 22.0])]
)
def test_a_territory_that_is_there_is_never_changed(tmp_path: Path, entry: str, value: object) -> None:
    first = territory("new", 10_000)
    handed_in(zones(tmp_path, x=10_000), zoning(**first))
    before = Territory.objects.get(code="new")
    changed = territory("new", 10_000, **{entry: value})

    upload = handed_in(zones(tmp_path, x=10_010), zoning(**changed))

    after = Territory.objects.get(code="new")
    assert [(level, field) for level, field, _ in said(upload)] == [("error", f"territory.{entry}")]
    assert (after.metric_crs, after.extent) == (before.metric_crs, before.extent)


def test_a_territory_in_degrees_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadParameter) as refused:
        handed_in(zones(tmp_path), zoning(**territory("new", 10_000, metric_crs="EPSG:4326")))

    assert refused.value.name == "territory.metric_crs"


def declared(**changes: Any) -> dict[str, Any]:
    facts = {"theme": "construction", "state": "complete", "as_of": date(2024, 1, 1), "source": "x"}
    return facts | changes


def coverage(folder: Path, shape: Any, **changes: Any) -> LayerUpload:
    facts = declared(**changes)
    cells = {name: value.isoformat() if isinstance(value, date) else value for name, value in facts.items()}
    return handed_in(
        geojson(folder / "coverage.geojson", feature(shape, **cells)),
        parse_plan_file({"layers": [{"target": "coverage"}]}),
        leave_out_refused=True,
    )


@pytest.mark.parametrize(
    ("state", "level", "result"),
    [
        ("complete", "error", UploadResult.BLOCKED),
        ("none_exists", "error", UploadResult.BLOCKED),
        ("withheld", "warning", UploadResult.OK),
        ("partial", "warning", UploadResult.OK),
    ],
)
def test_a_theme_that_does_not_gather_the_kind_backs_nothing(
    tmp_path: Path, state: str, level: str, result: str
) -> None:
    row = coverage(tmp_path, box(0, 0, 10), state=state, plan_kind="land_use")
    section = declared(state=state, plan_kind="land_use")
    plan = handed_in(zones(tmp_path), zoning(coverage=[section]))

    assert row.findings.get(code="IMP-A05").level == plan.findings.get(code="IMP-A05").level == level
    assert row.result == plan.result == result


def test_a_declaration_that_cannot_be_read_is_not_left_out(tmp_path: Path) -> None:
    upload = coverage(tmp_path, box(0, 0, 10), state="witheld")

    assert upload.result == UploadResult.BLOCKED
    assert not Coverage.objects.exists()


def test_a_declaration_beyond_the_territory_says_how_much(tmp_path: Path) -> None:
    row = coverage(tmp_path, box(4_000, 0, 4_000, 1_000))
    section = declared(extent=list(box(4_000, 0, 4_000, 1_000).bounds))
    plan = handed_in(zones(tmp_path), zoning(coverage=[section]))

    for upload in (row, plan):
        finding = upload.findings.get(code="IMP-C06")
        assert (upload.result, finding.level) == (UploadResult.OK, "warning")
        assert float(finding.facts["area"]) == pytest.approx(3, rel=0.05)
        assert float(finding.facts["share"]) == pytest.approx(75, rel=0.05)


def test_a_declaration_from_long_ago_says_how_long(tmp_path: Path) -> None:
    row = coverage(tmp_path, box(0, 0, 10), valid_from=date(1, 1, 1))
    plan = handed_in(zones(tmp_path), zoning(coverage=[declared(valid_from=date(1900, 1, 1))]))

    assert row.findings.get(code="IMP-C07").facts["years"] == 2023
    assert plan.findings.get(code="IMP-C07").facts["years"] == 124
    assert not coverage(tmp_path, box(0, 0, 20), valid_from=date(2010, 1, 1)).findings.filter(code="IMP-C07")


def test_a_declaration_that_ends_before_it_begins_is_named(tmp_path: Path) -> None:
    upload = coverage(tmp_path, box(0, 0, 10), valid_to=date(2023, 1, 1))

    assert upload.findings.get(code="IMP-A05").field == "valid_to"
    with pytest.raises(BadParameter):
        zoning(coverage=[declared(valid_to=date(2023, 1, 1))])


def test_events_that_come_too_late_for_a_staged_edition_are_named_not_dropped(tmp_path: Path) -> None:
    handed_in(zones(tmp_path), zoning())
    first = zoning()
    annulled = replace(first.events[0], kind="annulled", on=date(2025, 1, 1))
    again = replace(first, events=(*first.events, annulled))

    upload = handed_in(zones(tmp_path, x=200), again)

    assert upload.result == UploadResult.OK
    assert said(upload) == [("warning", "edition.number", "1")]
    assert "annulled 2025-01-01" in upload.findings.get(code="IMP-P02").facts["what"]
