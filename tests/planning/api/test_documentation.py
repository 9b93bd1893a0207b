"""The API about itself: every address is documented, and what is documented works."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.test import Client
from drf_spectacular.validation import validate_schema

from planning.errors import Reason
from planning.models import Office, Publication
from planning.ogcapi import problems
from planning.ogcapi.parameters import read
from planning.urls import urlpatterns
from tests.contract.test_bad_input import view_of

ROOT = "/api/v1/"

pytestmark = pytest.mark.django_db


def document(client: Client, language: str = "en") -> dict[str, Any]:
    response = client.get(f"{ROOT}openapi.json?lang={language}")
    assert response.status_code == 200
    found: dict[str, Any] = json.loads(response.content)
    return found


def test_the_openapi_document_is_valid(client: Client) -> None:
    for language in ("vi", "en"):
        validate_schema(document(client, language))


def test_the_openapi_document_speaks_both_languages(client: Client) -> None:
    vi, en = (document(client, language)["paths"]["/api/v1/lookup"]["get"] for language in ("vi", "en"))

    assert vi["summary"] != en["summary"]


def test_every_route_is_documented(client: Client) -> None:
    undocumented = {"docs", "openapi.json"}
    routes = {str(route.pattern) for route in urlpatterns} - undocumented
    expected = {ROOT + re.sub(r"<\w+:(\w+)>", r"{\1}", route) for route in routes}

    assert set(document(client)["paths"]) == expected


def test_every_parameter_has_meaning_and_example(client: Client) -> None:
    for path, methods in document(client)["paths"].items():
        for method, operation in methods.items():
            for parameter in operation["parameters"]:
                where = f"{method} {path} {parameter['name']}"
                assert parameter.get("description") or parameter["in"] == "path", where
                assert parameter.get("examples") or parameter.get("example"), where


def test_every_documented_example_is_read_without_complaint() -> None:
    for view in (view_of(route) for route in urlpatterns):
        for method in view.operations:
            for parameter in view.documented_parameters(method):
                for example in parameter.examples:
                    query = QueryDict(mutable=True)
                    query[parameter.name] = example
                    read(query, [parameter])


def test_every_reference_leads_somewhere(client: Client) -> None:
    found = document(client)
    for reference in re.findall(r'"\$ref":\s*"([^"]+)"', json.dumps(found)):
        if reference.startswith("#"):
            assert reference.removeprefix("#/components/schemas/") in found["components"]["schemas"]
        else:
            assert reference in ("/api/v1/schemas/planning.json", "/api/v1/schemas/history.json")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_shows_every_operation_and_its_examples_work(
    client: Client, small_town: Publication, language: str
) -> None:
    response = client.get(f"{ROOT}docs?lang={language}")
    page = response.content.decode()

    assert response.status_code == 200
    assert f'<html lang="{language}">' in page
    for methods in document(client)["paths"].values():
        for operation in methods.values():
            assert f'id="{operation["operationId"]}"' in page
    examples = re.findall(r'<a href="(/api/v1/[^"]*)">', page)
    assert len(examples) >= 9
    for example in examples:
        assert client.get(example.replace("&amp;", "&")).status_code == 200, example


def test_the_page_needs_no_script_and_nothing_from_elsewhere(client: Client) -> None:
    page = client.get(f"{ROOT}docs").content.decode()

    assert "<script" not in page
    assert "style=" not in page
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)


def test_every_kind_of_problem_is_explained_where_its_type_points(client: Client) -> None:
    page = client.get(f"{ROOT}docs?lang=en").content.decode()

    for kind in {*problems.KINDS.values(), *map(problems.kind_of, Reason)}:
        assert page.count(f'id="problem-{kind}"') == 1, kind


def test_every_reason_has_a_sentence_and_every_status_a_title() -> None:
    assert set(problems.SENTENCES) == set(Reason)
    statuses = {*problems.STATUS.values(), *problems.STATUS_OF_REASON.values(), *problems.FRAMEWORK}
    assert statuses <= set(problems.TITLES) == set(problems.KINDS)


def test_the_schema_of_the_answer_is_published(client: Client) -> None:
    response = client.get(f"{ROOT}schemas/planning.json")

    assert response.status_code == 200
    assert json.loads(response.content)["$schema"].startswith("https://json-schema.org/")


def test_the_index_leads_to_all_that_needs_no_parameter(client: Client) -> None:
    links = json.loads(client.get(ROOT).content)["links"]

    assert {
        "openapi",
        "docs",
        "planning_schema",
        "history_schema",
        "lookup",
        "parcels",
        "planning",
        "coverage",
        "plans",
    } == set(links)


def test_the_schema_of_the_answer_bears_the_address_where_it_is_published(client: Client) -> None:
    found = json.loads(client.get(f"{ROOT}schemas/planning.json").content)

    assert found["$id"] == "http://testserver/api/v1/schemas/planning.json"


def example_addresses(path: str, operation: dict[str, Any]) -> Iterator[str]:
    """The address with each documented parameter in turn, and with what it cannot go without."""
    shown = {one["name"]: one for one in operation["parameters"]}
    first = {
        name: next(iter(one.get("examples", {"": {}}).values())).get("value") for name, one in shown.items()
    }
    for name in re.findall(r"\{(\w+)\}", path):
        path = path.replace(f"{{{name}}}", shown[name]["example"])
    metres, degrees = ("easting", "northing", "crs"), ("lon", "lat")
    for name in (name for name in shown if shown[name]["in"] == "query"):
        is_point = "easting" in shown
        on_earth = is_point or name in (*degrees, "accuracy_m")
        place = metres if name in metres else degrees if on_earth else ()
        # a look-up takes words or a position
        needed = {*place, *(["q"] if "q" in shown and not place else []), name}
        yield f"{path}?{urlencode({one: first[one] for one in sorted(needed)})}"


def test_every_documented_example_can_be_followed_on_the_stored_data(
    client: Client, small_town: Publication
) -> None:
    paths = document(client)["paths"].items()
    found = [address for path, methods in paths for address in example_addresses(path, methods["get"])]

    assert len(found) > 30
    assert [address for address in found if client.get(address).status_code != 200] == []


def test_the_example_site_can_be_posted_and_concerns_stored_land(
    client: Client, small_town: Publication
) -> None:
    operation = document(client)["paths"]["/api/v1/planning"]["post"]
    site = operation["requestBody"]["content"]["application/json"]["examples"]["example1"]["value"]

    response = client.post(f"{ROOT}planning", json.dumps(site), content_type="application/json")

    assert response.status_code == 200
    assert {theme["state"] for theme in response.json()["themes"]} - {"unknown"}


def test_the_vietnamese_document_keeps_no_english_description(client: Client) -> None:
    vi, en = (document(client, language) for language in ("vi", "en"))

    def described(found: Any) -> list[str]:
        if isinstance(found, dict):
            own = [found["description"]] if isinstance(found.get("description"), str) else []
            return own + [text for value in found.values() for text in described(value)]
        return [text for value in found for text in described(value)] if isinstance(found, list) else []

    same = {a for a, b in zip(described(vi), described(en), strict=True) if a == b}
    assert same <= {"RFC 9457"}


def test_the_problems_of_an_operation_are_listed_by_status(client: Client) -> None:
    paths = document(client)["paths"]

    assert {"200", "400", "404", "405", "503"} <= paths["/api/v1/parcels/{parcel_id}"]["get"][
        "responses"
    ].keys()
    assert {"400", "413", "415"} <= paths["/api/v1/planning"]["post"]["responses"].keys()


def test_the_page_says_when_its_examples_come_from_invented_data(
    client: Client, small_town: Publication
) -> None:
    assert "invented" not in client.get(f"{ROOT}docs?lang=en").content.decode()

    Office.objects.update(is_demonstration=True)

    assert "nothing here applies to real land" in client.get(f"{ROOT}docs?lang=en").content.decode()
