"""What planning publishes through the OGC APIs: every public row in its collection, nothing staged."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from planning.catalog import CATALOGUE
from planning.catalog.memory import Memory
from planning.catalog.source import PUBLISHED
from planning.models import (
    EventKind,
    LegalStatus,
    Office,
    Parcel,
    PlanKind,
    Publication,
    RestrictionKind,
    VerticalLevel,
)
from planning.ogcapi.collections import Collection, Snapshot
from tests import town, two_offices

NAMES = [one.id for one in CATALOGUE.collections]
FAR = 30_000  # metres of the town: whatever is staged there would be seen in every extent


def named(collection_id: str) -> Collection:
    return next(one for one in CATALOGUE.collections if one.id == collection_id)


def features(collection_id: str, snapshot: Snapshot | None = None) -> dict[str, dict[str, Any]]:
    """What a reader is shown of a collection, by id."""
    collection = named(collection_id)
    names = [one.name for one in collection.properties]
    rows = collection.rows(snapshot or PUBLISHED.newest()).values_list(
        collection.key.expression, *(one.expression for one in collection.properties)
    )
    found = {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows}
    assert len(found) == len(rows), "an id names two features"
    return found


def everything() -> dict[str, object]:
    """All that anybody is shown, figures and version included."""
    newest = PUBLISHED.newest()
    shown = {name: (features(name), PUBLISHED.figures(named(name), newest)) for name in NAMES}
    said = [str(part) for one in CATALOGUE.collections for part in (one.attribution, one.licence)]
    return {"version": newest.version, "shown": shown, "said": said, "contact": CATALOGUE.contact()}


@pytest.fixture
def whole_town(small_town: Publication) -> Publication:
    """The small town with restrictions of every kind, a draft, and an edition that replaced the first."""
    lines = town.edition(town.plan("lines"))
    town.restriction(lines, town.line((0, 0), (100, 0)))
    town.restriction(lines, town.square(0, 0, 10), RestrictionKind.HERITAGE)
    town.restriction(lines, town.point(50, 50), RestrictionKind.HEIGHT_LIMIT)
    draft = town.edition(town.plan("draft"), in_force=None, consultation=date(2024, 1, 1))
    town.zone(draft, town.square(0, 0, 50), "CXDT")
    second = town.edition(town.plan("zoning"), in_force=date(2022, 1, 1))
    town.zone(second, town.square(0, 0, 100), "CXDT")
    return town.publish()


# what nobody may see


@pytest.mark.django_db
def test_what_is_staged_changes_nothing_that_anybody_is_shown(whole_town: Publication) -> None:
    before = everything()
    tomorrow = timezone.localdate() + timedelta(1)

    third = town.edition(town.plan("zoning"), in_force=tomorrow, extent=town.square(FAR, 0, 100))
    town.zone(third, town.square(FAR, 0, 100))
    town.restriction(third, town.square(FAR, 0, 100), RestrictionKind.HERITAGE)
    town.event(town.plan("zoning").editions.get(number=2), EventKind.SUSPENDED, date(2023, 1, 1))
    town.parcel("9", town.square(FAR, 0, 10), existed_from=date(2020, 5, 5), existed_to=tomorrow)
    stranger = town.office("stranger", is_demonstration=True)
    hidden = town.edition(town.plan("hidden", of=stranger, licence="none", metric_crs="EPSG:9210"))
    town.zone(hidden, town.square(FAR, 0, 100))

    assert everything() == before


@pytest.mark.django_db
def test_no_collection_shows_a_mark_of_what_an_office_prepares(db: None) -> None:
    two_offices.settle()

    shown = str(everything())

    assert [mark for marks in two_offices.MARKS.values() for mark in marks if mark in shown] == []
    assert "motinh" in shown, "what is public is there"


@pytest.mark.django_db
def test_a_plan_names_the_one_it_was_made_under_once_that_is_public(small_town: Publication) -> None:
    above = town.plan("above")
    below = town.edition(town.plan("below", parent=above))
    town.zone(below, town.square(500, 0, 50))
    town.publish()
    assert features("plans")["below"]["parent"] is None
    assert not named("plans").rows(PUBLISHED.newest()).filter(public_parent="above").exists()

    town.zone(town.edition(above), town.square(500, 0, 500))
    town.publish()

    assert features("plans")["below"]["parent"] == "above"


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_known_before_the_first_publication(name: str, whole_town: Publication) -> None:
    assert features(name, PUBLISHED.at("0.20261122")) == {}


def test_no_property_speaks_of_an_owner() -> None:
    assert [
        (one.id, prop.name)
        for one in CATALOGUE.collections
        for prop in one.properties
        if "owner" in prop.name or "uploaded_by" in str(prop.source)
    ] == []


# every feature by its id


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_every_feature_is_found_by_its_id_alone(name: str, whole_town: Publication) -> None:
    collection, newest = named(name), PUBLISHED.newest()
    ids = list(features(name))
    assert ids, "the town has one of each"
    for feature_id in ids:
        condition = collection.key.find(feature_id)
        assert condition is not None
        found = collection.rows(newest).filter(condition)
        assert list(found.values_list(collection.key.expression, flat=True)) == [feature_id]


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "zoning.1.1",
        "zoning.1.1.in_force",
        "zoning.1.1.in_force.20180101",
        "zoning.1.1.law.2018-01-01",
    ],
)
def test_a_text_that_is_no_id_of_a_piece_finds_nothing(text: str) -> None:
    assert named("zones-history").key.find(text) is None


# zones


@pytest.mark.django_db
def test_zones_are_those_in_force_today(whole_town: Publication) -> None:
    assert {(one["plan"], one["edition"], one["land_use"]) for one in features("zones").values()} == {
        ("zoning", "zoning/2", "CXDT")
    }


@pytest.mark.django_db
def test_the_history_holds_every_public_piece_of_whatever_status(whole_town: Publication) -> None:
    pieces = features("zones-history")

    assert sorted(pieces) == [
        "draft.1.1.draft.2024-01-01",
        "zoning.1.1.in_force.2018-01-01",
        "zoning.1.1.superseded.2022-01-01",
        "zoning.1.2.in_force.2018-01-01",
        "zoning.1.2.superseded.2022-01-01",
        "zoning.2.1.in_force.2022-01-01",
    ]
    first = pieces["zoning.1.1.in_force.2018-01-01"]
    assert (first["valid_from"], first["valid_to"]) == (date(2018, 1, 1), date(2022, 1, 1))


@pytest.mark.django_db
def test_a_zone_names_its_decision_publisher_file_and_row(whole_town: Publication) -> None:
    zone = features("zones")["zoning.2.1"]

    assert zone["decision"] == "0101/QĐ-UBND"
    assert zone["causes"] == [{"edition": "zoning/2", "event": "in_force", "document": "0101/QĐ-UBND"}]
    assert (zone["publisher"], zone["licence"], zone["feature"]) == ("Phòng Quy hoạch town", "CC-BY-4.0", 1)
    assert len(zone["sha256"]) == 64


@pytest.mark.django_db
def test_main_indicators_are_numbers_and_a_blank_is_none(town_office: Office) -> None:
    stated = {"text": "40-60", "min": 40, "max": 60, "unit": "%", "state": "stated"}
    at_most = {"text": "≤ 4,5", "min": None, "max": 4.5, "unit": "", "state": "stated"}
    written = {"text": "abc", "min": "abc", "max": {}, "unit": "", "state": "stated"}
    indicators = {"coverage": stated, "floor_area_ratio": at_most, "storeys": written}
    town.zone(town.edition(town.plan()), town.square(0, 0, 100), indicators=indicators)
    town.publish()

    (zone,) = features("zones").values()

    numbers = {name: value for name, value in zone.items() if name.endswith(("_min", "_max"))}
    assert numbers == {
        "coverage_min": 40,
        "coverage_max": 60,
        "floor_area_ratio_min": None,
        "floor_area_ratio_max": 4.5,
        "storeys_min": None,
        "storeys_max": None,
        "height_min": None,
        "height_max": None,
    }
    assert zone["indicators"] == indicators


# restrictions


@pytest.mark.django_db
def test_every_restriction_in_force_is_in_the_collection_of_its_dimension(whole_town: Publication) -> None:
    kinds = {
        name: [one["kind"] for one in features(f"restriction-{name}").values()]
        for name in ("points", "lines", "areas")
    }
    assert kinds == {"points": ["height_limit"], "lines": ["red_line"], "areas": ["heritage"]}


# plans


@pytest.mark.django_db
def test_plans_are_shown_with_the_statuses_of_today(whole_town: Publication) -> None:
    plans = features("plans")

    assert {name: plan["statuses"] for name, plan in plans.items()} == {
        "zoning": ["in_force", "superseded"],
        "lines": ["in_force"],
        "draft": ["draft"],
    }
    assert plans["zoning"]["in_force_from"] == date(2022, 1, 1)
    assert (plans["draft"]["is_in_force"], plans["draft"]["in_force_from"]) == (False, None)
    assert [one["edition"] for one in plans["zoning"]["editions"]] == ["zoning/1", "zoning/2"]
    assert {one["number"] for one in plans["zoning"]["decisions"]} == {"0101/QĐ-UBND"}


@pytest.mark.django_db
def test_a_plan_is_where_any_of_its_public_editions_is(small_town: Publication) -> None:
    beside = town.edition(town.plan("zoning"), is_local_adjustment=True, in_force=date(2020, 1, 1))
    town.zone(beside, town.square(100, 0, 50, 100))
    town.publish()

    rows = named("plans").rows
    (now,), (before,) = rows(PUBLISHED.newest()), rows(PUBLISHED.at("1.20261122"))

    assert town.area(now.geometry) == pytest.approx(15_000, abs=1)
    assert town.area(before.geometry) == pytest.approx(10_000, abs=1)
    assert len(before.editions_shown) == 1


# parcels


@pytest.mark.django_db
def test_parcels_carry_their_commune_and_what_they_were_surveyed_with(small_town: Publication) -> None:
    parcel = features("parcels")["2004-00001-1-1"]

    shown = {name: parcel[name] for name in ("commune", "commune_code", "commune_name", "sheet", "number")}
    assert shown == {
        "commune": "2004-00001",
        "commune_code": "00001",
        "commune_name": "phường Mẫu",
        "sheet": "1",
        "number": "1",
    }
    assert (parcel["registry_area_m2"], parcel["metric_crs"]) == (200, town.METRIC.code)


@pytest.mark.django_db
def test_a_parcel_that_exists_no_longer_is_not_shown(small_town: Publication) -> None:
    town.parcel("7", town.square(80, 10, 10), existed_to=date(2019, 1, 1))
    town.publish()

    assert "2004-00001-1-7" not in features("parcels")
    assert Parcel.objects.filter(code="2004-00001-1-7", known__isnull=False).exists()


# declarations


@pytest.mark.django_db
def test_values_of_closed_lists_are_among_their_choices(whole_town: Publication) -> None:
    lists = {
        "status": LegalStatus,
        "level": VerticalLevel,
        "plan_kind": PlanKind,
        "kind": (*PlanKind.values, *RestrictionKind.values),
    }
    for collection in CATALOGUE.collections:
        closed = {prop.name: prop.choices for prop in collection.properties if prop.choices}
        assert all(set(choices) <= set(_values(lists[name])) for name, choices in closed.items())
        for feature in features(collection.id).values():
            assert all(feature[name] in choices for name, choices in closed.items())


def _values(choices: Any) -> Iterable[str]:
    return getattr(choices, "values", choices)


@pytest.mark.parametrize("name", NAMES)
def test_names_of_properties_are_unique_and_titled(name: str) -> None:
    properties = named(name).properties
    assert len({one.name for one in properties}) == len(properties)
    assert all(str(one.title) for one in properties)


@pytest.mark.django_db
def test_invented_data_are_said_to_be_invented(
    whole_town: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PUBLISHED, "_heard", Memory(most=1, seconds=0))
    newest = PUBLISHED.newest()
    assert [list(one.notices(newest)) for one in CATALOGUE.collections] == [[]] * len(NAMES)

    Office.objects.update(is_demonstration=True)

    for collection in CATALOGUE.collections:
        (notice,) = collection.notices(PUBLISHED.newest())
        assert "Demonstration" in notice["en"]


@pytest.mark.django_db
def test_systems_are_those_of_the_public_data_unless_settings_name_others(
    whole_town: Publication, settings
) -> None:
    codes = [system.code for system in named("zones").crs_list]
    assert codes == ["OGC:CRS84", "EPSG:4326", "EPSG:3857", town.METRIC.code]

    settings.OGC_CRS = ["EPSG:3405", "EPSG:3406"]

    assert [one.code for one in named("parcels").systems()] == ["EPSG:3405", "EPSG:3406"]


@pytest.mark.django_db
def test_whose_the_data_are_is_told_by_the_data(whole_town: Publication) -> None:
    parcels = named("parcels")
    assert (str(parcels.attribution), str(parcels.licence)) == ("Phòng Quy hoạch town", "CC-BY-4.0")
    assert CATALOGUE.contact() == {"name": "Phòng Quy hoạch town"}
