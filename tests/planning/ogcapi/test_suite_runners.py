"""`script/conformance` and `script/cql2-suite` as commands: what they read, and how they refuse."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conformance.java import Outcome, Result, read_report

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT / "fixtures" / "cql2"
REPORT = """<?xml version="1.0" encoding="UTF-8"?>
<testng-results ignored="0" total="4" passed="1" failed="2" skipped="1">
  <suite name="ogcapi-features-1.0"><test name="Core">
    <class name="org.opengis.cite.ogcapifeatures10.conformance.core.landingpage.LandingPage">
      <test-method is-config="true" signature="setUp()" name="setUp" status="PASS"/>
      <test-method signature="landingPageRetrieval()" name="landingPageRetrieval" status="PASS"/>
      <test-method signature="landingPageValidation()" name="landingPageValidation" status="FAIL">
        <exception class="java.lang.AssertionError"><message><![CDATA[
          no link
          conformance]]></message></exception>
      </test-method>
    </class>
    <class name="org.opengis.cite.ogcapifeatures10.conformance.core.collections.FeaturesTime">
      <test-method signature="x()" name="validateFeaturesWithDatetimeResponse_Links" status="SKIP">
        <exception class="org.testng.SkipException"><message><![CDATA[no response]]></message></exception>
      </test-method>
      <test-method is-config="true" signature="setUp()" name="setUp" status="FAIL"/>
    </class>
  </test></suite>
</testng-results>
"""


def run(module: str, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """The module behind a script, as the script runs it."""
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env={**os.environ, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_report_of_the_java_suites_is_read_with_its_reasons(tmp_path: Path) -> None:
    report = tmp_path / "testng-results.xml"
    report.write_text(REPORT, encoding="utf-8")
    assert read_report(report) == [
        Result("LandingPage.landingPageRetrieval", Outcome.PASSED),
        Result("LandingPage.landingPageValidation", Outcome.FAILED, "no link conformance"),
        Result("FeaturesTime.validateFeaturesWithDatetimeResponse_Links", Outcome.SKIPPED, "no response"),
        Result("FeaturesTime.setUp", Outcome.FAILED),
    ]


def test_without_java_it_says_so_in_one_line_and_ends_with_three(tmp_path: Path) -> None:
    done = run("tests.conformance.run", PATH=str(tmp_path))
    assert done.returncode == 3
    assert done.stderr.splitlines() == [
        "conformance: There is no java; Debian's package is openjdk-17-jre-headless."
    ]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (("nothing.gpkg", "predicates.csv"), "nothing.gpkg is no file"),
        (("README.md", "predicates.csv"), "cannot be read"),
        (("ne110m4cql2.gpkg", "combinations.csv"), "has no column layer, predicate."),
        (("ne110m4cql2.gpkg", "predicates.csv", "README.md"), "README.md has no column"),
    ],
)
def test_what_cannot_be_asked_is_said_in_one_line(files: tuple[str, ...], said: str) -> None:
    done = run("tests.cql2_suite.run", *(str(DATA / file) for file in files))
    assert done.returncode == 2
    assert said in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
