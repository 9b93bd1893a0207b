"""The OGC APIs in the large town: pages of items, one item, tiles; beside bare SQL and other servers."""

import math
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta

import psycopg

from bench import peers
from bench.answers import SEED, prepared
from bench.measuring import Ask, Row, in_turn
from bench.serving import asking, served
from bench.towns import LARGE, ROOT, Say, environment

ITEMS = "/ogc/collections/zones/items"
TILES = "collections/zones/tiles/WebMercatorQuad"
PAGE = 1_000
# More pages than a process keeps: each of them is written anew.
PAGES = 50
FEW = 10
TILE_SAMPLES = {6: 4, 10: 12, 14: 60, 16: 60}
_WORLD = 2 * math.pi * 6_378_137

# What is public and in force on a day, as an analyst would write it who knows the tables.
_IN_FORCE = """FROM planning_zonepiece p WHERE p.status = 'in_force'
    AND p.known @> 1::bigint AND p.valid @> current_date"""
_TEXT = "ST_AsGeoJSON(p.geometry, 7, 0)"
_BARE_PAGE = f"SELECT {_TEXT} {_IN_FORCE} ORDER BY p.id LIMIT {PAGE} OFFSET %s"
_BARE_BOX = f"""SELECT {_TEXT} {_IN_FORCE}
    AND p.geometry && ST_MakeEnvelope(%s::float8, %s::float8, %s::float8, %s::float8, 4326)
    AND ST_Intersects(p.geometry, ST_MakeEnvelope(%s::float8, %s::float8, %s::float8, %s::float8, 4326))
    ORDER BY p.id LIMIT {FEW}"""
_BARE_ITEM = f"SELECT {_TEXT} {_IN_FORCE} AND p.zone_id = (SELECT id FROM planning_zone WHERE public_id = %s)"  # noqa: S608
_BARE_TILE = """
    SELECT ST_AsMVT(t, 'zones', 4096, 'geometry', 'id') FROM (
        SELECT p.id, z.public_id, z.code, p.plan_id, u.code AS land_use, u.colour,
            ST_AsMVTGeom({geometry}, ST_TileEnvelope(%s::int, %s::int, %s::int), 4096, 64) AS geometry
        FROM {tables} JOIN planning_zone z ON z.id = p.zone_id JOIN planning_landuse u ON u.id = p.land_use_id
        WHERE p.status = 'in_force' AND p.known @> 1::bigint AND p.valid @> current_date AND {near}
        ORDER BY p.id
    ) AS t"""
_FULL = {
    "geometry": "ST_Transform(p.geometry, 3857)",
    "tables": "planning_zonepiece p",
    "near": "p.geometry && ST_Transform(ST_TileEnvelope(%s::int, %s::int, %s::int), 4326)",
}
_COARSE = {
    "geometry": "g.geometry",
    "tables": "planning_generalisedzone g JOIN planning_zonepiece p ON p.id = g.piece_id",
    "near": "g.band = {band} AND g.geometry && ST_TileEnvelope(%s::int, %s::int, %s::int)",
}


@dataclass(frozen=True, slots=True)
class Questions:
    """What is asked, the same in every run."""

    pages: tuple[str, ...]
    boxes: tuple[str, ...]
    ids: tuple[str, ...]
    extent: tuple[float, float, float, float]


def ogc(say: Say, *, with_peers: bool) -> list[Row]:
    """All rows of the OGC APIs."""
    with ExitStack() as opened:
        connection = opened.enter_context(prepared(LARGE))
        asked = _questions(connection)
        port = opened.enter_context(served(LARGE))
        others = opened.enter_context(peers.served(say)) if with_peers else {}
        ask = opened.enter_context(asking(port))
        others_asked = {name: opened.enter_context(asking(one.port)) for name, one in others.items()}
        say("pages of items")
        rows = list(_items(asked, ask, connection, others, others_asked))
        say("tiles")
        return [*rows, *_tiles(asked, ask, connection, others, others_asked)]


_PAGE_AIM = "ratio <= 2.5, others >= 6 x"


def _items(
    asked: Questions,
    ask: Ask,
    connection: "psycopg.Connection[tuple[object, ...]]",
    others: Mapping[str, peers.Peer],
    others_asked: Mapping[str, Ask],
) -> Iterator[Row]:
    kinds = (
        ("items, 1 000 zones as GeoJSON", _BARE_PAGE, asked.pages[:1], "page", 60, _PAGE_AIM),
        ("items, 1 000 zones, every page another", _BARE_PAGE, asked.pages, "page", 100, _PAGE_AIM),
        ("items, 10 zones in a bbox", _BARE_BOX, asked.boxes, "box", 400, "<= 3 ms"),
        ("one item", _BARE_ITEM, asked.ids, "item", 400, "<= 3 ms"),
    )
    for what, bare, questions, kind, samples, target in kinds:
        askers = {"ours": (_ours(ask, kind), questions), "floor": (_floor(connection, bare), questions)}
        askers |= {name: (_other(others_asked[name], peer, kind), questions) for name, peer in others.items()}
        took = in_turn(askers, samples=samples, warm_up=3)
        found = {name: took[name].p50 for name in others}
        if questions == asked.pages[:1]:
            found["drf-gis"] = _drf_gis()
        yield Row(what=what, ours=took["ours"], floor=took["floor"], peers=found, target=target)


