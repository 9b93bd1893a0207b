"""What an import writes: staged rows with their source, repairs on record, footprints of what stays out."""

from datetime import date
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection

from planning.errors import BadParameter, Forbidden, NotFound, Reason, Refused, UnreadableFile
from planning.imports import check_file, import_file, staging
from planning.imports.planfile import PlanFile, Target, parse_plan_file
from planning.models import (
    Coverage,
    Edition,
    Finding,
    LandUse,
    LandUseList,
    LayerUpload,
    Parcel,
    ParcelAlias,
    Plan,
    PlanEvent,
    Repair,
    Restriction,
    UploadResult,
    UploadState,
    Zone,
)
from tests import town
from tests.planning.imports.drawn import box, feature, geojson, ground, placed, zoning

pytestmark = pytest.mark.django_db

BOW_TIE = placed(shapely.Polygon([(0, 200), (100, 300), (100, 200), (0, 300)]))
# touches itself in one point: valid once its ring is divided, the area stays
PINCHED = placed(
    shapely.Polygon([(0, 200), (50, 250), (100, 200), (100, 300), (50, 250), (0, 300), (0, 200)])
)


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    ground()


def handed_in(path: Path, plan_file: PlanFile | None = None, **options) -> LayerUpload:
    options = {"office": town.office(), "by": town.planner(), "plan_file": plan_file or zoning()} | options
    return import_file(path, **options)


def two_zones(path: Path, *more) -> Path:
    return geojson(
        path,
        feature(box(0, 0, 100), code="A1", land_use="ODT"),
        feature(box(100, 0, 100), code="A2", land_use="DGT"),
        *more,
    )


def test_zones_are_staged_with_their_source(tmp_path: Path) -> None:
    upload = handed_in(two_zones(tmp_path / "zones.geojson"))

    first, second = Zone.objects.order_by("feature")
    assert (first.public_id, first.code, first.land_use.code) == ("old-town.1.1", "A1", "ODT")
    assert (second.feature, second.layer, second.upload) == (2, "zones", upload)
    assert town.area(first.geometry) == pytest.approx(10_000, abs=0.01)
    assert (upload.state, upload.result) == (UploadState.CHECKED, UploadResult.OK)
    assert upload.edition == Edition.objects.get()
    assert upload.edition.visibility == "staged"


def test_the_plan_file_makes_plan_documents_and_events_once(tmp_path: Path) -> None:
    handed_in(two_zones(tmp_path / "first.geojson"))
    handed_in(geojson(tmp_path / "second.geojson", feature(box(0, 100, 100), code="B", land_use="ODT")))

    assert Plan.objects.get().office == town.office()
    event = PlanEvent.objects.get()
    assert (event.kind, event.effective_from, event.document.number) == ("in_force", date(2018, 1, 1), "1/QĐ")
    assert [zone.public_id for zone in Zone.objects.order_by("pk")] == [
        "old-town.1.1",
        "old-town.1.2",
        "old-town.1.3",
    ]


def test_the_original_is_kept_under_a_name_of_ours(tmp_path: Path) -> None:
    path = two_zones(tmp_path / "Quy hoạch #1.geojson")

    upload = handed_in(path)

    assert upload.original_name == "Quy hoạch #1.geojson"
    assert "Quy" not in upload.file.name
    with upload.file.open("rb") as kept:
        assert kept.read() == path.read_bytes()


