"""Parcels, plans, coverage and the look-up, as they come over HTTP."""

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client

from planning.geometry import line_tolerance
from planning.models import AdminSuccession, EventKind, Office, Plan, Publication
from tests import town

ROOT = "/api/v1/"

pytestmark = pytest.mark.django_db


def read(client: Client, address: str) -> dict[str, Any]:
    response = client.get(address if address.startswith("http") else ROOT + address)
    assert response.status_code == 200, response.content
    assert response["Access-Control-Allow-Origin"] == "*"
    found: dict[str, Any] = json.loads(response.content)
    return found


def position(x: float, y: float) -> list[float]:
    """[lon, lat] of a point in metres of the town."""
    found: list[float] = json.loads(town.point(x, y).geojson)["coordinates"]
    return found


def codes(found: dict[str, Any]) -> list[str]:
    return [item["id"] for item in found["items"]]


@pytest.fixture
def merged_wards(small_town: Publication) -> None:
    """The ward of the parcels became part of another in 2025."""
    town.unit("00070", of="2025", name="phường Mới")
    AdminSuccession.objects.create(
        predecessor_id="2004-00001", successor_id="2025-00070", on=date(2025, 7, 1)
    )


def test_a_parcel_has_the_documented_members(client: Client, merged_wards: None) -> None:
    found = read(client, "parcels/2004-00001-1-1")

    assert found["commune"] == {"id": "2004-00001", "code": "00001", "name": "phường Mẫu"}
    assert found["commune_now"] == [{"id": "2025-00070", "code": "00070", "name": "phường Mới"}]
    assert (found["sheet"], found["number"]) == ("1", "1")
    assert found["registry_area_m2"] == 200
    assert found["area_m2"] == pytest.approx(200, abs=0.01)
    assert found["metric_crs"] == "EPSG:5897"
    assert found["centre"] == pytest.approx(position(15, 20), abs=1e-6)
    assert found["links"]["planning"] == "http://testserver/api/v1/parcels/2004-00001-1-1/planning"


def test_a_parcel_says_the_same_as_its_answer(client: Client, merged_wards: None) -> None:
    parcel = read(client, "parcels/2004-00001-1-2")
    subject = read(client, "parcels/2004-00001-1-2/planning")["subject"]

    shared = ("id", "commune", "commune_now", "sheet", "number", "area_m2", "registry_area_m2", "metric_crs")
    assert {name: parcel[name] for name in shared} == {name: subject[name] for name in shared}


def test_parcels_are_found_by_the_commune_of_today_too(client: Client, merged_wards: None) -> None:
    then, now = (read(client, f"parcels?commune={unit}") for unit in ("2004-00001", "2025-00070"))

    assert codes(then) == codes(now) == ["2004-00001-1-1", "2004-00001-1-2"]


def test_parcels_are_found_by_sheet_and_number(client: Client, small_town: Publication) -> None:
    assert codes(read(client, "parcels?sheet=1&number=2")) == ["2004-00001-1-2"]
    assert codes(read(client, "parcels?sheet=9")) == []


def test_other_numbers_of_a_parcel_are_listed(client: Client, small_town: Publication) -> None:
    from planning.models import Parcel

    town.alias(
        Parcel.objects.get(number="2"), sheet="7", number="77", upload=town.upload(name="aliases.gpkg")
    )
    town.publish()

    assert read(client, "parcels/2004-00001-1-2")["aliases"] == [{"scheme": "1998 survey", "value": "7/77"}]


def test_a_staged_parcel_is_nowhere(client: Client, small_town: Publication) -> None:
    town.parcel("3", town.square(0, 0, 10))

    assert "2004-00001-1-3" not in codes(read(client, "parcels"))
    assert client.get(f"{ROOT}parcels/2004-00001-1-3").status_code == 404


def test_pages_follow_one_another_without_loss(client: Client, small_town: Publication) -> None:
    for number in range(3, 8):
        town.parcel(str(number), town.square(number * 10, 50, 5), feature=number)
    town.publish()

    seen, address = [], "parcels?limit=3&sheet=1"
    while address:
        found = read(client, address)
        seen += codes(found)
        address = found["next"]

    assert seen == [f"2004-00001-1-{number}" for number in range(1, 8)]


def test_the_last_page_has_no_next(client: Client, small_town: Publication) -> None:
    assert read(client, "parcels?limit=2")["next"] is None


