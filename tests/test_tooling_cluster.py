"""The private cluster: found again after every kind of end, shared without pulling it from under anyone."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from planning.jobs import remove_abandoned_files
from portal import cluster
from portal.cluster import Cluster


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    data = tmp_path_factory.mktemp("cluster") / "postgres"
    found = Cluster(data=data, sockets=data)
    cluster.make(found)
    yield found
    cluster.stop(found)


@pytest.fixture
def running(own: Cluster) -> Cluster:
    cluster.start(own)
    return own


def test_a_cluster_is_made_once(own: Cluster) -> None:
    assert cluster.make(own) is False
    assert own.data.stat().st_mode & 0o077 == 0


def test_a_running_cluster_is_not_started_again(running: Cluster) -> None:
    before = cluster.postmaster(running)

    assert cluster.start(running) is False
    assert cluster.postmaster(running) == before


def test_a_killed_postmaster_does_not_block_the_next_start(running: Cluster) -> None:
    pid = cluster.postmaster(running)
    assert pid

    os.kill(pid, signal.SIGKILL)

    assert cluster.start(running) is True
    assert cluster.postmaster(running) not in {None, pid}


def test_a_program_that_only_stands_in_the_folder_is_spared(running: Cluster) -> None:
    pid = cluster.postmaster(running)
    assert pid
    bystander = subprocess.Popen([sys.executable, "-c", "input()"], cwd=running.data, stdin=subprocess.PIPE)

    os.kill(pid, signal.SIGKILL)
    cluster.start(running)

    assert bystander.poll() is None
    bystander.communicate(b"\n", timeout=10)


def test_a_number_that_another_program_got_meanwhile_does_not_block_the_start(running: Cluster) -> None:
    """After a reboot the number in the lock file may be anybody's; here it is this test's."""
    cluster.stop(running)
    lock = f"{os.getpid()}\n{running.data}\n1000000000\n5432\n{running.sockets}\n\n"
    for path in (running.data / "postmaster.pid", running.sockets / f"{cluster.SOCKET_NAME}.lock"):
        path.write_text(lock)

    assert cluster.postmaster(running) is None
    assert cluster.start(running) is True


def test_of_several_who_need_a_cluster_at_once_one_makes_it(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "portal.cluster", "start"]
    environ = {**os.environ, "LOCAL_DIR": str(tmp_path)}

    several = [
        subprocess.Popen(command, cwd=cluster.ROOT, env=environ, stdout=subprocess.PIPE, text=True)
        for _ in "ab"
    ]
    said = [process.communicate(timeout=60)[0] for process in several]
    cluster.stop(Cluster(data=tmp_path / "postgres", sockets=tmp_path / "postgres"))

    # Who made it need not be who started it: the two steps are locked one by one.
    assert sorted(line.startswith("made, ") for line in said) == [False, True]
    assert sorted("started" in line for line in said) == [False, True]


def test_an_interrupted_making_is_made_good(tmp_path: Path) -> None:
    broken = Cluster(data=tmp_path / "postgres", sockets=tmp_path / "postgres")
    (broken.data / "base").mkdir(parents=True)

    assert cluster.make(broken) is True
    assert (broken.data / "PG_VERSION").exists()


def test_the_last_holder_stops_what_a_holder_started(own: Cluster) -> None:
    cluster.stop(own)

    with cluster.held(own):
        with cluster.held(own):
            assert cluster.postmaster(own)
        assert cluster.postmaster(own)

    assert cluster.postmaster(own) is None


def test_a_holder_leaves_running_what_ran_before(running: Cluster) -> None:
    with cluster.held(running):
        assert cluster.postmaster(running)

    assert cluster.postmaster(running)


def test_a_socket_path_that_would_be_too_long_gets_a_short_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOCAL_DIR", str(tmp_path / ("deep" * 25)))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))

    found = cluster.private_cluster()

    assert found.sockets.parent == tmp_path
    assert found.sockets != found.data


def test_a_cluster_in_a_deep_folder_can_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCAL_DIR", str(tmp_path / ("deep" * 25)))
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    deep = cluster.private_cluster()
    try:
        cluster.make(deep)
        cluster.start(deep)
        assert cluster.make_database(deep) is True
        assert cluster.make_database(deep) is False
        assert len(os.fsencode(deep.sockets / cluster.SOCKET_NAME)) <= cluster.LONGEST_SOCKET_PATH
        assert deep.sockets.stat().st_mode & 0o077 == 0
    finally:
        cluster.stop(deep)
        deep.sockets.rmdir()


def test_nobody_reaches_the_cluster_by_network(running: Cluster) -> None:
    asked = [cluster.program("psql"), "-XAtc", "SHOW listen_addresses", "-h", str(running.sockets)]
    answer = subprocess.run([*asked, "-U", cluster.USER, "-d", "postgres"], capture_output=True, text=True)

    assert answer.returncode == 0
    assert answer.stdout.strip() == ""


def test_abandoned_files_go_and_fresh_ones_stay(tmp_path: Path) -> None:
    old, fresh = tmp_path / "old" / "part.gpkg", tmp_path / "fresh.gpkg"
    outside = tmp_path.parent / f"{tmp_path.name}-kept.gpkg"
    old.parent.mkdir()
    for path in (old, fresh, outside):
        path.write_bytes(b"x")
    link = tmp_path / "link"
    link.symlink_to(outside)
    yesterday = time.time() - 90_000
    os.utime(link, (yesterday, yesterday), follow_symlinks=False)
    os.utime(old, (yesterday, yesterday))

    removed = remove_abandoned_files(folder=tmp_path, before=time.time() - 3600)

    assert removed == 2
    assert not old.exists()
    assert not link.is_symlink()
    assert fresh.exists()
    assert outside.exists()