def test_indicators_keep_their_text_and_uses_are_lists(tmp_path: Path) -> None:
    path = geojson(
        tmp_path / "zones.geojson",
        feature(box(0, 0, 100), land_use="ODT", density="40-60", storeys=5, allowed="nhà ở; cửa hàng"),
        feature(box(100, 0, 100), land_use="ODT", density=None, storeys=None, allowed=None),
    )
    layer = {
        "target": "zones",
        "code_list": "town",
        "fields": {"land_use": "land_use"},
        "indicators": {"coverage": "density", "storeys": "storeys"},
        "uses": {"allowed": "allowed"},
    }

    handed_in(path, zoning(layers=[layer]))

    first, second = Zone.objects.order_by("feature")
    assert first.indicators["coverage"] == {
        "text": "40-60",
        "min": 40,
        "max": 60,
        "unit": "%",
        "state": "stated",
    }
    assert first.indicators["storeys"]["max"] == 5
    assert first.uses_allowed == ["nhà ở", "cửa hàng"]
    assert second.indicators["coverage"]["state"] == "unknown"


def test_a_composite_use_becomes_an_entry_made_of_its_parts(tmp_path: Path) -> None:
    path = geojson(tmp_path / "zones.geojson", feature(box(0, 0, 100), code="A", land_use="ODT+CXDT"))

    handed_in(path)

    use = LandUse.objects.get(code="ODT+CXDT")
    assert (use.name_en, use.colour) == ("Urban housing + Urban greenery", "#FFA0AA")
    assert Zone.objects.get().land_use == use
    assert Zone.objects.get().land_use_text == "ODT+CXDT"


def test_composite_uses_that_would_be_cut_to_the_same_code_are_refused(tmp_path: Path) -> None:
    codes = [f"{letter}{'Z' * 13}" for letter in "ABCD"]
    for code in codes:
        town.land_use("ODT")
        LandUse.objects.create(code_list_id="town", code=code, name_vi=code)
    one, other = "+".join(codes[:3]), "+".join([*codes[:2], codes[3]])
    path = geojson(
        tmp_path / "zones.geojson",
        feature(box(0, 0, 100), code="A", land_use="+".join(codes[:2])),
        feature(box(100, 0, 100), code="B", land_use=one),
        feature(box(200, 0, 100), code="C", land_use=other),
    )

    blocked = handed_in(path)
    staged = handed_in(path, leave_out_refused=True)

    assert (blocked.result, staged.result) == (UploadResult.BLOCKED, UploadResult.OK)
    long = blocked.findings.filter(code="IMP-K01", level="error", facts__says="K01/long")
    assert set(long.values_list("row", "value")) == {(2, one), (3, other)}
    assert Zone.objects.get().land_use.code == "+".join(codes[:2])


def test_columns_nobody_mapped_and_owners_are_not_taken_over(tmp_path: Path) -> None:
    path = geojson(
        tmp_path / "zones.geojson",
        feature(box(0, 0, 100), code="A", land_use="ODT", so_gcn="BA 123", TenChuSuDung="Ông A", note="x"),
    )

    upload = handed_in(path)

    facts = {one.facts.get("says"): one.facts.get("fields") for one in upload.findings.filter(code="IMP-A01")}
    assert facts == {"A01/owner": "TenChuSuDung, so_gcn", "A01/not_mapped": "note"}


@pytest.mark.parametrize(
    ("code", "rule", "level"),
    [("XYZ", "IMP-K01", "error"), ("odt", "IMP-K02", "warning"), ("Đất giao thông", "IMP-K02", "warning")],
)
def test_codes_are_looked_up_and_never_guessed(tmp_path: Path, code: str, rule: str, level: str) -> None:
    path = two_zones(tmp_path / "zones.geojson", feature(box(0, 100, 100), code="B", land_use=code))

    upload = handed_in(path)

    assert (rule, level) in set(upload.findings.values_list("code", "level"))


def test_a_file_with_an_error_is_blocked_as_a_whole(tmp_path: Path) -> None:
    path = two_zones(tmp_path / "zones.geojson", feature(BOW_TIE, code="B", land_use="ODT"))

    upload = handed_in(path)

    assert (upload.result, upload.state) == (UploadResult.BLOCKED, UploadState.CHECKED)
    assert not Zone.objects.exists()
    assert upload.report["layers"] == [
        {"name": "zones", "crs": "EPSG:4326", "rows": 3, "clean": 2, "repaired": 0, "refused": 1}
    ]


