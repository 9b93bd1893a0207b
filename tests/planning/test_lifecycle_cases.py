"""The cases of a plan's life by name, from the publication to the answer: what applied, and what was known.

Real cases are cited beside the tests that retell them in the town.
"""

from datetime import date, timedelta

import pytest

from planning import lifecycle, publication
from planning.answer import answer_parcel
from planning.models import AdminSuccession, Edition, EventKind, PlanEvent, Publication, RelationKind, User
from tests import town
from tests.answer_schema import theme, wire

pytestmark = pytest.mark.django_db


def members() -> dict[str, User]:
    return {"by": town.planner(), "approved_by": town.reviewer()}


def asked(as_at: date, number: str = "1", *, known: Publication | None = None) -> dict:
    options = {"known_at": known.at} if known else {}
    return wire(answer_parcel(f"2004-00001-1-{number}", as_at=as_at, **options))


def uses(as_at: date, number: str = "1", *, known: Publication | None = None) -> list[str]:
    """Land uses of the zones in force, by code."""
    document = asked(as_at, number, known=known)
    plans = [plan for found in document["themes"] for plan in found["plans"]]
    return sorted(item["zone"]["land_use"]["code"] for plan in plans for item in plan["items"])


def areas(as_at: date, number: str = "1") -> dict[str, float]:
    (plan,) = theme(asked(as_at, number))["plans"]
    return {item["zone"]["land_use"]["code"]: item["area_m2"] for item in plan["items"]}


def others(document: dict, part: str = "superseded") -> list[tuple[str, str]]:
    return sorted((item["status"], item["edition"]) for item in document[part])


@pytest.fixture
def first() -> Edition:
    """Housing in force since 2010 on a hectare with parcel 1 of 200 m², parcel 2 beside it."""
    edition = town.edition(town.plan(), in_force=date(2010, 1, 1))
    town.zone(edition, town.square(0, 0, 100), "ODT")
    town.parcel("1", town.square(40, 10, 20, 10))
    town.parcel("2", town.square(80, 10, 10, 20), feature=2)
    town.publish()
    return edition


def rezoned(first: Edition, on: date = date(2018, 8, 8), **options: object) -> Edition:
    """A whole edition of roads in place of the housing."""
    edition = town.edition(first.plan, in_force=on, **options)
    town.zone(edition, options.get("extent") or town.square(0, 0, 100), "DGT")
    town.publish()
    return edition


def reinstate(edition: Edition, on: date, **options: object) -> Publication:
    paper = town.decision(edition.plan, on=on)
    return lifecycle.reinstate(edition=edition, on=on, document=paper, **options, **members())


def annul(edition: Edition, on: date, **options: object) -> Publication:
    paper = town.decision(edition.plan, on=on)
    return lifecycle.annul(edition=edition, on=on, document=paper, **options, **members())


# labs-zola#965: a rezoning in force on 2018-08-08, annulled by a court on 2019-12-19


def test_a_rezoning_applies_while_nobody_knows_that_it_will_be_annulled(first: Edition) -> None:
    second = rezoned(first)
    known = Publication.objects.get(revision=2)
    annul(second, date(2019, 12, 19), ex_tunc=True)
    reinstate(first, date(2019, 12, 19), effective_from=date(2018, 8, 8))

    assert uses(date(2019, 1, 1), known=known) == ["DGT"]


def test_after_an_annulment_from_the_beginning_the_old_zone_applies_where_it_is_reinstated(
    first: Edition,
) -> None:
    second = rezoned(first)
    annulled = annul(second, date(2019, 12, 19), ex_tunc=True)
    reinstate(first, date(2019, 12, 19), effective_from=date(2018, 8, 8))

    assert uses(date(2019, 1, 1)) == ["ODT"]
    # As long as no decision reinstates it, neither of them applies.
    assert uses(date(2019, 1, 1), known=annulled) == []


def test_after_an_annulment_from_a_day_on_the_new_zone_applies_before_that_day(first: Edition) -> None:
    second = rezoned(first)
    annul(second, date(2019, 12, 19))
    reinstate(first, date(2019, 12, 19))

    assert uses(date(2019, 1, 1)) == ["DGT"]
    assert uses(date(2020, 1, 1)) == ["ODT"]


