"""Settings of the whole service, from the environment alone (`portal.environment` reads it).

Without `PUBLIC_URL` the service takes itself to be public behind HTTPS: strict cookies, redirects,
HSTS. `script/server` names an http:// address and so runs without them on the own machine.
The README lists every variable.
"""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from planning import gdal_drivers
from portal import cluster, environment

# Before anything loads GDAL, which reads its driver list from the environment once.
gdal_drivers.apply(os.environ)
import pyogrio  # noqa: E402 - it must find GDAL's data before GeoDjango opens the library
import shapely  # noqa: E402, F401 - GEOS of its own wheel, likewise before GeoDjango's

BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL_DIR = cluster.local_folder()
# The place that the demonstration shows, and with it which code lists and units are loaded.
DEMONSTRATION = BASE_DIR / environment.text("DEMONSTRATION", "fixtures/demo")
if not DEMONSTRATION.is_dir():
    raise ImproperlyConfigured(f"DEMONSTRATION={str(DEMONSTRATION)!r} is no folder.")

# --- Who we are to the outside ---

DEBUG = environment.flag("DEBUG", default=False)
PUBLIC_URL = environment.text("PUBLIC_URL", "https://localhost").rstrip("/")
_public = urlsplit(PUBLIC_URL)
if _public.scheme not in {"http", "https"} or not _public.hostname or _public.path:
    raise ImproperlyConfigured(f"PUBLIC_URL={PUBLIC_URL!r} is not like https://planning.example.org.")
_IS_HTTPS = _public.scheme == "https"

ALLOWED_HOSTS = [_public.hostname, *environment.listed("ALLOWED_HOSTS")]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL, *environment.listed("CSRF_TRUSTED_ORIGINS")]


def _secret_key() -> str:
    """The key from the environment, else one that is made once and kept beside the cluster."""
    if key := environment.secret("SECRET_KEY"):
        return key
    path = LOCAL_DIR / "secret_key"
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return _keep_new_secret_key(path)


def _keep_new_secret_key(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    own = path.with_name(f"{path.name}.{os.getpid()}")
    own.touch(mode=0o600)
    own.write_text(secrets.token_urlsafe(64), encoding="ascii")
    try:
        # A link either is made whole or loses against another process that was faster.
        os.link(own, path)
    except FileExistsError:
        pass
    finally:
        own.unlink()
    return path.read_text(encoding="ascii").strip()


SECRET_KEY = _secret_key()

# --- Parts ---

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.gis",
    "rest_framework",
    "rest_framework_gis",
    "drf_spectacular",
    "csp",
    "procrastinate.contrib.django",
    "planning",
    "portal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- Database ---


def _database() -> dict[str, object]:
    """The database of `DATABASE_URL` (any libpq form), else the private cluster's."""
    address = environment.secret("DATABASE_URL", cluster.private_cluster().address)
    try:
        parts = conninfo_to_dict(address)
    except ProgrammingError:
        # The driver's own message repeats the address, password included.
        raise ImproperlyConfigured("DATABASE_URL is not like postgresql://user@host/name.") from None
    if not str(parts.get("port") or "0").isdecimal():
        raise ImproperlyConfigured("DATABASE_URL has a port that is not a number.")
    if not parts.get("dbname"):
        raise ImproperlyConfigured("DATABASE_URL names no database; it is like postgresql://user@host/name.")
    timeout = environment.number("STATEMENT_TIMEOUT_MS", 0, low=0, high=3_600_000)
    named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    given = {key: value for key, value in parts.items() if key not in named and key != "options"}
    # JIT costs more than it gives on many small spatial statements: their estimates are high.
    options = f"{parts.get('options') or ''} -c statement_timeout={timeout} -c jit=off".strip()
    return {
        "ENGINE": "django.contrib.gis.db.backends.postgis",
        **{django: str(parts.get(libpq) or "") for libpq, django in named.items()},
        "OPTIONS": {
            "connect_timeout": 5,
            **given,
            "options": options,
            "application_name": "planning",
            # Planning a spatial statement costs more than running it: bound on the server, prepared
            # at its second use, kept by connections that the pool keeps.
            "server_side_binding": True,
            "prepare_threshold": 1,
            "pool": {
                "min_size": 1,
                "max_size": environment.number("DATABASE_POOL_SIZE", 8, low=1, high=500),
                "timeout": 5,
            },
        },
        # A connection from before a restart of the database is noticed before it is used.
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"NAME": environment.text("TEST_DATABASE", "test_planning")},
    }