def test_a_repair_is_recorded_with_areas_and_the_geometry_as_read(tmp_path: Path) -> None:
    path = two_zones(tmp_path / "zones.geojson", feature(PINCHED, code="B", land_use="ODT"))

    upload = handed_in(path, repair=True)

    repair = Repair.objects.get()
    assert upload.result == UploadResult.OK
    assert (repair.row, repair.accepted_by) == (3, town.planner())
    assert repair.area_before_m2 == pytest.approx(5_000, abs=0.1)
    assert repair.area_after_m2 == pytest.approx(5_000, abs=0.1)
    assert shapely.from_wkb(bytes(repair.before_wkb)).equals_exact(PINCHED, 1e-12)
    assert upload.report["layers"][0]["repaired"] == 1
    finding = upload.findings.get(code="IMP-G05")
    assert (finding.level, finding.facts["outcome"]) == ("warning", "repaired")


def test_a_repair_that_moves_much_area_is_not_offered(tmp_path: Path) -> None:
    path = two_zones(tmp_path / "zones.geojson", feature(BOW_TIE, code="B", land_use="ODT"))

    upload = handed_in(path, repair=True)

    assert upload.result == UploadResult.BLOCKED
    assert not Repair.objects.exists()


def test_what_is_left_out_makes_its_footprint_partial_for_all_dates(tmp_path: Path) -> None:
    path = two_zones(tmp_path / "zones.geojson", feature(BOW_TIE, code="B", land_use="ODT"))

    upload = handed_in(path, repair=True, leave_out_refused=True)

    coverage = Coverage.objects.get()
    assert upload.result == UploadResult.OK
    assert Zone.objects.count() == 2
    assert (coverage.theme_id, coverage.plan_kind, coverage.state) == ("construction", "zoning", "partial")
    assert (coverage.edition, coverage.upload, coverage.known) == (upload.edition, upload, None)
    assert (coverage.valid.lower, coverage.valid.upper) == (None, None)
    assert town.area(coverage.geometry) == pytest.approx(5_000, abs=0.1)


def test_a_row_without_geometry_makes_a_zones_width_around_all_zones_partial(tmp_path: Path) -> None:
    path = two_zones(tmp_path / "zones.geojson", feature(None, code="B", land_use="ODT"))

    handed_in(path, repair=True, leave_out_refused=True)

    partial = town.metres(Coverage.objects.get().geometry)
    assert partial.covers(shapely.box(-95, -95, 295, 195))
    assert partial.bounds == pytest.approx((-142.4, -142.4, 342.4, 242.4), abs=0.1)


def test_a_row_without_geometry_makes_the_stated_extent_partial(tmp_path: Path) -> None:
    path = two_zones(tmp_path / "zones.geojson", feature(None, code="B", land_use="ODT"))
    extent = list(box(0, 0, 400).bounds)

    handed_in(path, zoning(edition__extent=extent), repair=True, leave_out_refused=True)

    partial = town.metres(Coverage.objects.get().geometry)
    assert partial.buffer(0.1).covers(shapely.box(0, 0, 400, 400))
    assert partial.area == pytest.approx(160_000, rel=0.03)


def test_a_row_with_an_unknown_code_leaves_its_own_shape_partial(tmp_path: Path) -> None:
    path = two_zones(tmp_path / "zones.geojson", feature(box(0, 200, 50), code="B", land_use="XYZ"))

    upload = handed_in(path, leave_out_refused=True)

    assert upload.report["layers"][0] | {"name": "", "crs": ""} == {
        "name": "",
        "crs": "",
        "rows": 3,
        "clean": 2,
        "repaired": 0,
        "refused": 1,
    }
    assert town.area(Coverage.objects.get().geometry) == pytest.approx(2_500, abs=0.1)


