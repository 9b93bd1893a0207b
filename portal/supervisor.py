"""Keeps the service running: the cluster, the web workers and the job worker (`script/server`).

The outermost ring: it starts the others as processes, brings back whichever ends, and stops all of
them on SIGTERM or SIGINT. Standard library alone, so that it stays small and outlives their faults.
"""

import argparse
import ctypes
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import NoReturn
from urllib.parse import urlsplit

from portal import cluster

ROOT = cluster.ROOT
LEAST_FREE_BYTES = 300 * 1024 * 1024
FIRST_WAIT_S, LONGEST_WAIT_S = 0.2, 10.0
SETTLED_S = 30.0  # who has run this long starts again without waiting
GRACE_S = 15.0


class CannotServe(Exception):
    """The service cannot start; the text is one line with the remedy."""


class Stopped(BaseException):
    """SIGTERM or SIGINT came; not an error, hence outside `Exception`."""


def say(text: str) -> None:
    print(f"server: {text}", flush=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where the web workers listen and what citizens type."""

    host: str
    port: int
    public_url: str

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Address":
        host = environ.get("HOST", "").strip() or "127.0.0.1"
        text = environ.get("PORT", "").strip() or "8000"
        if not text.isdecimal() or not 1 <= int(text) <= 65535:
            raise CannotServe(f"PORT={text!r} is not a port number from 1 to 65535.")
        named = "localhost" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
        own = f"http://{f'[{named}]' if ':' in named else named}:{text}"
        return cls(host=host, port=int(text), public_url=environ.get("PUBLIC_URL", "").strip() or own)

    @property
    def bind(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def refuse_if_taken(self) -> None:
        """Raise `CannotServe` where another program listens or the address is not ours."""
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.port))
            except PermissionError:
                raise CannotServe(f"Port {self.port} needs root; choose one above 1023 with PORT.") from None
            except (OSError, UnicodeError) as error:
                raise CannotServe(
                    f"Cannot listen on {self.bind} ({getattr(error, 'strerror', None) or error}): "
                    f"choose another with PORT or HOST, such as PORT={self.port % 65535 + 1} script/server."
                ) from None

    def answers(self) -> bool:
        """Whether `/healthz` says that the web process is up."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104
        connection = http.client.HTTPConnection(host, self.port, timeout=5)
        try:
            connection.request("GET", "/healthz", headers={"Host": urlsplit(self.public_url).netloc})
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


@dataclass(slots=True, kw_only=True)
class Child:
    """A process that is to run for as long as the service does."""

    name: str
    arguments: list[str]
    environment: dict[str, str]
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    start_at: float = 0.0
    wait_s: float = FIRST_WAIT_S

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.arguments,
            env=self.environment,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            # A group of its own: Ctrl+C reaches the supervisor alone, which then stops all in order.
            start_new_session=True,
            preexec_fn=_end_with_supervisor if sys.platform == "linux" else None,
        )
        self.started_at = time.monotonic()

    def keep_running(self) -> None:
        """Start the process where it has ended, later each time it ends soon."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.start_at:
                self.start()
                say(f"{self.name} is back (process {self.process.pid if self.process else '?'})")
        elif (code := self.process.poll()) is not None:
            self.wait_s = (
                FIRST_WAIT_S if now - self.started_at > SETTLED_S else min(self.wait_s * 2, LONGEST_WAIT_S)
            )
            self.start_at = now + self.wait_s
            self.process = None
            say(f"{self.name} ended ({_ending(code)}); starting it again in {self.wait_s:.1f} s")

    def ask_to_stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait_for_end(self, deadline: float) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            say(f"{self.name} does not stop; ending it")
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def _end_with_supervisor() -> None:
    """In the child, before its program: have the kernel end it when the supervisor is killed."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _ending(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


