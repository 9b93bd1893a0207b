"""Every English text of the code has its Vietnamese, and the placeholders survive."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = [ROOT / app / "locale" / "vi" / "LC_MESSAGES" / "django.po" for app in ("planning", "portal")]
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def entries(path: Path) -> Iterator[tuple[str, str, bool]]:
    """English, Vietnamese and whether somebody must still look at it (fuzzy)."""
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        lines = [line for line in block.splitlines() if not line.startswith("#")]
        if not lines or not lines[0].startswith(("msgid", "msgctxt")):
            continue
        texts: dict[str, str] = {}
        key = ""
        for line in lines:
            if found := re.match(r"(msg\w+(?:\[\d\])?) (.*)", line):
                key, line = found[1], found[2]
            texts[key] = texts.get(key, "") + ast.literal_eval(line)
        translated = texts.get("msgstr", texts.get("msgstr[0]", ""))
        if texts["msgid"]:
            yield texts["msgid"], translated, "#, fuzzy" in block


@pytest.mark.parametrize("path", CATALOGUES, ids=["planning", "portal"])
def test_every_text_is_translated(path: Path) -> None:
    missing = [english for english, vietnamese, fuzzy in entries(path) if fuzzy or not vietnamese.strip()]

    assert missing == []


@pytest.mark.parametrize("path", CATALOGUES, ids=["planning", "portal"])
def test_no_translation_loses_or_invents_a_placeholder(path: Path) -> None:
    wrong = [
        english
        for english, vietnamese, _ in entries(path)
        if set(_PLACEHOLDER.findall(english)) != set(_PLACEHOLDER.findall(vietnamese))
    ]

    assert wrong == []


def test_templates_use_no_text_that_the_catalogue_lacks() -> None:
    known = {english for english, _, _ in entries(CATALOGUES[1])}
    pattern = re.compile(r"""{%\s*translate\s+(?:"([^"]*)"|'([^']*)')""")

    used = {
        first or second
        for template in (ROOT / "portal" / "templates").rglob("*.html")
        for first, second in pattern.findall(template.read_text(encoding="utf-8"))
    }

    assert used <= known
