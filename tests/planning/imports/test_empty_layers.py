"""A layer without rows is always told of, and stops the import where the plan file names it (rule F08)."""

from pathlib import Path

import pytest

from planning.imports import check_file
from planning.imports.planfile import Target
from tests import town
from tests.planning.imports.drawn import geojson, zoning


def found(path: Path, **options: object) -> tuple[str, dict[str, str]]:
    report = check_file(path, **options)  # type: ignore[arg-type]
    assert all(one.to_json() for one in [report])
    return report.result, {one.says or one.code: one.level.value for one in report.findings}


def test_an_empty_layer_that_nobody_named_is_a_warning(tmp_path: Path) -> None:
    result, findings = found(geojson(tmp_path / "zones.geojson"), target=Target.ZONES)

    assert (result, findings["F08"]) == ("ok", "warning")


@pytest.mark.django_db
@pytest.mark.parametrize(("match", "rule"), [("zones", "F08/required"), ("zone*", "F08")])
def test_an_empty_layer_that_the_plan_file_names_is_an_error(tmp_path: Path, match: str, rule: str) -> None:
    town.territory()
    section = {
        "match": match,
        "target": "zones",
        "code_list": "town",
        "fields": {"code": "code", "land_use": "land_use"},
    }

    _, findings = found(geojson(tmp_path / "zones.geojson"), plan_file=zoning(layers=[section]))

    assert findings[rule] == ("error" if rule == "F08/required" else "warning")
