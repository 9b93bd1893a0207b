"""Every operator of CQL2 against real rows, each in text and in JSON."""

import json
from typing import Any

import pytest
from django.db import connection
from hypothesis import example, given
from hypothesis import strategies as st

from planning import crs
from planning.ogcapi import cql2
from tests.planning.ogcapi.cql2_rows import COLLECTION, Place, filled, found, found_in_both

pytestmark = [
    pytest.mark.conforms("cql2/1.0/conf/cql2-text"),
    pytest.mark.conforms("cql2/1.0/conf/cql2-json"),
]


@pytest.fixture(autouse=True)
def _rows(db: None) -> None:
    filled()


def conforming(name: str, cases: list[tuple[str, int]]) -> Any:
    return pytest.mark.parametrize(
        ("text", "count"),
        [
            pytest.param(text, count, id=text, marks=pytest.mark.conforms(f"cql2/1.0/conf/{name}"))
            for text, count in cases
        ],
    )


@conforming("basic-cql2", [
    ("name = 'Zebra'", 1), ("name <> 'Zebra'", 3), ("NOT name = 'Zebra'", 3), ("people < 10", 2),
    ("people >= 10", 2), ("name < 'a'", 2), ("name > 'Zebra'", 2), ("name IS NULL", 1),
    ("name IS NOT NULL", 4), ("geometry IS NULL", 1), ("open = true", 2), ("open", 2), ("NOT open", 2),
    ("true", 5), ("false", 0), ("NOT false", 5), ("open OR people = 21 AND false", 2), ("name = other", 1),
    ("day = DATE('2021-01-01')", 1), ("moment > TIMESTAMP('2020-12-31T18:00:00Z')", 2),
    ("moment = DATE('2021-01-01')", 1), ("moment <> DATE('2021-01-01')", 3), ("price = 0.1", 1),
    ("people = 21.0", 1), ("share > 0.25", 3), ("(people = 0 OR people = 10) AND name IS NOT NULL", 2),
    ("(people > 5) IS NULL", 1), ('"a.b" = \'x\'', 1), ("a.b = 'x'", 1),
])  # fmt: skip
def test_comparisons_follow_three_values_of_logic(text: str, count: int) -> None:
    assert found_in_both(text) == count


@conforming("advanced-comparison-operators", [
    ("name LIKE 'Zeb%'", 1), ("name LIKE 'Z_bra'", 1), ("name NOT LIKE 'Z%'", 3), ("name LIKE ''", 0),
    ("name LIKE '%%'", 4), ("people BETWEEN 0 AND 10", 2), ("people NOT BETWEEN 0 AND 10", 2),
    ("people BETWEEN 10 AND 0", 0), ("people IN (0, 10, 11)", 2), ("people NOT IN (0, 10)", 2),
    ("open NOT IN (false)", 2), ("day IN ('2020-01-01', DATE('2021-01-01'))", 2),
    ("moment IN ('2022-06-01T00:00:00Z')", 1), ("name IN ('Zebra')", 1), ("name BETWEEN 'A' AND 'a'", 1),
])  # fmt: skip
def test_lists_ranges_and_patterns(text: str, count: int) -> None:
    assert found_in_both(text) == count


@pytest.mark.conforms("cql2/1.0/conf/advanced-comparison-operators")
def test_what_like_reads_as_its_own_is_meant_literally_after_a_backslash() -> None:
    assert found(r"name LIKE '100\%\_\\'") == 1
    assert found(r"name LIKE '1\%%'") == 0


@conforming("case-insensitive-comparison", [
    ("CASEI(name) = CASEI('ZEBRA')", 1), ("CASEI(name) = casei('STRASSE')", 1),
    ("CASEI(name) LIKE casei('ĐẤT%')", 1), ("CASEI(name) = CASEI(other)", 2),
    ("CASEI(name) IN (casei('zEBRA'), casei('x'))", 1),
])  # fmt: skip
def test_case_is_folded_in_all_alphabets(text: str, count: int) -> None:
    assert found_in_both(text) == count


