"""The API definition: valid, complete, and in the form that clients look for."""

from typing import Any

import pytest
from django.test import Client
from schemathesis.specs.openapi.definitions import OPENAPI_30_VALIDATOR

from planning.catalog import CATALOGUE
from planning.models import Publication
from planning.ogcapi.urls import _ROUTES
from tests.planning.ogcapi.asking import Json, linked, told

pytestmark = pytest.mark.django_db
MEDIA_TYPE = "application/vnd.oai.openapi+json;version=3.0"


@pytest.fixture
def document(client: Client, small_town: Publication) -> Json:
    """The definition as an anonymous caller reads it."""
    return told(client, "/ogc/api", lang="en")


def resolved(document: Json, value: Json) -> Json:
    """What a reference within the document points to."""
    found: Any = document
    for part in value.get("$ref", "#").split("/")[1:]:
        found = found[part]
    return found if "$ref" in value else value


def parameters_at(document: Json, path: str) -> dict[str, Json]:
    """The parameters of a path by name."""
    given = [resolved(document, one) for one in document["paths"][path]["get"]["parameters"]]
    return {one["name"]: one for one in given}


@pytest.mark.conforms("ogcapi-features-1/1.0/conf/oas30")
@pytest.mark.conforms("ogcapi-common-1/1.0/conf/oas30")
@pytest.mark.conforms("ogcapi-tiles-1/1.0/conf/oas30")
def test_the_document_is_valid_openapi_3_0(document: Json) -> None:
    OPENAPI_30_VALIDATOR.validate(document)

    assert document["openapi"].startswith("3.0.")


@pytest.mark.conforms("ogcapi-features-1/1.0/conf/oas30")
def test_the_link_of_the_root_leads_to_it_in_its_own_media_type(client: Client) -> None:
    (link,) = linked(told(client, "/ogc/"), "service-desc")

    response = client.get(link["href"])

    assert link["type"] == MEDIA_TYPE
    assert response["Content-Type"] == MEDIA_TYPE


def test_every_reference_leads_somewhere(document: Json) -> None:
    def references(value: Any) -> list[str]:
        if isinstance(value, list):
            return [one for part in value for one in references(part)]
        if not isinstance(value, dict):
            return []
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [one for part in value.values() for one in references(part)]

    found = set(references(document))

    assert found
    assert all(resolved(document, {"$ref": one}) for one in found)


@pytest.mark.conforms("ogcapi-features-1/1.0/conf/oas30")
def test_the_server_is_absolute_and_paths_are_relative_to_it(document: Json) -> None:
    assert document["servers"] == [{"url": "http://testserver/ogc"}]
    assert {"/", "/conformance", "/collections", "/collections/zones", "/collections/zones/items"} <= set(
        document["paths"]
    )
    assert all(path.startswith("/") and not path.startswith("/ogc") for path in document["paths"])


def test_every_route_and_every_collection_has_its_path(document: Json) -> None:
    ids = {one.id for one in CATALOGUE.collections}

    for collection in ids:
        for below in ("", "/queryables", "/schema", "/items", "/items/{featureId}"):
            assert f"/collections/{collection}{below}" in document["paths"]
    plain = {f"/{route}" for route, _view, _name in _ROUTES if "<" not in route}
    assert plain <= set(document["paths"])
    assert not [path for path in document["paths"] if "<" in path or "{collectionId}" in path]


def test_the_limit_is_where_clients_look_for_it(document: Json) -> None:
    schema = document["components"]["parameters"]["limit"]["schema"]

    assert schema == {"type": "integer", "minimum": 1, "maximum": 10_000, "default": 100}
    assert parameters_at(document, "/collections/zones/items")["limit"]["schema"] == schema


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("limit", {"type": "integer"}),
        ("bbox", {"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}}),
        ("datetime", {"type": "string"}),
        ("filter", {"type": "string"}),
        ("filter-lang", {"type": "string", "default": "cql2-text"}),
        ("crs", {"type": "string"}),
        ("bbox-crs", {"type": "string"}),
    ],
)
@pytest.mark.conforms("ogcapi-features-1/1.0/conf/core")
def test_parameters_spell_out_what_others_take_for_granted(document: Json, name: str, schema: Json) -> None:
    for collection in CATALOGUE.collections:
        parameter = parameters_at(document, f"/collections/{collection.id}/items")[name]

        assert schema.items() <= parameter["schema"].items()
        assert parameter["in"] == "query"
        assert parameter["required"] is False
        assert parameter["style"] == "form"
        assert parameter["explode"] is False


