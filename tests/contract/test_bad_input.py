"""Whatever is sent to an address of the API comes back as a clear 4xx in both languages, never as a 500.

The table of what to send is checked against the parameters that the views declare, so that a new
parameter without its bad values fails here.
"""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.gis.geos import GEOSGeometry
from django.test import Client
from django.urls import URLPattern

from planning.api.places import LARGEST_BODY, MOST_VERTICES
from planning.models import Publication
from planning.ogcapi.base import LANG, PublicView
from planning.ogcapi.parameters import Parameter
from planning.urls import urlpatterns
from tests import town

pytestmark = pytest.mark.django_db

ROOT = "/api/v1/"
NOT_TEXT = ["%00", "%FF%FE", "a%00b", "%01", "%C3%28", "%ED%A0%80"]
NOT_NUMBERS = [
    "NaN",
    "nan",
    "Infinity",
    "-Infinity",
    "inf",
    "1e400",
    "-1e400",
    "abc",
    "1_0",
    "0x10",
    "١",
    "1,5",
]
NOT_NUMBERS += ["9" * 400, "--1", "1e", ".", "1e99999999999999999999", "105.8 21.0"]
NOT_DATES = ["yesterday", "0000-01-01", "10000-01-01", "2026-02-30", "2026-13-01", "2026-1-1", "20260101"]
NOT_DATES += ["2026-W01-1", "0001-01-01", "-2026-01-01", "9" * 400, "2026-01-01T", "٢٠٢٦-٠١-٠١"]
NOT_TIMES = ["2026-01-01T10:00:00", "2026-01-01T25:00:00Z", "2026-01-01T10:00:00+99:00", "now", "2999-01-01"]
NOT_TIMES += ["2999-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]

# What must be refused, by the name of the parameter; percent-encoded where it is no text.
BAD: dict[str, list[str]] = {
    "q": ["x" * 301, "ờ" * 100_000],
    "commune": ["x" * 41, "2025-99999", "'", "../../etc/passwd"],
    "sheet": ["9" * 21, "x" * 9999],
    "number": ["9" * 21, "x" * 9999],
    "limit": [*NOT_NUMBERS, "0", "-1", "1.5", "-" + "9" * 400],
    "cursor": ["x", "%%%", "a===", "/w==", "A" * 9999, "AA=="],
    "as_at": NOT_DATES,
    "known_at": [*NOT_DATES, *NOT_TIMES],
    "themes": ["nosuchtheme", ",", "construction,nosuchtheme", "x" * 201],
    "lon": [*NOT_NUMBERS, "180.1", "-181", "1e300"],
    "lat": [*NOT_NUMBERS, "90.1", "-91", "105.8"],
    "easting": [*NOT_NUMBERS, "1e300", "-1e9"],
    "northing": [*NOT_NUMBERS, "1e300", "-1e9"],
    "crs": ["EPSG:6956", "EPSG:1", "+proj=longlat", "EPSG:4326", "x" * 101, "EPSG:999999999", "EPSG:-5897"],
    "accuracy_m": [*NOT_NUMBERS, "-1", "10001"],
    "theme": ["x" * 41],
    "state": ["perhaps", "COMPLETE"],
    "geometry": ["yes", "1", "TRUE"],
    "kind": ["masterplan", "ZONING"],
    "lang": ["fr", "vi-VN", "VI", "x" * 9999],
}
# A request that works, by address: each test spoils one thing in it.
GOOD: dict[tuple[str, str], dict[str, str]] = {
    ("GET", "planning"): {"lon": "105.8387", "lat": "21.0165"},
    ("GET", "lookup"): {"q": "1/1"},
}
CHICAGO = "MULTIPOLYGON (((-88 41.5, -87.4 41.5, -87.4 42.1, -88 42.1, -88 41.5)))"
METRES = {"easting": "587010", "northing": "2325010", "crs": "EPSG:5897"}


def addresses() -> Iterator[tuple[str, str, tuple[Parameter, ...]]]:
    """(method, address, parameters) of every view."""
    for route in urlpatterns:
        view = view_of(route)
        address = (
            str(route.pattern)
            .replace("<str:parcel_id>", "2004-00001-1-1")
            .replace("<slug:plan_id>", "zoning")
        )
        for method in ("GET", "POST"):
            if hasattr(view, method.lower()):
                yield method, address, (*view.parameters_of(method), LANG)


def view_of(route: URLPattern) -> type[PublicView]:
    """The class behind a route; DRF leaves it on the function."""
    found: type[PublicView] = vars(route.callback)["cls"]
    return found


def bad_requests() -> Iterator[Any]:
    """(method, address, name, queries): each query has that one parameter spoilt."""
    for method, address, parameters in addresses():
        for parameter in parameters:
            values = [quote(value) for value in BAD[parameter.name]] + NOT_TEXT
            queries = [_query(method, address, parameter.name, value) for value in values]
            yield pytest.param(
                method, address, parameter.name, queries, id=f"{method} {address} {parameter.name}"
            )


def _query(method: str, address: str, name: str, value: str) -> str:
    good = METRES if name in METRES else GOOD.get((method, address), {})
    others = {other: quote(text) for other, text in good.items() if other != name}
    if address == "coverage" and name in ("lon", "lat"):
        others = {"lat" if name == "lon" else "lon": "21"}
    return "&".join(f"{other}={text}" for other, text in {**others, name: value}.items())


@pytest.mark.usefixtures("small_town")
@pytest.mark.parametrize(("method", "address", "name", "queries"), list(bad_requests()))
def test_a_bad_value_is_named_and_explained_in_both_languages(
    client: Client, method: str, address: str, name: str, queries: list[str]
) -> None:
    for query in queries:
        details = [
            refused(client, method, f"{ROOT}{address}?{query}", name=name, language=language)
            for language in ("vi", "en")
        ]

        assert details[0] != details[1], query
        assert "%(" not in "".join(details), query


def refused(client: Client, method: str, address: str, *, name: str, language: str) -> str:
    """What is said of the bad parameter `name` in that language."""
    response = client.generic(
        method,
        address,
        data=json.dumps(SITE),
        content_type="application/geo+json",
        headers={"accept-language": language},
    )
    problem = assert_problem(response, 400)
    # Two numbers that make no place together may be blamed on either.
    assert problem["parameter"] == name or problem["type"].endswith(("swapped-axes", "outside-crs"))
    assert response["Content-Language"] == language
    detail: str = problem["detail"]
    return detail


def test_every_declared_parameter_has_its_bad_values() -> None:
    declared = {parameter.name for _, _, parameters in addresses() for parameter in parameters}

    assert declared == set(BAD)


@pytest.mark.usefixtures("small_town")
@pytest.mark.parametrize(("method", "address"), [found[:2] for found in addresses()])
def test_an_unknown_parameter_is_refused_by_name(client: Client, method: str, address: str) -> None:
    response = client.generic(method, f"{ROOT}{address}?colour=red")

    problem = assert_problem(response, 400)
    assert problem["parameter"] == "colour"


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("", "lon"),
        ("lon=105.8", "lat"),
        ("lat=21", "lon"),
        ("lon=&lat=", "lon"),
        ("easting=586513", "northing"),
        ("easting=586513&northing=2326256", "crs"),
        ("crs=EPSG:5897", "easting"),
        ("lon=105.8&lat=21&crs=EPSG:5897", "lon"),
        ("lon=105.8&easting=586513", "lon"),
    ],
)
def test_a_point_that_is_incomplete_or_given_twice_is_refused(client: Client, query: str, name: str) -> None:
    problem = assert_problem(client.get(f"{ROOT}planning?{query}"), 400)

    assert problem["parameter"] == name


