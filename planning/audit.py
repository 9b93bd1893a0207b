"""Who acts and why, said once for all that a transaction writes; the triggers of the audit log read it.

Set on the connection by `set_config` for the length of the transaction, so that server-side binding and
pooled connections are no matter and nothing lingers. Verbs say it by `traced`, forms by `acting`; a command
line gives its name as the reason of all that it leads to. Whoever spoke first is the one who acts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from django.db import connection, transaction

if TYPE_CHECKING:
    from planning.models import User

_SETTINGS = ("planning.acting_user", "planning.acting_name", "planning.acting_why")
_LONGEST_REASON = 500
_OCCASION: ContextVar[str] = ContextVar("occasion", default="")
Actor = tuple[str, str, str]
P = ParamSpec("P")
R = TypeVar("R")


@contextmanager
def because(occasion: str) -> Iterator[None]:
    """What is done inside is done for this reason unless somebody gives a nearer one."""
    token = _OCCASION.set(occasion)
    try:
        yield
    finally:
        _OCCASION.reset(token)


@contextmanager
def acting(by: User | None, why: str = "") -> Iterator[None]:
    """All that is written inside is logged as done by that user for that reason."""
    # Where the block fails, the settings go back with everything else that it did.
    with transaction.atomic():
        before = _said()
        user, name, reason = before
        if not user and by is not None:
            user, name = str(by.pk), by.get_username()
        _say((user, name, reason or (_OCCASION.get() or why)[:_LONGEST_REASON]))
        yield
        _say(before)


def traced(verb: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A verb whose rows are logged under its `by`, and under its name where no reason was given."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def acted(*args: P.args, **kwargs: P.kwargs) -> R:
            by: User | None = kwargs.get("by")  # type: ignore[assignment]
            with acting(by, verb):
                return function(*args, **kwargs)

        return acted

    return decorate


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
