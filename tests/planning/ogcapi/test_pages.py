"""The pages of the OGC APIs: the very documents, in words; what was typed stays text, no script is needed."""

import re
from typing import Any
from urllib.parse import parse_qsl

import orjson
import pytest
import shapely
from django.test import Client, RequestFactory
from django.utils import translation

from planning.catalog import CATALOGUE
from planning.models import Zone
from planning.ogcapi.addresses import addresses
from planning.ogcapi.labels import always_labelled
from planning.ogcapi.pages import api, drawing, maps
from planning.ogcapi.pages import page as page_of
from planning.ogcapi.pages.values import in_brief, shown
from tests import town
from tests.planning.ogcapi.asking import told

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert('x')</script>\"&<b>"
EVERY_PAGE = (
    "/ogc",
    "/ogc/",
    "/ogc/api",
    "/ogc/conformance",
    "/ogc/functions",
    "/ogc/collections",
    "/ogc/collections/zones",
    "/ogc/collections/zones/queryables",
    "/ogc/collections/zones/schema",
    "/ogc/collections/zones/items",
    "/ogc/collections/zones/items/zoning.1.1",
    "/ogc/collections/zones/tiles",
    "/ogc/collections/zones/tiles/WebMercatorQuad",
    "/ogc/tiles",
    "/ogc/tiles/WebMercatorQuad",
    "/ogc/tileMatrixSets",
    "/ogc/tileMatrixSets/WebMercatorQuad",
    "/ogc/styles",
    "/ogc/styles/land-use",
)


def page(client: Client, address: str, *, status: int = 200, **parameters: object) -> str:
    """The page at the address, as a browser asks for it."""
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    path, _, query = address.partition("?")
    asked = {"lang": "en", **dict(parse_qsl(query)), **parameters}
    response = client.get(path, asked, headers={"accept": accept})
    assert response.status_code == status, response.content[:500]
    assert response["Content-Type"].startswith("text/html")
    return response.content.decode()


def words(html: str) -> str:
    """What is read, tags and runs of blanks aside."""
    html = html.replace("<wbr>", "")
    return re.sub(r"\s+", " ", re.sub(r"<(script|title)\b.*?</\1>|<[^>]+>", " ", html, flags=re.DOTALL))


def hrefs(html: str, relation: str) -> list[str]:
    return [found.replace("&amp;", "&") for found in re.findall(rf'<a rel="{relation}" href="([^"]+)"', html)]


# --- Every page ---


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("address", EVERY_PAGE)
@pytest.mark.conforms("ogcapi-features-1/1.0/conf/html")
def test_every_resource_is_a_page_in_both_languages(
    client: Client, small_town: object, address: str, language: str
) -> None:
    html = page(client, address, lang=language)

    assert f'<html lang="{language}">' in html
    assert html.count("<h1>") == 1
    assert html.count('aria-current="page"') == 1


@pytest.mark.parametrize("address", EVERY_PAGE)
def test_no_page_holds_anything_that_the_content_policy_refuses(
    client: Client, small_town: object, address: str
) -> None:
    html = page(client, address)

    scripts = re.findall(r"<script\b[^>]*>", html)
    assert all('src="/' in one or 'type="application/json"' in one for one in scripts)
    assert not re.search(r"<style\b|\sstyle=|\son\w+=|javascript:", html)
    assert not re.search(r'<(?:link rel="stylesheet"|script|img)[^>]+(?:href|src)="(?:https?:)?//', html)


@pytest.mark.parametrize("address", EVERY_PAGE)
def test_every_page_gives_the_address_of_its_data_to_copy(
    client: Client, small_town: object, address: str
) -> None:
    html = page(client, address)

    copied = re.findall(r'readonly value="([^"]+)"', html)
    assert any("f=json" in one for one in copied)
    assert all(one.startswith("http://testserver/") for one in copied)


@pytest.mark.parametrize("address", EVERY_PAGE)
def test_a_page_names_its_data_by_the_type_that_they_are_sent_as(
    client: Client, small_town: object, address: str
) -> None:
    found = re.findall(r'<link rel="alternate" type="([^"]+)"[^>]* href="([^"]+)"', page(client, address))
    assert found
    for media_type, href in found:
        sent = client.get(href.replace("&amp;", "&"))["Content-Type"]
        assert sent.removesuffix("; charset=utf-8") == media_type


def test_the_box_of_a_collection_can_be_copied_into_the_form_in_vietnamese_too(
    client: Client, small_town: object
) -> None:
    box = re.search(
        r"<code>([-\d.]+(?:,[-\d.]+){3})</code>", page(client, "/ogc/collections/zones", lang="vi")
    )
    assert box
    assert client.get("/ogc/collections/zones/items", {"bbox": box[1]}).json()["features"]


