"""Parcels, their other numbers and coverage go public: staged rows open, what they replace is closed."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from planning.models import Edition, LayerUpload, Parcel, ParcelAlias
from planning.publication.coverage import open_coverage
from planning.publication.revision import open_from

# What was known of a parcel for dates that the new delivery does not speak of stays known.
_KEEP_OTHER_DATES = """
    INSERT INTO {parcel} ({columns}, valid, known)
    SELECT {old_columns}, rest.valid, int8range(%(revision)s, NULL)
    FROM {parcel} AS old
    CROSS JOIN LATERAL unnest(
        datemultirange(old.valid) - (
            SELECT range_agg(new.valid) FROM {parcel} AS new
            WHERE new.code = old.code AND lower(new.known) = %(revision)s
        )
    ) AS rest (valid)
    WHERE old.id = ANY (%(replaced)s)
"""
_CLOSE_PARCELS = """
    UPDATE {parcel} AS old SET known = int8range(lower(old.known), %(revision)s)
    FROM {parcel} AS new
    WHERE new.known IS NULL AND new.upload_id = ANY (%(uploads)s)
        AND old.code = new.code AND old.valid && new.valid AND upper_inf(old.known)
    RETURNING old.id
"""
_CLOSE_ALIASES = """
    UPDATE {alias} AS old SET known = int8range(lower(old.known), %(revision)s)
    FROM {alias} AS new
    WHERE new.known IS NULL AND new.upload_id = ANY (%(uploads)s) AND upper_inf(old.known)
        AND old.parcel_code = new.parcel_code AND old.scheme = new.scheme AND old.value = new.value
"""


def open_rows(
    uploads: Sequence[LayerUpload], editions: Sequence[Edition], *, revision: int
) -> dict[str, dict[str, int]]:
    """Open what waits in the uploads; how many rows were opened and closed, per kind."""
    counts = {
        "parcels": _open_parcels(uploads, revision),
        "aliases": _open_aliases(uploads, revision),
        "coverage": open_coverage(uploads, editions, revision=revision),
    }
    return {kind: row for kind, row in counts.items() if any(row.values())}


def _open_parcels(uploads: Sequence[LayerUpload], revision: int) -> dict[str, int]:
    staged = Parcel.objects.staged().filter(upload__in=uploads)
    if not staged.exists():
        return {"opened": 0, "closed": 0}
    table = Parcel._meta.db_table
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"revision": revision, "uploads": [upload.pk for upload in uploads]}
        cursor.execute(_CLOSE_PARCELS.format(parcel=table), values)
        replaced = [pk for (pk,) in cursor.fetchall()]
        opened = staged.update(known=open_from(revision))
        if replaced:
            names = [field.column for field in Parcel._meta.concrete_fields]
            carried = [name for name in names if name not in ("id", "valid", "known")]
            statement = _KEEP_OTHER_DATES.format(
                parcel=table,
                columns=", ".join(carried),
                old_columns=", ".join(f"old.{name}" for name in carried),
            )
            cursor.execute(statement, {"revision": revision, "replaced": replaced})
            opened += cursor.rowcount
    return {"opened": opened, "closed": len(replaced)}


def _open_aliases(uploads: Sequence[LayerUpload], revision: int) -> dict[str, int]:
    staged = ParcelAlias.objects.staged().filter(upload__in=uploads)
    if not staged.exists():
        return {"opened": 0, "closed": 0}
    with connection.cursor() as cursor:
        cursor.execute(
            _CLOSE_ALIASES.format(alias=ParcelAlias._meta.db_table),
            {"revision": revision, "uploads": [upload.pk for upload in uploads]},
        )
        closed = cursor.rowcount
    return {"opened": staged.update(known=open_from(revision)), "closed": closed}
