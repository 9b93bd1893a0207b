"""What a plan and a parcel went through, on their pages: dates, causes, corrections, rulings, clauses."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from planning import lifecycle
from planning.models import EventKind, Plan, PlanEvent
from tests import town
from tests.portal import lives
from tests.portal.test_pages import words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(db: None) -> str:
    return lives.busy_parcel()


def test_the_page_of_a_parcel_tells_each_status_with_its_dates_and_cause(client: Client, busy: str) -> None:
    words = words_of(client, f"/en/parcels/{busy}")

    for said in (
        "Suspended from 1 June 2026; the suspension ends on 1 June 2098.",
        "Because of: suspended, decision 0520/QĐ-UBND",
        "Replaced since 1 January 2024. Because of: edition 2 of Plan zoning, decision 0101/QĐ-UBND",
        "No longer in force since 1 January 2025: its time has run out.",
        "Annulled; not in force from 1 May 2022 on.",
        "Approved; it comes into force on 1 March 2099.",
        "Written ruling: 0301/QĐ-UBND · 1 March 2025 · UBND thị trấn",
        "Thực hiện theo quy hoạch chi tiết trong phạm vi ô đất này.",
        "The ruling names as the plan that is carried out: Plan detailed.",
        "Both plans stay listed here.",
        "split on 1 January 2015, 200.0 m² in common",
        "Điều 5, page 12",
    ):
        assert said in words, said
    # what lies below ground is told after all of the surface
    assert words.index("Below ground") > words.index("What Plan zoning says")
    assert "Plan below (underground)" in words


def test_a_former_parcel_is_linked_as_of_its_last_day(client: Client, busy: str) -> None:
    page = client.get(f"/en/parcels/{busy}").content.decode()

    assert 'href="/en/parcels/2004-00001-3-12?as_at=2014-12-31"' in page


def test_a_clause_is_opened_at_its_page(client: Client, busy: str) -> None:
    page = client.get(f"/en/parcels/{busy}").content.decode()
    links = re.findall(r'href="(/documents/[0-9a-f]{64})#page=12"', page)

    assert links
    paper = client.get(links[0])
    assert paper.getvalue().startswith(b"%PDF")
    paper.close()


def test_a_plan_tells_its_life_edition_by_edition(client: Client, busy: str) -> None:
    words = words_of(client, "/en/plans/zoning")

    for said in (
        "Legal status todayIn force; Suspended (its parts differ)",
        "1 February 2018 · In force · decided on 1 March 2018",
        "Corrected on 1 March 2018 (0301/QĐ-UBND · 1 March 2018 · UBND thị trấn). "
        "Was: from 1 January 2018, decided on 1 January 2018, for the whole edition.",
        "1 June 2026 · Suspended, until 1 June 2098 (for a part of the plan, 60.0 m²)",
        "Implemented by Plan detailed (edition 1). Both apply.",
        "On the conflict with Plan detailed (from 1 March 2025 on)",
        "(pages: 24, 3 kB)",
        "phường Bên (in part)",
    ):
        assert said in words, said


def test_a_clause_keeps_its_anchor_and_its_earlier_texts(client: Client, busy: str) -> None:
    page = client.get("/en/plans/zoning").content.decode()
    clause = page[page.index('id="clause-chieu-cao"') : page.index('aria-labelledby="coverage"')]

    assert clause.index("Cao không quá 4 tầng.") < clause.index("1 earlier text")
    assert clause.index("1 earlier text") < clause.index("Cao không quá 5 tầng.")


def test_a_zone_tells_what_it_was_and_leaves_no_cell_blank(client: Client, busy: str) -> None:
    words = words_of(client, "/en/zones/zoning.1.1")

    for said in (
        "Its parts differ:",
        "In force from 1 February 2018.",
        "Approved on 1 November 2017; this status ends on 1 February 2018.",
        "Allowed usesNhà ở",
        "Uses under conditionsNot in the data",
        "Forbidden usesKho",
        "Cao không quá 5 tầng.",
    ):
        assert said in words, said


def test_a_zone_of_another_day_says_which(client: Client, busy: str) -> None:
    words = words_of(client, "/en/zones/zoning.1.1?as_at=2020-06-01")

    assert "Status of its land on 1 June 2020" in words
    assert "This is about 1 June 2020, not about today." in words
    assert "Its parts differ" not in words


def test_a_fact_that_never_happened_is_shown_as_taken_back(client: Client, busy: str) -> None:
    edition = Plan.objects.get(id="annulled").editions.get()
    lifecycle.correct(
        event=PlanEvent.objects.get(edition=edition, kind=EventKind.ANNULLED),
        on=date(2023, 1, 1),
        effective_from=date(2022, 5, 1),
        is_void=True,
        document=town.decision(edition.plan, on=date(2023, 1, 1)),
        by=town.planner(),
        approved_by=town.reviewer(),
    )

    words = words_of(client, "/en/plans/annulled")

    assert "Taken back: this never happened." in words
    assert "Legal status todayIn force" in words


def test_the_history_of_a_parcel_tells_periods_facts_and_since_when_they_are_known(
    client: Client, busy: str
) -> None:
    words = words_of(client, f"/en/parcels/{busy}/history")

    for said in (
        "1 February 2018 to 31 December 2018",
        "is planned as Urban housing (ODT) in Plan zoning",
        "Suspended: Plan zoning",
        "Since when we know it",
        "Revision 1",
        "This parcel was formerly:",
        "That does not mean that nothing was planned.",
    ):
        assert said in words, said


def test_the_history_links_the_answer_of_each_period(client: Client, busy: str) -> None:
    page = client.get(f"/en/parcels/{busy}/history").content.decode()
    days = re.findall(rf'href="/en/parcels/{busy}\?as_at=([0-9-]+)"', page)

    assert "2018-02-01" in days
    assert client.get(f"/en/parcels/{busy}?as_at={days[0]}").status_code == 200


def test_the_history_as_known_before_a_suspension_does_not_tell_it(client: Client, busy: str) -> None:
    page = client.get(f"/en/parcels/{busy}/history").content.decode()
    first = re.findall(r'href="(/en/parcels/[^"]*/history\?known_at=[^"]*)"', page)[0]

    words = words_of(client, first.replace("&amp;", "&"))

    assert "This is what was known at" in words
    assert "Suspended: Plan zoning" not in words


def test_a_parcel_that_is_not_held_has_no_history(client: Client) -> None:
    assert client.get(reverse("history", args=["2004-00001-9-9"])).status_code == 404


def test_a_parcel_links_its_history_with_the_knowledge_that_was_asked_for(client: Client, busy: str) -> None:
    page = client.get(f"/en/parcels/{busy}?as_at=2020-01-01&known_at=2026-01-01").content.decode()

    assert f'href="/en/parcels/{busy}/history?known_at=2026-01-01"' in page


def test_what_was_not_published_then_is_said_so(client: Client, busy: str) -> None:
    assert "At that time this had not been published here yet." in words_of(
        client, "/en/zones/zoning.1.1?known_at=2020-01-01"
    )
    assert "At that time nothing of this plan had been published here." in words_of(
        client, "/en/plans/zoning?known_at=2020-01-01"
    )
