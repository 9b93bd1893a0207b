"""The service as one runs it: real processes on a port of their own, killed one after another."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import pytest

from portal import cluster

ROOT = cluster.ROOT
PATIENCE_S = 30


@dataclass(frozen=True, kw_only=True)
class Service:
    """A running `portal.supervisor` with a cluster of its own."""

    process: "subprocess.Popen[str]"
    port: int
    output: Path
    own_cluster: cluster.Cluster

    def status(self, path: str) -> int:
        """The HTTP status of an address, 0 where nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refusal:
            refusal.close()
            return refusal.code
        except OSError:
            return 0

    def read(self, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return str(answer.read().decode())

    def is_ready(self) -> bool:
        return self.status("/readyz") == 200

    def children(self) -> dict[str, int]:
        """The processes that the supervisor holds, by what they do."""
        found = {}
        for pid in _children_of(self.process.pid):
            arguments = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
            if "gunicorn" in arguments:
                found["web"] = pid
            if "procrastinate" in arguments:
                found["jobs"] = pid
        if postmaster := cluster.postmaster(self.own_cluster):
            found["cluster"] = postmaster
        return found

    def web_workers(self) -> list[int]:
        web = self.children().get("web")
        return _children_of(web) if web else []

    def lines(self) -> list[str]:
        return self.output.read_text().splitlines()


def _children_of(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            state, ppid = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if int(ppid) == parent and state != "Z":
            found.append(int(entry.name))
    return found


def is_running(pid: int) -> bool:
    """Whether the process does anything; a dead one that nobody has buried yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(is_so: Callable[[], bool], what: str) -> float:
    """Wait for an observable fact, not for a time; returns how long it took."""
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < PATIENCE_S, f"not within {PATIENCE_S} s: {what}"
        time.sleep(0.05)
    return time.monotonic() - began


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """A clean environment with everything that is made in a folder of the test's."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "LOCAL_DIR": str(folder), "PYTHONPATH": str(ROOT), **settings}


def run_supervisor(environ: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    """For starts that must fail: the supervisor until it ends by itself."""
    command = [sys.executable, "-m", "portal.supervisor", "--no-demo"]
    return subprocess.run(
        command, env=dict(environ), cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("local")
    collecting = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v", "0"]
    subprocess.run(collecting, env=environment(folder), cwd=ROOT, check=True)
    port, output = free_port(), folder / "output.log"
    with output.open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "portal.supervisor", "--no-demo"],
            env=environment(folder, PORT=str(port), WEB_WORKERS="1", WEB_THREADS="2"),
            cwd=ROOT,
            stdout=log,
            stderr=log,
            text=True,
        )
    data = folder / "postgres"
    found = Service(
        process=process, port=port, output=output, own_cluster=cluster.Cluster(data=data, sockets=data)
    )
    try:
        wait_until(lambda: found.is_ready() or process.poll() is not None, "the service is ready")
        assert process.poll() is None, found.lines()[-5:]
        yield found
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(PATIENCE_S)


def test_the_address_is_said_once_it_answers(service: Service) -> None:
    wait_until(lambda: any("ready after" in line for line in service.lines()), "the address is printed")
    assert any(f"http://127.0.0.1:{service.port}" in line for line in service.lines())


def test_a_page_and_all_it_asks_for_are_served_under_lasting_names(service: Service) -> None:
    """The real door with collected files: names with a hash, which a browser may keep for ever."""
    page = service.read("/about")
    asked = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)

    assert asked
    for address in asked:
        assert re.search(r"\.[0-9a-f]{12}\.\w+$", address), address
        assert service.status(address) == 200
        if address.endswith(".css"):
            for font in re.findall(r'url\("?([^")]+)"?\)', service.read(address)):
                assert service.status(urljoin(address, font)) == 200


@pytest.mark.parametrize("name", ["web", "jobs", "cluster"])
def test_a_killed_child_is_back_within_seconds(service: Service, name: str) -> None:
    victim = service.children()[name]

    os.kill(victim, signal.SIGKILL)

    wait_until(lambda: service.children().get(name, victim) != victim, f"{name} runs again")
    took = wait_until(service.is_ready, "the service is ready again")
    assert took < 15


def test_a_killed_web_worker_is_back(service: Service) -> None:
    wait_until(lambda: bool(service.web_workers()), "a worker runs")
    victim = service.web_workers()[0]

    os.kill(victim, signal.SIGKILL)

    wait_until(lambda: bool(set(service.web_workers()) - {victim}), "another worker runs")
    wait_until(service.is_ready, "the service is ready again")


def test_jobs_are_done_again_after_the_database_came_back(service: Service) -> None:
    before = service.children()["jobs"]
    os.kill(service.children()["cluster"], signal.SIGKILL)
    wait_until(service.is_ready, "the service is ready again")
    # The worker may outlive the loss or end and be brought back; either way jobs must be done.
    deferring = "from planning.jobs import clear_abandoned; print(clear_abandoned.defer(timestamp=0))"
    environ = environment(service.own_cluster.data.parent)
    asked = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", deferring],
        env=environ, cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    number = int(asked.stdout.strip().splitlines()[-1])

    def is_done() -> bool:
        status = f"SELECT status = 'succeeded' FROM procrastinate_jobs WHERE id = {number}"
        done = subprocess.run(
            [cluster.program("psql"), "-XAtc", status, service.own_cluster.address],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.stdout.strip() == "t"

    wait_until(is_done, f"the job is done (worker was {before}, is {service.children().get('jobs')})")


def test_a_second_service_on_the_same_port_says_so_in_one_line(service: Service, tmp_path: Path) -> None:
    ended = run_supervisor(environment(tmp_path, PORT=str(service.port)))

    assert ended.returncode == 1
    assert f"Cannot listen on 127.0.0.1:{service.port}" in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1


def test_the_log_names_routes_and_neither_parcels_nor_paths_nor_queries(service: Service) -> None:
    for path in ("/parcels/2004-00070-31-secret", "/api/v1/lookup?q=thua-secret", "/healthz?q=secret"):
        service.status(path)
    wait_until(
        lambda: any('"route": "/healthz"' in line for line in service.lines()), "the requests are logged"
    )

    text = service.output.read_text()
    assert "secret" not in text
    assert "2004-00070" not in text
    request = json.loads([line for line in service.lines() if "portal.requests" in line][-1])
    assert {"at", "route", "method", "status", "milliseconds"} <= request.keys()


def test_stopping_it_stops_everything(service: Service) -> None:
    """The last test of this file: it ends what the others used."""
    children = service.children()
    assert set(children) == {"web", "jobs", "cluster"}

    service.process.terminate()

    assert service.process.wait(PATIENCE_S) == 0
    assert not [name for name, pid in children.items() if is_running(pid)]
    assert cluster.postmaster(service.own_cluster) is None
    assert service.lines()[-1] == "server: stopped"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"PORT": "eight"}, "PORT='eight' is not a port number"),
        ({"PORT": "70000"}, "PORT='70000' is not a port number"),
        ({"HOST": "203.0.113.7"}, "Cannot listen on 203.0.113.7:"),
        ({"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/planning"}, "The database cannot be reached"),
        ({"DATABASE_URL": "not an address"}, "DATABASE_URL is not like postgresql://"),
        ({"DATABASE_POOL_SIZE": "many"}, "DATABASE_POOL_SIZE='many' is not a whole number"),
    ],
)
def test_what_prevents_a_start_is_said_without_a_traceback(
    tmp_path: Path, settings: dict[str, str], said: str
) -> None:
    # An address that is never asked, so that no cluster is made for settings that are refused anyway.
    unused = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/planning", "PORT": str(free_port())}

    ended = run_supervisor(environment(tmp_path, **{**unused, **settings}))

    assert ended.returncode == 1
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr
