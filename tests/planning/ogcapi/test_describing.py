"""Collections, queryables and schemas: what they say, to whom, and that it is true of the features."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client
from django.urls import path
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from planning import crs
from planning.catalog import CATALOGUE
from planning.models import Publication, Zone
from planning.ogcapi.collections import (
    Catalogue,
    Collection,
    Drawing,
    Drawn,
    Family,
    Figures,
    Geometry,
    Key,
    Kind,
    Property,
    Snapshot,
    Validity,
)
from planning.ogcapi.describing import outward
from planning.ogcapi.urls import mounted
from planning.ogcapi.views import OgcView
from tests.planning.ogcapi.asking import Json, linked, told

OGC = "http://www.opengis.net/def/rel/ogc/1.0/"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"

pytestmark = pytest.mark.django_db


@dataclass
class Shelf:
    """A source whose figures a test chooses, and which counts how often it is asked."""

    figures_of: dict[str, Figures] = field(default_factory=dict)
    version: Snapshot = field(default_factory=lambda: Snapshot(7, date(2026, 1, 1)))
    asked: list[str] = field(default_factory=list)

    def newest(self) -> Snapshot:
        self.asked.append("newest")
        return self.version

    def at(self, version: str) -> Snapshot:
        return self.version

    def figures(self, collection: Collection, snapshot: Snapshot) -> Figures:
        self.asked.append(collection.id)
        return self.figures_of.get(collection.id, Figures(count=0, bbox=None))


def drawn(snapshot: Snapshot, zoom: int) -> Drawn:
    """Nothing in particular."""
    return Drawn(rows=Zone.objects.none(), geometry="geometry", srid=4326, properties={}, weight="pk")


def collection_of(shelf: Shelf, name: str = "lots", **more: Any) -> Collection:
    """A collection that shows one property of each kind."""
    declared: dict[str, Any] = {
        "title": "Lots",
        "description": "Lots of lots.",
        "rows": lambda snapshot: Zone.objects.none(),
        "key": Key(source="public_id", find=lambda text: None),
        "geometry": Geometry(family=Family.POLYGON),
        "properties": (
            Property(name="code", source="code", title="Code"),
            Property(name="use", source="code", choices=("ODT", "DGT")),
            Property(name="storeys", source="pk", kind=Kind.INTEGER),
            Property(name="area", source="pk", kind=Kind.NUMBER, unit="m2"),
            Property(name="built", source="pk", kind=Kind.BOOLEAN),
            Property(name="valid_from", source="pk", kind=Kind.DATE),
            Property(name="valid_to", source="pk", kind=Kind.DATE),
            Property(name="seen", source="pk", kind=Kind.DATETIME),
            Property(name="detail", source="pk", kind=Kind.JSON),
            Property(name="note", source="code", is_queryable=False),
        ),
        "validity": Validity(field="valid", start="valid_from", end="valid_to"),
    }
    return Collection(id=name, source=shelf, **declared | more)


class Served:
    """The addresses of a catalogue of the test's own."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.urlpatterns = [*mounted("ogc", catalogue), path("nothing", OgcView.as_view())]


@pytest.fixture
def serve(settings: Any) -> Callable[..., None]:
    """Publishes these collections instead of the product's."""

    def put_up(*collections: Collection) -> None:
        settings.ROOT_URLCONF = Served(Catalogue(title="T", description="D", collections=collections))

    return put_up


SOMEWHERE = Figures(
    count=2, bbox=(105.123456789, 20.00000001, 105.2, 20.1), interval=(date(2018, 1, 1), None)
)


def features_of(client: Client, collection: Collection) -> Iterator[Json]:
    """All features of a page."""
    yield from told(client, f"/ogc/collections/{collection.id}/items", f="json", limit=1000)["features"]


# --- Collections ---


@pytest.mark.conforms("ogcapi-features-1/1.0/conf/core")
@pytest.mark.conforms("ogcapi-common-2/1.0/conf/collections")
@pytest.mark.conforms("ogcapi-common-2/1.0/conf/json")
def test_a_collection_is_told_alike_in_the_list_and_alone(client: Client, small_town: Publication) -> None:
    listed = {one["id"]: one for one in told(client, "/ogc/collections")["collections"]}

    assert listed.keys() == {one.id for one in CATALOGUE.collections}
    for name, summary in listed.items():
        alone = told(client, f"/ogc/collections/{name}")
        assert {**alone, "links": None} == {**summary, "links": None}


