"""`manage.py import_layer`: one document for each file and line, exit 0 when all are ok, no traceback."""

import errno
import io
import json
import logging
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from planning.management.commands import import_layer
from planning.models import LayerUpload, Publication, Zone
from planning.publication import publish
from portal.logs import JsonFormatter
from tests import town
from tests.planning.imports.drawn import FIXTURES

LAYERS = FIXTURES / "layers"
CHICAGO = FIXTURES / "chicago"


def run(capsys: pytest.CaptureFixture[str], *files: object, **options) -> tuple[int, list[dict]]:
    code = 0
    try:
        call_command("import_layer", *map(str, files), json=True, lang="en", **options)
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_check_prints_the_agreed_document(capsys: pytest.CaptureFixture[str]) -> None:
    code, (document,) = run(capsys, LAYERS / "bow-tie.geojson", check=True)

    assert code == 1
    assert list(document) == ["file", "sha256", "result", "format", "layers", "findings", "seconds"]
    assert document["file"].endswith("bow-tie.geojson")
    assert len(document["sha256"]) == 64
    assert (document["result"], document["format"]) == ("blocked", "GeoJSON")
    assert document["layers"] == [
        {"name": "bow-tie", "crs": "EPSG:4326", "rows": 3, "clean": 2, "repaired": 0, "refused": 1}
    ]
    crossing = next(one for one in document["findings"] if one["code"] == "IMP-G05")
    assert list(crossing) == ["code", "level", "layer", "row", "message", "place"]
    assert crossing["row"] == 3
    assert crossing["place"] == pytest.approx([105.8005, 21.0015])


def test_without_plan_or_mapping_what_needs_them_is_not_checked(capsys: pytest.CaptureFixture[str]) -> None:
    code, (document,) = run(capsys, LAYERS / "plain.gpkg", check=True)

    assert code == 0
    assert document["result"] == "ok"
    assert {one["code"] for one in document["findings"]} == {"IMP-A01", "IMP-C04", "IMP-K01", "IMP-S03"}
    assert {one["level"] for one in document["findings"]} == {"info"}
    assert all("ot checked" in one["message"] for one in document["findings"])


def test_one_bad_file_among_good_ones_makes_the_exit_code_1(capsys: pytest.CaptureFixture[str]) -> None:
    code, documents = run(
        capsys, LAYERS / "plain.fgb", LAYERS / "no-such-file", LAYERS / "plain.zip", check=True
    )

    assert code == 1
    assert [one["result"] for one in documents] == ["ok", "refused", "ok"]


def test_a_system_named_by_the_planner_answers_the_question(capsys: pytest.CaptureFixture[str]) -> None:
    _, (asked,) = run(capsys, LAYERS / "no-crs.zip", check=True)
    _, (told,) = run(capsys, LAYERS / "no-crs.zip", check=True, crs="EPSG:5897")

    assert asked["result"] == "needs_answer"
    assert (told["result"], told["layers"][0]["crs"]) == ("ok", "EPSG:5897")


def test_a_failure_nobody_foresaw_is_a_finding_with_a_reference(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args, **_named) -> None:
        raise ZeroDivisionError("secret value")

    monkeypatch.setattr(import_layer, "check_file", broken)
    code, (document,) = run(capsys, LAYERS / "plain.gpkg", check=True)

    assert code == 1
    assert document["result"] == "refused"
    assert "reference" in document["findings"][0]["message"]
    assert "secret" not in json.dumps(document)


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the import writes to the log, as the service writes it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonFormatter())
    import_layer.log.addHandler(handler)
    yield written
    import_layer.log.removeHandler(handler)


def test_the_reference_that_is_printed_leads_to_the_place_of_the_failure_in_the_log(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, lines: io.StringIO
) -> None:
    def broken(*_args, **_named) -> None:
        raise ZeroDivisionError("secret value")

    monkeypatch.setattr(import_layer, "check_file", broken)
    _, (document,) = run(capsys, LAYERS / "plain.gpkg", check=True)

    (line,) = map(json.loads, lines.getvalue().splitlines())
    assert line["reference"] in document["findings"][0]["message"]
    assert line["error"]["type"] == "builtins.ZeroDivisionError"
    assert line["error"]["frames"][-1].endswith("broken")
    assert "secret" not in lines.getvalue()


