"""The root of the OGC APIs: what it links to, in which words, and under which address."""

import pytest
from django.test import Client

from planning.ogcapi.conformance import CLASSES
from planning.ogcapi.cql2.functions import FUNCTIONS
from tests.planning.ogcapi.asking import linked, told

OGC = "http://www.opengis.net/def/rel/ogc/1.0/"

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/ogc", "/ogc/"])
@pytest.mark.conforms("ogcapi-common-1/1.0/conf/landing-page")
@pytest.mark.conforms("ogcapi-common-1/1.0/conf/core")
def test_the_root_answers_with_and_without_its_slash(client: Client, address: str) -> None:
    response = client.get(address)

    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert {"title", "description", "links"} <= response.json().keys()


@pytest.mark.parametrize(
    ("relation", "href", "media_type"),
    [
        ("self", "/?f=json", "application/json"),
        ("alternate", "/?f=html", "text/html"),
        ("service-desc", "/api?f=json", "application/vnd.oai.openapi+json;version=3.0"),
        ("service-doc", "/api?f=html", "text/html"),
        ("conformance", "/conformance", "application/json"),
        (OGC + "conformance", "/conformance", "application/json"),
        ("data", "/collections", "application/json"),
        (OGC + "data", "/collections", "application/json"),
        (OGC + "tilesets-vector", "/tiles", "application/json"),
        (OGC + "tiling-schemes", "/tileMatrixSets", "application/json"),
        (OGC + "styles", "/styles", "application/json"),
        (OGC + "functions", "/functions", "application/json"),
    ],
)
@pytest.mark.conforms("ogcapi-common-1/1.0/conf/landing-page")
@pytest.mark.conforms("ogcapi-features-1/1.0/conf/core")
def test_the_root_links_to_all_there_is(client: Client, relation: str, href: str, media_type: str) -> None:
    (link,) = linked(told(client, "/ogc/"), relation)

    assert link["href"] == f"http://testserver/ogc{href}"
    assert link["type"] == media_type


@pytest.mark.parametrize("address", ["/ogc/", "/ogc/conformance", "/ogc/collections"])
def test_every_link_says_its_kind_its_type_and_its_title(client: Client, address: str) -> None:
    links = told(client, address)["links"]

    assert links
    assert all(link["rel"] and link["type"] and link["title"] and link["href"] for link in links)


@pytest.mark.parametrize("address", ["/ogc/", "/ogc/collections", "/ogc/api"])
def test_whatever_host_a_request_claims_links_stay_ours(
    client: Client, settings: object, address: str
) -> None:
    settings.ALLOWED_HOSTS = ["*"]  # type: ignore[attr-defined]

    forged = client.get(address, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})

    assert forged.status_code == 200
    assert "evil.example" not in forged.content.decode()


def test_links_follow_the_one_public_address(client: Client, settings: object) -> None:
    settings.PUBLIC_URL = "https://planning.example.org"  # type: ignore[attr-defined]

    links = told(client, "/ogc/")["links"]

    assert all(link["href"].startswith("https://planning.example.org/ogc/") for link in links)


@pytest.mark.conforms("ogcapi-features-1/1.0/conf/core")
@pytest.mark.conforms("ogcapi-common-1/1.0/conf/json")
def test_the_declaration_is_the_table(client: Client) -> None:
    declared = told(client, "/ogc/conformance")["conformsTo"]

    assert declared == [f"http://www.opengis.net/spec/{one.name}" for one in CLASSES]
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in declared


@pytest.mark.parametrize(("asked", "title"), [("en", "Open Planning"), ("vi", "Quy hoạch mở")])
def test_the_root_speaks_the_language_asked_for(client: Client, asked: str, title: str) -> None:
    by_parameter = client.get("/ogc/", {"lang": asked})
    by_header = client.get("/ogc/", headers={"Accept-Language": asked})

    assert by_parameter["Content-Language"] == by_header["Content-Language"] == asked
    assert by_parameter.json()["title"] == by_header.json()["title"]
    assert "Accept-Language" in by_header["Vary"]


def test_who_holds_the_document_is_not_sent_it_again(client: Client) -> None:
    tag = client.get("/ogc/")["ETag"]

    again = client.get("/ogc/", headers={"If-None-Match": tag})
    in_another_language = client.get("/ogc/", {"lang": "en"}, headers={"If-None-Match": tag})

    assert again.status_code == 304
    assert not again.content
    assert in_another_language.status_code == 200


@pytest.mark.parametrize("address", ["/ogc/", "/ogc/conformance", "/ogc/api", "/ogc/functions"])
@pytest.mark.conforms("ogcapi-features-1/1.0/conf/core")
def test_a_parameter_that_nobody_declared_is_refused(client: Client, address: str) -> None:
    response = client.get(address, {"unknownQueryParameter": "1"})

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["parameter"] == "unknownQueryParameter"


@pytest.mark.parametrize("address", ["/ogc/", "/ogc/conformance", "/ogc/collections", "/ogc/api"])
def test_nothing_here_is_written_to(client: Client, address: str) -> None:
    response = client.post(address)

    assert response.status_code == 405
    assert "GET" in response["Allow"]


@pytest.mark.conforms("cql2/1.0/conf/functions")
def test_functions_of_filters_say_what_they_take_and_give(client: Client) -> None:
    document = told(client, "/ogc/functions", lang="en")

    found = {one["name"]: one for one in document["functions"]}
    assert found.keys() == {one.name for one in FUNCTIONS}
    assert found["year"]["arguments"] == [{"title": "instant", "type": ["datetime"]}]
    assert found["year"]["returns"] == ["number"]
    assert all(one["description"] for one in found.values())
    known = {"string", "number", "integer", "datetime", "geometry", "boolean"}
    for one in found.values():
        assert {*one["returns"], *(kind for taken in one["arguments"] for kind in taken["type"])} <= known


def test_functions_are_described_in_the_language_asked_for(client: Client) -> None:
    english, vietnamese = (client.get("/ogc/functions", {"lang": lang}) for lang in ("en", "vi"))

    assert (english["Content-Language"], vietnamese["Content-Language"]) == ("en", "vi")