def test_declared_coverage_speaks_for_the_extent(tmp_path: Path) -> None:
    declared = {
        "theme": "construction",
        "state": "complete",
        "as_of": date(2024, 1, 1),
        "source": "the office",
    }

    handed_in(two_zones(tmp_path / "zones.geojson"), zoning(coverage=[declared]))

    coverage = Coverage.objects.get()
    assert (coverage.state, coverage.valid.lower) == ("complete", date(2024, 1, 1))
    assert town.area(coverage.geometry) == pytest.approx(20_000, abs=0.1)


def test_overlaps_are_errors_only_where_the_plan_must_tile(tmp_path: Path) -> None:
    path = two_zones(tmp_path / "zones.geojson", feature(box(50, 0, 100, 50), code="B", land_use="ODT"))

    loose = handed_in(path)
    strict = handed_in(
        path, zoning(plan__id="strict", plan__tiles_its_extent=True), repair=True, leave_out_refused=True
    )

    assert loose.result == UploadResult.OK
    assert strict.result == UploadResult.BLOCKED
    assert {one.level for one in strict.findings.filter(code="IMP-C01")} == {"error"}


def test_a_boundary_layer_becomes_the_extent_and_is_held_against_the_zones(tmp_path: Path) -> None:
    path = package(
        tmp_path / "plan.gpkg",
        ranh=(box(0, 0, 100, 200), {"code": "A"}),
        zones=(box(0, 0, 100), {"land_use": "ODT"}),
    )
    layers = [
        {"match": "ranh", "target": "boundary"},
        {"match": "zones", "target": "zones", "code_list": "town", "fields": {"land_use": "land_use"}},
    ]

    upload = handed_in(path, zoning(layers=layers))

    assert town.area(Edition.objects.get().extent) == pytest.approx(20_000, abs=0.1)
    gap = upload.findings.get(code="IMP-C04")
    assert (gap.level, gap.facts["area"]) == ("warning", pytest.approx(10_000, abs=0.1))


def test_parcels_get_codes_suffixes_and_aliases(tmp_path: Path) -> None:
    town.unit("00070")
    rows = [
        feature(box(0, 0, 10), xa="70", to="12", thua="5", dt="99,5", cu="3/17; 4/2"),
        feature(box(10, 0, 10), xa="00070", to="12", thua="5", dt="", cu=""),
        feature(box(20, 0, 10), xa="2004-00070", to="12", thua="6", dt="100", cu=""),
    ]
    fields = {"unit": "xa", "sheet": "to", "number": "thua", "registry_area": "dt", "aliases": "cu"}
    layer = {
        "target": "parcels",
        "unit_list": "2004",
        "metric_crs": town.METRIC.code,
        "fields": fields,
        "constants": {"valid_from": "2005-03-01"},
    }

    upload = handed_in(
        geojson(tmp_path / "thửa.geojson", *rows),
        parse_plan_file({"source": {"licence": "x", "survey_scale": 500}, "layers": [layer]}),
    )

    parcels = {parcel.code: parcel for parcel in Parcel.objects.all()}
    assert set(parcels) == {"2004-00070-12-5", "2004-00070-12-5-b", "2004-00070-12-6"}
    first = parcels["2004-00070-12-5"]
    assert (str(first.registry_area), first.metric_crs, first.survey_scale) == ("99.500", "EPSG:5897", 500)
    assert (first.valid.lower, first.known, first.survey_crs) == (date(2005, 3, 1), None, "EPSG:4326")
    assert {(one.sheet, one.number, one.value) for one in ParcelAlias.objects.all()} == {
        ("3", "17", "3/17"),
        ("4", "2", "4/2"),
    }
    assert upload.edition is None
    assert upload.findings.get(code="IMP-A06").level == "warning"


def test_a_parcel_of_an_unknown_unit_is_an_error(tmp_path: Path) -> None:
    path = geojson(tmp_path / "p.geojson", feature(box(0, 0, 10), unit="9999-1", sheet="1", number="1"))

    upload = handed_in(path, parse_plan_file({"layers": [{"target": "parcels"}]}))

    assert upload.result == UploadResult.BLOCKED
    assert upload.findings.filter(code="IMP-A07", level="error").exists()