@pytest.mark.parametrize(
    ("failure", "sentence"),
    [
        (OSError(errno.EIO, "Input/output error"), "Input/output error"),
        (OSError(errno.EMFILE, "Too many open files"), "Too many open files"),
        (FileNotFoundError(errno.ENOENT, "No such file or directory", "unshare"), "The system failed"),
        (OSError("no number"), "OSError"),
    ],
)
def test_a_failure_of_the_system_is_told_as_what_it_is(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    lines: io.StringIO,
    failure: OSError,
    sentence: str,
) -> None:
    def broken(*_args, **_named) -> None:
        raise failure

    monkeypatch.setattr(import_layer, "check_file", broken)
    code, (document,) = run(capsys, LAYERS / "plain.gpkg", check=True)

    assert (code, document["findings"][0]["code"]) == (1, "IMP-F01")
    assert sentence in document["findings"][0]["message"]
    assert json.loads(lines.getvalue())["reference"] in document["findings"][0]["message"]


def test_a_folder_is_not_called_a_missing_file(capsys: pytest.CaptureFixture[str]) -> None:
    code, (document,) = run(capsys, LAYERS, check=True)

    assert code == 1
    assert "a folder" in document["findings"][0]["message"]


def test_a_full_disk_is_said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args, **_named) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(import_layer, "check_file", full)
    code, (document,) = run(capsys, LAYERS / "plain.gpkg", check=True)

    assert (code, document["findings"][0]["code"]) == (1, "IMP-F05")
    assert "no room left" in document["findings"][0]["message"]


@pytest.mark.parametrize(
    "options",
    [
        {"crs": "EPSG:6956", "check": True},
        {"plan_file": "/no/such/plan.toml", "check": True},
        {"plan_file": str(LAYERS / "plain.geojson"), "check": True},
        {},
    ],
)
def test_options_that_make_no_sense_are_said_in_one_line(options: dict) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("import_layer", str(LAYERS / "plain.gpkg"), **options)

    assert "\n" not in str(refused.value)


def test_the_output_for_people_is_in_their_language(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call_command("import_layer", str(LAYERS / "bow-tie.geojson"), check=True, lang="en")

    assert "3 rows: 2 clean, 0 repaired, 1 refused" in capsys.readouterr().out


@pytest.fixture
def office(db: None, settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    call_command("load_reference", verbosity=0)
    chicago = town.office("chicago")
    town.planner(chicago)
    town.reviewer(chicago)


def sample(capsys: pytest.CaptureFixture[str], **options) -> tuple[int, list[dict]]:
    return run(
        capsys,
        CHICAGO / "zones.geojson",
        plan_file=str(CHICAGO / "plan.toml"),
        by="planner-chicago",
        **options,
    )


@pytest.mark.usefixtures("office")
def test_a_real_layer_is_blocked_then_repaired_left_out_and_published(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, (blocked,) = sample(capsys)
    assert (code, blocked["result"]) == (1, "blocked")
    assert not Zone.objects.exists()

    code, (document,) = sample(capsys, repair=True, leave_out_refused=True)
    assert (code, document["result"]) == (0, "ok")
    (layer,) = document["layers"]
    assert layer["clean"] + layer["repaired"] + layer["refused"] == layer["rows"] == 297
    assert (layer["repaired"], layer["refused"]) == (3, 2)
    assert Zone.objects.count() == 295

    upload = LayerUpload.objects.get(result="ok")
    chicago = town.office("chicago")
    publish(uploads=[upload], by=town.planner(chicago), approved_by=town.reviewer(chicago))
    assert Publication.objects.get().revision == 1

    code, (again,) = sample(capsys, repair=True, leave_out_refused=True)
    assert (code, again["result"], again["findings"][0]["code"]) == (1, "refused", "IMP-F10")


@pytest.mark.usefixtures("office")
def test_a_stranger_and_an_unknown_name_hand_in_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    town.outsider()
    plan = str(CHICAGO / "plan.toml")
    code, (document,) = run(
        capsys, CHICAGO / "zones.geojson", plan_file=plan, by="outsider", office="chicago"
    )

    assert (code, document["result"]) == (1, "refused")
    with pytest.raises(CommandError, match="nobody"):
        call_command("import_layer", str(CHICAGO / "zones.geojson"), plan_file=plan, by="nobody", lang="en")
    assert not LayerUpload.objects.exists()


def test_a_reader_of_the_output_that_goes_away_causes_no_traceback() -> None:
    command = [sys.executable, "manage.py", "import_layer", "--check", *[str(LAYERS / "plain.fgb")] * 3]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=FIXTURES.parent)
    assert process.stdout is not None
    process.stdout.close()
    _, errors = process.communicate(timeout=120)

    assert process.returncode in (1, -signal.SIGPIPE)
    assert b"Traceback" not in errors
