"""What may be said of a theme, and that silence is never a "no". T numbers are the service's own list."""

from datetime import date, timedelta

import pytest
import shapely
from django.utils import timezone

from planning.answer import answer_parcel, answer_point, answer_site
from planning.answer.model import Text
from planning.errors import BadParameter, NotFound, Reason
from planning.models import Office, RelationKind, RestrictionKind
from tests import town
from tests.answer_schema import theme, wire

pytestmark = pytest.mark.django_db
ON = date(2024, 1, 1)
NEVER = {"not_concerned"}


def asked(number: str = "1", **options):
    return wire(answer_parcel(f"2004-00001-1-{number}", as_at=options.pop("as_at", ON), **options))


def states(document):
    return {entry["code"]: entry["state"] for entry in document["themes"]}


def elsewhere():
    """A plan with one zone far away, so that its theme is not without data."""
    town.zone(town.edition(town.plan("zoning", scale=500)), town.square(1000, 1000, 100), "ODT")


def test_nothing_found_where_the_data_are_declared_complete_is_a_no():
    elsewhere()
    town.cover(town.square(-500, -500, 1000))
    town.parcel("1", town.square(0, 0, 10))
    town.publish()

    found = theme(asked())

    assert (found["state"], found["plans"]) == ("not_concerned", [])
    assert [row["state"] for row in found["coverage"]] == ["complete"]


def test_nothing_found_without_a_declaration_is_unknown():
    elsewhere()
    town.parcel("1", town.square(0, 0, 10))
    town.publish()

    assert set(states(asked()).values()) == {"unknown"}


def test_an_empty_theme_declared_complete_is_unknown():
    """T17: data of which there is not a single row were never loaded."""
    town.themes()
    town.cover(town.square(-500, -500, 1000))
    town.parcel("1", town.square(0, 0, 10))
    town.publish()

    assert theme(asked())["state"] == "unknown"


def test_only_a_recorded_none_exists_answers_for_an_empty_theme():
    """T17."""
    town.themes()
    town.cover(town.square(-500, -500, 1000), "none_exists")
    town.parcel("1", town.square(0, 0, 10))
    town.publish()

    found = theme(asked())

    assert (found["state"], found["coverage"][0]["state"]) == ("not_concerned", "none_exists")


def test_data_of_another_day_do_not_fill_a_theme():
    """T17: complete in 2010, when nothing was in force yet."""
    elsewhere()
    town.cover(town.square(-500, -500, 1000), as_of=date(2005, 1, 1))
    town.parcel("1", town.square(0, 0, 10))
    town.publish()

    assert theme(asked(as_at=date(2010, 1, 1)))["state"] == "unknown"
    assert theme(asked(as_at=date(2020, 1, 1)))["state"] == "not_concerned"


@pytest.mark.parametrize(
    ("state", "expected"),
    [("withheld", "withheld"), ("partial", "partly_known"), ("not_loaded", "unknown")],
)
def test_where_declarations_overlap_the_least_certain_wins(state, expected):
    elsewhere()
    town.cover(town.square(-500, -500, 1000))
    town.cover(town.square(-100, -100, 300), state)
    town.parcel("1", town.square(0, 0, 10))
    town.publish()

    found = theme(asked())

    assert found["state"] == expected
    assert [row["state"] for row in found["coverage"]] == [state, "complete"]


@pytest.mark.parametrize("state", ["partial", "not_loaded"])
def test_a_parcel_half_covered_is_not_called_clear(state):
    elsewhere()
    town.cover(town.square(-500, -500, 1000))
    town.cover(town.square(5, -100, 300), state)
    town.parcel("1", town.square(0, 0, 10))
    town.publish()

    assert theme(asked())["state"] == "partly_known"


def test_a_declaration_that_ends_inside_the_parcel_makes_it_partly_known():
    elsewhere()
    town.cover(town.square(-100, -100, 105, 300))
    town.parcel("1", town.square(0, 0, 10))
    town.publish()

    assert theme(asked())["state"] == "partly_known"


def test_two_declarations_may_cover_a_parcel_together():
    elsewhere()
    town.cover(town.square(-100, -100, 105, 300))
    town.cover(town.square(5, -100, 100, 300))
    town.parcel("1", town.square(0, 0, 10))
    town.publish()

    assert theme(asked())["state"] == "not_concerned"


def test_a_gap_farther_away_than_lines_are_off_does_not_make_the_parcel_unknown():
    elsewhere()
    town.cover(town.square(-500, -500, 1000))
    town.cover(town.square(10.5, -100, 300), "not_loaded")
    town.parcel("1", town.square(0, 0, 10))
    town.publish()

    assert theme(asked())["state"] == "not_concerned"