@conforming("accent-insensitive-comparison", [
    ("ACCENTI(name) = ACCENTI('Dat o do thi')", 1), ("ACCENTI(name) = 'Đất ở đô thị'", 0),
    ("CASEI(ACCENTI(name)) = CASEI(ACCENTI('DAT O ĐO THI'))", 1),
    ("ACCENTI(CASEI(name)) LIKE accenti(casei('đẤt%'))", 1), ("name = 'Đất ở đô thị'", 1),
])  # fmt: skip
def test_accents_and_the_bar_of_d_fall(text: str, count: int) -> None:
    assert found_in_both(text) == count


@pytest.mark.conforms("cql2/1.0/conf/accent-insensitive-comparison")
@pytest.mark.parametrize("wide", ["＼", "％", "＿", "﹨", "﹪", "∖"])
def test_a_wide_sign_never_becomes_a_sign_of_the_pattern(wide: str) -> None:
    assert found(f"ACCENTI(name) LIKE ACCENTI('%{wide}')") == (1 if wide in "＼﹨∖" else 0)


@conforming("basic-spatial-functions", [
    ("S_INTERSECTS(geometry, POINT(5 5))", 1), ("S_INTERSECTS(geometry, BBOX(0,0,10,10))", 3),
    ("S_INTERSECTS(geometry, BBOX(175,-90,-170,90))", 1), ("NOT S_INTERSECTS(geometry, POINT(5 5))", 3),
    ("S_INTERSECTS(geometry, BBOX(5,5,0,6,6,9))", 1), ("S_INTERSECTS(geometry, POINT Z (5 5 9))", 1),
])  # fmt: skip
def test_what_intersects_a_point_or_a_box(text: str, count: int) -> None:
    assert found_in_both(text) == count


@conforming("basic-spatial-functions-plus", [
    ("S_INTERSECTS(geometry, LINESTRING(-5 5, 15 5))", 2),
    ("S_INTERSECTS(geometry, POLYGON((3 3,4 3,4 4,3 3)))", 2),
    ("S_INTERSECTS(geometry, MULTIPOINT(5 5, 15 5))", 2),
    ("S_INTERSECTS(geometry, MULTIPOINT((5 5), (15 5)))", 2),
    ("S_INTERSECTS(geometry, MULTILINESTRING((-5 5, 1 5),(12 5, 15 5)))", 2),
    ("S_INTERSECTS(geometry, GEOMETRYCOLLECTION(POINT(5 5), LINESTRING(11 1, 12 1)))", 2),
    ("S_INTERSECTS(geometry, MULTIPOLYGON(((3 3,4 3,4 4,3 3)),((11 1,12 1,12 2,11 1))))", 3),
])  # fmt: skip
def test_what_intersects_any_kind_of_geometry(text: str, count: int) -> None:
    assert found_in_both(text) == count


@pytest.mark.conforms("cql2/1.0/conf/cql2-json")
def test_a_geometry_that_tells_its_box_is_that_geometry() -> None:
    corner = {"type": "Polygon", "coordinates": [[[3, 3], [4, 3], [4, 4], [3, 3]]], "bbox": [0, 0, 20, 20]}
    asked = {"op": "s_intersects", "args": [{"property": "geometry"}, corner]}

    assert found(json.dumps(asked), language="cql2-json") == 2


@conforming("spatial-functions", [
    ("S_DISJOINT(geometry, POINT(5 5))", 3), ("S_EQUALS(geometry, BBOX(0,0,10,10))", 1),
    ("S_TOUCHES(geometry, BBOX(0,0,10,10))", 1), ("S_WITHIN(geometry, BBOX(0,0,10,10))", 2),
    ("S_CONTAINS(geometry, BBOX(2,2,3,3))", 2), ("S_OVERLAPS(geometry, BBOX(5,5,15,15))", 2),
    ("S_CROSSES(LINESTRING(-5 5, 5 5), geometry)", 1), ("S_CONTAINS(BBOX(0,0,10,10), geometry)", 2),
    ("S_WITHIN(geometry, GEOMETRYCOLLECTION(POLYGON((0 0,10 0,10 10,0 10,0 0))))", 2),
    ("S_CROSSES(LINESTRING(0 0,2 2), LINESTRING(0 2,2 0))", 5), ("S_EQUALS(geometry, geometry)", 4),
])  # fmt: skip
def test_how_geometries_lie_to_each_other(text: str, count: int) -> None:
    assert found_in_both(text) == count


