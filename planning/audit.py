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

_LONGEST_REASON = 500
_OCCASION: ContextVar[str] = ContextVar("occasion", default="")
Actor = tuple[str, str, str]
P = ParamSpec("P")
R = TypeVar("R")


@contextmanager
def because(occasion: str) -> Iterator[None]:
    """Whatever is done inside is done for this reason: it says more than the name of a verb."""
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
        user, name = (str(by.pk), by.get_username()) if by is not None else ("", "")
        reason = (_OCCASION.get() or why).replace("\0", "")  # which the database cannot keep
        before = _say((user, name, reason[:_LONGEST_REASON]))
        yield
        _say_again(before)


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


# What was said stays; only what nobody has said yet is added. Who and their name belong together.
_ADD = """
    SELECT before.who, before.name, before.why,
        set_config('planning.acting_user', coalesce(nullif(before.who, ''), %s), true),
        set_config('planning.acting_name', CASE before.who WHEN '' THEN %s ELSE before.name END, true),
        set_config('planning.acting_why', coalesce(nullif(before.why, ''), %s), true)
    FROM (SELECT
        coalesce(current_setting('planning.acting_user', true), '') AS who,
        coalesce(current_setting('planning.acting_name', true), '') AS name,
        coalesce(current_setting('planning.acting_why', true), '') AS why
        OFFSET 0) AS before
"""
_SET = """
    SELECT set_config('planning.acting_user', %s, true), set_config('planning.acting_name', %s, true),
        set_config('planning.acting_why', %s, true)
"""


def _say(actor: Actor) -> Actor:
    """What was said before."""
    with connection.cursor() as cursor:
        cursor.execute(_ADD, actor)
        user, name, why, *_ = cursor.fetchone()
    return user, name, why


def _say_again(actor: Actor) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SET, actor)
