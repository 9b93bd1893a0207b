"""How this package asks the database: plain statements, and what their failure means.

Statements are written by hand because one of them must see all themes in one snapshot; they are bound
on the server and prepared, since planning them costs more than running them.
"""

from collections.abc import Mapping
from typing import Any

from django.db import DatabaseError, InterfaceError, connection

from planning.errors import Unavailable


def rows_of(statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """All rows of one statement.

    Raises Unavailable where it was cancelled, timed out or failed in any other way: what was not
    answered is never an empty answer.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return list(cursor.fetchall())
    except (DatabaseError, InterfaceError) as error:
        raise Unavailable(cause=type(error).__name__) from error
