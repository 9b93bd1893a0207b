"""Whatever is asked: an answer, or a problem that names the parameter; never a failure of ours."""

import json

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from planning.models import Publication
from tests.planning.ogcapi.test_items import ZONES

NUMBERS = st.one_of(
    st.integers(-(10**30), 10**30).map(str),
    st.floats(allow_nan=True, allow_infinity=True).map(repr),
    st.floats(-180, 180).map(repr),
    st.sampled_from(["", " ", "-0", "1e309", "0x1", "١", "1_0"]),
)
BOXES = st.lists(NUMBERS, max_size=7).map(",".join)
MOMENTS = st.one_of(
    st.dates().map(str),
    st.datetimes().map(lambda at: f"{at.isoformat()}Z"),
    st.from_regex(r"\d{4}-\d\d-\d\d([Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d))?", fullmatch=True),
    st.from_regex(r"P(\d{1,9}[YMWD]){0,4}(T(\d{1,12}[HMS]){0,3})?", fullmatch=True),
    st.sampled_from(["", ".."]),
    st.text(max_size=20),
)
TIMES = st.lists(MOMENTS, min_size=1, max_size=3).map("/".join)
SYSTEMS = st.one_of(
    st.sampled_from(["EPSG:4326", "EPSG:3857", "EPSG:5897", "CRS84", "EPSG:99999999", "4326"]),
    st.text(max_size=30),
)
ASKED = st.fixed_dictionaries(
    {},
    optional={
        "limit": NUMBERS,
        "offset": NUMBERS,
        "next": st.one_of(
            st.text(max_size=40), st.from_regex(r"[A-Za-z0-9_-]{1,40}\.[A-Za-z0-9_-]{43}", fullmatch=True)
        ),
        "bbox": BOXES,
        "bbox-crs": SYSTEMS,
        "crs": SYSTEMS,
        "datetime": TIMES,
        "land_use": st.text(max_size=20),
        "feature": NUMBERS,
        "f": st.sampled_from(["json", "geojsonseq", "xml"]),
    },
)
DATABASE = settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@DATABASE
@given(asked=ASKED)
@example(asked={"bbox": "-1e308,-1e308,1e308,1e308", "bbox-crs": "EPSG:3857"})
@example(asked={"bbox": "1e-320,1,1e-320,1"})
@example(asked={"bbox": "-180,-90,180,90", "crs": "EPSG:5897"})
@example(asked={"datetime": "0000-01-01T00:00:00Z/9999-12-31T00:00:00Z"})
def test_every_question_has_an_answer_or_a_problem(
    client: Client, small_town: Publication, asked: dict[str, str]
) -> None:
    answer = client.get(ZONES, asked)

    body = answer.getvalue()
    assert answer.status_code in (200, 400), body
    if answer.status_code == 400:
        assert answer["Content-Type"] == "application/problem+json"
        assert json.loads(body)["parameter"] in asked


@pytest.mark.parametrize("raw", ["%00", "a%00b", "%ff", "%ed%a0%80", "%0b"])
@pytest.mark.parametrize("name", ["limit", "bbox", "datetime", "next", "crs", "land_use", "filter"])
def test_what_is_no_text_is_refused(client: Client, small_town: Publication, name: str, raw: str) -> None:
    answer = client.get(f"{ZONES}?{name}={raw}")

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
