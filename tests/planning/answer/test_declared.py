"""What publishers declare about their data: how near a doubt counts, and what must stand behind a "no"."""

from datetime import date

import pytest
import shapely

from planning.answer import answer_parcel, answer_point, answer_site
from planning.models import RestrictionKind
from tests import town
from tests.answer_schema import theme, wire

pytestmark = pytest.mark.django_db
ON = date(2024, 1, 1)
DOUBTS = ("withheld", "partial", "not_loaded")


def asked(number: str = "1", **options):
    return wire(answer_parcel(f"2004-00001-1-{number}", as_at=ON, **options))


def state(code: str = "construction"):
    return theme(asked(), code)["state"]


def loaded(kind: str = "zoning", *, scale: int = 2000, **fields):
    """A plan of the town with one zone far from the parcel, its extent all around."""
    made = town.edition(
        town.plan(kind, kind=kind, scale=scale, **fields), extent=town.square(-900, -900, 1900)
    )
    town.zone(made, town.square(900, 900, 50), "ODT")
    return made


def site(x: float, y: float, width: float):
    return shapely.from_wkb(bytes(town.square(x, y, width).wkb))


def ground(*declared):
    """A parcel of 10 m under complete coverage, with further declarations (place, state, fields)."""
    town.cover(town.square(-1500, -1500, 4500))
    for place, what, fields in declared:
        town.cover(place, what, **fields)
    town.parcel("1", town.square(0, 0, 10))
    town.publish()


@pytest.mark.parametrize("what", DOUBTS)
def test_a_doubt_counts_as_soon_as_its_edge_may_reach_the_parcel(what):
    """A zone left out 3 cm beside the parcel would have been a touch."""
    loaded(scale=500)
    ground((town.square(10.03, 0, 10), what, {}))

    assert state() in ("withheld", "partly_known")


@pytest.mark.parametrize("what", DOUBTS)
def test_a_doubt_reaches_as_far_as_the_lines_of_the_coarsest_plan_of_the_theme_may_be_off(what):
    """20 m at 1:100 000, though all its zones lie much farther away."""
    loaded("zoning", scale=500)
    loaded("general", scale=100_000)
    ground((town.square(25, 0, 10), what, {}))

    assert state() != "not_concerned"


def test_a_coarse_plan_of_another_theme_does_not_widen_a_doubt():
    loaded("zoning", scale=500)
    loaded("land_use", scale=100_000)
    ground((town.square(25, 0, 10), "not_loaded", {}))

    assert state() == "not_concerned"


def test_rows_left_out_of_an_edition_are_a_doubt_within_the_tolerance_of_its_plan():
    """A lone red line of a coarse plan was left out: nothing else tells of that plan around the parcel."""
    fine = town.edition(town.plan("fine", scale=500))
    town.restriction(fine, town.line((900, 0), (900, 50)), RestrictionKind.RED_LINE)
    coarse = town.edition(town.plan("coarse", kind="general", scale=100_000))
    town.zone(coarse, town.square(900, 900, 50), "ODT")
    town.cover(town.square(-500, -500, 1000), theme="lines")
    left_out = {"edition": coarse, "upload": town.upload(coarse), "theme": "lines"}
    ground((town.square(25, 0, 10), "partial", left_out))

    assert state("lines") == "partly_known"


def test_rows_left_out_of_a_large_site_are_not_lost_in_the_noise_of_its_long_boundary():
    """1 mm along 7.6 km would be 7.6 m2; the footprint has 6.25."""
    loaded()
    town.cover(town.square(-1500, -1500, 4500))
    town.cover(town.square(400, 400, 2.5), "partial")
    town.publish()

    found = theme(wire(answer_site(site(-1100, -1100, 1900), as_at=ON)))

    assert found["state"] == "partly_known"


def test_a_hole_in_the_declaration_is_not_lost_in_the_noise_of_a_large_site():
    loaded()
    hole = [(400, 400), (402.5, 400), (402.5, 402.5), (400, 402.5)]
    town.cover(town.polygon((-1500, -1500), (3000, -1500), (3000, 3000), (-1500, 3000), holes=[hole]))
    town.publish()

    found = theme(wire(answer_site(site(-1100, -1100, 1900), as_at=ON)))

    assert found["state"] == "partly_known"


