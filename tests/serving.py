"""A scratch database that is dropped afterwards, and a real server of the product in front of it.

The database lies in the private cluster, or beside the one that `DATABASE_URL` names.
"""

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from portal import cluster

ROOT = Path(__file__).resolve().parent.parent
LONGEST_START_S = 60


class CannotServe(Exception):
    """There is no database or no server; the text is one line."""


@contextmanager
def scratch_database(prefix: str) -> Iterator[str]:
    """The address of a database of its own."""
    with ExitStack() as held:
        if cluster.is_wanted():
            own = cluster.private_cluster()
            held.enter_context(cluster.held(own))
            address = make_conninfo(own.address, dbname="postgres")
        else:
            address = os.environ.get("DATABASE_URL", "") or Path(os.environ["DATABASE_URL_FILE"]).read_text()
        name = sql.Identifier(f"{prefix}_{secrets.token_hex(4)}")
        with _connected(address) as server:
            server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(name))
        try:
            yield make_conninfo(address.strip(), dbname=name.as_string().strip('"'))
        finally:
            with _connected(address) as server:
                server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


@contextmanager
def _connected(address: str) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    try:
        with psycopg.connect(address.strip(), autocommit=True) as connection:
            yield connection
    except psycopg.Error as error:
        first = str(error).strip().splitlines()[0]
        raise CannotServe(f"No scratch database can be made or dropped: {first}") from None


def environment(address: str, **more: str) -> dict[str, str]:
    """What a process of the product needs to know."""
    named = {key: value for key, value in os.environ.items() if key != "DATABASE_URL_FILE"}
    return {**named, "DATABASE_URL": address, "LOG_LEVEL": "WARNING", **more}


@contextmanager
def served(given: Mapping[str, str], *, workers: int = 2) -> Iterator[int]:
    """The product's web server on a free port, which is yielded; `given` is its environment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--config", "python:portal.gunicorn"]
    command += ["--workers", str(workers), "--bind", f"127.0.0.1:{port}"]
    told = {**given, "PUBLIC_URL": f"http://127.0.0.1:{port}"}
    server = subprocess.Popen(command, env=told, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port, server)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + LONGEST_START_S
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise CannotServe(f"The server ended with {server.returncode}; the lines above say why.")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise CannotServe("The server did not begin to listen.")
