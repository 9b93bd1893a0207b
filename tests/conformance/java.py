"""OGC's own suites, in Java: fetched by Maven, run, and their reports read.

How they end says nothing of failures: those stand in the report that TestNG writes.
"""

import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from xml.sax.saxutils import escape

LEAST_JAVA = 17
LONGEST_RUN_S = 3600


class NotToBeHad(Exception):
    """Java, Maven or a suite is missing; the text is one line with the remedy."""


class Outcome(StrEnum):
    """How a method ended."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Result:
    """One method, or one of its calls with other data."""

    name: str
    outcome: Outcome
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Suite:
    """A suite as Maven knows it: one archive with all that it needs."""

    artifact: str
    version: str

    @property
    def coordinates(self) -> str:
        return f"org.opengis.cite:{self.artifact}:{self.version}:jar:aio"

    @property
    def file(self) -> str:
        return f"{self.artifact}-{self.version}-aio.jar"


FEATURES = Suite("ets-ogcapi-features10", "1.9")
TILES = Suite("ets-ogcapi-tiles10", "1.2")


def refuse_without_java() -> None:
    """Raise NotToBeHad where there is no Java or too old a one."""
    if not shutil.which("java"):
        raise NotToBeHad(f"There is no java; Debian's package is openjdk-{LEAST_JAVA}-jre-headless.")
    command = [shutil.which("java") or "java", "-version"]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', told)
    if not found or int(found[1]) < LEAST_JAVA:
        raise NotToBeHad(f"Java {LEAST_JAVA} is needed; this one is {found[1] if found else 'unknown'}.")


def archive(suite: Suite, folder: Path) -> Path:
    """The archive of a suite; fetched by Maven unless it lies in the folder. Raises NotToBeHad."""
    wanted = folder / suite.file
    if wanted.is_file():
        return wanted
    if not shutil.which("mvn"):
        raise NotToBeHad(
            f"There is no mvn to fetch {suite.coordinates}; "
            f"install Debian's package maven, or put {suite.file} into {folder}."
        )
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mvn", "--batch-mode", "--quiet", "dependency:copy"]
    command += [f"-Dartifact={suite.coordinates}", f"-DoutputDirectory={folder}"]
    subprocess.run(command, capture_output=True, check=False, cwd=folder)
    if not wanted.is_file():
        raise NotToBeHad(f"Maven cannot fetch {suite.coordinates}; put {suite.file} into {folder}.")
    return wanted


def run(jar: Path, properties: Mapping[str, str], folder: Path) -> list[Result]:
    """Run a suite with these inputs; its report stays in the folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    inputs = folder / "inputs.xml"
    inputs.write_text(_as_properties(properties), encoding="utf-8")
    # -h takes a value: without one it swallows the name of the inputs
    command = ["java", "-jar", str(jar), "-o", str(folder), "-h", "true", str(inputs)]
    with (folder / "log.txt").open("w", encoding="utf-8") as log:
        subprocess.run(
            command, stdout=log, stderr=subprocess.STDOUT, check=False, cwd=folder, timeout=LONGEST_RUN_S
        )
    reports = sorted(folder.rglob("testng-results.xml"))
    if not reports:
        raise NotToBeHad(f"The suite wrote no report; {folder / 'log.txt'} says why.")
    return read_report(reports[-1])


def _as_properties(properties: Mapping[str, str]) -> str:
    entries = "".join(
        f'  <entry key="{escape(key)}">{escape(value)}</entry>\n' for key, value in properties.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<!DOCTYPE properties SYSTEM "http://java.sun.com/dtd/properties.dtd">\n'
        f'<properties version="1.0">\n{entries}</properties>\n'
    )


_OUTCOMES = {"PASS": Outcome.PASSED, "FAIL": Outcome.FAILED, "SKIP": Outcome.SKIPPED}


def read_report(file: Path) -> list[Result]:
    """The methods of a report of TestNG, what sets them up aside unless it failed."""
    results = []
    for group in ElementTree.parse(file).getroot().iter("class"):  # noqa: S314 - our own run wrote it
        family = group.get("name", "").rsplit(".", 1)[-1]
        for called in group.iter("test-method"):
            outcome = _OUTCOMES[called.get("status", "")]
            if called.get("is-config") == "true" and outcome is not Outcome.FAILED:
                continue
            results.append(Result(f"{family}.{called.get('name', '')}", outcome, _reason(called)))
    return results


def _reason(called: ElementTree.Element) -> str:
    message = called.findtext("./exception/message", default="")
    return " ".join(message.split())[:300]
