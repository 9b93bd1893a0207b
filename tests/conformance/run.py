"""`script/conformance`: OGC's suites for Features and Tiles against the running product.

Serves the demonstration from a scratch database, runs the Java originals (or, with `--ported`, our port of
their methods) and tells what passed, failed and was skipped, with every reason. Ends with 0 where nothing
failed, 1 where something did, 3 where Java, Maven or a suite is not to be had.
"""

import argparse
import http.client
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from portal import cluster
from tests import serving
from tests.conformance import features10, java, tiles10
from tests.conformance.java import NotToBeHad, Outcome, Result
from tests.conformance.server import Reply, Server, Skipped

ROOT = serving.ROOT
PAGE = ROOT / "docs" / "conformance.md"
# What the suite for Features knows of the systems here; others it takes for an error of the server's.
KNOWN_SYSTEMS = "EPSG:3405,EPSG:3406"
ORIGINALS, PORTED = "originals", "ported"
Told = dict[str, list[Result]]


def main(arguments: list[str]) -> int:
    options = _options(arguments)
    try:
        told = _ported() if options.ported else _originals(options.jars)
    except NotToBeHad as error:
        return _end(3, error)
    except (serving.CannotServe, cluster.ClusterError, subprocess.CalledProcessError) as error:
        return _end(1, error)
    print(_report(told))
    if options.write:
        _write(PORTED if options.ported else ORIGINALS, told)
    return int(any(one.outcome is Outcome.FAILED for results in told.values() for one in results))


def _end(code: int, error: Exception) -> int:
    print(f"conformance: {error}", file=sys.stderr)
    return code


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="script/conformance", description="Run OGC's suites for Features and Tiles against the product."
    )
    jars = cluster.local_folder() / "conformance"
    parser.add_argument("--jars", type=Path, default=jars, help="where the suites lie or are fetched to")
    parser.add_argument("--ported", action="store_true", help="our port of their methods; needs no Java")
    parser.add_argument("--write", action="store_true", help=f"write the figures to {PAGE.name}")
    return parser.parse_args(arguments)


# --- Running ---


@contextmanager
def _product() -> Iterator[Server]:
    """The product with its demonstration."""
    with serving.scratch_database("conformance") as address:
        given = serving.environment(
            address,
            DJANGO_SETTINGS_MODULE="portal.settings",
            OGC_CRS=KNOWN_SYSTEMS,
            PUBLIC_URL="http://127.0.0.1",
        )
        command = [sys.executable, "manage.py", "prepare", "--demo"]
        subprocess.run(command, env=given, cwd=ROOT, check=True, stdout=sys.stderr)
        with serving.served(given) as port:
            yield Server(f"http://127.0.0.1:{port}/ogc", fetch)


def fetch(address: str, accept: str) -> Reply:
    """Ask over HTTP."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.netloc, timeout=60)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}", headers={"Accept": accept})
        response = connection.getresponse()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Reply(address, response.status, headers, response.read())
    finally:
        connection.close()


def _originals(jars: Path) -> Told:
    java.refuse_without_java()
    archives = {suite: java.archive(suite, jars.resolve()) for suite in (java.FEATURES, java.TILES)}
    with _product() as server:
        inputs = {
            java.FEATURES: {"iut": server.base, "noofcollections": "-1"},
            java.TILES: _tiles_inputs(server),
        }
        return {
            f"{suite.artifact} {suite.version}": java.run(jar, inputs[suite], jars.resolve() / suite.artifact)
            for suite, jar in archives.items()
        }


def _tiles_inputs(server: Server) -> dict[str, str]:
    tiles = tiles10.some_tiles(server)
    return {
        "iut": server.base,
        "tilematrixsetdefinitionuri": tiles10.MATRIX_SET,
        "urltemplatefortiles": tiles.template,
        "tilematrix": str(tiles.matrix),
        "mintilerow": str(tiles.rows[0]),
        "maxtilerow": str(tiles.rows[-1]),
        "mintilecol": str(tiles.columns[0]),
        "maxtilecol": str(tiles.columns[-1]),
    }


def _ported() -> Told:
    with _product() as server:
        tiles = tiles10.some_tiles(server)
        return {
            "features10, ported": [
                _result(name, lambda method=method: method(server))
                for name, method in features10.METHODS.items()
            ],
            "tiles10, ported": [
                _result(name, lambda method=method: method(server, tiles))
                for name, method in tiles10.METHODS.items()
            ],
        }


def _result(name: str, call: Callable[[], None]) -> Result:
    try:
        call()
    except Skipped as reason:
        return Result(name, Outcome.SKIPPED, str(reason))
    except (AssertionError, LookupError, ValueError, TypeError, OSError) as error:
        return Result(name, Outcome.FAILED, f"{type(error).__name__}: {error}"[:300])
    return Result(name, Outcome.PASSED)


# --- Telling ---


def _report(told: Told) -> str:
    lines = []
    for results in told.values():
        lines += [
            f"{one.outcome.upper()} {one.name} ({count})\n  {one.reason}"
            for one, count in Counter(results).items()
            if one.outcome is not Outcome.PASSED
        ]
    lines.append(f"{'':32} {'passed':>8} {'failed':>8} {'skipped':>8}")
    for name, results in told.items():
        counts = _counts(results)
        lines.append(f"{name:32} " + " ".join(f"{count:>8}" for count in counts))
    return "\n".join(lines)


def _counts(results: list[Result]) -> list[int]:
    return [sum(one.outcome is outcome for one in results) for outcome in Outcome]


def _write(part: str, told: Told) -> None:
    """Put the figures between the marks of that part in the page."""
    begin, end = f"<!-- {part} -->\n", f"<!-- end of {part} -->"
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(begin, 1)
    _, after = rest.split(end, 1)
    PAGE.write_text(f"{before}{begin}{_as_markdown(told)}{end}{after}", encoding="utf-8")


def _as_markdown(told: Told) -> str:
    lines = [
        f"Run on {date.today().isoformat()}.",
        "",
        "| suite | passed | failed | skipped |",
        "|---|---|---|---|",
    ]
    lines += [f"| {name} | {' | '.join(map(str, _counts(results)))} |" for name, results in told.items()]
    reasons = Counter(
        (name, one) for name, results in told.items() for one in results if one.outcome is not Outcome.PASSED
    )
    if reasons:
        lines += ["", "| suite | method | times | outcome | reason |", "|---|---|---|---|---|"]
        lines += [
            f"| {name} | {one.name} | {count} | {one.outcome} | {one.reason.replace('|', '/')} |"
            for (name, one), count in reasons.items()
        ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
