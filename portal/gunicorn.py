"""How the web server runs: a few processes of a few threads, logs as JSON, no second log of paths.

Read by gunicorn (`--config python:portal.gunicorn`); `portal.supervisor` adds the address.
"""

import gc
import os
from pathlib import Path
from typing import Any

from portal import environment

wsgi_app = "portal.wsgi"
worker_class = "gthread"
workers = environment.number("WEB_WORKERS", 2, low=1, high=64)
threads = environment.number("WEB_THREADS", 4, low=1, high=64)
# One import for all workers: they share its memory and a killed one is back at once.
preload_app = True
timeout = 60
graceful_timeout = 10
keepalive = 5
# A longer address is refused by Django with a problem document; gunicorn itself answers in bare HTML.
limit_request_line = 8190
# Its heartbeat file must not wait for a busy disk.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
control_socket_disable = True
accesslog = None  # portal.wsgi logs requests, by route
proc_name = "planning-web"
pythonpath = str(Path(__file__).resolve().parent.parent)
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "portal.logs.JsonFormatter"}},
    "handlers": {"json": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["json"], "level": environment.text("LOG_LEVEL", "INFO").upper()},
    "loggers": {
        "gunicorn.error": {"level": "INFO", "handlers": [], "propagate": True},
        "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
    },
}


def when_ready(server: Any) -> None:
    """Leave what was loaded out of every later search for garbage, and search less often.

    The program is some hundred thousand objects that never become garbage. A full search among them stops
    a worker for up to 0.1 s (measured), just when somebody asks for a page of a thousand features.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)
