"""`script/cql2-suite`: a GeoPackage and tables of predicates, asked over HTTP in text and in JSON.

Prints every row that fails, with what was expected and what came back, every row that is held to another
number than its table says, then a table by conformance class.
Ends with 0 only where none fails, with 1 where one does, with 2 where the arguments are of no use.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.cql2_suite.settings"
django.setup()

from portal.cluster import ClusterError  # noqa: E402 - Django must be set up before models are made
from tests import serving  # noqa: E402
from tests.cql2_suite import asking, dataset, general, judging, rows  # noqa: E402
from tests.cql2_suite.judging import Verdict  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent.parent


def main(arguments: list[str]) -> int:
    options = _options(arguments)
    try:
        layers = dataset.layers_of(options.dataset)
        asked = _rows(options, [layer.name for layer in layers])
        began = time.perf_counter()
        verdicts = _verdicts(options, layers, asked)
    except (dataset.NotADataset, rows.NotATable) as error:
        return _end(2, error)
    except (serving.CannotServe, ClusterError, subprocess.CalledProcessError) as error:
        return _end(1, error)
    seconds = time.perf_counter() - began
    tell = _document if options.json else _report
    print(tell(verdicts, [row for row in asked if row.erratum], seconds))
    return 0 if verdicts and all(verdict.is_right for verdict in verdicts) else 1


def _end(code: int, error: Exception) -> int:
    print(f"cql2-suite: {error}", file=sys.stderr)
    return code


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="script/cql2-suite", description="Ask predicates of CQL2 over HTTP and compare the counts."
    )
    add = parser.add_argument
    add("dataset", type=_file, metavar="GPKG", help="each of its layers becomes a collection")
    add("predicates", type=_file, help="CSV: conformance_class, layer, predicate, expected (count or error)")
    add("combinations", type=_file, nargs="?", help="CSV: p1, p2, p3, p4, expected")
    add("--layer", help="the layer of the combinations; without it that of populated places")
    add("--no-errata", action="store_true", help="hold to numbers that are known to be wrong, too")
    add("--tables-only", action="store_true", help="leave out what must hold on any data")
    add("--json", action="store_true", help="print one JSON document and nothing else")
    return parser.parse_args(arguments)


def _file(text: str) -> Path:
    if not Path(text).is_file():
        raise argparse.ArgumentTypeError(f"{text} is no file")
    return Path(text)


def _rows(options: argparse.Namespace, layers: list[str]) -> list[rows.Row]:
    """All rows of both tables. Raises NotATable where one asks a layer that is not there."""
    found = rows.predicates(options.predicates)
    if options.combinations:
        layer = options.layer or rows.layer_of_combinations(found, layers)
        found += rows.combinations(options.combinations, layer)
    if unknown := sorted({row.layer for row in found} - set(layers)):
        raise rows.NotATable(f"{options.dataset} has no layer {', '.join(unknown)}.")
    return found if options.no_errata else rows.corrected(found, options.dataset)


def _verdicts(
    options: argparse.Namespace, layers: tuple[dataset.Layer, ...], asked: list[rows.Row]
) -> list[Verdict]:
    file = str(options.dataset.resolve())
    with serving.scratch_database("cql2_suite") as address:
        given = serving.environment(
            address, DJANGO_SETTINGS_MODULE="tests.cql2_suite.settings", CQL2_DATASET=file
        )
        command = [sys.executable, "-m", "tests.cql2_suite.load", file]
        subprocess.run(command, env=given, cwd=ROOT, check=True, stdout=sys.stderr)
        with serving.served(given) as port, asking.connected(port) as get:
            verdicts = list(judging.judged(get, asked))
            if not options.tables_only:
                verdicts += general.judged_in_general(get, layers)
    return verdicts


# --- Telling ---


def _document(verdicts: list[Verdict], errata: list[rows.Row], seconds: float) -> str:
    failing = [verdict.as_json() for verdict in verdicts if not verdict.is_right]
    told = {"asked": len(verdicts), "failed": len(failing), "seconds": round(seconds, 1), "failing": failing}
    told["errata"] = [_erratum(row) for row in errata]
    told["groups"] = {name: {"asked": asked, "failed": failed} for name, asked, failed in _groups(verdicts)}
    return json.dumps(told, ensure_ascii=False, indent=2)


def _report(verdicts: list[Verdict], errata: list[rows.Row], seconds: float) -> str:
    lines = [
        f"FAILED {one.group} · {one.layer} · {one.language}\n  {one.predicate}\n"
        f"  expected {one.expected}, got {one.got}"
        for one in verdicts
        if not one.is_right
    ]
    lines += [f"ERRATUM {_erratum(row)}" for row in errata]
    lines += ["", f"{'':40} {'asked':>7} {'failed':>7}"]
    lines += [f"{name:40} {asked:>7} {failed:>7}" for name, asked, failed in _groups(verdicts)]
    failed = sum(not verdict.is_right for verdict in verdicts)
    lines.append(f"{'all':40} {len(verdicts):>7} {failed:>7}   in {seconds:.0f} s")
    return "\n".join(lines)


def _erratum(row: rows.Row) -> str:
    return f"{row.predicate} is {row.expected} in the dataset, {row.erratum}"


def _groups(verdicts: list[Verdict]) -> list[tuple[str, int, int]]:
    """Conformance class and language -> how many were asked, how many failed."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for verdict in verdicts:
        count = counts[f"{verdict.group}, {verdict.language.removeprefix('cql2-')}"]
        count[0] += 1
        count[1] += not verdict.is_right
    return [(name, asked, failed) for name, (asked, failed) in counts.items()]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
