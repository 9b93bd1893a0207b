"""Claimed is tested: the table of conformance classes and the marks of the tests say the same."""

import subprocess
import sys
from pathlib import Path

import pytest

from planning.ogcapi.conformance import CLASSES, SPECIFICATIONS
from tests.planning.ogcapi.marked import SIGN

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def proven() -> set[str]:
    """The classes that some test is marked with, as pytest itself collects the tests."""
    marking = [
        path for path in (ROOT / "tests").rglob("test_*.py") if "mark.conforms(" in path.read_text("utf-8")
    ]
    options = ["--collect-only", "-q", "-p", "no:cacheprovider", "-p", "tests.planning.ogcapi.marked"]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *map(str, marking)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return {line.removeprefix(SIGN) for line in run.stdout.splitlines() if line.startswith(SIGN)}


def test_every_claim_is_proven_by_a_test(proven: set[str]) -> None:
    assert not sorted({one.name for one in CLASSES} - proven)


def test_every_mark_names_a_claim(proven: set[str]) -> None:
    assert not sorted(proven - {one.name for one in CLASSES})


def test_the_table_is_sorted_and_names_each_class_once() -> None:
    names = [one.name for one in CLASSES]

    assert names == sorted(set(names))


def test_every_class_has_an_address_a_title_and_a_standard() -> None:
    assert all(one.title and one.standard for one in CLASSES)
    assert all(one.uri.startswith(SPECIFICATIONS) and "/conf/" in one.uri for one in CLASSES)
