"""What the page for users tells them to type works, wherever the client it needs is there."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.clients import truth
from tests.clients.documented import PAGES, PLACEHOLDER, Block, blocks, runnable

pytestmark = pytest.mark.django_db

ENGLISH, VIETNAMESE = PAGES


@pytest.mark.parametrize("block", runnable(ENGLISH), ids=lambda block: block.name)
def test_a_documented_command_works_and_says_something(server: str, block: Block, tmp_path: Path) -> None:
    if reason := block.why_not_here():
        pytest.skip(f"{ENGLISH.name}, block {block.number}: {reason}")
    (tmp_path / ".curlrc").write_text("fail\nshow-error\n")  # an answer of 400 is no success

    done = subprocess.run(
        block.command,
        input=block.text.replace(PLACEHOLDER, server),
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "NODE_NO_WARNINGS": "1"},
    )

    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip()
    assert "problem+json" not in done.stdout


def test_commands_of_common_clients_are_among_them() -> None:
    run = [block for block in runnable(ENGLISH) if not block.why_not_here()]

    assert {"console", "python", "js"} <= {block.language for block in run}
    assert len(run) >= 8


def test_every_collection_is_named_on_the_page() -> None:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        assert [name for name in truth.COLLECTIONS if f"| `{name}` |" not in text] == []


def test_both_languages_have_the_same_commands() -> None:
    """Comments within them aside."""

    def commands(page: Path) -> list[tuple[str, list[str]]]:
        return [
            (block.language, [line for line in block.text.splitlines() if not line.startswith("#")])
            for block in blocks(page)
        ]

    assert commands(ENGLISH) == commands(VIETNAMESE)
