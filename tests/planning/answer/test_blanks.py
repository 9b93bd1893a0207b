"""Four states of an indicator and no blank cell; what is withheld cannot be probed."""

from datetime import date

import orjson
import pytest

from planning.answer import answer_parcel, answer_point, answer_site, history_of_parcel
from planning.answer.render import to_json
from planning.codes import IndicatorState
from tests import town
from tests.answer_schema import theme, validator, wire

pytestmark = pytest.mark.django_db

ON = date(2024, 1, 1)


def stated(state: str = "stated", text: str = "5", **fields):
    return {"text": text, "min": None, "max": 5.0, "unit": "storeys", "state": state} | fields


def across_two_zones(first, second):
    made = town.edition(town.plan("zoning"))
    town.zone(made, town.square(0, 0, 50, 100), "ODT", indicators=first)
    town.zone(made, town.square(50, 0, 50, 100), "DGT", indicators=second)
    town.parcel("1", town.square(45, 10, 10, 20))
    town.publish()
    (plan,) = theme(wire(answer_parcel("2004-00001-1-1", as_at=ON)))["plans"]
    return {item["zone"]["land_use"]["code"]: item["indicators"] for item in plan["items"]}


def test_what_one_zone_states_and_the_other_does_not_is_unknown_there():
    found = across_two_zones({"max_storeys": stated()}, {})

    assert found["ODT"]["max_storeys"]["state"] == "stated"
    assert found["DGT"] == {
        "max_storeys": {"text": "", "min": None, "max": None, "unit": "storeys", "state": "unknown"}
    }


def test_every_state_is_handed_on_as_it_is():
    none = {"min": None, "max": None}
    rules = {
        "max_storeys": stated(),
        "max_height": stated("not_regulated", "không quy định", unit="m", **none),
        "coverage": stated("refers_elsewhere", "theo quy chế", unit="%", **none),
        "population": stated("unknown", "", unit="persons", **none),
    }

    found = across_two_zones(rules, rules)

    assert {name: rule["state"] for name, rule in found["ODT"].items()} == {
        "max_storeys": "stated",
        "max_height": "not_regulated",
        "coverage": "refers_elsewhere",
        "population": "unknown",
    }
    assert {rule["state"] for rule in found["ODT"].values()} == set(IndicatorState)


def test_the_schema_takes_no_stated_rule_without_its_text():
    indicator = validator().evolve(schema=validator().schema | {"$ref": "#/$defs/Indicator"})

    def is_taken(value):
        schema = {"$defs": indicator.schema["$defs"], "$ref": "#/$defs/Indicator"}
        return validator().evolve(schema=schema).is_valid(value)

    assert is_taken(stated())
    assert not is_taken(stated(text=""))
    assert not is_taken(stated(state="blank"))
    assert is_taken(stated(state="unknown", text=""))


@pytest.fixture
def secret_cell(small_town):
    """A cell of a square kilometre is withheld beside the published town; the parcel lies in it."""
    town.cover(town.square(200, 0, 1000), "withheld", theme="land_use")
    town.parcel("9", town.square(500, 500, 10, 20), feature=9)
    town.publish()


def test_everywhere_in_a_withheld_cell_the_answer_is_the_same(secret_cell):
    states = set()
    for x, y in ((205, 5), (500, 500), (700, 300), (1195, 995)):
        place = town.point(x, y)
        found = theme(wire(answer_point(place.x, place.y, as_at=ON)), "land_use")
        states.add((found["state"], found["plans"] == [], found.get("withheld")))

    assert states == {("withheld", True, True)}


def test_a_site_across_the_edge_of_a_cell_learns_no_area_of_it(secret_cell):
    """Nothing in the answer measures what is withheld: not its share, not its outline."""
    sites = [town.square(x, 400, 60, 60) for x in (145, 160, 190)]
    answers = [answer_site(town_shape(site), as_at=ON) for site in sites]

    found = [theme(wire(answer), "land_use") for answer in answers]
    assert len({orjson.dumps(entry) for entry in found}) == 1
    for answer in answers:
        document = orjson.loads(to_json(answer))
        del document["subject"]
        assert b'"coordinates"' not in orjson.dumps(document)


def town_shape(geometry):
    import shapely

    return shapely.from_wkb(bytes(geometry.wkb))


def test_a_history_shows_a_withheld_theme_as_such_and_nothing_of_its_outline(secret_cell):
    history = history_of_parcel("2004-00001-1-9")

    states = {
        entry.state.value for period in history.periods for entry in period.themes if entry.code == "land_use"
    }
    assert states <= {"withheld", "unknown"}
    assert {what for revision in history.revisions for what in revision.what} <= {"coverage", "parcel"}


def test_a_yes_beside_something_withheld_says_both(secret_cell):
    made = town.edition(town.plan("uses", kind="land_use"))
    town.zone(made, town.square(450, 450, 200), "ODT")
    town.publish()

    found = theme(wire(answer_parcel("2004-00001-1-9", as_at=ON)), "land_use")

    assert (found["state"], found["withheld"], found["partly_known"]) == ("concerned", True, True)
