"""A second place by configuration alone: another country's units, codes and systems, and no parcels."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from pyproj import Transformer
from pytest_django.plugin import DjangoDbBlocker

from planning.demonstration import load_demonstration, remove_demonstration
from planning.models import AdminUnit, LandUseList, Office, Parcel, Plan, Publication, Territory, ZonePiece
from planning.reference import Selection, load_reference
from tests.test_architecture import CITIES, VN2000

FIXTURES = Path(__file__).parents[3] / "fixtures"
FOLDER = FIXTURES / "chicago"
# places of the other demonstration, in any spelling, and the systems of its country
FOREIGN = re.compile(
    "|".join(
        [*(city for city in CITIES if city != "Chicago"), "VN-2000", *(f"EPSG:{code}" for code in VN2000)]
    )
)


@pytest.fixture(scope="module", autouse=True)
def _loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The place, committed once for this file into an empty database."""
    with django_db_blocker.unblock():
        load_reference(base=FIXTURES, selection=Selection.read(FOLDER, base=FIXTURES))
        load_demonstration(say=lambda step: None, folder=FOLDER)
        yield
        call_command("flush", interactive=False, verbosity=0)


pytestmark = pytest.mark.django_db


def asked(client: Client, address: str, **values: Any) -> Any:
    response = client.get(address, values, headers={"accept-language": "en"})
    assert response.status_code == 200, response.content
    return response.json()


def within_a_zone() -> tuple[float, float]:
    point = ZonePiece.objects.order_by("pk")[0].geometry.point_on_surface
    return round(point.x, 6), round(point.y, 6)


def test_only_what_the_place_needs_is_loaded():
    assert set(LandUseList.objects.values_list("code", flat=True)) == {"chicago-zoning"}
    assert set(AdminUnit.objects.values_list("unit_list", flat=True)) == {"us-2020"}
    assert (Parcel.objects.count(), Plan.objects.count()) == (0, 1)


def test_a_point_is_answered_in_degrees_and_in_feet_of_the_state_plane(client):
    lon, lat = within_a_zone()
    east, north = Transformer.from_crs("EPSG:4326", "EPSG:3435", always_xy=True).transform(lon, lat)

    by_degrees = asked(client, "/api/v1/planning", lon=lon, lat=lat)
    by_feet = asked(client, "/api/v1/planning", easting=east, northing=north, crs="EPSG:3435")

    found = [
        [item["zone"]["id"] for plan in theme["plans"] for item in plan["items"]]
        for answer in (by_degrees, by_feet)
        for theme in answer["themes"]
        if theme["code"] == "construction"
    ]
    assert found[0] == found[1] != []
    assert by_degrees["notices"]


def test_a_drawn_site_is_measured_in_the_system_of_the_place(client):
    lon, lat = within_a_zone()
    site = [[lon, lat], [lon + 0.0004, lat], [lon + 0.0004, lat + 0.0003], [lon, lat + 0.0003], [lon, lat]]

    response = client.post(
        "/api/v1/planning", {"type": "Polygon", "coordinates": [site]}, content_type="application/json"
    )

    answer = response.json()
    assert response.status_code == 200
    assert answer["subject"]["metric_crs"] == Territory.objects.get().metric_crs
    assert answer["subject"]["area_m2"] == pytest.approx(1105, rel=0.01)
    assert [theme["state"] for theme in answer["themes"] if theme["plans"]] == ["concerned"], answer


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Chicago Zoning Ordinance", "plan"),
        ("41.9130, -87.6365", "point"),
        ("Lincoln Park", "commune"),
    ],
)
def test_it_is_found_by_plan_unit_and_coordinates(client, question, kind):
    found = asked(client, "/api/v1/lookup", q=question)["candidates"]

    assert [one["kind"] for one in found][:1] == [kind]


@pytest.mark.parametrize("question", ["1234 North Wells Street", "sheet 3 parcel 45"])
def test_what_is_not_there_is_not_guessed(client, question):
    assert asked(client, "/api/v1/lookup", q=question)["candidates"] == []


def addresses() -> list[str]:
    lon, lat = within_a_zone()
    zone = ZonePiece.objects.values_list("zone__public_id", flat=True).first()
    plan = Plan.objects.get().pk
    pages = [
        "/",
        "/about",
        "/plans/",
        f"/plans/{plan}",
        f"/zones/{zone}",
        f"/?q={lat},{lon}",
        "/?q=Lincoln+Park",
    ]
    return [f"{prefix}{page}" for prefix in ("", "/en") for page in pages]


def test_every_page_works_and_names_no_place_and_no_system_of_another_country(client):
    named = {}
    for address in [*addresses(), "/api/v1/docs", "/api/v1/plans", "/api/v1/coverage"]:
        response = client.get(address, follow=True)
        assert response.status_code == 200, address
        found = set(FOREIGN.findall(response.content.decode()))
        if found:
            named[address] = found

    assert named == {}


def test_a_parcel_that_nobody_delivered_is_not_found_and_nothing_breaks(client):
    assert client.get("/en/parcels/us-2020-17031-07-1-1").status_code == 404
    assert asked(client, "/api/v1/parcels", sheet="1", number="1")["items"] == []


def test_it_is_taken_out_as_a_whole():
    remove_demonstration()

    assert [model.objects.count() for model in (Plan, ZonePiece, Territory)] == [0, 0, 0]
    assert Publication.objects.count() == 1
    assert Office.objects.get().is_demonstration
