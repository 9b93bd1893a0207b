"""The pages through the whole stack: stored plans in, a page out, without a script."""

from datetime import date

import pytest
from django.test import Client

from tests import town

pytestmark = pytest.mark.django_db


@pytest.fixture
def parcel() -> str:
    """A parcel of 20 m by 10 m, four fifths of it housing, the rest road; one draft beside."""
    plan = town.plan("zoning", scale=2000)
    first = town.edition(plan, in_force=date(2018, 1, 1))
    town.zone(first, town.square(-50, -50, 66, 200), "ODT")
    town.zone(first, town.square(16, -50, 60, 200), "DGT")
    town.cover(town.square(-100, -100, 300))
    found = town.parcel("45", town.square(0, 0, 20, 10), sheet="3")
    town.publish()
    return found.code


PAGES = ("/", "/plans/", "/plans/zoning", "/zones/zoning.1.1", "/about", "/points/105.85,21.03")


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("address", PAGES)
def test_every_page_answers_in_both_languages(client: Client, parcel: str, address: str, prefix: str) -> None:
    page = client.get(prefix + address)

    assert page.status_code == 200
    language = "en" if prefix else "vi"
    assert f'<html lang="{language}">' in page.content.decode()


def test_the_page_of_a_parcel_opens_with_its_largest_use(client: Client, parcel: str) -> None:
    page = client.get(f"/en/parcels/{parcel}").content.decode()

    assert "of this parcel is planned as <strong>Urban housing (ODT)</strong>" in page
