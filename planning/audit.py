"""Who acts and why, said once for all that a transaction writes; the triggers of the audit log read it.

Set on the connection by `set_config` for the length of the transaction, so that server-side binding and
pooled connections are no matter and nothing lingers. A verb says `acting(by)`, a command or a form around
it may have said more before: whoever spoke first is the one who acts.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from planning.models import User

_SETTINGS = ("planning.acting_user", "planning.acting_name", "planning.acting_why")
_LONGEST_REASON = 500
Actor = tuple[str, str, str]


@contextmanager
def acting(by: User | None, why: str = "") -> Iterator[None]:
    """All that is written inside is logged as done by that user for that reason."""
    # Where the block fails, the settings go back with everything else that it did.
    with transaction.atomic():
        before = _said()
        user, name, reason = before
        if not user and by is not None:
            user, name = str(by.pk), by.get_username()
        _say((user, name, reason or why[:_LONGEST_REASON]))
        yield
        _say(before)


def _said() -> Actor:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(current_setting(%s, true), ''), coalesce(current_setting(%s, true), ''),"
            " coalesce(current_setting(%s, true), '')",
            _SETTINGS,
        )
        user, name, why = cursor.fetchone()
    return user, name, why


def _say(actor: Actor) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config(%s, %s, true), set_config(%s, %s, true), set_config(%s, %s, true)",
            [part for pair in zip(_SETTINGS, actor, strict=True) for part in pair],
        )