@conforming("temporal-functions", [
    ("T_AFTER(day, DATE('2021-01-01'))", 2), ("T_BEFORE(day, DATE('2021-01-01'))", 1),
    ("T_DISJOINT(day, DATE('2021-01-01'))", 3), ("T_EQUALS(day, DATE('2021-01-01'))", 1),
    ("T_INTERSECTS(day, INTERVAL('2021-01-01','..'))", 3),
    ("T_INTERSECTS(moment, DATE('2021-01-01'))", 1),  # eighteen o'clock UTC is the next day here
    ("T_AFTER(moment, DATE('2021-01-01'))", 2),
    ("T_EQUALS(day, INTERVAL('2021-01-01','2021-01-01'))", 1),
    ("T_INTERSECTS(INTERVAL(day,last), INTERVAL('2030-01-01','..'))", 1),  # no last day: still in force
    ("T_DISJOINT(INTERVAL(day,last), INTERVAL('2030-01-01','..'))", 3),  # no day at all: unknown
    ("NOT T_BEFORE(INTERVAL(day,'..'), INTERVAL('..','1000-01-01'))", 4),
    ("T_DURING(INTERVAL(day,last), INTERVAL('2019-01-01','2022-12-31'))", 2),
    ("T_CONTAINS(INTERVAL(day,last), INTERVAL('2020-02-01','2020-03-01'))", 1),
    ("T_STARTS(INTERVAL(day,last), INTERVAL('2020-01-01','2021-01-01'))", 1),
    ("T_STARTEDBY(INTERVAL(day,last), INTERVAL('2020-01-01','2020-02-01'))", 1),
    ("T_FINISHES(INTERVAL(day,last), INTERVAL('2019-01-01','2020-12-31'))", 1),
    ("T_FINISHEDBY(INTERVAL(day,last), INTERVAL('2020-06-01','2020-12-31'))", 1),
    ("T_MEETS(INTERVAL(day,last), INTERVAL('2020-12-31','2021-06-01'))", 1),
    ("T_METBY(INTERVAL(day,last), INTERVAL('2019-01-01','2020-01-01'))", 1),
    ("T_OVERLAPS(INTERVAL(day,last), INTERVAL('2020-06-01','2021-06-01'))", 1),
    ("T_OVERLAPPEDBY(INTERVAL(day,last), INTERVAL('2019-06-01','2020-06-01'))", 1),
    ("INTERVAL(day,last) IS NULL", 1), ("INTERVAL(day,'..') IS NOT NULL", 4),
    ("T_EQUALS(INTERVAL('..','2020-01-01'), INTERVAL('..','2020-01-01'))", 5),
])  # fmt: skip
def test_how_times_lie_to_each_other(text: str, count: int) -> None:
    assert found(text) == count
    assert found(json.dumps(cql2.text.parse(text)), language="cql2-json") == count


@conforming("property-property", [
    ("'Zebra' = name", 1), ("'foo' = 'foo'", 5), ("day <= last", 3), ("10 > people", 2),
    ("S_INTERSECTS(POINT(5 5), geometry)", 1), ("'Zebra' LIKE 'Z%'", 5), ("name >= name", 4),
    ("T_AFTER(DATE('2022-01-01'), day)", 2), ("share BETWEEN share AND share", 4),
])  # fmt: skip
def test_properties_and_literals_stand_on_either_side(text: str, count: int) -> None:
    assert found_in_both(text) == count


@conforming("arithmetic", [
    ("people = 5 + 5", 1), ("people / 2 = 10.5", 1), ("people div 2 = 10", 1), ("people % 2 = 1", 1),
    ("people - 1 = 9", 1), ("people * 2 = 42", 1), ("people ^ 2 = 441", 1), ("2 + 3 * 2 ^ 2 = 14", 5),
    ("people = -7", 1), ("-people = 7", 1), ("people / 0 = 1", 0), ("1 / people > 0", 2),
    ("(1 / people > 0) IS NULL", 2), ("share * share * share > 0", 2), ("share ^ 100 > 0", 2),
    ("(0 - people) ^ 0.5 > 0", 1), ("(2 + 3) * 2 = 10", 5), ("1 / 0 = 1", 0), ("21 div 10 = 2", 5),
    ("-2 ^ 2 = 4", 5), ("people % 0 = 1", 0), ("people div 0 = 1", 0),
])  # fmt: skip
def test_numbers_are_reckoned_and_no_row_is_lost_to_an_error(text: str, count: int) -> None:
    assert found_in_both(text) == count


