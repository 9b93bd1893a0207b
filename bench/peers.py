"""Other servers of OGC APIs on the same rows, in an environment and a schema made for the measurement alone.

They get what suits them best: a plain table with a key and a spatial index, no history, no joins.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

from bench.serving import free_port, running
from bench.towns import LARGE, Say
from portal import cluster

PACKAGES = (
    "tipg==1.6.1",
    "pygeoapi==0.21.0",
    "uvicorn==0.54.0",
    "psycopg2-binary==2.9.13",
    "GeoAlchemy2",
    "gunicorn",
)
_TABLE = """
    DROP SCHEMA IF EXISTS peers CASCADE;
    CREATE SCHEMA peers;
    CREATE TABLE peers.zones AS
        SELECT z.public_id AS id, z.code, z.name, u.code AS land_use, p.plan_id AS plan, p.status,
            z.indicators::text AS indicators, p.geometry::geometry(MultiPolygon, 4326) AS geometry
        FROM planning_zonepiece p JOIN planning_zone z ON z.id = p.zone_id
        JOIN planning_landuse u ON u.id = p.land_use_id ORDER BY p.id;
    ALTER TABLE peers.zones ADD PRIMARY KEY (id);
    CREATE INDEX ON peers.zones USING gist (geometry);
    ANALYZE peers.zones
"""
_PYGEOAPI = """
server:
  bind: {{host: 127.0.0.1, port: {port}}}
  url: http://127.0.0.1:{port}
  mimetype: application/json; charset=UTF-8
  encoding: utf-8
  languages: [en]
  limits: {{default_items: 10, max_items: 10000}}
  map: {{url: "http://127.0.0.1/", attribution: none}}
logging: {{level: ERROR}}
metadata:
  identification:
    title: {{en: bench}}
    description: {{en: bench}}
    keywords: {{en: [bench]}}
    keywords_type: theme
    terms_of_service: none
    url: "http://127.0.0.1/"
  license: {{name: none, url: "http://127.0.0.1/"}}
  provider: {{name: bench, url: "http://127.0.0.1/"}}
  contact: {{name: bench, email: bench@example.org}}
resources:
  zones:
    type: collection
    title: {{en: zones}}
    description: {{en: zones}}
    keywords: {{en: [zones]}}
    links: [{{type: text/html, rel: canonical, title: zones, href: "http://127.0.0.1/", hreflang: en}}]
    extents: {{spatial: {{bbox: [-180, -90, 180, 90], crs: "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}}}}
    providers:
      - type: feature
        name: PostgreSQL
        data: {{host: "{sockets}", dbname: {database}, user: {user}, password: none, search_path: [peers]}}
        id_field: id
        table: zones
        geom_field: geometry
"""


@dataclass(frozen=True, slots=True)
class Peer:
    """A server that runs, and how its addresses are written for each kind of question."""

    port: int
    forms: Mapping[str, str]


@contextmanager
def served(say: Say) -> Iterator[dict[str, Peer]]:
    """tipg and pygeoapi in front of the large town, by name."""
    with tempfile.TemporaryDirectory() as made, ExitStack() as opened:
        folder = Path(made)
        say("an environment for the other servers")
        programs = _installed(folder)
        with psycopg.connect(LARGE.address, autocommit=True) as connection:
            connection.execute(_TABLE)
        try:
            tipg = opened.enter_context(_tipg(programs))
            pygeoapi = opened.enter_context(_pygeoapi(programs, folder))
            yield {"tipg": tipg, "pygeoapi": pygeoapi}
        finally:
            opened.close()
            with psycopg.connect(LARGE.address, autocommit=True) as connection:
                connection.execute("DROP SCHEMA peers CASCADE")


def _installed(folder: Path) -> Path:
    """The folder of programs of a fresh environment."""
    subprocess.run([sys.executable, "-m", "venv", folder / "env"], check=True)
    programs = folder / "env" / "bin"
    subprocess.run([programs / "pip", "install", "-q", *PACKAGES], check=True, stdout=sys.stderr)
    return programs


@contextmanager
def _tipg(programs: Path) -> Iterator[Peer]:
    port = free_port()
    sockets = quote(str(cluster.private_cluster().sockets), safe="")
    variables = {
        **os.environ,
        "DATABASE_URL": f"postgresql://{cluster.USER}@{sockets}/{LARGE.database}",
        "TIPG_DB_SCHEMAS": '["peers"]',
    }
    items = "/collections/peers.zones/items"
    forms = {
        "page": f"{items}?f=geojson&limit=1000&offset={{}}",
        "box": f"{items}?f=geojson&limit=10&bbox={{}}",
        "item": f"{items}/{{}}?f=geojson",
        "tile": "/collections/peers.zones/tiles/WebMercatorQuad/{}",
    }
    command = [
        str(programs / "uvicorn"),
        "--port",
        str(port),
        "--timeout-keep-alive",
        "75",
        "--log-level",
        "error",
        "tipg.main:app",
    ]
    with running(command, port, variables):
        yield Peer(port, forms)


@contextmanager
def _pygeoapi(programs: Path, folder: Path) -> Iterator[Peer]:
    port = free_port()
    config, openapi = folder / "pygeoapi.yml", folder / "openapi.yml"
    config.write_text(
        _PYGEOAPI.format(
            port=port,
            sockets=cluster.private_cluster().sockets,
            database=LARGE.database,
            user=cluster.USER,
        )
    )
    variables = {**os.environ, "PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(openapi)}
    generate = [programs / "pygeoapi", "openapi", "generate", config, "--output-file", openapi]
    subprocess.run(generate, env=variables, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    items = "/collections/zones/items"
    forms = {
        "page": f"{items}?f=json&limit=1000&offset={{}}",
        "box": f"{items}?f=json&limit=10&bbox={{}}",
        "item": f"{items}/{{}}?f=json",
    }
    command = [
        str(programs / "gunicorn"),
        "-w",
        "1",
        "-b",
        f"127.0.0.1:{port}",
        "--threads",
        "4",
        "--keep-alive",
        "75",
    ]
    with running([*command, "pygeoapi.flask_app:APP"], port, variables):
        yield Peer(port, forms)
