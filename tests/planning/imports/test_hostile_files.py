"""What the confined reader withstands: every attack is a finding, never a crash, a wait or a request."""

import errno
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from planning.errors import UnreadableFile
from planning.imports import check_file, child, reading
from planning.imports.archives import Source, unpack
from planning.imports.identify import Format
from planning.imports.limits import DEFAULT, Limits
from planning.imports.planfile import Target
from planning.models import Level, UploadResult
from tests.planning.imports.drawn import FIXTURES, box, feature, geojson

PLAIN = FIXTURES / "layers" / "plain.gpkg"


def says(path: Path, limits: Limits = DEFAULT) -> set[str]:
    found = check_file(path, target=Target.ZONES, limits=limits)
    assert found.result == UploadResult.REFUSED
    return {finding.says or finding.code for finding in found.findings}


def test_too_many_columns_are_a_finding(tmp_path: Path) -> None:
    path = geojson(tmp_path / "wide.geojson", feature(box(0, 0, 1), **{f"c{i}": i for i in range(20_000)}))

    assert says(path) == {"F05/fields"}


def test_deep_nesting_is_a_finding(tmp_path: Path) -> None:
    path = tmp_path / "deep.geojson"
    deep = "[" * 100_000 + "]" * 100_000
    path.write_text(
        f'{{"type":"Feature","properties":{{}},"geometry":{{"type":"Polygon","coordinates":{deep}}}}}'
    )

    assert says(path) == {"F01/unreadable"}


def test_a_view_that_never_ends_is_left_aside(tmp_path: Path) -> None:
    path = Path(shutil.copy(PLAIN, tmp_path / "view.gpkg"))
    with sqlite3.connect(path) as database:
        database.execute(
            "CREATE VIEW endless AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r)"
            " SELECT n AS fid, geom FROM r JOIN zones"
        )
        database.execute("INSERT INTO gpkg_contents (table_name, data_type) VALUES ('endless', 'features')")
        database.execute(
            "INSERT INTO gpkg_geometry_columns VALUES ('endless', 'geom', 'POLYGON', 5897, 0, 0)"
        )
    database.close()

    found = check_file(path, target=Target.ZONES)

    assert [layer.name for layer in found.layers] == ["zones"]
    assert "F07/table" in {finding.says for finding in found.findings}


def test_a_pointer_to_an_address_sends_no_request(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/secret"
        path = tmp_path / "zones.geojson"
        path.write_text(f'{{"type": "gdal_streamed_alg", "command_line": "gdal vector read {address}"}}')

        assert says(path) == {"F02/unknown"}
        with pytest.raises(TimeoutError):
            server.accept()


def test_a_reader_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    assert says(PLAIN, Limits(wall_seconds=0)) == {"F05/time"}


def test_a_reader_that_takes_too_much_memory_is_ended() -> None:
    assert says(PLAIN, Limits(memory_bytes=100 * 1024 * 1024)) == {"F05/memory"}


@pytest.mark.parametrize("suffix", ["gpkg", "geojson", "fgb"])
def test_a_whole_file_is_never_called_damaged_where_memory_is_short(suffix: str) -> None:
    for megabytes in range(180, 212, 6):
        limits = Limits(memory_bytes=megabytes * 1024 * 1024)
        found = check_file(PLAIN.with_suffix(f".{suffix}"), target=Target.ZONES, limits=limits)

        fatal = {one.says for one in found.findings if one.level == Level.FATAL}
        assert fatal <= {"F05/memory"}, megabytes


def test_memory_that_ran_out_is_seen_through_what_a_library_made_of_it() -> None:
    def fault(error: Exception, cause: Exception | None = None) -> dict:
        error.__cause__ = cause
        return child._fault(error, 1 << 62)

    memory = {"code": "F05", "says": "F05/memory"}
    assert fault(MemoryError()) == memory
    assert fault(child.Unreadable("F01", says="F01/unreadable"), MemoryError()) == memory
    assert fault(sqlite3.OperationalError("out of memory")) == memory
    assert fault(ImportError("x.so: failed to map segment from shared object")) == memory
    assert fault(OSError(errno.ENOMEM, "x")) == memory
    assert fault(child.Unreadable("F01", says="F01/unreadable"))["says"] == "F01/unreadable"


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux's")
@pytest.mark.parametrize("prefix", [(), reading.without_network()])
def test_the_reader_dies_with_its_parent(tmp_path: Path, prefix: tuple[str, ...]) -> None:
    """A reader that waits at a pipe nobody writes to, and a parent that is killed."""
    pipe = tmp_path / "endless.geojson"
    os.mkfifo(pipe)
    source = {"path": str(pipe), "driver": "GeoJSON", "label": "x", "missing": [], "encoding": None}
    request = {"sources": [source], "drivers": ["GeoJSON"], "limits": asdict(DEFAULT)}
    environment = reading._environment(["GeoJSON"])
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, json.dumps([*prefix, sys.executable, "-I", str(reading._CHILD)])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        cwd=tmp_path,
    )
    assert parent.stdin is not None
    assert parent.stdout is not None
    parent.stdin.write(json.dumps(request).encode())
    parent.stdin.close()
    reader = int(parent.stdout.readline())
    writers: list[int] = []
    wait_for(lambda: is_opened(pipe, writers))

    parent.kill()
    parent.wait()
    parent.stdout.close()

    wait_for(lambda: is_ended(reader))
    os.close(writers[0])