def test_the_core_of_a_past_answer_is_the_same_after_everything_that_followed(first: Edition) -> None:
    second = rezoned(first)
    known = Publication.objects.get(revision=2)
    before = asked(date(2019, 1, 1), known=known)
    annul(second, date(2019, 12, 19), ex_tunc=True)
    reinstate(first, date(2019, 12, 19), effective_from=date(2018, 8, 8))

    after = asked(date(2019, 1, 1), known=known)

    assert after["digest"] == before["digest"]
    assert after["themes"] == before["themes"]


def test_a_plan_annulled_for_two_parcels_stays_in_force_for_the_neighbour(first: Edition) -> None:
    """VfGH V63/2018 of 12 March 2019."""
    town.parcel("3", town.square(60, 10, 10, 10), feature=3)
    town.publish()

    annul(first, date(2019, 3, 12), extent=town.square(39, 9, 32, 12))

    assert uses(date(2020, 1, 1), "1") == []
    assert uses(date(2020, 1, 1), "3") == []
    assert uses(date(2020, 1, 1), "2") == ["ODT"]
    assert others(asked(date(2020, 1, 1))) == [("annulled", "zoning/1")]


def test_the_previous_document_applies_again_by_a_reinstatement(first: Edition) -> None:
    """CNIG state 04."""
    annul(rezoned(first), date(2020, 5, 5))
    reinstate(first, date(2020, 5, 5))

    document = asked(date(2021, 1, 1))

    assert uses(date(2021, 1, 1)) == ["ODT"]
    assert others(document) == [("annulled", "zoning/2")]


def test_what_is_approved_and_not_yet_effective_is_upcoming_only(first: Edition) -> None:
    """CNIG state 07."""
    rezoned(first, date(2024, 6, 1), approved=date(2024, 4, 1))

    between = asked(date(2024, 5, 1))

    assert uses(date(2024, 5, 1)) == ["ODT"]
    assert others(between, "upcoming") == [("approved", "zoning/2")]
    assert uses(date(2024, 6, 1)) == ["DGT"]


def test_after_a_merger_the_old_plan_applies_under_the_old_name_beside_the_new_one(first: Edition) -> None:
    """Tirol PZVO 2025 §1(e)."""
    now = town.unit("00070", of="2025", name="phường Hợp Nhất")
    AdminSuccession.objects.create(predecessor=town.unit(), successor=now, on=date(2025, 7, 1))

    document = asked(date(2025, 10, 1))

    assert uses(date(2025, 10, 1)) == ["ODT"]
    assert document["subject"]["commune"]["name"] == "phường Mẫu"
    assert [unit["name"] for unit in document["subject"]["commune_now"]] == ["phường Hợp Nhất"]
    assert document["office"]["id"] == "town"


def test_a_plan_stays_until_it_is_replaced_though_its_unit_was_dissolved(first: Edition) -> None:
    """digital-land#410."""
    units = town.unit().unit_list
    units.valid_to = date(2025, 7, 1)
    units.save()

    assert uses(date(2025, 6, 30)) == ["ODT"]
    assert uses(date(2025, 10, 1)) == ["ODT"]


# the cases of time by name


def test_an_adjustment_in_force_from_a_future_date(first: Edition) -> None:
    day = date.today() + timedelta(days=400)
    rezoned(first, day, is_local_adjustment=True, extent=town.square(50, 0, 50, 100))

    assert areas(day - timedelta(days=1)) == {"ODT": 200.0}
    assert areas(day) == {"ODT": 100.0, "DGT": 100.0}
    assert others(asked(date.today()), "upcoming") == [("approved", "zoning/2")]


def test_annulled_ex_tunc_after_an_adjustment(first: Edition) -> None:
    rezoned(first, date(2018, 1, 1), is_local_adjustment=True, extent=town.square(50, 0, 50, 100))

    annul(first, date(2020, 1, 1), ex_tunc=True)

    # The adjustment stands; what it had replaced does not come back, the rest never was law.
    assert uses(date(2015, 1, 1)) == []
    assert uses(date(2019, 1, 1)) == ["DGT"]
    assert uses(date(2021, 1, 1), "2") == ["DGT"]
    assert areas(date(2021, 1, 1)) == {"DGT": 100.0}


