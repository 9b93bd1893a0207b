"""The law of a day and the knowledge of a moment: in force, coming, past, known then."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from planning.answer import answer_parcel
from planning.errors import BadParameter, Reason
from planning.models import EventKind
from tests import town
from tests.answer_schema import theme, wire

pytestmark = pytest.mark.django_db


def asked(as_at: date, number: str = "1", **options):
    return wire(answer_parcel(f"2004-00001-1-{number}", as_at=as_at, **options))


def uses(document, code: str = "construction"):
    return [i["zone"]["land_use"]["code"] for plan in theme(document, code)["plans"] for i in plan["items"]]


def test_a_plan_that_starts_tomorrow_is_upcoming():
    """T21: on its eve it is coming, on its day it is law."""
    first = date(2024, 3, 1)
    made = town.edition(town.plan("zoning"), approved=date(2024, 1, 10), in_force=first)
    town.zone(made, town.square(0, 0, 100), "ODT")
    town.parcel("1", town.square(10, 10, 10, 20))
    town.publish()

    eve, day = asked(first - timedelta(days=1)), asked(first)

    assert uses(eve) == []
    (coming,) = eve["upcoming"]
    assert (coming["status"], coming["valid_from"], coming["class"]) == ("approved", "2024-03-01", "whole")
    assert uses(day) == ["ODT"]
    assert day["upcoming"] == []


def test_a_plan_in_force_from_a_later_day_without_approval_is_upcoming_too():
    made = town.edition(town.plan("zoning"), in_force=date(2024, 3, 1))
    town.zone(made, town.square(0, 0, 100), "ODT")
    town.parcel("1", town.square(10, 10, 10, 20))
    town.publish()

    (coming,) = asked(date(2024, 2, 29))["upcoming"]

    assert (coming["status"], coming["valid_from"]) == ("approved", "2024-03-01")


def test_a_draft_is_shown_as_coming_and_concerns_nobody_yet():
    made = town.edition(town.plan("zoning"), in_force=None, consultation=date(2024, 1, 1))
    town.zone(made, town.square(0, 0, 100), "ODT")
    town.parcel("1", town.square(10, 10, 10, 20))
    town.publish()

    document = asked(date(2024, 6, 1))

    assert theme(document)["state"] == "unknown"
    (coming,) = document["upcoming"]
    assert (coming["status"], coming["valid_from"], coming["share"]) == ("draft", None, 1.0)


def test_what_is_only_approved_is_coming_beside_what_is_law_of_the_same_zone():
    """Some of a zone came in force, the rest waits."""
    made = town.edition(town.plan("zoning"), approved=date(2018, 1, 1), in_force=None)
    for start, extent in ((2019, town.square(0, 0, 50, 100)), (2025, town.square(50, 0, 50, 100))):
        day = date(start, 1, 1)
        town.event(made, EventKind.IN_FORCE, day, extent=extent)
    town.zone(made, town.square(0, 0, 100), "ODT")
    town.parcel("1", town.square(45, 10, 10, 20))
    town.publish()

    document = asked(date(2024, 1, 1))

    assert uses(document) == ["ODT"]
    (coming,) = document["upcoming"]
    assert (coming["status"], coming["valid_from"], coming["share"]) == ("approved", "2025-01-01", 0.5)


def adjusted_town():
    """A whole edition of 2018 and a local adjustment of 2024 in its eastern half."""
    plan = town.plan("zoning")
    whole = town.edition(plan, in_force=date(2018, 1, 1))
    town.zone(whole, town.square(0, 0, 100), "ODT")
    town.parcel("1", town.square(45, 10, 10, 20))
    town.publish()
    local = town.edition(
        plan, in_force=date(2024, 1, 1), is_local_adjustment=True, extent=town.square(50, 0, 50, 100)
    )
    town.zone(local, town.square(50, 0, 50, 100), "DGT")
    town.publish()


def test_a_local_adjustment_replaces_within_its_extent_only():
    adjusted_town()

    before, after = asked(date(2023, 12, 31)), asked(date(2024, 1, 1))

    assert uses(before) == ["ODT"]
    (plan,) = theme(after)["plans"]
    assert {i["zone"]["land_use"]["code"]: (i["edition"], i["area_m2"]) for i in plan["items"]} == {
        "ODT": ("zoning/1", 100.0),
        "DGT": ("zoning/2", 100.0),
    }
    assert plan["uncovered_m2"] == 0


def test_a_plan_is_named_after_its_latest_whole_edition():
    adjusted_town()

    (plan,) = theme(asked(date(2024, 6, 1)))["plans"]

    assert (plan["plan"]["edition"], plan["plan"]["in_force_from"]) == ("zoning/1", "2018-01-01")


def test_what_was_replaced_is_listed_with_what_replaced_it():
    adjusted_town()

    (past,) = asked(date(2024, 6, 1))["superseded"]

    assert (past["status"], past["edition"], past["because_of"]) == ("superseded", "zoning/1", ["zoning/2"])
    assert (past["valid_from"], past["area_m2"]) == ("2024-01-01", 100.0)


def test_an_annulled_plan_is_listed_as_such():
    made = town.edition(town.plan("zoning"), in_force=date(2018, 8, 8))
    town.zone(made, town.square(0, 0, 100), "ODT")
    town.event(made, EventKind.ANNULLED, date(2019, 12, 19))
    town.parcel("1", town.square(10, 10, 10, 20))
    town.publish()

    assert uses(asked(date(2019, 1, 1))) == ["ODT"]
    later = asked(date(2020, 1, 1))
    assert uses(later) == []
    assert [(item["status"], item["valid_from"]) for item in later["superseded"]] == [
        ("annulled", "2019-12-19")
    ]


def test_what_was_not_known_then_is_not_said(small_town):
    before = timezone.now()
    town.zone(
        town.edition(town.plan("uses", kind="land_use"), in_force=date(2019, 1, 1)),
        town.square(0, 0, 100),
        "CXDT",
    )
    town.publish()

    assert uses(asked(date(2024, 1, 1)), "land_use") == ["CXDT"]
    past = asked(date(2024, 1, 1), known_at=before)
    assert uses(past, "land_use") == []
    assert past["revision"] == 1


def test_before_the_first_publication_nothing_was_known(small_town):
    document = asked(date(2024, 1, 1), known_at=timezone.now() - timedelta(days=900))

    assert document["revision"] == 0
    assert {entry["state"] for entry in document["themes"]} == {"unknown"}
    assert any("not known" in notice["en"] for notice in document["notices"])


def test_a_moment_to_come_cannot_be_asked_about(small_town):
    with pytest.raises(BadParameter) as caught:
        asked(date(2024, 1, 1), known_at=timezone.now() + timedelta(seconds=60))

    assert (caught.value.name, caught.value.reason) == ("known_at", Reason.IN_THE_FUTURE)


def test_a_parcel_is_answered_in_its_shape_of_the_day():
    town.zone(town.edition(town.plan("zoning")), town.square(0, 0, 100), "ODT")
    town.parcel("1", town.square(0, 0, 10), existed_to=date(2020, 1, 1))
    town.parcel("1", town.square(0, 0, 20), existed_from=date(2020, 1, 1), feature=2)
    town.publish()

    assert asked(date(2019, 1, 1))["subject"]["area_m2"] == 100.0
    assert asked(date(2021, 1, 1))["subject"]["area_m2"] == 400.0


def test_a_parcel_that_did_not_exist_is_answered_in_its_nearest_shape_with_a_notice():
    town.zone(town.edition(town.plan("zoning"), in_force=date(1990, 1, 1)), town.square(0, 0, 100), "ODT")
    town.parcel("1", town.square(0, 0, 10), existed_from=date(2010, 1, 1), existed_to=date(2020, 1, 1))
    town.parcel("1", town.square(0, 0, 20), existed_from=date(2022, 1, 1), feature=2)
    town.publish()

    early, gap = asked(date(2000, 1, 1)), asked(date(2021, 10, 1))

    assert (early["subject"]["area_m2"], gap["subject"]["area_m2"]) == (100.0, 400.0)
    for document in (early, gap):
        assert any("hold no such parcel" in notice["en"] for notice in document["notices"])
        assert uses(document) == ["ODT"]


def test_a_day_to_come_is_answered_with_a_notice(small_town):
    document = asked(timezone.localdate() + timedelta(days=30))

    assert uses(document) == ["ODT"]
    assert any("lies ahead" in notice["en"] for notice in document["notices"])
    assert theme(document)["partly_known"] is True


def test_a_paper_that_only_staged_events_speak_of_is_not_shown(small_town):
    town.edition(town.plan("zoning"), in_force=date(2025, 5, 5))

    item = theme(asked(date(2024, 1, 1)))["plans"][0]["items"][0]

    assert [document["title"] for document in item["documents"]] == ["0101/QĐ-UBND · Quyết định phê duyệt"]


def test_a_paper_of_a_staged_edition_that_no_event_names_is_not_shown(small_town):
    plan = town.plan("zoning")
    staged = town.edition(plan, in_force=date(2025, 5, 5))
    town.decision(plan, number="mật", on=date(2025, 5, 1), edition=staged)

    item = theme(asked(date(2024, 1, 1)))["plans"][0]["items"][0]

    assert [document["title"] for document in item["documents"]] == ["0101/QĐ-UBND · Quyết định phê duyệt"]


def test_a_paper_published_later_was_not_known_before(small_town):
    plan = town.plan("zoning")
    before = timezone.now()
    local = town.edition(
        plan, in_force=date(2023, 1, 1), is_local_adjustment=True, extent=town.square(80, 80, 9)
    )
    town.zone(local, town.square(80, 80, 9), "CXDT")
    town.decision(plan, number="mới", on=date(2023, 1, 1))
    town.publish()

    def papers(**options):
        (plan,) = theme(asked(date(2024, 1, 1), **options))["plans"]
        return [document["title"] for document in plan["items"][0]["documents"]]

    assert len(papers()) == len(papers(known_at=before)) + 1


def test_the_commune_of_today_stands_beside_that_of_the_survey(small_town):
    from planning.models import AdminSuccession

    now = town.unit("00070", of="2025", name="phường Hợp Nhất")
    AdminSuccession.objects.create(predecessor=town.unit(), successor=now, on=date(2025, 7, 1))

    subject = asked(date(2024, 1, 1))["subject"]

    assert subject["commune"]["name"] == "phường Mẫu"
    assert [commune["name"] for commune in subject["commune_now"]] == ["phường Hợp Nhất"]
