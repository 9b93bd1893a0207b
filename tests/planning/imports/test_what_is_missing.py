"""Rows that stay out never become a "no": from the file through publication to the answer."""

from datetime import date
from pathlib import Path

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from planning.answer import answer_site
from planning.imports import import_file
from planning.imports.planfile import PlanFile
from planning.models import Coverage, CoverageState, LayerUpload, UploadResult
from tests import town
from tests.answer_schema import wire
from tests.planning.imports.drawn import box, feature, geojson, ground, placed, zoning

pytestmark = pytest.mark.django_db

LINES = [{"target": "restrictions", "fields": {"kind": "kind"}}]


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    ground()


def published(path: Path, plan_file: PlanFile | None = None, theme: str = "construction") -> LayerUpload:
    """The file with what it refuses left out, published under coverage declared complete."""
    upload = import_file(
        path,
        office=town.office(),
        by=town.planner(),
        plan_file=plan_file or zoning(),
        repair=True,
        leave_out_refused=True,
    )
    assert upload.result == UploadResult.OK
    town.cover(town.square(-2_000, -2_000, 6_000), theme=theme)
    town.publish()
    return upload


def state(x: float, y: float, width: float, theme: str = "construction") -> str:
    answer = answer_site(box(x, y, width), as_at=date(2024, 1, 1))
    (found,) = [one for one in wire(answer)["themes"] if one["code"] == theme]
    return found["state"]


def tiles(left_out: tuple[int, int]) -> list[dict]:
    """Three by three zones of a hectare, one of them without its geometry."""
    places = [(i, j) for i in range(3) for j in range(3)]
    return [
        feature(
            None if place == left_out else box(100 * place[0], 100 * place[1], 100), code="A", land_use="ODT"
        )
        for place in places
    ]


@pytest.mark.parametrize("left_out", [(1, 1), (2, 2), (2, 1)])
def test_where_a_zone_without_geometry_may_lie_nothing_is_denied(
    tmp_path: Path, left_out: tuple[int, int]
) -> None:
    published(geojson(tmp_path / "zones.geojson", *tiles(left_out)))

    assert state(100 * left_out[0] + 40, 100 * left_out[1] + 40, 20) not in ("not_concerned", "concerned")
    assert state(3_000, 3_000, 20) == "not_concerned"


def test_a_missing_zone_beyond_the_others_is_not_denied_either(tmp_path: Path) -> None:
    rows = [feature(box(0, 0, 100), code="A", land_use="ODT"), feature(None, code="A", land_use="ODT")]
    published(geojson(tmp_path / "zones.geojson", *rows))

    assert state(140, 40, 20) != "not_concerned"


def test_a_stated_box_of_complete_coverage_is_doubted_as_a_whole(tmp_path: Path) -> None:
    rows = [feature(box(0, 0, 100), code="A", land_use="ODT"), feature(None, code="A", land_use="ODT")]
    declared = {
        "theme": "construction",
        "state": "complete",
        "as_of": date(2018, 1, 1),
        "source": "the office",
        "extent": list(box(0, 0, 2_000).bounds),
    }
    published(geojson(tmp_path / "zones.geojson", *rows), zoning(coverage=[declared]))

    assert state(1_500, 1_500, 20) != "not_concerned"


def test_a_refused_line_far_from_the_others_is_not_denied(tmp_path: Path) -> None:
    rows = [
        feature(placed(shapely.LineString([(0, 0), (100, 0)])), kind="red_line"),
        feature(placed(shapely.LineString([(0, 10), (100, 10)])), kind="red_line"),
        feature(placed(shapely.LineString([(500, 500), (700, 500)])), kind="XYZ"),
    ]
    published(geojson(tmp_path / "lines.geojson", *rows), zoning(layers=LINES), theme="lines")

    assert state(590, 490, 20, "lines") != "not_concerned"
    assert state(590, 600, 20, "lines") == "not_concerned"


