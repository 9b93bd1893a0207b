"""A sample of `script/soak`: random towns, and what the oracle says of them.

The whole is for the soak; these few keep the two from drifting apart unnoticed.
"""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.oracle import facts, law
from tests.oracle.compared import Examined
from tests.oracle.expected import Oracle, around, part_of

STEPS, QUESTIONS = 20, 60


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_random_towns_are_answered_as_the_oracle_says(seed: int) -> None:
    examined = Examined(seed, today=timezone.localdate(), steps=STEPS)

    differences = {
        question: found
        for question in examined.questions(QUESTIONS)
        if (found := examined.differences(question))
    }

    assert not differences


@pytest.mark.django_db
def test_a_question_about_the_past_keeps_its_digest() -> None:
    examined = Examined(99, today=timezone.localdate(), steps=STEPS)

    assert examined.changed() == []


# The oracle itself, on cases that are worked out by head.

DAY = date(2020, 1, 1)


def days(number: int) -> date:
    return DAY + timedelta(days=number)


def event(kind: str, begins: int, *, on: int | None = None, **said: object) -> facts.Event:
    event.last += 1  # type: ignore[attr-defined]
    fields = {
        "id": event.last,  # type: ignore[attr-defined]
        "edition": "plan/1",
        "kind": kind,
        "on": days(begins if on is None else on),
        "begins": days(begins),
        "revision": 1,
    }
    return facts.Event(**(fields | said))  # type: ignore[arg-type]


event.last = 0  # type: ignore[attr-defined]


def statuses(*events: facts.Event, until: int = 12) -> list[str]:
    standing = law.as_corrected(events)
    return law.play(law.acts_of(standing, 1), DAY, days(until))[0]


def test_a_suspension_ends_where_no_other_lasts() -> None:
    told = statuses(
        event("in_force", 1),
        event("suspended", 3, ends=days(6)),
        event("suspended", 5, ends=days(9)),
    )

    assert told[2:10] == ["in_force"] + ["suspended"] * 6 + ["in_force"]


def test_an_annulment_from_the_beginning_leaves_no_day_of_force() -> None:
    told = statuses(event("approved", 0), event("in_force", 4), event("annulled_ex_tunc", 8))

    assert told[3:5] == ["approved", "annulled"]
    assert "in_force" not in told


def test_of_two_retroactive_decisions_of_one_day_the_later_one_counts() -> None:
    force = event("in_force", 1)

    assert statuses(force, event("annulled", 3, on=5), event("reinstated", 3, on=7))[-1] == "in_force"
    assert statuses(force, event("annulled", 3, on=7), event("reinstated", 3, on=5))[-1] == "annulled"


def test_a_correction_of_a_correction_replaces_it() -> None:
    first = event("in_force", 1)
    second = event("corrected", 5, corrects=first.id)
    third = event("corrected", 8, corrects=second.id)

    assert statuses(first, second, third).index("in_force") == 8
    assert "in_force" not in statuses(first, event("corrected", 2, corrects=first.id, is_void=True))


def test_a_zone_that_shares_a_corner_touches() -> None:
    parcel, zone = facts.nowhere(), facts.nowhere()
    parcel[2, 2], zone[3, 3] = True, True

    part = part_of(parcel, zone)

    assert part is not None
    assert (part.kind, part.area) == ("touch", 0)
    assert around(parcel).sum() == 9


def test_what_was_recorded_later_is_not_known_before() -> None:
    town = facts.Town(themes={"construction": ("zoning",)})
    town.plans["plan"] = facts.Plan(id="plan", kind="zoning", theme="construction")
    zone = facts.Zone(id="plan.1.1", land_use="ODT", land=facts.everywhere())
    town.editions.append(
        facts.Edition(
            plan="plan",
            number=1,
            is_local=False,
            extent=facts.everywhere(),
            zones=(zone,),
            published_on=DAY,
            revision=1,
        )
    )
    town.events += [event("in_force", 1), event("annulled", 2, revision=2)]

    before, after = (
        Oracle(town, revision, first=DAY, last=days(9)).answer(facts.everywhere(), days(5), today=days(5))
        for revision in (1, 2)
    )

    assert before.themes["construction"].state == "concerned"
    assert after.themes["construction"].plans == {}
    assert after.past[("plan.1.1", "annulled")].kind == "whole"
