"""`script/bench`: how fast the product is over HTTP, beside the bare SQL that finds the same, in one run.

Real servers in front of databases that `bench.make_data` fills once; clients that keep their connection.
Ratios compare figures of the same run on the same machine. `--peers` measures two other servers of OGC
APIs on the same rows, in an environment that is thrown away.
"""

import argparse
import json
import sys

from bench.answers import answers, publications
from bench.measuring import table
from bench.ogc import ogc
from bench.towns import LARGE, SMALL, prepare
from portal import cluster


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/bench", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")
    parser.add_argument("--remake", action="store_true", help="make the data anew")
    parser.add_argument("--peers", action="store_true", help="measure tipg and pygeoapi beside ours")
    parser.add_argument("--only", choices=("answers", "ogc", "publications"), help="measure only that")
    options = parser.parse_args()
    say = _silent if options.json else _aloud
    parts = {"ogc": lambda: ogc(say, with_peers=options.peers)}
    parts |= {"answers": lambda: answers(say), "publications": lambda: publications(say)}
    with cluster.held(cluster.private_cluster()):
        for town in (SMALL, LARGE):
            prepare(town, remake=options.remake, say=say)
        rows = [row for name, part in parts.items() if options.only in (None, name) for row in part()]
    if options.json:
        print(json.dumps({"rows": [row.as_json() for row in rows]}, ensure_ascii=False, indent=2))
    else:
        print(table(rows))
    return 0


def _aloud(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _silent(text: str) -> None:
    pass


if __name__ == "__main__":
    sys.exit(main())
