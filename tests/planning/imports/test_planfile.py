"""The plan file: read into frozen values, every slip named by its place."""

from datetime import date
from pathlib import Path

import pytest

from planning.errors import BadParameter, Reason
from planning.imports.planfile import Target, parse_plan_file, read_plan_file
from tests.planning.imports.drawn import FIXTURES, zoning


def refusal(**changes) -> BadParameter:
    with pytest.raises(BadParameter) as refused:
        zoning(**changes)
    return refused.value


def test_the_fixture_of_a_real_plan_is_read() -> None:
    found = read_plan_file(FIXTURES / "chicago" / "plan.toml")

    assert found.plan is not None
    assert found.edition is not None
    assert (found.plan.kind, found.edition.number, found.layers[0].target) == (
        "ordinance",
        1,
        Target.ZONES,
    )
    assert found.events[1].effective_from == date(2004, 11, 1)


def test_an_event_works_from_its_own_day_unless_told() -> None:
    assert zoning().events[0].effective_from == date(2018, 1, 1)


@pytest.mark.parametrize(
    ("changes", "name", "reason"),
    [
        ({"plan__extend": [1, 2, 3, 4]}, "plan.extend", Reason.UNKNOWN_PARAMETER),
        ({"plan__title": 5}, "plan.title", Reason.NOT_A_CHOICE),
        ({"edition__extent": [1, 2, 3]}, "edition.extent", Reason.NOT_A_NUMBER),
        ({"edition__extent": [106, 20, 105, 21]}, "edition.extent", Reason.OUT_OF_RANGE),
        ({"plan__scale": -5}, "plan.scale", Reason.OUT_OF_RANGE),
        ({"plan__accuracy_m": float("nan")}, "plan.accuracy_m", Reason.OUT_OF_RANGE),
        ({"plan__accuracy_m": float("inf")}, "plan.accuracy_m", Reason.OUT_OF_RANGE),
        ({"plan__accuracy_m": -1}, "plan.accuracy_m", Reason.OUT_OF_RANGE),
        ({"plan__accuracy_m": 0}, "plan.accuracy_m", Reason.OUT_OF_RANGE),
        ({"plan__accuracy_m": 1e9}, "plan.accuracy_m", Reason.OUT_OF_RANGE),
        ({"plan__accuracy_m": 10**400}, "plan.accuracy_m", Reason.OUT_OF_RANGE),
        ({"plan__scale": 1_000_000_000}, "plan.scale", Reason.OUT_OF_RANGE),
        ({"source__accuracy_m": float("nan")}, "source.accuracy_m", Reason.OUT_OF_RANGE),
        ({"source__survey_scale": 2**40}, "source.survey_scale", Reason.OUT_OF_RANGE),
        ({"edition__number": 99_999_999}, "edition.number", Reason.OUT_OF_RANGE),
        ({"edition__extent": [float("nan"), 20, 106, 21]}, "edition.extent", Reason.OUT_OF_RANGE),
        ({"plan__id": "../x y"}, "plan.id", Reason.BAD_CHARACTERS),
        ({"plan__title": "x" * 301}, "plan.title", Reason.TOO_LONG),
        ({"plan__title": "a\x00b"}, "plan.title", Reason.BAD_CHARACTERS),
        (
            {"territory": {"code": "b", "name": "B", "metric_crs": "x", "extent": [1, 2, 3, 4]}},
            "territory.code",
            Reason.CONTRADICTS,
        ),
        ({"plan__tiles_its_extent": 1}, "plan.tiles_its_extent", Reason.NOT_A_CHOICE),
        ({"layers": [{"target": "roads"}]}, "layers[0].target", Reason.NOT_A_CHOICE),
        ({"layers": [{}]}, "layers[0].target", Reason.REQUIRED),
        ({"events": [{"kind": "in_force"}]}, "events[0].on", Reason.REQUIRED),
        ({"documents": []}, "events.in_force.document", Reason.NOT_A_CHOICE),
    ],
)
def test_a_slip_is_named_by_its_place(changes: dict, name: str, reason: Reason) -> None:
    refused = refusal(**changes)

    assert (refused.name, refused.reason) == (name, reason)


def test_a_plan_needs_an_edition() -> None:
    plan = dict.fromkeys(("id", "kind", "title", "territory", "office", "metric_crs", "licence"), "x")
    with pytest.raises(BadParameter) as refused:
        parse_plan_file({"plan": plan})

    assert refused.value.name == "edition"


def test_a_file_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    for content in (b"a = ", b"a = '\xff'"):
        path.write_bytes(content)
        with pytest.raises(BadParameter):
            read_plan_file(path)


def test_layers_match_without_case_and_by_pattern() -> None:
    found = parse_plan_file({"layers": [{"match": "QH_*", "target": "zones"}, {"target": "boundary"}]})

    assert found.layer("qh_dat").target is Target.ZONES
    assert found.layer("ranh").target is Target.BOUNDARY
