"""What a parcel has of each zone, through the whole stack. T numbers are the service's own list."""

from datetime import date

import orjson
import pytest
import shapely
from django.db import connection

from planning.answer import answer_parcel, answer_point, answer_site
from planning.answer.render import to_json
from planning.models import LegalStatus, Publication, RestrictionKind, Theme, ZonePiece
from tests import town
from tests.answer_schema import exactly, theme, wire

pytestmark = pytest.mark.django_db
ON = date(2024, 1, 1)


def asked(number: str = "1", **options):
    return wire(answer_parcel(f"2004-00001-1-{number}", as_at=options.pop("as_at", ON), **options))


def plan_of(document, code: str = "construction"):
    (plan,) = theme(document, code)["plans"]
    return plan


def shapely_of(stored):
    return shapely.from_wkb(bytes(stored.wkb))


def stage_zones(*zones, scale: int = 500, **plan):
    """A plan with these zones, (geometry, use) each, and complete coverage."""
    made = town.edition(town.plan("zoning", scale=scale, **plan))
    for geometry, use in zones:
        town.zone(made, geometry, use)
    town.cover(town.square(-500, -500, 1000))
    return made


def test_a_parcel_across_two_zones_shows_the_share_of_each(small_town):
    document = asked("2")

    assert theme(document)["state"] == "concerned"
    plan = plan_of(document)
    assert [(i["zone"]["land_use"]["code"], i["class"], i["area_m2"], i["share"]) for i in plan["items"]] == [
        ("ODT", "part", 100.0, 0.5),
        ("DGT", "part", 100.0, 0.5),
    ]
    for item in plan["items"]:
        # 0.4 m of the plan and 0.1 m of the parcel along 20 m of edge
        assert item["share_low"] == pytest.approx(0.5 - 0.412 * 20 / 200, abs=0.0001)
        assert item["share_high"] == pytest.approx(0.5 + 0.412 * 20 / 200, abs=0.0001)
    assert (plan["uncovered_m2"], plan["outside_m2"], plan["overlap_m2"]) == (0, 0, 0)


def test_every_item_leads_to_its_plan_decision_office_and_source(small_town):
    item = plan_of(asked())["items"][0]

    assert item["edition"] == "zoning/1"
    assert item["decision"] == {
        "kind": "decision",
        "number": "0101/QĐ-UBND",
        "date": "2018-01-01",
        "issuer": "UBND thị trấn",
    }
    assert item["in_force_from"] == "2018-01-01"
    assert item["office"]["id"] == "town"
    assert item["source"]["feature"] == 1
    assert item["source"]["licence"] == "CC-BY-4.0"
    assert item["documents"][0]["title"].endswith("Quyết định phê duyệt")


def test_the_subject_is_measured_in_its_own_metric_system(small_town):
    subject = asked()["subject"]

    assert (subject["metric_crs"], subject["area_m2"], subject["registry_area_m2"]) == (
        "EPSG:5897",
        200.0,
        200.0,
    )
    assert subject["commune"]["id"] == "2004-00001"


def test_overlapping_zones_of_one_land_use_are_one_whole_total():
    """T1."""
    stage_zones((town.square(-1, -1, 7, 12), "ODT"), (town.square(4, -1, 7, 12), "ODT"))
    town.parcel("1", town.square(0, 0, 10))
    town.publish()

    plan = plan_of(asked())

    (total,) = plan["totals"]
    assert (total["class"], total["area_m2"], total["share"]) == ("whole", 100.0, 1.0)
    assert plan["overlap_m2"] == 20.0


@pytest.mark.parametrize("registered", [0, None, 0.4])
def test_a_strange_registered_area_is_shown_and_not_reckoned_with(small_town, registered):
    """T4."""
    town.parcel("9", town.square(10, 50, 10, 20), registry_area=registered, feature=9)
    town.publish()

    document = asked("9")

    assert document["subject"]["registry_area_m2"] == registered
    assert document["subject"]["area_m2"] == 200.0
    assert plan_of(document)["items"][0]["share"] == 1.0