def test_every_example_of_the_definition_leads_somewhere(client: Client, small_town: object) -> None:
    html = page(client, "/ogc/api")
    examples = {href for href in re.findall(r'href="([^"]+)"', html) if re.search(r"/\d+/\d+/\d+", href)}
    assert examples
    assert {client.get(href.replace("&amp;", "&")).status_code for href in examples} <= {200, 204}


def test_the_way_from_the_start_names_the_collection_by_its_title(client: Client, small_town: object) -> None:
    html = page(client, "/ogc/collections/zones/items/zoning.1.1")

    (way,) = re.findall(r'<nav class="breadcrumb".*?</nav>', html, flags=re.DOTALL)
    assert words(way).split(" ", 1)[1].strip() == (
        "Open Planning OGC API Collections Zones in force Items zoning.1.1"
    )


def test_a_language_that_was_chosen_goes_along_with_every_link(client: Client, small_town: object) -> None:
    html = page(client, "/ogc/collections")

    own = re.findall(r'<a href="(/ogc[^"]*)"', html)
    assert own
    assert all("lang=en" in one for one in own)


def test_links_are_paths_so_that_pages_work_under_any_name_of_the_server(
    client: Client, small_town: object, settings: Any
) -> None:
    settings.PUBLIC_URL = "https://planning.example.org"

    html = page(client, "/ogc/collections/zones/items", limit=1)

    assert hrefs(html, "next")[0].startswith("/ogc/collections/zones/items?")
    assert 'readonly value="https://planning.example.org/ogc/' in html


def test_a_page_is_sent_to_those_who_ask_for_one_alone(client: Client, small_town: object) -> None:
    assert client.get("/ogc/collections")["Content-Type"] == "application/json"
    assert client.get("/ogc/collections", {"f": "html"})["Content-Type"].startswith("text/html")


# --- Collections ---


def test_a_collection_says_how_much_it_holds_where_and_how_to_ask(client: Client, small_town: object) -> None:
    html = page(client, "/ogc/collections/zones")

    assert "Number of features 2" in words(html)
    assert "CC-BY-4.0" in html
    assert "http://www.opengis.net/def/crs/OGC/1.3/CRS84" in html.replace("<wbr>", "")
    for name in ("json", "csv", "gpkg", "fgb", "geojsonseq"):
        assert f"/ogc/collections/zones/items?f={name}" in html


def test_every_example_of_a_collection_works_and_finds_something(client: Client, small_town: object) -> None:
    html = page(client, "/ogc/collections/zones")

    examples = re.findall(r'id="address-example-\d+" type="text" readonly value="([^"]+)"', html)
    assert len(examples) == 4
    for address in examples:
        found = told(client, address.replace("&amp;", "&").removeprefix("http://testserver"))
        assert found["features"], address


# --- Items ---


def test_a_table_shows_the_values_of_the_document(client: Client, small_town: object) -> None:
    html = page(client, "/ogc/collections/zones/items")

    assert "Features 1 to 2 of 2." in words(html)
    assert '<a href="/ogc/collections/zones/items/zoning.1.1?lang=en">zoning.1.1</a>' in html
    assert '<a class="for-people" href="/zones/zoning.1.1?lang=en"' in html
    for feature in told(client, "/ogc/collections/zones/items")["features"]:
        assert f"<td>{feature['properties']['code']}</td>" in html
        assert f'fill="{feature["properties"]["colour"]}"' in html


def test_a_column_that_nobody_fills_is_named_once_and_not_shown_as_blanks(
    client: Client, small_town: object
) -> None:
    html = page(client, "/ogc/collections/zones/items")

    assert '<th scope="col">Storeys' not in html
    assert re.search(r"None of these features has a value for: [^.]*storeys_min", words(html))


def _publish_parcels(number: int) -> None:
    town.planner()
    town.reviewer()
    first = town.edition(town.plan("zoning"))
    town.zone(first, town.square(0, 0, 10 * number, 10))
    for one in range(number):
        town.parcel(str(one + 1), town.square(10 * one, 0, 10), feature=one + 1)
    town.publish()


def test_pages_are_walked_to_the_end_and_back_again(client: Client, db: None) -> None:
    _publish_parcels(24)
    address, seen = "/ogc/collections/parcels/items?limit=10&lang=en", []
    while address:
        html = page(client, address)
        seen.append(re.findall(r'<th scope="row"><a href="[^"]+">([^<]+(?:<wbr>[^<]+)*)</a>', html))
        address = next(iter(hrefs(html, "next")), "")

    assert [len(ids) for ids in seen] == [10, 10, 4]
    assert len({one for ids in seen for one in ids}) == 24
    assert "Features 21 to 24 of 24." in words(html)
    assert "Features 11 to 20 of 24." in words(page(client, hrefs(html, "prev")[0]))