def test_coverage_layers_are_staged(tmp_path: Path) -> None:
    rows = [
        feature(box(0, 0, 10), theme="lines", state="none_exists", as_of="31/12/2023", source="sổ"),
        feature(
            box(0, 0, 10), theme="construction", state="withheld", as_of="2024-01-01", plan_kind="zoning"
        ),
    ]

    handed_in(
        geojson(tmp_path / "coverage.geojson", *rows), parse_plan_file({"layers": [{"target": "coverage"}]})
    )

    found = {(one.theme_id, one.state, one.plan_kind, one.as_of) for one in Coverage.objects.all()}
    assert found == {
        ("lines", "none_exists", "", date(2023, 12, 31)),
        ("construction", "withheld", "zoning", date(2024, 1, 1)),
    }


@pytest.mark.parametrize("last", ["2024-01-01", "2023-06-30"])
def test_a_declaration_that_ends_before_it_begins_is_an_error(tmp_path: Path, last: str) -> None:
    row = feature(
        box(0, 0, 10),
        theme="lines",
        state="complete",
        as_of="2024-06-01",
        valid_from="2024-01-01",
        valid_to=last,
    )

    upload = handed_in(
        geojson(tmp_path / "coverage.geojson", row), parse_plan_file({"layers": [{"target": "coverage"}]})
    )

    found = upload.findings.get(code="IMP-A05")
    assert (found.level, found.row, found.field, found.value) == ("error", 1, "valid_to", last)
    assert not Coverage.objects.exists()


@pytest.mark.parametrize("last", [date(2024, 1, 1), date(2023, 6, 30)])
def test_a_declaration_of_a_plan_file_that_ends_before_it_begins_is_named(last: date) -> None:
    declared = {
        "theme": "lines",
        "state": "complete",
        "as_of": date(2024, 6, 1),
        "valid_from": date(2024, 1, 1),
        "valid_to": last,
        "source": "the office",
    }

    with pytest.raises(BadParameter) as refused:
        zoning(coverage=[declared])

    assert (refused.value.name, refused.value.value) == ("coverage[0].valid_to", last.isoformat())


def test_a_package_of_circular_16_finds_its_own_way(tmp_path: Path) -> None:
    codes = LandUseList.objects.create(code="vn-2024", title="Loại đất")
    LandUse.objects.create(code_list=codes, code="ODT", name_vi="Đất ở tại đô thị")
    edition = town.edition(town.plan())
    path = package(
        tmp_path / "QuyHoach.gpkg",
        RanhGioiQuyHoach_A=(box(0, 0, 100), {"tenDoAn": "Khu A"}),
        chucnangsudungdat_a=(
            box(0, 0, 100),
            {
                "chucNangSuDungDatMuc3": "",
                "chucNangSuDungDatMuc2": "Đất ở tại đô thị",
                "kyHieuLoDat": "OM-1",
                "tangCaoXayDung": "3-5",
            },
        ),
        ChiGioiDuongDo_L=(placed(shapely.LineString([(0, 0), (100, 0)])), {"maDoiTuong": "DD-1"}),
        CongTrinh_A=(box(0, 0, 10), {"maDoiTuong": "CT-1"}),
    )

    upload = handed_in(path, parse_plan_file({}), edition=edition)

    zone = Zone.objects.get()
    assert upload.result == UploadResult.OK
    assert (zone.code, zone.land_use.code, zone.land_use_text) == ("OM-1", "ODT", "Đất ở tại đô thị")
    assert (zone.indicators["storeys"]["min"], zone.indicators["storeys"]["max"]) == (3, 5)
    assert Restriction.objects.get().kind == "red_line"
    assert Edition.objects.get().extent is not None
    assert upload.findings.get(code="IMP-F07").layer == "CongTrinh_A"