def plant_bow_tie(on_theme: str) -> None:
    """An invalid piece in force, past the constraint that keeps such things out."""
    made = ZonePiece.objects.first()
    other = town.edition(town.plan("other", kind="land_use"), in_force=date(2018, 1, 1))
    zone = town.zone(other, town.square(0, 0, 100), "DGT")
    town.publish()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE planning_zonepiece DROP CONSTRAINT zone_piece_geometry_valid")
    bow_tie = town.placed(shapely.MultiPolygon([shapely.Polygon([(0, 0), (40, 40), (40, 0), (0, 40)])]))
    ZonePiece.objects.create(
        zone=zone,
        land_use=zone.land_use,
        geometry=bow_tie,
        edition=other,
        plan=other.plan,
        theme=Theme.objects.get(code=on_theme),
        level=made.level,
        status=LegalStatus.IN_FORCE,
        valid=(date(2010, 1, 1), date(2018, 1, 1)),
        known=(Publication.objects.latest_revision(), None),
    )


def test_an_invalid_zone_fails_its_theme_and_no_other(small_town, caplog):
    """T5."""
    plant_bow_tie("land_use")

    document = asked(as_at=date(2017, 6, 1))
    later = asked()

    broken = theme(document, "land_use")
    assert (broken["state"], broken["error"], broken["plans"]) == ("error", "invalid_geometry", [])
    assert theme(document, "construction")["state"] != "error"
    assert theme(later, "land_use")["state"] == "concerned"
    assert "could not be computed" in caplog.text


def test_a_parcel_in_a_hole_of_the_only_zone_is_not_concerned():
    """T6: the hole is larger than the parcel by more than the tolerance."""
    hole = [(-1, -1), (11, -1), (11, 11), (-1, 11)]
    stage_zones((town.polygon((-20, -20), (30, -20), (30, 30), (-20, 30), holes=[hole]), "ODT"))
    town.parcel("1", town.square(0, 0, 10))
    town.publish()

    assert theme(asked())["state"] == "not_concerned"


def test_a_parcel_that_fills_the_hole_is_uncertain():
    """T6: the hole is exactly the parcel."""
    hole = [(0, 0), (10, 0), (10, 10), (0, 10)]
    stage_zones((town.polygon((-20, -20), (30, -20), (30, 30), (-20, 30), holes=[hole]), "ODT"))
    town.parcel("1", town.square(0, 0, 10))
    town.publish()

    document = asked()

    assert theme(document)["state"] == "uncertain"
    (item,) = plan_of(document)["items"]
    assert (item["class"], item["area_m2"], item["share_low"]) == ("touch", 0.0, 0.0)


def test_the_parts_of_a_parcel_are_summed():
    """T7."""
    stage_zones((town.square(5, -5, 20, 20), "ODT"))
    parts = [shapely.box(0, 0, 10, 10), shapely.box(20, 0, 30, 10)]
    town.parcel("1", town.placed(shapely.MultiPolygon(parts)))
    town.publish()

    plan = plan_of(asked())

    assert (plan["items"][0]["area_m2"], plan["uncovered_m2"]) == (100.0, 100.0)


@pytest.mark.parametrize("zone", [(10, 10, 5, 5), (10, 0, 10, 10)])
def test_contact_at_a_point_or_along_a_line_is_uncertain(zone):
    """T8."""
    stage_zones((town.square(*zone), "ODT"))
    town.parcel("1", town.square(0, 0, 10))
    town.publish()

    document = asked()

    assert theme(document)["state"] == "uncertain"
    assert plan_of(document)["items"][0]["class"] == "touch"


def line_plan(*points):
    made = town.edition(town.plan("lines", scale=500))
    town.restriction(made, town.line(*points), RestrictionKind.RED_LINE)


def test_a_line_on_a_shared_edge_runs_along_both_neighbours():
    """T9."""
    line_plan((10, -5), (10, 15))
    town.parcel("1", town.square(0, 0, 10))
    town.parcel("2", town.square(10, 0, 10), feature=2)
    town.publish()

    (here,) = plan_of(asked("1"), "lines")["items"]
    (there,) = plan_of(asked("2"), "lines")["items"]

    for item in (here, there):
        assert (item["class"], item["length_m"], item["beyond_m2"]) == ("touch", 0.0, None)
        assert item["along_m"] == pytest.approx(10, abs=0.002)
        assert item["area_m2"] is None
    assert here["along_m"] == there["along_m"]


