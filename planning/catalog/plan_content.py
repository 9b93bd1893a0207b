"""What the content of a plan is on a day: its legal statuses, read from the pieces of its zones and
restrictions. Each is one look into an index, however many pieces a plan has.

In SQL of its own: as querysets these are fourteen subqueries, which take longer to write than to answer,
and PostgreSQL would rather read all pieces once and hash them.
"""

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, DateField, F, Func, TextField

from planning.models import LegalStatus, RestrictionPiece, ZonePiece
from planning.ogcapi.collections import Snapshot

_TABLES = tuple(model._meta.db_table for model in (ZonePiece, RestrictionPiece))


def _quoted(status: LegalStatus) -> str:
    return f"'{status.value}'"


class _OfPieces(Func):
    """SQL over the pieces of a plan, of zones and of restrictions."""

    # of both kinds of pieces, those of the plan that are known and of the day
    _piece = """
        FROM {table} AS piece
        WHERE piece.plan_id = %(expressions)s AND piece.status = {status}
            AND lower(piece.known) <= {revision} AND coalesce(upper(piece.known) > {revision}, true)
            AND coalesce(lower(piece.valid) <= '{on}', true) AND coalesce(upper(piece.valid) > '{on}', true)
    """

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__(F("pk"))
        self.snapshot = snapshot
        self.template = self.statement()

    def statement(self) -> str:
        """The SQL; a revision is a whole number and a day a day: neither can be anything else."""
        raise NotImplementedError

    def pieces(self, table: str, status: str) -> str:
        """The pieces of that status in one table."""
        at = self.snapshot
        return self._piece.format(table=table, status=status, revision=int(at.revision), on=at.on.isoformat())

    def has(self, status: str) -> str:
        """Whether there is any piece of the status."""
        found = (f"(SELECT true {self.pieces(table, status)} LIMIT 1)" for table in _TABLES)
        return f"coalesce({', '.join(found)}, false)"


class IsInForce(_OfPieces):
    """Whether any of it is law."""

    output_field = BooleanField()

    def statement(self) -> str:
        return self.has(_quoted(LegalStatus.IN_FORCE))


class Statuses(_OfPieces):
    """The statuses that its content has, in their order."""

    output_field = ArrayField(TextField())

    def statement(self) -> str:
        # one by one: of a status that is named PostgreSQL knows how many pieces have it
        found = (f"CASE WHEN {self.has(status)} THEN {status} END" for status in map(_quoted, LegalStatus))
        return f"array_remove(ARRAY[{', '.join(found)}], NULL)"


class InForceFrom(_OfPieces):
    """The first day of the oldest content that is law; content without a first day does not tell."""

    output_field = DateField()

    def statement(self) -> str:
        return f"least({', '.join(self._first(table) for table in _TABLES)})"

    def _first(self, table: str) -> str:
        pieces = self.pieces(table, _quoted(LegalStatus.IN_FORCE))
        day = "lower(piece.valid)"
        first = f"SELECT {day} AS day {pieces} AND piece.theme_id = theme.code AND {day} IS NOT NULL"
        # theme by theme, as the index on what is in force has it
        return f"""(
            SELECT min(first.day) FROM planning_theme AS theme,
                LATERAL ({first} ORDER BY {day} LIMIT 1) AS first)"""  # noqa: S608 - made of constants