def test_numbers_are_written_alike_in_the_list_and_alone(client: Client, serve: Callable[..., None]) -> None:
    serve(collection_of(Shelf({"lots": Figures(count=1, bbox=(105.0, 20.5, 106.0, 21.0))})))

    written = b'"bbox":[[105.0,20.5,106.0,21.0]]'

    assert written in client.get("/ogc/collections").content
    assert written in client.get("/ogc/collections/lots").content


@given(st.tuples(st.floats(-180, 180), st.floats(-90, 90), st.floats(0, 1), st.floats(0, 1)))
def test_an_extent_is_rounded_so_that_it_cuts_nothing_off(drawn_box: tuple[float, ...]) -> None:
    west, south, width, height = drawn_box
    bounds = (west, south, min(180.0, west + width), min(90.0, south + height))

    found = outward(bounds)

    assert found[0] <= bounds[0] <= bounds[2] <= found[2]
    assert found[1] <= bounds[1] <= bounds[3] <= found[3]
    assert all(abs(new - old) <= 1e-7 for new, old in zip(found, bounds, strict=True))
    assert [float(f"{bound:.7f}") for bound in found] == found
    assert outward(tuple(found)) == found  # type: ignore[arg-type]


def test_an_extent_says_where_and_when(client: Client, serve: Callable[..., None]) -> None:
    serve(collection_of(Shelf({"lots": SOMEWHERE})))

    assert told(client, "/ogc/collections/lots")["extent"] == {
        "spatial": {"bbox": [[105.1234567, 20.0, 105.2, 20.1]], "crs": CRS84},
        "temporal": {
            "interval": [["2018-01-01T00:00:00+07:00", None]],
            "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian",
        },
    }


def test_an_empty_collection_claims_no_extent(client: Client, serve: Callable[..., None]) -> None:
    serve(collection_of(Shelf({"lots": Figures(count=0, bbox=None, interval=(None, None))})))

    assert "extent" not in told(client, "/ogc/collections/lots")
    assert "extent" not in told(client, "/ogc/collections")["collections"][0]


@pytest.mark.conforms("ogcapi-features-2/1.0/conf/crs")
def test_the_systems_are_spelled_out_and_the_stored_one_is_among_them(
    client: Client, serve: Callable[..., None]
) -> None:
    serve(collection_of(Shelf(), systems=lambda: (crs.parse("EPSG:5897"),)))

    told_alone = told(client, "/ogc/collections/lots")

    assert told_alone["crs"] == [
        CRS84,
        "http://www.opengis.net/def/crs/EPSG/0/4326",
        "http://www.opengis.net/def/crs/EPSG/0/3857",
        "http://www.opengis.net/def/crs/EPSG/0/5897",
    ]
    assert told_alone["storageCrs"] == "http://www.opengis.net/def/crs/EPSG/0/4326"


@pytest.mark.parametrize(
    ("relation", "below", "media_type"),
    [
        ("items", "/items?f=json", "application/geo+json"),
        ("items", "/items?f=html", "text/html"),
        ("items", "/items?f=csv", "text/csv"),
        ("items", "/items?f=fgb", "application/flatgeobuf"),
        ("items", "/items?f=gpkg", "application/geopackage+sqlite3"),
        ("items", "/items?f=geojsonseq", "application/geo+json-seq"),
        (OGC + "queryables", "/queryables", "application/schema+json"),
        (OGC + "schema", "/schema", "application/schema+json"),
        ("describedby", "/schema", "application/schema+json"),
        ("describedBy", "/schema", "application/schema+json"),
        (OGC + "tilesets-vector", "/tiles", "application/json"),
    ],
)
@pytest.mark.conforms("ogcapi-features-1/1.0/conf/core")
@pytest.mark.conforms("ogcapi-features-3/1.0/conf/queryables")
@pytest.mark.conforms("ogcapi-tiles-1/1.0/conf/geodata-tilesets")
def test_a_collection_links_to_all_that_can_be_had_of_it(
    client: Client, serve: Callable[..., None], relation: str, below: str, media_type: str
) -> None:
    serve(collection_of(Shelf(), drawing=Drawing(rows=drawn)))

    for document in (
        told(client, "/ogc/collections/lots"),
        told(client, "/ogc/collections")["collections"][0],
    ):
        found = {(link["href"], link["type"]) for link in linked(document, relation)}
        assert (f"http://testserver/ogc/collections/lots{below}", media_type) in found
        assert all(link["rel"] and link["type"] and link["title"] for link in document["links"])


