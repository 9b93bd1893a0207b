"""Commands that record facts about public plans: published, or one clear sentence why not."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import translation

from planning.models import (
    ConflictRuling,
    Coverage,
    DocumentKind,
    Edition,
    EventKind,
    PlanEvent,
    Publication,
    ZonePiece,
)
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
        (
            {"kind": "forgotten"},
            "“forgotten” is no KIND. Possible are: consultation_opened, consultation_closed, approved",
        ),
        ({"on": "yesterday"}, "--on must be a date"),
        ({"effective_from": "2026-02-30"}, "--effective-from must be a date"),
        ({"effective_to": "soon"}, "--effective-to must be a date"),
        ({"kind": "suspended", "effective_to": "2025-01-01"}, "It ends before it begins"),
        ({"effective_to": "2027-01-01"}, "An event of this kind has no end of its own."),
        ({"kind": "in_force"}, "The edition zoning/1 has such an event already (“in force”)"),
        ({"kind": "approved"}, "The edition zoning/1 has such an event already (“in force”)"),
        ({"kind": "reinstated"}, "This would change nothing"),
        ({"kind": "corrected"}, "A correction names the event that it corrects: --corrects ID."),
        ({"kind": "corrected", "corrects": "4711"}, "There is no event “4711”."),
        ({"extent": "/nowhere.geojson"}, "There is no file “/nowhere.geojson”."),
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


@pytest.fixture
def extent(tmp_path: Path) -> Callable[[str], str]:
    """Writes a file with that text and gives its path."""

    def write(text: str) -> str:
        file = tmp_path / "extent.geojson"
        file.write_text(text, encoding="utf-8")
        return str(file)

    return write


def test_within_the_extent_of_a_file(law: Edition, extent: Callable[[str], str]) -> None:
    part = json.loads(town.square(0, 0, 50, 100).geojson)
    feature = {"type": "Feature", "properties": {}, "geometry": part}
    collection = {"type": "FeatureCollection", "features": [feature]}

    record(
        kind="suspended",
        document=decision(law),
        effective_to="2026-06-01",
        extent=extent(json.dumps(collection)),
        note="chờ thanh tra",
    )

    event = PlanEvent.objects.get(kind=EventKind.SUSPENDED)
    assert (event.effective_to, event.note) == (date(2026, 6, 1), "chờ thanh tra")
    assert event.extent is not None
    assert town.area(event.extent) == pytest.approx(5_000, abs=0.1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("not json", "is no GeoJSON file"),
        ('{"type": "Point", "coordinates": [105, 21]}', "must hold polygons and nothing else"),
        ('{"type": "FeatureCollection", "features": []}', "must hold polygons and nothing else"),
        (
            '{"type": "Polygon", "coordinates": [[[587000, 0], [587001, 0], [587001, 1], [587000, 0]]]}',
            "must be in longitude and latitude",
        ),
        (
            '{"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}',
            "are empty or cross themselves",
        ),
        (
            '{"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}',
            "shares no land with the edition",
        ),
    ],
)
def test_a_file_that_is_no_extent_is_refused(
    law: Edition,
    extent: Callable[[str], str],
    capsys: pytest.CaptureFixture[str],
    text: str,
    said: str,
) -> None:
    with pytest.raises(SystemExit):
        record(document=decision(law), extent=extent(text))

    assert said in capsys.readouterr().err


def test_a_recorded_event_is_corrected_and_then_its_correction(
    law: Edition, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = PlanEvent.objects.get(kind=EventKind.IN_FORCE)
    options = {"kind": "corrected", "on": "2018-01-01", "document": decision(law)}
    record(**options, effective_from="2019-01-01", corrects=str(entry.pk))
    correction = PlanEvent.objects.get(kind=EventKind.CORRECTED)

    with pytest.raises(SystemExit):
        record(**options, corrects=str(entry.pk))
    assert f"correct its newest correction: --corrects {correction.pk}." in capsys.readouterr().err

    record(**options, corrects=str(correction.pk), void=True, note="ghi nhầm")
    assert ZonePiece.objects.standing().get().valid.lower == date(2018, 1, 1)


@pytest.fixture
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.mark.usefixtures("english")
def test_a_ruling_is_recorded_and_said(law: Edition, capsys: pytest.CaptureFixture[str]) -> None:
    other = town.edition(town.plan("detailed", kind="detailed"))
    town.zone(other, town.square(0, 0, 50))
    town.publish()
    people = {"by": "planner-town", "approved_by": "reviewer-town"}
    options = {"text": "Theo quy hoạch chi tiết.", "on": "2026-01-01", "document": decision(law)}

    call_command("record_ruling", "zoning", "detailed", carried_out="detailed", **options, **people)

    assert ConflictRuling.objects.get().carried_out_id == "detailed"
    assert "the ruling of 2026-01-01 on zoning and detailed" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        call_command("record_ruling", "zoning", "nowhere", **options, **people)
    assert "There is no plan “nowhere”." in capsys.readouterr().err


@pytest.mark.usefixtures("english")
def test_coverage_is_declared_and_withdrawn(
    law: Edition, extent: Callable[[str], str], capsys: pytest.CaptureFixture[str]
) -> None:
    people = {"by": "planner-town", "approved_by": "reviewer-town"}
    options = {
        "extent": extent(town.square(0, 0, 100).geojson),
        "as_of": "2026-01-01",
        "source": "invented",
        "office": "town",
    }

    call_command("declare_coverage", "construction", "complete", **options, **people)
    declared = Coverage.objects.standing().get()
    call_command("withdraw_coverage", str(declared.declaration), reason="nhầm", **people)

    assert not Coverage.objects.standing().exists()
    said = capsys.readouterr().out
    assert f"the declaration {declared.declaration} is withdrawn" in said
    with pytest.raises(SystemExit):
        call_command("withdraw_coverage", str(declared.declaration), reason="nhầm", **people)
    assert "This declaration is withdrawn already." in capsys.readouterr().err
    with pytest.raises(SystemExit):
        call_command("declare_coverage", "construction", "perhaps", **options, **people)
    assert "“perhaps” is no state" in capsys.readouterr().err