def test_a_question_is_still_in_the_form_when_its_answer_is_there(client: Client, small_town: object) -> None:
    html = page(client, "/ogc/collections/zones/items", code="ODT-01", limit=7, filter="land_use = 'ODT'")

    assert 'name="code" type="text" value="ODT-01"' in html
    assert 'name="limit" type="number" min="1" max="1000" value="7"' in html
    assert 'value="land_use = &#x27;ODT&#x27;"' in html
    assert "Features 1 to 1 of 1." in words(html)


def test_fields_left_empty_ask_for_everything(client: Client, small_town: object) -> None:
    html = page(client, "/ogc/collections/zones/items", code="", name="", bbox="", datetime="", filter="")

    assert "Features 1 to 2 of 2." in words(html)


def test_nothing_found_is_not_called_nothing_planned(client: Client, small_town: object) -> None:
    html = page(client, "/ogc/collections/zones/items", code="none")

    assert "No feature matches. That does not mean that nothing is planned there." in words(html)
    assert "<table" not in html
    assert "<figure" not in html


def test_a_count_that_would_take_too_long_is_called_not_computed(client: Client, small_town: object) -> None:
    document = told(client, "/ogc/collections/zones/items", limit=1)
    del document["numberMatched"]

    assert "How many there are in all was not counted" in words(rendered(client, "items", document))


def test_coordinates_in_another_system_are_not_drawn_as_degrees(client: Client, small_town: object) -> None:
    html = page(client, "/ogc/collections/zones/items", crs="http://www.opengis.net/def/crs/EPSG/0/4326")

    assert "<figure" not in html
    assert "There is no map here: the coordinates are given in" in words(html)


def test_one_feature_shows_every_property_by_its_title(client: Client, small_town: object) -> None:
    html = page(client, "/ogc/collections/zones/items/zoning.1.1")

    names = re.findall(r"<dt>[^<]* <code>(.*?)</code></dt>", html)
    document = told(client, "/ogc/collections/zones/items/zoning.1.1")
    assert [name.replace("<wbr>", "") for name in names] == list(document["properties"])
    assert '<a class="button" href="/zones/zoning.1.1?lang=en">' in html
    assert "no value" in words(html)


@pytest.mark.parametrize(
    "address", ["/ogc/collections/zones/items", "/ogc/collections/zones/items/zoning.1.1"]
)
def test_what_was_typed_never_becomes_markup(client: Client, small_town: object, address: str) -> None:
    first = town.edition(town.plan("hostile", title=HOSTILE, title_en=HOSTILE))
    town.zone(first, town.square(300, 0, 50), "ODT", code=HOSTILE[:20], name=HOSTILE)
    town.publish()
    address = address.replace("zoning.1.1", Zone.objects.get(name=HOSTILE).public_id)

    html = page(client, address)

    assert HOSTILE in words(html).replace("&lt;", "<").replace("&gt;", ">").replace("&#x27;", "'").replace(
        "&quot;", '"'
    ).replace("&amp;", "&")
    assert "<script>alert" not in html
    assert "<b>" not in html


def test_what_was_asked_never_becomes_markup(client: Client, small_town: object) -> None:
    html = page(client, "/ogc/collections/zones/items", code=HOSTILE)

    assert "&lt;script&gt;alert" in html
    assert "<script>alert" not in html


# --- Problems ---


def test_a_reader_of_pages_reads_a_problem_as_a_page(client: Client, small_town: object) -> None:
    html = page(client, "/ogc/collections/zones/items", status=400, bbox="1,2")

    assert "bbox" in words(html)
    assert "A question that failed says nothing of what is planned." in words(html)


@pytest.mark.parametrize(
    ("address", "status"), [("/ogc/collections/none", 404), ("/ogc/collections?x=1", 400), ("/ogc/?f=x", 400)]
)
def test_what_is_wrong_is_a_page_for_people_and_a_problem_for_programs(
    client: Client, address: str, status: int
) -> None:
    people = client.get(address, headers={"accept": "text/html"})
    program = client.get(address)

    assert people.status_code == program.status_code == status
    assert people["Content-Type"].startswith("text/html")
    assert people["Cache-Control"] == program["Cache-Control"]
    assert program["Content-Type"] == "application/problem+json"
    assert program.json()["title"] in people.content.decode()


# --- Drawings ---


def rendered(client: Client, name: str, document: dict[str, Any]) -> str:
    """A document of zones that no request would give, on its page."""
    request = RequestFactory().get("/ogc/collections/zones/items")
    with translation.override("en"):
        return page_of(request, name, document, CATALOGUE, addresses()).content.decode()


