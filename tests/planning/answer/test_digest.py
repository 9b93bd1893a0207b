"""The legal core of a past answer comes out byte for byte, whatever was published or renamed since."""

import hashlib
import json
from datetime import date

import orjson
import pytest
from django.utils import timezone

from planning.answer import answer_parcel
from planning.answer.core import canonical, legal_core
from planning.answer.render import SCHEMA, to_json, to_wire
from planning.lifecycle import correct, record_ruling, reinstate, suspend
from planning.models import (
    CadastreDelivery,
    Coverage,
    EventKind,
    LandUse,
    LandUseMatch,
    MatchKind,
    Office,
    ParcelLineage,
    Plan,
    Theme,
)
from planning.publication import withdraw_coverage
from tests import town
from tests.answer_schema import check, wire

pytestmark = pytest.mark.django_db

PARCELS = ("2004-00001-1-1", "2004-00001-1-2", "2004-00001-1-3")
DAYS = (date(2012, 1, 1), date(2019, 5, 5), date(2021, 6, 1), date(2024, 1, 1), date(2030, 1, 1))


@pytest.fixture
def busy_town(db):
    """Two plans that disagree, an adjustment, a line, declarations, three parcels."""
    whole = town.edition(town.plan("zoning"), approved=date(2014, 6, 1), in_force=date(2015, 1, 1))
    town.zone(whole, town.square(0, 0, 60, 100), "ODT", indicators=height("5"))
    town.zone(whole, town.square(60, 0, 40, 100), "DGT")
    town.restriction(whole, town.line((57.3, -10), (57.3, 110)))
    other = town.edition(town.plan("second"), in_force=date(2016, 1, 1))
    town.zone(other, town.square(0, 0, 100), "CXDT")
    local = town.edition(
        town.plan("zoning"),
        in_force=date(2020, 1, 1),
        is_local_adjustment=True,
        extent=town.square(60, 0, 40),
    )
    town.zone(local, town.square(60, 0, 40), "HH")
    town.parcel("1", town.square(10, 10, 10, 20), existed_from=date(2010, 1, 1))
    town.parcel("2", town.square(55, 10, 10, 20), feature=2)
    town.parcel("3", town.square(59.97, 40, 10, 20), feature=3, existed_to=date(2023, 1, 1))
    town.cover(town.square(-500, -500, 1000), as_of=date(2016, 5, 5))
    return town.publish()


def height(text: str):
    value = {"text": text, "min": 1.0, "max": 5.0, "unit": "storeys", "state": "stated"}
    return {"max_storeys": value}


def cores(known_at):
    """Bytes and digest of all that can be asked about that moment."""
    found = {}
    for parcel in PARCELS:
        for day in DAYS:
            answer = answer_parcel(parcel, as_at=day, known_at=known_at)
            found[parcel, day] = (canonical(legal_core(to_wire(answer))), answer.digest)
    return found


def members():
    return {"by": town.planner(), "approved_by": town.reviewer()}


def much_happens():
    """Corrections, suspensions, new editions, declarations and deliveries; new names for everything."""
    zoning = Plan.objects.get(id="zoning")
    whole, local = zoning.editions.order_by("number")
    paper = town.decision(zoning, number="sau", on=date(2022, 2, 2))
    correct(
        event=whole.events.get(kind=EventKind.IN_FORCE),
        on=date(2022, 2, 2),
        effective_from=date(2018, 1, 1),
        document=paper,
        **members(),
    )
    suspend(edition=local, on=date(2021, 1, 1), effective_to=date(2022, 1, 1), document=paper, **members())
    third = town.edition(zoning, in_force=date(2017, 3, 3))
    town.zone(third, town.square(0, 0, 100), "CXDT")
    town.cover(town.square(-500, -500, 1000), "partial")
    town.publish()
    reinstate(edition=whole, on=date(2023, 1, 1), document=paper, **members())
    declared = Coverage.objects.standing().filter(state="complete").first().declaration
    withdraw_coverage(declaration=declared, reason="in error", **members())
    parcels_are_surveyed_anew()
    rulings_are_given(paper)
    use = LandUse.objects.get(code="ODT")
    LandUseMatch.objects.create(land_use=use, other=LandUse.objects.get(code="CXDT"), kind=MatchKind.BROADER)
    Plan.objects.update(title="Tên mới", title_en="New name", licence="other", parent=None)
    LandUse.objects.update(name_vi="mới", name_en="new", colour="#123456")
    Office.objects.update(name="Cơ quan mới", name_en="New office", phone="1", is_demonstration=True)
    Theme.objects.update(title_vi="chủ đề", title_en="subject")
    Theme.objects.filter(code="construction").update(order=99)