def test_a_withheld_area_counts_as_soon_as_it_may_reach_the_parcel():
    elsewhere()
    town.cover(town.square(-500, -500, 1000))
    town.cover(town.square(10.05, -100, 300), "withheld")
    town.parcel("1", town.square(0, 0, 10))
    town.publish()

    assert theme(asked())["state"] == "withheld"


def test_every_plan_kind_of_a_theme_must_be_covered_for_a_no():
    elsewhere()
    town.cover(town.square(-500, -500, 1000), plan_kind="zoning")
    for kind in ("general", "detailed", "shortened"):
        town.cover(town.square(-500, -500, 1000), "none_exists", plan_kind=kind)
    town.parcel("1", town.square(0, 0, 10))
    town.publish()
    assert theme(asked())["state"] == "partly_known"

    town.cover(town.square(-500, -500, 1000), "none_exists", plan_kind="ordinance")
    town.publish()
    assert theme(asked())["state"] == "not_concerned"


def test_a_yes_says_when_some_of_the_theme_is_unknown(small_town):
    town.cover(town.square(0, 0, 15, 100), "not_loaded", plan_kind="detailed")
    town.publish()

    found = theme(asked())

    assert (found["state"], found["partly_known"]) == ("concerned", True)
    assert "partly_known" not in theme(asked("2"))


def test_a_yes_says_when_something_is_withheld(small_town):
    town.cover(town.square(12, 12, 3), "withheld")
    town.publish()

    found = theme(asked())

    assert (found["state"], found["withheld"], found["partly_known"]) == ("concerned", True, True)


def test_a_zone_next_door_says_nothing_but_one_within_tolerance_is_uncertain():
    made = town.edition(town.plan("zoning", scale=2000))
    town.zone(made, town.square(10.3, 0, 10), "ODT")
    town.cover(town.square(-500, -500, 1000))
    town.parcel("1", town.square(0, 0, 10))
    town.parcel("2", town.square(-1, 0, 10), feature=2)
    town.publish()

    assert theme(asked("1"))["state"] == "uncertain"
    assert theme(asked("2"))["state"] == "not_concerned"


def test_a_coarse_plan_reaches_farther_than_the_others():
    """The search must be as wide as the coarsest plan, 20 m at 1:100 000."""
    coarse = town.edition(town.plan("province", kind="general", scale=100_000))
    town.zone(coarse, town.square(28, 0, 100), "ODT")
    town.cover(town.square(-500, -500, 1000))
    town.parcel("1", town.square(0, 0, 10))
    town.publish()

    found = theme(asked())

    assert (found["state"], found["plans"][0]["items"][0]["class"]) == ("uncertain", "touch")


def test_an_area_of_protection_concerns_the_parcel_without_books():
    made = town.edition(town.plan("heritage", kind="infrastructure", scale=500))
    town.restriction(made, town.square(-50, -50, 55, 200), RestrictionKind.HERITAGE)
    town.restriction(made, town.square(-50, -50, 58, 200), RestrictionKind.HEIGHT_LIMIT)
    town.parcel("1", town.square(0, 0, 10))
    town.publish()

    found = theme(asked(), "corridors")

    (plan,) = found["plans"]
    assert found["state"] == "concerned"
    assert {i["zone"]["kind"]: i["area_m2"] for i in plan["items"]} == {
        "heritage": 50.0,
        "height_limit": 80.0,
    }
    assert plan["uncovered_m2"] is None


def test_a_protected_point_in_the_parcel_concerns_it():
    made = town.edition(town.plan("heritage", kind="infrastructure", scale=500))
    town.restriction(made, town.point(5, 5), RestrictionKind.HERITAGE)
    town.parcel("1", town.square(0, 0, 10))
    town.publish()

    found = theme(asked(), "corridors")

    assert (found["state"], found["plans"][0]["items"][0]["class"]) == ("concerned", "part")


def conflicting_plans(**relation):
    zoning = town.plan("zoning", scale=500)
    town.zone(town.edition(zoning), town.square(-50, -50, 200), "ODT")
    detailed = town.edition(town.plan("detailed", kind="detailed", scale=500))
    town.zone(detailed, town.square(4, -50, 100, 200), "CXDT")
    if relation:
        town.relation(detailed, zoning, **relation)
    town.parcel("1", town.square(0, 0, 10))
    town.publish()


def test_plans_that_must_agree_and_do_not_are_named_both():
    conflicting_plans(kind=RelationKind.IMPLEMENTS)

    found = theme(asked())

    (conflict,) = found["conflicts"]
    assert [plan["id"] for plan in conflict["plans"]] == ["detailed", "zoning"]
    assert [use["code"] for use in conflict["land_uses"]] == ["CXDT", "ODT"]
    assert (conflict["area_m2"], conflict["share"]) == (60.0, 0.6)
    assert len(found["plans"]) == 2


def test_plans_of_different_kinds_differ_by_design():
    conflicting_plans()

    assert theme(asked())["conflicts"] == []


