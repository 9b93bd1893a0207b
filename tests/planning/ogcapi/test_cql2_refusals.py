"""What a filter cannot ask: always one clear refusal, never a crash, a stall or another's data."""

import json
import subprocess
import sys
import time
from typing import Any

import pytest
from django.utils import translation

from planning import crs
from planning.errors import BadParameter, Reason
from planning.ogcapi import cql2, problems
from planning.ogcapi.cql2.reading import Reader
from tests.planning.ogcapi.cql2_rows import COLLECTION, Place

REASONS = {
    Reason.FILTER_SYNTAX: [
        "",
        "name =",
        "name = 'x",
        "= 1",
        "name IN ()",
        "name == 1",
        "(name = 'x'",
        "name = 'x')",
        "a = b = c",
        "name LIKE 'x\\'",
        "name = NULL",
        "name IS 1",
        "BBOX(1,2,3)",
        "S_INTERSECTS(geometry, BBOX(1,2,3))",
        "S_INTERSECTS(geometry)",
        "DATE(day) = day",
        "POINT(1) = 1",
        "name = .",
        "S_INTERSECTS(geometry,POINT())",
        "people IS NULL IS NULL",
        "day = DATE('2020-01-01', 1)",
        "name \x00",
        "name = 'x'; DROP TABLE x",
    ],
    Reason.UNKNOWN_PROPERTY: [
        "owner__password = 'x'",
        "unasked = 'x'",
        "NAME = 'x'",
        "shape IS NULL",
        "is_open = true",
        "pk = 1",
        "name = pg_user",
        '"name; --" = 1',
        "name__startswith = 'x'",
        "day.year = 2020",
    ],
    Reason.UNKNOWN_FUNCTION: [
        "pg_sleep(10) = 1",
        "pg_read_file('/etc/passwd') = 'x'",
        "query_to_xml('select 1') = 'x'",
        "T_FOO(day, day)",
        "S_DWITHIN(geometry, POINT(1 2), 1)",
        "A_CONTAINS(name, ('x','y'))",
        "A_EQUALS(name, ['x'])",
        "avg(people) = 1",
    ],
    Reason.WRONG_TYPE: [
        "people = 'x'",
        "name > 5",
        "name LIKE 5",
        "name LIKE other",
        "people LIKE '1%'",
        "geometry = geometry",
        "people",
        "'x'",
        "1",
        "NOT people",
        "name AND true",
        "people + name = 1",
        "day = 'yesterday'",
        "day = DATE('2024-13-45')",
        "moment = TIMESTAMP('garbage')",
        "day = DATE('0000-01-01')",
        "T_DURING(day, INTERVAL('2020-01-01','2021-01-01'))",
        "T_AFTER(name, DATE('2020-01-01'))",
        "T_AFTER(day, INTERVAL('2021-01-01','2020-01-01'))",
        "T_AFTER(day, INTERVAL(day, moment))",
        "people = 99999999999999999999",
        "people = 1e400",
        "people = 9007199254740993",
        "people = 10 ^ 400",
        "S_INTERSECTS(geometry, POINT(90 180))",
        "S_INTERSECTS(geometry, MULTIPOINT(7.02 49.92, 90 180))",
        "S_INTERSECTS(geometry, POLYGON((0 0,1 1,0 1,1 0,0 0)))",
        "S_INTERSECTS(geometry, POLYGON EMPTY)",
        "S_INTERSECTS(geometry, POLYGON((0 0,1 1,0 1,1 0)))",
        "S_INTERSECTS(geometry, BBOX(0,5,1,4))",
        "S_WITHIN(geometry, GEOMETRYCOLLECTION(POINT(5 5), LINESTRING(20 1, 30 1)))",
        "name IN ('x', 1)",
        "S_INTERSECTS(geometry, 'x')",
        "lower(people) = 'x'",
        "name = 'x' -- c",
        "(1,2) = name",
        "CASEI(people) = 'x'",
        "people BETWEEN 'a' AND 'b'",
        "S_INTERSECTS(geometry, LINESTRING(1 1))",
    ],
    Reason.FILTER_TOO_LARGE: [
        "name = '" + "x" * 8_200 + "'",
        "people IN (" + ",".join("1" * 1_001) + ")",
        " AND ".join(["open"] * 1_600) + " AND " + "true" * 200,
    ],
    Reason.FILTER_TOO_DEEP: [
        "(" * 65 + "open" + ")" * 65,
        "NOT " * 65 + "open",
        "people = " + "-" * 65 + "people",
        "people = " + "abs(" * 65 + "1" + ")" * 65,
        "people = 1" + "+people" * 70,
        "S_INTERSECTS(geometry, " + "GEOMETRYCOLLECTION(" * 80 + "POINT(1 2)" + ")" * 81,
        "people = 2" + " ^ 2" * 80,
    ],
    Reason.BAD_CHARACTERS: ["name = 'a\x00b'", "name = 'a\ud800b'"],
}
CASES = [(reason, text) for reason, texts in REASONS.items() for text in texts]


def refusal(text: str, language: str = "cql2-text") -> BadParameter:
    with pytest.raises(BadParameter) as caught:
        cql2.condition(text, language=language, collection=COLLECTION, geometry_crs=crs.CRS84)
    return caught.value