@pytest.mark.conforms("ogcapi-features-3/1.0/conf/queryables-query-parameters")
def test_every_queryable_is_a_parameter_of_the_items(client: Client, document: Json) -> None:
    for collection in CATALOGUE.collections:
        parameters = parameters_at(document, f"/collections/{collection.id}/items")
        queryables = told(client, f"/ogc/collections/{collection.id}/queryables")["properties"]

        for name, schema in queryables.items():
            if "type" in schema:
                asked = parameters[name]["schema"]
                assert asked["type"] == schema["type"]
                assert asked.get("enum") == schema.get("enum")


def test_no_parameter_takes_just_anything(document: Json) -> None:
    for path in document["paths"]:
        for parameter in parameters_at(document, path).values():
            assert "additionalProperties" not in parameter["schema"]
            assert parameter["schema"]["type"] != "object"


def test_every_operation_has_its_own_name_an_answer_and_its_problems(document: Json) -> None:
    operations = [item["get"] for item in document["paths"].values()]
    names = [operation["operationId"] for operation in operations]

    assert len(set(names)) == len(names)
    for operation in operations:
        assert operation["responses"]["200"]["content"]
        assert {"200", "400", "503"} <= set(operation["responses"])


@pytest.mark.conforms("ogcapi-tiles-1/1.0/conf/oas30")
def test_tiles_are_found_by_the_names_of_their_operations(document: Json) -> None:
    names = {path: item["get"]["operationId"] for path, item in document["paths"].items()}

    assert names["/tiles"] == "dataset.vector.getTileSetsList"
    assert names["/tiles/{tileMatrixSetId}"] == "dataset.vector.getTileSet"
    assert names["/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}"] == "dataset.vector.getTile"


def test_variables_of_a_path_are_its_parameters(document: Json) -> None:
    for path in document["paths"]:
        declared = {one["name"] for one in parameters_at(document, path).values() if one["in"] == "path"}

        assert declared == {part[1:-1] for part in path.split("/") if part.startswith("{")}


def test_somebody_answers_for_it(document: Json) -> None:
    assert document["info"]["contact"]["name"]


def test_the_document_speaks_the_language_asked_for(client: Client, small_town: Publication) -> None:
    english = client.get("/ogc/api", {"lang": "en"})
    vietnamese = client.get("/ogc/api", headers={"Accept-Language": "vi"})

    assert english["Content-Language"] == "en"
    assert vietnamese["Content-Language"] == "vi"
    assert english["ETag"] != vietnamese["ETag"]


@pytest.mark.conforms("ogcapi-features-3/1.0/conf/filter")
def test_filters_are_taken_as_declared(client: Client, document: Json) -> None:
    address = "/ogc/collections/zones/items"
    languages = parameters_at(document, "/collections/zones/items")["filter-lang"]["schema"]["enum"]
    written = {
        "cql2-text": "land_use = 'ODT'",
        "cql2-json": '{"op": "=", "args": [{"property": "land_use"}, "ODT"]}',
    }

    assert languages == list(written)
    for language, condition in written.items():
        found = told(client, address, **{"filter": condition, "filter-lang": language})["features"]
        assert [feature["properties"]["land_use"] for feature in found] == ["ODT"]


@pytest.mark.parametrize(
    "wrong",
    [{"filter": "land_use ="}, {"filter": "1 = 1", "filter-lang": "sql"}, {"filter-crs": "EPSG:9999"}],
)
@pytest.mark.conforms("ogcapi-features-3/1.0/conf/filter")
def test_a_filter_that_cannot_be_read_is_refused(
    client: Client, small_town: Publication, wrong: dict[str, str]
) -> None:
    assert client.get("/ogc/collections/zones/items", wrong).status_code == 400


def test_what_two_media_types_share_is_told_as_the_document(document: Json) -> None:
    """TileJSON is `application/json` as the tileset is."""
    answer = document["paths"]["/tiles/{tileMatrixSetId}"]["get"]["responses"]["200"]

    assert answer["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Document"}


def test_whatever_may_be_asked_of_a_version_may_be_gone(document: Json) -> None:
    for path, methods in document["paths"].items():
        asked = {*parameters_at(document, path)}

        assert "version" not in asked or "410" in methods["get"]["responses"], path
