"""Work done beside the web, by the job worker (`manage.py procrastinate worker`).

Jobs are rows in PostgreSQL; a job that was cut off runs again. It knows the verbs it calls and no HTTP.
"""

import logging
import time
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from procrastinate.contrib.django import app

ABANDONED_AFTER_S = 24 * 3600

log = logging.getLogger(__name__)


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="clear_abandoned", lock="clear_abandoned")
def clear_abandoned(timestamp: int) -> None:
    """Remove what nobody will come back for: expired sessions, temporary files of broken uploads."""
    call_command("clearsessions")
    removed = remove_abandoned_files(
        folder=Path(settings.FILE_UPLOAD_TEMP_DIR), before=time.time() - ABANDONED_AFTER_S
    )
    log.info("abandoned files removed: %d", removed, extra={"job": "clear_abandoned"})


def remove_abandoned_files(*, folder: Path, before: float) -> int:
    """Delete files last written before that moment (seconds since 1970) and the folders left empty."""
    removed = 0
    # Deepest first, so that a folder comes after what lies in it; links are never followed.
    for path in sorted(folder.rglob("*"), key=lambda found: len(found.parts), reverse=True):
        if path.lstat().st_mtime >= before:
            continue
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        else:
            path.unlink(missing_ok=True)
            removed += 1
    return removed
