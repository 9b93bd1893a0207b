"""Random texts in every parameter and random JSON in every body: an answer or a problem, never a crash."""

import json
from typing import Any

import pytest
from django.test import Client
from django.utils.http import urlencode
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planning.models import Publication
from tests.contract.test_bad_input import addresses

pytestmark = pytest.mark.django_db

ROOT = "/api/v1/"
# What a caller may type, and what nearly is a number, a date, a code.
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
    st.text(alphabet="0123456789.,-+eE °'\"NEWSĐBxy/", max_size=40),
    st.text(alphabet="tờthửa 0123456789/-,;:()%_\\*", max_size=60),
    st.dates().map(str),
    st.datetimes().map(str),
    st.floats().map(str),
    st.sampled_from(["EPSG:4326", "EPSG:9210", "EPSG:32616", "5897", "construction", "complete", "true"]),
)
NUMBERS = st.one_of(st.floats(105.8, 105.9), st.floats(20.9, 21.1), st.floats(allow_nan=False), st.integers())
POSITIONS = st.lists(NUMBERS, max_size=4)
GEOMETRIES = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["Polygon", "MultiPolygon", "Feature", "Point"]),
        "coordinates": st.one_of(
            st.lists(st.lists(POSITIONS, max_size=6).map(lambda ring: ring + ring[:1]), max_size=3),
            st.lists(st.lists(st.lists(POSITIONS, max_size=6), max_size=2), max_size=2),
            st.recursive(
                NUMBERS | st.text(max_size=3), lambda inner: st.lists(inner, max_size=4), max_leaves=9
            ),
        ),
    }
)
SHARED = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def assert_answered(response: Any, shown: object) -> None:
    assert response.status_code < 500, (shown, response.content[:300])
    if response.status_code >= 400:
        assert response["Content-Type"] == "application/problem+json", shown
        assert json.loads(response.content)["detail"], shown


@pytest.mark.parametrize(
    ("address", "names"),
    [
        pytest.param(address, [parameter.name for parameter in parameters], id=address or "index")
        for method, address, parameters in addresses()
        if method == "GET" and len(parameters) > 1
    ],
)
@given(data=st.data())
@SHARED
def test_any_text_in_any_parameter_is_answered(
    client: Client, small_town: Publication, address: str, names: list[str], data: st.DataObject
) -> None:
    asked = data.draw(st.dictionaries(st.sampled_from(names), TEXTS, max_size=4))

    assert_answered(client.get(f"{ROOT}{address}?{urlencode(asked)}"), asked)


@given(code=st.text(min_size=1, max_size=80).filter(lambda text: text.isprintable()))
@SHARED
def test_any_code_is_answered(client: Client, small_town: Publication, code: str) -> None:
    for address in ("parcels/{}", "parcels/{}/planning", "plans/{}"):
        assert_answered(client.get(ROOT + address.format(code)), code)


@given(body=GEOMETRIES)
@SHARED
def test_any_geometry_is_answered(client: Client, small_town: Publication, body: dict[str, Any]) -> None:
    assert_answered(client.post(f"{ROOT}planning", body, content_type="application/json"), body)
