"""The private PostgreSQL cluster of a checkout: where it lies, how it is made, started and stopped.

Used by `portal.settings` (the socket's address), `script/setup` (`python -m portal.cluster start`)
and `portal.supervisor`. Standard library alone; it knows no Django and no plan.

The cluster listens on a Unix socket in a folder that nobody else may enter: who reaches the socket
is its superuser. PostgreSQL refuses to run as root, hence three ways (see `Way`).
"""

import argparse
import contextlib
import fcntl
import glob
import hashlib
import os
import pwd
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
USER = "planning"
DATABASE = "planning"
SERVICE_ACCOUNT = "postgres"
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_START_S = 60  # recovery after a crash may take a while
LONGEST_SOCKET_PATH = 107  # Linux: sun_path holds 108 bytes, the last one a zero

# Error lines must not carry what citizens asked about: no statement, no detail, no key values.
_OPTIONS = {
    "listen_addresses": "",
    "shared_buffers": "256MB",
    "effective_cache_size": "2GB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "wal_compression": "on",
    "random_page_cost": "1.1",
    "max_connections": "100",
    "jit": "off",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_timezone": "UTC",
}


class ClusterError(Exception):
    """The cluster cannot be made or started; the text is one line with the remedy."""


class Way(StrEnum):
    """How PostgreSQL is run, given that it refuses to run as root."""

    PLAIN = "plain"  # an ordinary user
    NAMESPACE = "namespace"  # root, seen by PostgreSQL as an ordinary user; files stay root's
    SERVICE_ACCOUNT = "service account"  # root where namespaces are refused (chroot, some containers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Where one cluster lies."""

    data: Path
    sockets: Path

    @property
    def log(self) -> Path:
        """Inside the data, because whoever PostgreSQL runs as must be able to write it."""
        return self.data / "server.log"

    @property
    def address(self) -> str:
        """A libpq connection address of the planning database."""
        return f"host='{self.sockets}' user={USER} dbname={DATABASE}"


def local_folder() -> Path:
    """Everything that set-up makes lies here and can be deleted with it."""
    return Path(os.environ.get("LOCAL_DIR", "").strip() or ROOT / ".local").resolve()


def is_wanted() -> bool:
    """Whether the service runs on a cluster of its own: not where `DATABASE_URL` names a database."""
    return not any(os.environ.get(name, "").strip() for name in ("DATABASE_URL", "DATABASE_URL_FILE"))


def private_cluster() -> Cluster:
    data = local_folder() / "postgres"
    return Cluster(data=data, sockets=_socket_folder(data))


def _socket_folder(data: Path) -> Path:
    """The data folder itself, or a short folder of its own where the path would be too long."""
    if len(os.fsencode(data / f"{SOCKET_NAME}.lock")) <= LONGEST_SOCKET_PATH:
        return data
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or "/tmp")  # noqa: S108 - made 0700 and checked
    return runtime / f"qhm-{os.getuid()}-{hashlib.sha256(os.fsencode(data)).hexdigest()[:12]}"


@cache
def program(name: str) -> str:
    """The path of a PostgreSQL program, the newest version first."""
    # Debian's wrappers on PATH manage system clusters, so its own folder is asked first.
    folders = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=_version, reverse=True)
    folders += glob.glob("/opt/homebrew/opt/postgresql*/bin")
    folders += glob.glob("/Applications/Postgres.app/Contents/Versions/latest/bin")
    for folder in folders:
        if os.access(f"{folder}/{name}", os.X_OK):
            return f"{folder}/{name}"
    if found := shutil.which(name):
        return found
    raise ClusterError(f"PostgreSQL's {name} is not installed; run script/setup.")


def _version(folder: str) -> int:
    digits = Path(folder).parent.name
    return int(digits) if digits.isdecimal() else 0


@cache
def way() -> Way:
    if os.geteuid() != 0:
        return Way.PLAIN
    probe = ["unshare", "--user", "--map-user=1000", "--map-group=1000", "true"]
    if shutil.which("unshare") and subprocess.run(probe, capture_output=True, check=False).returncode == 0:
        return Way.NAMESPACE
    return Way.SERVICE_ACCOUNT


def command(cluster: Cluster, arguments: Iterable[str]) -> list[str]:
    """The arguments, put so that PostgreSQL does not see root; the process stays one process."""
    match way():
        case Way.PLAIN:
            return list(arguments)
        case Way.NAMESPACE:
            return ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--", *arguments]
        case Way.SERVICE_ACCOUNT:
            return [*_as_service_account(cluster.data.parent), *arguments]


@cache
def _as_service_account(folder: Path) -> tuple[str, ...]:
    """The prefix that changes to the account, with leave to pass closed folders where it needs it."""
    account = _service_account()
    identity = ("setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--init-groups")
    # A checkout in root's home is closed to the account; root may lend it the way through.
    passage = ("--inh-caps=+dac_override", "--ambient-caps=+dac_override")
    for prefix in (identity, (*identity, *passage)):
        probe = [*prefix, "stat", f"{folder}/."]  # `test -x` would leave lent rights out of account
        if subprocess.run(probe, capture_output=True, check=False, cwd="/").returncode == 0:
            return prefix
    raise ClusterError(
        f"As root without user namespaces PostgreSQL runs as {SERVICE_ACCOUNT}, who cannot reach {folder}: "
        "move the checkout or set LOCAL_DIR to a folder that this account can reach."
    )


