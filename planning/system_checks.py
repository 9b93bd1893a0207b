"""What must be right before the service may start: `manage.py check`, with an id and a hint each.

Checks of the database run with `manage.py check --database default` and before migrations; /readyz asks the
same questions of a running service. They look at libraries, folders and control points, not at plans.
"""

import ctypes
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder

from planning import crs, gdal_drivers
from planning.imports import reading

LEAST_POSTGRESQL = 150000
LEAST_POSTGIS = (3, 3)
LEAST_GDAL = (3, 9)
# Beside PostGIS; each is trusted, so the owner of a database may create it once it is installed.
EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent")


def gdal_library() -> str:
    """The file of the GDAL that GeoDjango uses: of the environment, of the wheel or of the system."""
    from django.contrib.gis.gdal.libgdal import lgdal  # loads GDAL, which settings must precede

    return str(lgdal._name)


def geos_library() -> str:
    """The file of the GEOS that GeoDjango uses."""
    from django.contrib.gis.geos.libgeos import lgeos  # the library is loaded at its first use

    return str(lgeos._name)


@register(Tags.compatibility)
def libraries(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """GDAL is recent, comes from where we think, and knows only the formats that we allow."""
    from django.contrib.gis.gdal.libgdal import gdal_version_info  # loads GDAL, likewise

    found: list[CheckMessage] = []
    version = gdal_version_info()
    if version[:2] < LEAST_GDAL:
        found.append(
            Error(
                f"GDAL {version[0]}.{version[1]} of {gdal_library()} is too old.",
                hint="Unset GDAL_LIBRARY_PATH: the pyogrio wheel brings a newer one, tried on hostile files.",
                id="planning.E001",
            )
        )
    if extra := gdal_drivers.unexpected(registered_drivers()):
        found.append(
            Error(
                f"GDAL can open formats that nobody allowed: {', '.join(extra)}.",
                hint="Add them to planning.gdal_drivers, and load no GDAL before the settings.",
                id="planning.E002",
            )
        )
    return found


def registered_drivers() -> list[str]:
    """The formats that the loaded GDAL can open, by its own names."""
    gdal = ctypes.CDLL(gdal_library())
    gdal.GDALGetDriver.restype = ctypes.c_void_p
    gdal.GDALGetDriverShortName.restype = ctypes.c_char_p
    gdal.GDALGetDriverShortName.argtypes = [ctypes.c_void_p]
    names = (
        gdal.GDALGetDriverShortName(gdal.GDALGetDriver(number)) for number in range(gdal.GDALGetDriverCount())
    )
    return [name.decode() for name in names]


@register(Tags.files)
def folders(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Uploaded files can be kept, and nobody can ask for them as static files."""
    found: list[CheckMessage] = []
    uploads, static = Path(settings.MEDIA_ROOT), Path(settings.STATIC_ROOT)
    for folder in (uploads, Path(settings.FILE_UPLOAD_TEMP_DIR)):
        if folder.exists() and not os.access(folder, os.W_OK | os.X_OK):
            found.append(
                Error(
                    f"{folder} cannot be written to.",
                    hint="Give the folder to the account of the service, or set LOCAL_DIR.",
                    id="planning.E003",
                )
            )
    if uploads == static or static in uploads.parents:
        found.append(
            Error(
                f"Uploaded files would be public: {uploads} lies in {static}.",
                hint="Keep uploads outside the folder of static files.",
                id="planning.E004",
            )
        )
    return found


@register(Tags.files)
def documents(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Decisions and drawings have a ceiling, and the disk has room for one of that size."""
    ceiling = getattr(settings, "DOCUMENT_MAX_BYTES", None)
    if not isinstance(ceiling, int) or ceiling < 1:
        return [
            Error(
                f"DOCUMENT_MAX_BYTES={ceiling!r} is no size in bytes.",
                hint="Set DOCUMENT_MAX_MB to a whole number from 1 to 4096.",
                id="planning.E005",
            )
        ]
    folder = Path(settings.FILE_UPLOAD_TEMP_DIR)
    free = shutil.disk_usage(folder).free if folder.exists() else ceiling
    if free >= ceiling:
        return []
    return [
        Warning(
            f"{folder} has room for {free // 1024**2} MiB; a document may have {ceiling // 1024**2}.",
            hint="Free disk space, or lower DOCUMENT_MAX_MB.",
            id="planning.W003",
        )
    ]


@register(Tags.security, deploy=True)
def public_address(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """What citizens ask and members type travels encrypted."""
    if urlsplit(settings.PUBLIC_URL).scheme == "https":
        return []
    return [
        Warning(
            f"PUBLIC_URL={settings.PUBLIC_URL} is not encrypted.",
            hint="Set PUBLIC_URL to the https:// address; plain HTTP is for the own machine.",
            id="planning.W001",
        )
    ]


@register("confinement", deploy=True)
def confinement(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """The reader of planners' files can be cut off from the network.

    Asked of the machine that serves: only with `--deploy --database`, not where settings alone are looked at,
    as in the containers of a build, which may rarely do this.
    """
    if not databases or reading.without_network():
        return []
    return [
        Warning(
            "Planners' files are read with the network at hand: unshare is missing or refused.",
            hint="Allow user namespaces to the account of the service, or cut the network off around it.",
            id="planning.W002",
        )
    ]


@register(Tags.database)
def database(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """The database is new enough and measures where we say."""
    found: list[CheckMessage] = []
    for alias in databases or []:
        found += _version_faults(connections[alias]) or _extension_faults(connections[alias])
        if not found:
            found += _coordinate_faults(connections[alias])
    return found


def _version_faults(connection: BaseDatabaseWrapper) -> list[CheckMessage]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version_num')::int,"
            " (SELECT extversion FROM pg_extension WHERE extname = 'postgis'),"
            " (SELECT default_version FROM pg_available_extensions WHERE name = 'postgis')"
        )
        server, installed, available = cursor.fetchone()
    if server < LEAST_POSTGRESQL:
        return [
            Error(
                f"PostgreSQL {server // 10000} is too old.",
                hint=f"Use PostgreSQL {LEAST_POSTGRESQL // 10000} or newer.",
                id="planning.E010",
            )
        ]
    postgis = installed or available
    if postgis is None or tuple(int(part) for part in postgis.split(".")[:2]) < LEAST_POSTGIS:
        return [
            Error(
                f"PostGIS is {'missing' if postgis is None else f'too old ({postgis})'}.",
                hint=f"Install PostGIS {'.'.join(map(str, LEAST_POSTGIS))} or newer for this server.",
                id="planning.E011",
            )
        ]
    return []


def _extension_faults(connection: BaseDatabaseWrapper) -> list[CheckMessage]:
    """Without pg_trgm no misspelt name is found, without btree_gist no two versions are kept apart."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM pg_available_extensions WHERE name = ANY(%s) ORDER BY name", [list(EXTENSIONS)]
        )
        available = {name for (name,) in cursor.fetchall()}
    missing = [name for name in EXTENSIONS if name not in available]
    if not missing:
        return []
    return [
        Error(
            f"The database server lacks {', '.join(missing)}.",
            hint="Install PostgreSQL's contrib modules (Debian: they come with the postgresql package).",
            id="planning.E013",
        )
    ]


def _coordinate_faults(connection: BaseDatabaseWrapper) -> list[CheckMessage]:
    if not _is_migrated(connection):
        return []  # before the first migration there is nothing to measure
    hint = "Run manage.py migrate; if it stays, the database's PROJ ignores the pinned datum shift."
    return [Error(fault, hint=hint, id="planning.E012") for fault in coordinate_faults(connection)]


def _is_migrated(connection: BaseDatabaseWrapper) -> bool:
    applied = MigrationRecorder(connection).applied_migrations()
    return ("planning", "0002_private_srids") in applied


def coordinate_faults(connection: BaseDatabaseWrapper | psycopg.Connection[Any]) -> list[str]:
    """Control points that the database puts elsewhere, one sentence each; empty when it measures right.

    A system that the database does not know counts as a fault of all its points.
    """
    points = crs.postgis_control_points()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT srid FROM spatial_ref_sys WHERE srid = ANY(%s)", [[point.srid for point in points]]
        )
        known = {srid for (srid,) in cursor.fetchall()}
        if missing := sorted({point.srid for point in points} - known):
            return [f"PostGIS does not know {srid}." for srid in missing]
        cursor.execute(
            "SELECT ST_X(place), ST_Y(place) FROM (SELECT number,"
            " ST_Transform(ST_SetSRID(ST_MakePoint(lon, lat), 4326), srid) AS place"
            " FROM unnest(%s::float8[], %s::float8[], %s::int[])"
            " WITH ORDINALITY AS points (lon, lat, srid, number)) AS placed ORDER BY number",
            [
                [point.lon for point in points],
                [point.lat for point in points],
                [point.srid for point in points],
            ],
        )
        measured = cursor.fetchall()
    return [
        f"{point.name}: PostGIS is {distance:.3f} m off in {point.srid}."
        for point, (easting, northing) in zip(points, measured, strict=True)
        if (distance := max(abs(easting - point.easting), abs(northing - point.northing))) > point.tolerance
    ]
