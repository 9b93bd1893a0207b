"""Layers whose zones lie on one another: all pairs are looked at where a plan can mean them, and no more."""

import resource
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from planning.crs import CRS
from planning.errors import UnreadableFile
from planning.imports import check_file, reading, shared_land
from planning.imports.coverage_checks import Zones, check_coverage
from planning.imports.findings import Finding
from planning.imports.limits import Limits
from planning.imports.planfile import Target
from planning.models import Level
from tests import town
from tests.planning.imports.drawn import FIXTURES, box, feature, geojson

METRIC: CRS = town.METRIC


def fitted(shapes: list[Any], *, must_tile: bool = False) -> list[Finding]:
    geometries = np.array(shapes, dtype=object)
    zones = Zones(
        layer="zones",
        rows=np.arange(1, len(shapes) + 1),
        geometries=geometries,
        metric=METRIC,
        are_alike=lambda _one, _other: False,
    )
    return check_coverage(zones, shapely.union_all(geometries), must_tile=must_tile, boundary=None)


def squares(count: int, *, apart: float) -> list[Any]:
    east, north = 585_000, 2_324_000
    return [
        shapely.box(east + apart * n, north, east + apart * n + 100, north + 100 + n / 1000)
        for n in range(count)
    ]


@pytest.mark.parametrize(("must_tile", "level"), [(False, Level.WARNING), (True, Level.ERROR)])
def test_a_heap_of_zones_ends_in_one_finding_that_says_so(must_tile: bool, level: Level) -> None:
    found = fitted(squares(300, apart=0.01), must_tile=must_tile)

    (end,) = (finding for finding in found if finding.says == "C01/many")
    assert (end.code, end.level, end.row) == ("C01", level, None)
    assert end.facts == {"count": 20_000}
    assert sum(finding.code == "C01" for finding in found) == 20_001


def test_a_heap_of_zones_takes_little_memory(tmp_path: Path) -> None:
    heap = [feature(box(n / 1000, 0, 100), code=str(n), land_use="ODT") for n in range(1_500)]
    path = geojson(tmp_path / "heap.geojson", *heap)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    report = check_file(path, target=Target.ZONES)

    assert "C01/many" in {finding.says for finding in report.findings}
    # the 1.1 million common parts together took more than a gigabyte
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000


def test_overlaps_are_the_same_however_they_are_divided(monkeypatch: pytest.MonkeyPatch) -> None:
    shapes = squares(120, apart=30)
    whole = fitted(shapes)
    monkeypatch.setattr(shared_land, "_CANDIDATES", 1)
    monkeypatch.setattr(shared_land, "_VERTICES", 40)

    divided = fitted(shapes)

    assert [one for one in whole if one.code == "C01"] == [one for one in divided if one.code == "C01"]
    assert sum(one.code == "C01" for one in whole) == 3 * 120 - 6


def test_what_the_reader_hands_over_is_weighed_before_it_is_parsed(tmp_path: Path) -> None:
    handed = tmp_path / "0.columns.json"
    handed.write_text("[" + "1," * 1_000 + "1]")

    assert len(reading._handed_over(handed, Limits(parsed_bytes=10_000))) == 1_001
    with pytest.raises(UnreadableFile) as refused:
        reading._handed_over(handed, Limits(parsed_bytes=1_000))

    assert refused.value.facts["says"] == "F05/memory"


@pytest.mark.parametrize("name", ["plain.gpkg", "plain.geojson"])
def test_a_layer_with_too_much_text_is_refused_before_it_is_parsed(name: str) -> None:
    report = check_file(FIXTURES / "layers" / name, target=Target.ZONES, limits=Limits(parsed_bytes=10))

    assert [finding.says for finding in report.findings] == ["F05/memory"]