def box(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": "a",
        "properties": {"colour": "#FFA0FF"},
        "geometry": shapely.geometry.mapping(shapely.box(west, south, east, north)),
    }


def test_features_are_drawn_in_their_official_colours() -> None:
    found = maps.of_features([box(1, 1, 2, 2)], None, "Map")

    assert found is not None
    assert 'fill="#FFA0FF"' in found.svg
    assert found.bounds == (1, 1, 2, 2)


def test_a_colour_that_is_none_reaches_no_drawing() -> None:
    hostile = box(1, 1, 2, 2) | {"properties": {"colour": 'red" onload="x'}}

    found = maps.of_features([hostile], None, "Map")

    assert found is not None
    assert "onload" not in found.svg


@pytest.mark.parametrize(
    "geometry",
    [
        None,
        {"type": "Polygon", "coordinates": []},
        {"type": "Point", "coordinates": [2_326_256.0, 586_513.0]},
        {"type": "Nonsense", "coordinates": 1},
    ],
)
def test_what_has_no_place_in_degrees_is_not_drawn(geometry: Any) -> None:
    assert maps.of_features([{"id": "a", "properties": {}, "geometry": geometry}], None, "Map") is None


@pytest.mark.parametrize(
    "shape",
    [
        shapely.Point(1, 1),
        shapely.MultiPoint([(1, 1), (2, 2)]),
        shapely.LineString([(1, 1), (2, 2)]),
        shapely.box(1, 1, 1.000001, 1.000001),
        shapely.box(-180, -90, 180, 90),
        shapely.box(0, 0, 4, 4).difference(shapely.box(1, 1, 2, 2)),
    ],
)
def test_every_kind_of_shape_is_drawn_within_the_window(shape: Any) -> None:
    svg = drawing.draw([drawing.Shape(shape, "", "#FFA0FF")], shape.bounds, (), "Map")

    numbers = [float(one) for one in re.findall(r'(?:c[xy]="|[ML ])(-?\d+\.\d)', svg)]
    assert numbers
    assert all(-1 <= one <= drawing.WIDTH + 1 for one in numbers)


def test_no_map_of_the_sea_is_without_its_islands() -> None:
    found = maps.of_features([box(102, 4.5, 118, 23.5)], None, "Map")

    assert found is not None
    for label in always_labelled():
        assert label.text in found.svg
        assert label.text in orjson.dumps(found.style).decode()


def test_a_thousand_features_are_not_all_drawn_and_the_page_says_so(
    client: Client, small_town: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maps, "MOST_DRAWN", 1)

    assert "The map shows 1 of these features." in words(page(client, "/ogc/collections/zones/items"))


# --- Values and the API definition ---


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (None, "missing", ""),
        ("", "missing", ""),
        ({}, "missing", ""),
        (0, "number", "0"),
        (2.0, "number", "2"),
        (False, "false", ""),
        ("#FFA0FF", "colour", "#FFA0FF"),
        ("#FFA0FF;x", "text", "#FFA0FF;x"),
        ("https://example.org", "link", "https://example.org"),
        ("javascript:alert(1)", "text", "javascript:alert(1)"),
        ({"vi": "đất", "en": "land"}, "text", "land"),
    ],
)
def test_a_value_is_shown_as_what_it_is(value: Any, form: str, text: str) -> None:
    with translation.override("en"):
        found = shown(value)

    assert (found.form, found.text) == (form, text)


def test_structured_values_take_one_line_in_a_table() -> None:
    indicators = {"coverage": {"text": "40-60", "min": 40}, "storeys": {"text": "", "min": None, "max": 5}}

    assert in_brief(indicators).text == "coverage: 40-60; storeys: max: 5"
    assert in_brief(["a", "b"]).text == "a, b"
    assert in_brief("x" * 500).text.endswith("…")


def test_the_definition_is_shown_with_its_parameters_and_an_example() -> None:
    parameter = {"name": "id", "in": "path", "required": True, "example": "a b", "schema": {"type": "string"}}
    limit = {"name": "limit", "in": "query", "schema": {"type": "integer", "default": 10}}
    document = {
        "servers": [{"url": "https://example.org/ogc"}],
        "components": {"parameters": {"limit": limit}},
        "paths": {
            "/things/{id}": {
                "parameters": [parameter],
                "get": {"tags": ["Things"], "parameters": [{"$ref": "#/components/parameters/limit"}]},
            }
        },
    }

    ((tag, _description, (operation,)),) = api.presented(document, None)["groups"]  # type: ignore[arg-type]

    assert (tag, operation.method, operation.path) == ("Things", "GET", "/things/{id}")
    assert operation.example == "https://example.org/ogc/things/a%20b"
    assert [(one.name, one.default, one.is_required) for one in operation.parameters] == [
        ("id", "", True),
        ("limit", "10", False),
    ]
