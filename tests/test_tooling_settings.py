"""Settings: read once, refused early in one line, named in the README."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.checks import Tags, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client, override_settings
from procrastinate.contrib.django.utils import connector_params

from planning import crs, gdal_drivers, system_checks
from planning.imports import reading
from portal import environment

ROOT = Path(__file__).resolve().parent.parent


def manage(tmp_path: Path, *arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    """manage.py in an environment that holds nothing but what is given."""
    kept = {"PATH": os.environ["PATH"], "LOCAL_DIR": str(tmp_path), "PYTHONWARNINGS": "error", **environ}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        env=kept,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_settings_of_a_public_service_pass_every_check(tmp_path: Path) -> None:
    answer = manage(
        tmp_path, "check", "--deploy", "--fail-level", "INFO", PUBLIC_URL="https://planning.example.org"
    )

    assert answer.returncode == 0, answer.stderr
    assert "no issues" in answer.stdout


def test_a_public_service_without_encryption_is_warned_of(tmp_path: Path) -> None:
    answer = manage(tmp_path, "check", "--deploy", PUBLIC_URL="http://planning.example.org")

    assert "planning.W001" in answer.stderr


def test_a_reader_that_could_reach_the_network_is_warned_of_where_the_service_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    reading.without_network.cache_clear()

    where_it_serves = system_checks.confinement(None, databases=["default"])
    where_settings_are_looked_at = system_checks.confinement(None, databases=None)
    reading.without_network.cache_clear()

    assert [fault.id for fault in where_it_serves] == ["planning.W002"]
    assert where_it_serves[0].hint
    assert where_settings_are_looked_at == []


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"DEBUG": "perhaps"}, "DEBUG='perhaps' is neither yes nor no."),
        ({"PUBLIC_URL": "planning.example.org"}, "PUBLIC_URL='planning.example.org' is not like https://"),
        ({"PUBLIC_URL": "https://a.example/b"}, "PUBLIC_URL='https://a.example/b' is not like https://"),
        ({"STATEMENT_TIMEOUT_MS": "-1"}, "STATEMENT_TIMEOUT_MS='-1' is not a whole number from 0"),
        ({"DATABASE_URL": "postgresql://user@host"}, "DATABASE_URL names no database"),
        ({"SECRET_KEY_FILE": "/nowhere/key"}, "SECRET_KEY_FILE=/nowhere/key cannot be read"),
        ({"SECRET_KEY": "a", "SECRET_KEY_FILE": "/b"}, "SECRET_KEY and SECRET_KEY_FILE are both set"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_in_one_line(
    tmp_path: Path, environ: dict[str, str], said: str
) -> None:
    answer = manage(tmp_path, "check", **environ)

    assert answer.returncode == 1
    assert said in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1


def test_an_unusable_database_address_is_refused_without_its_password(tmp_path: Path) -> None:
    answer = manage(tmp_path, "check", DATABASE_URL="postgresql://user:verysecret@host:port/name")

    assert answer.returncode == 1
    assert "DATABASE_URL" in answer.stderr
    assert "verysecret" not in answer.stderr


def test_a_secret_is_taken_from_the_file_that_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "key"
    path.write_text("from the file\n")
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setenv("SECRET_KEY_FILE", str(path))

    assert environment.secret("SECRET_KEY") == "from the file"


def test_a_secret_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    for _ in range(2):
        assert manage(tmp_path, "check").returncode == 0
        key = (tmp_path / "secret_key").read_text()
        assert len(key) >= 50
        assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0
    assert (tmp_path / "secret_key").read_text() == key


def test_a_list_is_read_without_blanks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", " a.example , ,b.example")

    assert environment.listed("ALLOWED_HOSTS") == ["a.example", "b.example"]


def test_a_number_out_of_range_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEB_THREADS", "0")

    with pytest.raises(ImproperlyConfigured, match="WEB_THREADS='0'"):
        environment.number("WEB_THREADS", 4, low=1, high=64)


def test_the_readme_names_every_setting_and_no_other() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.partition("## Settings")[2].partition("\n## ")[0]
    named = set(re.findall(r"^\| `([A-Z_]+)`", table, flags=re.MULTILINE))

    assert named == set(environment.SETTINGS)


def test_every_setting_that_is_read_is_declared() -> None:
    read = set()
    for path in [*ROOT.glob("portal/*.py"), *ROOT.glob("planning/**/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id in {"environment", "environ"}
                and node.args
                and isinstance(node.args[0], ast.Constant)
                and str(node.args[0].value).isupper()
            ):
                read.add(node.args[0].value)
    known = {*environment.SETTINGS, *(f"{name}_FILE" for name in environment.SECRETS)}
    assert read - known <= {"DJANGO_SETTINGS_MODULE"}


def test_the_formats_gdal_may_open_are_exactly_the_allowed_ones() -> None:
    assert set(system_checks.registered_drivers()) == set(gdal_drivers.ALLOWED)


def test_geodjango_runs_on_the_library_of_the_wheel() -> None:
    assert "pyogrio.libs" in system_checks.gdal_library()
    assert system_checks.geos_library() == system_checks.gdal_library()


def test_a_format_that_nobody_allowed_fails_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_checks, "registered_drivers", lambda: [*gdal_drivers.ALLOWED, "VRT"])

    (fault,) = system_checks.libraries(None)

    assert fault.id == "planning.E002"
    assert "VRT" in fault.msg
    assert fault.hint


def test_uploads_inside_the_static_files_fail_the_check(tmp_path: Path) -> None:
    with override_settings(STATIC_ROOT=tmp_path, MEDIA_ROOT=tmp_path / "uploads"):
        found = system_checks.folders(None)

    assert [fault.id for fault in found] == ["planning.E004"]


@pytest.mark.django_db
def test_the_database_measures_where_we_say() -> None:
    assert run_checks(tags=[Tags.database], databases=["default"]) == []


@pytest.mark.django_db
def test_a_database_that_measures_elsewhere_is_found_out() -> None:
    # A session of its own: PostGIS remembers a system once it has used it.
    with psycopg.connect(**connector_params()) as session:
        session.execute(
            "UPDATE spatial_ref_sys SET srtext = replace(srtext, 'TOWGS84[-191', 'TOWGS84[-190'),"
            " proj4text = replace(proj4text, '+towgs84=-191', '+towgs84=-190') WHERE srid > 900000"
        )

        found = system_checks.coordinate_faults(session)

        assert len(found) == len(crs.postgis_control_points())
        assert all(" m off in 90" in fault for fault in found)
        session.rollback()


@pytest.mark.django_db
def test_a_database_without_the_private_systems_is_found_out() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM spatial_ref_sys WHERE srid > 900000")

    found = system_checks.database(None, databases=["default"])

    assert {fault.id for fault in found} == {"planning.E012"}
    assert "PostGIS does not know 90" in found[0].msg


@pytest.mark.django_db
def test_a_statement_asked_twice_is_prepared() -> None:
    """Planning a spatial statement costs more than running it."""
    statement = "SELECT ST_Area(ST_MakeEnvelope(%s, 0, 1, 1, 4326))"
    with connection.cursor() as cursor:
        for width in (0.1, 0.2, 0.3):
            cursor.execute(statement, [width])
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT ST_Area%%'")
        assert cursor.fetchone() == (1,)


@pytest.mark.django_db
def test_pages_forbid_everything_that_does_not_come_from_us(client: Client) -> None:
    policy = client.get("/healthz").headers["Content-Security-Policy"]

    directives = {part.split()[0]: part.split()[1:] for part in policy.split("; ")}
    assert directives["default-src"] == ["'none'"]
    assert directives["script-src"] == directives["style-src"] == ["'self'"]
    assert "unsafe" not in policy


def test_static_files_keep_their_plain_names_too() -> None:
    assert settings.WHITENOISE_KEEP_ONLY_HASHED_FILES is False