def test_a_refused_line_may_have_been_of_any_kind(tmp_path: Path) -> None:
    rows = [
        feature(placed(shapely.LineString([(0, 0), (100, 0)])), kind="red_line"),
        feature(placed(shapely.Point(500, 500)), kind="XYZ"),
    ]
    published(geojson(tmp_path / "lines.geojson", *rows), zoning(layers=LINES), theme="lines")

    partial = Coverage.objects.filter(state=CoverageState.PARTIAL)
    assert set(partial.values_list("theme_id", flat=True)) == {"lines", "corridors"}
    assert state(495, 495, 10, "lines") != "not_concerned"


def test_a_lone_line_that_is_refused_leaves_its_place_partial(tmp_path: Path) -> None:
    rows = [feature(placed(shapely.LineString([(0, 0), (100, 0)])), kind="XYZ")]
    path = geojson(tmp_path / "lines.geojson", *rows)

    upload = import_file(
        path, office=town.office(), by=town.planner(), plan_file=zoning(layers=LINES), leave_out_refused=True
    )

    assert upload.result == UploadResult.OK
    assert town.area(Coverage.objects.filter(theme_id="lines").get().geometry) > 200


def test_rows_that_all_lie_nowhere_leave_the_territory_partial(tmp_path: Path) -> None:
    path = geojson(
        tmp_path / "zones.geojson",
        feature(None, code="A", land_use="ODT"),
        feature(None, code="A", land_use="DGT"),
    )

    upload = import_file(
        path, office=town.office(), by=town.planner(), plan_file=zoning(), leave_out_refused=True
    )

    assert upload.result == UploadResult.OK
    assert town.area(Coverage.objects.get().geometry) == pytest.approx(1e8, rel=1e-4)


@pytest.mark.parametrize(
    "drawn",
    [
        shapely.Polygon([(300, 0), (400, 0), (300, 0), (300, 0)]),
        shapely.LineString([(300, 0), (400, 0)]),
        shapely.MultiLineString([[(300, 0), (350, 0)], [(350, 0), (400, 0)]]),
    ],
)
def test_a_zone_collapsed_into_a_line_is_not_denied(tmp_path: Path, drawn: BaseGeometry) -> None:
    rows = [
        feature(box(0, 0, 100), code="A", land_use="ODT"),
        feature(placed(drawn), code="A", land_use="ODT"),
    ]
    published(geojson(tmp_path / "zones.geojson", *rows))

    assert state(340, -5, 10) != "not_concerned"


def test_a_zone_drawn_as_its_outline_is_not_denied_inside(tmp_path: Path) -> None:
    outline = shapely.box(300, 0, 400, 100).exterior
    rows = [
        feature(box(0, 0, 100), code="A", land_use="ODT"),
        feature(placed(shapely.LineString(outline)), code="A", land_use="ODT"),
    ]
    published(geojson(tmp_path / "zones.geojson", *rows))

    assert state(340, 40, 20) != "not_concerned"


def test_both_values_of_one_spot_are_answered(tmp_path: Path) -> None:
    rows = [
        feature(box(0, 0, 100), code="A", land_use="ODT"),
        feature(box(0, 0, 100), code="A", land_use="DGT"),
    ]

    upload = published(geojson(tmp_path / "zones.geojson", *rows))

    (theme,) = [
        one
        for one in wire(answer_site(box(40, 40, 20), as_at=date(2024, 1, 1)))["themes"]
        if one["code"] == "construction"
    ]
    found = {item["zone"]["land_use"]["code"] for plan in theme["plans"] for item in plan["items"]}
    assert found == {"ODT", "DGT"}
    assert upload.report["layers"][0]["refused"] == 0
    assert [one.code for one in upload.findings.filter(row=2)] == ["IMP-C01"]


def test_a_row_drawn_twice_that_says_the_same_is_left_out_once(tmp_path: Path) -> None:
    rows = [
        feature(box(0, 0, 100), code="A", land_use="ODT", objectid=1),
        feature(box(0, 0, 100), code="A", land_use="ODT", objectid=2),
    ]

    upload = published(geojson(tmp_path / "zones.geojson", *rows))

    assert upload.report["layers"][0]["refused"] == 1
    assert upload.findings.get(row=2).code == "IMP-G08"