DATABASES = {"default": _database()}
AUTH_USER_MODEL = "planning.User"


def _wheel_library(folder: str, pattern: str) -> str | None:
    """A library that came in a wheel, None where it is not there (other systems, other builds)."""
    found = sorted(Path(pyogrio.__file__).parent.parent.joinpath(folder).glob(pattern))
    return str(found[0]) if found else None


# Order: environment, wheel, system. One file serves for both: the wheel's GDAL exports GEOS's C API.
_wheel_gdal = _wheel_library("pyogrio.libs", "libgdal*")
GDAL_LIBRARY_PATH = environment.text("GDAL_LIBRARY_PATH") or _wheel_gdal
GEOS_LIBRARY_PATH = environment.text("GEOS_LIBRARY_PATH") or _wheel_gdal

# --- Languages and time ---

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
USE_I18N = True
USE_TZ = True
TIME_ZONE = environment.text("TIME_ZONE", "Asia/Ho_Chi_Minh")

# --- Files ---

STATIC_URL = "/static/"
STATIC_ROOT = LOCAL_DIR / "static"
MEDIA_ROOT = LOCAL_DIR / "uploads"
FILE_UPLOAD_TEMP_DIR = LOCAL_DIR / "uploads" / "temporary"
FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
# Decisions with scanned drawings are large; what is larger belongs on a server of its own, as an address.
DOCUMENT_MAX_BYTES = environment.number("DOCUMENT_MAX_MB", 200, low=1, high=4096) * 1024**2
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
# Map libraries ask for their worker under its plain name.
WHITENOISE_KEEP_ONLY_HASHED_FILES = False

# --- Safety ---

# `csp` writes the header; nothing inline, nothing from elsewhere. `data:` is for icons in map styles.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    },
}
# No page of ours stands in a frame; for browsers too old for frame-ancestors the same again.
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = _IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if _IS_HTTPS else 0
# A promise for the host of this service alone: other sites of an authority may lie below the same name.
SECURE_HSTS_INCLUDE_SUBDOMAINS = _IS_HTTPS and environment.flag("HSTS_INCLUDE_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = False
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # subdomains and preload, decided above
SESSION_COOKIE_SECURE = _IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = _IS_HTTPS
CSRF_COOKIE_HTTPONLY = True
# Only a proxy of one's own may say that the citizen came by HTTPS.
if environment.flag("TRUSTED_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    USE_X_FORWARDED_HOST = True

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
DEFAULT_FROM_EMAIL = environment.text("DEFAULT_FROM_EMAIL", f"planning@{_public.hostname}")

# --- APIs ---

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    # What is open to everyone says so itself (planning.ogcapi.base.PublicView).
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Quy hoạch mở · Open Planning",
    "DESCRIPTION": "What is planned on a piece of land, how sure that is and who decided it.",
    "VERSION": "1",
    "LICENSE": {"name": "EUPL-1.2"},
    "SERVE_INCLUDE_SCHEMA": False,
}

# The OGC APIs offer the metric systems of their own data; OGC's test suite knows few of those of Vietnam and
# is shown these codes instead.
OGC_CRS = environment.listed("OGC_CRS")
# A cache in front that forgets what it keeps when asked by the method PURGE; every publication asks it.
PURGE_URL = environment.text("PURGE_URL").rstrip("/")
if PURGE_URL and not (urlsplit(PURGE_URL).scheme in {"http", "https"} and urlsplit(PURGE_URL).hostname):
    raise ImproperlyConfigured(f"PURGE_URL={PURGE_URL!r} is not like http://127.0.0.1:6081.")

# --- Jobs ---

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

# --- Logs ---

LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "portal.logs.JsonFormatter"}},
    "handlers": {"json": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["json"], "level": environment.text("LOG_LEVEL", "INFO").upper()},
    # Without this Django's own handlers would print paths, and parcels with them, a second time.
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        # What is the asker's fault stands in the request's own line already.
        "django.request": {"level": "ERROR"},
        # Every attempt and every heartbeat: of use to who looks for a fault in a job, noise otherwise.
        "procrastinate": {"level": "WARNING"},
        "pyogrio": {"level": "WARNING"},
    },
}
