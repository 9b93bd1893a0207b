"""OGC's abstract test suite of CQL2 over its own dataset: every row that we have, in text and in JSON.

The rows that `script/cql2-suite` is given by others need not be these.
"""

import json
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from pytest_django.plugin import DjangoDbBlocker

from planning.ogcapi import urls
from planning.ogcapi.cql2 import encoded, text
from tests.cql2_suite import dataset, general, judging, rows
from tests.cql2_suite.asking import Get

DATA = Path(__file__).resolve().parents[3] / "fixtures" / "cql2"
PLACES = "ne_110m_populated_places_simple"
GPKG = DATA / "ne110m4cql2.gpkg"
ROWS = rows.corrected(rows.predicates(DATA / "predicates.csv"), GPKG)
LAYERS = dataset.layers_of(GPKG)
EXAMPLES = json.loads((DATA / "examples.json").read_text(encoding="utf-8"))
CLASSES = {
    "basic-cql2",
    "advanced-comparison-operators",
    "case-insensitive-comparison",
    "accent-insensitive-comparison",
    "basic-spatial-functions",
    "basic-spatial-functions-plus",
    "spatial-functions",
    "temporal-functions",
    "property-property",
    "arithmetic",
}


@pytest.fixture(scope="module")
def _tables(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The dataset in tables, for as long as this file is run."""
    with django_db_blocker.unblock():
        dataset.make_tables(LAYERS)
        yield
        dataset.drop_tables(LAYERS)


@pytest.fixture
def get(_tables: None, db: None, client: Client, settings: Settings) -> Get:
    """Ask a server of the dataset."""
    settings.ROOT_URLCONF = tuple(urls.mounted("ogc", dataset.catalogue(LAYERS)))

    def get(address: str) -> tuple[int, bytes]:
        response = client.get(address)
        return response.status_code, response.getvalue()

    return get


def failures(verdicts: Iterator[judging.Verdict]) -> list[judging.Verdict]:
    """What is wrong, to be shown by the assertion."""
    return [verdict for verdict in verdicts if not verdict.is_right]


def of_class(name: str) -> list[rows.Row]:
    """The rows of one conformance class; there is at least one."""
    found = [row for row in ROWS if row.group == name]
    assert found
    return found


def test_every_class_of_the_table_is_asked() -> None:
    assert {row.group for row in ROWS} == CLASSES
    assert len(ROWS) == 190


def test_errata_speak_of_three_rows_and_of_this_dataset_alone() -> None:
    assert [row.expected for row in ROWS if row.erratum] == [3, 1, 1]
    table = rows.predicates(DATA / "predicates.csv")
    assert rows.corrected(table, DATA / "README.md") == table


@pytest.mark.conforms("cql2/1.0/conf/cql2-text")
@pytest.mark.conforms("cql2/1.0/conf/cql2-json")
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.conforms(f"cql2/1.0/conf/{name}"), id=name)
        for name in sorted(CLASSES)
    ],
)
def test_predicates_have_as_many_features_as_the_standard_says(get: Get, name: str) -> None:
    assert failures(judging.judged(get, of_class(name))) == []


@pytest.mark.conforms("cql2/1.0/conf/basic-cql2")
def test_combinations_have_as_many_features_as_the_standard_says(get: Get) -> None:
    combined = rows.combinations(DATA / "combinations.csv", PLACES)
    assert len(combined) == 49
    assert failures(judging.judged(get, combined)) == []


@pytest.mark.conforms("cql2/1.0/conf/basic-cql2")
@pytest.mark.conforms("cql2/1.0/conf/property-property")
def test_what_must_hold_on_any_data_holds_here(get: Get) -> None:
    verdicts = list(general.judged_in_general(get, LAYERS))
    assert len(verdicts) > 400
    assert failures(iter(verdicts)) == []


@pytest.mark.conforms("cql2/1.0/conf/basic-spatial-functions")
@pytest.mark.parametrize(
    "place", ["POINT(90 180)", "MULTIPOINT(7.02 49.92,90 180)", "POLYGON((0 0,190 0,190 10,0 10,0 0))"]
)
def test_places_outside_the_earth_are_refused(get: Get, place: str) -> None:
    row = rows.Row("refused", PLACES, f"S_INTERSECTS(geom,{place})", None)
    assert failures(judging.judged(get, [row])) == []


def test_a_wrong_count_and_a_wrong_refusal_are_found(get: Get) -> None:
    wrong = [
        rows.Row("", PLACES, "name='København'", 2),
        rows.Row("", PLACES, "name='København'", None),
        rows.Row("", PLACES, "no_such_property=1", 1),
    ]
    found = failures(judging.judged(get, wrong))
    assert len(found) == 2 * len(wrong)
    assert found[0].got == "numberMatched 1, 1 features"
    assert found[-1].got.startswith(str(HTTPStatus.BAD_REQUEST.value))


def as_compared(tree: Any) -> Any:
    """A tree with its numbers as doubles and its instants without zeros behind the point."""
    match tree:
        case dict():
            return {name: as_compared(part) for name, part in tree.items()}
        case list():
            return [as_compared(part) for part in tree]
        case int() | float() if not isinstance(tree, bool):
            return float(tree)
        case str():
            return tree.replace(".000000Z", "Z")
    return tree


@pytest.mark.conforms("cql2/1.0/conf/cql2-text")
@pytest.mark.conforms("cql2/1.0/conf/cql2-json")
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one["name"])
def test_examples_of_the_standard_are_read_alike_in_text_and_in_json(example: dict[str, Any]) -> None:
    tree = text.parse(example["text"])

    if "json" in example:
        given = encoded.parse(json.dumps(example["json"]))
        assert as_compared(tree) == as_compared(given)


def test_no_example_of_the_standard_is_left_out() -> None:
    assert (len(EXAMPLES), sum("json" in one for one in EXAMPLES)) == (120, 109)


@pytest.mark.parametrize(
    "predicate",
    [
        "S_EQUALS(geom,LINESTRING(-124.83563045947423 56.75692352968272,-121.36078609264303 55.80004))",
        "name = '-124.83563045947423' AND pop_other > -124.83563045947423",
    ],
)
def test_numbers_are_asked_in_json_as_they_are_written_in_text(predicate: str) -> None:
    assert as_compared(json.loads(judging.in_json(predicate) or "")) == as_compared(text.parse(predicate))


def test_tables_of_a_spreadsheet_are_read(tmp_path: Path) -> None:
    table = tmp_path / "rows.csv"
    lines = ["Expected, Predicate ,note,LAYER", "3.0,name='a',,places", "error,name=1,,places", ""]
    table.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(lines).encode())

    assert rows.predicates(table) == [
        rows.Row("predicates", "places", "name='a'", 3),
        rows.Row("predicates", "places", "name=1", None),
    ]
