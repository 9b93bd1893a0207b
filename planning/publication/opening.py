"""Parcels, their other numbers and coverage go public: staged rows open, what they replace is closed.

A delivery of the cadastre is settled anew, under the lock, against what is public by then: what it leaves
as it was is not touched, what changed ends on the day of the delivery, and lineage says what became of it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from planning import cadastre
from planning.cadastre import Settlement
from planning.errors import Forbidden, Reason, Refused
from planning.models import (
    CadastreDelivery,
    Edition,
    LayerUpload,
    Parcel,
    ParcelAlias,
    ParcelLineage,
    UploadResult,
)
from planning.publication.coverage import open_coverage
from planning.publication.revision import open_from

# Under this scheme stand the numbers that a parcel or its predecessors bore before.
FORMER_NUMBER = "former number"

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
_KEEP_EARLIER_DATES = """
    INSERT INTO {parcel} ({columns}, valid, known)
    SELECT {old_columns}, old.valid * daterange(NULL, %(as_of)s), int8range(%(revision)s, NULL)
    FROM unnest(%(replaced)s::bigint[]) AS gone (id)
    JOIN {parcel} AS old USING (id)
    WHERE NOT isempty(old.valid * daterange(NULL, %(as_of)s))
"""
_CLOSE_BY_KEY = """
    UPDATE {parcel} AS old SET known = int8range(lower(old.known), %(revision)s)
    FROM unnest(%(replaced)s::bigint[]) AS gone (id)
    WHERE old.id = gone.id AND upper_inf(old.known)
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
_FORGET_UNCHANGED = "DELETE FROM {parcel} WHERE id = ANY (%(keys)s::bigint[]) AND known IS NULL"
# A number that is known already is not said again: the row that says it stays as it is.
_FORGET_KNOWN_ALIASES = """
    DELETE FROM {alias} AS new USING {alias} AS old
    WHERE new.known IS NULL AND new.upload_id = %(upload)s AND upper_inf(old.known)
        AND old.parcel_code = new.parcel_code AND old.scheme = new.scheme AND old.value = new.value
"""
# Codes and days of what is to be opened: duplicates keep theirs by where they lie, and what continues a
# standing parcel, or bears a number that stands, begins on the day of the delivery.
_SETTLE_STAGED = """
    WITH settled AS (
        SELECT * FROM unnest(%(keys)s::bigint[], %(codes)s::text[], %(heirs)s::bool[])
            AS s (id, code, is_heir)
    ), renamed AS (
        SELECT p.id, p.code AS staged, s.code, s.is_heir OR EXISTS (
            SELECT 1 FROM {parcel} AS old WHERE old.code = s.code AND upper_inf(old.known)
        ) AS is_heir
        FROM {parcel} AS p JOIN settled s USING (id)
    ), aliases AS (
        UPDATE {alias} AS a SET parcel_code = r.code
        FROM renamed r
        WHERE a.upload_id = %(upload)s AND a.known IS NULL AND a.parcel_code = r.staged AND r.staged <> r.code
    )
    UPDATE {parcel} AS p
    SET code = r.code,
        valid = daterange(
            CASE WHEN r.is_heir THEN %(as_of)s ELSE least(lower(p.valid), %(as_of)s) END, upper(p.valid)
        )
    FROM renamed r
    WHERE p.id = r.id
        AND (p.code <> r.code OR CASE WHEN r.is_heir THEN lower(p.valid) <> %(as_of)s
                                      ELSE lower(p.valid) > %(as_of)s END)
"""
_KEEP_ADDRESSES = """
    UPDATE {parcel} AS p SET address = old.address, search_address = old.search_address
    FROM unnest(%(keys)s::bigint[], %(former)s::bigint[]) AS c (id, former)
    JOIN {parcel} AS old ON old.id = c.former
    WHERE p.id = c.id AND old.address <> ''
        AND NOT EXISTS (SELECT 1 FROM {parcel} AS d WHERE d.upload_id = %(upload)s AND d.address <> '')
"""
# Whoever knows a parcel by a former number, its own or one before that, finds its successors.
_HAND_NUMBERS_ON = """
    INSERT INTO {alias} (parcel_code, scheme, unit_id, sheet, number, value, known, upload_id)
    SELECT DISTINCT known_as.*, int8range(%(revision)s, NULL), %(upload)s::bigint
    FROM (
        SELECT s.later, %(scheme)s, old.unit_id, old.sheet, old.number, old.sheet || '/' || old.number
        FROM unnest(%(former)s::text[], %(later)s::text[]) AS s (former, later)
        JOIN {parcel} AS old ON old.code = s.former
        JOIN unnest(%(closed)s::bigint[]) AS gone (id) ON gone.id = old.id
        WHERE s.former <> s.later
        UNION
        SELECT s.later, a.scheme, a.unit_id, a.sheet, a.number, a.value
        FROM unnest(%(former)s::text[], %(later)s::text[]) AS s (former, later)
        JOIN {alias} AS a ON a.parcel_code = s.former AND upper_inf(a.known)
        WHERE s.former <> s.later
    ) AS known_as (parcel_code, scheme, unit_id, sheet, number, value)
    WHERE NOT EXISTS (
        SELECT 1 FROM {alias} AS a
        WHERE a.parcel_code = known_as.parcel_code AND a.scheme = known_as.scheme
            AND a.value = known_as.value AND upper_inf(a.known)
    )
"""