PARENT = """
import json, os, subprocess, sys
request = json.load(sys.stdin) | {"parent": os.getpid()}
started = subprocess.Popen(
    json.loads(sys.argv[1]), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True
)
started.stdin.write(json.dumps(request).encode())
started.stdin.close()
print(started.pid, flush=True)
started.wait()
"""


def wait_for(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def is_opened(pipe: Path, writers: list[int]) -> bool:
    """The reader has opened its file, and waits as long as our end stays open."""
    try:
        writers.append(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
    except OSError:
        return False
    return True


def is_ended(reader: int) -> bool:
    try:
        return Path(f"/proc/{reader}/stat").read_text().rpartition(") ")[2].startswith("Z")
    except OSError:
        return True


def test_a_coordinate_that_is_no_number_is_a_finding_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "nan.geojson"
    good = geojson(tmp_path / "good.geojson", feature(box(0, 0, 10)), feature(box(20, 0, 10))).read_text()
    first = json.loads(good)["features"][0]["geometry"]["coordinates"][0][1][0]
    path.write_text(good.replace(str(first), "NaN", 1))

    # warnings are errors here: none of a library's own may come up
    found = check_file(path, target=Target.ZONES)

    assert {"G02", "G05", "G06", "G01"} & {one.code for one in found.findings}


def test_too_many_bytes_rows_and_vertices_are_findings(tmp_path: Path) -> None:
    assert says(PLAIN, Limits(file_bytes=1000)) == {"F05/bytes"}
    assert says(PLAIN, Limits(features=1)) == {"F05/features"}
    assert says(PLAIN, Limits(vertices=3)) == {"F05/vertices"}
    assert says(PLAIN, Limits(text_characters=2)) == {"F05/text"}


def test_a_name_with_commands_in_it_is_only_a_name(tmp_path: Path) -> None:
    path = geojson(tmp_path / "a!b '; $(touch x).geojson", feature(box(0, 0, 10)))

    found = check_file(path, target=Target.ZONES)

    assert found.layers[0].name == "a!b '; $(touch x)"


def test_the_reader_gets_no_secret_and_one_driver_only() -> None:
    environment = reading._environment(["GPKG"])

    assert not {"DATABASE_URL", "SECRET_KEY", "HOME"} & set(environment)
    skipped = environment["GDAL_SKIP"].split(",")
    assert {"GeoJSON", "VRT", "OGR_VRT", "WFS", "ESRI Shapefile"} <= {*skipped, "VRT"}
    assert "GPKG" not in skipped


def test_a_reader_with_a_surplus_driver_opens_nothing(tmp_path: Path) -> None:
    request = {"sources": [{"path": str(PLAIN), "driver": "GPKG", "label": "x"}], "drivers": ["GPKG"]}
    limits = {"memory_bytes": 4 << 30, "cpu_seconds": 30, "output_bytes": 1 << 20}
    run = subprocess.run(
        [sys.executable, "-I", reading._CHILD],
        input=json.dumps({**request, "limits": limits}).encode(),
        capture_output=True,
        cwd=tmp_path,
        env={},
        check=True,
    )

    assert json.loads(run.stdout)["fault"]["says"] == "F05/drivers"


def archive(path: Path, *entries: tuple[zipfile.ZipInfo | str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries:
            made.writestr(name, content)
    return path


def refusal(path: Path, folder: Path, limits: Limits = DEFAULT) -> str:
    with pytest.raises(UnreadableFile) as refused:
        unpack(path, folder, limits)
    return str(refused.value.facts.get("says", refused.value.code))


@pytest.mark.parametrize(
    "name", ["../a.geojson", "/etc/a.geojson", "a/../../b.geojson", "a\\b.geojson", "C:/a.geojson"]
)
def test_an_entry_that_points_out_of_the_archive_is_refused(tmp_path: Path, name: str) -> None:
    path = archive(tmp_path / "a.zip", ("ok.geojson", b"{}"))
    content = path.read_bytes().replace(b"ok.geojson", name.encode().ljust(10, b"x")[:10])
    exact = archive(tmp_path / "b.zip", (name, b"{}")) if "\\" not in name else path
    if "\\" in name:
        path.write_bytes(content)

    assert refusal(exact, tmp_path / "in") == "F03/path"


def test_a_link_a_repeated_name_and_an_encrypted_entry_are_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("a.geojson")
    link.external_attr = 0o120777 << 16
    assert refusal(archive(tmp_path / "link.zip", (link, b"/etc/passwd")), tmp_path / "in") == "F03/link"

    twice = archive(tmp_path / "twice.zip", ("a.geojson", b"{}"), ("A.geojson", b"{}"))
    assert refusal(twice, tmp_path / "in") == "F03/duplicate"

    locked = archive(tmp_path / "locked.zip", ("a.geojson", b"{}"))
    content = bytearray(locked.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    locked.write_bytes(bytes(content))
    assert refusal(locked, tmp_path / "in") == "F03/encrypted"


def test_sizes_are_counted_while_unpacking(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", ("a.geojson", b"{" + b" " * 5000))
    content = bytearray(path.read_bytes())
    at = content.index(b"PK\x01\x02") + 24
    content[at : at + 4] = (10).to_bytes(4, "little")
    path.write_bytes(bytes(content))

    assert refusal(path, tmp_path / "in", Limits(archive_bytes=1000)) in {"F03/damaged", "F03/too_large"}
    assert refusal(archive(tmp_path / "b.zip", *[(f"{n}.txt", b"") for n in range(9)]), tmp_path / "in2",
                   Limits(archive_entries=8)) == "F03/too_large"  # fmt: skip


def test_an_archive_cut_off_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", ("a.geojson", b"{}"))
    path.write_bytes(path.read_bytes()[:-30])

    assert refusal(path, tmp_path / "in") == "F03/damaged"


def test_several_layers_come_out_of_one_archive(tmp_path: Path) -> None:
    path = archive(
        tmp_path / "a.zip",
        ("deep/folder/first.geojson", (FIXTURES / "layers" / "plain.geojson").read_bytes()),
        ("second.gpkg", PLAIN.read_bytes()),
        ("__MACOSX/._second.gpkg", b"shadow"),
        ("readme.txt", b"hello"),
    )

    sources = unpack(path, tmp_path / "in", DEFAULT)

    assert [(source.format, source.label) for source in sources] == [
        (Format.GEOJSON, "first"),
        (Format.GEOPACKAGE, "second"),
    ]
    assert all(isinstance(source, Source) and source.path.is_relative_to(tmp_path) for source in sources)