@pytest.mark.parametrize(
    ("what", "expected"), [("withheld", "withheld"), ("partial", "partly_known"), ("not_loaded", "unknown")]
)
def test_a_doubt_about_a_kind_of_plan_that_the_theme_does_not_gather_remains_a_doubt(what, expected):
    loaded()
    ground((town.square(-100, -100, 300), what, {"plan_kind": "land_use"}))

    assert state() == expected


def test_a_doubt_about_one_kind_of_plan_is_a_doubt_about_lines_too():
    made = town.edition(town.plan("zoning"))
    town.restriction(made, town.line((900, 0), (900, 50)), RestrictionKind.RED_LINE)
    town.cover(town.square(-500, -500, 1000), theme="lines")
    town.cover(town.square(-100, -100, 300), "not_loaded", theme="lines", plan_kind="zoning")
    ground()

    assert state("lines") == "unknown"


def test_a_declaration_for_a_kind_that_the_theme_does_not_gather_backs_nothing():
    loaded()
    town.cover(town.square(-500, -500, 1000), plan_kind="land_use")
    town.parcel("1", town.square(0, 0, 10))
    town.publish()

    assert state() == "unknown"


def test_data_of_another_territory_do_not_fill_a_theme():
    """Complete is declared here, and all that was ever loaded lies in another city."""
    far = town.territory("far", extent=town.square(50_000, 0, 10_000))
    made = town.edition(town.plan("far", territory=far))
    town.zone(made, town.square(55_000, 5_000, 50), "ODT")
    ground()

    assert state() == "unknown"


def test_complete_for_a_kind_of_plan_of_which_nothing_is_loaded_backs_no_no():
    loaded("zoning")
    town.cover(town.square(-500, -500, 1000), plan_kind="zoning")
    town.cover(town.square(-500, -500, 1000), plan_kind="detailed")
    for kind in ("general", "shortened", "ordinance"):
        town.cover(town.square(-500, -500, 1000), "none_exists", plan_kind=kind)
    town.parcel("1", town.square(0, 0, 10))
    town.publish()
    assert state() == "partly_known"

    loaded("detailed")
    town.publish()
    assert state() == "not_concerned"


def test_nothing_but_complete_for_a_kind_that_is_not_loaded_is_unknown():
    loaded("zoning")
    town.cover(town.square(-500, -500, 1000), plan_kind="detailed")
    town.parcel("1", town.square(0, 0, 10))
    town.publish()

    assert state() == "unknown"


def test_a_plan_that_is_no_longer_in_force_fills_no_theme():
    from planning.models import EventKind

    town.event(loaded(), EventKind.ANNULLED, date(2020, 1, 1))
    ground()

    assert theme(asked())["state"] == "unknown"
    before = wire(answer_parcel("2004-00001-1-1", as_at=date(2019, 6, 1)))
    assert theme(before)["state"] == "not_concerned"


def test_a_point_on_the_edge_of_what_is_loaded_is_not_called_clear():
    """Whichever way its coordinates were rounded."""
    loaded(scale=500)
    town.cover(town.polygon((-400, -400), (7, -400), (131, 400), (-400, 400)))
    town.cover(town.polygon((7, -400), (400, -400), (400, 400), (131, 400)), "not_loaded")
    town.publish()

    places = [town.point(7 + 124 * part / 40, -400 + 800 * part / 40) for part in range(1, 40)]
    found = {theme(wire(answer_point(at.x, at.y, as_at=ON)))["state"] for at in places}

    assert found == {"unknown"}


def test_a_point_on_the_edge_of_the_only_declaration_is_not_called_clear():
    loaded(scale=500)
    town.cover(town.polygon((-400, -400), (7, -400), (131, 400), (-400, 400)))
    town.publish()

    places = [town.point(7 + 124 * part / 40, -400 + 800 * part / 40) for part in range(1, 40)]
    found = {theme(wire(answer_point(at.x, at.y, as_at=ON)))["state"] for at in places}

    assert "not_concerned" not in found


def test_a_point_where_two_complete_declarations_meet_is_clear():
    loaded(scale=500)
    town.cover(town.polygon((-400, -400), (7, -400), (131, 400), (-400, 400)))
    town.cover(town.polygon((7, -400), (400, -400), (400, 400), (131, 400)))
    town.publish()

    places = [town.point(7 + 124 * part / 10, -400 + 800 * part / 10) for part in range(1, 10)]
    found = {theme(wire(answer_point(at.x, at.y, as_at=ON)))["state"] for at in places}

    assert found == {"not_concerned"}
