"""A real server of the product, and clients that keep their connection."""

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager

from bench.measuring import Ask
from bench.towns import ROOT, Town, environment

_BEGINS_WITHIN_S = 90


@contextmanager
def served(town: Town) -> Iterator[int]:
    """The product's own web server, one process, on a free port."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", "python:portal.gunicorn"]
    command += ["--workers", "1", "--keep-alive", "75", "--bind", f"127.0.0.1:{port}"]
    with running(command, port, environment(town)):
        yield port


@contextmanager
def running(command: Sequence[str], port: int, variables: dict[str, str]) -> Iterator[None]:
    """A server while it is needed; it listens when this begins and is gone when it ends."""
    server = subprocess.Popen(
        command, env=variables, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(port, server)
        yield
    finally:
        server.terminate()
        server.wait(timeout=30)


@contextmanager
def asking(port: int, path: str = "{}") -> Iterator[Ask]:
    """Ask a server over one connection that stays open; `path` is filled with each question."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=120)) as connection:

        def ask(question: str) -> None:
            connection.request("GET", path.format(question))
            response = connection.getresponse()
            body = response.read()
            if response.status != 200:
                raise SystemExit(f"{path.format(question)} gave {response.status}: {body[:300]!r}")

        yield ask


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _BEGINS_WITHIN_S
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise SystemExit(f"A server ended with {server.returncode} before it listened.")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("A server did not begin to listen.")
