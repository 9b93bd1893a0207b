"""`manage.py publish`: one clear sentence for each refusal, exit 1, nothing changed."""

import json
from collections.abc import Callable
from datetime import date

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, OperationalError
from django.utils import translation
from psycopg import errors as postgres

from planning.errors import CannotMeasure, Reason, Refused
from planning.management.acts import database_sentence, sentence_of
from planning.models import LayerUpload, Publication, UploadResult, UploadState
from tests import town

pytestmark = pytest.mark.django_db


@pytest.fixture
def upload() -> LayerUpload:
    edition = town.edition(town.plan())
    town.zone(edition, town.square(0, 0, 100))
    town.planner()
    town.reviewer()
    return LayerUpload.objects.get()


def publish(
    *uploads: object, by: str = "planner-town", approved_by: str = "reviewer-town", **options: object
):
    with translation.override("en"):
        call_command("publish", *map(str, uploads), by=by, approved_by=approved_by, **options)


def test_it_publishes_and_says_what(upload: LayerUpload, capsys: pytest.CaptureFixture[str]) -> None:
    publish(upload.pk)

    assert Publication.objects.get().by == town.planner()
    assert "revision 1" in capsys.readouterr().out


def test_it_prints_one_json_document(upload: LayerUpload, capsys: pytest.CaptureFixture[str]) -> None:
    publish(upload.pk, json=True)

    document = json.loads(capsys.readouterr().out)
    assert document["revision"] == 1
    assert document["summary"]["pieces"] == {"zoning/1": {"opened": 1, "closed": 0}}


def test_several_uploads_go_into_one_revision(upload: LayerUpload) -> None:
    parcel = town.parcel("1", town.square(0, 0, 10))

    publish(upload.pk, parcel.upload.pk)

    assert Publication.objects.count() == 1
    assert set(LayerUpload.objects.values_list("state", flat=True)) == {UploadState.PUBLISHED}


def _blocked() -> None:
    LayerUpload.objects.update(result=UploadResult.BLOCKED)


def _withdrawn() -> None:
    LayerUpload.objects.update(state=UploadState.WITHDRAWN)


def _without_decision() -> None:
    LayerUpload.objects.get().edition.events.update(document=None)


def _without_licence() -> None:
    LayerUpload.objects.update(licence="")
    town.plan().__class__.objects.update(licence="")


@pytest.mark.parametrize(
    ("spoil", "people", "said"),
    [
        (_blocked, {}, "blocked"),
        (_withdrawn, {}, "withdrawn"),
        (_without_decision, {}, "needs a decision"),
        (_without_licence, {}, "without: licence"),
        (None, {"by": "reviewer-town"}, "two different members"),
        (None, {"approved_by": "planner-town"}, "may not do this for the office"),
        (None, {"by": "nobody"}, "There is no user “nobody”"),
    ],
)
def test_each_refusal_is_one_sentence_and_exit_code_1(
    upload: LayerUpload,
    capsys: pytest.CaptureFixture[str],
    spoil: Callable[[], None] | None,
    people: dict[str, str],
    said: str,
) -> None:
    if spoil:
        spoil()

    with pytest.raises(SystemExit) as stopped:
        publish(upload.pk, **people)

    printed = capsys.readouterr().err
    assert stopped.value.code == 1
    assert said in printed
    assert "Nothing was changed." in printed
    assert printed.count("\n") == 1
    assert not Publication.objects.exists()


def test_an_upload_that_does_not_exist_is_named(
    capsys: pytest.CaptureFixture[str], town_office: object
) -> None:
    with pytest.raises(SystemExit):
        publish(4711)

    assert "There is no upload “4711”." in capsys.readouterr().err


def test_a_refusal_as_json_carries_reason_and_facts(
    upload: LayerUpload, capsys: pytest.CaptureFixture[str]
) -> None:
    _blocked()

    with pytest.raises(SystemExit):
        publish(upload.pk, json=True)

    document = json.loads(capsys.readouterr().out)
    assert document["reason"] == "without_findings_solved"
    assert document["facts"]["result"] == "blocked"
    assert "blocked" in document["error"]


def test_every_reason_of_a_refusal_has_its_sentence() -> None:
    facts = {
        "upload": 1,
        "user": "an",
        "office": "x",
        "roles": ["reviewer"],
        "state": "failed",
        "field": "extent",
    }
    reasons = [
        Reason.NOT_A_MEMBER,
        Reason.SAME_PERSON,
        Reason.WRONG_STATE,
        Reason.WITHOUT_FINDINGS_SOLVED,
        Reason.WITHOUT_DECISION,
        Reason.REQUIRED,
        Reason.CONTRADICTS,
    ]

    sentences = {sentence_of(Refused(reason, **facts)) for reason in reasons}

    assert len(sentences) == len(reasons)
    assert not any("Refused" in sentence or "%(" in sentence for sentence in sentences)
    assert sentence_of(CannotMeasure(Reason.INVALID_GEOMETRY, what="piece"))


def _caused(error: DatabaseError, cause: Exception) -> DatabaseError:
    error.__cause__ = cause
    return error


def test_a_database_that_fails_is_told_apart_by_what_can_be_done() -> None:
    with translation.override("en"):
        assert "disk" in database_sentence(_caused(OperationalError(), postgres.DiskFull("no space")))
        assert "cannot be reached" in database_sentence(_caused(OperationalError(), postgres.AdminShutdown()))
        assert "refused" in database_sentence(_caused(IntegrityError(), postgres.ExclusionViolation()))


def test_a_database_rule_that_is_broken_is_named(
    upload: LayerUpload, capsys: pytest.CaptureFixture[str]
) -> None:
    one = town.parcel("1", town.square(0, 0, 10))
    town.parcel("1", town.square(0, 0, 12), existed_from=date(2001, 1, 1))

    with pytest.raises(SystemExit):
        publish(one.upload.pk)

    assert "parcel_one_version_at_a_time" in capsys.readouterr().err
