"""Any filter either runs or is refused; and two parsers that never met read the same in it."""

import json
from contextlib import suppress
from itertools import chain
from typing import Any

import cql2 as foreign
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planning import crs
from planning.errors import BadParameter
from planning.ogcapi import cql2
from tests.planning.ogcapi.cql2_rows import COLLECTION, Place, filled

WORDS = (
    "name other people share price open day last moment geometry a.b = <> < > <= >= + - * / % div ^ ( ) , "
    "[ ] AND OR NOT LIKE IN BETWEEN IS NULL true false 'x' '%' '..' '2020-01-01' 0 1 2.5 1e308 -1 "
    "casei( accenti( lower( length( year( DATE('2020-01-01') TIMESTAMP('2020-01-01T00:00:00Z') POINT(1 2) "
    "BBOX(0,0,1,1) INTERVAL(day,last) INTERVAL('2020-01-01','..') S_INTERSECTS( T_AFTER( T_DURING( 1e-308 \\"
).split(" ")

numbers = st.recursive(
    st.sampled_from(["people", "share", "price", "0", "1", "2.5", "1e300", "1e-300", "7"]),
    lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from("+ - * / % ^ div".split()), inner),
    max_leaves=5,
)
texts = st.sampled_from(["name", "other", "'x'", "CASEI(name)", "ACCENTI('Đ')", "lower(name)", "'O''Brien'"])
instants = st.sampled_from(
    ["day", "last", "moment", "DATE('2020-01-01')", "TIMESTAMP('2020-01-01T00:00:00Z')"]
)
intervals = st.sampled_from(
    ["INTERVAL(day,last)", "INTERVAL(day,'..')", "INTERVAL('..','2021-01-01')", "INTERVAL(moment,moment)"]
)
shapes = st.sampled_from(
    ["geometry", "POINT(1 2)", "BBOX(170,-10,-170,10)", "POLYGON((0 0,1 0,1 1,0 0))", "LINESTRING(0 0,9 9)"]
)
comparisons = st.sampled_from("= <> < > <= >=".split())
BOTH = "after before disjoint equals intersects".split()
WHOLE = "contains during finishedBy finishes meets metBy overlappedBy overlaps startedBy starts".split()
predicates = st.one_of(
    st.builds("{} {} {}".format, numbers, comparisons, numbers),
    st.builds("{} {} {}".format, texts, comparisons, texts),
    st.builds("{} {} {}".format, instants, comparisons, instants),
    st.builds("{} NOT BETWEEN {} AND {}".format, numbers, numbers, numbers),
    st.builds("{} IN ({}, {})".format, texts, texts, texts),
    st.builds("{} LIKE '{}'".format, texts, st.sampled_from(["%", "_x", "a\\%", ""])),
    st.builds("{} IS NOT NULL".format, st.one_of(numbers, texts, instants, shapes)),
    st.builds("T_{}({}, {})".format, st.sampled_from(BOTH), st.one_of(instants, intervals), intervals),
    st.builds("T_{}({}, {})".format, st.sampled_from(WHOLE), intervals, intervals),
    st.builds(
        "S_{}({}, {})".format,
        st.sampled_from("intersects disjoint equals touches within contains overlaps crosses".split()),
        shapes,
        shapes,
    ),
    st.sampled_from(["true", "FALSE", "open = true"]),
)
filters = st.recursive(
    predicates,
    lambda inner: st.one_of(
        st.builds("({} AND {})".format, inner, inner),
        st.builds("({} OR {})".format, inner, inner),
        st.builds("NOT ({})".format, inner),
    ),
    max_leaves=5,
)
generous = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def asked(text: str, language: str = "cql2-text") -> Any:
    return cql2.condition(text, language=language, collection=COLLECTION, geometry_crs=crs.CRS84)


def runs_or_is_refused(text: str, language: str) -> None:
    """Any other exception than a refusal fails the test."""
    with suppress(BadParameter), transaction.atomic():
        Place.objects.filter(asked(text, language)).count()


@pytest.fixture
def _rows(db: None) -> None:
    filled()


@pytest.mark.usefixtures("_rows")
@generous
@given(words=st.lists(st.sampled_from(WORDS), max_size=14))
def test_any_words_run_or_are_refused(words: list[str]) -> None:
    runs_or_is_refused(" ".join(words), "cql2-text")


@pytest.mark.usefixtures("_rows")
@generous
@given(text=st.text(max_size=60))
def test_any_text_runs_or_is_refused(text: str) -> None:
    runs_or_is_refused(text, "cql2-text")
    runs_or_is_refused(f"name = '{text}'", "cql2-text")
    runs_or_is_refused(f"ACCENTI(CASEI(name)) LIKE ACCENTI(CASEI('{text}'))", "cql2-text")


nodes = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=5),
        st.sampled_from([{"property": "name"}, {"property": "people"}, {"property": "geometry"}]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.builds(
            lambda op, args: {"op": op, "args": args},
            st.sampled_from(
                ["=", "<", *"and or not in like between isNull casei + ^ s_within t_after abs".split()]
            ),
            st.lists(inner, max_size=3),
        ),
    ),
    max_leaves=8,
)


@pytest.mark.usefixtures("_rows")
@generous
@given(tree=nodes)
def test_any_json_runs_or_is_refused(tree: Any) -> None:
    runs_or_is_refused(json.dumps(tree), "cql2-json")


@pytest.mark.usefixtures("_rows")
@generous
@given(text=filters)
def test_any_filter_that_is_well_formed_runs(text: str) -> None:
    runs_or_is_refused(text, "cql2-text")


def alike(tree: Any) -> Any:
    """A tree without what makes no difference: whole numbers or doubles, AND within AND."""
    if isinstance(tree, dict):
        plain = {name: alike(value) for name, value in tree.items()}
        if plain.get("op") in ("and", "or"):
            plain["args"] = list(
                chain.from_iterable(_side_by_side(plain["op"], one) for one in plain["args"])
            )
        return plain
    if isinstance(tree, list):
        return [alike(value) for value in tree]
    return float(tree) if isinstance(tree, int) and not isinstance(tree, bool) else tree


def _side_by_side(operator: str, tree: Any) -> list[Any]:
    same = isinstance(tree, dict) and tree.get("op") == operator
    return tree["args"] if same else [tree]


@pytest.mark.conforms("cql2/1.0/conf/cql2-text")
@pytest.mark.conforms("cql2/1.0/conf/cql2-json")
@generous
@given(text=filters)
def test_two_parsers_read_the_same(text: str) -> None:
    # the foreign one is an oracle for what is well formed; what is not can stall it for hours
    theirs = foreign.parse_text(text)

    assert alike(cql2.text.parse(text)) == alike(theirs.to_json())
    if not {"div", "^"} & set(text.split()):  # their writer spells one as a call, and loses parentheses
        assert alike(cql2.text.parse(theirs.to_text())) == alike(theirs.to_json())