def test_a_list_of_parcels_asks_a_fixed_number_of_questions(
    client: Client, merged_wards: None, django_assert_num_queries: Any
) -> None:
    # revision, parcels, successions in two steps, units, revision, aliases, lineage
    with django_assert_num_queries(8):
        read(client, "parcels")


def test_invented_data_say_so(client: Client, small_town: Publication) -> None:
    Office.objects.update(is_demonstration=True)

    for address in ("parcels", "parcels/2004-00001-1-1", "plans", "plans/zoning", "coverage"):
        (notice,) = read(client, address)["notices"]
        assert notice.keys() == {"vi", "en"}


def test_plans_are_listed_once_public(client: Client, small_town: Publication) -> None:
    town.edition(town.plan("draft"), in_force=None, consultation=date(2026, 1, 1))

    found = read(client, "plans")

    assert codes(found) == ["zoning"]
    assert found["items"][0]["scale"] == 2000
    assert client.get(f"{ROOT}plans/draft").status_code == 404


def test_plans_are_found_by_kind(client: Client, small_town: Publication) -> None:
    assert codes(read(client, "plans?kind=zoning")) == ["zoning"]
    assert codes(read(client, "plans?kind=detailed")) == []


def test_a_plan_tells_its_editions_events_and_documents(client: Client, small_town: Publication) -> None:
    found = read(client, "plans/zoning")

    (edition,) = found["editions"]
    assert edition["id"] == "zoning/1"
    assert edition["statuses"] == ["in_force"]
    assert [event["kind"] for event in edition["events"]] == [EventKind.IN_FORCE]
    assert edition["events"][0]["decision"]["number"] == "0101/QĐ-UBND"
    assert len(found["documents"]) == 1


def test_papers_of_a_staged_edition_are_not_listed(client: Client, small_town: Publication) -> None:
    plan = town.plan("zoning")
    staged = town.edition(plan, in_force=None)
    town.decision(plan, number="mật", edition=staged)

    assert "mật" not in {document["number"] for document in read(client, "plans/zoning")["documents"]}


def test_coverage_is_found_by_place_and_carries_its_geometry_on_demand(
    client: Client, small_town: Publication
) -> None:
    inside, outside = (f"lon={lon}&lat={lat}" for lon, lat in (position(0, 0), position(2000, 2000)))

    (item,) = read(client, f"coverage?{inside}&geometry=true")["items"]

    assert (item["theme"], item["state"], item["as_of"]) == ("construction", "complete", "2018-01-01")
    assert item["geometry"]["type"] == "MultiPolygon"
    assert item["valid_to"] is None
    assert read(client, f"coverage?{outside}")["items"] == []
    assert read(client, "coverage?as_at=2017-12-31")["items"] == []
    assert read(client, "coverage?theme=construction&state=complete")["items"]
    assert read(client, "coverage?theme=lines")["items"] == []
    assert "geometry" not in read(client, "coverage")["items"][0]


def test_a_look_up_gives_candidates_with_addresses_that_work(client: Client, merged_wards: None) -> None:
    found = read(client, "lookup?q=tờ 1 thửa 2 phường Mẫu&lang=vi")

    assert found.keys() == {"query", "understood_as", "candidates", "hint"}
    first = found["candidates"][0]
    assert first.keys() == {"kind", "id", "label", "why", "centre", "url"}
    assert (first["kind"], first["id"]) == ("parcel", "2004-00001-1-2")
    assert read(client, first["url"])["subject"]["id"] == "2004-00001-1-2"


def test_a_look_up_by_coordinates_gives_points_that_can_be_asked(
    client: Client, small_town: Publication
) -> None:
    lon, lat = position(30, 50)

    found = read(client, f"lookup?q={lat:.7f} {lon:.7f}&lang=en")

    points = [candidate for candidate in found["candidates"] if candidate["kind"] == "point"]
    assert points
    for candidate in points:
        read(client, candidate["url"])


def test_a_look_up_of_nonsense_is_no_error(client: Client, small_town: Publication) -> None:
    found = read(client, "lookup?q=qwertyuiop&lang=en")

    assert found["candidates"] == []
    assert found["hint"]


def test_a_plan_says_the_accuracy_used_in_answers_and_the_one_stated(
    client: Client, small_town: Publication
) -> None:
    (plan,) = [one for one in read(client, "plans")["items"] if one["id"] == "zoning"]

    row = Plan.objects.get(id="zoning")
    assert plan["stated_accuracy_m"] == row.accuracy_m
    assert plan["accuracy_m"] == pytest.approx(line_tolerance(row.scale, row.accuracy_m))
