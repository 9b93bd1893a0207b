"""What people looked for and nobody had: counted by day, commune and kind, never by text or person."""

import logging
from datetime import date

from django.db import DatabaseError, connection, transaction

from planning.lookup.result import LookupResult

logger = logging.getLogger(__name__)

# A count that has to wait is not worth a reader's time.
_LONGEST_WAIT = "SET LOCAL lock_timeout = '100ms'"
_COUNT = """
INSERT INTO planning_missedlookup AS held (day, unit_id, kind, count) VALUES (%s, %s, %s, 1)
ON CONFLICT (day, unit_id, kind) DO UPDATE SET count = held.count + 1
"""


def count_missed(found: LookupResult, *, day: date) -> None:
    """Count a look-up that did not find what was looked for; the answer never depends on it.

    In a transaction of its own, after the look-up has read: a count that fails is logged, not raised,
    and takes nothing else with it.
    """
    if not found.is_missed:
        return
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_LONGEST_WAIT)
            cursor.execute(_COUNT, (day, found.missed_in, found.understood_as.value))
    except DatabaseError as error:
        logger.warning("a missed look-up could not be counted: %s", type(error).__name__)