def _ours(ask: Ask, kind: str) -> Ask:
    forms = {
        "page": f"{ITEMS}?f=json&limit={PAGE}&offset={{}}",
        "box": f"{ITEMS}?f=json&limit={FEW}&bbox={{}}",
        "item": f"{ITEMS}/{{}}?f=json",
    }
    return lambda question: ask(forms[kind].format(question))


def _other(ask: Ask, peer: peers.Peer, kind: str) -> Ask:
    return lambda question: ask(peer.forms[kind].format(question))


def _floor(connection: "psycopg.Connection[tuple[object, ...]]", statement: str) -> Ask:
    count = statement.count("%s")

    def ask(question: str) -> None:
        values = question.split(",") if "," in question else [question]
        connection.execute(statement.encode(), (values * count)[:count]).fetchall()

    return ask


def _drf_gis() -> float:
    """Milliseconds of djangorestframework-gis's serializer for the same page, in its own process."""
    command = [sys.executable, "-m", "bench.drf_gis", str(PAGE)]
    found = subprocess.run(
        command, env=environment(LARGE), cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    return float(found.stdout)


# --- Tiles ---


def _tiles(
    asked: Questions,
    ask: Ask,
    connection: "psycopg.Connection[tuple[object, ...]]",
    others: Mapping[str, peers.Peer],
    others_asked: Mapping[str, Ask],
) -> Iterator[Row]:
    for zoom, samples in TILE_SAMPLES.items():
        addresses = _addresses(asked, zoom, samples)
        cached = _versioned(ask, lambda _address: date(2026, 1, 1))
        for address in addresses:
            cached(address)
        askers = {"cold": (_versioned(ask, _days()), addresses), "cached": (cached, addresses)}
        askers["floor"] = (_bare_tile(connection, zoom), addresses)
        others_addresses = [_column_first(address) for address in addresses]
        askers |= {
            name: (_other(others_asked[name], peer, "tile"), others_addresses)
            for name, peer in others.items()
            if "tile" in peer.forms
        }
        took = in_turn(askers, samples=samples, warm_up=3)
        found = {name: took[name].p50 for name in others if name in took}
        aim = "<= 1.5 x and <= 20 ms" if zoom >= 14 else "<= 100 ms"
        yield Row(what=f"tile z{zoom}, cold", ours=took["cold"], floor=took["floor"], peers=found, target=aim)
        yield Row(what=f"tile z{zoom}, cached", ours=took["cached"], target="<= 3 ms")


def _versioned(ask: Ask, day: Callable[[str], date]) -> Ask:
    return lambda address: ask(f"/ogc/versions/1.{day(address):%Y%m%d}/{TILES}/{address}")


def _days() -> Callable[[str], date]:
    """For each address a day as of which nobody asked for that tile: no cache knows it."""
    asked: Counter[str] = Counter()

    def day(address: str) -> date:
        asked[address] += 1
        return date(2020, 1, 1) + timedelta(days=asked[address])

    return day


def _addresses(asked: Questions, zoom: int, count: int) -> list[str]:
    """Addresses `z/row/column` of tiles in the town, the same in every run."""
    west, south, east, north = asked.extent
    chance = random.Random(SEED)  # noqa: S311 - nothing secret
    found = []
    for _ in range(count):
        lon, lat = chance.uniform(west, east), chance.uniform(south, north)
        found.append(_tile_at(lon, lat, zoom))
    return found


def _tile_at(lon: float, lat: float, zoom: int) -> str:
    column = int((lon + 180) / 360 * 2**zoom)
    row = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**zoom)
    return f"{zoom}/{row}/{column}"


def _column_first(address: str) -> str:
    zoom, row, column = address.split("/")
    return f"{zoom}/{column}/{row}"


def _bare_tile(connection: "psycopg.Connection[tuple[object, ...]]", zoom: int) -> Ask:
    parts = dict(_FULL)
    if zoom <= 12:  # farther in, an analyst cuts the pieces themselves
        band = next(band for band in (6, 8, 10, 12) if zoom <= band)
        parts = {name: text.format(band=band) for name, text in _COARSE.items()}
    statement = _BARE_TILE.format(**parts).encode()

    def ask(address: str) -> None:
        level, row, column = (int(part) for part in address.split("/"))
        connection.execute(statement, [level, column, row] * 2).fetchall()

    return ask


def _questions(connection: "psycopg.Connection[tuple[object, ...]]") -> Questions:
    ids = [str(one) for (one,) in connection.execute("SELECT public_id FROM planning_zone ORDER BY id")]
    boxes = connection.execute(
        "SELECT ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b) FROM ("
        "SELECT ST_Expand(ST_Envelope(geometry), 0.0012) AS b FROM planning_zonepiece ORDER BY id) AS x"
    ).fetchall()
    extent = connection.execute(
        "SELECT ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b) FROM ("
        "SELECT ST_Extent(geometry) AS b FROM planning_zonepiece) AS x"
    ).fetchone()
    chance = random.Random(SEED)  # noqa: S311 - nothing secret
    return Questions(
        pages=tuple(str(page * PAGE) for page in range(PAGES)),
        boxes=tuple(",".join(f"{side:.7f}" for side in box) for box in chance.sample(boxes, 400)),
        ids=tuple(chance.sample(ids, 400)),
        extent=tuple(float(side) for side in extent),  # type: ignore[arg-type, union-attr]
    )