def test_a_conflict_is_shown_at_a_point_too():
    conflicting_plans(kind=RelationKind.IMPLEMENTS)
    place = town.point(7, 5)

    document = wire(answer_point(place.x, place.y, as_at=ON))

    assert theme(document)["conflicts"][0]["area_m2"] is None


def test_a_point_in_the_sea_is_unknown_in_every_theme(small_town):
    document = wire(answer_point(112.0, 15.0, as_at=ON))

    assert set(states(document).values()) == {"unknown"}
    assert document["office"] is None
    assert document["subject"]["metric_crs"] == "EPSG:32649"


@pytest.mark.parametrize("day", [date(1900, 1, 1), date(2100, 1, 1)])
def test_a_day_without_data_is_unknown_in_every_theme(small_town, day):
    document = asked(as_at=day)

    assert set(states(document).values()) == {"unknown"}
    assert all(entry["plans"] == [] for entry in document["themes"])
    assert document["notices"] != []


def test_no_declaration_backs_a_no_for_a_day_to_come():
    elsewhere()
    town.cover(town.square(-500, -500, 1000))
    town.parcel("1", town.square(0, 0, 10))
    town.publish()
    tomorrow = timezone.localdate() + timedelta(days=1)

    assert theme(asked(as_at=timezone.localdate()))["state"] == "not_concerned"
    assert theme(asked(as_at=tomorrow))["state"] == "unknown"


def test_an_empty_database_knows_nothing(db):
    town.themes()

    document = wire(answer_point(105.84, 21.02, as_at=ON))

    assert document["revision"] == 0
    assert set(states(document).values()) == {"unknown"}


def test_without_any_theme_nothing_is_said(db):
    assert wire(answer_point(105.84, 21.02, as_at=ON))["themes"] == []


def test_only_the_themes_asked_for_are_answered_and_the_others_named(small_town):
    document = asked(themes=["lines", "construction"])

    assert list(states(document)) == ["construction", "lines"]
    others = [code for code in town.THEMES if code not in ("lines", "construction")]
    assert [(e["theme"], e["reason"]) for e in document["not_checked"]] == [
        (code, "not_requested") for code in others
    ]


def test_an_unknown_theme_is_refused(small_town):
    with pytest.raises(BadParameter) as caught:
        asked(themes=["noise"])

    assert (caught.value.name, caught.value.reason) == ("themes", Reason.NOT_A_CHOICE)


def test_an_unknown_parcel_is_not_found(small_town):
    with pytest.raises(NotFound):
        asked("77")


def test_a_staged_parcel_is_not_found(small_town):
    town.parcel("5", town.square(0, 0, 10), feature=5)

    with pytest.raises(NotFound):
        asked("5")


@pytest.mark.parametrize(("lon", "lat"), [(181, 0), (0, 91), (float("nan"), 0), (0, float("inf"))])
def test_a_point_off_the_earth_is_refused(db, lon, lat):
    with pytest.raises(BadParameter):
        answer_point(lon, lat, as_at=ON)


@pytest.mark.parametrize(
    "drawn",
    [
        shapely.Polygon([(105, 21), (105.1, 21.1), (105.1, 21), (105, 21.1)]),
        shapely.Polygon(),
        shapely.Point(105, 21),
        shapely.box(105, 21, 105.000000001, 21.000000001),
    ],
)
def test_a_site_that_has_no_area_is_refused(db, drawn):
    with pytest.raises(BadParameter) as caught:
        answer_site(drawn, as_at=ON)

    assert caught.value.name == "geometry"


def test_invented_data_are_marked(small_town):
    assert asked()["notices"] == []
    Office.objects.update(is_demonstration=True)

    (notice,) = asked()["notices"]

    assert "Demonstration" in notice["en"]
    assert isinstance(answer_parcel("2004-00001-1-1", as_at=ON).notices[0], Text)


def test_the_office_of_the_territory_gives_the_binding_answer(small_town):
    document = asked()

    assert document["office"]["id"] == "town"
    assert "certificate" in document["disclaimer"]["en"]


def test_a_city_elsewhere_is_measured_in_its_own_system(db):
    """Nothing is bound to one country: a square of Chicago in UTM zone 16 N."""
    from planning import crs

    utm = crs.parse("EPSG:26916")
    drawn = crs.transform(shapely.box(447_000, 4_637_000, 447_050, 4_637_040), utm, crs.WGS84)
    town.territory(
        "lake",
        metric_crs="EPSG:26916",
        extent=town.GEOSGeometry(memoryview(shapely.MultiPolygon([drawn.buffer(0.5)]).wkb), srid=4326),
    )

    subject = wire(answer_site(drawn, as_at=ON))["subject"]

    assert (subject["metric_crs"], subject["area_m2"]) == ("EPSG:26916", 2000.0)