def test_powers_bind_to_the_right() -> None:
    assert found("2 ^ 3 ^ 2 = 512") == 5


@conforming("functions", [
    ("lower(name) = 'zebra'", 1), ("upper(name) LIKE 'ĐẤT%'", 1), ("length(trim(' ab ')) = 2", 5),
    ("abs(people) = 7", 1), ("floor(share) = 0", 2), ("ceiling(share) = 1", 1), ("round(2.4) = 2", 5),
    ("year(day) = 2021", 1), ("month(moment) = 1", 3), ("day(moment) = 1", 4),
    ("geometry_type(geometry) = 'POLYGON'", 4), ("lower(name) < 'a'", 1),
])  # fmt: skip
def test_functions_of_the_table_are_computed(text: str, count: int) -> None:
    assert found_in_both(text) == count


@pytest.mark.conforms("cql2/1.0/conf/cql2-text")
@pytest.mark.parametrize(
    ("text", "meant"),
    [(r"'O\'Brien'", "O'Brien"), ("'O''Brien'", "O'Brien"), (r"'\n\t\a\b\v\f\r'", "\n\t\a\b\v\f\r"),
     (r"'\%\_\\'", r"\%\_\\")],
)  # fmt: skip
def test_escapes_of_literals_are_decoded(text: str, meant: str) -> None:
    assert cql2.text.parse(f"name = {text}")["args"][1] == meant


@pytest.mark.conforms("cql2/1.0/conf/cql2-text")
@pytest.mark.parametrize(
    "name", ["te\u0302n", "t\u00ean", ":code", "eo:cloud_cover", "a.b.c2", "_x", "đất\u203f2"]
)
def test_names_may_have_every_letter_and_mark_of_the_grammar(name: str) -> None:
    assert cql2.text.parse(f"{name}=1")["args"][0] == {"property": name}
    assert cql2.text.parse(f'"{name}"=1')["args"][0] == {"property": name}


@pytest.mark.conforms("cql2/1.0/conf/spatial-functions")
def test_a_geometry_is_read_in_the_order_of_axes_of_its_system() -> None:
    east_first = "S_INTERSECTS(geometry, POINT(15 5))"
    north_first = "S_INTERSECTS(geometry, POINT(5 15))"
    mercator = "S_INTERSECTS(geometry, POINT(1669792.36 557305.26))"

    assert found(east_first) == found(north_first, system=crs.WGS84) == 1
    assert found(mercator, system=crs.parse("EPSG:3857")) == 1
    assert found("S_INTERSECTS(geometry, BBOX(1,11,2,12))", system=crs.WGS84) == 1


@pytest.mark.conforms("cql2/1.0/conf/basic-spatial-functions")
def test_the_spatial_index_serves_a_filter() -> None:
    asked = cql2.condition(
        "S_INTERSECTS(geometry, BBOX(5,5,6,6)) AND name IS NOT NULL",
        language="cql2-text", collection=COLLECTION, geometry_crs=crs.CRS84,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    assert "_shape_" in Place.objects.filter(asked).explain()


@pytest.mark.conforms("cql2/1.0/conf/case-insensitive-comparison")
def test_functions_work_with_an_empty_search_path_as_a_restored_dump_has_it() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX folded ON cql2_rows_place (public.planning_casei(name))")
        cursor.execute("CREATE INDEX bare ON cql2_rows_place (public.planning_accenti(name))")
        cursor.execute("SET LOCAL search_path = ''")
        cursor.execute("SELECT public.planning_accenti(public.planning_casei('ĐẤT')), "
                       "public.planning_reckon('*', 2, 3)")  # fmt: skip

        assert cursor.fetchone() == ("dat", 6.0)


@pytest.mark.conforms("cql2/1.0/conf/case-insensitive-comparison")
@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\0ıİ"), max_size=8))
@example("Straße ΟΔΟΣ ﬁ")
def test_capitals_and_small_letters_fold_to_one(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT public.planning_casei(public.planning_casei(%s::text)) = public.planning_casei(%s::text)",
            [text, text],
        )
        assert cursor.fetchone() == (True,)