def open_rows(
    uploads: Sequence[LayerUpload], editions: Sequence[Edition], *, revision: int
) -> dict[str, dict[str, int]]:
    """Open what waits in the uploads; how many rows were opened and closed, per kind.

    Raises Refused for a delivery of the cadastre that has become doubtful, Forbidden for one that would
    replace parcels of another office.
    """
    settled = _carry_out_deliveries(uploads, revision)
    counts = {
        "parcels": _sum(_open_parcels(uploads, revision), settled.pop("parcels")),
        "aliases": _sum(_open_aliases(uploads, revision), settled.pop("aliases")),
        **settled,
        "coverage": open_coverage(uploads, editions, revision=revision),
    }
    return {kind: row for kind, row in counts.items() if any(row.values())}


def _carry_out_deliveries(uploads: Sequence[LayerUpload], revision: int) -> dict[str, dict[str, int]]:
    """Deliveries one after the other: of two in one release the second sees what the first made."""
    totals: dict[str, Counter[str]] = {
        "parcels": Counter(), "aliases": Counter(), "lineage": Counter(), "cadastre": Counter()
    }  # fmt: skip
    for delivery in CadastreDelivery.objects.filter(upload__in=uploads).order_by("as_of", "pk"):
        settlement = cadastre.settle(delivery.upload)
        _require_sound(delivery, settlement)
        for kind, counts in _carry_out(delivery, settlement, revision).items():
            totals[kind].update(counts)
        totals["cadastre"].update(settlement.difference.counts)
    return {kind: dict(counts) for kind, counts in totals.items()}


def _require_sound(delivery: CadastreDelivery, settlement: Settlement) -> None:
    """What stood when the file was checked may not stand any more: ask again."""
    difference = settlement.difference
    upload = delivery.upload_id
    if difference.foreign:
        raise Forbidden(Reason.CONTRADICTS, field="office", upload=upload, office=difference.foreign[0])
    unsolved: dict[str, object] = {}
    if difference.too_late:
        unsolved = {"result": UploadResult.BLOCKED.value, "parcel": difference.too_late[0]}
    elif difference.doubts and not delivery.is_large_change_right:
        unsolved = {"result": UploadResult.NEEDS_ANSWER.value, "unit": difference.doubts[0].unit}
    if unsolved:
        raise Refused(Reason.WITHOUT_FINDINGS_SOLVED, upload=upload, **unsolved)


def _carry_out(
    delivery: CadastreDelivery, settlement: Settlement, revision: int
) -> dict[str, dict[str, int]]:
    upload = delivery.upload_id
    values: dict[str, Any] = {"revision": revision, "upload": upload, "as_of": delivery.as_of}
    _settle_staged(settlement, values)
    closed = list(settlement.closed)
    _run(_CLOSE_BY_KEY, values, replaced=closed)
    kept = _run(_with_columns(_KEEP_EARLIER_DATES), values, replaced=closed)
    handed_on = _hand_numbers_on(settlement, values)
    opened = _open_staged(Parcel, upload, revision)
    own_aliases = _open_staged(ParcelAlias, upload, revision)
    return {
        "parcels": {"opened": opened + kept, "closed": len(closed)},
        "aliases": {"opened": own_aliases + handed_on, "closed": 0},
        "lineage": {"opened": _lineage(delivery, settlement, revision)},
    }


