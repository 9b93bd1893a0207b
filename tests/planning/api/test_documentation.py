"""The API about itself: every address is documented, and what is documented works."""

import json
import re
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from drf_spectacular.validation import validate_schema

from planning.errors import Reason
from planning.models import Publication
from planning.ogcapi import problems
from planning.ogcapi.parameters import read
from planning.urls import urlpatterns
from tests.contract.test_bad_input import view_of

ROOT = "/api/v1/"


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
            assert reference == "/api/v1/schemas/planning.json"


@pytest.mark.django_db
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


@pytest.mark.django_db
def test_the_page_needs_no_script_and_nothing_from_elsewhere(client: Client) -> None:
    page = client.get(f"{ROOT}docs").content.decode()

    assert "<script" not in page
    assert "style=" not in page
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)


@pytest.mark.django_db
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
        "lookup",
        "parcels",
        "planning",
        "coverage",
        "plans",
    } == set(links)