def test_a_missing_question_is_refused(client: Client) -> None:
    assert assert_problem(client.get(f"{ROOT}lookup"), 400)["parameter"] == "q"


@pytest.mark.usefixtures("small_town")
def test_a_latitude_that_would_be_a_longitude_is_taken_for_swapped(client: Client) -> None:
    problem = assert_problem(client.get(f"{ROOT}planning?lon=21.0165&lat=105.8387"), 400)

    assert problem["type"].endswith("swapped-axes")


def test_swapped_degrees_are_noticed_where_both_are_possible(client: Client) -> None:
    town.territory(extent=GEOSGeometry(CHICAGO, srid=4326))

    problem = assert_problem(client.get(f"{ROOT}planning?lon=41.9&lat=-87.6&lang=en"), 400)

    assert problem["type"].endswith("swapped-axes")


def test_swapped_metres_are_noticed(client: Client) -> None:
    query = "easting=2326256.8&northing=586513.4&crs=EPSG:5897&lang=en"

    problem = assert_problem(client.get(f"{ROOT}planning?{query}"), 400)

    assert problem["type"].endswith("swapped-axes")


def test_a_deprecated_system_is_refused_with_its_replacement(client: Client) -> None:
    problem = assert_problem(client.get(f"{ROOT}planning?easting=1&northing=1&crs=EPSG:6956&lang=en"), 400)

    assert problem["replacement"] == "EPSG:5896"
    assert "EPSG:5896" in problem["detail"]


