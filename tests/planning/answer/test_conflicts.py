"""Two plans that disagree: what is a conflict, what is not, and what was ruled about it."""

from datetime import date

import pytest
from django.utils import timezone

from planning.answer import answer_parcel, answer_point
from planning.lifecycle import record_ruling
from planning.models import DocumentKind, LandUse, LandUseList, LandUseMatch, MatchKind, RelationKind
from tests import town
from tests.answer_schema import theme, wire

pytestmark = pytest.mark.django_db

ON = date(2024, 1, 1)


def asked(**options):
    return wire(answer_parcel("2004-00001-1-1", as_at=options.pop("as_at", ON), **options))


def two_plans(first="ODT", second="CXDT", **of_second):
    for code, use, fields in (("one", first, {}), ("two", second, of_second)):
        made = town.edition(town.plan(code, **fields), in_force=date(2015, 1, 1))
        town.zone(made, town.square(0, 0, 100), use.code, land_use=use) if isinstance(
            use, LandUse
        ) else town.zone(made, town.square(0, 0, 100), use)
    town.parcel("1", town.square(10, 10, 10, 20))
    return town.publish()


def rule(**fields):
    plan, other = town.plan("one"), town.plan("two")
    on = fields.pop("on", date(2020, 2, 2))
    document = town.decision(plan, number="22/KL", on=on, kind=DocumentKind.DECISION)
    fields = {"text": "Thực hiện theo quy hoạch một.", "carried_out": plan} | fields
    return record_ruling(
        plan=plan,
        other_plan=other,
        on=on,
        document=document,
        by=town.planner(),
        approved_by=town.reviewer(),
        **fields,
    )


def test_a_ruling_stands_beside_the_conflict_and_both_plans_stay():
    two_plans()
    rule()

    found = theme(asked())

    (conflict,) = found["conflicts"]
    (ruling,) = conflict["rulings"]
    assert (ruling["carried_out"], ruling["on"], ruling["document"]["number"]) == (
        "one",
        "2020-02-02",
        "22/KL",
    )
    assert ruling["text"] == "Thực hiện theo quy hoạch một."
    assert [plan["plan"]["id"] for plan in found["plans"]] == ["one", "two"]


def test_a_ruling_is_shown_on_the_days_on_which_it_works_and_once_it_is_known():
    two_plans()
    before = timezone.now()
    rule(effective_from=date(2021, 1, 1), effective_to=date(2023, 1, 1))

    def rulings(**options):
        return theme(asked(**options))["conflicts"][0]["rulings"]

    assert len(rulings(as_at=date(2022, 12, 31))) == 1
    assert rulings(as_at=date(2020, 12, 31)) == rulings(as_at=date(2023, 1, 1)) == []
    assert rulings(as_at=date(2022, 1, 1), known_at=before) == []


def test_a_ruling_for_other_land_is_not_shown_here():
    two_plans()
    rule(extent=town.square(20, 0, 50, 100))

    (conflict,) = theme(asked())["conflicts"]

    assert conflict["rulings"] == []


def test_the_paper_of_a_ruling_belongs_to_the_ruling_and_not_to_every_zone():
    two_plans()
    rule()

    papers = [d["number"] for plan in theme(asked())["plans"] for i in plan["items"] for d in i["documents"]]

    assert "22/KL" not in papers


def test_a_ruling_is_shown_at_a_point_too():
    two_plans()
    rule(extent=town.square(0, 0, 50))
    centre = town.point(20, 20)

    found = theme(wire(answer_point(centre.x, centre.y, as_at=ON)))

    assert len(found["conflicts"][0]["rulings"]) == 1


def test_plans_on_the_surface_and_under_it_never_conflict():
    two_plans(level="underground")

    found = theme(asked())

    assert found["conflicts"] == []
    assert [plan["uncovered_m2"] for plan in found["plans"]] == [0, 0]


def of_another_list(code="DO", **fields):
    other, _ = LandUseList.objects.get_or_create(code="other", defaults={"title": "Danh mục khác"})
    return LandUse.objects.create(code_list=other, code=code, name_vi=code, **fields)


def test_codes_of_two_lists_that_nobody_matched_are_a_conflict():
    two_plans(second=of_another_list())

    assert len(theme(asked())["conflicts"]) == 1


@pytest.mark.parametrize(
    ("kind", "conflicts"),
    [(MatchKind.EXACT, 0), (MatchKind.BROADER, 0), (MatchKind.NARROWER, 0), (MatchKind.RELATED, 1)],
)
@pytest.mark.parametrize("is_turned", [False, True])
def test_codes_that_a_match_says_may_be_the_same_are_none(kind, conflicts, is_turned):
    own, other = town.land_use("ODT"), of_another_list()
    two_plans(second=other)
    pair = (other, own) if is_turned else (own, other)
    LandUseMatch.objects.create(land_use=pair[0], other=pair[1], kind=kind)

    assert len(theme(asked())["conflicts"]) == conflicts


def test_what_one_plan_says_of_another_is_shown_with_both():
    two_plans()
    acting = town.edition(town.plan("third"), in_force=date(2016, 1, 1))
    town.zone(acting, town.square(0, 0, 100), "ODT")
    town.relation(acting, town.plan("one"), kind=RelationKind.AMENDS)
    town.publish()

    plans = {plan["plan"]["id"]: plan["relations"] for plan in theme(asked())["plans"]}

    (said,), (suffered,) = plans["third"], plans["one"]
    assert (said["kind"], said["is_acting"], said["plan"]["id"]) == ("amends", True, "one")
    assert (suffered["kind"], suffered["is_acting"], suffered["plan"]["id"]) == ("amends", False, "third")
    assert said["document"]["number"] == "0101/QĐ-UBND"
    assert plans["two"] == []


def test_a_plan_that_implements_another_must_agree_with_it():
    general = town.edition(town.plan("general", kind="general"), in_force=date(2015, 1, 1))
    town.zone(general, town.square(0, 0, 100), "CXDT")
    detailed = town.edition(town.plan("detailed", kind="detailed"), in_force=date(2016, 1, 1))
    town.zone(detailed, town.square(0, 0, 100), "ODT")
    town.relation(detailed, town.plan("general"), kind=RelationKind.IMPLEMENTS)
    town.parcel("1", town.square(10, 10, 10, 20))
    town.publish()

    (conflict,) = theme(asked())["conflicts"]

    assert [plan["id"] for plan in conflict["plans"]] == ["detailed", "general"]