def test_what_is_not_drawn_has_no_tiles(client: Client, serve: Callable[..., None]) -> None:
    serve(collection_of(Shelf()))

    assert not linked(told(client, "/ogc/collections/lots"), OGC + "tilesets-vector")
    assert not [
        path for path in told(client, "/ogc/api")["paths"] if path.startswith("/collections/lots/tiles")
    ]


@pytest.mark.parametrize(
    ("licence", "address"),
    [
        ("CC-BY-4.0", "https://spdx.org/licenses/CC-BY-4.0.html"),
        ("https://town.example/licence", "https://town.example/licence"),
    ],
)
def test_the_licence_is_a_link(
    client: Client, serve: Callable[..., None], licence: str, address: str
) -> None:
    serve(collection_of(Shelf(), licence=licence))

    (link,) = linked(told(client, "/ogc/collections/lots"), "license")

    assert link["href"] == address


def test_what_must_be_said_of_the_data_stands_beside_it(client: Client, serve: Callable[..., None]) -> None:
    invented = {"vi": "Dữ liệu minh hoạ", "en": "Invented"}
    serve(collection_of(Shelf(), notices=lambda snapshot: (invented,)))

    assert told(client, "/ogc/collections/lots")["notices"] == [invented]
    assert told(client, "/ogc/collections")["collections"][0]["notices"] == [invented]


@pytest.mark.conforms("ogcapi-features-1/1.0/conf/html")
@pytest.mark.conforms("ogcapi-common-1/1.0/conf/html")
@pytest.mark.conforms("ogcapi-common-2/1.0/conf/html")
@pytest.mark.parametrize(
    "address", ["/ogc/", "/ogc/conformance", "/ogc/collections", "/ogc/collections/zones"]
)
def test_every_document_has_its_page(client: Client, small_town: Publication, address: str) -> None:
    (alternate,) = [
        link for link in linked(told(client, address), "alternate") if link["type"] == "text/html"
    ]

    page = client.get(alternate["href"])

    assert page.status_code == 200
    assert page["Content-Type"].startswith("text/html")
    assert "<html" in page.content.decode()


# --- Who sees what, how often it is asked ---


def nobody(request: HttpRequest) -> bool:
    """A collection that no caller of these tests may see."""
    return False


def test_a_hidden_collection_is_nowhere(client: Client, serve: Callable[..., None]) -> None:
    shelf = Shelf()
    serve(collection_of(shelf), collection_of(shelf, "secret", is_visible=nobody))

    for below in ("", "/queryables", "/schema", "/items", "/items/1"):
        hidden = client.get(f"/ogc/collections/secret{below}")
        missing = client.get(f"/ogc/collections/absent{below}")
        assert hidden.status_code == missing.status_code == 404
        assert hidden.json()["detail"].replace("secret", "absent") == missing.json()["detail"]
    for address in ("/ogc/", "/ogc/collections", "/ogc/api"):
        assert "secret" not in client.get(address).content.decode()
    assert "secret" not in shelf.asked


def test_a_source_is_asked_once_for_all_its_collections(client: Client, serve: Callable[..., None]) -> None:
    shelf = Shelf()
    serve(collection_of(shelf), collection_of(shelf, "more-lots"))

    told(client, "/ogc/collections")

    assert shelf.asked.count("newest") == 1


@pytest.mark.parametrize("address", ["/ogc/collections", "/ogc/collections/lots"])
def test_who_holds_the_document_costs_no_count(
    client: Client, serve: Callable[..., None], address: str
) -> None:
    shelf = Shelf()
    serve(collection_of(shelf))
    tag = client.get(address)["ETag"]
    shelf.asked.clear()

    held = client.get(address, headers={"If-None-Match": tag})

    assert held.status_code == 304
    assert held["ETag"] == tag
    assert shelf.asked == ["newest"]


@pytest.mark.parametrize("address", ["/ogc/collections", "/ogc/collections/lots"])
def test_a_new_revision_is_told_anew(client: Client, serve: Callable[..., None], address: str) -> None:
    shelf = Shelf()
    serve(collection_of(shelf))
    tag = client.get(address)["ETag"]

    shelf.version = Snapshot(8, date(2026, 1, 1))

    assert client.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_what_is_kept_is_kept_no_longer_than_the_law_stays(
    client: Client, serve: Callable[..., None]
) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=20)
    shelf, other = Shelf(), Shelf(version=Snapshot(3, date(2026, 1, 1), until=soon))
    serve(collection_of(shelf), collection_of(other, "changing"))

    unchanging = client.get("/ogc/collections/lots")["Cache-Control"]
    all_of_them = client.get("/ogc/collections")["Cache-Control"]

    assert unchanging == "public, max-age=60"
    assert int(all_of_them.removeprefix("public, max-age=")) <= 20


