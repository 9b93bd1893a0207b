"""Papers become public with what rests on them, and not before."""

from datetime import date

import pytest

from planning import lifecycle
from planning.models import Document, DocumentKind, Edition, EventKind
from tests import town

pytestmark = pytest.mark.django_db


def public() -> dict[str, int]:
    """Number of each public document, with the revision since which it is public."""
    return {paper.number: paper.publication_id or 0 for paper in Document.objects.public()}


def paper(number: str, edition: Edition | None = None) -> Document:
    return town.decision(town.plan(), number, kind=DocumentKind.DRAWING, edition=edition)


@pytest.fixture
def first() -> Edition:
    """A staged edition in force since 2018 by decision 0101."""
    edition = town.edition(town.plan())
    town.zone(edition, town.square(0, 0, 100))
    return edition


@pytest.fixture
def second(first: Edition) -> Edition:
    """A later staged edition by decision 0501."""
    edition = town.edition(first.plan, in_force=date(2024, 5, 1))
    town.zone(edition, town.square(0, 0, 100))
    return edition


def test_a_document_becomes_public_with_the_edition_whose_event_names_it(
    first: Edition, second: Edition
) -> None:
    town.publish(first)
    assert public() == {"0101/QĐ-UBND": 1}

    town.publish(second)
    assert public() == {"0101/QĐ-UBND": 1, "0501/QĐ-UBND": 2}


def test_a_document_that_no_event_names_waits_for_the_edition_it_came_with(
    first: Edition, second: Edition
) -> None:
    paper("bản vẽ 1", first)
    paper("bản vẽ 2", second)

    town.publish(first)
    assert set(public()) == {"0101/QĐ-UBND", "bản vẽ 1"}

    town.publish(second)
    assert public()["bản vẽ 2"] == 2


def test_a_document_of_the_plan_as_a_whole_becomes_public_with_the_next_edition(first: Edition) -> None:
    paper("thuyết minh")

    town.publish()

    assert public() == {"0101/QĐ-UBND": 1, "thuyết minh": 1}


def test_a_document_behind_a_relation_becomes_public_with_it(first: Edition) -> None:
    other = town.plan("other")
    town.relation(first, other, document=town.decision(first.plan, "7/QĐ-UBND"))

    town.publish()

    assert public()["7/QĐ-UBND"] == 1


def test_a_decision_recorded_later_becomes_public_with_its_event(first: Edition) -> None:
    town.publish()
    annulment = town.decision(first.plan, "8/QĐ-UBND")
    assert "8/QĐ-UBND" not in public()

    lifecycle.annul(
        edition=first,
        on=date(2025, 1, 1),
        document=annulment,
        by=town.planner(),
        approved_by=town.reviewer(),
    )

    assert public() == {"0101/QĐ-UBND": 1, "8/QĐ-UBND": 2}


def test_a_decision_that_two_events_name_stays_public_since_the_first(first: Edition) -> None:
    town.publish()
    decision = Document.objects.get()
    people = {"by": town.planner(), "approved_by": town.reviewer()}

    lifecycle.record_event(
        edition=first, kind=EventKind.ANNULLED, on=date(2025, 1, 1), document=decision, **people
    )

    assert public() == {"0101/QĐ-UBND": 1}
