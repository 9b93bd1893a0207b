"""The page for users as what it is made of: blocks of commands, each with the client it needs."""

import importlib.util
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
PAGES = (DOCS / "use-it.md", DOCS / "su-dung.md")
PLACEHOLDER = "http://127.0.0.1:8000"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_IMPORT = re.compile(r"^(?:import|from) (\w+)", re.MULTILINE)
# What runs a block, which it reads from its standard input. A block of html needs a browser:
# test_maplibre.py draws the very style it names.
_RUN = {
    "console": ("bash", "-e"),
    "python": (sys.executable, "-"),
    "js": ("node", "--input-type=module"),
    "r": ("Rscript", "-"),
}


@dataclass(frozen=True)
class Block:
    """One fenced block: its language, its text, and its number in the page."""

    number: int
    language: str
    text: str

    @property
    def name(self) -> str:
        """How a test is called."""
        return f"{self.number}-{self.language}"

    @property
    def command(self) -> tuple[str, ...]:
        """What runs it; it reads the block from standard input."""
        return _RUN[self.language]

    def why_not_here(self) -> str:
        """The reason for which it cannot run on this machine; empty where it can."""
        programs = [self.command[0], *(_programs(self.text) if self.language == "console" else ())]
        modules = _IMPORT.findall(self.text) if self.language == "python" else []
        if missing := [one for one in programs if not shutil.which(one)]:
            return f"{missing[0]} is not on the path"
        if missing := [one for one in modules if importlib.util.find_spec(one) is None]:
            return f"the Python package {missing[0]} is not installed"
        return ""


def _programs(text: str) -> list[str]:
    """The programs that its lines begin with; a line that goes on begins with blanks."""
    firsts = (line.split()[0] for line in text.splitlines() if line[:1].isalpha())
    return [first for first in dict.fromkeys(firsts) if "=" not in first]


def blocks(page: Path) -> list[Block]:
    """All blocks of a page that are marked with a language."""
    found = _BLOCK.findall(page.read_text(encoding="utf-8"))
    return [Block(number, language, text) for number, (language, text) in enumerate(found, 1)]


def runnable(page: Path) -> list[Block]:
    """Those that some program runs."""
    return [block for block in blocks(page) if block.language in _RUN]