# --- Queryables and schema ---


def schema_at(client: Client, name: str, resource: str) -> Json:
    """The document, a valid JSON Schema of 2020-12 under its own address."""
    response = client.get(f"/ogc/collections/{name}/{resource}")
    schema: Json = response.json()
    Draft202012Validator.check_schema(schema)
    assert response["Content-Type"] == "application/schema+json"
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"http://testserver/ogc/collections/{name}/{resource}"
    assert schema["type"] == "object"
    assert schema["additionalProperties"] is False
    return schema


@pytest.mark.conforms("ogcapi-features-3/1.0/conf/queryables")
@pytest.mark.conforms("ogcapi-common-3/1.0/conf/queryables")
def test_queryables_are_what_a_filter_may_name(client: Client, serve: Callable[..., None]) -> None:
    serve(collection_of(Shelf()))

    properties = schema_at(client, "lots", "queryables")["properties"]

    assert properties["geometry"].pop("title")
    assert properties["geometry"] == {
        "x-ogc-role": "primary-geometry",
        "format": "geometry-polygon-or-multipolygon",
    }
    assert properties["code"] == {"type": "string", "title": "Code"}
    assert properties["use"]["enum"] == ["ODT", "DGT"]
    assert properties["area"] == {"type": "number", "title": "area", "x-ogc-unit": "m2"}
    assert properties.keys().isdisjoint({"detail", "note"})


@pytest.mark.conforms("ogcapi-common-3/1.0/conf/schemas")
@pytest.mark.conforms("ogcapi-common-3/1.0/conf/advanced-property-roles")
def test_a_schema_says_what_part_each_property_plays(client: Client, serve: Callable[..., None]) -> None:
    serve(collection_of(Shelf()))

    properties = schema_at(client, "lots", "schema")["properties"]

    assert {name: one["x-ogc-role"] for name, one in properties.items() if "x-ogc-role" in one} == {
        "id": "id",
        "geometry": "primary-geometry",
        "valid_from": "primary-interval-start",
        "valid_to": "primary-interval-end",
    }
    assert all(one["title"] for one in properties.values())
    assert all(("type" in one) is (name != "geometry") for name, one in properties.items())
    assert properties["valid_from"]["format"] == "date"
    assert properties["seen"]["format"] == "date-time"


def test_without_validity_no_property_tells_the_time(client: Client, serve: Callable[..., None]) -> None:
    serve(collection_of(Shelf(), validity=None))

    assert "x-ogc-role" not in schema_at(client, "lots", "schema")["properties"]["valid_from"]


@pytest.mark.parametrize("collection", CATALOGUE.collections, ids=lambda one: one.id)
@pytest.mark.conforms("ogcapi-common-3/1.0/conf/schemas")
def test_every_feature_is_as_its_schema_says(
    client: Client, small_town: Publication, collection: Collection
) -> None:
    """The schema is the logical one: what GeoJSON writes as null is a property that the feature lacks."""
    schema = schema_at(client, collection.id, "schema")
    check = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)

    for feature in features_of(client, collection):
        assert {one.name for one in collection.properties} == feature["properties"].keys()
        beside = {"id": feature["id"], collection.geometry.name: feature["geometry"], **feature["properties"]}
        check.validate({name: value for name, value in beside.items() if value is not None})


def test_a_property_called_id_is_the_id(client: Client, serve: Callable[..., None]) -> None:
    shelf = Shelf()
    properties = (Property(name="id", source="public_id", title="Number"),)
    serve(replace(collection_of(shelf, validity=None), properties=properties))

    assert schema_at(client, "lots", "schema")["properties"]["id"] == {
        "type": "string",
        "title": "Number",
        "x-ogc-role": "id",
        "readOnly": True,
    }


@pytest.mark.conforms("ogcapi-common-3/1.0/conf/queryables")
@pytest.mark.parametrize("resource", ["queryables", "schema"])
def test_a_schema_is_linked_by_the_address_that_it_gives_as_its_own(
    client: Client, serve: Callable[..., None], resource: str
) -> None:
    serve(collection_of(Shelf()))
    links = told(client, "/ogc/collections/lots")["links"]

    (address,) = {link["href"] for link in links if link["rel"] == OGC + resource}
    answer = client.get(address, headers={"accept": "application/schema+json"})

    assert address.endswith(f"/collections/lots/{resource}")
    assert answer["Content-Type"] == "application/schema+json"
    assert answer.json()["$id"] == address