def parcels_are_surveyed_anew():
    """A delivery that renumbers the first parcel, splits the second and ends the third."""
    upload = town.upload(name="surveyed anew.gpkg")
    lots = {"101": (10, 10, 10, 20), "21": (55, 10, 4, 20), "22": (59, 10, 6, 20)}
    for number, land in lots.items():
        town.parcel(number, town.square(*land), upload=upload, existed_from=date(2020, 2, 2))
    CadastreDelivery.objects.create(
        upload=upload, as_of=date(2020, 2, 2), replaces="units", is_large_change_right=True
    )
    town.publish(upload)


def rulings_are_given(paper):
    zoning, second = Plan.objects.get(id="zoning"), Plan.objects.get(id="second")
    said = {"text": "Theo quy hoạch.", "on": date(2019, 1, 1), "document": paper}
    record_ruling(plan=zoning, other_plan=second, carried_out=second, **said, **members())


def test_a_past_question_gives_the_same_bytes_after_all_that_happens(busy_town):
    moment = timezone.now()
    before = cores(moment)

    much_happens()

    assert {row.successor_code for row in ParcelLineage.objects.all()} == {
        "2004-00001-1-101",
        "2004-00001-1-21",
        "2004-00001-1-22",
    }
    assert cores(moment) == before
    assert cores(None) != before


def test_the_digest_can_be_computed_from_the_published_answer_alone(busy_town):
    """As the schema tells it: leave out what is marked, order by code, write canonically, hash."""
    answer = answer_parcel(PARCELS[1], as_at=date(2021, 6, 1))
    document = json.loads(to_json(answer, site="https://example.org"))

    core = without_marked(document, schema := json.loads(SCHEMA.read_text()), schema["$defs"])
    core["themes"].sort(key=lambda theme: theme["code"])
    for name in ("upcoming", "superseded", "not_checked"):
        core[name].sort(key=lambda row: row["theme"])
    written = as_rfc_8785(core).encode()

    assert hashlib.sha256(written).hexdigest() == document["digest"]


def without_marked(value, schema, definitions):
    """A walk along the schema that knows nothing of how the service does it."""
    if "$ref" in schema:
        schema = definitions[schema["$ref"].split("/")[-1]]
    for choice in schema.get("anyOf", ()):
        if value is not None and choice.get("type") != "null":
            return without_marked(value, choice, definitions)
    if isinstance(value, list):
        return [without_marked(entry, schema.get("items", {}), definitions) for entry in value]
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        return {
            name: without_marked(member, properties.get(name, {}), definitions)
            for name, member in value.items()
            if properties.get(name, {}).get("x-legal-core", True)
        }
    return value


def as_rfc_8785(value) -> str:
    """Canonical JSON, written by hand; small numbers in full."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(k)}:{as_rfc_8785(value[k])}" for k in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(as_rfc_8785, value)) + "]"
    if isinstance(value, float):
        return (
            f"{value:.0f}"
            if value.is_integer()
            else f"{value:.12f}".rstrip("0")
            if value < 1e-4
            else repr(value)
        )
    return json.dumps(value, ensure_ascii=False)


def test_small_and_whole_numbers_are_written_as_the_standard_has_it():
    core = {"b": [100.0, 0.000001, 0.0000015, 0.25, 105.8513], "a": "ồ"}
    document = {"themes": [], "upcoming": [], "superseded": [], "not_checked": [], **core}

    written = canonical(legal_core(document))

    assert b'"a":"\xe1\xbb\x93","b":[100,0.000001,0.0000015,0.25,105.8513]' in written


def test_no_name_colour_or_paper_is_in_the_core(busy_town):
    written = canonical(legal_core(to_wire(answer_parcel(PARCELS[1], as_at=date(2021, 6, 1))))).decode()

    for description in ("Quy hoạch zoning", "Plan zoning", "#", "Danh mục", "phường", "CC-BY", "documents"):
        assert description not in written
    assert "zoning/2" in written


def test_every_answer_of_the_busy_town_validates(busy_town):
    for parcel in PARCELS:
        for day in DAYS:
            wire(answer_parcel(parcel, as_at=day))
    check(orjson.loads(to_json(answer_parcel(PARCELS[0], as_at=DAYS[2]), site="https://example.org")))


def test_a_publication_that_says_nothing_of_the_parcel_leaves_the_digest(busy_town):
    before = answer_parcel(PARCELS[0], as_at=date(2021, 6, 1)).digest
    town.zone(town.edition(town.plan("far")), town.square(5000, 5000, 100), "ODT")
    town.publish()

    assert answer_parcel(PARCELS[0], as_at=date(2021, 6, 1)).digest == before


def test_an_answer_costs_two_statements(busy_town, django_assert_num_queries):
    """The parcel, and all that may matter for it."""
    with django_assert_num_queries(2):
        answer_parcel(PARCELS[1], as_at=date(2021, 6, 1))
