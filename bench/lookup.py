"""How long the look-up takes, by kind of question, over all units and the parcels of a large town.

`questions` makes texts of every kind from what is stored, as people type them; `measure` asks them one
after the other through whatever `ask` is given an address: a client of a running server, or, as
`python -m bench.lookup <connection>` does, the look-up itself within this process.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

import psycopg

P50_TARGET_MS, P99_TARGET_MS = 15.0, 60.0
WHAT = "look-up of any kind, 1 000 000 parcels and all units"
ADDRESS = "/api/v1/lookup?q={}"
SAMPLES = 60
WARM_UP = 6
SEED = 20261122
Ask = Callable[[str], None]
Rows = list[tuple[str, ...]]

_PARCELS = """
SELECT p.code, p.sheet, p.number, u.name, p.address,
    ST_X(c)::text, ST_Y(c)::text, ST_XMin(g)::text, ST_YMin(g)::text, ST_XMax(g)::text, ST_YMax(g)::text
FROM planning_parcel p TABLESAMPLE SYSTEM (0.5) JOIN planning_adminunit u ON u.id = p.unit_id,
    ST_PointOnSurface(p.geometry) c,
    -- metres of the parcel's own system: the private one that is pinned
    ST_Transform(p.geometry, 900000 + split_part(p.metric_crs, ':', 2)::int) g
WHERE p.known IS NOT NULL LIMIT 2000
"""
_UNITS = """
SELECT u.name, u.search_name, coalesce(p.name, ''), u.unit_list_id
FROM planning_adminunit u LEFT JOIN planning_adminunit p ON p.id = u.parent_id
WHERE u.kind = 'commune' ORDER BY md5(u.id) LIMIT 2000
"""


@dataclass(frozen=True, slots=True)
class Figure:
    """How long one kind of question took, in milliseconds."""

    kind: str
    samples: int
    p50_ms: float
    p99_ms: float

    @property
    def is_within(self) -> bool:
        return self.p50_ms <= P50_TARGET_MS and self.p99_ms <= P99_TARGET_MS


def questions(database: str, *, samples: int = SAMPLES, seed: int = SEED) -> Mapping[str, Sequence[str]]:
    """Texts by kind, made from the stored parcels and units."""
    chance = random.Random(seed)  # noqa: S311 - a sample, no secret
    with psycopg.connect(database) as connection:
        parcels: Rows = connection.execute(_PARCELS).fetchall()
        units: Rows = connection.execute(_UNITS).fetchall()
    kinds: dict[str, list[str]] = {}
    for _sample in range(samples):
        for kind, text in _texts(chance.choice(parcels), chance.choice(units), chance):
            kinds.setdefault(kind, []).append(text)
    return kinds


def _texts(
    parcel: tuple[str, ...], unit: tuple[str, ...], chance: random.Random
) -> Iterator[tuple[str, str]]:
    code, sheet, number, commune, address, lon, lat, west, south, east, north = parcel
    name, folded, superior, _ = unit
    yield "code", code
    yield "number", f"thửa {number} tờ {sheet} {commune}"
    yield "number, no commune", f"tờ {sheet} thửa {number}"
    yield "number, not held", f"thửa 99999 tờ {sheet} {commune}"
    if address:
        yield "address", f"{address}, {commune}"
        yield "street", address.split(" ", 1)[1]
        yield "address with a slip", _slip(address, chance)
    yield "degrees", f"{float(lat):.6f}, {float(lon):.6f}"
    yield "metres", f"X={float(south):.2f} Y={float(west):.2f}"
    corners = ((south, west), (north, west), (north, east), (south, east))
    yield "corners", "; ".join(f"{float(x):.2f} {float(y):.2f}" for x, y in corners)
    yield "phone", f"{float(lat):.6f}, {float(lon):.6f} ±8m"
    yield "unit", name
    yield "unit, folded, with superior", f"{folded} {superior}"
    yield "unit with a slip", _slip(folded, chance)
    yield "nothing", "".join(chance.choice("bcdghklmnpqrstvxz") for _letter in range(9))


def _slip(text: str, chance: random.Random) -> str:
    """Two neighbouring letters changed about in the last word that is long enough."""
    place = chance.randrange(max(len(text) - 4, 1), max(len(text) - 1, 2))
    return text[:place] + text[place + 1 : place + 2] + text[place : place + 1] + text[place + 2 :]


def measure(ask: Ask, kinds: Mapping[str, Sequence[str]]) -> list[Figure]:
    """Every question once after a few that warm up, and the whole at the end."""
    figures, all_times = [], []
    for kind, texts in kinds.items():
        for text in texts[:WARM_UP]:
            ask(ADDRESS.format(quote(text)))
        times = sorted(_milliseconds(ask, text) for text in texts)
        all_times += times
        figures.append(_figure(kind, times))
    return [*figures, _figure("all", sorted(all_times))]


def _milliseconds(ask: Ask, text: str) -> float:
    address = ADDRESS.format(quote(text))
    start = time.perf_counter()
    ask(address)
    return (time.perf_counter() - start) * 1000


def _figure(kind: str, times: Sequence[float]) -> Figure:
    return Figure(
        kind, len(times), statistics.median(times), times[min(len(times) - 1, int(len(times) * 0.99))]
    )


def table(figures: Sequence[Figure]) -> str:
    """A line for each kind."""
    return "\n".join(
        f"{one.kind:28} {one.samples:5d}  p50 {one.p50_ms:6.1f} ms  p99 {one.p99_ms:6.1f} ms"
        f"{'' if one.is_within else '  beyond the target'}"
        for one in figures
    )


def _within_this_process() -> Ask:
    """The look-up without HTTP: what the service itself needs."""
    from datetime import date
    from urllib.parse import unquote

    import django

    django.setup()  # models need the settings first
    from planning.lookup import look_up

    day = date.today()
    return lambda address: (look_up(unquote(address.partition("?q=")[2]), on=day), None)[1]


if __name__ == "__main__":
    print(table(measure(_within_this_process(), questions(sys.argv[1]))))