def test_an_oblique_line_on_an_edge_is_found():
    """T10."""
    line_plan((3, 0.3), (4, 0.4))
    town.parcel("1", town.polygon((0, 0), (10, 1), (9, 11), (-1, 10)))
    town.publish()

    (item,) = plan_of(asked(), "lines")["items"]

    assert item["along_m"] == pytest.approx(1.005, abs=0.001)


def test_a_red_line_through_the_parcel_says_what_it_cuts_off():
    line_plan((8, -5), (8, 15))
    town.parcel("1", town.square(0, 0, 10))
    town.publish()

    document = asked()

    (item,) = plan_of(document, "lines")["items"]
    assert theme(document, "lines")["state"] == "concerned"
    assert (item["class"], item["length_m"], item["beyond_m2"], item["remainder_width_m"]) == (
        "part",
        pytest.approx(10, abs=0.002),
        pytest.approx(20, abs=0.02),
        pytest.approx(8, abs=0.002),
    )
    plan = plan_of(document, "lines")
    assert (plan["uncovered_m2"], plan["overlap_m2"], plan["totals"]) == (None, None, [])


@pytest.mark.parametrize(
    ("zone", "scale", "parcel", "expected"),
    [
        ((9.97, -5, 20, 20), 500, (0, 0, 10, 10), "borderline"),
        ((9.5, -5, 0.5, 20), 500, (0, 0, 10, 10), "part"),
        ((-50, -50, 120, 120), 11_000, (0, 0, 4, 20), "whole"),
        ((10.03, 0, 10, 10), 500, (0, 0, 10, 10), "touch"),
    ],
    ids=["a sliver of 3 cm", "a strip of 0.5 m", "deep inside at 2.2 m", "3 cm outside"],
)
def test_what_may_be_said_depends_on_how_exact_the_lines_are(zone, scale, parcel, expected):
    """T11."""
    stage_zones((town.square(*zone), "ODT"), scale=scale)
    town.parcel("1", town.square(*parcel), accuracy_m=0.001)
    town.publish()

    assert plan_of(asked())["items"][0]["class"] == expected


def test_gaps_and_overlaps_of_a_plan_are_booked():
    """T12."""
    stage_zones((town.square(0, 0, 5, 10), "ODT"), (town.square(4, 0, 5.5, 10), "DGT"))
    town.parcel("1", town.square(0, 0, 10))
    town.publish()

    plan = plan_of(asked())

    assert [item["area_m2"] for item in plan["items"]] == [55.0, 50.0]
    assert (plan["uncovered_m2"], plan["overlap_m2"]) == (5.0, 10.0)


def test_a_coarser_plan_widens_the_band():
    """T13."""
    shares = []
    for scale in (500, 2000, 10_000):
        made = town.edition(town.plan(f"z{scale}", scale=scale))
        town.zone(made, town.square(-50, -50, 52, 200), "ODT")
    town.parcel("1", town.square(0, 0, 4, 20))
    town.publish()

    for plan in theme(asked())["plans"]:
        (item,) = plan["items"]
        shares.append((plan["plan"]["scale"], item["share_low"], item["share"], item["share_high"]))

    shares.sort()
    assert [round(share, 3) for _, _, share, _ in shares] == [0.5, 0.5, 0.5]
    lows, highs = [row[1] for row in shares], [row[3] for row in shares]
    assert lows == sorted(lows, reverse=True)
    assert highs == sorted(highs)


def test_thirds_are_printed_so_that_they_close():
    edges = (0, 10 / 3, 20 / 3, 10)
    zones = [
        (town.polygon((a, -5), (b, -5), (b, 15), (a, 15)), use)
        for a, b, use in zip(edges, edges[1:], ("ODT", "DGT", "CXDT"), strict=False)
    ]
    stage_zones(*zones)
    town.parcel("1", town.square(0, 0, 10))
    town.publish()

    plan = plan_of(asked())

    assert sum(exactly(item["share"]) for item in plan["items"]) == 1
    assert sum(exactly(item["area_m2"]) for item in plan["items"]) == 100