@dataclass(slots=True, kw_only=True)
class Supervisor:
    """The processes of one running service."""

    address: Address
    cluster: cluster.Cluster | None
    children: list[Child] = field(default_factory=list)
    wait_s: float = FIRST_WAIT_S

    def keep_cluster_running(self) -> None:
        """Bring the cluster back where its postmaster is gone, with what is committed intact."""
        if self.cluster is None or cluster.postmaster(self.cluster) is not None:
            return
        say("PostgreSQL ended; starting it again")
        try:
            cluster.start(self.cluster)
        except cluster.ClusterError as error:
            self.wait_s = min(self.wait_s * 2, LONGEST_WAIT_S)
            say(f"{error} Trying again in {self.wait_s:.1f} s")
            time.sleep(self.wait_s)
        else:
            self.wait_s = FIRST_WAIT_S
            say(f"PostgreSQL is back (process {cluster.postmaster(self.cluster)})")

    def run(self) -> None:
        """Start the children, say the address once it answers, then watch for ever."""
        began = time.monotonic()
        for child in self.children:
            child.start()
        announced = False
        while True:
            self.keep_cluster_running()
            for child in self.children:
                child.keep_running()
            if not announced and self.address.answers():
                announced = True
                ready_after_s = time.monotonic() - began
                say(f"ready after {ready_after_s:.1f} s at {self.address.public_url} (Ctrl+C stops it)")
            time.sleep(0.2)

    def stop(self) -> None:
        """Web and jobs first, so that both still find the database while they finish."""
        for child in self.children:
            child.ask_to_stop()
        deadline = time.monotonic() + GRACE_S
        for child in self.children:
            child.wait_for_end(deadline)


def _environment(address: Address) -> dict[str, str]:
    environment = {**os.environ, "PUBLIC_URL": address.public_url, "PYTHONUNBUFFERED": "1"}
    environment.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    return environment


def _children(address: Address) -> list[Child]:
    environment = _environment(address)
    serve = [sys.executable, "-m", "gunicorn", "--config", "python:portal.gunicorn", "--bind", address.bind]
    work = [sys.executable, "manage.py", "procrastinate", "worker", "--name", f"jobs-{os.getpid()}"]
    return [
        Child(name="web", arguments=[*serve, "portal.wsgi"], environment=environment),
        Child(name="jobs", arguments=work, environment={**environment, "DATABASE_POOL_SIZE": "2"}),
    ]


def refuse_full_disk() -> None:
    """Raise `CannotServe` where the database would soon find no room."""
    folder = cluster.local_folder()
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE_BYTES:
        raise CannotServe(
            f"Only {free // 2**20} MB are free where {folder} lies, {LEAST_FREE_BYTES // 2**20} MB are "
            "needed: make room or set LOCAL_DIR to a folder elsewhere."
        )


def prepare(address: Address, *, with_demonstration: bool) -> None:
    """Bring the database up to date; what goes wrong there has said its line already."""
    preparing = [sys.executable, "manage.py", "prepare", *(["--demo"] if with_demonstration else [])]
    if subprocess.run(preparing, env=_environment(address), cwd=ROOT, check=False).returncode != 0:
        raise CannotServe("The database could not be prepared; see the line above.")


@contextmanager
def _running_cluster() -> Iterator["cluster.Cluster | None"]:
    """The private cluster for as long as we serve; None where `DATABASE_URL` names another database."""
    if not cluster.is_wanted():
        yield None
        return
    own = cluster.private_cluster()
    with cluster.shared(own) as file:
        cluster.make(own)
        cluster.start(own)
        cluster.make_database(own)
        try:
            yield own
        finally:
            stopped = cluster.release(own, file, only_if_marked=False)
            say("PostgreSQL stopped" if stopped else "PostgreSQL left running for others")


def _on_signal(number: int, frame: FrameType | None) -> NoReturn:
    # One is enough: a second Ctrl+C must not cut the orderly stop short.
    for other in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(other, signal.SIG_IGN)
    raise Stopped


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/server", description="Serve until stopped.")
    parser.add_argument("--no-demo", action="store_true", help="leave an empty database empty")
    with_demonstration = not parser.parse_args(arguments).no_demo
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _on_signal)
    try:
        address = Address.from_environment(os.environ)
        address.refuse_if_taken()
        refuse_full_disk()
        with _running_cluster() as own:
            prepare(address, with_demonstration=with_demonstration)
            supervisor = Supervisor(address=address, cluster=own, children=_children(address))
            try:
                supervisor.run()
            finally:
                supervisor.stop()
    except Stopped:
        say("stopped")
        return 0
    except (CannotServe, cluster.ClusterError) as error:
        print(f"server: {error}", file=sys.stderr, flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