@pytest.mark.parametrize("address", ["parcels/nothing", "parcels/nothing/planning", "plans/nothing"])
def test_what_is_not_there_is_a_404_that_names_it(client: Client, address: str) -> None:
    problem = assert_problem(client.get(f"{ROOT}{address}?lang=en"), 404)

    assert "nothing" in problem["detail"]


@pytest.mark.parametrize("code", ["a%00b", "%FF", "x" * 5000, "..", "%2e%2e%2f", "'; DROP TABLE"])
@pytest.mark.parametrize("address", ["parcels/{}", "parcels/{}/planning", "plans/{}"])
def test_a_code_that_is_none_is_a_4xx(client: Client, address: str, code: str) -> None:
    response = client.get(ROOT + address.format(code))

    assert response.status_code in (400, 404)
    assert_problem(response, response.status_code)


# --- Bodies ---

SITE: dict[str, Any] = {
    "type": "Polygon",
    "coordinates": [
        [[105.837, 21.016], [105.838, 21.016], [105.838, 21.017], [105.837, 21.017], [105.837, 21.016]]
    ],
}


def polygon(*positions: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [list(positions)]}


def ring(count: int) -> list[list[float]]:
    """A closed zigzag of that many positions."""
    step = 0.001 / count
    upper = [[105.837 + step * n, 21.017 + (n % 2) * step] for n in range(count - 3)]
    return [*upper, [105.838, 21.016], [105.837, 21.016], upper[0]]


A, B, C, D = [105.837, 21.016], [105.838, 21.016], [105.838, 21.017], [105.837, 21.017]
OTHER_CRS = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::5897"}}

