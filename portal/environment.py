"""Settings as they stand in the environment, read once at start by a few small functions.

The edge of `portal.settings`: text in, a typed value out, or one clear line that names the variable.
`SETTINGS` lists every variable that is read; the README must name each (a test compares them).
It knows no Django but the exception that Django shows without a traceback.
"""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

SETTINGS = (
    "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS",
    "DATABASE_POOL_SIZE",
    "DATABASE_URL",
    "DEBUG",
    "DEFAULT_FROM_EMAIL",
    "DEMONSTRATION",
    "DOCUMENT_MAX_MB",
    "GDAL_LIBRARY_PATH",
    "GEOS_LIBRARY_PATH",
    "HOST",
    "HSTS_INCLUDE_SUBDOMAINS",
    "LOCAL_DIR",
    "LOG_LEVEL",
    "OGC_CRS",
    "PORT",
    "PUBLIC_URL",
    "PURGE_URL",
    "SECRET_KEY",
    "STATEMENT_TIMEOUT_MS",
    "TEST_DATABASE",
    "TIME_ZONE",
    "TRUSTED_PROXY",
    "WEB_THREADS",
    "WEB_WORKERS",
)
SECRETS = ("DATABASE_URL", "SECRET_KEY")

_YES = {"1", "true", "yes", "on"}
_NO = {"0", "false", "no", "off", ""}


def text(name: str, default: str = "") -> str:
    """The variable without surrounding blanks; an empty one counts as absent."""
    assert name in SETTINGS, name
    return os.environ.get(name, "").strip() or default


def secret(name: str, default: str = "") -> str:
    """The variable, or the content of the file that `<name>_FILE` names (never both)."""
    assert name in SECRETS, name
    path = os.environ.get(f"{name}_FILE", "").strip()
    if not path:
        return text(name, default)
    if text(name):
        raise ImproperlyConfigured(f"{name} and {name}_FILE are both set; keep one of them.")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE={path} cannot be read: {error.strerror}.") from error


def flag(name: str, *, default: bool) -> bool:
    """Yes or no; anything else is refused rather than taken for one of them."""
    value = text(name, "yes" if default else "no").lower()
    if value in _YES:
        return True
    if value in _NO:
        return False
    raise ImproperlyConfigured(f"{name}={value!r} is neither yes nor no.")


def number(name: str, default: int, *, low: int, high: int) -> int:
    """A whole number between `low` and `high`, both allowed."""
    value = text(name, str(default))
    if value.isdecimal() and low <= int(value) <= high:
        return int(value)
    raise ImproperlyConfigured(f"{name}={value!r} is not a whole number from {low} to {high}.")


def listed(name: str) -> list[str]:
    """Values separated by commas; blanks around them and empty ones are dropped."""
    return [part.strip() for part in text(name).split(",") if part.strip()]
