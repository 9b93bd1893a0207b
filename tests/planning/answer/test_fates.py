"""What becomes of a plan after its entry into force, as answers and histories tell it."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from planning.answer import answer_parcel, history_of_parcel
from planning.lifecycle import annul, correct, expire, put_in_force, record_event, reinstate, suspend
from planning.models import EventKind
from tests import town
from tests.answer_schema import theme, wire

pytestmark = pytest.mark.django_db

CODE = "2004-00001-1-1"


def members():
    return {"by": town.planner(), "approved_by": town.reviewer()}


def paper(edition, on):
    return town.decision(edition.plan, on=on)


@pytest.fixture
def whole(db):
    """A plan in force from 2015 over the whole parcel."""
    made = town.edition(town.plan("zoning"), in_force=date(2015, 1, 1))
    town.zone(made, town.square(0, 0, 100), "ODT")
    town.parcel("1", town.square(10, 10, 10, 20))
    town.publish()
    return made


def asked(as_at, **options):
    return wire(answer_parcel(CODE, as_at=as_at, **options))


def items(document):
    return [item for plan in theme(document)["plans"] for item in plan["items"]]


def past(document):
    return [(row["status"], row["valid_from"], row["valid_to"]) for row in document["superseded"]]


def test_a_suspended_plan_is_no_law_meanwhile_and_again_afterwards(whole):
    act = {
        "on": date(2020, 5, 1),
        "effective_to": date(2021, 5, 1),
        "document": paper(whole, date(2020, 5, 1)),
    }
    suspend(edition=whole, **act, **members())

    meanwhile, after = asked(date(2020, 12, 1)), asked(date(2022, 1, 1))

    assert items(meanwhile) == []
    assert past(meanwhile) == [("suspended", "2020-05-01", "2021-05-01")]
    (coming,) = meanwhile["upcoming"]
    assert (coming["status"], coming["valid_from"]) == ("suspended", "2021-05-01")
    (item,) = items(after)
    assert item["in_force_from"] == "2021-05-01"
    assert past(after) == []


@pytest.mark.parametrize(("suspended_width", "told"), [(17, "suspended"), (13, "annulled")])
def test_what_is_given_back_is_until_then_what_most_of_it_is(whole, suspended_width, told):
    """Told the same in whatever order the database tells the parts."""
    lost = date(2020, 5, 1)
    act = {"edition": whole, "on": lost, "document": paper(whole, lost)}
    annul(**act, extent=town.square(suspended_width, 0, 100 - suspended_width, 100), **members())
    suspend(**act, extent=town.square(0, 0, suspended_width, 100), **members())
    again = date(2022, 1, 1)
    reinstate(edition=whole, on=again, document=paper(whole, again), **members())

    document = asked(date(2021, 1, 1))

    assert {row["status"] for row in document["superseded"]} == {"suspended", "annulled"}
    (coming,) = document["upcoming"]
    assert (coming["status"], coming["valid_from"]) == (told, "2022-01-01")


def test_a_plan_whose_time_is_over_is_listed_as_expired(whole):
    expire(edition=whole, on=date(2020, 1, 1), document=paper(whole, date(2020, 1, 1)), **members())

    document = asked(date(2021, 1, 1))

    assert items(document) == []
    assert past(document) == [("expired", "2020-01-01", None)]
    assert document["superseded"][0]["acts"][0]["event"] == "expired"


def test_what_was_reinstated_is_in_force_since_then(whole):
    annul(edition=whole, on=date(2019, 1, 1), document=paper(whole, date(2019, 1, 1)), **members())
    reinstate(edition=whole, on=date(2021, 1, 1), document=paper(whole, date(2021, 1, 1)), **members())

    (item,) = items(asked(date(2022, 1, 1)))

    assert item["in_force_from"] == "2021-01-01"
    assert item["acts"] == [{"edition": "zoning/1", "event": "reinstated", "decision": "0101/QĐ-UBND"}]
    (plan,) = theme(asked(date(2022, 1, 1)))["plans"]
    assert plan["plan"]["in_force_from"] == "2021-01-01"


def test_a_plan_may_come_in_force_for_a_day_before_its_decision():
    made = town.edition(town.plan("zoning"), in_force=None, consultation=date(2019, 1, 1))
    town.zone(made, town.square(0, 0, 100), "ODT")
    town.parcel("1", town.square(10, 10, 10, 20))
    town.publish()
    put_in_force(
        edition=made,
        on=date(2020, 6, 1),
        effective_from=date(2020, 1, 1),
        document=paper(made, date(2020, 6, 1)),
        **members(),
    )

    (item,) = items(asked(date(2020, 3, 1)))

    assert item["in_force_from"] == "2020-01-01"


def test_a_corrected_day_counts_from_the_publication_of_the_correction_on(whole):
    before = timezone.now()
    event = whole.events.get(kind=EventKind.IN_FORCE)
    corrected = paper(whole, date(2016, 6, 6))
    correct(
        event=event, on=date(2016, 6, 6), effective_from=date(2017, 1, 1), document=corrected, **members()
    )

    now = asked(date(2018, 1, 1))
    (item,) = items(now)

    assert items(asked(date(2016, 1, 1))) == []
    assert (item["in_force_from"], item["decision"]["number"]) == ("2017-01-01", corrected.number)
    assert theme(now)["plans"][0]["plan"]["in_force_from"] == "2017-01-01"
    (then,) = items(asked(date(2016, 1, 1), known_at=before))
    assert (then["in_force_from"], then["decision"]["number"]) == ("2015-01-01", "0101/QĐ-UBND")


def test_what_never_happened_ends_nothing(whole):
    annul(edition=whole, on=date(2019, 1, 1), document=paper(whole, date(2019, 1, 1)), **members())
    event = whole.events.get(kind=EventKind.ANNULLED)
    correct(
        event=event, on=date(2019, 2, 2), is_void=True, document=paper(whole, date(2019, 2, 2)), **members()
    )

    document = asked(date(2020, 1, 1))

    assert len(items(document)) == 1
    assert past(document) == []
    void = [e for e in history_of_parcel(CODE).events if e.is_void]
    assert [(e.kind, e.is_corrected) for e in void] == [("annulled", True)]


def test_annulled_within_an_extent_concerns_those_parcels_alone(whole):
    town.parcel("2", town.square(50, 10, 10, 20), feature=2)
    town.publish()
    annul(
        edition=whole,
        on=date(2019, 3, 12),
        extent=town.square(0, 0, 30, 100),
        document=paper(whole, date(2019, 3, 12)),
        **members(),
    )

    here, beside = asked(date(2020, 1, 1)), wire(answer_parcel("2004-00001-1-2", as_at=date(2020, 1, 1)))

    assert items(here) == []
    assert past(here) == [("annulled", "2019-03-12", None)]
    assert len(items(beside)) == 1
    assert items(beside)[0]["in_force_from"] == "2015-01-01"


def test_annulled_from_the_beginning_is_known_from_its_publication_on(whole):
    """A zone annulled as if it had never been; before that was known, it was law."""
    before = timezone.now()
    annul(
        edition=whole,
        on=date(2019, 12, 19),
        ex_tunc=True,
        document=paper(whole, date(2019, 12, 19)),
        **members(),
    )

    assert len(items(asked(date(2019, 1, 1), known_at=before))) == 1
    assert items(asked(date(2019, 1, 1))) == []
    assert past(asked(date(2019, 1, 1))) == [("annulled", "2015-01-01", None)]


def test_a_plan_is_named_after_the_edition_that_still_stands(whole):
    later = town.edition(town.plan("zoning"), in_force=date(2018, 1, 1))
    town.zone(later, town.square(0, 0, 100), "DGT")
    town.publish()
    annul(edition=later, on=date(2020, 1, 1), document=paper(later, date(2020, 1, 1)), **members())
    reinstate(edition=whole, on=date(2020, 1, 1), document=paper(whole, date(2020, 1, 1)), **members())

    (plan,) = theme(asked(date(2021, 1, 1)))["plans"]

    assert (plan["plan"]["edition"], plan["plan"]["in_force_from"]) == ("zoning/1", "2020-01-01")
    assert plan["outside_m2"] == 0


def test_every_period_of_an_eventful_life_says_what_answers_say(whole):
    document = paper(whole, date(2017, 1, 1))
    suspend(edition=whole, on=date(2017, 1, 1), effective_to=date(2018, 1, 1), document=document, **members())
    annul(
        edition=whole, on=date(2019, 1, 1), extent=town.square(0, 0, 15, 100), document=document, **members()
    )
    record_event(
        edition=whole,
        kind=EventKind.REINSTATED,
        on=date(2020, 1, 1),
        effective_to=date(2022, 1, 1),
        document=document,
        **members(),
    )

    history = history_of_parcel(CODE)

    days = {p.begins + timedelta(days=n) for p in history.periods if p.begins for n in (-1, 0, 1)}
    for day in sorted(days):
        (period,) = [
            p for p in history.periods if (p.begins or date.min) <= day and (p.ends is None or day < p.ends)
        ]
        answer = answer_parcel(CODE, as_at=day, known_at=history.known_at)
        assert (period.themes, period.upcoming, period.superseded) == (
            answer.themes,
            answer.upcoming,
            answer.superseded,
        ), day
    assert {row.status for p in history.periods for row in p.superseded} == {
        "suspended",
        "annulled",
        "expired",
    }


def test_what_was_replaced_is_so_since_then_though_other_land_was_given_back_later(whole):
    later = town.edition(whole.plan, in_force=date(2018, 1, 1))
    town.zone(later, town.square(0, 0, 100), "CXDT")
    town.publish()
    given_back = {"on": date(2021, 1, 1), "extent": town.square(0, 0, 15, 100)}
    annul(edition=later, document=paper(later, date(2021, 1, 1)), **given_back, **members())
    reinstate(edition=whole, document=paper(whole, date(2021, 1, 1)), **given_back, **members())

    assert past(asked(date(2022, 1, 1))) == [
        ("superseded", "2018-01-01", None),
        ("annulled", "2021-01-01", None),
    ]


def test_land_of_a_zone_that_was_replaced_part_by_part_is_counted_once(whole):
    for x, year in ((0, 2018), (15, 2020)):
        local = town.edition(
            whole.plan, in_force=date(year, 1, 1), is_local_adjustment=True, extent=town.square(x, 0, 15, 100)
        )
        town.zone(local, town.square(x, 0, 15, 100), "CXDT")
        town.publish()

    found = asked(date(2022, 1, 1))

    assert sum(row["area_m2"] for row in found["superseded"]) == found["subject"]["area_m2"]
    assert [row["valid_from"] for row in found["superseded"]] == ["2020-01-01"]  # since then all of it