BODIES: dict[str, tuple[bytes | dict[str, Any] | list[Any] | None, int, str]] = {
    "nothing": (b"", 415, "unsupported-media-type"),
    "white space": (b"  \n ", 400, "required"),
    "no JSON": (b"<gml/>", 400, "not-json"),
    "broken UTF-8": (b'{"type": "\xff"}', 400, "not-json"),
    "NaN": (b'{"type":"Polygon","coordinates":[[[NaN,1]]]}', 400, "not-json"),
    "deep nesting": (b"[" * 100_000, 400, "not-json"),
    "null": (b"null", 400, "not-geojson"),
    "a list": ([], 400, "not-geojson"),
    "a number": (b"7", 400, "not-geojson"),
    "no type": ({}, 400, "not-geojson"),
    "a type that is no text": ({"type": 3}, 400, "not-geojson"),
    "a point": ({"type": "Point", "coordinates": A}, 400, "not-a-polygon"),
    "a collection": ({"type": "FeatureCollection", "features": []}, 400, "not-a-polygon"),
    "a feature without geometry": ({"type": "Feature", "geometry": None}, 400, "empty-geometry"),
    "a feature in a feature": ({"type": "Feature", "geometry": {"type": "Feature"}}, 400, "not-a-polygon"),
    "no coordinates": ({"type": "Polygon"}, 400, "not-geojson"),
    "coordinates as text": ({"type": "Polygon", "coordinates": "1,2"}, 400, "not-geojson"),
    "no rings": ({"type": "Polygon", "coordinates": []}, 400, "empty-geometry"),
    "no polygons": ({"type": "MultiPolygon", "coordinates": []}, 400, "empty-geometry"),
    "a polygon that is none": ({"type": "MultiPolygon", "coordinates": [5]}, 400, "not-geojson"),
    "a ring that is none": ({"type": "Polygon", "coordinates": [5]}, 400, "ring-not-closed"),
    "an open ring": (polygon(A, B, C, D), 400, "ring-not-closed"),
    "three positions": (polygon(A, B, A), 400, "ring-not-closed"),
    "a position of one": (polygon([1], [1], [1], [1]), 400, "not-geojson"),
    "a position of five": (polygon(*[[1, 2, 3, 4, 5]] * 4), 400, "not-geojson"),
    "text as number": (polygon(*[["1", "2"]] * 4), 400, "not-a-number"),
    "true as number": (polygon(*[[True, False]] * 4), 400, "not-a-number"),
    "an infinite number": (b'{"type":"Polygon","coordinates":[[[1e400,1],[1,1],[1,2],[1e400,1]]]}', 400, ""),
    "an enormous integer": (f'{{"type":"Polygon","coordinates":[[[{"9" * 400},1]]]}}'.encode(), 400, ""),
    "no area": (polygon(A, B, A, B, A), 400, "empty-geometry"),
    "one point": (polygon(A, A, A, A), 400, "empty-geometry"),
    "a bow-tie": (polygon(A, C, B, D, A), 400, "invalid-geometry"),
    "a hole outside": (
        {
            "type": "Polygon",
            "coordinates": [[A, B, C, D, A], [[105.9, 21], [105.91, 21], [105.91, 21.01], [105.9, 21]]],
        },
        400,
        "invalid-geometry",
    ),
    "swapped axes": (polygon(*[position[::-1] for position in (A, B, C, D, A)]), 400, "swapped-axes"),
    "metres": (
        polygon([586513, 2326256], [586613, 2326256], [586613, 2326356], [586513, 2326256]),
        400,
        "outside-crs",
    ),
    "another system": ({**SITE, "crs": OTHER_CRS}, 400, "not-a-choice"),
    "a system that is none": ({**SITE, "crs": {"type": "name"}}, 400, "not-a-choice"),
    "the whole world": (
        polygon([-180, -90], [180, -90], [180, 90], [-180, 90], [-180, -90]),
        400,
        "too-spread-out",
    ),
    "a square here and one far off": (
        {
            "type": "MultiPolygon",
            "coordinates": [
                [[[105.8, 21], [105.801, 21], [105.801, 21.001], [105.8, 21]]],
                [[[105.9, 21.1], [105.901, 21.1], [105.901, 21.101], [105.9, 21.1]]],
            ],
        },
        400,
        "too-spread-out",
    ),
    "a whole city": (
        polygon([105.8, 21], [105.9, 21], [105.9, 21.1], [105.8, 21.1], [105.8, 21]),
        400,
        "too-large-area",
    ),
    "brackets a thousand deep": (
        b'{"type":"Polygon","coordinates":[[' + b"[" * 950 + b"]" * 950 + b"]]}",
        400,
        "ring-not-closed",
    ),
    "a ring whose positions nest a thousand deep": (
        polygon(*[json.loads("[" * 900 + "]" * 900)] * 4),
        400,
        "not-geojson",
    ),
    "too many vertices": (polygon(*ring(MOST_VERTICES + 1)), 400, "too-many-vertices"),
    "ten megabytes": (b" " * 10_000_000, 413, "body-too-large"),
    "a byte too many": (b" " * (LARGEST_BODY + 1), 413, "body-too-large"),
}


