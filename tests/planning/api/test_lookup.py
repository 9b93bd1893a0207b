"""The look-up over HTTP: positions from a phone, lists of corner points, streets."""

import pytest
from django.test import Client

from planning.models import Publication
from tests import town

ROOT = "/api/v1/lookup"


@pytest.fixture
def tube_houses(db: None) -> Publication:
    """Five houses of 4 m x 20 m, wall to wall."""
    town.territory()
    for place in range(5):
        address = f"{2 * place + 1} Phố Tô Hiến"
        town.parcel(
            str(place + 1),
            town.square(place * 4, 0, 4, 20),
            feature=place + 1,
            address=address,
            search_address=f"{2 * place + 1} pho to hien",
        )
    return town.publish()


def test_a_position_with_its_accuracy_gives_the_neighbours_and_picks_none(
    client: Client, tube_houses: Publication
) -> None:
    centre = town.square(8, 0, 4, 20).centroid
    query = {"lat": f"{centre.y:.7f}", "lon": f"{centre.x:.7f}", "accuracy_m": "5", "lang": "en"}
    found = client.get(ROOT, query).json()

    assert found["understood_as"] == "coordinates"
    assert found["candidates"][0]["kind"] == "point"
    parcels = [one["id"] for one in found["candidates"] if one["kind"] == "parcel"]
    assert {f"2004-00001-1-{number}" for number in (2, 3, 4)} <= set(parcels)
    assert "Choose the parcel yourself" in found["hint"]


def test_a_list_of_corner_points_is_taken_with_its_rows(client: Client, tube_houses: Publication) -> None:
    rows = "\n".join(f"{number} 232{number}000.00 58{number}000.00" for number in range(1, 5))
    assert client.get(ROOT, {"q": rows}).json()["understood_as"] == "corners"
    assert client.get(ROOT, {"q": ";".join(["x" * 40] * 60)}).status_code == 400


def test_a_street_leads_to_what_lies_along_it(client: Client, tube_houses: Publication) -> None:
    street = client.get(ROOT, {"q": "phố Tô Hiến"}).json()["candidates"][0]

    assert (street["kind"], street["label"]) == ("street", "Phố Tô Hiến, phường Mẫu")
    assert "lookup?q=" in street["url"]
    again = client.get(street["url"]).json()
    assert [one["kind"] for one in again["candidates"]][:2] == ["street", "parcel"]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ({"lon": "105.8"}, "lat"),
        ({"lat": "21"}, "lon"),
        ({}, "q"),
        ({"q": "a", "lon": "105.8", "lat": "21"}, "q"),
        ({"lon": "105.8", "lat": "95"}, "lat"),
    ],
)
@pytest.mark.usefixtures("db")
def test_half_a_position_or_two_questions_are_refused(
    client: Client, query: dict[str, str], name: str
) -> None:
    response = client.get(ROOT, query)

    assert response.status_code == 400
    assert response.json()["parameter"] == name


def test_the_page_takes_a_list_of_corner_points_with_its_rows(
    client: Client, tube_houses: Publication
) -> None:
    rows = "1 2325000.00 587008.00\n2 2325020.00 587008.00\n3 2325020.00 587012.00\n4 2325000.00 587012.00"

    assert '<textarea id="corners" name="q"' in client.get("/en/").content.decode()
    page = client.get("/en/", {"q": rows}).content.decode()
    assert "The middle of an outline of 4 corners, about 80 m²." in page
    assert "2004-00001-1-3" in page
    assert client.get("/en/", {"q": "; ".join(["x" * 40] * 60)}).status_code == 400