def _settle_staged(settlement: Settlement, values: Mapping[str, Any]) -> None:
    keys = list(settlement.codes)
    heirs = settlement.continues
    _run(
        _SETTLE_STAGED,
        values,
        keys=keys,
        codes=list(settlement.codes.values()),
        heirs=[key in heirs for key in keys],
    )
    _run(_KEEP_ADDRESSES, values, keys=list(heirs), former=list(heirs.values()))
    _run(_FORGET_UNCHANGED, values, keys=list(settlement.unchanged))
    _run(_FORGET_KNOWN_ALIASES, values)


def _hand_numbers_on(settlement: Settlement, values: Mapping[str, Any]) -> int:
    main = [one for one in settlement.successors if one.is_main]
    return _run(
        _HAND_NUMBERS_ON,
        values,
        scheme=FORMER_NUMBER,
        former=[one.former for one in main],
        later=[one.later for one in main],
        closed=list(settlement.closed),
    )


def _lineage(delivery: CadastreDelivery, settlement: Settlement, revision: int) -> int:
    rows = ParcelLineage.objects.bulk_create(
        (
            ParcelLineage(
                predecessor_code=one.former,
                successor_code=one.later,
                kind=one.kind,
                on=delivery.as_of,
                shared_area_m2=one.shared_m2,
                known=open_from(revision),
                upload_id=delivery.upload_id,
            )
            for one in settlement.successors
        ),
        batch_size=2_000,
    )
    return len(rows)


def _open_staged(model: type[Parcel] | type[ParcelAlias], upload: int, revision: int) -> int:
    return model.objects.staged().filter(upload=upload).update(known=open_from(revision))


def _open_parcels(uploads: Sequence[LayerUpload], revision: int) -> dict[str, int]:
    staged = Parcel.objects.staged().filter(upload__in=uploads)
    if not staged.exists():
        return {"opened": 0, "closed": 0}
    values: dict[str, Any] = {"revision": revision, "uploads": [upload.pk for upload in uploads]}
    with connection.cursor() as cursor:
        cursor.execute(_named(_CLOSE_PARCELS), values)
        replaced = [pk for (pk,) in cursor.fetchall()]
    opened = staged.update(known=open_from(revision))
    if replaced:
        opened += _run(_with_columns(_KEEP_OTHER_DATES), values, replaced=replaced)
    return {"opened": opened, "closed": len(replaced)}


def _open_aliases(uploads: Sequence[LayerUpload], revision: int) -> dict[str, int]:
    staged = ParcelAlias.objects.staged().filter(upload__in=uploads)
    if not staged.exists():
        return {"opened": 0, "closed": 0}
    closed = _run(_CLOSE_ALIASES, {"revision": revision, "uploads": [upload.pk for upload in uploads]})
    return {"opened": staged.update(known=open_from(revision)), "closed": closed}


def _with_columns(statement: str) -> str:
    """The statement with all columns of a parcel but its key and its two ranges."""
    names = [field.column for field in Parcel._meta.concrete_fields]
    carried = [name for name in names if name not in ("id", "valid", "known")]
    own = {"columns": ", ".join(carried), "old_columns": ", ".join(f"old.{name}" for name in carried)}
    return statement.format(**own, parcel=Parcel._meta.db_table)


def _named(statement: str) -> str:
    return statement.format(parcel=Parcel._meta.db_table, alias=ParcelAlias._meta.db_table)


def _run(statement: str, values: Mapping[str, Any], **more: Any) -> int:
    """The number of rows that the statement wrote."""
    text = _named(statement) if "{" in statement else statement
    with connection.cursor() as cursor:
        cursor.execute(text, {**values, **more})
        return int(cursor.rowcount)


def _sum(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {name: one.get(name, 0) + other.get(name, 0) for name in {**one, **other}}
