"""The service addresses: alive, ready, and if not, why."""

import pytest
from django.db import connection
from django.test import Client, override_settings

from portal import health


@pytest.fixture
def _a_worker_reported_just_now() -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")


def test_a_living_process_says_so_without_asking_the_database(client: Client) -> None:
    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json() == {"status": "ok"}
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.usefixtures("_a_worker_reported_just_now")
def test_a_service_with_all_its_parts_is_ready(client: Client) -> None:
    answer = client.get("/readyz")

    assert answer.json() == {
        "status": "ok",
        "database": "ok",
        "migrations": "ok",
        "coordinates": "ok",
        "jobs": "ok",
    }
    assert answer.status_code == 200


@pytest.mark.django_db
def test_without_a_job_worker_it_is_not_ready(client: Client) -> None:
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["jobs"] == "no worker runs"


@pytest.mark.django_db
def test_a_job_worker_that_fell_silent_counts_as_none(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '5 minutes')"
        )

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["jobs"] == "no worker has been heard of for 300 s"


@pytest.mark.django_db
@pytest.mark.usefixtures("_a_worker_reported_just_now")
def test_a_missing_migration_is_named(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["migrations"] == "1 not applied; run manage.py migrate"


@pytest.mark.django_db
@pytest.mark.usefixtures("_a_worker_reported_just_now")
def test_a_coordinate_system_that_is_missing_is_named(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM spatial_ref_sys WHERE srid > 900000")

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["coordinates"].startswith("PostGIS does not know 90")


@pytest.mark.django_db
def test_a_question_that_failed_is_never_an_ok(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE procrastinate_workers CASCADE")

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["jobs"] == "cannot be asked (ProgrammingError)"


@override_settings(SECURE_SSL_REDIRECT=True)
def test_a_probe_behind_a_proxy_is_not_sent_to_https() -> None:
    assert Client().get("/healthz").status_code == 200
    assert Client().get("/about").status_code == 301


def test_only_reading_is_possible(client: Client) -> None:
    assert client.post("/healthz").status_code == 405


def test_the_known_migrations_are_those_of_every_app() -> None:
    assert {"planning", "procrastinate", "sessions"} <= {app for app, _ in health.known_migrations()}
