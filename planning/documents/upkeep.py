"""Looking after the files of papers: are they still what was handed in, and which may go.

Asked by `manage.py check_documents` and by the removal of the demonstration.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from django.db import transaction

from planning.documents.vault import FOLDER, lock, sha256_of, storage
from planning.models import Document


class Difference(StrEnum):
    """How a file differs from what its paper records."""

    MISSING = "missing"
    OTHER_SIZE = "other_size"
    OTHER_CONTENT = "other_content"
    WITHOUT_HASH = "without_hash"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """One file that papers name, and what is wrong with it; `difference` is None for a sound one."""

    name: str
    documents: tuple[int, ...]
    difference: Difference | None


def differences() -> Iterator[Stock]:
    """Every file that a paper names, read anew to its end; in the order of their names."""
    papers: dict[tuple[str, str, int | None], list[int]] = {}
    rows = Document.objects.exclude(file="").order_by("file", "pk")
    for key, name, sha256, size in rows.values_list("pk", "file", "sha256", "size").iterator():
        papers.setdefault((name, sha256, size), []).append(key)
    for (name, sha256, size), keys in papers.items():
        found = _difference(Path(storage().path(name)), sha256, size)
        yield Stock(name=name, documents=tuple(keys), difference=found)


def unnamed_files() -> list[str]:
    """Files of the vault that no paper names: left by an act that was given up; harmless."""
    top = Path(storage().path(FOLDER))
    lying = {f"{FOLDER}/{path.relative_to(top)}" for path in top.rglob("*") if path.is_file()}
    return sorted(lying - set(Document.objects.exclude(file="").values_list("file", flat=True)))


def forget_files(names: Iterable[str]) -> None:
    """Delete the files that no paper names any more; call it once their rows are gone for good."""
    for name in sorted(set(names)):
        _forget(name)


@transaction.atomic
def _forget(name: str) -> None:
    sha256 = Path(name).stem
    if len(sha256) == 64:
        # whoever hands in the same bytes meanwhile waits, then writes them anew
        lock(sha256, is_shared=False)
    if not Document.objects.filter(file=name).exists():
        storage().delete(name)


def _difference(path: Path, sha256: str, size: int | None) -> Difference | None:
    if not path.is_file():
        return Difference.MISSING
    if not sha256 or size is None:
        return Difference.WITHOUT_HASH
    if path.stat().st_size != size:
        return Difference.OTHER_SIZE
    return None if sha256_of(path) == sha256 else Difference.OTHER_CONTENT
