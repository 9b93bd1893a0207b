"""Log lines say what happened to which route; they never say what was asked."""

import ast
import json
import logging
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from django.urls import resolve
from django.utils.log import log_response

from portal import logs
from portal.logs import JsonFormatter, route_of

ROOT = Path(__file__).resolve().parent.parent


def line_of(record: logging.LogRecord) -> dict[str, object]:
    found: dict[str, object] = json.loads(JsonFormatter().format(record))
    return found


def record(name: str, level: int, message: str, *arguments: object, **extra: object) -> logging.LogRecord:
    logger = logging.getLogger(name)
    return logger.makeRecord(name, level, "here.py", 1, message, arguments, None, extra=extra)


@pytest.fixture
def request_for_a_parcel() -> HttpRequest:
    asked = RequestFactory().get("/parcels/2004-00070-31-115?as_at=2020-01-01")
    asked.resolver_match = resolve("/healthz")
    return asked


def test_a_route_is_a_pattern_and_not_a_path(request_for_a_parcel: HttpRequest) -> None:
    assert route_of(request_for_a_parcel) == "/healthz"


def test_djangos_own_lines_lose_the_path(
    request_for_a_parcel: HttpRequest, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, logger="django.request"):
        log_response(
            "%s: %s",
            "Internal Server Error",
            request_for_a_parcel.path,
            response=type("Answer", (), {"status_code": 500})(),
            request=request_for_a_parcel,
        )

    line = line_of(caplog.records[-1])
    assert line["message"] == "Internal Server Error: …"
    assert line["route"] == "/healthz"
    assert "115" not in json.dumps(line).replace(str(line["at"]), "")


def test_a_malformed_request_is_told_without_who_asked_what() -> None:
    text = "Invalid request from ip=192.0.2.7: Invalid HTTP request line: 'GET /api/v1/lookup?q=thửa 12'"

    line = line_of(record("gunicorn.error", logging.WARNING, text))

    assert line["message"] == "Invalid request"


def test_gunicorns_error_lines_lose_the_path() -> None:
    line = line_of(
        record("gunicorn.error", logging.ERROR, "Error handling request %s", "/parcels/2004-1-2-3")
    )

    assert line["message"] == "Error handling request …"


def test_an_error_is_told_by_type_and_place_without_its_message() -> None:
    try:
        try:
            raise KeyError("parcel 2004-00070-31-115")
        except KeyError as cause:
            raise LookupError("no parcel 2004-00070-31-115") from cause
    except LookupError as error:
        info = (type(error), error, error.__traceback__)
    made = record("planning.answer", logging.ERROR, "the answer failed")
    made.exc_info = info

    line = line_of(made)

    assert "31-115" not in json.dumps(line)
    assert line["error"]["type"] == "builtins.LookupError"  # type: ignore[index]
    assert line["error"]["cause"]["type"] == "builtins.KeyError"  # type: ignore[index]
    assert "test_tooling_logs.py" in line["error"]["frames"][-1]  # type: ignore[index]


def test_the_facts_of_a_line_are_those_that_somebody_attaches() -> None:
    source = [
        ast.parse(path.read_text()) for top in ("planning", "portal") for path in ROOT.glob(f"{top}/**/*.py")
    ]
    calls = (node for tree in source for node in ast.walk(tree) if isinstance(node, ast.Call))
    given = [word.value for call in calls for word in call.keywords if word.arg == "extra"]

    attached = {
        ast.literal_eval(name)
        for facts in given
        if isinstance(facts, ast.Dict)
        for name in facts.keys
        if name
    }

    assert attached == set(logs._FACTS)


def test_a_theme_that_failed_is_named() -> None:
    assert (
        line_of(record("planning.answer", logging.ERROR, "no", theme="construction"))["theme"]
        == "construction"
    )


def test_a_line_carries_only_the_facts_that_are_meant_for_it() -> None:
    line = line_of(record("planning.jobs", logging.INFO, "done", job="clear_abandoned", parcel="2004-1"))

    assert line["job"] == "clear_abandoned"
    assert "parcel" not in line


# the start of a request looks after connections that earlier tests left open
@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/api/v1/nowhere"])
def test_a_head_request_gets_the_headers_of_get_and_no_body(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The web server writes a warning for every byte of body that it must drop."""
    # the door of the web process sets a limit that no later test shall inherit
    monkeypatch.setenv("STATEMENT_TIMEOUT_MS", "10000")
    from portal.wsgi import LoggedHandler

    application = LoggedHandler()

    def asked(method: str) -> tuple[str, dict[str, str], bytes]:
        said: list[Any] = []
        environ = RequestFactory().get(path).environ | {"REQUEST_METHOD": method}
        body = b"".join(application(environ, lambda status, headers: said.extend((status, dict(headers)))))
        return said[0], said[1], body

    status, headers, body = asked("HEAD")

    assert (status, headers) == asked("GET")[:2]
    assert body == b""