def _service_account() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SERVICE_ACCOUNT)
    except KeyError as error:
        raise ClusterError(
            f"PostgreSQL cannot run as root here and there is no user {SERVICE_ACCOUNT}; install postgresql."
        ) from error


def _server_options(cluster: Cluster, options: dict[str, str] | None) -> str:
    """The settings as one argument for `pg_ctl`, which hands it to a shell."""
    settings = {**_OPTIONS, "unix_socket_directories": str(cluster.sockets), **(options or {})}
    return shlex.join(part for name, value in settings.items() for part in ("-c", f"{name}={value}"))


def make(cluster: Cluster) -> bool:
    """Make the cluster unless it is there; True when it was made. Of several at once, one makes it."""
    with _lock(cluster, "start"):
        return _make(cluster)


def _make(cluster: Cluster) -> bool:
    if (cluster.data / "PG_VERSION").exists():
        _refuse_other_version(cluster)
        _own_folder(cluster.sockets)
        return False
    # An interrupted initdb leaves a folder without a version; initdb wants it empty.
    shutil.rmtree(cluster.data, ignore_errors=True)
    _own_folder(cluster.data)
    _own_folder(cluster.sockets)
    initdb = [program("initdb"), "-D", str(cluster.data), "-U", USER, "--auth=trust"]
    initdb += ["--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums", "--no-instructions"]
    done = subprocess.run(command(cluster, initdb), capture_output=True, text=True, check=False, cwd="/")
    if done.returncode != 0:
        shutil.rmtree(cluster.data, ignore_errors=True)
        raise ClusterError(f"initdb failed: {_last_line(done.stderr)}")
    return True


def _own_folder(folder: Path) -> None:
    """A folder that only the one who runs PostgreSQL may enter (root always may)."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_uid not in {os.geteuid(), _runner()}:
        raise ClusterError(f"{folder} belongs to another user; delete it or set LOCAL_DIR.")
    os.chmod(folder, 0o700)
    if way() is Way.SERVICE_ACCOUNT:
        account = _service_account()
        os.chown(folder, account.pw_uid, account.pw_gid)


def _runner() -> int:
    return _service_account().pw_uid if way() is Way.SERVICE_ACCOUNT else os.geteuid()


def _refuse_other_version(cluster: Cluster) -> None:
    made_by = (cluster.data / "PG_VERSION").read_text().strip()
    present = _output([program("postgres"), "--version"]).split()[2].split(".")[0]
    if made_by != present:
        raise ClusterError(
            f"{cluster.data} was made by PostgreSQL {made_by}, installed is {present}: dump and restore it, "
            "or delete the folder to begin anew."
        )


def postmaster(cluster: Cluster) -> int | None:
    """The process id of the running postmaster, None when there is none.

    A stale `postmaster.pid` (kill -9, power cut, a number since given to another program) is none.
    """
    pid = _recorded_pid(cluster.data / "postmaster.pid")
    return pid if pid is not None and _is_postmaster_of(pid, cluster) else None


def _recorded_pid(path: Path) -> int | None:
    try:
        first = path.read_text().split("\n", 1)[0].strip()
    except FileNotFoundError:
        return None
    return int(first) if first.isdecimal() else None


def _is_postmaster_of(pid: int, cluster: Cluster) -> bool:
    if not Path("/proc/self").exists():
        return _alive(pid)
    try:
        arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (FileNotFoundError, ProcessLookupError):
        return False
    # A zombie has no arguments left, a backend has its title instead of them.
    return arguments[0].endswith(b"postgres") and os.fsencode(cluster.data) in arguments


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _orphans(cluster: Cluster) -> list[int]:
    """Processes of a killed postmaster that still hold its memory (a statement was running)."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            # somebody's shell or pager may stand in the folder too: it is not ours to end
            is_server = (entry / "comm").read_text(encoding="utf-8").startswith("postgres")
            if is_server and os.readlink(entry / "cwd") == str(cluster.data):
                found.append(int(entry.name))
        except OSError:
            continue  # ended meanwhile, or another user's
    return found


def clear_the_way(cluster: Cluster, *, patience_s: float = 2) -> None:
    """Take away what a killed postmaster left where it would block the next start.

    Its lock file stays unless its number was given to another program meanwhile: PostgreSQL sees
    through the rest by itself and compares the shared memory, which is what protects the data.
    """
    deadline = time.monotonic() + patience_s
    while (left := _orphans(cluster)) and time.monotonic() < deadline:
        time.sleep(0.05)
    for pid in left:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGQUIT)
    while _orphans(cluster) and time.monotonic() < deadline + patience_s:
        time.sleep(0.05)
    if _orphans(cluster):
        return  # PostgreSQL will refuse and say why
    for path in (cluster.data / "postmaster.pid", cluster.sockets / f"{SOCKET_NAME}.lock"):
        recorded = _recorded_pid(path)
        if recorded is not None and _alive(recorded):
            path.unlink(missing_ok=True)


