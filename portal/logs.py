"""Log lines as JSON that name the route of a request, never what was asked.

The last step before a log line leaves the process. Which parcel somebody looks at is that person's
business: no path, no query string, no message of an exception (it may quote a number or a name).
A route is the pattern (`parcels/<str:parcel_id>`), which names the page and no parcel.
"""

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest

UNROUTED = "(no route)"

# Extra facts that our own lines carry; anything else attached to a record stays out.
_FACTS = ("route", "method", "status", "milliseconds", "job", "theme", "reference")


def route_of(request: HttpRequest) -> str:
    """The URL pattern that served the request, the same for every parcel."""
    match = request.resolver_match
    return f"/{match.route}" if match else UNROUTED


class JsonFormatter(logging.Formatter):
    """One JSON object a line: when, level, logger, message, facts, and of an error where it arose."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
        }
        line |= {name: getattr(record, name) for name in _FACTS if hasattr(record, name)}
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest):
            line["route"] = route_of(request)
        if record.exc_info and record.exc_info[1]:
            line["error"] = _error(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


def _message(record: logging.LogRecord) -> str:
    """The message, its arguments dropped where Django or gunicorn put the path among them."""
    of_gunicorn = record.name.startswith("gunicorn") and record.levelno > logging.INFO
    of_django = record.name.startswith(("django.request", "django.security"))
    if hasattr(record, "request") or of_django or of_gunicorn:
        return _without_paths(record)
    return record.getMessage()


def _without_paths(record: logging.LogRecord) -> str:
    if not record.args:
        # gunicorn writes the address and the line of a malformed request into the message itself
        return str(record.msg).partition(" from ip=")[0]
    arguments = record.args if isinstance(record.args, tuple) else (record.args,)
    kept = tuple("…" if isinstance(value, str) and "/" in value else value for value in arguments)
    try:
        return str(record.msg) % kept
    except TypeError:
        return str(record.msg)


def _error(error: BaseException) -> dict[str, Any]:
    """Type and place of an error and of those it came from; no message, hence no data."""
    found: dict[str, Any] = {
        "type": f"{type(error).__module__}.{type(error).__qualname__}",
        "frames": [
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)[-12:]
        ],
    }
    if sqlstate := getattr(error, "sqlstate", None):
        found["sqlstate"] = sqlstate
    if cause := error.__cause__ or error.__context__:
        found["cause"] = _error(cause)
    return found
