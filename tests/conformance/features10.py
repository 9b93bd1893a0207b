"""The 80 methods of OGC's suite for OGC API - Features (ets-ogcapi-features10), by their names there.

Each is a function that takes a server and asserts. Where the suite looks at something and says nothing, so
does the port; what it should have looked at is in `tests/planning/ogcapi/test_ets_features10.py`.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import pyproj
import shapely
import shapely.geometry

from tests.conformance.server import CORE, GEOJSON, OPENAPI, SPEC, Document, Reply, Server, Skipped
from tests.conformance.server import links_with as links

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
CRS84_NAMES = {CRS84, "http://www.opengis.net/def/crs/OGC/0/CRS84h"}
UNSUPPORTED = "http://www.opengis.net/def/crs/0/unsupported"
LARGEST_COUNT, FURTHER_PAGES = 10_000, 4
Box = tuple[float, float, float, float]
BOXES: tuple[Box, ...] = (
    (-1.5, 50.0, 1.5, 53.0),
    (-80.0, -5.0, -70.0, 5.0),
    (177.0, 65.0, -177.0, 70.0),
    (-180.0, 85.0, 180.0, 90.0),
    (-180.0, -90.0, 180.0, -85.0),
)
TIMES = (
    "2018-02-12T23:20:50Z",
    "2018-02-12T00:00:00Z/2018-03-18T12:31:12Z",
    "2018-02-12T00:00:00Z/P1M6DT12H31M12S",
)

Method = Callable[[Server], None]
METHODS: dict[str, Method] = {}


def method(name: str) -> Callable[[Method], Method]:
    """Enter a function under the name that the suite gives to the method."""

    def enter(function: Method) -> Method:
        assert name not in METHODS, name
        METHODS[name] = function
        return function

    return enter


def _refuse_without_claim(server: Server) -> None:
    """Part 2 is tested only where it is claimed."""
    if f"{SPEC}ogcapi-features-2/1.0/conf/crs" not in server.claims:
        raise Skipped("Part 2 is not claimed")


# --- Landing page, API document, conformance ---


@method("GeneralHttp.http")
def _http(server: Server) -> None:
    assert server.get(f"{server.base}/").status == 200


@method("LandingPage.landingPageRetrieval")
def _landing(server: Server) -> None:
    assert server.landing


@method("LandingPage.landingPageValidation")
def _landing_links(server: Server) -> None:
    rels = {link["rel"] for link in server.landing["links"]}
    assert rels & {"service-desc", "service-doc"}
    assert rels >= {"conformance", "data"}


@method("ApiDefinition.openapiDocumentRetrieval")
def _api(server: Server) -> None:
    assert links(server.landing, "service-desc", OPENAPI)
    assert server.api["openapi"].startswith("3.0.")


@method("ApiDefinition.apiDefinitionValidation")
def _api_is_valid(server: Server) -> None:
    assert server.api["info"]["title"]
    assert server.api["info"]["version"]
    names = []
    for path, item in server.api["paths"].items():
        assert path.startswith("/"), path
        operation = item["get"]
        names.append(operation["operationId"])
        answers = [server.resolved(answer) for answer in operation["responses"].values()]
        assert answers, path
        assert all(answer["description"] for answer in answers), path
        declared = [
            server.resolved(one) for one in [*item.get("parameters", ()), *operation.get("parameters", ())]
        ]
        for one in declared:
            assert one["in"] in {"path", "query"}, (path, one)
            assert one["schema"], (path, one)
            assert one.get("required") is True or one["in"] == "query", (path, one)
        in_path = {one["name"] for one in declared if one["in"] == "path"}
        assert in_path == {part.split("}")[0] for part in path.split("{")[1:]}, path
    assert len(names) == len(set(names)), "operationId is not unique"


@method("Conformance.validateConformanceOperationAndResponse")
def _conformance(server: Server) -> None:
    assert all(isinstance(claim, str) for claim in server.claims)
    assert CORE in server.claims


# --- Collections ---


@method("FeatureCollections.validateFeatureCollectionsMetadataOperation")
def _collections(server: Server) -> None:
    assert server.listed


@method("FeatureCollections.validateFeatureCollectionsMetadataOperationResponse_Links")
def _collections_links(server: Server) -> None:
    _own_links(server, server.listed, encodings=server.media_types - {GEOJSON})


@method("FeatureCollections.validateFeatureCollectionsMetadataOperationResponse_Items")
def _collections_items(server: Server) -> None:
    assert server.collections


@method("FeatureCollections.validateFeatureCollectionsMetadataOperationResponse_CrsProperty")
def _collections_crs(server: Server) -> None:
    if "crs" in server.listed:
        assert server.listed["crs"][0] in CRS84_NAMES


@method("FeatureCollections.validateFeatureCollectionsMetadataOperationResponse_Content")
def _collections_content(server: Server) -> None:
    assert server.listed["links"]
    assert server.listed["collections"]


@method("FeatureCollection.validateFeatureCollectionMetadataOperation")
def _collection(server: Server) -> None:
    for name in server.collections:
        assert server.test_point(f"/collections/{name}")


@method("FeatureCollection.validateFeatureCollectionMetadataOperationResponse")
def _collection_is_as_listed(server: Server) -> None:
    listed = {one["id"]: one for one in server.listed["collections"]}
    for name, collection in server.collections.items():
        for member in ("id", "title", "description", "extent"):
            # 105 and 105.0 are equal here and not to the suite
            assert repr(collection.get(member)) == repr(listed[name].get(member)), (name, member)


@method("FeaturesErrorConditions.validateFeaturesOperation_QueryParamInvalid")
def _bad_value(server: Server) -> None:
    for collection in server.collections.values():
        assert server.items(collection, limit="unlimited").status == 400


@method("FeaturesErrorConditions.validateFeaturesOperation_QueryParamUnknown")
def _unknown_parameter(server: Server) -> None:
    for name, collection in server.collections.items():
        declared = server.path_item(f"/collections/{name}/items")
        assert declared
        for one in declared["get"]["parameters"]:
            assert not server.resolved(one)["schema"].get("additionalProperties"), "anything goes"
        assert server.items(collection, unknownQueryParameter12345=1).status == 400


# --- Features: three ways to ask, and what every answer must be ---


@method("Features.validateFeaturesOperation")
def _features(server: Server) -> None:
    for reply in _asked_plainly(server):
        assert reply.status == 200


@cache
def _asked_plainly(server: Server) -> list[Reply]:
    return [server.items(collection) for collection in server.collections.values()]


@cache
def _asked_by_limit(server: Server) -> list[tuple[int, int, Reply]]:
    """Smallest and middle limit: what was asked, the maximum, the answer."""
    found = []
    for name, collection in server.collections.items():
        schema = _limit_of(server, name)["schema"]
        low, high = int(schema["minimum"]), int(schema["maximum"])
        for limit in (low, min(100, low + (high - low) // 2)):
            found.append((limit, high, server.items(collection, limit=limit)))
    return found


@cache
def _asked_by_box(server: Server) -> list[tuple[Box, Reply]]:
    found = []
    for collection in server.collections.values():
        own = _extent(collection)
        for box in (own, *BOXES) if own else BOXES:
            found.append((box, server.items(collection, bbox=_as_text(box))))
    return found


@cache
def _asked_by_time(server: Server) -> list[Reply]:
    """An instant, an interval and one with a duration, of every collection."""
    return [server.items(one, datetime=time) for one in server.collections.values() for time in TIMES]


def _extent(collection: Document) -> Box | None:
    boxes = collection.get("extent", {}).get("spatial", {}).get("bbox")
    assert not boxes or len(boxes[0]) == 4, "the suite reads boxes of four numbers alone"
    return tuple(boxes[0]) if boxes else None


def _as_text(box: Box) -> str:
    return ",".join(f"{number:.7f}" for number in box)


def _limit_of(server: Server, collection_id: str) -> Document:
    found = server.parameter(collection_id, "limit")
    assert found, f"{collection_id} has no limit"
    return found


def _of_style(parameter: Document | None) -> Document:
    """The schema of a query parameter that is written as Part 1 has it."""
    assert parameter
    assert parameter["in"] == "query"
    assert not parameter.get("required", False)
    assert parameter.get("style", "form") == "form"
    assert parameter.get("explode") is False
    return dict(parameter["schema"])


@method("FeaturesLimit.limitParameterDefinition")
def _limit_definition(server: Server) -> None:
    for name in server.collections:
        schema = _of_style(_limit_of(server, name))
        assert schema["type"] == "integer"
        assert schema["minimum"] >= 0
        assert schema["default"] >= 0
        assert schema["maximum"] >= schema["minimum"]


@method("FeaturesLimit.validateFeaturesWithLimitOperation")
def _limit(server: Server) -> None:
    assert {reply.status for _, _, reply in _asked_by_limit(server)} == {200}


@method("FeaturesLimit.validateFeaturesWithLimitResponse")
def _limit_response(server: Server) -> None:
    for limit, highest, reply in _asked_by_limit(server):
        assert len(reply.json()["features"]) <= min(limit, highest)


@method("FeaturesBBox.boundingBoxParameterDefinition")
def _box_definition(server: Server) -> None:
    for name in server.collections:
        schema = _of_style(server.parameter(name, "bbox"))
        assert schema["type"] == "array"
        assert (schema["minItems"], schema["maxItems"]) == (4, 6)
        assert schema["items"]["type"] == "number"
        assert "oneOf" not in schema


@method("FeaturesBBox.validateFeaturesWithBoundingBoxOperation")
def _box(server: Server) -> None:
    assert {reply.status for _, reply in _asked_by_box(server)} == {200}


@method("FeaturesBBox.validateFeaturesWithBoundingBoxResponse")
def _box_response(server: Server) -> None:
    for (west, south, east, north), reply in _asked_by_box(server):
        parts = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
        area = shapely.union_all([shapely.box(one, south, other, north) for one, other in parts])
        for feature in reply.json()["features"]:
            if feature["geometry"]:
                found = shapely.geometry.shape(feature["geometry"])
                assert area.intersects(found), (feature["id"], reply.url)


@method("FeaturesTime.timeParameterDefinition")
def _time_definition(server: Server) -> None:
    for name in server.collections:
        assert _of_style(server.parameter(name, "datetime"))["type"] == "string"


@method("FeaturesTime.validateFeaturesWithDatetimeOperation")
def _time(server: Server) -> None:
    assert {reply.status for reply in _asked_by_time(server)} == {200}


@method("FeaturesTime.validateFeaturesWithDatetimeResponse")
def _time_response(server: Server) -> None:
    for reply in _asked_by_time(server):
        assert isinstance(reply.json()["features"], list)


def _in_crs84(server: Server, reply: Reply) -> None:
    for feature in reply.json()["features"]:
        if feature["geometry"]:
            west, south, east, north = shapely.geometry.shape(feature["geometry"]).bounds
            assert -180 <= west <= east <= 180, feature["id"]
            assert -90 <= south <= north <= 90, feature["id"]


def _has_type(server: Server, reply: Reply) -> None:
    assert reply.json()["type"] == "FeatureCollection"


def _has_features(server: Server, reply: Reply) -> None:
    assert isinstance(reply.json()["features"], list)


def _has_links(server: Server, reply: Reply) -> None:
    _own_links(server, reply.json(), encodings=server.media_types)


def _has_time_stamp(server: Server, reply: Reply) -> None:
    assert datetime.fromisoformat(reply.json()["timeStamp"]).tzinfo is not None


def _has_number_matched(server: Server, reply: Reply) -> None:
    """As many as all pages hold together; the walk raises the limit to the maximum, as the suite does."""
    document = reply.json()
    if document["numberMatched"] > LARGEST_COUNT:
        return
    name = urlsplit(reply.url).path.split("/")[-2]
    highest = int(_limit_of(server, name)["schema"]["maximum"])
    total, following = len(document["features"]), links(document, "next")
    for _ in range(FURTHER_PAGES):
        if not following:
            break
        page = server.get(f"{following[0]['href']}&limit={highest}", GEOJSON).json()
        total, following = total + len(page["features"]), links(page, "next")
    assert document["numberMatched"] == total, reply.url


def _has_number_returned(server: Server, reply: Reply) -> None:
    document = reply.json()
    assert document["numberReturned"] == len(document["features"])


def _own_links(server: Server, document: Document, encodings: set[str]) -> None:
    """`self`, an `alternate` for every other encoding, each with relation and type."""
    own = links(document, "self")
    assert own, "no link self"
    alternates = {link.get("type") for link in links(document, "alternate")}
    assert encodings - {own[0]["type"]} <= alternates, alternates
    assert all(link.get("rel") and link.get("type") for link in own + links(document, "alternate"))


_SHARED: dict[str, Callable[[Server, Reply], None]] = {
    "GeometryInCRS84": _in_crs84,
    "TypeProperty": _has_type,
    "FeaturesProperty": _has_features,
    "Links": _has_links,
    "TimeStamp": _has_time_stamp,
    "NumberMatched": _has_number_matched,
    "NumberReturned": _has_number_returned,
}
_ASKED: dict[str, Callable[[Server], list[Reply]]] = {
    "Features.validateFeaturesResponse": _asked_plainly,
    "FeaturesLimit.validateFeaturesWithLimitResponse": lambda server: [
        reply for _, _, reply in _asked_by_limit(server)
    ],
    "FeaturesBBox.validateFeaturesWithBoundingBoxResponse": lambda server: [
        reply for _, reply in _asked_by_box(server)
    ],
    "FeaturesTime.validateFeaturesWithDatetimeResponse": _asked_by_time,
}


def _shared(check: Callable[[Server, Reply], None], asked: Callable[[Server], list[Reply]]) -> Method:
    def run(server: Server) -> None:
        for reply in asked(server):
            check(server, reply)

    return run


for _name, _replies in _ASKED.items():
    for _what, _check in _SHARED.items():
        METHODS[f"{_name}_{_what}"] = _shared(_check, _replies)


# --- One feature ---


@method("Feature.featureOperation")
def _feature(server: Server) -> None:
    for collection in server.filled:
        assert server.get(server.first_item_address(collection), GEOJSON).status == 200


@method("Feature.validateFeatureResponse")
def _feature_links(server: Server) -> None:
    for collection in server.filled:
        document = server.get(server.first_item_address(collection), GEOJSON).json()
        _own_links(server, document, encodings=server.media_types)
        assert all(link["rel"] and link["type"] for link in links(document, "collection"))
        assert links(document, "collection")


# --- Part 2: what is said of coordinate reference systems ---


@method("CrsRequirementClassPrecondition.verifyConformanceClass")
def _crs_is_claimed(server: Server) -> None:
    _refuse_without_claim(server)


def _is_address(name: str) -> bool:
    parts = urlsplit(name)
    return (parts.scheme in {"http", "https"} and bool(parts.netloc)) or name.startswith("urn:")


@method("DiscoveryCollectionCrsUri.verifyCollectionCrsIdentifierOfCrsProperty")
def _crs_names(server: Server) -> None:
    for collection in server.collections.values():
        assert collection["crs"]
        # `#/crs` is understood in /collections alone
        assert all(_is_address(name) for name in collection["crs"])


@method("DiscoveryCollectionCrsUri.verifyCollectionCrsIdentifierOfStorageCrs")
def _storage_crs_name(server: Server) -> None:
    assert all(_is_address(one["storageCrs"]) for one in server.collections.values())


@method("DiscoveryCollectionDefaultCrs.verifyCollectionCrsIdentifierIncludesDefaultCrs")
def _default_crs(server: Server) -> None:
    for collection in server.collections.values():
        if _extent(collection):
            assert set(collection["crs"]) & CRS84_NAMES


@method("DiscoveryCollectionStorageCrs.discoveryCollectionStorageCrs")
def _storage_crs(server: Server) -> None:
    assert all(one["storageCrs"] in one["crs"] for one in server.collections.values())


@method("DiscoveryCollectionsCrsUri.verifyCollectionsPathCrsIdentifiers")
def _shared_crs_names(server: Server) -> None:
    assert all(_is_address(name) for name in server.listed.get("crs", ()))


@method("DiscoveryCollectionsCrsUri.verifyCollectionsPathStorageCrsIdentifiers")
def _shared_storage_crs_name(server: Server) -> None:
    assert _is_address(server.listed.get("storageCrs", CRS84))


@method("DiscoveryCollectionsCrsUri.verifyCollectionsPathCollectionCrsIdentifiers")
def _listed_crs_names(server: Server) -> None:
    for one in server.listed["collections"]:
        assert all(_is_address(name) or name == "#/crs" for name in one["crs"])


@method("DiscoveryCollectionsCrsUri.verifyCollectionsPathCollectionStorageCrsIdentifiers")
def _listed_storage_crs_names(server: Server) -> None:
    assert all(_is_address(one["storageCrs"]) for one in server.listed["collections"])


@method("DiscoveryCollectionsDefaultCrs.verifyCollectionsPathIncludesDefaultCrs")
def _listed_default_crs(server: Server) -> None:
    for one in server.listed["collections"]:
        if _extent(one):
            assert set(server.systems(one)) & CRS84_NAMES


@method("DiscoveryCollectionsStorageCrs.discoveryCollectionStorageCrs")
def _listed_storage_crs(server: Server) -> None:
    assert all(one["storageCrs"] in server.systems(one) for one in server.listed["collections"])


# --- Part 2: crs= ---

Where = Callable[[Server, Document], str]


def _items(server: Server, collection: Document) -> str:
    return server.items_address(collection)


def _item(server: Server, collection: Document) -> str:
    return server.first_item_address(collection)


def _asked_in(server: Server, collection: Document, where: Where, **query: object) -> Reply:
    more = {"limit": 10} if where is _items else {}
    return server.get(where(server, collection), GEOJSON, **more, **query)


def _every_crs(where: Where) -> Method:
    """Each system that is listed is echoed as it was asked for."""

    def run(server: Server) -> None:
        _refuse_without_claim(server)
        for collection in server.filled:
            for name in server.systems(collection):
                reply = _asked_in(server, collection, where, crs=name)
                assert reply.status == 200, name
                assert reply.headers["content-crs"] == f"<{name}>"

    return run


def _no_crs(where: Where) -> Method:
    def run(server: Server) -> None:
        _refuse_without_claim(server)
        for collection in server.filled:
            reply = _asked_in(server, collection, where)
            assert reply.status == 200
            assert reply.headers["content-crs"] == f"<{CRS84}>"

    return run


def _bad_crs(where: Where) -> Method:
    def run(server: Server) -> None:
        _refuse_without_claim(server)
        for collection in server.filled:
            assert _asked_in(server, collection, where, crs=UNSUPPORTED).status == 400

    return run


def _transformed(where: Where) -> Method:
    """The suite reads coordinates back from each system and forgets to compare: here it is done, to 1 m."""

    def run(server: Server) -> None:
        _refuse_without_claim(server)
        for collection in server.filled:
            plain = _first_geometry(_asked_in(server, collection, where))
            for name in server.systems(collection):
                moved = _first_geometry(_asked_in(server, collection, where, crs=name))
                back = shapely.transform(moved, _transform(name, back=True), interleaved=False)
                assert shapely.hausdorff_distance(plain, back) < 1e-5, name

    return run


def _first_geometry(reply: Reply) -> Any:
    document = reply.json()
    feature = document["features"][0] if "features" in document else document
    return shapely.geometry.shape(feature["geometry"])


@cache
def _transform(name: str, *, back: bool) -> Any:
    """From CRS84 into a system with its axes as the authority has them, which is how they travel; or back."""
    *_, authority, _version, code = name.split("/")
    ways = (pyproj.CRS.from_authority("OGC", "CRS84"), pyproj.CRS.from_authority(authority, code))
    return pyproj.Transformer.from_crs(*(reversed(ways) if back else ways)).transform


for _class, _where in (("FeaturesCrsParameter", _items), ("FeatureCrsParameter", _item)):
    _one = "Features" if _where is _items else "Feature"
    METHODS[f"{_class}.verify{_one}CrsParameter"] = _every_crs(_where)
    METHODS[f"{_class}Default.verify{_one}CrsParameterDefault"] = _no_crs(_where)
    METHODS[f"{_class}Invalid.verify{_one}CrsParameterInvalid"] = _bad_crs(_where)
    METHODS[f"{_class}Transform.verify{_one}CrsParameterTransformWithoutCrsParameter"] = _no_crs(_where)
    METHODS[f"{_class}Transform.verify{_one}CrsParameterTransformWithCrsParameter"] = _transformed(_where)


# --- Part 2: bbox-crs= ---


def _ids(reply: Reply) -> list[Any]:
    return [feature["id"] for feature in reply.json()["features"]]


def _with_extents(server: Server) -> list[tuple[Document, Box]]:
    _refuse_without_claim(server)
    found = [(one, _extent(one)) for one in server.collections.values()]
    return [(collection, box) for collection, box in found if box]


@method("BBoxCrsParameter.verifyBboxCrsParameterWithDefaultCrs")
def _own_box(server: Server) -> None:
    for collection, box in _with_extents(server):
        assert server.items(collection, bbox=_as_text(box)).status == 200


@method("BBoxCrsParameter.verifyBboxCrsParameter")
def _own_box_in_every_crs(server: Server) -> None:
    for collection, box in _with_extents(server):
        expected = _ids(server.items(collection, bbox=_as_text(box)))
        for name in server.systems(collection):
            there = _transform(name, back=False)
            corners = (*there(box[0], box[1]), *there(box[2], box[3]))
            text = ",".join(f"{number:.7f}" for number in corners)
            reply = server.items(collection, bbox=text, **{"bbox-crs": name})
            assert reply.status == 200, name
            assert set(_ids(reply)) <= set(expected), name


@method("BBoxCrsParameterDefault.verifyBboxCrsParameterDefault")
def _default_box_crs(server: Server) -> None:
    for collection, box in _with_extents(server):
        one = server.items(collection, bbox=_as_text(box))
        other = server.items(collection, bbox=_as_text(box), **{"bbox-crs": CRS84})
        assert _ids(one) == _ids(other)


@method("BBoxCrsParameterInvalid.verifyBBoxCrsParameterInvalid")
def _bad_box_crs(server: Server) -> None:
    _refuse_without_claim(server)
    for collection in server.collections.values():
        assert server.items(collection, bbox="5,49,6,50", **{"bbox-crs": UNSUPPORTED}).status == 400


assert len(METHODS) == 80, len(METHODS)