@pytest.mark.conforms("cql2/1.0/conf/cql2-text")
@pytest.mark.parametrize(("reason", "text"), CASES, ids=[text[:40] for _reason, text in CASES])
def test_each_fault_has_its_reason_and_a_sentence_in_both_languages(reason: Reason, text: str) -> None:
    error = refusal(text)

    assert (error.name, error.reason) == ("filter", reason)
    for language in ("vi", "en"):
        with translation.override(language):
            assert "…" not in problems.sentence(error)


@pytest.mark.conforms("cql2/1.0/conf/cql2-json")
@pytest.mark.parametrize(
    "tree",
    [
        None,
        1,
        "x",
        [],
        {},
        {"op": 1},
        {"op": "=", "args": 1},
        {"op": "=", "args": [1]},
        {"op": ["="], "args": []},
        {"property": ["name"]},
        {"op": "not", "args": [None]},
        {"op": "in", "args": [{"property": "name"}, "x"]},
        {"op": "s_intersects", "args": [{"property": "geometry"}, {"type": "Polygon", "coordinates": 5}]},
        {
            "op": "s_intersects",
            "args": [{"property": "geometry"}, {"type": ["Point"], "coordinates": [1, 2]}],
        },
        {
            "op": "s_intersects",
            "args": [{"property": "geometry"}, {"type": "Point", "coordinates": [True, 2]}],
        },
        {
            "op": "s_intersects",
            "args": [{"property": "geometry"}, {"type": "Point", "coordinates": [10**400, 2]}],
        },
        {"op": "t_after", "args": [{"date": 5}, {"interval": ["..", 5]}]},
        {"interval": "x"},
        {"bbox": 5},
        {"op": "=", "args": [10**400, 1]},
        {"op": "and", "args": []},
        {"op": "pg_sleep", "args": [10]},
    ],
)
def test_json_of_another_shape_is_refused(tree: Any) -> None:
    assert refusal(json.dumps(tree), "cql2-json").name == "filter"


@pytest.mark.conforms("cql2/1.0/conf/cql2-json")
@pytest.mark.parametrize("text", ["", "{", '{"op": NaN}', "[" * 8_000, '{"a":' * 1_000, "open", "1" * 5_000])
def test_what_is_no_json_or_nested_beyond_reason_is_refused(text: str) -> None:
    assert refusal(text, "cql2-json").reason in (Reason.FILTER_SYNTAX, Reason.FILTER_TOO_DEEP)


NESTED = json.dumps({"op": "not", "args": [True]})
KILLERS = [
    "(" * 1_700 + "open" + ")" * 1_700,
    "(" * 8_000,
    "NOT " * 1_990 + "open",
    "people=" + "(" * 2_000 + "1" + ")" * 2_000,
    "-" * 8_000,
    "people=1" + "+1" * 4_000,
    "[" * 8_000,
    "people=1" + "^1" * 4_000,
    "abs(" * 2_000,
    "GEOMETRYCOLLECTION(" * 420,
    "'" + "\\" * 8_000,
    '"' * 8_000,
    "(" * 30 + "people =",
    "NOT (" * 60 + "x = POINT(1 2)",
    " " * 8_100,
    "1e" * 4_000,
    "a:" * 4_000,
    "people IN (" * 700,
    "'" * 8_001,
]


def test_no_filter_kills_or_stalls_the_process() -> None:
    began = time.perf_counter()
    program = (
        "import sys, json, django; from django.conf import settings; settings.configure(USE_I18N=False);"
        "from planning.ogcapi.cql2 import encoded, text\n"
        "from planning.errors import BadParameter\n"
        "for source in json.load(sys.stdin):\n"
        "    for parse in (text.parse, encoded.parse):\n"
        "        try: parse(source)\n"
        "        except BadParameter: pass\n"
        "print('alive')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], input=json.dumps(KILLERS), capture_output=True, text=True, timeout=30
    )

    assert done.stdout == "alive\n", done.stderr[-500:]
    assert time.perf_counter() - began < 15


@pytest.mark.parametrize("source", KILLERS)
def test_no_filter_takes_longer_than_a_blink(source: str) -> None:
    began = time.perf_counter()
    error = refusal(source)

    assert error.name == "filter"
    assert time.perf_counter() - began < 0.5


def test_the_deepest_filter_that_is_allowed_is_understood() -> None:
    text = "NOT (" * 30 + "open" + ")" * 30

    assert cql2.condition(text, language="cql2-text", collection=COLLECTION, geometry_crs=crs.CRS84)
    assert Reader(COLLECTION, crs.CRS84).condition(json.loads(NESTED))


def test_values_are_parameters_and_never_part_of_the_statement() -> None:
    evil = "x'' OR 1=1; SELECT pg_sleep(10) --"
    asked = cql2.condition(
        f"name = '{evil}' OR name LIKE '{evil}'",
        language="cql2-text",
        collection=COLLECTION,
        geometry_crs=crs.CRS84,
    )
    sql, values = Place.objects.filter(asked).query.sql_with_params()

    assert "pg_sleep" not in sql
    assert values.count(evil.replace("''", "'")) == 2