def test_layers_in_different_systems_are_not_taken_together(tmp_path: Path) -> None:
    path = package(tmp_path / "mixed.gpkg", one=(box(0, 0, 10), {"a": "x"}))
    moved = shapely.transform(box(0, 0, 10), lambda pairs: pairs * 0 + (587_000, 2_325_000))
    metric = shapely.buffer(shapely.Point(*shapely.get_coordinates(moved)[0]), 10)
    package(path, crs=town.METRIC.code, two=(metric, {"a": "x"}))

    found = check_file(path)

    assert found.result == UploadResult.BLOCKED
    assert [one.facts["systems"] for one in found.findings if one.code == "S06"] == ["EPSG:4326, EPSG:5897"]


def package(path: Path, *, crs: str = "EPSG:4326", **layers) -> Path:
    """A GeoPackage with one row in each layer."""
    for name, (shape, cells) in layers.items():
        pyogrio.raw.write(
            path,
            geometry=np.array([shape.wkb], dtype=object),
            field_data=[np.array([value], dtype=object) for value in cells.values()],
            fields=list(cells),
            layer=name,
            driver="GPKG",
            geometry_type=shape.geom_type,
            crs=crs,
            append=path.exists(),
        )
    return path


def test_a_parcel_drawn_larger_than_registered_is_a_warning(tmp_path: Path) -> None:
    town.unit("00070")
    rows = [
        feature(box(0, 0, 10), unit="2004-00070", sheet="1", number="1", registry_area=101),
        feature(box(10, 0, 10), unit="2004-00070", sheet="1", number="2", registry_area="80,0"),
    ]

    upload = handed_in(
        geojson(tmp_path / "parcels.geojson", *rows), parse_plan_file({"layers": [{"target": "parcels"}]})
    )

    finding = upload.findings.get(code="IMP-A08")
    assert (finding.row, finding.level, finding.facts["stated"]) == (2, "warning", 80.0)


def test_circular_16_layers_need_no_mapping(tmp_path: Path) -> None:
    edition = town.edition(town.plan())
    lines = geojson(
        tmp_path / "CHIGIOIXAYDUNG_L.geojson",
        feature(placed(shapely.LineString([(0, 0), (10, 0)])), maDoiTuong="X1", khoangLuiXayDung="3 m"),
    )

    handed_in(lines, parse_plan_file({}), edition=edition)

    restriction = Restriction.objects.get()
    assert (restriction.kind, restriction.code) == ("building_line", "X1")
    assert restriction.indicators["setback"]["max"] == 3


def test_a_name_that_promises_lines_and_holds_areas_is_an_error(tmp_path: Path) -> None:
    path = geojson(tmp_path / "ChucNangSuDungDat_A.geojson", feature(placed(shapely.Point(0, 0))))

    found = check_file(path)

    assert {"P03", "G03"} <= {one.code for one in found.findings}


def test_the_same_file_again_is_refused_and_says_when(tmp_path: Path) -> None:
    path = two_zones(tmp_path / "zones.geojson")
    first = handed_in(path)

    with pytest.raises(UnreadableFile) as refused:
        handed_in(path)

    assert (refused.value.code, refused.value.facts["upload"]) == ("F10", first.pk)


def test_a_blocked_file_may_come_again_with_repairs(tmp_path: Path) -> None:
    path = two_zones(tmp_path / "zones.geojson", feature(PINCHED, code="B", land_use="ODT"))
    assert handed_in(path).result == UploadResult.BLOCKED

    assert handed_in(path, repair=True).result == UploadResult.OK


def test_an_unreadable_file_leaves_an_upload_that_failed(tmp_path: Path) -> None:
    path = tmp_path / "zones.geojson"
    path.write_bytes(b"\x89PNG....")

    upload = handed_in(path)

    assert (upload.state, upload.result) == (UploadState.FAILED, UploadResult.REFUSED)
    assert Finding.objects.get().code == "IMP-F02"
    assert not Plan.objects.exists()


