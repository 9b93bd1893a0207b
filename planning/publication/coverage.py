"""What was declared because of an edition ends where a later whole edition of its plan takes its place.

A declaration of the earlier edition speaks for the earlier edition alone: its missing rows are not missing
in the later one, and that it was complete says nothing of what the later one holds. A local adjustment
leaves the declarations of the whole as they are, and so do other plans.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import connection

from planning.models import Coverage, CoverageState, CoverageWithdrawal, Edition, LayerUpload, Plan
from planning.publication.facts import successions
from planning.publication.pieces import Counts
from planning.publication.revision import Revision, open_from
from planning.publication.withheld import require_coarse

# What was declared is in every version of a declaration; what stands follows from it and the law of today,
# so that a succession that is annulled before its day gives back what it would have taken. Of what its
# office took back nothing stands.
_DECLARED = """
    SELECT DISTINCT ON (version.declaration) version.*,
        coalesce(version.declared_valid, version.valid) AS declared,
        coalesce(version.declared_valid, version.valid) * daterange(NULL, %(ends)s::date) AS spoken
    FROM {coverage} AS version
    WHERE version.edition_id = %(edition)s AND version.known IS NOT NULL
        AND NOT EXISTS (
            SELECT 1 FROM {withdrawals} AS withdrawn WHERE withdrawn.declaration = version.declaration)
    ORDER BY version.declaration, lower(version.known)
"""
_SAME = "declared.declaration = standing.declaration AND declared.spoken = standing.valid"
_CLOSE = f"""
    UPDATE {{coverage}} AS standing SET known = int8range(lower(standing.known), %(revision)s)
    WHERE standing.edition_id = %(edition)s AND upper_inf(standing.known)
        AND NOT EXISTS (SELECT 1 FROM ({_DECLARED}) AS declared WHERE {_SAME})
"""  # noqa: S608 - column names alone
_OPEN = f"""
    INSERT INTO {{coverage}} ({{columns}}, declared_valid, valid, known)
    SELECT {{declared_columns}}, declared.declared, declared.spoken, int8range(%(revision)s, NULL)
    FROM ({_DECLARED}) AS declared
    WHERE NOT isempty(declared.spoken) AND NOT EXISTS (
        SELECT 1 FROM {{coverage}} AS standing
        WHERE standing.edition_id = %(edition)s AND upper_inf(standing.known) AND {_SAME})
"""  # noqa: S608 - column names alone
_SHORTEN_STAGED = """
    UPDATE {coverage} SET declared_valid = coalesce(declared_valid, valid),
        valid = coalesce(declared_valid, valid) * daterange(NULL, %(ends)s::date)
    WHERE edition_id = %(edition)s AND known IS NULL
"""


def open_coverage(
    uploads: Sequence[LayerUpload], editions: Sequence[Edition], *, revision: int
) -> dict[str, int]:
    """Open the declarations that wait; those that no date is left for are not declared at all.

    Raises Refused where the edge of what is withheld would tell what lies within.
    """
    staged = Coverage.objects.staged().of_release(uploads, editions)
    staged.filter(valid__isempty=True).delete()
    for row in staged.filter(state=CoverageState.WITHHELD):
        require_coarse(row.geometry)
    return {"opened": staged.update(known=open_from(revision)), "closed": 0}


def follow_law(plans: Iterable[Plan], revision: Revision) -> dict[str, Counts]:
    """Bring the declarations of all public editions of the plans up to the law; what changed, per edition.

    Those of the editions that become public now are shortened before they are opened.
    """
    changed = {}
    for plan in plans:
        for edition, ends in successions(plan, now=revision).items():
            if edition.publication_id == revision.number:
                _run(_SHORTEN_STAGED, edition, ends, revision)
                continue
            closed = _run(_CLOSE, edition, ends, revision)
            counts = Counts(opened=_run(_OPEN, edition, ends, revision), closed=closed)
            if counts != Counts():
                changed[edition.code] = counts
    return changed


def _run(statement: str, edition: Edition, ends: date | None, revision: Revision) -> int:
    """Execute; how many rows."""
    names = [field.column for field in Coverage._meta.concrete_fields]
    carried = [name for name in names if name not in ("id", "declared_valid", "valid", "known")]
    text = statement.format(
        coverage=Coverage._meta.db_table,
        withdrawals=CoverageWithdrawal._meta.db_table,
        columns=", ".join(carried),
        declared_columns=", ".join(f"declared.{name}" for name in carried),
    )
    values = {"edition": edition.pk, "ends": ends, "revision": revision.number}
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return cursor.rowcount