def test_a_corrected_date(first: Edition) -> None:
    second = rezoned(first, date(2020, 1, 1))
    known = Publication.objects.get(revision=2)
    entry = PlanEvent.objects.get(edition=second, kind=EventKind.IN_FORCE)

    made = lifecycle.correct(event=entry, on=date(2020, 1, 1), effective_from=date(2020, 3, 1), **members())

    assert uses(date(2020, 2, 1)) == ["ODT"]
    assert uses(date(2020, 3, 1)) == ["DGT"]
    assert uses(date(2020, 2, 1), known=known) == ["DGT"]
    assert made.summary["events"] == [
        {
            "edition": "zoning/2",
            "kind": "corrected",
            "on": "2020-01-01",
            "effective_from": "2020-03-01",
            "corrects": "in_force",
            "is_void": False,
        }
    ]


def test_an_entry_into_force_that_never_happened_gives_the_former_plan_back(first: Edition) -> None:
    second = rezoned(first, date(2020, 1, 1), consultation=date(2019, 1, 1))
    entry = PlanEvent.objects.get(edition=second, kind=EventKind.IN_FORCE)

    lifecycle.correct(event=entry, on=date(2020, 2, 2), is_void=True, note="ghi nhầm", **members())

    assert uses(date(2021, 1, 1)) == ["ODT"]
    assert others(asked(date(2021, 1, 1)), "upcoming") == [("draft", "zoning/2")]


def test_a_zone_straddling_an_extent(first: Edition) -> None:
    paper = town.decision(first.plan, on=date(2020, 1, 1))

    lifecycle.suspend(
        edition=first,
        on=date(2020, 1, 1),
        effective_to=date(2021, 1, 1),
        extent=town.square(-50, 0, 100, 100),
        document=paper,
        **members(),
    )

    assert areas(date(2020, 6, 1)) == {"ODT": 100.0}
    assert others(asked(date(2020, 6, 1))) == [("suspended", "zoning/1")]
    assert areas(date(2021, 1, 1)) == {"ODT": 200.0}
    assert others(asked(date(2021, 1, 1))) == []


def test_two_plans_of_one_theme(first: Edition) -> None:
    detailed = town.edition(town.plan("detailed", kind="detailed", scale=500), in_force=date(2020, 1, 1))
    town.zone(detailed, town.square(0, 0, 50, 100), "CXDT")
    town.publish()

    assert uses(date(2021, 1, 1)) == ["CXDT", "ODT"]

    annul(detailed, date(2022, 1, 1))

    assert uses(date(2021, 1, 1)) == ["CXDT", "ODT"]
    assert uses(date(2022, 1, 1)) == ["ODT"]


def test_a_plan_that_strikes_single_zones_of_another_leaves_the_rest(first: Edition) -> None:
    lines = town.edition(town.plan("general", kind="general"), in_force=date(2012, 1, 1))
    town.zone(lines, town.square(0, 0, 50, 100), "CXDT")
    struck = town.zone(lines, town.square(50, 0, 50, 100), "DGT")
    town.publish()
    acting = town.edition(town.plan("detailed", kind="detailed"), in_force=date(2020, 1, 1))
    town.zone(acting, town.square(300, 0, 10), "ODT")
    town.relation(acting, lines.plan, kind=RelationKind.STRIKES, contents=[struck.public_id])

    town.publish()

    assert uses(date(2019, 12, 31)) == ["CXDT", "DGT", "ODT"]
    assert uses(date(2020, 1, 1)) == ["CXDT", "ODT"]
    assert others(asked(date(2020, 1, 1))) == [("superseded", "general/1")]


def test_known_at_before_the_first_publication(first: Edition) -> None:
    long_ago = Publication.objects.get().at - timedelta(seconds=1)

    document = wire(answer_parcel("2004-00001-1-1", as_at=date(2015, 1, 1), known_at=long_ago))

    assert document["revision"] == 0
    assert {found["state"] for found in document["themes"]} == {"unknown"}


def test_coverage_declared_withdrawn_and_declared_again(first: Edition) -> None:
    def state(known: Publication | None = None) -> str:
        return theme(asked(date(2020, 1, 1), known=known), "land_use")["state"]

    def declare() -> Publication:
        return publication.declare_coverage(
            theme=town.themes()["land_use"],
            plan_kind="",
            state="none_exists",
            geometry=town.square(-500, -500, 1_000),
            as_of=date(2019, 1, 1),
            source="invented",
            office=town.office(),
            **members(),
        )

    declared = declare()
    said = state()
    (number,) = declared.summary["declared"]
    withdrawn = publication.withdraw_coverage(declaration=number, reason="nhầm ranh giới", **members())
    silent = state()
    declare()

    assert (silent, state()) == ("unknown", said)
    assert said != silent
    assert (state(declared), state(withdrawn)) == (said, silent)
