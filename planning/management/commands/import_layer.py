"""`manage.py import_layer FILE...`: plan layers, parcels and coverage into staged rows, or only checked.

The command line's edge of the import: one report for each file, exit code 0 when all of them are ok.
"""

import errno
import hashlib
import json
import logging
import os
import sys
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import translation
from django.utils.translation import gettext as _

from planning import crs
from planning.errors import BadParameter, NotFound, PlanningError, UnreadableFile
from planning.imports import check_file, import_file
from planning.imports.findings import Finding, from_error
from planning.imports.findings_text import message
from planning.imports.planfile import PlanFile, Target, read_plan_file
from planning.imports.report import FileReport
from planning.imports.stored_report import report_of
from planning.management.acts import sentence_of
from planning.models import Edition, Level, Office, UploadResult, User
from planning.ogcapi.problems import sentence

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Done:
    """The report of one file, and the upload it became (None for a check or a refusal)."""

    report: FileReport
    upload: int | None = None


class Command(BaseCommand):
    help = "Checks files of planners and stages what is in them. Nothing becomes public by it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="GeoPackage, GeoJSON, FlatGeobuf, zip")
        parser.add_argument("--plan-file", help="TOML file that describes plan, edition and columns")
        parser.add_argument("--edition", help="existing staged edition, like some-plan/2")
        parser.add_argument("--as", dest="target", choices=[*Target], help="what the rows are")
        parser.add_argument("--crs", help="coordinate system of the layers, like EPSG:5897")
        parser.add_argument("--by", help="user name of the member who hands in")
        parser.add_argument("--office", help="office that hands in; by default that of the plan")
        parser.add_argument("--repair", action="store_true", help="take every repair that is offered")
        parser.add_argument(
            "--leave-out-refused",
            action="store_true",
            help="stage the rest; what stays out is declared partial",
        )
        parser.add_argument("--check", action="store_true", help="only check; nothing is written")
        parser.add_argument("--json", action="store_true", help="one JSON document for each file and line")
        parser.add_argument("--lang", choices=[code for code, _name in settings.LANGUAGES])

    def handle(self, *, files: Sequence[str], **options: Any) -> None:
        with translation.override(options["lang"] or settings.LANGUAGE_CODE):
            try:
                order = _arguments(options)
            except PlanningError as error:
                raise CommandError(_in_words(error)) from None
            except OSError as error:
                raise CommandError(f"{error.filename}: {error.strerror}") from None
            except DatabaseError:
                raise CommandError(_("The database cannot be reached.")) from None
            try:
                results = [self._one(Path(file), order, options) for file in files]
            except BrokenPipeError:
                # the reader of our lines has gone; what was imported stays imported
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
                sys.exit(1)
        if any(result is not UploadResult.OK for result in results):
            sys.exit(1)

    def _one(self, path: Path, order: dict[str, Any], options: dict[str, Any]) -> UploadResult:
        started = time.monotonic()
        done = _handled(path, order, is_check=options["check"])
        seconds = time.monotonic() - started
        report = replace(done.report, file=str(path), seconds=seconds)
        if options["json"]:
            self.stdout.write(json.dumps(report.to_json(), ensure_ascii=False))
        else:
            self._say(report, done.upload)
        return report.result

    def _say(self, report: FileReport, upload: int | None) -> None:
        self.stdout.write(f"{report.file}: {report.result.label} ({report.seconds:.1f} s)")
        if upload is not None:
            self.stdout.write(_("  upload %(number)d") % {"number": upload})
        for layer in report.layers:
            counts = {
                "rows": layer.rows,
                "clean": layer.clean,
                "repaired": layer.repaired,
                "refused": layer.refused,
            }
            text = _("%(rows)d rows: %(clean)d clean, %(repaired)d repaired, %(refused)d refused") % counts
            self.stdout.write(f"  {layer.name} ({layer.crs or '?'}): {text}")
        for finding in report.findings:
            where = " ".join(part for part in (finding.layer, str(finding.row or "")) if part)
            self.stdout.write(f"  {finding.rule} {finding.level.label} {where}: {message(finding)}")


def _arguments(options: dict[str, Any]) -> dict[str, Any]:
    """The options as the verbs take them; raises PlanningError for what does not exist."""
    plan_file = read_plan_file(Path(options["plan_file"])) if options["plan_file"] else None
    order = {
        "plan_file": plan_file,
        "edition": _edition(options["edition"]),
        "target": Target(options["target"]) if options["target"] else None,
        "crs": crs.parse(options["crs"]) if options["crs"] else None,
        "repair": options["repair"],
        "leave_out_refused": options["leave_out_refused"],
    }
    return order if options["check"] else {**order, **_people(options, plan_file, order["edition"])}


def _edition(code: str | None) -> Edition | None:
    if code is None:
        return None
    plan, _slash, number = code.rpartition("/")
    found = Edition.objects.select_related("plan__territory").filter(
        plan=plan, number=int(number) if number.isdecimal() and len(number) < 6 else 0
    )
    edition = found.first()
    if edition is None:
        raise NotFound("edition", code)
    return edition


def _people(options: dict[str, Any], plan_file: PlanFile | None, edition: Edition | None) -> dict[str, Any]:
    name = options["office"] or (edition.plan.office_id if edition else None)
    if name is None and plan_file is not None and plan_file.plan is not None:
        name = plan_file.plan.office
    if not options["by"] or not name:
        raise CommandError(_("Say who hands in: --by USER and --office ID (or --check)."))
    office = Office.objects.filter(pk=name).first()
    if office is None:
        raise NotFound("office", name)
    user = User.objects.filter(username=options["by"], is_active=True).first()
    if user is None:
        raise NotFound("user", options["by"])
    return {"office": office, "by": user}


def _handled(path: Path, order: dict[str, Any], *, is_check: bool) -> Done:
    """The verb's report; whatever goes wrong becomes a finding, because a list of files goes on."""
    try:
        if is_check:
            return Done(check_file(path, **order))
        upload = import_file(path, **order)
        return Done(report_of(upload), upload.pk)
    except UnreadableFile as error:
        return Done(_refusal(path, from_error(error)))
    except PlanningError as error:
        return Done(
            _refusal(path, Finding(code="P02", level=Level.FATAL, facts={"reason": _in_words(error)}))
        )
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return Done(_refusal(path, Finding(code="F05", says="F05/disk", level=Level.FATAL)))
        return Done(_refusal(path, _logged("F01/system", error.strerror or type(error).__name__)))
    except Exception:  # the last edge: no traceback reaches a planner
        return Done(_refusal(path, _logged("F01/internal")))


def _logged(says: str, happened: str = "") -> Finding:
    """The finding of the failure being handled; its reference leads to the line in the log."""
    reference = uuid.uuid4().hex[:8]
    log.exception("import failed", extra={"reference": reference})
    facts = {"reference": reference, **({"happened": happened} if happened else {})}
    return Finding(code="F01", says=says, level=Level.FATAL, facts=facts)


def _refusal(path: Path, finding: Finding) -> FileReport:
    return FileReport(
        file=str(path),
        sha256=_hash(path),
        result=UploadResult.REFUSED,
        format="",
        layers=(),
        findings=(finding,),
        counts={finding.rule: 1},
        seconds=0.0,
    )


def _hash(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _in_words(error: PlanningError) -> str:
    """What is wrong with an option, an entry of the plan file or the right to hand it in."""
    return sentence(error) if isinstance(error, BadParameter) else sentence_of(error)
