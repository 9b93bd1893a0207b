"""What the nightly job removes: files that nobody will come back for, and no other."""

import os
import shutil
import time
from pathlib import Path

import pytest

from planning.jobs import remove_abandoned_files, remove_unnamed_originals
from planning.models import LayerUpload
from tests import town

HOUR = 3600.0


def left_behind(path: Path, *, hours: float = 25) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    then = time.time() - hours * HOUR
    os.utime(path, (then, then))
    return path


def test_an_import_that_clears_its_folder_meanwhile_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = left_behind(tmp_path / "import-a" / "in" / "layer.gpkg").parent.parent
    broken = left_behind(tmp_path / "import-b" / "original")
    look = Path.lstat

    def too_late(path: Path) -> os.stat_result:
        shutil.rmtree(folder, ignore_errors=True)
        return look(path)

    monkeypatch.setattr(Path, "lstat", too_late)

    assert remove_abandoned_files(folder=tmp_path, before=time.time() - HOUR) == 1
    assert not broken.exists()


@pytest.fixture
def uploads(db: None, settings, tmp_path: Path) -> Path:
    """The folder of originals, with one that an upload names."""
    settings.MEDIA_ROOT = tmp_path
    upload = town.upload(town.edition(town.plan()))
    LayerUpload.objects.filter(pk=upload.pk).update(file="uploads/2024/01/named.gpkg")
    left_behind(tmp_path / "uploads" / "2024" / "01" / "named.gpkg")
    return tmp_path / "uploads"


def test_an_original_that_no_upload_names_goes_after_a_day(uploads: Path) -> None:
    orphan = left_behind(uploads / "2024" / "01" / "orphan.gpkg")
    fresh = left_behind(uploads / "2024" / "01" / "fresh.gpkg", hours=1)
    document = left_behind(uploads.parent / "documents" / "2024" / "01" / "decision.pdf")

    removed = remove_unnamed_originals(before=time.time() - 24 * HOUR)

    assert removed == 1
    assert not orphan.exists()
    assert fresh.exists()
    assert document.exists()
    assert (uploads / "2024" / "01" / "named.gpkg").exists()


def test_a_database_without_uploads_takes_no_original_away(uploads: Path) -> None:
    LayerUpload.objects.all().delete()

    assert remove_unnamed_originals(before=time.time() - 24 * HOUR) == 0
    assert (uploads / "2024" / "01" / "named.gpkg").exists()
