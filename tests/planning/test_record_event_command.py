"""`manage.py record_event`: a fact about a public edition, or one clear sentence why not."""

import json
from datetime import date

import pytest
from django.core.management import call_command
from django.utils import translation

from planning.models import DocumentKind, Edition, EventKind, PlanEvent, Publication
from tests import town

pytestmark = pytest.mark.django_db


@pytest.fixture
def law() -> Edition:
    """A public edition in force since 2018 with one hectare."""
    edition = town.edition(town.plan())
    town.zone(edition, town.square(0, 0, 100))
    town.publish()
    return edition


def record(edition: str = "zoning/1", kind: str = "annulled", language: str = "en", **options: object):
    people = {"by": "planner-town", "approved_by": "reviewer-town"}
    with translation.override(language):
        call_command("record_event", edition, kind, **{"on": "2026-01-01", **people, **options})


def decision(law: Edition) -> str:
    return str(town.decision(law.plan).pk)


def test_it_records_and_publishes_a_fact_and_says_so(
    law: Edition, capsys: pytest.CaptureFixture[str]
) -> None:
    record(document=decision(law), effective_from="2026-02-01")

    event = PlanEvent.objects.get(kind=EventKind.ANNULLED)
    assert (event.on, event.effective_from) == (date(2026, 1, 1), date(2026, 2, 1))
    assert event.publication == Publication.objects.get(revision=2)
    assert event.recorded_by == town.planner()
    said = capsys.readouterr().out
    assert "revision 2" in said
    assert "zoning/1: annulled from that day on, effective from 2026-02-01" in said


def test_without_another_day_it_works_from_the_day_of_the_act(law: Edition) -> None:
    record(document=decision(law))

    assert PlanEvent.objects.get(kind=EventKind.ANNULLED).effective_from == date(2026, 1, 1)


def test_it_prints_one_json_document(law: Edition, capsys: pytest.CaptureFixture[str]) -> None:
    record(document=decision(law), json=True)

    document = json.loads(capsys.readouterr().out)
    assert document["revision"] == 2
    assert document["summary"]["events"][0]["kind"] == "annulled"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"edition": "zoning/2"}, "There is no edition “zoning/2”."),
        ({"edition": "zoning/²"}, "There is no edition “zoning/²”."),
        ({"edition": "zoning"}, "There is no edition “zoning”."),
        ({"edition": "draft/1"}, "The edition draft/1 is not public"),
        ({"kind": "forgotten"}, "“forgotten” is no KIND. Possible are: consultation_opened, consultation_closed, approved"),
        ({"on": "yesterday"}, "--on must be a date"),
        ({"effective_from": "2026-02-30"}, "--effective-from must be a date"),
        ({"document": "none"}, "An event “annulled” needs a decision"),
        ({"document": "drawing"}, "An event “annulled” needs a decision"),
        ({"document": "other"}, "The document belongs to another plan."),
        ({"document": "4711"}, "There is no document “4711”."),
        ({"document": "9" * 30}, "There is no document “999"),
        ({"by": "reviewer-town"}, "two different members"),
        ({"approved_by": "planner-town"}, "may not do this for the office"),
        ({"by": "outsider"}, "outsider may not do this for the office"),
        ({"by": "nobody"}, "There is no user “nobody”."),
    ],
)
def test_each_refusal_is_one_sentence_and_exit_code_1(
    law: Edition, capsys: pytest.CaptureFixture[str], options: dict[str, str], said: str
) -> None:
    draft = town.edition(town.plan("draft"))
    town.outsider()
    documents = {
        "none": None,
        "drawing": str(town.decision(law.plan, "1", kind=DocumentKind.DRAWING).pk),
        "other": str(town.decision(draft.plan).pk),
    }
    own = town.decision(draft.plan if options.get("edition") == "draft/1" else law.plan)
    named = options.get("document", str(own.pk))

    with pytest.raises(SystemExit) as stopped:
        record(**{**options, "document": documents.get(named, named)})

    printed = capsys.readouterr().err
    assert stopped.value.code == 1
    assert said in printed
    assert "Nothing was changed." in printed
    assert printed.count("\n") == 1
    assert Publication.objects.count() == 1


def test_a_refusal_as_json_carries_reason_and_facts(law: Edition, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        record(json=True)

    document = json.loads(capsys.readouterr().out)
    assert document["reason"] == "without_decision"
    assert document["facts"]["edition"] == "zoning/1"


def test_an_officer_reads_the_refusal_in_vietnamese(law: Edition, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        record(language="vi")

    assert "cần có quyết định" in capsys.readouterr().err