def test_nothing_is_left_when_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args, **_named) -> None:
        raise IntegrityError("disk full")

    monkeypatch.setattr(staging, "_copy", full)
    with pytest.raises(IntegrityError):
        handed_in(two_zones(tmp_path / "zones.geojson"))

    assert not LayerUpload.objects.exists()
    assert not Edition.objects.exists()
    assert not any(default_storage.listdir(folder)[1] for folder in _folders("uploads"))


def _folders(top: str) -> list[str]:
    below = [f"{top}/{name}" for name in default_storage.listdir(top)[0]]
    return [top, *(folder for one in below for folder in _folders(one))]


def test_only_members_of_the_plans_office_hand_in(tmp_path: Path) -> None:
    path = two_zones(tmp_path / "zones.geojson")

    with pytest.raises(Forbidden):
        handed_in(path, by=town.outsider())
    with pytest.raises(Forbidden):
        handed_in(path, office=town.office("elsewhere"), by=town.outsider())


def test_a_public_edition_takes_nothing_more(tmp_path: Path) -> None:
    handed_in(two_zones(tmp_path / "zones.geojson"))
    town.publish()

    with pytest.raises(Refused) as refused:
        handed_in(geojson(tmp_path / "more.geojson", feature(box(0, 300, 10), code="C", land_use="ODT")))

    assert refused.value.reason is Reason.WRONG_STATE


def test_a_plan_file_that_names_an_unknown_territory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        handed_in(two_zones(tmp_path / "zones.geojson"), zoning(plan__territory="nowhere"))


def test_zones_without_an_edition_are_blocked(tmp_path: Path) -> None:
    upload = handed_in(two_zones(tmp_path / "zones.geojson"), parse_plan_file({}), target=Target.ZONES)

    assert upload.result == UploadResult.BLOCKED
    assert "P01/no_target" in {one.facts.get("says") for one in upload.findings.all()}


def test_a_layer_far_from_the_territory_is_an_error_and_one_row_a_warning(tmp_path: Path) -> None:
    far = geojson(tmp_path / "far.geojson", feature(box(400_000, 0, 100), code="A", land_use="ODT"))
    row = two_zones(tmp_path / "row.geojson", feature(box(30_000, 0, 10), code="B", land_use="ODT"))

    assert handed_in(far).findings.get(code="IMP-S03").level == "error"
    assert handed_in(row).findings.get(code="IMP-S03").level == "warning"


def test_latitude_first_is_asked_about_where_only_the_other_order_fits(tmp_path: Path) -> None:
    turned = shapely.transform(box(0, 0, 100), lambda pairs: pairs[:, ::-1])

    upload = handed_in(geojson(tmp_path / "t.geojson", feature(turned, code="A", land_use="ODT")))

    assert upload.result == UploadResult.NEEDS_ANSWER
    assert upload.findings.filter(code="IMP-S04", level="question").exists()


def test_stored_coordinates_of_clean_rows_are_those_of_the_file(tmp_path: Path) -> None:
    shape = box(0, 0, 100)
    handed_in(geojson(tmp_path / "zones.geojson", feature(shape, code="A", land_use="ODT")))

    stored = shapely.from_wkb(bytes(Zone.objects.get().geometry.wkb))
    assert shapely.equals_identical(shapely.normalize(stored.geoms[0]), shapely.normalize(shape))


def test_all_stored_shapes_are_valid_for_the_database(tmp_path: Path) -> None:
    path = two_zones(tmp_path / "zones.geojson", feature(PINCHED, code="B", land_use="ODT"))
    handed_in(path, repair=True)

    with connection.cursor() as cursor:
        cursor.execute("SELECT bool_and(ST_IsValid(geometry)) FROM planning_zone")
        assert cursor.fetchone() == (True,)
