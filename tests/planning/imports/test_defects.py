"""Each small layer of fixtures/layers is there for one rule, and that rule finds it; nothing is written."""

import csv

import pytest
from django.utils import translation

from planning.imports import check_file
from planning.imports.findings import PREFIX
from planning.imports.findings_text import WORDS
from planning.imports.planfile import Target
from planning.imports.report import FileReport
from planning.models import UploadResult
from tests.planning.imports.drawn import FIXTURES

LAYERS = FIXTURES / "layers"
with (LAYERS / "expected.csv").open(encoding="utf-8", newline="") as lines:
    EXPECTED = [tuple(row) for row in csv.reader(lines)][1:]
RESULTS = {"fatal": "refused", "error": "blocked", "question": "needs_answer"}


def report(name: str) -> FileReport:
    return check_file(LAYERS / name, target=Target.ZONES)


@pytest.mark.parametrize(("name", "code", "level"), EXPECTED)
def test_the_rule_finds_its_defect(name: str, code: str, level: str) -> None:
    found = report(name)

    assert found.result == RESULTS.get(level, "ok")
    if code:
        assert (code, level) in {(one.rule, one.level.value) for one in found.findings}
    for layer in found.layers:
        assert layer.clean + layer.repaired + layer.refused == layer.rows


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_finding_has_a_sentence(language: str) -> None:
    with translation.override(language):
        for name in ("truncated.geojson", "bow-tie.geojson", "no-crs.zip"):
            for finding in report(name).to_json()["findings"]:
                assert finding["message"]
                assert "%(" not in finding["message"]


def test_every_expected_rule_has_words() -> None:
    assert {code.removeprefix(PREFIX) for _, code, _ in EXPECTED if code} <= set(WORDS)


def test_the_place_of_a_crossing_is_where_it_crosses() -> None:
    (finding,) = [one for one in report("bow-tie.geojson").findings if one.code == "G05"]

    assert finding.place == pytest.approx((105.8005, 21.0015), abs=1e-7)


def test_the_same_square_measures_the_same_in_every_format() -> None:
    layers = [report(f"plain.{suffix}").layers[0] for suffix in ("gpkg", "fgb", "zip")]

    assert {(layer.crs, layer.rows, layer.clean) for layer in layers} == {("EPSG:5897", 2, 2)}


def test_a_layer_in_a_sub_folder_of_an_archive_keeps_its_own_name() -> None:
    assert report("plain.zip").layers[0].name == "Lô đất"


def test_a_file_that_is_not_there_is_a_finding() -> None:
    found = report("no-such-file.gpkg")

    assert (found.result, found.findings[0].says) == (UploadResult.REFUSED, "F01/not_found")


def test_checking_twice_gives_the_same_findings() -> None:
    assert report("overlap.geojson").findings == report("overlap.geojson").findings