def test_the_same_question_gives_the_same_digest_and_rows_in_one_order(small_town):
    """T15: byte for byte but for the clock."""
    first, second = (answer_parcel("2004-00001-1-2", as_at=ON) for _ in range(2))

    def timeless(answer):
        document = orjson.loads(to_json(answer))
        return orjson.dumps({**document, "known_at": None, "generated_at": None})

    assert timeless(first) == timeless(second)
    assert first.digest == second.digest


def test_a_past_question_is_reproduced_after_more_was_published(small_town):
    before = answer_parcel("2004-00001-1-1", as_at=ON)
    town.zone(town.edition(town.plan("zoning"), in_force=date(2020, 1, 1)), town.square(0, 0, 100), "CXDT")
    town.publish()

    again = answer_parcel("2004-00001-1-1", as_at=ON, known_at=before.known_at)
    now = answer_parcel("2004-00001-1-1", as_at=ON)

    assert (again.revision, again.digest) == (before.revision, before.digest)
    assert now.digest != before.digest
    assert plan_of(wire(now))["items"][0]["zone"]["land_use"]["code"] == "CXDT"


def test_a_publication_that_changes_nothing_here_leaves_the_digest_as_it_was(small_town):
    before = answer_parcel("2004-00001-1-1", as_at=ON)
    town.zone(town.edition(town.plan("far", kind="detailed")), town.square(2000, 2000, 100), "CXDT")
    town.publish()

    now = answer_parcel("2004-00001-1-1", as_at=ON)

    assert (now.revision, now.digest) == (before.revision + 1, before.digest)


def test_another_day_or_other_themes_are_another_digest(small_town):
    digests = {
        answer_parcel("2004-00001-1-1", as_at=day, themes=themes).digest
        for day in (ON, ON.replace(day=2))
        for themes in (None, ["construction"], ["lines"])
    }

    assert len(digests) == 6


def test_children_have_together_what_the_parent_had(small_town):
    """T16."""
    town.parcel("30", town.square(50, 30, 20, 10), feature=30)
    town.parcel("31", town.square(50, 30, 7, 10), feature=31)
    town.parcel("32", town.square(57, 30, 13, 10), feature=32)
    town.publish()

    def areas(number):
        return {t["land_use"]["code"]: t["area_m2"] for t in plan_of(asked(number))["totals"]}

    parent, one, two = areas("30"), areas("31"), areas("32")
    assert {code: one.get(code, 0) + two.get(code, 0) for code in parent} == pytest.approx(parent, abs=0.06)


def test_more_than_a_thousand_zones_are_all_counted():
    """T19."""
    made = town.edition(town.plan("zoning", scale=500))
    for x in range(36):
        for y in range(30):
            town.zone(made, town.square(x, y, 1), ("ODT", "DGT", "CXDT")[x % 3], feature=36 * y + x + 1,
                      public_id=f"zoning.1.{x}-{y}")  # fmt: skip
    town.publish()

    document = wire(answer_site(shapely_of(town.square(0.25, 0.25, 35.5, 29.5)), as_at=ON))

    plan = plan_of(document)
    assert len(plan["items"]) == 1080
    assert plan["uncovered_m2"] == pytest.approx(0, abs=0.01)


def test_a_drawn_site_is_answered_like_a_parcel(small_town):
    document = wire(answer_site(shapely_of(town.square(50, 10, 20)), as_at=ON))

    assert document["subject"]["type"] == "site"
    assert document["subject"]["metric_crs"] == "EPSG:5897"
    assert document["subject"]["id"] is None
    assert {t["land_use"]["code"]: t["share"] for t in plan_of(document)["totals"]} == {
        "ODT": 0.5,
        "DGT": 0.5,
    }