@pytest.mark.usefixtures("small_town")
@pytest.mark.parametrize(("body", "status", "kind"), BODIES.values(), ids=BODIES.keys())
def test_a_bad_body_is_refused_with_its_reason(client: Client, body: Any, status: int, kind: str) -> None:
    sent = body if isinstance(body, bytes) else json.dumps(body)
    details = []
    for language in ("vi", "en"):
        response = client.post(
            f"{ROOT}planning?lang={language}", data=sent, content_type="application/geo+json"
        )
        problem = assert_problem(response, status)
        assert problem["type"].endswith(kind)
        details.append(problem["detail"])

    assert details[0] != details[1]
    assert "%(" not in "".join(details)


def test_a_polygon_that_crosses_itself_is_refused_with_the_place(client: Client) -> None:
    body = polygon(A, C, B, D, A)

    problem = assert_problem(client.post(f"{ROOT}planning", body, content_type="application/json"), 400)

    assert problem["place"] == pytest.approx([105.8375, 21.0165])
    assert "105.8375, 21.0165" in problem["detail"]


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "x" * 3000],
)
def test_another_media_type_is_refused(client: Client, content_type: str) -> None:
    assert_problem(client.generic("POST", f"{ROOT}planning", b"{}", content_type=content_type), 415)


# --- The framework's own errors ---


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
@pytest.mark.parametrize(
    "address", ["", "lookup", "parcels", "planning", "coverage", "plans", "docs", "openapi.json"]
)
def test_another_method_is_refused_with_those_that_are_taken(
    client: Client, method: str, address: str
) -> None:
    response = client.generic(method.upper(), f"{ROOT}{address}")

    assert_problem(response, 405)
    assert "GET" in response["Allow"]


@pytest.mark.parametrize(
    "address", ["/api/v1/nothing", "/api/v2/", "/api/v1/parcels/a/b/c", "/api/v1/lookup/", "/api/%00"]
)
def test_an_address_that_is_not_there_is_a_problem(client: Client, address: str) -> None:
    assert_problem(client.get(address), 404)


def test_too_many_parameters_are_a_problem(client: Client) -> None:
    query = "&".join(f"a{n}=1" for n in range(2000))

    assert_problem(client.get(f"{ROOT}lookup?{query}"), 400)


def test_a_host_that_is_not_ours_is_a_problem(client: Client) -> None:
    assert_problem(client.get(f"{ROOT}plans", headers={"host": "elsewhere.example"}), 400)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("plans?limit=1&limit=1", "limit"),
        ("planning?lon=105.85&lat=21.03&lon=1", "lon"),
        ("lookup?q=a&lang=vi&lang=en", "lang"),
        ("plans?limit=1&limit=", "limit"),
    ],
)
def test_a_repeated_parameter_is_refused_whatever_its_values(
    client: Client, small_town: Publication, query: str, name: str
) -> None:
    problem = assert_problem(client.get(f"{ROOT}{query}"), 400)

    assert problem["type"].endswith("repeated")
    assert problem["parameter"] == name


@pytest.mark.parametrize("limit", ["1000", "1001", "9" * 40])
def test_a_limit_above_the_highest_is_capped(client: Client, limit: str) -> None:
    assert client.get(f"{ROOT}plans?limit={limit}").status_code == 200


@pytest.mark.parametrize("root", [ROOT, "/ogc/"])
def test_a_problem_names_its_address_as_addresses_are_written(client: Client, root: str) -> None:
    path = f"{root}{quote('thửa/1 2+²')}"

    assert assert_problem(client.get(path), 404)["instance"] == path.replace("%2B", "+")


def assert_problem(response: Any, status: int) -> dict[str, Any]:
    """The response is a problem document of that status, open to all origins; gives its members."""
    assert response.status_code == status, response.content[:500]
    assert response["Content-Type"] == "application/problem+json"
    assert response["Access-Control-Allow-Origin"] == "*"
    problem: dict[str, Any] = json.loads(response.content)
    assert {"type", "title", "status", "detail", "instance"} <= problem.keys()
    assert problem["status"] == status
    assert problem["detail"]
    return problem
