"""The door of the web process: Django's handler, with one log line a request.

A handler rather than a middleware: it also sees what middleware answers, and nothing else changes.
"""

import logging
import os
import time

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

# A citizen does not wait longer than this, and no statement may hold a connection longer.
# Commands and jobs, which may rightly take minutes, do not come through this door.
os.environ.setdefault("STATEMENT_TIMEOUT_MS", "10000")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

import django

from portal.logs import route_of

log = logging.getLogger("portal.requests")


class LoggedHandler(WSGIHandler):
    """Django's WSGI handler that says which route was asked, how it ended and how long it took."""

    def get_response(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        response = super().get_response(request)
        if request.method == "HEAD":
            _leave_out_body(response)
        log.info(
            "request",
            extra={
                "route": route_of(request),
                "method": request.method,
                "status": response.status_code,
                "milliseconds": round((time.perf_counter() - began) * 1000, 1),
            },
        )
        return response


def _leave_out_body(response: HttpResponseBase) -> None:
    """Headers alone, the length of what GET gives among them; the web server complains of more."""
    if isinstance(response, StreamingHttpResponse):
        response.streaming_content = ()
    elif isinstance(response, HttpResponse):
        response.content = b""


django.setup(set_prefix=False)
application = LoggedHandler()
