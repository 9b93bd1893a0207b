"""Work done beside the web, by the job worker (`manage.py procrastinate worker`).

Jobs are rows in PostgreSQL; a job that was cut off runs again. It knows the verbs it calls and no request.
"""

import errno
import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from planning.catalog import CATALOGUE, figures
from planning.catalog.purging import purge
from planning.models import LayerUpload
from planning.publication.announce import COUNT_COLLECTIONS, PURGE_CACHES

ABANDONED_AFTER_S = 24 * 3600

log = logging.getLogger(__name__)


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="clear_abandoned", lock="clear_abandoned")
def clear_abandoned(timestamp: int) -> None:
    """Remove what nobody will come back for: expired sessions, what broken uploads left behind."""
    call_command("clearsessions")
    before = time.time() - ABANDONED_AFTER_S
    removed = remove_abandoned_files(folder=Path(settings.FILE_UPLOAD_TEMP_DIR), before=before)
    removed += remove_unnamed_originals(before=before)
    log.info("abandoned files removed: %d", removed, extra={"job": "clear_abandoned"})


@app.task(name=COUNT_COLLECTIONS, lock=COUNT_COLLECTIONS)
def count_collections(revision: int) -> None:
    """Count what a publication made, before readers ask."""
    figures.keep_newest(CATALOGUE.collections)


# in every time zone of whole, half and quarter hours a day begins at one of these
@app.periodic(cron="0,15,30,45 * * * *")
@app.task(queueing_lock="begin_day", lock=COUNT_COLLECTIONS)
def begin_day(timestamp: int) -> None:
    """Count anew where the law changed with the new day; forget figures that nobody will ask for."""
    figures.keep_newest(CATALOGUE.collections)
    removed = figures.forget_old(CATALOGUE.collections, now=timezone.now())
    if removed:
        log.info("old figures removed: %d", removed, extra={"job": "begin_day"})


# about seventeen minutes in all: a cache that is away for longer comes back empty or old by then
@app.task(name=PURGE_CACHES, retry=RetryStrategy(max_attempts=10, exponential_wait=2))
def purge_caches(revision: int) -> None:
    """Tell the cache in front that a revision was published."""
    purge()


def remove_abandoned_files(*, folder: Path, before: float) -> int:
    """Delete files last written before that moment (seconds since 1970) and the folders left empty."""
    return sum(_is_removed(path, before) for path in _below(folder))


def remove_unnamed_originals(*, before: float) -> int:
    """Delete originals written before that moment that no upload names: a kill came before its row.

    A database without any upload says nothing of the files; it is more likely not the one they belong to.
    """
    field = LayerUpload._meta.get_field("file")
    top = Path(settings.MEDIA_ROOT)
    old = [path for path in _below(top / str(field.upload_to).partition("%")[0]) if _is_old(path, before)]
    # asked after the files were listed: whoever comes later is younger than they are
    named = set(LayerUpload.objects.values_list("file", flat=True))
    if not named:
        return 0
    return sum(_is_removed(path, before) for path in old if str(path.relative_to(top)) not in named)


def _below(folder: Path) -> Iterator[Path]:
    """Deepest first, so that a folder comes after what lies in it; links are never followed."""
    for parent, folders, files in os.walk(folder, topdown=False):
        yield from (Path(parent, name) for name in (*files, *folders))


def _is_old(path: Path, before: float) -> bool:
    """An import may clear its folder in the same moment: what is gone is not old."""
    try:
        return path.lstat().st_mtime < before
    except FileNotFoundError:
        return False


def _is_removed(path: Path, before: float) -> bool:
    """Whether a file went by our hand; folders go where they are empty and are not counted."""
    if not _is_old(path, before):
        return False
    try:
        if path.is_dir() and not path.is_symlink():
            path.rmdir()
            return False
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        if error.errno != errno.ENOTEMPTY:
            raise
        return False
    return True
