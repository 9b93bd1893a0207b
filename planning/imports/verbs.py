"""The two verbs of the import, `check_file` and `import_file`.

One file is one transaction: whatever is killed or runs full, its upload is there with all its rows or
not at all. A file with errors leaves an upload that says so, and no rows.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils import timezone

from planning.audit import traced
from planning.crs import CRS
from planning.errors import Forbidden, Reason, Refused, UnreadableFile
from planning.imports import deliveries, registering, staging
from planning.imports.findings import from_error
from planning.imports.frames import frame_for
from planning.imports.identify import EXTENSIONS, identify
from planning.imports.layers import Frame, Order
from planning.imports.limits import DEFAULT, Limits
from planning.imports.pipeline import Checked, Received, check, receive
from planning.imports.planfile import PlanFile, Target
from planning.imports.report import FileReport
from planning.models import (
    Edition,
    LayerUpload,
    Membership,
    Office,
    Role,
    UploadResult,
    UploadState,
    User,
    Visibility,
)

_NOT_STANDING = (UploadState.FAILED, UploadState.WITHDRAWN, UploadState.REPLACED)
_MAY_UPLOAD = (Role.PLANNER, Role.OFFICER, Role.REVIEWER)


def check_file(
    path: str | Path,
    *,
    plan_file: PlanFile | None = None,
    edition: Edition | None = None,
    target: Target | None = None,
    crs: CRS | None = None,
    repair: bool = False,
    leave_out_refused: bool = False,
    limits: Limits = DEFAULT,
) -> FileReport:
    """Everything there is to say about a file. Writes nothing; asks no database without plan or mapping."""
    order = Order(
        plan_file=plan_file, target=target, system=crs, repair=repair, leave_out_refused=leave_out_refused
    )
    is_bare = plan_file is None and edition is None
    frame = Frame() if is_bare else frame_for(order, edition, is_for_staging=False)
    with _folder() as folder:
        try:
            received = receive(Path(path), folder, limits)
        except UnreadableFile as error:
            return _unreceived(Path(path), error)
        checked = check(received, folder, frame, order, limits)
        return deliveries.weigh(checked, order, office=None).report


def import_file(
    path: str | Path,
    *,
    office: Office,
    by: User,
    plan_file: PlanFile | None = None,
    edition: Edition | None = None,
    target: Target | None = None,
    crs: CRS | None = None,
    repair: bool = False,
    leave_out_refused: bool = False,
    limits: Limits = DEFAULT,
) -> LayerUpload:
    """Checks a file and stages what is in it; the upload carries report, findings and repairs.

    Nothing is staged unless the result is `ok`. Raises Forbidden where `by` does not act for the office,
    Refused for an edition that is public or another office's, UnreadableFile (F01, F05, F10) where the
    file cannot be taken in at all, BadParameter and NotFound for what the plan file names in vain.
    """
    _require_membership(by, office, plan_file, edition)
    order = Order(
        plan_file=plan_file, target=target, system=crs, repair=repair, leave_out_refused=leave_out_refused
    )
    with _folder() as folder:
        received = receive(Path(path), folder, limits)
        _refuse_repeated(received, office, edition or registering.existing_edition(plan_file, office=office))
        frame = frame_for(order, edition, is_for_staging=True, office=office)
        checked = deliveries.weigh(check(received, folder, frame, order, limits), order, office=office)
        return _store(received, checked, order, office=office, by=by, edition=edition)


@contextmanager
def _folder() -> Iterator[Path]:
    # below this folder the nightly job clears what a kill leaves behind
    with tempfile.TemporaryDirectory(prefix="import-", dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        yield Path(folder)


def _unreceived(path: Path, error: UnreadableFile) -> FileReport:
    finding = from_error(error)
    return FileReport(
        file=path.name,
        sha256="",
        result=UploadResult.REFUSED,
        format="",
        layers=(),
        findings=(finding,),
        counts={finding.rule: 1},
        seconds=0.0,
    )


def _require_membership(
    by: User, office: Office, plan_file: PlanFile | None, edition: Edition | None
) -> None:
    if not Membership.objects.filter(user=by, office=office, role__in=_MAY_UPLOAD).exists():
        raise Forbidden(Reason.NOT_A_MEMBER, user=by.get_username(), office=office.pk, roles=_MAY_UPLOAD)
    owner = edition.plan.office_id if edition else None
    if owner is None and plan_file is not None and plan_file.plan is not None:
        owner = plan_file.plan.office
    if owner is not None and owner != office.pk:
        raise Forbidden(Reason.NOT_A_MEMBER, user=by.get_username(), office=owner, roles=_MAY_UPLOAD)


def _refuse_repeated(received: Received, office: Office, edition: Edition | None) -> None:
    """The same bytes for the same edition say nothing new, once they are staged or public."""
    before = (
        LayerUpload.objects.filter(
            sha256=received.sha256, office=office, edition=edition, result=UploadResult.OK
        )
        .exclude(state__in=_NOT_STANDING)
        .order_by("uploaded_at")
        .first()
    )
    if before is not None:
        day = timezone.localdate(before.uploaded_at).isoformat()
        raise UnreadableFile("F10", date=day, upload=before.pk)


def _store(
    received: Received,
    checked: Checked,
    order: Order,
    *,
    office: Office,
    by: User,
    edition: Edition | None,
) -> LayerUpload:
    upload = staging.upload_of(received, checked, order, office=office, by=by)
    _keep_original(upload, received)
    try:
        with transaction.atomic():
            _write(upload, received, checked, order, office=office, by=by, edition=edition)
    except BaseException:
        # whatever stopped it, a file that no upload names is nobody's
        upload.file.delete(save=False)
        raise
    return upload


@traced("import")
def _write(
    upload: LayerUpload,
    received: Received,
    checked: Checked,
    order: Order,
    *,
    office: Office,
    by: User,
    edition: Edition | None,
) -> None:
    if edition is None:
        # a file that brings nothing makes nothing: no plan, and no territory above all
        is_ok = checked.report.result is UploadResult.OK
        edition = (
            registering.register(order.plan_file, office=office, by=by)
            if is_ok
            else registering.existing_edition(order.plan_file, office=office)
        )
    if edition is not None:
        edition = Edition.objects.select_related("plan").select_for_update(of=("self",)).get(pk=edition.pk)
        if edition.visibility == Visibility.PUBLIC:
            raise Refused(Reason.WRONG_STATE, edition=edition.code, state=edition.visibility)
        _refuse_repeated(received, office, edition)
    upload.edition = edition
    staging.describe(upload, checked)
    upload.save()
    staging.record(upload, checked, by=by)
    if checked.report.result is UploadResult.OK:
        staging.stage(upload, checked, order, edition)


def _keep_original(upload: LayerUpload, received: Received) -> None:
    """The bytes as handed in, under a name of ours, streamed."""
    try:
        suffix = EXTENSIONS.get(identify(received.path), ".bin")
    except UnreadableFile:
        suffix = ".bin"
    with received.path.open("rb") as original:
        upload.file.save(f"{received.sha256[:16]}{suffix}", File(original), save=False)


__all__ = ["check_file", "import_file"]