def test_a_point_has_classes_and_no_areas(small_town):
    place = town.point(10, 10)

    document = wire(answer_point(place.x, place.y, as_at=ON))

    plan = plan_of(document)
    assert (plan["items"][0]["class"], plan["items"][0]["area_m2"], plan["uncovered_m2"]) == (
        "whole",
        None,
        None,
    )
    assert document["subject"]["geometry"]["type"] == "Point"


def test_a_point_near_an_edge_names_both_sides(small_town):
    place = town.point(60.2, 10)

    document = wire(answer_point(place.x, place.y, as_at=ON))

    assert theme(document)["state"] == "uncertain"
    assert [item["class"] for item in plan_of(document)["items"]] == ["borderline", "touch"]


def test_two_borderline_zones_of_one_use_concern_the_parcel(small_town):
    """The theme's state goes by land use, not by zone."""
    made = town.edition(town.plan("coarse", kind="land_use", scale=10_000))
    town.zone(made, town.square(0, 0, 15, 100), "ODT")
    town.zone(made, town.square(15, 0, 85, 100), "ODT")
    town.parcel("7", town.square(13, 40, 4, 20), feature=7)
    town.publish()

    document = asked("7")

    plan = plan_of(document, "land_use")
    assert {item["class"] for item in plan["items"]} == {"borderline"}
    assert plan["totals"][0]["class"] == "whole"
    assert theme(document, "land_use")["state"] == "concerned"


def test_a_zone_of_many_vertices_around_the_parcel_is_whole():
    """Such a zone is not even fetched."""
    shape = shapely.segmentize(shapely.box(-500, -500, 500, 500), 5)
    stage_zones((town.placed(shapely.MultiPolygon([shape])), "ODT"))
    town.parcel("1", town.square(0, 0, 10))
    town.publish()

    item = plan_of(asked())["items"][0]

    assert (item["class"], item["share_low"], item["area_m2"]) == ("whole", 1.0, 100.0)


def test_land_beyond_the_plan_is_told_apart_from_a_gap_in_it():
    made = town.edition(town.plan("zoning", scale=500), extent=town.square(-100, -100, 107, 300))
    town.zone(made, town.square(0, 0, 3, 10), "ODT")
    town.parcel("1", town.square(0, 0, 10))
    town.publish()

    plan = plan_of(asked())

    assert (plan["uncovered_m2"], plan["outside_m2"]) == (70.0, 30.0)


def test_an_answer_takes_two_statements(small_town, django_assert_num_queries):
    """1 the parcel at its revision, with its communes and territory; 2 all candidates of all themes."""
    with django_assert_num_queries(2):
        answer_parcel("2004-00001-1-2", as_at=ON)


def test_a_site_takes_two_statements_too(small_town, django_assert_num_queries):
    """1 the place: revision, communes, territory; 2 all candidates of all themes."""
    drawn = shapely_of(town.square(50, 10, 20))

    with django_assert_num_queries(2):
        answer_site(drawn, as_at=ON)


def test_of_a_zone_in_many_parts_only_those_around_the_parcel_are_fetched():
    parts = [shapely.box(x, y, x + 8, y + 8) for x in range(-200, 200, 10) for y in range(-200, 200, 10)]
    stage_zones((town.placed(shapely.MultiPolygon(parts)), "ODT"))
    town.parcel("1", town.square(0, 0, 10))
    town.publish()

    answer = answer_parcel("2004-00001-1-1", as_at=ON)

    (item,) = answer.themes[0].plans[0].items
    assert item.area_m2 == 64.0
    assert item.shape is not None
    assert len(item.shape.geoms) < len(parts)


def test_what_is_drawn_of_a_large_zone_fills_the_map():
    """A zone that is not fetched is drawn as a box beyond all that can be seen around the parcel."""
    shape = shapely.segmentize(shapely.box(-2000, -2000, 2000, 2000), 50)
    stage_zones((town.placed(shapely.MultiPolygon([shape])), "ODT"))
    town.parcel("1", town.square(0, 0, 10))
    town.publish()

    (item,) = answer_parcel("2004-00001-1-1", as_at=ON).themes[0].plans[0].items

    assert item.shape.covers(shapely_of(town.square(-60, -60, 130)))