def is_ready(cluster: Cluster) -> bool:
    """Whether the cluster accepts connections."""
    probe = [program("pg_isready"), "-q", "-h", str(cluster.sockets), "-d", "postgres", "-U", USER]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


def start(cluster: Cluster, options: dict[str, str] | None = None) -> bool:
    """Start the cluster in the background and wait until it answers; False when it ran already."""
    with _lock(cluster, "start"):
        if _answers_in_time(cluster):
            return False
        clear_the_way(cluster)
        starting = [program("pg_ctl"), "-D", str(cluster.data), "-l", str(cluster.log), "-w", "-s"]
        starting += ["-t", f"{LONGEST_START_S}", "-o", _server_options(cluster, options), "start"]
        done = subprocess.run(command(cluster, starting), capture_output=True, check=False, cwd="/")
        if done.returncode != 0 or not _answers_in_time(cluster):
            raise ClusterError(f"PostgreSQL did not start: {_why(cluster)}")
        return True


def _answers_in_time(cluster: Cluster) -> bool:
    """Wait for a running cluster to accept connections; False where it does not run, or ends meanwhile."""
    deadline = time.monotonic() + LONGEST_START_S
    while postmaster(cluster) is not None:
        if is_ready(cluster):
            return True
        if time.monotonic() > deadline:
            raise ClusterError(f"PostgreSQL did not answer within {LONGEST_START_S} s; see {cluster.log}.")
        time.sleep(0.05)
    return False


@contextmanager
def _lock(cluster: Cluster, name: str, kind: int = fcntl.LOCK_EX) -> Iterator[IO[bytes]]:
    """A lock that the kernel gives back when its holder dies."""
    cluster.data.parent.mkdir(parents=True, exist_ok=True)
    with (cluster.data.parent / f"postgres.{name}.lock").open("ab") as file:
        fcntl.flock(file, kind)
        yield file


def shared(cluster: Cluster) -> AbstractContextManager[IO[bytes]]:
    """A hold that any number of servers and test runs have at once; `release` ends it."""
    return _lock(cluster, "held", fcntl.LOCK_SH)


@contextmanager
def held(cluster: Cluster, options: dict[str, str] | None = None) -> Iterator[None]:
    """Have the cluster run for a while; the last holder stops it if a holder had started it.

    Servers and test runs hold it side by side, and none pulls it from under another.
    """
    with shared(cluster) as file:
        make(cluster)
        mark = cluster.data.parent / "postgres.stop-with-last-holder"
        if start(cluster, options):
            mark.touch()
        try:
            yield
        finally:
            release(cluster, file, only_if_marked=True)


def release(cluster: Cluster, file: IO[bytes], *, only_if_marked: bool) -> bool:
    """Let go of the cluster; stop it when nobody else holds it. True when it was stopped."""
    mark = cluster.data.parent / "postgres.stop-with-last-holder"
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    if only_if_marked and not mark.exists():
        return False
    mark.unlink(missing_ok=True)
    return stop(cluster)


def _why(cluster: Cluster) -> str:
    text = cluster.log.read_text(errors="replace") if cluster.log.exists() else ""
    return _last_line(text) or f"see {cluster.log}"


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if "FATAL" in line or "error" in line.lower()]
    return (telling or lines or [""])[-1].strip()


def make_database(cluster: Cluster) -> bool:
    """Make the empty planning database unless it is there; True when it was made."""
    connection = ["-h", str(cluster.sockets), "-U", USER]
    listing = [program("psql"), *connection, "-d", "postgres", "-XAtc", "SELECT datname FROM pg_database"]
    with _lock(cluster, "start"):
        if DATABASE in _output(listing).split():
            return False
        _output([program("createdb"), *connection, DATABASE])
        return True


def _output(arguments: list[str]) -> str:
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ClusterError(f"{Path(arguments[0]).name} failed: {_last_line(done.stderr)}")
    return done.stdout


def stop(cluster: Cluster) -> bool:
    """Stop the cluster, ending its connections; False when it did not run."""
    if postmaster(cluster) is None:
        return False
    stopping = [program("pg_ctl"), "-D", str(cluster.data), "-m", "fast", "-w", "-s", "stop"]
    if subprocess.run(command(cluster, stopping), capture_output=True, check=False, cwd="/").returncode != 0:
        raise ClusterError(f"PostgreSQL did not stop: {_why(cluster)}")
    return True


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m portal.cluster", description=__doc__)
    parser.add_argument("action", choices=["start", "stop", "status", "address"])
    action = parser.parse_args(arguments).action
    cluster = private_cluster()
    try:
        match action:
            case "start":
                made = make(cluster)
                started = start(cluster)
                make_database(cluster)
                print(f"{'made, ' if made else ''}{'started' if started else 'running'} ({way().value})")
            case "stop":
                print("stopped" if stop(cluster) else "not running")
            case "status":
                print("running" if postmaster(cluster) else "not running")
            case "address":
                print(cluster.address)
    except ClusterError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
